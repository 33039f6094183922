"""Draws from the hidden generator, under the names of `numpy.random`."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlmath_rs.random.generator import hidden

__all__ = [
    "binomial",
    "choice",
    "exponential",
    "normal",
    "permutation",
    "rand",
    "randint",
    "randn",
    "random",
    "shuffle",
    "standard_normal",
    "uniform",
]


def random(size: Any = None) -> Any:
    """Return numbers from 0 up to, but not including, 1, all equally likely.

    Parameters
    ----------
    size : int or tuple of int, optional
        The shape of the result; without it a number, or an array as the parameters broadcast.

    Returns
    -------
    float or ndarray of float64

    Notes
    -----
    Draws from the hidden generator, which :func:`seed` sets: the bits are those of
    ``numpy.random.default_rng(seed).random``.

    Examples
    --------
    >>> from mlmath_rs import random
    >>> random.seed(1)
    >>> random.random(2).round(4)
    array([0.5118, 0.9505])
    """
    return hidden().random(size)


def uniform(low: Any = 0.0, high: Any = 1.0, size: Any = None) -> Any:
    """Return numbers between `low` and `high`, all equally likely.

    Parameters
    ----------
    low : float or array_like of floats
        The lower end, included.
    high : float or array_like of floats
        The upper end.
    size : int or tuple of int, optional
        The shape of the result; without it a number, or an array as the parameters broadcast.

    Returns
    -------
    float or ndarray of float64

    Raises
    ------
    ValueError
        If `high` is below `low`.
    OverflowError
        If their difference is not finite.

    Notes
    -----
    Draws from the hidden generator, which :func:`seed` sets: the bits are those of
    ``numpy.random.default_rng(seed).uniform``.

    Examples
    --------
    >>> from mlmath_rs import random
    >>> random.seed(1)
    >>> random.uniform(-1, 1, 2).round(4)
    array([0.0236, 0.9009])
    """
    return hidden().uniform(low, high, size)


def normal(loc: Any = 0.0, scale: Any = 1.0, size: Any = None) -> Any:
    """Return numbers from a normal distribution.

    Parameters
    ----------
    loc : float or array_like of floats
        The mean.
    scale : float or array_like of floats
        The standard deviation, not negative.
    size : int or tuple of int, optional
        The shape of the result; without it a number, or an array as the parameters broadcast.

    Returns
    -------
    float or ndarray of float64

    Raises
    ------
    ValueError
        If `scale` is negative.

    Notes
    -----
    Draws from the hidden generator, which :func:`seed` sets: the bits are those of
    ``numpy.random.default_rng(seed).normal``.

    Examples
    --------
    >>> from mlmath_rs import random
    >>> random.seed(1)
    >>> random.normal(10, 2, 2).round(4)
    array([10.6912, 11.6432])
    """
    return hidden().normal(loc, scale, size)


def standard_normal(size: Any = None) -> Any:
    """Return numbers from the normal distribution of mean 0 and standard deviation 1.

    Parameters
    ----------
    size : int or tuple of int, optional
        The shape of the result; without it a number, or an array as the parameters broadcast.

    Returns
    -------
    float or ndarray of float64

    Notes
    -----
    Draws from the hidden generator, which :func:`seed` sets: the bits are those of
    ``numpy.random.default_rng(seed).standard_normal``.

    Examples
    --------
    >>> from mlmath_rs import random
    >>> random.seed(1)
    >>> random.standard_normal(2).round(4)
    array([0.3456, 0.8216])
    """
    return hidden().standard_normal(size)


def exponential(scale: Any = 1.0, size: Any = None) -> Any:
    """Return numbers from an exponential distribution.

    Parameters
    ----------
    scale : float or array_like of floats
        The mean, not negative: one over the rate.
    size : int or tuple of int, optional
        The shape of the result; without it a number, or an array as the parameters broadcast.

    Returns
    -------
    float or ndarray of float64

    Raises
    ------
    ValueError
        If `scale` is negative.

    Notes
    -----
    Draws from the hidden generator, which :func:`seed` sets: the bits are those of
    ``numpy.random.default_rng(seed).exponential``.

    Examples
    --------
    >>> from mlmath_rs import random
    >>> random.seed(1)
    >>> random.exponential(2, 2).round(4)
    array([2.1461, 0.6169])
    """
    return hidden().exponential(scale, size)


def binomial(n: Any, p: Any, size: Any = None) -> Any:
    """Return how many of `n` trials succeed, each with probability `p`.

    Parameters
    ----------
    n : int or array_like of ints
        Trials, not negative.
    p : float or array_like of floats
        The probability of success, from 0 to 1.
    size : int or tuple of int, optional
        The shape of the result; without it a number, or an array as the parameters broadcast.

    Returns
    -------
    int or ndarray of int64

    Raises
    ------
    ValueError
        If `n` is negative, or `p` is no probability.

    Notes
    -----
    Draws from the hidden generator, which :func:`seed` sets: the bits are those of
    ``numpy.random.default_rng(seed).binomial``.

    Examples
    --------
    >>> from mlmath_rs import random
    >>> random.seed(1)
    >>> random.binomial(10, 0.5, 4)
    array([5, 8, 3, 8])
    """
    return hidden().binomial(n, p, size)


def randint(low: Any, high: Any = None, size: Any = None, dtype: Any = np.int64) -> Any:
    """Return integers from `low` up to, but not including, `high`, all equally likely.

    Parameters
    ----------
    low : int or array_like of ints
        The smallest; with no `high`, the end of a range from 0.
    high : int or array_like of ints, optional
        One above the largest.
    size : int or tuple of int, optional
        The shape of the result; without it a number, or an array as the parameters broadcast.
    dtype : dtype
        An integer type.

    Returns
    -------
    int or ndarray of `dtype`

    Raises
    ------
    ValueError
        If the range is empty, or leaves `dtype`.

    Notes
    -----
    Draws from the hidden generator, which :func:`seed` sets: the bits are those of
    ``numpy.random.default_rng(seed).integers``.

    Examples
    --------
    >>> from mlmath_rs import random
    >>> random.seed(1)
    >>> random.randint(0, 10, 4)
    array([4, 5, 7, 9])
    """
    return hidden().integers(low, high, size, dtype)


def choice(a: Any, size: Any = None, replace: bool = True, p: Any = None) -> Any:
    """Return elements of `a`, or integers below it, drawn at random.

    Parameters
    ----------
    a : int or array_like
        What to choose from, along its first axis.
    size : int or tuple of int, optional
        The shape of the result; without it a number, or an array as the parameters broadcast.
    replace : bool
        Whether an element may come twice.
    p : (n,) array_like, optional
        The probability of each; all equally likely without it.

    Returns
    -------
    element or ndarray

    Raises
    ------
    ValueError
        If there is nothing to choose from, or `p` are no probabilities.

    Notes
    -----
    Draws from the hidden generator, which :func:`seed` sets: the bits are those of
    ``numpy.random.default_rng(seed).choice``.

    Examples
    --------
    >>> from mlmath_rs import random
    >>> random.seed(1)
    >>> random.choice(["penguin", "seal"], 3).tolist()
    ['penguin', 'seal', 'seal']
    """
    return hidden().choice(a, size, replace, p)


def permutation(x: Any) -> Any:
    """Return a copy of `x`, or the integers below it, in random order.

    Parameters
    ----------
    x : int or array_like
        What to put in order, along its first axis.

    Returns
    -------
    ndarray

    Notes
    -----
    Draws from the hidden generator, which :func:`seed` sets: the bits are those of
    ``numpy.random.default_rng(seed).permutation``.

    Examples
    --------
    >>> from mlmath_rs import random
    >>> random.seed(1)
    >>> random.permutation(5)
    array([4, 0, 1, 2, 3])
    """
    return hidden().permutation(x)


def shuffle(x: Any) -> None:
    """Put `x` itself in random order.

    Parameters
    ----------
    x : ndarray or mutable sequence
        What to put in order, along its first axis.

    Notes
    -----
    Draws from the hidden generator, which :func:`seed` sets: the bits are those of
    ``numpy.random.default_rng(seed).shuffle``.

    Examples
    --------
    >>> from mlmath_rs import random
    >>> random.seed(1)
    >>> x = [1, 2, 3, 4]
    >>> random.shuffle(x)
    >>> sorted(x)
    [1, 2, 3, 4]
    """
    hidden().shuffle(x)


def rand(*shape: int) -> float | NDArray:
    """Return numbers from 0 up to, but not including, 1, with the shape spelt as arguments.

    Parameters
    ----------
    *shape : int
        The lengths of the result; with none, a number.

    Returns
    -------
    float or ndarray of float64

    See Also
    --------
    random : The same, with the shape as one argument.

    Examples
    --------
    >>> from mlmath_rs import random
    >>> random.rand(2, 3).shape
    (2, 3)
    """
    return hidden().random(shape or None)


def randn(*shape: int) -> float | NDArray:
    """Return numbers from the standard normal distribution, with the shape spelt as arguments.

    Parameters
    ----------
    *shape : int
        The lengths of the result; with none, a number.

    Returns
    -------
    float or ndarray of float64

    See Also
    --------
    standard_normal : The same, with the shape as one argument.

    Examples
    --------
    >>> from mlmath_rs import random
    >>> random.randn(2, 3).shape
    (2, 3)
    """
    return hidden().standard_normal(shape or None)
