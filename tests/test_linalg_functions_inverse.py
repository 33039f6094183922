"""Square roots and logarithms of matrices: inverse to squares and exponentials, and many digits."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mlmath_rs import linalg
from mlmath_rs.errors import LinAlgWarning

EPS = np.finfo(float).eps
DTYPES = ["float64", "float32", "complex128", "complex64"]


def random(n, dtype="float64", seed=0):
    rng = np.random.default_rng(seed + n)
    x = rng.standard_normal((n, n))
    return (x + 1j * rng.standard_normal((n, n)) if np.dtype(dtype).kind == "c" else x).astype(dtype)


def without_negative_values(n, dtype="float64", seed=0):
    """Return a random matrix whose eigenvalues are in the right half plane."""
    a = random(n, dtype, seed)
    return a + (np.abs(np.linalg.eigvals(a)).max() + 1).astype(a.dtype) * np.eye(n, dtype=dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n", [1, 2, 3, 10, 60])
def test_roots_and_logarithms_are_inverse_to_squares_and_exponentials(n, dtype):
    a = without_negative_values(n, dtype)
    eps = np.finfo(a.dtype).eps
    root, log = linalg.sqrtm(a), linalg.logm(a)
    assert root.dtype == log.dtype == a.dtype
    assert np.abs(root @ root - a).max() < 20 * n * eps * np.abs(a).max()
    assert np.abs(linalg.expm(log) - a).max() < 50 * n * eps * np.abs(a).max()
    assert np.linalg.eigvals(root).real.min() > 0


@pytest.mark.parametrize("n", [1, 2, 5, 30])
def test_negative_eigenvalues_make_real_matrices_complex(n):
    a = random(n) - 4 * n * np.eye(n) + np.diag(np.arange(n) * 3.0 * n)
    a[0] = 0
    a[0, 0] = -5
    root, log = linalg.sqrtm(a), linalg.logm(a)
    assert root.dtype == log.dtype == np.complex128
    assert np.abs(root @ root - a).max() < 1e-12 * n * np.abs(a).max()
    assert np.abs(linalg.expm(log) - a).max() < 1e-11 * n * np.abs(a).max()
    assert np.linalg.eigvals(root).real.min() > -1e-10
    assert np.abs(np.linalg.eigvals(log).imag).max() < np.pi + 1e-10


@pytest.mark.parametrize("n", [2, 4, 6])
@pytest.mark.parametrize("kind", ["float64", "complex128"])
def test_both_agree_with_many_digits(n, kind):
    mpmath = pytest.importorskip("mpmath")
    a = without_negative_values(n, kind, seed=40)
    with mpmath.workdps(50):
        m = mpmath.matrix(a.tolist())
        exact = [np.array(f(m).tolist(), dtype=complex) for f in (mpmath.sqrtm, mpmath.logm)]
    for ours, expected in zip((linalg.sqrtm(a), linalg.logm(a)), exact):
        assert np.abs(ours - expected).max() < 30 * EPS * np.abs(expected).max()


def exact_functions(mpmath, a):
    """Return the principal root and logarithm of a triangular matrix; of two rows by the definition."""
    m = mpmath.matrix(a.tolist())
    if len(a) > 2:
        return mpmath.sqrtm(m), mpmath.logm(m)
    (x, t), (_, y) = m.tolist()
    roots, logs = [mpmath.sqrt(x), mpmath.sqrt(y)], [mpmath.log(x), mpmath.log(y)]
    beside = t / (roots[0] + roots[1]), t * (logs[1] - logs[0]) / (y - x)
    triangles = [[[f[0], b], [0, f[1]]] for f, b in zip((roots, logs), beside)]
    return mpmath.matrix(triangles[0]), mpmath.matrix(triangles[1])


def test_hard_triangles_keep_their_digits():
    # Far from normal (Al-Mohy and Higham 2012), with eigenvalues close to each other and to the cut.
    mpmath = pytest.importorskip("mpmath")
    near = 1 + 1e-9
    for a in (
        np.array([[3.0, 1e6], [0, 3.0 * near]]),
        np.array([[1.0, 5e5, 2.0], [0, near, -3.0], [0, 0, 2.0]]),
        np.array([[-1 + 1e-3j, 7], [0, -1 + 2e-3j]]),
        np.array([[np.exp(3.0j), 1e3], [0, np.exp(-3.0j)]]),
        1e-250 * np.array([[1.0, 2.0], [0, 3.0]]),
    ):
        with mpmath.workdps(60):
            root, log = (np.array(f.tolist(), dtype=complex) for f in exact_functions(mpmath, a))
        assert np.abs(linalg.sqrtm(a) - root).max() < 20 * EPS * np.abs(root).max()
        assert np.abs(linalg.logm(a) - log).max() < 20 * EPS * np.abs(log).max()


@settings(max_examples=40, deadline=None)
@given(arrays.arrays(float, (4, 4), elements=st.floats(-0.7, 0.7)))
def test_the_logarithm_of_an_exponential_is_the_matrix(a):
    # Small enough that all imaginary parts of its eigenvalues are below pi.
    assert np.abs(linalg.logm(linalg.expm(a)) - a).max() < 1e-12


@settings(max_examples=40, deadline=None)
@given(arrays.arrays(float, (4, 3), elements=st.floats(-1, 1)))
def test_roots_of_gram_matrices_are_real_and_positive(a):
    gram = a @ a.T
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LinAlgWarning)
        root = linalg.sqrtm(gram)
    assert root.dtype == float
    assert np.abs(root @ root - gram).max() < 1e-12 * max(gram.max(), 1e-300)


def test_what_is_singular_warns_and_what_has_no_answer_is_not_finite():
    with pytest.warns(LinAlgWarning, match="square root may not exist"):
        root = linalg.sqrtm([[0, 1], [0, 0]])
    assert not np.isfinite(root).all()
    with pytest.warns(LinAlgWarning, match="has no logarithm"):
        log = linalg.logm([[1, 2], [0, 0]])
    assert np.isnan(log).all()
    with pytest.warns(LinAlgWarning, match="singular"):
        np.testing.assert_array_equal(linalg.sqrtm(np.zeros((3, 3))), np.zeros((3, 3)))


def test_diagonals_identities_and_turns_are_exact():
    np.testing.assert_array_equal(linalg.sqrtm(np.diag([1.0, 4, 9])), np.diag([1.0, 2, 3]))
    np.testing.assert_array_equal(linalg.sqrtm(np.diag([1, -4])), np.diag([1, 2j]))
    np.testing.assert_array_equal(linalg.logm(np.eye(4)), np.zeros((4, 4)))
    np.testing.assert_allclose(linalg.logm(-np.eye(3)), np.pi * 1j * np.eye(3), atol=1e-15)
    for angle in (0.1, 1.0, 3.0):
        c, s = np.cos(angle), np.sin(angle)
        np.testing.assert_allclose(linalg.logm([[c, -s], [s, c]]), [[0, -angle], [angle, 0]], atol=2e-15)


@pytest.mark.parametrize("function", [linalg.sqrtm, linalg.logm])
def test_stacks_and_views_are_their_slices(function):
    a = np.stack([without_negative_values(6, seed=seed) for seed in range(6)]).reshape(2, 3, 6, 6)
    for stack in (a, a[:, ::-1], a.swapaxes(2, 3), np.asfortranarray(a)):
        before = stack.copy()
        result = function(stack)
        for index in np.ndindex(2, 3):
            np.testing.assert_array_equal(result[index], function(stack[index]))
        np.testing.assert_array_equal(stack, before)
        for threads in (1, 2, 3):
            np.testing.assert_array_equal(function(stack, threads=threads), result)
    a[1, 1] = -np.eye(6)
    assert function(a).dtype == np.complex128
    np.testing.assert_array_equal(function(a)[0, 0], function(a[0, 0]))


@pytest.mark.parametrize("function", [linalg.sqrtm, linalg.logm])
def test_types_empty_matrices_and_refusals(function):
    assert function(np.eye(2, dtype=int)).dtype == np.float64
    assert function(-np.eye(2, dtype=np.float32)).dtype == np.complex64
    for dtype in DTYPES:
        for shape in ((0, 0), (0, 2, 2), (3, 0, 0)):
            assert function(np.empty(shape, dtype)).shape == shape
            assert function(np.empty(shape, dtype)).dtype == dtype
    for bad in (np.nan, np.inf, complex(0, np.nan)):
        with pytest.raises(np.linalg.LinAlgError, match="a: expected finite numbers"):
            function([[bad, 0], [0, 1]])
    with pytest.raises(np.linalg.LinAlgError, match="expected square matrices"):
        function(np.ones((2, 3)))
    with pytest.raises(TypeError, match="float16"):
        function(np.eye(2, dtype=np.float16))
    for scale in (1e-300, 1e300):
        a = without_negative_values(4)
        result = linalg.sqrtm(a * scale)
        np.testing.assert_allclose(result / np.sqrt(scale), linalg.sqrtm(a), rtol=1e-12, atol=1e-14)
