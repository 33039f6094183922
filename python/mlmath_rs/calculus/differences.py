"""Derivatives of functions that cannot be traced: Richardson differences of their values."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from mlmath_rs import _core
from mlmath_rs.calculus.programs import Derived, parted
from mlmath_rs.errors import TraceError

__all__ = ["answer"]


def answer(derived: Derived, arguments: list[Any]) -> tuple[Any, Any]:
    """Return what `derived` asks of its function at `arguments`, and an estimate of the error."""
    if not all(isinstance(x, np.ndarray) for x in arguments):
        raise TraceError(derived.why)
    f = derived.source.f
    assert f is not None
    if derived.what == "value":
        return f(*[_argument(x) for x in arguments]), 0.0
    if derived.elementwise:
        return _elementwise(f, arguments, derived.order)
    shapes = tuple(x.shape for x in arguments)
    variables = np.concatenate([x.ravel() for x in arguments])

    def call(x: np.ndarray) -> Any:
        parts = np.split(x, np.cumsum([math.prod(shape) for shape in shapes])[:-1])
        return f(*[_argument(part.reshape(shape)) for part, shape in zip(parts, shapes)])

    value = call(variables)
    if derived.what == "jacobian":
        return _jacobian(call, value, variables, shapes)
    _one_value(value, derived.what)
    what = "hessian" if derived.what == "hessian" else "gradient"
    slopes, errors = _core.derivatives_by_differences(
        lambda x: _number(call(x)), variables.tolist(), what, _epsilon(value)
    )
    if what == "hessian":
        shape = () if shapes == ((),) else (len(variables),) * 2
        return np.reshape(slopes, shape)[()], np.reshape(errors, shape)[()]
    found, error = (_slopes(np.array(x), shapes) for x in (slopes, errors))
    return ((np.float64(_number(value)), found), error) if derived.what != "gradient" else (found, error)


def _argument(x: np.ndarray) -> Any:
    """Return a number as Python's own, for functions written for those."""
    return float(x) if x.ndim == 0 else x


def _slopes(slopes: np.ndarray, shapes: Any) -> Any:
    return slopes[0] if shapes == ((),) else parted(slopes, shapes)


def _number(value: Any) -> float:
    return float(np.asarray(value).reshape(-1)[0]) if np.ndim(value) else float(value)


def _epsilon(value: Any) -> float:
    dtype = np.asarray(value).dtype
    return float(np.finfo(dtype).eps) if dtype.kind == "f" else float(np.finfo(np.float64).eps)


def _one_value(value: Any, what: str) -> None:
    if np.size(value) != 1:
        raise ValueError(
            f"f: expected one value to take the {what} of, got an array of shape {np.shape(value)}; "
            "jacobian takes several, derivative takes them elementwise"
        )


def _jacobian(call: Callable[..., Any], value: Any, x: np.ndarray, shapes: Any) -> tuple[Any, Any]:
    def row(k: int) -> tuple[list[float], list[float]]:
        return _core.derivatives_by_differences(
            lambda x: float(np.asarray(call(x)).reshape(-1)[k]), x.tolist(), "gradient", _epsilon(value)
        )

    rows = [row(k) for k in range(np.size(value))]
    shape = np.shape(value) + (() if shapes == ((),) else (len(x),))
    slopes, errors = (np.reshape([row[part] for row in rows], shape)[()] for part in (0, 1))
    return slopes, errors


def _elementwise(f: Callable[..., Any], arguments: list[Any], order: int) -> tuple[Any, Any]:
    if len(arguments) != 1 or order > 2:
        raise ValueError(f"n: derivatives of order {order} need a function that can be traced")
    (x,) = arguments
    what = "gradient" if order == 1 else "hessian"
    found = [
        _core.derivatives_by_differences(lambda t: _number(f(float(t[0]))), [point], what, _epsilon(f(point)))
        for point in x.ravel().tolist()
    ]
    slopes, errors = (np.reshape([pair[part][0] for pair in found], x.shape)[()] for part in (0, 1))
    return slopes, errors
