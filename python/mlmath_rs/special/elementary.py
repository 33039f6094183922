"""Elementary functions: exponential, logarithm, root, trigonometric functions."""

from typing import Any

from numpy.typing import ArrayLike, NDArray

from mlmath_rs import _core

__all__ = ["arccos", "arcsin", "arctan", "cos", "exp", "expm1", "log", "log1p", "sin", "sqrt", "tan"]


def arccos(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return the angle between 0 and pi of each cosine, element by element.

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
        In radians.

    Raises
    ------
    TypeError
        If `x` holds no numbers.
    ValueError
        If `out` has another shape.

    See Also
    --------
    numpy.arccos : The same, in NumPy.

    Notes
    -----
    A polynomial up to 1/2, and that of ``sqrt((1 - x)/2)`` beyond (Cody and Waite 1980).
    Within one unit in the last place. Complex numbers are left to NumPy.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.arccos([1.0, 0.0])
    array([0.        , 1.57079633])
    """
    return _core.arccos(x, out, threads)


def arcsin(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return the angle between -pi/2 and pi/2 of each sine, element by element.

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
        In radians.

    Raises
    ------
    TypeError
        If `x` holds no numbers.
    ValueError
        If `out` has another shape.

    See Also
    --------
    numpy.arcsin : The same, in NumPy.

    Notes
    -----
    A polynomial up to 1/2, and that of ``sqrt((1 - x)/2)`` beyond (Cody and Waite 1980).
    Within one unit in the last place. Complex numbers are left to NumPy.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.arcsin([0.0, 1.0])
    array([0.        , 1.57079633])
    """
    return _core.arcsin(x, out, threads)


def arctan(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return the angle between -pi/2 and pi/2 of each tangent, element by element.

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
        In radians.

    Raises
    ------
    TypeError
        If `x` holds no numbers.
    ValueError
        If `out` has another shape.

    See Also
    --------
    numpy.arctan : The same, in NumPy.

    Notes
    -----
    The angle of the nearest of five centres, and a polynomial for the rest (Cody and Waite 1980).
    Within one unit in the last place. Complex numbers are left to NumPy.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.arctan([0.0, 1.0])
    array([0.        , 0.78539816])
    """
    return _core.arctan(x, out, threads)


def cos(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return the cosine, element by element.

    Parameters
    ----------
    x : array_like
        Angles in radians.
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
    numpy.cos : The same, in NumPy.

    Notes
    -----
    Reduction by multiples of pi/2 in four parts (Cody and Waite 1980); the C library beyond 2**20.
    Within one unit in the last place. Complex numbers are left to NumPy.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.cos([0.0, 1.0])
    array([1.        , 0.54030231])
    """
    return _core.cos(x, out, threads)


def exp(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return e to the power of each number, element by element.

    Parameters
    ----------
    x : array_like
        Exponents.
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
    numpy.exp : The same, in NumPy.

    Notes
    -----
    Reduction to `ln 2` times an integer and a small rest, and a polynomial (Cody and Waite 1980).
    Within one unit in the last place. Complex numbers are left to NumPy.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.exp([0.0, 1.0])
    array([1.        , 2.71828183])
    """
    return _core.exp(x, out, threads)


def expm1(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return e to the power of each number, less one, element by element.

    Parameters
    ----------
    x : array_like
        Exponents, which may be tiny.
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
    numpy.expm1 : The same, in NumPy.

    Notes
    -----
    No digit is lost where `x` is small.
    Within one unit in the last place. Complex numbers are left to NumPy.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.expm1(1e-10)
    np.float64(1.00000000005e-10)
    """
    return _core.expm1(x, out, threads)


def log(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return the natural logarithm, element by element.

    Parameters
    ----------
    x : array_like
        Positive numbers; 0 gives negative infinity, less gives NaN.
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
    numpy.log : The same, in NumPy.

    Notes
    -----
    A polynomial in ``(m - 1)/(m + 1)`` where ``x = 2**k m`` (Tang 1990).
    Within one unit in the last place. Complex numbers are left to NumPy.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.log([1.0, 10.0])
    array([0.        , 2.30258509])
    """
    return _core.log(x, out, threads)


def log1p(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return the natural logarithm of one plus each number, element by element.

    Parameters
    ----------
    x : array_like
        Numbers above -1, which may be tiny; -1 gives negative infinity, less gives NaN.
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
    numpy.log1p : The same, in NumPy.

    Notes
    -----
    No digit is lost where `x` is small.
    Within one unit in the last place. Complex numbers are left to NumPy.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.log1p(1e-10) < 1e-10
    np.True_
    """
    return _core.log1p(x, out, threads)


def sin(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return the sine, element by element.

    Parameters
    ----------
    x : array_like
        Angles in radians.
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
    numpy.sin : The same, in NumPy.

    Notes
    -----
    Reduction by multiples of pi/2 in four parts (Cody and Waite 1980); the C library beyond 2**20.
    Within one unit in the last place. Complex numbers are left to NumPy.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.sin([0.0, 1.0])
    array([0.        , 0.84147098])
    """
    return _core.sin(x, out, threads)


def sqrt(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return the square root, element by element.

    Parameters
    ----------
    x : array_like
        Numbers that are not negative; others give NaN.
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
    numpy.sqrt : The same, in NumPy.

    Notes
    -----
    Rounded once. Complex numbers are left to NumPy.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.sqrt([4, 9])
    array([2., 3.])
    """
    return _core.sqrt(x, out, threads)


def tan(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return the tangent, element by element.

    Parameters
    ----------
    x : array_like
        Angles in radians.
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
    numpy.tan : The same, in NumPy.

    Notes
    -----
    Sine over cosine, both with more digits than are returned.
    Within one unit in the last place. Complex numbers are left to NumPy.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.tan([0.0, 1.0])
    array([0.        , 1.55740772])
    """
    return _core.tan(x, out, threads)
