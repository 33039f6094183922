"""Cases: optimisation and roots."""

import numpy as np

from mlmath_rs import optimize
from mlmath_rs.bench.case import Case

# Where both stop within their tolerances of the minimum, they agree to about its root.
NEAR = 1e10


def point(rng, n, dtype):
    """Return a point."""
    return (rng.standard_normal(n).astype(dtype),)


def columns(rng, n, dtype):
    """Return n points of five variables, as columns."""
    return (rng.standard_normal((5, n)).astype(dtype),)


def two_points(rng, n, dtype):
    """Return a point and a vector."""
    return tuple(rng.standard_normal((2, n)).astype(dtype))


def start(rng, n, dtype):
    """Return a start from which Rosenbrock's function has one minimum to find."""
    return (np.full(n, 0.5, dtype=dtype) + rng.random(n) / 4,)


def valley(x):
    """Return the value of Rosenbrock's function of n variables."""
    return (100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2).sum()


def bowl(x):
    """Return the sum of squares."""
    return x[0] ** 2 + x[1] ** 2


# The tutorial's: the multiplier is 1.
ON_A_LINE = {"type": "eq", "fun": lambda x: x[0] + x[1] - 1}


def scipys(**options):
    """Return SciPy's `minimize` with these options, as a function of objective and start."""

    def minimum(function, x0):
        from scipy.optimize import minimize

        return minimize(function, x0, **options).x

    return minimum


def descent_loop(n_steps):
    """Return the loop that courses write, with the gradient by hand."""

    def loop(x):
        for _ in range(n_steps):
            gradient = np.array([-2 * (1 - x[0]) - 400 * x[0] * (x[1] - x[0] ** 2), 200 * (x[1] - x[0] ** 2)])
            x = x - 1e-3 * gradient
        return x

    return loop


def descent(x, n_steps=20_000):
    """Return where gradient descent is after so many steps."""
    return optimize.gradient_descent(valley, x, 1e-3, n_steps, tol=0).x


def heavy_ball(x):
    """Return where 20 steps with momentum lead in the bowl, by the loop that courses write."""
    velocity = np.zeros(2)
    for _ in range(20):
        velocity = 0.5 * velocity + 2 * x
        x = x - 0.1 * velocity
    return x


def cubic(x):
    """Return x^3 - 2x - 5, on which Newton showed his method."""
    return x**3 - 2 * x - 5


def near_two(rng, n, dtype):
    """Return n numbers near 2."""
    return (2 + rng.random(n),)


def scipys_newton(x):
    """Return SciPy's root, by the secant method: it is given no derivative."""
    from scipy.optimize import newton

    return newton(cubic, x)


POINTS = (1, 2, 5, 100)

CASES = [
    Case("optimize.rosen", optimize.rosen, "scipy.optimize.rosen", point, POINTS, (2, 100, 10_000)),
    Case("optimize.rosen", optimize.rosen, "scipy.optimize.rosen", columns, (0, 1, 7), (10_000,), "columns"),
    Case("optimize.rosen_der", optimize.rosen_der, "scipy.optimize.rosen_der", point, POINTS[1:], (2, 100)),
    Case(
        "optimize.rosen_hess", optimize.rosen_hess, "scipy.optimize.rosen_hess", point, POINTS[1:], (2, 100)
    ),
    Case(
        "optimize.rosen_hess_prod",
        optimize.rosen_hess_prod,
        "scipy.optimize.rosen_hess_prod",
        two_points,
        POINTS[1:],
        (2, 100),
    ),
    Case(
        "optimize.minimize",
        lambda x: optimize.minimize(valley, x).x,
        lambda x: scipys()(valley, x),
        start,
        (2, 3, 10),
        (2, 10, 50),
        "BFGS",
        ("float64",),
        tolerance=NEAR * 10,
    ),
    Case(
        "optimize.minimize",
        lambda x: optimize.minimize(bowl, x, constraints=ON_A_LINE).x,
        lambda x: scipys(constraints=ON_A_LINE)(bowl, x),
        lambda rng, n, dtype: ([0, 0],),
        (2,),
        label="tutorial, SLSQP",
        dtypes=("float64",),
        tolerance=NEAR,
    ),
    Case(
        "optimize.gradient_descent",
        descent,
        descent_loop(20_000),
        lambda rng, n, dtype: (np.array([-1.0, 1.0]),),
        (2,),
        label="20000 steps",
        dtypes=("float64",),
        tolerance=1e6,
    ),
    Case(
        "optimize.gradient_descent",
        lambda x: optimize.gradient_descent(bowl, x, 0.1, 20, tol=0, momentum=0.5).x,
        heavy_ball,
        point,
        (2,),
        label="momentum",
        dtypes=("float64",),
    ),
    Case(
        "optimize.newton",
        lambda x: optimize.newton(cubic, x),
        scipys_newton,
        lambda rng, n, dtype: (2.0,),
        (1,),
        dtypes=("float64",),
    ),
    Case(
        "optimize.newton",
        lambda x: optimize.newton(cubic, x),
        scipys_newton,
        near_two,
        (1, 7),
        (1000,),
        "from many starts",
        ("float64",),
    ),
]
