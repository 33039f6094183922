"""Joint, marginal and conditional tables, and Bayes' theorem: their identities and their refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mlmath_rs.probability import (
    bayes,
    bayes_update,
    conditional_probability,
    joint_probability,
    law_of_total_probability,
    marginal,
)

WEIGHTS = arrays.arrays(np.float64, (3, 4), elements=st.floats(0.01, 1))


@given(WEIGHTS)
def test_a_joint_table_is_its_marginal_times_its_conditional(weights):
    joint = weights / weights.sum()
    p_a, rows = marginal(joint), conditional_probability(joint)
    np.testing.assert_allclose(p_a, joint.sum(axis=1), rtol=1e-14)
    np.testing.assert_allclose(rows.sum(axis=1), 1, rtol=1e-14)
    np.testing.assert_allclose(joint_probability(p_a, rows), joint, rtol=1e-14)
    np.testing.assert_allclose(conditional_probability(joint, p_a), rows, rtol=1e-14)
    # Bayes' theorem turns the condition round.
    posterior = bayes(p_a, rows)
    np.testing.assert_allclose(posterior, conditional_probability(joint, axis=1), rtol=1e-13)
    np.testing.assert_allclose(law_of_total_probability(p_a, rows), marginal(joint, 1), rtol=1e-14)


def test_tables_of_many_variables_keep_any_axes():
    joint = np.random.default_rng(0).dirichlet(np.ones(24)).reshape(2, 3, 4)
    np.testing.assert_allclose(marginal(joint, (0, 2)), joint.sum(axis=1))
    np.testing.assert_allclose(marginal(joint, (2, 0)), joint.sum(axis=1).T)
    np.testing.assert_allclose(marginal(joint, -1), joint.sum(axis=(0, 1)))
    expected = joint / joint.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(conditional_probability(joint, axis=(0, 2)), expected)
    np.testing.assert_allclose(conditional_probability(joint, joint.sum(axis=1), axis=(0, 2)), expected)
    with pytest.raises(np.exceptions.AxisError):
        marginal(joint, 3)


def test_single_events_are_plain_numbers():
    assert joint_probability(0.5, 0.4) == pytest.approx(0.2)
    np.testing.assert_allclose(joint_probability(0.5, [0.4, 0.9]), [0.2, 0.45])
    assert conditional_probability(0.1, 0.4) == pytest.approx(0.25)
    assert bayes(0.01, 0.9, 0.05) == pytest.approx(0.18)
    np.testing.assert_allclose(bayes([0.1, 0.2], 0.5, 0.2), [0.25, 0.5])
    np.testing.assert_allclose(joint_probability([0.5, 0.5], [0.2, 0.3, 0.5]), [[0.1, 0.15, 0.25]] * 2)


def test_an_impossible_condition_is_nan_with_a_warning():
    with pytest.warns(RuntimeWarning, match="condition has probability 0 in 1 cases"):
        rows = conditional_probability([[0.5, 0.5], [0, 0]])
    np.testing.assert_array_equal(rows, [[0.5, 0.5], [np.nan, np.nan]])
    with pytest.warns(RuntimeWarning, match="evidence has probability 0"):
        assert np.isnan(bayes([0.5, 0.5], [[0, 0.2], [0, 0.6]])[:, 0]).all()
    with pytest.warns(RuntimeWarning, match="evidence has probability 0"):
        assert np.isnan(bayes_update([1, 0], [0, 0.5])).all()
    with pytest.warns(RuntimeWarning, match="condition"):
        assert np.isnan(conditional_probability(0, 0))


def test_an_update_equals_one_observation_after_the_other():
    rng = np.random.default_rng(1)
    prior, likelihoods = rng.dirichlet(np.ones(5)), rng.random((5, 40))
    posterior = prior
    for column in likelihoods.T:
        posterior = bayes(posterior, column)
    np.testing.assert_allclose(bayes_update(prior, likelihoods), posterior, rtol=1e-12)
    np.testing.assert_allclose(bayes_update(prior, np.log(likelihoods), log=True), posterior, rtol=1e-12)


def test_an_update_by_very_many_observations_does_not_vanish():
    likelihoods = np.full((2, 100_000), 1e-5)
    likelihoods[1, 0] = 3e-5
    np.testing.assert_allclose(bayes_update([0.5, 0.5], likelihoods), [0.25, 0.75], rtol=1e-9)
    assert bayes([0.5, 0.5], [1e-320, 1e-320]) == pytest.approx([0.5, 0.5])


def test_densities_may_exceed_one_and_input_is_left_alone():
    prior, likelihood = np.array([0.5, 0.5]), np.array([3.0, 1.0])
    np.testing.assert_allclose(bayes(prior, likelihood), [0.75, 0.25])
    assert prior.tolist() == [0.5, 0.5] and likelihood.tolist() == [3, 1]
    np.testing.assert_allclose(bayes(np.float32([0.1] * 10), [1] * 10), 0.1, rtol=1e-6)


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: bayes([0.5, 0.6], [1, 1]), ValueError, "prior: expected probabilities that sum to 1"),
        (lambda: bayes([1.5, -0.5], [1, 1]), ValueError, "prior: must be probabilities"),
        (lambda: bayes([0.5, np.nan], [1, 1]), ValueError, "prior: must be probabilities"),
        (lambda: bayes([0.5, 0.5], [1, -1]), ValueError, "likelihood: must be likelihoods"),
        (lambda: bayes([0.5, 0.5], [1, 1, 1]), ValueError, "likelihood: expected 2 rows"),
        (lambda: bayes(0.5, 0.5), ValueError, "evidence: a single hypothesis needs"),
        (lambda: bayes(0.5, 0.9, 0.1), ValueError, "evidence: expected at least the joint"),
        (lambda: bayes([[0.5, 0.5]], [1, 1]), ValueError, "prior: expected a vector"),
        (lambda: bayes([], []), ValueError, "prior: expected at least one"),
        (lambda: bayes_update([0.5, 0.5], [-1, 1]), ValueError, "likelihoods: must be >= 0"),
        (lambda: bayes_update([0.5, 0.5], [np.inf, 1], log=True), ValueError, "likelihoods: must be log"),
        (lambda: joint_probability(0.5, 1.5), ValueError, "p_b_given_a: must be probabilities"),
        (lambda: joint_probability([0.5, 0.5], [[1, 0], [0.5, 0.4]]), ValueError, "in row 1"),
        (lambda: joint_probability([0.5, 0.5], [[1, 0]]), ValueError, "expected 2 rows"),
        (lambda: marginal([[0.5, 0.4]]), ValueError, "joint: expected probabilities that sum to 1"),
        (lambda: conditional_probability(0.5, 0.4), ValueError, "given: expected at least the joint"),
        (lambda: conditional_probability(0.5), ValueError, "given: expected the probability"),
        (lambda: conditional_probability([[0.5, 0.5]], [0.5, 0.5]), ValueError, "given: expected shape"),
        (lambda: law_of_total_probability([1], [2]), ValueError, "likelihood: must be probabilities"),
        (lambda: marginal([[1j]]), TypeError, "joint: expected real"),
        (lambda: marginal([["a"]]), TypeError, "joint: expected numbers"),
    ],
)
def test_what_cannot_be_probabilities_is_refused(call, error, match):
    with pytest.raises(error, match=match):
        call()
