"""Section 5, optimisation: down the Rosenbrock valley, along constraints, to a model of penguins."""

from collections.abc import Callable
from typing import Any

import numpy

from mlmath_rs import optimize as opt
from mlmath_rs.data import Penguins
from mlmath_rs.tour import constrained
from mlmath_rs.tour.multivariable import rosenbrock
from mlmath_rs.tour.palette import CYCLE, INK
from mlmath_rs.tour.steps import Figure, Section, Step

__all__ = ["SECTION"]

START = (-1.2, 1.0)
RATE = 1e-3
STEPS = 20_000


def descend(steps: int) -> numpy.ndarray:
    """Go down the Rosenbrock valley in a loop of Python: the tutorial's, with its gradient by hand."""
    x, y = START
    for _ in range(steps):
        bend = y - x * x
        slope = -2 * (1 - x) - 400 * x * bend, 200 * bend
        x, y = x - RATE * slope[0], y - RATE * slope[1]
    return numpy.array([x, y])


def prepare_bfgs() -> Callable[..., Any]:
    """Return SciPy's BFGS on the Rosenbrock function, with its exact gradient."""
    from scipy.optimize import minimize, rosen, rosen_der

    return lambda x0: minimize(rosen, x0, jac=rosen_der, method="BFGS").x


def functions() -> list[Step]:
    """Return the steps on the Rosenbrock function in 100 dimensions."""
    x = numpy.random.default_rng(5).uniform(-2, 2, 100)
    return [
        Step(
            "Objective: the Rosenbrock function",
            "A narrow bent valley with its floor at 1, here in 100 dimensions.",
            "opt.rosen(x)",
            opt.rosen,
            "scipy.optimize.rosen",
            (x,),
            formula="<i>f</i> = Σ 100 (<i>x</i><sub><i>i</i>+1</sub> − <i>x<sub>i</sub></i><sup>2</sup>)"
            "<sup>2</sup> + (1 − <i>x<sub>i</sub></i>)<sup>2</sup>",
        ),
        Step(
            "Its gradient",
            "In closed form.",
            "opt.rosen_der(x)",
            opt.rosen_der,
            "scipy.optimize.rosen_der",
            (x,),
        ),
        Step(
            "Its Hessian",
            "100 by 100, banded.",
            "opt.rosen_hess(x)",
            opt.rosen_hess,
            "scipy.optimize.rosen_hess",
            (x,),
        ),
    ]


def methods() -> list[Step]:
    """Return the steps that minimise without constraints."""
    return [
        Step(
            "Gradient descent",
            f"{STEPS:,} steps of fixed length down the valley: after them it still is not at (1, 1).",
            f"opt.gradient_descent(rosenbrock, {list(START)},\n"
            f"                     learning_rate={RATE}, max_iterations={STEPS}, tol=0).x",
            lambda steps: (
                opt.gradient_descent(
                    rosenbrock, list(START), learning_rate=RATE, max_iterations=steps, tol=0
                ).x
            ),
            "a loop in Python",
            (STEPS,),
            lambda: descend,
            tolerance=1e-9,
        ),
        Step(
            "BFGS",
            "Learns the curvature on its way. The function is plain Python: its gradient comes from tracing; "
            "SciPy is given its own.",
            f"opt.minimize(rosenbrock, {list(START)}, method='bfgs').x",
            lambda x0: opt.minimize(rosenbrock, x0, method="bfgs").x,
            "scipy.optimize.minimize",
            (list(START),),
            prepare_bfgs,
            tolerance=1e-5,
        ),
    ]


def steps(penguins: Penguins) -> list[Step]:
    """Return the steps of the section."""
    return [*functions(), *methods(), *constrained.problems(penguins)]


def paths() -> dict[str, Any]:
    """Return what each method finds from the same start, with the way it took."""
    start = list(START)
    return {
        "gradient descent": opt.gradient_descent(
            rosenbrock, start, learning_rate=RATE, max_iterations=STEPS, tol=0, history=True
        ),
        "BFGS": opt.minimize(rosenbrock, start, method="bfgs", history=True),
    }


def thinned(points: numpy.ndarray, count: int = 250) -> numpy.ndarray:
    """Return at most `count` of the points, the first ones close together, with the last."""
    places = numpy.unique(numpy.geomspace(1, len(points), count).astype(int) - 1)
    return points[places]


def figures(penguins: Penguins) -> list[Figure]:
    """Return the pictures of the section."""
    from mlmath_rs import plots

    def valley(figure: Any) -> None:
        axes = figure.subplots()
        levels = numpy.geomspace(0.1, 2000, 13)
        plots.contours(
            lambda x, y: rosenbrock([x, y]),
            (-1.6, 1.6),
            (-0.6, 1.8),
            ax=axes,
            levels=levels,
            colors=INK,
            alpha=0.35,
        )
        for (label, found), color in zip(paths().items(), CYCLE, strict=False):
            plots.descent_path(thinned(numpy.asarray(found.history.x)), ax=axes, color=color, label=label)
        axes.set_xlabel("x")
        axes.set_ylabel("y")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)

    def progress(figure: Any) -> None:
        axes = figure.subplots()
        for (label, found), color in zip(paths().items(), CYCLE, strict=False):
            values = numpy.maximum(found.history.fun, 1e-32)
            axes.loglog(numpy.arange(1, len(values) + 1), values, color=color, label=label)
        axes.set_xlabel("step")
        axes.set_ylabel("value of the function")
        axes.legend()

    return [
        Figure(
            "Two ways down the Rosenbrock valley",
            "From the same start (circle): fixed steps against the gradient, and BFGS, which learns how the "
            "valley bends.",
            valley,
            (6.0, 4.8),
        ),
        Figure(
            "How fast they come down",
            "Both axes are logarithmic: what takes fixed steps thousands takes BFGS tens.",
            progress,
            (6.0, 4.8),
        ),
        constrained.figure(),
    ]


SECTION = Section(
    5,
    "Optimisation theory",
    "Where is a function least, by itself or within constraints, and how is that known?",
    steps,
    figures,
)
