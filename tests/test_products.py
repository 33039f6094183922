"""Products: NumPy's rules for shapes and types, exact integers, edges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mlmath_rs as ml

RNG = np.random.default_rng(0)
SHAPES = [
    ((3,), (3,)),
    ((3,), (3, 2)),
    ((2, 3), (3,)),
    ((5, 2, 3), (3, 4)),
    ((2, 3), (5, 3, 4)),
    ((5, 1, 2, 3), (7, 3, 4)),
    ((3,), (5, 3, 4)),
    ((5, 4, 3), (3,)),
    ((2, 0), (0, 3)),
    ((0, 3), (3, 2)),
    ((0, 2, 3), (3, 4)),
    ((4, 20, 30), (30, 25)),
    ((6, 17, 17), (6, 17, 17)),
]


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.int16, np.bool_, np.float16])
@pytest.mark.parametrize(("left", "right"), SHAPES)
def test_matmul_of_any_shapes_is_numpys(left, right, dtype):
    a, b = RNG.integers(0, 5, left).astype(dtype), RNG.integers(0, 5, right).astype(dtype)
    got, expected = ml.matmul(a, b), np.matmul(a, b)
    assert got.dtype == expected.dtype
    assert np.shape(got) == np.shape(expected)
    np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((3,), (3,)),
        ((2, 3), (3,)),
        ((2, 3), (5, 3, 4)),
        ((6, 2, 3), (3,)),
        ((2, 0), (0, 3)),
        ((3,), (2, 3, 4)),
    ],
)
def test_dot_of_any_shapes_is_numpys(left, right):
    a, b = RNG.standard_normal(left), RNG.standard_normal(right)
    np.testing.assert_allclose(ml.dot(a, b), np.dot(a, b), rtol=1e-14)
    assert np.shape(ml.dot(a, b)) == np.shape(np.dot(a, b))


@pytest.mark.parametrize(("a", "b"), [(2, 3), (2, [1, 2]), ([1, 2], 3.0), (np.float32(2), np.eye(2))])
def test_dot_with_a_scalar_multiplies(a, b):
    got, expected = ml.dot(a, b), np.dot(a, b)
    np.testing.assert_array_equal(got, expected)
    assert got.dtype == expected.dtype


@pytest.mark.parametrize(
    ("left", "right"),
    [("int8", "uint8"), ("uint64", "int64"), ("int32", "float32"), ("bool", "int8"), ("float32", "float64")],
)
def test_types_mix_as_in_numpy(left, right):
    a, b = np.ones((3, 3), left), np.ones((3, 3), right)
    assert ml.matmul(a, b).dtype == np.matmul(a, b).dtype


@given(
    st.sampled_from(["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]),
    st.integers(1, 40),
    st.integers(0, 2**32),
)
def test_integer_products_have_numpys_bits(dtype, n, seed):
    rng = np.random.default_rng(seed)
    info = np.iinfo(dtype)
    a = rng.integers(info.min, info.max, (n, n), dtype=dtype, endpoint=True)
    b = rng.integers(info.min, info.max, (n, n), dtype=dtype, endpoint=True)
    np.testing.assert_array_equal(ml.matmul(a, b), np.matmul(a, b))


@given(
    st.sampled_from(["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]),
    st.tuples(st.integers(0, 40), st.integers(0, 300), st.integers(0, 40)),
    st.tuples(st.integers(0, 64), st.integers(0, 64)),
    st.integers(0, 2**32),
)
def test_integers_of_any_size_have_numpys_bits(dtype, shape, shifts, seed):
    rng, limits = np.random.default_rng(seed), np.iinfo(dtype)
    m, k, n = shape

    def numbers(size, shift):
        whole = rng.integers(limits.min, limits.max, size, dtype=dtype, endpoint=True)
        return whole >> min(shift, limits.bits - 1)

    a, b = numbers((m, k), shifts[0]), numbers((n, k), shifts[1]).T
    np.testing.assert_array_equal(ml.matmul(a, b), np.matmul(a, b))
    np.testing.assert_array_equal(ml.matmul(a, b.copy(), threads=2), np.matmul(a, b))


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_a_matrix_times_its_transpose_is_symmetric_to_the_bit(dtype):
    x = RNG.standard_normal((300, 77)).astype(dtype)
    for a in (x, x.T, x[::2], x[:, ::-3]):
        gram = ml.matmul(a.T, a)
        assert gram.tobytes() == gram.T.tobytes()
        np.testing.assert_allclose(gram, np.matmul(a.T, a.copy()), rtol=1e-5, atol=1e-4)


def test_integers_beyond_floats_are_exact():
    a = np.array([[2**40 + 1, 3], [5, 7]])
    expected = np.array([[(2**40 + 1) * 2 + 3, 2**40 + 1 + 3], [17, 12]])
    np.testing.assert_array_equal(ml.matmul(a, np.array([[2, 1], [1, 1]])), expected)


def test_an_overflow_is_wrapped_or_named():
    a = np.array([[1, 1], [2**62, 2**62]])
    b = np.array([[1, 1], [1, 2]])
    np.testing.assert_array_equal(ml.matmul(a, b), np.matmul(a, b))
    with pytest.raises(OverflowError, match=r"matmul: integer overflow, first at index \(1, 0\)"):
        ml.matmul(a, b, overflow="raise")
    np.testing.assert_array_equal(ml.matmul(b, b, overflow="raise"), b @ b)
    with pytest.raises(ValueError, match="overflow: expected one of"):
        ml.matmul(a, b, overflow="saturate")


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("function", "left", "right"),
    [
        ("matmul", (40, 2, 3), (3, 2)),
        ("matmul", (2, 1, 4, 3), (5, 3, 2)),
        ("matmul", (3,), (3, 4)),
        ("matmul", (4, 3), (3,)),
        ("matmul", (3,), (3,)),
        ("dot", (2, 4, 3), (5, 3, 2)),
        ("dot", (4, 3), (3, 2)),
        ("dot", (3,), (3,)),
    ],
)
def test_the_first_entry_that_overflows_is_named_by_its_place_in_the_whole_result(
    function, left, right, seed
):
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, 120, left, np.int16), rng.integers(0, 120, right, np.int16)
    sums = np.asarray(getattr(np, function)(a.astype(np.int64), b.astype(np.int64)))
    bad = np.argwhere(sums > np.iinfo(np.int16).max)
    if not len(bad):
        np.testing.assert_array_equal(getattr(ml, function)(a, b, overflow="raise"), sums)
        return
    first = tuple(int(i) for i in bad[0])
    with pytest.raises(OverflowError) as caught:
        getattr(ml, function)(a, b, overflow="raise", threads=2)
    assert str(caught.value) == f"{function}: integer overflow, first at index {first}"


@pytest.mark.parametrize(("a", "b"), [(2, np.eye(2)), (np.eye(2), 2.0)])
def test_matmul_refuses_scalars(a, b):
    with pytest.raises(ValueError, match="matmul: expected at least one dimension, got a scalar"):
        ml.matmul(a, b)


def test_shapes_that_do_not_fit_are_both_named():
    with pytest.raises(
        ValueError, match=r"matmul: shapes \[2, 3\] and \[2, 3\] do not fit: 3 columns of a, 2 rows of b"
    ):
        ml.matmul(np.ones((2, 3)), np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"do not broadcast"):
        ml.matmul(np.ones((2, 2, 2)), np.ones((3, 2, 2)))


def test_nan_and_inf_go_through():
    a = np.array([[np.nan, 1.0], [np.inf, 1.0]])
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(ml.matmul(a, np.eye(2)), np.matmul(a, np.eye(2)))


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.booleans(), st.booleans())
def test_products_match_numpys_for_any_size_and_order(m, k, n, turn_a, turn_b):
    rng = np.random.default_rng(m + 51 * k + 2601 * n)
    a = rng.standard_normal((k, m)).T if turn_a else rng.standard_normal((m, k))
    b = rng.standard_normal((n, k)).T if turn_b else rng.standard_normal((k, n))
    np.testing.assert_allclose(ml.matmul(a, b), a @ b, rtol=1e-13, atol=1e-13)


def test_float32_sums_are_as_accurate_as_their_length_allows():
    a = np.full((1, 100_000), 0.1, np.float32)
    exact = 100_000 * float(np.float32(0.1)) ** 2
    assert abs(float(ml.matmul(a, a.T)[0, 0]) / exact - 1) < 1e-5


def test_out_casts_as_numpys_ufuncs_do():
    out = np.empty((2, 2), np.float64)
    a = np.ones((2, 2), np.float32)
    assert ml.matmul(a, a, out=out) is out
    np.testing.assert_array_equal(out, 2)


def test_transpose_is_a_view():
    a = np.zeros((2, 3, 4))
    assert np.shares_memory(ml.transpose(a), a)
    assert ml.transpose(a, (1, 0, 2)).shape == (3, 2, 4)
