"""What all distributions share: questions about numbers, summaries, draws, and their values as objects."""

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike

from mlmath_rs import _core
from mlmath_rs.probability.questions import as_columns, as_parameter, ask, in_base, interval, summarise
from mlmath_rs.random import as_generator

__all__ = ["Continuous", "Discrete", "Distribution"]

# The smallest number that stands in for a draw of exactly 0, which has no quantile where the
# distribution reaches to minus infinity.
_TINY = 2.0**-54


@dataclass(frozen=True, eq=False)
class Distribution:
    """A probability distribution with its parameters: the base class of all families.

    Objects never change; two are equal if family and parameters are. Parameters may be arrays,
    which broadcast against each other and against what is asked about.

    Examples
    --------
    >>> from mlmath_rs.probability import Bernoulli, Distribution
    >>> coin = Bernoulli(0.5)
    >>> isinstance(coin, Distribution), coin.mean, coin.cdf(0)
    (True, np.float64(0.5), np.float64(0.5))
    """

    family: ClassVar[str] = ""

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, as_parameter(field.name, getattr(self, field.name)))
        _core.check_parameters(self.family, as_columns(self._parameters)[1])

    @cached_property
    def _parameters(self) -> tuple[Any, ...]:
        return tuple(getattr(self, field.name) for field in fields(self))

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        pairs = zip(self._parameters, other._parameters)
        return all(np.array_equal(a, b) for a, b in pairs)

    def __hash__(self) -> int:
        return hash((self.family, *(np.asarray(p, np.float64).tobytes() for p in self._parameters)))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._parameters

    def cdf(self, x: ArrayLike, *, threads: int | None = None) -> Any:
        """Return the probability of at most `x`.

        Parameters
        ----------
        x : array_like
            In the unit of the distribution; float32 stays float32.
        threads : int, optional
            How many threads may be used.

        Returns
        -------
        scalar or ndarray
            Of the shape that `x` and the parameters broadcast to.
        """
        return ask(self.family, "cdf", x, self._parameters, threads)

    def sf(self, x: ArrayLike, *, threads: int | None = None) -> Any:
        """Return the probability of more than `x`: accurate where ``1 - cdf(x)`` is not.

        Parameters
        ----------
        x, threads
            As for :meth:`cdf`.

        Returns
        -------
        scalar or ndarray
            Of the shape that `x` and the parameters broadcast to.
        """
        return ask(self.family, "sf", x, self._parameters, threads)

    def logcdf(self, x: ArrayLike, *, threads: int | None = None) -> Any:
        """Return the logarithm of :meth:`cdf`, where that itself may be too small for a float.

        Parameters
        ----------
        x, threads
            As for :meth:`cdf`.

        Returns
        -------
        scalar or ndarray
            Of the shape that `x` and the parameters broadcast to.
        """
        return ask(self.family, "logcdf", x, self._parameters, threads)

    def logsf(self, x: ArrayLike, *, threads: int | None = None) -> Any:
        """Return the logarithm of :meth:`sf`, where that itself may be too small for a float.

        Parameters
        ----------
        x, threads
            As for :meth:`cdf`.

        Returns
        -------
        scalar or ndarray
            Of the shape that `x` and the parameters broadcast to.
        """
        return ask(self.family, "logsf", x, self._parameters, threads)

    def ppf(self, p: ArrayLike, *, threads: int | None = None) -> Any:
        """Return the smallest x with ``cdf(x) >= p``: the quantile function.

        Parameters
        ----------
        p : array_like
            Probabilities.
        threads : int, optional
            How many threads may be used.

        Returns
        -------
        scalar or ndarray
            NaN where `p` is not between 0 and 1.
        """
        return ask(self.family, "ppf", p, self._parameters, threads)

    def isf(self, q: ArrayLike, *, threads: int | None = None) -> Any:
        """Return the smallest x with ``sf(x) <= q``: quantiles counted from above.

        Parameters
        ----------
        q : array_like
            Probabilities.
        threads : int, optional
            How many threads may be used.

        Returns
        -------
        scalar or ndarray
            NaN where `q` is not between 0 and 1.
        """
        return ask(self.family, "isf", q, self._parameters, threads)

    def interval(self, confidence: ArrayLike) -> tuple[Any, Any]:
        """Return the interval about the median that holds a share of the probability.

        Parameters
        ----------
        confidence : array_like
            The share, between 0 and 1.

        Returns
        -------
        tuple of two
            Lower and upper end, with as much probability below as above.

        Raises
        ------
        ValueError
            If `confidence` is not between 0 and 1.
        """
        return interval(self.family, confidence, self._parameters)

    @property
    def mean(self) -> Any:
        """The expectation."""
        return summarise(self.family, "mean", self._parameters)

    @property
    def var(self) -> Any:
        """The variance."""
        return summarise(self.family, "var", self._parameters)

    @property
    def std(self) -> Any:
        """The standard deviation."""
        return np.sqrt(self.var)

    @property
    def skewness(self) -> Any:
        """The third standardised moment; NaN where the variance is 0."""
        return summarise(self.family, "skewness", self._parameters)

    @property
    def kurtosis(self) -> Any:
        """The fourth standardised moment, less the normal distribution's 3; NaN where the variance is 0."""
        return summarise(self.family, "kurtosis", self._parameters)

    @property
    def median(self) -> Any:
        """The smallest x with ``cdf(x) >= 0.5``."""
        return self.ppf(0.5)

    @property
    def mode(self) -> Any:
        """The most likely value; the smallest such."""
        return summarise(self.family, "mode", self._parameters)

    def entropy(self, base: float | None = None) -> Any:
        """Return the entropy; of a continuous distribution the differential one.

        Parameters
        ----------
        base : float, optional
            Of the logarithm: 2 gives bits; nats where not given.

        Returns
        -------
        scalar or ndarray
            Of the shape that the parameters broadcast to.
        """
        return in_base(summarise(self.family, "entropy", self._parameters), base)

    def kl(self, other: Self, base: float | None = None) -> Any:
        """Return the Kullback–Leibler divergence D(self ‖ other).

        Parameters
        ----------
        other : Distribution
            Of the same family; its parameters broadcast against these.
        base : float, optional
            Of the logarithm: 2 gives bits; nats where not given.

        Returns
        -------
        scalar or ndarray
            0 where the two are equal, inf where `other` excludes what this one allows.

        Raises
        ------
        TypeError
            If `other` is of another family.
        """
        if type(other) is not type(self):
            raise TypeError(f"kl: other: expected {type(self).__name__}, got {type(other).__name__}")
        shape, columns = as_columns(self._parameters + other._parameters)
        count = len(self._parameters)
        nats = _core.kl_of_distributions(self.family, columns[:count], columns[count:])
        return in_base(nats.reshape(shape)[()], base)

    def rvs(self, size: int | tuple[int, ...] | None = None, rng: Any = None) -> Any:
        """Return random draws.

        Parameters
        ----------
        size : int or tuple of int, optional
            The shape of the result; that of the parameters where not given.
        rng : None, int, SeedSequence, BitGenerator, Generator or RandomState
            The source of randomness, or the seed of one.

        Returns
        -------
        scalar or ndarray
            Independent of each other.

        Notes
        -----
        By inversion, one uniform number for each draw, where the family has no way of its own.
        """
        shape = np.broadcast_shapes(*map(np.shape, self._parameters)) if size is None else size
        generator = rng if isinstance(rng, np.random.RandomState) else as_generator(rng)
        return np.asarray(self._draw(generator, shape))[()]

    def _draw(self, generator: Any, size: int | tuple[int, ...]) -> Any:
        return self.ppf(np.maximum(generator.random(size), _TINY))

    @classmethod
    def fit(cls, data: ArrayLike, *, threads: int | None = None) -> Self:
        """Return the distribution of this family under which `data` are most likely.

        Parameters
        ----------
        data : array_like
            The sample, of any shape.
        threads : int, optional
            How many threads may be used.

        Returns
        -------
        Distribution
            With the maximum likelihood estimates, which for a variance divide by n.

        Raises
        ------
        ValueError
            If `data` is empty, or no distribution of the family can have drawn it.
        """
        return cls(*_core.fit_distribution(cls.family, data, threads))


