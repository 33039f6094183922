"""Mean, variance, median, histogram: NumPy's meaning on any axes and types; what NumPy loses."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mlmath_rs as ml

RNG = np.random.default_rng(0)
NAMES = ["mean", "var", "std", "median"]
AXES = [None, 0, 1, 2, -1, (0, 1), (0, 2), (2, 1), (0, 1, 2), ()]
TYPES = ["float64", "float32", "float16", "int64", "int8", "uint64", "bool"]


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("axis", AXES, ids=str)
@pytest.mark.parametrize("name", NAMES)
def test_any_axes_of_any_type_are_numpys(name, axis, dtype):
    if name == "median" and axis == ():
        return  # NumPy itself refuses it
    a = (RNG.standard_normal((3, 5, 4)) * 20 + 30).astype(dtype)
    if dtype == "bool" and name == "median":
        a = a.astype("uint8")  # NumPy's median of bool is an error of its own making
    for keepdims in (False, True):
        got = getattr(ml, name)(a, axis, keepdims=keepdims)
        expected = getattr(np, name)(a.astype("float64"), axis, keepdims=keepdims)
        assert np.shape(got) == np.shape(expected)
        assert got.dtype == getattr(np, name)(a, axis).dtype
        scale = {"float16": 2e-3, "float32": 1e-6}.get(dtype, 1e-13)
        np.testing.assert_allclose(np.asarray(got, float), expected, rtol=scale, atol=scale)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("axis", [0, 1, None])
def test_float32_is_accurate_on_every_axis_and_order(axis, order):
    a = np.ones((1_000_000, 2), np.float32, order=order)
    np.testing.assert_array_equal(ml.mean(a, axis=axis), 1)
    b = np.full((1_000_000, 2), 0.1, np.float32, order=order)
    np.testing.assert_allclose(ml.mean(b, axis=axis), np.float32(0.1), rtol=1e-7)


def test_an_offset_of_1e8_costs_no_digits():
    x = 1e8 + np.arange(1000) / 1000
    exact = (1000**2 - 1) / 12 / 1e6
    np.testing.assert_allclose(ml.var(x), exact, rtol=1e-7)
    np.testing.assert_allclose(ml.var(np.stack([x, x], axis=1), axis=0), exact, rtol=1e-7)


def test_complex_numbers_have_the_mean_square_distance():
    z = RNG.standard_normal((50, 3)) + 1j * RNG.standard_normal((50, 3))
    np.testing.assert_allclose(ml.mean(z, axis=0), z.mean(axis=0), rtol=1e-13)
    np.testing.assert_allclose(ml.var(z, axis=0), z.var(axis=0), rtol=1e-13)
    np.testing.assert_allclose(ml.std(z), z.std(), rtol=1e-13)


def test_ddof_and_correction_are_one_thing():
    x = RNG.standard_normal(10)
    assert ml.var(x, ddof=1) == ml.var(x, correction=1)
    np.testing.assert_allclose(ml.std(x, ddof=1), np.std(x, ddof=1), rtol=1e-14)
    with pytest.raises(ValueError, match="ddof and correction"):
        ml.var(x, ddof=1, correction=1)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_has_no_statistic(name):
    with pytest.warns(RuntimeWarning):
        assert np.isnan(getattr(ml, name)([]))
    with pytest.warns(RuntimeWarning):
        assert np.isnan(getattr(ml, name)(np.empty((3, 0)), axis=1)).all()


def test_too_few_degrees_of_freedom_warn():
    with pytest.warns(RuntimeWarning, match="Degrees of freedom"):
        assert np.isnan(ml.var([1.0], ddof=1))


@pytest.mark.parametrize("name", NAMES)
def test_nan_goes_through(name):
    assert np.isnan(getattr(ml, name)([1.0, np.nan, 2.0]))


def test_an_axis_that_does_not_exist_is_refused():
    with pytest.raises(np.exceptions.AxisError):
        ml.mean(np.ones((2, 3)), axis=2)


def test_out_and_dtype_are_numpys():
    a = RNG.standard_normal((4, 3))
    out = np.empty(3)
    assert ml.mean(a, axis=0, out=out) is out
    np.testing.assert_allclose(out, a.mean(axis=0))
    assert ml.mean(a, dtype=np.float32).dtype == np.float32


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60),
    st.integers(1, 30),
    st.booleans(),
)
def test_counts_are_numpys_for_any_data(data, bins, rounded):
    x = np.round(data, 1) if rounded else np.array(data)
    for got, expected in zip(ml.histogram(x, bins), np.histogram(x, bins)):
        np.testing.assert_array_equal(got, expected)


def test_counts_are_numpys_on_grids_whose_data_lie_on_edges():
    rng = np.random.default_rng(7)
    for _ in range(2000):
        bins = int(rng.integers(1, 80))
        low = rng.choice([0.0, -1.0, 0.1, 1e6, -3.3])
        high = low + rng.choice([1.0, 0.7, 10.0, 1e-3])
        edges = np.linspace(low, high, bins + 1)
        x = np.concatenate(
            [edges, np.nextafter(edges, 9e9), np.nextafter(edges, -9e9), rng.uniform(low, high, 9)]
        )
        np.testing.assert_array_equal(
            ml.histogram(x, bins, (low, high))[0], np.histogram(x, bins, (low, high))[0]
        )


@pytest.mark.parametrize("rule", ["auto", "fd", "doane", "scott", "stone", "rice", "sturges", "sqrt"])
@pytest.mark.parametrize("size", [1, 2, 3, 10, 500])
@pytest.mark.parametrize("kind", ["float64", "float32", "int64", "constant"])
def test_rules_by_name_are_numpys(rule, size, kind):
    if (rule, kind) == ("stone", "float32"):
        return  # many numbers of bins are equally good to float32, in which NumPy compares them
    x = RNG.standard_normal(size) * 10
    x = np.ones(size) if kind == "constant" else x.astype(kind)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        expected = np.histogram(x, rule)
    for got, wanted in zip(ml.histogram(x, rule), expected):
        np.testing.assert_allclose(got, wanted, rtol=1e-6)


@pytest.mark.parametrize(
    "call",
    [
        lambda h: h([], 3),
        lambda h: h([5, 5, 5], 4),
        lambda h: h(np.array([True, False, True]), 2),
        lambda h: h(np.array([250, 3, 7], np.uint8), 5),
        lambda h: h(np.array([-100, 100, 127], np.int8), 7),
        lambda h: h([1, 2, 3, 4], [0, 2, 3]),
        lambda h: h([1.0, 2.0, np.nan], [0, 2, 3]),
        lambda h: h([1, 2, 3], 3, (0, 10), True),
        lambda h: h([1, 2, 3], 3, None, None, [0.5, 2, 1]),
        lambda h: h([1, 2, 3], 3, None, None, [5, 2, 1]),
        lambda h: h([1, 2, 3], 3, None, True, [1j, 2, 1]),
        lambda h: h(np.arange(12).reshape(3, 4), 5),
    ],
)
def test_histograms_of_all_kinds_are_numpys(call):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # NumPy's, of bool
        wanted = call(np.histogram)
    for got, expected in zip(call(ml.histogram), wanted):
        np.testing.assert_allclose(got, expected, rtol=1e-14)
        assert got.dtype == expected.dtype


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (([1.0], 0), "bins: expected at least 1, got 0"),
        (([1.0], "best"), "bins: expected one of"),
        (([1.0], [2, 1]), "edges that ascend"),
        (([1.0], 3, (2, 1)), "range: expected to ascend"),
        (([1.0], 3, (0, np.inf)), "range: expected finite"),
        (([1.0, np.nan], 3), "give a finite range"),
        (([1.0], 3, None, None, [1, 2]), "weights: expected shape"),
    ],
)
def test_impossible_histograms_are_refused(arguments, match):
    with pytest.raises(ValueError, match=match):
        ml.histogram(*arguments)


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "bool", "complex128"])
@pytest.mark.parametrize("axis", [None, 0, 1, (0, 2), -1], ids=str)
@pytest.mark.parametrize("name", ["mean", "var", "std"])
def test_what_where_leaves_out_does_not_count(name, axis, dtype):
    a = (RNG.standard_normal((3, 5, 4)) * 5).astype(dtype)
    for where in (RNG.random((3, 5, 4)) < 0.7, np.array([True, False, True, True])):
        for keepdims in (False, True):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)  # of slices that are left empty
                got = getattr(ml, name)(a, axis, where=where, keepdims=keepdims)
                expected = getattr(np, name)(a, axis, where=where, keepdims=keepdims)
            np.testing.assert_allclose(got, expected, rtol=2e-6 if dtype == "float32" else 1e-12)
            assert np.shape(got) == np.shape(expected) and got.dtype == expected.dtype


def test_a_slice_that_where_empties_is_nan_with_numpys_warning():
    where = np.array([[True, True], [False, False]])
    with pytest.warns(RuntimeWarning, match="Mean of empty slice"):
        np.testing.assert_array_equal(ml.mean(np.ones((2, 2)), axis=1, where=where), [1, np.nan])
    with pytest.warns(RuntimeWarning, match="Degrees of freedom"):
        np.testing.assert_array_equal(ml.var(np.ones((2, 2)), axis=1, where=where), [0, np.nan])
    with pytest.raises(TypeError, match="where: expected bool"):
        ml.mean([1.0, 2.0], where=[1, 0])


@pytest.mark.parametrize("axis", [None, 0, (0, 1), -1], ids=str)
def test_a_mean_that_is_given_is_what_distances_are_taken_from(axis):
    a = RNG.standard_normal((4, 5, 3))
    for mean in (np.mean(a, axis=axis, keepdims=True), np.mean(a, axis=axis, keepdims=True) + 0.5):
        for name in ("var", "std"):
            got = getattr(ml, name)(a, axis=axis, mean=mean, ddof=1)
            np.testing.assert_allclose(got, getattr(np, name)(a, axis=axis, mean=mean, ddof=1), rtol=1e-13)


def test_masked_elements_do_not_count():
    a = np.ma.array([1.0, 2.0, 90.0], mask=[False, False, True])
    assert ml.mean(a) == 1.5 and ml.var(a, ddof=1) == 0.5
