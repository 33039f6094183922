"""Derivatives of functions: exact where a function can be traced, else differences."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mlmath_rs._core import Expression
from mlmath_rs.calculus import symbolic
from mlmath_rs.calculus.matrix import Matrix
from mlmath_rs.calculus.programs import Derived, Source, numbers

__all__ = ["DerivativeReport", "check_grad", "derivative", "directional_derivative", "gradient"]
__all__ += ["hessian", "jacobian", "partial", "value_and_grad"]


@dataclass(frozen=True)
class DerivativeReport:
    """How a derivative was found.

    Parameters
    ----------
    route : {"traced", "differences"}
        Exact derivatives of the traced function, or differences of its values.
    why : str
        Why the function was not traced; empty where it was.
    error : float or ndarray
        An estimate of the error of each element; 0 where it was traced: rounding is all.

    Examples
    --------
    >>> import math
    >>> from mlmath_rs import calculus
    >>> slope, report = calculus.derivative(math.sin, 0.0, full_output=True)
    >>> report.route, bool(abs(slope - 1) < 1e-9)
    ('differences', True)
    """

    route: str
    why: str
    error: Any


def _source(f: Any, trace: str) -> Source:
    if isinstance(f, Derived) and f.what == "value" and not f.elementwise:
        return f.source
    return Source(f, trace)


def _answer(derived: Derived, x: tuple[Any, ...], full_output: bool) -> Any:
    if not x:
        return derived
    result = derived(*x)
    if not full_output:
        return result
    return result, DerivativeReport(derived.route or "traced", derived.why, derived.error)


def gradient(f: Any, *x: Any, trace: str = "auto", full_output: bool = False) -> Any:
    """Return the gradient of a function, or its value at a point.

    Parameters
    ----------
    f : callable or Expression
        A function with one value, of one array, of one number, or of several numbers.
    *x : array_like, optional; of an expression its symbols, in order
        The point: as `f` takes it. Leading axes of a single array are a batch where `f` is
        traced: (..., n). Integers and float32 are computed in float64.
    trace : {"auto", "require", "never"}
        What to do with a function that cannot be traced: differences, or an error that says what
        to write instead. ``"never"`` does not try.
    full_output : bool
        Whether a :class:`DerivativeReport` comes with the value.

    Returns
    -------
    callable, or ndarray, float or tuple
        Without `x` the gradient as a function, which traces `f` once for each shape of argument,
        and whose attributes `route` and `why` tell how the last point was answered. With `x` its
        value: an array for an array, a number for a number, a tuple for several numbers.

    Raises
    ------
    ValueError
        If `f` has several values.
    TraceError
        With ``trace="require"`` if `f` cannot be traced.

    Notes
    -----
    Reverse accumulation over the instructions of `f` (A. Griewank and A. Walther, "Evaluating
    Derivatives", 2008): a few times the cost of `f`, whatever the number of variables. At a kink
    of ``abs`` the slope is 0, where ``maximum`` ties each side counts half.

    Examples
    --------
    >>> from mlmath_rs import calculus
    >>> compute_gradient = calculus.gradient(lambda x: x**2 + 2 * x)
    >>> compute_gradient(3)
    np.float64(8.0)
    >>> calculus.gradient(lambda v: (v**2).sum(), [1, 2, 3])
    array([2., 4., 6.])
    >>> calculus.gradient(lambda x, y: x * y, 2, 3)
    (np.float64(3.0), np.float64(2.0))

    Of an expression it is a list of expressions:

    >>> x, y = calculus.symbols("x y")
    >>> calculus.gradient(x**2 * y, (x, y))
    [2*x*y, x**2]
    """
    if isinstance(f, Expression):
        return symbolic.gradient_of(f, *x)
    return _answer(Derived(_source(f, trace), "gradient"), x, full_output)


def value_and_grad(f: Any, *x: Any, trace: str = "auto", full_output: bool = False) -> Any:
    """Return the value and the gradient of a function together, or both at a point.

    Parameters
    ----------
    f : callable
        As for :func:`gradient`.
    *x : array_like, optional
        The point.
    trace : {"auto", "require", "never"}
        As for :func:`gradient`.
    full_output : bool
        Whether a :class:`DerivativeReport` comes with the value.

    Returns
    -------
    callable, or tuple
        (value, gradient), what both share being computed once.

    Raises
    ------
    ValueError
        If `f` has several values.
    TraceError
        With ``trace="require"`` if `f` cannot be traced.

    Examples
    --------
    >>> from mlmath_rs import calculus
    >>> calculus.value_and_grad(lambda v: v[0] * v[1], [2, 3])
    (np.float64(6.0), array([3., 2.]))
    """
    return _answer(Derived(_source(f, trace), "value_and_gradient"), x, full_output)


def hessian(f: Any, *x: Any, trace: str = "auto", full_output: bool = False) -> Any:
    """Return the Hessian of a function, or its value at a point.

    Parameters
    ----------
    f : callable or Expression
        As for :func:`gradient`.
    *x : array_like, optional
        The point.
    trace : {"auto", "require", "never"}
        As for :func:`gradient`.
    full_output : bool
        Whether a :class:`DerivativeReport` comes with the value.

    Returns
    -------
    callable, or (..., n, n) ndarray
        The second derivatives, symmetric by construction; a number for a function of one number.

    Raises
    ------
    ValueError
        If `f` has several values.
    TraceError
        With ``trace="require"`` if `f` cannot be traced.

    Examples
    --------
    >>> from mlmath_rs import calculus
    >>> calculus.hessian(lambda v: v[0] ** 2 * v[1], [3, 2])
    array([[4., 6.],
           [6., 0.]])

    Of an expression it is a matrix of expressions:

    >>> x, y = calculus.symbols("x y")
    >>> calculus.hessian(x**2 * y, (x, y))
    Matrix([
    [2*y, 2*x],
    [2*x,   0]])
    """
    if isinstance(f, Expression):
        return symbolic.hessian_of(f, *x)
    return _answer(Derived(_source(f, trace), "hessian"), x, full_output)


def jacobian(f: Any, *x: Any, trace: str = "auto", full_output: bool = False) -> Any:
    """Return the Jacobian of a function with several values, or its value at a point.

    Parameters
    ----------
    f : callable
        A function of one array, of one number, or of several numbers.
    *x : array_like, optional
        The point.
    trace : {"auto", "require", "never"}
        As for :func:`gradient`.
    full_output : bool
        Whether a :class:`DerivativeReport` comes with the value.

    Returns
    -------
    callable, or (..., m, n) ndarray
        The slope of each value by each variable.

    Raises
    ------
    TraceError
        With ``trace="require"`` if `f` cannot be traced.

    Examples
    --------
    >>> from mlmath_rs import calculus
    >>> calculus.jacobian(lambda v: [v[0] * v[1], v[0] + v[1]], [2, 3])
    array([[3., 2.],
           [1., 1.]])
    >>> x, y = calculus.symbols("x y")
    >>> calculus.jacobian([x * y, x + y], (x, y))
    Matrix([
    [y, x],
    [1, 1]])
    """
    if isinstance(f, (Matrix, list, tuple)):
        return symbolic.jacobian_of(f, *x)
    return _answer(Derived(_source(f, trace), "jacobian"), x, full_output)


def derivative(f: Any, x: Any, n: int = 1, *, trace: str = "auto", full_output: bool = False) -> Any:
    """Return the derivative of a function of one number at each element of `x`.

    Parameters
    ----------
    f : callable
        A function of one number.
    x : array_like
        Where.
    n : int
        The order of the derivative.
    trace : {"auto", "require", "never"}
        As for :func:`gradient`.
    full_output : bool
        Whether a :class:`DerivativeReport` comes with the value.

    Returns
    -------
    float or ndarray
        Of the shape of `x`.

    Raises
    ------
    ValueError
        If `n` is less than 1, or above 2 where `f` cannot be traced.
    TraceError
        With ``trace="require"`` if `f` cannot be traced.

    Notes
    -----
    What cannot be traced is differentiated by central differences extrapolated to step zero
    (C. J. F. Ridders, 1982); at the edge of a domain by those of one side.

    Examples
    --------
    >>> import numpy as np
    >>> from mlmath_rs import calculus
    >>> calculus.derivative(lambda x: x**3, [1, 2])
    array([ 3., 12.])
    >>> calculus.derivative(np.sin, 0.0, n=3)
    np.float64(-1.0)
    """
    if n < 1:
        raise ValueError(f"n: must be >= 1, got {n}")
    derived = Derived(_source(f, trace), "gradient", elementwise=True, order=n)
    return _answer(derived, (x,), full_output)


def partial(f: Any, x: Any, i: int, *, trace: str = "auto") -> Any:
    """Return the slope of a function by one of its variables.

    Parameters
    ----------
    f : callable
        A function of one array; or of several numbers, and then `x` is a tuple of them.
    x : (..., n) array_like, or tuple of float
        The point.
    i : int
        Which variable, counted from 0.
    trace : {"auto", "require", "never"}
        As for :func:`gradient`.

    Returns
    -------
    float or ndarray
        The partial derivative.

    Raises
    ------
    IndexError
        If there is no such variable.
    ValueError
        If `f` has several values.

    Examples
    --------
    >>> from mlmath_rs import calculus
    >>> calculus.partial(lambda v: v[0] ** 2 * v[1], [3, 2], 1)
    np.float64(9.0)
    """
    slopes = gradient(f, *(x if isinstance(x, tuple) else (x,)), trace=trace)
    return slopes[i] if isinstance(slopes, tuple) else slopes[..., i][()]


def directional_derivative(f: Any, x: Any, v: Any, *, normalize: bool = True, trace: str = "auto") -> Any:
    """Return the slope of a function along a direction.

    Parameters
    ----------
    f : callable or Expression
        A function of one array, with one value.
    x : (..., n) array_like
        The point; of an expression its symbols.
    v : (n,) array_like
        The direction.
    normalize : bool
        Whether `v` is divided by its length first, so that the result is a slope per unit of
        distance; with False the product of the gradient with `v` as it is.
    trace : {"auto", "require", "never"}
        As for :func:`gradient`.

    Returns
    -------
    float or ndarray
        The slope.

    Raises
    ------
    ValueError
        If `v` is zero, not finite, or does not have as many elements as `x`.

    Examples
    --------
    >>> from mlmath_rs import calculus
    >>> calculus.directional_derivative(lambda v: v[0] ** 2 + v[1] ** 2, [3, 4], [3, 4])
    np.float64(10.0)
    >>> calculus.directional_derivative(lambda v: v[0] ** 2 + v[1] ** 2, [3, 4], [3, 4], normalize=False)
    np.float64(50.0)
    >>> x, y = calculus.symbols("x y")
    >>> calculus.directional_derivative(x**2 + y**2, (x, y), (1, 1), normalize=False)
    2*x + 2*y
    """
    if isinstance(f, Expression):
        return symbolic.direction_of(f, x, v, normalize)
    point, direction = numbers("x", x), numbers("v", v)
    if direction.ndim != 1 or point.shape[-1:] != direction.shape:
        raise ValueError(f"v: expected shape {point.shape[-1:]}, got shape {direction.shape}")
    if not np.isfinite(direction).all() or not direction.any():
        raise ValueError(f"v: expected a direction, got {direction.tolist()}")
    if normalize:
        direction = direction / np.abs(direction).max()
        direction = direction / np.sqrt(direction @ direction)
    return gradient(f, point, trace=trace) @ direction


def check_grad(f: Any, grad: Any, x: Any) -> float:
    """Return how far a hand-written gradient is from differences of the function.

    Parameters
    ----------
    f : callable
        A function of one array, with one value.
    grad : callable
        What is to be checked: takes the same array, returns as many slopes.
    x : (n,) array_like
        Where.

    Returns
    -------
    float
        The length of the difference of the two gradients: about 1e-9 times their length or less
        where `grad` is right.

    Raises
    ------
    ValueError
        If `grad` does not return as many slopes as `x` has elements.

    See Also
    --------
    scipy.optimize.check_grad : The same with simple forward differences.

    Examples
    --------
    >>> from mlmath_rs import calculus
    >>> f, right, wrong = (lambda v: v[0] ** 2), (lambda v: [2 * v[0]]), (lambda v: [v[0]])
    >>> calculus.check_grad(f, right, [3.0]) < 1e-8
    True
    >>> round(calculus.check_grad(f, wrong, [3.0]), 6)
    3.0
    """
    point = np.atleast_1d(numbers("x", x))
    found = np.asarray(grad(point), dtype=np.float64)
    if found.shape != point.shape:
        raise ValueError(f"grad: expected slopes of shape {point.shape}, got shape {found.shape}")
    return float(np.linalg.norm(found - gradient(f, point, trace="never")))
