"""The pytest plugin of `tools/conformance`: swaps, leaves out with a reason, refuses stale reasons.

A test that reaches none of our functions says nothing about them, and is counted as skipped.
"""

import fnmatch
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest
import scipy
from swaps import all_swaps, swapped

LEFT_OUT = Path(__file__).with_name("left_out.toml")
TABLE = tomllib.loads(LEFT_OUT.read_text())
SWAPS = all_swaps()
PACKAGES = {Path(package.__file__).parents[1] for package in (numpy, scipy)}

UNUSED = pytest.StashKey[list[str]]()
REACHED = pytest.StashKey[bool]()


def name_of(item: pytest.Item) -> str:
    """Return the test's name from its package on: the same wherever packages are installed."""
    where = next((root for root in PACKAGES if item.path.is_relative_to(root)), item.path.parent)
    module = ".".join(item.path.relative_to(where).with_suffix("").parts)
    return f"{module}::{item.nodeid.split('::', 1)[1]}"


def reasons() -> dict[str, str]:
    """Return the reason for each pattern of names in the table."""
    return {pattern: group["reason"] for group in TABLE["left_out"] for pattern in group["tests"]}


def adapt(modules: dict[str, Any]) -> None:
    """Narrow their lists of element types to ours, and take a digit off their float32 tolerances."""
    for path, types in TABLE["narrowed"].items():
        module, _, name = path.partition("::")
        if module in modules:
            owner, _, attribute = name.partition(".")
            assert len(getattr(getattr(modules[module], owner), attribute)) > len(types), path
            setattr(getattr(modules[module], owner), attribute, types)
    for name in TABLE["loosened"]["modules"]:
        if name in modules:
            modules[name].assert_almost_equal = loosened(modules[name].assert_almost_equal)


def loosened(check: Callable[..., None]) -> Callable[..., None]:
    """Return NumPy's `assert_almost_equal` with a digit less for numbers of single precision."""

    def assert_almost_equal(a: Any, b: Any, single_decimal: int = 6, **options: Any) -> None:
        check(a, b, single_decimal=single_decimal - 1, **options)

    return assert_almost_equal


def matches(name: str, pattern: str) -> bool:
    """Whether the pattern names this test, or all of its parameters; only `*` is special."""
    pattern = pattern.replace("[", "[[]")
    return fnmatch.fnmatchcase(name, pattern) or fnmatch.fnmatchcase(name, f"{pattern}[[]*")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ours."""
    parser.addoption("--quick", action="store_true", help="leave out what the table says is slow")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what is left out as expected to fail, so that an entry without need is seen."""
    adapt({name_of(item).split("::")[0]: item.getparent(pytest.Module).obj for item in items})
    patterns, used = reasons(), set()
    for item in items:
        name = name_of(item)
        for pattern, reason in patterns.items():
            if matches(name, pattern):
                used.add(pattern)
                item.add_marker(pytest.mark.xfail(reason=reason, strict=True))
                break
    if config.option.quick:
        slow = [item for item in items if any(matches(name_of(item), p) for p in TABLE["slow"]["tests"])]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]
    modules = {name_of(item).split("::")[0] for item in items}
    config.stash[UNUSED] = [p for p in patterns if p not in used and p.split("::")[0] in modules]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Any:
    """Run the test with our functions where it reaches for theirs."""
    if not isinstance(item, pytest.Function):
        return (yield)
    with swapped(SWAPS, item.module, item.cls, item.funcargs):
        try:
            return (yield)
        finally:
            item.stash[REACHED] = any(ours.reached for *_, ours in SWAPS.values())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Any:
    """Count a test that reached nothing of ours as skipped."""
    report = yield
    if call.when == "call" and report.outcome == "passed" and not item.stash.get(REACHED, True):
        report.outcome = "skipped"
        report.longrepr = (str(item.path), 0, "Skipped: reaches none of our functions")
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail where an entry of the table names no test."""
    if session.config.stash.get(UNUSED, []):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say what the table leaves out and why, in groups."""
    for pattern in config.stash.get(UNUSED, []):
        terminalreporter.write_line(f"stale: {pattern} in {LEFT_OUT.name} names no test", red=True)
    ours = set(reasons().values())
    failed = [report.wasxfail for report in terminalreporter.stats.get("xfailed", [])]
    for reason, count in Counter(reason for reason in failed if reason in ours).most_common():
        terminalreporter.write_line(f"{count:5} left out: {reason}")
