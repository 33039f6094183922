"""The methods of `minimize`, each with its options."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar

__all__ = ["BFGS", "SQP", "GradientDescent", "Momentum"]


@dataclass(frozen=True)
class Method:
    """A method with its options; what all methods have in common is no option of any."""

    name: ClassVar[str]
    # Whether it honours constraints and bounds.
    constrained: ClassVar[bool] = False

    def options(self) -> list[tuple[str, float]]:
        """Return the options that are set, as the kernels take them."""
        pairs = ((field.name, getattr(self, field.name)) for field in fields(self))
        return [(name, float(value)) for name, value in pairs if value is not None]


@dataclass(frozen=True)
class BFGS(Method):
    """BFGS with a line search by Wolfe's conditions: for smooth functions without constraints.

    Parameters
    ----------
    learning_rate : float, optional
        The length of all steps, in place of the line search.

    Examples
    --------
    >>> from mlmath_rs.optimize import BFGS, minimize, rosen
    >>> minimize(rosen, [-1.2, 1.0], method=BFGS()).x.round(6)
    array([1., 1.])
    """

    name: ClassVar[str] = "bfgs"
    learning_rate: float | None = None


@dataclass(frozen=True)
class GradientDescent(Method):
    """Steepest descent, with fixed steps or with steps by Armijo's rule.

    Parameters
    ----------
    learning_rate : float, optional
        The length of all steps, as a multiple of the gradient. Without it Armijo's rule finds a
        length for each.

    Examples
    --------
    >>> from mlmath_rs.optimize import GradientDescent, minimize
    >>> minimize(lambda x: x[0] ** 2, [3.0], method=GradientDescent(learning_rate=0.5)).nit
    1
    """

    name: ClassVar[str] = "gradient-descent"
    learning_rate: float | None = None


@dataclass(frozen=True)
class Momentum(Method):
    """Gradient descent with momentum: gradients of the past are carried on (Polyak's heavy ball).

    Parameters
    ----------
    momentum : float, optional
        The share of the velocity that each step keeps, from 0 to below 1; 0.9 where it is not set.
    learning_rate : float, optional
        The length of all steps, as a multiple of the velocity; 0.01 where it is not set.

    Raises
    ------
    ValueError
        Unless `momentum` is from 0 to below 1.

    Examples
    --------
    >>> from mlmath_rs.optimize import Momentum, minimize
    >>> minimize(lambda x: x[0] ** 2, [3.0], method=Momentum(), options={"maxiter": 1000}).success
    True
    """

    name: ClassVar[str] = "momentum"
    momentum: float | None = None
    learning_rate: float | None = None

    def __post_init__(self) -> None:
        if self.momentum is not None and not 0 <= self.momentum < 1:
            raise ValueError(f"momentum: must be >= 0 and < 1, got {self.momentum}")


@dataclass(frozen=True)
class SQP(Method):
    """Sequential quadratic programming: for smooth functions with constraints and bounds.

    Examples
    --------
    >>> from mlmath_rs.optimize import SQP, minimize
    >>> minimize(lambda x: x[0] ** 2, [3.0], bounds=[(1, 5)], method=SQP()).x
    array([1.])
    """

    name: ClassVar[str] = "sqp"
    constrained: ClassVar[bool] = True


METHODS: dict[str, type[Method]] = {kind.name: kind for kind in (BFGS, GradientDescent, Momentum, SQP)}
# SciPy's name of the same algorithm.
METHODS["slsqp"] = SQP


def method_of(method: Any, constrained: bool, options: dict[str, Any]) -> Method:
    """Return the method of this name with its share of `options`, which are taken out."""
    if method is None:
        method = "sqp" if constrained else "bfgs"
    if isinstance(method, Method):
        found = method
    else:
        kind = METHODS.get(str(method).lower().replace("_", "-"))
        if kind is None:
            raise ValueError(f"method: expected one of {sorted(METHODS)}, got {method!r}")
        known = [field.name for field in fields(kind)]
        found = kind(**{name: options.pop(name) for name in known if name in options})
    if constrained and not found.constrained:
        able = sorted(name for name, kind in METHODS.items() if kind.constrained)
        raise ValueError(f"method: {found.name} takes no constraints and no bounds; expected one of {able}")
    return found
