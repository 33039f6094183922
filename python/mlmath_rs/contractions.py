"""Sums of products over shared indices: `tensordot` and `einsum`, mapped to matrix products."""

import math
import operator
from collections.abc import Hashable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from mlmath_rs import _array, _core
from mlmath_rs._subscripts import (
    Labels,
    check_options,
    dtype_of,
    joined,
    labels_of,
    listed,
    named,
    pair_of,
    steps_of,
)

__all__ = ["einsum", "tensordot"]

# An operand with a label for each axis.
Term = tuple[NDArray, list[Hashable]]


def tensordot(
    a: ArrayLike, b: ArrayLike, axes: int | tuple[int | Sequence[int], int | Sequence[int]] = 2
) -> Any:
    """Return the sums of products over pairs of axes of two arrays.

    Parameters
    ----------
    a, b : array_like
        Of any number type, in any layout.
    axes : int or pair of (sequences of) int
        The axes of `a` and those of `b` that are summed over together; or how many: the last of
        `a` and the first of `b`.

    Returns
    -------
    scalar or ndarray
        The other axes of `a`, then those of `b`; integers wrap around.

    Raises
    ------
    ValueError
        If the axes are not as many, or not as long.

    See Also
    --------
    einsum : The same by names of indices.

    Notes
    -----
    One matrix product, after bringing the axes into order.

    Examples
    --------
    >>> import mlmath_rs as np
    >>> np.tensordot([[1, 2], [3, 4]], [[1, 0], [0, 1]])
    np.int64(5)
    >>> np.tensordot([1, 2], [[1, 2, 3], [4, 5, 6]], axes=1)
    array([ 9, 12, 15])
    """
    a, b = np.asarray(a), np.asarray(b)
    try:
        count = operator.index(axes)  # type: ignore[arg-type]
        over_a: Sequence[int] = range(a.ndim - count, a.ndim)
        over_b: Sequence[int] = range(count)
    except TypeError:
        over_a, over_b = (
            [side] if isinstance(side, int) else list(side)
            for side in axes  # type: ignore[union-attr]
        )
    over_a = [np.lib.array_utils.normalize_axis_index(axis, a.ndim) for axis in over_a]
    over_b = [np.lib.array_utils.normalize_axis_index(axis, b.ndim) for axis in over_b]
    lengths = [a.shape[axis] for axis in over_a], [b.shape[axis] for axis in over_b]
    if lengths[0] != lengths[1]:
        raise ValueError(f"tensordot: shape-mismatch for sum: axes of lengths {lengths[0]} and {lengths[1]}")
    if len(set(over_a)) < len(over_a) or len(set(over_b)) < len(over_b):
        raise ValueError("tensordot: an axis is given twice")
    kept_a = [axis for axis in range(a.ndim) if axis not in over_a]
    kept_b = [axis for axis in range(b.ndim) if axis not in over_b]
    shape = [a.shape[axis] for axis in kept_a] + [b.shape[axis] for axis in kept_b]
    length = math.prod(lengths[0])
    left = a.transpose(kept_a + over_a).reshape(math.prod(a.shape[axis] for axis in kept_a), length)
    right = b.transpose(over_b + kept_b).reshape(length, math.prod(b.shape[axis] for axis in kept_b))
    return _core.matmul(left, right).reshape(shape)[()]


