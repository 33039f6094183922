"""Norms of vectors and matrices."""

from mlmath_rs import _core

__all__ = ["matrix_norm", "norm", "vector_norm"]

# The border's own functions: one in Python around them would cost more than the norm of a small
# vector does. Their documentation stands in `rust/python/src/linalg/norms.rs`.
norm = _core.norm
vector_norm = _core.vector_norm
matrix_norm = _core.matrix_norm
norm.__module__ = vector_norm.__module__ = matrix_norm.__module__ = "mlmath_rs.linalg"
