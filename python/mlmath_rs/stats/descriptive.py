"""Mean, variance, standard deviation and median, along any axes, in one pass over memory."""

import math
import warnings
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple
from numpy.typing import ArrayLike, DTypeLike, NDArray

from mlmath_rs import _array, _core

__all__ = ["mean", "median", "std", "var"]

Axis = int | tuple[int, ...] | None


def mean(
    a: ArrayLike,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    keepdims: bool = False,
    *,
    threads: int | None = None,
) -> Any:
    """Return the arithmetic mean along axes.

    Parameters
    ----------
    a : array_like
        Real or complex numbers; integers and bool give float64, float32 stays float32.
    axis : int or tuple of int, optional
        The axes to reduce; all where not given.
    dtype : dtype, optional
        The dtype of the result.
    out : ndarray, optional
        Where to put the result; of its shape.
    keepdims : bool
        Whether reduced axes stay, with length 1.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    scalar or ndarray
        NaN, with a `RuntimeWarning`, where nothing is reduced.

    Raises
    ------
    numpy.exceptions.AxisError
        If an axis does not exist.
    TypeError
        If `a` holds no numbers.

    Notes
    -----
    Sums are taken in float64, in fixed lanes that are folded in pairs (Higham 1993): float32 is
    accurate along every axis and in every layout, and no result depends on the threads.

    Examples
    --------
    >>> import mlmath_rs as np
    >>> np.mean([[1, 2], [3, 4]], axis=0)
    array([2., 3.])
    """
    if (
        axis is None
        and dtype is None
        and out is None
        and keepdims is False
        and type(a) is np.ndarray
        and a.size
        and a.dtype.kind != "c"
    ):
        return _core.mean(a, threads)
    return _reduce("mean", a, axis, dtype, out, keepdims, 0.0, threads)


def var(
    a: ArrayLike,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    ddof: float = 0,
    keepdims: bool = False,
    *,
    correction: float | None = None,
    threads: int | None = None,
) -> Any:
    """Return the variance along axes.

    Parameters
    ----------
    a : array_like
        Real or complex numbers; of complex ones the mean of ``abs(a - mean)**2``.
    axis : int or tuple of int, optional
        The axes to reduce; all where not given.
    dtype : dtype, optional
        The dtype of the result.
    out : ndarray, optional
        Where to put the result; of its shape.
    ddof : float
        Subtracted from the number of elements in the divisor: 0 describes the sample, 1
        estimates the variance it was drawn with.
    keepdims : bool
        Whether reduced axes stay, with length 1.
    correction : float, optional
        Another name of `ddof`, the array API's.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    scalar or ndarray
        In the square of the unit of `a`; NaN, with a `RuntimeWarning`, where the divisor is not
        positive.

    Raises
    ------
    numpy.exceptions.AxisError
        If an axis does not exist.
    ValueError
        If both `ddof` and `correction` are given.

    Notes
    -----
    One pass over memory, shifted and merged by blocks (Chan, Golub and LeVeque 1979); no
    temporary of the size of `a`.

    Examples
    --------
    >>> import mlmath_rs as np
    >>> np.var([1, 2, 3, 4])
    np.float64(1.25)
    """
    return _spread("var", a, axis, dtype, out, ddof, keepdims, correction, threads)


def std(
    a: ArrayLike,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    ddof: float = 0,
    keepdims: bool = False,
    *,
    correction: float | None = None,
    threads: int | None = None,
) -> Any:
    """Return the standard deviation along axes: the square root of :func:`var`.

    Parameters
    ----------
    a, axis, dtype, out, ddof, keepdims, correction, threads
        As for :func:`var`.

    Returns
    -------
    scalar or ndarray
        In the unit of `a`.

    Raises
    ------
    numpy.exceptions.AxisError
        If an axis does not exist.
    ValueError
        If both `ddof` and `correction` are given.

    Examples
    --------
    >>> import mlmath_rs as np
    >>> np.std([1, 2, 3, 4], ddof=1)
    np.float64(1.2909944487358056)
    """
    return _spread("std", a, axis, dtype, out, ddof, keepdims, correction, threads)


