"""Orthogonal factors: laws on hard matrices, modes, stacks, edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlmath_rs import linalg
from mlmath_rs.threads import thread_limit

TYPES = ["f4", "f8", "c8", "c16"]
SHAPES = [(1, 1), (1, 5), (5, 1), (4, 4), (9, 5), (5, 9), (33, 33), (70, 40), (40, 70), (3, 2, 6, 4)]


def random(shape, dtype=float):
    rng = np.random.default_rng(shape[-1])
    a = rng.standard_normal(shape)
    if np.dtype(dtype).kind == "c":
        a = a + 1j * rng.standard_normal(shape)
    return a.astype(dtype)


def check(a, q, r):
    """Q is orthonormal, R upper triangular, their product is `a`: column by column."""
    eps, n = np.finfo(a.dtype).eps, max(a.shape[-2:])
    gram = q.conj().swapaxes(-1, -2) @ q
    assert np.abs(gram - np.eye(q.shape[-1])).max(initial=0) < 10 * n * eps
    size = np.abs(a).max(axis=-2, keepdims=True, initial=0)
    assert np.all(np.abs(q @ r - a) <= 10 * n * eps * size)
    np.testing.assert_array_equal(r, np.triu(r))


@pytest.mark.parametrize("mode", ["reduced", "complete"])
@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("shape", SHAPES)
def test_factors_are_orthonormal_and_triangular_and_numpys(shape, dtype, mode):
    a = random(shape, dtype)
    result, theirs = linalg.qr(a, mode), np.linalg.qr(a, mode)
    assert type(result) is type(theirs)
    check(a, *result)
    for ours, reference in zip(result, theirs, strict=True):
        assert ours.dtype == reference.dtype and ours.shape == reference.shape
        assert np.all(np.isreal(np.diagonal(result.R, axis1=-2, axis2=-1)))
        np.testing.assert_allclose(ours, reference, atol=2000 * max(shape) * np.finfo(dtype).eps)
    np.testing.assert_array_equal(linalg.qr(a, "r"), linalg.qr(a).R)
    for ours, reference in zip(linalg.qr(a, "raw"), np.linalg.qr(a, "raw"), strict=True):
        assert ours.shape == reference.shape
        np.testing.assert_allclose(ours, reference, atol=2000 * max(shape) * np.finfo(dtype).eps)


def gallery():
    n = 12
    i = np.arange(n)
    yield "hilbert", 1.0 / (i[:, None] + i + 1)
    yield "zero", np.zeros((n, 7))
    yield "identity", np.eye(n)
    yield "rank one", np.outer(i, i - 3.0)
    yield "jordan", 2 * np.eye(n) + np.eye(n, k=1)
    yield "graded columns", random((40, n)) * 10.0 ** (-25 * i)
    yield "graded rows", random((40, n)) * 10.0 ** (-0.4 * np.arange(40))[:, None]
    yield "equal columns", np.ones((n, n))
    for factor in (1e-300, 1e-160, 1e160, 1e300):
        yield f"times {factor}", random((40, 40)) * factor


@pytest.mark.parametrize(("name", "a"), list(gallery()), ids=[name for name, _ in gallery()])
def test_hard_matrices_are_factored_column_by_column(name, a):
    check(a, *linalg.qr(a))
    check(a + 0j, *linalg.qr(a + 0j))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("n", [2, 5, 50])
def test_what_is_not_finite_spreads(bad, n):
    a = random((n, n))
    a[1, 0] = bad
    q, r = linalg.qr(a)
    assert np.isnan(q).any() and np.isnan(r).any()
    assert not np.isfinite(q @ r).all()


def test_slices_are_those_of_single_calls_and_any_layout_is_read():
    a = random((4, 3, 20, 12))
    q, r = linalg.qr(a)
    for place in np.ndindex(4, 3):
        alone = linalg.qr(a[place])
        assert q[place].tobytes() == alone.Q.tobytes() and r[place].tobytes() == alone.R.tobytes()
    for view in (a[::2], a.swapaxes(-1, -2), a[..., ::-1, ::-1], np.asfortranarray(a)):
        before = view.copy()
        np.testing.assert_array_equal(linalg.qr(view).R, linalg.qr(before).R)
        np.testing.assert_array_equal(view, before)
    assert linalg.qr([[1, 2], [3, 4]]).Q.dtype == np.float64


@pytest.mark.parametrize("shape", [(0, 0), (3, 0), (0, 3), (2, 0, 4), (0, 4, 4), (2, 3, 0)])
@pytest.mark.parametrize("mode", ["reduced", "complete", "r", "raw"])
def test_empty_matrices_have_numpys_shapes(shape, mode):
    ours, theirs = linalg.qr(np.zeros(shape), mode), np.linalg.qr(np.zeros(shape), mode)
    if mode == "r":
        ours, theirs = (ours,), (theirs,)
    for x, y in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(x, y)


def test_arguments_are_checked():
    for bad in (1.0, [1, 2]):
        with pytest.raises(np.linalg.LinAlgError, match="two dimensions"):
            linalg.qr(bad)
    for mode in ("full", "Q", ""):
        with pytest.raises(ValueError, match="mode"):
            linalg.qr(np.eye(2), mode)
    for bad in (np.zeros((2, 2), np.float16), [["x"]]):
        with pytest.raises(TypeError):
            linalg.qr(bad)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_small_integers_are_factored_like_any_matrix(m, n, seed):
    a = np.random.default_rng(seed).integers(-2, 3, (m, n)).astype(float)
    for mode in ("reduced", "complete"):
        q, r = linalg.qr(a, mode)
        assert np.abs(q @ r - a).max() < 1e-12
        assert np.abs(q.T @ q - np.eye(q.shape[1])).max() < 1e-13 * max(m, n)


def test_bits_do_not_depend_on_the_number_of_threads():
    single, stack = random((300, 200)), random((2000, 6, 5))
    with thread_limit(1):
        expected = [part.tobytes() for a in (single, stack) for part in linalg.qr(a)]
    for count in (2, 3, 8):
        with thread_limit(count):
            assert [part.tobytes() for a in (single, stack) for part in linalg.qr(a)] == expected
