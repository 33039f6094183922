"""Products of vectors and matrices, and what is summed along a diagonal."""

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from mlmath_rs import _array, _core, products
from mlmath_rs.errors import LinAlgError

__all__ = ["cross", "matrix_power", "multi_dot", "outer", "trace", "transpose_copy"]


def cross(x1: ArrayLike, x2: ArrayLike, /, *, axis: int = -1) -> NDArray:
    """Return the cross products of vectors in space.

    Parameters
    ----------
    x1, x2 : (..., 3) array_like
        The vectors; stacks broadcast. Any numbers but bool.
    axis : int
        The axis of the components, in the arguments and in the result.

    Returns
    -------
    (..., 3) ndarray
        Orthogonal to both.

    Raises
    ------
    ValueError
        If the vectors have other than three components.

    See Also
    --------
    mlmath_rs.cross : For vectors in a plane, and different axes.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.cross([1, 0, 0], [0, 1, 0])
    array([0, 0, 1])
    """
    lengths = [np.shape(x)[axis] for x in (x1, x2)]
    if lengths != [3, 3]:
        raise ValueError(f"cross: expected vectors of 3 components, got {lengths[0]} and {lengths[1]}")
    return _core.cross_product(x1, x2, (axis, axis, axis))


def outer(x1: ArrayLike, x2: ArrayLike, /) -> NDArray:
    """Return the products of every element of a vector with every one of another.

    Parameters
    ----------
    x1, x2 : (m,), (n,) array_like
        Of any number type.

    Returns
    -------
    (m, n) ndarray
        ``x1[i] * x2[j]``.

    Raises
    ------
    ValueError
        If one is no vector.

    See Also
    --------
    mlmath_rs.outer : Of all elements of arrays of any shape.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.outer([1, 2], [3, 4, 5])
    array([[ 3,  4,  5],
           [ 6,  8, 10]])
    """
    ranks = [np.ndim(x) for x in (x1, x2)]
    if ranks != [1, 1]:
        raise ValueError(f"outer: expected vectors, got {ranks[0]} and {ranks[1]} dimensions")
    return _core.outer(x1, x2)


def trace(x: ArrayLike, /, *, offset: int = 0, dtype: DTypeLike | None = None) -> Any:
    """Return the sum along a diagonal of a matrix, or of each matrix of a stack.

    Parameters
    ----------
    x : (..., m, n) array_like
        Of any number type.
    offset : int
        Which diagonal: 0 the main one, positive above it, negative below.
    dtype : dtype, optional
        What is summed in and returned.

    Returns
    -------
    scalar or (...) ndarray
        As :func:`mlmath_rs.trace`, whose stacks lie on the trailing axes.

    Raises
    ------
    ValueError
        If `x` has fewer than two dimensions.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.trace([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
    array([ 5, 13])
    """
    return products.trace(x, offset, -2, -1, dtype)


def matrix_power(a: ArrayLike, n: int, *, threads: int | None = None) -> Any:
    """Return a square matrix, or each of a stack, to an integer power.

    Parameters
    ----------
    a : (..., m, m) array_like
        Of any number type; integers stay integers and wrap around.
    n : int
        The exponent: 0 gives identities, a negative one powers of the inverse, in floats.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    (..., m, m) ndarray
        The product of n factors `a`.

    Raises
    ------
    TypeError
        If `n` is no integer.
    numpy.linalg.LinAlgError
        If `a` is not square, or singular and `n` negative.

    Notes
    -----
    About 2 log2(n) products, by the binary digits of n from the lowest on.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.matrix_power([[1, 1], [1, 0]], 10)
    array([[89, 55],
           [55, 34]])
    """
    try:
        n = operator.index(n)
    except TypeError:
        raise TypeError(f"n: exponent must be an integer, got {n!r:.60}") from None
    base = _array.as_array("matrix_power", a)
    if base.ndim < 2 or base.shape[-1] != base.shape[-2]:
        raise LinAlgError(f"a: expected square matrices, got shape {base.shape}")
    if n == 0:
        return np.broadcast_to(np.eye(base.shape[-1], dtype=base.dtype), base.shape).copy()
    if n < 0:
        base, n = _core.inv(base, threads=threads), -n
    result, power = None, base
    while True:
        n, odd = divmod(n, 2)
        if odd:
            result = power if result is None else _core.matmul(result, power, threads=threads)
        if not n:
            return base.copy() if result is base else result
        power = _core.matmul(power, power, threads=threads)


