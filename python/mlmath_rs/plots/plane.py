"""The plane: clouds of points, contours of a function, the way down, the gradient."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlmath_rs import linalg
from mlmath_rs.plots._axes import current

__all__ = [
    "contours",
    "descent_path",
    "gradient_field",
    "scatter_with_axes",
]

# How many points a side of a grid has.
GRID = 161


def scatter_with_axes(points: ArrayLike, *, ax: Any = None, deviations: float = 2.0, **style: Any) -> Any:
    """Draw points in the plane and the principal axes of their covariance.

    Parameters
    ----------
    points : (n, 2) array_like
        One point in each row.
    ax : Axes, optional
        Where to draw; the current Axes where not given.
    deviations : float
        How long an axis is, in standard deviations along it.
    **style
        For ``Axes.scatter``.

    Returns
    -------
    Axes
        That were drawn on.

    Raises
    ------
    ValueError
        If `points` has no two columns or less than two rows.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from mlmath_rs import plots
    >>> axes = plots.scatter_with_axes([[0, 0], [1, 1], [2, 2.1]], ax=Figure().subplots())
    >>> len(axes.patches)
    2
    """
    points = np.asarray(points, float)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 2:
        raise ValueError(f"points: expected shape (n, 2) with n at least 2, got shape {points.shape}")
    ax = current(ax)
    ax.scatter(*points.T, **style)
    centre = points.mean(axis=0)
    away = points - centre
    values, vectors = linalg.eigh(away.T @ away / (len(points) - 1))
    for value, vector in zip(values, vectors.T):
        tip = centre + deviations * np.sqrt(max(value, 0.0)) * vector
        ax.add_patch(_arrow(centre, tip))
    return ax


def contours(
    f: Callable[[Any, Any], Any],
    x: tuple[float, float],
    y: tuple[float, float],
    *,
    ax: Any = None,
    levels: Any = 12,
    **style: Any,
) -> Any:
    """Draw the lines on which a function of two variables is constant.

    Parameters
    ----------
    f : callable
        ``f(x, y)`` of two arrays of the same shape.
    x, y : (float, float)
        From where to where.
    ax : Axes, optional
        Where to draw; the current Axes where not given.
    levels : int or array_like
        How many lines, or for which values.
    **style
        For ``Axes.contour``.

    Returns
    -------
    Axes
        That were drawn on.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from mlmath_rs import plots
    >>> axes = plots.contours(lambda x, y: x**2 + y**2, (-1, 1), (-2, 2), ax=Figure().subplots())
    >>> axes.get_ylim() == (-2, 2)
    True
    """
    ax = current(ax)
    X, Y = np.meshgrid(np.linspace(*x, GRID), np.linspace(*y, GRID))
    ax.contour(X, Y, f(X, Y), levels, **({"linewidths": 0.9} | style))
    return ax


def descent_path(points: ArrayLike, *, ax: Any = None, **style: Any) -> Any:
    """Draw the way of an optimiser through the plane, with its start and its end marked.

    Parameters
    ----------
    points : (n, 2) array_like
        One point in each row, in the order in which they were visited.
    ax : Axes, optional
        Where to draw; the current Axes where not given.
    **style
        For ``Axes.plot``.

    Returns
    -------
    Axes
        That were drawn on.

    Raises
    ------
    ValueError
        If `points` has no two columns or no row.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from mlmath_rs import plots
    >>> axes = plots.descent_path([[0, 0], [1, 0.5], [1, 1]], ax=Figure().subplots())
    >>> len(axes.lines)
    3
    """
    points = np.asarray(points, float)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0:
        raise ValueError(f"points: expected shape (n, 2) with n at least 1, got shape {points.shape}")
    ax = current(ax)
    (line,) = ax.plot(*points.T, **({"marker": ".", "markersize": 4, "linewidth": 1.3} | style))
    ax.plot(*points[0], marker="o", markersize=7, color=line.get_color(), markerfacecolor="none")
    ax.plot(*points[-1], marker="*", markersize=12, color=line.get_color())
    return ax


def gradient_field(
    gradient: Callable[[Any], Any],
    x: tuple[float, float],
    y: tuple[float, float],
    *,
    ax: Any = None,
    arrows: int = 15,
    **style: Any,
) -> Any:
    """Draw which way a gradient points, at the points of a grid; all arrows have one length.

    Parameters
    ----------
    gradient : callable
        Takes points, (n, 2), and returns their gradients, (n, 2).
    x, y : (float, float)
        From where to where.
    ax : Axes, optional
        Where to draw; the current Axes where not given.
    arrows : int
        How many along each side.
    **style
        For ``Axes.quiver``.

    Returns
    -------
    Axes
        That were drawn on.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from mlmath_rs import plots
    >>> axes = plots.gradient_field(lambda p: 2 * p, (-1, 1), (-1, 1), ax=Figure().subplots())
    >>> len(axes.collections)
    1
    """
    ax = current(ax)
    middles = (np.arange(arrows) + 0.5) / arrows
    X, Y = np.meshgrid(*(low + (high - low) * middles for low, high in (x, y)))
    slopes = np.asarray(gradient(np.column_stack([X.ravel(), Y.ravel()])), float)
    lengths = np.linalg.norm(slopes, axis=1, keepdims=True)
    directions = np.divide(slopes, lengths, out=np.zeros_like(slopes), where=lengths > 0)
    ax.quiver(X.ravel(), Y.ravel(), *directions.T, **({"angles": "xy", "pivot": "mid"} | style))
    return ax


def _arrow(tail: Any, tip: Any) -> Any:
    from matplotlib.patches import FancyArrowPatch

    return FancyArrowPatch(
        tail, tip, arrowstyle="-|>", mutation_scale=14, lw=2, color="#d55e00", shrinkA=0, shrinkB=0
    )
