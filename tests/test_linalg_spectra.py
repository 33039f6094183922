"""Eigenvalues without their vectors, and spectra of complex and of large matrices."""

import numpy as np
import pytest

from mlmath_rs import linalg
from test_spectra import GALLERY, random

EPS = np.finfo(float).eps


@pytest.mark.parametrize("n", [1, 2, 5, 16, 17, 40])
@pytest.mark.parametrize("make", GALLERY.values(), ids=GALLERY)
def test_values_alone_are_the_values_of_the_pairs_bit_for_bit(make, n):
    a = make(n)
    np.testing.assert_array_equal(linalg.eigvals(a), linalg.eig(a).eigenvalues)


@pytest.mark.parametrize("n", [1, 2, 5, 16, 17, 40, 100])
@pytest.mark.parametrize("make", GALLERY.values(), ids=GALLERY)
def test_symmetric_values_alone_are_the_values_of_the_pairs(make, n):
    a = make(n)
    a = a / 2 + a.T / 2
    values = linalg.eigvalsh(a)
    assert (np.diff(values) >= 0).all()
    size = max(np.abs(a).max(), 5e-324)
    difference = np.abs(values / size - linalg.eigh(a).eigenvalues / size).max()
    assert difference <= 10 * len(a) * EPS * np.linalg.norm(a / size)


@pytest.mark.parametrize("call", [linalg.eigvals, linalg.eigvalsh])
def test_stacks_of_any_layout_are_their_slices(call):
    stack = np.random.default_rng(1).standard_normal((2, 3, 20, 20))
    stack = stack + stack.swapaxes(-1, -2)
    for a in (stack, stack[:, ::-1], stack[..., ::2, ::2], stack.swapaxes(0, 1), np.asfortranarray(stack)):
        before = a.copy()
        values = call(a)
        assert values.shape == a.shape[:-1]
        for index in np.ndindex(a.shape[:-2]):
            np.testing.assert_array_equal(values[index], call(a[index]))
        np.testing.assert_array_equal(a, before)


@pytest.mark.parametrize("call", [linalg.eigvals, linalg.eigvalsh])
def test_empty_matrices_have_no_values(call):
    assert call(np.empty((0, 0))).shape == (0,)
    assert call(np.empty((3, 0, 0))).shape == (3, 0)
    assert call(np.empty((0, 3, 3))).shape == (0, 3)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("call", [linalg.eigvals, linalg.eigvalsh])
def test_what_is_not_finite_is_refused_with_its_slices(call, bad):
    a = np.ones((4, 3, 3))
    a[2, 1, 1] = bad
    with pytest.raises(np.linalg.LinAlgError, match="NaN or infinity in slices 2"):
        call(a)


@pytest.mark.parametrize("call", [linalg.eigvals, linalg.eigvalsh])
def test_float32_stays_and_integers_become_float64(call):
    a = [[2, 1], [1, 2]]
    assert call(np.array(a, np.float32)).dtype == np.float32
    assert call(np.array(a, np.int8)).dtype == np.float64
    assert call(a).dtype == np.float64


def test_complex_values_of_float32_are_complex64():
    assert linalg.eigvals(np.array([[0, -1], [1, 0]], np.float32)).dtype == np.complex64


def test_the_triangle_that_is_not_named_is_not_read():
    a = np.array([[1.0, 100.0], [2.0, 1.0]])
    np.testing.assert_allclose(linalg.eigvalsh(a), [-1, 3])
    np.testing.assert_allclose(linalg.eigvalsh(a, "U"), [-99, 101])
    with pytest.raises(ValueError, match="UPLO: expected 'L' or 'U', got 'X'"):
        linalg.eigvalsh(a, "X")


@pytest.mark.parametrize("call", [linalg.eigvals, linalg.eigvalsh])
def test_the_number_of_threads_leaves_the_bits_alone(call):
    a = np.stack([random(24) + random(24).T for _ in range(5)]) * np.arange(1, 6)[:, None, None]
    single = call(a, threads=1)
    for threads in (2, 3, 8):
        np.testing.assert_array_equal(call(a, threads=threads), single)


@pytest.mark.parametrize("factor", [1e-300, 1e-160, 1e160, 1e290])
def test_values_scale_with_their_matrix(factor):
    a = random(20)
    np.testing.assert_allclose(linalg.eigvals(a * factor), linalg.eigvals(a) * factor, rtol=1e-11)
    a = a + a.T
    np.testing.assert_allclose(linalg.eigvalsh(a * factor), linalg.eigvalsh(a) * factor, rtol=1e-11)


def complex_gallery(n):
    rng = np.random.default_rng(n)
    dense = rng.standard_normal((n, n)) + 1j * rng.standard_normal((n, n))
    scale = np.logspace(0, -16, n)
    return {
        "dense": dense,
        "tiny": dense * 1e-300,
        "huge": dense * 1e300,
        "graded": dense * scale[:, None] * scale,
        "badly balanced": dense * np.logspace(8, -8, n)[:, None] / np.logspace(8, -8, n),
        "one Jordan block": 1j * (np.eye(n) * 2 + np.eye(n, k=1)),
        "triangular": np.triu(dense),
        "zero": np.zeros((n, n), complex),
        "rank one": np.full((n, n), 1j),
        "unitary": np.linalg.qr(dense)[0],
        "real": dense.real.astype(complex),
    }