def einsum(
    subscripts: Any = "",
    *operands: Any,
    out: NDArray | None = None,
    dtype: DTypeLike | None = None,
    order: Literal["K", "A", "C", "F"] = "K",
    casting: Literal["no", "equiv", "safe", "same_kind", "unsafe"] = "safe",
    optimize: bool | str | Sequence[Any] = True,
) -> Any:
    """Return sums of products of elements, as the names of indices say.

    Parameters
    ----------
    subscripts : str
        A letter for each axis of each operand, operands separated by commas, then ``->`` and the
        axes of the result: ``"ij,jk->ik"`` is the matrix product. Without an arrow the result has
        the letters that occur once, in alphabetical order. An ellipsis stands for axes that
        broadcast; a letter that occurs twice in an operand takes its diagonal. Or an operand and
        the list of its axes' numbers in turn, as for NumPy's.
    *operands : array_like
        Of any number type, in any layout.
    out : ndarray, optional
        Where to put the result; of its shape.
    dtype : dtype, optional
        What is computed in and returned.
    order : {'K', 'A', 'C', 'F'}
        The memory layout of the result.
    casting : {'safe', 'same_kind', 'unsafe', 'equiv', 'no'}
        Which casts of the operands to `dtype` are allowed.
    optimize : bool, "greedy", "optimal" or list
        Whether the pairs that leave the smallest results are contracted first (so too for NumPy's
        names of strategies), or the operands from left to right; or the path to take, as
        ``numpy.einsum_path`` finds it: ``["einsum_path", (0, 1), (0, 1)]``.

    Returns
    -------
    scalar or ndarray
        Of the dtype that NumPy's promotion gives; integers wrap around.

    Raises
    ------
    ValueError
        If the subscripts do not fit the operands, the lengths of axes of one name differ, or an
        option has no such value.
    TypeError
        If an operand cannot be cast to `dtype` by the rule `casting`, or there are neither subscripts
        nor lists of axes.

    See Also
    --------
    tensordot : By numbers of axes.

    Notes
    -----
    Two operands become one stack of matrix products, in whose kernel the time is spent; of more,
    two at a time. NumPy's goes through plain loops unless it is asked to optimise.

    Examples
    --------
    >>> import mlmath_rs as np
    >>> np.einsum("ij,jk->ik", [[1, 2], [3, 4]], [[5, 6], [7, 8]])
    array([[19, 22],
           [43, 50]])
    >>> np.einsum("ii", [[1, 2], [3, 4]])
    np.int64(5)
    """
    # What a default spares of checks counts for small operands.
    if casting != "safe" or optimize is not True or order != "K":
        check_options(order, casting, optimize)
    plain = out is None and dtype is None and order == "K" and not isinstance(optimize, (list, tuple))
    if plain and len(operands) == 2 and isinstance(subscripts, str):
        a, b = operands
        if type(a) is type(b) is np.ndarray and a.dtype == b.dtype and a.dtype.kind in "biufc":
            plan = pair_of(subscripts, a.shape, b.shape)
            if plan is not None:
                return plan.product(a, b)
    dtype = None if dtype is None else dtype_of(dtype)
    arrays, names, wanted = _read(subscripts, operands, dtype)
    common = np.result_type(*arrays) if dtype is None else _array.as_array("einsum", np.empty(0, dtype)).dtype
    cast = [array.astype(common, copy=False, casting=casting) for array in arrays]
    terms = [_diagonal(array, labels) for array, labels in zip(cast, names)]
    _check_lengths(terms)
    for step in steps_of(optimize, len(terms)):
        terms = _contract_all(terms, step, wanted)
    while len(terms) > 1:
        i, j = _cheapest_pair(terms, wanted) if optimize else (0, 1)
        others = [term for place, term in enumerate(terms) if place not in {i, j}]
        kept = set(wanted).union(*(labels for _, labels in others))
        terms = [_contract(terms[i], terms[j], kept), *others]
    array, labels = _sum_out(*terms[0], set(wanted))
    result = np.asarray(array.transpose([labels.index(label) for label in wanted]), order=order)[()]
    if out is None:
        return result
    return _array.deliver("einsum", result, out, "unsafe" if casting == "unsafe" else "same_kind")


