"""Cases: elementary and special functions."""

import numpy as np

from mlmath_rs import special
from mlmath_rs.bench.case import Case

SIZES = (0, 1, 3, 1000)
BENCH = (1, 10, 1000, 1_000_000)


def between(low, high):
    """Return a maker of one argument with numbers from `low` to `high`."""
    return lambda rng, n, dtype: (rng.uniform(low, high, n).astype(dtype),)


def ulps(ours, reference, arguments):
    """Return the largest error relative to each element."""
    ours, reference = np.asarray(ours), np.asarray(reference)
    scale = np.maximum(np.abs(reference), np.finfo(reference.dtype).tiny)
    return float(np.max(np.abs(ours - reference) / scale, initial=0.0))


def case(name, reference, make, tolerance=4.0):
    """Return the case of a function of each element."""
    return Case(
        f"special.{name}",
        getattr(special, name),
        reference,
        make,
        SIZES,
        BENCH,
        tolerance=tolerance,
        error=ulps,
    )


CASES = [
    case("exp", "numpy.exp", between(-20, 20)),
    case("expm1", "numpy.expm1", between(-5, 5)),
    case("log", "numpy.log", between(0.01, 100)),
    case("log1p", "numpy.log1p", between(-0.9, 10)),
    case("softplus", lambda x: np.logaddexp(0, x).astype(x.dtype), between(-40, 40), 10.0),
    case("sqrt", "numpy.sqrt", between(0, 100)),
    # NumPy's own float32 forms of these are good to some units only.
    case("sin", "numpy.sin", between(-30, 30), 40.0),
    case("cos", "numpy.cos", between(-30, 30), 40.0),
    case("tan", "numpy.tan", between(-1.5, 1.5), 10.0),
    case("arcsin", "numpy.arcsin", between(-1, 1), 10.0),
    case("arccos", "numpy.arccos", between(-1, 1), 10.0),
    case("arctan", "numpy.arctan", between(-10, 10), 10.0),
    case("sinh", "numpy.sinh", between(-5, 5), 10.0),
    case("cosh", "numpy.cosh", between(-5, 5), 10.0),
    case("tanh", "numpy.tanh", between(-5, 5), 10.0),
    case("arcsinh", "numpy.arcsinh", between(-10, 10), 10.0),
    case("arccosh", "numpy.arccosh", between(1, 10), 10.0),
    case("arctanh", "numpy.arctanh", between(-0.99, 0.99), 10.0),
    # SciPy loses some hundred units in the tails.
    case("erf", "scipy.special.erf", between(-3, 3), 10.0),
    case("erfc", "scipy.special.erfc", between(-3, 5), 1000.0),
    case("ndtr", "scipy.special.ndtr", between(-6, 6), 1000.0),
    case("ndtri", "scipy.special.ndtri", between(0.001, 0.999), 100.0),
    case("log_ndtr", "scipy.special.log_ndtr", between(-10, 3), 1000.0),
]
