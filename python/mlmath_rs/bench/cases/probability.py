"""Cases: distributions and tables of probabilities."""

import numpy as np

from mlmath_rs import probability, stats
from mlmath_rs.bench.case import Case
from mlmath_rs.probability import Bernoulli, Exponential, Normal


def tosses(rng, n, dtype):
    """Return zeros, ones and some numbers that are neither."""
    return (rng.choice([0, 1, 1, 0, -1, 0.5, 2], n).astype(dtype),)


def numbers(rng, n, dtype):
    """Return numbers within some standard deviations."""
    return ((3 * rng.standard_normal(n)).astype(dtype),)


def probabilities(rng, n, dtype):
    """Return probabilities, not so near the ends that float32 loses them."""
    return ((0.01 + 0.98 * rng.random(n)).astype(dtype),)


def of_scipy(name, question, *parameters):
    """Return SciPy's answers, in the dtype of what was asked."""

    def answer(x):
        import scipy.stats

        method = getattr(getattr(scipy.stats, name), question)
        return method(x, *parameters).astype(x.dtype)

    return answer


def prior_and_likelihood(rng, n, dtype):
    """Return a distribution over `n` hypotheses and the likelihoods of 8 observations."""
    return rng.dirichlet(np.ones(n)), rng.random((n, 8))


def posterior(prior, likelihood):
    """Return Bayes' theorem in NumPy."""
    joint = prior[:, np.newaxis] * likelihood
    return joint / joint.sum(axis=0)


def posterior_of_all(prior, likelihood):
    """Return Bayes' theorem for all observations together, in NumPy."""
    joint = prior * likelihood.prod(axis=1)
    return joint / joint.sum()


def table(rng, n, dtype):
    """Return a joint table of two variables."""
    return (rng.dirichlet(np.ones(n * n)).reshape(n, n),)


SIZES = (1, 5, 200)
BENCH = (1, 100, 1_000_000)
EVENTS = (2, 3, 50)

# Ours, SciPy's name, its parameters, what is asked about.
DISTRIBUTIONS = [
    (Normal(0.5, 2), "norm", (0.5, 2), numbers),
    (Exponential(0.5), "expon", (0, 2), numbers),
    (Bernoulli(0.3), "bernoulli", (0.3,), tosses),
]
QUESTIONS = ("pdf", "logpdf", "pmf", "logpmf", "cdf", "sf", "logcdf", "logsf", "ppf", "isf")

CASES = [
    *(
        Case(
            f"probability.{type(distribution).__name__}",
            getattr(distribution, question),
            of_scipy(scipys, question, *parameters),
            probabilities if question in {"ppf", "isf"} else values,
            SIZES,
            BENCH,
            question,
        )
        for distribution, scipys, parameters, values in DISTRIBUTIONS
        for question in QUESTIONS
        if hasattr(distribution, question)
    ),
    *(
        Case(
            f"stats.{scipys}",
            lambda x, name=scipys, given=parameters: getattr(stats, name).cdf(x, *given),
            of_scipy(scipys, "cdf", *parameters),
            values,
            SIZES,
            BENCH,
            "cdf",
        )
        for _, scipys, parameters, values in DISTRIBUTIONS
    ),
    Case(
        "probability.Normal",
        lambda x, mean, std: Normal(mean, std).cdf(x),
        "scipy.stats.norm.cdf",
        lambda rng, n, dtype: (rng.standard_normal(n), rng.standard_normal(n), 1 + rng.random(n)),
        SIZES,
        (100_000,),
        "cdf, a distribution each",
        ("float64",),
    ),
    Case(
        "probability.joint_probability",
        probability.joint_probability,
        lambda p, q: p[:, np.newaxis] * q,
        lambda rng, n, dtype: (rng.dirichlet(np.ones(n)), rng.dirichlet(np.ones(4), n)),
        EVENTS,
        dtypes=("float64",),
    ),
    Case(
        "probability.marginal",
        probability.marginal,
        lambda joint: joint.sum(axis=1),
        table,
        EVENTS,
        (3, 300),
        dtypes=("float64",),
    ),
    Case(
        "probability.conditional_probability",
        probability.conditional_probability,
        lambda joint: joint / joint.sum(axis=1, keepdims=True),
        table,
        EVENTS,
        (3, 300),
        dtypes=("float64",),
    ),
    Case(
        "probability.bayes",
        probability.bayes,
        posterior,
        prior_and_likelihood,
        EVENTS,
        (3, 1000),
        dtypes=("float64",),
    ),
    Case(
        "probability.bayes_update",
        probability.bayes_update,
        posterior_of_all,
        prior_and_likelihood,
        EVENTS,
        (3, 1000),
        dtypes=("float64",),
    ),
    Case(
        "probability.law_of_total_probability",
        probability.law_of_total_probability,
        lambda prior, likelihood: prior @ likelihood,
        prior_and_likelihood,
        EVENTS,
        (3, 1000),
        dtypes=("float64",),
    ),
]
