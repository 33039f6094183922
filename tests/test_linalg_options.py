"""The options of spectra: order, sign, subset, what becomes of NaN, and what is told of them."""

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st

from mlmath_rs import linalg

EPS = np.finfo(float).eps


def symmetric(n, stack=(), seed=0, dtype=float):
    a = np.random.default_rng(seed).standard_normal((*stack, n, n)).astype(dtype)
    if np.issubdtype(dtype, np.complexfloating):
        a = a + 1j * np.random.default_rng(seed + 1).standard_normal((*stack, n, n))
    return a + a.conj().swapaxes(-1, -2)


def general(n, stack=(), seed=0):
    return np.random.default_rng(seed).standard_normal((*stack, n, n))


def assert_pairs(a, values, vectors):
    residual = np.abs(a @ vectors - vectors * values[..., None, :]).max()
    assert residual <= 20 * a.shape[-1] * EPS * np.abs(a).max() * a.shape[-1]


KEYS = {"ascending": lambda w: w.real, "descending": lambda w: -w.real, "magnitude": lambda w: -abs(w)}


@pytest.mark.parametrize("order", KEYS)
@pytest.mark.parametrize("n", [1, 2, 5, 16, 20])
@pytest.mark.parametrize("dtype", [np.float64, np.complex128])
def test_symmetric_values_and_their_vectors_come_in_the_order_asked_for(order, n, dtype):
    for stack in ((), (3,), (2, 2)):
        a = symmetric(n, stack, dtype=dtype)
        values, vectors = linalg.eigh(a, order=order)
        assert (np.diff(KEYS[order](values)) >= 0).all()
        assert_pairs(a, values, vectors)
        np.testing.assert_array_equal(np.sort(values), linalg.eigh(a).eigenvalues)
        alone = linalg.eigvalsh(a, order=order)
        assert (np.diff(KEYS[order](alone)) >= 0).all()
        np.testing.assert_allclose(np.sort(alone), np.sort(values), atol=20 * n * EPS * np.abs(a).max())


@pytest.mark.parametrize("order", KEYS)
@pytest.mark.parametrize("n", [1, 2, 5, 16, 20])
def test_general_values_come_in_the_order_asked_for_and_pairs_stay_together(order, n):
    a = general(n, (4,), seed=n)
    values, vectors = linalg.eig(a, order=order)
    assert (np.diff(KEYS[order](values)) >= -1e-12).all()
    assert_pairs(a, values, vectors)
    np.testing.assert_array_equal(linalg.eigvals(a, order=order), values)
    for w in np.asarray(values):
        heads = np.flatnonzero(w.imag > 0)
        np.testing.assert_array_equal(w[heads + 1], w[heads].conj())


@pytest.mark.parametrize("shape", [(3, 3), (5, 3), (3, 5), (2, 4, 4), (20, 20), (0, 3, 2)])
@pytest.mark.parametrize("full", [True, False])
def test_singular_values_ascend_with_their_vectors(shape, full):
    a = np.random.default_rng(1).standard_normal(shape)
    down, up = linalg.svd(a, full), linalg.svd(a, full, order="ascending")
    k = min(shape[-2:])
    np.testing.assert_array_equal(up.S, down.S[..., ::-1])
    np.testing.assert_array_equal(up.U[..., :k], down.U[..., :k][..., ::-1])
    np.testing.assert_array_equal(up.Vh[..., :k, :], down.Vh[..., :k, :][..., ::-1, :])
    np.testing.assert_array_equal(up.U[..., k:], down.U[..., k:])
    np.testing.assert_array_equal(linalg.svdvals(a, order="ascending"), linalg.svdvals(a)[..., ::-1])
    np.testing.assert_array_equal(linalg.svd(a, full, order="magnitude").S, down.S)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 8, 9, 16, 17, 40])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128])
@pytest.mark.parametrize("driver", ["auto", "tridiagonal", "jacobi"])
def test_the_largest_component_of_symmetric_vectors_is_positive(n, dtype, driver):
    a = symmetric(n, dtype=dtype)
    if driver == "jacobi":
        a = a @ a.conj().T + np.eye(n, dtype=dtype)
    vectors = linalg.eigh(a, driver=driver).eigenvectors
    size = np.abs(vectors)
    eps = np.finfo(dtype).eps
    for k in range(n):
        last = np.flatnonzero(size[:, k] >= size[:, k].max() * (1 - 6 * eps))[-1]
        pivot = vectors[last, k]
        assert pivot.real > 0
        assert abs(pivot.imag) <= 4 * eps
    loose = linalg.eigh(a, driver=driver, sign=None).eigenvectors
    np.testing.assert_allclose(np.abs(loose), size, atol=20 * eps)


