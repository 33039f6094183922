"""Cases: entropy, divergence, mutual information."""

import numpy as np

from mlmath_rs import information
from mlmath_rs.bench.case import Case


def weights(rng, n, dtype):
    """Return the weights of one distribution."""
    return (rng.random(n).astype(dtype),)


def two(rng, n, dtype):
    """Return the probabilities of two distributions."""
    p, q = rng.random(n), rng.random(n)
    return (p / p.sum()).astype(dtype), (q / q.sum()).astype(dtype)


def labels(rng, n, dtype):
    """Return two labellings with ten levels."""
    return rng.integers(0, 10, n), rng.integers(0, 10, n)


def words(rng, n, dtype):
    """Return two labellings with strings."""
    names = np.array(["adelie", "gentoo", "chinstrap"])
    return names[rng.integers(0, 3, n)], names[rng.integers(0, 3, n)]


def nats(ours, reference, arguments):
    """Return the difference in nats: of independent labels the measure itself is next to nothing."""
    return abs(ours - reference)


SIZES = (1, 2, 3, 100, 20_000)
ONLY64 = ("float64",)

CASES = [
    Case(
        "information.entropy",
        information.entropy,
        "scipy.stats.entropy",
        weights,
        SIZES,
        (2, 100, 1_000_000),
    ),
    Case(
        "information.entropy",
        lambda p: information.entropy([0.6, 0.4], base=2),
        lambda p: _scipy_entropy([0.6, 0.4], base=2),
        weights,
        (1,),
        (1,),
        "a list of two",
        ONLY64,
    ),
    Case(
        "information.kl_divergence",
        information.kl_divergence,
        "scipy.stats.entropy",
        two,
        SIZES,
        (100, 1_000_000),
        dtypes=ONLY64,
        tolerance=1e4,
    ),
    Case(
        "information.jensenshannon",
        information.jensenshannon,
        "scipy.spatial.distance.jensenshannon",
        two,
        SIZES,
        (100, 100_000),
        dtypes=ONLY64,
        tolerance=1e4,
    ),
    Case(
        "information.mutual_info_score",
        information.mutual_info_score,
        "sklearn.metrics.mutual_info_score",
        labels,
        (2, 50, 3000),
        (1000, 1_000_000),
        dtypes=ONLY64,
        tolerance=1e4,
    ),
    Case(
        "information.mutual_info_score",
        information.mutual_info_score,
        "sklearn.metrics.mutual_info_score",
        words,
        (2, 50, 3000),
        (100_000,),
        "strings",
        ONLY64,
        error=nats,
    ),
]


def _scipy_entropy(pk, base):
    from scipy.stats import entropy

    return entropy(pk, base=base)
