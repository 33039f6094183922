"""The report: one HTML page that needs nothing else, with every step, figure and time."""

import math
import re
import statistics
from collections.abc import Sequence
from datetime import datetime
from html import escape as plain
from importlib import resources
from pathlib import Path

from mlmath_rs.bench.table import unit
from mlmath_rs.data import Penguins
from mlmath_rs.tour.draw import svg
from mlmath_rs.tour.screen import speed
from mlmath_rs.tour.steps import Outcome, Section

__all__ = ["write"]

Done = Sequence[tuple[Section, Sequence[Outcome]]]

TITLE = "The mathematics of machine learning, on penguins"
DATA = (
    "The data: 342 penguins of three species, measured from 2007 to 2009 in the Palmer Archipelago, "
    "Antarctica. K. B. Gorman, T. D. Williams and W. R. Fraser, PLoS ONE 9(3): e90081, 2014; compiled by "
    "A. M. Horst, A. P. Hill and K. B. Gorman, “palmerpenguins”, 2020. In the public domain (CC0)."
)
MARKS = {"agrees": "✓", "disagrees": "✗", "failed": "✗", "no reference": "–"}


def write(out: Path, done: Done, penguins: Penguins) -> str:
    """Write the page, and return what is missing from it, in words."""
    trouble = ""
    drawn: dict[int, str] = {}
    for section, _ in done:
        try:
            drawn[section.number] = gallery(section, penguins)
        except ModuleNotFoundError as error:
            trouble = (
                f"The report has no figures: {error.name} is not installed (pip install mlmath-rs[plot])."
            )
            break
    out.write_text(page(done, drawn, trouble), encoding="utf-8")
    return trouble


