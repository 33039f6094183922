"""Section 2, calculus: derivatives and integrals, exactly, and the two ways down a slope."""

from collections.abc import Callable
from typing import Any

import numpy

from mlmath_rs import calculus as sp
from mlmath_rs.data import Penguins
from mlmath_rs.tour import roots
from mlmath_rs.tour.palette import INK
from mlmath_rs.tour.steps import Figure, Section, Step, same

__all__ = ["SECTION"]


def loss(algebra: Any, penguins: Penguins) -> Any:
    """Return the squared error of ``mass = a + b * flipper`` as an exact polynomial in a and b.

    Flippers are whole millimetres and masses whole grams, so all sums are integers.
    """
    a, b = algebra.symbols("a b")
    x, m = (values.astype(int).tolist() for values in (penguins.flipper_length, penguins.body_mass))
    pairs = list(zip(x, m, strict=True))
    linear = -2 * sum(m) * a - 2 * sum(u * v for u, v in pairs) * b
    square = len(x) * a**2 + 2 * sum(x) * a * b + sum(u * u for u in x) * b**2
    return square + linear + sum(v * v for v in m)


def both(do: Callable[..., Any]) -> dict[str, Any]:
    """Return the two sides of a step that does the same with our algebra and with SymPy's."""

    def prepare() -> Callable[..., Any]:
        import sympy

        return lambda *arguments: do(sympy, *arguments)

    return {
        "ours": lambda *arguments: do(sp, *arguments),
        "prepare": prepare,
        "error": same,
        "tolerance": 0.0,
    }


def gradient(algebra: Any) -> Any:
    """Return the gradient of the tutorial's polynomial."""
    x, y = algebra.symbols("x y")
    f = x**2 + 2 * x * y + y**2
    return [algebra.diff(f, variable) for variable in (x, y)]


def partial(algebra: Any, penguins: Penguins) -> Any:
    """Return the partial derivatives of the loss."""
    a, b = algebra.symbols("a b")
    f = loss(algebra, penguins)
    return [algebra.diff(f, variable) for variable in (a, b)]


def integral(algebra: Any) -> Any:
    """Return the tutorial's definite integral."""
    x = algebra.Symbol("x")
    return algebra.integrate(x**2, (x, 0, 1))


def logistic_slope(algebra: Any) -> Any:
    """Return the derivative of the logistic function."""
    x = algebra.Symbol("x")
    return algebra.diff(1 / (1 + algebra.exp(-x)), x)


def least_loss(algebra: Any, penguins: Penguins) -> Any:
    """Return the loss at its minimum, as a fraction: both slopes are 0 there."""
    a, b = algebra.symbols("a b")
    x, m = (values.astype(int).tolist() for values in (penguins.flipper_length, penguins.body_mass))
    n, sx, sm = len(x), sum(x), sum(m)
    below = n * sum(u * u for u in x) - sx * sx
    slope = algebra.Rational(n * sum(u * v for u, v in zip(x, m, strict=True)) - sx * sm, below)
    intercept = (sm - slope * sx) / n
    return loss(algebra, penguins).subs({a: intercept, b: slope})


def symbolic(penguins: Penguins) -> list[Step]:
    """Return the steps on expressions."""
    return [
        Step(
            "Gradient of a polynomial",
            "An expression for each variable. The program is SymPy's with another import.",
            "f = x**2 + 2*x*y + y**2\n[sp.diff(f, variable) for variable in (x, y)]",
            against="sympy.diff",
            formula="∇<i>f</i> = (∂<i>f</i>/∂<i>x</i>, ∂<i>f</i>/∂<i>y</i>)",
            **both(gradient),
        ),
        Step(
            "Partial derivatives of a loss",
            "The squared error of a line through all penguins, mass = a + b · flipper: a polynomial in a "
            "and b whose coefficients are exact sums over the data.",
            "[sp.diff(loss, a), sp.diff(loss, b)]",
            against="sympy.diff",
            arguments=(penguins,),
            formula="<i>L</i>(<i>a</i>,<i>b</i>) = Σ (<i>m</i> − <i>a</i> − <i>b x</i>)<sup>2</sup>",
            **both(partial),
        ),
        Step(
            "The least loss, as a fraction",
            "The loss where both slopes are 0: fractions of whole numbers stay exact, whatever their length.",
            "loss.subs({a: intercept, b: slope})",
            against="sympy.Expr.subs",
            arguments=(penguins,),
            **both(least_loss),
        ),
        Step(
            "Slope of the logistic function",
            "What turns a sum into a probability, and how fast.",
            "sp.diff(1 / (1 + sp.exp(-x)), x)",
            against="sympy.diff",
            **both(logistic_slope),
        ),
        Step(
            "Definite integral",
            "The area under a parabola between 0 and 1: a third, and exactly so.",
            "sp.integrate(x**2, (x, 0, 1))",
            against="sympy.integrate",
            formula="∫<sub>0</sub><sup>1</sup> <i>x</i><sup>2</sup> d<i>x</i>",
            **both(integral),
        ),
    ]


def steps(penguins: Penguins) -> list[Step]:
    """Return the steps of the section."""
    return [*symbolic(penguins), *roots.numeric(penguins)]


def figures(penguins: Penguins) -> list[Figure]:
    """Return the pictures of the section."""

    def slopes(figure: Any) -> None:
        axes = figure.subplots()
        x = sp.Symbol("x")
        logistic = 1 / (1 + sp.exp(-x))
        points = numpy.linspace(-6, 6, 200)
        for expression, name in (
            (logistic, "logistic function"),
            (sp.diff(logistic, x), "first derivative"),
            (sp.diff(logistic, x, 2), "second derivative"),
        ):
            axes.plot(points, sp.lambdify(x, expression)(points), label=name)
        axes.axhline(0, color=INK, linewidth=0.6)
        axes.set_xlabel("x")
        axes.set_ylabel("value")
        axes.legend()

    return [
        roots.figure(penguins),
        Figure(
            "A function and its derivatives",
            "Differentiated as expressions, then evaluated on a grid.",
            slopes,
        ),
    ]


SECTION = Section(
    2,
    "Calculus",
    "How fast does a value change, what does it add up to, and which way is down?",
    steps,
    figures,
)
