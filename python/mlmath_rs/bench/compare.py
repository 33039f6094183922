"""The command ``compare``: runs the cases, shows what comes, reports at the end."""

import argparse
import datetime
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mlmath_rs.bench import page, processes, table
from mlmath_rs.bench.cases import all_cases
from mlmath_rs.bench.machine import usable_cpus
from mlmath_rs.bench.measure import Plan, UnknownAreaError, select, sizes_of
from mlmath_rs.bench.progress import Progress
from mlmath_rs.bench.results import Results

__all__ = ["add_arguments", "run"]

INTERRUPTED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = parser.add_argument
    add("areas", nargs="*", help="e.g. linalg stats, or linalg.inv; all where none is named")
    add("--quick", action="store_true", help="two sizes of each case, a tenth of a second each")
    add("--threads", type=_count, nargs="+", default=[1], metavar="N", help="for both sides (default: 1)")
    add("--sizes", type=_count, nargs="+", default=[], metavar="N", help="instead of the cases' own")
    add("--json", metavar="FILE", help="write everything there, for --against and --read")
    add("--html", metavar="FILE", help="write a page with charts there")
    add("--markdown", metavar="FILE", help="write the table there, as docs/results.md is")
    add("--against", metavar="FILE", help="an older --json: say what has become slower since")
    add("--read", metavar="FILE", help="run nothing: report what a --json holds")


def _count(word: str) -> int:
    number = int(word)
    if number < 1:
        raise ValueError(word)
    return number


def run(options: argparse.Namespace) -> int:
    """Do what `options` say and return the exit status.

    It is 0 where all agree; 1 where a case failed or disagrees with its reference; 2 where the
    options make no sense; 130 after Ctrl-C, which reports what there is so far.
    """
    try:
        before = Results.read(options.against) if options.against else None
        if options.read:
            return report(Results.read(options.read), options, before)
        plan = Plan(areas=options.areas, quick=options.quick, sizes=options.sizes)
        cases = select(all_cases(), plan.areas)
    except (UnknownAreaError, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for file in filter(None, (options.json, options.html, options.markdown)):
        if not Path(file).absolute().parent.is_dir():  # now, not after an hour's work
            print(f"error: {file}: there is no such folder", file=sys.stderr)
            return 2
    threads = sorted(set(options.threads))
    if threads[-1] > usable_cpus():
        print(f"note: {threads[-1]} threads on {usable_cpus()} CPUs tell little", file=sys.stderr)
    total = len(threads) * sum(len(sizes_of(case, plan)) for case in cases)
    results = Results(started=datetime.datetime.now().isoformat(timespec="seconds"), quick=plan.quick)
    with Progress(total) as progress:
        collect(processes.events(plan, threads), results, progress)
    status = report(results, options, before)
    return status if results.complete else INTERRUPTED


def collect(stream: Iterable[tuple[str, Any]], results: Results, progress: Progress) -> None:
    """Put what `stream` brings into `results`, until its end or Ctrl-C."""
    try:
        for kind, content in stream:
            if kind == "start":
                progress.start(content)
            elif kind == "row":
                results.rows.append(content)
                progress.done()
            elif kind == "note" and content not in results.notes:
                results.notes.append(content)
            elif kind == "machine":
                add_machine(results.machine, content)
        results.complete = True
    except KeyboardInterrupt:
        pass


def add_machine(known: dict[str, Any], machine: dict[str, Any]) -> None:
    """Take over the description that a process gave; the libraries' threads differ between them."""
    pools = known.get("blas", []) + [pool for pool in machine["blas"] if pool not in known.get("blas", [])]
    known.update(machine, blas=pools)


def report(results: Results, options: argparse.Namespace, before: Results | None) -> int:
    """Print the table, write the files, and return the exit status."""
    table.show(results)
    if before:
        table.show_changes(before, results)
    for file, write in (
        (options.json, results.write),
        (options.html, lambda file: Path(file).write_text(page.html(results), encoding="utf-8")),
        (options.markdown, lambda file: Path(file).write_text(table.markdown(results), encoding="utf-8")),
    ):
        if file:
            write(file)
            print(f"wrote {file}")
    return results.status
