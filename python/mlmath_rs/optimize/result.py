"""What an optimiser returns: SciPy's `OptimizeResult`, and the certificate beside it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Certificate", "OptimizeResult"]


@dataclass(frozen=True, slots=True)
class Certificate:
    """How nearly a point meets the Karush–Kuhn–Tucker conditions of a minimum.

    With L = f - sum(multiplier * constraint), each residual is relative to the size of what it
    is the difference of, or to 1 where that is smaller.

    Parameters
    ----------
    holds : bool
        Whether all residuals are within `tolerance`; ``success`` is this.
    stationarity : float
        The largest component of the gradient of L.
    feasibility : float
        The largest violation of a constraint or bound.
    complementarity : float
        The largest product of a multiplier and the distance of its constraint from its bound.
    wrong_sign : float
        The largest multiplier that pushes the wrong way.
    tolerance : float
        What each residual may be.
    at_noise_level : bool
        The rounding of the objective hides all that could still be gained; then
        `stationarity` may exceed the tolerance.

    Examples
    --------
    >>> from mlmath_rs.optimize import minimize
    >>> minimize(lambda x: (x[0] - 1) ** 2, [0.0]).certificate.holds
    True
    """

    holds: bool
    stationarity: float
    feasibility: float
    complementarity: float
    wrong_sign: float
    tolerance: float
    at_noise_level: bool


class OptimizeResult(dict[str, Any]):
    """The result of an optimiser: a dict whose keys are attributes too, as SciPy's.

    Examples
    --------
    >>> from mlmath_rs.optimize import OptimizeResult
    >>> result = OptimizeResult(x=1.5, success=True)
    >>> result.x, result["success"]
    (1.5, True)
    >>> print(result)
     success: True
           x: 1.5
    """

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    __setattr__ = dict.__setitem__
    __delattr__ = dict.__delitem__

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self]

    def __repr__(self) -> str:
        first = [key for key in ("message", "success", "status", "fun", "x", "nit") if key in self]
        keys = first + [key for key in self if key not in first]
        width = max(map(len, keys), default=0) + 1
        styles: Any = {"float_kind": _number}
        with np.printoptions(linewidth=76, edgeitems=2, threshold=12, formatter=styles):
            return "\n".join(f"{key:>{width}}: {_indented(self[key], width + 2)}" for key in keys)


def _number(value: float) -> str:
    return f"{value: 10.3e}" if np.isfinite(value) else f"{value: 10}"


def _indented(value: Any, width: int) -> str:
    return str(value).replace("\n", "\n" + " " * width)
