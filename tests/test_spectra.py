"""Spectra of matrices that are hard: graded, tiny, huge, defective, clustered, rank-deficient."""

import numpy as np
import pytest

from mlmath_rs import linalg


def graded(n):
    """Not symmetric, entries from 1 down to 1e-16."""
    scale = np.logspace(0, -16, n)
    return np.random.default_rng(n).standard_normal((n, n)) * scale[:, None] * scale


def random(n):
    return np.random.default_rng(n).standard_normal((n, n))


GALLERY = {
    "graded": graded,
    "graded upwards": lambda n: graded(n)[::-1, ::-1].copy(),
    "tiny": lambda n: random(n) * 1e-300,
    "nearly underflowing": lambda n: random(n) * 1e-160,
    "huge": lambda n: random(n) * 1e300,
    "one Jordan block": lambda n: np.eye(n) * 2 + np.eye(n, k=1),
    "nilpotent": lambda n: np.eye(n, k=1),
    "identity": np.eye,
    "zero": lambda n: np.zeros((n, n)),
    "rank one": lambda n: np.ones((n, n)),
    "a permutation": lambda n: np.roll(np.eye(n), 1, axis=0),
    "two equal blocks": lambda n: np.kron(np.eye(2), random(n))[: 2 * n, : 2 * n],
    "small integers": lambda n: np.random.default_rng(n).integers(-1, 2, (n, n)).astype(float),
    "companion": lambda n: np.vstack([np.ones(n), np.eye(n)[:-1]]),
    "triangular": lambda n: np.triu(random(n)),
    "badly balanced": lambda n: random(n) * np.logspace(8, -8, n)[:, None] / np.logspace(8, -8, n),
}


@pytest.mark.parametrize("n", [2, 5, 16, 40])
@pytest.mark.parametrize("make", GALLERY.values(), ids=GALLERY)
def test_every_pair_satisfies_its_equation(make, n):
    a = make(n)
    values, vectors = linalg.eig(a)
    size = max(np.abs(a).max(), 5e-324)
    unit = a / size
    residual = np.abs(unit @ vectors - vectors * (values / size))
    assert np.isfinite(vectors).all()
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=0), 1, rtol=1e-12)
    assert residual.max() < 50 * len(a) * np.finfo(float).eps
    assert (np.diff(values.real) <= 1e-12 * size).all()


@pytest.mark.parametrize("driver", ["auto", "jacobi", "tridiagonal"])
@pytest.mark.parametrize("n", [2, 5, 16, 40])
@pytest.mark.parametrize("make", GALLERY.values(), ids=GALLERY)
def test_symmetric_spectra_are_orthogonal_and_reproduce_the_matrix(make, n, driver):
    a = make(n)
    a = a / 2 + a.T / 2
    values, vectors = linalg.eigh(a, driver=driver)
    size = max(np.abs(a).max(), 5e-324)
    unit = a / size
    tolerance = 50 * len(a) * np.finfo(float).eps
    assert np.abs(vectors.T @ vectors - np.eye(len(a))).max() < tolerance
    assert np.abs(unit @ vectors - vectors * (values / size)).max() < tolerance
    assert (np.diff(values) >= 0).all()


def test_small_eigenvalues_of_scaled_matrices_keep_their_digits_by_rotations():
    mpmath = pytest.importorskip("mpmath")
    scale = np.logspace(0, -12, 6)
    c = np.eye(6) + 0.2 * np.random.default_rng(1).uniform(-1, 1, (6, 6))
    a = (c + c.T) / 2 * scale[:, None] * scale
    with mpmath.workdps(60):
        exact = sorted(float(x) for x in mpmath.eigsy(mpmath.matrix(a.tolist()), eigvals_only=True))
    np.testing.assert_allclose(linalg.eigh(a, driver="jacobi").eigenvalues, exact, rtol=1e-13)
