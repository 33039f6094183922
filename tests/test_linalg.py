"""Systems and spectra: laws on a gallery of hard matrices, stacks with bad slices, edges."""

import warnings

import numpy as np
import pytest

from mlmath_rs import linalg
from mlmath_rs.errors import LinAlgWarning
from mlmath_rs.threads import thread_limit

EPS = np.finfo(float).eps


def hilbert(n):
    i = np.arange(n)
    return 1.0 / (i[:, None] + i + 1)


def wilkinson(n):
    return np.diag(np.abs(np.arange(n) - n // 2).astype(float)) + np.eye(n, k=1) + np.eye(n, k=-1)


def graded(n):
    scale = 10.0 ** -np.arange(n)
    return scale[:, None] * (np.cos(np.add.outer(np.arange(n), 3 * np.arange(n))) + np.eye(n)) * scale


def clustered(n):
    q, _ = np.linalg.qr(np.random.default_rng(1).standard_normal((n, n)))
    return q @ np.diag(np.r_[np.full(n // 2, 1.0), 1 + 1e-12 * np.arange(n - n // 2)]) @ q.T


def jordan(n):
    return 2 * np.eye(n) + np.eye(n, k=1)


def rotation(n):
    a = np.eye(n)
    a[:2, :2] = [[0, -1], [1, 0]]
    return a


def random(n):
    return np.random.default_rng(n).standard_normal((n, n))


GALLERY = [hilbert, wilkinson, graded, clustered, jordan, rotation, random]
SIZES = [2, 3, 5, 12, 20, 50]


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("make", GALLERY)
def test_solutions_have_a_small_backward_error(make, n):
    a = make(n)
    b = np.random.default_rng(0).standard_normal((n, 2))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LinAlgWarning)
        try:
            x, info = linalg.solve(a, b, return_info=True)
        except np.linalg.LinAlgError:
            assert abs(np.linalg.det(a)) < 1e-300
            return
    residual = np.abs(a @ x - b).max() / (np.linalg.norm(a, 1) * np.abs(x).max() + np.abs(b).max())
    assert residual < 10 * n * EPS
    assert info.backward_error < 10 * n * EPS


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("make", GALLERY)
@pytest.mark.parametrize("driver", ["auto", "jacobi", "tridiagonal"])
def test_symmetric_pairs_reconstruct_their_matrix(make, n, driver):
    a = make(n) + make(n).T
    w, v = linalg.eigh(a, driver=driver)
    size = np.linalg.norm(a)
    assert np.all(np.diff(w) >= 0)
    assert np.linalg.norm(v @ np.diag(w) @ v.T - a) <= 10 * n * EPS * size
    assert np.linalg.norm(v.T @ v - np.eye(n)) < 10 * n * EPS


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("make", GALLERY)
def test_general_pairs_satisfy_their_equation(make, n):
    a = make(n)
    w, v = linalg.eig(a)
    residual = np.abs(a @ v - v * w).max() / (np.linalg.norm(a) * n * EPS)
    assert residual < 10
    np.testing.assert_allclose(np.linalg.norm(v, axis=0), 1, rtol=1e-12)
    assert np.all(np.diff(w.real) <= 1e-12 * np.abs(w).max())


@pytest.mark.parametrize("factor", [1e-300, 1e-160, 1.0, 1e160, 1e290])
def test_tiny_and_huge_matrices_are_scaled(factor):
    a = random(6)
    np.testing.assert_allclose(
        linalg.eig(a * factor).eigenvalues, linalg.eig(a).eigenvalues * factor, rtol=1e-12
    )
    s = a + a.T
    np.testing.assert_allclose(
        linalg.eigh(s * factor).eigenvalues, linalg.eigh(s).eigenvalues * factor, rtol=1e-12
    )
    np.testing.assert_allclose(linalg.inv(a * factor) * factor, linalg.inv(a), rtol=1e-10)


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]])
def test_rotations_keep_every_digit_of_a_scaled_matrix_in_any_order(order):
    d = 10.0 ** np.array([0, -4, -8, -12])
    c = np.array([[1, 0.5, 0.3, 0.1], [0.5, 1, 0.4, 0.2], [0.3, 0.4, 1, 0.6], [0.1, 0.2, 0.6, 1]])
    a = (d[:, None] * c * d)[np.ix_(order, order)]
    exact = linalg.eigh(d[:, None] * c * d).eigenvalues
    np.testing.assert_allclose(linalg.eigh(a).eigenvalues, exact, rtol=1e-14)
    # The smallest: the determinant over the product of the others, which are known well.
    smallest = np.linalg.det(c) * np.prod(d**2) / np.prod(exact[1:])
    np.testing.assert_allclose(exact[0], smallest, rtol=1e-6)


def test_every_singular_slice_is_named_and_the_others_are_right():
    rng = np.random.default_rng(5)
    a = rng.standard_normal((10_000, 3, 3))
    bad = np.sort(rng.choice(10_000, 37, replace=False))
    a[bad, 2] = a[bad, 0]
    a[bad, 1] = 0
    x, info = linalg.inv(a, errors="nan", return_info=True)
    np.testing.assert_array_equal(np.flatnonzero(~info.ok), bad)
    np.testing.assert_array_equal(np.isnan(x).all(axis=(1, 2)), ~info.ok)
    assert np.all(info.rcond[bad] == 0)
    good = np.flatnonzero(info.ok)[::97]
    for slice_ in good:
        assert x[slice_].tobytes() == linalg.inv(a[slice_]).tobytes()
    with pytest.raises(np.linalg.LinAlgError, match=f"37 of the stack \\(slices {bad[0]}, {bad[1]}"):
        linalg.inv(a)


def test_a_singular_matrix_is_named_by_its_column():
    with pytest.raises(np.linalg.LinAlgError, match="Singular matrix: no pivot in column 1"):
        linalg.inv([[1.0, 2.0], [2.0, 4.0]])
    big = np.eye(40)
    big[:, 7] = 0
    with pytest.raises(np.linalg.LinAlgError, match="Singular matrix: no pivot in column 7"):
        linalg.solve(big, np.ones(40))
    assert linalg.det(big) == 0.0
    assert np.isnan(linalg.inv(big, errors="nan")).all()


def test_a_nearly_singular_large_matrix_warns():
    with pytest.warns(LinAlgWarning, match="rcond"):
        linalg.inv(hilbert(20))


@pytest.mark.parametrize("call", [linalg.inv, linalg.det, linalg.eig, linalg.eigh])
@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 2, 3), ()])
def test_what_is_not_square_is_refused(call, shape):
    with pytest.raises(np.linalg.LinAlgError, match="a: expected square matrices"):
        call(np.ones(shape))


