"""Cases: eigenvalues and functions of matrices."""

import numpy as np

from mlmath_rs import linalg
from mlmath_rs.bench.case import Case
from mlmath_rs.bench.cases.linalg import (
    BENCH,
    COMPLEX,
    SIZES,
    complex_matrix,
    spectral_error,
    symmetric,
    symmetric_stack_of,
)


def general(rng, n, dtype):
    """Return a random matrix with real and complex eigenvalues."""
    return (rng.standard_normal((n, n)).astype(dtype),)


def generator(rng, n, dtype):
    """Return a random matrix whose exponential overflows in no dtype."""
    return ((rng.standard_normal((n, n)) * 3 / n**0.5).astype(dtype),)


def values_error(ours, reference, arguments):
    """Return the largest difference of the values, in their order by real and imaginary part."""
    size = max(float(np.abs(arguments[0]).max(initial=0.0)), np.finfo(float).tiny) * arguments[0].shape[-1]
    first, second = (np.sort_complex(np.asarray(values).astype(complex)) for values in (ours, reference))
    return float(np.abs(first - second).max(initial=0.0)) / size


def hermitian(rng, n, dtype):
    """Return a random Hermitian matrix."""
    a = rng.standard_normal((n, n)) + 1j * rng.standard_normal((n, n))
    return ((a + a.conj().T).astype(dtype),)


def dominated(rng, n, dtype):
    """Return a symmetric matrix whose largest value is far from the others."""
    x = rng.standard_normal(n)
    a = rng.standard_normal((n, n)) / 10
    return ((a + a.T + 4 * n * np.outer(x, x) / (x @ x)).astype(dtype),)


def largest(a):
    """Return the eigenvalue of largest magnitude, by all of them."""
    values = np.linalg.eigvalsh(a)
    return values[np.abs(values).argmax()]


def right_half_plane(rng, n, dtype):
    """Return a random matrix whose eigenvalues have positive real parts."""
    (a,) = complex_matrix(rng, n, dtype) if dtype.kind == "c" else general(rng, n, dtype)
    return (a + (2 * np.sqrt(n) + 1).astype(dtype) * np.eye(n, dtype=dtype),)


def schur_error(ours, reference, arguments):
    """Return how far our factors are from the matrix and from orthogonality."""
    (a,), (t, z) = arguments, ours
    n = max(a.shape[-1], 1)
    size = max(float(np.abs(a).max(initial=0.0)), float(np.finfo(a.dtype).tiny)) * n
    back = np.abs(z @ t @ z.conj().T - a).max(initial=0.0) / size
    return float(max(back, np.abs(z.conj().T @ z - np.eye(a.shape[-1])).max(initial=0.0) / n))


CASES = [
    Case(
        "linalg.power_iteration",
        lambda a: linalg.power_iteration(a).eigenvalue,
        largest,
        dominated,
        (1, 2, 5, 40),
        (128, 512),
        tolerance=1e5,
    ),
    Case(
        "linalg.jacobi_eigen",
        linalg.jacobi_eigen,
        "numpy.linalg.eigh",
        symmetric,
        SIZES,
        (8, 64),
        error=spectral_error,
    ),
    Case("linalg.eigvalsh", linalg.eigvalsh, "numpy.linalg.eigvalsh", symmetric, (0, *SIZES), BENCH),
    Case(
        "linalg.eigvalsh",
        linalg.eigvalsh,
        "numpy.linalg.eigvalsh",
        symmetric_stack_of(3),
        (1, 9),
        (100_000,),
        "stack of 3x3",
    ),
    Case(
        "linalg.eigh",
        linalg.eigh,
        "numpy.linalg.eigh",
        hermitian,
        SIZES,
        (64, 256),
        "complex",
        COMPLEX,
        error=spectral_error,
    ),
    Case(
        "linalg.eig",
        linalg.eig,
        "numpy.linalg.eig",
        complex_matrix,
        SIZES,
        (64,),
        "complex",
        COMPLEX,
        error=spectral_error,
    ),
    Case(
        "linalg.eigvals",
        linalg.eigvals,
        "numpy.linalg.eigvals",
        general,
        SIZES,
        BENCH[:-1],
        tolerance=1e4,
        error=values_error,
    ),
    Case(
        "linalg.expm",
        linalg.expm,
        "scipy.linalg.expm",
        generator,
        (1, 2, 3, 7, 16, 40),
        (4, 64, 256),
        tolerance=1e3,
    ),
    Case(
        "linalg.expm",
        linalg.expm,
        "scipy.linalg.expm",
        complex_matrix,
        (1, 2, 3, 7, 16, 40),
        (64,),
        "complex",
        COMPLEX,
    ),
    Case(
        "linalg.schur",
        linalg.schur,
        "scipy.linalg.schur",
        general,
        (0, 1, 2, 3, 5, 17),
        (4, 64, 256),
        error=schur_error,
    ),
    *(
        Case(
            name,
            ours,
            f"scipy.{name}",
            right_half_plane,
            (1, 2, 3, 7, 16, 40),
            (4, 64, 256),
            label,
            # SciPy's logarithm warns of its own float32.
            dtypes[:1] if name == "linalg.logm" else dtypes,
            tolerance=1e3,
        )
        for name, ours in (("linalg.sqrtm", linalg.sqrtm), ("linalg.logm", linalg.logm))
        for label, dtypes in (("", ("float64", "float32")), ("complex", COMPLEX))
    ),
]