@pytest.mark.parametrize("n", [1, 2, 5, 16, 40])
@pytest.mark.parametrize("name", complex_gallery(2))
def test_every_complex_pair_satisfies_its_equation(name, n):
    a = complex_gallery(n)[name]
    values, vectors = linalg.eig(a)
    size = np.abs(a).max() or 1.0
    residual = np.abs(a / size @ vectors - vectors * (values / size))
    assert values.dtype == vectors.dtype == np.complex128
    assert residual.max() < 50 * n * EPS
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=0), 1, rtol=1e-12)
    assert (np.diff(values.real) <= 1e-12 * size).all()
    np.testing.assert_array_equal(linalg.eigvals(a), values)


@pytest.mark.parametrize("n", [1, 2, 5, 16, 40, 100])
@pytest.mark.parametrize("name", complex_gallery(2))
@pytest.mark.parametrize("uplo", ["L", "U"])
def test_hermitian_spectra_are_unitary_and_reproduce_the_matrix(name, n, uplo):
    a = complex_gallery(n)[name]
    a = a / 2 + a.conj().T / 2
    read = np.tril(a) if uplo == "L" else np.triu(a)
    values, vectors = linalg.eigh(read + 0j, uplo)
    assert values.dtype == np.float64 and vectors.dtype == np.complex128
    size = np.abs(a).max() or 1.0
    tolerance = 10 * n * EPS
    assert np.abs(vectors.conj().T @ vectors - np.eye(n)).max() < tolerance
    assert np.abs(a / size @ vectors - vectors * (values / size)).max() < tolerance
    assert (np.diff(values) >= 0).all()
    assert np.abs(linalg.eigvalsh(read + 0j, uplo) / size - values / size).max() <= tolerance


def test_the_complex_sign_rule_makes_the_largest_component_real_and_positive():
    a = complex_gallery(7)["dense"]
    vectors = linalg.eig(a).eigenvectors
    pivots = vectors[np.abs(vectors).argmax(axis=0), np.arange(7)]
    assert (pivots.imag == 0).all() and (pivots.real > 0).all()


@pytest.mark.parametrize("call", [linalg.eig, linalg.eigh])
def test_complex64_stays_and_stacks_are_their_slices(call):
    a = np.stack([complex_gallery(6)["dense"], complex_gallery(6)["triangular"]])
    a = a + a.conj().swapaxes(1, 2)
    values, vectors = call(a.astype(np.complex64))
    assert vectors.dtype == np.complex64
    assert np.abs(a @ vectors - vectors * values[:, None, :]).max() < 1e-4
    both = call(a)
    for index in range(2):
        np.testing.assert_array_equal(both.eigenvectors[index], call(a[index]).eigenvectors)
    np.testing.assert_array_equal(call(a, threads=2).eigenvectors, both.eigenvectors)


def test_complex_matrices_that_are_not_definite_have_no_rotations():
    values = linalg.eigh(np.eye(2) + 0j, driver="jacobi").eigenvalues
    np.testing.assert_allclose(values, [1, 1], rtol=4 * EPS)
    with pytest.raises(ValueError, match="driver: expected .* for complex matrices that are not positive"):
        linalg.eigh(np.diag([1, -1 + 0j]), driver="jacobi")


@pytest.mark.parametrize("call", [linalg.eig, linalg.eigh, linalg.eigvals, linalg.eigvalsh])
def test_complex_nan_is_refused(call):
    with pytest.raises(np.linalg.LinAlgError, match="NaN or infinity"):
        call(np.array([[complex(0, np.nan), 0], [0, 1]]))


@pytest.mark.parametrize("n", [33, 64, 130, 300])
def test_large_symmetric_matrices_have_orthogonal_vectors(n):
    rng = np.random.default_rng(n)
    basis = np.linalg.qr(rng.standard_normal((n, n)))[0]
    spectra = {
        "even": np.linspace(-1, 1, n),
        "clustered": np.repeat([1, 1 + 1e-14, -2], [n // 3, n // 3, n - 2 * (n // 3)]),
        "geometric": np.logspace(0, -16, n),
        "graded": np.logspace(0, -300, n),
        "few": np.where(np.arange(n) < 3, 1.0, 0.0),
    }
    for exact in spectra.values():
        a = basis * exact @ basis.T
        a = (a + a.T) / 2
        for dtype, eps in [(np.float64, EPS), (np.float32, float(np.finfo(np.float32).eps))]:
            values, vectors = linalg.eigh(a.astype(dtype))
            # LAPACK's ratios, which its own tests allow to be 10 and more.
            tolerance = 4 * n * eps
            assert np.abs(vectors.T @ vectors - np.eye(n)).max() < tolerance
            assert np.abs(a @ vectors - vectors * values).max() < tolerance * np.abs(exact).max()
            assert np.abs(values - np.sort(exact)).max() < tolerance * np.abs(exact).max()


@pytest.mark.parametrize("threads", [2, 3])
def test_one_large_matrix_has_the_same_bits_for_any_number_of_threads(threads):
    a = random(200) + random(200).T
    for one, more in zip(linalg.eigh(a, threads=1), linalg.eigh(a, threads=threads)):
        np.testing.assert_array_equal(one, more)
