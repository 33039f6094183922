"""The trace: NumPy's diagonals, axes and accumulators."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mlmath_rs as ml
from mlmath_rs import linalg

DTYPES = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128"


@given(
    st.sampled_from(DTYPES.split()),
    st.lists(st.integers(0, 5), min_size=2, max_size=4),
    st.integers(-6, 6),
    st.data(),
)
def test_every_type_shape_and_diagonal_is_numpys(dtype, shape, offset, data):
    rank = len(shape)
    axis1, axis2 = data.draw(st.permutations(range(-rank, 0)))[:2]
    a = np.arange(np.prod(shape)).reshape(shape).astype(dtype)
    got, expected = ml.trace(a, offset, axis1, axis2), np.trace(a, offset, axis1, axis2)
    assert got.dtype == expected.dtype
    assert type(got) is type(expected)
    np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("dtype", ["int32", "uint8", "float32", "complex128", "float16"])
def test_dtype_is_what_is_summed_in_and_returned(dtype):
    a = np.full((3, 3), 100)
    got, expected = ml.trace(a, dtype=dtype), np.trace(a, dtype=dtype)
    assert got.dtype == expected.dtype
    assert got == expected
    assert linalg.trace(a, dtype=dtype) == expected


def test_out_is_filled_and_returned():
    a = np.arange(24.0).reshape(2, 3, 4)
    out = np.empty(2)
    assert ml.trace(a, axis1=1, axis2=2, out=out) is out
    np.testing.assert_array_equal(out, linalg.trace(a))
    whole = np.empty((), np.float32)
    assert ml.trace(a[0], dtype=np.float64, out=whole) is whole
    assert whole == np.trace(a[0])


def test_the_linalg_form_sums_over_the_last_two_axes():
    a = np.random.default_rng(0).standard_normal((4, 5, 3, 3))
    np.testing.assert_allclose(linalg.trace(a, offset=-1), np.linalg.trace(a, offset=-1), rtol=1e-14)


def test_any_layout_and_lists_are_read():
    a = np.arange(20.0).reshape(4, 5)
    for view in (a[::-1], a[:, ::-2], a.T, a.astype(">f8"), a.tolist()):
        assert ml.trace(view) == np.trace(view)


@pytest.mark.parametrize(
    ("shape", "arguments", "match"),
    [
        ((3,), {}, "a: expected at least two dimensions, got 1"),
        ((), {}, "a: expected at least two dimensions, got 0"),
        ((2, 2), {"axis1": 2}, "axis1: axis 2 is out of bounds for 2 dimensions"),
        ((2, 2), {"axis2": -3}, "axis2: axis -3 is out of bounds for 2 dimensions"),
        ((2, 2), {"axis1": 1}, "axis2: expected another axis than axis1"),
    ],
)
def test_what_has_no_diagonal_is_refused(shape, arguments, match):
    with pytest.raises(ValueError, match=match):
        ml.trace(np.ones(shape), **arguments)


def test_what_holds_no_numbers_is_a_type_error():
    with pytest.raises(TypeError, match="trace: expected numbers"):
        ml.trace([["a", "b"], ["c", "d"]])
