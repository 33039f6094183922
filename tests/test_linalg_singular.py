"""Singular value decompositions: ratios on a gallery, digits of small values, edges, stacks."""

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mlmath_rs import linalg
from mlmath_rs.threads import thread_limit

EPS = np.finfo(float).eps
DRIVERS = ["auto", "jacobi", "bidiagonal"]
SHAPES = [
    (1, 1),
    (2, 2),
    (3, 3),
    (8, 8),
    (1, 6),
    (6, 1),
    (9, 4),
    (4, 9),
    (17, 13),
    (30, 30),
    (50, 12),
    (12, 50),
]


def grid(shape):
    return np.meshgrid(np.arange(shape[0]), np.arange(shape[1]), indexing="ij")


def hilbert(shape):
    i, j = grid(shape)
    return 1.0 / (i + j + 1)


def kahan(shape):
    i, j = grid(shape)
    s, c = np.sin(0.9), np.cos(0.9)
    return np.where(i > j, 0.0, s**i * np.where(i == j, 1.0, -c))


def graded(shape):
    i, j = grid(shape)
    return random(shape) * 10.0 ** (-(i + j))


def graded_upwards(shape):
    return graded(shape)[::-1, ::-1]


def clustered(shape):
    k = min(shape)
    u, _ = np.linalg.qr(np.random.default_rng(1).standard_normal((shape[0], k)))
    v, _ = np.linalg.qr(np.random.default_rng(2).standard_normal((shape[1], k)))
    return (u * (1 + 1e-12 * (np.arange(k) > k // 2))) @ v.T


def of_rank_two(shape):
    i, j = grid(shape)
    return (i + 1.0) * (j + 2.0) + (i == 0)


def nilpotent(shape):
    return np.eye(*shape, k=1)


def zero(shape):
    return np.zeros(shape)


def ones(shape):
    return np.ones(shape)


def random(shape):
    return np.random.default_rng(shape[0]).standard_normal(shape)


GALLERY = [
    hilbert,
    kahan,
    graded,
    graded_upwards,
    clustered,
    of_rank_two,
    nilpotent,
    zero,
    ones,
    random,
]


def check(a, result, full, epsilon=EPS):
    """Assert that LAPACK's ratios are below 10."""
    u, s, vh = result
    m, n = a.shape
    k = min(m, n)
    assert u.shape == (m, m if full else k)
    assert s.shape == (k,)
    assert vh.shape == (n if full else k, n)
    assert u.dtype == vh.dtype == a.dtype
    assert np.all(s >= 0)
    assert np.all(np.diff(s) <= 0)
    unit = 10 * max(m, n) * epsilon
    assert np.linalg.norm((u[:, :k] * s) @ vh[:k] - a) <= unit * np.linalg.norm(a)
    assert np.linalg.norm(u.conj().T @ u - np.eye(u.shape[1])) < unit
    assert np.linalg.norm(vh @ vh.conj().T - np.eye(vh.shape[0])) < unit


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("make", GALLERY)
@pytest.mark.parametrize("driver", DRIVERS)
def test_parts_are_orthogonal_and_give_the_matrix_back(make, shape, driver):
    a = make(shape)
    for full in (True, False):
        check(a, linalg.svd(a, full, driver=driver), full)
    values = np.linalg.svd(a, compute_uv=False)
    unit = 10 * max(shape) * EPS
    np.testing.assert_allclose(
        linalg.svdvals(a, driver=driver), values, rtol=0, atol=unit * max(1e-300, values[0])
    )


@pytest.mark.parametrize("shape", [(80, 80), (90, 70), (140, 66), (30, 140)], ids=str)
@pytest.mark.parametrize("make", GALLERY)
@pytest.mark.parametrize("dtype", ["float64", "float32", "complex128"])
def test_many_columns_are_decomposed_as_well_as_few(make, shape, dtype):
    a = make(shape).astype(dtype)
    if dtype == "complex128":
        a *= np.exp(1j * np.arange(shape[1]))
    for full in (True, False):
        check(a, linalg.svd(a, full), full, np.finfo(dtype).eps)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("dtype", ["complex128", "complex64", "float32"])
def test_other_types_keep_their_type_and_their_digits(shape, driver, dtype):
    a = random(shape) + 1j * random(shape[::-1]).T
    a = (a if np.dtype(dtype).kind == "c" else a.real).astype(dtype)
    result = linalg.svd(a, driver=driver)
    check(a, result, True, np.finfo(dtype).eps)
    assert result.S.dtype == np.finfo(dtype).dtype
    assert linalg.svdvals(a).dtype == np.finfo(dtype).dtype


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("factor", [5e-324, 1e-310, 1e-300, 1e-160, 1e160, 1e300])
def test_tiny_and_huge_matrices_neither_overflow_nor_vanish(factor, driver):
    a = np.round(4 * random((6, 4)))
    u, s, vh = linalg.svd(a * factor, full_matrices=False, driver=driver)
    expected = np.linalg.svd(a, compute_uv=False)
    np.testing.assert_allclose(s, expected * factor, rtol=1e-13, atol=5e-324)
    check(a, (u, expected, vh), False)


@pytest.mark.parametrize("seed", range(4))
def test_rotations_keep_every_digit_where_columns_are_scaled(seed):
    rng = np.random.default_rng(seed)
    b = rng.standard_normal((5, 5)) + 3 * np.eye(5)
    a = b * 10.0 ** rng.permutation([0, -8, -16, -30, -60])
    with mpmath.workdps(200):
        exact = [float(x) for x in mpmath.svd_r(mpmath.matrix(a.tolist()), compute_uv=False)]
    np.testing.assert_allclose(linalg.svdvals(a, driver="jacobi"), exact, rtol=1e-13)
    np.testing.assert_allclose(linalg.svd(a, driver="jacobi").S, exact, rtol=1e-13)
    # Rows that are scaled, too.
    np.testing.assert_allclose(linalg.svdvals(a.T, driver="jacobi"), exact, rtol=1e-13)


def test_the_largest_component_of_each_left_vector_is_positive_the_last_on_ties():
    for shape in [(7, 7), (9, 4), (4, 9)]:
        u = linalg.svd(random(shape)).U
        largest = u[np.abs(u).argmax(axis=0), np.arange(u.shape[1])]
        assert np.all(largest > 0)
    u = linalg.svd([[1.0, -1.0], [-1.0, 1.0]]).U
    assert u[1, 0] > 0
    z = linalg.svd(random((5, 5)) * (1 + 2j)).U
    largest = z[np.abs(z).argmax(axis=0), np.arange(5)]
    np.testing.assert_allclose(largest.imag, 0, atol=1e-15)
    assert np.all(largest.real > 0)


def test_without_the_rule_vectors_still_belong_together():
    a = random((6, 6))
    check(a, linalg.svd(a, sign=None), True)


def test_a_hermitian_matrix_is_read_from_its_lower_triangle():
    a = random((5, 5)) + 1j * random((5, 5)).T
    whole = np.tril(a, -1) + np.tril(a, -1).conj().T + np.diag(a.diagonal().real)
    spoilt = np.tril(whole) + np.triu(np.full((5, 5), 7.0), 1)
    check(whole, linalg.svd(spoilt, hermitian=True), True)
    np.testing.assert_allclose(
        linalg.svd(spoilt, compute_uv=False, hermitian=True),
        np.linalg.svd(spoilt, compute_uv=False, hermitian=True),
        rtol=1e-12,
    )
    with pytest.raises(np.linalg.LinAlgError, match="a: expected square matrices"):
        linalg.svd(np.ones((2, 3)), hermitian=True)


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (2, 0, 3), (0, 3, 3), (2, 3, 0)])
@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("driver", DRIVERS)
def test_empty_matrices_and_stacks_have_the_shapes_of_numpys(shape, full, driver):
    ours = linalg.svd(np.empty(shape), full, driver=driver)
    theirs = np.linalg.svd(np.empty(shape), full)
    for x, y in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(x, y)
    assert linalg.svdvals(np.empty(shape)).shape == theirs.S.shape


@pytest.mark.parametrize("call", [linalg.svd, linalg.svdvals])
def test_what_is_refused_is_named(call):
    with pytest.raises(np.linalg.LinAlgError, match=r"a: expected matrices, .* got shape \(3,\)"):
        call(np.ones(3))
    with pytest.raises(np.linalg.LinAlgError, match=r"got shape \(\)"):
        call(1.0)
    with pytest.raises(TypeError, match="float16 is unsupported in linalg"):
        call(np.eye(2, dtype=np.float16))
    with pytest.raises(ValueError, match="driver: expected one of"):
        call(np.eye(2), driver="gesdd")
    with pytest.raises(ValueError, match="sign: expected"):
        linalg.svd(np.eye(2), sign="positive")
    for bad in (np.nan, np.inf):
        a = np.ones((4, 3, 3))
        a[2, 1, 1] = bad
        with pytest.raises(np.linalg.LinAlgError, match="NaN or infinity in slices 2$"):
            call(a)
        with pytest.raises(np.linalg.LinAlgError, match="a: expected finite numbers, got NaN or infinity$"):
            call(a[2])


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("shape", [(2, 3), (5, 5), (40, 9)])
def test_a_slice_has_the_same_bits_alone_and_in_a_stack_with_any_number_of_threads(shape, driver):
    a = np.random.default_rng(0).standard_normal((3, 50, *shape))
    with thread_limit(1):
        once = linalg.svd(a, driver=driver)
    for count in (2, 3, 8):
        with thread_limit(count):
            again = linalg.svd(a, driver=driver)
        assert all(x.tobytes() == y.tobytes() for x, y in zip(once, again, strict=True))
    single = linalg.svd(a[1, 7], driver=driver)
    assert all(x.tobytes() == y[1, 7].tobytes() for x, y in zip(single, once, strict=True))


def test_any_layout_and_kind_of_numbers_is_read_and_left_alone():
    a = random((8, 12))
    wanted = linalg.svdvals(np.ascontiguousarray(a[::2, ::-3]))
    np.testing.assert_array_equal(linalg.svdvals(a[::2, ::-3]), wanted)
    np.testing.assert_array_equal(linalg.svdvals(np.asfortranarray(a)), linalg.svdvals(a))
    before = a.copy()
    linalg.svd(a)
    np.testing.assert_array_equal(a, before)
    np.testing.assert_allclose(linalg.svdvals([[3, 0], [4, 5]]) ** 2, [45, 5])
    assert linalg.svdvals(np.array([[True, False], [True, True]])).dtype == np.float64


def test_results_are_numpys_named_ones_and_say_how_they_were_found():
    result, info = linalg.svd(random((20, 20)), driver="jacobi", return_info=True)
    assert type(result) is type(np.linalg.svd(np.eye(2)))
    assert 0 < info.sweeps < 12
    assert info.rotations > 0
    assert 0 <= info.off_diagonal < 30 * EPS
    values, info = linalg.svd(random((20, 20)), compute_uv=False, driver="bidiagonal", return_info=True)
    assert values.shape == (20,)
    assert info.sweeps > 0
    assert info.rotations == 0


@settings(max_examples=60, deadline=None)
@given(
    hnp.arrays(
        np.float64,
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=7),
        elements=st.floats(-1e3, 1e3, allow_subnormal=True) | st.sampled_from([0.0, 1.0, -1.0, 1e-200]),
    ),
    st.sampled_from(DRIVERS),
)
def test_any_matrix_is_decomposed(a, driver):
    check(a, linalg.svd(a, driver=driver), True)
