"""The subscripts of `einsum`: which axis has which label, and two operands as one matrix product."""

import functools
import math
from collections.abc import Container, Hashable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from mlmath_rs import _core, _options

__all__ = [
    "Labels",
    "Pair",
    "check_options",
    "dtype_of",
    "labels_of",
    "listed",
    "named",
    "pair_of",
    "steps_of",
]

CASTINGS = ("no", "equiv", "safe", "same_kind", "unsafe")
STRATEGIES = ("greedy", "optimal")

# A label for each axis.
Labels = Sequence[Hashable]
Shape = tuple[int, ...]

# As many subscripts, with shapes, as a program is likely to use in a loop.
REMEMBERED = 512


@functools.lru_cache(REMEMBERED)
def labels_of(subscripts: str, ranks: tuple[int, ...]) -> tuple[Sequence[Labels], Labels]:
    """Return the labels of operands of these ranks, and those of the result.

    Raises
    ------
    ValueError
        If the subscripts do not fit.
    """
    words, arrow, result = subscripts.replace(" ", "").partition("->")
    return named([letters(word) for word in words.split(",")], letters(result) if arrow else None, ranks)


def named(
    terms: list[list[Any]], output: list[Any] | None, ranks: tuple[int, ...]
) -> tuple[Sequence[Labels], Labels]:
    """Return the labels without ellipses, and those of the result, which may be left to be found.

    Raises
    ------
    ValueError
        If the labels do not fit the ranks, or those of the result not the operands.
    """
    if len(terms) != len(ranks):
        raise ValueError(f"einsum: {len(terms)} operands are named, {len(ranks)} were given")
    names = [without_ellipsis(labels, rank) for labels, rank in zip(terms, ranks)]
    dots = max((sum(isinstance(label, tuple) for label in labels) for labels in names), default=0)
    spread = [("...", place) for place in range(dots, 0, -1)]
    if output is None:
        seen = [label for labels in terms for label in labels if label is not Ellipsis]
        output = [..., *sorted(label for label in set(seen) if seen.count(label) == 1)]
    wanted = [name for label in output for name in (spread if label is Ellipsis else [label])]
    known = {label for labels in names for label in labels}
    for label in wanted:
        if label not in known:
            raise ValueError(f"einsum: the result has {label!r}, which no operand has")
        if wanted.count(label) > 1:
            raise ValueError(f"einsum: the result has {label!r} twice")
    return names, wanted


def letters(word: str) -> list[Any]:
    """Return the labels of one operand."""
    before, dots, after = word.partition("...")
    for letter in before + after:
        if not (letter.isascii() and letter.isalpha()):
            raise ValueError(f"einsum: expected letters, got {letter!r} in {word!r}")
    return [*before, *([...] if dots else []), *after]


def without_ellipsis(labels: list[Any], rank: int) -> list[Any]:
    """Return a label for each axis: those of an ellipsis are counted from the last one."""
    named = sum(label is not Ellipsis for label in labels)
    hidden = rank - named
    if len(labels) - named > 1 or hidden < 0 or (hidden and len(labels) == named):
        raise ValueError(f"einsum: an operand of {rank} dimensions does not have the axes {labels!r}")
    spread = [("...", place) for place in range(hidden, 0, -1)]
    return [name for label in labels for name in (spread if label is Ellipsis else [label])]


def check_options(order: Any, casting: Any, optimize: Any) -> None:
    """Raise `ValueError` for options that `einsum` does not have."""
    _options.one_of("order", order, ("K", "A", "C", "F"))
    _options.one_of("casting", casting, CASTINGS)
    if optimize is None or isinstance(optimize, (bool, np.bool_)):
        return
    if isinstance(optimize, str):
        known = optimize in STRATEGIES
    else:
        first = optimize[0] if isinstance(optimize, (list, tuple)) and optimize else None
        # A strategy may come with a limit of memory, which is NumPy's own matter.
        known = isinstance(first, str) and (
            first == "einsum_path" or (first in STRATEGIES and len(optimize) == 2)
        )
    if not known:
        raise ValueError(
            "optimize: expected True, False, 'greedy', 'optimal' or a path such as ['einsum_path', (0, 1)], "
            f"got {optimize!r:.60}"
        )


