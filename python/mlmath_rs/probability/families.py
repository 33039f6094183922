"""The families: parameters and documentation; all else is in their base classes and the kernels."""

from dataclasses import dataclass
from typing import Any, ClassVar

from mlmath_rs.probability.distribution import Continuous, Discrete, Distribution

__all__ = ["Bernoulli", "Exponential", "Normal"]


@dataclass(frozen=True, eq=False)
class Bernoulli(Discrete):
    """The Bernoulli distribution: 1 with probability `p`, else 0.

    Parameters
    ----------
    p : float or array_like
        The probability of 1.

    Raises
    ------
    ValueError
        If `p` is not between 0 and 1.

    Examples
    --------
    >>> from mlmath_rs.probability import Bernoulli
    >>> coin = Bernoulli(0.3)
    >>> coin.pmf([0, 1, 0.5])
    array([0.7, 0.3, 0. ])
    >>> coin.mean, coin.var
    (np.float64(0.3), np.float64(0.21))
    """

    family: ClassVar[str] = "bernoulli"
    p: Any = 0.5

    def _draw(self, generator: Any, size: Any) -> Any:
        return generator.binomial(1, self.p, size)


@dataclass(frozen=True, eq=False)
class Exponential(Continuous):
    """The exponential distribution: the waiting time for an event that comes at a constant rate.

    Parameters
    ----------
    rate : float or array_like
        Events per unit of time; positive and finite.

    Raises
    ------
    ValueError
        If `rate` is not positive and finite.

    Examples
    --------
    >>> from mlmath_rs.probability import Exponential
    >>> Exponential(rate=2).pdf([0, 1])
    array([2.        , 0.27067057])
    """

    family: ClassVar[str] = "exponential"
    rate: Any = 1.0


@dataclass(frozen=True, eq=False)
class Normal(Continuous):
    """The normal (Gaussian) distribution.

    Parameters
    ----------
    mean : float or array_like
        The centre; finite.
    std : float or array_like
        The standard deviation, in the same unit; positive and finite.

    Raises
    ------
    ValueError
        If a parameter is not what it must be.

    Notes
    -----
    `sf`, `logcdf` and `logsf` keep their digits in the tails, where ``1 - cdf`` and ``log(cdf)``
    have none left.

    Examples
    --------
    >>> from mlmath_rs.probability import Normal
    >>> Normal().pdf([0, 1])
    array([0.39894228, 0.24197072])
    >>> Normal(mean=100, std=15).sf(130).round(10)
    np.float64(0.0227501319)
    >>> Normal.fit([1, 2, 3, 4])
    Normal(mean=2.5, std=1.118033988749895)
    """

    family: ClassVar[str] = "normal"
    mean: Any = 0.0
    std: Any = 1.0

    def _draw(self, generator: Any, size: Any) -> Any:
        return generator.normal(self.mean, self.std, size)


FAMILIES: dict[str, type[Distribution]] = {globals()[name].family: globals()[name] for name in __all__}
