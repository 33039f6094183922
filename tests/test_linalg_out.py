"""What takes `out=`: it is filled and returned, may be an input or overlap one, and is checked."""

import numpy as np
import pytest

import mlmath_rs as ml
from mlmath_rs import linalg

RNG = np.random.default_rng(2)


def square():
    return RNG.integers(-9, 9, (4, 4)).astype(float)


def axpy(a, b, out=None):
    return linalg.axpy(2.0, a, b, out=out)


def scale(a, b, out=None):
    return linalg.scale(a, b, out=out)


def einsum(a, b, out=None):
    return ml.einsum("ij,kj->ik", a, b, out=out)


def multi_dot(a, b, out=None):
    return linalg.multi_dot([a, b, a], out=out)


def outer(a, b, out=None):
    return ml.outer(a[0], b[1], out=out)


def vecdot(a, b, out=None):
    return ml.vecdot(a, b, out=out)


def matvec(a, b, out=None):
    return ml.matvec(a, b, out=out)


def vecmat(a, b, out=None):
    return ml.vecmat(a, b, out=out)


def trace(a, b, out=None):
    return ml.trace(np.stack([a, b], axis=-1), out=out)


FULL = [ml.matmul, ml.dot, axpy, scale, einsum, multi_dot, outer]
ALL = [*FULL, vecdot, trace]


def into(function, a, b, out):
    result = function(a, b, out=out)
    assert result is out


@pytest.mark.parametrize("function", ALL, ids=lambda f: f.__name__)
@pytest.mark.parametrize("dtype", ["float64", "complex128", "float32"])
def test_out_is_filled_and_returned(function, dtype):
    a, b = square(), square()
    expected = function(a, b)
    out = np.full(expected.shape, np.nan, np.result_type(dtype, expected) if dtype == "complex128" else dtype)
    into(function, a, b, out)
    np.testing.assert_allclose(out, expected, rtol=1e-6)
    wide = np.full((*expected.shape, 2), np.nan)
    into(function, a, b, wide[..., 1])
    np.testing.assert_array_equal(wide[..., 1], expected)
    assert np.isnan(wide[..., 0]).all()


@pytest.mark.parametrize("function", FULL, ids=lambda f: f.__name__)
def test_out_may_be_an_input(function):
    a, b = square(), square()
    expected = function(a, b)
    for place in (0, 1):
        arguments = [a.copy(), b.copy()]
        into(function, *arguments, arguments[place])
        np.testing.assert_array_equal(arguments[place], expected)
    same = a.copy()
    into(function, same, same, same)
    np.testing.assert_array_equal(same, function(a, a))


@pytest.mark.parametrize("function", FULL, ids=lambda f: f.__name__)
def test_an_out_that_overlaps_is_right_all_the_same(function):
    for shift in (-1, 1, 3):
        memory = RNG.integers(-9, 9, 40).astype(float)
        a, out = memory[8:24].reshape(4, 4), memory[8 + shift : 24 + shift].reshape(4, 4)
        b = square()
        expected = function(a.copy(), b)
        into(function, a, b, out)
        np.testing.assert_array_equal(out, expected)
    a, b = square(), square()
    expected = function(a.copy(), b)
    into(function, a, b, a.T)
    np.testing.assert_array_equal(a.T, expected)


@pytest.mark.parametrize("function", [matvec, vecmat], ids=lambda f: f.__name__)
def test_products_with_vectors_take_out(function):
    matrix, vector, stack = square(), RNG.integers(-9, 9, 4).astype(float), RNG.integers(-9, 9, (3, 4))
    for x in (vector, stack.astype(float)):
        arguments = (matrix, x) if function is matvec else (x, matrix)
        expected = function(*arguments)
        for out in (np.empty_like(expected), x):
            into(function, *arguments, out)
            np.testing.assert_array_equal(out, expected)


@pytest.mark.parametrize("function", ALL, ids=lambda f: f.__name__)
def test_an_out_that_does_not_fit_is_refused(function):
    a, b = square(), square()
    expected = function(a, b)
    with pytest.raises(ValueError, match=r"out: expected shape \(4,.*\), got shape \(7,\)"):
        function(a, b, out=np.empty(7))
    with pytest.raises(TypeError, match="out: expected an ndarray, got list"):
        function(a, b, out=[0.0])
    with pytest.raises(TypeError, match="[Cc]ast"):
        function(a, b, out=np.empty(expected.shape, int))
    with pytest.raises(TypeError, match="[Cc]ast"):
        function(a + 0j, b, out=np.empty(expected.shape))
    frozen = np.zeros(expected.shape)
    frozen.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        function(a, b, out=frozen)
    assert not frozen.any()


def test_what_numpy_answers_and_what_is_cast_comes_in_out_too():
    out = np.zeros(3)
    into(ml.dot, 2, np.arange(3.0), out)
    np.testing.assert_array_equal(out, [0, 2, 4])
    half = np.eye(2, dtype=np.float16)
    for dtype in (np.float16, np.float32, np.float64):
        out = np.zeros((2, 2), dtype)
        into(ml.matmul, half, half + half, out)
        np.testing.assert_array_equal(out, 2 * np.eye(2))
    out = np.zeros((2, 2))
    into(ml.matmul, [[1, 2], [3, 4]], [[1, 0], [0, 1]], out)
    np.testing.assert_array_equal(out, [[1, 2], [3, 4]])
    out = np.zeros((), np.int64)
    into(ml.dot, [1, 2], [3, 4], out)
    assert out == 11


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int64", "float32", "float64", "complex64", "complex128"])
def test_multiples_and_sums_are_numpys(dtype):
    x, y = ((RNG.random((2, 3, 50)) * 200).astype(dtype) for _ in range(2))
    for a in (x[0, 0, 0], x[:, :1], x[:1, :, :1]):
        for got, expected in [(linalg.scale(a, x), a * x), (linalg.axpy(a, x, y), a * x + y)]:
            assert got.dtype == expected.dtype
            np.testing.assert_array_equal(got, expected)
            assert not np.shares_memory(got, x)
    np.testing.assert_array_equal(linalg.axpy(a, x[..., ::-2], y[..., ::2]), a * x[..., ::-2] + y[..., ::2])


def test_numbers_of_python_do_not_widen_and_scalars_stay_scalars():
    x = np.ones(4, np.float32)
    assert linalg.scale(2.5, x).dtype == np.float32
    assert linalg.axpy(2, x, 1.0).dtype == np.float32
    assert linalg.scale(1j, x).dtype == np.complex64
    assert linalg.axpy(2, 3, 4) == 10
    assert isinstance(linalg.scale(2.0, 3.0), np.float64)
    assert linalg.scale(2, []).shape == (0,)
    with pytest.raises(ValueError, match="expected shapes that broadcast"):
        linalg.axpy(1.0, np.ones(2), np.ones(3))
    long, more = RNG.standard_normal((2, 300_001))
    np.testing.assert_array_equal(linalg.axpy(0.1, long, more, threads=3), 0.1 * long + more)


def test_sums_differences_and_products_of_elements_have_numpys_names_and_types():
    for name in ("add", "subtract", "multiply"):
        for dtype in ("int8", "uint64", "float16", "float32", "complex128"):
            x = np.arange(1, 4).astype(dtype)
            got, expected = getattr(ml, name)(x, x), getattr(np, name)(x, x)
            assert got.dtype == expected.dtype
            np.testing.assert_array_equal(got, expected)
