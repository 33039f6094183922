"""Compiled functions: shapes, batches, threads, levels, pickles."""

import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
import scipy.optimize

from mlmath_rs import calculus
from mlmath_rs.threads import thread_limit


def rosenbrock(v):
    return (1 - v[0]) ** 2 + 100 * (v[1] - v[0] ** 2) ** 2


def of_two(x, y):
    return x * x * y + np.sin(y)


POINTS = np.random.default_rng(1).standard_normal((1000, 2))


def test_rosenbrock_is_scipys():
    program = calculus.compile(rosenbrock)
    for x in POINTS[:20]:
        np.testing.assert_allclose(program(x), scipy.optimize.rosen(x), rtol=1e-13)
        np.testing.assert_allclose(program.gradient(x), scipy.optimize.rosen_der(x), rtol=1e-11)
        np.testing.assert_allclose(program.hessian(x), scipy.optimize.rosen_hess(x), rtol=1e-12)
        v = x[::-1].copy()
        expected = scipy.optimize.rosen_hess_prod(x, v)
        np.testing.assert_allclose(program.hvp(x, v), expected, rtol=1e-9, atol=1e-9)


def test_any_number_of_threads_gives_the_same_bits():
    program = calculus.compile(lambda v: np.exp(-(v[0] ** 2)) * np.sin(v[1]))
    x = np.random.default_rng(2).standard_normal((100_003, 2))
    once = program.gradient(x, threads=1)
    for count in (2, 8):
        np.testing.assert_array_equal(once, program.gradient(x, threads=count))
    with thread_limit(2):
        np.testing.assert_array_equal(once, program.gradient(x))


@pytest.mark.parametrize(
    "view",
    [
        lambda x: np.asfortranarray(x),
        lambda x: np.repeat(x, 2, axis=0)[::2],
        lambda x: x[::-1][::-1],
        lambda x: np.hstack([x, x])[:, :2],
        lambda x: x.astype(">f8"),
        lambda x: x.tolist(),
    ],
)
def test_any_layout_gives_the_same_bits(view):
    program = calculus.compile(rosenbrock)
    np.testing.assert_array_equal(program.gradient(view(POINTS)), program.gradient(POINTS))
    np.testing.assert_array_equal(program(view(POINTS)), program(POINTS))


def test_points_are_not_changed():
    x = POINTS.copy()
    x.flags.writeable = False
    calculus.compile(rosenbrock).gradient(x)
    np.testing.assert_array_equal(x, POINTS)


def test_integers_and_float32_are_computed_in_float64():
    slope = calculus.gradient(rosenbrock)
    for dtype in (np.int64, np.int8, np.float32, np.float16, bool):
        found = slope(np.array([1, 0], dtype=dtype))
        assert found.dtype == np.float64
        np.testing.assert_array_equal(found, [400.0, -200.0])
    with pytest.raises(TypeError, match="real"):
        slope([1j, 0.0])
    with pytest.raises(TypeError, match="numbers"):
        slope(["a", "b"])


def test_numbers_give_numbers_and_several_give_tuples():
    slope = calculus.gradient(lambda x: x**3)
    for x in (2, 2.0, np.float32(2), np.array(2)):
        assert slope(x) == 12.0
        assert isinstance(slope(x), np.float64)
    for x, y in [(3, 2), (3.0, 2.0), (np.float64(3), 2)]:
        both = calculus.gradient(of_two, x, y)
        assert both == (12.0, 9.0 + np.cos(2.0))
        assert isinstance(both, tuple)
    program = calculus.compile(of_two)
    np.testing.assert_allclose(program.hessian(3.0, 2.0), [[4.0, 6.0], [6.0, -np.sin(2.0)]])
    again = program.hessian(3.0, 2.0)  # the second call is answered by the border
    np.testing.assert_allclose(again, [[4.0, 6.0], [6.0, -np.sin(2.0)]])
    assert program.value_and_grad(3.0, 2.0) == (program(3.0, 2.0), program.gradient(3.0, 2.0))


def test_several_numbers_broadcast_as_a_batch():
    program = calculus.compile(of_two)
    x, y = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(0, 2, 4))
    np.testing.assert_allclose(program(x, y), of_two(x, y), rtol=1e-15)
    by_x, by_y = program.gradient(x, y[:, :1])
    np.testing.assert_allclose(by_x, 2 * x * y)
    np.testing.assert_allclose(by_y, x * x + np.cos(y))


def test_arrays_of_any_shape_as_several_arguments():
    def loss(w, b):
        return np.sum((w @ np.array([1.0, 2.0]) + b) ** 2)

    w, b = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.5, -0.5])
    by_w, by_b = calculus.gradient(loss, w, b, trace="require")
    residual = w @ [1.0, 2.0] + b
    np.testing.assert_allclose(by_b, 2 * residual)
    np.testing.assert_allclose(by_w, 2 * np.outer(residual, [1.0, 2.0]))


def test_a_function_of_a_matrix_has_a_gradient_of_its_shape():
    a = np.array([[1.0, 2.0], [3.0, 4.0]])
    f = lambda m: np.trace(m @ m.T)  # noqa: E731
    np.testing.assert_allclose(calculus.gradient(f, a, trace="require"), 2 * a)


