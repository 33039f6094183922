"""Eigenvalues and eigenvectors."""

import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlmath_rs import _core, _options

__all__ = ["EigInfo", "EigResult", "EighResult", "SpectralInfo", "eig", "eigh", "eigvals", "eigvalsh"]

# NumPy's own named results, so that ours print and unpack as its do.
EigResult = type(np.linalg.eig(np.eye(1)))
EighResult = type(np.linalg.eigh(np.eye(1)))


SIGNS = ("max-abs-positive", None)


class SpectralInfo(NamedTuple):
    """How the spectra, or singular values, of a stack of matrices were found.

    Attributes
    ----------
    ok : (...) bool ndarray
        False where a matrix holds NaN or infinity.
    sweeps : (...) int ndarray
        Sweeps over all pairs of rotations, or steps of implicit QR where those are counted; else 0.
    rotations : (...) int ndarray
        Pairs that were rotated; 0 for other drivers than Jacobi's.
    off_diagonal : (...) float ndarray
        What the rotations left: the largest element beside the diagonal relative to its diagonal ones,
        or the largest cosine between two columns.
    driver : str
        The algorithm that was taken.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> info = linalg.eigh([[2, 1], [1, 2]], return_info=True)[1]
    >>> print(info.driver, info.sweeps, info.rotations, info.off_diagonal)
    jacobi 1 1 0.0
    """

    ok: Any
    sweeps: Any
    rotations: Any
    off_diagonal: Any
    driver: str


class EigInfo(NamedTuple):
    """How far the eigenvalues and eigenvectors of general matrices may be trusted.

    Attributes
    ----------
    ok : (...) bool ndarray
        False where a matrix holds NaN or infinity.
    residual : (...) ndarray
        The largest ``|a @ v - w * v|`` relative to the Frobenius norm of `a`.
    rcond : (...) ndarray
        The reciprocal condition number of the matrix of vectors, by an estimate in the 1-norm. Where
        it is about the precision the matrix is defective: its vectors do not span the space.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> info = linalg.eig([[1, 1], [0, 1]], return_info=True)[1]
    >>> bool(info.rcond < 1e-15)
    True
    """

    ok: Any
    residual: Any
    rcond: Any


