"""Progress while the comparison runs: a bar in a terminal, a line now and then elsewhere."""

import sys
import time
from types import TracebackType
from typing import Any, Self

__all__ = ["Progress"]

# Where the output is no terminal, how many seconds lie between two lines.
PAUSE = 10.0


class Progress:
    """Shows on standard error how many of `total` rows are done, and which is being timed.

    Parameters
    ----------
    total : int
        How many rows there will be.

    Examples
    --------
    >>> from mlmath_rs.bench.progress import Progress
    >>> with Progress(1) as progress:
    ...     progress.done()
    """

    def __init__(self, total: int) -> None:
        self._total = total
        self._count = 0
        self._spoken = -PAUSE
        self._bar: Any = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            try:
                self._bar = _rich_bar(self._total)
                self._bar.start()
            except ModuleNotFoundError:
                pass
        return self

    def start(self, what: str) -> None:
        """Say that `what` is being timed now."""
        if self._bar:
            self._bar.update(self._bar.task_ids[0], description=what)
        elif sys.stderr.isatty():
            print(f"\r\x1b[K{self._count + 1}/{self._total} {what:.60}", end="", file=sys.stderr, flush=True)
        elif time.monotonic() - self._spoken >= PAUSE:
            self._spoken = time.monotonic()
            print(f"{self._count + 1}/{self._total} {what}", file=sys.stderr, flush=True)

    def done(self) -> None:
        """Count one row."""
        self._count += 1
        if self._bar:
            self._bar.advance(self._bar.task_ids[0])

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()
        elif sys.stderr.isatty():
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _rich_bar(total: int) -> Any:
    """Return rich's bar, which vanishes when it is done."""
    from rich import progress
    from rich.console import Console

    bar = progress.Progress(
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeRemainingColumn(),
        progress.TextColumn("{task.description}"),
        console=Console(stderr=True),
        transient=True,
    )
    bar.add_task("", total=total)
    return bar
