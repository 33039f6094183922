"""Functions to try optimisers on."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlmath_rs import _core
from mlmath_rs._array import is_foreign

__all__ = ["rosen", "rosen_der", "rosen_hess", "rosen_hess_prod"]


def rosen(x: ArrayLike) -> Any:
    """Return the value of Rosenbrock's function, a curved valley.

    Parameters
    ----------
    x : (n,) or (n, batch) array_like
        A point, or one in each column. float32 stays float32; integers become float64.

    Returns
    -------
    scalar or (batch,) ndarray
        ``sum(100 * (x[i+1] - x[i]**2)**2 + (1 - x[i])**2)``; 0 for n = 1.

    Raises
    ------
    TypeError
        For a scalar.

    See Also
    --------
    scipy.optimize.rosen : The same, in SciPy.

    Notes
    -----
    H. H. Rosenbrock, An automatic method for finding the greatest or least value of a function,
    The Computer Journal 3, 1960.

    Examples
    --------
    >>> from mlmath_rs.optimize import rosen
    >>> rosen([1, 1, 1]), rosen([0.5, 0.5])
    (np.float64(0.0), np.float64(6.5))
    """
    if type(x) is not np.ndarray and is_foreign(x):
        # A traced point, say: its own operations are what is wanted.
        y: Any = x
        return (100.0 * (y[1:] - y[:-1] ** 2) ** 2 + (1.0 - y[:-1]) ** 2).sum(axis=0)
    return _core.rosen(x)


def rosen_der(x: ArrayLike) -> Any:
    """Return the gradient of Rosenbrock's function.

    Parameters
    ----------
    x : (n,) array_like
        A point.

    Returns
    -------
    (n,) ndarray
        The gradient.

    See Also
    --------
    scipy.optimize.rosen_der : The same, in SciPy.

    Examples
    --------
    >>> from mlmath_rs.optimize import rosen_der
    >>> rosen_der([0.5, 0.5])
    array([-51.,  50.])
    """
    return _core.rosen_der(x)


def rosen_hess(x: ArrayLike) -> Any:
    """Return the Hessian of Rosenbrock's function.

    Parameters
    ----------
    x : (n,) array_like
        A point.

    Returns
    -------
    (n, n) ndarray
        The Hessian.

    See Also
    --------
    scipy.optimize.rosen_hess : The same, in SciPy.

    Examples
    --------
    >>> from mlmath_rs.optimize import rosen_hess
    >>> rosen_hess([0.5, 0.5])
    array([[ 102., -200.],
           [-200.,  200.]])
    """
    return _core.rosen_hess(x)


def rosen_hess_prod(x: ArrayLike, p: ArrayLike) -> Any:
    """Return the product of the Hessian of Rosenbrock's function with a vector.

    Parameters
    ----------
    x : (n,) array_like
        A point.
    p : (n,) array_like
        The vector.

    Returns
    -------
    (n,) ndarray
        The product.

    Raises
    ------
    ValueError
        If `p` is not as long as `x`.

    See Also
    --------
    scipy.optimize.rosen_hess_prod : The same, in SciPy.

    Examples
    --------
    >>> from mlmath_rs.optimize import rosen_hess_prod
    >>> rosen_hess_prod([0.5, 0.5], [1, 1])
    array([-98.,   0.])
    """
    return _core.rosen_hess_prod(x, p)
