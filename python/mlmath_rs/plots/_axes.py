"""Where to draw."""

from typing import Any

__all__ = ["current"]


def current(ax: Any) -> Any:
    """Return `ax`, or where there is none matplotlib's current Axes."""
    if ax is not None:
        return ax
    from matplotlib import pyplot

    return pyplot.gca()