@pytest.mark.parametrize("call", [linalg.inv, linalg.det, linalg.eig, linalg.eigh])
def test_float16_is_refused_as_numpy_does(call):
    with pytest.raises(TypeError, match="float16 is unsupported in linalg"):
        call(np.eye(2, dtype=np.float16))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("call", [linalg.eig, linalg.eigh])
@pytest.mark.parametrize("n", [2, 20])
def test_spectra_of_nan_and_infinity_are_refused(call, bad, n):
    a = np.eye(n)
    a[1, 0] = bad
    with pytest.raises(np.linalg.LinAlgError, match="a: expected finite numbers"):
        call(a)


def test_nan_goes_through_an_inverse():
    assert np.isnan(linalg.inv([[np.nan, 1.0], [1.0, 2.0]])).any()


def test_empty_matrices_and_stacks_have_empty_answers():
    assert linalg.inv(np.empty((0, 0))).shape == (0, 0)
    assert linalg.det(np.empty((0, 0))) == 1.0
    assert linalg.det(np.empty((4, 0, 0))).tolist() == [1.0] * 4
    assert linalg.inv(np.empty((0, 3, 3))).shape == (0, 3, 3)
    assert linalg.solve(np.empty((0, 0)), np.empty((0,))).shape == (0,)
    assert linalg.eigh(np.empty((0, 3, 3))).eigenvectors.shape == (0, 3, 3)
    assert linalg.eig(np.empty((0, 0))).eigenvalues.shape == (0,)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((5, 3, 3), (3,)),
        ((3, 3), (5, 3, 2)),
        ((2, 1, 3, 3), (4, 3, 2)),
        ((20, 20), (20,)),
        ((3, 20, 20), (20, 2)),
    ],
)
def test_right_hand_sides_broadcast_as_in_numpy(a, b):
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal(a), rng.standard_normal(b)
    np.testing.assert_allclose(linalg.solve(a, b), np.linalg.solve(a, b), rtol=1e-9)


def test_right_hand_sides_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"b: expected 3 rows, as many as `a` has, got shape \(2,\)"):
        linalg.solve(np.eye(3), np.ones(2))


def test_uplo_chooses_the_triangle():
    a = np.array([[2.0, 100.0], [1.0, 2.0]])
    np.testing.assert_allclose(linalg.eigh(a).eigenvalues, [1, 3])
    np.testing.assert_allclose(linalg.eigh(a, "U").eigenvalues, [-98, 102])
    with pytest.raises(ValueError, match="UPLO: expected 'L' or 'U'"):
        linalg.eigh(a, "X")


@pytest.mark.parametrize("n", [3, 20])
def test_unknown_words_are_refused_with_the_known_ones(n):
    with pytest.raises(ValueError, match="driver: expected one of"):
        linalg.eigh(np.eye(n), driver="qr")
    with pytest.raises(ValueError, match="errors: expected one of"):
        linalg.inv(np.eye(n), errors="ignore")
    with pytest.raises(ValueError, match="sign: expected"):
        linalg.eig(np.eye(n), sign="positive")


def test_results_are_numpys_named_ones():
    result = linalg.eig([[2, 1], [1, 2]])
    assert type(result) is type(np.linalg.eig(np.eye(2)))
    values, vectors = result
    assert str(values) == "[3. 1.]"
    assert str(vectors) == "[[ 0.70710678 -0.70710678]\n [ 0.70710678  0.70710678]]"


def test_complex_pairs_stay_together_with_the_positive_part_first():
    w, v = linalg.eig([[0.0, -1.0], [1.0, 0.0]])
    np.testing.assert_allclose(w, [1j, -1j], atol=1e-15)
    assert v.dtype == np.complex128
    w32 = linalg.eig(np.array([[0, -1], [1, 0]], np.float32)).eigenvalues
    assert w32.dtype == np.complex64


@pytest.mark.parametrize("n", [3, 8, 20])
def test_bits_do_not_depend_on_the_number_of_threads(n):
    a = np.random.default_rng(0).standard_normal((400, n, n))
    calls = [linalg.inv, linalg.det, lambda a: linalg.eigh(a + a.swapaxes(1, 2)).eigenvectors]
    for call in calls:
        with thread_limit(1):
            once = call(a)
        for count in (2, 3, 8):
            with thread_limit(count):
                assert call(a).tobytes() == once.tobytes()
