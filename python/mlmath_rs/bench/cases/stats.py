"""Cases: statistics of samples."""

import numpy as np

import mlmath_rs as ml
from mlmath_rs.bench.case import Case


def sample(rng, n, dtype):
    """Return a normal sample."""
    return ((100 * rng.standard_normal(n)).astype(dtype),)


def table(rng, n, dtype):
    """Return a table of 50 columns."""
    return (rng.standard_normal((n, 50)).astype(dtype),)


def along(function, axis):
    """Return `function` along an axis."""
    return lambda a: function(a, axis=axis)


def numpys(name, axis):
    """Return NumPy's function of this name along an axis, of float64 for a fair accuracy."""
    return lambda a: getattr(np, name)(a, axis=axis)


TYPES = ("float64", "float32", "int64", "uint8")
SIZES = (1, 2, 5, 100, 5000)
BENCH = (4, 1000, 100_000, 10_000_000)

CASES = [
    Case("mean", ml.mean, "numpy.mean", sample, SIZES, BENCH, dtypes=TYPES, tolerance=1e4),
    Case("var", ml.var, "numpy.var", sample, SIZES, BENCH, dtypes=TYPES, tolerance=1e3),
    Case("std", ml.std, "numpy.std", sample, SIZES, BENCH, dtypes=TYPES, tolerance=1e3),
    Case("median", ml.median, "numpy.median", sample, SIZES, (1000, 1_000_000), dtypes=TYPES),
    Case("mean", along(ml.mean, 0), numpys("mean", 0), table, (1, 30), (100_000,), "columns", tolerance=1e3),
    Case("std", along(ml.std, 0), numpys("std", 0), table, (1, 30), (100_000,), "columns", tolerance=1e3),
    Case("std", along(ml.std, 1), numpys("std", 1), table, (1, 30), (100_000,), "rows", tolerance=1e3),
    Case(
        "histogram",
        lambda a: ml.histogram(a, 64),
        lambda a: np.histogram(a, 64),
        sample,
        SIZES,
        BENCH,
        dtypes=TYPES,
    ),
    Case(
        "histogram",
        lambda a: ml.histogram(a, "auto"),
        lambda a: np.histogram(a, "auto"),
        sample,
        SIZES,
        (100_000,),
        "auto",
        TYPES,
    ),
    Case(
        "histogram_bin_edges",
        lambda a: ml.histogram_bin_edges(a, "fd"),
        lambda a: np.histogram_bin_edges(a, "fd"),
        sample,
        SIZES,
        dtypes=TYPES,
    ),
]
