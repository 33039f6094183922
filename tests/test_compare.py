"""The command ``compare``: what it measures, what it reports, how it ends."""

import itertools
import json
import os
import re
import signal
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy
import pytest

import mlmath_rs
from mlmath_rs.__main__ import main
from mlmath_rs.bench import chart, compare, measure, page, processes, progress, table
from mlmath_rs.bench.case import Case
from mlmath_rs.bench.cases import all_cases
from mlmath_rs.bench.changes import changes
from mlmath_rs.bench.machine import describe, lines
from mlmath_rs.bench.measure import Plan, UnknownAreaError, select, sizes_of
from mlmath_rs.bench.results import Note, Results, Row, geometric_mean
from mlmath_rs.bench.timing import Side, time_both


def numbers(rng, n, dtype):
    return (rng.random(n).astype(dtype),)


AGREES = Case("area.good", numpy.mean, "numpy.mean", numbers, (1, 4), (4, 16))
DISAGREES = Case("area.bad", lambda a: a.mean() + 1e-3, "numpy.mean", numbers, (4,), (4, 16))
ABSENT = Case("area.absent", numpy.mean, "no_such_package.mean", numbers, (4,), (4, 16))
FAILS = Case("area.fails", lambda a: 1 / 0, "numpy.mean", numbers, (4,))


def row(case="area.f", size=4, ratio=2.0, threads=1, error=1e-15):
    ours = 1e-6
    return Row(
        case=case,
        area="area",
        reference_name="numpy.f",
        size=size,
        dtype="float64",
        threads=threads,
        error=error,
        ours=Side(ours, 1.5 * ours, 10),
        reference=Side(ratio * ours, 1.5 * ratio * ours, 10),
    )


def results(*rows, notes=(), complete=True):
    return Results("2026-01-01T00:00:00", describe(), list(rows), list(notes), complete=complete)


def collected(*cases):
    """What a run of `cases` finds, in this process."""
    found = results(complete=False)
    plan = Plan(quick=True)
    compare.collect(measure.events(cases, plan), found, progress.Progress(1))
    return found


class Checker(HTMLParser):
    """Sees that tags are closed in the order in which they were opened."""

    VOID = frozenset(["meta", "input", "link", "br"])

    def __init__(self, text):
        super().__init__()
        self.open, self.counts, self.links = [], {}, []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.counts[tag] = self.counts.get(tag, 0) + 1
        self.links += [value for name, value in attributes if name in {"src", "href"}]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


