"""Triangular systems and elimination in parts: laws, options, stacks, edges."""

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st

from mlmath_rs import linalg
from mlmath_rs.errors import LinAlgWarning
from mlmath_rs.threads import thread_limit

EPS = np.finfo(float).eps
TYPES = ["f4", "f8", "c8", "c16"]


def random(shape, dtype=float, seed=0):
    rng = np.random.default_rng(seed)
    a = rng.standard_normal(shape)
    if np.dtype(dtype).kind == "c":
        a = a + 1j * rng.standard_normal(shape)
    return a.astype(dtype)


def triangular(n, dtype=float, stack=()):
    return (random((*stack, n, n), dtype, n) / (n + 1) + 2 * np.eye(n)).astype(dtype)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("n", [1, 4, 16, 17, 60])
@pytest.mark.parametrize("unit", [False, True])
@pytest.mark.parametrize("lower", [False, True])
def test_solutions_satisfy_the_triangle_that_is_read(n, lower, unit, dtype):
    a = triangular(n, dtype)
    part = np.tril(a) if lower else np.triu(a)
    if unit:
        part = part - np.diag(np.diagonal(part)) + np.eye(n, dtype=dtype)
    spoilt = np.where((np.tril if lower else np.triu)(np.ones((n, n)), 0), a, np.nan).astype(dtype)
    for trans, turned in (
        (0, part),
        ("N", part),
        (1, part.T),
        ("T", part.T),
        (2, part.conj().T),
        ("C", part.conj().T),
    ):
        for b in (random((n, 3), dtype), random(n, dtype)):
            x = linalg.solve_triangular(spoilt, b, trans, lower, unit)
            assert x.dtype == a.dtype and x.shape == b.shape
            assert np.abs(turned @ x - b).max() < 100 * n * np.finfo(dtype).eps


def test_right_hand_sides_broadcast_with_the_stack_and_slices_are_those_of_single_calls():
    a, b = triangular(5, stack=(3, 1)), random((4, 5, 2))
    x = linalg.solve_triangular(a, b, lower=True)
    assert x.shape == (3, 4, 5, 2)
    factor = np.linalg.cholesky(a @ a.swapaxes(-1, -2))
    y = linalg.cho_solve((factor, True), b)
    z = linalg.lu_solve(linalg.lu_factor(a), b)
    for i, j in np.ndindex(3, 4):
        assert x[i, j].tobytes() == linalg.solve_triangular(a[i, 0], b[j], lower=True).tobytes()
        np.testing.assert_allclose(a[i, 0] @ a[i, 0].T @ y[i, j], b[j], atol=1e-12)
        np.testing.assert_allclose(a[i, 0] @ z[i, j], b[j], atol=1e-12)
    assert linalg.solve_triangular(a, np.ones(5)).shape == (3, 1, 5)


def test_zeros_on_the_diagonal_and_what_is_not_finite_are_refused():
    a, b = triangular(6, stack=(4,)), np.ones((6, 1))
    a[2, 3, 3] = 0
    with pytest.raises(np.linalg.LinAlgError, match=r"Singular.*slices 2.*column 3"):
        linalg.solve_triangular(a, b)
    assert np.isfinite(linalg.solve_triangular(a, b, unit_diagonal=True)).all()
    with pytest.raises(np.linalg.LinAlgError, match="column 3"):
        linalg.cho_solve((a[2], False), b)
    a[1, 0, 5] = np.inf
    with pytest.raises(ValueError, match=r"a: .*finite.*slices 1"):
        linalg.solve_triangular(a[:2], b)
    assert np.isfinite(linalg.solve_triangular(a[:2], b, lower=True)).all()
    assert not np.isfinite(linalg.solve_triangular(a[1], b, check_finite=False)).all()
    with pytest.raises(ValueError, match="b: .*finite"):
        linalg.solve_triangular(a[0], [1, 2, np.nan, 3, 4, 5])
    assert np.isnan(linalg.solve_triangular(a[0], np.full(6, np.nan), check_finite=False)).all()


