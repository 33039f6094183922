"""Eigenvalues and eigenvectors."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mlmath_rs import _core, _options

__all__ = ["EigResult", "EighInfo", "EighResult", "eig", "eigh", "eigvals", "eigvalsh"]

# NumPy's own named results, so that ours print and unpack as its do.
EigResult = type(np.linalg.eig(np.eye(1)))
EighResult = type(np.linalg.eigh(np.eye(1)))


class EighInfo(NamedTuple):
    """How a symmetric decomposition was found.

    Attributes
    ----------
    sweeps : int
        Sweeps of rotations of the matrix that took most; 0 for the tridiagonal driver.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.eigh([[2, 1], [1, 2]], return_info=True)[1]
    EighInfo(sweeps=1)
    """

    sweeps: int


def eigh(
    a: ArrayLike,
    UPLO: str = "L",
    *,
    driver: str = "auto",
    return_info: bool = False,
    threads: int | None = None,
) -> Any:
    """Return the eigenvalues and eigenvectors of a symmetric or Hermitian matrix, or of each of a stack.

    Parameters
    ----------
    a : (..., n, n) array_like
        Real or complex, of which one triangle is read; float32 stays float32, and integers become
        float64.
    UPLO : {"L", "U"}
        Which: the lower or the upper.
    driver : {"auto", "jacobi", "tridiagonal"}
        Rotations are exact to high relative accuracy on scaled matrices and the faster ones up
        to n = 16, where they are the default; complex matrices have none.
    return_info : bool
        Whether to return an :class:`EighInfo` as well.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    EighResult
        `eigenvalues`, real and ascending, and `eigenvectors`, as columns of norm 1.
    info : EighInfo
        Only with ``return_info=True``.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` is not square, holds NaN or infinity, or the iteration does not converge.
    ValueError
        If a complex matrix is to be decomposed by rotations.

    See Also
    --------
    eigvalsh : The values alone.

    Notes
    -----
    Cyclic Jacobi (Rutishauser 1966; Demmel and Veselić 1992), small matrices one in each lane of
    a register; else the tridiagonal form by blocked reflections (Dongarra, Sorensen and Hammarling
    1989), and divide and conquer (Cuppen 1981; Gu and Eisenstat 1995). Which sign, or for complex
    matrices which phase, a vector has is not laid down.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.eigh([[2, 1], [1, 2]]).eigenvalues
    array([1., 3.])
    """
    values, vectors, sweeps = _core.eigh(a, _is_upper(UPLO), driver, threads)
    result = EighResult(values, vectors)
    return (result, EighInfo(sweeps)) if return_info else result


def eigvalsh(a: ArrayLike, UPLO: str = "L", *, threads: int | None = None) -> Any:
    """Return the eigenvalues of a symmetric or Hermitian matrix, or of each of a stack.

    Parameters
    ----------
    a : (..., n, n) array_like
        Real or complex, of which one triangle is read.
    UPLO : {"L", "U"}
        Which: the lower or the upper.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    (..., n) ndarray
        The eigenvalues, ascending.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` is not square, holds NaN or infinity, or the iteration does not converge.

    See Also
    --------
    eigh : With the vectors.

    Notes
    -----
    Rotations up to n = 16, else the tridiagonal form and implicit QL, as in :func:`eigh`, of which
    it takes a third of the time for large matrices.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.eigvalsh([[2, 1], [1, 2]])
    array([1., 3.])
    """
    return _core.eigvalsh(a, _is_upper(UPLO), threads)


def _is_upper(uplo: str) -> bool:
    if uplo not in {"L", "U", "l", "u"}:
        raise ValueError(f"UPLO: expected 'L' or 'U', got {uplo!r}")
    return uplo in {"U", "u"}


def eigvals(a: ArrayLike, *, threads: int | None = None) -> Any:
    """Return the eigenvalues of a square matrix, or of each of a stack, without the vectors.

    Parameters
    ----------
    a : (..., n, n) array_like
        Real or complex; float32 stays float32; integers become float64.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    (..., n) ndarray
        The eigenvalues in the order of :func:`eig`, and with the same bits. Those of a real
        matrix are real where all imaginary parts are zero.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` is not square, holds NaN or infinity, or the iteration does not converge.

    See Also
    --------
    eigvalsh : For symmetric matrices.

    Notes
    -----
    As :func:`eig`; the QR algorithm works on the diagonal blocks alone, which is less than half
    of the work.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.eigvals([[2, 1], [1, 2]])
    array([3., 1.])
    >>> linalg.eigvals([[0, -1], [1, 0]])
    array([0.+1.j, 0.-1.j])
    """
    return _core.eigvals(a, threads)


def eig(a: ArrayLike, *, sign: str | None = "max-abs-positive", threads: int | None = None) -> Any:
    """Return the eigenvalues and eigenvectors of a square matrix, or of each of a stack.

    Parameters
    ----------
    a : (..., n, n) array_like
        Real or complex; float32 stays float32; integers become float64.
    sign : {"max-abs-positive", None}
        Whether the largest component of each vector is made real and positive, the last one on ties
        (within 8 ulp), or vectors are left as the algorithm made them.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    EigResult
        `eigenvalues` by descending real part, conjugate pairs together with the positive
        imaginary part first, and `eigenvectors`, as columns of norm 1. Those of a real matrix are
        real where all imaginary parts are zero.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` is not square, holds NaN or infinity, or the iteration does not converge.

    See Also
    --------
    eigh : For symmetric matrices, such as covariances: faster and more accurate.

    Notes
    -----
    Balanced, reduced to Hessenberg form, double-shift QR (Francis 1961), for complex matrices
    single-shift QR with Wilkinson's shift, then back-substitution
    whose pivots are judged against each eigenvalue, so that vectors of graded matrices are right.
    A defective matrix has dependent vectors.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.eig([[2, 1], [1, 2]]).eigenvalues
    array([3., 1.])
    """
    _options.one_of("sign", sign, ("max-abs-positive", None))
    return EigResult(*_core.eig(a, sign is not None, threads))
