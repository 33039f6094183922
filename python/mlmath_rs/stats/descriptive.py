"""Mean, variance, standard deviation and median, along any axes, in one pass over memory."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from mlmath_rs import _core
from mlmath_rs.stats.reduction import Axis, Reduction

__all__ = ["mean", "median", "std", "var"]


def mean(
    a: ArrayLike,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    keepdims: bool = False,
    *,
    where: ArrayLike = True,
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
    where : array_like of bool
        Which elements count; broadcasts to the shape of `a`.
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
    if axis is None and dtype is None and out is None and keepdims is False and where is True:
        found = _core.mean(a, threads)
        if found is not None:
            return found
    return Reduction("mean", axis, dtype, out, keepdims, where=where, threads=threads).of(a)


def var(
    a: ArrayLike,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    ddof: float = 0,
    keepdims: bool = False,
    *,
    where: ArrayLike = True,
    mean: ArrayLike | None = None,
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
    where : array_like of bool
        Which elements count; broadcasts to the shape of `a`.
    mean : array_like, optional
        The mean, where it is known, with the reduced axes kept as `keepdims` keeps them.
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
    if correction is not None:
        ddof = _one_of(ddof, correction)
    whole = axis is None and dtype is None and out is None and keepdims is False and where is True
    if whole and mean is None and type(a) is np.ndarray and a.dtype.kind != "c" and a.size > ddof:
        found = _core.var(a, ddof, False, threads)
        if found is not None:
            return found
    return Reduction("var", axis, dtype, out, keepdims, ddof, where, mean, threads).of(a)


def std(
    a: ArrayLike,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
    ddof: float = 0,
    keepdims: bool = False,
    *,
    where: ArrayLike = True,
    mean: ArrayLike | None = None,
    correction: float | None = None,
    threads: int | None = None,
) -> Any:
    """Return the standard deviation along axes: the square root of :func:`var`.

    Parameters
    ----------
    a, axis, dtype, out, ddof, keepdims, where, mean, correction, threads
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
    if correction is not None:
        ddof = _one_of(ddof, correction)
    whole = axis is None and dtype is None and out is None and keepdims is False and where is True
    if whole and mean is None and type(a) is np.ndarray and a.dtype.kind != "c" and a.size > ddof:
        found = _core.var(a, ddof, True, threads)
        if found is not None:
            return found
    return Reduction("std", axis, dtype, out, keepdims, ddof, where, mean, threads).of(a)


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
    return Reduction("median", axis, None, out, keepdims, threads=threads).of(a)


def _one_of(ddof: float, correction: float) -> float:
    if ddof != 0:
        raise ValueError("ddof and correction are one thing: give one of them")
    return correction
