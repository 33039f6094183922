"""Section 6, information theory: what the penguins' labels and measurements tell of each other."""

from typing import Any

import numpy

import mlmath_rs as np
from mlmath_rs import stats
from mlmath_rs.data import MEASUREMENTS, Penguins
from mlmath_rs.tour.palette import ACCENT, INK
from mlmath_rs.tour.steps import Figure, Section, Step

__all__ = ["SECTION"]


def shares(labels: numpy.ndarray, levels: numpy.ndarray) -> numpy.ndarray:
    """Return which share of `labels` each level has."""
    return numpy.array([numpy.mean(labels == level) for level in levels])


def binned(values: numpy.ndarray, bins: int = 8) -> numpy.ndarray:
    """Return each value's bin among `bins` of equal width, as a label."""
    edges = np.histogram_bin_edges(values, bins)
    return numpy.clip(numpy.searchsorted(edges, values, side="right") - 1, 0, bins - 1)


def variables(penguins: Penguins) -> dict[str, numpy.ndarray]:
    """Return all variables of the data as labels: names as they are, measurements in bins."""
    found = {"species": penguins.species, "island": penguins.island, "sex": penguins.sex}
    return found | {words: binned(getattr(penguins, field)) for field, words, _ in MEASUREMENTS}


def pairs(labels: list[numpy.ndarray]) -> numpy.ndarray:
    """Return the mutual information of every pair, in bits: on the diagonal the entropies."""
    table = numpy.array([[stats.mutual_info_score(a, b) for b in labels] for a in labels])
    return table / numpy.log(2)


def prepare_pairs() -> Any:
    """Return scikit-learn's mutual information of every pair."""
    from sklearn.metrics import mutual_info_score

    def reference(labels: list[numpy.ndarray]) -> numpy.ndarray:
        return numpy.array([[mutual_info_score(a, b) for b in labels] for a in labels]) / numpy.log(2)

    return reference


def prepare_table() -> Any:
    """Return scikit-learn's mutual information of a table."""
    from sklearn.metrics import mutual_info_score

    # It takes counts only: probabilities are a math domain error there.
    return lambda table: mutual_info_score(None, None, contingency=(10 * numpy.asarray(table)).round())


def prepare_bits() -> Any:
    """Return SciPy's entropy in bits."""
    from scipy.stats import entropy

    return lambda p: entropy(p, base=2)


def steps(penguins: Penguins) -> list[Step]:
    """Return the steps of the section."""
    islands = np.unique(penguins.island)
    adelie, chinstrap = (
        shares(penguins.island[penguins.species == name], islands) for name in ("Adelie", "Chinstrap")
    )
    known = penguins.where(penguins.sex != "")
    labels = list(variables(known).values())
    return [
        Step(
            "Entropy of a coin",
            "A coin that falls on one side with probability 0.6 tells a little less than one bit.",
            "stats.entropy([0.6, 0.4], base=2)",
            lambda p: stats.entropy(p, base=2),
            "scipy.stats.entropy",
            ([0.6, 0.4],),
            prepare_bits,
            formula="<i>H</i> = −Σ <i>p</i> log<sub>2</sub> <i>p</i>",
        ),
        Step(
            "Entropy of the species",
            "How many yes-or-no questions it takes on average to learn a penguin's species, in bits.",
            "stats.entropy(counts, base=2)",
            lambda p: stats.entropy(p, base=2),
            "scipy.stats.entropy",
            (numpy.unique(penguins.species, return_counts=True)[1],),
            prepare_bits,
        ),
        Step(
            "Mutual information of a table",
            "Two binary variables given by the probabilities of their pairs, in nats. scikit-learn takes "
            "counts only, so it is given ten times the table.",
            "stats.mutual_info_score(None, None, contingency=table)",
            lambda table: stats.mutual_info_score(None, None, contingency=table),
            "sklearn.metrics.mutual_info_score",
            ([[0.3, 0.1], [0.2, 0.4]],),
            prepare_table,
            formula="<i>I</i>(<i>X</i>;<i>Y</i>) = Σ <i>p</i>(<i>x</i>,<i>y</i>) log "
            "<i>p</i>(<i>x</i>,<i>y</i>) / <i>p</i>(<i>x</i>)<i>p</i>(<i>y</i>)",
        ),
        Step(
            "What does the island tell of the species?",
            "Both columns as they are, strings; in nats.",
            "stats.mutual_info_score(species, island)",
            stats.mutual_info_score,
            "sklearn.metrics.mutual_info_score",
            (penguins.species, penguins.island),
        ),
        Step(
            "Every variable against every other",
            "Species, island, sex and the four measurements in eight bins each, in bits.",
            "[[stats.mutual_info_score(a, b) for b in labels] for a in labels]",
            pairs,
            "sklearn.metrics.mutual_info_score",
            (labels,),
            prepare_pairs,
        ),
        *divergences(adelie, chinstrap),
    ]


