"""What linear algebra refuses, and in which words; how it ends when asked to; bits and levels."""

import os
import subprocess
import sys

import numpy as np
import pytest

import mlmath_rs as ml
from mlmath_rs import _core, linalg
from mlmath_rs.threads import thread_limit
from test_border import PATIENCE, interrupted

SQUARE = {
    "inv": linalg.inv,
    "det": linalg.det,
    "solve": lambda a: linalg.solve(a, np.ones(2)),
    "eig": linalg.eig,
    "eigh": linalg.eigh,
    "eigvals": linalg.eigvals,
    "eigvalsh": linalg.eigvalsh,
    "expm": linalg.expm,
}


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,), (4, 2, 3), (0, 3)])
@pytest.mark.parametrize("call", SQUARE.values(), ids=SQUARE)
def test_what_is_no_square_matrix_is_a_linalg_error_with_its_shape(call, shape):
    with pytest.raises(np.linalg.LinAlgError) as refusal:
        call(np.ones(shape))
    assert str(refusal.value) == f"a: expected square matrices, got shape {shape}"


@pytest.mark.parametrize("call", SQUARE.values(), ids=SQUARE)
@pytest.mark.parametrize("bad", [None, "text", [[object()]], np.array(["2020-01-01"], "M8[D]")])
def test_what_holds_no_numbers_is_a_type_error(call, bad):
    with pytest.raises(TypeError, match="expected numbers"):
        call(bad)


@pytest.mark.parametrize("call", SQUARE.values(), ids=SQUARE)
def test_longer_floats_than_the_kernels_have_are_refused(call):
    with pytest.raises(TypeError, match="at most 64 bits"):
        call(np.eye(2, dtype=np.longdouble))


@pytest.mark.parametrize(
    ("a", "b", "match"),
    [
        ((2, 3), (2, 3), r"shapes \[2, 3\] and \[2, 3\] do not fit"),
        ((3,), (2,), r"shapes \[3\] and \[2\] do not fit"),
        ((2, 2, 3), (3, 3, 4), r"stacks of shapes \[2, 2, 3\] and \[3, 3, 4\] do not broadcast"),
        ((), (3,), "a: "),
        ((3,), (), "b: "),
    ],
)
def test_products_of_shapes_that_do_not_fit_say_both(a, b, match):
    with pytest.raises(ValueError, match=match):
        ml.matmul(np.ones(a), np.ones(b))


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "bool", "complex128"])
@pytest.mark.parametrize(("a", "b"), [((0, 3), (3, 2)), ((2, 0), (0, 3)), ((4, 0, 2), (2, 5)), ((0,), (0,))])
def test_products_without_elements_are_numpys(a, b, dtype):
    got, expected = (
        ml.matmul(np.ones(a, dtype), np.ones(b, dtype)),
        np.matmul(np.ones(a, dtype), np.ones(b, dtype)),
    )
    assert got.dtype == expected.dtype
    np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("n", [3, 20, 100])
