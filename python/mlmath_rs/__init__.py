"""The mathematics of machine learning, under the names you know, at the speed of Rust."""

from typing import TYPE_CHECKING

import numpy

from mlmath_rs._numpy import *  # noqa: F403 - an explicit list, `_numpy.__all__`
from mlmath_rs._standing_in import *  # noqa: F403

# isort: split
# Ours come last, and so win where NumPy has the name too.
from mlmath_rs import (
    _core,
    _numpy,
    _standing_in,
    calculus,
    information,
    linalg,
    optimize,
    probability,
    random,
    special,
    stats,
    threads,
)
from mlmath_rs.contractions import einsum, tensordot
from mlmath_rs.products import dot, matmul, matvec, trace, transpose, vecmat
from mlmath_rs.special import (
    arccos,
    arccosh,
    arcsin,
    arcsinh,
    arctan,
    arctanh,
    cos,
    cosh,
    exp,
    expm1,
    log,
    log1p,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)
from mlmath_rs.stats import histogram, histogram_bin_edges, mean, median, std, var
from mlmath_rs.vector_products import cross, inner, kron, outer, vdot, vecdot

__version__: str = _core.info()["version"]
__all__ = [
    "__version__",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctanh",
    "calculus",
    "cos",
    "cosh",
    "cross",
    "dot",
    "einsum",
    "exp",
    "expm1",
    "histogram",
    "histogram_bin_edges",
    "information",
    "inner",
    "kron",
    "linalg",
    "log",
    "log1p",
    "matmul",
    "matvec",
    "mean",
    "median",
    "optimize",
    "outer",
    "probability",
    "random",
    "sin",
    "sinh",
    "special",
    "sqrt",
    "stats",
    "std",
    "tan",
    "tanh",
    "tensordot",
    "threads",
    "trace",
    "transpose",
    "var",
    "vdot",
    "vecdot",
    "vecmat",
]
__all__ += _numpy.__all__
__all__ += _standing_in.__all__

if not TYPE_CHECKING:  # or else every misspelt name would pass a type checker

    def __getattr__(name: str) -> object:
        raise _numpy.no_such_name(__name__, name, numpy)
