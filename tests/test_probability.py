"""Distributions as objects and tables of probabilities: laws, exact tails, what is refused."""

import copy
import pickle
from dataclasses import fields

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlmath_rs import _core, probability
from mlmath_rs.probability import Bernoulli, Continuous, Distribution, Exponential, Normal
from mlmath_rs.probability.families import FAMILIES

mpmath.mp.dps = 50

EXACT = {
    "pdf": mpmath.npdf,
    "cdf": mpmath.ncdf,
    "sf": lambda x: mpmath.ncdf(-x),
    "logpdf": lambda x: mpmath.log(mpmath.npdf(x)),
    "logcdf": lambda x: mpmath.log(mpmath.ncdf(x)) if x < 0 else mpmath.log1p(-mpmath.ncdf(-x)),
    "logsf": lambda x: mpmath.log(mpmath.ncdf(-x)) if x > 0 else mpmath.log1p(-mpmath.ncdf(x)),
}


def test_families_are_the_classes_and_their_parameters_the_fields():
    assert {name: kind.family for name, kind in FAMILIES.items()} == {name: name for name in FAMILIES}
    ours = {name: [field.name for field in fields(kind)] for name, kind in FAMILIES.items()}
    assert ours == dict(_core.families())
    assert all(getattr(probability, kind.__name__) is kind for kind in FAMILIES.values())


@pytest.mark.parametrize("question", EXACT)
def test_the_normal_distribution_is_exact_far_into_its_tails(question):
    x = np.array([-38, -35.5, -35, -20, -8, -5, -1, -0.3, 0, 1e-10, 0.5, 2, 6, 10, 34.9, 37])
    exact = [float(EXACT[question](mpmath.mpf(value))) for value in x]
    # The smallest results are subnormal, and have fewer digits.
    np.testing.assert_allclose(getattr(Normal(), question)(x), exact, rtol=4e-15, atol=1e-321)


def test_tails_beyond_all_floats_keep_their_logarithms():
    d = Normal()
    assert d.sf(40) == 0 and d.cdf(-40) == 0
    for x in (40.0, 1e3, 1e8):
        x_ = mpmath.mpf(x)
        tail = mpmath.erfc(x_ / mpmath.sqrt(2)) / 2 if x < 1e8 else mpmath.npdf(x_) / x_
        exact = float(mpmath.log(tail))
        assert d.logcdf(-x) == pytest.approx(exact, rel=2e-15)
        assert d.logsf(x) == d.logcdf(-x)
    assert d.logcdf(-np.inf) == -np.inf and d.logcdf(np.inf) == 0


@pytest.mark.parametrize("p", [1e-300, 1e-100, 1e-16, 1e-5, 0.02, 0.25, 0.4999])
def test_quantiles_are_exact_down_to_the_smallest_probabilities(p):
    guess = Normal().ppf(p)
    exact = mpmath.findroot(lambda x: mpmath.log(mpmath.ncdf(x)) - mpmath.log(p), guess)
    assert guess == pytest.approx(float(exact), rel=1e-15)
    assert Normal().isf(p) == -guess
    assert Normal(3, 2).isf(p) == pytest.approx(3 - 2 * float(exact), rel=1e-15)


@given(
    st.floats(-1e6, 1e6),
    st.floats(1e-6, 1e6),
    st.floats(1e-300, 1, exclude_max=True),
)
def test_quantiles_undo_probabilities(mean, std, p):
    d = Normal(mean, std)
    x = d.ppf(p)
    assert d.cdf(x) == pytest.approx(p, rel=1e-9 + 1e-15 * abs(mean / std) * (1 + abs(x - mean) / std))
    assert d.cdf(x) + d.sf(x) == pytest.approx(1, abs=1e-15)


@given(st.floats(0, 1), st.floats(0, 1))
def test_divergences_are_what_their_definition_says(p, q):
    def term(p, q):
        return 0 if p == 0 else mpmath.inf if q == 0 else p * mpmath.log(p / q)

    p_, q_ = mpmath.mpf(p), mpmath.mpf(q)
    exact = float(term(p_, q_) + term(1 - p_, 1 - q_))
    assert Bernoulli(p).kl(Bernoulli(q)) == pytest.approx(exact, rel=1e-9, abs=1e-15)


