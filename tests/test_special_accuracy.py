"""Every function against mpmath, in units in the last place, over its whole range and at its edges."""

import math

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from mlmath_rs import special

COUNT = 400


def uniform(low, high, count=COUNT):
    return np.random.default_rng(int(1000 * abs(low)) + count).uniform(low, high, count)


def spread(low, high, count=COUNT):
    """Return numbers whose logarithms are spread evenly."""
    return np.exp(uniform(math.log(low), math.log(high), count))


def both(x):
    return np.concatenate([x, -x])


def quantile(p):
    p = mpf(p)
    if p == 0.5:
        return mpf(0)
    tail = min(p, 1 - p)
    if tail > 0.4:
        x = mpmath.sqrt(2) * mpmath.erfinv(1 - 2 * tail)
    else:
        radius = mpmath.sqrt(-2 * mpmath.log(tail))
        x = radius - (mpmath.log(radius) + mpf("0.919")) / radius
        for _ in range(7):
            x += (mpmath.ncdf(-x) - tail) / mpmath.npdf(x)
    return x if p > 0.5 else -x


def log_of_ncdf(x):
    return mpmath.log(mpmath.ncdf(x)) if x < 0 else mpmath.log1p(-mpmath.ncdf(-x))


WIDE = both(spread(1e-300, 1e308))
SMALL = both(spread(1e-300, 1))
UNIT = np.concatenate([uniform(-1, 1), SMALL, both(1 - spread(1e-16, 0.5))])
ANGLES = [uniform(-1, 1), uniform(-1e5, 1e5), WIDE, np.arange(-500, 500) * (math.pi / 2)]

# Function, definition, arguments, and how many units it may be off.
RANGES = [
    ("exp", mpmath.exp, [uniform(-1, 1), uniform(-745.2, 709.8), uniform(-745.1, -708), SMALL], 1),
    ("expm1", mpmath.expm1, [uniform(-1, 1), uniform(-45, 709.7), uniform(0.3, 0.4), SMALL], 1),
    ("log", mpmath.log, [uniform(0.5, 2), spread(1e-308, 1e308), spread(5e-324, 1e-308)], 1),
    ("log1p", mpmath.log1p, [uniform(-0.99, 1), spread(1e-300, 1e300), -spread(1e-300, 0.9)], 1),
    ("softplus", lambda x: mpmath.log1p(mpmath.exp(x)), [uniform(-1, 1), uniform(-700, 700), SMALL], 2),
    ("sqrt", mpmath.sqrt, [spread(5e-324, 1e308)], 0.5),
    ("sin", mpmath.sin, ANGLES, 1),
    ("cos", mpmath.cos, ANGLES, 1),
    ("tan", mpmath.tan, ANGLES, 1),
    ("arcsin", mpmath.asin, [UNIT], 1),
    ("arccos", mpmath.acos, [UNIT], 1),
    ("arctan", mpmath.atan, [uniform(-5, 5), WIDE], 1),
    ("sinh", mpmath.sinh, [uniform(-1.1, 1.1), uniform(-710.4, 710.4), SMALL], 1),
    ("cosh", mpmath.cosh, [uniform(-1.1, 1.1), uniform(-710.4, 710.4), SMALL], 1),
    ("tanh", mpmath.tanh, [uniform(-1, 1), uniform(-22, 22), SMALL], 1),
    ("arcsinh", mpmath.asinh, [uniform(-1, 1), WIDE], 1),
    ("arccosh", mpmath.acosh, [uniform(1, 2), spread(1, 1e308), 1 + spread(2.3e-16, 1)], 1),
    ("arctanh", mpmath.atanh, [UNIT[np.abs(UNIT) < 1]], 1),
    ("erf", mpmath.erf, [uniform(-7, 7), uniform(0.45, 0.55), SMALL], 2),
    ("erfc", mpmath.erfc, [uniform(-7, 7), uniform(0, 27.3), uniform(26, 27.3), SMALL], 2),
    ("ndtr", mpmath.ncdf, [uniform(-9, 9), uniform(-38.6, 0), uniform(-38.6, -37), SMALL], 2),
    ("ndtri", quantile, [uniform(0, 1), spread(5e-324, 0.5), 0.5 + both(spread(1e-17, 0.3))], 2),
    ("log_ndtr", log_of_ncdf, [uniform(-10, 10), -spread(1, 1e100), uniform(0, 38), SMALL], 2),
]


def units(value, exact):
    """Return how far `value` is from the number `exact`, in units of its last place."""
    if not math.isfinite(value):
        return 0.0 if abs(exact) > 1.797e308 and (value > 0) == (exact > 0) else math.inf
    return float(abs(mpf(value) - exact) / math.ulp(min(abs(float(exact)), 1.797e308)))


@pytest.mark.parametrize(("name", "definition", "arguments", "bound"), RANGES, ids=[r[0] for r in RANGES])
def test_values_are_near_the_definition(name, definition, arguments, bound):
    with mpmath.workdps(40):
        for x in arguments:
            worst = max(
                (units(float(y), definition(mpf(float(v)))), float(v))
                for v, y in zip(x, getattr(special, name)(x))
            )
            assert worst[0] <= bound, f"{worst[0]} units at {worst[1]!r}"


@pytest.mark.parametrize("name", ["exp", "log", "sin", "erf", "ndtr", "ndtri"])
def test_float32_is_float64_rounded(name):
    x = np.linspace(-3, 3, 1001, dtype=np.float32)
    function = getattr(special, name)
    np.testing.assert_array_equal(function(x), function(x.astype(float)).astype(np.float32))