def steps_of(optimize: Any, count: int) -> list[tuple[int, ...]]:
    """Return the places of operands that each step of a path takes; none where there is no path.

    Raises
    ------
    ValueError
        If a step takes operands that are not there.
    """
    if not isinstance(optimize, (list, tuple)) or optimize[0] != "einsum_path":
        return []
    for step in optimize[1:]:
        fits = isinstance(step, (list, tuple)) and all(isinstance(place, (int, np.integer)) for place in step)
        if not fits or not step or len(set(step)) < len(step) or not all(0 <= p < count for p in step):
            raise ValueError(f"optimize: expected places of {count} operands in each step, got {step!r:.60}")
        count -= len(step) - 1
    return [tuple(step) for step in optimize[1:]]


def dtype_of(dtype: DTypeLike) -> np.dtype:
    """Return `dtype`; raise `TypeError` for what is none."""
    try:
        return np.dtype(dtype)
    except TypeError:
        raise TypeError(f"dtype: expected the name of an element type, got {dtype!r:.60}") from None


def listed(labels: Any) -> list[Any]:
    """Return the axes' labels that follow an operand; raise `TypeError` for what is no list of them."""
    try:
        found = list(labels)
    except TypeError:
        found = [None]
    if not all(label is Ellipsis or isinstance(label, (int, np.integer, str)) for label in found):
        raise TypeError(
            "einsum: expected subscripts such as 'ij,jk->ik' first, or operands and lists of their axes' "
            f"numbers in turn, got {type(labels).__name__} in place of such a list"
        )
    return found


class Pair(NamedTuple):
    """Two operands of known shapes as one stack of matrix products.

    Attributes
    ----------
    left, right : (tuple of int, tuple of int)
        The order of an operand's axes, and its shape as a stack of matrices.
    shape : tuple of int
        The product's own axes.
    order : tuple of int
        Their order in the result.
    """

    left: tuple[Shape, Shape]
    right: tuple[Shape, Shape]
    shape: Shape
    order: Shape

    def product(self, a: NDArray, b: NDArray) -> Any:
        """Return the sums of products."""
        (axes, shape), (other_axes, other_shape) = self.left, self.right
        product = _core.matmul(a.transpose(axes).reshape(shape), b.transpose(other_axes).reshape(other_shape))
        return product.reshape(self.shape).transpose(self.order)[()]


@functools.lru_cache(REMEMBERED)
def pair_of(subscripts: str, first: Shape, second: Shape) -> Pair | None:
    """Return operands of these shapes as one product, or `None` where there is more to do.

    More to do have diagonals, axes that only one operand has and the result has not, and axes
    that broadcast.
    """
    (la, lb), wanted = labels_of(subscripts, (len(first), len(second)))
    lengths = dict(zip(lb, second)) | dict(zip(la, first))
    shared = [label for label in la if label in lb]
    alone = set(la) ^ set(lb)
    repeated = len(set(la)) < len(la) or len(set(lb)) < len(lb)
    if repeated or not alone <= set(wanted) or any(second[lb.index(x)] != lengths[x] for x in shared):
        return None
    pair, labels = joined((la, first), (lb, second), set(wanted))
    return pair._replace(order=tuple(labels.index(label) for label in wanted))


def joined(
    first: tuple[Labels, Shape], second: tuple[Labels, Shape], kept: Container[Hashable]
) -> tuple[Pair, list[Hashable]]:
    """Return two operands as one product, summed over the shared labels that are not kept, and its labels.

    The labels of an operand differ, and each that it has alone is kept.
    """
    (la, shape), (lb, other_shape) = first, second
    lengths = dict(zip(lb, other_shape)) | dict(zip(la, shape))
    shared = [label for label in la if label in lb]
    stack = [label for label in shared if label in kept]
    summed = [label for label in shared if label not in kept]
    left = [label for label in la if label not in lb]
    right = [label for label in lb if label not in la]

    def arranged(labels: Labels, *groups: list[Hashable]) -> tuple[Shape, Shape]:
        axes = tuple(labels.index(label) for group in groups for label in group)
        return axes, tuple(math.prod(lengths[label] for label in group) for group in groups)

    groups = [stack] if stack else []
    labels = [*stack, *left, *right]
    pair = Pair(
        arranged(la, *groups, left, summed),
        arranged(lb, *groups, summed, right),
        tuple(lengths[label] for label in labels),
        tuple(range(len(labels))),
    )
    return pair, labels
