"""Calculus: expressions under SymPy's names, derivatives, integrals."""

from mlmath_rs.calculus import expressions, functions, printing
from mlmath_rs.calculus.expressions import *  # noqa: F403
from mlmath_rs.calculus.functions import *  # noqa: F403
from mlmath_rs.calculus.printing import *  # noqa: F403

__all__: list[str] = []
__all__ += expressions.__all__
__all__ += functions.__all__
__all__ += printing.__all__
