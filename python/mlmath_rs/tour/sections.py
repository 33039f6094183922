"""The six sections, in the tutorial's order."""

from mlmath_rs.tour import algebra, calculus, information, multivariable, optimisation, statistics

__all__ = ["SECTIONS"]

SECTIONS = (
    algebra.SECTION,
    calculus.SECTION,
    statistics.SECTION,
    multivariable.SECTION,
    optimisation.SECTION,
    information.SECTION,
)
