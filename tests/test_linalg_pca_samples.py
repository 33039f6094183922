"""Principal components of weighted samples, of batches, and of samples with missing values."""

import numpy as np
import pytest
from sklearn import decomposition

from mlmath_rs.errors import ConvergenceWarning
from mlmath_rs.linalg import PCA
from test_linalg_pca import samples

SOLVERS = ["full", "covariance_eigh", "randomized"]


def round_samples(n, p):
    """Rows with two strong directions, and noise in all."""
    rng = np.random.default_rng(5)
    return rng.standard_normal((n, p)) + rng.standard_normal((n, 2)) * [4, 2] @ np.eye(2, p) + 3


def same_fit(one, other, tolerance=1e-9):
    """Whether two fits found the same components."""
    for name in "components_ explained_variance_ explained_variance_ratio_ singular_values_ mean_".split():
        np.testing.assert_allclose(
            getattr(one, name), getattr(other, name), rtol=tolerance, atol=tolerance, err_msg=name
        )
    assert one.noise_variance_ == pytest.approx(other.noise_variance_, abs=tolerance)


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("container", [np.array, list, lambda w: np.array(w, np.float32)])
def test_integer_weights_are_repeated_rows(solver, container):
    X, weights = samples(40, 5), np.arange(40) % 4
    weighted = PCA(3, svd_solver=solver).fit(X, sample_weight=container(weights.tolist()))
    same_fit(weighted, PCA(3, svd_solver=solver).fit(np.repeat(X, weights, axis=0)))


@pytest.mark.parametrize("policy", ["em", "pairwise"])
def test_integer_weights_are_repeated_rows_where_values_are_missing(policy):
    X, weights = round_samples(60, 5), 1 + np.arange(60) % 3
    X[np.random.default_rng(0).random(X.shape) < 0.1] = np.nan
    pca = PCA(2, nan_policy=policy, tol=1e-10)
    weighted = pca.fit(X, sample_weight=weights)
    same_fit(weighted, PCA(2, nan_policy=policy, tol=1e-10).fit(np.repeat(X, weights, axis=0)), 1e-6)


@pytest.mark.parametrize(
    ("weights", "error"),
    [
        (np.ones(3), ValueError),
        (np.ones((20, 1)), ValueError),
        (-np.ones(20), ValueError),
        (np.full(20, np.nan), ValueError),
        (np.full(20, 0.04), ValueError),
        (np.zeros(20), ValueError),
    ],
)
def test_weights_that_are_none_are_refused(weights, error):
    for fit in (PCA(2).fit, PCA(2).partial_fit):
        with pytest.raises(error, match="sample_weight"):
            fit(samples(20, 4), sample_weight=weights)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("borders", [[5, 6, 40, 100], [100], [4, 50, 51]])
def test_batches_give_what_the_whole_gives(borders, dtype):
    X = samples(100, 6, dtype)
    pca = PCA(4)
    for first, last in zip([0, *borders], [*borders, 100]):
        if first < last:
            pca.partial_fit(X[first:last])
    assert pca.n_samples_ == 100 and pca.components_.dtype == dtype
    same_fit(pca, PCA(4, svd_solver="full").fit(X), 2e-10 if dtype == np.float64 else 2e-3)


def test_batches_of_weighted_samples_give_what_the_whole_gives():
    X, weights = samples(60, 5), np.arange(60) % 3 + 0.5
    pca = PCA(3).partial_fit(X[:20], sample_weight=weights[:20])
    pca.partial_fit(X[20:], sample_weight=weights[20:])
    same_fit(pca, PCA(3, svd_solver="full").fit(X, sample_weight=weights))


def test_batches_of_one_sample_add_up_and_a_fit_goes_on():
    X = samples(30, 4)
    pca = PCA()
    for row in X:
        pca.partial_fit(row[None])
    same_fit(pca, PCA(svd_solver="full").fit(X))
    same_fit(PCA(svd_solver="full").fit(X[:20]).partial_fit(X[20:]), pca)


def test_batches_lose_less_than_scikit_learns():
    X = samples(400, 20)
    exact = PCA(3, svd_solver="full").fit(X).explained_variance_
    ours, theirs = PCA(3), decomposition.IncrementalPCA(3)
    for batch in np.split(X, 20):
        ours.partial_fit(batch)
        theirs.partial_fit(batch)
    lost = [np.abs(pca.explained_variance_ / exact - 1).max() for pca in (ours, theirs)]
    assert lost[0] < 1e-12 <= lost[1]


