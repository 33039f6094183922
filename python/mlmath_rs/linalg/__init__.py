"""Linear algebra: systems, inverses, determinants, eigenvalues, singular values; matrices or stacks."""

from typing import TYPE_CHECKING

import numpy as np

from mlmath_rs import _numpy
from mlmath_rs._numpy import matrix_transpose
from mlmath_rs.contractions import tensordot
from mlmath_rs.errors import LinAlgError, LinAlgWarning
from mlmath_rs.linalg.diagnosis import MatrixReport, report
from mlmath_rs.linalg.factors import QRResult, SlogdetResult, cholesky, lu, lu_factor, qr, slogdet
from mlmath_rs.linalg.functions import expm, logm, sqrtm
from mlmath_rs.linalg.iterations import PowerIterationResult, jacobi_eigen, power_iteration
from mlmath_rs.linalg.least_squares import LstsqResult, lstsq
from mlmath_rs.linalg.norms import matrix_norm, norm, vector_norm
from mlmath_rs.linalg.pca import PCA
from mlmath_rs.linalg.products import cross, matrix_power, multi_dot, outer, trace, transpose_copy
from mlmath_rs.linalg.schur_form import schur
from mlmath_rs.linalg.singular import SVDResult, svd, svdvals
from mlmath_rs.linalg.spectra import (
    EighResult,
    EigInfo,
    EigResult,
    SpectralInfo,
    eig,
    eigh,
    eigvals,
    eigvalsh,
)
from mlmath_rs.linalg.subspaces import (
    PolarResult,
    cond,
    matrix_rank,
    null_space,
    orth,
    pinv,
    polar,
    rcond,
)
from mlmath_rs.linalg.systems import Info, det, inv, solve
from mlmath_rs.linalg.triangles import cho_solve, lu_solve, solve_triangular
from mlmath_rs.linalg.vectors import (
    angle,
    axpy,
    cosine_similarity,
    gram_schmidt,
    normalize,
    project,
    scale,
)
from mlmath_rs.products import matmul
from mlmath_rs.vector_products import vecdot

__all__ = [
    "PCA",
    "EigInfo",
    "EigResult",
    "EighResult",
    "Info",
    "LinAlgError",
    "LinAlgWarning",
    "LstsqResult",
    "MatrixReport",
    "PolarResult",
    "PowerIterationResult",
    "QRResult",
    "SVDResult",
    "SlogdetResult",
    "SpectralInfo",
    "angle",
    "axpy",
    "cho_solve",
    "cholesky",
    "cond",
    "cosine_similarity",
    "cross",
    "det",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "expm",
    "gram_schmidt",
    "inv",
    "jacobi_eigen",
    "logm",
    "lstsq",
    "lu",
    "lu_factor",
    "lu_solve",
    "matmul",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "matrix_transpose",
    "multi_dot",
    "norm",
    "normalize",
    "null_space",
    "orth",
    "outer",
    "pinv",
    "polar",
    "power_iteration",
    "project",
    "qr",
    "rcond",
    "report",
    "scale",
    "schur",
    "slogdet",
    "solve",
    "solve_triangular",
    "sqrtm",
    "svd",
    "svdvals",
    "tensordot",
    "trace",
    "transpose_copy",
    "vecdot",
    "vector_norm",
]

if not TYPE_CHECKING:  # or else every misspelt name would pass a type checker

    def __getattr__(name: str) -> object:
        raise _numpy.no_such_name(__name__, name, np.linalg)
