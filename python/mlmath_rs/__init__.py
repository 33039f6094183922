"""The mathematics of machine learning, under the names you know, at the speed of Rust."""

from mlmath_rs import _core, information, linalg, stats, threads
from mlmath_rs.products import dot, matmul, transpose
from mlmath_rs.stats import histogram, histogram_bin_edges, mean, median, std, var

__version__: str = _core.info()["version"]
__all__ = [
    "__version__",
    "dot",
    "histogram",
    "histogram_bin_edges",
    "information",
    "linalg",
    "matmul",
    "mean",
    "median",
    "stats",
    "std",
    "threads",
    "transpose",
    "var",
]
