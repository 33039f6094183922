"""Section 5's second half: problems with constraints, and a model fitted to penguins."""

from collections.abc import Callable
from typing import Any

import numpy

import mlmath_rs as np
from mlmath_rs import optimize as opt
from mlmath_rs.data import MEASUREMENTS, Penguins
from mlmath_rs.tour.algebra import standardised
from mlmath_rs.tour.palette import CYCLE, INK
from mlmath_rs.tour.steps import Figure, Step

__all__ = ["figure", "problems"]


def sum_of_squares(x: Any) -> Any:
    """Return the tutorial's objective."""
    return x[0] ** 2 + x[1] ** 2


def on_the_line(x: Any) -> Any:
    """Return the tutorial's constraint: 0 on the line x + y = 1."""
    return x[0] + x[1] - 1


LINE = {"type": "eq", "fun": on_the_line}


def mixture(penguins: Penguins) -> dict[str, Any]:
    """Return the objective, start and constraints of the mixture of measurements that varies least."""
    R = numpy.corrcoef(standardised(penguins).T).tolist()

    def variance(w: Any) -> Any:
        return sum(R[i][j] * w[i] * w[j] for i in range(4) for j in range(4))

    constraints = [{"type": "eq", "fun": lambda w: w[0] + w[1] + w[2] + w[3] - 1}]
    constraints += [{"type": "ineq", "fun": lambda w, i=i: w[i]} for i in range(4)]
    return {"fun": variance, "x0": [0.25] * 4, "constraints": constraints}


def sexes(penguins: Penguins) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Return what a penguin's sex is told from, (n, 3) with a column of ones, and 1 or -1 for it."""
    known = penguins.where((penguins.sex != "") & (penguins.species == "Gentoo"))
    X = numpy.column_stack([known.bill_depth, known.body_mass])
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    return numpy.column_stack([numpy.ones(len(X)), X]), numpy.where(known.sex == "male", 1.0, -1.0)


def logistic_loss(A: numpy.ndarray, sign: numpy.ndarray) -> Callable[[Any], Any]:
    """Return the mean negative log-likelihood of a logistic model, of its three weights."""
    ones, first, second = (A * sign[:, None]).T

    def f(w: Any) -> Any:
        return np.mean(np.log(1 + np.exp(-(ones * w[0] + first * w[1] + second * w[2]))))

    return f


def prepare_logistic() -> Callable[..., Any]:
    """Return scikit-learn's logistic regression without a penalty."""
    from sklearn.linear_model import LogisticRegression

    def fit(A: numpy.ndarray, sign: numpy.ndarray) -> numpy.ndarray:
        model = LogisticRegression(C=numpy.inf, tol=1e-10, fit_intercept=False, max_iter=1000)
        return model.fit(A, sign).coef_[0]

    return fit


def prepare_slsqp() -> Callable[..., Any]:
    """Return SciPy's SLSQP on a problem with one constraint."""
    from scipy.optimize import minimize

    return lambda f, x0, constraints: minimize(f, x0, method="SLSQP", constraints=constraints).x


def prepare_mixture() -> Callable[..., Any]:
    """Return SciPy's SLSQP, which takes what ours does."""
    from scipy.optimize import minimize

    return lambda problem: minimize(**problem, method="SLSQP", tol=1e-12).x


def problems(penguins: Penguins) -> list[Step]:
    """Return the steps with constraints and with data."""
    return [
        Step(
            "The tutorial's constrained problem",
            "The point of a line that is nearest to the origin, from a list of whole numbers as the start.",
            "opt.minimize(f, [0, 0], constraints={'type': 'eq', 'fun': g}).x",
            lambda f, x0, constraints: opt.minimize(f, x0, constraints=constraints).x,
            "scipy.optimize.minimize",
            (sum_of_squares, [0, 0], LINE),
            prepare_slsqp,
            tolerance=1e-7,
            formula="min <i>x</i><sup>2</sup> + <i>y</i><sup>2</sup> with <i>x</i> + <i>y</i> = 1",
        ),
        Step(
            "The mixture of measurements that varies least",
            "Weights that are not negative and sum to 1: "
            f"{', '.join(words for _, words, _ in MEASUREMENTS)}.",
            "opt.minimize(variance, [0.25] * 4, constraints=[total, *positive]).x",
            lambda problem: opt.minimize(**problem).x,
            "scipy.optimize.minimize",
            (mixture(penguins),),
            prepare_mixture,
            tolerance=1e-6,
            formula="min <i>w</i><sup>T</sup><i>Rw</i> with Σ <i>w<sub>i</sub></i> = 1, <i>w</i> ≥ 0",
        ),
        Step(
            "Logistic regression: telling the sex of a Gentoo",
            "Weights of a constant, of bill depth and of body mass, both standardised, that make the known "
            "sexes most likely.",
            "opt.minimize(loss, [0, 0, 0]).x",
            lambda A, sign: opt.minimize(logistic_loss(A, sign), [0, 0, 0]).x,
            "sklearn.linear_model.LogisticRegression",
            sexes(penguins),
            prepare_logistic,
            tolerance=1e-4,
        ),
    ]


def figure() -> Figure:
    """Return the picture of the tutorial's constrained problem."""
    from mlmath_rs import plots

    def draw(figure: Any) -> None:
        axes = figure.subplots()
        found = opt.minimize(sum_of_squares, [0, 0], constraints=LINE)
        levels = numpy.arange(1, 9) ** 2 / 16
        plots.contours(
            lambda x, y: sum_of_squares([x, y]),
            (-0.6, 1.4),
            (-0.5, 1.2),
            ax=axes,
            levels=levels,
            colors=INK,
            alpha=0.35,
        )
        axes.plot([-0.2, 1.4], [1.2, -0.4], color=CYCLE[0], label="x + y = 1")
        axes.plot(*found.x, marker="*", markersize=14, color=CYCLE[4])
        tip = found.x + found.jac / 2.5
        axes.annotate(
            "", tip, found.x, arrowprops={"arrowstyle": "-|>", "color": CYCLE[4], "lw": 1.8, "shrinkA": 0}
        )
        axes.text(*(tip + 0.03), "gradient")
        axes.set_aspect("equal")
        axes.set_xlabel("x")
        axes.set_ylabel("y")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0))

    return Figure(
        "A constraint",
        "At the nearest point of the line the gradient of the objective stands at a right angle to it: "
        "nothing is gained along the line. The multiplier, 1, is what moving the line would bring.",
        draw,
        (6.0, 4.4),
    )
