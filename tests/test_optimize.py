"""`minimize` and `gradient_descent`: what they accept, how they end, what passes through them."""

import os
import pickle
import re
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import scipy.optimize

from mlmath_rs import optimize
from mlmath_rs.errors import TraceError
from mlmath_rs.optimize.methods import METHODS

minimize, descend = optimize.minimize, optimize.gradient_descent


def bowl(x):
    return (x[0] - 1) ** 2 + 2 * (x[1] + 2) ** 2


def untraceable(x):
    return float(x[0]) ** 2 + float(x[1]) ** 2


# What they accept


@pytest.mark.parametrize("x0", [[0, 0], (0.0, 0.0), np.zeros(2), np.zeros((2, 1)), np.zeros(2, np.float32)])
def test_starts_of_any_kind_are_accepted_and_left_alone(x0):
    before = np.array(x0)
    result = minimize(bowl, x0)
    assert result.success
    assert result.x.shape == (2,)
    np.testing.assert_allclose(result.x, [1, -2], atol=1e-6)
    assert np.array_equal(before, x0)


def test_a_scalar_start_is_a_vector_of_one():
    assert minimize(lambda x: (x[0] - 3) ** 2, 0.0).x == pytest.approx([3])


def test_starts_that_are_no_real_numbers_are_refused():
    for x0 in ([1j], ["a"], None):
        with pytest.raises(TypeError, match="x0"):
            minimize(bowl, x0)


def test_arguments_are_passed_on():
    def fun(x, a, b):
        return (x[0] - a) ** 2 + b

    def slope(x, a, b):
        return [2 * (x[0] - a)]

    assert minimize(fun, [0.0], args=(3, 1)).x == pytest.approx([3])
    assert minimize(fun, [0.0], args=(3, 1), jac=slope).x == pytest.approx([3])
    assert minimize(lambda x, a: (x[0] - a) ** 2, [0.0], args=4).x == pytest.approx([4])
    constraint = {"type": "ineq", "fun": lambda x, low: x[0] - low, "args": (5,)}
    assert minimize(fun, [0.0], args=(3, 1), constraints=constraint).x == pytest.approx([5])


@pytest.mark.parametrize("method", ["BFGS", "bfgs", "Gradient_Descent", "SLSQP", "sqp", optimize.BFGS()])
def test_methods_are_known_by_name_in_any_case(method):
    assert minimize(bowl, [0, 0], method=method, options={"maxiter": 5000}).success


def test_methods_that_are_not_there_are_named_with_those_that_are():
    with pytest.raises(ValueError, match="gradient-descent"):
        minimize(bowl, [0, 0], method="Nelder-Mead")


def test_constraints_are_never_ignored():
    constraint = {"type": "eq", "fun": lambda x: x[0]}
    for method in ("bfgs", "gradient-descent", optimize.BFGS()):
        with pytest.raises(ValueError, match="no constraints"):
            minimize(bowl, [0, 0], method=method, constraints=constraint)
        with pytest.raises(ValueError, match="no constraints"):
            minimize(bowl, [0, 0], method=method, bounds=[(0, 1), (0, 1)])


def test_wrong_constraints_and_bounds_are_refused():
    for constraints, error in [
        ({"type": "le", "fun": bowl}, ValueError),
        ({"fun": bowl}, KeyError),
        ({"type": "eq", "fun": 3}, TypeError),
        (3, TypeError),
        ([3], TypeError),
        (optimize.LinearConstraint([[1, 2, 3]], 0, 1), ValueError),
        (optimize.LinearConstraint([[1, 2]], 1, 0), ValueError),
        (optimize.LinearConstraint([[1, 2]], [0, 0], 1), ValueError),
        (optimize.NonlinearConstraint(lambda x: x, [0, 0, 0], 1), ValueError),
    ]:
        with pytest.raises(error):
            minimize(bowl, [0, 0], constraints=constraints)
    for bounds in ([(0, 1)], [(1, 0), (0, 1)], optimize.Bounds([0, 0, 0], 1)):
        with pytest.raises(ValueError, match="bounds"):
            minimize(bowl, [0, 0], bounds=bounds)


