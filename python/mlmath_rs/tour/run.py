"""The whole tour: every step taken and printed, every figure drawn, one page written."""

import time
from collections.abc import Sequence
from pathlib import Path

from mlmath_rs.data import load_penguins
from mlmath_rs.tour.page import write
from mlmath_rs.tour.screen import Screen
from mlmath_rs.tour.sections import SECTIONS
from mlmath_rs.tour.steps import Outcome, Section, take

__all__ = ["run"]


def run(
    out: str | Path = "tour.html",
    *,
    sections: Sequence[Section] | None = None,
    seconds: float = 0.25,
    screen: Screen | None = None,
) -> int:
    """Take the tour, write its page, and return 1 if anything disagrees with its reference.

    Parameters
    ----------
    out : str or Path
        Where to write the page.
    sections : sequence of Section
        Which to take; all six where not given.
    seconds : float
        How long to time each step.
    screen : Screen, optional
        Where to print; what suits standard output where not given.

    Returns
    -------
    int
        The exit status: 0 where every comparison agrees.
    """
    started = time.perf_counter()
    screen = screen or Screen.best()
    penguins = load_penguins().measured()
    screen.say("The mathematics of machine learning on the Palmer penguins", "bold")
    done: list[tuple[Section, list[Outcome]]] = []
    for section in SECTIONS if sections is None else sections:
        screen.section(section)
        outcomes = []
        with screen.working("preparing"):
            steps = section.steps(penguins)
        for index, step in enumerate(steps, 1):
            with screen.working(f"{section.number}.{index} of {section.number}.{len(steps)}: {step.title}"):
                outcome = take(step, seconds)
            screen.step(f"{section.number}.{index}", outcome)
            outcomes.append(outcome)
        done.append((section, outcomes))
    with screen.working("drawing"):
        trouble = write(Path(out), done, penguins)
    return conclude(screen, [outcome for _, outcomes in done for outcome in outcomes], trouble, out, started)


def conclude(screen: Screen, outcomes: list[Outcome], trouble: str, out: str | Path, started: float) -> int:
    """Print the sum of it and return the exit status."""
    counts = {
        status: sum(outcome.status == status for outcome in outcomes)
        for status in ("agrees", "disagrees", "failed", "no reference")
    }
    words = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    screen.say(f"\n{len(outcomes)} steps in {time.perf_counter() - started:.0f} s: {words}", "bold")
    if trouble:
        screen.say(trouble, "yellow")
    screen.say(f"The report: {Path(out).resolve()}")
    return 1 if counts["disagrees"] or counts["failed"] else 0
