"""Optimisation and roots: the loop runs in Rust, and every answer comes with a certificate."""

from mlmath_rs.optimize.constraints import Bounds, LinearConstraint, NonlinearConstraint
from mlmath_rs.optimize.descent import gradient_descent
from mlmath_rs.optimize.functions import rosen, rosen_der, rosen_hess, rosen_hess_prod
from mlmath_rs.optimize.methods import BFGS, SQP, GradientDescent, Momentum
from mlmath_rs.optimize.minimisation import minimize
from mlmath_rs.optimize.result import Certificate, OptimizeResult
from mlmath_rs.optimize.root_finding import RootResults, newton

__all__ = [
    "BFGS",
    "SQP",
    "Bounds",
    "Certificate",
    "GradientDescent",
    "LinearConstraint",
    "Momentum",
    "NonlinearConstraint",
    "OptimizeResult",
    "RootResults",
    "gradient_descent",
    "minimize",
    "newton",
    "rosen",
    "rosen_der",
    "rosen_hess",
    "rosen_hess_prod",
]
