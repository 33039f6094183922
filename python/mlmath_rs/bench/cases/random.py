"""Cases: random numbers, which are NumPy's to the bit."""

import numpy as np

from mlmath_rs import random
from mlmath_rs.bench.case import Case


def seeded(rng, n, dtype):
    """Return a seed and a size."""
    return int(rng.integers(2**32)), n


def shared(name, draw):
    """Return the case of a function of the module against the same method of NumPy's generator."""

    def ours(seed, n):
        random.seed(seed)
        return draw(getattr(random, name), n)

    def reference(seed, n):
        method = {"rand": "random", "randn": "standard_normal", "randint": "integers"}.get(name, name)
        return draw(getattr(np.random.default_rng(seed), method), n)

    return Case(
        f"random.{name}", ours, reference, seeded, (1, 10, 1000), (1000,), dtypes=("float64",), tolerance=0.0
    )


def shuffled(function, n):
    """Return the integers below `n`, shuffled in place."""
    x = np.arange(n)
    function(x)
    return x


CASES = [
    Case(
        "random.default_rng",
        lambda seed, n: random.default_rng(seed).normal(size=n),
        lambda seed, n: np.random.default_rng(seed).normal(size=n),
        seeded,
        (1, 10, 1000, 10_000),
        (1000, 1_000_000),
        dtypes=("float64",),
        tolerance=0.0,
    ),
    Case(
        "random.streams",
        lambda seed, n: random.streams(seed).random(n),
        lambda seed, n: np.random.Generator(np.random.Philox(seed)).random(n),
        seeded,
        (1, 10, 1000, 10_000),
        (1000, 1_000_000),
        dtypes=("float64",),
        tolerance=0.0,
    ),
    shared("random", lambda f, n: f(n)),
    shared("rand", lambda f, n: f(n)),
    shared("randn", lambda f, n: f(n)),
    shared("uniform", lambda f, n: f(-1, 3, n)),
    shared("normal", lambda f, n: f(5, 2, n)),
    shared("standard_normal", lambda f, n: f(n)),
    shared("exponential", lambda f, n: f(2, n)),
    shared("binomial", lambda f, n: f(20, 0.3, n)),
    shared("randint", lambda f, n: f(0, 1000, n)),
    shared("choice", lambda f, n: f(n, n)),
    shared("permutation", lambda f, n: f(n)),
    shared("shuffle", shuffled),
]
