"""Plots draw what the functions say, on the Axes they are given, and show nothing themselves."""

import inspect
import re

import numpy as np
import pytest

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")
from matplotlib import pyplot
from matplotlib.figure import Figure

from mlmath_rs import plots

RNG = np.random.default_rng(0)


class Uniform:
    """A distribution as `plots` knows it: on (0, 2)."""

    def pdf(self, x):
        return np.where((x >= 0) & (x <= 2), 0.5, 0.0)

    def pmf(self, k):
        return np.full(np.shape(k), 0.25)

    def cdf(self, x):
        return np.clip(np.asarray(x) / 2, 0, 1)

    def ppf(self, q):
        return 2 * q


@pytest.fixture
def ax():
    return Figure().subplots()


CALLS = {
    "contours": (lambda x, y: x * y, (-1, 1), (-1, 1)),
    "descent_path": ([[0, 0], [1, 1]],),
    "gradient_field": (lambda p: p, (-1, 1), (-1, 1)),
    "histogram": ([1, 2, 2],),
    "matrix": (np.eye(2), ["a", "b"]),
    "mutual_information_matrix": (np.eye(2), ["a", "b"]),
    "plot_cdf": (Uniform(),),
    "plot_pdf": (Uniform(),),
    "plot_pmf": (Uniform(), [0, 1, 2, 3]),
    "plot_samples": ([1, 2, 2], Uniform()),
    "scatter_with_axes": ([[0, 0], [1, 2], [2, 1]],),
}


def test_every_plot_is_called_below():
    assert sorted(CALLS) == plots.__all__


@pytest.mark.parametrize("name", plots.__all__)
def test_a_plot_returns_the_axes_that_it_was_given(name, ax):
    assert getattr(plots, name)(*CALLS[name], ax=ax) is ax
    assert ax.has_data()


@pytest.mark.parametrize("name", plots.__all__)
def test_without_axes_the_current_ones_are_drawn_on(name):
    figure, current = pyplot.subplots()
    try:
        assert getattr(plots, name)(*CALLS[name]) is current
    finally:
        pyplot.close(figure)


def test_no_plot_shows_anything():
    for name in plots.__all__:
        assert not re.search(r"\.show\(", inspect.getsource(getattr(plots, name)))


@pytest.mark.parametrize("name", plots.__all__)
def test_every_plot_has_an_example(name):
    assert ">>>" in inspect.getdoc(getattr(plots, name))


SAMPLES = {
    "normal": RNG.standard_normal(1000),
    "coin": RNG.integers(0, 2, 1000),
    "float32": RNG.random(300, np.float32),
    "constant": np.full(5, 3.0),
    "one": np.array([2.0]),
}


@pytest.mark.parametrize("bins", ["auto", "fd", 10, [0, 1, 2]], ids=str)
@pytest.mark.parametrize("name", SAMPLES)
def test_bars_are_those_of_hist(name, bins, ax):
    counts, edges, _ = Figure().subplots().hist(SAMPLES[name], bins=bins)
    bars = plots.histogram(SAMPLES[name], bins, ax=ax).patches
    assert [bar.get_height() for bar in bars] == counts.tolist()
    np.testing.assert_allclose([bar.get_x() for bar in bars], edges[:-1], rtol=1e-6)


def test_bars_of_a_density_have_area_one(ax):
    bars = plots.histogram(SAMPLES["normal"], 17, ax=ax, density=True).patches
    assert sum(bar.get_height() * bar.get_width() for bar in bars) == pytest.approx(1)


def test_samples_lie_under_their_density(ax):
    plots.plot_samples(SAMPLES["normal"], Uniform(), bins=9, ax=ax)
    assert len(ax.patches) == 9
    assert ax.lines[0].get_ydata().max() == 0.5


def test_a_density_is_drawn_over_the_range_that_is_asked_for(ax):
    x = plots.plot_pdf(Uniform(), ax=ax, range=(-1, 3)).lines[0].get_xdata()
    assert (x[0], x[-1]) == (-1, 3)


def test_axes_of_a_cloud_are_orthogonal_and_as_long_as_its_deviations(ax):
    points = RNG.standard_normal((5000, 2)) * [3, 1] @ [[0.6, 0.8], [-0.8, 0.6]]
    arrows = plots.scatter_with_axes(points, ax=ax, deviations=1).patches
    ends = [np.subtract(*arrow._posA_posB[::-1]) for arrow in arrows]
    assert ends[0] @ ends[1] == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose([np.hypot(*end) for end in ends], [1, 3], rtol=0.05)


@pytest.mark.parametrize("points", [[1, 2], [[1, 2, 3]], [[1, 2]]], ids=str)
def test_a_cloud_needs_two_points_of_the_plane(points, ax):
    with pytest.raises(ValueError, match="points"):
        plots.scatter_with_axes(points, ax=ax)


def test_a_path_begins_and_ends_where_it_should(ax):
    path = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
    line, start, end = plots.descent_path(path, ax=ax).lines
    np.testing.assert_array_equal(line.get_xydata(), path)
    np.testing.assert_array_equal(start.get_xydata(), path[:1])
    np.testing.assert_array_equal(end.get_xydata(), path[-1:])


@pytest.mark.parametrize("points", [[], [[1, 2, 3]]], ids=str)
def test_a_path_lies_in_the_plane(points, ax):
    with pytest.raises(ValueError, match="points"):
        plots.descent_path(points, ax=ax)


def test_arrows_of_a_gradient_have_one_length_and_none_where_it_is_zero(ax):
    arrows = plots.gradient_field(lambda p: 2 * p, (-1, 1), (-1, 1), ax=ax, arrows=3).collections[0]
    lengths = np.hypot(arrows.U, arrows.V)
    np.testing.assert_allclose(lengths, [1, 1, 1, 1, 0, 1, 1, 1, 1])


def test_entries_of_a_table_are_written_in_ink_that_can_be_read(ax):
    plots.matrix([[0, 1], [1, -0.5]], ["a", "b"], ax=ax, cmap="gray")
    assert [text.get_text() for text in ax.texts] == ["0.00", "1.00", "1.00", "\N{MINUS SIGN}0.50"]
    assert [text.get_color() for text in ax.texts] == ["white", "black", "black", "white"]


def test_a_table_must_fit_its_names(ax):
    with pytest.raises(ValueError, match="expected shape"):
        plots.matrix(np.eye(3), ["a", "b"], ax=ax)