def multi_dot(arrays: Sequence[ArrayLike], *, out: NDArray | None = None, threads: int | None = None) -> Any:
    """Return the product of several matrices, in the order of the fewest multiplications.

    Parameters
    ----------
    arrays : sequence of array_like
        Two or more matrices; the first may be a vector, which counts as one row, and the last one,
        which counts as one column.
    out : ndarray, optional
        Where to put the result; of its shape.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    scalar or ndarray
        As ``arrays[0] @ arrays[1] @ ...``, to rounding.

    Raises
    ------
    ValueError
        If there are fewer than two, or the shapes do not fit.
    numpy.linalg.LinAlgError
        If one in the middle is no matrix.

    Notes
    -----
    Matrix-chain order by dynamic programming (Cormen, Leiserson, Rivest and Stein, "Introduction
    to Algorithms", 14.2).

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.multi_dot([[[1, 2], [3, 4]], [[1, 0], [0, 2]], [1, 1]])
    array([ 5, 11])
    """
    if len(arrays) < 2:
        raise ValueError(f"multi_dot: expected at least two arrays, got {len(arrays)}")
    factors = [_array.as_array("multi_dot", value) for value in arrays]
    for place, factor in enumerate(factors):
        at_end = place in {0, len(factors) - 1}
        if not (factor.ndim == 2 or (at_end and factor.ndim == 1)):
            kind = "one or two dimensions" if at_end else "two dimensions"
            raise LinAlgError(f"multi_dot: expected {kind} of array {place}, got {factor.ndim}")
    row, column = factors[0].ndim == 1, factors[-1].ndim == 1
    factors[0] = np.atleast_2d(factors[0])
    factors[-1] = factors[-1][:, None] if column else factors[-1]
    cuts = _best_cuts([factor.shape[0] for factor in factors] + [factors[-1].shape[1]])

    def product(first: int, last: int) -> NDArray:
        if first == last:
            return factors[first]
        cut = cuts[first, last]
        return _core.matmul(product(first, cut), product(cut + 1, last), threads=threads)

    result = product(0, len(factors) - 1)
    result = result[0] if row else result
    result = result[..., 0] if column else result
    return result if out is None else _array.deliver("multi_dot", result, out)


def _best_cuts(sizes: list[int]) -> dict[tuple[int, int], int]:
    """Return after which factor each run of factors is cut; factor i is sizes[i] by sizes[i + 1]."""
    count = len(sizes) - 1
    costs = {(i, i): 0 for i in range(count)}
    cuts = {}
    for length in range(1, count):
        for first in range(count - length):
            last = first + length
            costs[first, last], cuts[first, last] = min(
                (
                    costs[first, cut]
                    + costs[cut + 1, last]
                    + sizes[first] * sizes[cut + 1] * sizes[last + 1],
                    cut,
                )
                for cut in range(first, last)
            )
    return cuts


def transpose_copy(x: ArrayLike, *, threads: int | None = None) -> NDArray:
    """Return a copy of a matrix, or of each matrix of a stack, with rows and columns exchanged.

    Parameters
    ----------
    x : (..., m, n) array_like
        Of any number type, in any layout.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    (..., n, m) ndarray
        In C order: its rows lie along memory.

    Raises
    ------
    ValueError
        If `x` has fewer than two dimensions.

    See Also
    --------
    matrix_transpose : A view, which costs nothing but is read across memory.

    Notes
    -----
    Block by block, each turned in the nearest cache.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.transpose_copy([[1, 2, 3], [4, 5, 6]])
    array([[1, 4],
           [2, 5],
           [3, 6]])
    """
    return _core.transpose_copy(x, threads)
