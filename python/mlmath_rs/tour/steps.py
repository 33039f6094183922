"""A step of the tour: one thing computed by us and by the reference, compared, then timed."""

import math
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlmath_rs.bench.case import relative_error
from mlmath_rs.bench.timing import Timing, time_both

__all__ = ["Figure", "Outcome", "Section", "Step", "same", "shown", "take"]


@dataclass(frozen=True)
class Step:
    """One thing to compute, ours beside the reference.

    Parameters
    ----------
    title, explanation : str
        What is computed, and why; plain text.
    code : str
        What a user would write.
    ours : callable
        Takes `arguments`.
    against : str
        The reference's name; imported as such unless `prepare` is given.
    arguments : tuple
        Of both sides.
    prepare : callable, optional
        Imports what the reference needs and returns it as a callable, so that a missing library
        costs only its own steps and no import is timed.
    tolerance : float
        The largest error that still counts as agreement.
    error : callable
        ``error(ours, reference)``; by default the largest difference over the largest element.
    formula : str
        HTML.
    show : callable, optional
        Turns the result of either side into text.
    """

    title: str
    explanation: str
    code: str
    ours: Callable[..., Any]
    against: str
    arguments: tuple[Any, ...] = ()
    prepare: Callable[[], Callable[..., Any]] | None = None
    tolerance: float = 1e-12
    error: Callable[[Any, Any], float] = relative_error
    formula: str = ""
    show: Callable[[Any], str] | None = None

    def reference(self) -> Callable[..., Any]:
        """Return the reference, or raise `ModuleNotFoundError`."""
        if self.prepare is not None:
            return self.prepare()
        found: Callable[..., Any] = pkgutil.resolve_name(self.against)
        return found


@dataclass(frozen=True)
class Figure:
    """A picture of a section: ``draw(figure)`` fills a matplotlib figure of `size` inches."""

    title: str
    caption: str
    draw: Callable[[Any], None]
    size: tuple[float, float] = (6.0, 4.0)


@dataclass(frozen=True)
class Section:
    """A section of the tutorial: steps and figures, both made from the penguins."""

    number: int
    title: str
    introduction: str
    steps: Callable[[Any], list[Step]]
    figures: Callable[[Any], list[Figure]]


@dataclass(frozen=True)
class Outcome:
    """What came of a step: both results as text, their difference, both times.

    Parameters
    ----------
    step : Step
        The step.
    ours, reference : str
        The results; empty where there is none.
    error : float
        NaN where nothing was compared.
    timing : Timing, optional
        Where both sides were timed.
    trouble : str
        Why a side has no result.
    missing : str
        The library that is not installed.
    """

    step: Step
    ours: str = ""
    reference: str = ""
    error: float = math.nan
    timing: Timing | None = None
    trouble: str = ""
    missing: str = ""

    @property
    def status(self) -> str:
        """One of ``"agrees"``, ``"disagrees"``, ``"failed"``, ``"no reference"``."""
        if self.missing:
            return "no reference"
        if self.trouble:
            return "failed"
        return "agrees" if self.error <= self.step.tolerance else "disagrees"

    @property
    def digits(self) -> str:
        """How many decimal digits agree, ``"all"`` where the results are equal."""
        if math.isnan(self.error):
            return "none"
        if self.error == 0:
            return "all"
        if self.error == math.inf:
            return "0"
        return str(min(16, max(0, math.floor(-math.log10(self.error)))))


def take(step: Step, seconds: float) -> Outcome:
    """Compute both sides, compare them, and time them in turn for about `seconds`.

    Examples
    --------
    >>> from mlmath_rs.tour.steps import Step, take
    >>> take(Step("Root", "", "", math.sqrt, "math.sqrt", (2.0,)), seconds=0.001).status
    'agrees'
    """
    show = step.show or shown
    try:
        ours = step.ours(*step.arguments)
        text = show(ours)
    except Exception as error:  # whatever it is, the report shows it and the tour goes on
        return Outcome(step, trouble=f"{type(error).__name__}: {error}")
    try:
        call = step.reference()
        reference = call(*step.arguments)
    except ModuleNotFoundError as error:
        return Outcome(step, text, missing=error.name or step.against)
    except Exception as error:
        return Outcome(step, text, trouble=f"{step.against}: {type(error).__name__}: {error}")
    difference = float(step.error(ours, reference))
    agrees = difference <= step.tolerance
    timing = time_both(step.ours, call, step.arguments, seconds) if agrees else None
    return Outcome(step, text, show(reference), difference, timing)


def shown(value: Any) -> str:
    """Return a result as short text.

    Examples
    --------
    >>> from mlmath_rs.tour.steps import shown
    >>> shown(1 / 3), shown([1.0, 2.5])
    ('0.333333333', '[1.  2.5]')
    """
    if isinstance(value, str) or value is None:
        return str(value)
    if isinstance(value, tuple) and len(value) and not all(np.isscalar(part) for part in value):
        return "\n".join(shown(part) for part in value)
    array = np.asarray(value)
    if array.dtype.kind not in "biufc":
        return str(value)
    if array.ndim == 0:
        return f"{array[()]:.9g}" if array.dtype.kind == "f" else str(array[()])
    small = bool(np.abs(array).max(initial=0) >= 1e-3)
    return np.array2string(
        array, precision=5, suppress_small=small, threshold=40, edgeitems=2, max_line_width=66
    )


def same(ours: Any, reference: Any) -> float:
    """Return 0 if both results are written alike, else infinity: the error of what is exact.

    Examples
    --------
    >>> from mlmath_rs.tour.steps import same
    >>> same("2*x", "2*x")
    0.0
    """
    return 0.0 if str(ours) == str(reference) else math.inf
