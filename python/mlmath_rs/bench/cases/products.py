"""Cases: products of vectors and matrices."""

import numpy as np

import mlmath_rs as ml
from mlmath_rs.bench.case import Case

INTEGERS = ("int64", "int32", "int8", "uint64", "uint16", "bool")


def square(rng, n, dtype):
    """Return two square matrices."""
    return rng.standard_normal((n, n)).astype(dtype), rng.standard_normal((n, n)).astype(dtype)


def integers(rng, n, dtype):
    """Return two square matrices of integers below 1000, as far as the type holds them."""
    return tuple(rng.integers(0, 1000, (n, n)).astype(dtype) for _ in range(2))


def complex_square(rng, n, dtype):
    """Return two square complex matrices."""
    real = [rng.standard_normal((n, n)) for _ in range(4)]
    return (real[0] + 1j * real[1]).astype(dtype), (real[2] + 1j * real[3]).astype(dtype)


def stack(n):
    """Return a maker of stacks of n by n matrices."""
    return lambda rng, count, dtype: tuple(rng.standard_normal((count, n, n)).astype(dtype) for _ in range(2))


def shaped(left, right):
    """Return a maker of two matrices whose shapes are functions of the size."""
    return lambda rng, n, dtype: (
        rng.standard_normal(left(n)).astype(dtype),
        rng.standard_normal(right(n)).astype(dtype),
    )


COMPLEX = ("complex128", "complex64")
SIZES = (1, 2, 3, 4, 8, 16, 17, 33, 100)
BENCH = (4, 8, 16, 32, 64, 128, 256, 512, 1024)

CASES = [
    Case("matmul", ml.matmul, "numpy.matmul", square, SIZES, BENCH),
    Case("matmul", ml.matmul, "numpy.matmul", integers, (1, 5, 40), (64, 256, 512), "integers", INTEGERS, 0),
    Case("matmul", ml.matmul, "numpy.matmul", complex_square, SIZES, BENCH[:-1], "complex", COMPLEX),
    Case("matmul", ml.matmul, "numpy.matmul", stack(3), (1, 9), (100_000,), "stack of 3x3"),
    Case("matmul", ml.matmul, "numpy.matmul", stack(8), (1, 9), (10_000,), "stack of 8x8"),
    Case("matmul", ml.matmul, "numpy.matmul", stack(20), (1, 5), (1000,), "stack of 20x20"),
    Case(
        "matmul",
        ml.matmul,
        "numpy.matmul",
        shaped(lambda n: (n, 10), lambda n: (10, n)),
        (1, 30),
        (1000,),
        "thin",
    ),
    Case(
        "matmul",
        ml.matmul,
        "numpy.matmul",
        shaped(lambda n: (n, n), lambda n: (n,)),
        (1, 30),
        (256, 2048),
        "vector",
    ),
    Case(
        "matmul",
        ml.matmul,
        "numpy.matmul",
        shaped(lambda n: (8, n), lambda n: (n, n)),
        (1, 30),
        (2048,),
        "8 rows",
    ),
    Case(
        "matmul",
        ml.matmul,
        "numpy.matmul",
        shaped(lambda n: (n, n), lambda n: (n, 8)),
        (1, 30),
        (2048,),
        "8 columns",
    ),
    Case(
        "dot",
        ml.dot,
        "numpy.dot",
        shaped(lambda n: (n,), lambda n: (n,)),
        (1, 7, 1000),
        (4, 100, 10_000, 1_000_000),
    ),
    Case(
        "dot", ml.dot, "numpy.dot", shaped(lambda n: (2, n, 3), lambda n: (4, 3, n)), (1, 5), (), "any rank"
    ),
    Case(
        "trace", ml.trace, "numpy.trace", lambda rng, n, dtype: square(rng, n, dtype)[:1], (1, 30), (4, 1000)
    ),
    Case(
        "transpose",
        ml.transpose,
        "numpy.transpose",
        lambda rng, n, dtype: (np.ones((n, n + 1), dtype),),
        (1, 5),
    ),
    Case(
        "matvec", ml.matvec, "numpy.matvec", shaped(lambda n: (n, 4, 3), lambda n: (n, 3)), (1, 9), (10_000,)
    ),
    Case(
        "vecmat", ml.vecmat, "numpy.vecmat", shaped(lambda n: (n, 4), lambda n: (n, 4, 3)), (1, 9), (10_000,)
    ),
    Case(
        "tensordot",
        ml.tensordot,
        "numpy.tensordot",
        shaped(lambda n: (3, n, 4), lambda n: (n, 4, 5)),
        (1, 9),
        (10, 1000),
    ),
    *(
        Case(
            "einsum",
            lambda a, b, subscripts=subscripts: ml.einsum(subscripts, a, b),
            lambda a, b, subscripts=subscripts: np.einsum(subscripts, a, b),
            shaped(left, right),
            (1, 9),
            (10, 100),
            subscripts,
        )
        for subscripts, left, right in (
            ("ij,jk->ik", lambda n: (n, n), lambda n: (n, n)),
            ("bij,bjk->bik", lambda n: (n, 3, n), lambda n: (n, n, 4)),
            ("ij,ij->i", lambda n: (n, n), lambda n: (n, n)),
        )
    ),
    Case(
        "linalg.matrix_power",
        lambda a, _: ml.linalg.matrix_power(a, 13),
        lambda a, _: np.linalg.matrix_power(a, 13),
        lambda rng, n, dtype: tuple(x / np.sqrt(n).astype(dtype) for x in square(rng, n, dtype)),
        (1, 5, 20),
        (4, 100),
        tolerance=1000,
    ),
    Case(
        "linalg.multi_dot",
        lambda *arrays: ml.linalg.multi_dot(arrays),
        lambda *arrays: np.linalg.multi_dot(arrays),
        lambda rng, n, dtype: (*square(rng, n, dtype), rng.standard_normal((n, 2)).astype(dtype)),
        (1, 5, 20),
        (10, 300),
    ),
    Case(
        "linalg.transpose_copy",
        ml.linalg.transpose_copy,
        lambda x: np.ascontiguousarray(x.swapaxes(-1, -2)),
        lambda rng, n, dtype: (rng.standard_normal((n, n + 1)).astype(dtype),),
        (1, 5, 70),
        (1024,),
    ),
]
