"""What tracing sees of a Python function, and what it refuses."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlmath_rs import calculus
from mlmath_rs.errors import TraceError

W = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0], [2.0, 0.0, 1.5]])


def product(x, y, z):
    return x * y * z


# Functions of three numbers in an array, each of which must trace and agree with itself.
FUNCTIONS = {
    "arithmetic": lambda v: (v[0] + 2) * v[1] - v[2] / 3 + (-v[0]) ** 2 - abs(v[1]) + (+v[2]),
    "reflected": lambda v: 2 - v[0] * 3 + 1 / (4 + v[1] ** 2) + 2 ** v[2] + np.float64(3) * v[0],
    "powers": lambda v: v[0] ** 3 + (2 + v[1] ** 2) ** 0.5 + (3 + v[2]) ** -2 + (1 + v[0] ** 2) ** v[1],
    "unpacking": lambda v: product(*v),
    "a loop": lambda v: sum(v[i] ** 2 * (i + 1) for i in range(len(v))),
    "slices": lambda v: np.sum(v[1:] - v[:-1]) + v[-1] * v[::-1][0],
    "functions": lambda v: np.exp(v[0]) + np.sin(v[1]) * np.cos(v[2]) + np.tanh(v).sum(),
    "more functions": lambda v: (
        np.log1p(v * v).sum() + np.expm1(v[0]) + np.arctan(v[1]) + np.sqrt(2 + v[2]) + np.log2(3 + v[0])
    ),
    "reductions": lambda v: v.sum() + v.mean() + v.prod() + np.max(v) - v.min() + np.var(v) + np.std(v),
    "products": lambda v: v @ W @ v + np.dot(W, v).sum() + np.dot(v, v) + np.inner(v, v) + (W * v).sum(),
    "norm": lambda v: np.linalg.norm(v) + np.outer(v, v).sum() + np.trace(np.outer(v, [1.0, 2.0, 3.0])),
    "where": lambda v: np.where(v > 0, v**2, -v).sum() + np.maximum(v[0], 0.1) + np.minimum(v[1], v[2]),
    "conditions": lambda v: np.where((v > -1) & ~(v > 1), v, 0 * v).sum() + np.where(v[0] != v[1], 1, 2),
    "clip": lambda v: np.clip(v, -0.5, 0.5).sum() + np.square(v[0]) + np.reciprocal(4 + v[1]),
    "stack": lambda v: np.stack([v, v * 2]).sum(axis=0)[1] + np.concatenate([v[:1], v[1:]])[2],
    "array": lambda v: np.array([v[0], 2.0 * v[1]]).sum() + np.exp(np.array([v[0], v[2]]))[1],
    "reshape": lambda v: (v.reshape(3, 1) * v).T[0, 2] + np.ravel(v)[1] + np.reshape(v, (1, -1))[0, 0],
    "cumulative": lambda v: np.cumsum(v)[-1] + np.diff(v).sum() + np.hypot(v[0], 1.0),
    "axes": lambda v: (W * v).mean(axis=0).sum() + (W * v).sum(axis=1, keepdims=True)[2, 0],
    "a constant": lambda v: 3.0,
    "lists": lambda v: np.dot([1.0, 2.0, 3.0], v) + np.sum([v[0], v[1]]),
}
NAMED = pytest.mark.parametrize("f", FUNCTIONS.values(), ids=FUNCTIONS.keys())
POINT = np.array([0.7, -0.3, 1.9])


@NAMED
def test_a_traced_function_computes_what_the_function_does(f):
    program = calculus.compile(f, trace="require")
    assert np.shape(program(POINT)) == ()
    np.testing.assert_allclose(program(POINT), f(POINT), rtol=1e-14)
    assert program.route == "traced"


@NAMED
def test_gradients_are_limits_of_difference_quotients(f):
    exact = calculus.gradient(f, POINT, trace="require")
    np.testing.assert_allclose(exact, calculus.gradient(f, POINT, trace="never"), rtol=1e-7, atol=1e-8)


@NAMED
def test_batches_are_the_points_one_by_one(f):
    program = calculus.compile(f)
    x = np.random.default_rng(0).uniform(-0.9, 0.9, (2, 5, 3))
    for many, shape in [(program, ()), (program.gradient, (3,)), (program.hessian, (3, 3))]:
        found = many(x)
        assert found.shape == (2, 5, *shape)
        np.testing.assert_array_equal(found[1, 2], many(x[1, 2]))
        assert many(x[:0]).shape == (0, 5, *shape)


REFUSED = {
    "if": (lambda x: x if x > 0 else -x, "np.where"),
    "math": (lambda x: math.exp(x), "np.exp"),
    "float": (lambda x: float(x) * 2, "np.exp"),
    "int": (lambda x: int(x) * 2.0, "np.floor"),
    "index": (lambda x: [1.0, 2.0][x], "integer"),
    "arctan2": (lambda x: np.arctan2(x, 1.0), "arctan2"),
    "sort": (lambda x: np.sort(np.stack([x, x]))[0], "sort"),
    "out": (lambda x: np.add(x, 1.0, out=np.empty(())), "out"),
    "complex": (lambda x: (x * 1j).imag, "real"),
}


@pytest.mark.parametrize(("f", "instead"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_traced_says_what_to_write_instead(f, instead):
    with pytest.raises(TraceError, match=instead):
        calculus.compile(f, trace="require")(0.5)


def test_assigning_to_an_element_is_refused():
    def f(v):
        v[0] = 1.0
        return v.sum()

    with pytest.raises(TraceError, match="np.stack"):
        calculus.gradient(f, [1.0, 2.0], trace="require")


def test_what_the_function_raises_is_kept_as_the_reason():
    def f(x):
        raise KeyError("a key")

    with pytest.raises(TraceError, match="KeyError") as caught:
        calculus.compile(f, trace="require")(1.0)
    assert isinstance(caught.value.__cause__, KeyError)
    with pytest.raises(KeyError, match="a key"):
        calculus.compile(f)(1.0)


def test_what_is_no_exception_passes_through():
    def f(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        calculus.compile(f)(1.0)


def test_a_value_of_another_trace_is_refused():
    kept = []

    def f(x):
        kept.append(x)
        return x * kept[0]

    program = calculus.compile(f, trace="require")
    assert program(2.0) == 4.0
    with pytest.raises(TraceError, match="another trace"):
        program([1.0, 2.0])


def test_a_function_is_traced_once_for_each_shape():
    shapes = []

    def f(v):
        shapes.append(v.shape)
        return (v**2).sum()

    slope = calculus.gradient(f)
    for x in ([1.0, 2.0], [3.0, 4.0], [1.0, 2.0, 3.0], np.ones((7, 3)), [1.0, 2.0]):
        slope(x)
    assert shapes == [(2,), (3,)]


def test_a_trace_within_a_trace():
    inner = calculus.gradient(lambda v: (v**3).sum())
    outer = calculus.gradient(lambda v: inner(v)[0] * v[1], trace="require")
    np.testing.assert_array_equal(outer([2.0, 5.0]), [60.0, 12.0])


def test_branches_not_taken_add_nothing():
    f = lambda x: np.where(x > 0, np.sqrt(np.where(x > 0, x, 1.0)), 0.0)  # noqa: E731
    g = lambda x: np.where(x > 0, np.sqrt(x), x)  # noqa: E731
    assert calculus.gradient(f, 0.0) == 0.0
    assert calculus.gradient(g, 0.0) == 1.0
    assert calculus.gradient(g, -1.0) == 1.0


EXPRESSIONS = st.recursive(
    st.sampled_from(["x", "y", "0.5", "2", "3.0"]),
    lambda part: st.one_of(
        st.tuples(part, st.sampled_from("+-*/"), part).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from(["np.abs", "np.negative", "np.square", "np.sign"]), part).map(
            lambda t: f"{t[0]}({t[1]})"
        ),
        st.tuples(st.sampled_from(["np.maximum", "np.minimum"]), part, part).map(
            lambda t: f"{t[0]}({t[1]}, {t[2]})"
        ),
        st.tuples(part, part, part).map(lambda t: f"np.where({t[0]} > {t[1]}, {t[1]}, {t[2]})"),
    ),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None)
@given(EXPRESSIONS, st.floats(-3, 3), st.floats(-3, 3))
def test_random_functions_are_traced_to_the_bit(text, x, y):
    f = eval(
        f"lambda x, y: np.float64({text})" if "x" not in text and "y" not in text else f"lambda x, y: {text}"
    )
    with np.errstate(all="ignore"):
        expected = np.float64(f(np.float64(x), np.float64(y)))
    one = calculus.compile(f)(x, y)
    many = calculus.compile(f)(np.full(20, x), np.full(20, y))
    np.testing.assert_array_equal(one, expected)
    np.testing.assert_array_equal(many, np.full(20, expected))