def divergences(adelie: numpy.ndarray, chinstrap: numpy.ndarray) -> list[Step]:
    """Return the steps that compare where two species live."""
    return [
        Step(
            "Kullback–Leibler divergence: the tutorial's two distributions",
            "What it costs, in nats, to take Q for P.",
            "stats.entropy([0.3, 0.7], [0.5, 0.5])",
            stats.entropy,
            "scipy.stats.entropy",
            ([0.3, 0.7], [0.5, 0.5]),
            formula="<i>D</i>(<i>P</i>‖<i>Q</i>) = Σ <i>p</i> log <i>p</i>/<i>q</i>",
        ),
        Step(
            "Where Chinstraps live, seen from where Adelies live",
            "Chinstraps live on Dream alone. Taking the Adelies' islands for theirs costs one nat; the "
            "other way round the divergence would be infinite.",
            "stats.kl_divergence(chinstrap, adelie)",
            stats.kl_divergence,
            "scipy.stats.entropy",
            (chinstrap, adelie),
        ),
        Step(
            "Jensen–Shannon distance of the same",
            "Symmetric and finite: 0 for equal distributions, √(log 2) ≈ 0.83 for disjoint ones.",
            "stats.jensenshannon(chinstrap, adelie)",
            stats.jensenshannon,
            "scipy.spatial.distance.jensenshannon",
            (chinstrap, adelie),
        ),
    ]


def figures(penguins: Penguins) -> list[Figure]:
    """Return the pictures of the section."""
    from mlmath_rs import plots

    known = penguins.where(penguins.sex != "")

    def matrix(figure: Any) -> None:
        found = variables(known)
        plots.mutual_information_matrix(pairs(list(found.values())), list(found), ax=figure.subplots())

    def coin(figure: Any) -> None:
        axes = figure.subplots()
        p = np.linspace(0, 1, 201)
        axes.plot(p, stats.entropy([p, 1 - p], base=2))
        sex = float(np.mean((known.sex == "male").astype(float)))
        for probability, name, height in ((0.6, "the tutorial's coin", 0.72), (sex, "the sexes", 0.55)):
            bits = stats.entropy([probability, 1 - probability], base=2)
            axes.plot(probability, bits, "o", color=ACCENT)
            axes.annotate(
                f"{name}: {bits:.3f} bits",
                (probability, bits),
                xytext=(0.5, height),
                ha="center",
                arrowprops={"arrowstyle": "-", "lw": 0.8, "color": INK},
            )
        axes.set_xlabel("probability of one side")
        axes.set_ylabel("entropy (bits)")

    return [
        Figure(
            "Mutual information of all variables",
            "In bits; on the diagonal each variable's own entropy. Flippers and bills tell the species best. "
            "The sex has nothing to do with species or island, but shows in mass and bill depth.",
            matrix,
            (6.0, 4.8),
        ),
        Figure("Entropy of a coin", "Uncertainty is greatest where both sides are alike.", coin, (6.0, 4.8)),
    ]


SECTION = Section(
    6,
    "Information theory",
    "How uncertain is a label, and how much of that uncertainty does another variable remove?",
    steps,
    figures,
)
