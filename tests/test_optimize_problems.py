"""Textbook problems with known minima and multipliers: success if and only if it is a minimum."""

import numpy as np
import pytest
import scipy.optimize

from mlmath_rs import optimize

minimize = optimize.minimize


def himmelblau(x):
    return (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2


def beale(x):
    return (
        (1.5 - x[0] + x[0] * x[1]) ** 2
        + (2.25 - x[0] + x[0] * x[1] ** 2) ** 2
        + (2.625 - x[0] + x[0] * x[1] ** 3) ** 2
    )


def powell(x):
    return (x[0] + 10 * x[1]) ** 2 + 5 * (x[2] - x[3]) ** 2 + (x[1] - 2 * x[2]) ** 4 + 10 * (x[0] - x[3]) ** 4


def wood(x):
    return (
        100 * (x[1] - x[0] ** 2) ** 2
        + (1 - x[0]) ** 2
        + 90 * (x[3] - x[2] ** 2) ** 2
        + (1 - x[2]) ** 2
        + 10.1 * ((x[1] - 1) ** 2 + (x[3] - 1) ** 2)
        + 19.8 * (x[1] - 1) * (x[3] - 1)
    )


# name: objective, start, minimum's value, minimum or None where there are several or it is flat
UNCONSTRAINED = {
    "sphere": (lambda x: (x**2).sum(), [3.0, -4.0, 5.0], 0.0, [0, 0, 0]),
    "rosenbrock": (optimize.rosen, [-1.2, 1.0], 0.0, [1, 1]),
    "rosenbrock 5": (optimize.rosen, [1.3, 0.7, 0.8, 1.9, 1.2], 0.0, [1] * 5),
    "booth": (lambda x: (x[0] + 2 * x[1] - 7) ** 2 + (2 * x[0] + x[1] - 5) ** 2, [0.0, 0.0], 0.0, [1, 3]),
    "beale": (beale, [1.0, 1.0], 0.0, [3, 0.5]),
    "himmelblau": (himmelblau, [0.0, 0.0], 0.0, [3, 2]),
    "matyas": (lambda x: 0.26 * (x[0] ** 2 + x[1] ** 2) - 0.48 * x[0] * x[1], [5.0, -7.0], 0.0, [0, 0]),
    "powell": (powell, [3.0, -1.0, 0.0, 1.0], 0.0, None),
    "wood": (wood, [-3.0, -1.0, -3.0, -1.0], 0.0, [1, 1, 1, 1]),
    "log-sum": (lambda x: np.log(np.exp(x[0]) + np.exp(-2 * x[0])), [3.0], np.log(1.5 * 2 ** (1 / 3)), None),
    "large offset": (lambda x: 1e6 + (x[0] - 1) ** 2, [5.0], 1e6, None),
    "scaled up": (lambda x: 1e6 * optimize.rosen(x), [-1.2, 1.0], 0.0, [1, 1]),
    "scaled down": (lambda x: 1e-6 * optimize.rosen(x), [-1.2, 1.0], 0.0, [1, 1]),
}  # fmt: skip


@pytest.mark.parametrize("trace", ["require", "never"])
@pytest.mark.parametrize("name", UNCONSTRAINED)
def test_bfgs_finds_the_minimum_with_exact_derivatives_and_with_differences(name, trace):
    fun, x0, value, x = UNCONSTRAINED[name]
    result = minimize(fun, x0, trace=trace)
    assert result.success, result
    assert result.route == ("traced" if trace == "require" else "callback")
    assert result.fun == pytest.approx(value, abs=1e-8 * max(1, abs(value)))
    if x is not None:
        np.testing.assert_allclose(result.x, x, atol=1e-5)
    theirs = scipy.optimize.minimize(fun, x0)
    assert result.fun <= theirs.fun + 1e-8 * max(1, abs(value))


def hs(number, fun, x0, x, value, constraints=(), bounds=None, multipliers=None):
    return pytest.param((fun, x0, x, value, constraints, bounds, multipliers), id=f"HS{number}")


def eq(fun):
    return {"type": "eq", "fun": fun}


def ineq(fun):
    return {"type": "ineq", "fun": fun}


def rosenbrock(x):
    return 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2


# Hock and Schittkowski, Test examples for nonlinear programming codes, 1981; multipliers by hand.
HOCK_SCHITTKOWSKI = [
    hs(1, rosenbrock, [-2, 1], [1, 1], 0, bounds=[(None, None), (-1.5, None)]),
    hs(3, lambda x: x[1] + 1e-5 * (x[1] - x[0]) ** 2, [10, 1], [0, 0], 0, bounds=[(None, None), (0, None)]),
    hs(4, lambda x: (x[0] + 1) ** 3 / 3 + x[1], [1.125, 0.125], [1, 0], 8 / 3, bounds=[(1, None), (0, None)]),
    hs(6, lambda x: (1 - x[0]) ** 2, [-1.2, 1], [1, 1], 0, eq(lambda x: 10 * (x[1] - x[0] ** 2)), None, [0]),
    hs(
        7, lambda x: np.log(1 + x[0] ** 2) - x[1], [2, 2], [0, 3**0.5], -(3**0.5),
        eq(lambda x: (1 + x[0] ** 2) ** 2 + x[1] ** 2 - 4), None, [-1 / (2 * 3**0.5)],
    ),
    hs(
        10, lambda x: x[0] - x[1], [-10, 10], [0, 1], -1,
        ineq(lambda x: -3 * x[0] ** 2 + 2 * x[0] * x[1] - x[1] ** 2 + 1), None, [0.5],
    ),
    hs(
        12, lambda x: x[0] ** 2 / 2 + x[1] ** 2 - x[0] * x[1] - 7 * x[0] - 7 * x[1], [0, 0], [2, 3], -30,
        ineq(lambda x: 25 - 4 * x[0] ** 2 - x[1] ** 2), None, [0.5],
    ),
    hs(
        14, lambda x: (x[0] - 2) ** 2 + (x[1] - 1) ** 2, [2, 2], [(7**0.5 - 1) / 2, (7**0.5 + 1) / 4],
        9 - 2.875 * 7**0.5,
        [ineq(lambda x: 1 - x[0] ** 2 / 4 - x[1] ** 2), eq(lambda x: x[0] - 2 * x[1] + 1)], None,
        [1.846591, -1.594491],
    ),
    hs(
        21, lambda x: 0.01 * x[0] ** 2 + x[1] ** 2 - 100, [-1, -1], [2, 0], -99.96,
        ineq(lambda x: 10 * x[0] - x[1] - 10), [(2, 50), (-50, 50)], [0],
    ),
    hs(
        22, lambda x: (x[0] - 2) ** 2 + (x[1] - 1) ** 2, [2, 2], [1, 1], 1,
        [ineq(lambda x: 2 - x[0] - x[1]), ineq(lambda x: x[1] - x[0] ** 2)], None, [2 / 3, 2 / 3],
    ),
    hs(
        28, lambda x: (x[0] + x[1]) ** 2 + (x[1] + x[2]) ** 2, [-4, 1, 1], [0.5, -0.5, 0.5], 0,
        eq(lambda x: x[0] + 2 * x[1] + 3 * x[2] - 1), None, [0],
    ),
    hs(
        35, lambda x: 9 - 8 * x[0] - 6 * x[1] - 4 * x[2] + 2 * x[0] ** 2 + 2 * x[1] ** 2 + x[2] ** 2
        + 2 * x[0] * x[1] + 2 * x[0] * x[2], [0.5, 0.5, 0.5], [4 / 3, 7 / 9, 4 / 9], 1 / 9,
        ineq(lambda x: 3 - x[0] - x[1] - 2 * x[2]), [(0, None)] * 3, [2 / 9],
    ),
    hs(
        39, lambda x: -x[0], [2, 2, 2, 2], [1, 1, 0, 0], -1,
        [eq(lambda x: x[1] - x[0] ** 3 - x[2] ** 2), eq(lambda x: x[0] ** 2 - x[1] - x[3] ** 2)], None,
        [1, 1],
    ),
    hs(
        43, lambda x: x[0] ** 2 + x[1] ** 2 + 2 * x[2] ** 2 + x[3] ** 2 - 5 * x[0] - 5 * x[1] - 21 * x[2]
        + 7 * x[3],
        [0, 0, 0, 0], [0, 1, 2, -1], -44,
        [
            ineq(lambda x: 8 - x[0] ** 2 - x[1] ** 2 - x[2] ** 2 - x[3] ** 2 - x[0] + x[1] - x[2] + x[3]),
            ineq(lambda x: 10 - x[0] ** 2 - 2 * x[1] ** 2 - x[2] ** 2 - 2 * x[3] ** 2 + x[0] + x[3]),
            ineq(lambda x: 5 - 2 * x[0] ** 2 - x[1] ** 2 - x[2] ** 2 - 2 * x[0] + x[1] + x[3]),
        ], None, [1, 0, 2],
    ),
    hs(
        71, lambda x: x[0] * x[3] * (x[0] + x[1] + x[2]) + x[2], [1, 5, 5, 1],
        [1, 4.7429994, 3.8211503, 1.3794082], 17.0140173,
        [
            ineq(lambda x: x[0] * x[1] * x[2] * x[3] - 25),
            eq(lambda x: x[0] ** 2 + x[1] ** 2 + x[2] ** 2 + x[3] ** 2 - 40),
        ], [(1, 5)] * 4, [0.5522937, -0.1614686],
    ),
    hs(
        76, lambda x: x[0] ** 2 + 0.5 * x[1] ** 2 + x[2] ** 2 + 0.5 * x[3] ** 2 - x[0] * x[2] + x[2] * x[3]
        - x[0] - 3 * x[1] + x[2] - x[3], [0.5] * 4, [3 / 11, 23 / 11, 0, 6 / 11], -4.681818,
        [
            ineq(lambda x: 5 - x[0] - 2 * x[1] - x[2] - x[3]),
            ineq(lambda x: 4 - 3 * x[0] - x[1] - 2 * x[2] + x[3]),
            ineq(lambda x: x[1] + 4 * x[2] - 1.5),
        ], [(0, None)] * 4, [5 / 11, 0, 0],
    ),
]  # fmt: skip


@pytest.mark.parametrize("trace", ["require", "never"])
@pytest.mark.parametrize("problem", HOCK_SCHITTKOWSKI)
def test_sqp_finds_the_minimum_and_its_multipliers(problem, trace):
    fun, x0, x, value, constraints, bounds, multipliers = problem
    result = minimize(fun, x0, constraints=constraints, bounds=bounds, trace=trace)
    assert result.success, result
    assert result.fun == pytest.approx(value, abs=2e-6)
    np.testing.assert_allclose(result.x, x, atol=2e-3 if value == 0 else 1e-4)
    if multipliers is not None:
        np.testing.assert_allclose(result.multipliers, multipliers, atol=1e-4)
    certificate = result.certificate
    assert (
        max(certificate.feasibility, certificate.complementarity, certificate.wrong_sign)
        <= certificate.tolerance
    )


def test_multipliers_agree_with_a_certificate_computed_here():
    result = minimize(
        lambda x: x[0] - x[1],
        [-10, 10],
        constraints=ineq(lambda x: 1 - 3 * x[0] ** 2 + 2 * x[0] * x[1] - x[1] ** 2),
    )
    x, y = result.x
    gradient = np.array([1.0, -1.0])
    normal = np.array([-6 * x + 2 * y, 2 * x - 2 * y])
    assert np.abs(gradient - result.multipliers[0] * normal).max() < 1e-6
    assert result.multipliers[0] > 0


def test_the_multiplier_of_a_bound_is_that_of_the_same_constraint():
    by_bound = minimize(lambda x: (x[0] + 1) ** 2 + x[1] ** 2, [2.0, 2.0], bounds=[(1, 3), (None, None)])
    by_constraint = minimize(
        lambda x: (x[0] + 1) ** 2 + x[1] ** 2, [2.0, 2.0], constraints=ineq(lambda x: x[0] - 1)
    )
    assert by_bound.bound_multipliers[0] == pytest.approx(4) == pytest.approx(by_constraint.multipliers[0])
    above = minimize(lambda x: (x[0] - 5) ** 2, [2.0], bounds=[(1, 3)])
    assert above.bound_multipliers[0] == pytest.approx(-4)


def test_scipys_objects_and_ours_give_the_same():
    fun, x0 = (lambda x: (x[0] - 2) ** 2 + (x[1] - 1) ** 2), [0.0, 0.0]
    expected = [0.75, 0.25]
    for kinds in (optimize, scipy.optimize):
        linear = kinds.LinearConstraint([[1, 1], [1, -1]], [-np.inf, -1], [1, 0.5])
        nonlinear = kinds.NonlinearConstraint(lambda x: x[0] ** 2 + x[1] ** 2, 0.1, 4)
        result = minimize(fun, x0, constraints=[linear, nonlinear], bounds=kinds.Bounds([-5, -5], 5))
        assert result.success, result
        np.testing.assert_allclose(result.x, expected, atol=1e-6)
        assert result.multipliers.shape == (3,)
        assert result.multipliers[0] < 0


def test_a_contradiction_is_called_infeasible():
    result = minimize(
        lambda x: x @ x,
        [0.0, 0.0],
        constraints=[eq(lambda x: x[0] + x[1] - 1), eq(lambda x: x[0] + x[1] - 3)],
    )
    assert not result.success
    assert (result.status, result.certificate.holds) == (4, False)
    assert "contradict" in result.message
    box = minimize(lambda x: x[0] ** 2, [0.0], constraints=ineq(lambda x: x[0] - 10), bounds=[(0, 5)])
    assert (box.success, box.status) == (False, 4)


def test_redundant_constraints_do_no_harm():
    line = eq(lambda x: x[0] + x[1] - 1)
    result = minimize(
        lambda x: x[0] ** 2 + x[1] ** 2,
        [0, 0],
        constraints=[line, line, eq(lambda x: 2 * x[0] + 2 * x[1] - 2)],
    )
    assert result.success
    np.testing.assert_allclose(result.x, [0.5, 0.5], atol=1e-8)
    assert result.multipliers @ [1, 1, 2] == pytest.approx(1)


def test_a_vector_of_constraints_may_be_an_array_or_a_list():
    for fun in (lambda x: np.array([x[0] - 1, x[1] - 2]), lambda x: [x[0] - 1, x[1] - 2]):
        for trace in ("auto", "never"):
            result = minimize(lambda x: x[0] ** 2 + x[1] ** 2, [5, 5], constraints=ineq(fun), trace=trace)
            np.testing.assert_allclose(result.x, [1, 2], atol=1e-6)
            np.testing.assert_allclose(result.multipliers, [2, 4], atol=1e-5)


def test_bounds_are_never_left():
    seen = []

    def fun(x):
        seen.append(np.array(x))
        return float((x[0] - 3) ** 2 + np.log(x[1]))

    result = minimize(fun, [9.0, 9.0], bounds=[(0, 1), (0.5, 4)], trace="never")
    assert result.success
    np.testing.assert_allclose(result.x, [1, 0.5])
    seen = np.array(seen)
    assert (seen >= [0, 0.5]).all()
    assert (seen <= [1, 4]).all()


def test_a_fixed_variable_stays():
    result = minimize(optimize.rosen, [0.0, 2.0], bounds=[(None, None), (2, 2)])
    assert result.success
    assert result.x[1] == 2
