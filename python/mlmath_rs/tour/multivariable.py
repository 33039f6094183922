"""Section 4, multivariable calculus: gradients, directions and curvature of functions of penguins."""

from collections.abc import Callable
from typing import Any

import numpy

import mlmath_rs as np
from mlmath_rs import calculus as sp
from mlmath_rs.data import Penguins
from mlmath_rs.tour.calculus import both, loss
from mlmath_rs.tour.palette import CYCLE, INK
from mlmath_rs.tour.steps import Figure, Section, Step

__all__ = ["SECTION"]

POINTS = 100_000


def gradient_vector(algebra: Any) -> Any:
    """Return the gradient of the tutorial's sum of squares."""
    variables = x, y, z = algebra.symbols("x y z")
    f = x**2 + y**2 + z**2
    return [algebra.diff(f, variable) for variable in variables]


def along_a_direction(algebra: Any) -> Any:
    """Return the tutorial's directional derivative: its direction is no unit vector."""
    x, y = algebra.symbols("x y")
    f = x**2 + 2 * x * y + y**2
    gradient = [algebra.diff(f, variable) for variable in (x, y)]
    return algebra.Matrix(gradient).dot(algebra.Matrix([1, 1]))


def hessian_of_the_tutorial(algebra: Any) -> Any:
    """Return the tutorial's Hessian matrix."""
    x, y = algebra.symbols("x y")
    return algebra.hessian(x**2 + 2 * x * y + y**2, (x, y))


def hessian_of_the_loss(algebra: Any, penguins: Penguins) -> Any:
    """Return the second derivatives of the squared error of a line through the penguins."""
    return algebra.hessian(loss(algebra, penguins), algebra.symbols("a b"))


def expressions(penguins: Penguins) -> list[Step]:
    """Return the steps on expressions."""
    return [
        Step(
            "Gradient vector",
            "One partial derivative for each of three variables.",
            "f = x**2 + y**2 + z**2\n[sp.diff(f, variable) for variable in (x, y, z)]",
            against="sympy.diff",
            **both(gradient_vector),
        ),
        Step(
            "Directional derivative",
            "The gradient times a direction. The tutorial's (1, 1) is no unit vector; step 4.6 takes one.",
            "sp.Matrix(gradient).dot(sp.Matrix([1, 1]))",
            against="sympy.Matrix.dot",
            formula="<i>D<sub>u</sub>f</i> = ∇<i>f</i> · <i>u</i>",
            **both(along_a_direction),
        ),
        Step(
            "Hessian matrix",
            "All second derivatives: constant here, and singular, for f = (x + y)² has a valley.",
            "sp.hessian(x**2 + 2*x*y + y**2, (x, y))",
            against="sympy.hessian",
            formula="<i>H<sub>ij</sub></i> = "
            "∂<sup>2</sup><i>f</i> / ∂<i>x<sub>i</sub></i>∂<i>x<sub>j</sub></i>",
            **both(hessian_of_the_tutorial),
        ),
        Step(
            "Hessian of the loss",
            "Of the squared error of a line through all penguins: the matrix of its normal equations, twice.",
            "sp.hessian(loss, (a, b))",
            against="sympy.hessian",
            arguments=(penguins,),
            **both(hessian_of_the_loss),
        ),
    ]


def surprise(penguins: Penguins) -> Callable[[Any], Any]:
    """Return the mean negative log-likelihood of the Gentoos' flippers, of (mean, log of deviation)."""
    x = penguins.flipper_length[penguins.species == "Gentoo"]
    mean, variance = float(x.mean()), float(x.var())
    return lambda p: p[1] + (variance + (p[0] - mean) ** 2) / 2 * np.exp(-2 * p[1])


def two_slopes(penguins: Penguins) -> tuple[Callable[[Any], Any], numpy.ndarray]:
    """Return a loss of two slopes, and where it is least.

    Body mass is predicted from flipper length and bill depth, all of them standardised; the loss
    is the mean squared error.
    """
    R = numpy.corrcoef([penguins.flipper_length, penguins.bill_depth, penguins.body_mass])
    between, first, second = float(R[0, 1]), float(R[0, 2]), float(R[1, 2])

    def f(b: Any) -> Any:
        return 1 - 2 * (first * b[0] + second * b[1]) + b[0] ** 2 + b[1] ** 2 + 2 * between * b[0] * b[1]

    return f, numpy.linalg.solve(R[:2, :2], R[:2, 2])


def rosenbrock(x: Any) -> Any:
    """Return Rosenbrock's function of two variables: a narrow bent valley."""
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


def prepare_jacobian() -> Callable[..., Any]:
    """Return SciPy's numerical gradient."""
    from scipy.differentiate import jacobian

    return lambda f, x: jacobian(f, x).df


def prepare_hessian() -> Callable[..., Any]:
    """Return SciPy's numerical Hessian."""
    from scipy.differentiate import hessian

    return lambda f, x: hessian(f, x).ddf


def prepare_direction() -> Callable[..., Any]:
    """Return SciPy's numerical derivative along a line."""
    from scipy.differentiate import derivative

    def along(f: Callable[[Any], Any], x: numpy.ndarray, v: numpy.ndarray) -> float:
        unit = v / numpy.linalg.norm(v)
        return float(derivative(lambda t: f([x[0] + t * unit[0], x[1] + t * unit[1]]), 0.0).df)

    return along


def prepare_rosenbrock() -> Callable[..., Any]:
    """Return SciPy's gradient of the Rosenbrock function at many points."""
    from scipy.optimize import rosen_der

    return lambda X: rosen_der(X.T).T


