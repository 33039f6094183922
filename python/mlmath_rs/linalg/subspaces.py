"""What follows from singular values: pseudo-inverse, rank, condition, bases and the polar form."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mlmath_rs import _core, _options
from mlmath_rs._array import as_array
from mlmath_rs.errors import LinAlgError
from mlmath_rs.linalg.norms import matrix_norm
from mlmath_rs.linalg.systems import inv

__all__ = ["PolarResult", "cond", "matrix_rank", "null_space", "orth", "pinv", "polar", "rcond"]


class PolarResult(NamedTuple):
    """A polar form, which unpacks as SciPy's.

    Attributes
    ----------
    u : (..., m, n) ndarray
        With orthonormal columns, or rows where there are more columns.
    p : (..., n, n) or (..., m, m) ndarray
        Hermitian and positive semidefinite.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.polar([[0, -2], [2, 0]]).p
    array([[2., 0.],
           [0., 2.]])
    """

    u: Any
    p: Any


def _each(name: str, bound: Any, stack: tuple[int, ...]) -> list[float] | None:
    """Return one bound for all matrices, or one for each of the stack."""
    if bound is None:
        return None
    values = np.asarray(bound, dtype=np.float64)
    if np.isnan(values).any() or (values < 0).any():
        raise ValueError(f"{name}: must be >= 0, got {bound!r:.60}")
    if values.ndim == 0:
        return [float(values)]
    return np.broadcast_to(values, stack).ravel().tolist()


def _stack(a: Any) -> tuple[int, ...]:
    return np.shape(a)[:-2]


def pinv(
    a: ArrayLike,
    rcond: ArrayLike | None = None,
    hermitian: bool = False,
    *,
    rtol: ArrayLike | None = None,
    threads: int | None = None,
) -> Any:
    """Return the pseudo-inverse of a matrix, or of each of a stack.

    Parameters
    ----------
    a : (..., m, n) array_like
        Real or complex; float32 stays float32; integers become float64.
    rcond : (...) array_like of float, optional
        Singular values up to `rcond` times the largest count as zero; the older name of `rtol`.
    hermitian : bool
        Whether `a` is Hermitian; then only its lower triangle is read.
    rtol : (...) array_like of float, optional
        The same; by default ``max(m, n)`` times the epsilon of the dtype.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    (..., n, m) ndarray
        The matrix with the properties of Penrose: of all least-squares solutions it gives the shortest.

    Raises
    ------
    ValueError
        If both bounds are given, or one is negative.
    numpy.linalg.LinAlgError
        If `a` has fewer than two dimensions, or holds NaN or infinity.

    Notes
    -----
    By :func:`svd`. NumPy's bound is 1e-15 where none is given: less than rounding makes of a zero,
    in float32 always.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.pinv([[2, 0], [0, 0], [0, 4]])
    array([[0.5 , 0.  , 0.  ],
           [0.  , 0.  , 0.25]])
    """
    if rcond is not None and rtol is not None:
        raise ValueError("rtol: expected None where rcond is given, got both")
    bound = _each("rtol" if rcond is None else "rcond", rtol if rcond is None else rcond, _stack(a))
    return _core.pinv(a, bound, hermitian, threads)


def matrix_rank(
    A: ArrayLike,
    tol: ArrayLike | None = None,
    hermitian: bool = False,
    *,
    rtol: ArrayLike | None = None,
    threads: int | None = None,
) -> Any:
    """Return the rank of a matrix, or of each of a stack: how many singular values are not zero.

    Parameters
    ----------
    A : (..., m, n) array_like
        Of a vector the rank is 1, or 0 if it is zero.
    tol : (...) array_like of float, optional
        Singular values up to this count as zero.
    hermitian : bool
        Whether `A` is Hermitian; then only its lower triangle is read.
    rtol : (...) array_like of float, optional
        The same, relative to the largest; by default ``max(m, n)`` times the epsilon of the dtype.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    int or (...) ndarray of int
        The ranks.

    Raises
    ------
    ValueError
        If both bounds are given, or one is negative.
    numpy.linalg.LinAlgError
        If `A` holds NaN or infinity.

    Notes
    -----
    By :func:`svdvals`.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.matrix_rank([[1, 2], [2, 4]])
    np.int64(1)
    """
    if tol is not None and rtol is not None:
        raise ValueError("rtol: expected None where tol is given, got both")
    if np.ndim(A) < 2:
        return int(np.any(as_array("linalg.matrix_rank", A)))
    stack = _stack(A)
    return _core.matrix_rank(A, _each("tol", tol, stack), _each("rtol", rtol, stack), hermitian, threads)


def cond(x: ArrayLike, p: float | str | None = None, *, threads: int | None = None) -> Any:
    """Return the condition number of a matrix, or of each of a stack.

    Parameters
    ----------
    x : (..., m, n) array_like
        Square, unless `p` is None, 2 or -2.
    p : {None, 1, -1, 2, -2, inf, -inf, "fro", "nuc"}
        The norm; None is 2, the ratio of the largest to the smallest singular value.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    float or (...) ndarray
        Infinite for singular matrices.

    Raises
    ------
    ValueError
        If `p` is another norm.
    numpy.linalg.LinAlgError
        If `x` has no elements, is not square where it must be, or, for norms that come from singular
        values, holds NaN or infinity.

    See Also
    --------
    rcond : Its reciprocal.

    Notes
    -----
    By :func:`svdvals`, for 1 and inf by the inverse.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.cond([[4, 0], [0, 1]])
    np.float64(4.0)
    >>> linalg.cond([[1, 2], [2, 4]], 1)
    np.float64(inf)
    """
    if p in _OF_SUMS:
        return _cond_of_sums(x, p, threads)
    return _core.cond(x, _norm(p), threads)


def rcond(a: ArrayLike, p: float | str | None = 1, *, threads: int | None = None) -> Any:
    """Return the reciprocal of the condition number of a matrix, or of each of a stack.

    Parameters
    ----------
    a : (..., n, n) array_like
        The matrices.
    p : {1, -1, 2, -2, inf, -inf, "fro", "nuc", None}
        The norm, as of :func:`cond`.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    float or (...) ndarray
        1 for the identity, 0 for singular matrices, NaN where a matrix holds NaN.

    Raises
    ------
    ValueError
        If `p` is another norm.
    numpy.linalg.LinAlgError
        As of :func:`cond`.

    Notes
    -----
    Exact up to rounding, from the inverse or the singular values, where LAPACK's estimates.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.rcond([[4, 0], [0, 1]])
    np.float64(0.25)
    """
    condition = cond(a, p, threads=threads)
    return np.reciprocal(condition)


# Norms of sums of rows or columns, which singular values do not give.
_OF_SUMS = (1, -1, np.inf, -np.inf)


def _cond_of_sums(x: ArrayLike, p: Any, threads: int | None) -> Any:
    """Return the norm of the matrices times that of their inverses."""
    if np.ndim(x) >= 2 and 0 in np.shape(x)[-2:]:
        raise LinAlgError(f"x: expected matrices that have elements, got shape {np.shape(x)}")
    inverse = inv(x, errors="nan", threads=threads)
    with np.errstate(all="ignore"):
        condition = matrix_norm(x, ord=p, threads=threads) * matrix_norm(inverse, ord=p, threads=threads)
    unknown = np.isnan(condition)
    if not np.any(unknown):
        return condition
    # NaN is the answer only where it was in the question.
    infinite = unknown & ~np.isnan(np.asarray(x)).any(axis=(-2, -1))
    return np.where(infinite, condition.dtype.type(np.inf), condition)[()]


def _norm(p: float | str | None) -> str:
    if p is None:
        return "2"
    if isinstance(p, str):
        return p
    if not isinstance(p, (int, float, np.number)):
        raise TypeError(f"p: expected None, a number or a string, got {p!r:.60}")
    return str(int(p)) if np.isfinite(p) and p == int(p) else str(p)


def null_space(A: ArrayLike, rcond: float | None = None, *, threads: int | None = None) -> Any:
    """Return an orthonormal basis of what a matrix, or each of a stack, makes zero.

    Parameters
    ----------
    A : (..., m, n) array_like
        Matrices of a stack must have null spaces of one dimension.
    rcond : float, optional
        Singular values up to `rcond` times the largest count as zero; by default ``max(m, n)`` times
        the epsilon of the dtype.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    (..., n, k) ndarray
        The basis, as columns; the largest component of each is positive.

    Raises
    ------
    ValueError
        If `rcond` is negative, or the dimensions in a stack differ.
    numpy.linalg.LinAlgError
        If `A` has fewer than two dimensions, or holds NaN or infinity.

    Notes
    -----
    The right singular vectors of the values that count as zero.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.null_space([[1, 0], [0, 0]])
    array([[0.],
           [1.]])
    """
    return _core.basis(A, True, _each("rcond", rcond, _stack(A)), threads)


def orth(A: ArrayLike, rcond: float | None = None, *, threads: int | None = None) -> Any:
    """Return an orthonormal basis of the range of a matrix, or of each of a stack.

    Parameters
    ----------
    A : (..., m, n) array_like
        Matrices of a stack must have one rank.
    rcond : float, optional
        As of :func:`null_space`.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    (..., m, k) ndarray
        The basis, as columns; the largest component of each is positive.

    Raises
    ------
    ValueError
        If `rcond` is negative, or the ranks in a stack differ.
    numpy.linalg.LinAlgError
        If `A` has fewer than two dimensions, or holds NaN or infinity.

    Notes
    -----
    The left singular vectors of the values that do not count as zero.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.orth([[2, 0], [0, 0]])
    array([[1.],
           [0.]])
    """
    return _core.basis(A, False, _each("rcond", rcond, _stack(A)), threads)


def polar(a: ArrayLike, side: str = "right", *, threads: int | None = None) -> PolarResult:
    """Return the polar form of a matrix, or of each of a stack: ``a = u @ p`` or ``a = p @ u``.

    Parameters
    ----------
    a : (..., m, n) array_like
        Real or complex.
    side : {"right", "left"}
        Where `p` stands.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    PolarResult
        `u` of shape (..., m, n), with orthonormal columns or rows, and `p`, Hermitian and positive
        semidefinite, of shape (..., n, n) at the right or (..., m, m) at the left.

    Raises
    ------
    ValueError
        If `side` is another word.
    numpy.linalg.LinAlgError
        If `a` has fewer than two dimensions, or holds NaN or infinity.

    Notes
    -----
    By :func:`svd` (Higham 1986). Of a singular matrix `u` is not unique.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> u, p = linalg.polar([[0, -2], [2, 0]])
    >>> u
    array([[ 0., -1.],
           [ 1.,  0.]])
    """
    _options.one_of("side", side, ("right", "left"))
    return PolarResult(*_core.polar(a, side == "left", threads))
