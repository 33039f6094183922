"""Stacks of small matrices and single ones: the same bits, and every bad slice named exactly."""

import numpy as np
import pytest

from mlmath_rs import linalg

SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 16, 20]
COUNT, PLANTED = 10_000, 37


def stack_with_bad_slices(n, count):
    """Random matrices, some of them exactly singular; which."""
    rng = np.random.default_rng(n)
    a = rng.standard_normal((count, n, n))
    bad = np.sort(rng.choice(count, PLANTED, replace=False))
    # A column of zeros stays one under elimination, without rounding.
    a[bad, :, rng.integers(n, size=PLANTED)] = 0.0
    return a, bad


def count_for(n):
    return COUNT if n < 20 else 1000


@pytest.mark.parametrize("n", [2, 3, 4, 8, 16, 20])
def test_planted_singular_slices_are_found_exactly_and_the_others_have_the_bits_of_single_calls(n):
    count = count_for(n)
    a, bad = stack_with_bad_slices(n, count)
    good = np.setdiff1d(np.arange(count), bad)
    b = np.random.default_rng(1).standard_normal((count, n, 2))
    inverses, info = linalg.inv(a, errors="nan", return_info=True)
    solutions, report = linalg.solve(a, b, errors="nan", return_info=True)
    for answers, found in [(inverses, info), (solutions, report)]:
        np.testing.assert_array_equal(np.flatnonzero(~found.ok), bad)
        assert np.isnan(answers[bad]).all() and np.isfinite(answers[good]).all()
        assert (found.rcond[bad] == 0).all() and (found.rcond[good] > 0).all()
        assert (found.backward_error[good] < 10 * n * np.finfo(float).eps).all()
    determinants = linalg.det(a)
    np.testing.assert_array_equal(np.flatnonzero(determinants == 0), bad)
    for slice_ in good[:: max(1, len(good) // 300)]:
        assert linalg.inv(a[slice_]).tobytes() == inverses[slice_].tobytes()
        assert linalg.solve(a[slice_], b[slice_]).tobytes() == solutions[slice_].tobytes()
        assert linalg.det(a[slice_]) == determinants[slice_]
    for call in [lambda: linalg.inv(a), lambda: linalg.solve(a, b)]:
        with pytest.raises(
            np.linalg.LinAlgError, match=rf"{PLANTED} of the stack \(slices {bad[0]}, {bad[1]}"
        ):
            call()


@pytest.mark.parametrize("n", [2, 3, 4, 8, 16, 20])
def test_planted_indefinite_slices_are_found_exactly_and_the_others_have_the_bits_of_single_calls(n):
    count = count_for(n)
    a, bad = stack_with_bad_slices(n, count)
    a = a @ a.transpose(0, 2, 1) + np.eye(n)
    a[bad, n - 1, n - 1] = -1.0
    factors = linalg.cholesky(a, errors="nan")
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(factors).all(axis=(1, 2))), bad)
    good = np.setdiff1d(np.arange(count), bad)
    assert np.isfinite(factors[good]).all()
    for slice_ in good[:: max(1, len(good) // 300)]:
        assert linalg.cholesky(a[slice_]).tobytes() == factors[slice_].tobytes()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("n", SIZES)
def test_single_small_matrices_agree_with_numpy_in_any_layout(n, dtype):
    rng = np.random.default_rng(n)
    a = (rng.standard_normal((n, n)) + 2 * np.eye(n)).astype(dtype)
    s = (a @ a.T + np.eye(n)).astype(dtype)
    tolerance = 200 * n * np.finfo(dtype).eps
    for b in [rng.standard_normal(n), *(rng.standard_normal((n, k)) for k in (1, 2, 4, 5))]:
        b = b.astype(dtype)
        x = linalg.solve(a, b)
        assert x.dtype == dtype and x.shape == b.shape
        np.testing.assert_allclose(a @ x, b, rtol=tolerance, atol=tolerance)
        assert linalg.solve(np.asfortranarray(a), np.asfortranarray(b)).tobytes() == x.tobytes()
    det = linalg.det(a)
    assert type(det) is dtype
    np.testing.assert_allclose(det, np.linalg.det(a), rtol=tolerance)
    assert linalg.det(np.asfortranarray(a)) == det
    for upper in (False, True):
        factor = linalg.cholesky(s, upper=upper)
        assert factor.dtype == dtype
        product = factor.T @ factor if upper else factor @ factor.T
        np.testing.assert_allclose(product, s, rtol=tolerance, atol=tolerance)
        assert linalg.cholesky(np.asfortranarray(s), upper=upper).tobytes() == factor.tobytes()


@pytest.mark.parametrize("n", [2, 4, 8, 16])
def test_one_bad_small_matrix_is_an_error_or_nan_and_its_determinant_zero(n):
    a = np.ones((n, n))
    for call in [lambda e: linalg.inv(a, errors=e), lambda e: linalg.solve(a, a[0], errors=e)]:
        with pytest.raises(np.linalg.LinAlgError, match="[Ss]ingular"):
            call("raise")
        assert np.isnan(call("nan")).all()
    assert linalg.det(a) == 0
    with pytest.raises(np.linalg.LinAlgError):
        linalg.cholesky(-a)
    assert np.isnan(linalg.cholesky(-a, errors="nan")).all()
    for bad in (np.nan, np.inf):
        a = np.eye(n)
        a[n // 2, n - 1] = bad
        assert np.isnan(linalg.inv(a)).all()
    with pytest.raises(ValueError, match="threads"):
        linalg.det(a, threads=0)


@pytest.mark.parametrize("n", [3, 4, 7, 8, 16])
def test_inverses_of_ill_conditioned_stacks_are_as_exact_as_lapacks(n):
    rng = np.random.default_rng(n)
    left, right = (np.linalg.qr(rng.standard_normal((200, n, n)))[0] for _ in range(2))
    a = left * np.logspace(0, -9, n) @ right
    eye = np.eye(n)

    def residuals(x):
        return np.abs(a @ x - eye).max(axis=(1, 2))

    def errors(x):
        exact = np.linalg.inv(a).astype(np.longdouble)
        for _ in range(4):
            exact = exact @ (2 * eye - a.astype(np.longdouble) @ exact)
        return np.abs(x - exact).max(axis=(1, 2)) / np.abs(exact).max(axis=(1, 2))

    ours, theirs = linalg.inv(a), np.linalg.inv(a)
    assert residuals(ours).max() < 4 * residuals(theirs).max()
    assert errors(ours).max() < 4 * errors(theirs).max()


@pytest.mark.parametrize("shape", [(0, 0), (2, 0, 0), (0, 3, 3)], ids=str)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_what_has_no_elements_has_an_empty_answer_and_nothing_wrong(shape, dtype):
    inverse, info = linalg.inv(np.zeros(shape, dtype), return_info=True)
    assert inverse.shape == shape and np.all(info.ok) and np.shape(info.rcond) == shape[:-2]
    solution, info = linalg.solve(np.zeros(shape, dtype), np.zeros((*shape[:-1], 3), dtype), return_info=True)
    assert solution.shape == (*shape[:-1], 3) and np.all(info.ok)
    solution, info = linalg.solve(np.eye(2, dtype=dtype), np.zeros((2, 0), dtype), return_info=True)
    assert solution.shape == (2, 0) and info.ok


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("n", [2, 4, 8, 20])
def test_slices_that_are_not_finite_are_not_ok(bad, n):
    a = np.stack([np.eye(n)] * 3)
    a[1, 0, n - 1] = bad
    for _, info in (linalg.inv(a, errors="nan", return_info=True), linalg.solve(a, a, return_info=True)):
        assert info.ok.tolist() == [True, False, True]
        assert np.isnan(info.rcond[1]) and info.rcond[0] == 1
