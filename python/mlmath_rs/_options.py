"""What options may be: one check and one wording for all that take a word or a function."""

from typing import Any

TRACE = ("auto", "require", "never")


def one_of(argument: str, value: Any, expected: tuple[Any, ...]) -> None:
    """Raise `ValueError` unless `value` is one of those that are `expected`."""
    known = value in expected if isinstance(value, str) else any(value is word for word in expected)
    if not known:
        *most, last = map(repr, expected)
        raise ValueError(f"{argument}: expected {', '.join(most)} or {last}, got {value!r:.60}")


def function(argument: str, value: Any) -> None:
    """Raise `TypeError` unless `value` can be called."""
    if not callable(value):
        raise TypeError(f"{argument}: expected a function, got {value!r:.60}")
