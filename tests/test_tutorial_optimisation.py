"""The tutorial's section 5, optimisation: each program with only its import line changed.

The programs are our own rendering: the same calls on the same functions and numbers.
"""

import numpy
import pytest

from mlmath_rs import calculus
from mlmath_rs import optimize as opt


def rosenbrock_function(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def test_the_objective_is_least_at_one_and_its_gradient_takes_two_arguments():
    assert rosenbrock_function(1, 1) == 0
    assert opt.rosen([1, 1]) == 0
    assert calculus.gradient(rosenbrock_function)(0.0, 0.0) == pytest.approx((-2.0, 0.0), abs=1e-15)


def test_the_constraint_is_zero_on_the_line():
    def constraint(x, y):
        return x + y - 1

    assert constraint(0.25, 0.75) == 0


def test_the_tutorials_loop_descends_a_function_of_several_variables():
    compute_gradient = calculus.gradient(lambda x: (x[0] - 1) ** 2 + (x[1] + 2) ** 2)

    def gradient_descent(x, learning_rate, num_iterations):
        for _ in range(num_iterations):
            x -= learning_rate * compute_gradient(x)
        return x

    numpy.testing.assert_allclose(gradient_descent(numpy.zeros(2), 0.1, 200), [1, -2], atol=1e-12)


def test_gradient_descent_does_the_whole_loop():
    found = opt.gradient_descent(lambda x: (x - 3) ** 2, 0, learning_rate=0.1, max_iterations=200)
    assert found.success
    assert found.x[0] == pytest.approx(3, abs=1e-6)


def test_constrained_optimisation_finds_point_and_multiplier_from_a_list_of_ints():
    def objective_function(x):
        return x[0] ** 2 + x[1] ** 2

    def constraint(x):
        return x[0] + x[1] - 1

    result = opt.minimize(objective_function, x0=[0, 0], constraints={"type": "eq", "fun": constraint})
    numpy.testing.assert_allclose(result.x, [0.5, 0.5], atol=1e-10)
    assert result.fun == pytest.approx(0.5, abs=1e-10)
    assert result.success
    numpy.testing.assert_allclose(numpy.ravel(result.multipliers), [1], atol=1e-8)
