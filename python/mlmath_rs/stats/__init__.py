"""Statistics: what describes a sample, histograms, and SciPy's `entropy` beside them."""

from mlmath_rs.information import entropy, jensenshannon, kl_divergence, mutual_info_score
from mlmath_rs.stats.descriptive import mean, median, std, var
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
