"""What a comparison found: rows, what was left out and why, the machine; kept as JSON."""

import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from mlmath_rs.bench.timing import Side

__all__ = ["Note", "Results", "Row", "geometric_mean"]

# Raised when a field changes its meaning; older files are then refused, not misread.
SCHEMA = 1


@dataclass(frozen=True)
class Row:
    """One case at one size on a number of threads.

    Parameters
    ----------
    case, area, reference_name : str
        Which functions; the reference's name is empty where it is a formula.
    size, dtype, threads : int, str, int
        On what.
    error : float
        The relative difference of the two answers.
    ours, reference : Side
        Seconds per call.
    """

    case: str
    area: str
    reference_name: str
    size: int
    dtype: str
    threads: int
    error: float
    ours: Side
    reference: Side

    @property
    def ratio(self) -> float:
        """How many times faster ours is, by the minima; below 1 it is slower."""
        return self.reference.minimum / self.ours.minimum

    @property
    def key(self) -> tuple[str, int, str, int]:
        """What tells the row apart, in this run and in another."""
        return self.case, self.size, self.dtype, self.threads

    @property
    def digits(self) -> float:
        """How many decimal digits agree; infinite where all do."""
        return -math.log10(self.error) if self.error > 0 else math.inf

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> "Row":
        """Return the row that `asdict` and JSON made into `fields`."""
        return cls(**{**fields, "ours": Side(*fields["ours"]), "reference": Side(*fields["reference"])})


@dataclass(frozen=True)
class Note:
    """Why there is no row.

    Parameters
    ----------
    kind : {"left out", "disagrees", "failed"}
        The last two are faults, and make the exit status 1.
    case : str
        Which case, or which process.
    reason : str
        What happened.
    """

    kind: str
    case: str
    reason: str


@dataclass
class Results:
    """One run of the comparison.

    Examples
    --------
    >>> from mlmath_rs.bench.results import Results
    >>> Results(started="2026-01-01T00:00:00").status
    0
    """

    started: str
    machine: dict[str, Any] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    quick: bool = False
    complete: bool = False

    @property
    def by_ratio(self) -> list[Row]:
        """The rows, losses first."""
        return sorted(self.rows, key=lambda row: (row.ratio, row.key))

    @property
    def status(self) -> int:
        """The exit status: 1 where a case failed or disagrees with its reference."""
        return int(any(note.kind != "left out" for note in self.notes))

    def write(self, file: str) -> None:
        """Write all of it to `file`, as JSON."""
        text = json.dumps({"schema": SCHEMA, **asdict(self)}, indent=1)
        Path(file).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, file: str) -> "Results":
        """Return what :meth:`write` wrote.

        Raises
        ------
        ValueError
            If the file is not of this kind, or of another schema.
        """
        try:
            fields = json.loads(Path(file).read_text(encoding="utf-8"))
            schema = fields.pop("schema")
        except (ValueError, KeyError, AttributeError, TypeError):
            raise ValueError(f"{file} is no result of 'mlmath_rs compare --json'") from None
        if schema != SCHEMA:
            raise ValueError(f"{file} has schema {schema}, this version reads schema {SCHEMA}")
        rows = [Row.from_dict(row) for row in fields.pop("rows")]
        notes = [Note(**note) for note in fields.pop("notes")]
        return cls(**fields, rows=rows, notes=notes)


def geometric_mean(rows: Iterable[Row]) -> float:
    """Return the geometric mean of the ratios, the only mean that is fair to both sides."""
    ratios = [row.ratio for row in rows]
    return math.exp(sum(map(math.log, ratios)) / len(ratios)) if ratios else math.nan
