"""Cases: factors of matrices."""

import numpy as np

from mlmath_rs import linalg
from mlmath_rs.bench.case import Case
from mlmath_rs.bench.cases.linalg import COMPLEX, SIZES, complex_matrix, stack_of, well_conditioned


def definite(rng, n, dtype):
    """Return a random positive definite matrix."""
    a = rng.standard_normal((n, n))
    return ((a @ a.T + n * np.eye(n)).astype(dtype),)


def hermitian(rng, n, dtype):
    """Return a random Hermitian positive definite matrix."""
    a = rng.standard_normal((n, n)) + 1j * rng.standard_normal((n, n))
    return ((a @ a.conj().T + n * np.eye(n)).astype(dtype),)


def definite_stack_of(n):
    """Return a maker of stacks of positive definite n by n matrices."""

    def make(rng, count, dtype):
        a = rng.standard_normal((count, n, n))
        return ((a @ a.swapaxes(1, 2) + n * np.eye(n)).astype(dtype),)

    return make


def tall(rng, n, dtype):
    """Return a random matrix with more rows than columns."""
    return (rng.standard_normal((2 * n + 1, n)).astype(dtype),)


BENCH = (4, 16, 64, 256, 1000)

CASES = [
    Case("linalg.cholesky", linalg.cholesky, "numpy.linalg.cholesky", definite, (0, *SIZES, 150), BENCH),
    Case(
        "linalg.cholesky",
        lambda a: linalg.cholesky(a, upper=True),
        lambda a: np.linalg.cholesky(a, upper=True),
        definite,
        (0, *SIZES),
        (16, 256),
        "upper",
    ),
    Case(
        "linalg.cholesky",
        linalg.cholesky,
        "numpy.linalg.cholesky",
        hermitian,
        (0, *SIZES),
        (4, 64, 256),
        "complex",
        COMPLEX,
    ),
    Case(
        "linalg.cholesky",
        linalg.cholesky,
        "numpy.linalg.cholesky",
        definite_stack_of(4),
        (0, 1, 9),
        (100_000,),
        "stack of 4x4",
    ),
    Case("linalg.slogdet", linalg.slogdet, "numpy.linalg.slogdet", well_conditioned, (0, *SIZES), BENCH),
    Case(
        "linalg.slogdet",
        linalg.slogdet,
        "numpy.linalg.slogdet",
        complex_matrix,
        (0, *SIZES),
        (4, 64),
        "complex",
        COMPLEX,
        tolerance=1e3,
    ),
    Case(
        "linalg.slogdet",
        linalg.slogdet,
        "numpy.linalg.slogdet",
        stack_of(3),
        (0, 1, 9),
        (100_000,),
        "stack of 3x3",
    ),
    Case("linalg.qr", linalg.qr, "numpy.linalg.qr", well_conditioned, (0, *SIZES, 100), (*BENCH[:4], 512)),
    Case("linalg.qr", linalg.qr, "numpy.linalg.qr", tall, (0, *SIZES, 100), (16, 64, 256), "tall"),
    Case(
        "linalg.qr",
        lambda a: linalg.qr(a, "raw"),
        lambda a: np.linalg.qr(a, "raw"),
        complex_matrix,
        SIZES,
        (64,),
        "complex, raw",
        COMPLEX,
    ),
    Case("linalg.qr", linalg.qr, "numpy.linalg.qr", stack_of(4), (0, 1, 9), (10_000,), "stack of 4x4"),
]
