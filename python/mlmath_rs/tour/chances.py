"""Section 3's second half: random numbers, distributions, tables of probabilities, Bayes."""

from typing import Any

import numpy

import mlmath_rs as np
from mlmath_rs import stats
from mlmath_rs.data import Penguins
from mlmath_rs.probability import Bernoulli, Normal, bayes, conditional_probability, joint_probability
from mlmath_rs.tour.palette import CYCLE, INK, SPECIES, each_species
from mlmath_rs.tour.steps import Figure, Step, shown

__all__ = ["distributions", "figures", "random_numbers", "tables"]

SEED = 2014


def fitted(penguins: Penguins, field: str) -> list[Any]:
    """Return the normal distribution that fits a measurement best, for each species."""
    return [Normal.fit(getattr(penguins, field)[chosen]) for _, chosen, _ in each_species(penguins)]


def priors(penguins: Penguins) -> numpy.ndarray:
    """Return which share of the penguins each species has."""
    return numpy.array([numpy.mean(chosen) for _, chosen, _ in each_species(penguins)])


def pairs(penguins: Penguins) -> numpy.ndarray:
    """Return how many penguins of each species live on each island: (3, 3)."""
    island = penguins.island[:, None] == numpy.unique(penguins.island)
    return numpy.array([island[chosen].sum(axis=0) for _, chosen, _ in each_species(penguins)])


def random_numbers() -> list[Step]:
    """Return the steps that draw samples."""
    return [
        Step(
            "Samples of a normal distribution",
            "A thousand of them. The same seed gives NumPy's numbers, bit for bit.",
            f"np.random.default_rng({SEED}).normal(0, 1, 1000)",
            lambda: np.random.default_rng(SEED).normal(0, 1, 1000),
            "numpy.random.default_rng",
            prepare=lambda: lambda: numpy.random.default_rng(SEED).normal(0, 1, 1000),
            tolerance=0.0,
        ),
        Step(
            "Flips of a coin",
            "A thousand flips that come up 1 with probability 0.7, again NumPy's own.",
            f"np.random.default_rng({SEED}).binomial(1, 0.7, 1000)",
            lambda: np.random.default_rng(SEED).binomial(1, 0.7, 1000),
            "numpy.random.default_rng",
            prepare=lambda: lambda: numpy.random.default_rng(SEED).binomial(1, 0.7, 1000),
            tolerance=0.0,
        ),
    ]


def best_normal(x: numpy.ndarray) -> tuple[float, float]:
    """Return mean and standard deviation of the normal distribution that fits best."""
    found = Normal.fit(x)
    return float(found.mean), float(found.std)


def prepare_fit() -> Any:
    """Return SciPy's maximum likelihood fit of a normal distribution."""
    from scipy.stats import norm

    return norm.fit


def prepare_density() -> Any:
    """Return SciPy's density of a normal distribution that is made on the spot."""
    from scipy.stats import norm

    return lambda x, mean, std: norm(mean, std).pdf(x)


def prepare_coin() -> Any:
    """Return SciPy's probabilities of a Bernoulli distribution that is made on the spot."""
    from scipy.stats import bernoulli

    return lambda k, p: bernoulli(p).pmf(k)


def distributions(penguins: Penguins) -> list[Step]:
    """Return the steps on distributions."""
    gentoo = penguins.flipper_length[penguins.species == "Gentoo"]
    female = float(numpy.mean(penguins.sex[penguins.sex != ""] == "female"))
    x = numpy.linspace(170, 235, 1000)
    return [
        Step(
            "The normal distribution that fits best",
            "Mean and standard deviation, in mm, that make the flippers of the Gentoos most likely.",
            "Normal.fit(flipper_length)",
            best_normal,
            "scipy.stats.norm.fit",
            (gentoo,),
            prepare_fit,
        ),
        Step(
            "Its density at a thousand lengths",
            "Where among 170 and 235 mm a Gentoo's flipper is to be expected.",
            "Normal(mean, std).pdf(x)",
            lambda x, mean, std: Normal(mean, std).pdf(x),
            "scipy.stats.norm.pdf",
            (x, float(gentoo.mean()), float(gentoo.std())),
            prepare_density,
            formula="<i>p</i>(<i>x</i>) = exp(−(<i>x</i> − <i>μ</i>)<sup>2</sup> / 2<i>σ</i><sup>2</sup>)"
            " / <i>σ</i>√(2<i>π</i>)",
        ),
        Step(
            "Deep in the tail",
            "The probability of more than 10, 20 and 30 standard deviations: small, but not 0.",
            "stats.norm.sf([10, 20, 30])",
            stats.norm.sf,
            "scipy.stats.norm.sf",
            (numpy.array([10.0, 20.0, 30.0]),),
            show=lambda value: str(numpy.array2string(value, precision=8)),
        ),
        Step(
            "A Bernoulli distribution",
            "Of a penguin's sex: the probabilities of 0 (male) and 1 (female) by the share of females.",
            "Bernoulli(p).pmf([0, 1])",
            lambda k, p: Bernoulli(p).pmf(k),
            "scipy.stats.bernoulli",
            ([0, 1], female),
            prepare_coin,
        ),
    ]


