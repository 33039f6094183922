"""Pseudo-inverse, rank, condition, bases and polar form: laws, NumPy's and SciPy's answers, edges."""

import numpy as np
import pytest
import scipy.linalg

from mlmath_rs import linalg
from mlmath_rs.threads import thread_limit
from test_linalg_singular import GALLERY, SHAPES, random

EPS = np.finfo(float).eps
NORMS = [None, 1, -1, 2, -2, np.inf, -np.inf, "fro", "nuc"]


def of_rank(k, shape):
    rng = np.random.default_rng(k)
    return rng.standard_normal((shape[0], k)) @ rng.standard_normal((k, shape[1]))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("k", [0, 1, 2, 99])
@pytest.mark.parametrize("dtype", ["float64", "float32", "complex128", "complex64"])
def test_pseudo_inverses_obey_penrose(shape, k, dtype):
    k = min(k, *shape)
    a = of_rank(k, shape)
    a = (a * (1 + 0.5j) if np.dtype(dtype).kind == "c" else a).astype(dtype)
    x = linalg.pinv(a)
    assert x.shape == shape[::-1]
    assert x.dtype == dtype
    assert linalg.matrix_rank(a) == k
    unit = 100 * max(shape) * np.finfo(dtype).eps * max(1.0, np.linalg.norm(a) * np.linalg.norm(x))
    assert np.linalg.norm(a @ x @ a - a) <= unit * np.linalg.norm(a)
    assert np.linalg.norm(x @ a @ x - x) <= unit * np.linalg.norm(x)
    for product in (a @ x, x @ a):
        assert np.linalg.norm(product - product.conj().T) <= unit


def test_bounds_decide_what_counts_as_zero():
    a = np.diag([1.0, 1e-3, 1e-9])
    assert linalg.matrix_rank(a) == 3
    assert linalg.matrix_rank(a, 1e-6) == 2
    assert linalg.matrix_rank(1000 * a, rtol=1e-2) == 1
    np.testing.assert_allclose(linalg.pinv(a, 1e-6).diagonal(), [1, 1e3, 0], rtol=1e-14)
    np.testing.assert_allclose(linalg.pinv(a, rtol=1e-2).diagonal(), [1, 0, 0], rtol=1e-14)
    stack = np.stack([a, a, a])
    assert linalg.matrix_rank(stack, [1e-12, 1e-6, 1e-2]).tolist() == [3, 2, 1]
    assert np.count_nonzero(linalg.pinv(stack, [1e-12, 1e-6, 1e-2]), axis=(1, 2)).tolist() == [3, 2, 1]
    with pytest.raises(ValueError, match="got both"):
        linalg.pinv(a, 1e-3, rtol=1e-3)
    with pytest.raises(ValueError, match="got both"):
        linalg.matrix_rank(a, 1e-3, rtol=1e-3)
    with pytest.raises(ValueError, match="rcond: must be >= 0"):
        linalg.pinv(a, -1.0)
    with pytest.raises(ValueError, match="tol: must be >= 0"):
        linalg.matrix_rank(a, np.nan)


@pytest.mark.parametrize("value", [3.0, 0.0, [0, 0], [0, 1], []])
def test_the_rank_of_a_vector_is_one_or_zero(value):
    assert linalg.matrix_rank(value) == np.linalg.matrix_rank(value)


def test_hermitian_reads_the_lower_triangle():
    a = random((4, 4))
    lower = np.tril(a) + np.tril(a, -1).T
    np.testing.assert_allclose(linalg.pinv(a, hermitian=True), np.linalg.inv(lower), rtol=1e-9)
    assert linalg.matrix_rank([[1.0, 7.0], [1.0, 1.0]], hermitian=True) == 1


@pytest.mark.parametrize("p", NORMS)
@pytest.mark.parametrize("n", [1, 3, 20])
def test_conditions_are_numpys(p, n):
    a = random((2, n, n))
    np.testing.assert_allclose(linalg.cond(a, p), np.linalg.cond(a, p), rtol=1e-10)
    np.testing.assert_allclose(linalg.rcond(a, p), 1 / np.linalg.cond(a, p), rtol=1e-10)
    z = a[0] + 1j * a[1]
    assert linalg.cond(z, p) == pytest.approx(np.linalg.cond(z, p), rel=1e-10)
    assert linalg.cond(a.astype(np.float32), p).dtype == np.float32


@pytest.mark.parametrize("p", NORMS)
def test_singular_matrices_have_no_finite_condition_in_any_norm(p):
    with np.errstate(all="ignore"):
        for a in ([[1.0, 2.0], [2.0, 4.0]], np.zeros((2, 2))):
            ours = linalg.cond(np.asarray(a), p)
            assert ours > 1e15 or (p == -2 and ours < 1e-15)
    assert np.isinf(linalg.cond(np.zeros((3, 3)), p))
    assert linalg.rcond(np.zeros((3, 3)), p) == 0


@pytest.mark.parametrize("p", [None, 1, "fro", "nuc"])
@pytest.mark.parametrize("factor", [1e-300, 1e300])
def test_conditions_do_not_overflow(p, factor):
    a = random((4, 4))
    assert linalg.cond(a * factor, p) == pytest.approx(np.linalg.cond(a, p), rel=1e-10)