def _read(
    subscripts: Any, operands: tuple[Any, ...], dtype: DTypeLike | None
) -> tuple[list[NDArray], Sequence[Labels], Labels]:
    """Return the operands, the labels of their axes, and those of the result."""
    if not isinstance(subscripts, str):
        pairs = [subscripts, *operands]
        output = listed(pairs.pop()) if len(pairs) % 2 else None
        operands, terms = tuple(pairs[::2]), [listed(labels) for labels in pairs[1::2]]
    # What holds Python's numbers is taken where a dtype says what they are.
    arrays = [
        np.asarray(value) if dtype is not None else _array.as_array("einsum", value) for value in operands
    ]
    ranks = tuple(array.ndim for array in arrays)
    if isinstance(subscripts, str):
        return arrays, *labels_of(subscripts, ranks)
    return arrays, *named(terms, output, ranks)


def _diagonal(array: NDArray, names: Labels) -> Term:
    """Return a view of the diagonal over each label that occurs twice."""
    labels: list[Any] = list(names)
    for label in dict.fromkeys(labels):
        while labels.count(label) > 1:
            first = labels.index(label)
            second = labels.index(label, first + 1)
            if array.shape[first] != array.shape[second]:
                lengths = array.shape[first], array.shape[second]
                raise ValueError(f"einsum: axes {label!r} of one operand have lengths {lengths}")
            array = np.diagonal(array, axis1=first, axis2=second)
            del labels[second], labels[first]
            labels.append(label)
    return array, labels


def _check_lengths(terms: list[Term]) -> None:
    """Refuse axes of one label whose lengths differ; length one broadcasts."""
    lengths: dict[Hashable, int] = {}
    for array, labels in terms:
        for label, length in zip(labels, array.shape):
            known = lengths.setdefault(label, length)
            if known == 1:
                lengths[label] = length
            elif length not in {1, known}:
                raise ValueError(f"einsum: axes {label!r} have lengths {known} and {length}")


def _cheapest_pair(terms: list[Term], wanted: Labels) -> tuple[int, int]:
    """Return the two terms whose product grows least beyond them."""

    def growth(pair: tuple[int, int]) -> int:
        (a, la), (b, lb) = (terms[place] for place in pair)
        others = (labels for place, (_, labels) in enumerate(terms) if place not in pair)
        kept = set(wanted).union(*others)
        lengths = dict(zip(la, a.shape))
        for label, length in zip(lb, b.shape):
            lengths[label] = max(length, lengths.get(label, 1))
        return math.prod(length for label, length in lengths.items() if label in kept) - a.size - b.size

    return min(((i, j) for j in range(len(terms)) for i in range(j)), key=growth)


def _sum_out(array: NDArray, labels: list, kept: set) -> Term:
    """Return the sums over all axes but those of the labels that are kept."""
    axes = tuple(axis for axis, label in enumerate(labels) if label not in kept)
    if axes:
        array = np.add.reduce(array, axis=axes, dtype=array.dtype)
    return array, [label for label in labels if label in kept]


def _contract(first: Term, second: Term, kept: set) -> Term:
    """Return the product of two operands, summed over the labels that are not kept."""
    first, second = _narrowed(first, second), _narrowed(second, first)
    a, la = _sum_out(*first, kept | set(second[1]))
    b, lb = _sum_out(*second, kept | set(first[1]))
    pair, labels = joined((la, a.shape), (lb, b.shape), kept)
    return np.asarray(pair.product(a, b)), labels


def _contract_all(terms: list[Term], step: tuple[int, ...], wanted: Labels) -> list[Term]:
    """Return the other terms, and at the end the product of those of one step of a path."""
    others = [term for place, term in enumerate(terms) if place not in step]
    product, *rest = (terms[place] for place in step)
    while rest:
        factor, *rest = rest
        product = _contract(product, factor, set(wanted).union(*(labels for _, labels in [*rest, *others])))
    return [*others, product]


def _narrowed(term: Term, other: Term) -> Term:
    """Return a term without the axes of length one that broadcast against longer ones."""
    array, labels = term
    longer = {label for label, length in zip(other[1], other[0].shape) if length != 1}
    axes = tuple(axis for axis, label in enumerate(labels) if array.shape[axis] == 1 and label in longer)
    return array.squeeze(axes), [label for axis, label in enumerate(labels) if axis not in axes]
