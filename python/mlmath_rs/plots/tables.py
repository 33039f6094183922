"""Square tables as colours: correlations, mutual information."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlmath_rs.plots._axes import current

__all__ = [
    "matrix",
    "mutual_information_matrix",
]


def matrix(
    values: ArrayLike,
    names: Sequence[str],
    *,
    ax: Any = None,
    cmap: str = "cividis",
    limits: tuple[float, float] | None = None,
    label: str = "",
    **style: Any,
) -> Any:
    """Draw a square table as colours, with each entry written in its cell.

    Parameters
    ----------
    values : (n, n) array_like
        The entries.
    names : sequence of str
        Of the rows, and of the columns.
    ax : Axes, optional
        Where to draw; the current Axes where not given.
    cmap : str
        matplotlib's name of a colour map.
    limits : (float, float), optional
        Of the colour map; the extremes of `values` where not given.
    label : str
        Beside the colour bar: what the entries are, and their unit.
    **style
        For ``Axes.imshow``.

    Returns
    -------
    Axes
        That were drawn on.

    Raises
    ------
    ValueError
        If `values` is not square or does not fit the names.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from mlmath_rs import plots
    >>> axes = plots.matrix([[1, 0.5], [0.5, 1]], ["a", "b"], ax=Figure().subplots())
    >>> [text.get_text() for text in axes.texts]
    ['1.00', '0.50', '0.50', '1.00']
    """
    table = np.asarray(values, float)
    if table.shape != (len(names), len(names)):
        raise ValueError(
            f"values: expected shape {(len(names),) * 2}, one row a name, got shape {table.shape}"
        )
    ax = current(ax)
    low, high = (None, None) if limits is None else limits
    image = ax.imshow(table, cmap=cmap, vmin=low, vmax=high, **style)
    for (row, column), value in np.ndenumerate(table):
        red, green, blue, _ = image.cmap(image.norm(value))
        ink = "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "white"
        ax.text(
            column,
            row,
            f"{value:.2f}".replace("-", "\N{MINUS SIGN}"),
            ha="center",
            va="center",
            color=ink,
            fontsize="small",
        )
    ax.set_xticks(range(len(names)), names, rotation=35, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(names)), names)
    ax.grid(visible=False)
    ax.figure.colorbar(image, ax=ax, label=label, fraction=0.046, pad=0.03)
    return ax


def mutual_information_matrix(
    values: ArrayLike, names: Sequence[str], *, ax: Any = None, **style: Any
) -> Any:
    """Draw the mutual information of every pair of variables.

    Parameters
    ----------
    values : (n, n) array_like
        Mutual information in bits; each variable's entropy on the diagonal.
    names : sequence of str
        Of the variables.
    ax : Axes, optional
        Where to draw; the current Axes where not given.
    **style
        As for :func:`matrix`.

    Returns
    -------
    Axes
        That were drawn on.

    Raises
    ------
    ValueError
        If `values` is not square or does not fit the names.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from mlmath_rs import plots
    >>> axes = plots.mutual_information_matrix([[1, 0], [0, 1]], ["x", "y"], ax=Figure().subplots())
    >>> axes.get_xticklabels()[1].get_text()
    'y'
    """
    return matrix(values, names, ax=ax, **({"label": "mutual information (bits)"} | style))