def test_jacobians_have_a_row_for_each_value():
    f = lambda v: np.stack([v[0] * v[1], np.exp(v[0]), v[1] ** 2])  # noqa: E731
    x = np.array([0.5, 2.0])
    expected = [[2.0, 0.5], [np.exp(0.5), 0.0], [0.0, 4.0]]
    np.testing.assert_allclose(calculus.jacobian(f, x), expected, rtol=1e-15)
    np.testing.assert_allclose(calculus.jacobian(f, x, trace="never"), expected, atol=1e-8)
    assert calculus.jacobian(f)(np.ones((4, 2))).shape == (4, 3, 2)
    np.testing.assert_allclose(calculus.jacobian(lambda t: np.stack([t, t * t]), 3.0), [1.0, 6.0])


def test_empty_batches_and_empty_points():
    program = calculus.compile(rosenbrock)
    assert program(np.empty((0, 2))).shape == (0,)
    assert program.gradient(np.empty((3, 0, 2))).shape == (3, 0, 2)
    assert calculus.gradient(lambda v: v.sum(), np.empty(0)).shape == (0,)


def test_several_values_have_no_gradient():
    for x in (np.ones(3), np.ones((2, 3))):
        with pytest.raises(ValueError, match="jacobian"):
            calculus.gradient(lambda v: v * 2, x)
    with pytest.raises(ValueError, match="jacobian"):
        calculus.gradient(lambda v: v * 2, np.ones(3), trace="never")


def test_what_is_no_function_is_refused():
    with pytest.raises(TypeError, match="function"):
        calculus.compile(3.0)
    with pytest.raises(ValueError, match="trace"):
        calculus.gradient(rosenbrock, trace="maybe")
    with pytest.raises(TypeError, match="argument"):
        calculus.gradient(rosenbrock)()


def test_programs_and_gradients_pickle():
    program = calculus.compile(lambda v: np.exp(v[0]) * v[1] - 0.1)
    x = np.array([0.3, 0.7])
    program(x)
    for original in (program, calculus.gradient(program)):
        copy = pickle.loads(pickle.dumps(original))
        np.testing.assert_array_equal(copy(x), original(x))
    copy = pickle.loads(pickle.dumps(program))
    np.testing.assert_array_equal(copy.gradient(x), program.gradient(x))
    with pytest.raises(TypeError, match="compiled for"):
        copy([1.0, 2.0, 3.0])
    by_name = pickle.loads(pickle.dumps(calculus.compile(rosenbrock)))
    assert by_name([1.0, 1.0]) == 0.0


def test_a_program_shows_its_instructions():
    program = calculus.compile(lambda v: v[0] * v[0])
    program([3.0])
    assert "mul 0 0" in program.listing
    assert "[((1,),)]" in repr(program)


def test_partial_and_directional_derivatives():
    assert calculus.partial(of_two, (3.0, 2.0), 0) == 12.0
    np.testing.assert_array_equal(
        calculus.partial(rosenbrock, POINTS, 1), calculus.gradient(rosenbrock)(POINTS)[:, 1]
    )
    x, v = np.array([1.0, 2.0]), np.array([3e200, 4e200])
    expected = scipy.optimize.rosen_der(x) @ [0.6, 0.8]
    np.testing.assert_allclose(calculus.directional_derivative(rosenbrock, x, v), expected)
    np.testing.assert_allclose(
        calculus.directional_derivative(rosenbrock, x, [3, 4], normalize=False), 5 * expected
    )
    for bad in ([0.0, 0.0], [1.0], [np.nan, 1.0], [[1.0, 0.0]]):
        with pytest.raises(ValueError, match="v: expected"):
            calculus.directional_derivative(rosenbrock, x, bad)


def test_derivatives_of_higher_order():
    x = np.linspace(-1, 1, 5)
    np.testing.assert_allclose(calculus.derivative(np.sin, x, n=4), np.sin(x), rtol=1e-15)
    np.testing.assert_allclose(calculus.derivative(lambda t: t**5, x, n=3), 60 * x**2)
    with pytest.raises(ValueError, match="n: must"):
        calculus.derivative(np.sin, 1.0, n=0)


def test_the_tutorials_loop_runs_from_an_integer():
    def f(x):
        return x**2 + 2 * x + 1

    compute_gradient = calculus.gradient(f)

    def gradient_descent(x, learning_rate, num_iterations):
        for _ in range(num_iterations):
            x -= learning_rate * compute_gradient(x)
        return x

    assert gradient_descent(0, 0.1, 200) == pytest.approx(-1.0)


def test_levels_of_the_cpu_agree():
    code = (
        "import numpy as np; from mlmath_rs import calculus;"
        "f = lambda v: np.sum(np.exp(-v * v) * np.sin(3 * v) + v**7 / (1 + v**4));"
        "x = np.linspace(-2, 2, 300).reshape(100, 3);"
        "print(calculus.compile(f).gradient(x).tobytes().hex())"
    )
    found = []
    for level in ("baseline", "avx2", "avx512"):
        environment = dict(os.environ, MLMATH_SIMD=level)
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        )
        found.append(np.frombuffer(bytes.fromhex(done.stdout.strip())))
    for other in found[1:]:
        np.testing.assert_allclose(other, found[0], rtol=1e-13, atol=1e-14)
