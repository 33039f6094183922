"""What a traced array does where it is more than arithmetic: methods, indexing, NumPy's functions.

The border calls these while a function is traced. Whatever only moves elements about, NumPy
does itself, on the array of the elements' names.
"""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from mlmath_rs._core import Traced
from mlmath_rs.errors import TraceError

__all__ = ["array_function", "attribute", "getitem", "operand", "ufunc_method"]

# Functions that only move elements about, of one array or of a sequence of them.
MOVING = {
    function.__name__: function
    for function in (
        np.append, np.atleast_1d, np.atleast_2d, np.broadcast_to, np.column_stack, np.concatenate,
        np.copy, np.delete, np.diag, np.diagonal, np.dstack, np.expand_dims, np.flip, np.hstack,
        np.moveaxis, np.ravel, np.repeat, np.reshape, np.roll, np.squeeze, np.stack, np.swapaxes,
        np.take, np.tile, np.transpose, np.vstack,
    )
}  # fmt: skip


def operand(value: Any) -> tuple[tuple[int, ...], list[Any]]:
    """Return the shape and the elements of what a function being traced computes with."""
    if isinstance(value, (list, tuple)):
        parts = [operand(part) for part in value]
        shapes = {shape for shape, _ in parts}
        if len(shapes) > 1:
            raise TraceError(f"rows of different shapes: {sorted(shapes)}")
        return (len(parts), *shapes.pop()) if shapes else (0,), [x for _, items in parts for x in items]
    if isinstance(value, Traced):
        return value.shape, list(_elements(value))
    array = np.asarray(value)
    if array.dtype == object:
        items = list(array.flat)
        if not all(
            isinstance(x, (Traced, int, float, np.number)) and getattr(x, "ndim", 0) == 0 for x in items
        ):
            raise TraceError(f"expected numbers, got {value!r:.60}")
        return array.shape, [x if isinstance(x, Traced) else float(x) for x in items]
    if array.dtype.kind not in "biuf":
        raise TraceError(f"expected real numbers, got {value!r:.60}")
    return array.shape, array.astype(np.float64).ravel().tolist()


def _elements(array: Traced) -> Any:
    return (array.rearranged([name], []) for name in array.ids)


def _names(array: Traced) -> np.ndarray:
    return np.array(array.ids, dtype=np.int64).reshape(array.shape)


def _moved(array: Traced, names: np.ndarray) -> Traced:
    return array.rearranged(names.ravel().tolist(), list(names.shape))


def getitem(array: Traced, index: Any) -> Traced:
    """Return ``array[index]``, for any index that NumPy takes."""
    return _moved(array, np.asarray(_names(array)[index]))


def _first(*values: Any) -> Traced:
    """Return a traced value among the arguments, whose trace the others join."""
    for value in values:
        if isinstance(value, Traced):
            return value
        if isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.dtype == object):
            try:
                return _first(*value)
            except TraceError:
                continue
    raise TraceError("no traced value among the arguments")


def _along_last(x: Traced, axis: Any) -> tuple[Traced, tuple[int, ...]]:
    """Return `x` with the axes that are to vanish made one, the last; and which they were."""
    axes = tuple(range(x.ndim)) if axis is None else normalize_axis_tuple(axis, x.ndim)
    if x.ndim == 1 and axes == (0,):
        return x, axes
    rest = [k for k in range(x.ndim) if k not in axes]
    names = _names(x).transpose([*rest, *axes])
    length = math.prod(x.shape[k] for k in axes)
    return _moved(x, names.reshape([x.shape[k] for k in rest] + [length])), axes


def _reduction(name: str) -> Callable[..., Traced]:
    def reduce(x: Any, axis: Any = None, *, keepdims: bool = False, **options: Any) -> Traced:
        _refuse_options(name, options)
        moved, axes = _along_last(x, axis)
        result = moved.reduced(name)
        if keepdims:
            shape = [1 if k in axes else length for k, length in enumerate(x.shape)]
            return result.rearranged(result.ids, shape)
        return result

    return reduce


def _refuse_options(name: str, options: dict[str, Any]) -> None:
    given = [key for key, value in options.items() if value is not None and value is not np._NoValue]
    if given:
        raise TraceError(f"no rule to trace {name} with {', '.join(given)}=")


_sum, _prod = _reduction("add"), _reduction("multiply")
_max, _min = _reduction("maximum"), _reduction("minimum")


def _count(x: Any, axis: Any) -> int:
    axes = range(x.ndim) if axis is None else normalize_axis_tuple(axis, x.ndim)
    return math.prod(x.shape[k] for k in axes)


