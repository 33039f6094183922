"""The mathematics of machine learning, under the names you know, at the speed of Rust."""

from mlmath_rs import _core, linalg, threads
from mlmath_rs.products import dot, matmul, transpose

__version__: str = _core.info()["version"]
__all__ = ["__version__", "dot", "linalg", "matmul", "threads", "transpose"]
