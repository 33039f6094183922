"""Cases: vectors and norms."""

import numpy as np

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
        for order in ("fro", 1, np.inf)
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
]
