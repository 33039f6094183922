"""Complex matrices: products, inverses, solutions and determinants, alone and in stacks."""

import numpy as np
import pytest

import mlmath_rs as ml
from mlmath_rs import linalg
from mlmath_rs.threads import thread_limit

DTYPES = ["complex128", "complex64"]


def matrices(*shape, dtype="complex128"):
    rng = np.random.default_rng(0)
    return (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)).astype(dtype)


def tolerance(dtype):
    return 2000 * np.finfo(dtype).eps


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((3,), (3,)),
        ((2, 3), (3,)),
        ((5, 2, 3), (3, 4)),
        ((6, 17, 17), (6, 17, 17)),
        ((2, 0), (0, 3)),
        ((70, 80), (80, 90)),
    ],
)
def test_products_of_any_shapes_are_numpys(left, right, dtype):
    a, b = matrices(*left, dtype=dtype), matrices(*right, dtype=dtype)
    got, expected = ml.matmul(a, b), np.matmul(a, b)
    assert got.dtype == expected.dtype
    assert got.shape == expected.shape
    np.testing.assert_allclose(got, expected, atol=tolerance(dtype))
    np.testing.assert_allclose(ml.dot(a, b), np.dot(a, b), atol=tolerance(dtype))


def test_real_and_complex_mix():
    a, b = matrices(4, 4), np.arange(16.0).reshape(4, 4)
    np.testing.assert_allclose(ml.matmul(a, b), a @ b)
    np.testing.assert_allclose(linalg.solve(a, b[:, 0]), np.linalg.solve(a, b[:, 0]))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    "shape", [(1, 1), (2, 2), (9, 9), (60, 60), (7, 3, 3), (2, 3, 20, 20), (0, 0), (0, 4, 4)]
)
def test_systems_are_numpys(shape, dtype):
    a = matrices(*shape, dtype=dtype) + 3 * np.eye(shape[-1], dtype=dtype)
    b = matrices(*shape[:-1], 2, dtype=dtype)
    for got, expected in [
        (linalg.inv(a), np.linalg.inv(a)),
        (linalg.solve(a, b), np.linalg.solve(a, b)),
        (linalg.det(a / 4), np.linalg.det(a / 4)),
    ]:
        assert got.dtype == expected.dtype
        np.testing.assert_allclose(got, expected, rtol=tolerance(dtype), atol=tolerance(dtype))


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_pivots_whose_squares_overflow_or_vanish_are_divided_by(size):
    a = matrices(5, 5) * size
    np.testing.assert_allclose(linalg.inv(a) * size, np.linalg.inv(a) * size, rtol=1e-12)


@pytest.mark.parametrize(
    "view", [lambda a: a.T, lambda a: a[::-1], lambda a: a.conj().T, lambda a: a[:, ::-1]]
)
def test_any_layout_is_read(view):
    a = view(matrices(20, 20))
    np.testing.assert_allclose(ml.matmul(a, a), a @ a, rtol=1e-12)
    np.testing.assert_allclose(linalg.inv(a), np.linalg.inv(a), rtol=1e-9)


def test_singular_slices_raise_or_become_nan():
    a = matrices(3, 4, 4)
    a[1] = np.outer(a[0, 0], a[0, 1])
    a[1, 3] = 0
    with pytest.raises(np.linalg.LinAlgError, match=r"slices 1"):
        linalg.inv(a)
    inverse, info = linalg.inv(a, errors="nan", return_info=True)
    assert np.isnan(inverse[1]).all()
    assert info.ok.tolist() == [True, False, True]
    assert info.rcond.dtype == np.float64
    assert (info.backward_error[[0, 2]] < 1e-15).all()


def test_bits_do_not_depend_on_the_number_of_threads():
    a, stack = matrices(300, 300), matrices(50, 20, 20)
    calls = [
        lambda: ml.matmul(a, a),
        lambda: linalg.inv(a),
        lambda: linalg.inv(stack),
        lambda: linalg.det(stack),
    ]
    for call in calls:
        with thread_limit(1):
            once = call()
        for count in (2, 8):
            with thread_limit(count):
                assert call().tobytes() == once.tobytes()
