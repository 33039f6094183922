"""The comparison as a table: in a terminal, with rich where it is installed; and as Markdown."""

import math
import shutil
import sys
from collections.abc import Iterable
from typing import Any

from mlmath_rs.bench.changes import changes
from mlmath_rs.bench.machine import lines
from mlmath_rs.bench.results import Results, Row, geometric_mean

__all__ = ["cells", "markdown", "show", "show_changes", "summary", "times", "unit"]

HEADINGS = ["case", "size", "threads", "ours", "median", "reference", "median", "times", "digits"]

# What is left out where the terminal is narrower: both medians, then threads, if all are the same,
# and digits too.
NARROW = {108: [4, 6], 84: [2, 4, 6, 8]}

# A difference that two runs on a quiet machine do not show of themselves.
NOISE = 1.25


def unit(seconds: float) -> str:
    """Return a time in three digits, with the unit that suits it.

    Examples
    --------
    >>> from mlmath_rs.bench.table import unit
    >>> unit(1.234e-5), unit(2e-9), unit(123.4)
    ('12.3 µs', '2.00 ns', '123 s')
    """
    for scale, name in ((1e-9, "ns"), (1e-6, "µs"), (1e-3, "ms"), (1.0, "s")):
        if seconds < 999.5 * scale or name == "s":
            break
    return f"{three_digits(seconds / scale)} {name}"


def three_digits(value: float) -> str:
    """Return `value` with three digits, and no exponent."""
    decimals = 2 if value < 9.995 else 1 if value < 99.95 else 0
    return f"{value:,.{decimals}f}"


def times(ratio: float) -> str:
    """Return a ratio as ``"12.3x"``."""
    return f"{three_digits(ratio)}x"


def cells(row: Row) -> list[str]:
    """Return a row in words, one for each of the headings."""
    digits = "all" if math.isinf(row.digits) else f"{max(row.digits, 0):.0f}"
    return [
        row.case,
        f"{row.size:,}",
        str(row.threads),
        unit(row.ours.minimum),
        unit(row.ours.median),
        unit(row.reference.minimum),
        unit(row.reference.median),
        times(row.ratio),
        digits,
    ]


def summary(results: Results) -> str:
    """Return the sentence below the table.

    Examples
    --------
    >>> from mlmath_rs.bench.results import Results
    >>> from mlmath_rs.bench.table import summary
    >>> summary(Results(started="", complete=True))
    'No rows.'
    """
    rows = results.rows
    if not rows:
        return "No rows." if results.complete else "Interrupted: no rows."
    lost = sum(row.ratio < 1 for row in rows)
    words = f"Geometric mean {times(geometric_mean(rows))} over {len(rows)} rows, {lost} of them lost."
    return words if results.complete else f"Interrupted. {words}"


def show(results: Results) -> None:
    """Print the machine, the table with the losses first, and the summary."""
    machine = lines(results.machine) if results.machine else []
    show_pairs(machine)
    if results.rows:
        hidden = next((columns for least, columns in sorted(NARROW.items()) if width() < least), [])
        several = {2} if len({row.threads for row in results.rows}) > 1 else set()
        kept = [index for index in range(len(HEADINGS)) if index not in hidden or index in several]
        show_table(
            [HEADINGS[index] for index in kept],
            [([cells(row)[index] for index in kept], row.ratio) for row in results.by_ratio],
        )
    print(summary(results))
    for note in results.notes:
        print(f"{note.kind}: {note.case}: {note.reason}")


def width() -> int:
    """Return how many characters a line of the output has; where it is no terminal, enough."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 200


def show_pairs(pairs: list[tuple[str, str]]) -> None:
    """Print (what, in words) pairs below each other."""
    longest = max((len(what) for what, _ in pairs), default=0)
    for what, words in pairs:
        print(f"{what:{longest}}  {words}")


def show_changes(before: Results, after: Results) -> None:
    """Print what has become slower since `before`, measured by the references."""
    common = changes(before, after)
    slower = [change for change in common if change.factor > NOISE]
    faster = sum(change.factor < 1 / NOISE for change in common)
    if before.machine.get("cpu") != after.machine.get("cpu"):
        print(f"note: the older run was on another processor: {before.machine.get('cpu')}")
    print(f"\nSince {before.started}: {len(slower)} of {len(common)} rows slower, {faster} faster.")
    if slower:
        headings = ["case", "size", "threads", "was", "is", "times was", "times is", "slower"]
        show_table(
            headings,
            [
                (
                    [
                        *cells(change.after)[:3],
                        unit(change.before.ours.minimum),
                        unit(change.after.ours.minimum),
                        times(change.before.ratio),
                        times(change.after.ratio),
                        times(change.factor),
                    ],
                    1 / change.factor,
                )
                for change in slower
            ],
        )


def show_table(headings: list[str], rows: Iterable[tuple[list[str], float]]) -> None:
    """Print a table whose rows come with a ratio that colours them; plain text without rich."""
    rows = list(rows)
    try:
        from rich import box
        from rich.console import Console
        from rich.table import Table
    except ModuleNotFoundError:
        print(plain(headings, [words for words, _ in rows]))
        return
    table: Any = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for index, heading in enumerate(headings):
        table.add_column(heading, justify="right" if index else "left", overflow="fold", no_wrap=index > 0)
    for words, ratio in rows:
        table.add_row(*words, style="bold red" if ratio < 1 else "")
    Console(width=width()).print(table)


def plain(headings: list[str], rows: list[list[str]]) -> str:
    """Return a table as text: the first column to the left, the others to the right.

    Examples
    --------
    >>> from mlmath_rs.bench.table import plain
    >>> print(plain(["case", "size"], [["inv", "4"]]))
    case  size
    ----------
    inv      4
    """
    widths = [max(len(row[index]) for row in [headings, *rows]) for index in range(len(headings))]

    def line(words: list[str]) -> str:
        padded = [
            words[0].ljust(widths[0]),
            *(word.rjust(width) for word, width in zip(words[1:], widths[1:])),
        ]
        return "  ".join(padded).rstrip()

    return "\n".join([line(headings), "-" * (sum(widths) + 2 * len(widths) - 2), *map(line, rows)])


def markdown(results: Results) -> str:
    """Return the page ``docs/results.md``: the machine, the summary, the table."""
    parts = [
        "# Results\n",
        "Written by `python -m mlmath_rs compare --markdown docs/results.md`: every public function beside",
        "its reference, both called from Python in turn, in one process, on as many threads, after their",
        "answers were compared. The fastest call of each side (and the median); *times* is the reference's",
        "fastest over ours; *digits* are those on which both answers agree. Losses first.\n",
        f"{summary(results)}\n",
        *(f"- **{what}:** {words}" for what, words in lines(results.machine)),
        "",
        "| case | size | threads | ours | reference | times | digits |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for row in results.by_ratio:
        case, size, threads, ours, our_median, reference, its_median, ratio, digits = cells(row)
        ratio = f"**{ratio}**" if row.ratio < 1 else ratio
        both = f"{ours} ({our_median}) | {reference} ({its_median})"
        parts.append(f"| {case} | {size} | {threads} | {both} | {ratio} | {digits} |")
    if results.notes:
        parts += ["", "Without a row:", ""]
        parts += [f"- {note.case}: {note.kind}, {note.reason}" for note in results.notes]
    return "\n".join(parts) + "\n"
