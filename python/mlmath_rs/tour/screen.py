"""What the tour prints: each step as it is done, with rich on a terminal, plainly elsewhere."""

import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mlmath_rs.bench.table import unit
from mlmath_rs.tour.steps import Outcome, Section

__all__ = ["Screen", "lines_of", "speed"]

WIDTH = 80
COLOURS = {"agrees": "green", "disagrees": "bold red", "failed": "bold red", "no reference": "yellow"}


class Screen:
    """Prints the steps of the tour.

    Parameters
    ----------
    console : object, optional
        rich's Console; plain text is printed where not given.
    """

    def __init__(self, console: Any = None) -> None:
        self.console = console

    @classmethod
    def best(cls) -> "Screen":
        """Return a screen with colours where there is a terminal and rich is installed."""
        if not sys.stdout.isatty():
            return cls()
        try:
            from rich.console import Console
        except ModuleNotFoundError:
            return cls()
        return cls(Console(highlight=False))

    def say(self, text: str, style: str = "") -> None:
        """Print a line."""
        if self.console is None:
            print(text, flush=True)
        else:
            self.console.print(text, style=style or None, markup=False, soft_wrap=True)

    @contextmanager
    def working(self, on: str) -> Iterator[None]:
        """Show what is being worked on, as long as it takes."""
        if self.console is None:
            yield
        else:
            with self.console.status(on):
                yield

    def section(self, section: Section) -> None:
        """Print the head of a section."""
        self.say(f"\n{section.number}. {section.title}", "bold cyan")
        self.say(textwrap.fill(section.introduction, WIDTH), "dim")

    def step(self, number: str, outcome: Outcome) -> None:
        """Print what came of a step."""
        self.say(f"\n{number} {outcome.step.title}", "bold")
        for line in lines_of(outcome):
            self.say(f"    {line}")
        self.say(f"    {verdict(outcome)}", COLOURS[outcome.status])


def lines_of(outcome: Outcome) -> list[str]:
    """Return the step's explanation, code and results as lines."""
    step = outcome.step
    lines = [*textwrap.wrap(step.explanation, WIDTH - 4), *(f"> {line}" for line in step.code.splitlines())]
    sides = [("ours", outcome.ours), ("reference", outcome.reference)]
    if outcome.ours == outcome.reference:
        sides = [("both", outcome.ours)]
    for name, text in sides:
        lines += [f"{name if index == 0 else '':10} {line}" for index, line in enumerate(text.splitlines())]
    return lines


def verdict(outcome: Outcome) -> str:
    """Return in a line whether the results agree, and how long both took."""
    step = outcome.step
    if outcome.status == "no reference":
        return f"not compared: {outcome.missing} is not installed"
    if outcome.status == "failed":
        return f"failed: {outcome.trouble}"
    if outcome.timing is None:
        return f"DISAGREES with {step.against}: relative error {outcome.error:.2g}"
    ours, reference = outcome.timing.ours[0], outcome.timing.reference[0]
    agreement = "equal" if outcome.error == 0 else f"{outcome.digits} digits agree"
    return f"{agreement}; ours {unit(ours)}, {step.against} {unit(reference)}: {speed(outcome)}"


def speed(outcome: Outcome) -> str:
    """Return how many times faster or slower ours is."""
    if outcome.timing is None:
        return ""
    ratio = outcome.timing.ratio
    return f"{ratio:.3g} times faster" if ratio >= 1 else f"{1 / ratio:.3g} times slower"
