"""Linear algebra: systems, inverses, determinants, spectra; one matrix or a stack of them."""

from typing import TYPE_CHECKING

import numpy as np

from mlmath_rs import _numpy
from mlmath_rs.errors import LinAlgError, LinAlgWarning
from mlmath_rs.linalg.norms import matrix_norm, norm, vector_norm
from mlmath_rs.linalg.products import trace
from mlmath_rs.linalg.spectra import EighInfo, EighResult, EigResult, eig, eigh
from mlmath_rs.linalg.systems import Info, det, inv, solve

__all__ = [
    "EigResult",
    "EighInfo",
    "EighResult",
    "Info",
    "LinAlgError",
    "LinAlgWarning",
    "det",
    "eig",
    "eigh",
    "inv",
    "matrix_norm",
    "norm",
    "solve",
    "trace",
    "vector_norm",
]

if not TYPE_CHECKING:  # or else every misspelt name would pass a type checker

    def __getattr__(name: str) -> object:
        raise _numpy.no_such_name(__name__, name, np.linalg)