def test_divergence_of_normals_is_the_integral():
    d, other = Normal(1, 2), Normal(-0.5, 3)
    x = np.linspace(-40, 40, 200_001)
    integral = np.sum(d.pdf(x) * (d.logpdf(x) - other.logpdf(x))) * (x[1] - x[0])
    assert d.kl(other) == pytest.approx(integral, rel=1e-12)
    assert d.kl(other, base=2) == pytest.approx(integral / np.log(2), rel=1e-12)
    np.testing.assert_allclose(d.kl(Normal([1, -0.5], [2, 3])), [0, integral], atol=1e-15)
    with pytest.raises(TypeError, match="expected Normal, got Bernoulli"):
        d.kl(Bernoulli(0.5))


def test_parameters_that_are_arrays_broadcast():
    mean, std = np.array([[0.0], [1.0]]), np.array([1.0, 2.0, 3.0])
    d = Normal(mean, std)
    x = np.array([0.5, -1.0, 2.0])
    expected = [[Normal(m, s).cdf(v) for s, v in zip(std, x)] for m in mean[:, 0]]
    np.testing.assert_allclose(d.cdf(x), expected, rtol=1e-15)
    assert d.cdf(0).shape == d.entropy().shape == d.median.shape == d.rvs(rng=0).shape == (2, 3)
    np.testing.assert_allclose(d.entropy()[0], [Normal(0, s).entropy() for s in std])
    with pytest.raises(ValueError, match="broadcast"):
        d.cdf([1, 2])
    with pytest.raises(ValueError, match="std: must be > 0"):
        Normal([0, 1], [1, -1])


def test_an_object_is_a_value():
    for d in (Normal(1, 2), Bernoulli(0.25), Normal([0, 1], 2)):
        for twin in (copy.copy(d), copy.deepcopy(d), pickle.loads(pickle.dumps(d))):
            assert twin == d and hash(twin) == hash(d) and twin is not d
            assert repr(twin) == repr(d)
    assert Normal(0, 1) == Normal(-0.0, 1) and hash(Normal(0, 1)) == hash(Normal(-0.0, 1))
    assert Normal(0, 1) != Normal(0, 2) != Bernoulli(0.5)
    assert Normal([0, 1], 1) != Normal([0, 2], 1) and Normal([0, 1], 1) != Normal(0, 1)
    assert repr(Normal(1, 2)) == "Normal(mean=1.0, std=2.0)"
    with pytest.raises(AttributeError):
        Normal(0, 1).std = 3
    parameters = np.array([1.0, 2.0])
    d = Normal(parameters)
    parameters[0] = 7
    assert d.mean[0] == 1
    with pytest.raises(ValueError, match="read-only"):
        d.mean[0] = 7


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda: Normal(0, 0), ValueError, "std: must be > 0 and finite, got 0"),
        (lambda: Normal(0, -1), ValueError, "std: must be"),
        (lambda: Normal(0, np.inf), ValueError, "std: must be"),
        (lambda: Normal(np.nan), ValueError, "mean: must be finite"),
        (lambda: Exponential(0), ValueError, "rate: must be > 0 and finite, got 0"),
        (lambda: Exponential.fit([1, -1]), ValueError, "data: expected finite numbers >= 0, got -1"),
        (lambda: Bernoulli(1.5), ValueError, "p: must be between 0 and 1, got 1.5"),
        (lambda: Bernoulli(np.nan), ValueError, "p: must be"),
        (lambda: Bernoulli("0.5"), TypeError, "p: expected numbers"),
        (lambda: Normal(1j), TypeError, "mean: expected real numbers"),
        (lambda: Normal.fit([]), ValueError, "data: expected at least one"),
        (lambda: Normal.fit([1, np.inf]), ValueError, "data: expected finite"),
        (lambda: Normal.fit([2, 2]), ValueError, "std: must be > 0"),
        (lambda: Bernoulli.fit([0, 1, 2]), ValueError, "data: expected zeros and ones, got 2"),
        (lambda: Normal().interval(1.5), ValueError, "confidence: must be between"),
        (lambda: Normal().entropy(base=1), ValueError, "base: must be"),
        (lambda: Normal().pdf("a"), TypeError, "expected numbers"),
        (lambda: Normal().pdf([1j]), TypeError, "expected real numbers"),
    ],
)
def test_what_is_impossible_is_refused(make, error, match):
    with pytest.raises(error, match=match):
        make()


