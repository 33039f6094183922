"""Cases: derivatives of functions."""

import numpy as np

from mlmath_rs import calculus
from mlmath_rs.bench.case import Case


def rosenbrock(v):
    """Return Rosenbrock's function of two variables."""
    return (1 - v[0]) ** 2 + 100 * (v[1] - v[0] ** 2) ** 2


def rosenbrock_gradient(x):
    """Return its gradient at the points along the last axis, as one writes it in NumPy."""
    a, b = x[..., 0], x[..., 1]
    return np.stack([-2 * (1 - a) - 400 * a * (b - a**2), 200 * (b - a**2)], axis=-1)


def waves(v):
    """Return a function whose cost is in its elementary functions."""
    return np.sum(np.sin(v) * np.exp(-v * v)) + np.log(1 + np.sum(v * v))


def waves_gradient(x):
    """Return its gradient, as one writes it in NumPy."""
    slopes = (np.cos(x) - 2 * x * np.sin(x)) * np.exp(-x * x)
    return slopes + 2 * x / (1 + np.sum(x * x, axis=-1, keepdims=True))


def point(rng, n, dtype):
    """Return a point of n variables."""
    return (rng.standard_normal(n).astype(dtype),)


def points(rng, n, dtype):
    """Return n points in the plane."""
    return (rng.standard_normal((n, 2)).astype(dtype),)


def point_and_direction(rng, n, dtype):
    """Return a point and a direction."""
    return rng.standard_normal(n).astype(dtype), rng.standard_normal(n).astype(dtype)


def numbers(rng, n, dtype):
    """Return n numbers."""
    return (rng.uniform(0.5, 2.0, n).astype(dtype),)


def along(x, v):
    """Return the slope of :func:`waves` per unit of distance along `v`."""
    return waves_gradient(x) @ v / np.linalg.norm(v)


program = calculus.compile(rosenbrock)
chain = calculus.compile(lambda v: np.sum((1 - v[:-1]) ** 2 + 100 * (v[1:] - v[:-1] ** 2) ** 2))

CASES = [
    Case(
        "calculus.gradient",
        calculus.gradient(rosenbrock),
        "scipy.optimize.rosen_der",
        lambda rng, n, dtype: (rng.standard_normal(2).astype(dtype),),
        (2,),
        label="a point",
        tolerance=1e3,
    ),
    Case(
        "calculus.compile",
        program.gradient,
        rosenbrock_gradient,
        points,
        (0, 1, 5, 1000),
        (1000, 1_000_000),
        label="gradient at n points",
        tolerance=1e3,
        check_size=1000,
    ),
    Case(
        "calculus.gradient",
        calculus.gradient(waves),
        waves_gradient,
        point,
        (1, 3, 50),
        (10, 100),
        label="elementary functions",
        tolerance=1e3,
    ),
    Case("calculus.hessian", chain.hessian, "scipy.optimize.rosen_hess", point, (2, 3, 20), (20,)),
    Case(
        "calculus.value_and_grad",
        chain.value_and_grad,
        lambda x: (_scipy("rosen")(x), _scipy("rosen_der")(x)),
        point,
        (2, 3, 20),
        (20,),
        tolerance=1e3,
    ),
    Case(
        "calculus.jacobian",
        calculus.jacobian(lambda v: np.stack([v[0] * v[1], np.sin(v[0])])),
        lambda x: np.array([[x[1], x[0]], [np.cos(x[0]), 0.0]]),
        lambda rng, n, dtype: (rng.standard_normal(2).astype(dtype),),
        (2,),
    ),
    Case(
        "calculus.derivative",
        lambda x: calculus.derivative(np.tanh, x),
        lambda x: _differentiated(np.tanh, x),
        numbers,
        (1, 100),
        (1000,),
        dtypes=("float64",),
        tolerance=1e6,
    ),
    Case(
        "calculus.partial",
        lambda x: calculus.partial(rosenbrock, x, 0),
        lambda x: rosenbrock_gradient(x)[..., 0],
        points,
        (1, 5),
        tolerance=1e3,
    ),
    Case(
        "calculus.directional_derivative",
        lambda x, v: calculus.directional_derivative(waves, x, v),
        along,
        point_and_direction,
        (1, 3, 50),
        (10,),
        tolerance=1e3,
    ),
    Case(
        "calculus.check_grad",
        lambda x: calculus.check_grad(waves, lambda x: 2 * waves_gradient(x), x),
        lambda x: np.linalg.norm(waves_gradient(x)),
        point,
        (1, 3),
        (10,),
        dtypes=("float64",),
        tolerance=1e7,
    ),
]


def _scipy(name):
    import scipy.optimize

    return getattr(scipy.optimize, name)


def _differentiated(f, x):
    import scipy.differentiate

    return scipy.differentiate.derivative(f, x).df
