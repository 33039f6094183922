"""The Palmer penguins: a small real data set, in the public domain, for the tour and for examples.

The file `README.md` beside this one states its source, its authors and its licence.
"""

import csv
from dataclasses import dataclass, fields
from importlib import resources

import numpy as np
from numpy.typing import NDArray

__all__ = ["MEASUREMENTS", "Penguins", "load_penguins"]

# Field, its words, its unit; in the order of the columns of `Penguins.measurements`.
MEASUREMENTS = (
    ("bill_length", "bill length", "mm"),
    ("bill_depth", "bill depth", "mm"),
    ("flipper_length", "flipper length", "mm"),
    ("body_mass", "body mass", "g"),
)


@dataclass(frozen=True)
class Penguins:
    """The penguins, one in each place of every array.

    Parameters
    ----------
    species, island, sex : (n,) ndarray of str
        Names; the sex is ``"male"``, ``"female"`` or, where it is not known, ``""``.
    bill_length, bill_depth, flipper_length : (n,) ndarray of float
        In millimetres; NaN where not measured.
    body_mass : (n,) ndarray of float
        In grams; NaN where not measured.
    year : (n,) ndarray of int
        Of the study: 2007 to 2009.

    Examples
    --------
    >>> from mlmath_rs.data import load_penguins
    >>> load_penguins().measured().measurements[0]
    array([  39.1,   18.7,  181. , 3750. ])
    """

    species: NDArray[np.str_]
    island: NDArray[np.str_]
    bill_length: NDArray[np.float64]
    bill_depth: NDArray[np.float64]
    flipper_length: NDArray[np.float64]
    body_mass: NDArray[np.float64]
    sex: NDArray[np.str_]
    year: NDArray[np.int64]

    def __len__(self) -> int:
        """Return how many penguins there are."""
        return len(self.species)

    @property
    def measurements(self) -> NDArray[np.float64]:
        """The four measurements as columns, in the order of `MEASUREMENTS`: (n, 4)."""
        return np.column_stack([getattr(self, field) for field, _, _ in MEASUREMENTS])

    def where(self, chosen: NDArray[np.bool_]) -> "Penguins":
        """Return those penguins for which `chosen`, (n,), is true."""
        return Penguins(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def measured(self) -> "Penguins":
        """Return those penguins that have all four measurements: 342 of 344."""
        return self.where(np.asarray(np.isfinite(self.measurements).all(axis=1)))


def load_penguins() -> Penguins:
    """Return the Palmer penguins: 344 penguins of three species, measured in Antarctica.

    Returns
    -------
    Penguins
        Plain arrays, with NaN and ``""`` where the file has none.

    Notes
    -----
    K. B. Gorman, T. D. Williams and W. R. Fraser, PLoS ONE 9(3): e90081, 2014; compiled by
    A. M. Horst, A. P. Hill and K. B. Gorman, "palmerpenguins", 2020. CC0.

    Examples
    --------
    >>> from mlmath_rs.data import load_penguins
    >>> penguins = load_penguins()
    >>> len(penguins), str(penguins.species[0]), float(penguins.body_mass[0])
    (344, 'Adelie', 3750.0)
    """
    text = resources.files(__name__).joinpath("penguins.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))

    def words(column: str) -> NDArray[np.str_]:
        return np.array(["" if row[column] == "NA" else row[column] for row in rows])

    def numbers(column: str) -> NDArray[np.float64]:
        return np.array([np.nan if row[column] == "NA" else float(row[column]) for row in rows])

    return Penguins(
        species=words("species"),
        island=words("island"),
        bill_length=numbers("bill_length_mm"),
        bill_depth=numbers("bill_depth_mm"),
        flipper_length=numbers("flipper_length_mm"),
        body_mass=numbers("body_mass_g"),
        sex=words("sex"),
        year=numbers("year").astype(np.int64),
    )
