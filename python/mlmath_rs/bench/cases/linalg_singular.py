"""Cases: singular values, and what follows from them."""

import numpy as np

from mlmath_rs import linalg
from mlmath_rs.bench.case import Case


def random(rng, n, dtype):
    """Return a random matrix."""
    a = rng.standard_normal((n, n))
    return ((a + 1j * rng.standard_normal((n, n)) if dtype.kind == "c" else a).astype(dtype),)


def tall(rng, m, dtype):
    """Return a random matrix of few columns."""
    return (rng.standard_normal((m, m // 8 + 1)).astype(dtype),)


def stack_of(n):
    """Return a maker of stacks of random n by n matrices."""
    return lambda rng, count, dtype: (rng.standard_normal((count, n, n)).astype(dtype),)


def value_error(ours, reference):
    """Return how far values are from the reference's, relative to the largest."""
    scale = np.abs(reference).max(axis=-1, keepdims=True, initial=0.0)
    scale = np.where(scale > 0, scale, 1)
    return float((np.abs(ours - reference) / scale).max(initial=0.0))


def singular_error(ours, reference, arguments):
    """Return how far our parts are from the matrix, from orthogonality and from the reference's values."""
    (a,) = arguments
    u, s, vh = ours
    k = s.shape[-1]
    size = max(a.shape[-2:], default=1) * max(float(s.max(initial=0.0)), float(np.finfo(s.dtype).tiny))
    back = np.abs((u[..., :, :k] * s[..., None, :]) @ vh[..., :k, :] - a).max(initial=0.0) / size
    skew = [
        np.abs(q.conj().swapaxes(-1, -2) @ q - np.eye(q.shape[-1])).max(initial=0.0) / a.shape[-1]
        for q in (u, vh.conj().swapaxes(-1, -2))
    ]
    return max(float(back), float(max(skew)), value_error(s, reference[1]) / a.shape[-1])


def thin(a):
    """Return NumPy's decomposition without the vectors that complete the bases."""
    return np.linalg.svd(a, full_matrices=False)


def of_rank_two(rng, n, dtype):
    """Return a matrix of rank 2, or less if it is smaller."""
    return ((rng.standard_normal((n + 1, 2)) @ rng.standard_normal((2, n))).astype(dtype),)


def projection_error(ours, reference, arguments):
    """Return how far the space that our basis spans is from the reference's."""
    spans = [basis @ basis.conj().T for basis in (ours, reference)]
    return float(np.abs(spans[0] - spans[1]).max(initial=0.0)) + abs(ours.shape[1] - reference.shape[1])


def polar_error(ours, reference, arguments):
    """Return how far our product is from the matrix, and our semidefinite factor from the reference's."""
    (a,) = arguments
    size = max(float(np.abs(a).max(initial=0.0)), float(np.finfo(a.dtype).tiny)) * max(a.shape, default=1)
    u, p = ours
    return float(max(np.abs(u @ p - a).max(initial=0.0), np.abs(p - reference[1]).max(initial=0.0)) / size)


def relative(ours, reference, arguments):
    """Return the relative error of a condition, over the condition: that many digits are lost."""
    return float(np.max(np.abs(ours / reference - 1) / np.maximum(ours, reference), initial=0.0))


def pinv_by_rounding(a):
    """Return NumPy's pseudo-inverse with the bound that ours has by default."""
    return np.linalg.pinv(a, max(a.shape) * np.finfo(a.dtype).eps)


def cond_1(a):
    """Return NumPy's condition in the 1-norm."""
    return np.linalg.cond(a, 1)


def rcond_1(a):
    """Return the reciprocal of NumPy's condition in the 1-norm."""
    return 1 / np.linalg.cond(a, 1)


def absolute(ours, reference, arguments):
    """Return the error of a reciprocal condition, of which the smaller ones have fewer digits."""
    return float(np.max(np.abs(ours - reference), initial=0.0))


def equations(shape):
    """Return a maker of a well-conditioned matrix, whose shape is a function of the size, and two sides."""

    def make(rng, n, dtype):
        rows, columns = shape(n)
        a = rng.standard_normal((rows, columns)) + 3 * np.sqrt(n) * np.eye(rows, columns)
        b = rng.standard_normal((rows, 2))
        if dtype.kind == "c":
            a, b = a + 1j * rng.standard_normal(a.shape), b * (1 + 1j)
        return a.astype(dtype), b.astype(dtype)

    return make


def solution_error(ours, reference, arguments):
    """Return how far our solutions and values are from the reference's."""
    if ours.rank != reference[2]:
        return np.inf
    pairs = [(ours.x, reference[0]), (ours.s, reference[3])]
    return max(float(np.abs(x - y).max(initial=0.0) / np.abs(y).max(initial=1e-30)) for x, y in pairs)


ALL = ("float64", "float32", "complex128", "complex64")
SIZES = (1, 2, 3, 5, 8, 17, 40)
BENCH = (3, 8, 16, 64, 256)

CASES = [
    Case(
        "linalg.svd",
        linalg.svd,
        "numpy.linalg.svd",
        random,
        SIZES,
        BENCH,
        dtypes=ALL,
        tolerance=10.0,
        error=singular_error,
    ),
    Case(
        "linalg.svd",
        linalg.svd,
        "numpy.linalg.svd",
        stack_of(3),
        (1, 9),
        (10_000,),
        "stack of 3x3",
        tolerance=10.0,
        error=singular_error,
    ),
    Case(
        "linalg.svd",
        linalg.svd,
        "numpy.linalg.svd",
        stack_of(8),
        (1, 9),
        (1000,),
        "stack of 8x8",
        tolerance=10.0,
        error=singular_error,
    ),
    Case(
        "linalg.svd",
        lambda a: linalg.svd(a, full_matrices=False),
        thin,
        tall,
        (9, 40),
        (1000,),
        "tall, thin",
        dtypes=ALL,
        tolerance=10.0,
        error=singular_error,
    ),
    Case(
        "linalg.svd",
        lambda a: linalg.svd(a, driver="jacobi"),
        "numpy.linalg.svd",
        random,
        SIZES,
        (16, 64),
        "jacobi",
        dtypes=ALL,
        tolerance=10.0,
        error=singular_error,
    ),
    Case(
        "linalg.svdvals",
        linalg.svdvals,
        "scipy.linalg.svdvals",
        random,
        SIZES,
        BENCH,
        dtypes=ALL,
        tolerance=40.0,
    ),
    Case(
        "linalg.pinv",
        linalg.pinv,
        pinv_by_rounding,
        of_rank_two,
        SIZES,
        BENCH,
        dtypes=ALL,
        tolerance=2000.0,
    ),
    Case(
        "linalg.pinv",
        linalg.pinv,
        "numpy.linalg.pinv",
        stack_of(3),
        (0, 1),
        (10_000,),
        "stack of 3x3",
        tolerance=1e5,  # of ten thousand random matrices some are ill-conditioned
    ),
    Case("linalg.matrix_rank", linalg.matrix_rank, "numpy.linalg.matrix_rank", of_rank_two, SIZES, BENCH),
    Case("linalg.cond", linalg.cond, "numpy.linalg.cond", random, SIZES, BENCH, dtypes=ALL, error=relative),
    Case("linalg.cond", lambda a: linalg.cond(a, 1), cond_1, random, SIZES, BENCH, "1-norm", error=relative),
    Case("linalg.rcond", linalg.rcond, rcond_1, random, SIZES, BENCH, error=absolute),
    Case(
        "linalg.null_space",
        linalg.null_space,
        "scipy.linalg.null_space",
        of_rank_two,
        SIZES,
        BENCH,
        error=projection_error,
    ),
    Case(
        "linalg.orth",
        linalg.orth,
        "scipy.linalg.orth",
        of_rank_two,
        SIZES,
        BENCH,
        error=projection_error,
    ),
    Case(
        "linalg.polar",
        linalg.polar,
        "scipy.linalg.polar",
        random,
        SIZES,
        BENCH,
        dtypes=ALL,
        tolerance=40.0,
        error=polar_error,
    ),
    *(
        Case(
            "linalg.lstsq",
            linalg.lstsq,
            "numpy.linalg.lstsq",
            equations(shape),
            (1, 3, 17),
            bench,
            label,
            dtypes=ALL,
            error=solution_error,
        )
        for label, shape, bench in (
            ("tall", lambda n: (4 * n, n), (3, 50, 200)),
            ("wide", lambda n: (n, 4 * n), (50,)),
            ("square", lambda n: (n, n), (3, 100)),
        )
    ),
]
