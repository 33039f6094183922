"""The comparison as one HTML page that needs nothing else: style, charts and script are inside."""

import math
from html import escape
from importlib.resources import files

from mlmath_rs.bench import chart, table
from mlmath_rs.bench.machine import lines
from mlmath_rs.bench.results import Results, Row, geometric_mean

__all__ = ["html"]


def html(results: Results) -> str:
    """Return the page.

    Examples
    --------
    >>> from mlmath_rs.bench.page import html
    >>> from mlmath_rs.bench.results import Results
    >>> html(Results(started="2026-01-01")).splitlines()[0]
    '<!doctype html>'
    """
    here = files("mlmath_rs.bench")
    style, script = ((here / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    sections = [head(results), notes(results)]
    if results.rows:
        sections += [overview(results), losses(results), charts(results), full_table(results)]
    sections += [machine(results), FOOT]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>mlmath_rs beside its references</title>\n<style>\n{style}</style></head>\n<body>\n"
        + "\n".join(section for section in sections if section)
        + f"\n<script>\n{script}</script>\n</body></html>\n"
    )


FOOT = (
    "<footer>Each function and its reference were called from Python, in turn, in one process, with the same "
    "number of threads for both, after their answers were compared. Times are the fastest call, medians "
    "beside them; “times” is the reference’s fastest over ours; digits are those on which both answers agree."
    "</footer>"
)


def head(results: Results) -> str:
    """Return the title and the figures at a glance."""
    rows = results.rows
    lost = sum(row.ratio < 1 for row in rows)
    kind = "a quick run" if results.quick else "a full run"
    cpu = results.machine.get("cpu", "an unknown machine")
    tiles = [
        (table.times(geometric_mean(rows)) if rows else "–", "geometric mean of all ratios"),
        (f"{len(rows) - lost} of {len(rows)}", "rows at least as fast"),
        (str(lost), "rows lost, listed first"),
        (f"{min((row.digits for row in rows), default=math.inf):.1f}", "digits agree at worst"),
    ]
    return (
        "<h1>mlmath_rs beside its references</h1>"
        f'<p class="muted">{kind} of {escape(results.started.replace("T", ", "))}, on {escape(cpu)}</p>'
        + '<div class="tiles">'
        + "".join(f'<div class="tile"><b>{value}</b><span>{what}</span></div>' for value, what in tiles)
        + "</div>"
    )


def notes(results: Results) -> str:
    """Return what has no row, and why."""
    words = [
        f"<b>{escape(note.kind)}</b> {escape(note.case)}: {escape(note.reason)}" for note in results.notes
    ]
    if not results.complete:
        words.insert(0, "<b>interrupted</b>: what follows is what there was until then")
    return "".join(f'<p class="warn">{line}</p>' for line in words)


def overview(results: Results) -> str:
    """Return all ratios on one axis."""
    areas: dict[str, list[Row]] = {}
    for row in sorted(results.rows, key=lambda row: row.area):
        areas.setdefault(row.area, []).append(row)
    return (
        "<h2>All ratios</h2>"
        '<p class="muted">A dot is one function at one size; the axis is logarithmic.</p>'
        f'<div class="panel">{chart.strip(areas)}</div>'
    )


def losses(results: Results) -> str:
    """Return the table of what is slower than its reference."""
    lost = [row for row in results.by_ratio if row.ratio < 1]
    if not lost:
        return "<h2>Losses</h2><p>None.</p>"
    return f'<h2>Losses</h2><div class="panel">{rows_table(lost, bars_of(results))}</div>'


def full_table(results: Results) -> str:
    """Return the table of all rows, which can be searched and sorted."""
    return (
        "<h2>Every row, losses first</h2>"
        '<div class="panel"><input type="search" placeholder="Only rows with …" aria-label="Only rows with">'
        f"{rows_table(results.by_ratio, bars_of(results), 'all')}</div>"
    )


def bars_of(results: Results) -> chart.LogScale:
    """Return where, from 0 to 100, the bar of a ratio ends."""
    ratios = [row.ratio for row in results.rows]
    return chart.LogScale(min(0.5, *ratios), max(2.0, *ratios), 0, 100)


def rows_table(rows: list[Row], scale: chart.LogScale, kind: str = "") -> str:
    """Return `rows` as a table, with bars from 1x to the left or right."""
    headings = ["case", "size", "times", "", "ours <small>median</small>", "reference <small>median</small>"]
    headings += ["threads", "digits"]
    if kind:
        headings = [f"<button>{name}</button>" if name else "" for name in headings]
    cells = "".join(f"<th>{name}</th>" for name in headings)
    return (
        f'<table class="{kind}"><thead><tr>{cells}</tr></thead><tbody>'
        + "\n".join(table_row(row, scale) for row in rows)
        + "</tbody></table>"
    )


def table_row(row: Row, scale: chart.LogScale) -> str:
    """Return one line of the table; what it is sorted by stands beside the words."""
    case, size, threads, ours, our_median, reference, its_median, ratio, digits = map(
        escape, table.cells(row)
    )
    one, place = scale(1), scale(row.ratio)
    bar = f"--one:{one:.1f}%;--from:{min(one, place):.1f}%;--width:{abs(place - one):.1f}%"
    hint = f' title="{escape(row.reference_name)}"' if row.reference_name else ""
    return (
        f'<tr class="{"lost" if row.ratio < 1 else "won"}"><td class="case"{hint}>{case}</td>'
        f'<td data-value="{row.size}">{size}</td>'
        f'<td class="times" data-value="{row.ratio}">{ratio}</td><td class="bar"><i style="{bar}"></i></td>'
        f'<td data-value="{row.ours.minimum}">{ours}<small>{our_median}</small></td>'
        f'<td data-value="{row.reference.minimum}">{reference}<small>{its_median}</small></td>'
        f'<td data-value="{threads}">{threads}</td>'
        f'<td data-value="{min(row.digits, 99):.1f}">{digits}</td></tr>'
    )


def charts(results: Results) -> str:
    """Return a chart for each case that was timed at several sizes, those with losses first."""
    cases: dict[str, list[Row]] = {}
    for row in results.by_ratio:
        cases.setdefault(row.case, []).append(row)
    drawn = [rows for rows in cases.values() if len({row.size for row in rows}) > 1]
    if not drawn:
        return ""
    counts = sorted({row.threads for row in results.rows})
    return (
        "<h2>Time against size</h2>"
        '<p class="muted">Both axes are logarithmic; lower is faster. Cases with losses come first.</p>'
        f"{legend(counts)}"
        f'<div class="cards">{"".join(card(rows) for rows in drawn)}</div>'
    )


def legend(counts: list[int]) -> str:
    """Return what the marks mean."""
    samples = [
        (
            '<line x1="0" y1="8" x2="40" y2="8" class="line ours"/>'
            '<circle cx="20" cy="8" r="4" class="mark ours"/>',
            "ours",
        ),
        (
            '<line x1="0" y1="8" x2="40" y2="8" class="line reference"/>'
            '<rect x="16.5" y="4.5" width="7" height="7" class="mark reference"/>',
            "reference",
        ),
    ]
    if len(counts) > 1:
        more = " and ".join(map(str, counts[1:]))
        dashed = '<line x1="0" y1="8" x2="40" y2="8" class="line ours more"/>'
        samples.append((dashed, f"dashed: {more} threads, solid: {counts[0]}"))
    return (
        '<div class="legend">'
        + "".join(f'<span><svg viewBox="0 0 40 16">{marks}</svg>{words}</span>' for marks, words in samples)
        + "</div>"
    )


def card(rows: list[Row]) -> str:
    """Return one case: name, reference, chart."""
    worst, best = rows[0].ratio, rows[-1].ratio
    against = f"against {escape(rows[0].reference_name)}, " if rows[0].reference_name else ""
    return (
        f'<div class="card"><h3>{escape(rows[0].case)}</h3>'
        f'<p class="muted">{against}{table.times(worst)} to {table.times(best)}</p>{chart.lines(rows)}</div>'
    )


def machine(results: Results) -> str:
    """Return what it ran on."""
    if not results.machine:
        return ""
    pairs = "".join(
        f"<dt>{escape(what)}</dt><dd>{escape(words)}</dd>" for what, words in lines(results.machine)
    )
    return f'<h2>The machine</h2><div class="panel"><dl>{pairs}</dl></div>'
