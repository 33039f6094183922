"""`newton`, and the functions to try optimisers on."""

import math

import numpy as np
import pytest
import scipy.optimize

from mlmath_rs import optimize
from mlmath_rs.errors import TraceError
from mlmath_rs.optimize import newton


def double(x):
    return x**2 + 2 * x + 1


def test_the_tutorials_double_root_is_exact():
    root, result = newton(double, 0, full_output=True)
    assert root == -1.0
    assert (result.multiplicity, result.converged) == (2, True)
    assert (result.route, result.method) == ("traced", "newton")
    assert newton(double, 0) == -1.0
    secant, result = newton(double, 0, method="secant", full_output=True)
    assert secant == pytest.approx(-1, abs=1e-7)
    assert (result.multiplicity, result.method) == (2, "secant")


@pytest.mark.parametrize("x0", [2.0, 3.2, 4.3, 30.0])
def test_double_roots_are_sharp_from_anywhere(x0):
    root, result = newton(lambda x: (x - np.pi) ** 2 * np.exp(x), x0, full_output=True, maxiter=100)
    assert root == pytest.approx(np.pi, abs=1e-8)
    assert result.multiplicity == 2


FUNCTIONS = [
    (lambda x: x**3 - 2 * x - 5, 2.0),
    (lambda x: np.cos(x) - x, 1.0),
    (lambda x: np.exp(x) - 3, 0.0),
    (lambda x: x**2 - 612, 10.0),
    (lambda x: np.log(x) + x, 0.5),
]


@pytest.mark.parametrize(("function", "x0"), FUNCTIONS)
@pytest.mark.parametrize("trace", ["require", "never"])
def test_roots_are_scipys(function, x0, trace):
    root, result = newton(function, x0, trace=trace, full_output=True)
    assert root == pytest.approx(scipy.optimize.newton(function, x0), rel=1e-12)
    assert abs(function(root)) < 1e-9
    assert result.multiplicity == 1
    assert result.route == ("traced" if trace == "require" else "callback")


def test_derivatives_that_are_given_are_used():
    def fun(x, a):
        return x**2 - a

    for second in (None, lambda x, a: 2.0):
        root, result = newton(fun, 1.0, lambda x, a: 2 * x, args=(2,), fprime2=second, full_output=True)
        assert root == pytest.approx(2**0.5, rel=1e-15)
        assert result.method == ("newton" if second is None else "halley")


def test_a_root_at_the_start_takes_no_step():
    for options in ({}, {"trace": "never"}, {"fprime": lambda x: 1.0}):
        root, result = newton(lambda x: x, 0.0, full_output=True, **options)
        assert (root, result.iterations) == (0, 0)


def test_no_root_raises_or_is_reported():
    for options in ({}, {"method": "secant"}, {"fprime": lambda x: 2 * x}):
        with pytest.raises(RuntimeError, match="value is"):
            newton(lambda x: x**2 + 1, 0.5, **options)
        _, result = newton(lambda x: x**2 + 1, 0.5, full_output=True, disp=False, **options)
        assert not result.converged
    with pytest.raises(RuntimeError, match="Derivative was zero"):
        newton(lambda x: x**2 + 1, 0.0)
    with pytest.raises(RuntimeError, match="NaN"):
        newton(np.log, -1.0, trace="require")


def test_between_two_roots_where_the_slope_vanishes_one_of_them_is_found():
    assert abs(newton(lambda x: x**2 - 4, 0.0)) == 2


def test_an_array_of_starts_gives_an_array_of_roots():
    starts = np.array([[1.0, -1.0], [2.0, -5.0]])
    roots = newton(lambda x: x**2 - 4, starts)
    np.testing.assert_allclose(roots, 2 * np.sign(starts), rtol=1e-12)
    a = np.array([1.0, 4.0, 9.0])
    roots = newton(lambda x, a: x**2 - a, np.ones(3), args=(a,))
    np.testing.assert_allclose(roots, [1, 2, 3], rtol=1e-12)
    _, converged, zero_der = newton(lambda x: x**2 + 1, [0.0, 0.5], full_output=True, disp=False)
    assert converged.tolist() == [False, False]
    assert zero_der[0]
    with pytest.raises(RuntimeError, match="2 of 2"):
        newton(lambda x: x**2 + 1, [0.0, 0.5])
    assert newton(double, []).shape == (0,)


def test_what_cannot_be_traced_takes_the_secant_method_and_says_why():
    root, result = newton(lambda x: math.cos(x) - x, 1.0, full_output=True)
    assert root == pytest.approx(0.7390851332151607)
    assert (result.route, result.method) == ("callback", "secant")
    assert "np.exp" in result.route_reason
    with pytest.raises(TraceError):
        newton(lambda x: math.cos(x) - x, 1.0, trace="require")


def test_wrong_arguments_are_refused():
    for options in ({"tol": 0}, {"tol": -1}, {"maxiter": 0}, {"method": "halley"}):
        with pytest.raises(ValueError, match="tol|maxiter|method"):
            newton(double, 0, **options)
    with pytest.raises(TypeError, match="x0"):
        newton(double, 1j)
    with pytest.raises(TypeError):
        newton(3, 0.0)

    def fails(x):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        newton(fails, 0.0, trace="never")


# Rosenbrock's function


@pytest.mark.parametrize("name", ["rosen", "rosen_der", "rosen_hess"])
def test_rosenbrocks_function_accepts_what_numpy_does(name):
    ours, theirs = getattr(optimize, name), getattr(scipy.optimize, name)
    expected = theirs(np.array([1.0, 3.0, 2.0]))
    for x in ([1, 3, 2], np.array([1, 3, 2]), np.array([1.0, 0, 3, 0, 2])[::2], np.array([2.0, 3, 1])[::-1]):
        np.testing.assert_allclose(ours(x), expected)
    single = ours(np.array([1, 3, 2], np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, expected, rtol=1e-6)
    assert np.isnan(ours([np.nan, 1.0])).any()
    with pytest.raises(TypeError, match="rosen"):
        ours(3.0)
    with pytest.raises(TypeError):
        ours([1j, 2])


def test_rosenbrocks_function_of_one_variable_and_of_columns():
    assert optimize.rosen([5.0]) == 0
    assert optimize.rosen([]) == 0
    columns = np.arange(12.0).reshape(3, 4)
    np.testing.assert_allclose(optimize.rosen(columns), scipy.optimize.rosen(columns))
    with pytest.raises(ValueError, match="p: expected 2 elements"):
        optimize.rosen_hess_prod([1.0, 2.0], [1.0])