def test_conditions_that_are_not_defined_are_refused():
    with pytest.raises(
        np.linalg.LinAlgError, match=r"x: expected matrices that have elements, got shape \(0, 0\)"
    ):
        linalg.cond(np.empty((0, 0)))
    with pytest.raises(np.linalg.LinAlgError, match="expected square matrices"):
        linalg.cond(np.ones((2, 3)), 1)
    assert linalg.cond(np.eye(2, 3)) == 1
    assert linalg.cond(np.empty((0, 2, 2))).shape == (0,)
    with pytest.raises(ValueError, match="p: expected one of"):
        linalg.cond(np.eye(2), 3)
    assert np.isnan(linalg.cond([[np.nan, 1.0], [1.0, 1.0]], 1))
    with pytest.raises(np.linalg.LinAlgError, match="finite"):
        linalg.cond([[np.nan, 1.0], [1.0, 1.0]])


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("k", [0, 1, 2, 99])
def test_bases_are_orthonormal_and_span_scipys_spaces(shape, k):
    k = min(k, *shape)
    a = of_rank(k, shape) * (1 + 0.5j)
    unit = 20 * max(shape) * EPS
    for ours, theirs in [
        (linalg.null_space(a), scipy.linalg.null_space(a)),
        (linalg.orth(a), scipy.linalg.orth(a)),
    ]:
        assert ours.shape == theirs.shape
        assert np.linalg.norm(ours.conj().T @ ours - np.eye(ours.shape[1])) < unit
        assert np.linalg.norm(ours @ ours.conj().T - theirs @ theirs.conj().T) < 10 * unit
    assert np.linalg.norm(a @ linalg.null_space(a)) <= unit * np.linalg.norm(a)


def test_bases_of_a_stack_must_have_one_dimension():
    same = np.stack([of_rank(2, (4, 3)), 5 * of_rank(2, (4, 3))])
    assert linalg.orth(same).shape == (2, 4, 2)
    assert linalg.null_space(same).shape == (2, 3, 1)
    np.testing.assert_array_equal(linalg.null_space(same)[1], linalg.null_space(same[1]))
    mixed = np.stack([of_rank(2, (4, 3)), of_rank(1, (4, 3))])
    with pytest.raises(ValueError, match="A: .*got 2 in slice 0 and 1 in slice 1"):
        linalg.orth(mixed)
    assert linalg.null_space(np.diag([1.0, 1e-9]), 1e-6).shape == (2, 1)
    assert linalg.null_space(np.empty((0, 3))).shape == (3, 3)
    assert linalg.orth(np.empty((3, 0))).shape == (3, 0)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("make", GALLERY)
@pytest.mark.parametrize("side", ["right", "left"])
def test_polar_factors_give_the_matrix_back(make, shape, side):
    a = make(shape)
    u, p = linalg.polar(a, side)
    unit = 20 * max(shape) * EPS
    product = u @ p if side == "right" else p @ u
    assert np.linalg.norm(product - a) <= unit * np.linalg.norm(a)
    gram = u.T @ u if shape[0] >= shape[1] else u @ u.T
    assert np.linalg.norm(gram - np.eye(len(gram))) < unit
    np.testing.assert_array_equal(p, p.T)
    assert np.linalg.eigvalsh(p).min() >= -unit * np.linalg.norm(a)


def test_polar_forms_are_scipys_for_complex_matrices_and_stacks():
    a = random((3, 5, 4)) + 1j * random((3, 4, 5)).swapaxes(1, 2)
    for side in ("right", "left"):
        u, p = linalg.polar(a, side)
        for index in range(3):
            theirs = scipy.linalg.polar(a[index], side)
            np.testing.assert_allclose(u[index], theirs[0], atol=1e-13)
            np.testing.assert_allclose(p[index], theirs[1], atol=1e-13)
    with pytest.raises(ValueError, match="side: expected 'right' or 'left'"):
        linalg.polar(a, "middle")


@pytest.mark.parametrize(
    "call", [linalg.pinv, linalg.null_space, linalg.orth, linalg.polar, linalg.matrix_rank]
)
def test_what_is_refused_is_named(call):
    a = np.ones((2, 2))
    a[0, 1] = np.inf
    with pytest.raises(np.linalg.LinAlgError, match="a: expected finite numbers"):
        call(a)
    with pytest.raises(TypeError, match="float16 is unsupported in linalg"):
        call(np.eye(2, dtype=np.float16))
    if call is not linalg.matrix_rank:
        with pytest.raises(np.linalg.LinAlgError, match=r"got shape \(2,\)"):
            call([1.0, 2.0])


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (2, 0, 3), (0, 3, 2)])
def test_empty_matrices_and_stacks_have_the_shapes_of_numpys(shape):
    a = np.empty(shape)
    assert linalg.pinv(a).shape == np.linalg.pinv(a).shape
    assert np.shape(linalg.matrix_rank(a)) == shape[:-2]
    assert np.all(np.asarray(linalg.matrix_rank(a)) == 0)
    u, p = linalg.polar(a)
    assert u.shape == shape
    assert p.shape == (*shape[:-2], shape[-1], shape[-1])
    assert not p.any()


def test_bits_do_not_depend_on_the_number_of_threads():
    a = np.random.default_rng(0).standard_normal((300, 6, 5))
    calls = [linalg.pinv, linalg.cond, linalg.orth, lambda a: linalg.polar(a).p, linalg.matrix_rank]
    for call in calls:
        with thread_limit(1):
            once = call(a)
        for count in (2, 3, 8):
            with thread_limit(count):
                assert call(a).tobytes() == once.tobytes()
