"""Cases: systems and spectra."""

import numpy as np

from mlmath_rs import linalg
from mlmath_rs.bench.case import Case


def well_conditioned(rng, n, dtype):
    """Return a random matrix that is safely invertible."""
    return ((rng.standard_normal((n, n)) + 2 * n * np.eye(n)).astype(dtype),)


def complex_matrix(rng, n, dtype):
    """Return a random complex matrix that is safely invertible."""
    a = rng.standard_normal((n, n)) + 1j * rng.standard_normal((n, n))
    return ((a / (4 * n + 4) + np.eye(n)).astype(dtype),)


def complex_system(rng, n, dtype):
    """Return a safely invertible complex matrix and three right-hand sides."""
    return (*complex_matrix(rng, n, dtype), rng.standard_normal((n, 3)).astype(dtype))


def near_identity(rng, n, dtype):
    """Return a matrix whose determinant overflows in no dtype."""
    return ((np.eye(n) + rng.standard_normal((n, n)) / (4 * n + 4)).astype(dtype),)


def with_right_hand_sides(rng, n, dtype):
    """Return a safely invertible matrix and three right-hand sides."""
    return (*well_conditioned(rng, n, dtype), rng.standard_normal((n, 3)).astype(dtype))


def stack_of(n):
    """Return a maker of stacks of safely invertible n by n matrices."""
    return lambda rng, count, dtype: ((rng.standard_normal((count, n, n)) + 2 * n * np.eye(n)).astype(dtype),)


def symmetric(rng, n, dtype):
    """Return a random symmetric matrix."""
    a = rng.standard_normal((n, n))
    return ((a + a.T).astype(dtype),)


def symmetric_stack_of(n):
    """Return a maker of stacks of symmetric n by n matrices."""

    def make(rng, count, dtype):
        a = rng.standard_normal((count, n, n))
        return ((a + a.swapaxes(1, 2)).astype(dtype),)

    return make


def spectral_error(ours, reference, arguments):
    """Return how far our pairs are from satisfying their equation, and our values from theirs."""
    (a,) = arguments
    values, vectors = ours
    size = max(float(np.abs(a).max(initial=0.0)), np.finfo(a.dtype).tiny) * a.shape[-1]
    residual = np.abs(a @ vectors - vectors * values[..., None, :]).max(initial=0.0) / size
    order = [np.sort_complex(v.astype(complex)) for v in (np.ravel(values), np.ravel(reference[0]))]
    return max(float(residual), float(np.abs(order[0] - order[1]).max(initial=0.0)) / size)


COMPLEX = ("complex128", "complex64")
SIZES = (1, 2, 3, 4, 7, 16, 17, 40)
BENCH = (4, 16, 64, 128, 512)

CASES = [
    Case("linalg.inv", linalg.inv, "numpy.linalg.inv", well_conditioned, (0, *SIZES, 150), BENCH),
    Case("linalg.inv", linalg.inv, "numpy.linalg.inv", stack_of(3), (0, 1, 9), (100_000,), "stack of 3x3"),
    Case("linalg.inv", linalg.inv, "numpy.linalg.inv", stack_of(8), (1, 9), (30_000,), "stack of 8x8"),
    Case("linalg.inv", linalg.inv, "numpy.linalg.inv", stack_of(20), (1, 4), (1000,), "stack of 20x20"),
    Case(
        "linalg.inv", linalg.inv, "numpy.linalg.inv", complex_matrix, (0, *SIZES), BENCH, "complex", COMPLEX
    ),
    Case("linalg.solve", linalg.solve, "numpy.linalg.solve", with_right_hand_sides, (0, *SIZES), BENCH),
    Case(
        "linalg.solve",
        linalg.solve,
        "numpy.linalg.solve",
        complex_system,
        (0, *SIZES),
        BENCH,
        "complex",
        COMPLEX,
    ),
    Case(
        "linalg.det", linalg.det, "numpy.linalg.det", complex_matrix, (0, *SIZES), BENCH, "complex", COMPLEX
    ),
    Case("linalg.det", linalg.det, "numpy.linalg.det", near_identity, (0, *SIZES), BENCH),
    Case("linalg.det", linalg.det, "numpy.linalg.det", stack_of(3), (1, 9), (100_000,), "stack of 3x3"),
    Case("linalg.eigh", linalg.eigh, "numpy.linalg.eigh", symmetric, SIZES, BENCH, error=spectral_error),
    Case(
        "linalg.eigh",
        linalg.eigh,
        "numpy.linalg.eigh",
        symmetric_stack_of(3),
        (1, 9),
        (100_000,),
        "stack of 3x3",
        error=spectral_error,
    ),
    Case(
        "linalg.eigh",
        lambda a: linalg.eigh(a, driver="jacobi"),
        "numpy.linalg.eigh",
        symmetric,
        SIZES,
        (32, 64),
        "jacobi",
        error=spectral_error,
    ),
    Case("linalg.eig", linalg.eig, "numpy.linalg.eig", symmetric, SIZES, BENCH[:-1], error=spectral_error),
]
