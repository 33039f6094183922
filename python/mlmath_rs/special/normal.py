"""The error function, the normal distribution function, and their kin."""

from typing import Any

from numpy.typing import ArrayLike, NDArray

from mlmath_rs import _core

__all__ = ["erf", "erfc", "log_ndtr", "ndtr", "ndtri"]


def erf(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return the error function, element by element.

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
        If `x` holds no real numbers.
    ValueError
        If `out` has another shape.

    See Also
    --------
    scipy.special.erf : The same, in SciPy.

    Notes
    -----
    A polynomial up to 1/2, one less :func:`erfc` beyond. Within 1.3 units in the last place.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.erf([0.0, 1.0])
    array([0.        , 0.84270079])
    """
    return _core.erf(x, out, threads)


def erfc(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return one less the error function, element by element.

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
        If `x` holds no real numbers.
    ValueError
        If `out` has another shape.

    See Also
    --------
    scipy.special.erfc : The same, in SciPy.

    Notes
    -----
    After Shepherd and Laframboise 1981, with the square in twice the digits: within 1.5 units in the
    last place everywhere, subnormal results included.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.erfc([0.0, 10.0])
    array([1.00000000e+00, 2.08848758e-45])
    """
    return _core.erfc(x, out, threads)


def log_ndtr(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return the logarithm of the standard normal distribution function, element by element.

    Parameters
    ----------
    x : array_like
        Quantiles.
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
        If `x` holds no real numbers.
    ValueError
        If `out` has another shape.

    See Also
    --------
    scipy.special.log_ndtr : The same, in SciPy.

    Notes
    -----
    Does not underflow as :func:`ndtr` does. Within 2 units in the last place.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.log_ndtr([0.0, -100.0])
    array([-6.93147181e-01, -5.00552421e+03])
    """
    return _core.log_ndtr(x, out, threads)


def ndtr(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return the standard normal distribution function, element by element.

    Parameters
    ----------
    x : array_like
        Quantiles.
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
        If `x` holds no real numbers.
    ValueError
        If `out` has another shape.

    See Also
    --------
    scipy.special.ndtr : The same, in SciPy.

    Notes
    -----
    As :func:`erfc`: within 1.6 units in the last place everywhere, subnormal results included.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.ndtr([0.0, -10.0])
    array([5.00000000e-01, 7.61985302e-24])
    """
    return _core.ndtr(x, out, threads)


def ndtri(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return the quantiles of the standard normal distribution, element by element.

    Parameters
    ----------
    x : array_like
        Probabilities; 0 and 1 give infinities, what is beyond them NaN.
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
        If `x` holds no real numbers.
    ValueError
        If `out` has another shape.

    See Also
    --------
    scipy.special.ndtri : The same, in SciPy.

    Notes
    -----
    A polynomial around the median; in the tails a first guess, and the inverse series of the
    distribution function around it (Schröder 1870). Within 1.1 units in the last place.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.ndtri([0.5, 0.975])
    array([0.        , 1.95996398])
    """
    return _core.ndtri(x, out, threads)
