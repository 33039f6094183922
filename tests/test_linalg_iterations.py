"""Power iteration and Jacobi's rotations."""

import numpy as np
import pytest

from mlmath_rs import linalg


def dominated(n, dtype=float):
    rng = np.random.default_rng(n)
    a = rng.standard_normal((n, n))
    if np.dtype(dtype).kind == "c":
        a = a + 1j * rng.standard_normal((n, n))
    vectors = np.linalg.qr(a)[0]
    values = 0.5 ** np.arange(n) * (-3 if np.dtype(dtype).kind == "f" else 3j)
    return (vectors * values @ vectors.conj().T).astype(dtype), values[0]


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128, np.complex64])
@pytest.mark.parametrize("n", [1, 2, 7, 40])
def test_the_pair_of_largest_magnitude_is_found(n, dtype):
    a, value = dominated(n, dtype)
    found = linalg.power_iteration(a, tol=1e-5)
    assert found.eigenvector.dtype == dtype and np.asarray(found.eigenvalue).dtype == dtype
    assert abs(found.eigenvalue - value) < 1e-4
    residual = np.linalg.norm(a @ found.eigenvector - found.eigenvalue * found.eigenvector)
    assert residual < 1e-4 and abs(found.residual - residual) < 1e-4
    assert abs(np.linalg.norm(found.eigenvector) - 1) < 1e-6
    pivot = found.eigenvector[np.abs(found.eigenvector).argmax()]
    assert pivot.real > 0 and abs(pivot.imag) < 1e-6


def test_a_start_that_is_the_answer_ends_at_once():
    found = linalg.power_iteration([[2, 0], [0, 1]], [1, 0])
    assert (found.eigenvalue, found.iterations, found.residual) == (2, 1, 0)


@pytest.mark.parametrize("factor", [1e-300, 1e-160, 1e160, 1e300])
def test_tiny_and_huge_matrices_have_their_values(factor):
    a, value = dominated(6)
    assert abs(linalg.power_iteration(a * factor).eigenvalue / factor - value) < 1e-10


def test_a_matrix_of_zeros_has_the_value_zero():
    assert linalg.power_iteration(np.zeros((3, 3))).eigenvalue == 0


def test_values_of_equal_magnitude_are_reported_and_not_guessed():
    with pytest.raises(np.linalg.LinAlgError, match="power iteration did not converge in 50"):
        linalg.power_iteration([[0, -1], [1, 0]], maxiter=50)


@pytest.mark.parametrize(
    ("a", "x0", "error", "match"),
    [
        (np.ones((2, 3)), None, np.linalg.LinAlgError, "a: expected square"),
        ([[np.nan]], None, np.linalg.LinAlgError, "a: expected finite"),
        (np.empty((0, 0)), None, ValueError, "a: expected at least one element"),
        (np.eye(2), [0, 0], ValueError, "x0: expected finite numbers that are not all zero"),
        (np.eye(2), [np.inf, 0], ValueError, "x0: expected finite numbers"),
        (np.eye(2), [1, 2, 3], ValueError, r"x0: expected \(2,\), got shape \(3,\)"),
    ],
)
def test_what_cannot_be_iterated_is_refused(a, x0, error, match):
    with pytest.raises(error, match=match):
        linalg.power_iteration(a, x0)


def test_rotations_are_the_jacobi_driver():
    a = np.random.default_rng(3).standard_normal((20, 20))
    a = a + a.T
    result, info = linalg.jacobi_eigen(a, return_info=True)
    expected = linalg.eigh(a, driver="jacobi")
    np.testing.assert_array_equal(result.eigenvalues, expected.eigenvalues)
    np.testing.assert_array_equal(result.eigenvectors, expected.eigenvectors)
    assert 3 < info.sweeps < 12


def test_rotations_keep_the_digits_of_small_values():
    # D C D: the product of the eigenvalues is known to all digits.
    scale = np.array([1, 1e-5, 1e-10])
    a = np.array([[1, 0.3, 0.2], [0.3, 1, 0.4], [0.2, 0.4, 1]]) * scale[:, None] * scale
    exact = 1 + 2 * 0.3 * 0.2 * 0.4 - 0.09 - 0.04 - 0.16
    values = linalg.jacobi_eigen(a).eigenvalues
    np.testing.assert_allclose(values.prod(), exact * scale.prod() ** 2, rtol=1e-14)
