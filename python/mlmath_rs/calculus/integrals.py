"""Integrals of expressions."""

from typing import Any

from mlmath_rs import _core
from mlmath_rs._core import Symbol

__all__ = ["integrate"]


def integrate(f: Any, *symbols: Any) -> Any:
    """Integrate an expression.

    Parameters
    ----------
    f : Expression or number
        The integrand.
    *symbols : Symbol or (Symbol, lower, upper)
        The variables, one after the other: alone for an antiderivative, with limits for a
        definite integral. A limit may be ``oo`` or ``-oo``. Nothing is needed where `f` has one
        symbol.

    Returns
    -------
    Expression
        The integral in closed form; no constant is added to an antiderivative.

    Raises
    ------
    NotImplementedError
        If no closed form is known, or the integral does not exist.
    ValueError
        If no variable is given and `f` has several.

    Notes
    -----
    By rules: powers and functions of linear arguments, partial fractions, powers and products of
    sines and cosines, by parts, by substitution. Where all is numbers, a definite integral is
    compared with a double-exponential quadrature before it is returned.

    Examples
    --------
    >>> from mlmath_rs.calculus import exp, integrate, oo, symbols
    >>> x = symbols("x")
    >>> integrate(x**2, (x, 0, 1))
    1/3
    >>> integrate(1 / (x**2 + 1), x)
    atan(x)
    >>> integrate(exp(-(x**2)), (x, -oo, oo))
    sqrt(pi)
    """
    if hasattr(f, "applyfunc"):
        return f.applyfunc(lambda entry: integrate(entry, *symbols))
    f = _core.expression(f)
    if not symbols:
        free = f.free_symbols
        if len(free) != 1:
            raise ValueError(f"symbols: expected the variable of {f}, which has {len(free)}, got none")
        symbols = tuple(free)
    for entry in symbols:
        parts = (entry,) if isinstance(entry, Symbol) else tuple(entry)
        if len(parts) not in {1, 3} or not isinstance(parts[0], Symbol):
            raise ValueError(f"symbols: expected a symbol or (symbol, lower, upper), got {entry!r:.60}")
        f = _core.antiderivative(f, parts[0]) if len(parts) == 1 else _core.definite_integral(f, *parts)
    return f