def median(
    a: ArrayLike,
    axis: Axis = None,
    out: NDArray | None = None,
    overwrite_input: bool = False,
    keepdims: bool = False,
    *,
    threads: int | None = None,
) -> Any:
    """Return the median along axes.

    Parameters
    ----------
    a : array_like
        Real numbers.
    axis : int or tuple of int, optional
        The axes to reduce; all where not given.
    out : ndarray, optional
        Where to put the result; of its shape.
    overwrite_input : bool
        Accepted as NumPy's; `a` is never changed.
    keepdims : bool
        Whether reduced axes stay, with length 1.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    scalar or ndarray
        The middle element, or the mean of the two in the middle; NaN where one is NaN.

    Raises
    ------
    numpy.exceptions.AxisError
        If an axis does not exist.

    Notes
    -----
    By selection (Hoare 1961), in linear time.

    Examples
    --------
    >>> import mlmath_rs as np
    >>> np.median([3, 1, 4, 2])
    np.float64(2.5)
    """
    return _reduce("median", a, axis, None, out, keepdims, 0.0, threads)


def _spread(
    question: str,
    a: ArrayLike,
    axis: Axis,
    dtype: DTypeLike | None,
    out: NDArray | None,
    ddof: float,
    keepdims: bool,
    correction: float | None,
    threads: int | None,
) -> Any:
    if correction is not None:
        if ddof != 0:
            raise ValueError(f"{question}: ddof and correction are one thing: give one of them")
        ddof = correction
    whole = axis is None and dtype is None and out is None and keepdims is False
    if whole and type(a) is np.ndarray and a.dtype.kind != "c" and a.size > ddof:
        return _core.var(a, ddof, question == "std", threads)
    return _reduce(question, a, axis, dtype, out, keepdims, ddof, threads)


def _reduce(
    question: str,
    a: Any,
    axis: Axis,
    dtype: DTypeLike | None,
    out: NDArray | None,
    keepdims: bool,
    ddof: float,
    threads: int | None,
) -> Any:
    """Reduce any axes of anything: the axes become those of a matrix, whose rows are reduced."""
    if _array.is_foreign(a):
        return getattr(np, question)(a, axis=axis)
    array = _array.as_array(question, a)
    axes = tuple(range(array.ndim)) if axis is None else normalize_axis_tuple(axis, array.ndim)
    count = math.prod(array.shape[i] for i in axes)
    kept = [i for i in range(array.ndim) if i not in axes]
    shape = tuple(array.shape[i] for i in kept)
    if count - ddof <= 0:
        message = (
            "Mean of empty slice" if question in {"mean", "median"} else "Degrees of freedom <= 0 for slice"
        )
        warnings.warn(message, RuntimeWarning, stacklevel=3)
    result = _values(question, array, axes, kept, count, ddof, threads)
    result = np.asarray(result).reshape(shape)
    wanted = np.dtype(dtype) if dtype is not None else _result_dtype(question, array.dtype)
    result = result.astype(wanted, copy=False)
    if keepdims:
        result = result.reshape([1 if i in axes else array.shape[i] for i in range(array.ndim)])
    if out is not None:
        return _array.deliver(question, result, out)
    return result[()]


def _values(
    question: str,
    array: NDArray,
    axes: tuple[int, ...],
    kept: list[int],
    count: int,
    ddof: float,
    threads: int | None,
) -> NDArray:
    if array.dtype.kind == "c":
        if question == "median":
            raise TypeError(f"median: expected real numbers, got dtype {array.dtype}")
        parts = [
            _values(question.replace("std", "var"), p, axes, kept, count, ddof, threads)
            for p in (array.real, array.imag)
        ]
        if question == "mean":
            return parts[0] + 1j * parts[1]
        return parts[0] + parts[1] if question == "var" else np.sqrt(parts[0] + parts[1])
    if array.dtype == np.float16:
        array = array.astype(np.float32)
    rest = math.prod(array.shape[i] for i in kept)
    if axes == tuple(range(len(axes))) and kept and question != "median" and array.flags.c_contiguous:
        return _core.along(array.reshape(count, rest), question, 0, ddof, threads)
    rows = array.transpose(*kept, *axes).reshape(rest, count)
    return _core.along(rows, question, 1, ddof, threads)


def _result_dtype(question: str, dtype: np.dtype) -> np.dtype:
    if dtype.kind in "biu":
        return np.dtype(np.float64)
    if dtype.kind == "c" and question != "mean":
        return np.empty(0, dtype).real.dtype
    return dtype
