"""The tutorial that learners bring: each of its programs, with only the import line changed.

The programs are our own rendering: the same calls on the same numbers.
"""

import io
from contextlib import redirect_stdout

import matplotlib
import numpy
import pytest

import mlmath_rs as np
from mlmath_rs import calculus as sp
from mlmath_rs import optimize as opt
from mlmath_rs import stats

matplotlib.use("Agg")
import matplotlib.pyplot as plt


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


def test_partial_derivatives_print_as_sympys():
    x, y = sp.symbols("x y")
    f = x**2 + 2 * x * y + y**2
    assert [str(sp.diff(f, v)) for v in (x, y)] == ["2*x + 2*y", "2*x + 2*y"]


def test_a_definite_integral_is_an_exact_rational():
    x = sp.Symbol("x")
    value = sp.integrate(x**2, (x, 0, 1))
    assert str(value) == "1/3"
    assert value == sp.Rational(1, 3)


def descend(x, learning_rate, num_iterations, compute_gradient):
    for _ in range(num_iterations):
        x -= learning_rate * compute_gradient(x)
    return x


def test_the_tutorials_own_descent_runs_with_the_gradient_it_never_defines():
    compute_gradient = sp.gradient(lambda x: (x - 3) ** 2)
    result = descend(0, 0.1, 100, compute_gradient)
    assert result == pytest.approx(3, abs=1e-8)


def test_newton_finds_a_double_root_to_full_accuracy():
    root = opt.newton(lambda x: x**2 + 2 * x + 1, 0)
    assert root == pytest.approx(-1, abs=1e-15)
    _, report = opt.newton(lambda x: x**2 + 2 * x + 1, 0, full_output=True)
    assert report.converged
    assert report.multiplicity == 2


# 3. Probability and statistics


def test_joint_and_conditional_probability_are_products():
    p_a, p_b, p_b_given_a = 0.4, 0.6, 0.8
    assert p_a * p_b == pytest.approx(0.24)
    joint = np.probability.joint_probability([p_a, 1 - p_a], [[p_b_given_a, 1 - p_b_given_a], [0.5, 0.5]])
    assert joint[0][0] == pytest.approx(0.32)


def test_normal_samples_are_drawn_and_plotted():
    samples = np.random.normal(0, 1, 1000)
    assert samples.shape == (1000,)
    counts, edges, _ = plt.hist(samples, bins="auto")
    ours, our_edges = np.histogram(samples, bins="auto")
    numpy.testing.assert_array_equal(counts, ours)
    numpy.testing.assert_array_equal(edges, our_edges)
    plt.close("all")


def test_bernoulli_samples_are_drawn_and_plotted():
    samples = np.random.binomial(1, 0.7, 1000)
    assert samples.dtype == numpy.int64
    assert set(samples.tolist()) == {0, 1}
    counts, _, _ = plt.hist(samples, bins=[0, 1, 2], align="left")
    assert counts.sum() == 1000
    plt.close("all")


def test_mean_and_standard_deviation():
    data = np.array([1, 2, 3, 4, 5])
    assert np.mean(data) == 3.0
    assert np.std(data) == pytest.approx(2**0.5, abs=1e-15)


# 4. Multivariable calculus


def test_a_gradient_in_three_variables():
    x, y, z = sp.symbols("x y z")
    f = x**2 + y**2 + z**2
    assert [str(sp.diff(f, v)) for v in (x, y, z)] == ["2*x", "2*y", "2*z"]


def test_the_product_with_a_direction_that_is_no_unit_vector():
    x, y = sp.symbols("x y")
    f = x**2 + 2 * x * y + y**2
    gradient = [sp.diff(f, v) for v in (x, y)]
    assert str(sp.Matrix(gradient).dot(sp.Matrix([1, 1]))) == "4*x + 4*y"
    # The named function divides by the length, unless told not to.
    slope = sp.directional_derivative(lambda v: (v[0] + v[1]) ** 2, [1.0, 2.0], [1, 1])
    assert slope == pytest.approx(12 / 2**0.5)
    raw = sp.directional_derivative(lambda v: (v[0] + v[1]) ** 2, [1.0, 2.0], [1, 1], normalize=False)
    assert raw == pytest.approx(12)


def test_a_hessian_prints_as_sympys():
    x, y = sp.symbols("x y")
    assert str(sp.hessian(x**2 + 2 * x * y + y**2, (x, y))) == "Matrix([[2, 2], [2, 2]])"


# 5. Optimisation


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def test_descent_on_the_tutorials_objective():
    compute_gradient = sp.gradient(lambda v: rosenbrock(v[0], v[1]))
    result = descend(numpy.array([0.0, 0.0]), 1e-3, 20000, compute_gradient)
    numpy.testing.assert_allclose(result, [1, 1], atol=2e-3)
    whole = opt.gradient_descent(
        lambda v: rosenbrock(v[0], v[1]), [0, 0], learning_rate=1e-3, max_iterations=20000, tol=0
    )
    numpy.testing.assert_allclose(whole.x, result, rtol=1e-12)


def test_constrained_minimum_with_its_multiplier():
    result = opt.minimize(
        lambda x: x[0] ** 2 + x[1] ** 2,
        x0=[0, 0],
        constraints={"type": "eq", "fun": lambda x: x[0] + x[1] - 1},
    )
    assert result.success
    numpy.testing.assert_allclose(result.x, [0.5, 0.5], atol=1e-9)
    numpy.testing.assert_allclose(result.multipliers, [1.0], atol=1e-9)


# 6. Information theory


def test_entropy_of_a_coin_in_bits():
    assert stats.entropy([0.6, 0.4], base=2) == pytest.approx(0.970951, abs=5e-7)


def test_mutual_information_of_a_table_of_probabilities():
    table = [[0.3, 0.1], [0.2, 0.4]]
    assert stats.mutual_info_score(None, None, contingency=table) == pytest.approx(0.086305, abs=5e-7)


def test_divergence_is_entropy_of_two():
    assert stats.entropy([0.3, 0.7], [0.5, 0.5]) == pytest.approx(0.082283, abs=5e-7)
