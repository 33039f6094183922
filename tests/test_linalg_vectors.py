"""Vectors: NumPy's products of them; directions, angles, projections and orthonormal bases by their laws."""

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mlmath_rs as ml
from mlmath_rs import linalg

RNG = np.random.default_rng(0)
DTYPES = ["float64", "float32", "complex128", "complex64", "int64", "int8", "uint16", "bool", "float16"]


def numbers(shape, dtype):
    x = RNG.integers(0, 5, shape)
    return (x + (1j * RNG.integers(-4, 5, shape) if np.dtype(dtype).kind == "c" else 0)).astype(dtype)


def assert_same(got, expected):
    assert np.shape(got) == np.shape(expected)
    assert got.dtype == expected.dtype
    np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ["vdot", "inner", "vecdot", "outer", "kron"])
@pytest.mark.parametrize("shapes", [((6,), (6,)), ((2, 3), (2, 3)), ((0,), (0,)), ((4, 1, 3), (4, 1, 3))])
def test_products_of_any_type_are_numpys(name, shapes, dtype):
    a, b = (numbers(shape, dtype) for shape in shapes)
    assert_same(getattr(ml, name)(a, b), getattr(np, name)(a, b))


@pytest.mark.parametrize(
    ("name", "left", "right"),
    [
        ("inner", (2, 3), (5, 4, 3)),
        ("inner", (3,), (4, 3)),
        ("inner", (2, 0), (3, 0)),
        ("vecdot", (5, 1, 3), (4, 3)),
        ("vecdot", (3,), (4, 3)),
        ("vecdot", (2, 0), (2, 0)),
        ("vdot", (2, 3), (6,)),
        ("outer", (2, 3), (4,)),
        ("outer", (0,), (4,)),
        ("outer", (), (4,)),
        ("kron", (2, 3), (4,)),
        ("kron", (2, 3, 2), (4, 5)),
        ("kron", (), (2, 2)),
        ("kron", (0, 2), (2, 2)),
    ],
)
def test_products_of_any_shapes_are_numpys(name, left, right):
    a, b = numbers(left, "complex128"), numbers(right, "complex128")
    assert_same(getattr(ml, name)(a, b), getattr(np, name)(a, b))
    a, b = np.flip(a), np.asfortranarray(b)
    np.testing.assert_array_equal(getattr(ml, name)(a, b), getattr(np, name)(a, b))


@given(st.sampled_from(["int8", "int16", "int32", "int64", "uint8", "uint64"]), st.integers(0, 2**32))
def test_integers_wrap_as_numpys_do(dtype, seed):
    rng = np.random.default_rng(seed)
    info = np.iinfo(dtype)
    a, b = rng.integers(info.min, info.max, (2, 4, 3), dtype=dtype, endpoint=True)
    for name in ["vdot", "inner", "vecdot", "outer", "kron", "cross"]:
        np.testing.assert_array_equal(getattr(ml, name)(a, b), getattr(np, name)(a, b))


def test_types_mix_and_lists_and_scalars_are_taken():
    assert ml.inner([1, 2], [0.5, 1.0]) == 2.5
    assert_same(ml.inner(2, np.arange(3)), np.inner(2, np.arange(3)))
    assert_same(ml.outer(np.ones(2, np.float32), np.ones(3)), np.outer(np.ones(2, np.float32), np.ones(3)))
    assert ml.vdot([True, True], [1, 2]) == 3
    out = np.empty((2, 2))
    assert ml.outer([1, 2], [3, 4], out=out) is out
    np.testing.assert_array_equal(out, [[3, 4], [6, 8]])


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_vecdot_runs_along_any_axis(axis):
    a, b = numbers((3, 4, 5), "complex128"), numbers((3, 4, 5), "complex128")
    assert_same(ml.vecdot(a, b, axis=axis), np.vecdot(a, b, axis=axis))
    assert linalg.vecdot is ml.vecdot