@pytest.mark.parametrize("d", [Normal(0.5, 2), Bernoulli(0.3)], ids=str)
def test_answers_take_any_numbers_in_any_layout(d):
    x = np.arange(24.0).reshape(4, 6) / 8 - 1
    expected = d.cdf(x)
    for other in (x.tolist(), np.asfortranarray(x), x.astype(">f8"), np.repeat(x, 2, axis=1)[:, ::2]):
        np.testing.assert_array_equal(d.cdf(other), expected)
    np.testing.assert_array_equal(d.cdf(x[::-1]), expected[::-1])
    np.testing.assert_array_equal(d.cdf([0, 1]), d.cdf([0.0, 1.0]))
    np.testing.assert_array_equal(d.cdf([False, True]), d.cdf([0.0, 1.0]))
    assert d.cdf(np.float32(x)).dtype == np.float32 and d.cdf(np.float16(x)).dtype == np.float16
    np.testing.assert_array_equal(d.cdf(np.float32(x)), np.float32(d.cdf(np.float64(np.float32(x)))))
    assert d.cdf(np.empty((3, 0))).shape == (3, 0)
    for number in (0.5, np.float64(0.5), np.array(0.5)):
        assert type(d.cdf(number)) is np.float64 and d.cdf(number) == d.cdf([0.5])[0]
    assert type(d.cdf(1)) is np.float64
    assert np.isnan(d.cdf(np.nan)) and np.isnan(d.ppf([-0.1, 1.1])).all()


def test_objects_with_a_meaning_of_numpys_own_functions_are_numbers_here():
    class Series:
        def __array__(self, dtype=None, copy=None):
            return np.array([0.0, 1.0])

        def __array_ufunc__(self, *arguments, **options):
            return NotImplemented

    np.testing.assert_array_equal(Normal().cdf(Series()), Normal().cdf([0, 1]))


def test_bits_do_not_depend_on_the_number_of_threads():
    x = np.random.default_rng(1).standard_normal(300_001)
    once = Normal().cdf(x, threads=1)
    assert all(np.array_equal(once, Normal().cdf(x, threads=count)) for count in (2, 3, 8))


def test_draws_are_numpys_and_follow_the_distribution():
    draws = Normal(3, 2).rvs(100_000, rng=1)
    np.testing.assert_array_equal(draws, np.random.default_rng(1).normal(3, 2, 100_000))
    assert Normal.fit(draws).mean == pytest.approx(3, abs=0.03)
    assert Bernoulli(0.3).rvs(10, rng=np.random.default_rng(1)).dtype == np.int64
    assert Bernoulli(0.3).rvs(100_000, 1).mean() == pytest.approx(0.3, abs=0.01)
    assert Normal().rvs((2, 3), 5).shape == (2, 3) and np.ndim(Normal().rvs(rng=5)) == 0


@pytest.mark.parametrize("kind", FAMILIES.values(), ids=FAMILIES)
def test_draws_by_inversion_follow_every_distribution(kind):
    d = kind()
    draws = np.sort(Distribution._draw(d, np.random.default_rng(3), 20_000))
    steps = np.arange(1, draws.size + 1) / draws.size
    distance = np.abs(d.cdf(draws) - np.searchsorted(draws, draws, "right") / draws.size).max()
    assert steps[-1] == 1 and distance < 1.63 / np.sqrt(draws.size)
    assert isinstance(d, Continuous) == hasattr(d, "pdf")
