"""The warnings and errors that are our own; all others are Python's and NumPy's."""

from numpy.linalg import LinAlgError

__all__ = [
    "ConvergenceWarning",
    "LinAlgError",
    "LinAlgWarning",
    "NotFittedError",
    "RouteWarning",
    "TraceError",
]


class LinAlgWarning(RuntimeWarning):
    """A matrix is so nearly singular that digits of the result are lost.

    Examples
    --------
    >>> import warnings
    >>> import mlmath_rs as np
    >>> from mlmath_rs.errors import LinAlgWarning
    >>> row = np.arange(1, 21)
    >>> hilbert = 1 / (row[:, None] + row - 1)
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("error", LinAlgWarning)
    ...     np.linalg.inv(hilbert)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    mlmath_rs.errors.LinAlgWarning: ...
    """


class ConvergenceWarning(RuntimeWarning):
    """An iteration ended before it reached its tolerance.

    Examples
    --------
    >>> from mlmath_rs.errors import ConvergenceWarning
    >>> issubclass(ConvergenceWarning, RuntimeWarning)
    True
    """


class NotFittedError(ValueError, AttributeError):
    """An estimator is asked for what it knows only after a fit; of scikit-learn's name and bases.

    Examples
    --------
    >>> from mlmath_rs.errors import NotFittedError
    >>> issubclass(NotFittedError, ValueError) and issubclass(NotFittedError, AttributeError)
    True
    """


class RouteWarning(UserWarning):
    """A function could not be traced, so derivatives are differences of its values.

    Examples
    --------
    >>> from mlmath_rs.errors import RouteWarning
    >>> issubclass(RouteWarning, UserWarning)
    True
    """


class TraceError(TypeError):
    """A function does what a traced value cannot answer, such as asking `if` of it."""
