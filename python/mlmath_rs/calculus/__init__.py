"""Calculus: expressions under SymPy's names, compiled functions, and the derivatives of both."""

from mlmath_rs.calculus import (
    derivatives,
    expressions,
    functions,
    integrals,
    matrix,
    printing,
    programs,
    symbolic,
)
from mlmath_rs.calculus.derivatives import *  # noqa: F403
from mlmath_rs.calculus.expressions import *  # noqa: F403
from mlmath_rs.calculus.functions import *  # noqa: F403
from mlmath_rs.calculus.integrals import *  # noqa: F403
from mlmath_rs.calculus.matrix import *  # noqa: F403
from mlmath_rs.calculus.printing import *  # noqa: F403
from mlmath_rs.calculus.programs import *  # noqa: F403
from mlmath_rs.calculus.symbolic import *  # noqa: F403

__all__: list[str] = []
__all__ += derivatives.__all__
__all__ += expressions.__all__
__all__ += functions.__all__
__all__ += integrals.__all__
__all__ += matrix.__all__
__all__ += printing.__all__
__all__ += programs.__all__
__all__ += symbolic.__all__
