"""Random numbers: generators with NumPy's own bits, streams by counter, functions that share a generator."""

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
from mlmath_rs.random.streams import Stream, streams

__all__ = [
    "Generator",
    "Stream",
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
    "streams",
    "uniform",
]
