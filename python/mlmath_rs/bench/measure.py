"""Checks and times cases, one event after the other; run as a program, in a process of its own.

The thread counts of NumPy's libraries are read when those are loaded, so every thread count has
a fresh process, whose environment sets it for both sides before anything is imported.
"""

import contextlib
import json
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mlmath_rs.bench.case import Case, Disagreement
from mlmath_rs.bench.cases import all_cases
from mlmath_rs.bench.machine import describe
from mlmath_rs.bench.results import Note, Row
from mlmath_rs.bench.timing import time_both

__all__ = ["Plan", "UnknownAreaError", "events", "select", "sizes_of"]


class UnknownAreaError(ValueError):
    """A word on the command line names no area and no function."""


@dataclass(frozen=True)
class Plan:
    """What is to be compared.

    Parameters
    ----------
    areas : sequence of str
        Areas, or names of functions; all where empty.
    quick : bool
        Two sizes of each case, a tenth of a second each.
    sizes : sequence of int
        Instead of each case's own, as far as they lie within its range.
    threads : int
        For both sides.
    """

    areas: Sequence[str] = ()
    quick: bool = False
    sizes: Sequence[int] = ()
    threads: int = 1

    @property
    def seconds(self) -> float:
        """How long each row is timed."""
        return 0.1 if self.quick else 1.0

    @property
    def rest(self) -> float:
        """How long each turn waits: OpenBLAS's threads keep their cores busy for some 30 ms after a call."""
        return 0.05 if self.threads > 1 else 0.0


def select(cases: Iterable[Case], areas: Sequence[str]) -> list[Case]:
    """Return the cases of `areas`, all where none is named.

    Raises
    ------
    UnknownAreaError
        If a word is neither an area nor the name of a function.
    """
    cases = list(cases)
    known = sorted({case.area for case in cases})
    for word in areas:
        if word not in known and all(case.name != word for case in cases):
            raise UnknownAreaError(f"no such area: {word!r}; there are {', '.join(known)}")
    return [case for case in cases if not areas or case.area in areas or case.name in areas]


def sizes_of(case: Case, plan: Plan) -> list[int]:
    """Return the sizes at which `plan` times `case`."""
    own = sorted(case.bench or case.sizes[-1:])
    if plan.sizes:
        # Another size may not fit into memory, or mean nothing.
        smallest = min(own[0], *case.sizes)
        return [size for size in sorted(set(plan.sizes)) if smallest <= size <= own[-1]]
    return sorted({own[0], own[len(own) // 2]}) if plan.quick else own


def events(cases: Sequence[Case], plan: Plan) -> Iterator[tuple[str, Any]]:
    """Yield what happens: ("start", what), ("row", `Row`) or ("note", `Note`), a case at a time."""
    for case in cases:
        sizes = sizes_of(case, plan)
        if not sizes:
            yield "note", Note("left out", case.id, "no size of --sizes is within its range")
        for size in sizes:
            yield "start", f"{case.id}, {size:,}"
            try:
                yield "row", row(case, size, plan)
            except ModuleNotFoundError as error:
                yield "note", Note("left out", case.id, f"{error.name} is not installed")
                break
            except Disagreement as error:
                yield "note", Note("disagrees", case.id, str(error).removeprefix(f"{case.id}, "))
            except Exception as error:
                reason = f"size {size}: {type(error).__name__}: {error}"
                yield "note", Note("failed", case.id, reason)


def row(case: Case, size: int, plan: Plan) -> Row:
    """Check a case at `size`, then time it: a fast wrong answer is no result."""
    dtype = case.dtypes[0]
    reference = case.resolve()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        error = case.check(case.check_size or size, dtype)
        timing = time_both(case.ours, reference, case.arguments(size, dtype), plan.seconds, plan.rest)
    return Row(
        case=case.id,
        area=case.area,
        reference_name=case.reference_name,
        size=size,
        dtype=dtype,
        threads=plan.threads,
        error=error,
        ours=timing.ours,
        reference=timing.reference,
    )


def main(request: str) -> None:
    """Do what the JSON in `request` asks for and write each event on a line of its own."""
    plan = Plan(**json.loads(request))
    channel, sys.stdout = sys.stdout, sys.stderr  # nothing that a library prints may come between

    def send(kind: str, content: Any) -> None:
        print(json.dumps([kind, content]), file=channel, flush=True)

    send("machine", describe())
    with contextlib.suppress(BrokenPipeError):
        for kind, content in events(select(all_cases(), plan.areas), plan):
            send(kind, content if kind == "start" else asdict(content))
        send("end", None)


if __name__ == "__main__":
    main(sys.argv[1])
