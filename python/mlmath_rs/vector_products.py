"""Products of vectors, under NumPy's names: inner, outer, cross and Kronecker's."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlmath_rs import _array, _core

__all__ = ["cross", "inner", "kron", "outer", "vdot", "vecdot"]


def vdot(a: ArrayLike, b: ArrayLike, /) -> Any:
    """Return the inner product of all elements of two arrays, those of the first conjugated.

    Parameters
    ----------
    a, b : array_like
        With as many elements, taken in C order; any number type, in any layout.

    Returns
    -------
    scalar
        Of the dtype that NumPy's promotion gives; integers wrap around.

    Raises
    ------
    ValueError
        If there are not as many elements in both.

    See Also
    --------
    vecdot : Of the vectors along an axis.

    Notes
    -----
    As :func:`mlmath_rs.dot`.

    Examples
    --------
    >>> import mlmath_rs as np
    >>> np.vdot([1 + 2j, 3], [1j, 1])
    np.complex128(5+1j)
    """
    return _core.vdot(a, b)


def vecdot(x1: ArrayLike, x2: ArrayLike, /, out: NDArray | None = None, *, axis: int = -1) -> Any:
    """Return the inner products of vectors along an axis, those of the first conjugated.

    Parameters
    ----------
    x1, x2 : (..., n) array_like
        The vectors; stacks broadcast. Any number type, in any layout.
    out : (...) ndarray, optional
        Where to put the result. May be an input.
    axis : int
        The axis of the vectors.

    Returns
    -------
    scalar or (...) ndarray
        Of the dtype that NumPy's promotion gives; integers wrap around.

    Raises
    ------
    ValueError
        If the vectors differ in length, or the stacks do not broadcast.

    See Also
    --------
    vdot : Of all elements.

    Notes
    -----
    As :func:`mlmath_rs.matmul`.

    Examples
    --------
    >>> import mlmath_rs as np
    >>> np.vecdot([[1, 2], [3, 4]], [5, 6])
    array([17, 39])
    """
    if axis != -1:
        x1, x2 = np.moveaxis(np.asarray(x1), axis, -1), np.moveaxis(np.asarray(x2), axis, -1)
    result = _core.vecdot(x1, x2)
    return result if out is None else _array.deliver("vecdot", result, out)


def inner(a: ArrayLike, b: ArrayLike, /) -> Any:
    """Return the inner products of each vector along the last axis of one array with each of another.

    Parameters
    ----------
    a, b : (..., n) array_like
        Of any number type, in any layout; nothing is conjugated. A scalar multiplies.

    Returns
    -------
    scalar or ndarray
        Of shape ``a.shape[:-1] + b.shape[:-1]``; integers wrap around.

    Raises
    ------
    ValueError
        If the last axes differ.

    Notes
    -----
    As :func:`mlmath_rs.matmul`.

    Examples
    --------
    >>> import mlmath_rs as np
    >>> np.inner([[1, 0], [1, 1]], [[2, 3], [4, 5]])
    array([[2, 4],
           [5, 9]])
    """
    return _core.inner(a, b)


def outer(a: ArrayLike, b: ArrayLike, out: NDArray | None = None) -> NDArray:
    """Return the products of every element of an array with every one of another.

    Parameters
    ----------
    a, b : array_like
        Their elements are taken in C order; any number type, in any layout.
    out : (a.size, b.size) ndarray, optional
        Where to put the result.

    Returns
    -------
    (a.size, b.size) ndarray
        ``a[i] * b[j]``; integers wrap around.

    See Also
    --------
    kron : The same in blocks.

    Examples
    --------
    >>> import mlmath_rs as np
    >>> np.outer([1, 2], [3, 4, 5])
    array([[ 3,  4,  5],
           [ 6,  8, 10]])
    """
    return _core.outer(a, b, out)


def kron(a: ArrayLike, b: ArrayLike) -> Any:
    """Return Kronecker's product: a block for every element of one array, a multiple of the other.

    Parameters
    ----------
    a, b : array_like
        Of any rank: the one that has fewer axes gets ones in front. Any number type, in any layout.

    Returns
    -------
    scalar or ndarray
        Of shape ``a.shape * b.shape``, axis by axis; integers wrap around.

    See Also
    --------
    outer : The same for vectors, as a matrix.

    Examples
    --------
    >>> import mlmath_rs as np
    >>> np.kron([[1, 2]], [[1, 0], [0, 1]])
    array([[1, 0, 2, 0],
           [0, 1, 0, 2]])
    """
    return _core.kron_product(a, b)


def cross(
    a: ArrayLike, b: ArrayLike, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None
) -> Any:
    """Return the cross products of vectors of two or three components.

    Parameters
    ----------
    a, b : (..., 3) or (..., 2) array_like
        The vectors; a third component that is missing counts as zero. Stacks broadcast. Any
        numbers but bool.
    axisa, axisb, axisc : int
        The axis of the components in `a`, in `b` and in the result.
    axis : int, optional
        All three at once.

    Returns
    -------
    scalar or ndarray
        Orthogonal to both; of two vectors in a plane only the component across it. Integers wrap
        around.

    Raises
    ------
    ValueError
        If the vectors have other than two or three components.
    numpy.exceptions.AxisError
        If an axis does not exist.

    Notes
    -----
    Each product is rounded, as NumPy's are, so that the bits are the same.

    Examples
    --------
    >>> import mlmath_rs as np
    >>> np.cross([1, 2, 3], [4, 5, 6])
    array([-3,  6, -3])
    """
    axes = (axisa, axisb, axisc) if axis is None else (axis, axis, axis)
    return _core.cross_product(a, b, axes)
