"""How many threads a call may use.

The argument ``threads=`` of a call decides; else the innermost :class:`thread_limit` of the
calling Python thread; else the environment (``MLMATH_NUM_THREADS``, ``RAYON_NUM_THREADS``,
``OMP_NUM_THREADS``, read once); else the CPUs this process may use. Results never depend on it.
"""

from types import TracebackType

from mlmath_rs import _core

__all__ = ["get_thread_limit", "thread_limit"]


def get_thread_limit() -> int:
    """Return the number of threads that a call without ``threads=`` may use now.

    Returns
    -------
    int
        At least 1.

    Examples
    --------
    >>> from mlmath_rs.threads import get_thread_limit, thread_limit
    >>> with thread_limit(3):
    ...     get_thread_limit()
    3
    """
    return _core.get_thread_limit()


class thread_limit:  # noqa: N801 - used as a statement, like contextlib.suppress
    """Limit the threads of calls made by this Python thread, within a ``with`` statement.

    Parameters
    ----------
    limit : int
        At least 1.

    Raises
    ------
    ValueError
        If `limit` is less than 1.

    Examples
    --------
    >>> import mlmath_rs as np
    >>> from mlmath_rs.threads import thread_limit
    >>> with thread_limit(1):
    ...     np.mean([1, 2, 3])
    np.float64(2.0)
    """

    def __init__(self, limit: int) -> None:
        if limit < 1:
            raise ValueError(f"thread_limit: must be >= 1, got {limit}")
        self._limit = limit
        self._before: list[int | None] = []

    def __enter__(self) -> "thread_limit":
        self._before.append(_core.set_thread_limit(self._limit))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _core.set_thread_limit(self._before.pop())
