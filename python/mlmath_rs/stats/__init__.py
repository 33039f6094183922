"""Statistics: what describes a sample, histograms, distributions, and SciPy's `entropy` beside them."""

from mlmath_rs.information import entropy, jensenshannon, kl_divergence, mutual_info_score
from mlmath_rs.stats.descriptive import mean, median, std, var
from mlmath_rs.stats.families import bernoulli, norm
from mlmath_rs.stats.histograms import histogram, histogram_bin_edges

__all__ = [
    "bernoulli",
    "entropy",
    "histogram",
    "histogram_bin_edges",
    "jensenshannon",
    "kl_divergence",
    "mean",
    "median",
    "mutual_info_score",
    "norm",
    "std",
    "var",
]
