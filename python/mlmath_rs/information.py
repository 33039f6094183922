"""Information theory: entropy, divergence, and what one label tells of another."""

import math
import warnings
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index
from numpy.typing import ArrayLike, NDArray

from mlmath_rs import _array, _core

__all__ = ["entropy", "jensenshannon", "kl_divergence", "mutual_info_score"]

# By how much probabilities may miss a sum of 1.
TOLERANCE = 1e-8


def entropy(
    pk: ArrayLike,
    qk: ArrayLike | None = None,
    base: float | None = None,
    axis: int = 0,
    *,
    keepdims: bool = False,
    normalize: str | bool = "auto",
    threads: int | None = None,
) -> Any:
    """Return the entropy of distributions, or their divergence from others.

    Parameters
    ----------
    pk : array_like
        Weights along `axis`.
    qk : array_like, optional
        Weights of other distributions, which broadcast; then the result is the relative entropy
        (Kullback–Leibler divergence) of `pk` from `qk`.
    base : float, optional
        Of the logarithm: 2 for bits; nats where not given.
    axis : int
        Along which the weights of one distribution lie.
    keepdims : bool
        Whether that axis stays, with length 1.
    normalize : {"auto", True, "check"}
        Divide weights by their sum (SciPy's way, also ``"auto"``), or check that they are
        probabilities that sum to 1.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    scalar or ndarray
        Not negative; NaN where all weights are 0, negative infinity where one is negative,
        infinity where `qk` is 0 and `pk` is not.

    Raises
    ------
    ValueError
        If `base` is not positive or is 1, the shapes do not broadcast, or with
        ``normalize="check"`` if weights are no probabilities.

    Notes
    -----
    C. E. Shannon, "A mathematical theory of communication", 1948; S. Kullback and R. A. Leibler,
    "On information and sufficiency", 1951.

    Examples
    --------
    >>> from mlmath_rs import information
    >>> information.entropy([0.5, 0.25, 0.25], base=2)
    np.float64(1.5)
    >>> information.entropy([1, 0], [1, 1], base=2)
    np.float64(1.0)
    """
    measure = "entropy" if qk is None else "relative"
    return _measure("entropy", measure, pk, qk, base, axis, keepdims, normalize, threads)


def kl_divergence(
    p: ArrayLike,
    q: ArrayLike,
    base: float | None = None,
    axis: int = 0,
    *,
    keepdims: bool = False,
    normalize: str | bool = "check",
    threads: int | None = None,
) -> Any:
    """Return the Kullback–Leibler divergence of `p` from `q`: what it costs to take one for the other.

    Parameters
    ----------
    p, q : array_like
        Probabilities along `axis`; the shapes broadcast.
    base : float, optional
        Of the logarithm: 2 for bits; nats where not given.
    axis : int
        Along which the probabilities of one distribution lie.
    keepdims : bool
        Whether that axis stays, with length 1.
    normalize : {"check", True}
        Check that each distribution sums to 1 (within 1e-8), or divide by the sum.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    scalar or ndarray
        Not negative; infinity where `q` is 0 and `p` is not. Nothing is added to zeros.

    Raises
    ------
    ValueError
        If `p` or `q` are no probabilities, or `base` is not positive or is 1.

    See Also
    --------
    jensenshannon : Symmetric, and finite.

    Notes
    -----
    S. Kullback and R. A. Leibler, "On information and sufficiency", Ann. Math. Stat. 22, 1951.

    Examples
    --------
    >>> from mlmath_rs import information
    >>> information.kl_divergence([0.5, 0.5], [0.25, 0.75], base=2).round(6)
    np.float64(0.207519)
    """
    return _measure("kl_divergence", "relative", p, q, base, axis, keepdims, normalize, threads)


def jensenshannon(
    p: ArrayLike,
    q: ArrayLike,
    base: float | None = None,
    *,
    axis: int = 0,
    keepdims: bool = False,
    threads: int | None = None,
) -> Any:
    """Return the Jensen–Shannon distance of distributions: the square root of the divergence.

    Parameters
    ----------
    p, q : array_like
        Weights along `axis`, divided by their sums as SciPy does; the shapes broadcast.
    base : float, optional
        Of the logarithm: with 2 the distance is at most 1; nats where not given.
    axis : int
        Along which the weights of one distribution lie.
    keepdims : bool
        Whether that axis stays, with length 1.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    scalar or ndarray
        A metric: symmetric, 0 for equal distributions, finite.

    Raises
    ------
    ValueError
        If the shapes do not broadcast, or `base` is not positive or is 1.

    Notes
    -----
    J. Lin, "Divergence measures based on the Shannon entropy", IEEE Trans. Inf. Theory 37, 1991.

    Examples
    --------
    >>> from mlmath_rs import information
    >>> information.jensenshannon([1, 0], [0, 1], base=2)
    np.float64(1.0)
    """
    return _measure("jensenshannon", "jensenshannon", p, q, base, axis, keepdims, True, threads)


