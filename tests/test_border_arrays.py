"""Every kind of array crosses the border, or is refused in words that help."""

import numpy as np
import pytest

import mlmath_rs as ml
from mlmath_rs import linalg

A = np.array([[4.0, 1.0, 0.5], [1.0, 5.0, 0.25], [0.5, 2.0, 6.0]])


def misaligned(a):
    raw = np.zeros(a.nbytes + 1, np.uint8)
    view = raw[1:].view(a.dtype).reshape(a.shape)
    view[...] = a
    assert not view.flags.aligned
    return view


def read_only(a):
    a = a.copy()
    a.flags.writeable = False
    return a


class Subclass(np.ndarray):
    pass


class Foreign:
    def __init__(self, a):
        self.a = a

    def __array__(self, dtype=None, copy=None):
        return np.array(self.a, dtype)


LAYOUTS = {
    "as it is": np.copy,
    "Fortran order": np.asfortranarray,
    "transposed": lambda a: np.ascontiguousarray(a.T).T,
    "reversed rows": lambda a: np.ascontiguousarray(a[::-1])[::-1],
    "reversed columns": lambda a: np.ascontiguousarray(a[:, ::-1])[:, ::-1],
    "strided": lambda a: np.repeat(np.repeat(a, 2, 0), 3, 1)[::2, ::3],
    "read-only": read_only,
    "misaligned": misaligned,
    "byte-swapped": lambda a: a.astype(a.dtype.newbyteorder()),
    "subclass": lambda a: a.view(Subclass),
    "list": lambda a: a.tolist(),
    "tuple of arrays": tuple,
    "__array__": Foreign,
    "matrix of objects that are floats": lambda a: np.array(a.tolist()),
}

CALLS = {
    "matmul": lambda a: ml.matmul(a, a),
    "inv": linalg.inv,
    "det": linalg.det,
    "solve": lambda a: linalg.solve(a, a),
    "dot": lambda a: ml.dot(a, a),
    "eig": lambda a: linalg.eig(a).eigenvalues,
    "eigh": lambda a: linalg.eigh(a).eigenvalues,
    "trace": ml.trace,
    "mean": lambda a: ml.mean(a, axis=0),
    "std": lambda a: ml.std(a, axis=1),
    "median": ml.median,
    "histogram": lambda a: ml.histogram(a, 4)[0],
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_any_layout_is_read_and_never_written(call, layout):
    expected = call(A)
    argument = layout(A)
    got = call(argument)
    np.testing.assert_allclose(got, expected, rtol=1e-14)
    if not isinstance(argument, (Foreign, tuple)):
        np.testing.assert_array_equal(np.asarray(argument), A)


@pytest.mark.parametrize("dtype", [np.longlong, np.ulonglong, np.intc, np.uint16, np.bool_])
def test_integers_of_every_number_are_known(dtype):
    a = np.array([[2, 1], [1, 1]]).astype(dtype)
    np.testing.assert_array_equal(ml.matmul(a, a), np.matmul(a, a))
    np.testing.assert_allclose(ml.mean(a), np.mean(a))


@pytest.mark.parametrize("bad", ["text", [["a", "b"]], [None], np.array([object()])])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_what_holds_no_numbers_is_a_type_error_that_says_what_came(call, bad):
    with pytest.raises(TypeError, match="expected numbers, got"):
        call(bad)


def test_ragged_rows_are_a_value_error_that_shows_them():
    with pytest.raises(ValueError, match=r"expected rows of equal length, got \[\[1, 2\], \[3\]\]"):
        linalg.inv([[1, 2], [3]])


def test_out_is_filled_and_returned():
    out = np.empty((3, 3))
    assert ml.matmul(A, A, out=out) is out
    np.testing.assert_array_equal(out, ml.matmul(A, A))


def test_out_may_be_an_input():
    a = A.copy()
    assert ml.matmul(a, a, out=a) is a
    np.testing.assert_array_equal(a, ml.matmul(A, A))


def test_out_may_overlap_an_input():
    space = np.zeros((4, 3))
    space[:3] = A
    ml.matmul(space[:3], A, out=space[1:])
    np.testing.assert_array_equal(space[1:], ml.matmul(A, A))


@pytest.mark.parametrize(
    ("out", "error", "match"),
    [
        (np.empty((2, 3)), ValueError, r"out"),
        (np.empty((3, 3), np.int64), TypeError, r"Cannot cast"),
        ([[0.0] * 3] * 3, TypeError, r"out"),
        (read_only(np.empty((3, 3))), ValueError, r"read-only"),
    ],
)
def test_an_out_that_does_not_fit_is_refused(out, error, match):
    with pytest.raises(error, match=match):
        ml.matmul(A, A, out=out)


def test_a_scalar_comes_back_as_numpys_scalar():
    assert type(ml.mean(A)) is np.float64
    assert type(ml.mean(A.astype(np.float32))) is np.float32
    assert type(linalg.det(A)) is np.float64
    assert type(ml.dot(np.arange(3), np.arange(3))) is np.int64


def test_float32_stays_float32():
    a = A.astype(np.float32)
    assert linalg.inv(a).dtype == ml.matmul(a, a).dtype == ml.std(a, axis=0).dtype == np.float32


def test_another_librarys_array_answers_for_itself():
    class Other:
        def __array_function__(self, function, types, args, kwargs):
            return f"mine: {function.__name__}"

        def __array_ufunc__(self, ufunc, method, *args, **kwargs):
            return f"mine: {ufunc.__name__}"

    assert ml.mean(Other()) == "mine: mean"
    assert ml.matmul(Other(), A) == "mine: matmul"
