"""The tour: every step agrees with its reference, and the report holds all of it in one file."""

import math
import re
import sys

import pytest

pytest.importorskip("matplotlib").use("Agg")

from mlmath_rs.__main__ import main
from mlmath_rs.data import load_penguins
from mlmath_rs.tour import page, run
from mlmath_rs.tour.screen import Screen, lines_of, verdict
from mlmath_rs.tour.sections import SECTIONS
from mlmath_rs.tour.steps import Figure, Section, Step, same, take

PENGUINS = load_penguins().measured()
STEPS = [
    pytest.param(step, id=f"{section.number}.{index}")
    for section in SECTIONS
    for index, step in enumerate(section.steps(PENGUINS), 1)
]


@pytest.mark.parametrize("step", STEPS)
def test_a_step_agrees_with_its_reference(step):
    outcome = take(step, seconds=0)
    assert outcome.status == "agrees", verdict(outcome)
    assert outcome.timing.ratio > 0


@pytest.mark.parametrize("step", STEPS)
def test_a_step_says_what_it_does(step):
    assert step.title
    assert step.explanation.endswith(".")
    assert step.code


def test_sections_are_in_the_tutorials_order():
    numbers = [section.number for section in SECTIONS]
    assert numbers == sorted(set(numbers))


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The report of all sections, and what was printed on the way."""
    out = tmp_path_factory.mktemp("tour") / "tour.html"
    said = []
    screen = Screen()
    screen.say = lambda text, style="": said.append(text)
    assert run.run(out, seconds=0, screen=screen) == 0
    return out.read_text(encoding="utf-8"), "\n".join(said)


def test_the_report_has_every_step_and_figure(report):
    html, _ = report
    figures = [figure for section in SECTIONS for figure in section.figures(PENGUINS)]
    assert html.count("<svg") == html.count("<figure") == len(figures)
    assert html.count("<article") == html.count('class="judgement agrees"') == len(STEPS)
    for figure in figures:
        assert page.plain(figure.title) in html


def test_the_report_needs_nothing_else(report):
    html, _ = report
    assert not re.search(r"""(?:src|href|srcset)\s*=\s*["']?(?:https?:)?//""", html)
    assert not re.search(r"@import|url\(\s*[\"']?(?!#)|<link|<script", html)


def test_ids_in_the_report_are_unique_and_its_references_lead_somewhere(report):
    html, _ = report
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', html)) <= {(i, "") for i in ids} | {
        ("", i) for i in ids
    }


def test_figures_take_the_ink_of_the_page(report):
    html, _ = report
    assert "currentColor" in html
    assert "#010203" not in html


def test_every_step_is_printed_with_results_agreement_and_times(report):
    _, text = report
    assert text.count("times faster") + text.count("times slower") == len(STEPS)
    assert f"{len(STEPS)} steps" in text
    assert f"{len(STEPS)} agrees" in text


def one(step):
    """A section of one step and no figure."""
    return Section(1, "A section", "Of one step.", lambda _: [step], lambda _: [])


def taken(step, tmp_path, capsys):
    """Return the exit status, what was printed, and the page, of a tour of one step."""
    out = tmp_path / "tour.html"
    status = run.run(out, sections=[one(step)], seconds=0, screen=Screen())
    return status, capsys.readouterr().out, out.read_text(encoding="utf-8")


def test_a_disagreement_is_shown_and_is_the_exit_status(tmp_path, capsys):
    step = Step("Wrong", "It is.", "f(1)", lambda x: x, "reference", (1.0,), lambda: lambda x: x + 1e-9)
    status, text, html = taken(step, tmp_path, capsys)
    assert status == 1
    assert "DISAGREES" in text
    assert "1 disagrees" in text
    assert "relative error 1e-09" in html


def test_a_missing_reference_is_said_and_the_tour_goes_on(tmp_path, capsys):
    step = Step("Alone", "It is.", "f(1)", abs, "no_such_library.f", (1.0,))
    status, text, html = taken(step, tmp_path, capsys)
    assert status == 0
    assert "not compared: no_such_library is not installed" in text
    assert "no_such_library is not installed" in html


@pytest.mark.parametrize("side", ["ours", "reference"])
def test_a_failure_is_shown_and_is_the_exit_status(side, tmp_path, capsys):
    def fail(x):
        raise ValueError("no luck")

    calls = (fail, abs) if side == "ours" else (abs, fail)
    step = Step("Unlucky", "It is.", "f(1)", calls[0], "reference", (1.0,), lambda: calls[1])
    status, text, _ = taken(step, tmp_path, capsys)
    assert status == 1
    assert "ValueError: no luck" in text


def test_without_matplotlib_the_report_has_no_figures_and_says_so(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    figure = Figure("A picture", "Of nothing.", lambda canvas: None)
    section = Section(1, "A section", "Of one figure.", lambda _: [], lambda _: [figure])
    out = tmp_path / "tour.html"
    assert run.run(out, sections=[section], screen=Screen()) == 0
    assert "matplotlib is not installed" in capsys.readouterr().out
    assert "no figures" in out.read_text(encoding="utf-8")


def test_text_of_users_is_escaped_in_the_report(tmp_path, capsys):
    step = Step("a < b", "Use `x < y`.", "f('<')", abs, "builtins.abs", (1.0,))
    _, _, html = taken(step, tmp_path, capsys)
    assert "a &lt; b" in html
    assert "<code>x &lt; y</code>" in html


@pytest.mark.parametrize(("error", "digits"), [(0.0, "all"), (1e-12, "12"), (3e-17, "16"), (math.inf, "0")])
def test_digits_are_those_that_agree(error, digits):
    step = Step("x", "x.", "x", abs, "builtins.abs", (1.0,), error=lambda a, b: error, tolerance=math.inf)
    assert take(step, 0).digits == digits


def test_exact_results_are_compared_as_text():
    assert same("2*x", "2*x") == 0
    assert same("2*x", "x*2") == math.inf


def test_results_of_several_lines_stay_aligned():
    step = Step("m", "m.", "m", lambda: [[1, 2], [3, 4]], "reference", (), lambda: lambda: [[1, 2], [3, 4]])
    assert lines_of(take(step, 0))[-2:] == ["both       [[1 2]", "            [3 4]]"]


def test_the_command_writes_where_it_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(run, "SECTIONS", ())
    out = tmp_path / "elsewhere.html"
    assert main(["tour", "--out", str(out)]) == 0
    assert out.exists()
