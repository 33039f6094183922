"""Constraints and bounds: SciPy's objects and dicts, and our own of the same names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlmath_rs import _options

__all__ = ["Bounds", "LinearConstraint", "NonlinearConstraint"]

# What the border takes: a function or a matrix, the Jacobian, the lower and the upper bounds.
Block = tuple[Any, Callable[..., Any] | None, list[float], list[float]]


@dataclass(frozen=True)
class Bounds:
    """Bounds of the variables: ``lb <= x <= ub``.

    Parameters
    ----------
    lb, ub : array_like
        One number for all variables, or one for each; infinite where there is no bound.

    See Also
    --------
    scipy.optimize.Bounds : Accepted wherever this is.

    Examples
    --------
    >>> from mlmath_rs.optimize import Bounds, minimize
    >>> minimize(lambda x: x[0] ** 2, [3.0], bounds=Bounds(1, 5)).x
    array([1.])
    """

    lb: ArrayLike = -np.inf
    ub: ArrayLike = np.inf


@dataclass(frozen=True)
class LinearConstraint:
    """Linear constraints: ``lb <= A @ x <= ub``.

    Parameters
    ----------
    A : (m, n) array_like
        The matrix; a vector is one row.
    lb, ub : array_like
        One number for all rows, or one for each; equal where the constraint is an equality.

    See Also
    --------
    scipy.optimize.LinearConstraint : Accepted wherever this is.

    Examples
    --------
    >>> from mlmath_rs.optimize import LinearConstraint, minimize
    >>> minimize(lambda x: x @ x, [0.0, 0.0], constraints=LinearConstraint([1, 1], 1, 1)).x
    array([0.5, 0.5])
    """

    A: ArrayLike
    lb: ArrayLike = -np.inf
    ub: ArrayLike = np.inf


@dataclass(frozen=True)
class NonlinearConstraint:
    """Constraints on a function: ``lb <= fun(x) <= ub``.

    Parameters
    ----------
    fun : callable
        ``fun(x)`` is a number, or an array of m.
    lb, ub : array_like
        One number for all, or one for each; equal where the constraint is an equality.
    jac : callable, optional
        ``jac(x)`` is the (m, n) Jacobian. Without it `fun` is traced and derived exactly, or
        differences are taken.

    See Also
    --------
    scipy.optimize.NonlinearConstraint : Accepted wherever this is.

    Examples
    --------
    >>> from mlmath_rs.optimize import NonlinearConstraint, minimize
    >>> circle = NonlinearConstraint(lambda x: x[0] ** 2 + x[1] ** 2, 0, 2)
    >>> minimize(lambda x: x[0] + x[1], [0.5, 0.0], constraints=circle).x.round(6)
    array([-1., -1.])
    """

    fun: Callable[..., Any]
    lb: ArrayLike
    ub: ArrayLike
    jac: Callable[..., Any] | str | None = None


def blocks_of(constraints: Any, size: int) -> list[Block]:
    """Return `constraints` as the border takes them."""
    if constraints is None:
        return []
    if isinstance(constraints, dict) or hasattr(constraints, "lb"):
        constraints = (constraints,)
    if isinstance(constraints, str) or not isinstance(constraints, Sequence):
        raise TypeError(f"constraints: expected a dict, a constraint or a sequence, got {constraints!r:.60}")
    return [_block(constraint, size) for constraint in constraints]


def _block(constraint: Any, size: int) -> Block:
    if isinstance(constraint, dict):
        return _of_dict(constraint)
    if hasattr(constraint, "A"):
        matrix = constraint.A.toarray() if hasattr(constraint.A, "toarray") else constraint.A
        matrix = np.atleast_2d(np.asarray(matrix, dtype=np.float64))
        if matrix.ndim != 2 or matrix.shape[1] != size:
            raise ValueError(f"constraints: A: expected {size} columns, got shape {matrix.shape}")
        lower, upper = _interval("constraints", constraint, len(matrix))
        return np.ascontiguousarray(matrix), None, lower, upper
    if hasattr(constraint, "fun") and hasattr(constraint, "lb"):
        lower, upper = _interval("constraints", constraint, None)
        return constraint.fun, derivative("constraints: jac", constraint.jac), lower, upper
    raise TypeError(f"constraints: expected a dict or a constraint, got {constraint!r:.60}")


def _of_dict(constraint: dict[str, Any]) -> Block:
    try:
        kind, function = constraint["type"], constraint["fun"]
    except KeyError as error:
        raise KeyError(f"constraints: a dict needs the key {error}") from None
    if unknown := sorted(set(constraint) - {"type", "fun", "jac", "args"}):
        raise ValueError(f"constraints: a dict has the keys 'type', 'fun', 'jac' and 'args', got {unknown}")
    _options.function("constraints: fun", function)
    upper = {"eq": 0.0, "ineq": np.inf}.get(str(kind).lower())
    if upper is None:
        raise ValueError(
            f"constraints: type: expected 'eq' (fun(x) = 0) or 'ineq' (fun(x) >= 0), got {kind!r}"
        )
    jac, args = derivative("constraints: jac", constraint.get("jac")), constraint.get("args", ())
    return with_args(function, args), jac and with_args(jac, args), [0.0], [upper]


def with_args(function: Callable[..., Any], args: Any) -> Callable[..., Any]:
    """Return `function` of its first argument alone, the others being `args`."""
    if not isinstance(args, tuple):
        args = (args,)
    return (lambda x: function(x, *args)) if args else function


def derivative(argument: str, jac: Any) -> Any:
    """Return `jac` where it is a function or True; SciPy's names of differences ask for none."""
    if jac is None or jac is False or isinstance(jac, str):
        return None
    if jac is not True:
        _options.function(argument, jac)
    return jac


def bounds_of(bounds: Any, size: int) -> tuple[list[float], list[float]]:
    """Return the bounds of `size` variables, from SciPy's pairs or from an object."""
    if hasattr(bounds, "lb"):
        return _interval("bounds", bounds, size)
    pairs = [(-np.inf if low is None else low, np.inf if high is None else high) for low, high in bounds]
    if len(pairs) != size:
        raise ValueError(f"bounds: expected {size} pairs, as many as `x0` has elements, got {len(pairs)}")
    lower, upper = zip(*pairs) if pairs else ((), ())
    return _ordered("bounds", np.asarray(lower, np.float64), np.asarray(upper, np.float64))


def _interval(argument: str, of: Any, size: int | None) -> tuple[list[float], list[float]]:
    lower, upper = (np.atleast_1d(np.asarray(bound, np.float64)) for bound in (of.lb, of.ub))
    try:
        shape = np.broadcast_shapes(lower.shape, upper.shape, () if size is None else (size,))
        if size is not None and shape != (size,):
            raise ValueError(shape)
        lower, upper = np.broadcast_to(lower, shape), np.broadcast_to(upper, shape)
    except ValueError:
        expected = "lb and ub of one length" if size is None else f"lb and ub of {size} elements or of one"
        raise ValueError(f"{argument}: expected {expected}, got {lower.shape} and {upper.shape}") from None
    return _ordered(argument, lower, upper)


def _ordered(argument: str, lower: np.ndarray, upper: np.ndarray) -> tuple[list[float], list[float]]:
    if not np.all(lower <= upper):
        raise ValueError(f"{argument}: expected lower bounds <= upper bounds, got {lower} and {upper}")
    return lower.ravel().tolist(), upper.ravel().tolist()
