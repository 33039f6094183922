"""Products of vectors and matrices under NumPy's names, and the transpose."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from mlmath_rs import _array, _core

__all__ = ["dot", "matmul", "trace", "transpose"]


def dot(
    a: ArrayLike,
    b: ArrayLike,
    out: NDArray | None = None,
    *,
    overflow: str = "wrap",
    threads: int | None = None,
) -> Any:
    """Return the dot product of two arrays, by NumPy's rules.

    Parameters
    ----------
    a, b : (..., k), (..., k, n) or (k,) array_like
        Vectors give their inner product, matrices their product; otherwise the sum runs over
        the last axis of `a` and the last but one of `b`, and a scalar multiplies.
    out : ndarray, optional
        Where to put the result; of its shape. May be an input.
    overflow : {"wrap", "raise"}
        What becomes of integer sums that do not fit: NumPy's low bits, or an `OverflowError`.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    ndarray or scalar
        Of the dtype that NumPy's promotion gives; integers stay integers.

    Raises
    ------
    ValueError
        If the shapes do not fit.
    OverflowError
        With ``overflow="raise"``, naming the first entry that does not fit.

    See Also
    --------
    matmul : The product that broadcasts over stacks; ``a @ b``.

    Notes
    -----
    Sums of floats run over fixed lanes that are folded in pairs (Higham 1993), so the result
    does not depend on the number of threads.

    Examples
    --------
    >>> import mlmath_rs as np
    >>> np.dot([1, 2, 3], [4, 5, 6])
    np.int64(32)
    """
    return _core.dot(a, b, out, overflow, threads)


def matmul(
    a: ArrayLike,
    b: ArrayLike,
    /,
    out: NDArray | None = None,
    *,
    overflow: str = "wrap",
    threads: int | None = None,
) -> Any:
    """Return the matrix product of two arrays.

    Parameters
    ----------
    a, b : (..., m, k), (..., k, n) array_like
        Matrices or stacks of them, which broadcast; a vector counts as one row on the left and
        as one column on the right. Any number type, in any layout.
    out : (..., m, n) ndarray, optional
        Where to put the result. May be an input.
    overflow : {"wrap", "raise"}
        What becomes of integer sums that do not fit: NumPy's low bits, or an `OverflowError`.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    (..., m, n) ndarray or scalar
        Of the dtype that NumPy's promotion gives; integers stay integers and are exact.

    Raises
    ------
    ValueError
        If an argument is a scalar or the shapes do not fit.
    OverflowError
        With ``overflow="raise"``, naming the first entry that does not fit.

    See Also
    --------
    dot : The same for matrices; other rules for stacks.

    Notes
    -----
    Packed blocks and a register tile per instruction set, after Van Zee and van de Geijn,
    "BLIS", ACM Trans. Math. Softw. 41 (2015). Integers go through floats where a bound proves
    that exact.

    Examples
    --------
    >>> import mlmath_rs as np
    >>> np.matmul([[1, 2], [3, 4]], [[5, 6], [7, 8]])
    array([[19, 22],
           [43, 50]])
    """
    return _core.matmul(a, b, out, overflow, threads)


def trace(
    a: ArrayLike,
    offset: int = 0,
    axis1: int = 0,
    axis2: int = 1,
    dtype: DTypeLike | None = None,
    out: NDArray | None = None,
) -> Any:
    """Return the sum along a diagonal of a matrix, or of each matrix of a stack.

    Parameters
    ----------
    a : array_like
        Of at least two dimensions, of any number type, in any layout.
    offset : int
        Which diagonal: 0 the main one, positive above it, negative below.
    axis1, axis2 : int
        The axes of the matrices: the first two, so that a stack on leading axes needs
        ``axis1=-2, axis2=-1``.
    dtype : dtype, optional
        What is summed in and returned; else integers and bool are summed in 64 bits, and other
        types in their own.
    out : ndarray, optional
        Where to put the result; of its shape.

    Returns
    -------
    scalar or ndarray
        Of the shape of `a` without the two axes; 0 for a diagonal outside of the matrix.

    Raises
    ------
    ValueError
        If `a` has fewer than two dimensions, or the axes do not exist or are one.

    Notes
    -----
    The diagonal of a single matrix is summed in halves (Higham 1993).

    Examples
    --------
    >>> import mlmath_rs as np
    >>> np.trace([[1, 2], [3, 4]])
    np.int64(5)
    >>> np.trace([[1, 2], [3, 4]], offset=1)
    np.int64(2)
    """
    if dtype is None:
        return _core.matrix_trace(a, offset, axis1, axis2, out)
    result = _core.matrix_trace(np.asarray(a, dtype), offset, axis1, axis2).astype(dtype)
    return result if out is None else _array.deliver("trace", result, out)


def transpose(a: ArrayLike, axes: tuple[int, ...] | None = None) -> NDArray:
    """Return a view of an array with its axes permuted.

    Parameters
    ----------
    a : array_like
        An array of any rank.
    axes : tuple of int, optional
        Axis `i` of the result is ``axes[i]`` of `a`; reversed where not given.

    Returns
    -------
    ndarray
        A view: nothing is copied.

    Raises
    ------
    ValueError
        If `axes` is no permutation of the axes.

    Examples
    --------
    >>> import mlmath_rs as np
    >>> np.transpose([[1, 2], [3, 4]])
    array([[1, 3],
           [2, 4]])
    """
    return np.transpose(a, axes)
