"""Singular values, and what follows from them."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlmath_rs import _core, _options
from mlmath_rs.linalg.spectra import SIGNS, SpectralInfo

__all__ = ["SVDResult", "svd", "svdvals"]

# NumPy's own named result, so that ours prints and unpacks as its does.
SVDResult = type(np.linalg.svd(np.eye(1)))


def svd(
    a: ArrayLike,
    full_matrices: bool = True,
    compute_uv: bool = True,
    hermitian: bool = False,
    *,
    driver: str = "auto",
    order: str = "descending",
    sign: str | None = "max-abs-positive",
    nan_policy: str = "raise",
    return_info: bool = False,
    threads: int | None = None,
) -> Any:
    """Return the singular value decomposition ``a = U @ diag(S) @ Vh`` of a matrix, or of each of a stack.

    Parameters
    ----------
    a : (..., m, n) array_like
        Real or complex; float32 stays float32; integers become float64.
    full_matrices : bool
        Whether `U` and `Vh` are square, completed to whole bases, or hold ``k = min(m, n)`` vectors.
    compute_uv : bool
        Whether vectors are wanted, or the values alone.
    hermitian : bool
        Whether `a` is Hermitian; then only its lower triangle is read.
    driver : {"auto", "jacobi", "bidiagonal"}
        Rotations of columns keep the digits of small values where scaling of columns, or of rows,
        makes them small; the bidiagonal form is faster from a few columns on. The default takes the
        faster.
    order : {"descending", "ascending", "magnitude"}
        Of the values, and of the vectors with them; by magnitude is descending.
    sign : {"max-abs-positive", None}
        Whether the largest component of each column of `U` is made positive, the last one on ties
        (within 8 ulp), and the row of `Vh` turned with it, or vectors are left as they were found.
    nan_policy : {"raise", "propagate"}
        Whether matrices that hold NaN or infinity are refused, with their indices in a stack, or have
        NaN for an answer.
    return_info : bool
        Whether to return a :class:`SpectralInfo` as well.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    SVDResult
        `U` of shape (..., m, m) or (..., m, k), `S`, in the order asked for, of shape (..., k), and `Vh`
        of shape (..., n, n) or (..., k, n). Only `S` with ``compute_uv=False``.
    info : SpectralInfo
        Only with ``return_info=True``.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` has fewer than two dimensions, holds NaN or infinity, or the iteration does not
        converge.
    ValueError
        If an option has no such value.

    See Also
    --------
    svdvals : The values alone.

    Notes
    -----
    Scaled by a power of two, so that nothing overflows or vanishes. Jacobi: two triangular factors,
    the first with pivoting, then one-sided rotations (Drmač and Veselić 2008); for ``a = b @ d`` with
    a diagonal `d` the *relative* error of each value is bounded by the condition of `b`, however
    small it is. Bidiagonal: reflections (Golub and Kahan 1965) and implicit QR (Demmel and Kahan
    1990), or, for vectors of more than 64 columns, divide and conquer (Gu and Eisenstat 1995); for
    tall matrices after a triangular factor (Chan 1982). Real square matrices up to 8 are
    rotated several at a time, one in each lane of a register.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> U, S, Vh = linalg.svd([[3, 0], [4, 5]])
    >>> S ** 2
    array([45.,  5.])
    """
    _options.one_of("sign", sign, SIGNS)
    vectors = ("full" if full_matrices else "thin") if compute_uv else "none"
    u, s, vh, told = _core.svd(
        a, vectors, hermitian, driver, sign is not None, order, nan_policy, return_info, threads
    )
    result = SVDResult(u, s, vh) if compute_uv else s
    return (result, SpectralInfo(*told)) if return_info else result


def svdvals(
    a: ArrayLike,
    *,
    driver: str = "auto",
    order: str = "descending",
    nan_policy: str = "raise",
    threads: int | None = None,
) -> Any:
    """Return the singular values of a matrix, or of each matrix of a stack, descending.

    Parameters
    ----------
    a : (..., m, n) array_like
        Real or complex; float32 stays float32; integers become float64.
    driver : {"auto", "jacobi", "bidiagonal"}
        As of :func:`svd`.
    order : {"descending", "ascending", "magnitude"}
        Of the values; by magnitude is descending.
    nan_policy : {"raise", "propagate"}
        Whether matrices that hold NaN or infinity are refused, with their indices in a stack, or have
        NaN for an answer.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    (..., min(m, n)) ndarray
        The values, real, in the order asked for.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` has fewer than two dimensions, holds NaN or infinity, or the iteration does not
        converge.
    ValueError
        If an option has no such value.

    Notes
    -----
    As :func:`svd`, without vectors.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.svdvals([[0, 2], [1, 0]])
    array([2., 1.])

    A matrix whose columns are scaled keeps its small values:

    >>> linalg.svdvals([[1, 1e-20], [1, -1e-20]], driver="jacobi")
    array([1.41421356e+00, 1.41421356e-20])
    """
    return _core.svd(a, "none", False, driver, False, order, nan_policy, False, threads)[1]
