"""Least squares: NumPy's answers, the shortest of many, edges."""

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mlmath_rs import linalg

RNG = np.random.default_rng(4)
DTYPES = ["float64", "float32", "complex128", "complex64"]


def random(shape, dtype="float64"):
    x = RNG.standard_normal(shape)
    return (x + 1j * RNG.standard_normal(shape) if np.dtype(dtype).kind == "c" else x).astype(dtype)


def assert_numpys(a, b, rcond=None):
    ours, theirs = linalg.lstsq(a, b, rcond), np.linalg.lstsq(a, b, rcond)
    eps = np.finfo(ours.x.dtype).eps
    assert ours.rank == theirs[2]
    values = theirs[3][: ours.rank]
    condition = values[0] / values[-1] if len(values) else 1
    scale = max(np.abs(theirs[0]).max(initial=0), 1)
    for got, expected in zip(ours, theirs):
        assert np.shape(got) == np.shape(expected)
        assert np.asarray(got).dtype.kind == np.asarray(expected).dtype.kind
    assert [ours.x.dtype, ours.s.dtype] == [theirs[0].dtype, theirs[3].dtype]
    np.testing.assert_allclose(ours.x, theirs[0], atol=300 * eps * condition * scale)
    np.testing.assert_allclose(ours.s, theirs[3], atol=100 * eps * theirs[3].max(initial=0))
    np.testing.assert_allclose(ours.residuals, theirs[1], rtol=1000 * eps, atol=1e3 * eps)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (8, 3), (3, 8), (60, 40), (40, 60), (200, 5)])
@pytest.mark.parametrize("sides", [None, 1, 4])
def test_answers_are_numpys(shape, sides, dtype):
    rhs = shape[:1] if sides is None else (shape[0], sides)
    assert_numpys(random(shape, dtype), random(rhs, dtype))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("m", "n", "rank"), [(3, 3, 1), (9, 5, 2), (5, 9, 2), (50, 40, 7), (40, 50, 7), (4, 4, 0)]
)
def test_of_many_solutions_the_shortest_is_found(m, n, rank, dtype):
    a = random((m, rank), dtype) @ random((rank, n), dtype)
    b = random((m, 2), dtype)
    # NumPy judges float32 by the rounding of float64.
    single = np.finfo(a.dtype).eps > 1e-10
    assert_numpys(a, b, 1e-5 if single else None)
    x, _, found, _ = linalg.lstsq(a, b)
    assert found == rank
    expected = np.linalg.pinv(a, rtol=1e-5) @ b
    np.testing.assert_allclose(x, expected, atol=2e-4 if single else 1e-10)


@pytest.mark.parametrize("rcond", [None, -1, 0.0, 1e-3, 0.5])
def test_the_rank_follows_rcond_as_numpys(rcond):
    u, _ = np.linalg.qr(random((6, 6)))
    v, _ = np.linalg.qr(random((6, 6)))
    a = u * np.array([1, 0.6, 0.1, 1e-2, 1e-5, 1e-9]) @ v
    assert_numpys(a, random((6, 2)), rcond)
    assert_numpys(a[:, :4], random(6), rcond)


@pytest.mark.parametrize("m", [0, 1, 3])
@pytest.mark.parametrize("n", [0, 2])
@pytest.mark.parametrize("k", [None, 0, 1, 2])
def test_empty_problems_are_numpys(m, n, k):
    assert_numpys(random((m, n)), random((m,) if k is None else (m, k)))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (4, 4)])
def test_stacks_are_their_slices_for_any_number_of_threads(shape, dtype):
    m, n = shape
    a, b = random((3, 1, m, n), dtype), random((2, m, 2), dtype)
    a[1] = 0
    x, residuals, rank, s = linalg.lstsq(a, b)
    assert x.shape == (3, 2, n, 2)
    assert rank.shape == (3, 2)
    for i, j in np.ndindex(3, 2):
        one = linalg.lstsq(a[i, 0], b[j])
        np.testing.assert_array_equal(x[i, j], one.x)
        np.testing.assert_array_equal(s[i, j], one.s)
        assert rank[i, j] == one.rank
        if m > n:
            np.testing.assert_array_equal(residuals[i, j], one.residuals if i != 1 else [np.nan] * 2)
    for threads in (1, 2, 3):
        for ours, again in zip((x, residuals, rank, s), linalg.lstsq(a, b, threads=threads)):
            np.testing.assert_array_equal(ours, again)
    vector = linalg.lstsq(a, b[0, :, 0])
    np.testing.assert_array_equal(vector.x[..., None], linalg.lstsq(a, b[0, :, :1]).x)


@pytest.mark.parametrize("scale", [1e-310, 1e-300, 1e300])
def test_nothing_overflows_or_vanishes_on_the_way(scale):
    a, b = random((6, 3)), random((6, 2))
    expected = linalg.lstsq(a, b).x
    np.testing.assert_allclose(linalg.lstsq(a, b * scale).x / scale, expected, rtol=1e-3)
    np.testing.assert_allclose(linalg.lstsq(a * scale, b * scale).x, expected, rtol=1e-3)


def test_layouts_lists_and_integers():
    a, b = random((9, 8)), random((9, 4))
    before = a.copy(), b.copy()
    expected = linalg.lstsq(a[::2, 1::3].copy(), b[::2, ::-1].copy())
    np.testing.assert_array_equal(linalg.lstsq(a[::2, 1::3], b[::2, ::-1]).x, expected.x)
    np.testing.assert_array_equal(a, before[0])
    np.testing.assert_array_equal(b, before[1])
    assert linalg.lstsq([[1, 0], [0, 2]], [3, 4]).x.tolist() == [3, 2]


def test_what_does_not_fit_is_refused():
    with pytest.raises(np.linalg.LinAlgError, match="b: expected 3 rows, as many as `a` has, got shape"):
        linalg.lstsq(np.ones((3, 2)), np.ones(2))
    with pytest.raises(np.linalg.LinAlgError, match="a: expected matrices"):
        linalg.lstsq(np.ones(3), np.ones(3))
    with pytest.raises(np.linalg.LinAlgError, match="a: expected finite numbers"):
        linalg.lstsq([[np.nan], [1]], [1, 2])
    with pytest.raises(TypeError, match="float16"):
        linalg.lstsq(np.ones((2, 2), np.float16), np.ones(2))
    with pytest.raises(TypeError, match="rcond: expected a number, got 'warn'"):
        linalg.lstsq(np.eye(2), np.ones(2), rcond="warn")
    assert np.isnan(linalg.lstsq(np.eye(2), [np.nan, 1]).x).any()


@settings(max_examples=60, deadline=None)
@given(
    arrays.arrays(float, (6, 3), elements=st.integers(-3, 3)),
    arrays.arrays(float, 6, elements=st.integers(-9, 9)),
)
def test_residuals_are_orthogonal_to_the_columns(a, b):
    x = linalg.lstsq(a, b).x
    assert np.abs(a.T @ (b - a @ x)).max() < 1e-10
    assert np.linalg.norm(x) <= np.linalg.norm(np.linalg.lstsq(a, b)[0]) * (1 + 1e-9) + 1e-12


def test_signatures_of_least_squares_are_short():
    assert str(inspect.signature(linalg.lstsq)).startswith("(a: 'ArrayLike', b: 'ArrayLike'")
