"""SciPy's way of calling distributions, ``norm.pdf(x, loc, scale)``, on the kernels of `probability`.

Impossible parameters give NaN, as SciPy's do, where the classes of :mod:`mlmath_rs.probability`
refuse them.
"""

from math import comb
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike

from mlmath_rs import _array
from mlmath_rs.probability.families import FAMILIES
from mlmath_rs.probability.questions import ask, interval, summarise

__all__ = ["ScipyContinuous", "ScipyDiscrete"]

# What the arguments of SciPy mean to a family of ours: its parameters, and a distance by which
# the distribution is shifted.
Placed = tuple[tuple[Any, ...], Any]


class Scipy:
    """A family, or with its parameters given a distribution, called as SciPy's are.

    A subclass names our `family` and its own parameters, which come before SciPy's `loc`, and says
    by `_place` what they all mean.
    """

    family: ClassVar[str]
    names: ClassVar[tuple[str, ...]]
    defaults: ClassVar[dict[str, float]] = {"loc": 0.0, "scale": 1.0}

    def __init__(self) -> None:
        self._given: dict[str, Any] | None = None

    def _place(self, *arguments: Any) -> Placed:
        raise NotImplementedError

    def __call__(self, *arguments: Any, **named: Any) -> Self:
        """Return the distribution with these parameters fixed: its methods take none."""
        self._placed(arguments, named)
        fixed = type(self)()
        fixed._given = dict(zip(self.names, arguments)) | named
        return fixed

    def __repr__(self) -> str:
        given = "" if self._given is None else ", ".join(f"{k}={v!r}" for k, v in self._given.items())
        return f"<{type(self).__name__.lower()}({given})>"

    def _placed(self, arguments: tuple[Any, ...], named: dict[str, Any]) -> Placed:
        """Return parameters and shift, of the arguments of a call."""
        if self._given is not None:
            if arguments or named:
                raise TypeError(f"{self!r}: the parameters are fixed, got more of them")
            named = self._given
        if len(arguments) > len(self.names):
            raise TypeError(f"{self!r}: expected at most {', '.join(self.names)}, got {arguments!r}")
        values = dict(zip(self.names, arguments))
        for name, value in named.items():
            if name not in self.names or name in values:
                raise TypeError(f"{self!r}: got an unexpected or a second argument {name!r}")
            values[name] = value
        for name in self.names:
            if name not in values:
                if name not in self.defaults:
                    raise TypeError(f"{self!r}: missing the argument {name!r}")
                values[name] = self.defaults[name]
        return self._place(*(as_number(name, values[name]) for name in self.names))

    def _ask(self, question: str, x: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        parameters, shift = self._placed(arguments, named)
        if type(shift) is not float or shift != 0:
            x = np.subtract(_array.as_array(question, x), shift)
        return ask(self.family, question, x, parameters)

    def _quantile(self, question: str, p: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        parameters, shift = self._placed(arguments, named)
        return ask(self.family, question, p, parameters) + shift

    def _summary(self, summary: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        parameters, shift = self._placed(arguments, named)
        value = summarise(self.family, summary, parameters)
        return value + shift if summary == "mean" else value + 0 * np.asarray(shift)

    def cdf(self, x: ArrayLike, *arguments: Any, **named: Any) -> Any:
        """Return the probability of at most `x`.

        Parameters
        ----------
        x : array_like
            Broadcasts against the parameters; float32 stays float32.
        *arguments, **named
            The parameters, in SciPy's order or by name.

        Returns
        -------
        scalar or ndarray
            NaN where the parameters are impossible.
        """
        return self._ask("cdf", x, arguments, named)

    def sf(self, x: ArrayLike, *arguments: Any, **named: Any) -> Any:
        """Return the probability of more than `x`; arguments as for :meth:`cdf`."""
        return self._ask("sf", x, arguments, named)

    def logcdf(self, x: ArrayLike, *arguments: Any, **named: Any) -> Any:
        """Return the logarithm of :meth:`cdf`; arguments as there."""
        return self._ask("logcdf", x, arguments, named)

    def logsf(self, x: ArrayLike, *arguments: Any, **named: Any) -> Any:
        """Return the logarithm of :meth:`sf`; arguments as for :meth:`cdf`."""
        return self._ask("logsf", x, arguments, named)

    def ppf(self, q: ArrayLike, *arguments: Any, **named: Any) -> Any:
        """Return the smallest x with ``cdf(x) >= q``; parameters as for :meth:`cdf`."""
        return self._quantile("ppf", q, arguments, named)

    def isf(self, q: ArrayLike, *arguments: Any, **named: Any) -> Any:
        """Return the smallest x with ``sf(x) <= q``; parameters as for :meth:`cdf`."""
        return self._quantile("isf", q, arguments, named)

    def interval(self, confidence: ArrayLike, *arguments: Any, **named: Any) -> tuple[Any, Any]:
        """Return the ends of the interval about the median that holds a share of the probability."""
        parameters, shift = self._placed(arguments, named)
        low, high = interval(self.family, confidence, parameters)
        return low + shift, high + shift

    def median(self, *arguments: Any, **named: Any) -> Any:
        """Return the median; parameters as for :meth:`cdf`."""
        return self._quantile("ppf", 0.5, arguments, named)

    def mean(self, *arguments: Any, **named: Any) -> Any:
        """Return the expectation; parameters as for :meth:`cdf`."""
        return self._summary("mean", arguments, named)

    def var(self, *arguments: Any, **named: Any) -> Any:
        """Return the variance; parameters as for :meth:`cdf`."""
        return self._summary("var", arguments, named)

    def std(self, *arguments: Any, **named: Any) -> Any:
        """Return the standard deviation; parameters as for :meth:`cdf`."""
        return np.sqrt(self.var(*arguments, **named))

    def entropy(self, *arguments: Any, **named: Any) -> Any:
        """Return the entropy in nats; parameters as for :meth:`cdf`."""
        return self._summary("entropy", arguments, named)

    def stats(self, *arguments: Any, moments: str = "mv", **named: Any) -> Any:
        """Return some of the mean, variance, skewness and excess kurtosis.

        Parameters
        ----------
        *arguments, **named
            The parameters, as for :meth:`cdf`.
        moments : str
            Which, by the letters ``"mvsk"``.

        Returns
        -------
        scalar, ndarray, or tuple of them
            In the order mean, variance, skewness, kurtosis.
        """
        words = {"m": "mean", "v": "var", "s": "skewness", "k": "kurtosis"}
        if not set(moments) <= set(words):
            raise ValueError(f"moments: expected letters out of 'mvsk', got {moments!r}")
        found = tuple(
            self._summary(word, arguments, named) for letter, word in words.items() if letter in moments
        )
        return found[0] if len(found) == 1 else found

    def moment(self, order: int, *arguments: Any, **named: Any) -> Any:
        """Return the moment about 0 of an order up to 4; parameters as for :meth:`cdf`."""
        if order not in range(5):
            raise ValueError(f"order: expected 0, 1, 2, 3 or 4, got {order}")
        mean, var, skewness, kurtosis = self.stats(*arguments, moments="mvsk", **named)
        central = (1.0, 0.0, var, skewness * var * np.sqrt(var), (kurtosis + 3) * var * var)
        terms = (comb(order, i) * central[i] * mean ** (order - i) for i in range(order + 1))
        return np.float64(0) + sum(terms)

    def rvs(
        self,
        *arguments: Any,
        size: int | tuple[int, ...] | None = None,
        random_state: Any = None,
        **named: Any,
    ) -> Any:
        """Return random draws.

        Parameters
        ----------
        *arguments, **named
            The parameters, as for :meth:`cdf`.
        size : int or tuple of int, optional
            The shape of the result; that of the parameters where not given.
        random_state : None, int, Generator or RandomState
            The source of randomness; an int is the seed of a `RandomState`, so that the numbers
            are SciPy's.

        Returns
        -------
        scalar or ndarray
            Integers where the distribution is discrete.

        Raises
        ------
        ValueError
            If a parameter is impossible, or `size` does not fit those that are arrays.
        """
        parameters, shift = self._placed(arguments, named)
        try:
            distribution = FAMILIES[self.family](*parameters)
        except ValueError as error:
            raise ValueError(f"Domain error in arguments: {error}") from None
        if isinstance(random_state, (int, np.integer)):
            random_state = np.random.RandomState(random_state)
        if size is None:
            size = np.broadcast_shapes(*map(np.shape, (*parameters, shift)))
        draws = distribution.rvs(size, random_state)
        shift = np.asarray(shift)
        if draws.dtype.kind == "i" and np.all(shift == np.floor(shift)):
            shift = shift.astype(draws.dtype)
        return draws + shift[()]


class ScipyContinuous(Scipy):
    """A continuous family, called as SciPy's are: with `loc` and `scale`."""

    def pdf(self, x: ArrayLike, *arguments: Any, **named: Any) -> Any:
        """Return the density at `x`; arguments as for :meth:`cdf`."""
        return self._ask("pdf", x, arguments, named)

    def logpdf(self, x: ArrayLike, *arguments: Any, **named: Any) -> Any:
        """Return the logarithm of the density at `x`; arguments as for :meth:`cdf`."""
        return self._ask("logpdf", x, arguments, named)


class ScipyDiscrete(Scipy):
    """A discrete family, called as SciPy's are: with `loc`."""

    def pmf(self, k: ArrayLike, *arguments: Any, **named: Any) -> Any:
        """Return the probability of `k` itself; arguments as for :meth:`cdf`."""
        return self._ask("pmf", k, arguments, named)

    def logpmf(self, k: ArrayLike, *arguments: Any, **named: Any) -> Any:
        """Return the logarithm of the probability of `k` itself; arguments as for :meth:`cdf`."""
        return self._ask("logpmf", k, arguments, named)


def as_number(name: str, value: Any) -> Any:
    """Return a parameter as a float or an array of real numbers."""
    if type(value) in (float, int):
        return float(value)
    array = _array.as_array(name, value)
    if array.dtype.kind == "c":
        raise TypeError(f"{name}: expected real numbers, got dtype {array.dtype}")
    return float(array) if array.ndim == 0 else array
