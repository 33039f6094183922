"""What is done with vectors: directions, angles, projections, orthonormal bases."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlmath_rs import _core, vector_products
from mlmath_rs._array import as_array
from mlmath_rs.linalg.norms import norm

__all__ = ["angle", "axpy", "cosine_similarity", "gram_schmidt", "normalize", "project", "scale"]


# Python's own numbers, which take the type of what they meet.
_NUMBERS = (bool, int, float, complex)


def normalize(
    x: ArrayLike, ord: float = 2, axis: int = -1, *, zero: str = "raise", threads: int | None = None
) -> NDArray:
    """Return vectors divided by their norms.

    Parameters
    ----------
    x : (..., n) array_like
        The vectors, real or complex; float32 stays float32; integers become float64.
    ord : number
        Which norm, as in :func:`norm`; at least 1.
    axis : int
        The axis of the vectors.
    zero : {"raise", "zeros"}
        What becomes of vectors of zeros: an error that names the first, or zeros.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    (..., n) ndarray
        Vectors of norm 1.

    Raises
    ------
    ValueError
        If a vector is zero and `zero` is ``"raise"``, or `ord` is below 1, which is no norm.
    numpy.exceptions.AxisError
        If there is no such axis.

    Notes
    -----
    Vectors whose norm overflows, or is so small that it has lost digits, are scaled by a power of
    two first, which is exact. NaN goes through.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.normalize([3.0, 4.0])
    array([0.6, 0.8])
    >>> linalg.normalize([[0, 2], [0, 0]], zero="zeros")
    array([[0., 1.],
           [0., 0.]])
    """
    return _core.normalize_vectors(x, ord, axis, zero, threads)


def angle(a: ArrayLike, b: ArrayLike, *, axis: int = -1) -> Any:
    """Return the angle between vectors, in radians.

    Parameters
    ----------
    a, b : (..., n) array_like
        The vectors; stacks broadcast. The parts of complex numbers count as components.
    axis : int
        The axis of the vectors.

    Returns
    -------
    scalar or (...) ndarray
        From 0 to pi.

    Raises
    ------
    ValueError
        If a vector is zero: it has no direction.

    See Also
    --------
    mlmath_rs.angle : NumPy's, the argument of a complex number.

    Notes
    -----
    ``2 arctan2(|u - v|, |u + v|)`` of the unit vectors (W. Kahan, "How futile are mindless
    assessments of roundoff", 2006): right to the last digits for the smallest angles too, where
    the arc cosine of the inner product is 0 or wrong by half of the digits.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.angle([1, 0], [0, 2])
    np.float64(1.5707963267948966)
    >>> linalg.angle([1, 0], [1, 1e-12])
    np.float64(1e-12)
    """
    u, v = normalize(a, axis=axis), normalize(b, axis=axis)
    return 2 * np.arctan2(norm(u - v, axis=axis), norm(u + v, axis=axis))


def cosine_similarity(x: ArrayLike, y: ArrayLike | None = None) -> Any:
    """Return the cosines of the angles of every vector of one array with every one of another.

    Parameters
    ----------
    x, y : (n, p), (m, p) or (p,) array_like
        A vector, or a matrix whose rows are the vectors; `y` is `x` where not given.

    Returns
    -------
    scalar or (n, m) ndarray
        The inner products of the unit vectors; 0 where a vector is zero, as in scikit-learn.

    See Also
    --------
    angle : The angles themselves, right for small ones too.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.cosine_similarity([3, 4], [4, 3])
    np.float64(0.96)
    >>> linalg.cosine_similarity([[1, 0], [0, 2]])
    array([[1., 0.],
           [0., 1.]])
    """
    u = normalize(x, zero="zeros")
    return vector_products.inner(u, np.conj(u if y is None else normalize(y, zero="zeros")))


def project(a: ArrayLike, b: ArrayLike, *, axis: int = -1) -> NDArray:
    """Return the orthogonal projections of vectors on the lines along others.

    Parameters
    ----------
    a : (..., n) array_like
        The vectors that are projected, real or complex.
    b : (..., n) array_like
        The directions of the lines, of any length but zero; stacks broadcast.
    axis : int
        The axis of the vectors.

    Returns
    -------
    (..., n) ndarray
        Multiples of `b`; what is left of `a` is orthogonal to `b`.

    Raises
    ------
    ValueError
        If a vector of `b` is zero: it has no direction.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.project([2, 3], [4, 0])
    array([2., 0.])
    """
    unit = normalize(b, axis=axis)
    share = vector_products.vecdot(unit, a, axis=axis)
    return np.expand_dims(share, axis) * unit


def gram_schmidt(a: ArrayLike, *, threads: int | None = None) -> NDArray:
    """Return orthonormal vectors that span what the columns of a matrix span, step by step.

    Parameters
    ----------
    a : (..., m, n) array_like
        The vectors, as columns: real or complex, independent.
    threads : int, optional
        How many threads may be used; each takes matrices of the stack.

    Returns
    -------
    (..., m, n) ndarray
        Orthonormal columns, the first k of which span what the first k of `a` span. A column's
        inner product with that of `a` is positive, which makes the result unique.

    Raises
    ------
    ValueError
        If a column depends on those before it; the first is named.

    Notes
    -----
    Classical Gram-Schmidt, done twice (Giraud, Langou, Rozložník and van den Eshof 2005), so that
    the columns are orthogonal to rounding even where those of `a` are nearly dependent.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.gram_schmidt([[3.0, 1.0], [4.0, 7.0]])
    array([[ 0.6, -0.8],
           [ 0.8,  0.6]])
    """
    return _core.orthonormal_columns(a, threads)


def scale(a: ArrayLike, x: ArrayLike, *, out: NDArray | None = None, threads: int | None = None) -> Any:
    """Return a multiple of a vector: ``a * x``.

    Parameters
    ----------
    a : scalar or array_like
        The factor; arrays broadcast.
    x : array_like
        The vector, of any shape and number type.
    out : ndarray, optional
        Where to put the result; of its shape. May be an input.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    scalar or ndarray
        Of the dtype that NumPy's promotion gives; integers wrap around.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    See Also
    --------
    axpy : With a sum.

    Notes
    -----
    BLAS's ``scal``, with NumPy's bits.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.scale(2, [1.0, 2.0])
    array([2., 4.])
    """
    a, x = _of_one_dtype("scale", a, x)
    return _core.multiple_plus(a, x, None, out, threads)


def axpy(
    a: ArrayLike, x: ArrayLike, y: ArrayLike, *, out: NDArray | None = None, threads: int | None = None
) -> Any:
    """Return a multiple of a vector, added to another one: ``a * x + y``.

    Parameters
    ----------
    a : scalar or array_like
        The factor; arrays broadcast.
    x, y : array_like
        The vectors, of any shapes that broadcast and any number type.
    out : ndarray, optional
        Where to put the result; of its shape. May be an input: ``axpy(a, x, y, out=y)`` is BLAS's.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    scalar or ndarray
        Of the dtype that NumPy's promotion gives; integers wrap around. `y` is not changed.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    See Also
    --------
    scale : Without the sum.

    Notes
    -----
    In one pass, without an array for the product, and rounded twice: NumPy's bits.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.axpy(2, [1.0, 2.0], [10.0, 20.0])
    array([12., 24.])
    """
    a, x, y = _of_one_dtype("axpy", a, x, y)
    return _core.multiple_plus(a, x, y, out, threads)


def _of_one_dtype(name: str, *values: ArrayLike) -> list[Any]:
    """Return the arguments in their common dtype, in which Python's own numbers count for little."""
    arrays = [value if type(value) in _NUMBERS else as_array(name, value) for value in values]
    if all(type(value) in _NUMBERS for value in values):
        return arrays
    dtype = np.result_type(*arrays)
    return [np.asarray(value, dtype) if type(value) in _NUMBERS else value for value in arrays]
