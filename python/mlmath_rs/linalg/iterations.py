"""Eigenvalues by iterations that are easily followed."""

from typing import Any, NamedTuple

from numpy.typing import ArrayLike

from mlmath_rs import _core
from mlmath_rs.linalg.spectra import eigh

__all__ = ["PowerIterationResult", "jacobi_eigen", "power_iteration"]


class PowerIterationResult(NamedTuple):
    """What :func:`power_iteration` found.

    Attributes
    ----------
    eigenvalue : scalar
        Of largest magnitude; the Rayleigh quotient of the vector.
    eigenvector : (n,) ndarray
        Of norm 1, its largest component real and positive.
    iterations : int
        Products that were computed.
    residual : float
        The norm of ``a @ eigenvector - eigenvalue * eigenvector``.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.power_iteration([[2, 0], [0, 1]], [1, 0]).iterations
    1
    """

    eigenvalue: Any
    eigenvector: Any
    iterations: int
    residual: Any


def power_iteration(
    a: ArrayLike,
    x0: ArrayLike | None = None,
    *,
    tol: float = 1e-6,
    maxiter: int = 10_000,
    threads: int | None = None,
) -> PowerIterationResult:
    """Return the eigenvalue of largest magnitude and its vector, by products with a vector alone.

    Parameters
    ----------
    a : (n, n) array_like
        Real or complex; float32 stays float32; integers become float64.
    x0 : (n,) array_like, optional
        Where to begin: not orthogonal to the vector that is sought. By default a vector without a
        pattern, always the same.
    tol : float
        How small the residual must be, relative to the value. The value of a symmetric matrix is
        right to the square of that.
    maxiter : int
        How many products may be computed.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    PowerIterationResult
        `eigenvalue`, `eigenvector`, `iterations` and `residual`.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` is not square, holds NaN or infinity, or the iteration does not converge: so it is
        where several values have the largest magnitude, as a pair of complex ones of a real matrix.
    ValueError
        If `a` is empty, or `x0` does not fit, is zero or not finite.

    See Also
    --------
    eig : All of them, and in all cases.

    Notes
    -----
    After R. von Mises and H. Pollaczek-Geiringer (1929). Each step divides the error by the ratio
    of the two largest magnitudes.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> found = linalg.power_iteration([[2, 1], [1, 2]])
    >>> round(float(found.eigenvalue), 10), found.eigenvector.round(4)
    (3.0, array([0.7071, 0.7071]))
    """
    return PowerIterationResult(*_core.power_iteration(a, x0, tol, maxiter, threads))


def jacobi_eigen(
    a: ArrayLike, UPLO: str = "L", *, return_info: bool = False, threads: int | None = None
) -> Any:
    """Return the spectrum of a symmetric matrix by Jacobi's rotations, at every size.

    Parameters
    ----------
    a : (..., n, n) array_like
        Real, of which one triangle is read.
    UPLO : {"L", "U"}
        Which: the lower or the upper.
    return_info : bool
        Whether to return a :class:`SpectralInfo` as well.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    EighResult
        `eigenvalues`, ascending, and `eigenvectors`, as columns of norm 1.
    info : SpectralInfo
        Only with ``return_info=True``: sweeps, rotations and what they left beside the diagonal.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` is not square, holds NaN or infinity, or the rotations do not converge.

    See Also
    --------
    eigh : The same with ``driver="jacobi"``; faster for large matrices with its own driver.

    Notes
    -----
    Small eigenvalues of matrices ``D C D`` with a diagonal ``D`` and a well-conditioned ``C`` keep
    all digits (Demmel and Veselić 1992).

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.jacobi_eigen([[2, 1], [1, 2]]).eigenvalues
    array([1., 3.])
    """
    return eigh(a, UPLO, driver="jacobi", return_info=return_info, threads=threads)