def test_batches_that_cannot_be_merged_are_refused():
    X = samples(30, 4)
    with pytest.raises(ValueError, match="features"):
        PCA().partial_fit(X).partial_fit(X[:, :3])
    with pytest.raises(ValueError, match="kept only a part"):
        PCA(2, svd_solver="randomized").fit(X).partial_fit(X)
    with pytest.raises(ValueError, match="n_components=4"):
        PCA(4).partial_fit(X[:3])
    with pytest.raises(ValueError, match="NaN"):
        PCA(2, nan_policy="em").partial_fit(np.where(X.mean() < X, np.nan, X))


def test_a_planted_plane_is_found_with_a_fifth_of_the_values_missing():
    rng = np.random.default_rng(0)
    plane = rng.standard_normal((200, 3)) @ rng.standard_normal((3, 15)) + rng.standard_normal(15)
    X = np.where(rng.random(plane.shape) < 0.2, np.nan, plane)
    pca = PCA(3, nan_policy="em", tol=1e-9).fit(X)
    exact = PCA(3, svd_solver="full").fit(plane)
    np.testing.assert_allclose(
        pca.components_.T @ pca.components_, exact.components_.T @ exact.components_, atol=1e-5
    )
    np.testing.assert_allclose(pca.inverse_transform(pca.transform(X)), plane, atol=1e-4)
    assert pca.n_iter_ > 1


def test_a_few_missing_values_hardly_change_noisy_components():
    X = round_samples(400, 6)
    exact = PCA(2).fit(X)
    X[np.random.default_rng(1).random(X.shape) < 0.03] = np.nan
    for policy in ("em", "pairwise"):
        pca = PCA(2, nan_policy=policy).fit(X)
        np.testing.assert_allclose(pca.components_, exact.components_, atol=0.1)
        np.testing.assert_allclose(pca.explained_variance_, exact.explained_variance_, rtol=0.15)


@pytest.mark.parametrize("policy", ["em", "pairwise"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_without_missing_values_the_policy_changes_nothing(policy, dtype):
    X = round_samples(80, 5).astype(dtype)
    same_fit(PCA(2, nan_policy=policy).fit(X), PCA(2).fit(X), 0)
    assert PCA(2, nan_policy=policy).fit_transform(np.where(X > 5, X.dtype.type(np.nan), X)).dtype == dtype


def test_the_likelihood_of_complete_data_has_its_maximum_where_em_ends():
    X = samples(150, 5)
    nearly = np.vstack([X, [[np.nan] * 5]])
    em = PCA(2, nan_policy="em", tol=1e-12, max_iter=20000).fit(nearly)
    same_fit(em, PCA(2, svd_solver="full").fit(X), 1e-5)


def test_covariances_of_pairs_are_those_of_rows_that_have_both():
    X = round_samples(50, 4)
    X[np.random.default_rng(2).random(X.shape) < 0.2] = np.nan
    expected = np.empty((4, 4))
    for i in range(4):
        for j in range(4):
            both = ~np.isnan(X[:, i]) & ~np.isnan(X[:, j])
            expected[i, j] = np.cov(X[both, i], X[both, j])[0, 1]
    pca = PCA(nan_policy="pairwise").fit(X)
    np.testing.assert_allclose(pca.get_covariance(), expected, atol=1e-10)
    np.testing.assert_allclose(pca.mean_, np.nanmean(X, axis=0))


def test_missing_values_that_leave_nothing_are_refused_or_warned_of():
    X = round_samples(30, 4)
    gap = X.copy()
    gap[::2, 1] = np.nan
    for wanted in (None, 0.9, "mle", 0, 4):
        with pytest.raises(ValueError, match="n_components"):
            PCA(wanted, nan_policy="em").fit(gap)
    with pytest.warns(ConvergenceWarning, match="max_iter|iterations"):
        PCA(2, nan_policy="em", max_iter=1, tol=0.0).fit(gap)
    infinite = gap.copy()
    infinite[0, 0] = np.inf
    with pytest.raises(ValueError, match="infinity"):
        PCA(2, nan_policy="em").fit(infinite)
    apart = X.copy()
    apart[:15, 0] = apart[15:, 1] = np.nan
    with pytest.raises(ValueError, match="both columns"):
        PCA(2, nan_policy="pairwise").fit(apart)
    with pytest.raises(ValueError, match="NaN"):
        PCA(2, nan_policy="pairwise").fit(gap).score(gap)


def test_covariances_of_pairs_that_are_no_covariances_are_warned_of():
    X = samples(30, 6)
    X[np.random.default_rng(2).random(X.shape) < 0.3] = np.nan
    with pytest.warns(RuntimeWarning, match="not positive semidefinite"):
        pca = PCA(nan_policy="pairwise").fit(X)
    assert (pca.explained_variance_ >= 0).all()