@pytest.mark.filterwarnings("ignore:Arrays of 2-dimensional vectors:DeprecationWarning")
@pytest.mark.parametrize(
    ("left", "right", "axes"),
    [
        ((3,), (3,), (-1, -1, -1)),
        ((2,), (3,), (-1, -1, -1)),
        ((3,), (2,), (-1, -1, -1)),
        ((2,), (2,), (-1, -1, -1)),
        ((5, 1, 3), (4, 3), (-1, -1, -1)),
        ((3, 4), (4, 3), (0, 1, 0)),
        ((3, 4), (5, 1, 3), (0, -1, 1)),
        ((0, 3), (3,), (-1, -1, -1)),
    ],
)
def test_cross_is_numpys(left, right, axes):
    a, b = RNG.standard_normal(left), RNG.standard_normal(right)
    assert_same(np.asarray(ml.cross(a, b, *axes)), np.asarray(np.cross(a, b, *axes)))


def test_cross_along_one_axis_and_in_linalg():
    a, b = RNG.standard_normal((2, 3, 5))
    assert_same(ml.cross(a, b, axis=0), np.cross(a, b, axis=0))
    assert_same(linalg.cross(a, b, axis=0), np.linalg.cross(a, b, axis=0))
    assert_same(linalg.outer(a[0], b[0]), np.linalg.outer(a[0], b[0]))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ml.vdot([1, 2], [1, 2, 3]), ValueError, "expected as many elements as a has, 2, got 3"),
        (lambda: ml.inner([1, 2], [1, 2, 3]), ValueError, "the last axes differ"),
        (lambda: ml.vecdot([1, 2], [1, 2, 3]), ValueError, "expected vectors of one length"),
        (lambda: ml.vecdot(np.ones((2, 3)), np.ones((4, 3))), ValueError, "do not broadcast"),
        (lambda: ml.cross([1, 2, 3, 4], [1, 2, 3]), ValueError, "2 or 3 components, got 4"),
        (lambda: ml.cross([1, 2, 3], [1, 2, 3], axis=1), np.exceptions.AxisError, "axis 1 is out of bounds"),
        (lambda: ml.cross([True] * 3, [True] * 3), TypeError, "no kernel for arrays of bool"),
        (lambda: linalg.cross([1, 2], [1, 2]), ValueError, "vectors of 3 components, got 2 and 2"),
        (lambda: linalg.outer([[1]], [1]), ValueError, "expected vectors, got 2 and 1 dimensions"),
        (lambda: linalg.normalize([0.0, 0.0]), ValueError, "a vector of zeros"),
        (lambda: linalg.normalize([[1], [0]]), ValueError, r"a vector of zeros at index \[1\]"),
        (lambda: linalg.normalize([1.0, 0.0], -np.inf), ValueError, "ord: must be >= 1, got -inf"),
        (lambda: linalg.normalize([1.0], zero="keep"), ValueError, "zero: expected one of"),
        (lambda: linalg.normalize(1.0), np.exceptions.AxisError, "axis -1 is out of bounds"),
        (lambda: linalg.angle([0, 0], [1, 0]), ValueError, "a vector of zeros"),
        (lambda: linalg.project([1, 0], [0, 0]), ValueError, "a vector of zeros"),
        (lambda: linalg.gram_schmidt([[1, 2], [2, 4]]), ValueError, "column 1 in the span of those before"),
        (lambda: linalg.gram_schmidt([1, 2]), ValueError, "at least two dimensions, got 1"),
    ],
)
def test_what_cannot_be_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("scale", [1e-310, 1e-200, 1.0, 1e200, 1e307])
@pytest.mark.parametrize("axis", [0, 1])
def test_unit_vectors_have_norm_one_at_any_scale(scale, axis):
    x = RNG.standard_normal((4, 5)) * scale
    unit = linalg.normalize(x, axis=axis)
    np.testing.assert_allclose(np.linalg.norm(unit, axis=axis), 1, rtol=1e-15)
    np.testing.assert_allclose(unit * linalg.norm(x, axis=axis, keepdims=True), x, rtol=1e-10)
    np.testing.assert_allclose(linalg.normalize(1j * x, axis=axis), 1j * unit, rtol=1e-15)


