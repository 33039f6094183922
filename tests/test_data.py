"""The penguins are those of the file, as plain arrays, with source and licence beside them."""

from collections import Counter
from importlib import resources

import numpy as np

from mlmath_rs.data import MEASUREMENTS, load_penguins


def test_there_are_344_penguins_of_three_species():
    penguins = load_penguins()
    assert len(penguins) == 344
    assert Counter(penguins.species.tolist()) == {"Adelie": 152, "Gentoo": 124, "Chinstrap": 68}
    assert Counter(penguins.island.tolist()) == {"Biscoe": 168, "Dream": 124, "Torgersen": 52}


def test_what_is_missing_is_nan_or_empty():
    penguins = load_penguins()
    assert np.isnan(penguins.measurements).any(axis=1).sum() == 2
    assert Counter(penguins.sex.tolist()) == {"male": 168, "female": 165, "": 11}


def test_measured_penguins_have_all_four_numbers():
    measured = load_penguins().measured()
    assert measured.measurements.shape == (342, 4)
    assert np.isfinite(measured.measurements).all()
    assert len(measured.sex) == len(measured.year) == len(measured) == 342


def test_measurements_are_in_their_units():
    means = dict(
        zip((name for name, _, _ in MEASUREMENTS), load_penguins().measured().measurements.mean(axis=0))
    )
    assert {name: round(float(mean), 2) for name, mean in means.items()} == {
        "bill_length": 43.92,
        "bill_depth": 17.15,
        "flipper_length": 200.92,
        "body_mass": 4201.75,
    }


def test_source_and_licence_are_stated_beside_the_data():
    text = resources.files("mlmath_rs.data").joinpath("README.md").read_text(encoding="utf-8")
    assert "Gorman" in text
    assert "CC0" in text
