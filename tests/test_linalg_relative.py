"""Rotations against mpmath: every digit of the smallest values of graded and scaled matrices."""

import mpmath
import numpy as np
import pytest

from mlmath_rs import linalg

EPS = np.finfo(float).eps

# Positive definite, with rows and columns scaled by 1 … 1e-12: any tridiagonal form loses the smallest.
SCALES = np.array([1.0, 1e-4, 1e-8, 1e-12])
CORE = np.array([[4, 1, 1, 1], [1, 4, 1, 1], [1, 1, 4, 1], [1, 1, 1, 4]]) / 4
ORDERS = [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1), (1, 3, 0, 2)]


def exact(a):
    with mpmath.workdps(80):
        if np.iscomplexobj(a):
            values = mpmath.eighe(mpmath.matrix(a.tolist()), eigvals_only=True)
        else:
            values = mpmath.eigsy(mpmath.matrix(a.tolist()), eigvals_only=True)
        return np.array(sorted(float(value) for value in values))


def relative_error(values, expected):
    return np.abs(values / expected - 1).max()


@pytest.mark.parametrize("order", ORDERS)
def test_a_scaled_matrix_has_all_its_values_whatever_the_order_of_its_rows(order):
    a = (SCALES[:, None] * CORE * SCALES)[np.ix_(order, order)]
    expected = exact(a)
    for values in (
        linalg.eigh(a, driver="jacobi").eigenvalues,
        linalg.eigvalsh(a, driver="jacobi"),
        linalg.svdvals(a, driver="jacobi")[::-1],
        linalg.eigh(a + 0j, driver="jacobi").eigenvalues,
    ):
        assert relative_error(values, expected) < 8 * EPS


def graded(n, decades, seed, dtype=float):
    """`D C D` with `C` near the identity, and rows in no order; its condition is 10**decades."""
    rng = np.random.default_rng(seed)
    core = rng.uniform(-1, 1, (n, n)).astype(dtype)
    if np.issubdtype(dtype, np.complexfloating):
        core += 1j * rng.uniform(-1, 1, (n, n))
    core = (core + core.conj().T) / (4 * np.sqrt(n))
    np.fill_diagonal(core, 1)
    scales = rng.permutation(np.logspace(0, -decades / 2, n))
    a = scales[:, None] * core * scales
    return np.tril(a) + np.tril(a, -1).conj().T


@pytest.mark.parametrize("decades", [8, 16])
@pytest.mark.parametrize(("n", "seeds"), [(4, 4), (8, 2), (16, 2), (17, 1), (32, 1), (64, 1)])
def test_graded_matrices_keep_every_digit(n, seeds, decades):
    for seed in range(seeds):
        a = graded(n, decades, seed)
        expected = exact(a)
        found = linalg.eigh(a, driver="jacobi")
        assert relative_error(found.eigenvalues, expected) < 4 * n * EPS
        assert relative_error(linalg.svdvals(a, driver="jacobi")[::-1], expected) < 4 * n * EPS
        v = found.eigenvectors
        assert np.abs(v.T @ v - np.eye(n)).max() < 4 * n * EPS
        assert np.abs(a @ v - v * found.eigenvalues).max() < 4 * n * EPS


def test_complex_graded_matrices_keep_every_digit_too():
    a = graded(12, 16, 3, complex)
    found = linalg.eigh(a, driver="jacobi")
    assert relative_error(found.eigenvalues, exact(a)) < 4 * 12 * EPS
    v = found.eigenvectors
    assert np.abs(v.conj().T @ v - np.eye(12)).max() < 50 * EPS


def test_gradings_near_the_ends_of_the_range_of_floats_are_kept():
    scales = np.logspace(100, -100, 24)
    values = linalg.eigvalsh(scales[:, None] * (np.eye(24) + 0.01) * scales, driver="jacobi")
    # A matrix graded so strongly has its pivots for values, to the square of the steps' ratio.
    k = np.arange(24)
    pivots = (1 + 0.01 * (k + 1)) / (1 + 0.01 * k)
    np.testing.assert_allclose(values[::-1], scales**2 * pivots, rtol=1e-12)


@pytest.mark.parametrize("n", [17, 60])
def test_what_is_not_definite_is_rotated_as_well(n):
    a = np.random.default_rng(n).standard_normal((n, n))
    a = a + a.T
    (values, vectors), info = linalg.eigh(a, driver="jacobi", return_info=True)
    np.testing.assert_allclose(values, np.linalg.eigvalsh(a), atol=10 * n * EPS * np.abs(a).max())
    assert np.abs(a @ vectors - vectors * values).max() < 10 * n * EPS * np.abs(a).max()
    assert info.driver == "jacobi" and info.sweeps > 3 and info.off_diagonal < EPS


def test_a_large_matrix_is_rotated_in_few_sweeps():
    a = np.random.default_rng(0).standard_normal((256, 300))
    a = a @ a.T
    (values, vectors), info = linalg.eigh(a, driver="jacobi", return_info=True)
    assert info.sweeps <= 12
    assert np.abs(vectors.T @ vectors - np.eye(256)).max() < 1e-13
    np.testing.assert_allclose(values, np.linalg.eigvalsh(a), rtol=1e-10)


def test_singular_values_of_scaled_columns_keep_every_digit_at_any_size():
    rng = np.random.default_rng(5)
    for m, n in [(6, 6), (20, 12), (12, 20), (40, 40)]:
        core = rng.uniform(-1, 1, (m, n)) + 3 * np.eye(m, n)
        a = core * 10.0 ** -rng.uniform(0, 16, n) if m >= n else core * 10.0 ** -rng.uniform(0, 16, (m, 1))
        with mpmath.workdps(80):
            values = mpmath.svd_r(mpmath.matrix(a.tolist()), compute_uv=False)
            expected = np.array(sorted((float(value) for value in values), reverse=True))
        assert relative_error(linalg.svdvals(a, driver="jacobi"), expected) < 40 * max(m, n) * EPS
