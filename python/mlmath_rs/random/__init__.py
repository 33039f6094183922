"""Random numbers: generators with NumPy's own bits, and functions that share a hidden one."""

from mlmath_rs.random.draws import (
    binomial,
    choice,
    exponential,
    normal,
    permutation,
    rand,
    randint,
    randn,
    random,
    shuffle,
    standard_normal,
    uniform,
)
from mlmath_rs.random.generator import Generator, as_generator, default_rng, seed

__all__ = [
    "Generator",
    "as_generator",
    "binomial",
    "choice",
    "default_rng",
    "exponential",
    "normal",
    "permutation",
    "rand",
    "randint",
    "randn",
    "random",
    "seed",
    "shuffle",
    "standard_normal",
    "uniform",
]
