"""Factorisations of the gallery: how far they are off, in units of n eps, as LAPACK's own tests."""

import warnings

import numpy as np
import pytest

from gallery import GALLERY, SIZES, matrix, orthogonal, scaled
from mlmath_rs import linalg

LIMIT = 10
ORDERS = (1, 2, 3, 5, 16, 17, 64)


def wide(a):
    """Return more digits, and a range in which nothing overflows."""
    return np.asarray(a).astype(np.clongdouble if np.asarray(a).dtype.kind == "c" else np.longdouble)


def norm(a):
    return np.abs(a).sum(axis=-2).max(initial=0)


def adjoint(a):
    return a.conj().T


def ratio(difference, size, dtype):
    """Return a norm in units of rounding: of numbers of this size, or of the smallest ones."""
    n = max(difference.shape)
    limits = np.finfo(dtype)
    return float(norm(difference) / (n * (limits.eps * size + wide(limits.smallest_subnormal))))


def unitary(q):
    return ratio(adjoint(wide(q)) @ wide(q) - np.eye(q.shape[1]), 1, q.dtype)


def lu(a):
    p, lower, upper = map(wide, linalg.lu(a))
    # Growth is part of the algorithm's bound.
    yield ratio(wide(a) - p @ lower @ upper, max(norm(wide(a)), norm(upper)), a.dtype)


def qr(a):
    q, r = linalg.qr(a)
    yield ratio(wide(a) - wide(q) @ wide(r), norm(wide(a)), a.dtype)
    yield unitary(q)


def cholesky(a):
    a = (a / 2 + adjoint(a) / 2).astype(a.dtype)
    smallest = np.linalg.eigvalsh(wide_enough(a)).min()
    try:
        lower = wide(linalg.cholesky(a))
    except linalg.LinAlgError:
        assert smallest <= 10 * len(a) * np.finfo(a.dtype).eps
        return
    yield ratio(wide(a) - lower @ adjoint(lower), norm(wide(a)), a.dtype)


def wide_enough(a):
    """Return the matrix over its size, in double precision."""
    size = np.abs(a).max() or 1
    return (wide(a) / wide(size)).astype(np.complex128 if a.dtype.kind == "c" else np.float64)


def regular(a):
    """Whether its inverse is in range, and its condition below the precision."""
    values = np.linalg.svd(wide_enough(a), compute_uv=False)
    largest = float(np.abs(a).max())
    within = largest > 1e3 * np.finfo(a.dtype).tiny and largest < 1e-3 * np.finfo(a.dtype).max
    return within and values[-1] > 10 * len(a) * np.finfo(a.dtype).eps * values[0]


def solve(a):
    b = np.random.default_rng(0).standard_normal((len(a), 2)).astype(a.dtype)
    try:
        x = wide(linalg.solve(a, b))
    except linalg.LinAlgError:
        assert not regular(a)
        return
    if regular(a):
        growth = max(1.0, float(norm(wide(linalg.lu(a)[2])) / norm(wide(a))))
        yield ratio(wide(b) - wide(a) @ x, norm(wide(a)) * norm(x), a.dtype) / growth


def inv(a):
    try:
        x = wide(linalg.inv(a))
    except linalg.LinAlgError:
        assert not regular(a)
        return
    if regular(a):
        yield ratio(wide(a) @ x - np.eye(len(a)), norm(wide(a)) * norm(x), a.dtype)


def svd(a):
    u, s, vh = linalg.svd(a)
    yield ratio(wide(a) - wide(u) * wide(s) @ wide(vh), norm(wide(a)), a.dtype)
    yield unitary(u)
    yield unitary(adjoint(vh))
    assert (np.diff(s) <= 0).all()
    assert (s >= 0).all()


def eigh(a):
    a = (a / 2 + adjoint(a) / 2).astype(a.dtype)
    values, vectors = linalg.eigh(a)
    yield ratio(wide(a) @ wide(vectors) - wide(vectors) * wide(values), norm(wide(a)), a.dtype)
    yield unitary(vectors)
    assert (np.diff(values) >= 0).all()


def eig(a):
    values, vectors = linalg.eig(a)
    np.testing.assert_array_equal(linalg.eigvals(a), values)
    values, vectors = wide(values), wide(vectors)
    yield ratio(wide(a) @ vectors - vectors * values, norm(wide(a)), a.dtype)
    lengths = np.sqrt((np.abs(vectors) ** 2).sum(axis=0))
    yield ratio((lengths - 1)[None], 1, a.dtype)


def schur(a):
    t, z = linalg.schur(a)
    yield ratio(wide(a) - wide(z) @ wide(t) @ adjoint(wide(z)), norm(wide(a)), a.dtype)
    yield unitary(z)
    assert not np.tril(t, -2).any()


FACTORISATIONS = {f.__name__: f for f in (lu, qr, cholesky, solve, inv, svd, eigh, eig, schur)}


@pytest.mark.parametrize("dtype", ["float32", "float64", "complex64", "complex128"])
@pytest.mark.parametrize("name", GALLERY)
@pytest.mark.parametrize("factorisation", FACTORISATIONS)
def test_errors_are_a_few_roundings(factorisation, name, dtype):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", linalg.LinAlgWarning)
        for n in ORDERS:
            for found in FACTORISATIONS[factorisation](matrix(name, n, dtype)):
                assert found < LIMIT, n


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dtype", ["float32", "float64", "complex64", "complex128"])
@pytest.mark.parametrize("factorisation", FACTORISATIONS)
def test_errors_are_as_small_at_the_ends_of_the_range(factorisation, dtype, size):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", linalg.LinAlgWarning)
        for name in ("random", "graded", "rotations", "Jordan", "definite", "Wilkinson"):
            for n in (1, 2, 5, 17, 40):
                for found in FACTORISATIONS[factorisation](matrix(name, n, dtype, size)):
                    assert found < LIMIT, (name, n)


@pytest.mark.parametrize("n", [2, 3, 8, 16, 24])
def test_rotations_keep_the_digits_of_small_values_of_scaled_matrices(n):
    mpmath = pytest.importorskip("mpmath")
    a = scaled(n, 10)
    a = (a + a.T) / 2
    with mpmath.workdps(60):
        exact = sorted(float(x) for x in mpmath.eigsy(mpmath.matrix(a.tolist()), eigvals_only=True))
    np.testing.assert_allclose(linalg.eigh(a, driver="jacobi").eigenvalues, exact, rtol=1e-13)
    a = (orthogonal(n) + 2 * np.eye(n)) * np.logspace(0, -14, n)
    with mpmath.workdps(60):
        exact = sorted(
            (float(x) for x in mpmath.svd_r(mpmath.matrix(a.tolist()), compute_uv=False)), reverse=True
        )
    np.testing.assert_allclose(linalg.svdvals(a, driver="jacobi"), exact, rtol=1e-13)
