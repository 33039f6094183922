"""Cases: expressions."""

import numpy as np

from mlmath_rs import calculus
from mlmath_rs.bench.case import Case

ONLY64 = ("float64",)


def size(rng, n, dtype):
    """Return the number of variables."""
    return (n,)


def rosenbrock(library, n):
    """Return the function and its variables, as `library` has them."""
    x = library.symbols(f"x0:{n}")
    return sum((1 - x[i]) ** 2 + 100 * (x[i + 1] - x[i] ** 2) ** 2 for i in range(n - 1)), x


def disagreement(ours, reference, _):
    """Return 0 where the texts are the same, else infinity."""
    return 0.0 if str(ours) == str(reference) else np.inf


def case(name, task, sizes, bench, label=""):
    """Return the case of a task that is a function of the library and a size."""

    def reference(n):
        import sympy
        from sympy.core.cache import clear_cache

        clear_cache()
        return task(sympy, n)

    return Case(
        f"calculus.{name}",
        lambda n: task(calculus, n),
        reference,
        size,
        sizes,
        bench,
        label,
        ONLY64,
        error=disagreement,
    )


def gradient(library, n):
    """Return the gradient of the Rosenbrock function."""
    f, x = rosenbrock(library, n)
    return [library.diff(f, v) for v in x]


def nested(library, n):
    """Return the derivative of a function of a function, and so on."""
    x = library.Symbol("x")
    f = x
    for i in range(n):
        f = library.sin(f) + library.exp(-f) * (i + 1)
    return library.diff(f, x)


def elementary(name):
    """Return the task of an elementary function: its values and slopes."""

    def task(library, n):
        x, y = library.symbols("x y")
        values = [getattr(library, name)(k * x + y) for k in range(1, n + 1)]
        return values + [library.diff(value, y) for value in values if name not in NOT_SMOOTH]

    return task


# Of complex numbers, as SymPy's symbols are, these have other slopes.
NOT_SMOOTH = {"Abs", "sign", "floor", "ceiling"}
FUNCTIONS = "exp log ln sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf".split()


def numbers(library, n):
    """Return exact numbers and decimals."""
    total = sum((library.Rational(1, k) for k in range(1, n + 1)), library.Integer(0))
    return [total, library.N(total, 12), library.S(n) / 7, library.sympify(n), library.Float(0.5) * n]


def combined(library, n):
    """Return sums, products, powers and cases."""
    x = library.symbols(f"x0:{n + 1}")
    return [
        library.Add(*x, x[0]),
        library.Mul(*x, x[0]),
        library.Pow(x[0] * x[-1], n),
        library.Max(*x, 1, 2),
        library.Min(*x, 1, 2),
        library.Piecewise((x[0], x[0] > 0), (0, True)),
        library.Eq(x[0], 1),
        library.Ne(x[0], 1),
    ]


def integrals(library, n):
    """Return integrals, with limits and without."""
    x = library.symbols("x")
    parts = [library.integrate(x**k * (1 - x) ** 2, (x, 0, 1)) for k in range(n)]
    return [*parts, library.integrate(1 / (x**2 + 1), x), library.integrate(library.sin(x) ** 2, x)]


def simplified(library, n):
    """Return expressions with shorter forms."""
    x, y = library.symbols("x y")
    squares = [library.sin(k * x) ** 2 + library.cos(k * x) ** 2 for k in range(1, n + 1)]
    return [library.simplify(f) for f in [*squares, (x**2 - y**2) / (x - y), (x**2 - 1) / (x + 1)]]


def matrices(library, n):
    """Return matrices of expressions."""
    x = library.symbols("x")
    return [library.eye(n) * x, library.zeros(n, 2), library.ones(2, n), library.eye(n).det()]


def multiplied(library, n):
    """Return a power of a sum, multiplied out."""
    x, y = library.symbols("x y")
    return library.expand((x + 2 * y + 1) ** n)


def replaced(library, n):
    """Return the Rosenbrock function at a rational point."""
    f, x = rosenbrock(library, n)
    return f.subs({v: library.Rational(i, 7) for i, v in enumerate(x)})


def at_points(library, n):
    """Return the values of an expression at many points."""
    x, y = library.symbols("x y")
    f = library.lambdify((x, y), library.sin(x) * y**2 - x / (y + 3) + library.exp(-x * y))
    points = np.linspace(0.0, 1.0, n)
    return f(points, points[::-1])


def numeric(ours, reference, _):
    """Return the largest difference."""
    return float(np.max(np.abs(ours - reference), initial=0.0))


CASES = [
    case("diff", gradient, (2, 3, 12), (2, 10, 100), "gradient of Rosenbrock's function"),
    case("diff", nested, (1, 2, 4), (4, 8), "nested"),
    case("symbols", lambda library, n: rosenbrock(library, n)[0], (2, 5), (10, 100), "Rosenbrock's function"),
    case("expand", multiplied, (0, 1, 5), (5, 20)),
    case("subs", replaced, (2, 5), (10,)),
    case("N", numbers, (1, 5, 40), (40,)),
    case("integrate", integrals, (1, 3), (4,)),
    case("simplify", simplified, (1, 2), (2,)),
    *(case(name, matrices, (1, 3), (4,)) for name in ("eye", "zeros", "ones")),
    Case(
        "calculus.lambdify",
        lambda n: at_points(calculus, n),
        lambda n: at_points(__import__("sympy"), n),
        size,
        (1, 5, 1000),
        (10, 100_000),
        dtypes=ONLY64,
        error=numeric,
    ),
    case("latex", lambda library, n: library.latex(gradient(library, n)[0]), (2, 3), (10,)),
    *(case(name, elementary(name), (1, 3), (3,)) for name in [*FUNCTIONS, *sorted(NOT_SMOOTH)]),
    *(case(name, combined, (1, 4), (8,)) for name in "Add Mul Pow Max Min Piecewise Eq Ne".split()),
    case("S", numbers, (2,), (12,)),
    case("sympify", numbers, (1, 12), (12,)),
]
