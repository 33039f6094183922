"""Distributions and samples: densities, probabilities, histograms."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlmath_rs import stats
from mlmath_rs.plots._axes import current

__all__ = [
    "histogram",
    "plot_cdf",
    "plot_pdf",
    "plot_pmf",
    "plot_samples",
]

# How many points a curve has.
CURVE = 401


def plot_pdf(
    distribution: Any, *, ax: Any = None, range: tuple[float, float] | None = None, **style: Any
) -> Any:
    """Draw the density of a distribution.

    Parameters
    ----------
    distribution : object
        With methods `pdf` and `ppf`: ours, or SciPy's with its parameters given.
    ax : Axes, optional
        Where to draw; the current Axes where not given.
    range : (float, float), optional
        From where to where; all but a thousandth on each side where not given.
    **style
        For ``Axes.plot``.

    Returns
    -------
    Axes
        That were drawn on.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from scipy.stats import norm
    >>> from mlmath_rs import plots
    >>> axes = plots.plot_pdf(norm(0, 1), ax=Figure().subplots())
    >>> round(float(axes.lines[0].get_ydata().max()), 4)
    0.3989
    """
    ax = current(ax)
    x = np.linspace(*(_quantiles(distribution) if range is None else range), CURVE)
    ax.plot(x, distribution.pdf(x), **style)
    ax.set_ylabel("probability density")
    ax.set_ylim(bottom=0)
    return ax


def plot_cdf(
    distribution: Any, *, ax: Any = None, range: tuple[float, float] | None = None, **style: Any
) -> Any:
    """Draw the cumulative distribution function.

    Parameters
    ----------
    distribution : object
        With methods `cdf` and `ppf`.
    ax : Axes, optional
        Where to draw; the current Axes where not given.
    range : (float, float), optional
        From where to where; all but a thousandth on each side where not given.
    **style
        For ``Axes.plot``.

    Returns
    -------
    Axes
        That were drawn on.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from scipy.stats import norm
    >>> from mlmath_rs import plots
    >>> plots.plot_cdf(norm(0, 1), ax=Figure().subplots()).get_ylabel()
    'probability of at most x'
    """
    ax = current(ax)
    x = np.linspace(*(_quantiles(distribution) if range is None else range), CURVE)
    ax.plot(x, distribution.cdf(x), **style)
    ax.set_ylabel("probability of at most x")
    ax.set_ylim(0, 1.02)
    return ax


def plot_pmf(distribution: Any, support: ArrayLike, *, ax: Any = None, **style: Any) -> Any:
    """Draw the probabilities of a discrete distribution as bars.

    Parameters
    ----------
    distribution : object
        With a method `pmf`.
    support : (n,) array_like of int
        The values whose probabilities are drawn.
    ax : Axes, optional
        Where to draw; the current Axes where not given.
    **style
        For ``Axes.bar``.

    Returns
    -------
    Axes
        That were drawn on.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from scipy.stats import bernoulli
    >>> from mlmath_rs import plots
    >>> axes = plots.plot_pmf(bernoulli(0.7), [0, 1], ax=Figure().subplots())
    >>> [round(float(bar.get_height()), 6) for bar in axes.patches]
    [0.3, 0.7]
    """
    ax = current(ax)
    values = np.asarray(support)
    ax.bar(values, distribution.pmf(values), **({"width": 0.6} | style))
    ax.set_xticks(values)
    ax.set_ylabel("probability")
    return ax


def histogram(
    a: ArrayLike, bins: Any = "auto", *, ax: Any = None, density: bool = False, **style: Any
) -> Any:
    """Draw a histogram: the bars have the counts of ``plt.hist``.

    Parameters
    ----------
    a : array_like
        Real numbers.
    bins : int, str or array_like
        As for :func:`mlmath_rs.histogram`.
    ax : Axes, optional
        Where to draw; the current Axes where not given.
    density : bool
        Whether the bars have area 1 together.
    **style
        For ``Axes.bar``.

    Returns
    -------
    Axes
        That were drawn on.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from mlmath_rs import plots
    >>> axes = plots.histogram([0, 0, 1], bins=[0, 1, 2], ax=Figure().subplots())
    >>> [int(bar.get_height()) for bar in axes.patches]
    [2, 1]
    """
    ax = current(ax)
    counts, edges = stats.histogram(a, bins, density=density)
    ax.bar(edges[:-1], counts, np.diff(edges), align="edge", **style)
    ax.set_ylabel("probability density" if density else "count")
    return ax


def plot_samples(
    samples: ArrayLike, distribution: Any = None, bins: Any = "auto", *, ax: Any = None, **style: Any
) -> Any:
    """Draw samples as a histogram of area 1, and the density they are said to come from over it.

    Parameters
    ----------
    samples : array_like
        Real numbers.
    distribution : object, optional
        With methods `pdf` and `ppf`.
    bins : int, str or array_like
        As for :func:`mlmath_rs.histogram`.
    ax : Axes, optional
        Where to draw; the current Axes where not given.
    **style
        For the bars.

    Returns
    -------
    Axes
        That were drawn on.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from scipy.stats import norm
    >>> from mlmath_rs import plots
    >>> axes = plots.plot_samples([-1, 0, 0, 1], norm(0, 1), bins=2, ax=Figure().subplots())
    >>> len(axes.patches), len(axes.lines)
    (2, 1)
    """
    ax = histogram(samples, bins, ax=ax, density=True, **({"alpha": 0.5} | style))
    if distribution is not None:
        plot_pdf(distribution, ax=ax)
    return ax


def _quantiles(distribution: Any) -> tuple[float, float]:
    return float(distribution.ppf(0.001)), float(distribution.ppf(0.999))