def test_unknown_options_are_refused():
    with pytest.raises(ValueError, match="learning_rate"):
        minimize(bowl, [0, 0], options={"stepsize": 3})
    with pytest.raises(ValueError, match="options"):
        minimize(bowl, [0, 0], bounds=[(0, 1)] * 2, options={"stepsize": 3})
    with pytest.raises(ValueError, match="learning_rate: must be > 0"):
        descend(bowl, [0, 0], learning_rate=-1)
    for options in ({"maxiter": -1}, {"maxfev": -1}, {"gtol": -1}):
        with pytest.raises(ValueError, match="must be >= 0"):
            minimize(bowl, [0, 0], options=options)


def test_no_variables_are_a_minimum():
    assert minimize(lambda x: 3.0, []).success


# Derivatives


def test_a_gradient_that_is_given_is_used():
    asked = []

    def slope(x):
        asked.append(x)
        return 2 * np.asarray(x)

    result = minimize(lambda x: x @ x, [3.0, 4.0], jac=slope)
    assert result.success
    assert len(asked) == result.njev > 0
    both = minimize(lambda x: (x @ x, 2 * x), [3.0, 4.0], jac=True)
    assert both.success
    assert both.nfev == both.njev
    assert minimize(untraceable, [3, 4], jac="2-point").success


def test_a_function_that_keeps_its_argument_sees_no_other_value_in_it():
    kept = []

    def fun(x):
        kept.append(x)
        return float(x[0] ** 2)

    minimize(fun, [3.0], trace="never")
    values = [x[0] for x in kept]
    assert len(set(values)) > 3


def test_what_cannot_be_traced_is_called_back_and_the_result_says_why():
    result = minimize(untraceable, [3, 4])
    assert result.success
    assert result.route == "callback"
    assert "float" in result.route_reason
    with pytest.raises(TraceError, match="float"):
        minimize(untraceable, [3, 4], trace="require")
    traced = minimize(bowl, [3, 4])
    assert (traced.route, traced.route_reason) == ("traced", None)
    constraint = {"type": "eq", "fun": lambda x: float(x[0]) - 1}
    mixed = minimize(bowl, [3, 4], constraints=constraint)
    assert mixed.success
    assert mixed.route == "callback"
    assert "float" in mixed.route_reason


def test_the_calls_counted_are_the_calls_made():
    calls = []

    def fun(x):
        calls.append(1)
        return untraceable(x)

    result = minimize(fun, [3, 4], trace="never")
    assert result.nfev == len(calls)


# Endings


def test_success_is_the_certificate_and_never_the_count():
    result = minimize(optimize.rosen, [-1.2, 1], options={"maxiter": 3})
    assert (result.success, result.status, result.nit) == (False, 1, 3)
    assert not result.certificate.holds
    assert "maxiter" in result.message
    assert minimize(optimize.rosen, [1, 1], options={"maxiter": 0}).success
    few = minimize(untraceable, [3, 4], options={"maxfev": 1})
    assert (few.success, few.status) == (False, 7)


def test_nan_is_no_minimum():
    for fun in (lambda x: x[0] * np.nan, lambda x: float("nan")):
        for constraints in ((), {"type": "eq", "fun": lambda x: x[0]}):
            result = minimize(fun, [1.0], constraints=constraints)
            assert (result.success, result.status) == (False, 3)
    # NaN on the way is walked around.
    result = minimize(lambda x: x[0] - np.log(x[0]), [1e-3])
    assert result.success
    assert result.x == pytest.approx([1])


def test_what_has_no_minimum_is_no_success():
    for fun in (lambda x: x[0], lambda x: -(x[0] ** 2), lambda x: x[0] ** 3):
        result = minimize(fun, [1.0])
        assert not result.success or abs(result.x[0]) < 1e-3, result
    assert minimize(lambda x: x[0], [1.0]).status == 5


