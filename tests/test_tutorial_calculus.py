"""The tutorial's sections 2 and 4, calculus: each program with only its import line changed.

The programs are our own rendering: the same calls on the same expressions and numbers.
"""

import pickle

import numpy
import pytest

from mlmath_rs import calculus
from mlmath_rs import calculus as sp
from mlmath_rs import optimize as opt


def test_gradient_is_a_list_of_derivatives():
    x, y = sp.symbols("x y")
    f = x**2 + 2 * x * y + y**2
    gradient = [sp.diff(f, variable) for variable in (x, y)]
    assert str(f) == "x**2 + 2*x*y + y**2"
    assert str(gradient) == "[2*x + 2*y, 2*x + 2*y]"


def test_partial_derivatives_of_a_symmetric_function_are_equal():
    x, y = sp.symbols("x y")
    f = x**2 + 2 * x * y + y**2
    df_dx, df_dy = sp.diff(f, x), sp.diff(f, y)
    assert df_dx == df_dy
    assert df_dx == 2 * x + 2 * y
    assert df_dx.subs({x: 1, y: 2}) == 6


def test_expressions_survive_pickling():
    x, y = sp.symbols("x y")
    f = x**2 + 2 * x * y + y**2
    assert pickle.loads(pickle.dumps(f)) == f


def test_definite_integral_is_a_third_exactly():
    x = sp.Symbol("x")
    area = sp.integrate(x**2, (x, 0, 1))
    assert str(area) == "1/3"
    assert area == sp.Rational(1, 3)
    assert float(area) == pytest.approx(1 / 3, abs=1e-16)


def test_the_tutorials_own_loop_runs_once_its_gradient_is_defined():
    compute_gradient = calculus.gradient(lambda x: (x - 3) ** 2)

    def gradient_descent(x, learning_rate, num_iterations):
        for _ in range(num_iterations):
            x -= learning_rate * compute_gradient(x)
        return x

    assert gradient_descent(0, 0.1, 100) == pytest.approx(3, abs=1e-8)


def test_newton_finds_the_double_root_to_full_accuracy():
    def function(x):
        return x**2 + 2 * x + 1

    assert opt.newton(function, 0) == pytest.approx(-1, abs=1e-14)
    _, report = opt.newton(function, 0, full_output=True)
    assert report.multiplicity == 2


def test_gradient_vector_of_three_variables():
    x, y, z = sp.symbols("x y z")
    f = x**2 + y**2 + z**2
    assert str([sp.diff(f, variable) for variable in (x, y, z)]) == "[2*x, 2*y, 2*z]"


def test_directional_derivative_is_the_raw_product_for_the_tutorials_direction():
    x, y = sp.symbols("x y")
    f = x**2 + 2 * x * y + y**2
    gradient = [sp.diff(f, variable) for variable in (x, y)]
    assert str(sp.Matrix(gradient).dot(sp.Matrix([1, 1]))) == "4*x + 4*y"


def test_directional_derivative_of_a_function_is_along_a_unit_vector_unless_told_not_to():
    def f(x):
        return x[0] ** 2 + 2 * x[0] * x[1] + x[1] ** 2

    at, direction = numpy.array([1.0, 2.0]), numpy.array([1.0, 1.0])
    assert calculus.directional_derivative(f, at, direction) == pytest.approx(12 / 2**0.5, rel=1e-14)
    assert calculus.directional_derivative(f, at, direction, normalize=False) == pytest.approx(12, rel=1e-14)


def test_hessian_prints_as_a_matrix():
    x, y = sp.symbols("x y")
    f = x**2 + 2 * x * y + y**2
    assert str(sp.hessian(f, (x, y))) == "Matrix([[2, 2], [2, 2]])"
