"""What is asked of a family by its name, with parameters that broadcast: one way for all callers."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlmath_rs import _array, _core


def ask(family: str, question: str, x: Any, parameters: tuple[Any, ...], threads: int | None = None) -> Any:
    """Return the answers of a family about `x`, with parameters that broadcast against it."""
    for parameter in parameters:
        if type(parameter) is not float:
            break
    else:
        return _core.distribution(family, question, x, parameters, threads)
    x = _array.as_array(question, x)
    dtype = np.result_type(x, *parameters)
    dtype = np.dtype(np.float32) if dtype in (np.float16, np.float32) else np.dtype(np.float64)
    broad = np.broadcast_arrays(x, *parameters)
    flat, *columns = (np.ascontiguousarray(array, np.float64).ravel() for array in broad)
    answers = _core.distribution_each(family, question, flat.astype(dtype), columns, threads)
    return answers.reshape(broad[0].shape)[()]


def summarise(family: str, summary: str, parameters: tuple[Any, ...]) -> Any:
    """Return the mean, variance … of a family, with parameters that broadcast."""
    shape, columns = as_columns(parameters)
    return _core.summary_of_distributions(family, summary, columns).reshape(shape)[()]


def as_columns(parameters: tuple[Any, ...]) -> tuple[tuple[int, ...], list[Any]]:
    """Return the shape that `parameters` broadcast to, and each as a vector of that many numbers."""
    if all(type(parameter) is float for parameter in parameters):
        return (), list(parameters)
    broad = np.broadcast_arrays(*parameters)
    return broad[0].shape, [np.ascontiguousarray(array, np.float64).ravel() for array in broad]


def as_parameter(name: str, value: Any) -> Any:
    """Return a parameter as a float, or as an array that no one else can change."""
    # Adding 0 makes -0 into 0: what is equal must hash alike.
    if type(value) in (float, int):
        return float(value) + 0.0
    array = _array.as_array(name, value)
    if array.dtype.kind == "c":
        raise TypeError(f"{name}: expected real numbers, got dtype {array.dtype}")
    if array.ndim == 0:
        return float(array) + 0.0
    array = array.astype(np.float32 if array.dtype in (np.float16, np.float32) else np.float64) + 0
    array.flags.writeable = False
    return array


def interval(family: str, confidence: ArrayLike, parameters: tuple[Any, ...]) -> tuple[Any, Any]:
    """Return the ends of the interval that leaves half of ``1 - confidence`` on either side."""
    share = np.asarray(confidence, np.float64)
    if not np.all((share >= 0) & (share <= 1)):
        raise ValueError(f"confidence: must be between 0 and 1, got {confidence!r}")
    rest = (1 - share) / 2
    return ask(family, "ppf", rest, parameters), ask(family, "isf", rest, parameters)


def in_base(nats: Any, base: float | None) -> Any:
    """Return `nats` in the unit of a logarithm to `base`."""
    if base is None:
        return nats
    if not base > 0 or base == 1:
        raise ValueError(f"base: must be > 0 and not 1, got {base}")
    return nats / np.log(base)
