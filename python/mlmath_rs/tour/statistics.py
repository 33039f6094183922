"""Section 3, probability and statistics: what describes the penguins' measurements."""

from typing import Any

import numpy

import mlmath_rs as np
from mlmath_rs.data import Penguins
from mlmath_rs.tour import chances
from mlmath_rs.tour.palette import each_species
from mlmath_rs.tour.steps import Figure, Section, Step

__all__ = ["SECTION"]

# How many values the step on large data has.
LARGE = 1_000_000


def of_each_species(penguins: Penguins, measure: Any) -> numpy.ndarray:
    """Return `measure` of the body masses of each species."""
    return numpy.array([measure(penguins.body_mass[chosen]) for _, chosen, _ in each_species(penguins)])


def descriptions(penguins: Penguins) -> list[Step]:
    """Return the steps that describe a sample."""
    X = penguins.measurements
    return [
        Step(
            "Mean",
            "Of each measurement: bill length, bill depth, flipper length in mm, body mass in g.",
            "np.mean(X, axis=0)",
            lambda X: np.mean(X, axis=0),
            "numpy.mean",
            (X,),
            lambda: lambda X: numpy.mean(X, axis=0),
            formula="<i>x̄</i> = Σ <i>x<sub>i</sub></i> / <i>n</i>",
        ),
        Step(
            "Standard deviation",
            "In the same units. `ddof=1` estimates that of all penguins from this sample; without it "
            "the sample alone is described.",
            "np.std(X, axis=0, ddof=1)",
            lambda X: np.std(X, axis=0, ddof=1),
            "numpy.std",
            (X,),
            lambda: lambda X: numpy.std(X, axis=0, ddof=1),
            formula="<i>s</i><sup>2</sup> = Σ (<i>x<sub>i</sub></i> − <i>x̄</i>)<sup>2</sup> / (<i>n</i> − 1)",
        ),
        Step(
            "Body mass of each species",
            "Median, in grams: Adelie, Chinstrap, Gentoo.",
            "np.median(mass[species == name])",
            lambda data: of_each_species(data, np.median),
            "numpy.median",
            (penguins,),
            lambda: lambda data: of_each_species(data, numpy.median),
        ),
        Step(
            "Variance of a million values",
            "Body masses drawn again with replacement and given a gram of noise: one pass over memory.",
            "np.var(values)",
            np.var,
            "numpy.var",
            (many(penguins),),
        ),
    ]


def many(penguins: Penguins) -> numpy.ndarray:
    """Return a million body masses in grams, drawn from the penguins, with noise."""
    rng = numpy.random.default_rng(3)
    return rng.choice(penguins.body_mass, LARGE) + rng.standard_normal(LARGE)


def histograms(penguins: Penguins) -> list[Step]:
    """Return the steps on histograms."""
    return [
        Step(
            "Histogram of the flipper lengths",
            'Counts and edges (mm) of the bins that the rule "auto" chooses: NumPy\'s, to the last one.',
            "np.histogram(flipper_length, bins='auto')",
            lambda x: np.histogram(x, bins="auto"),
            "numpy.histogram",
            (penguins.flipper_length,),
            lambda: lambda x: numpy.histogram(x, bins="auto"),
            tolerance=1e-15,
        ),
        Step(
            "Histogram of a million values",
            "The resampled body masses in 64 bins.",
            "np.histogram(values, bins=64)",
            lambda x: np.histogram(x, bins=64)[0],
            "numpy.histogram",
            (many(penguins),),
            lambda: lambda x: numpy.histogram(x, bins=64)[0],
            tolerance=0.0,
        ),
    ]


def steps(penguins: Penguins) -> list[Step]:
    """Return the steps of the section."""
    return [
        *chances.tables(penguins),
        *chances.random_numbers(),
        *chances.distributions(penguins),
        *descriptions(penguins),
        *histograms(penguins),
    ]


def figures(penguins: Penguins) -> list[Figure]:
    """Return the pictures of the section."""
    from mlmath_rs import plots

    def flippers(figure: Any) -> None:
        axes = figure.subplots()
        edges = np.histogram_bin_edges(penguins.flipper_length, bins=24)
        for name, chosen, style in each_species(penguins):
            plots.histogram(
                penguins.flipper_length[chosen],
                bins=edges,
                ax=axes,
                color=style["color"],
                alpha=0.65,
                label=name,
            )
        axes.set_xlabel("flipper length (mm)")
        axes.set_ylabel("penguins in each bin")
        axes.legend()

    return [
        Figure(
            "Flipper lengths",
            "One histogram for each species over the same bins: two humps, one of them the Gentoos.",
            flippers,
        ),
        *chances.figures(penguins),
    ]


SECTION = Section(
    3,
    "Probability and statistics",
    "What describes a sample, and which distribution it may have been drawn from.",
    steps,
    figures,
)
