"""Pictures of distributions, samples, functions and tables. They need the extra ``[plot]``.

Each function draws on the matplotlib Axes that it is given, or on the current ones, returns
them, and never calls ``show()``. Further keywords go to the matplotlib call that draws.

Examples
--------
>>> from matplotlib.figure import Figure
>>> from mlmath_rs import plots
>>> axes = plots.histogram([1, 2, 2, 3], bins=2, ax=Figure().subplots())
>>> [int(bar.get_height()) for bar in axes.patches]
[1, 3]
"""

from mlmath_rs.plots.distributions import histogram, plot_cdf, plot_pdf, plot_pmf, plot_samples
from mlmath_rs.plots.plane import contours, descent_path, gradient_field, scatter_with_axes
from mlmath_rs.plots.tables import matrix, mutual_information_matrix

__all__ = [
    "contours",
    "descent_path",
    "gradient_field",
    "histogram",
    "matrix",
    "mutual_information_matrix",
    "plot_cdf",
    "plot_pdf",
    "plot_pmf",
    "plot_samples",
    "scatter_with_axes",
]
