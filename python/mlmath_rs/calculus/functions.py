"""The elementary functions of expressions; of anything else they are NumPy's."""

from numbers import Real
from typing import Any

import numpy as np

from mlmath_rs import _core, special
from mlmath_rs._core import Expression

__all__ = ["Abs", "acos", "acosh", "asin", "asinh", "atan", "atanh", "ceiling", "cos", "cosh", "erf"]
__all__ += ["exp", "floor", "ln", "log", "sign", "sin", "sinh", "softplus", "sqrt", "tan", "tanh"]
__all__ += ["Add", "Eq", "Max", "Min", "Mul", "Ne", "Piecewise", "Pow"]


def _function(name: str, ufunc: Any, what: str, example: str, answer: str) -> Any:
    def function(x: Any) -> Any:
        if isinstance(x, (Expression, Real)):
            return _core.call_function(name, x)
        return ufunc(x)

    function.__name__ = function.__qualname__ = name
    function.__module__ = __name__
    home = "numpy" if isinstance(ufunc, np.ufunc) else "mlmath_rs.special"
    function.__doc__ = f"""Return {what}.

    Parameters
    ----------
    x : Expression, number or array_like
        A number gives an expression, exact where it can be; an array gives
        ``{home}.{ufunc.__name__}(x)``.

    Returns
    -------
    Expression or ndarray
        The value.

    Raises
    ------
    TypeError
        If `x` is none of these.

    Examples
    --------
    >>> from mlmath_rs.calculus import {name}, pi, symbols
    >>> x = symbols("x")
    >>> {example}
    {answer}
    """
    return function


exp = _function("exp", np.exp, "e to the power `x`", "exp(0)", "1")
log = _function("log", np.log, "the natural logarithm of `x`", "log(exp(2))", "2")
ln = log
sqrt = _function("sqrt", np.sqrt, "the square root of `x`", "sqrt(12)", "2*sqrt(3)")
sin = _function("sin", np.sin, "the sine of `x`", "sin(pi / 3)", "sqrt(3)/2")
cos = _function("cos", np.cos, "the cosine of `x`", "cos(-x)", "cos(x)")
tan = _function("tan", np.tan, "the tangent of `x`", "tan(pi / 4)", "1")
asin = _function("asin", np.arcsin, "the inverse sine of `x`", "asin(1)", "pi/2")
acos = _function("acos", np.arccos, "the inverse cosine of `x`", "acos(0)", "pi/2")
atan = _function("atan", np.arctan, "the inverse tangent of `x`", "atan(1)", "pi/4")
sinh = _function("sinh", np.sinh, "the hyperbolic sine of `x`", "sinh(-x)", "-sinh(x)")
cosh = _function("cosh", np.cosh, "the hyperbolic cosine of `x`", "cosh(0)", "1")
tanh = _function("tanh", np.tanh, "the hyperbolic tangent of `x`", "tanh(0)", "0")
asinh = _function("asinh", np.arcsinh, "the inverse hyperbolic sine of `x`", "asinh(0)", "0")
acosh = _function("acosh", np.arccosh, "the inverse hyperbolic cosine of `x`", "acosh(1)", "0")
atanh = _function("atanh", np.arctanh, "the inverse hyperbolic tangent of `x`", "atanh(0)", "0")
erf = _function("erf", special.erf, "the error function of `x`", "erf(x).diff(x)", "2*exp(-x**2)/sqrt(pi)")
Abs = _function("Abs", np.absolute, "the absolute value of `x`", "Abs(-2 * x)", "2*Abs(x)")
softplus = _function("softplus", special.softplus, "log(1 + exp(`x`))", "softplus(2 * x)", "softplus(2*x)")
sign = _function("sign", np.sign, "the sign of `x`: -1, 0 or 1", "sign(-pi)", "-1")
floor = _function("floor", np.floor, "the largest integer not above `x`", "floor(pi)", "3")
ceiling = _function("ceiling", np.ceil, "the smallest integer not below `x`", "ceiling(pi)", "4")


def _combination(name: str, what: str, example: str, answer: str) -> Any:
    def function(*args: Any) -> Any:
        return _core.combine(name, *args)

    function.__name__ = function.__qualname__ = name
    function.__module__ = __name__
    function.__doc__ = f"""Return {what}.

    Parameters
    ----------
    *args : Expression or number
        Any number of them.

    Returns
    -------
    Expression
        Like parts are collected, numbers computed.

    Raises
    ------
    TypeError
        If one is no expression and no real number.

    Examples
    --------
    >>> from mlmath_rs.calculus import {name}, symbols
    >>> x, y = symbols("x y")
    >>> {example}
    {answer}
    """
    return function


Add = _combination("Add", "the sum of the arguments", "Add(x, y, x)", "2*x + y")
Mul = _combination("Mul", "the product of the arguments", "Mul(x, y, x)", "x**2*y")
Max = _combination("Max", "the largest of the arguments", "Max(x, 1, 2)", "Max(2, x)")
Min = _combination("Min", "the smallest of the arguments", "Min(x, 1, 2)", "Min(1, x)")


def Pow(base: Any, exponent: Any) -> Any:
    """Return `base` to the power `exponent`.

    Parameters
    ----------
    base, exponent : Expression or number
        The two of them.

    Returns
    -------
    Expression
        The power; roots of rational numbers are exact.

    Examples
    --------
    >>> from mlmath_rs.calculus import Pow, Rational
    >>> Pow(8, Rational(2, 3))
    4
    """
    return _core.expression(base) ** exponent


def Eq(lhs: Any, rhs: Any) -> Any:
    """Return the condition that two expressions have one value.

    Parameters
    ----------
    lhs, rhs : Expression or number
        The two sides.

    Returns
    -------
    Condition or bool
        A bool where it is decided.

    See Also
    --------
    Ne : The opposite. The operator ``==`` asks whether two expressions have one *form*.

    Examples
    --------
    >>> from mlmath_rs.calculus import Eq, symbols
    >>> Eq(symbols("x"), 1)
    Eq(x, 1)
    """
    return _core.compare("Eq", lhs, rhs)


def Ne(lhs: Any, rhs: Any) -> Any:
    """Return the condition that two expressions differ in value.

    Parameters
    ----------
    lhs, rhs : Expression or number
        The two sides.

    Returns
    -------
    Condition or bool
        A bool where it is decided.

    Examples
    --------
    >>> from mlmath_rs.calculus import Ne, symbols
    >>> Ne(symbols("x"), 1)
    Ne(x, 1)
    """
    return _core.compare("Ne", lhs, rhs)


def Piecewise(*args: tuple[Any, Any]) -> Any:
    """Make an expression by cases.

    Parameters
    ----------
    *args : (value, condition)
        The value is that of the first condition that holds; ``True`` as the last one is
        "otherwise".

    Returns
    -------
    Expression
        The expression; undefined (``nan``) where no condition holds.

    Raises
    ------
    TypeError
        If a condition is neither a comparison nor a bool.

    Examples
    --------
    >>> from mlmath_rs.calculus import Piecewise, symbols
    >>> x = symbols("x")
    >>> relu = Piecewise((x, x > 0), (0, True))
    >>> relu.diff(x)
    Piecewise((1, x > 0), (0, True))
    """
    return _core.piecewise([tuple(piece) for piece in args])
