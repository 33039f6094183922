"""The tutorial that learners bring: each of its programs, with only the import line changed.

The programs are our own rendering: the same calls on the same numbers.
"""

import io
from contextlib import redirect_stdout

import numpy
import pytest

import mlmath_rs as np
from mlmath_rs import calculus as sp
from mlmath_rs import optimize as opt
from mlmath_rs import stats


def printed(value):
    stream = io.StringIO()
    with redirect_stdout(stream):
        print(value)
    return stream.getvalue().rstrip("\n")


# 1. Linear algebra


def test_vectors_add_and_scale():
    assert printed(np.array([1, 2, 3]) + np.array([4, 5, 6])) == "[5 7 9]"
    assert printed(2 * np.array([1, 2, 3])) == "[2 4 6]"


def test_dot_of_two_integer_vectors_is_an_integer():
    result = np.dot(np.array([1, 2, 3]), np.array([4, 5, 6]))
    assert printed(result) == "32"
    assert result.dtype == numpy.int64


def test_matmul_of_integers_stays_integer():
    result = np.matmul(np.array([[1, 2], [3, 4]]), np.array([[5, 6], [7, 8]]))
    assert printed(result) == "[[19 22]\n [43 50]]"


def test_transpose_flips_rows_and_columns():
    assert printed(np.transpose(np.array([[1, 2], [3, 4]]))) == "[[1 3]\n [2 4]]"


def test_inverse_of_integers_is_float():
    assert printed(np.linalg.inv(np.array([[1, 2], [3, 4]]))) == "[[-2.   1. ]\n [ 1.5 -0.5]]"


def test_eig_unpacks_and_prints_as_the_tutorial_shows():
    values, vectors = np.linalg.eig(np.array([[2, 1], [1, 2]]))
    assert printed(values) == "[3. 1.]"
    assert printed(vectors) == "[[ 0.70710678 -0.70710678]\n [ 0.70710678  0.70710678]]"


# 2. Calculus


def test_gradient_of_an_expression():
    x, y = sp.symbols("x y")
    f = x**2 + 2 * x * y + y**2
    assert printed(f) == "x**2 + 2*x*y + y**2"
    assert printed([sp.diff(f, variable) for variable in (x, y)]) == "[2*x + 2*y, 2*x + 2*y]"
    assert printed(sp.diff(f, y)) == "2*x + 2*y"


def test_definite_integral_is_a_third():
    x = sp.Symbol("x")
    assert printed(sp.integrate(x**2, (x, 0, 1))) == "1/3"


def test_gradient_descent_finds_the_minimum_of_a_parabola():
    result = opt.gradient_descent(lambda x: x[0] ** 2, [5], learning_rate=0.1, max_iterations=1000)
    assert result.success
    assert abs(result.x[0]) < 1e-6


def test_newton_finds_a_double_root_to_the_last_digit():
    def function(x):
        return x**2 + 2 * x + 1

    assert printed(opt.newton(function, 0)) == "-1.0"
    assert opt.newton(function, 0, full_output=True)[1].multiplicity == 2


# 3. Probability and statistics


def test_mean_and_standard_deviation():
    data = np.array([1, 2, 3, 4, 5])
    assert np.mean(data) == 3.0
    assert np.std(data) == pytest.approx(2**0.5, abs=1e-15)


# 4. Multivariable calculus


def test_gradient_of_three_variables():
    x, y, z = sp.symbols("x y z")
    f = x**2 + y**2 + z**2
    assert printed([sp.diff(f, variable) for variable in (x, y, z)]) == "[2*x, 2*y, 2*z]"


def test_directional_derivative_by_a_matrix_product():
    x, y = sp.symbols("x y")
    f = x**2 + 2 * x * y + y**2
    gradient = [sp.diff(f, variable) for variable in (x, y)]
    assert printed(sp.Matrix(gradient).dot(sp.Matrix([1, 1]))) == "4*x + 4*y"


def test_hessian_of_an_expression():
    x, y = sp.symbols("x y")
    assert printed(sp.hessian(x**2 + 2 * x * y + y**2, (x, y))) == "Matrix([[2, 2], [2, 2]])"


# 5. Optimisation


def test_rosenbrocks_function_is_minimised():
    def rosenbrock_function(x):
        return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2

    result = opt.minimize(rosenbrock_function, x0=[-1, 1])
    assert result.success
    assert printed(result.x.round(6)) == "[1. 1.]"


def test_a_constrained_minimum_comes_with_its_multiplier():
    def objective_function(x):
        return x[0] ** 2 + x[1] ** 2

    def constraint(x):
        return x[0] + x[1] - 1

    result = opt.minimize(objective_function, x0=[0, 0], constraints={"type": "eq", "fun": constraint})
    assert printed(result.x) == "[0.5 0.5]"
    assert result.multipliers == pytest.approx([1])
    assert result.certificate.holds


# 6. Information theory


def test_entropy_of_a_coin_in_bits():
    assert stats.entropy([0.6, 0.4], base=2) == pytest.approx(0.970951, abs=5e-7)


def test_mutual_information_of_a_table_of_probabilities():
    table = [[0.3, 0.1], [0.2, 0.4]]
    assert stats.mutual_info_score(None, None, contingency=table) == pytest.approx(0.086305, abs=5e-7)


def test_divergence_is_entropy_of_two():
    assert stats.entropy([0.3, 0.7], [0.5, 0.5]) == pytest.approx(0.082283, abs=5e-7)
