"""Linear algebra: systems, inverses, determinants, spectra; one matrix or a stack of them."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from mlmath_rs import _core, _numpy, products
from mlmath_rs.errors import LinAlgError, LinAlgWarning

__all__ = [
    "EigResult",
    "EighInfo",
    "EighResult",
    "Info",
    "LinAlgError",
    "LinAlgWarning",
    "det",
    "eig",
    "eigh",
    "inv",
    "solve",
    "trace",
]

# NumPy's own named results, so that ours print and unpack as its do.
EigResult = type(np.linalg.eig(np.eye(1)))
EighResult = type(np.linalg.eigh(np.eye(1)))


class Info(NamedTuple):
    """How far the answer of each matrix of a stack may be trusted.

    Attributes
    ----------
    ok : (...) bool ndarray
        False where a matrix is exactly singular.
    rcond : (...) ndarray
        The reciprocal condition number in the 1-norm; 0 where singular, NaN where the matrix holds NaN.
    backward_error : (...) ndarray
        The residual, relative to the norms of the matrix and of the answer.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> _, info = linalg.inv([[1, 0], [0, 4]], return_info=True)
    >>> info.rcond
    np.float64(0.25)
    """

    ok: Any
    rcond: Any
    backward_error: Any


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


def inv(a: ArrayLike, *, errors: str = "raise", return_info: bool = False, threads: int | None = None) -> Any:
    """Return the inverse of a matrix, or of each matrix of a stack.

    Parameters
    ----------
    a : (..., n, n) array_like
        Real or complex; float32 stays float32; integers become float64.
    errors : {"raise", "nan"}
        What becomes of singular matrices: an error that names each of them, or NaN in their place.
    return_info : bool
        Whether to return an :class:`Info` as well.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    inverse : (..., n, n) ndarray
        With ``a @ inverse`` equal to the identity.
    info : Info
        Only with ``return_info=True``.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` is not square, or singular and `errors` is ``"raise"``.

    Warns
    -----
    LinAlgWarning
        If a single matrix larger than 16 is so ill-conditioned that no digit can be trusted.

    Notes
    -----
    Elimination with partial pivoting; matrices up to 16 in the lanes of a register, several at a
    time; larger ones by recursive factors (Toledo 1997). To solve ``a x = b`` do not invert.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.inv([[2, 0], [0, 4]])
    array([[0.5 , 0.  ],
           [0.  , 0.25]])
    """
    result = _core.inv(a, errors, return_info, threads)
    return (result[0], Info(*result[1])) if return_info else result


def solve(
    a: ArrayLike,
    b: ArrayLike,
    *,
    errors: str = "raise",
    return_info: bool = False,
    threads: int | None = None,
) -> Any:
    """Solve ``a x = b`` for a matrix, or for each matrix of a stack.

    Parameters
    ----------
    a : (..., n, n) array_like
        The matrices, real or complex.
    b : (n,) or (..., n, k) array_like
        Right-hand sides: a vector if it has one dimension, else matrices that broadcast with
        the stack of `a`.
    errors : {"raise", "nan"}
        What becomes of singular matrices: an error that names each of them, or NaN.
    return_info : bool
        Whether to return an :class:`Info` as well.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    x : (..., n) or (..., n, k) ndarray
        The solutions.
    info : Info
        Only with ``return_info=True``.

    Raises
    ------
    ValueError
        If the rows of `b` are not as many as those of `a`.
    numpy.linalg.LinAlgError
        If `a` is not square, or singular and `errors` is ``"raise"``.

    Notes
    -----
    As :func:`inv`, without the inverse.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.solve([[2, 1], [1, 3]], [3, 5])
    array([0.8, 1.4])
    """
    result = _core.solve(a, b, errors, return_info, threads)
    return (result[0], Info(*result[1])) if return_info else result


def trace(x: ArrayLike, /, *, offset: int = 0, dtype: DTypeLike | None = None) -> Any:
    """Return the sum along a diagonal of a matrix, or of each matrix of a stack.

    Parameters
    ----------
    x : (..., m, n) array_like
        Of any number type.
    offset : int
        Which diagonal: 0 the main one, positive above it, negative below.
    dtype : dtype, optional
        What is summed in and returned.

    Returns
    -------
    scalar or (...) ndarray
        As :func:`mlmath_rs.trace`, whose stacks lie on the trailing axes.

    Raises
    ------
    ValueError
        If `x` has fewer than two dimensions.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.trace([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
    array([ 5, 13])
    """
    return products.trace(x, offset, -2, -1, dtype)


def det(a: ArrayLike, *, threads: int | None = None) -> Any:
    """Return the determinant of a matrix, or of each matrix of a stack.

    Parameters
    ----------
    a : (..., n, n) array_like
        Real or complex; float32 stays float32; integers become float64.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    scalar or (...) ndarray
        1 for a matrix without elements, 0 for a singular one.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` is not square.

    Notes
    -----
    The product of the pivots of the elimination, with the sign of its exchanges.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.det([[1, 2], [3, 4]])
    np.float64(-2.0)
    """
    return _core.det(a, threads)


def eigh(
    a: ArrayLike,
    UPLO: str = "L",
    *,
    driver: str = "auto",
    return_info: bool = False,
    threads: int | None = None,
) -> Any:
    """Return the eigenvalues and eigenvectors of a symmetric matrix, or of each of a stack.

    Parameters
    ----------
    a : (..., n, n) array_like
        Of which one triangle is read.
    UPLO : {"L", "U"}
        Which: the lower or the upper.
    driver : {"auto", "jacobi", "tridiagonal"}
        Rotations are exact to high relative accuracy on scaled matrices and the faster ones up
        to n = 16, where they are the default.
    return_info : bool
        Whether to return an :class:`EighInfo` as well.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    EighResult
        `eigenvalues`, ascending, and `eigenvectors`, as columns of norm 1.
    info : EighInfo
        Only with ``return_info=True``.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` is not square, holds NaN or infinity, or the iteration does not converge.

    Notes
    -----
    Cyclic Jacobi (Rutishauser 1966; Demmel and Veselić 1992), small matrices one in each lane of
    a register; else Householder's tridiagonal form and implicit QL (Martin, Reinsch and
    Wilkinson 1968).

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.eigh([[2, 1], [1, 2]]).eigenvalues
    array([1., 3.])
    """
    if UPLO not in {"L", "U", "l", "u"}:
        raise ValueError(f"UPLO: expected 'L' or 'U', got {UPLO!r}")
    values, vectors, sweeps = _core.eigh(a, UPLO in {"U", "u"}, driver, threads)
    result = EighResult(values, vectors)
    return (result, EighInfo(sweeps)) if return_info else result


def eig(a: ArrayLike, *, sign: str | None = "max-abs-positive", threads: int | None = None) -> Any:
    """Return the eigenvalues and eigenvectors of a square matrix, or of each of a stack.

    Parameters
    ----------
    a : (..., n, n) array_like
        float32 stays float32; integers become float64.
    sign : {"max-abs-positive", None}
        Whether the largest component of each vector is made positive, the last one on ties
        (within 8 ulp), or vectors are left as the algorithm made them.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    EigResult
        `eigenvalues` by descending real part, conjugate pairs together with the positive
        imaginary part first, and `eigenvectors`, as columns of norm 1. Real where all imaginary
        parts are zero, else complex.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` is not square, holds NaN or infinity, or the iteration does not converge.

    See Also
    --------
    eigh : For symmetric matrices, such as covariances: faster and more accurate.

    Notes
    -----
    Balanced, reduced to Hessenberg form, double-shift QR (Francis 1961), then back-substitution
    whose pivots are judged against each eigenvalue, so that vectors of graded matrices are right.
    A defective matrix has dependent vectors.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.eig([[2, 1], [1, 2]]).eigenvalues
    array([3., 1.])
    """
    if sign not in {"max-abs-positive", None}:
        raise ValueError(f"sign: expected 'max-abs-positive' or None, got {sign!r}")
    return EigResult(*_core.eig(a, sign is not None, threads))


if not TYPE_CHECKING:  # or else every misspelt name would pass a type checker

    def __getattr__(name: str) -> object:
        raise _numpy.no_such_name(__name__, name, np.linalg)
