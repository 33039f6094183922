"""Least squares."""

# Signatures are text, so that `help` says ArrayLike, not all that it stands for.
from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import ArrayLike

from mlmath_rs import _core

__all__ = ["LstsqResult", "lstsq"]


class LstsqResult(NamedTuple):
    """Solutions of least squares, which unpack as NumPy's.

    Attributes
    ----------
    x : (..., n) or (..., n, k) ndarray
        The solutions.
    residuals : (0,) or (..., k) ndarray
        Sums of the squared magnitudes of ``b - a @ x``.
    rank : int or (...) ndarray of int
        How many singular values count.
    s : (..., min(m, n)) ndarray
        Singular values of the matrices, descending.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.lstsq([[2.0], [0.0]], [4.0, 3.0]).residuals
    array([9.])
    """

    x: Any
    residuals: Any
    rank: Any
    s: Any


def lstsq(
    a: ArrayLike, b: ArrayLike, rcond: float | None = None, *, threads: int | None = None
) -> LstsqResult:
    """Return the least-squares solutions of systems of equations: where ``|b - a @ x|`` is smallest.

    Parameters
    ----------
    a : (..., m, n) array_like
        The coefficients, real or complex; float32 stays float32; integers become float64.
    b : (m,) or (..., m, k) array_like
        One right-hand side, or as many as columns. Stacks broadcast.
    rcond : float, optional
        Singular values up to `rcond` times the largest count as zero; by default ``max(m, n)`` times
        the epsilon of the dtype, and epsilon itself for a negative one.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    x : (..., n) or (..., n, k) ndarray
        Of all solutions the shortest.
    residuals : (0,) or (..., k) ndarray
        Sums of the squared magnitudes of ``b - a @ x``. Empty unless there are more rows than columns
        and, for a single matrix, its rank is full; of a stack, NaN where it is not.
    rank : int or (...) ndarray of int
        How many singular values count.
    s : (..., min(m, n)) ndarray
        Singular values, descending.

    Raises
    ------
    numpy.linalg.LinAlgError
        If the shapes do not fit, `a` has fewer than two dimensions, or holds NaN or infinity. What is
        not finite in `b` comes out as NaN.

    See Also
    --------
    pinv : The matrix that gives the same solutions.

    Notes
    -----
    By reflections (Golub 1965): ``a = Q @ R``, or its adjoint where there are more columns than rows.
    The singular values of R are those of `a`. Where none counts as zero, R is solved, which is as
    stable as the singular vectors are; else these give the shortest solution. NumPy takes them always,
    and judges float32 by the epsilon of float64, so that what rounding left of a zero counts.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> x, residuals, rank, s = linalg.lstsq([[0, 1], [1, 1], [2, 1], [3, 1]], [-1, 0.2, 0.9, 2.1])
    >>> x.round(12)
    array([ 1.  , -0.95])
    >>> rank
    np.int64(2)
    """
    x, residuals, rank, s = _core.least_squares(a, b, rcond, threads)
    if not rank.ndim and rank < x.shape[0 if x.ndim == 1 else -2]:
        residuals = residuals[:0]
    return LstsqResult(x, residuals, rank, s)
