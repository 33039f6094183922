"""Products of vectors and matrices under NumPy's names, and the transpose."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from mlmath_rs import _array, _core

__all__ = ["dot", "matmul", "matvec", "trace", "transpose", "vecmat"]

# The border's own functions: one in Python around them would cost as much as a product of two
# 4x4 matrices. Their documentation stands in `rust/python/src/products.rs`.
dot = _core.dot
matmul = _core.matmul
dot.__module__ = matmul.__module__ = __name__


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


def matvec(x1: ArrayLike, x2: ArrayLike, /, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return the products of matrices with vectors.

    Parameters
    ----------
    x1 : (..., m, n) array_like
        The matrices; any number type, in any layout.
    x2 : (..., n) array_like
        The vectors; stacks broadcast, other than in :func:`matmul`, which takes an array of two
        dimensions for a matrix.
    out : (..., m) ndarray, optional
        Where to put the result. May be an input.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    (..., m) ndarray
        Of the dtype that NumPy's promotion gives; integers wrap around.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Notes
    -----
    As :func:`matmul`.

    Examples
    --------
    >>> import mlmath_rs as np
    >>> np.matvec([[1, 2], [3, 4]], [[1, 0], [1, 1]])
    array([[1, 3],
           [3, 7]])
    """
    x1, x2 = np.asarray(x1), np.asarray(x2)
    if x1.ndim < 2 or x2.ndim < 1:
        raise ValueError(f"matvec: expected matrices and vectors, got {x1.ndim} and {x2.ndim} dimensions")
    if x2.ndim == 1:
        return _core.matmul(x1, x2, out, threads=threads)
    result = _core.matmul(x1, x2[..., None], threads=threads)[..., 0]
    return result if out is None else _array.deliver("matvec", result, out)


def vecmat(x1: ArrayLike, x2: ArrayLike, /, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return the products of vectors, which are conjugated, with matrices.

    Parameters
    ----------
    x1 : (..., m) array_like
        The vectors; any number type, in any layout.
    x2 : (..., m, n) array_like
        The matrices; stacks broadcast.
    out : (..., n) ndarray, optional
        Where to put the result. May be an input.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    (..., n) ndarray
        Of the dtype that NumPy's promotion gives; integers wrap around.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Notes
    -----
    As :func:`matmul`.

    Examples
    --------
    >>> import mlmath_rs as np
    >>> np.vecmat([[1, 0], [1, 1]], [[1, 2], [3, 4]])
    array([[1, 2],
           [4, 6]])
    """
    x1, x2 = np.asarray(x1), np.asarray(x2)
    if x1.ndim < 1 or x2.ndim < 2:
        raise ValueError(f"vecmat: expected vectors and matrices, got {x1.ndim} and {x2.ndim} dimensions")
    x1 = np.conj(x1) if x1.dtype.kind == "c" else x1
    result = _core.matmul(x1[..., None, :], x2, threads=threads)[..., 0, :]
    return result if out is None else _array.deliver("vecmat", result, out)
