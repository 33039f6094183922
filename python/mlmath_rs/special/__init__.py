"""Elementary and special functions of each element, under the names of NumPy and SciPy."""

from mlmath_rs.special.elementary import arccos, arcsin, arctan, cos, exp, expm1, log, log1p, sin, sqrt, tan
from mlmath_rs.special.hyperbolic import arccosh, arcsinh, arctanh, cosh, sinh, tanh
from mlmath_rs.special.logistic import softplus
from mlmath_rs.special.normal import erf, erfc, log_ndtr, ndtr, ndtri

__all__ = [
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctanh",
    "cos",
    "cosh",
    "erf",
    "erfc",
    "exp",
    "expm1",
    "log",
    "log1p",
    "log_ndtr",
    "ndtr",
    "ndtri",
    "sin",
    "sinh",
    "softplus",
    "sqrt",
    "tan",
    "tanh",
]
