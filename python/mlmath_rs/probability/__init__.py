"""Probability: distributions as objects, tables of probabilities, Bayes' theorem.

SciPy's way of calling distributions, with ``loc`` and ``scale``, is in :mod:`mlmath_rs.stats`.
"""

from mlmath_rs.probability.distribution import Continuous, Discrete, Distribution
from mlmath_rs.probability.families import Bernoulli, Normal
from mlmath_rs.probability.tables import (
    bayes,
    bayes_update,
    conditional_probability,
    joint_probability,
    law_of_total_probability,
    marginal,
)

__all__ = [
    "Bernoulli",
    "Continuous",
    "Discrete",
    "Distribution",
    "Normal",
    "bayes",
    "bayes_update",
    "conditional_probability",
    "joint_probability",
    "law_of_total_probability",
    "marginal",
]
