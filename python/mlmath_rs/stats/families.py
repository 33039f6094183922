"""SciPy's distribution objects: names, parameters and documentation."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlmath_rs import _core
from mlmath_rs.stats.distributions import Placed, ScipyContinuous, ScipyDiscrete, as_number

__all__ = ["bernoulli", "expon", "norm"]


class Bernoulli(ScipyDiscrete):
    """The Bernoulli distribution as SciPy's `bernoulli`: 1 with probability `p`, else 0, plus `loc`.

    Examples
    --------
    >>> from mlmath_rs.stats import bernoulli
    >>> bernoulli.pmf([0, 1, 0.5], 0.25)
    array([0.75, 0.25, 0.  ])
    >>> bernoulli(0.25).mean()
    np.float64(0.25)
    """

    family = "bernoulli"
    names = ("p", "loc")

    def _place(self, p: Any, loc: Any) -> Placed:
        return (p,), loc


class Expon(ScipyContinuous):
    """The exponential distribution as SciPy's `expon`: `scale` is one over the rate, `loc` the start.

    Examples
    --------
    >>> from mlmath_rs.stats import expon
    >>> expon.cdf([0, 1, 2], loc=1, scale=2)
    array([0.        , 0.        , 0.39346934])
    """

    family = "exponential"
    names = ("loc", "scale")

    def _place(self, loc: Any, scale: Any) -> Placed:
        with np.errstate(divide="ignore"):
            return (as_number("scale", np.reciprocal(np.asarray(scale, float))),), loc


class Norm(ScipyContinuous):
    """The normal distribution as SciPy's `norm`: the mean is `loc`, the standard deviation `scale`.

    Examples
    --------
    >>> from mlmath_rs.stats import norm
    >>> norm.pdf(0), norm.ppf([0.025, 0.975], 100, 15)
    (np.float64(0.3989422804014327), array([ 70.60054023, 129.39945977]))
    >>> norm(loc=3, scale=2).sf(7).round(10)
    np.float64(0.0227501319)
    >>> norm.pdf(0, scale=-1)
    np.float64(nan)
    """

    family = "normal"
    names = ("loc", "scale")

    def _place(self, loc: Any, scale: Any) -> Placed:
        return (loc, scale), 0.0

    def fit(self, data: ArrayLike, floc: float | None = None, fscale: float | None = None) -> tuple[Any, Any]:
        """Return `loc` and `scale` under which `data` are most likely.

        Parameters
        ----------
        data : array_like
            The sample.
        floc, fscale : float, optional
            A parameter that is known, and returned as it is.

        Returns
        -------
        tuple of two floats
            Their maximum likelihood estimates; `scale` divides by n.

        Raises
        ------
        ValueError
            If `data` is empty or not finite, or if both parameters are known.
        """
        if floc is not None and fscale is not None:
            raise ValueError("floc and fscale: all parameters are fixed, there is nothing to fit")
        loc: Any
        scale: Any
        loc, scale = map(np.float64, _core.fit_distribution(self.family, data))
        if floc is not None:
            loc, scale = floc, np.hypot(scale, loc - floc)
        return loc, scale if fscale is None else fscale


bernoulli = Bernoulli()
expon = Expon()
norm = Norm()
