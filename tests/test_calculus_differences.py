"""Functions that cannot be traced: differences, their route and their error."""

import math

import mpmath
import numpy as np
import pytest

from mlmath_rs import calculus


def untraceable(x):
    return math.exp(math.sin(x)) if x > 0 else math.cos(x)


def test_the_route_says_why():
    slope = calculus.gradient(untraceable)
    assert slope.route is None
    value = slope(0.5)
    assert slope.route == "differences"
    assert "np.where" in slope.why
    np.testing.assert_allclose(value, math.cos(0.5) * math.exp(math.sin(0.5)), rtol=1e-10)
    assert isinstance(value, float)


def test_integers_are_taken():
    np.testing.assert_allclose(
        calculus.gradient(untraceable, 1), math.cos(1) * math.exp(math.sin(1)), rtol=1e-10
    )


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("x", [1e-2, 0.7, 3.0])
def test_derivatives_agree_with_mpmath_within_their_error(n, x):
    found, report = calculus.derivative(math.gamma, x + 1, n=n, full_output=True)
    exact = float(mpmath.diff(mpmath.gamma, mpmath.mpf(x + 1), n))
    assert report.route == "differences"
    assert abs(found - exact) <= max(100 * report.error, 1e-9 * abs(exact))
    assert abs(found - exact) <= 1e-6 * max(1.0, abs(exact))


def test_arrays_are_differentiated_elementwise():
    x = np.array([[0.1, 0.2, 0.3], [1.0, 2.0, 3.0]])
    found = calculus.derivative(untraceable, x)
    np.testing.assert_allclose(found, np.cos(x) * np.exp(np.sin(x)), rtol=1e-9)


def test_gradients_and_hessians_of_several_variables():
    def f(v):
        return float(v[0]) ** 2 * float(v[1]) + math.exp(v[1])

    x = np.array([1.5, -0.5])
    gradient, report = calculus.gradient(f, x, full_output=True)
    np.testing.assert_allclose(gradient, [2 * x[0] * x[1], x[0] ** 2 + np.exp(x[1])], rtol=1e-9)
    assert report.error.shape == (2,)
    exact = [[2 * x[1], 2 * x[0]], [2 * x[0], np.exp(x[1])]]
    np.testing.assert_allclose(calculus.hessian(f, x), exact, atol=1e-5)
    np.testing.assert_allclose(calculus.compile(f).hvp(x, [1.0, 0.0]), [exact[0][0], exact[0][1]], atol=1e-5)
    value, slopes = calculus.value_and_grad(f, x)
    assert value == f(x)
    np.testing.assert_array_equal(slopes, gradient)


def test_several_numbers():
    def f(x, y):
        return math.hypot(x, y)

    by_x, by_y = calculus.gradient(f, 3, 4)
    np.testing.assert_allclose([by_x, by_y], [0.6, 0.8], rtol=1e-9)


def test_float32_functions_get_larger_steps():
    def f(v):
        return np.float32(math.exp(np.float32(v[0])))

    np.testing.assert_allclose(calculus.gradient(f, [1.0]), [math.e], rtol=1e-3)


def test_a_kink_and_a_missing_derivative_show_in_the_error():
    _, report = calculus.gradient(lambda x: abs(float(x)), 0.0, full_output=True)
    assert report.error > 0.5
    value = calculus.gradient(lambda x: float(x) * math.nan, 1.0)
    assert math.isnan(value)


def test_an_error_of_the_function_passes_through():
    with pytest.raises(ZeroDivisionError):
        calculus.gradient(lambda x: 1 / 0 if x > 0 else 0.0, 1.0)


def test_check_grad_tells_right_from_wrong():
    f = lambda v: math.sin(v[0]) * v[1]  # noqa: E731
    right = lambda v: [math.cos(v[0]) * v[1], math.sin(v[0])]  # noqa: E731
    assert calculus.check_grad(f, right, [0.4, 2.0]) < 1e-8
    assert calculus.check_grad(f, lambda v: [1.0, 1.0], [0.4, 2.0]) > 0.1
    with pytest.raises(ValueError, match="grad: expected"):
        calculus.check_grad(f, lambda v: [1.0], [0.4, 2.0])
