"""Numbers between Python and expressions: exact where they are exact."""

import numbers
from fractions import Fraction
from typing import Any

import numpy as np

from mlmath_rs import _core

__all__: list[str] = []


def as_plain_number(value: Any) -> Any:
    """Return `value` as (numerator, denominator), an int or a float; `None` where it is no real number."""
    if isinstance(value, (np.bool_, bool)):
        return None
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Rational):
        return int(value.numerator), int(value.denominator)
    if isinstance(value, numbers.Real):
        return float(value)
    if isinstance(value, np.ndarray) and value.ndim == 0 and value.dtype.kind in "iuf":
        return value.item()
    return None


def rational(p: Any, q: Any = None) -> Any:
    """Return the fraction `p` / `q` as an expression."""
    top = _fraction("p", p)
    if q is None:
        return _core.expression(top)
    bottom = _fraction("q", q)
    if bottom == 0:
        return _core.constant("zoo" if top else "nan")
    return _core.expression(top / bottom)


def integer(value: Any) -> Any:
    """Return `value`, rounded towards zero, as an expression."""
    return _core.expression(int(_fraction("value", value)))


def float_(value: Any, digits: int) -> Any:
    """Return `value` as a float of so many digits."""
    if not 1 <= digits <= 15:
        raise ValueError(f"digits: expected 1 to 15, the digits of a 64-bit float, got {digits}")
    try:
        return _core.float_number(float(value), digits)
    except (TypeError, ValueError):
        raise TypeError(f"value: expected a number, got {value!r:.60}") from None


def python_number(value: Any) -> Any:
    """Return the int, Fraction or float that an expression is."""
    text = _core.number_text(value)
    if text is None:
        return value
    if "/" not in text:
        return float(text.replace("oo", "inf").replace("zinf", "nan"))
    if text.startswith("f"):
        return float(value)
    top, bottom = (int(part, 16) for part in text.split("/"))
    return top if bottom == 1 else Fraction(top, bottom)


def numerator(value: Any) -> int:
    """Return the numerator of a fraction."""
    return Fraction(python_number(value)).numerator


def denominator(value: Any) -> int:
    """Return the denominator of a fraction."""
    return Fraction(python_number(value)).denominator


def _fraction(argument: str, value: Any) -> Fraction:
    try:
        if isinstance(value, str):
            return Fraction(value.replace(" ", ""))
        plain = python_number(value) if isinstance(value, _core.Expression) else as_plain_number(value)
        return Fraction(*plain) if isinstance(plain, tuple) else Fraction(plain)
    except (TypeError, ValueError, OverflowError):
        raise TypeError(f"{argument}: expected a rational number, got {value!r:.60}") from None
