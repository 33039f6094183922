"""Functions of each element: NumPy's rules for shapes, types, `out=`, and foreign arguments."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mlmath_rs as ml
from mlmath_rs import special

FUNCTIONS = [getattr(special, name) for name in special.__all__]
NUMPYS = [name for name in special.__all__ if hasattr(np, name)]


def name(function):
    return function.__name__


@pytest.mark.parametrize("function", FUNCTIONS, ids=name)
@pytest.mark.parametrize("shape", [(), (0,), (1,), (5,), (2, 3), (2, 0, 3), (2, 1, 3, 2)])
def test_the_result_has_the_shape_and_dtype_of_the_argument(function, shape):
    for dtype in (np.float64, np.float32):
        result = function(np.ones(shape, dtype))
        assert result.shape == shape and result.dtype == dtype
        assert isinstance(result, np.generic if shape == () else np.ndarray)


@pytest.mark.parametrize("function", FUNCTIONS, ids=name)
def test_any_layout_list_or_integer_is_read(function):
    a = np.linspace(0.1, 0.9, 24).reshape(4, 6)
    expected = function(a)
    for view in (a.T, a[::2, ::3], a[::-1, ::-1], np.asfortranarray(a), a.astype(">f8")):
        index = function(np.ascontiguousarray(view, dtype=float))
        np.testing.assert_array_equal(function(view), index)
    np.testing.assert_array_equal(function(a.tolist()), expected)
    assert function([[1, 1]]).dtype == np.float64
    assert function(1) == function(np.int8(1)) == function(1.0)
    assert type(function(1.0)) is np.float64
    assert type(function(np.float32(1))) is np.float32
    assert function(np.ones(2, np.float16)).dtype == np.float16


@pytest.mark.parametrize("function", FUNCTIONS, ids=name)
def test_a_slice_has_the_bits_of_its_elements(function):
    x = np.linspace(-3, 3, 1001)
    np.testing.assert_array_equal(function(x), [function(float(v)) for v in x])


@pytest.mark.parametrize("function", FUNCTIONS, ids=name)
def test_out_is_filled_and_returned(function):
    x = np.linspace(0.1, 0.9, 7)
    expected = function(x)
    out = np.empty(7)
    assert function(x, out=out) is out
    np.testing.assert_array_equal(out, expected)
    assert function(x, out=x) is x
    np.testing.assert_array_equal(x, expected)
    strided = np.zeros(14)[::2]
    assert function(np.linspace(0.1, 0.9, 7), strided) is strided
    np.testing.assert_array_equal(strided, expected)
    half = np.empty(1, np.float16)
    assert function(np.full(1, 0.5, np.float16), out=half) is half
    with pytest.raises(ValueError, match="out"):
        function(np.ones(3), out=np.empty(4))
    with pytest.raises(TypeError):
        function(np.ones(3), out=np.empty(3, int))


@pytest.mark.parametrize("function", FUNCTIONS, ids=name)
def test_inputs_are_not_changed_and_threads_do_not_matter(function):
    x = np.random.default_rng(0).uniform(0.01, 0.99, 100_001)
    before = x.copy()
    one, two = function(x, threads=1), function(x, threads=3)
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("function", FUNCTIONS, ids=name)
def test_what_is_no_number_is_refused(function):
    for bad in ("one", None, [object()], np.array(["a"]), {}):
        with pytest.raises(TypeError):
            function(bad)
    with pytest.raises(ValueError):
        function([[1, 2], [3]])


@pytest.mark.parametrize("called", NUMPYS)
def test_complex_numbers_are_numpys(called):
    z = np.array([0.5 + 1j, -2j])
    np.testing.assert_array_equal(getattr(special, called)(z), getattr(np, called)(z))


@pytest.mark.parametrize("called", sorted(set(special.__all__) - set(NUMPYS)))
def test_complex_numbers_are_refused_where_numpy_has_no_function(called):
    with pytest.raises(TypeError, match="real"):
        getattr(special, called)(1j)


class Answering:
    """An argument that brings its own meaning."""

    def __array_ufunc__(self, ufunc, method, *inputs):
        return ufunc.__name__, method, inputs


@pytest.mark.parametrize("function", FUNCTIONS, ids=name)
def test_an_argument_with_its_own_meaning_is_asked(function):
    x = Answering()
    assert function(x) == (function.__name__, "__call__", (x,))


def test_numpys_names_stand_at_the_top():
    for called in NUMPYS:
        assert getattr(ml, called) is getattr(special, called)


@given(st.floats(allow_nan=False))
def test_odd_functions_are_odd_and_even_ones_even(x):
    for odd in (special.erf, special.sin, special.tanh, special.sinh, special.arctan, special.arcsinh):
        np.testing.assert_equal(odd(-x), -odd(x))
    for even in (special.cos, special.cosh):
        np.testing.assert_equal(even(-x), even(x))


@given(st.floats(-700, 700))
def test_the_logarithm_undoes_the_exponential(x):
    assert special.log(special.exp(x)) == pytest.approx(x, rel=1e-14, abs=1e-15)


@given(st.floats(-37, 5))
def test_quantiles_undo_probabilities(x):
    p = special.ndtr(x)
    # What one unit in the last place of the probability is worth.
    slack = np.spacing(p) / (np.exp(-x * x / 2) / np.sqrt(2 * np.pi))
    assert abs(special.ndtri(p) - x) <= slack + 4 * np.spacing(abs(x))


@given(st.floats(-8, 8))
def test_the_two_tails_are_one(x):
    assert special.ndtr(x) + special.ndtr(-x) == pytest.approx(1, abs=3e-16)
    assert special.erf(x) + special.erfc(x) == pytest.approx(1, abs=5e-16)
