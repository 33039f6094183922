"""Section 2's second half: down a slope by gradient descent, to a root by Newton's method."""

from collections.abc import Callable
from typing import Any

import numpy

from mlmath_rs import optimize as opt
from mlmath_rs.data import Penguins
from mlmath_rs.tour.palette import CYCLE
from mlmath_rs.tour.steps import Figure, Step

__all__ = ["figure", "numeric"]

STEPS = 100


def correlation(penguins: Penguins) -> float:
    """Return how flipper length and body mass go together."""
    return float(numpy.corrcoef(penguins.flipper_length, penguins.body_mass)[0, 1])


def descend(r: float, learning_rate: float) -> float:
    """Go down the slope of the standardised loss in a loop of Python: the tutorial's."""
    b = 0.0
    for _ in range(STEPS):
        b -= learning_rate * (2 * b - 2 * r)
    return b


def standardised_loss(r: float) -> Callable[[Any], Any]:
    """Return the mean squared error of ``mass = b * flipper``, both standardised, as a function of b."""
    return lambda b: b**2 - 2 * r * b + 1


def prepare_newton() -> Callable[..., Any]:
    """Return SciPy's root finder on the tutorial's function."""
    from scipy.optimize import newton

    return lambda: newton(lambda x: x**2 + 2 * x + 1, 0)


def crossing(penguins: Penguins) -> Callable[[Any], Any]:
    """Return the difference of the logarithms of two normal densities: of Adelies and Gentoos."""
    (m1, s1), (m2, s2) = (
        (float(x.mean()), float(x.std()))
        for x in (penguins.flipper_length[penguins.species == name] for name in ("Adelie", "Gentoo"))
    )
    constant = float(numpy.log(s2 / s1))
    return lambda x: ((x - m2) / s2) ** 2 / 2 - ((x - m1) / s1) ** 2 / 2 + constant


def numeric(penguins: Penguins) -> list[Step]:
    """Return the steps that iterate."""
    r = correlation(penguins)
    f = crossing(penguins)
    return [
        Step(
            "Gradient descent",
            f"{STEPS} steps down the mean squared error of a line through the standardised penguins. The "
            "function is traced once, its derivative is exact, and the loop runs in Rust.",
            f"opt.gradient_descent(f, 0, learning_rate=0.1, max_iterations={STEPS}, tol=0).x",
            lambda r, rate: float(
                opt.gradient_descent(
                    standardised_loss(r), 0, learning_rate=rate, max_iterations=STEPS, tol=0
                ).x[0]
            ),
            "a loop in Python",
            (r, 0.1),
            lambda: descend,
            tolerance=1e-9,
            formula="<i>b</i> ← <i>b</i> − <i>η</i> <i>f</i>′(<i>b</i>)",
        ),
        Step(
            "Newton's method on a double root",
            "The tutorial's function touches 0 at −1 without crossing it. Ours sees the multiplicity and "
            "is exact; SciPy's secant stops about 1e-8 away.",
            "opt.newton(lambda x: x**2 + 2*x + 1, 0)",
            lambda: float(opt.newton(lambda x: x**2 + 2 * x + 1, 0)),
            "scipy.optimize.newton",
            prepare=prepare_newton,
            tolerance=1e-6,
            formula="<i>x</i> ← <i>x</i> − <i>f</i>(<i>x</i>) / <i>f</i>′(<i>x</i>)",
        ),
        Step(
            "Where two densities cross",
            "The flipper length, in mm, at which an Adelie and a Gentoo are equally likely: a root of the "
            "difference of the logarithms.",
            "opt.newton(difference, 200)",
            lambda f, x: float(opt.newton(f, x)),
            "scipy.optimize.newton",
            (f, 200.0),
            tolerance=1e-9,
        ),
    ]


def figure(penguins: Penguins) -> Figure:
    """Return the picture of gradient descent."""
    from mlmath_rs import plots

    r = correlation(penguins)
    f = standardised_loss(r)

    def draw(figure: Any) -> None:
        axes = figure.subplots()
        b = numpy.linspace(-0.15, 1.75, 200)
        axes.plot(b, f(b), color=CYCLE[0])
        found = opt.gradient_descent(f, 0, learning_rate=0.1, max_iterations=25, history=True)
        path = numpy.column_stack([numpy.ravel(found.history.x), found.history.fun])
        plots.descent_path(path, ax=axes, color=CYCLE[4])
        axes.set_xlabel("slope b (standard deviations of mass for one of flipper length)")
        axes.set_ylabel("mean squared error")

    return Figure(
        "Gradient descent", "Each step goes against the slope, and is the shorter the flatter it is.", draw
    )
