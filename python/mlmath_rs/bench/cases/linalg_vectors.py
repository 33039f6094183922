"""Cases: vectors and norms."""

import numpy as np

import mlmath_rs as ml
from mlmath_rs import linalg
from mlmath_rs.bench.case import Case


def vector(rng, n, dtype):
    """Return a random vector, complex where the type is."""
    x = rng.standard_normal(n) + (1j * rng.standard_normal(n) if dtype.kind == "c" else 0)
    return (x.astype(dtype),)


def with_order(order):
    """Return a maker of a random vector and an order."""
    return lambda rng, n, dtype: (*vector(rng, n, dtype), order)


def matrix_with_order(order):
    """Return a maker of a random matrix and an order."""
    return lambda rng, n, dtype: (rng.standard_normal((n, n + 1)).astype(dtype), order)


def along(axis):
    """Return a maker of a random matrix, no order and an axis."""
    return lambda rng, n, dtype: (rng.standard_normal((n, n + 1)).astype(dtype), None, axis)


def two(left, right):
    """Return a maker of two random arrays whose shapes are functions of the size."""
    return lambda rng, n, dtype: (*vector(rng, left(n), dtype), *vector(rng, right(n), dtype))


def angle(a, b):
    """Return the angle by its definition."""
    return np.arccos(np.vecdot(a, b) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1))


def project(a, b):
    """Return the projection by its definition."""
    return (np.vecdot(b, a) / np.vecdot(b, b))[..., None] * b


def orthonormal(a):
    """Return the orthonormal factor whose triangular one has a positive diagonal."""
    q, r = np.linalg.qr(a)
    return q * np.sign(np.diagonal(r))


NORM = "numpy.linalg.norm"
COMPLEX = ("complex128", "complex64")
SIZES = (1, 3, 4, 5, 31, 1000)
BENCH = (3, 100, 10_000, 1_000_000)

CASES = [
    Case("linalg.norm", linalg.norm, NORM, vector, (0, *SIZES), BENCH),
    Case("linalg.norm", linalg.norm, NORM, vector, SIZES, BENCH, "complex", COMPLEX),
    *(
        Case("linalg.norm", linalg.norm, NORM, with_order(order), SIZES, BENCH, f"order {order}")
        for order in (1, 3, np.inf)
    ),
    *(
        Case("linalg.norm", linalg.norm, NORM, along(axis), (1, 5, 70), (1000,), f"axis {axis}")
        for axis in (0, 1)
    ),
    *(
        Case(
            "linalg.norm",
            linalg.norm,
            NORM,
            matrix_with_order(order),
            (1, 5, 70),
            (1000,),
            f"of a matrix, order {order}",
        )
        for order in ("fro", "nuc", 1, 2, np.inf)
    ),
    Case(
        "linalg.vector_norm",
        lambda x: linalg.vector_norm(x, axis=-1),
        lambda x: np.linalg.vector_norm(x, axis=-1),
        lambda rng, n, dtype: (rng.standard_normal((n, 3)).astype(dtype),),
        (1, 7, 100),
        (100_000,),
        "of many short vectors",
    ),
    Case(
        "linalg.matrix_norm",
        linalg.matrix_norm,
        "numpy.linalg.matrix_norm",
        lambda rng, n, dtype: (rng.standard_normal((n, 3, 3)).astype(dtype),),
        (1, 7, 100),
        (100_000,),
        "stack of 3x3",
    ),
    *(
        Case(
            name, getattr(ml, name), f"numpy.{name}", two(lambda n: n, lambda n: n), SIZES, bench, "", dtypes
        )
        for name, dtypes, bench in (
            ("vdot", ("float64", "float32", *COMPLEX), (3, 100, 1_000_000)),
            ("inner", ("float64", "float32", *COMPLEX), (3, 100, 1_000_000)),
            ("outer", ("float64", "float32", *COMPLEX), (3, 100, 1000)),
            ("kron", ("float64", "float32", *COMPLEX), (3, 100, 1000)),
        )
    ),
    Case("kron", ml.kron, "numpy.kron", two(lambda n: (n, 3), lambda n: (2, n)), (1, 5), (100,), "matrices"),
    Case(
        "vecdot", ml.vecdot, "numpy.vecdot", two(lambda n: (n, 3), lambda n: (n, 3)), (1, 7, 100), (100_000,)
    ),
    Case("cross", ml.cross, "numpy.cross", two(lambda n: (n, 3), lambda n: (n, 3)), (1, 7), (1, 100_000)),
    Case(
        "linalg.outer", linalg.outer, "numpy.linalg.outer", two(lambda n: n, lambda n: n + 1), (1, 7), (100,)
    ),
    Case(
        "linalg.cross",
        linalg.cross,
        "numpy.linalg.cross",
        two(lambda n: (n, 3), lambda n: (n, 3)),
        (1, 7),
        (1, 100_000),
    ),
    Case(
        "linalg.normalize",
        linalg.normalize,
        lambda x: x / np.linalg.norm(x, axis=-1, keepdims=True),
        lambda rng, n, dtype: vector(rng, (n, 3), dtype),
        (1, 7),
        (1, 100_000),
    ),
    Case("linalg.angle", linalg.angle, angle, two(lambda n: (n, 3), lambda n: (n, 3)), (7,), (1, 100_000)),
    Case(
        "linalg.cosine_similarity",
        linalg.cosine_similarity,
        "sklearn.metrics.pairwise.cosine_similarity",
        two(lambda n: (n, 5), lambda n: (n + 1, 5)),
        (1, 7),
        (10, 1000),
    ),
    Case(
        "linalg.project",
        linalg.project,
        project,
        two(lambda n: (n, 3), lambda n: (n, 3)),
        (1, 7),
        (1, 10_000),
    ),
    Case(
        "linalg.gram_schmidt",
        linalg.gram_schmidt,
        orthonormal,
        lambda rng, n, dtype: ((rng.standard_normal((n + 3, n)) + np.eye(n + 3, n)).astype(dtype),),
        (1, 3, 20),
        (3, 100),
        tolerance=5000,
    ),
    Case("linalg.scale", lambda x: linalg.scale(2.5, x), lambda x: 2.5 * x, vector, SIZES, BENCH),
    Case(
        "linalg.axpy",
        lambda x, y: linalg.axpy(2.5, x, y),
        lambda x, y: 2.5 * x + y,
        two(lambda n: n, lambda n: n),
        SIZES,
        BENCH,
    ),
]
