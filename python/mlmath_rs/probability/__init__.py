"""Probability: distributions as objects, tables of probabilities, Bayes' theorem.

SciPy's way of calling distributions, with ``loc`` and ``scale``, is in :mod:`mlmath_rs.stats`.
"""

from mlmath_rs.probability import families, tables
from mlmath_rs.probability.distribution import Continuous, Discrete, Distribution
from mlmath_rs.probability.families import *  # noqa: F403 - an explicit list, `families.__all__`
from mlmath_rs.probability.tables import *  # noqa: F403

__all__ = ["Continuous", "Discrete", "Distribution"]
__all__ += families.__all__
__all__ += tables.__all__
