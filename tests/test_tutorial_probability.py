"""The tutorial's section 3, probability: each program with only its import line changed.

The programs are our own rendering: the same calls on the same numbers.
"""

import numpy
import pytest

import mlmath_rs as np
from mlmath_rs import probability


def test_joint_probability_is_a_product():
    p_a, p_b = 0.4, 0.6
    assert p_a * p_b == pytest.approx(0.24)
    assert probability.joint_probability(p_a, p_b) == p_a * p_b


def test_joint_probability_from_a_conditional_one_and_back():
    p_a, p_b_given_a = 0.4, 0.8
    p_a_and_b = p_a * p_b_given_a
    assert probability.joint_probability(p_a, p_b_given_a) == p_a_and_b
    assert probability.conditional_probability(p_a_and_b, p_a) == pytest.approx(p_b_given_a)


def test_normal_samples_have_their_shape_and_law():
    np.random.seed(0)
    samples = np.random.normal(0, 1, 1000)
    assert samples.shape == (1000,)
    assert abs(np.mean(samples)) < 0.15
    assert abs(np.std(samples) - 1) < 0.1


def test_binomial_samples_are_flips_of_a_coin():
    np.random.seed(0)
    samples = np.random.binomial(1, 0.7, 1000)
    assert samples.shape == (1000,)
    assert set(samples.tolist()) == {0, 1}
    assert abs(np.mean(samples) - 0.7) < 0.06


@pytest.mark.parametrize(("bins", "align"), [("auto", "mid"), ([0, 1, 2], "left")], ids=["auto", "edges"])
def test_histograms_of_samples_are_those_of_pyplot(bins, align):
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    from mlmath_rs import plots

    samples = np.random.default_rng(1).binomial(1, 0.7, 1000)
    counts, edges, _ = Figure().subplots().hist(samples, bins=bins, align=align)
    bars = plots.histogram(samples, bins, ax=Figure().subplots()).patches
    assert [bar.get_height() for bar in bars] == counts.tolist()
    numpy.testing.assert_array_equal(edges, np.histogram(samples, bins)[1])
