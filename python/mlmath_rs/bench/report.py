"""The comparison as a table: every case checked, then timed; losses first."""

import json
import math
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from mlmath_rs.bench.case import Case, Disagreement
from mlmath_rs.bench.cases import all_cases
from mlmath_rs.bench.timing import time_both

__all__ = ["Row", "run"]

VARIABLES = ("MLMATH", "OMP", "OPENBLAS", "MKL", "RAYON")


@dataclass(frozen=True)
class Row:
    """One case at one size."""

    case: str
    area: str
    size: int
    error: float
    ours: float
    reference: float
    ratio: float


def run(areas: list[str], quick: bool, threads: int, file: str | None) -> int:
    """Compare, print the table, and return 1 if a case disagrees with its reference.

    The thread counts of NumPy's libraries are read when they are loaded, so the work is done in
    a fresh process whose environment sets them for both sides.
    """
    if os.environ.get("MLMATH_COMPARE") != str(threads):
        names = {f"{name}_NUM_THREADS": str(threads) for name in VARIABLES}
        words = [*areas, *(["--quick"] if quick else []), "--threads", str(threads)]
        words += ["--json", file] if file else []
        command = [sys.executable, "-m", "mlmath_rs", "compare", *words]
        return subprocess.call(command, env=os.environ | names | {"MLMATH_COMPARE": str(threads)})
    known = {case.area for case in all_cases()}
    unknown = set(areas) - known
    if unknown:
        print(f"error: no such area: {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
        return 2
    from mlmath_rs.__main__ import describe

    print(describe(), flush=True)
    rows, trouble = measure([case for case in all_cases() if not areas or case.area in areas], quick)
    print(table(rows))
    for line in trouble:
        print(line)
    if file:
        Path(file).write_text(json.dumps([asdict(row) for row in rows], indent=1))
    return 1 if trouble else 0


def measure(cases: list[Case], quick: bool) -> tuple[list[Row], list[str]]:
    """Return a row for each case and size, and what went wrong in words."""
    rows, trouble = [], []
    for index, case in enumerate(cases):
        print(f"\r{index + 1}/{len(cases)} {case.id:60.60}", end="", file=sys.stderr, flush=True)
        sizes = case.bench or case.sizes[-1:]
        for size in sizes[:1] if quick else sizes:
            try:
                rows.append(one(case, size, 0.15 if quick else 1.0))
            except ModuleNotFoundError as error:
                trouble.append(f"left out: {case.id}: {error.name} is not installed")
            except Disagreement as error:
                trouble.append(f"disagrees: {error}")
    print(file=sys.stderr)
    return rows, trouble


def one(case: Case, size: int, seconds: float) -> Row:
    """Check a case, then time it."""
    dtype = case.dtypes[0]
    error = max(case.check(small, dtype) for small in case.sizes)
    timing = time_both(case.ours, case.resolve(), case.arguments(size, dtype), seconds)
    return Row(case.id, case.area, size, error, timing.ours[0], timing.reference[0], timing.ratio)


def table(rows: list[Row]) -> str:
    """Return the rows as text, losses first, with the geometric mean below."""
    if not rows:
        return "no rows"
    header = f"{'case':48} {'size':>9} {'ours':>10} {'reference':>10} {'times':>8} {'digits':>7}"
    lines = [header, "-" * len(header)]
    for row in sorted(rows, key=lambda row: row.ratio):
        digits = f"{-math.log10(row.error):.0f}" if row.error > 0 else "all"
        lines.append(
            f"{row.case:48.48} {row.size:9d} {unit(row.ours):>10} {unit(row.reference):>10} "
            f"{row.ratio:7.2f}x {digits:>7}"
        )
    mean = math.exp(sum(math.log(row.ratio) for row in rows) / len(rows))
    lost = sum(row.ratio < 1 for row in rows)
    lines.append(f"geometric mean {mean:.2f}x over {len(rows)} rows, {lost} of them lost")
    return "\n".join(lines)


def unit(seconds: float) -> str:
    """Return a time with the unit that suits it."""
    for scale, name in ((1e-9, "ns"), (1e-6, "us"), (1e-3, "ms")):
        if seconds < 999.5 * scale:
            return f"{seconds / scale:.3g} {name}"
    return f"{seconds:.3g} s"