def test_nan_and_infinity_spread_as_in_arithmetic_and_raise_nothing(n):
    for bad in (np.nan, np.inf):
        a = np.random.default_rng(0).standard_normal((n, n))
        a[n // 2, 1] = bad
        assert not np.isfinite(ml.matmul(a, a)).all()
        assert np.isnan(linalg.inv(a)).any()
        assert np.isnan(linalg.solve(a, np.ones(n))).any()
        assert not np.isfinite(linalg.det(a))


@pytest.mark.parametrize("n", [3, 20])
def test_errors_nan_keeps_the_good_slices_to_the_bit(n):
    a = np.random.default_rng(0).standard_normal((5, n, n))
    good = linalg.inv(a)
    a[2, 1] = a[2, 0] = 0
    inverse, info = linalg.inv(a, errors="nan", return_info=True)
    assert np.isnan(inverse[2]).all()
    assert inverse[[0, 1, 3, 4]].tobytes() == good[[0, 1, 3, 4]].tobytes()
    assert info.ok.tolist() == [True, True, False, True, True]
    assert info.rcond[2] == 0
    np.testing.assert_allclose(info.rcond[0], 1 / np.linalg.cond(a[0], 1), rtol=1e-9)
    assert (info.backward_error[[0, 1, 3, 4]] < 1e-14).all()
    with pytest.raises(np.linalg.LinAlgError, match=r"slices 2"):
        linalg.solve(a, np.ones((5, n, 1)))
    assert linalg.det(a)[2] == 0


def test_a_nearly_singular_large_matrix_warns_and_a_good_one_does_not():
    a = np.random.default_rng(0).standard_normal((40, 40))
    linalg.inv(a)
    a[:, 0] = a[:, 1] * (1 + 1e-17) + a[:, 2] * 1e-17
    a[0, 0] = np.nextafter(a[0, 0], 9)
    for call in (
        linalg.inv,
        lambda a: linalg.solve(a, np.ones(40)),
        lambda a: linalg.solve(a, np.ones((40, 3))),
    ):
        with pytest.warns(linalg.LinAlgWarning, match="rcond"):
            call(a)


def large(n):
    a = np.random.default_rng(0).random((n, n))
    return a + n * np.eye(n)


# The call, and what makes its argument, before the clock runs.
LONG = {
    "a large inverse": (linalg.inv, lambda: large(4000)),
    "a large system": (lambda a: linalg.solve(a, a[:, :500]), lambda: large(4000)),
    "a large symmetric spectrum": (linalg.eigh, lambda: large(1500)),
    "a large spectrum": (linalg.eig, lambda: large(800)),
    "a large complex inverse": (linalg.inv, lambda: large(2500) + 1j),
    "a stack of inverses": (linalg.inv, lambda: np.tile(large(300), (250, 1, 1))),
}


@pytest.mark.parametrize(("call", "make"), LONG.values(), ids=LONG)
def test_ctrl_c_ends_it_at_once(call, make):
    a = make()
    assert interrupted(lambda: call(a), after=0.1) < PATIENCE


def again_and_again(call, a):
    """Call without end: however fast the machine is, the Ctrl-C comes into a call."""
    while True:
        call(a)


# A million matrices, or as many elements: what is waited for is one chunk of them.
STACKS = {
    "eigh, 3 x 3": (linalg.eigh, (10**6, 3, 3)),
    "eigh, 20 x 20": (linalg.eigh, (20_000, 20, 20)),
    "inv, 4 x 4": (linalg.inv, (10**6, 4, 4)),
    "inv, 20 x 20": (linalg.inv, (20_000, 20, 20)),
}


@pytest.mark.parametrize(("call", "shape"), STACKS.values(), ids=STACKS)
def test_ctrl_c_ends_a_stack_of_a_million_at_once(call, shape):
    a = np.random.default_rng(0).random(shape) + shape[-1] * np.eye(shape[-1])
    assert interrupted(lambda: again_and_again(call, a), after=0.05) < PATIENCE


CALLS = {
    "matmul": lambda a: ml.matmul(a, a),
    "matmul, float32": lambda a: ml.matmul(a.astype(np.float32), a.astype(np.float32)),
    "matmul, int64": lambda a: ml.matmul((99 * a).astype(int), (99 * a).astype(int)),
    "dot": lambda a: ml.dot(a.ravel(), a.ravel()),
    "inv": linalg.inv,
    "solve, one vector": lambda a: linalg.solve(a, a[0]),
    "solve": lambda a: linalg.solve(a, a[:, :7]),
    "det": lambda a: linalg.det(a / 10),
    "eigh": lambda a: linalg.eigh(a + a.T).eigenvectors,
    "eig": lambda a: linalg.eig(a[:60, :60]).eigenvectors,
    "trace": ml.trace,
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_bits_do_not_depend_on_the_number_of_threads(call):
    a = np.random.default_rng(3).standard_normal((230, 230))
    with thread_limit(1):
        once = call(a)
    for count in (2, 8):
        with thread_limit(count):
            assert np.asarray(call(a)).tobytes() == np.asarray(once).tobytes()


@pytest.mark.parametrize("level", _core.info()["simd_supported"])
def test_every_instruction_set_agrees_with_numpy(level):
    code = """
import numpy as np, mlmath_rs as ml
from mlmath_rs import linalg
rng = np.random.default_rng(0)
for n in (1, 2, 3, 4, 7, 8, 9, 16, 17, 40, 65):
    for dtype, digits in ((np.float64, 1e-9), (np.float32, 1e-2), (np.complex128, 1e-9)):
        a = (rng.standard_normal((3, n, n)) + 2 * n * np.eye(n)).astype(dtype)
        b = rng.standard_normal((3, n, 2)).astype(dtype)
        for got, expected in (
            (ml.matmul(a, a), a @ a),
            (linalg.inv(a), np.linalg.inv(a)),
            (linalg.solve(a, b), np.linalg.solve(a, b)),
            (linalg.solve(a[0], b[0, :, 0]), np.linalg.solve(a[0], b[0, :, 0])),
            (linalg.det(a / (2 * n)), np.linalg.det(a / (2 * n))),
        ):
            assert np.abs(got - expected).max() <= digits * np.abs(expected).max(), (n, dtype)
        if dtype is not np.complex128:
            s = a + a.swapaxes(1, 2)
            w, v = linalg.eigh(s)
            assert np.abs(s @ v - v * w[:, None, :]).max() <= digits * n, (n, dtype)
"""
    env = os.environ | {"MLMATH_SIMD": level}
    run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