@pytest.mark.parametrize("lower", [False, True])
@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("n", [1, 3, 20, 50])
def test_a_definite_system_is_solved_by_either_factor(n, lower, dtype):
    a = triangular(n, dtype)
    a = a @ a.conj().T
    factor = linalg.cholesky(a, upper=not lower)
    factor = np.where(factor == 0, np.nan, factor).astype(dtype)
    for b in (random(n, dtype), random((n, 4), dtype)):
        x = linalg.cho_solve((factor, lower), b)
        assert np.abs(a @ x - b).max() < 500 * n * np.finfo(dtype).eps


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize(
    "shape", [(1, 1), (3, 3), (2, 7), (7, 2), (40, 40), (30, 70), (70, 30), (3, 2, 9, 4)]
)
def test_the_parts_multiply_to_the_matrix(shape, dtype):
    a = random(shape, dtype)
    tolerance = 20 * max(shape) * np.finfo(dtype).eps
    p, l, u = linalg.lu(a)
    assert p.dtype == a.real.dtype and l.dtype == u.dtype == a.dtype
    np.testing.assert_allclose(p @ l @ u, a, atol=tolerance)
    assert np.all(np.abs(l) <= np.sqrt(2) * (1 + 4 * np.finfo(dtype).eps))
    np.testing.assert_array_equal(u, np.triu(u))
    k = min(shape[-2:])
    np.testing.assert_array_equal(l[..., :k, :], np.tril(l[..., :k, :]))
    np.testing.assert_array_equal(np.diagonal(l, axis1=-2, axis2=-1), 1)
    order, _, _ = linalg.lu(a, p_indices=True)
    assert order.dtype == np.int32
    np.testing.assert_array_equal(
        np.take_along_axis(l @ u, order[..., None], axis=-2), p.astype(dtype) @ (l @ u)
    )
    together, _ = linalg.lu(a, permute_l=True)
    np.testing.assert_array_equal(together, np.take_along_axis(l, order[..., None], axis=-2))
    for ours, theirs in zip(linalg.lu(a), scipy.linalg.lu(a), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=50 * tolerance)


@pytest.mark.parametrize("n", [1, 2, 9, 33])
@pytest.mark.parametrize("dtype", TYPES)
def test_packed_factors_are_scipys_and_solve_their_system(n, dtype):
    a = triangular(n, dtype)[::-1]
    factors, piv = linalg.lu_factor(a)
    theirs, their_piv = scipy.linalg.lu_factor(a)
    np.testing.assert_array_equal(piv, their_piv)
    np.testing.assert_allclose(factors, theirs, atol=100 * n * np.finfo(dtype).eps)
    for trans, turned in ((0, a), ("T", a.T), (2, a.conj().T)):
        for b in (random(n, dtype), random((n, 2), dtype)):
            x = linalg.lu_solve((factors, piv), b, trans)
            assert np.abs(turned @ x - b).max() < 200 * n * np.finfo(dtype).eps


def test_singular_matrices_have_factors_and_a_warning():
    a = np.array([[1.0, 2], [2, 4]])
    for matrix in (a, np.zeros((3, 3)), np.ones((20, 20))):
        p, l, u = linalg.lu(matrix)
        np.testing.assert_array_equal(p @ l @ u, matrix)
    with pytest.warns(LinAlgWarning, match="Diagonal number 2 is exactly zero"):
        factors = linalg.lu_factor(a)
    with pytest.raises(np.linalg.LinAlgError, match="Singular"):
        linalg.lu_solve(factors, [1, 2])


