"""Principal components: laws, parity with scikit-learn, edges."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import decomposition

from mlmath_rs.errors import NotFittedError
from mlmath_rs.linalg import PCA

SHAPES = [(200, 6), (30, 6), (6, 30), (12, 12), (2, 3), (50, 1)]
SOLVERS = ["full", "covariance_eigh", "randomized"]


def samples(n, p, dtype=float, seed=0):
    """Rows of different variances along all directions, far from zero."""
    rng = np.random.default_rng(seed)
    mixed = rng.standard_normal((n, p)) @ (rng.standard_normal((p, p)) * 0.7 ** np.arange(p)[:, None])
    return (mixed + rng.normal(5, 1, p)).astype(dtype)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_components_are_orthonormal_ordered_and_give_samples_back(shape, solver, dtype):
    X = samples(*shape, dtype)
    pca = PCA(svd_solver=solver).fit(X)
    # The covariance has no digits of components without variance, of which there are some here.
    eps = np.finfo(dtype).eps if solver != "covariance_eigh" else np.sqrt(np.finfo(dtype).eps)
    C = pca.components_
    assert C.dtype == pca.mean_.dtype == pca.transform(X).dtype == dtype
    np.testing.assert_allclose(C @ C.T, np.eye(len(C)), atol=200 * np.finfo(dtype).eps)
    assert (np.diff(pca.explained_variance_) <= 0).all()
    np.testing.assert_allclose(pca.inverse_transform(pca.transform(X)), X, atol=400 * eps * np.abs(X).max())
    assert pca.explained_variance_ratio_.sum() == pytest.approx(1, abs=100 * float(np.finfo(dtype).eps))
    largest = np.abs(C).argmax(axis=1)
    assert (C[np.arange(len(C)), largest] > 0).all()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("whiten", [False, True])
def test_attributes_and_scores_are_scikit_learns(shape, solver, whiten):
    X = samples(*shape)
    k = max(min(shape) - 1, 1)
    ours = PCA(k, svd_solver=solver, whiten=whiten, random_state=0).fit(X)
    theirs = decomposition.PCA(k, svd_solver="full", whiten=whiten).fit(X)
    for name in "components_ explained_variance_ explained_variance_ratio_ singular_values_ mean_".split():
        np.testing.assert_allclose(
            getattr(ours, name), getattr(theirs, name), rtol=1e-6, atol=1e-8, err_msg=name
        )
    for name in "n_components_ n_features_in_ n_samples_".split():
        assert getattr(ours, name) == getattr(theirs, name), name
    assert ours.noise_variance_ == pytest.approx(theirs.noise_variance_, abs=1e-8)
    np.testing.assert_allclose(ours.transform(X), theirs.transform(X), atol=1e-7)
    scores = ours.transform(X)
    np.testing.assert_allclose(ours.inverse_transform(scores), theirs.inverse_transform(scores), atol=1e-7)
    if not whiten:  # scikit-learn's covariance of whitened components is another matrix's
        np.testing.assert_allclose(ours.get_covariance(), theirs.get_covariance(), atol=1e-8)
    assert list(ours.get_feature_names_out()) == list(theirs.get_feature_names_out())


@pytest.mark.parametrize(("shape", "k"), [((200, 6), 2), ((200, 6), 6), ((40, 9), 3), ((50, 1), 1)])
def test_likelihood_and_precision_are_scikit_learns(shape, k):
    X = samples(*shape)
    ours, theirs = PCA(k).fit(X), decomposition.PCA(k).fit(X)
    np.testing.assert_allclose(ours.score_samples(X), theirs.score_samples(X), rtol=1e-7)
    assert ours.score(X) == pytest.approx(theirs.score(X))
    np.testing.assert_allclose(ours.get_precision() @ ours.get_covariance(), np.eye(shape[1]), atol=1e-9)


@pytest.mark.parametrize("wanted", [0.3, 0.9, 0.9999, "mle", None, 0, 2])
@pytest.mark.parametrize("solver", ["auto", "full", "covariance_eigh"])
def test_the_number_of_components_is_chosen_as_scikit_learn_does(wanted, solver):
    X = samples(150, 8)
    ours, theirs = (kind(wanted, svd_solver=solver).fit(X) for kind in (PCA, decomposition.PCA))
    assert ours.n_components_ == theirs.n_components_ == len(ours.components_)
    assert ours.transform(X).shape == (150, ours.n_components_)


def test_the_most_probable_number_of_components_does_not_depend_on_the_unit():
    rng = np.random.default_rng(3)
    X = rng.standard_normal((300, 3)) @ rng.standard_normal((3, 10)) + 0.1 * rng.standard_normal((300, 10))
    assert [PCA("mle").fit(X * unit).n_components_ for unit in (1, 1e-12, 1e12)] == [3, 3, 3]


@pytest.mark.parametrize("normalizer", ["auto", "QR", "LU", "none"])
def test_a_few_components_of_large_data_are_found_at_random_and_the_same_again(normalizer):
    X = samples(600, 40)
    options = {"svd_solver": "randomized", "power_iteration_normalizer": normalizer}
    few, whole = PCA(5, **options).fit(X), PCA(5, svd_solver="full").fit(X)
    np.testing.assert_allclose(few.explained_variance_, whole.explained_variance_, rtol=1e-4)
    assert few.noise_variance_ == pytest.approx(whole.noise_variance_, rel=1e-3)
    assert (few.components_ == PCA(5, **options).fit(X).components_).all()
    other = PCA(5, random_state=np.random.RandomState(7), **options).fit(X)
    np.testing.assert_allclose(other.explained_variance_, whole.explained_variance_, rtol=1e-4)


@pytest.mark.parametrize("n_components", [7, -1, 1.0, 1.5, 0.0, "many", True, [2]])
def test_other_numbers_of_components_are_refused(n_components):
    with pytest.raises(ValueError, match="n_components"):
        PCA(n_components).fit(samples(6, 9))


@pytest.mark.parametrize(
    "options",
    [
        {"svd_solver": "arpack"},
        {"nan_policy": "omit"},
        {"power_iteration_normalizer": "Cholesky"},
        {"iterated_power": -1},
        {"n_oversamples": 0},
        {"max_iter": 0},
        {"tol": -1.0},
    ],
)
def test_other_options_are_refused_by_name(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        PCA(2, **options).fit(samples(20, 4))


def test_what_cannot_be_done_says_why():
    X = samples(20, 4)
    with pytest.raises(NotFittedError, match="call fit first"):
        PCA().transform(X)
    with pytest.raises(ValueError, match="no fewer samples than features"):
        PCA("mle").fit(samples(4, 9))
    with pytest.raises(ValueError, match="n_samples = 1"):
        PCA().fit(X[:1])
    with pytest.raises(ValueError, match="got NaN in row"):
        PCA().fit(np.where(X.mean() < X, np.nan, X))
    with pytest.raises(ValueError, match="got inf in row"):
        PCA(2).fit(X).transform(np.full((1, 4), np.inf))
    with pytest.raises(ValueError, match="columns"):
        PCA(2).fit(X).inverse_transform(np.zeros((3, 3)))
    with pytest.raises(np.linalg.LinAlgError, match="singular"):
        PCA().fit(samples(4, 9)).score(samples(4, 9))
    with pytest.raises(ValueError, match=r"randomized"):
        PCA(0.5, svd_solver="randomized").fit(X)
    with pytest.raises(ValueError, match="no parameter"):
        PCA().set_params(components=3)


@pytest.mark.parametrize("solver", SOLVERS)
def test_samples_that_are_all_equal_have_no_variance_and_a_warning(solver):
    X = np.full((8, 3), 7.0)
    with pytest.warns(RuntimeWarning, match="all equal"):
        pca = PCA(svd_solver=solver).fit(X)
    assert (pca.explained_variance_ratio_ == 0).all()
    assert (pca.explained_variance_ == 0).all()
    assert (pca.transform(X) == 0).all()


def test_whitened_scores_without_variance_are_zero():
    X = samples(40, 3)
    X = np.hstack([X, X[:, :1] + X[:, 1:2]])
    scores = PCA(whiten=True, svd_solver="full").fit_transform(X)
    np.testing.assert_allclose(scores[:, :3].std(axis=0, ddof=1), 1)
    assert (scores[:, 3] == 0).all()


@pytest.mark.parametrize("solver", SOLVERS)
def test_lists_integers_strides_and_orders_give_the_same(solver):
    X = np.round(samples(60, 5) * 10)
    expected = PCA(svd_solver=solver).fit(X).explained_variance_
    wide = np.zeros((120, 10))
    wide[::2, ::2] = X
    for same in (
        X.astype(int),
        X.tolist(),
        np.asfortranarray(X),
        wide[::2, ::2],
        X.astype(">f8"),
        X.astype(object),
    ):
        np.testing.assert_allclose(PCA(svd_solver=solver).fit(same).explained_variance_, expected, rtol=1e-12)


def test_the_input_is_never_changed():
    X = samples(50, 5)
    before = X.copy()
    for solver in SOLVERS:
        PCA(3, copy=False, svd_solver=solver, whiten=True).fit(X).transform(X)
    assert (before == X).all()


def test_an_offset_costs_no_digits_where_squares_are_formed():
    X = samples(500, 4) - 5
    plain = PCA(svd_solver="covariance_eigh").fit(X).explained_variance_
    far = PCA(svd_solver="covariance_eigh").fit(X + 1e8).explained_variance_
    np.testing.assert_allclose(far, plain, rtol=1e-6)


@given(st.integers(2, 9), st.integers(1, 6), st.integers(0, 10**6))
def test_solvers_agree(n, p, seed):
    X = samples(n, p, seed=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        variances = [PCA(svd_solver=solver).fit(X).explained_variance_ for solver in SOLVERS]
    for other in variances[1:]:
        np.testing.assert_allclose(other, variances[0], atol=1e-10 * variances[0][0])


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("size", [1e-150, 1e150])
def test_ratios_and_axes_do_not_depend_on_the_size_of_numbers(solver, size):
    X = samples(60, 4)
    plain, sized = (PCA(svd_solver=solver).fit(x) for x in (X, X * size))
    np.testing.assert_allclose(sized.components_, plain.components_, atol=1e-9)
    np.testing.assert_allclose(sized.explained_variance_ratio_, plain.explained_variance_ratio_, rtol=1e-9)
    np.testing.assert_allclose(sized.singular_values_, plain.singular_values_ * size, rtol=1e-9)