def mutual_info_score(
    labels_true: ArrayLike | None,
    labels_pred: ArrayLike | None,
    *,
    contingency: Any = None,
    threads: int | None = None,
) -> Any:
    """Return the mutual information of two labellings, in nats.

    Parameters
    ----------
    labels_true, labels_pred : (n,) array_like
        Labels of any kind: integers, strings, bool. Not used with `contingency`.
    contingency : (r, c) array_like or sparse matrix, optional
        A table of counts or probabilities of pairs, in place of the labels.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    float
        Not negative; 0 where nothing is counted.

    Raises
    ------
    ValueError
        If the labels are not one-dimensional or differ in length, or the table has no two
        dimensions or a negative entry.

    Warns
    -----
    UserWarning
        If labels are floats that do not repeat: each value is then a class of its own, and the
        result is the logarithm of their number.

    Notes
    -----
    scikit-learn's function of this name, with its natural logarithm. SciPy has none.

    Examples
    --------
    >>> from mlmath_rs import information
    >>> information.mutual_info_score(["a", "a", "b", "b"], [1, 1, 0, 0]).round(6)
    np.float64(0.693147)
    >>> information.mutual_info_score(None, None, contingency=[[0.3, 0.1], [0.2, 0.4]]).round(6)
    np.float64(0.086305)
    """
    if contingency is None:
        found = _core.mutual_information_of_labels(labels_true, labels_pred, threads)
        if found is not None:
            return np.float64(found)
        x, y = _codes("labels_true", labels_true), _codes("labels_pred", labels_pred)
        found = _core.mutual_information_of_labels(x, y, threads)
        if found is not None:
            return np.float64(found)
        return _of_many_levels(x, y)
    table = np.asarray(contingency.toarray() if hasattr(contingency, "toarray") else contingency)
    if table.ndim != 2:
        raise ValueError(f"contingency: expected two dimensions, got shape {table.shape}")
    if np.any(table < 0):
        raise ValueError("contingency: expected counts or probabilities, got a negative entry")
    return _core.mutual_information_of_table(table)


def _codes(argument: str, labels: Any) -> NDArray:
    """Return labels of any kind as small integers."""
    if labels is None:
        raise ValueError(f"{argument}: expected labels, or contingency= in their place, got None")
    array = np.asarray(labels)
    if array.ndim != 1:
        raise ValueError(f"{argument}: expected one dimension, got shape {array.shape}")
    levels, codes = np.unique(array, return_inverse=True)
    if array.dtype.kind == "f" and levels.size > 1 and levels.size == array.size:
        warnings.warn(
            f"{argument}: floats that do not repeat: every value is a class of its own; "
            "bin them first, or use labels",
            UserWarning,
            stacklevel=3,
        )
    return codes.astype(np.int64)


def _of_many_levels(x: NDArray, y: NDArray) -> Any:
    """Return mutual information where a table would not fit: H(x) + H(y) - H(x, y)."""
    pairs = x * (int(y.max()) + 1) + y
    counts = [np.unique(v, return_counts=True)[1].astype(float).reshape(1, -1) for v in (x, y, pairs)]
    of_x, of_y, of_both = (float(_core.information_of_rows("entropy", c, c)[0]) for c in counts)
    return np.float64(max(of_x + of_y - of_both, 0.0))


def _logarithm(base: float) -> float:
    if not base > 0 or base == 1:
        raise ValueError(f"base: must be positive and not 1, got {base}")
    return math.log(base)


def _measure(
    function: str,
    measure: str,
    p: ArrayLike,
    q: ArrayLike | None,
    base: float | None,
    axis: int,
    keepdims: bool,
    normalize: str | bool,
    threads: int | None,
) -> Any:
    """Measure two vectors at once, and all else along an axis."""
    if normalize not in {"auto", True, "check"}:
        raise ValueError(f"normalize: expected 'auto', True or 'check', got {normalize!r}")
    if axis == 0 and not keepdims:
        found = _core.information_of_vectors(measure, p, q, normalize == "check", threads)
        if found is not None:
            return np.float64(found if base is None else found / _divisor(measure, base))
    q = p if q is None else q
    return _along(function, measure, p, q, base, axis, keepdims, normalize, threads)


def _divisor(measure: str, base: float | None) -> float:
    """Return what turns nats into another unit."""
    divisor = 1.0 if base is None else _logarithm(base)
    return math.sqrt(divisor) if measure == "jensenshannon" else divisor


def _along(
    function: str,
    measure: str,
    p: ArrayLike,
    q: ArrayLike,
    base: float | None,
    axis: int,
    keepdims: bool,
    normalize: str | bool,
    threads: int | None,
) -> Any:
    """Measure distributions that lie along an axis: it becomes that of the rows of a matrix."""
    divisor = _divisor(measure, base)
    left, right = (_array.as_array(function, x) for x in (p, q))
    if left.dtype.kind == "c" or right.dtype.kind == "c":
        raise TypeError(f"{function}: expected real numbers, got dtype {np.result_type(left, right)}")
    try:
        left, right = np.broadcast_arrays(left, right)
    except ValueError:
        raise ValueError(f"{function}: shapes {left.shape} and {right.shape} do not broadcast") from None
    if left.ndim == 0:
        raise ValueError(f"{function}: expected at least one dimension, got a scalar")
    axis = normalize_axis_index(axis, left.ndim)
    rows = [np.moveaxis(x, axis, -1) for x in (left, right)]
    shape = rows[0].shape
    flat = [row.reshape(math.prod(shape[:-1]), shape[-1]).astype(float) for row in rows]
    if normalize == "check":
        for name, x in zip("pq", flat):
            _check_probabilities(name, x)
    result = _core.information_of_rows(measure, flat[0], flat[1], threads)
    result = (result / divisor).reshape(shape[:-1])
    if keepdims:
        return np.expand_dims(result, axis)
    return result[()]


def _check_probabilities(name: str, x: NDArray) -> None:
    if np.any(x < 0):
        raise ValueError(f"{name}: expected probabilities, got {x.min()}")
    sums = x.sum(axis=-1)
    if np.any(np.abs(sums - 1) > TOLERANCE):
        worst = sums[np.argmax(np.abs(sums - 1))]
        raise ValueError(
            f"{name}: expected probabilities that sum to 1, got {worst} (normalize=True divides)"
        )
