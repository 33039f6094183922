"""Cholesky factors and logarithms of determinants: laws, stacks with bad slices, edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp

from mlmath_rs import linalg
from mlmath_rs.threads import thread_limit

EPS = np.finfo(float).eps
SIZES = [1, 2, 3, 4, 5, 8, 9, 16, 17, 33, 70, 130]


def definite(n, dtype=float, stack=()):
    rng = np.random.default_rng(n)
    a = rng.standard_normal((*stack, n, n))
    if np.dtype(dtype).kind == "c":
        a = a + 1j * rng.standard_normal((*stack, n, n))
    return (a @ a.conj().swapaxes(-1, -2) + np.eye(n)).astype(dtype)


@pytest.mark.parametrize("dtype", ["f4", "f8", "c8", "c16"])
@pytest.mark.parametrize("n", SIZES)
def test_the_factor_times_its_adjoint_is_the_matrix(n, dtype):
    a = definite(n, dtype)
    for upper in (False, True):
        factor = linalg.cholesky(a, upper=upper)
        assert factor.dtype == a.dtype
        product = factor.conj().T @ factor if upper else factor @ factor.conj().T
        assert np.abs(product - a).max() <= 10 * n * np.finfo(dtype).eps * np.abs(a).max()
        assert np.all(factor == (np.triu(factor) if upper else np.tril(factor)))
        diagonal = np.diagonal(factor)
        assert np.all(diagonal.real > 0) and np.all(diagonal.imag == 0)


@pytest.mark.parametrize("n", [3, 12, 40])
def test_only_one_triangle_is_read(n):
    a = definite(n, complex)
    for upper, triangle in ((False, np.tril), (True, np.triu)):
        spoilt = triangle(a) + np.where(triangle(np.ones((n, n))), 0, np.nan)
        spoilt = spoilt + 1j * np.eye(n)
        np.testing.assert_array_equal(linalg.cholesky(spoilt, upper=upper), linalg.cholesky(a, upper=upper))
        real = a.real + n * np.eye(n)
        spoilt = np.where(triangle(np.ones((n, n))), real, np.nan)
        assert np.isfinite(linalg.cholesky(spoilt, upper=upper)).all()


@pytest.mark.parametrize("n", [2, 5, 16, 20, 100])
@pytest.mark.parametrize("bad", [-1.0, 0.0, np.nan, np.inf, -np.inf])
def test_matrices_without_a_factor_are_refused_as_numpy_refuses_them(n, bad):
    a = definite(n)
    a[n // 2, n // 2] = bad
    with pytest.raises(np.linalg.LinAlgError, match=f"not positive definite.*column {n // 2}"):
        linalg.cholesky(a)
    assert np.isnan(linalg.cholesky(a, errors="nan")).all()
    a = definite(n)
    a[n - 1, 0] = a[0, n - 1] = bad if not np.isfinite(bad) else 1e9
    for upper in (False, True):
        with pytest.raises(np.linalg.LinAlgError, match="not positive definite"):
            linalg.cholesky(a, upper=upper)


@pytest.mark.parametrize("n", [3, 20])
def test_every_bad_slice_is_named_and_the_others_are_those_of_single_calls(n):
    a = definite(n, stack=(50,)).reshape(10, 5, n, n)
    a[3, 2, 1, 1] = a[9, 4, 0, 0] = -1
    with pytest.raises(np.linalg.LinAlgError, match=r"2 of the stack \(slices 17, 49\).*column 1"):
        linalg.cholesky(a)
    factors = linalg.cholesky(a, errors="nan")
    bad = np.isnan(factors).all(axis=(-1, -2))
    assert sorted(zip(*np.nonzero(bad), strict=True)) == [(3, 2), (9, 4)]
    assert factors[0, 1].tobytes() == linalg.cholesky(a[0, 1]).tobytes()
    assert np.isfinite(factors[~bad]).all()


def test_any_layout_is_read_and_nothing_is_written():
    a = definite(20, stack=(6,))
    for view in (a[::2], a.swapaxes(-1, -2), a[::-1, ::-1, ::-1], np.asfortranarray(a)):
        before = view.copy()
        np.testing.assert_array_equal(linalg.cholesky(view), linalg.cholesky(before))
        np.testing.assert_array_equal(view, before)
        np.testing.assert_array_equal(linalg.slogdet(view).sign, linalg.slogdet(before).sign)
    assert linalg.cholesky([[4, 2], [2, 5]]).dtype == np.float64
    assert linalg.cholesky(np.zeros((3, 0, 0))).shape == (3, 0, 0)
    assert linalg.cholesky(np.zeros((0, 4, 4))).shape == (0, 4, 4)


@pytest.mark.parametrize("factor", [1e-300, 1e-150, 1e150, 1e290])
def test_tiny_and_huge_matrices_have_the_same_factor_scaled(factor):
    for n in (4, 30):
        a = definite(n)
        np.testing.assert_allclose(
            linalg.cholesky(a * factor), linalg.cholesky(a) * np.sqrt(factor), rtol=1e-10, atol=1e-170
        )
        found, plain = linalg.slogdet(a * factor), linalg.slogdet(a)
        np.testing.assert_allclose(found.logabsdet, plain.logabsdet + n * np.log(factor), rtol=1e-12)


@pytest.mark.parametrize("function", [linalg.cholesky, linalg.slogdet])
@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (np.zeros((2, 3)), np.linalg.LinAlgError),
        (np.zeros(3), np.linalg.LinAlgError),
        (1.0, np.linalg.LinAlgError),
        ("text", TypeError),
        (np.zeros((2, 2), np.float16), TypeError),
        ([[1, 2], [3]], ValueError),
    ],
)
def test_what_is_no_square_matrix_is_refused(function, bad, error):
    with pytest.raises(error):
        function(bad)


def test_options_are_checked():
    with pytest.raises(ValueError, match="errors"):
        linalg.cholesky(np.eye(2), errors="ignore")
    with pytest.raises(ValueError, match="threads"):
        linalg.slogdet(np.eye(2), threads=0)


@pytest.mark.parametrize("n", [1, 3, 8, 17, 60])
@pytest.mark.parametrize("dtype", ["f4", "f8", "c8", "c16"])
def test_sign_and_logarithm_give_the_determinant(n, dtype):
    a = np.random.default_rng(n).standard_normal((3, 2, n, n)).astype(dtype)
    if np.dtype(dtype).kind == "c":
        a = a * np.exp(1j * np.arange(n)).astype(dtype)
    sign, logabsdet = linalg.slogdet(a)
    assert sign.dtype == a.dtype and logabsdet.dtype == a.real.dtype and sign.shape == (3, 2)
    np.testing.assert_allclose(np.abs(sign), 1, rtol=100 * np.finfo(dtype).eps)
    wide = np.linalg.slogdet(a.astype(np.result_type(dtype, float)))
    np.testing.assert_allclose(sign, wide.sign, atol=2000 * n * np.finfo(dtype).eps)
    np.testing.assert_allclose(logabsdet, wide.logabsdet, atol=2000 * n * np.finfo(dtype).eps)


def test_singular_and_nan_matrices_and_those_without_elements():
    assert linalg.slogdet([[1, 2], [2, 4]]) == (0.0, -np.inf)
    assert np.isnan(linalg.slogdet([[0, np.nan], [0, 1]])).all()
    assert np.isnan(linalg.slogdet(np.full((20, 20), np.nan))).all()
    assert linalg.slogdet(np.zeros((0, 0))) == (1.0, 0.0)
    assert linalg.slogdet(np.zeros((2, 0, 0))).sign.tolist() == [1.0, 1.0]
    assert linalg.slogdet(np.zeros((0, 3, 3))).logabsdet.shape == (0,)
    assert type(linalg.slogdet(np.eye(2)).sign) is np.float64


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_the_logarithm_is_twice_that_of_the_factors_diagonal(n, seed):
    a = np.random.default_rng(seed).standard_normal((n, n))
    a = a @ a.T + 0.1 * np.eye(n)
    sign, logabsdet = linalg.slogdet(a)
    assert sign == 1
    expected = 2 * np.log(np.diagonal(linalg.cholesky(a))).sum()
    assert abs(logabsdet - expected) < 1e-9 * (1 + abs(expected))


def test_the_determinant_of_a_hilbert_matrix_has_its_logarithm_to_many_digits():
    for n in (4, 8):
        i = np.arange(n)
        with mp.workdps(60):
            exact = mp.log(mp.det(mp.matrix(n, n) + mp.hilbert(n)))
        found = linalg.slogdet(1.0 / (i[:, None] + i + 1)).logabsdet
        assert abs(found - float(exact)) < 100 * EPS * np.linalg.cond(1.0 / (i[:, None] + i + 1))


def test_bits_do_not_depend_on_the_number_of_threads():
    single, stack = definite(300), definite(5, stack=(20_000,))
    with thread_limit(1):
        expected = [linalg.cholesky(x).tobytes() for x in (single, stack)]
        logs = linalg.slogdet(stack).logabsdet.tobytes()
    for count in (2, 3, 8):
        with thread_limit(count):
            assert [linalg.cholesky(x).tobytes() for x in (single, stack)] == expected
            assert linalg.slogdet(stack).logabsdet.tobytes() == logs