def _mean(x: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    return _sum(x, axis, keepdims=keepdims) / _count(x, axis)


def _var(x: Any, axis: Any = None, *, ddof: float = 0, keepdims: bool = False) -> Any:
    distance = x - _mean(x, axis, keepdims=True)
    return _sum(distance * distance, axis, keepdims=keepdims) / (_count(x, axis) - ddof)


def _std(x: Any, axis: Any = None, *, ddof: float = 0, keepdims: bool = False) -> Any:
    return np.sqrt(_var(x, axis, ddof=ddof, keepdims=keepdims))


def _average(x: Any, axis: Any = None, weights: Any = None) -> Any:
    if weights is None:
        return _mean(x, axis)
    return _sum(x * weights, axis) / np.sum(weights, axis)


def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    if ord not in {None, 2} or (ord == 2 and x.ndim != 1):
        raise TraceError(f"no rule to trace norm with ord={ord!r}")
    return np.sqrt(_sum(x * x, axis, keepdims=keepdims))


def _dot(a: Any, b: Any) -> Any:
    return a * b if np.ndim(a) == 0 or np.ndim(b) == 0 else a @ b


def _outer(a: Any, b: Any) -> Any:
    return np.reshape(a, (-1, 1)) * np.reshape(b, (1, -1))


def _vdot(a: Any, b: Any) -> Any:
    return np.reshape(a, -1) @ np.reshape(b, -1)


def _inner(a: Any, b: Any) -> Any:
    return a @ np.transpose(b)


def _where(condition: Any, x: Any, y: Any) -> Any:
    return _first(condition, x, y).wrap(condition).choose(x, y)


def _clip(x: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Any:
    low, high = (a_min if min is None else min), (a_max if max is None else max)
    x = x if low is None else np.maximum(x, low)
    return x if high is None else np.minimum(x, high)


def _cumsum(x: Any, axis: Any = None) -> Any:
    if x.ndim != 1 or axis not in {None, 0, -1}:
        raise TraceError("no rule to trace cumsum of more than one dimension")
    sums = [x[0]]
    for part in list(x)[1:]:
        sums.append(sums[-1] + part)
    return x.wrap(sums)


def _diff(x: Any, n: int = 1) -> Any:
    for _ in range(n):
        x = x[..., 1:] - x[..., :-1]
    return x


def _trace(x: Any) -> Any:
    return _sum(np.diagonal(x))


RULES: dict[str, Callable[..., Any]] = {
    "sum": _sum, "prod": _prod, "max": _max, "amax": _max, "min": _min, "amin": _min, "mean": _mean,
    "var": _var, "std": _std, "average": _average, "norm": _norm, "dot": _dot, "vdot": _vdot,
    "inner": _inner, "outer": _outer, "where": _where, "clip": _clip, "cumsum": _cumsum,
    "diff": _diff, "trace": _trace, "real": lambda x: x,
    "shape": lambda x: x.shape, "ndim": lambda x: x.ndim, "size": lambda x: x.size,
    "zeros_like": lambda x: np.zeros(x.shape), "ones_like": lambda x: np.ones(x.shape),
}  # fmt: skip


def array_function(function: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """Answer a function of NumPy's for traced arguments."""
    name = function.__name__
    if name in RULES:
        return RULES[name](*arguments, **options)
    if name in MOVING:
        return _move(MOVING[name], arguments, options)
    raise TraceError(f"no rule to trace numpy.{name}")


def _move(function: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]) -> Traced:
    first, *rest = arguments
    anchor = _first(*arguments)
    whole = isinstance(first, Traced) or not isinstance(first, (list, tuple))
    names = _names(anchor.wrap(first)) if whole else [_names(anchor.wrap(part)) for part in first]
    if function is np.append:
        rest[0] = _names(anchor.wrap(rest[0]))
    return _moved(anchor, np.asarray(function(names, *rest, **options)))


def ufunc_method(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], **options: Any) -> Any:
    """Answer a ufunc's method, or a call of it with options, for traced arguments."""
    _refuse_options(ufunc.__name__, {k: v for k, v in options.items() if k not in {"axis", "keepdims"}})
    if method == "__call__":
        return ufunc(*inputs)
    if method == "reduce":
        axis = options.get("axis", 0)
        return _reduction(ufunc.__name__)(*inputs, axis=axis, keepdims=bool(options.get("keepdims")))
    if method == "outer":
        a, b = inputs
        return ufunc(np.reshape(a, np.shape(a) + (1,) * np.ndim(b)), b)
    raise TraceError(f"no rule to trace {ufunc.__name__}.{method}")


def attribute(array: Traced, name: str) -> Any:
    """Return an attribute or a method of a traced array, as an ndarray has it."""
    if name == "T":
        return _moved(array, _names(array).T)
    if name == "dtype":
        return np.dtype(np.float64)
    if name == "flat":
        return _elements(array)
    if name == "tolist":
        return lambda: list(_elements(array)) if array.ndim == 1 else [part.tolist() for part in array]
    if name in {"item", "copy", "astype", "conj", "squeeze"} and array.ndim == 0:
        return lambda *_, **__: array
    if name in {"astype", "conj"}:
        return lambda *_, **__: array
    if name == "reshape":
        return lambda *shape, **options: _move(np.reshape, (array, _tuple(shape)), options)
    if name == "transpose":
        return lambda *axes: _move(np.transpose, (array, _tuple(axes) or None), {})
    if name == "flatten":
        return lambda *_: _moved(array, _names(array).ravel())
    if name in RULES and name not in {"norm", "where", "outer", "inner", "vdot", "diff", "average"}:
        return partial(RULES[name], array)
    if name in MOVING:
        return lambda *arguments, **options: _move(MOVING[name], (array, *arguments), options)
    # NumPy calls the elements of an object array by the ufunc's name: np.exp(np.array([x, y])).
    ufunc = getattr(np, name, None)
    if isinstance(ufunc, np.ufunc):
        return partial(ufunc, array)
    raise AttributeError(f"a traced array has no attribute {name!r}")


def _tuple(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(arguments) == 1 and isinstance(arguments[0], (tuple, list)):
        return tuple(arguments[0])
    return arguments
