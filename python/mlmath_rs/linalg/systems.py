"""Systems of equations, inverses and determinants."""

from typing import Any, NamedTuple

from mlmath_rs import _core

__all__ = ["Info", "det", "inv", "solve"]

# The border's own functions: one in Python around them would cost as much as inverting a 4x4
# matrix. Their documentation stands in `rust/python/src/linalg/systems.rs`.
det = _core.det
inv = _core.inv
solve = _core.solve
det.__module__ = inv.__module__ = solve.__module__ = "mlmath_rs.linalg"


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
