"""Systems whose triangular factors are at hand."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlmath_rs import _core

__all__ = ["cho_solve", "lu_solve", "solve_triangular"]

TURNS = {0: 0, 1: 1, 2: 2, "N": 0, "T": 1, "C": 2}


def solve_triangular(
    a: ArrayLike,
    b: ArrayLike,
    trans: int | str = 0,
    lower: bool = False,
    unit_diagonal: bool = False,
    overwrite_b: bool = False,
    check_finite: bool = True,
    *,
    threads: int | None = None,
) -> Any:
    """Solve ``a x = b`` for a triangular matrix, or for each of a stack.

    Parameters
    ----------
    a : (..., n, n) array_like
        Of which one triangle is read.
    b : (n,) or (..., n, k) array_like
        Right-hand sides: a vector if it has one dimension, else matrices that broadcast with
        the stack of `a`.
    trans : {0, 1, 2, "N", "T", "C"}
        Whether the system is of `a`, of its transpose or of its conjugate transpose.
    lower : bool
        Whether the lower triangle is read, in place of the upper.
    unit_diagonal : bool
        Whether the diagonal counts as ones and is not read.
    overwrite_b : bool
        There for SciPy's sake: `b` is never written.
    check_finite : bool
        Whether to refuse NaN and infinity in what is read; else they spread.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    (..., n) or (..., n, k) ndarray
        The solutions.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` is not square, or has a zero on its diagonal.
    ValueError
        If shapes do not fit, or NaN or infinity is found and that is checked.

    Notes
    -----
    Substitution in halves, so that nearly all work is in products. The backward error is small
    row by row (Higham, "Accuracy and Stability of Numerical Algorithms", chapter 8).

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.solve_triangular([[2, 0], [1, 4]], [2, 9], lower=True)
    array([1., 2.])
    """
    return _core.solve_triangular(a, b, turn(trans), lower, unit_diagonal, check_finite, threads)


def cho_solve(
    c_and_lower: tuple[ArrayLike, bool],
    b: ArrayLike,
    overwrite_b: bool = False,
    check_finite: bool = True,
    *,
    threads: int | None = None,
) -> Any:
    """Solve ``a x = b``, given the Cholesky factor of `a`, or of each matrix of a stack.

    Parameters
    ----------
    c_and_lower : tuple of ((..., n, n) array_like, bool)
        The factor, and whether it is the lower one. The other triangle is not read.
    b : (n,) or (..., n, k) array_like
        Right-hand sides: a vector if it has one dimension, else matrices that broadcast with
        the stack of factors.
    overwrite_b : bool
        There for SciPy's sake: `b` is never written.
    check_finite : bool
        Whether to refuse NaN and infinity in what is read; else they spread.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    (..., n) or (..., n, k) ndarray
        The solutions.

    Raises
    ------
    numpy.linalg.LinAlgError
        If the factor is not square, or has a zero on its diagonal.
    ValueError
        If shapes do not fit, or NaN or infinity is found and that is checked.

    See Also
    --------
    cholesky : The factor.

    Notes
    -----
    Two triangular systems, as :func:`solve_triangular` solves them.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> factor = linalg.cholesky([[4, 2], [2, 5]])
    >>> linalg.cho_solve((factor, True), [8, 12])
    array([1., 2.])
    """
    factor, lower = c_and_lower
    return _core.cho_solve(factor, b, bool(lower), check_finite, threads)


def lu_solve(
    lu_and_piv: tuple[ArrayLike, ArrayLike],
    b: ArrayLike,
    trans: int | str = 0,
    overwrite_b: bool = False,
    check_finite: bool = True,
    *,
    threads: int | None = None,
) -> Any:
    """Solve ``a x = b``, given the factors of `a` that :func:`lu_factor` returns.

    Parameters
    ----------
    lu_and_piv : tuple of ((..., n, n) array_like, (..., n) array_like of int)
        The packed factors and their exchanges.
    b : (n,) or (..., n, k) array_like
        Right-hand sides: a vector if it has one dimension, else matrices that broadcast with
        the stack of factors.
    trans : {0, 1, 2, "N", "T", "C"}
        Whether the system is of `a`, of its transpose or of its conjugate transpose.
    overwrite_b : bool
        There for SciPy's sake: `b` is never written.
    check_finite : bool
        Whether to refuse NaN and infinity in what is read; else they spread.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    (..., n) or (..., n, k) ndarray
        The solutions.

    Raises
    ------
    numpy.linalg.LinAlgError
        If the factors are not square, or `a` was singular.
    ValueError
        If shapes do not fit, an exchange is with no row, or NaN or infinity is found and that is
        checked.
    TypeError
        If `piv` does not hold integers.

    Notes
    -----
    Two triangular systems, as :func:`solve_triangular` solves them.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> factors = linalg.lu_factor([[2, 4], [0, 4]])
    >>> linalg.lu_solve(factors, [6, 8], trans="T")
    array([ 3., -1.])
    """
    factors, pivots = lu_and_piv
    exchanges = np.asarray(pivots)
    if exchanges.dtype.kind not in "iu" and exchanges.size:
        raise TypeError(f"piv: expected integers, got dtype {exchanges.dtype}")
    shape = np.shape(factors)
    if exchanges.ndim < 1 or exchanges.shape[-1:] != shape[-1:]:
        raise ValueError(
            f"piv: expected one for each of the rows of shape {shape}, got shape {exchanges.shape}"
        )
    exchanges = np.array(np.broadcast_to(exchanges, shape[:-1]), dtype=np.int32)
    return _core.lu_solve(factors, exchanges, b, turn(trans), check_finite, threads)


def turn(trans: int | str) -> int:
    """Return LAPACK's way of turning a matrix as a number."""
    if trans not in TURNS:
        raise ValueError(f"trans: expected 0, 1, 2, 'N', 'T' or 'C', got {trans!r}")
    return TURNS[trans]
