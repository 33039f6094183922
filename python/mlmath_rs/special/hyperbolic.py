"""Hyperbolic functions and their inverses."""

from typing import Any

from numpy.typing import ArrayLike, NDArray

from mlmath_rs import _core

__all__ = ["arccosh", "arcsinh", "arctanh", "cosh", "sinh", "tanh"]


def arccosh(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return the number of each hyperbolic cosine, element by element.

    Parameters
    ----------
    x : array_like
        Numbers from 1; others give NaN.
    out : ndarray, optional
        Where to put the result; of the shape of `x`. May be `x` itself.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    scalar or ndarray
        Of the shape of `x`; float32 stays float32, integers become float64.

    Raises
    ------
    TypeError
        If `x` holds no numbers.
    ValueError
        If `out` has another shape.

    See Also
    --------
    numpy.arccosh : The same, in NumPy.

    Notes
    -----
    The logarithm of ``x + sqrt(x**2 - 1)``, without loss near 1.
    Within one unit in the last place. Complex numbers are left to NumPy.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.arccosh([1.0, 2.0])
    array([0.       , 1.3169579])
    """
    return _core.arccosh(x, out, threads)


def arcsinh(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return the number of each hyperbolic sine, element by element.

    Parameters
    ----------
    x : array_like
        Numbers.
    out : ndarray, optional
        Where to put the result; of the shape of `x`. May be `x` itself.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    scalar or ndarray
        Of the shape of `x`; float32 stays float32, integers become float64.

    Raises
    ------
    TypeError
        If `x` holds no numbers.
    ValueError
        If `out` has another shape.

    See Also
    --------
    numpy.arcsinh : The same, in NumPy.

    Notes
    -----
    A polynomial up to 1/2, the logarithm of ``x + sqrt(x**2 + 1)`` beyond.
    Within one unit in the last place. Complex numbers are left to NumPy.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.arcsinh([0.0, 1.0])
    array([0.        , 0.88137359])
    """
    return _core.arcsinh(x, out, threads)


def arctanh(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return the number of each hyperbolic tangent, element by element.

    Parameters
    ----------
    x : array_like
        Numbers from -1 to 1; others give NaN.
    out : ndarray, optional
        Where to put the result; of the shape of `x`. May be `x` itself.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    scalar or ndarray
        Of the shape of `x`; float32 stays float32, integers become float64.

    Raises
    ------
    TypeError
        If `x` holds no numbers.
    ValueError
        If `out` has another shape.

    See Also
    --------
    numpy.arctanh : The same, in NumPy.

    Notes
    -----
    Half the logarithm of ``1 + 2x/(1 - x)``, without loss near 0.
    Within one unit in the last place. Complex numbers are left to NumPy.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.arctanh([0.0, 0.5])
    array([0.        , 0.54930614])
    """
    return _core.arctanh(x, out, threads)


def cosh(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return the hyperbolic cosine, element by element.

    Parameters
    ----------
    x : array_like
        Numbers.
    out : ndarray, optional
        Where to put the result; of the shape of `x`. May be `x` itself.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    scalar or ndarray
        Of the shape of `x`; float32 stays float32, integers become float64.

    Raises
    ------
    TypeError
        If `x` holds no numbers.
    ValueError
        If `out` has another shape.

    See Also
    --------
    numpy.cosh : The same, in NumPy.

    Notes
    -----
    Half the sum of two exponentials, with more digits than are returned.
    Within one unit in the last place. Complex numbers are left to NumPy.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.cosh([0.0, 1.0])
    array([1.        , 1.54308063])
    """
    return _core.cosh(x, out, threads)


def sinh(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return the hyperbolic sine, element by element.

    Parameters
    ----------
    x : array_like
        Numbers.
    out : ndarray, optional
        Where to put the result; of the shape of `x`. May be `x` itself.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    scalar or ndarray
        Of the shape of `x`; float32 stays float32, integers become float64.

    Raises
    ------
    TypeError
        If `x` holds no numbers.
    ValueError
        If `out` has another shape.

    See Also
    --------
    numpy.sinh : The same, in NumPy.

    Notes
    -----
    A polynomial up to 1, exponentials beyond.
    Within one unit in the last place. Complex numbers are left to NumPy.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.sinh([0.0, 1.0])
    array([0.        , 1.17520119])
    """
    return _core.sinh(x, out, threads)


def tanh(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return the hyperbolic tangent, element by element.

    Parameters
    ----------
    x : array_like
        Numbers.
    out : ndarray, optional
        Where to put the result; of the shape of `x`. May be `x` itself.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    scalar or ndarray
        Of the shape of `x`; float32 stays float32, integers become float64.

    Raises
    ------
    TypeError
        If `x` holds no numbers.
    ValueError
        If `out` has another shape.

    See Also
    --------
    numpy.tanh : The same, in NumPy.

    Notes
    -----
    ``(e**2x - 1)/(e**2x + 1)``, with more digits than are returned.
    Within one unit in the last place. Complex numbers are left to NumPy.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.tanh([0.0, 1.0])
    array([0.        , 0.76159416])
    """
    return _core.tanh(x, out, threads)