def page(done: Done, drawn: dict[int, str], trouble: str) -> str:
    """Return the whole page."""
    outcomes = [outcome for _, of_section in done for outcome in of_section]
    style = resources.files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    body = [
        f"<header><h1>{TITLE}</h1><p>Six sections of a tutorial on a real data set. Each step is computed by "
        "<b>mlmath_rs</b> and by the library that people use for it today; both answers are compared, then "
        f"both are timed.</p>{tiles(outcomes)}{contents(done)}</header>",
        f'<p class="warn">{escape(trouble)}</p>' if trouble else "",
        *(section_of(section, outcomes, drawn.get(section.number, "")) for section, outcomes in done),
        table(done),
        machine(),
        f"<footer><p>{escape(DATA)}</p><p>Times are the fastest of many calls, ours and the reference’s "
        "measured in turn in one process, each with the threads it takes by default.</p></footer>",
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{TITLE}</title>\n<style>\n{style}</style></head>\n<body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def escape(text: str) -> str:
    """Return text as HTML, what stands between backticks as code."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", plain(text))


def tiles(outcomes: Sequence[Outcome]) -> str:
    """Return the report at a glance."""
    compared = [outcome for outcome in outcomes if outcome.status in {"agrees", "disagrees", "failed"}]
    agree = sum(outcome.status == "agrees" for outcome in compared)
    ratios = [outcome.timing.ratio for outcome in outcomes if outcome.timing]
    digits = [
        16.0 if outcome.error == 0 else -math.log10(outcome.error) for outcome in compared if outcome.timing
    ]
    shown = [
        (f"{agree} of {len(compared)}", "comparisons agree"),
        (f"{statistics.median(digits):.0f}" if digits else "–", "digits agree, median"),
        (f"{statistics.geometric_mean(ratios):.1f}×" if ratios else "–", "as fast, geometric mean"),
        (f"{sum(ratio >= 1 for ratio in ratios)} of {len(ratios)}", "steps at least as fast"),
    ]
    return (
        '<div class="tiles">' + "".join(f"<div><b>{a}</b><span>{b}</span></div>" for a, b in shown) + "</div>"
    )


def contents(done: Done) -> str:
    """Return links to the sections."""
    links = [f'<a href="#s{section.number}">{section.number}. {section.title}</a>' for section, _ in done]
    return "<nav>" + "".join([*links, '<a href="#all">All steps</a>']) + "</nav>"


def section_of(section: Section, outcomes: Sequence[Outcome], figures: str) -> str:
    """Return a section: figures first, they draw the reader in; then its steps."""
    cards = [card(f"{section.number}.{index}", outcome) for index, outcome in enumerate(outcomes, 1)]
    return (
        f'<section id="s{section.number}"><h2><span>{section.number}</span>{section.title}</h2>'
        f'<p class="lead">{escape(section.introduction)}</p>{figures}'
        f'<div class="steps">{"".join(cards)}</div></section>'
    )


def gallery(section: Section, penguins: Penguins) -> str:
    """Return the figures of a section, drawn."""
    shown = []
    for index, figure in enumerate(section.figures(penguins), 1):
        name = f"f{section.number}{index}"
        wide = ' class="wide"' if figure.size[0] > 8 else ""
        shown.append(
            f'<figure{wide} role="img" aria-label="{escape(figure.title)}">{svg(figure, name)}'
            f"<figcaption><b>{escape(figure.title)}.</b> {escape(figure.caption)}</figcaption></figure>"
        )
    return f'<div class="figures">{"".join(shown)}</div>'


def card(number: str, outcome: Outcome) -> str:
    """Return a step."""
    step = outcome.step
    formula = f'<p class="formula">{step.formula}</p>' if step.formula else ""
    results = [("ours", outcome.ours), (step.against, outcome.reference)]
    if outcome.ours and outcome.ours == outcome.reference:
        results = [(f"ours and {step.against}", outcome.ours)]
    blocks = "".join(
        f"<div><small>{escape(name)}</small><pre>{escape(text)}</pre></div>" for name, text in results if text
    )
    return (
        f'<article id="p{number}"><h3><span>{number}</span> {escape(step.title)}</h3>'
        f'<p>{escape(step.explanation)}</p>{formula}<pre class="code">{escape(step.code)}</pre>'
        f'<div class="results">{blocks}</div>{judgement(outcome)}</article>'
    )


def judgement(outcome: Outcome) -> str:
    """Return whether the sides agree, and their times, in a line."""
    status = outcome.status.replace(" ", "-")
    if outcome.status == "no reference":
        words = f"not compared: {escape(outcome.missing)} is not installed"
    elif outcome.status == "failed":
        words = f"failed: {escape(outcome.trouble)}"
    elif outcome.timing is None:
        words = f"disagrees: relative error {outcome.error:.2g}"
    else:
        agreement = "equal" if outcome.error == 0 else f"{outcome.digits} digits agree"
        words = (
            f"{agreement} · ours <b>{unit(outcome.timing.ours[0])}</b>, reference "
            f"{unit(outcome.timing.reference[0])} · {speed(outcome)}"
        )
    return f'<p class="judgement {status}"><i>{MARKS[outcome.status]}</i> {words}</p>'


def table(done: Done) -> str:
    """Return the table of all steps: agreement and times."""
    rows = []
    for section, outcomes in done:
        for index, outcome in enumerate(outcomes, 1):
            rows.append(row(f"{section.number}.{index}", outcome))
    head = "".join(
        f"<th>{words}</th>" for words in ("", "step", "reference", "digits", "ours", "reference", "times")
    )
    return (
        '<section id="all"><h2>All steps</h2><p class="lead">Digits are decimal digits of the largest entry '
        "on which both agree; “times” is the reference’s time over ours.</p>"
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div></section>"
    )


def row(number: str, outcome: Outcome) -> str:
    """Return a row of the table."""
    timing = outcome.timing
    cells = [
        f'<a href="#p{number}">{number}</a>',
        escape(outcome.step.title),
        f"<code>{escape(outcome.step.against)}</code>",
        outcome.digits if timing else outcome.status,
        unit(timing.ours[0]) if timing else "",
        unit(timing.reference[0]) if timing else "",
        f"{timing.ratio:.3g}×" if timing else "",
    ]
    slow = ' class="slower"' if timing and timing.ratio < 1 else ""
    return f"<tr{slow}>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def machine() -> str:
    """Return what the tour ran on."""
    from mlmath_rs.__main__ import describe

    pairs = [
        *describe(),
        ("When", datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z")),
    ]
    words = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in pairs)
    return f"<section><h2>The machine</h2><dl>{words}</dl></section>"
