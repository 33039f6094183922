"""Functions of matrices."""

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlmath_rs import _array, _core
from mlmath_rs.errors import LinAlgWarning

__all__ = ["expm", "logm", "sqrtm"]


def expm(a: ArrayLike, *, threads: int | None = None) -> Any:
    """Return the exponential of a square matrix, or of each of a stack.

    Parameters
    ----------
    a : (..., n, n) array_like
        Real or complex; float32 stays float32; integers become float64.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    (..., n, n) ndarray
        ``I + a + a @ a / 2 + ...``: not the exponentials of the elements, which ``exp`` returns.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` is not square, or holds NaN or infinity.

    Notes
    -----
    Padé approximants of degree 3 to 13 (3 to 7 for float32), scaling and squaring (Higham 2005),
    scaled by the norms of powers of `a`, so that matrices far from normal keep their digits
    (Al-Mohy and Higham 2009). What is larger than the largest number becomes infinity or NaN.

    Examples
    --------
    >>> import numpy as np
    >>> from mlmath_rs import linalg
    >>> linalg.expm([[0, 1], [0, 0]])
    array([[1., 1.],
           [0., 1.]])
    >>> turn = linalg.expm(np.array([[0, -1], [1, 0]]) * np.pi / 2)
    >>> bool(np.allclose(turn, [[0, -1], [1, 0]]))
    True
    """
    return _core.expm(a, threads)


def sqrtm(A: ArrayLike, *, threads: int | None = None) -> Any:
    """Return the principal square root of a square matrix, or of each of a stack.

    Parameters
    ----------
    A : (..., n, n) array_like
        Real or complex; float32 stays of single precision; integers become float64.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    (..., n, n) ndarray
        The matrix whose square is `A` and whose eigenvalues have no negative real part. Real for real
        matrices without negative eigenvalues, else complex; of a stack, complex if one matrix needs it.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `A` is not square, or holds NaN or infinity.

    Warns
    -----
    LinAlgWarning
        If a matrix has the eigenvalue zero, where a root may not exist (what does not is infinite or
        NaN), or if the square of a root is not the matrix to rounding.

    See Also
    --------
    expm, logm

    Notes
    -----
    From the Schur form (Björck and Hammarling 1983), by blocks (Deadman, Higham and Ralha 2012), in
    double precision. An eigenvalue that is negative by no more than ``n`` roundings of the largest
    element counts as zero: covariances of low rank keep real roots, where SciPy's are complex.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.sqrtm([[4, 1], [0, 4]])
    array([[2.  , 0.25],
           [0.  , 2.  ]])
    >>> linalg.sqrtm([[-4, 0], [0, 9]])
    array([[0.+2.j, 0.+0.j],
           [0.+0.j, 3.+0.j]])
    """
    root, singular, inaccurate = _in_double("linalg.sqrtm", A, True, threads)
    if singular:
        _warn("A: a matrix is singular: its square root may not exist, or have lost half of its digits")
    if inaccurate:
        _warn("A: the square of a result is not the matrix to rounding: it is ill-conditioned")
    return root


def logm(A: ArrayLike, *, threads: int | None = None) -> Any:
    """Return the principal logarithm of a square matrix, or of each of a stack.

    Parameters
    ----------
    A : (..., n, n) array_like
        Real or complex; float32 stays of single precision; integers become float64.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    (..., n, n) ndarray
        The matrix whose exponential is `A` and whose eigenvalues have imaginary parts from -pi to pi,
        pi for negative ones. Real for real matrices without negative eigenvalues, else complex; of a
        stack, complex if one matrix needs it. NaN for a singular matrix, which has none.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `A` is not square, or holds NaN or infinity.

    Warns
    -----
    LinAlgWarning
        If a matrix has the eigenvalue zero.

    See Also
    --------
    expm : Its inverse.

    Notes
    -----
    Inverse scaling and squaring of the Schur form, with the powers' norms and without cancellation
    on and next to the diagonal (Al-Mohy and Higham 2012), in double precision.

    Examples
    --------
    >>> import numpy as np
    >>> from mlmath_rs import linalg
    >>> linalg.logm([[1, 1], [0, 1]])
    array([[0., 1.],
           [0., 0.]])
    >>> a = np.array([[1.0, 3.0], [1.0, 4.0]])
    >>> bool(np.allclose(linalg.expm(linalg.logm(a)), a))
    True
    """
    logarithm, singular, _ = _in_double("linalg.logm", A, False, threads)
    if singular:
        _warn("A: a matrix is singular: it has no logarithm")
    return logarithm


def _in_double(name: str, a: ArrayLike, root: bool, threads: int | None) -> tuple[Any, bool, bool]:
    """Return a function of matrices, rounded to their precision, and what is doubtful about it."""
    given = _array.as_array(name, a)
    dtype = _array.common_dtype(name, "linalg", [given])
    wide = _array.behave(given, np.result_type(dtype, np.float64))
    result, singular, inaccurate = _core.principal_function(wide, root, threads)
    if dtype in (np.float32, np.complex64):
        result = result.astype(np.complex64 if result.dtype.kind == "c" else np.float32)
    return result, singular, inaccurate


def _warn(message: str) -> None:
    warnings.warn(message, LinAlgWarning, stacklevel=3)
