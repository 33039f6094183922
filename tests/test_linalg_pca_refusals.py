"""What PCA refuses, and what it says then."""

import numpy as np
import pytest

from mlmath_rs.linalg import PCA
from test_linalg_pca import samples


def holding(value, row=0):
    """Samples of which one element is `value`."""
    X = samples(20, 4)
    X[row, 1] = value
    return X


@pytest.mark.parametrize("method", ["fit", "partial_fit", "fit_transform"])
def test_weights_are_given_by_name(method):
    with pytest.raises(TypeError, match="positional"):
        getattr(PCA(), method)(samples(20, 4), None, np.ones(20))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"whiten": "yes"}, TypeError, "whiten: expected True or False, got 'yes'"),
        ({"random_state": "a"}, TypeError, "random_state: expected None, .*, got 'a'"),
        ({"random_state": -1}, ValueError, "random_state: expected None, an integer >= 0, .*, got -1"),
        (
            {"nan_policy": "em", "svd_solver": "full"},
            ValueError,
            "svd_solver: .*EM has no solver, got 'full'",
        ),
    ],
)
def test_parameters_that_are_none_are_refused_at_the_fit(options, error, message):
    pca = PCA(2, **options)
    with pytest.raises(error, match=message):
        pca.fit(samples(20, 4))


@pytest.mark.parametrize("weights", ["a", ["a"] * 20, np.full(20, 1j), [{}] * 20])
def test_weights_that_are_no_numbers_are_refused(weights):
    with pytest.raises(TypeError, match="sample_weight: expected numbers, got dtype"):
        PCA().fit(samples(20, 4), sample_weight=weights)


def test_nan_is_told_with_its_place_and_what_can_be_done():
    gap, where = holding(np.nan, 3), "X: expected finite numbers, got NaN in row 3, column 1: "
    fitted = PCA(2).fit(samples(20, 4))
    for call in (PCA().fit, fitted.transform):
        with pytest.raises(ValueError, match=where + "nan_policy='em' or 'pairwise' takes it"):
            call(gap)
    for policy in ("raise", "em"):
        for pca in (PCA(2, nan_policy=policy), PCA(2, nan_policy=policy).partial_fit(samples(20, 4))):
            with pytest.raises(ValueError, match=where + "missing values cannot be merged"):
                pca.partial_fit(gap)
    with pytest.raises(ValueError, match=where + "missing values cannot be scored"):
        PCA(2, nan_policy="em").fit(gap).score(gap)


@pytest.mark.parametrize("policy", ["raise", "em", "pairwise"])
def test_infinity_is_told_with_its_place(policy):
    infinite = holding(-np.inf)
    if policy != "raise":
        infinite[1, 2] = np.nan
    pca = PCA(2, nan_policy=policy).fit(samples(20, 4))
    for call in (PCA(2, nan_policy=policy).fit, pca.transform, pca.score):
        with pytest.raises(ValueError, match="X: expected no infinity, got -inf in row 0, column 1"):
            call(infinite)


@pytest.mark.parametrize("policy", ["em", "pairwise"])
@pytest.mark.parametrize("known", [0, 1])
def test_fewer_than_two_samples_that_have_values_are_refused(policy, known):
    X = np.full((3, 4), np.nan)
    X[:known] = 1
    with pytest.raises(ValueError, match=f"X: expected two samples .* any value, got {known} of 3"):
        PCA(1, nan_policy=policy).fit(X)


def test_rows_are_counted_whatever_their_weights_and_a_first_batch_may_be_one_row():
    X = samples(20, 4)
    assert PCA(2).fit(X, sample_weight=np.full(20, 3)).n_samples_ == 20
    assert PCA().partial_fit(X[:1]).explained_variance_.tolist() == [0]
