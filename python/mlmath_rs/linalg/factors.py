"""Factors of matrices, and what is read off them."""

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlmath_rs import _core
from mlmath_rs.errors import LinAlgError, LinAlgWarning

__all__ = ["QRResult", "SlogdetResult", "cholesky", "lu", "lu_factor", "qr", "slogdet"]

# NumPy's own named results, so that ours print and unpack as its do.
QRResult = type(np.linalg.qr(np.eye(1)))
SlogdetResult = type(np.linalg.slogdet(np.eye(1)))

# The border's own function, as in `systems`: its documentation stands in
# `rust/python/src/linalg/factors.rs`.
cholesky = _core.cholesky
cholesky.__module__ = "mlmath_rs.linalg"


def slogdet(a: ArrayLike, *, threads: int | None = None) -> Any:
    """Return sign and logarithm of the determinant of a matrix, or of each matrix of a stack.

    Parameters
    ----------
    a : (..., n, n) array_like
        Real or complex; float32 stays float32; integers become float64.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    SlogdetResult
        `sign`, a number of absolute value 1, or 0 where the matrix is singular, and `logabsdet`,
        the natural logarithm of the determinant's absolute value, -inf where it is singular.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` is not square.

    See Also
    --------
    det : The determinant itself, which overflows soon: that of ``10 * eye(400)`` is infinite.

    Notes
    -----
    The pivots of elimination with partial pivoting, multiplied with their exponents apart.

    Examples
    --------
    >>> import numpy as np
    >>> from mlmath_rs import linalg
    >>> sign, logabsdet = linalg.slogdet(10 * np.eye(400))
    >>> print(sign, round(logabsdet / np.log(10), 9))
    1.0 400.0
    """
    return SlogdetResult(*_core.slogdet(a, threads))


def lu(
    a: ArrayLike,
    permute_l: bool = False,
    overwrite_a: bool = False,
    check_finite: bool = True,
    p_indices: bool = False,
    *,
    threads: int | None = None,
) -> tuple[Any, ...]:
    """Return the factors ``P @ L @ U`` of a matrix of any shape, or of each matrix of a stack.

    Parameters
    ----------
    a : (..., m, n) array_like
        Real or complex; float32 stays float32; integers become float64.
    permute_l : bool
        Whether to return ``P @ L`` and `U` only.
    overwrite_a : bool
        There for SciPy's sake: `a` is never written.
    check_finite : bool
        Whether to refuse NaN and infinity; else they spread.
    p_indices : bool
        Whether `P` is returned as the indices of rows: `a` is ``(L @ U)[p]``.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    p : (..., m, m) ndarray
        The permutation, or with ``p_indices=True`` (..., m) indices. Not with ``permute_l=True``.
    l : (..., m, k) ndarray
        Lower triangular with ones on its diagonal, for ``k = min(m, n)``; or ``P @ L``.
    u : (..., k, n) ndarray
        Upper triangular.

    Raises
    ------
    ValueError
        If `a` has less than two dimensions, or holds NaN or infinity and that is checked.

    See Also
    --------
    lu_factor : The same, packed for :func:`lu_solve`.

    Notes
    -----
    Elimination with partial pivoting, recursive in the columns (Toledo 1997). A singular matrix
    has factors as well; a zero is then on the diagonal of `U`.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> p, l, u = linalg.lu([[2, 4], [4, 4]])
    >>> u
    array([[4., 4.],
           [0., 2.]])
    >>> p @ l @ u
    array([[2., 4.],
           [4., 4.]])
    """
    order, lower, upper = _core.lu(a, permute_l, check_finite, threads)
    if permute_l:
        return lower, upper
    if p_indices:
        return order, lower, upper
    permutation = np.zeros((*order.shape, order.shape[-1]), dtype=lower.real.dtype)
    np.put_along_axis(permutation, order[..., None], 1, axis=-1)
    return permutation, lower, upper


def lu_factor(
    a: ArrayLike,
    overwrite_a: bool = False,
    check_finite: bool = True,
    *,
    threads: int | None = None,
) -> tuple[Any, Any]:
    """Return the packed factors of a matrix, or of each matrix of a stack, for :func:`lu_solve`.

    Parameters
    ----------
    a : (..., m, n) array_like
        Real or complex; float32 stays float32; integers become float64.
    overwrite_a : bool
        There for SciPy's sake: `a` is never written.
    check_finite : bool
        Whether to refuse NaN and infinity; else they spread.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    lu : (..., m, n) ndarray
        `U` on and above the diagonal, `L` below it without its ones.
    piv : (..., min(m, n)) int32 ndarray
        Row ``i`` was exchanged with row ``piv[i]``, in order.

    Raises
    ------
    ValueError
        If `a` has less than two dimensions, or holds NaN or infinity and that is checked.

    Warns
    -----
    LinAlgWarning
        If a matrix is exactly singular.

    Notes
    -----
    As :func:`lu`.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> factors = linalg.lu_factor([[2, 4], [4, 4]])
    >>> linalg.lu_solve(factors, [6, 8])
    array([1., 1.])
    """
    factors, pivots, column = _core.lu_factor(a, check_finite, threads)
    if column is not None:
        message = f"Diagonal number {column + 1} is exactly zero. Singular matrix."
        warnings.warn(message, LinAlgWarning, stacklevel=2)
    return factors, pivots


def qr(a: ArrayLike, mode: str = "reduced", *, threads: int | None = None) -> Any:
    """Return the factors ``Q @ R`` of a matrix of any shape, or of each matrix of a stack.

    Parameters
    ----------
    a : (..., m, n) array_like
        Real or complex; float32 stays float32; integers become float64.
    mode : {"reduced", "complete", "r", "raw"}
        Whether `Q` has ``k = min(m, n)`` columns or is square; or `R` alone; or the reflections
        as LAPACK stores them.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    QRResult
        `Q`, (..., m, k), with orthonormal columns, and `R`, (..., k, n), upper triangular; in the
        complete mode (..., m, m) and (..., m, n).
    r : (..., k, n) ndarray
        In place of it with ``mode="r"``.
    h, tau : (..., n, m) ndarray, (..., k) ndarray
        In place of it with ``mode="raw"``: `R` and the vectors of the reflections, transposed, and
        their factors.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` has less than two dimensions.
    ValueError
        If there is no such mode.

    Notes
    -----
    Householder's reflections, 32 at a time as one matrix (Schreiber and Van Loan 1989), with
    LAPACK's signs: the diagonal of `R` is real, of either sign. NaN and infinity spread.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.qr([[3, 1], [4, 2]]).R
    array([[-5. , -2.2],
           [ 0. ,  0.4]])
    """
    if np.ndim(a) < 2:
        raise LinAlgError(f"a: expected at least two dimensions, got {np.ndim(a)}")
    first, second = _core.qr(a, mode, threads)
    if mode == "r":
        return second
    return QRResult(first, second) if mode in {"reduced", "complete"} else (first, second)