def test_a_kink_is_no_success():
    result = minimize(lambda x: abs(x[0] - 0.3) + 0.5 * x[0] + x[1] ** 2, [3.0, 1.7], trace="require")
    assert result.x[0] == pytest.approx(0.3, abs=1e-3)
    assert not result.success
    assert not result.certificate.holds


def test_the_callback_sees_every_iterate_and_may_call_off():
    seen, results = [], []
    result = minimize(optimize.rosen, [-1.2, 1], callback=lambda xk: seen.append(xk))
    assert len(seen) == result.nit
    assert np.array_equal(seen[-1], result.x)

    def stop(intermediate_result):
        results.append(intermediate_result)
        if len(results) == 2:
            raise StopIteration

    result = minimize(optimize.rosen, [-1.2, 1], callback=stop)
    assert (result.success, result.status, result.nit) == (False, 99, 2)
    assert results[-1].fun == result.fun


def test_exceptions_pass_through_untouched():
    class Own(Exception):
        pass

    error = Own("mine")

    def fails(x):
        raise error

    for run in (
        lambda: minimize(fails, [0.0], trace="never"),
        lambda: minimize(bowl, [0.0, 0.0], constraints={"type": "eq", "fun": fails}),
        lambda: minimize(bowl, [0.0, 0.0], jac=fails),
        lambda: minimize(bowl, [0.0, 0.0], callback=fails),
        lambda: descend(fails, [0.0], trace="never"),
    ):
        with pytest.raises(Own) as caught:
            run()
        assert caught.value is error


def test_values_that_are_no_numbers_are_refused():
    with pytest.raises(ValueError, match="scalar"):
        minimize(lambda x: x, [1.0, 2.0])
    with pytest.raises(ValueError, match="jac"):
        minimize(bowl, [1.0, 2.0], jac=lambda x: [1.0])
    with pytest.raises(TypeError):
        minimize(lambda x: "a", [1.0, 2.0])
    with pytest.raises(TypeError, match="real"):
        minimize(lambda x: 1j, [1.0, 2.0])


def test_history_has_every_iterate():
    result = minimize(optimize.rosen, [-1.2, 1], history=True)
    assert result.history.x.shape == (result.nit + 1, 2)
    assert np.array_equal(result.history.x[[0, -1]], [[-1.2, 1], result.x])
    assert result.history.fun[-1] == result.fun
    assert "history" not in minimize(optimize.rosen, [-1.2, 1])
    assert "history" in minimize(bowl, [0, 0], bounds=[(0, 5)] * 2, options={"return_all": True})


def test_a_deadline_returns_what_there_is():
    def slow(x):
        time.sleep(0.01)
        return (x**4).sum()

    for constraints in ((), {"type": "ineq", "fun": lambda x: x[0]}):
        result = minimize(slow, [1.0, 2.0], deadline=0.05, trace="never", constraints=constraints)
        assert (result.success, result.status) == (False, 6)
    result = descend(optimize.rosen, [-1, 1], 1e-4, 10**9, tol=0, deadline=0.1)
    assert result.status == 6
    assert result.nit > 1000


@pytest.mark.parametrize("trace", ["require", "never"])
def test_ctrl_c_is_heard(trace):
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        descend(optimize.rosen, [-1, 1], 1e-4, 10**10, tol=0, trace=trace)
    assert time.monotonic() - began < 5


def test_progress_is_told():
    told = []
    descend(optimize.rosen, [-1, 1], 1e-4, 10_000_000, tol=0, progress=told.append)
    assert told == sorted(told)
    assert told[0] > 0


# Gradient descent


def test_gradient_descent_is_the_loop_of_the_textbook():
    x = np.array([-1.0, 1.0])
    for _ in range(100):
        x = x - 1e-3 * optimize.rosen_der(x)
    for options in ({}, {"trace": "never"}, {"grad": optimize.rosen_der}):
        result = descend(optimize.rosen, [-1, 1], 1e-3, 100, tol=0, **options)
        np.testing.assert_allclose(result.x, x, atol=1e-8)
        assert (result.nit, result.success) == (100, False)