def functions(penguins: Penguins) -> list[Step]:
    """Return the steps on functions of Python."""
    f, point = surprise(penguins), numpy.array([210.0, 2.0])
    many = numpy.random.default_rng(4).uniform(-2, 2, (POINTS, 2))
    return [
        Step(
            "Gradient of a function of Python",
            "How fast the surprise at the Gentoos' flippers grows with the mean (in mm) and the logarithm "
            "of the standard deviation that are assumed. Ours is exact, SciPy's takes differences.",
            "sp.gradient(f)([210, 2])",
            sp.gradient,
            "scipy.differentiate.jacobian",
            (f, point),
            prepare_jacobian,
            tolerance=1e-7,
        ),
        Step(
            "Directional derivative along a unit vector",
            "How fast the error of a line grows towards (1, 1): the direction is normalised.",
            "sp.directional_derivative(f, [0, 0], [1, 1])",
            lambda f, x, v: float(sp.directional_derivative(f, x, v)),
            "scipy.differentiate.derivative",
            (two_slopes(penguins)[0], numpy.zeros(2), numpy.ones(2)),
            prepare_direction,
            tolerance=1e-9,
        ),
        Step(
            "Hessian of a function of Python",
            "The curvature of that surprise: what a statistician calls the observed information.",
            "sp.hessian(f, [210, 2])",
            sp.hessian,
            "scipy.differentiate.hessian",
            (f, point),
            prepare_hessian,
            tolerance=1e-5,
        ),
        Step(
            f"A gradient at {POINTS:,} points",
            "Of the Rosenbrock function: its plain Python is compiled once, then runs over all rows.",
            "sp.compile(rosenbrock).gradient(X)    # (100000, 2)",
            sp.compile(rosenbrock).gradient,
            "scipy.optimize.rosen_der",
            (many,),
            prepare_rosenbrock,
            formula="<i>f</i> = (1 − <i>x</i>)<sup>2</sup> + "
            "100 (<i>y</i> − <i>x</i><sup>2</sup>)<sup>2</sup>",
        ),
    ]


def steps(penguins: Penguins) -> list[Step]:
    """Return the steps of the section."""
    return [*expressions(penguins), *functions(penguins)]


def figures(penguins: Penguins) -> list[Figure]:
    """Return the pictures of the section."""
    from mlmath_rs import plots

    f, least = two_slopes(penguins)
    wide, high = (-0.4, 2.0), (-1.0, 1.4)

    def field(figure: Any) -> None:
        axes = figure.subplots()
        levels = f(least) + 0.05 * numpy.arange(1, 12) ** 2
        plots.contours(lambda x, y: f([x, y]), wide, high, ax=axes, levels=levels, colors=INK, alpha=0.4)
        plots.gradient_field(
            lambda p: sp.gradient(f, p), wide, high, ax=axes, arrows=13, color=CYCLE[4], alpha=0.8
        )
        axes.plot(*least, marker="*", markersize=13, color=INK)
        axes.set_aspect("equal")
        name(axes)

    def curvature(figure: Any) -> None:
        axes = figure.subplots()
        levels = f(least) + 0.05 * numpy.arange(1, 12) ** 2
        plots.contours(lambda x, y: f([x, y]), wide, high, ax=axes, levels=levels, colors=INK, alpha=0.4)
        values, vectors = np.linalg.eigh(sp.hessian(f, least))
        for value, vector, color in zip(values, vectors.T, (CYCLE[0], CYCLE[4]), strict=True):
            tips = least + numpy.array([[-1], [1]]) * vector / numpy.sqrt(value)
            axes.plot(*tips.T, color=color, linewidth=2.5, label=f"curvature {value:.2f}")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
        axes.set_aspect("equal")
        name(axes)

    return [
        Figure(
            "A gradient field",
            "The mean squared error of predicting body mass by two slopes: lines of equal error, and the "
            "gradient, which crosses them at right angles and points away from the least error (star).",
            field,
            (6.0, 5.2),
        ),
        Figure(
            "Curvature",
            "The eigenvectors of the Hessian are the axes of those lines: along the long one the error "
            "grows slowly, because long flippers and deep bills seldom come together.",
            curvature,
            (6.0, 5.2),
        ),
        directions(f),
    ]


def directions(f: Callable[[Any], Any]) -> Figure:
    """Return the picture of the slopes of `f` in all directions."""

    def draw(figure: Any) -> None:
        axes = figure.subplots()
        origin = numpy.zeros(2)
        angles = numpy.linspace(0, 360, 181)
        units = numpy.column_stack([numpy.cos(numpy.radians(angles)), numpy.sin(numpy.radians(angles))])
        axes.plot(angles, [float(sp.directional_derivative(f, origin, unit)) for unit in units])
        slope = numpy.asarray(sp.gradient(f, origin))
        steepest = float(numpy.degrees(numpy.arctan2(slope[1], slope[0]))) % 360
        axes.axvline(steepest, color=CYCLE[4], linestyle="--", label="direction of the gradient")
        axes.axhline(0, color=INK, linewidth=0.6)
        axes.set_xticks(range(0, 361, 60))
        axes.set_xlabel("direction (degrees)")
        axes.set_ylabel("slope of the loss at (0, 0)")
        axes.legend()

    return Figure(
        "Directional derivatives",
        "The slope in every direction from (0, 0): a cosine, largest along the gradient.",
        draw,
        (13.0, 3.6),
    )


def name(axes: Any) -> None:
    """Name the axes of a picture of the two slopes."""
    axes.set_xlabel("slope for flipper length (standard deviations)")
    axes.set_ylabel("slope for bill depth (standard deviations)")


SECTION = Section(
    4,
    "Multivariable calculus",
    "A loss depends on many parameters at once: which way does it rise, and how does it bend?",
    steps,
    figures,
)