def test_unit_vectors_of_other_norms_and_types():
    assert_same(linalg.normalize([1, 3], 1), np.array([0.25, 0.75]))
    assert_same(linalg.normalize(np.float32([1, -4]), np.inf), np.float32([0.25, -1]))
    assert linalg.normalize(np.zeros((0, 3))).shape == (0, 3)
    assert np.isnan(linalg.normalize([1, np.nan])).all()


@pytest.mark.parametrize("small", [1e-15, 1e-9, 1e-4, 0.3, 1.5, 3.1, np.pi - 1e-7])
def test_angles_keep_their_digits(small):
    b = [np.cos(small), np.sin(small)]
    with mpmath.workdps(40):
        exact = float(mpmath.atan2(mpmath.mpf(b[1]), mpmath.mpf(b[0])))
    for scale in [1, 1e-200, 1e200]:
        np.testing.assert_allclose(linalg.angle([scale, 0], b), exact, rtol=1e-15)
    np.testing.assert_allclose(linalg.angle([[1, 0], [b[0], b[1]]], b), [exact, 0], rtol=1e-15, atol=1e-16)


def test_cosines_are_scikit_learns():
    pairwise = pytest.importorskip("sklearn.metrics.pairwise")
    x, y = RNG.standard_normal((4, 3)), RNG.standard_normal((5, 3))
    x[1] = 0
    np.testing.assert_allclose(linalg.cosine_similarity(x, y), pairwise.cosine_similarity(x, y), atol=1e-15)
    np.testing.assert_allclose(linalg.cosine_similarity(x), pairwise.cosine_similarity(x), atol=1e-15)
    assert linalg.cosine_similarity([1e-200, 0], [1e200, 1e200]) == pytest.approx(np.sqrt(0.5), rel=1e-15)


@given(st.integers(0, 2**32))
def test_projections_leave_what_is_orthogonal(seed):
    a, b = np.random.default_rng(seed).standard_normal((2, 6, 4))
    for kind in [1, 1 + 1j]:
        along = linalg.project(a * kind, b)
        np.testing.assert_allclose(np.vecdot(b, a * kind - along), 0, atol=1e-13)
        np.testing.assert_allclose(linalg.project(along, b), along, atol=1e-13)
    np.testing.assert_allclose(linalg.project(a, b, axis=0), linalg.project(a.T, b.T).T, atol=1e-14)


@pytest.mark.parametrize("dtype", ["float64", "float32", "complex128"])
@pytest.mark.parametrize("shape", [(3, 3), (50, 20), (2, 3, 6, 4), (4, 0), (0, 3, 2)])
def test_gram_schmidt_is_the_unique_orthonormal_basis(shape, dtype):
    a = RNG.standard_normal(shape).astype(dtype)
    q = linalg.gram_schmidt(a)
    eps = np.finfo(dtype).eps
    assert q.dtype == a.dtype
    assert q.shape == a.shape
    adjoint = np.conj(np.swapaxes(q, -1, -2))
    np.testing.assert_allclose(
        adjoint @ q, np.broadcast_to(np.eye(shape[-1]), (adjoint @ q).shape), atol=40 * eps
    )
    shares = adjoint @ a
    np.testing.assert_allclose(q @ shares, a, atol=100 * eps)
    np.testing.assert_allclose(np.tril(shares, -1), 0, atol=100 * eps)
    assert (np.diagonal(shares, axis1=-2, axis2=-1).real > 0).all()


def test_gram_schmidt_stays_orthogonal_where_columns_are_nearly_dependent():
    a = np.vander(np.linspace(0, 1, 12), 12)
    q = linalg.gram_schmidt(a)
    np.testing.assert_allclose(q.T @ q, np.eye(12), atol=1e-14)
