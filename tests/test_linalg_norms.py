"""Norms: NumPy's answers for every order, axis and layout; no overflow on the way; edges."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mlmath_rs import linalg

RNG = np.random.default_rng(0)
VECTOR_ORDERS = [None, 0, 1, 2, 3, 0.5, -1, -2.5, np.inf, -np.inf]
MATRIX_ORDERS = [None, "fro", "f", "nuc", 1, -1, 2, -2, np.inf, -np.inf]


def cube(dtype):
    x = 1 + 3 * RNG.random((3, 4, 5))
    return (x + 1j * RNG.standard_normal(x.shape) if np.dtype(dtype).kind == "c" else x).astype(dtype)


def assert_same(got, expected, rtol=1e-6):
    assert np.shape(got) == np.shape(expected)
    assert got.dtype == expected.dtype
    np.testing.assert_allclose(got, expected, rtol=rtol)


@pytest.mark.parametrize("dtype", ["float64", "float32", "complex128", "complex64", "int64", "uint8", "bool"])
@pytest.mark.parametrize("order", VECTOR_ORDERS)
@pytest.mark.parametrize("keepdims", [False, True])
def test_norms_of_vectors_are_numpys(order, dtype, keepdims):
    x = cube(dtype)
    for axis in [0, 1, -1]:
        assert_same(linalg.norm(x, order, axis, keepdims), np.linalg.norm(x, order, axis, keepdims))
    for axis in [(0,), (2, 0), (0, 1, 2), None]:
        options = {"axis": axis, "keepdims": keepdims, "ord": 2 if order is None else order}
        assert_same(linalg.vector_norm(x, **options), np.linalg.vector_norm(x, **options))
    assert_same(linalg.norm(x[0, 0], order), np.linalg.norm(x[0, 0], order))


@pytest.mark.parametrize("dtype", ["float64", "float32", "complex128", "int32"])
@pytest.mark.parametrize("order", MATRIX_ORDERS)
@pytest.mark.parametrize("keepdims", [False, True])
def test_norms_of_matrices_are_numpys(order, dtype, keepdims):
    x = cube(dtype)
    for axes in itertools.permutations(range(3), 2):
        assert_same(linalg.norm(x, order, axes, keepdims), np.linalg.norm(x, order, axes, keepdims))
    assert_same(linalg.norm(x[0], order), np.linalg.norm(x[0], order))
    order = "fro" if order is None else order
    for y in [x, x[0], x[:, ::-1, ::2], x.T]:
        got = linalg.matrix_norm(y, keepdims=keepdims, ord=order)
        assert_same(got, np.linalg.matrix_norm(y, keepdims=keepdims, ord=order))


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 4), (), (0,), (0, 3), (1, 1, 1, 1)])
def test_without_order_and_axis_all_elements_are_one_vector(shape):
    x = np.asarray(RNG.standard_normal(shape))
    assert_same(linalg.norm(x), np.linalg.norm(x))
    assert_same(linalg.norm(x, keepdims=True), np.linalg.norm(x, keepdims=True))
    assert_same(linalg.vector_norm(x), np.linalg.vector_norm(x))


@pytest.mark.parametrize("make", [lambda a: a[::2], lambda a: a[::-1], lambda a: a.T, lambda a: a[:, 1:3]])
@pytest.mark.parametrize("axis", [None, 0, 1])
def test_any_layout_gives_the_same(make, axis):
    x = make(RNG.standard_normal((60, 50)))
    before = x.copy()
    for order in [2, 1, np.inf, 3]:
        got = linalg.vector_norm(x, axis=axis, ord=order)
        np.testing.assert_allclose(got, np.linalg.vector_norm(x.copy(), axis=axis, ord=order), rtol=1e-13)
    np.testing.assert_array_equal(x, before)


def test_float16_is_computed_in_float32():
    x = np.full(10_000, 0.5, np.float16)
    assert linalg.norm(x).dtype == np.float16
    assert linalg.norm(x) == 50


@pytest.mark.parametrize("scale", [1e-310, 1e-200, 1e200, 1e307])
@pytest.mark.parametrize("kind", [float, complex])
def test_nothing_overflows_or_vanishes_on_the_way(scale, kind):
    x = np.full((4, 9), 0.5 * scale, kind)
    np.testing.assert_allclose(linalg.norm(x), 3 * scale, rtol=1e-10)
    np.testing.assert_allclose(linalg.norm(x, axis=0), scale, rtol=1e-10)
    np.testing.assert_allclose(linalg.norm(x, axis=1), 1.5 * scale, rtol=1e-10)
    np.testing.assert_allclose(linalg.vector_norm(x, ord=3), 0.5 * scale * 36 ** (1 / 3), rtol=1e-10)
    np.testing.assert_allclose(linalg.norm(np.float32([3e30, 4e30])), 5e30, rtol=1e-6)


def test_nan_goes_through_and_infinity_stays():
    for order in [None, 1, 3, -1, np.inf, -np.inf]:
        for n in [3, 30]:
            x = np.ones((n, 2))
            x[1] = np.nan, np.inf
            got = linalg.norm(x, order, axis=0)
            assert np.isnan(got[0])
            assert got[1] == (np.inf if order is None or order > 0 else np.linalg.norm(x[:, 1], order))
    assert np.isnan(linalg.norm([np.inf, np.nan]))
    assert np.isnan(linalg.matrix_norm([[1, np.nan], [0, 1]], ord=1))
    assert linalg.norm([complex(np.inf, np.nan)], 1) == np.inf


@given(
    arrays.arrays(np.float64, st.integers(1, 40), elements=st.floats(-1e300, 1e300)),
    st.sampled_from([1, 1.5, 2, 3, np.inf]),
    st.floats(-1e3, 1e3),
)
def test_norms_are_norms(x, order, factor):
    norm = linalg.norm(x, order)
    np.testing.assert_allclose(linalg.norm(factor * x, order), abs(factor) * norm, rtol=1e-12, atol=1e-300)
    half = 0.5 * x[::-1]
    assert linalg.norm(0.5 * x + half, order) <= (0.5 * norm + linalg.norm(half, order)) * (1 + 1e-13)
    assert (norm == 0) == (not x.any())


def test_long_sums_of_float32_keep_their_digits():
    x = np.full(1_000_000, 0.1, np.float32)
    exact = np.linalg.norm(x.astype(float))
    assert abs(linalg.norm(x) / exact - 1) < 1e-6
    assert abs(linalg.norm(x[:, None], axis=0)[0] / exact - 1) < 1e-6
    assert abs(linalg.norm(np.stack([x, x], 1), axis=0)[1] / exact - 1) < 1e-5


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([1.0], "fro"), ValueError, "Invalid norm order 'fro' for vectors"),
        (([[1.0]], "nonsense"), ValueError, "Invalid norm order for matrices"),
        (([[1.0]], 3), ValueError, "Invalid norm order for matrices"),
        (([[[1.0]]], 1), ValueError, "Improper number of dimensions to norm"),
        (([[1.0]], None, (0, 0)), ValueError, "Duplicate axes given"),
        (([[1.0]], None, 2), np.exceptions.AxisError, "axis 2 is out of bounds for array of dimension 2"),
        (([[1.0]], None, (0, -3)), np.exceptions.AxisError, "axis -3 is out of bounds"),
        (([], -np.inf), ValueError, "x: expected at least one element"),
        ((["a"],), TypeError, "expected numbers"),
    ],
)
def test_what_has_no_norm_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        linalg.norm(*arguments)


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1e160, 1e300])
def test_singular_values_are_right_at_any_scale(scale):
    a = RNG.standard_normal((2, 5, 3))
    for order in [2, -2, "nuc"]:
        expected = np.linalg.matrix_norm(a, ord=order)
        np.testing.assert_allclose(linalg.matrix_norm(a * scale, ord=order) / scale, expected, rtol=1e-13)


def test_singular_values_of_what_is_not_finite_or_empty():
    with pytest.raises(np.linalg.LinAlgError):
        linalg.norm([[1.0, np.nan], [0.0, 1.0]], 2)
    assert linalg.norm(np.ones((0, 3)), 2) == 0
    assert linalg.norm(np.ones((0, 3)), "nuc") == 0
    with pytest.raises(ValueError, match="at least one element"):
        linalg.norm(np.ones((0, 3)), -2)


def test_a_matrix_norm_needs_matrices():
    with pytest.raises(ValueError, match="expected at least two dimensions, got 1"):
        linalg.matrix_norm([1.0, 2.0])


@pytest.mark.parametrize("order", [0, 1, 2, 3, np.inf, -np.inf])
def test_bits_do_not_depend_on_the_number_of_threads(order):
    x = RNG.standard_normal(1_000_003)
    y = RNG.standard_normal((3000, 400))
    for threads in [2, 3, 8]:
        assert linalg.norm(x, order, threads=1) == linalg.norm(x, order, threads=threads)
        for axis in [0, 1]:
            once = linalg.norm(y, order, axis, threads=1)
            np.testing.assert_array_equal(once, linalg.norm(y, order, axis, threads=threads))
