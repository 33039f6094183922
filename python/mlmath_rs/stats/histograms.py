"""Histograms: NumPy's rules and exactly its counts."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlmath_rs import _array, _core
from mlmath_rs.stats.descriptive import mean, std

__all__ = ["histogram", "histogram_bin_edges"]

Bins = int | str | ArrayLike
Range = tuple[float, float] | None


def histogram(
    a: ArrayLike,
    bins: Bins = 10,
    range: Range = None,
    density: bool | None = None,
    weights: ArrayLike | None = None,
    *,
    threads: int | None = None,
) -> tuple[NDArray, NDArray]:
    """Count how many elements fall into each bin.

    Parameters
    ----------
    a : array_like
        Real numbers of any shape; NaN falls into no bin.
    bins : int, str or array_like
        How many bins of equal width, the name of a rule (see :func:`histogram_bin_edges`), or
        their edges, ascending.
    range : (float, float), optional
        Where the first bin begins and the last one ends; the extremes of `a` where not given.
    density : bool, optional
        Whether to return the probability density: counts over the total and the widths.
    weights : array_like, optional
        Of the shape of `a`: what each element counts.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    counts : (n,) ndarray
        int64, or float64 with weights or as density.
    edges : (n + 1,) ndarray
        Each bin holds its left edge, the last one its right edge too.

    Raises
    ------
    ValueError
        If the range is not finite or descends, edges do not ascend, `bins` is not positive, or
        weights have another shape.

    Notes
    -----
    Elements are placed by scaling and, near an edge, compared with it: the counts are NumPy's.

    Examples
    --------
    >>> import mlmath_rs as np
    >>> np.histogram([1, 2, 2, 3], bins=2)
    (array([1, 3]), array([1., 2., 3.]))
    """
    array, weights = _checked(a, weights)
    edges, uniform = _edges(array, bins, range, weights)
    if weights is not None:
        counts = _weighted(array, weights, edges)
    else:
        counts = _core.histogram(array, edges.tolist(), uniform, threads)
    if density:
        return counts / np.diff(edges) / counts.sum(), edges
    return counts, edges


def histogram_bin_edges(
    a: ArrayLike, bins: Bins = 10, range: Range = None, weights: ArrayLike | None = None
) -> NDArray:
    """Return the edges that :func:`histogram` would use.

    Parameters
    ----------
    a : array_like
        Real numbers of any shape.
    bins : int, str or array_like
        A number of bins, edges, or a rule: ``"auto"`` (the narrower of ``"sturges"`` and
        ``"fd"``, which may ask for at most twice the bins of ``"sqrt"``), ``"fd"`` (Freedman
        and Diaconis 1981), ``"scott"`` (1979), ``"rice"``, ``"sturges"`` (1926), ``"doane"``
        (1976), ``"sqrt"``, ``"stone"`` (1984).
    range : (float, float), optional
        As for :func:`histogram`.
    weights : array_like, optional
        As for :func:`histogram`; rules by name take none.

    Returns
    -------
    (n + 1,) ndarray
        The edges.

    Raises
    ------
    ValueError
        As for :func:`histogram`.

    Examples
    --------
    >>> import mlmath_rs as np
    >>> np.histogram_bin_edges([0, 1, 2, 3, 4], bins="sqrt")
    array([0.        , 1.33333333, 2.66666667, 4.        ])
    """
    array, checked = _checked(a, weights)
    return _edges(array, bins, range, checked)[0]


def _checked(a: ArrayLike, weights: ArrayLike | None) -> tuple[NDArray, NDArray | None]:
    array = _array.as_array("histogram", a)
    if array.dtype.kind == "c":
        raise TypeError(f"histogram: expected real numbers, got dtype {array.dtype}")
    if weights is None:
        return array.ravel(), None
    checked = np.asarray(weights)
    if checked.shape != array.shape:
        raise ValueError(f"weights: expected shape {array.shape}, as `a` has, got shape {checked.shape}")
    return array.ravel(), checked.ravel()


def _weighted(array: NDArray, weights: NDArray, edges: NDArray) -> NDArray:
    if weights.dtype.kind == "c":
        return _weighted(array, weights.real, edges) + 1j * _weighted(array, weights.imag, edges)
    sums = _core.weighted_histogram(array, weights, edges.tolist())
    return (
        sums
        if weights.dtype.kind == "f"
        else sums.astype(weights.dtype if weights.dtype.kind != "b" else int)
    )


def _edges(array: NDArray, bins: Any, range: Range, weights: NDArray | None) -> tuple[NDArray, bool]:
    """Return the edges, and whether the bins are equally wide."""
    if isinstance(bins, str):
        if bins not in RULES:
            raise ValueError(f"bins: expected one of {sorted(RULES)}, got {bins!r}")
        if weights is not None:
            raise TypeError("weights: rules by name take no weights")
        low, high = _outer(array, range)
        inside = array if range is None else array[(array >= low) & (array <= high)]
        return np.linspace(low, high, _count(bins, inside, low, high) + 1), True
    if np.ndim(bins) == 1:
        edges = np.asarray(bins)
        if np.any(edges[:-1] > edges[1:]):
            raise ValueError("bins: expected edges that ascend")
        return edges, False
    if np.ndim(bins) != 0:
        raise ValueError(f"bins: expected a number, a name or one dimension, got {np.ndim(bins)}")
    try:
        count = operator.index(bins)
    except TypeError:
        raise TypeError(f"bins: expected an integer, a name or edges, got {bins!r}") from None
    if count < 1:
        raise ValueError(f"bins: expected at least 1, got {count}")
    low, high = _outer(array, range)
    kind = np.result_type(low, high, array)
    return np.linspace(low, high, count + 1, dtype=kind if kind.kind == "f" else float), True


def _outer(array: NDArray, range: Range) -> tuple[Any, Any]:
    """Return where the bins begin and end."""
    if range is not None:
        low, high = range
        if low > high:
            raise ValueError(f"range: expected to ascend, got {range}")
        if not (np.isfinite(low) and np.isfinite(high)):
            raise ValueError(f"range: expected finite numbers, got {range}")
    elif array.size == 0:
        low, high = 0, 1
    else:
        least, most = _core.extremes(array)
        if not (np.isfinite(least) and np.isfinite(most)):
            raise ValueError(f"range: the data reach from {least} to {most}: give a finite range")
        kind = array.dtype.type if array.dtype.kind == "f" else float
        low, high = kind(least), kind(most)
    if low == high:
        low, high = low - 0.5, high + 0.5
    return low, high


def _count(rule: str, x: NDArray, low: float, high: float) -> int:
    """Return the number of bins of a rule by name."""
    if x.size == 0:
        return 1
    width = RULES[rule](x)
    if x.dtype.kind in "iu" and 0 < width < 1:
        width = 1
    return int(np.ceil((high - low) / width)) if width else 1


def _span(x: NDArray) -> float:
    least, most = _core.extremes(x)
    return most - least


def _sqrt(x: NDArray) -> float:
    return _span(x) / np.sqrt(x.size)


def _sturges(x: NDArray) -> float:
    return _span(x) / (np.log2(x.size) + 1.0)


def _rice(x: NDArray) -> float:
    return _span(x) / (2.0 * x.size ** (1.0 / 3))


def _scott(x: NDArray) -> float:
    return (24.0 * np.pi**0.5 / x.size) ** (1.0 / 3.0) * std(x)


def _doane(x: NDArray) -> float:
    if x.size <= 2:
        return 0.0
    error = np.sqrt(6.0 * (x.size - 2) / ((x.size + 1.0) * (x.size + 3)))
    spread = std(x)
    if spread <= 0:
        return 0.0
    skewness = mean(((x - mean(x)) / spread) ** 3)
    return _span(x) / (1.0 + np.log2(x.size) + np.log2(1.0 + np.absolute(skewness) / error))


def _fd(x: NDArray) -> float:
    quarter, three = (_quantile(x, q) for q in (0.25, 0.75))
    return 2.0 * (three - quarter) * x.size ** (-1.0 / 3.0)


def _quantile(x: NDArray, q: float) -> float:
    place = q * (x.size - 1)
    below = int(place)
    low, high = _core.order_statistics(x, [below, min(below + 1, x.size - 1)])
    t = place - below
    return high - (high - low) * (1 - t) if t >= 0.5 else low + (high - low) * t


def _stone(x: NDArray) -> float:
    span, n = _span(x), x.size
    if n <= 1 or span == 0:
        return 0.0

    def loss(count: int) -> float:
        width = span / count
        shares = histogram(x, count)[0] / n
        return (2 - (n + 1) * shares.dot(shares)) / width

    most = max(100, int(np.sqrt(n)))
    return span / min(np.arange(1, most + 1).tolist(), key=loss)


def _auto(x: NDArray) -> float:
    # Outliers and quartiles that coincide would make "fd" ask for far too many bins.
    return min(max(_fd(x), _sqrt(x) / 2), _sturges(x))


RULES: dict[str, Callable[[NDArray], float]] = {
    "auto": _auto,
    "doane": _doane,
    "fd": _fd,
    "rice": _rice,
    "scott": _scott,
    "sqrt": _sqrt,
    "stone": _stone,
    "sturges": _sturges,
}