# A whole run, in processes of its own


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compare")
    files = {kind: str(folder / f"c.{kind}") for kind in ("json", "html", "markdown")}
    words = [word for kind, file in files.items() for word in (f"--{kind}", file)]
    command = "-m mlmath_rs compare linalg.det histogram_bin_edges --quick --threads 1 2".split()
    done = subprocess.run([sys.executable, *command, *words], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, {kind: Path(file).read_text(encoding="utf-8") for kind, file in files.items()}, files


def test_a_run_writes_a_json_that_comes_back(run):
    _, texts, files = run
    found = Results.read(files["json"])
    assert found.complete
    assert {row.case for row in found.rows} == {
        "linalg.det",
        "linalg.det (complex)",
        "linalg.det (stack of 3x3)",
        "histogram_bin_edges",
    }
    assert {row.threads for row in found.rows} == {1, 2}
    assert json.loads(texts["json"])["schema"] == 1
    for each in found.rows:
        assert 0 < each.ours.minimum <= each.ours.median
        assert 0 < each.reference.minimum <= each.reference.median


def test_terminal_page_and_markdown_tell_the_same_as_the_json(run):
    printed, texts, files = run
    found = Results.read(files["json"])
    checker = Checker(texts["html"])
    lost = sum(each.ratio < 1 for each in found.rows)
    assert checker.counts["tr"] == len(found.rows) + 1 + (lost + 1 if lost else 0)
    for each in found.rows:
        for text in (printed, texts["html"], texts["markdown"]):
            assert table.times(each.ratio) in text
            assert table.unit(each.ours.median) in text
    assert table.summary(found) in printed
    assert table.summary(found) in texts["markdown"]


def test_libraries_are_held_to_the_threads_that_were_asked_for(run):
    pytest.importorskip("threadpoolctl")
    _, _, files = run
    pools = Results.read(files["json"]).machine["blas"]
    assert {pool[-9:] for pool in pools} == {"threads 1", "threads 2"}


def test_what_was_written_can_be_reported_again(run, capsys, tmp_path):
    _, texts, files = run
    again = tmp_path / "again.html"
    assert main(["compare", "--read", files["json"], "--html", str(again), "--against", files["json"]]) == 0
    assert again.read_text(encoding="utf-8") == texts["html"]
    assert re.search(r"Since .*: 0 of \d+ rows slower, 0 faster\.", capsys.readouterr().out)


def test_ctrl_c_leaves_what_there_is(tmp_path):
    file = tmp_path / "partial.json"
    command = [sys.executable, "-m", "mlmath_rs", "compare", "linalg", "--json", str(file)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        begun = process.stderr.readline()
        os.killpg(process.pid, signal.SIGINT)
        printed, errors = process.communicate(timeout=60)
    assert begun.startswith("1/")
    assert process.returncode == 130
    assert errors == ""
    assert "Interrupted" in printed
    assert not Results.read(str(file)).complete


def test_an_interrupted_stream_keeps_its_rows():
    def stream():
        yield "row", row()
        raise KeyboardInterrupt

    found = results(complete=False)
    compare.collect(stream(), found, progress.Progress(2))
    assert found.rows == [row()]
    assert table.summary(found) == "Interrupted. Geometric mean 2.00x over 1 rows, 0 of them lost."


# What is measured


def test_cases_that_agree_become_rows():
    found = collected(AGREES)
    assert [each.size for each in found.rows] == [4, 16]
    assert found.status == 0
    assert found.complete


def test_a_case_that_disagrees_is_no_row_but_a_fault():
    found = collected(AGREES, DISAGREES)
    assert {each.case for each in found.rows} == {"area.good"}
    assert [note.kind for note in found.notes] == ["disagrees", "disagrees"]
    assert "size 4, float64: relative error" in found.notes[0].reason
    assert found.status == 1


def test_a_case_that_raises_is_a_fault_and_the_others_go_on():
    found = collected(FAILS, AGREES)
    assert [note.reason for note in found.notes] == ["size 4: ZeroDivisionError: division by zero"]
    assert len(found.rows) == 2
    assert found.status == 1


def test_a_reference_that_is_not_installed_is_left_out_with_the_reason():
    found = collected(ABSENT)
    assert found.notes == [Note("left out", "area.absent", "no_such_package is not installed")]
    assert found.status == 0


def test_an_unknown_area_is_told_which_there_are(capsys):
    assert main(["compare", "linalgebra"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: no such area: 'linalgebra'; there are ")
    assert "information, linalg, numpy" in error
    with pytest.raises(UnknownAreaError):
        select(all_cases(), ["nonsense"])


def test_areas_and_names_select():
    assert {case.name for case in select(all_cases(), ["linalg.inv", "matmul"])} == {"linalg.inv", "matmul"}
    assert {case.area for case in select(all_cases(), ["linalg"])} == {"linalg"}
    assert len(select(all_cases(), [])) == len(all_cases())


def test_sizes_are_taken_where_they_lie_in_the_range_of_a_case():
    case = Case("a", numpy.mean, "numpy.mean", numbers, (2,), (8, 64, 512))
    assert sizes_of(case, Plan()) == [8, 64, 512]
    assert sizes_of(case, Plan(quick=True)) == [8, 64]
    assert sizes_of(case, Plan(sizes=[100, 2, 513, 1])) == [2, 100]
    found = results(complete=False)
    compare.collect(measure.events([case], Plan(sizes=[1000])), found, progress.Progress(0))
    assert found.notes == [Note("left out", "a", "no size of --sizes is within its range")]


@pytest.mark.parametrize("threads", ["0", "-1", "two"])
def test_impossible_threads_are_refused(threads, capsys):
    with pytest.raises(SystemExit):
        main(["compare", f"--threads={threads}"])
    assert "invalid" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_refused_at_once(tmp_path, capsys):
    assert main(["compare", "--json", str(tmp_path / "nowhere" / "c.json")]) == 2
    assert "no such folder" in capsys.readouterr().err


def test_a_process_that_dies_is_reported_with_what_it_did(monkeypatch):
    program = 'print(\'["start", "linalg.inv, 4"]\', flush=True); import os; os.abort()'
    popen = subprocess.Popen
    monkeypatch.setattr(
        processes.subprocess, "Popen", lambda command, **rest: popen([command[0], "-c", program], **rest)
    )
    *_, (kind, note) = processes.events(Plan(), [1])
    assert kind == "note"
    assert note == Note("failed", "the process for 1 thread(s)", "it ended with signal 6 at linalg.inv, 4")


def test_timing_calls_both_sides_in_turn():
    calls = []
    timing = time_both(lambda: calls.append("ours"), lambda: calls.append("reference"), (), 0.0)
    assert timing.ours.turns == timing.reference.turns == 3
    changes_of_side = sum(a != b for a, b in itertools.pairwise(calls))
    assert changes_of_side >= 3
    assert set(calls) == {"ours", "reference"}


def test_each_turn_rests_where_several_threads_are_compared(monkeypatch):
    rests = []
    monkeypatch.setattr("mlmath_rs.bench.timing.time.sleep", rests.append)
    time_both(lambda: None, lambda: None, (), 0.0, Plan(threads=2).rest)
    assert rests == [0.05] * 6
    assert Plan(threads=1).rest == 0.0


# What is reported


def test_losses_come_first():
    found = results(row(ratio=3.0), row("b", ratio=0.5), row("c", ratio=1.5))
    assert [each.ratio for each in found.by_ratio] == pytest.approx([0.5, 1.5, 3.0])
    text = table.markdown(found)
    assert text.index("| b |") < text.index("| c |") < text.index("| area.f |")
    assert "**0.50x**" in text
    assert table.summary(found) == "Geometric mean 1.31x over 3 rows, 1 of them lost."


def test_the_geometric_mean_is_fair_to_both_sides():
    assert geometric_mean([row(ratio=0.1), row(ratio=10.0)]) == pytest.approx(1.0)


def test_without_rich_the_table_is_plain_text(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "rich", None)
    monkeypatch.setitem(sys.modules, "rich.console", None)
    table.show(results(row(ratio=0.5)))
    printed = capsys.readouterr().out
    assert re.search(
        r"^area\.f +4 +1 +1\.00 µs +1\.50 µs +500 ns +750 ns +0\.50x +15$", printed, re.MULTILINE
    )


@pytest.mark.parametrize(
    ("columns", "kept"), [(120, "threads median digits"), (100, "threads digits"), (80, "")]
)
def test_a_narrow_terminal_gets_fewer_columns_and_no_broken_names(columns, kept, monkeypatch, capsys):
    monkeypatch.setattr(table, "width", lambda: columns)
    name = "information.mutual_info_score (strings)"
    table.show(results(row(name, 1_000_000)))
    printed = capsys.readouterr().out
    lines_of_table = printed[printed.index("case") :].splitlines()
    assert name in printed
    assert max(map(len, lines_of_table)) <= columns
    for heading in "threads median digits".split():
        assert (heading in lines_of_table[0]) == (heading in kept)


def test_what_has_become_slower_is_found_by_the_ratio(capsys):
    before = results(row("a", ratio=4.0), row("b", ratio=4.0), row("gone"))
    after = results(row("a", ratio=2.0), row("b", ratio=9.0), row("new"))
    assert [(change.after.case, change.factor) for change in changes(before, after)] == [
        ("a", pytest.approx(2.0)),
        ("b", pytest.approx(4 / 9)),
    ]
    table.show_changes(before, after)
    printed = capsys.readouterr().out
    assert "1 of 2 rows slower, 1 faster." in printed
    assert "2.00x" in printed


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 999}'])
def test_a_file_that_is_no_result_is_refused(text, tmp_path, capsys):
    file = tmp_path / "old.json"
    file.write_text(text)
    assert main(["compare", "--against", str(file)]) == 2
    assert str(file) in capsys.readouterr().err


def test_the_page_needs_no_network_and_escapes_what_it_shows():
    found = results(row("a<b>&c", 4), row("a<b>&c", 64, 0.5), notes=[Note("failed", "x", "<script>")])
    text = page.html(found)
    checker = Checker(text)
    assert not checker.links
    assert not re.search(r"https?://|url\(|@import", text)
    assert "a<b>" not in text
    assert checker.counts["script"] == 1
    assert "prefers-color-scheme: dark" in text


def test_a_page_without_rows_is_whole():
    Checker(page.html(results(complete=False)))


def test_charts_keep_every_mark_and_label_within_their_frame():
    rows = [row(size=size, ratio=ratio, threads=threads) for threads in (1, 2) for size, ratio in SPREAD]
    for drawn in (chart.lines(rows), chart.strip({"area": rows, "other": rows[:1]})):
        Checker(drawn)
        width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawn).groups())
        marks = re.findall(r'<(?:circle|text|rect) c?x="([-\d.]+)" c?y="([-\d.]+)"', drawn)
        assert len(marks) >= len(rows)
        for x, y in marks:
            assert 0 <= float(x) <= width
            assert 0 <= float(y) <= height


SPREAD = [(1, 0.001), (10, 1.0), (11, 1.0), (12, 1.0), (1000, 50.0), (10_000_000, 1e4)]


def test_labels_of_sizes_do_not_run_into_each_other():
    drawn = chart.lines([row(size=size, ratio=ratio) for size, ratio in SPREAD])
    places = [
        float(x) for x in re.findall(r'<text x="([\d.]+)" y="214.0" class="tick" text-anchor="middle"', drawn)
    ]
    assert len(places) >= 3
    assert all(b - a >= 31 for a, b in itertools.pairwise(places))


def test_the_machine_says_what_in_the_environment_changes_speed(monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    described = dict(lines(describe()))
    assert described["Environment"] == "OPENBLAS_CORETYPE=Haswell"
    assert f"numpy {numpy.__version__}" in described["Packages"]
    assert "instruction set" in described["mlmath_rs"]
    assert described["Processor"]


# The other command


def test_info_says_version_instruction_set_threads_and_numpy(capsys, monkeypatch):
    monkeypatch.setenv("MLMATH_SIMD", "avx512")
    assert main(["info"]) == 0
    printed = dict(re.split(" {2,}", line, maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert printed["mlmath_rs"] == mlmath_rs.__version__
    assert "this CPU has baseline" in printed["Instruction set"]
    assert re.match(r"[1-9]\d* on [1-9]\d* CPUs", printed["Threads"])
    assert printed["Environment"] == "MLMATH_SIMD=avx512"
    assert f"numpy {numpy.__version__}" in printed["Packages"]


def test_info_reads_the_thread_variables_of_a_fresh_process():
    command = [sys.executable, "-m", "mlmath_rs", "info"]
    environment = os.environ | {"MLMATH_NUM_THREADS": "3"}
    printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    assert re.search(r"^Threads +3 on", printed, re.MULTILINE)


def test_no_command_says_which_there_are(capsys):
    with pytest.raises(SystemExit):
        main([])
    assert "compare" in capsys.readouterr().err
