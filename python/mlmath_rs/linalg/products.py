"""Products of vectors and matrices, and what is summed along a diagonal."""

from typing import Any

from numpy.typing import ArrayLike, DTypeLike

from mlmath_rs import products

__all__ = ["trace"]


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
