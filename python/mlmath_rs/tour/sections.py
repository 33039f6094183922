"""The six sections, in the tutorial's order."""

from mlmath_rs.tour import algebra, information, statistics

__all__ = ["SECTIONS"]

SECTIONS = (algebra.SECTION, statistics.SECTION, information.SECTION)
