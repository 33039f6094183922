"""Entropy, divergence, mutual information: laws, and every edge that ordinary inputs reach."""

import numpy as np
import pytest
import scipy.spatial.distance
import scipy.stats
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as st

from mlmath_rs import information, stats

weights = st.lists(st.floats(0, 10), min_size=2, max_size=20).filter(lambda p: sum(p) > 0.1)


@given(weights)
def test_entropy_lies_between_nothing_and_the_logarithm_of_the_count(p):
    h = information.entropy(p)
    assert -1e-12 <= h <= np.log(len(p)) + 1e-12
    np.testing.assert_allclose(h, scipy.stats.entropy(p), rtol=1e-12, atol=1e-14)


@given(weights, st.integers(0, 9))
def test_divergence_is_not_negative_and_zero_from_itself(p, seed):
    q = np.random.default_rng(seed).random(len(p)) + 0.01
    assert information.entropy(p, q) >= -1e-12
    assert abs(information.entropy(p, p)) < 1e-12
    np.testing.assert_allclose(information.entropy(p, q), scipy.stats.entropy(p, q), rtol=1e-10, atol=1e-13)


@given(weights, st.integers(0, 9))
def test_the_distance_is_symmetric(p, seed):
    q = np.random.default_rng(seed).random(len(p))
    d = information.jensenshannon(p, q, base=2)
    assert 0 <= d <= 1 + 1e-12
    np.testing.assert_allclose(d, information.jensenshannon(q, p, base=2), atol=1e-9)
    np.testing.assert_allclose(d, scipy.spatial.distance.jensenshannon(p, q, 2), rtol=1e-9, atol=1e-8)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (([0, 0],), np.nan),
        (([],), 0.0),
        (([5],), 0.0),
        (([-0.5, 1.5],), -np.inf),
        (([np.nan, 1],), np.nan),
        (([0.5, 0.5], [1, 0]), np.inf),
        (([0, 1], [0, 1]), 0.0),
        (([1, 1], None, 2), 1.0),
        (([True, True],), np.log(2)),
        ((np.array([1, 1], np.uint8),), np.log(2)),
    ],
)
def test_edges_of_entropy(arguments, expected):
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(information.entropy(*arguments), expected, rtol=1e-15)


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("keepdims", [False, True])
def test_axes_are_scipys(axis, keepdims):
    rng = np.random.default_rng(0)
    p, q = rng.random((4, 5)), rng.random((4, 5))
    for arguments in ((p,), (p, q)):
        got = information.entropy(*arguments, axis=axis, keepdims=keepdims)
        expected = scipy.stats.entropy(*arguments, axis=axis, keepdims=keepdims)
        np.testing.assert_allclose(got, expected, rtol=1e-12)
        assert got.shape == expected.shape


def test_shapes_broadcast():
    rng = np.random.default_rng(0)
    p, q = rng.random((4, 3)), rng.random((4, 1))
    np.testing.assert_allclose(information.entropy(p, q), scipy.stats.entropy(p, q), rtol=1e-12)
    with pytest.raises(ValueError, match=r"entropy: shapes \(4, 3\) and \(5,\) do not broadcast"):
        information.entropy(p, np.ones(5))


@pytest.mark.parametrize("base", [0, -1, 1])
def test_an_impossible_base_is_refused(base):
    with pytest.raises(ValueError, match="base: must be positive and not 1"):
        information.entropy([0.5, 0.5], base=base)


def test_divergence_checks_that_it_is_given_probabilities():
    with pytest.raises(ValueError, match="p: expected probabilities that sum to 1, got 2"):
        information.kl_divergence([1, 1], [0.5, 0.5])
    with pytest.raises(ValueError, match="q: expected probabilities, got -0.5"):
        information.kl_divergence([0.5, 0.5], [-0.5, 1.5])
    assert information.kl_divergence([1, 1], [2, 2], normalize=True) == 0


@pytest.mark.parametrize(
    "labels",
    [
        ([0, 1, 1, 0], [1, 0, 0, 1]),
        (["a", "b", "a"], ["x", "x", "y"]),
        ([True, False, True], [1, 2, 1]),
        ([b"a", b"b"], [3, 3]),
        (np.array([2**62, -(2**62), 2**62]), [0, 1, 0]),
        (np.array([1, 2, 2], np.uint8), np.array([1.0, 1.0, 2.0])),
    ],
)
def test_labels_of_any_kind_are_counted(labels):
    expected = sklearn.metrics.mutual_info_score(*(np.asarray(x).astype(str) for x in labels))
    np.testing.assert_allclose(information.mutual_info_score(*labels), expected, rtol=1e-12, atol=1e-15)


def test_labels_with_very_many_levels_are_counted():
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 9000, 20_000), rng.integers(0, 9000, 20_000)
    expected = sklearn.metrics.mutual_info_score(x, y)
    np.testing.assert_allclose(information.mutual_info_score(x, y), expected, rtol=1e-10)


@given(st.integers(1, 300), st.integers(1, 12), st.integers(0, 99))
def test_mutual_information_is_scikit_learns(n, levels, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.integers(-3, levels, n), rng.integers(0, levels, n)
    got = information.mutual_info_score(x, y)
    np.testing.assert_allclose(got, sklearn.metrics.mutual_info_score(x, y), rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(got, information.mutual_info_score(y, x), rtol=1e-9, atol=1e-13)


def test_nothing_has_no_information():
    assert information.mutual_info_score([], []) == 0


def test_impossible_labels_are_refused():
    with pytest.raises(ValueError, match="labels_pred: expected 2 labels"):
        information.mutual_info_score([1, 2], [1])
    with pytest.raises(ValueError, match="labels_true: expected one dimension"):
        information.mutual_info_score([[1, 2]], [1])
    with pytest.raises(ValueError, match="contingency: expected two dimensions"):
        information.mutual_info_score(None, None, contingency=[1, 2])
    with pytest.raises(ValueError, match="negative entry"):
        information.mutual_info_score(None, None, contingency=[[1, -2], [0, 1]])
    with pytest.raises(ValueError, match="labels_true: expected labels"):
        information.mutual_info_score(None, [1])


def test_floats_that_do_not_repeat_warn():
    with pytest.warns(UserWarning, match="every value is a class of its own"):
        information.mutual_info_score([0.1, 0.2, 0.3], [1, 2, 2])


def test_stats_has_the_names_that_the_tutorial_calls():
    assert stats.entropy is information.entropy
    assert stats.mutual_info_score is information.mutual_info_score