@pytest.mark.parametrize("function", [linalg.lu, linalg.lu_factor])
def test_what_cannot_be_factored_is_refused(function):
    for bad in (1.0, [1, 2], [[1, np.nan], [0, 1]], [[np.inf]], [[1, 2], [3]]):
        with pytest.raises(ValueError):
            function(bad)
    for bad in ("text", np.zeros((2, 2), np.float16), [[object()]]):
        with pytest.raises(TypeError):
            function(bad)
    assert np.isnan(function([[np.nan, 1], [1, 1]], check_finite=False)[-2]).any()


def test_empty_arrays_have_empty_answers():
    for shape in [(0, 0), (3, 0), (0, 3), (2, 0, 4), (0, 4, 4)]:
        p, l, u = linalg.lu(np.zeros(shape))
        k = min(shape[-2:])
        assert p.shape[-1] == shape[-2] and l.shape[-1] == u.shape[-2] == k and u.shape[-1] == shape[-1]
        factors, piv = linalg.lu_factor(np.zeros(shape))
        assert factors.shape == shape and piv.shape[-1] == k
    assert linalg.solve_triangular(np.zeros((0, 0)), np.zeros((0, 3))).shape == (0, 3)
    assert linalg.cho_solve((np.eye(3), True), np.zeros((3, 0))).shape == (3, 0)
    assert linalg.lu_solve(linalg.lu_factor(np.zeros((0, 0))), np.zeros(0)).shape == (0,)


def test_arguments_are_checked():
    eye = np.eye(3)
    for bad in (3, "X", None, -1):
        with pytest.raises(ValueError, match="trans"):
            linalg.solve_triangular(eye, np.ones(3), bad)
    for b in (np.ones(4), np.ones((2, 3)), 1.0):
        with pytest.raises(ValueError, match="b: "):
            linalg.solve_triangular(eye, b)
    with pytest.raises(np.linalg.LinAlgError):
        linalg.cho_solve((np.ones((2, 3)), True), np.ones(2))
    for piv in ([0, 1, 3], [-1, 1, 2]):
        with pytest.raises(ValueError, match="piv"):
            linalg.lu_solve((eye, piv), np.ones(3))
    with pytest.raises(ValueError, match="piv"):
        linalg.lu_solve((eye, [0, 1]), np.ones(3))
    with pytest.raises(TypeError, match="piv"):
        linalg.lu_solve((eye, [0.0, 1.0, 2.0]), np.ones(3))


def test_any_layout_is_read_and_nothing_is_written():
    a, b = triangular(9), random((9, 4))
    for view in (a.T, a[::-1, ::-1], np.asfortranarray(a)):
        before = view.copy(), b.copy()
        x = linalg.solve_triangular(view, b[:, ::-1])
        np.testing.assert_array_equal(x, linalg.solve_triangular(before[0], before[1][:, ::-1].copy()))
        for ours, theirs in zip(linalg.lu(view), linalg.lu(before[0]), strict=True):
            np.testing.assert_array_equal(ours, theirs)
        np.testing.assert_array_equal(view, before[0])
        np.testing.assert_array_equal(b, before[1])
    assert linalg.solve_triangular([[2]], [4]).dtype == np.float64
    assert linalg.solve_triangular(np.eye(2, dtype="f4"), np.ones(2, "c8")).dtype == np.complex64


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_small_integers_are_factored_like_any_matrix(m, n, seed):
    a = np.random.default_rng(seed).integers(-2, 3, (m, n))
    p, l, u = linalg.lu(a)
    np.testing.assert_allclose(p @ l @ u, a, atol=1e-12 * max(m, n) * 2 ** min(m, n))


def test_bits_do_not_depend_on_the_number_of_threads():
    a, b, stack = triangular(300), random((300, 200)), triangular(6, stack=(3000,))
    with thread_limit(1):
        expected = linalg.solve_triangular(a, b).tobytes(), [part.tobytes() for part in linalg.lu(stack)]
    for count in (2, 3, 8):
        with thread_limit(count):
            assert linalg.solve_triangular(a, b).tobytes() == expected[0]
            assert [part.tobytes() for part in linalg.lu(stack)] == expected[1]