def test_of_equal_components_the_last_is_positive():
    for n in (2, 20):
        a = np.zeros((n, n))
        a[:2, :2] = [[0, 1], [1, 0]]
        vectors = linalg.eigh(a).eigenvectors
        first, last = vectors[:2, 0], vectors[:2, -1]
        np.testing.assert_allclose(first, [-np.sqrt(0.5), np.sqrt(0.5)])
        np.testing.assert_allclose(last, [np.sqrt(0.5), np.sqrt(0.5)])
        assert not np.signbit(vectors[vectors == 0]).any()


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 20), st.integers(0, 99), st.data())
def test_subsets_are_scipys(n, seed, data):
    a = symmetric(n, seed=seed)
    first = data.draw(st.integers(0, n - 1))
    last = data.draw(st.integers(first, n - 1))
    values, vectors = linalg.eigh(a, subset_by_index=(first, last))
    expected = scipy.linalg.eigh(a, subset_by_index=(first, last), eigvals_only=True)
    np.testing.assert_allclose(values, expected, atol=1e-11)
    assert vectors.shape == (n, last - first + 1)
    assert_pairs(a, values, vectors)
    low, high = sorted(data.draw(st.tuples(st.floats(-9, 9), st.floats(-9, 9))))
    if low < high:
        got = linalg.eigvalsh(a, subset_by_value=(low, high))
        expected = scipy.linalg.eigh(a, subset_by_value=(low, high), eigvals_only=True)
        np.testing.assert_allclose(got, expected, atol=1e-11)
        assert linalg.eigh(a, subset_by_value=(low, high)).eigenvectors.shape == (n, len(expected))


def test_a_subset_by_value_is_open_below_and_closed_above():
    a = np.diag([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(linalg.eigvalsh(a, subset_by_value=(1, 3)), [2, 3])
    np.testing.assert_array_equal(linalg.eigvalsh(a, subset_by_value=(-np.inf, np.inf)), [1, 2, 3])
    assert linalg.eigvalsh(a, subset_by_value=(5, 6)).shape == (0,)


def test_places_count_in_the_order_asked_for_and_stacks_have_them():
    a = np.stack([np.diag([1.0, -5.0, 3.0]), np.diag([2.0, 0.0, -1.0])])
    values = linalg.eigh(a, order="magnitude", subset_by_index=(0, 1)).eigenvalues
    np.testing.assert_array_equal(values, [[-5, 3], [2, -1]])


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"subset_by_index": (1, 3)}, r"subset_by_index: expected 0 <= first <= last < 3, got \(1, 3\)"),
        ({"subset_by_index": (2, 1)}, "first <= last"),
        ({"subset_by_index": (-1, 1)}, "0 <= first"),
        ({"subset_by_value": (1, 1)}, "subset_by_value: expected a lower and a higher number"),
        ({"subset_by_value": (0, np.nan)}, "subset_by_value"),
        ({"subset_by_index": (0, 1), "subset_by_value": (0, 1)}, "got both"),
        ({"order": "real"}, 'order: expected one of .*"ascending".* got "real"'),
        ({"nan_policy": "omit"}, 'nan_policy: expected one of .*"raise"'),
        ({"driver": "lapack"}, 'driver: expected one of .*"tridiagonal"'),
    ],
)
@pytest.mark.parametrize("call", [linalg.eigh, linalg.eigvalsh])
def test_what_an_option_cannot_be_is_refused(call, options, match):
    with pytest.raises(ValueError, match=match):
        call(np.eye(3), **options)


def test_stacks_have_no_subsets_by_value_and_no_other_signs():
    with pytest.raises(ValueError, match=r"expected one matrix, got a stack of shape \(2, 3, 3\)"):
        linalg.eigh(symmetric(3, (2,)), subset_by_value=(0, 1))
    for call in (linalg.eigh, linalg.eig, linalg.svd):
        with pytest.raises(ValueError, match="sign: expected 'max-abs-positive' or None"):
            call(np.eye(2), sign="first")


def of_nan(call, a, **options):
    with pytest.raises(np.linalg.LinAlgError, match="NaN or infinity in slices 1, 4"):
        call(a, **options)
    return call(a, nan_policy="propagate", **options)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("n", [2, 5, 16, 20])
