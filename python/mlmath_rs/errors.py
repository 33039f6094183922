"""The warnings and errors that are our own; all others are Python's and NumPy's."""

from numpy.linalg import LinAlgError

__all__ = ["ConvergenceWarning", "LinAlgError", "LinAlgWarning", "RouteWarning"]


class LinAlgWarning(RuntimeWarning):
    """A matrix is so nearly singular that digits of the result are lost."""


class ConvergenceWarning(RuntimeWarning):
    """An iteration ended before it reached its tolerance."""


class RouteWarning(UserWarning):
    """A function could not be traced, so derivatives are differences of its values."""
