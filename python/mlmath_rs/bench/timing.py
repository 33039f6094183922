"""Times two calls in turn, so that both suffer alike from a noisy machine."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

__all__ = ["Side", "Timing", "time_both"]

# A turn repeats a short call until it lasts about this long, far above the clock's resolution.
TURN_SECONDS = 0.01

# Few turns tell little, but of a call that takes seconds nobody waits for more.
FEWEST_TURNS = 3
SLOW_SECONDS = 2.0


class Side(NamedTuple):
    """Seconds per call of one side.

    Attributes
    ----------
    minimum : float
        What the call costs where nothing disturbs it.
    median : float
        What it costs as a rule.
    turns : int
        How many measurements these are from.
    """

    minimum: float
    median: float
    turns: int


@dataclass(frozen=True)
class Timing:
    """Both sides of one comparison.

    Parameters
    ----------
    ours, reference : Side
        What each took.
    """

    ours: Side
    reference: Side

    @property
    def ratio(self) -> float:
        """How many times faster ours is, by the minima."""
        return self.reference.minimum / self.ours.minimum


def time_both(
    ours: Callable[..., Any],
    reference: Callable[..., Any],
    arguments: tuple[Any, ...],
    seconds: float,
    rest: float = 0.0,
) -> Timing:
    """Time both calls in turn for about `seconds`, at least three turns each.

    Python's garbage collector rests meanwhile, and the side that goes first changes from turn
    to turn.

    Parameters
    ----------
    ours, reference : callable
        Called with `arguments`.
    arguments : tuple
        The same objects for every call.
    seconds : float
        How long both together may take, rests included; longer where a single call takes longer.
    rest : float
        Seconds to wait before each turn, for the other side's threads to fall asleep.

    Returns
    -------
    Timing
        Minimum and median of both.

    Examples
    --------
    >>> from mlmath_rs.bench.timing import time_both
    >>> time_both(sum, sum, ([1, 2, 3],), 0.01).ratio > 0
    True
    """
    sides = [(ours, *_repeats(ours, arguments)), (reference, *_repeats(reference, arguments))]
    slow = sum(estimate for _, _, estimate in sides) > SLOW_SECONDS
    fewest = 1 if slow else FEWEST_TURNS
    taken: tuple[list[float], list[float]] = ([], [])
    collecting = gc.isenabled()
    gc.disable()
    try:
        end = time.perf_counter() + seconds
        while len(taken[0]) < fewest or time.perf_counter() < end:
            order = (0, 1) if len(taken[0]) % 2 == 0 else (1, 0)
            for side in order:
                call, count, _ = sides[side]
                time.sleep(rest)
                taken[side].append(_turn(call, arguments, count))
    finally:
        if collecting:
            gc.enable()
    low, high = (Side(min(times), statistics.median(times), len(times)) for times in taken)
    return Timing(low, high)


def _repeats(call: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[int, float]:
    """Return how often a turn repeats `call`, and about how long one call takes."""
    first = _turn(call, arguments, 1)
    estimate = first if first > TURN_SECONDS else _turn(call, arguments, 1)
    return max(1, int(TURN_SECONDS / max(estimate, 1e-9))), estimate


def _turn(call: Callable[..., Any], arguments: tuple[Any, ...], repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        call(*arguments)
    return (time.perf_counter() - start) / repeats
