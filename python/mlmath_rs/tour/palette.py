"""Colours and marks that colour-blind readers can tell apart, on light and on dark pages."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from mlmath_rs.data import Penguins

__all__ = ["ACCENT", "CYCLE", "INK", "each_species"]

# What the page replaces by its own text colour: figures are dark on light and light on dark.
INK = "#010203"

# After M. Okabe and K. Ito, "Color universal design", 2008; a little lighter or darker, so that
# each has contrast on white and on near black.
CYCLE = ("#1f83c4", "#e08a00", "#b867a0", "#0a9a73", "#d55e00", "#56a5d8")
ACCENT = CYCLE[4]

SPECIES = {
    "Adelie": {"color": CYCLE[1], "marker": "o"},
    "Chinstrap": {"color": CYCLE[2], "marker": "^"},
    "Gentoo": {"color": CYCLE[0], "marker": "s"},
}


def each_species(penguins: Penguins) -> Iterator[tuple[str, np.ndarray, dict[str, Any]]]:
    """Yield each species' name, which penguins are of it, and how matplotlib shall show them."""
    for name, style in SPECIES.items():
        yield name, penguins.species == name, style
