"""Functions of matrices."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mlmath_rs import linalg

EPS = np.finfo(float).eps


def error(ours, exact):
    return np.abs(ours - exact).max() / np.abs(exact).max()


@pytest.mark.parametrize("size", [1e-12, 1e-3, 0.1, 0.9, 2.0, 5.0, 30.0])
@pytest.mark.parametrize("n", [1, 2, 5, 20])
def test_the_exponential_agrees_with_many_digits(n, size):
    mpmath = pytest.importorskip("mpmath")
    a = np.random.default_rng(n).standard_normal((n, n)) * size / n
    with mpmath.workdps(60):
        exact = np.array(mpmath.expm(mpmath.matrix(a.tolist()), method="taylor").tolist(), dtype=float)
    assert error(linalg.expm(a), exact) < 20 * n * EPS * max(1, size)


@pytest.mark.parametrize("seed", range(5))
def test_complex_exponentials_agree_with_those_of_twice_as_large_real_ones(seed):
    rng = np.random.default_rng(seed)
    a, b = rng.standard_normal((2, 6, 6))
    ours = linalg.expm(a + 1j * b)
    real = linalg.expm(np.block([[a, -b], [b, a]]))
    assert error(ours, real[:6, :6] + 1j * real[6:, :6]) < 100 * EPS


def test_a_matrix_far_from_normal_keeps_its_digits():
    # Example of Al-Mohy and Higham (2009): scaling by the norm alone loses seven digits.
    a = np.array([[1, 1e7], [0, -1]])
    exact = np.array([[np.e, 1e7 * np.sinh(1)], [0, 1 / np.e]])
    np.testing.assert_allclose(linalg.expm(a), exact, rtol=1e-14)


@settings(max_examples=50, deadline=None)
@given(arrays.arrays(float, (4, 4), elements=st.floats(-3, 3)))
def test_the_exponential_of_minus_a_is_the_inverse(a):
    forth, back = linalg.expm(a), linalg.expm(-a)
    size = np.abs(forth).max() * np.abs(back).max()
    assert np.abs(forth @ back - np.eye(4)).max() < 1e-12 * size


@settings(max_examples=50, deadline=None)
@given(arrays.arrays(float, (3, 3), elements=st.floats(-3, 3)))
def test_its_determinant_is_the_exponential_of_the_trace(a):
    exponential = linalg.expm(a)
    size = np.abs(exponential).max() ** 3
    assert abs(linalg.det(exponential) - np.exp(np.trace(a))) < 1e-12 * max(size, 1)


def test_skew_matrices_turn():
    a = np.random.default_rng(0).standard_normal((9, 9)) * 4
    turn = linalg.expm(a - a.T)
    np.testing.assert_allclose(turn.T @ turn, np.eye(9), atol=1e-13)


def test_zeros_nilpotents_and_huge_negative_numbers_are_exact():
    np.testing.assert_array_equal(linalg.expm(np.zeros((3, 3))), np.eye(3))
    np.testing.assert_array_equal(linalg.expm([[0, 5], [0, 0]]), [[1, 5], [0, 1]])
    np.testing.assert_array_equal(linalg.expm([[-1e308]]), [[0]])
    assert linalg.expm([[1e308]])[0, 0] == np.inf


def test_exponentials_of_stacks_and_views_are_those_of_their_slices():
    stack = np.random.default_rng(1).standard_normal((2, 3, 6, 6))
    for a in (stack, stack[:, ::-1], stack[..., ::2, ::2], stack.swapaxes(2, 3), np.asfortranarray(stack)):
        before = a.copy()
        result = linalg.expm(a)
        for index in np.ndindex(a.shape[:-2]):
            np.testing.assert_array_equal(result[index], linalg.expm(a[index]))
        np.testing.assert_array_equal(a, before)
        for threads in (2, 3):
            np.testing.assert_array_equal(linalg.expm(a, threads=threads), result)


def test_types_and_empty_matrices():
    for dtype in (np.float32, np.float64, np.complex64, np.complex128):
        assert linalg.expm(np.eye(3, dtype=dtype)).dtype == dtype
    assert linalg.expm(np.eye(2, dtype=int)).dtype == np.float64
    assert linalg.expm(np.empty((0, 0))).shape == (0, 0)
    assert linalg.expm(np.empty((0, 2, 2))).shape == (0, 2, 2)
    small = np.random.default_rng(2).standard_normal((5, 5)) * 2
    assert error(linalg.expm(small.astype(np.float32)), linalg.expm(small)) < 1e-5


@pytest.mark.parametrize("bad", [np.nan, np.inf, complex(0, np.nan)])
def test_what_is_not_finite_is_refused(bad):
    with pytest.raises(np.linalg.LinAlgError, match="a: expected finite numbers"):
        linalg.expm([[bad, 0], [0, 1]])