def test_gradient_descent_that_runs_away_says_so():
    result = descend(optimize.rosen, [-1, 1.5], learning_rate=1)
    assert (result.success, result.status) == (False, 5)
    assert np.isfinite(result.x).all()
    assert "learning rate" in result.message


# The result


def test_the_result_is_a_dict_with_attributes_that_prints_as_scipys():
    ours = minimize(bowl, [0, 0], jac=lambda x: [2 * (x[0] - 1), 4 * (x[1] + 2)])
    assert ours["x"] is ours.x
    with pytest.raises(AttributeError, match="nothing"):
        ours.nothing
    ours.extra = 1
    assert "extra" in dir(ours)
    del ours.extra
    assert "extra" not in ours
    theirs = scipy.optimize.OptimizeResult(success=True, fun=0.5, x=np.array([0.5, 1e-20]), nit=3)
    assert repr(optimize.OptimizeResult(theirs)) == repr(theirs)
    assert pickle.loads(pickle.dumps(ours)).certificate == ours.certificate


def test_the_inverse_hessian_is_near_the_inverse_of_the_hessian():
    result = minimize(bowl, [5.0, 5.0])
    np.testing.assert_allclose(result.hess_inv, [[0.5, 0], [0, 0.25]], atol=0.2)
    np.testing.assert_allclose(result.hess_inv, result.hess_inv.T, atol=1e-14)


def test_the_names_of_the_methods_are_those_of_the_kernels():
    table = Path(__file__).parents[1] / "rust/kernels/src/optimize/methods.rs"
    rows = re.findall(r'"([a-z-]+)" => \w+\(.*\) with Search', table.read_text())
    assert {kind.name for kind in METHODS.values()} == {*rows, "sqp"}


# What is refused, by its name

CIRCLE = {"type": "eq", "fun": lambda x: x @ x - 1}


@pytest.mark.parametrize(
    ("call", "error", "named"),
    [
        (lambda: minimize(bowl, [0, 0], trace="alwyas"), ValueError, "trace: .*'alwyas'"),
        (lambda: minimize(None, [0, 0]), TypeError, "fun: expected a function"),
        (lambda: minimize(bowl, [0, 0], jac=3), TypeError, "jac: expected a function, got 3"),
        (lambda: minimize(bowl, [0, 0], progress=3), TypeError, "progress: .*got 3"),
        (lambda: minimize(bowl, [0, 0], constraints="x>0"), TypeError, "constraints: .*x>0"),
        (lambda: minimize(bowl, [0, 0], constraints={**CIRCLE, "extra": 1}), ValueError, "extra"),
        (lambda: minimize(bowl, [0, 0], constraints={**CIRCLE, "fun": 1}), TypeError, "constraints: fun"),
        (lambda: descend(None, [0.0]), TypeError, "f: expected a function, got None"),
        (lambda: descend(bowl, [0, 0], grad=3), TypeError, "grad: expected a function"),
        (lambda: descend(bowl, [0, 0], trace="no"), ValueError, "trace: .*'no'"),
        (lambda: optimize.newton(3, 1.0), TypeError, "func: expected a function, got 3"),
        (lambda: optimize.newton(abs, 1.0, fprime=3), TypeError, "fprime: expected a function"),
        (lambda: optimize.newton(abs, 1.0, trace="no"), ValueError, "trace: .*'no'"),
    ],
)
def test_what_is_no_function_and_no_option_is_named(call, error, named):
    with pytest.raises(error, match=named):
        call()


def test_no_constraints_may_be_none_as_scipys():
    np.testing.assert_array_equal(minimize(bowl, [0, 0], constraints=None).x, minimize(bowl, [0, 0]).x)


def test_what_holds_at_a_saddle_is_called_a_stationary_point():
    saddle = minimize(lambda x: x[0] ** 2 - x[1] ** 2, [1.0, 0.0])
    assert saddle.success and "stationary" in saddle.message
