"""What the methods of an expression do that is Python by nature; they call it from Rust."""

from collections.abc import Callable
from typing import Any

import numpy as np

from mlmath_rs import _core
from mlmath_rs.calculus.expressions import N, diff, expand, simplify, subs
from mlmath_rs.calculus.integrals import integrate
from mlmath_rs.calculus.numbers import python_number
from mlmath_rs.calculus.printing import latex

__all__ = ["N", "diff", "expand", "integrate", "simplify", "subs"]


def as_int(expression: Any) -> int:
    """Return the value, rounded towards zero."""
    number = python_number(expression)
    return int(float(expression) if isinstance(number, _core.Expression) else number)


def as_python(expression: Any) -> Any:
    """Return the Python number that an expression is."""
    return python_number(expression)


def has(expression: Any, *parts: Any) -> bool:
    """Return whether any of `parts` is in `expression`."""
    return any(_core.has(expression, part) for part in parts)


def repr_latex(expression: Any) -> str:
    r"""Return what a notebook shows."""
    return rf"$\displaystyle {latex(expression)}$"


def reduced(expression: Any) -> tuple[Any, ...]:
    """Return what pickle keeps: each node once, so that what is shared stays shared."""
    return _core.from_nodes, (_core.nodes(expression),)


# The ufuncs of arithmetic; the elementary functions are found by their names in the table.
_ARITHMETIC: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "power": lambda a, b: a**b,
    "float_power": lambda a, b: a**b,
    "negative": lambda a: -a,
    "positive": lambda a: a,
    "square": lambda a: a**2,
    "reciprocal": lambda a: 1 / a,
    "equal": lambda a, b: a == b,
    "not_equal": lambda a, b: a != b,
    "less": lambda a, b: a < b,
    "less_equal": lambda a, b: a <= b,
    "greater": lambda a, b: a > b,
    "greater_equal": lambda a, b: a >= b,
    "maximum": lambda a, b: _core.combine("Max", a, b),
    "minimum": lambda a, b: _core.combine("Min", a, b),
    "fmax": lambda a, b: _core.combine("Max", a, b),
    "fmin": lambda a, b: _core.combine("Min", a, b),
    "cbrt": lambda a: a ** (_core.expression(1) / 3),
    "exp2": lambda a: 2**a,
    "log2": lambda a: _core.call_function("log", a) / _core.call_function("log", 2),
    "log10": lambda a: _core.call_function("log", a) / _core.call_function("log", 10),
    "log1p": lambda a: _core.call_function("log", a + 1),
    "expm1": lambda a: _core.call_function("exp", a) - 1,
}


def array_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], options: Any) -> Any:
    """Apply a ufunc of NumPy to expressions; over arrays element by element."""
    function: Any = _ARITHMETIC.get(ufunc.__name__)
    if function is None:
        name = _core.function_of_ufunc(ufunc.__name__)
        if name is None:
            raise TypeError(f"numpy.{ufunc.__name__}: not known of expressions")
        function = lambda a: _core.call_function(name, a)  # noqa: E731
    if method != "__call__" or options:
        return NotImplemented
    if any(isinstance(value, np.ndarray) and value.ndim for value in inputs):
        each: Any = np.vectorize(function, otypes=[object])
        return each(*(_boxed(value) for value in inputs))
    return function(*(_plain(value) for value in inputs))


def _plain(value: Any) -> Any:
    """Return Python's number for one of NumPy's, which would ask NumPy again."""
    return value.item() if isinstance(value, (np.generic, np.ndarray)) else value


def _boxed(value: Any) -> Any:
    """Return an array of objects of whatever `value` is, so that NumPy asks it nothing."""
    if isinstance(value, np.ndarray):
        return value.astype(object)
    box = np.empty((), dtype=object)
    box[()] = _plain(value)
    return box