class Continuous(Distribution):
    """A distribution with a density.

    Examples
    --------
    >>> from mlmath_rs.probability import Bernoulli, Continuous
    >>> isinstance(Bernoulli(0.5), Continuous)
    False
    """

    def pdf(self, x: ArrayLike, *, threads: int | None = None) -> Any:
        """Return the density at `x`.

        Parameters
        ----------
        x : array_like
            In the unit of the distribution; float32 stays float32.
        threads : int, optional
            How many threads may be used.

        Returns
        -------
        scalar or ndarray
            Per unit of `x`.
        """
        return ask(self.family, "pdf", x, self._parameters, threads)

    def logpdf(self, x: ArrayLike, *, threads: int | None = None) -> Any:
        """Return the logarithm of the density at `x`.

        Parameters
        ----------
        x, threads
            As for :meth:`pdf`.

        Returns
        -------
        scalar or ndarray
            -inf where the density is 0.
        """
        return ask(self.family, "logpdf", x, self._parameters, threads)


class Discrete(Distribution):
    """A distribution of whole numbers.

    Examples
    --------
    >>> from mlmath_rs.probability import Bernoulli, Discrete
    >>> isinstance(Bernoulli(0.5), Discrete)
    True
    """

    def pmf(self, k: ArrayLike, *, threads: int | None = None) -> Any:
        """Return the probability of `k` itself.

        Parameters
        ----------
        k : array_like
            Values; what is not whole has probability 0.
        threads : int, optional
            How many threads may be used.

        Returns
        -------
        scalar or ndarray
            Between 0 and 1.
        """
        return ask(self.family, "pmf", k, self._parameters, threads)

    def logpmf(self, k: ArrayLike, *, threads: int | None = None) -> Any:
        """Return the logarithm of the probability of `k` itself.

        Parameters
        ----------
        k, threads
            As for :meth:`pmf`.

        Returns
        -------
        scalar or ndarray
            -inf where the probability is 0.
        """
        return ask(self.family, "logpmf", k, self._parameters, threads)