def eigh(
    a: ArrayLike,
    UPLO: str = "L",
    *,
    driver: str = "auto",
    order: str = "ascending",
    sign: str | None = "max-abs-positive",
    subset_by_index: tuple[int, int] | None = None,
    subset_by_value: tuple[float, float] | None = None,
    nan_policy: str = "raise",
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
        to n = 16, where they are the default; of complex matrices only positive definite ones have
        them.
    order : {"ascending", "descending", "magnitude"}
        Of the values, and of the vectors with them; by magnitude the largest comes first.
    sign : {"max-abs-positive", None}
        Whether the largest component of each vector is made real and positive, the last one on ties
        (within 8 ulp), or vectors are left as the algorithm made them.
    subset_by_index : (int, int), optional
        The first and the last place of the values that are returned, in this order, from 0. All are
        computed.
    subset_by_value : (float, float), optional
        Of one matrix the values above the first and up to the second number.
    nan_policy : {"raise", "propagate"}
        Whether matrices that hold NaN or infinity are refused, with their indices in a stack, or have
        NaN for an answer.
    return_info : bool
        Whether to return a :class:`SpectralInfo` as well.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    EighResult
        `eigenvalues`, real and in the order asked for, and `eigenvectors`, as columns of norm 1.
    info : SpectralInfo
        Only with ``return_info=True``.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` is not square, holds NaN or infinity, or the iteration does not converge.
    TypeError
        If a subset is no pair of numbers.
    ValueError
        If an option has no such value, or a complex matrix that is not positive definite is to be
        decomposed by rotations.

    See Also
    --------
    eigvalsh : The values alone.

    Notes
    -----
    Up to n = 16 cyclic Jacobi (Rutishauser 1966), one matrix in each lane of a register; above it
    ``driver="jacobi"`` rotates the columns of a pivoted Cholesky factor (Veselić and Hari 1989), or
    where there is none the matrix. Of a positive definite ``D @ C @ D`` with a diagonal `D` the
    *relative* error of every eigenvalue is then bounded by the condition of `C` (Demmel and Veselić
    1992), however small it is. Else the tridiagonal form by blocked reflections (Dongarra, Sorensen
    and Hammarling 1989), and divide and conquer (Cuppen 1981; Gu and Eisenstat 1995).

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.eigh([[2, 1], [1, 2]]).eigenvalues
    array([1., 3.])

    The largest two of three, with the vectors that a drawing would take:

    >>> a = [[2, 1, 0], [1, 2, 1], [0, 1, 2]]
    >>> linalg.eigh(a, order="descending", subset_by_index=(0, 1)).eigenvalues.round(4)
    array([3.4142, 2.    ])

    A small eigenvalue that tridiagonal methods cannot see:

    >>> scaled = [[1e-24, 1e-13, 1e-12], [1e-13, 1, 0.1], [1e-12, 0.1, 100]]
    >>> linalg.eigh(scaled, driver="jacobi").eigenvalues
    array([9.80198020e-25, 9.99898990e-01, 1.00000101e+02])
    """
    # What a default spares of calls counts for small matrices.
    upper = UPLO != "L" and _is_upper(UPLO)
    rule = sign == "max-abs-positive" or _has_rule(sign)
    values, vectors, told = _core.eigh(a, upper, driver, rule, order, nan_policy, return_info, threads)
    if subset_by_index is not None or subset_by_value is not None:
        places = _places(values, subset_by_index, subset_by_value)
        values, vectors = values[..., places].copy(), vectors[..., places].copy()
    result = EighResult(values, vectors)
    return (result, SpectralInfo(*told)) if return_info else result


def eigvalsh(
    a: ArrayLike,
    UPLO: str = "L",
    *,
    driver: str = "auto",
    order: str = "ascending",
    subset_by_index: tuple[int, int] | None = None,
    subset_by_value: tuple[float, float] | None = None,
    nan_policy: str = "raise",
    threads: int | None = None,
) -> Any:
    """Return the eigenvalues of a symmetric or Hermitian matrix, or of each of a stack.

    Parameters
    ----------
    a : (..., n, n) array_like
        Real or complex, of which one triangle is read.
    UPLO : {"L", "U"}
        Which: the lower or the upper.
    driver : {"auto", "jacobi", "tridiagonal"}
        As of :func:`eigh`.
    order : {"ascending", "descending", "magnitude"}
        Of the values; by magnitude the largest comes first.
    subset_by_index : (int, int), optional
        The first and the last place of the values that are returned, in this order, from 0. All are
        computed.
    subset_by_value : (float, float), optional
        Of one matrix the values above the first and up to the second number.
    nan_policy : {"raise", "propagate"}
        Whether matrices that hold NaN or infinity are refused, with their indices in a stack, or have
        NaN for an answer.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    (..., n) ndarray
        The eigenvalues, in the order asked for.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` is not square, holds NaN or infinity, or the iteration does not converge.
    ValueError
        If an option has no such value.

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
    values = _core.eigvalsh(a, _is_upper(UPLO), driver, order, nan_policy, threads)
    if subset_by_index is None and subset_by_value is None:
        return values
    return values[..., _places(values, subset_by_index, subset_by_value)].copy()


def _is_upper(uplo: str) -> bool:
    if uplo not in {"L", "U", "l", "u"}:
        raise ValueError(f"UPLO: expected 'L' or 'U', got {uplo!r}")
    return uplo in {"U", "u"}


def _has_rule(sign: str | None) -> bool:
    _options.one_of("sign", sign, SIGNS)
    return sign is not None


def _places(
    values: Any, by_index: tuple[int, int] | None, by_value: tuple[float, float] | None
) -> slice | NDArray[np.bool_]:
    """Return which of the values are wanted."""
    if by_index is not None and by_value is not None:
        raise ValueError("subset_by_index: expected it or subset_by_value, got both")
    if by_index is not None:
        first, last = _two("subset_by_index", by_index, operator.index, "integers")
        count = values.shape[-1]
        if not count:
            raise ValueError(f"subset_by_index: expected None: 0x0 matrices have no values, got {by_index}")
        if not 0 <= first <= last < count:
            raise ValueError(f"subset_by_index: expected 0 <= first <= last < {count}, got ({first}, {last})")
        return slice(first, last + 1)
    if values.ndim > 1:
        shape = values.shape + values.shape[-1:]
        raise ValueError(f"subset_by_value: expected one matrix, got a stack of shape {shape}")
    low, high = _two("subset_by_value", by_value, _real, "numbers")
    if not low < high:
        raise ValueError(f"subset_by_value: expected a lower and a higher number, got ({low}, {high})")
    return (values > low) & (values <= high)


def _two(argument: str, pair: Any, read: Callable[[Any], Any], what: str) -> tuple[Any, Any]:
    """Return the two numbers of a pair."""
    try:
        numbers = [read(number) for number in pair]
    except (TypeError, ValueError):
        raise TypeError(f"{argument}: expected a pair of {what}, got {pair!r:.60}") from None
    if len(numbers) != 2:
        raise ValueError(f"{argument}: expected a pair of {what}, got {len(numbers)}: {pair!r:.60}")
    return numbers[0], numbers[1]


def _real(number: Any) -> float:
    if isinstance(number, (str, bytes)):
        raise TypeError
    return float(number)


def eigvals(
    a: ArrayLike, *, order: str = "descending", nan_policy: str = "raise", threads: int | None = None
) -> Any:
    """Return the eigenvalues of a square matrix, or of each of a stack, without the vectors.

    Parameters
    ----------
    a : (..., n, n) array_like
        Real or complex; float32 stays float32; integers become float64.
    order : {"descending", "ascending", "magnitude"}
        By real part, or by magnitude, the largest first. A conjugate pair stays together, the positive
        imaginary part first.
    nan_policy : {"raise", "propagate"}
        Whether matrices that hold NaN or infinity are refused, with their indices in a stack, or have
        NaN for an answer.
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
    return _core.eigvals(a, order, nan_policy, threads)


def eig(
    a: ArrayLike,
    *,
    order: str = "descending",
    sign: str | None = "max-abs-positive",
    nan_policy: str = "raise",
    return_info: bool = False,
    threads: int | None = None,
) -> Any:
    """Return the eigenvalues and eigenvectors of a square matrix, or of each of a stack.

    Parameters
    ----------
    a : (..., n, n) array_like
        Real or complex; float32 stays float32; integers become float64.
    order : {"descending", "ascending", "magnitude"}
        By real part, or by magnitude, the largest first. A conjugate pair stays together, the positive
        imaginary part first.
    sign : {"max-abs-positive", None}
        Whether the largest component of each vector is made real and positive, the last one on ties
        (within 8 ulp), or vectors are left as the algorithm made them.
    nan_policy : {"raise", "propagate"}
        Whether matrices that hold NaN or infinity are refused, with their indices in a stack, or have
        NaN for an answer.
    return_info : bool
        Whether to return an :class:`EigInfo` as well.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    EigResult
        `eigenvalues` in the order asked for, conjugate pairs together with the positive
        imaginary part first, and `eigenvectors`, as columns of norm 1. Those of a real matrix are
        real where all imaginary parts are zero.
    info : EigInfo
        Only with ``return_info=True``.

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
    A defective matrix has dependent vectors; the info says so.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.eig([[2, 1], [1, 2]]).eigenvalues
    array([3., 1.])
    """
    _options.one_of("sign", sign, SIGNS)
    values, vectors, told = _core.eig(a, sign is not None, order, nan_policy, return_info, threads)
    result = EigResult(values, vectors)
    return (result, EigInfo(*told)) if return_info else result