@pytest.mark.parametrize("call", [linalg.eigh, linalg.eig, linalg.svd])
def test_bad_slices_are_nan_where_that_is_asked_and_the_others_keep_their_bits(call, n, bad):
    a = symmetric(n, (6,))
    good = call(a)
    a[1, 0, 0] = a[4, -1, 0] = bad
    before = a.copy()
    result, info = of_nan(call, a, return_info=True)
    others = [0, 2, 3, 5]
    for part, expected in zip(result, good):
        assert np.isnan(part[[1, 4]]).all()
        np.testing.assert_array_equal(part[others], expected[others])
    assert info.ok.tolist() == [True, False, True, True, False, True]
    np.testing.assert_array_equal(a, before)


@pytest.mark.parametrize("call", [linalg.eigvalsh, linalg.eigvals, linalg.svdvals])
def test_values_of_bad_slices_are_nan_too(call):
    a = symmetric(4, (6,))
    a[1, 0, 0] = a[4, 2, 1] = np.nan
    values = of_nan(call, a)
    assert np.isnan(values[[1, 4]]).all()
    assert np.isfinite(values[[0, 2, 3, 5]]).all()
    assert np.isnan(call(a[1], nan_policy="propagate")).all()


@pytest.mark.parametrize("stack", [(), (3,), (2, 2), (0,)])
@pytest.mark.parametrize(("n", "driver", "chosen"), [(4, "auto", "jacobi"), (20, "auto", "tridiagonal")])
def test_info_is_told_of_each_slice(stack, n, driver, chosen):
    a = symmetric(n, stack)
    info = linalg.eigh(a, driver=driver, return_info=True)[1]
    assert info.driver == chosen
    for part in (info.ok, info.sweeps, info.rotations, info.off_diagonal):
        assert np.shape(part) == stack
    assert np.all(info.ok)
    assert np.all((info.sweeps > 0) == (chosen == "jacobi"))


@pytest.mark.parametrize("n", [2, 3, 8, 16, 24])
def test_info_of_a_slice_is_that_of_the_slice_alone(n):
    a = symmetric(n, (9,))
    a[3] = np.eye(n)
    for call in (linalg.eigh, linalg.svd):
        result, info = call(a, driver="jacobi", return_info=True)
        for k in range(9):
            alone, told = call(a[k], driver="jacobi", return_info=True)
            np.testing.assert_array_equal(alone[1], result[1][k])
            assert (told.sweeps, told.rotations) == (info.sweeps[k], info.rotations[k])
            assert told.off_diagonal == info.off_diagonal[k] < 10 * n * EPS
        assert info.sweeps[3] == info.rotations[3] == info.off_diagonal[3] == 0
        assert (info.rotations <= info.sweeps * n * (n - 1) // 2).all()


def test_info_leaves_the_bits_alone():
    for n in (3, 7, 16, 30):
        a = symmetric(n, (5,))
        for call in (linalg.eigh, linalg.eig, linalg.svd):
            for part, told in zip(call(a), call(a, return_info=True)[0]):
                np.testing.assert_array_equal(part, told)


def test_the_info_of_general_matrices_tells_defective_ones():
    a = np.stack([np.diag([1.0, 2, 3]), np.eye(3) + np.eye(3, k=1), general(3)])
    info = linalg.eig(a, return_info=True)[1]
    assert info.ok.all()
    assert (info.residual < 4 * EPS).all()
    assert info.rcond[0] == 1
    assert info.rcond[1] < EPS
    assert 1e-3 < info.rcond[2] < 1
    assert linalg.eig(np.empty((0, 0)), return_info=True)[1].ok


@pytest.mark.parametrize("function", [linalg.eigh, linalg.eigvalsh])
@pytest.mark.parametrize(
    ("name", "subset", "error"),
    [
        ("subset_by_index", 1, TypeError),
        ("subset_by_index", (0, 1, 2), ValueError),
        ("subset_by_index", (0.0, 1.0), TypeError),
        ("subset_by_value", 5, TypeError),
        ("subset_by_value", ("a", 0), TypeError),
        ("subset_by_value", (1, 2, 3), ValueError),
    ],
)
def test_subsets_that_are_no_pairs_are_refused(function, name, subset, error):
    with pytest.raises(error, match=f"{name}: expected a pair of (integers|numbers), got "):
        function(np.eye(3), **{name: subset})


def test_an_empty_matrix_has_no_subset():
    with pytest.raises(ValueError, match=r"subset_by_index: expected None: 0x0 .*, got \(0, 0\)"):
        linalg.eigh(np.ones((0, 0)), subset_by_index=(0, 0))