def prepare_naive_bayes() -> Any:
    """Return scikit-learn's naive Bayes classifier: fitted, then asked."""
    from sklearn.naive_bayes import GaussianNB

    def probabilities(penguins: Penguins) -> numpy.ndarray:
        X = penguins.measurements
        return GaussianNB(var_smoothing=0).fit(X, penguins.species).predict_proba(X).T

    return probabilities


def naive_bayes(penguins: Penguins) -> numpy.ndarray:
    """Return the probability of each species for each penguin, by all four measurements: (3, n)."""
    X = penguins.measurements
    likelihood = []
    for _, chosen, _ in each_species(penguins):
        own = X[chosen]
        density = Normal(np.mean(own, axis=0), np.std(own, axis=0)).pdf(X)
        likelihood.append(density.prod(axis=1))
    return bayes(priors(penguins), likelihood)


def tables(penguins: Penguins) -> list[Step]:
    """Return the steps on tables of probabilities."""
    joint = pairs(penguins) / len(penguins)
    prior = priors(penguins)
    living = joint / prior[:, None]
    return [
        Step(
            "Joint probability of species and island",
            "From the share of each species (rows) and where it lives (columns).",
            "joint_probability(species, island_given_species)",
            joint_probability,
            "numpy.multiply",
            (prior, living),
            lambda: lambda prior, living: numpy.multiply(prior[:, None], living),
            formula="<i>P</i>(<i>A</i>,<i>B</i>) = <i>P</i>(<i>A</i>) <i>P</i>(<i>B</i>|<i>A</i>)",
        ),
        Step(
            "Conditional probability: who lives on this island?",
            "Columns are Biscoe, Dream, Torgersen; each sums to 1.",
            "conditional_probability(joint, axis=1)",
            lambda joint: conditional_probability(joint, axis=1),
            "numpy.divide",
            (joint,),
            lambda: lambda joint: numpy.divide(joint, joint.sum(axis=0)),
            formula="<i>P</i>(<i>B</i>|<i>A</i>) = <i>P</i>(<i>A</i>,<i>B</i>) / <i>P</i>(<i>A</i>)",
        ),
        Step(
            "Bayes: which species is this penguin?",
            "Naive Bayes for all 342: the prior is the share of each species, the likelihood the product "
            "of four normal densities. Shown is the share that each species gets on the whole.",
            "bayes(prior, Normal(means, stds).pdf(X).prod(axis=1))",
            naive_bayes,
            "sklearn.naive_bayes.GaussianNB",
            (penguins,),
            prepare_naive_bayes,
            tolerance=1e-10,
            formula="<i>P</i>(<i>H</i>|<i>E</i>) = <i>P</i>(<i>E</i>|<i>H</i>) <i>P</i>(<i>H</i>)"
            " / <i>P</i>(<i>E</i>)",
            show=lambda posterior: shown(posterior.mean(axis=1)),
        ),
    ]


def figures(penguins: Penguins) -> list[Figure]:
    """Return the pictures of samples and of Bayes' theorem."""
    from mlmath_rs import plots

    def samples(figure: Any) -> None:
        axes = figure.subplots()
        drawn = np.random.default_rng(SEED).normal(0, 1, 1000)
        plots.plot_samples(drawn, Normal(0, 1), ax=axes, color=CYCLE[5], label="1000 samples")
        axes.lines[-1].set(color=CYCLE[4], label="density")
        axes.set_xlabel("x (standard deviations)")
        axes.legend(loc="upper left")

    def coin(figure: Any) -> None:
        axes = figure.subplots()
        flips = np.random.default_rng(SEED).binomial(1, 0.7, 1000)
        plots.plot_pmf(Bernoulli(0.7), [0, 1], ax=axes, width=0.5, color=CYCLE[5], label="probability")
        axes.plot(
            [0, 1], [1 - np.mean(flips), np.mean(flips)], "o", color=CYCLE[4], label="share of 1000 flips"
        )
        axes.set_xlabel("outcome")
        axes.legend(loc="upper left")

    def posterior(figure: Any) -> None:
        upper, lower = figure.subplots(2, sharex=True, height_ratios=(1, 1))
        x = numpy.linspace(165, 240, 500)
        found = fitted(penguins, "flipper_length")
        likelihood = numpy.array([distribution.pdf(x) for distribution in found])
        shares = bayes(priors(penguins), likelihood)
        for (name, style), density, share in zip(SPECIES.items(), likelihood, shares):
            upper.plot(x, density, color=style["color"], label=name)
            lower.plot(x, share, color=style["color"])
        upper.set_ylabel("density (1/mm)")
        upper.legend()
        lower.axhline(0.5, color=INK, linewidth=0.6, linestyle=":")
        lower.set_ylabel("probability of species")
        lower.set_xlabel("flipper length (mm)")

    return [
        Figure(
            "Samples against their density", "The histogram has the bins and counts of `plt.hist`.", samples
        ),
        Figure("Flips of a coin", "A Bernoulli distribution with p = 0.7, and how often it came true.", coin),
        Figure(
            "Bayes' theorem",
            "Above, the normal distribution that fits the flippers of each species; below, what a "
            "flipper's length makes of the prior shares.",
            posterior,
        ),
    ]
