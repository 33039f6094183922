"""Spectra at the edges, by every driver: denormals, the ends of the range, defective and repeated."""

import numpy as np
import pytest

from mlmath_rs import linalg

EPS = np.finfo(float).eps
EIGH = ["auto", "jacobi", "tridiagonal"]
SVD = ["auto", "jacobi", "bidiagonal"]


def wave(n):
    i, j = np.meshgrid(np.arange(n), np.arange(n), indexing="ij")
    return np.sin(3 * i + 5 * j * j + 1.0)


def kahan(n):
    s, c = np.sin(0.9), np.cos(0.9)
    return np.diag(s ** np.arange(n)) @ (np.triu(-c * np.ones((n, n)), 1) + np.eye(n))


def frank(n):
    i, j = np.meshgrid(np.arange(n), np.arange(n), indexing="ij")
    return np.where(i <= j + 1, n - np.maximum(i, j), 0)


MATRICES = {
    "dense": wave,
    "zero": lambda n: np.zeros((n, n)),
    "identity": np.eye,
    "integers": lambda n: np.arange(n * n).reshape(n, n) % 7,
    "Frank's": frank,
    "one Jordan block": lambda n: np.eye(n) + np.eye(n, k=1),
    "nilpotent": lambda n: np.eye(n, k=1),
    "two Jordan blocks": lambda n: 3 * np.eye(n) + np.diag(np.arange(1, n) % 2, 1),
    "repeated": lambda n: np.diag(np.repeat([1.0, 2.0], [n // 2, n - n // 2])),
    "a rotation": lambda n: np.roll(np.eye(n), 1, axis=0),
    "rank one": lambda n: np.ones((n, n)),
    "Kahan's": kahan,
    "Wilkinson's": lambda n: np.diag(np.abs(np.arange(n) - n // 2)) + np.eye(n, k=1) + np.eye(n, k=-1),
    "Hilbert's": lambda n: 1 / (np.arange(n)[:, None] + np.arange(n) + 1),
    "graded": lambda n: wave(n) * 10.0 ** -np.add.outer(np.arange(n), np.arange(n)),
    "graded upwards": lambda n: (wave(n) * 10.0 ** -np.add.outer(np.arange(n), np.arange(n)))[::-1, ::-1],
    "tiny": lambda n: wave(n) * 1e-300,
    "huge": lambda n: wave(n) * 1e300,
    "denormal": lambda n: wave(n) * 1e-310,
    "the smallest": lambda n: np.full((n, n), 5e-324),
    "the largest": lambda n: np.diag(np.full(n, np.finfo(float).max)),
    "both ends": lambda n: np.diag(np.logspace(-300, 300, n)) if n > 1 else np.full((1, 1), 1e-300),
}
SIZES = [1, 2, 3, 5, 8, 16, 17, 30]

both = pytest.mark.parametrize("name", MATRICES)
sizes = pytest.mark.parametrize("n", SIZES)


def scaled(a):
    """Return the matrix with a largest element about 1, and by what it was divided."""
    largest = np.abs(a).max(initial=0.0)
    power = int(np.frexp(largest)[1]) if largest else 0
    return np.ldexp(np.asarray(a, float), -power), power


def grain(power):
    """Return how far apart numbers of a matrix divided by 2**power are at least."""
    return np.ldexp(1.0, max(-1074 - power, -1074))


@both
@sizes
def test_general_pairs_satisfy_their_equation(name, n):
    a = MATRICES[name](n)
    (values, vectors), info = linalg.eig(a, return_info=True)
    unit, power = scaled(a)
    w = np.ldexp(values.real, -power) + 1j * np.ldexp(values.imag, -power)
    tolerance = 10 * n * EPS + 4 * grain(power)
    assert np.abs(unit @ vectors - vectors * w).max() <= tolerance * max(np.linalg.norm(unit), 1)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=0), 1, rtol=1e-13)
    assert info.residual <= tolerance
    assert (info.rcond < 1e-7) >= (name in {"one Jordan block", "nilpotent"} and n > 1)


@both
@sizes
@pytest.mark.parametrize("driver", EIGH)
def test_symmetric_pairs_satisfy_their_equation(name, n, driver):
    a = MATRICES[name](n)
    a = np.tril(a) + np.tril(a, -1).T
    values, vectors = linalg.eigh(a, driver=driver)
    unit, power = scaled(a)
    w = np.ldexp(values, -power)
    tolerance = 10 * n * EPS + 4 * grain(power)
    assert np.isfinite(values).all()
    assert np.abs(unit @ vectors - vectors * w).max() <= tolerance
    assert np.abs(vectors.T @ vectors - np.eye(n)).max() <= 10 * n * EPS
    alone = np.ldexp(linalg.eigvalsh(a, driver=driver), -power)
    assert np.abs(alone - w).max() <= tolerance


@both
@sizes
@pytest.mark.parametrize("driver", SVD)
def test_singular_triples_give_the_matrix_back(name, n, driver):
    a = MATRICES[name](n)
    u, s, vh = linalg.svd(a, driver=driver)
    unit, power = scaled(a)
    tolerance = 10 * n * EPS + 4 * grain(power)
    assert np.abs((u * np.ldexp(s, -power)) @ vh - unit).max() <= tolerance
    for q in (u, vh):
        assert np.abs(q.T @ q - np.eye(n)).max() <= 10 * n * EPS


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128])
def test_matrices_without_elements_have_results_without_any(dtype):
    for driver in EIGH:
        values, vectors = linalg.eigh(np.empty((0, 0), dtype), driver=driver)
        assert (values.shape, vectors.shape, vectors.dtype) == ((0,), (0, 0), dtype)
    for driver in SVD:
        assert linalg.svd(np.empty((0, 0), dtype), driver=driver).S.shape == (0,)
    assert linalg.eig(np.empty((0, 0), dtype)).eigenvectors.shape == (0, 0)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("n", [1, 4, 20])
def test_no_driver_makes_numbers_of_what_is_none(bad, n):
    a = np.eye(n)
    a[-1, 0] = bad
    calls = [linalg.eig, linalg.eigvals]
    calls += [lambda a, d=d, **o: linalg.eigh(a, driver=d, **o) for d in EIGH]
    calls += [lambda a, d=d, **o: linalg.svd(a, driver=d, **o) for d in SVD]
    for call in calls:
        with pytest.raises(np.linalg.LinAlgError, match="NaN or infinity"):
            call(a)
        result = call(a, nan_policy="propagate")
        for part in result if isinstance(result, tuple) else [result]:
            assert np.isnan(part).all()


def test_one_by_one_matrices_are_themselves():
    for x in (0.0, -2.0, 1e-310, 1e308):
        for driver in EIGH:
            values, vectors = linalg.eigh([[x]], driver=driver)
            assert (values[0], vectors[0, 0]) == (x, 1.0)
        for driver in SVD:
            u, s, vh = linalg.svd([[x]], driver=driver)
            assert s[0] == abs(x) and u[0, 0] == 1.0 and vh[0, 0] == (-1.0 if x < 0 else 1.0)
        assert linalg.eig([[x]]).eigenvalues[0] == x
