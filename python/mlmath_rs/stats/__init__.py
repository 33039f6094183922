"""Statistics: what describes a sample, histograms, distributions, and SciPy's `entropy` beside them."""

from mlmath_rs.information import entropy, jensenshannon, kl_divergence, mutual_info_score
from mlmath_rs.stats import families
from mlmath_rs.stats.descriptive import mean, median, std, var
from mlmath_rs.stats.families import *  # noqa: F403 - an explicit list, `families.__all__`
from mlmath_rs.stats.histograms import histogram, histogram_bin_edges

__all__ = [
    "entropy",
    "histogram",
    "histogram_bin_edges",
    "jensenshannon",
    "kl_divergence",
    "mean",
    "median",
    "mutual_info_score",
    "std",
    "var",
]
__all__ += families.__all__
