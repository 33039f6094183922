"""Functions of matrices."""

from typing import Any

from numpy.typing import ArrayLike

from mlmath_rs import _core

__all__ = ["expm"]


def expm(a: ArrayLike, *, threads: int | None = None) -> Any:
    """Return the exponential of a square matrix, or of each of a stack.

    Parameters
    ----------
    a : (..., n, n) array_like
        Real or complex; float32 stays float32; integers become float64.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    (..., n, n) ndarray
        ``I + a + a @ a / 2 + ...``: not the exponentials of the elements, which ``exp`` returns.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` is not square, or holds NaN or infinity.

    Notes
    -----
    Padé approximants of degree 3 to 13 (3 to 7 for float32), scaling and squaring (Higham 2005),
    scaled by the norms of powers of `a`, so that matrices far from normal keep their digits
    (Al-Mohy and Higham 2009). What is larger than the largest number becomes infinity or NaN.

    Examples
    --------
    >>> import numpy as np
    >>> from mlmath_rs import linalg
    >>> linalg.expm([[0, 1], [0, 0]])
    array([[1., 1.],
           [0., 1.]])
    >>> turn = linalg.expm(np.array([[0, -1], [1, 0]]) * np.pi / 2)
    >>> bool(np.allclose(turn, [[0, -1], [1, 0]]))
    True
    """
    return _core.expm(a, threads)
