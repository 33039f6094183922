"""Coercion: the only place where what a user passes becomes what a kernel takes.

The border calls :func:`coerce` when an argument does not fit as it is: lists, integers where
floats are needed, strides that run backwards, other byte orders, subclasses, objects that
bring their own meaning. What fits never comes here.
"""

import operator
from typing import Any, Literal

import numpy as np

# The element types that the kernels are compiled for; a test compares this list with
# `scalar.rs` and `array.rs`.
DTYPES = tuple(
    np.dtype(name)
    for name in "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64".split()
    + "float32 float64 complex64 complex128".split()
)

_FLOAT64 = np.dtype(np.float64)


def coerce(function: str, kind: str, arguments: tuple[Any, ...]) -> Any:
    """Return `arguments` as a list of behaved arrays of one dtype, or the answer of a foreign one.

    Parameters
    ----------
    function : str
        The public name of the function that was called, as NumPy spells it where it has one.
    kind : {"number", "sample", "inexact", "real", "linalg", "elementwise"}
        What the kernels of that function take: any number; any real number; real or complex
        floats (integers and bool become float64); real floats only; or what NumPy's ``linalg``
        takes, which refuses float16. Elsewhere float16 is computed in float32. A function of each
        element takes real floats, and leaves complex ones to NumPy.
    arguments : tuple
        What the user passed for the arrays.

    Returns
    -------
    list of ndarray, (list of ndarray, dtype), or object
        A list of aligned arrays in native byte order with non-negative strides, with the dtype
        of the result where that is not theirs. Any other object is the answer of an argument
        that brought its own meaning of `function`.
    """
    if kind == "elementwise" and is_foreign(arguments[0]):
        return ask(function, arguments[0])
    if any(is_foreign(value) for value in arguments):
        try:
            return operator.attrgetter(function)(np)(*arguments)
        except AttributeError:
            if hasattr(np, function.split(".", maxsplit=1)[0]):
                raise
            # NumPy has no such function that they could answer: they are numbers to us.
    arrays = [as_array(function, value) for value in arguments]
    if function in {"dot", "inner"} and any(array.ndim == 0 for array in arrays):
        return np.multiply(*arrays)
    if kind == "elementwise" and arrays[0].dtype.kind == "c" and hasattr(np, function):
        return getattr(np, function)(arrays[0])
    dtype = common_dtype(function, kind, arrays)
    behaved = [behave(array, dtype) for array in arrays]
    if kind != "linalg" and np.result_type(*arrays) == np.float16:
        return behaved, np.dtype(np.float16)
    return behaved


def is_foreign(value: Any) -> bool:
    """Whether `value` is no ndarray and answers NumPy's functions itself."""
    kind = type(value)
    if kind.__module__ == "numpy" or isinstance(value, (list, tuple, int, float, complex, np.ndarray)):
        return False
    return hasattr(kind, "__array_function__") or getattr(kind, "__array_ufunc__", None) is not None


def ask(function: str, value: Any) -> Any:
    """Return what `value`, which brings its own meaning of a function of each element, makes of it."""
    if hasattr(np, function):
        return getattr(np, function)(value)
    # NumPy has no such ufunc; ours answers to its protocol by its name.
    from mlmath_rs import special

    answer = type(value).__array_ufunc__(value, getattr(special, function), "__call__", value)
    if answer is NotImplemented:
        raise TypeError(f"{function}: no rule for {type(value).__name__}")
    return answer


def as_array(function: str, value: Any) -> np.ndarray:
    """Return `value` as an ndarray of numbers, or raise `TypeError` saying what it is."""
    try:
        if hasattr(value, "__dlpack__") and not hasattr(value, "__array__"):
            array = np.from_dlpack(value)
        else:
            array = np.asarray(value)
    except ValueError as error:
        if "inhomogeneous" not in str(error):
            raise
        raise ValueError(f"{function}: expected rows of equal length, got {value!r:.60}") from None
    if array.dtype.kind not in "biufc":
        raise TypeError(f"{function}: expected numbers, got dtype {array.dtype} from {value!r:.60}")
    return array


def floats(value: Any) -> np.ndarray:
    """Return what a user's function returned as an array of float64."""
    what = "the value of the function"
    array = as_array(what, value)
    common_dtype(what, "real", [array])
    return behave(array, _FLOAT64)


def common_dtype(function: str, kind: str, arrays: list[np.ndarray]) -> np.dtype:
    """Return the one dtype that `arrays` are computed in."""
    dtype = np.result_type(*arrays) if arrays else _FLOAT64
    if kind == "linalg" and any(array.dtype == np.float16 for array in arrays):
        raise TypeError(f"{function}: array type float16 is unsupported in linalg")
    if kind not in {"number", "sample"} and dtype.kind in "biu":
        dtype = _FLOAT64
    if dtype == np.float16:
        dtype = np.dtype(np.float32)
    if dtype.newbyteorder("=") not in DTYPES:
        raise TypeError(f"{function}: expected numbers of at most 64 bits a part, got dtype {dtype}")
    if kind in {"real", "sample", "elementwise"} and dtype.kind == "c":
        raise TypeError(f"{function}: expected real numbers, got dtype {dtype}")
    return dtype.newbyteorder("=")


def behave(array: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Return `array` in `dtype`, an exact ndarray, aligned, with no negative stride."""
    array = np.asarray(array, dtype=dtype)
    if type(array) is not np.ndarray:
        array = array.view(np.ndarray)
    if not array.flags.aligned or min(array.strides, default=0) < 0:
        array = np.array(array, order="C")
    return array


def deliver(
    function: str,
    result: Any,
    out: Any,
    casting: Literal["no", "equiv", "safe", "same_kind", "unsafe"] = "same_kind",
) -> Any:
    """Copy `result` into the user's `out`, cast as NumPy's ufuncs cast, and return `out`."""
    if not isinstance(out, np.ndarray):
        raise TypeError(f"{function}: out: expected an ndarray, got {type(out).__name__}")
    if out.shape != np.shape(result):
        raise ValueError(f"{function}: out: expected shape {np.shape(result)}, got shape {out.shape}")
    np.copyto(out, result, casting=casting)
    return out
