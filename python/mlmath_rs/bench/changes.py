"""What has become slower or faster between two runs of the comparison."""

from dataclasses import dataclass

from mlmath_rs.bench.results import Results, Row

__all__ = ["Change", "changes"]


@dataclass(frozen=True)
class Change:
    """One row of two runs.

    Each side's reference was timed with it in turn, so the ratios are compared, not the seconds:
    what slowed the whole machine slowed both.

    Parameters
    ----------
    before, after : Row
        The same case, size, dtype and threads.
    """

    before: Row
    after: Row

    @property
    def factor(self) -> float:
        """How many times slower ours is now, measured by its reference."""
        return self.before.ratio / self.after.ratio


def changes(before: Results, after: Results) -> list[Change]:
    """Return the rows that both runs have, what has become slower first.

    Examples
    --------
    >>> from mlmath_rs.bench.changes import changes
    >>> from mlmath_rs.bench.results import Results
    >>> changes(Results(started=""), Results(started=""))
    []
    """
    old = {row.key: row for row in before.rows}
    found = [Change(old[row.key], row) for row in after.rows if row.key in old]
    return sorted(found, key=lambda change: -change.factor)
