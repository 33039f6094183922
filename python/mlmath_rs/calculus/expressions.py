"""Expressions under SymPy's names: symbols, exact numbers, derivatives, substitution."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mlmath_rs import _core
from mlmath_rs._core import Condition, Expression, Float, Integer, Rational, Symbol

__all__ = [
    "Condition",
    "E",
    "Expression",
    "Float",
    "Integer",
    "N",
    "Rational",
    "S",
    "Symbol",
    "diff",
    "expand",
    "nan",
    "oo",
    "pi",
    "simplify",
    "subs",
    "symbols",
    "sympify",
    "zoo",
]

pi: Expression = _core.constant("pi")
E: Expression = _core.constant("E")
oo: Expression = _core.constant("oo")
zoo: Expression = _core.constant("zoo")
nan: Expression = _core.constant("nan")

# A range in a name: `x0:100`, `x:3`, `a:d`.
_RANGE = re.compile(r"^(.*?)(\d*):(\d+)$")
_LETTERS = re.compile(r"^([a-zA-Z]):([a-zA-Z])$")


def symbols(names: str | Sequence[str], **assumptions: bool) -> Any:
    """Make symbols.

    Parameters
    ----------
    names : str or sequence of str
        Names between commas or spaces. ``"x0:3"`` is x0, x1 and x2, ``"a:c"`` is a, b and c.
    **assumptions : bool
        What is known of them: `real`, `nonnegative`, `positive`, `integer`.

    Returns
    -------
    Symbol or tuple of Symbol
        One symbol for one name, a tuple for several, for a range or where a comma ends the
        string; for a sequence one of its type.

    Raises
    ------
    ValueError
        If there is no name.

    See Also
    --------
    Symbol : One symbol, its name taken as it is.

    Examples
    --------
    >>> from mlmath_rs.calculus import symbols
    >>> x, y = symbols("x y")
    >>> x + y
    x + y
    >>> symbols("x0:3")
    (x0, x1, x2)
    """
    if not isinstance(names, str):
        return type(names)(symbols(name, **assumptions) for name in names)  # type: ignore[call-arg]
    unknown = set(assumptions) - {"real", "nonnegative", "positive", "integer"}
    if unknown:
        raise TypeError(f"symbols: expected real, nonnegative, positive, integer, got {sorted(unknown)}")
    parts = names.replace(",", " ").split()
    if not parts:
        raise ValueError(f"names: expected at least one name, got {names!r}")
    found = [_core.symbol(name, **assumptions) for part in parts for name in _expanded(part)]
    several = len(parts) > 1 or ":" in names or names.rstrip().endswith(",")
    return tuple(found) if several else found[0]


def _expanded(part: str) -> list[str]:
    if letters := _LETTERS.match(part):
        first, last = (ord(letter) for letter in letters.groups())
        return [chr(code) for code in range(first, last + 1)]
    if span := _RANGE.match(part):
        stem, start, stop = span.groups()
        return [f"{stem}{i}" for i in range(int(start or 0), int(stop))]
    return [part]


def sympify(value: Any) -> Any:
    """Return `value` as an expression.

    Parameters
    ----------
    value : Expression, int, float, fraction, str or nested sequence of these
        A string may hold a number.

    Returns
    -------
    Expression
        Integers and fractions are exact; floats are floats. Lists and tuples keep their type.

    Raises
    ------
    TypeError
        If it is no real number.

    Examples
    --------
    >>> from mlmath_rs.calculus import sympify
    >>> sympify(1) / 3
    1/3
    """
    if isinstance(value, str):
        return Rational(value)
    if isinstance(value, (list, tuple)):
        return type(value)(sympify(entry) for entry in value)
    return _core.expression(value)


class _Shortcut:
    """`S(value)` is `sympify(value)`; `S.Half` and the like are constants.

    Examples
    --------
    >>> from mlmath_rs.calculus import S
    >>> S(1) / 2 == S.Half
    True
    """

    Zero, One, NegativeOne = (_core.expression(value) for value in (0, 1, -1))
    Half = Rational(1, 2)
    Pi, Exp1, Infinity, NegativeInfinity, NaN = pi, E, oo, -oo, nan

    def __call__(self, value: Any) -> Any:
        return sympify(value)


S = _Shortcut()


def diff(f: Any, *symbols: Any) -> Any:
    """Differentiate an expression.

    Parameters
    ----------
    f : Expression or number
        What is differentiated. A :class:`Matrix` is differentiated entry by entry.
    *symbols : Symbol, int, or (Symbol, int)
        The variables one after the other; a number says how often the one before it is taken.
        Nothing is needed where `f` has one symbol.

    Returns
    -------
    Expression
        The derivative.

    Raises
    ------
    ValueError
        If no variable is given and `f` has several, or none is a symbol.

    See Also
    --------
    gradient, hessian : All partial derivatives at once.

    Notes
    -----
    What is free of the variable is skipped after a look at one word; what is shared in `f` is
    differentiated once. The slopes of functions are those of the table that compiled programs
    use.

    Examples
    --------
    >>> from mlmath_rs.calculus import diff, sin, symbols
    >>> x, y = symbols("x y")
    >>> diff(x**2 + 2 * x * y + y**2, x)
    2*x + 2*y
    >>> diff(sin(x) * y, x, 2, y)
    -sin(x)
    """
    if len(symbols) == 1 and type(symbols[0]) is Symbol and isinstance(f, Expression):
        return _core.differentiate(f, symbols[0])
    if hasattr(f, "applyfunc"):
        return f.applyfunc(lambda entry: diff(entry, *symbols))
    f = _core.expression(f)
    for symbol, times in _orders(f, symbols):
        for _ in range(times):
            f = _core.differentiate(f, symbol)
    return f


def _orders(f: Any, symbols: tuple[Any, ...]) -> list[tuple[Any, int]]:
    if not symbols:
        free = f.free_symbols
        if len(free) != 1:
            raise ValueError(f"symbols: expected a variable of {f}, which has {len(free)}, got none")
        symbols = tuple(free)
    orders: list[tuple[Any, int]] = []
    for entry in symbols:
        if isinstance(entry, Symbol):
            orders.append((entry, 1))
        elif isinstance(entry, (tuple, list)) and len(entry) == 2 and isinstance(entry[0], Symbol):
            orders.append((entry[0], _times(entry[1])))
        elif orders and isinstance(entry, (int, Integer)) and not isinstance(entry, bool):
            orders[-1] = (orders[-1][0], _times(entry))
        else:
            raise ValueError(f"symbols: expected symbols and how often each, got {entry!r:.60}")
    return orders


def _times(value: Any) -> int:
    times = int(value)
    if times < 0 or times != value:
        raise ValueError(f"symbols: expected a whole number >= 0 of derivatives, got {value!r:.60}")
    return times


def subs(f: Any, *replacements: Any, simultaneous: bool = False) -> Any:
    """Replace parts of an expression.

    Parameters
    ----------
    f : Expression
        The expression.
    *replacements : (old, new), or a dict, or a sequence of pairs
        What is replaced by what.
    simultaneous : bool, keyword-only
        Whether all are replaced at once; else one after the other, so that what a replacement
        brings in may be replaced by the next.

    Returns
    -------
    Expression
        The expression with each `old` replaced by its `new`.

    Raises
    ------
    TypeError
        If the replacements are none of these.

    Examples
    --------
    >>> from mlmath_rs.calculus import subs, symbols
    >>> x, y = symbols("x y")
    >>> subs(x**2 + y, {x: 3, y: 1})
    10
    >>> subs(x + y, [(x, y), (y, x)], simultaneous=True)
    x + y
    """
    if len(replacements) == 2:
        pairs: Any = [replacements]
    elif len(replacements) == 1 and isinstance(replacements[0], Mapping):
        pairs = list(replacements[0].items())
    elif len(replacements) == 1 and isinstance(replacements[0], Iterable):
        pairs = [tuple(pair) for pair in replacements[0]]
    else:
        raise TypeError(f"subs: expected old and new, a dict or pairs, got {replacements!r:.60}")
    return _core.substitute(_core.expression(f), pairs, simultaneous)


def N(f: Any, n: int = 15) -> Any:
    """Evaluate the numbers of an expression in decimals.

    Parameters
    ----------
    f : Expression or number
        The expression.
    n : int
        Significant digits, 15 at most: the numbers are 64-bit floats.

    Returns
    -------
    Expression
        A :class:`Float` where `f` has no symbol; else `f` with its numbers as floats, whole
        exponents left as they are.

    Raises
    ------
    ValueError
        If `n` is not between 1 and 15.

    Examples
    --------
    >>> from mlmath_rs.calculus import N, pi, symbols
    >>> N(pi)
    3.14159265358979
    >>> N(pi, 5)
    3.1416
    """
    if not 1 <= n <= 15:
        raise ValueError(f"n: expected 1 to 15 digits, those of a 64-bit float, got {n}")
    return _core.evaluate(_core.expression(f), n)


def expand(f: Any) -> Any:
    """Multiply out products and whole powers of sums.

    Parameters
    ----------
    f : Expression or number
        The expression. The arguments of its functions are multiplied out too.

    Returns
    -------
    Expression
        The sum.

    Raises
    ------
    ValueError
        If it would have more than a million terms.

    Examples
    --------
    >>> from mlmath_rs.calculus import expand, symbols
    >>> x, y = symbols("x y")
    >>> expand((x + y) ** 2)
    x**2 + 2*x*y + y**2
    """
    return _core.expand(_core.expression(f))


def simplify(f: Any) -> Any:
    """Return a shorter form of an expression.

    Parameters
    ----------
    f : Expression, number or Matrix
        The expression.

    Returns
    -------
    Expression or Matrix
        The shortest form that the rules find: multiplied out, sines and cosines by Pythagoras,
        powers of one base together, fractions cancelled.

    Raises
    ------
    TypeError
        If `f` is no expression and no real number.

    Examples
    --------
    >>> from mlmath_rs.calculus import cos, simplify, sin, symbols
    >>> x = symbols("x")
    >>> simplify(sin(x) ** 2 + cos(x) ** 2)
    1
    >>> simplify((x**2 - 1) / (x - 1))
    x + 1
    """
    if hasattr(f, "applyfunc"):
        return f.applyfunc(simplify)
    return _core.simplify(_core.expression(f))
