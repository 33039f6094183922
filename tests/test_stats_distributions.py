"""`stats.norm` and `stats.bernoulli`: SciPy's calls, SciPy's answers, its odd ones too."""

import warnings

import numpy as np
import pytest
from scipy import stats as scipy_stats

from mlmath_rs import stats

X = np.array([-np.inf, -9, -1.5, -1, 0, 0.3, 0.5, 1, 2, 7, np.inf, np.nan])
P = np.array([-0.1, 0, 1e-9, 0.1, 0.3, 0.5, 0.7, 0.999, 1, 1.1, np.nan])
NORM = [
    (),
    (1,),
    (1, 2),
    (0, 0),
    (0, -1),
    (np.nan, 1),
    (0, np.nan),
    (np.inf, 1),
    (0, np.inf),
    (np.zeros((3, 1)), np.array([[1], [2], [-1]])),
    ([[1], [2]], 3),
]
EXPON = [(), (1,), (1, 2), (0, 0), (0, -1), (np.nan, 1), ([[1], [2]], 3)]
BERNOULLI = [
    (0.3,),
    (0,),
    (1,),
    (0.5, 1),
    (1.5,),
    (-0.1,),
    (np.nan,),
    ([[0.2], [0.85], [2]],),
    (0.3, [[0], [-1]]),
]


def both(name, method, *arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return (
            getattr(getattr(stats, name), method)(*arguments),
            getattr(getattr(scipy_stats, name), method)(*arguments),
        )


def agree(ours, theirs, rtol=1e-13):
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=1e-15)


@pytest.mark.parametrize("parameters", NORM, ids=str)
@pytest.mark.parametrize("method", ["pdf", "logpdf", "cdf", "sf", "logcdf", "logsf", "ppf", "isf"])
def test_norm_answers_as_scipys(method, parameters):
    agree(*both("norm", method, P if method in {"ppf", "isf"} else X, *parameters))


@pytest.mark.parametrize("parameters", EXPON, ids=str)
@pytest.mark.parametrize("method", ["pdf", "logpdf", "cdf", "sf", "logcdf", "logsf", "ppf", "isf"])
def test_expon_answers_as_scipys(method, parameters):
    agree(*both("expon", method, P if method in {"ppf", "isf"} else X, *parameters))


@pytest.mark.parametrize("parameters", BERNOULLI, ids=str)
@pytest.mark.parametrize("method", ["pmf", "logpmf", "cdf", "sf", "logcdf", "logsf", "ppf", "isf"])
def test_bernoulli_answers_as_scipys(method, parameters):
    ours, theirs = both("bernoulli", method, P if method in {"ppf", "isf"} else X, *parameters)
    if method == "logcdf":  # SciPy's is 0 where x is large, whatever p
        p = np.asarray(parameters[0])
        theirs = np.where((p >= 0) & (p <= 1), theirs, np.nan)
    agree(ours, theirs)


@pytest.mark.parametrize("method", ["mean", "var", "std", "median", "entropy"])
def test_summaries_are_scipys(method):
    for parameters in NORM:
        if np.isinf(parameters).any() if parameters and np.ndim(parameters[0]) == 0 else False:
            continue
        agree(*both("norm", method, *parameters))
    for parameters in EXPON:
        agree(*both("expon", method, *parameters))
    for parameters in BERNOULLI:
        agree(*both("bernoulli", method, *parameters))


def test_moments_are_scipys():
    for name, parameters in (("norm", (1, 2)), ("bernoulli", (0.3, 1)), ("bernoulli", (0.3,))):
        ours, theirs = getattr(stats, name), getattr(scipy_stats, name)
        for moments in ("mv", "mvsk", "sk", "v"):
            agree(ours.stats(*parameters, moments=moments), theirs.stats(*parameters, moments=moments))
        for order in range(1, 5):
            agree(ours.moment(order, *parameters), theirs.moment(order, *parameters), rtol=1e-12)
        agree(ours.interval(0.9, *parameters), theirs.interval(0.9, *parameters))
    with pytest.raises(ValueError, match="moments"):
        stats.norm.stats(moments="x")
    with pytest.raises(ValueError, match="order"):
        stats.norm.moment(5)


def test_a_distribution_with_its_parameters_fixed_takes_none():
    ours, theirs = stats.norm(loc=1, scale=2), scipy_stats.norm(loc=1, scale=2)
    for method in ("pdf", "cdf", "sf", "logpdf"):
        agree(getattr(ours, method)(X), getattr(theirs, method)(X))
    assert (ours.mean(), ours.std(), ours.median()) == (1, 2, 1)
    assert stats.bernoulli(0.3).pmf(1) == pytest.approx(0.3)
    assert np.isnan(stats.norm(scale=-1).pdf(0))
    for call in (lambda: ours.pdf(0, 1), lambda: ours(1), lambda: ours.rvs(loc=1)):
        with pytest.raises(TypeError, match="fixed"):
            call()


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: stats.norm.pdf(0, 1, 2, 3), TypeError, "at most loc, scale"),
        (lambda: stats.norm.pdf(0, mean=1), TypeError, "unexpected .*mean"),
        (lambda: stats.norm.pdf(0, 1, loc=1), TypeError, "second .*loc"),
        (lambda: stats.bernoulli.pmf(0), TypeError, "missing .*p"),
        (lambda: stats.norm.rvs(scale=-1), ValueError, "Domain error in arguments"),
        (lambda: stats.bernoulli.rvs(2), ValueError, "Domain error in arguments"),
        (lambda: stats.norm.fit([1, 2], floc=0, fscale=1), ValueError, "nothing to fit"),
        (lambda: stats.norm.fit([1, np.nan]), ValueError, "finite"),
        (lambda: stats.norm.pdf(0, [1, 2], [1, 2, 3]), ValueError, "broadcast"),
        (lambda: stats.norm.pdf(0, 1j), TypeError, "loc: expected real"),
    ],
)
def test_calls_that_scipy_refuses_are_refused(call, error, match):
    with pytest.raises(error, match=match):
        call()


def test_draws_from_a_seed_are_scipys():
    for state in (5, np.random.RandomState(5)):
        ours = stats.norm.rvs(3, 2, size=10, random_state=state)
        np.testing.assert_allclose(ours, scipy_stats.norm.rvs(3, 2, size=10, random_state=5), rtol=1e-15)
    ours = stats.norm.rvs(size=(2, 3), random_state=np.random.default_rng(1))
    np.testing.assert_allclose(ours, scipy_stats.norm.rvs(size=(2, 3), random_state=np.random.default_rng(1)))
    ours = stats.bernoulli.rvs(0.3, loc=2, size=20, random_state=7)
    np.testing.assert_array_equal(ours, scipy_stats.bernoulli.rvs(0.3, loc=2, size=20, random_state=7))
    assert ours.dtype == np.int64 and type(stats.bernoulli.rvs(0.3)) is np.int64
    assert stats.norm.rvs([1, 2]).shape == (2,) and np.ndim(stats.norm.rvs()) == 0


def test_fits_are_scipys():
    data = np.random.default_rng(2).normal(5, 2, 1000)
    agree(stats.norm.fit(data), scipy_stats.norm.fit(data))
    agree(stats.norm.fit(data, floc=4), scipy_stats.norm.fit(data, floc=4))
    agree(stats.norm.fit(data, fscale=4), scipy_stats.norm.fit(data, fscale=4))
