"""Times two calls in turn, so that both suffer alike from a noisy machine."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["Timing", "time_both"]


@dataclass(frozen=True)
class Timing:
    """Seconds per call of both sides.

    Parameters
    ----------
    ours, reference : tuple of float
        Minimum and median over all turns.
    """

    ours: tuple[float, float]
    reference: tuple[float, float]

    @property
    def ratio(self) -> float:
        """How many times faster ours is, by the minima."""
        return self.reference[0] / self.ours[0]


def time_both(
    ours: Callable[..., Any], reference: Callable[..., Any], arguments: tuple[Any, ...], seconds: float
) -> Timing:
    """Time both calls in turn for about `seconds`, at least three turns each.

    Examples
    --------
    >>> from mlmath_rs.bench.timing import time_both
    >>> time_both(sum, sum, ([1, 2, 3],), 0.01).ratio > 0
    True
    """
    sides = (ours, reference)
    for side in sides:
        side(*arguments)
    repeats = [max(1, int(0.01 / max(_turn(side, arguments, 1), 1e-9))) for side in sides]
    turns: tuple[list[float], list[float]] = ([], [])
    end = time.perf_counter() + seconds
    while len(turns[0]) < 3 or time.perf_counter() < end:
        for side, count, taken in zip(sides, repeats, turns):
            taken.append(_turn(side, arguments, count))
    low, high = ((min(taken), statistics.median(taken)) for taken in turns)
    return Timing(low, high)


def _turn(call: Callable[..., Any], arguments: tuple[Any, ...], repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        call(*arguments)
    return (time.perf_counter() - start) / repeats
