"""Cases: triangular systems, and elimination in parts."""

import numpy as np

from mlmath_rs import linalg
from mlmath_rs.bench.case import Case
from mlmath_rs.bench.cases.linalg import COMPLEX, SIZES, complex_system, with_right_hand_sides
from mlmath_rs.bench.cases.linalg_factors import definite


def rectangular(rng, n, dtype):
    """Return a random matrix with more rows than columns."""
    return (rng.standard_normal((n + n // 2, n)).astype(dtype),)


def wide(rng, n, dtype):
    """Return a random matrix with more columns than rows."""
    return (rng.standard_normal((n, n + n // 2)).astype(dtype),)


def complex_rectangular(rng, n, dtype):
    """Return a random complex matrix with more rows than columns."""
    return ((rng.standard_normal((n + 2, n)) + 1j * rng.standard_normal((n + 2, n))).astype(dtype),)


def factored_definite(rng, n, dtype):
    """Return a Cholesky factor and three right-hand sides."""
    (a,) = definite(rng, n, dtype)
    return (np.linalg.cholesky(a), rng.standard_normal((n, 3)).astype(dtype))


def lower_adjoint(solve):
    """Return `solve` of the adjoint of the lower triangle."""
    return lambda a, b: solve(a, b, trans="C", lower=True)


def scipy(name):
    """Return SciPy's function of this name, imported when it is called."""

    def function(*arguments, **options):
        import scipy.linalg

        return getattr(scipy.linalg, name)(*arguments, **options)

    return function


BENCH = (4, 64, 512)

CASES = [
    Case(
        "linalg.solve_triangular",
        linalg.solve_triangular,
        "scipy.linalg.solve_triangular",
        with_right_hand_sides,
        SIZES,
        BENCH,
    ),
    Case(
        "linalg.solve_triangular",
        lower_adjoint(linalg.solve_triangular),
        lower_adjoint(scipy("solve_triangular")),
        complex_system,
        SIZES,
        BENCH,
        "complex, lower, adjoint",
        COMPLEX,
    ),
    Case(
        "linalg.cho_solve",
        lambda c, b: linalg.cho_solve((c, True), b),
        lambda c, b: scipy("cho_solve")((c, True), b),
        factored_definite,
        SIZES,
        BENCH,
        tolerance=1000,
    ),
    Case("linalg.lu", linalg.lu, "scipy.linalg.lu", rectangular, SIZES, BENCH, tolerance=1000),
    Case("linalg.lu", linalg.lu, "scipy.linalg.lu", wide, SIZES, BENCH, "wide", tolerance=1000),
    Case(
        "linalg.lu",
        lambda a: linalg.lu(a, p_indices=True),
        lambda a: scipy("lu")(a, p_indices=True),
        complex_rectangular,
        SIZES,
        BENCH,
        "complex",
        COMPLEX,
        tolerance=1000,
    ),
    Case(
        "linalg.lu_factor",
        linalg.lu_factor,
        "scipy.linalg.lu_factor",
        rectangular,
        SIZES,
        BENCH,
        tolerance=1000,
    ),
    Case(
        "linalg.lu_solve",
        lambda a, b: linalg.lu_solve(linalg.lu_factor(a), b),
        lambda a, b: scipy("lu_solve")(scipy("lu_factor")(a), b),
        with_right_hand_sides,
        SIZES,
        BENCH,
    ),
]
