"""Minimisation: SciPy's `minimize`, with the loop in Rust and a certificate on the answer."""

import inspect
import warnings
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlmath_rs import _core, _options
from mlmath_rs.optimize.constraints import blocks_of, bounds_of, derivative, with_args
from mlmath_rs.optimize.methods import Method, method_of
from mlmath_rs.optimize.result import Certificate, OptimizeResult

__all__ = ["minimize"]

# The number of each status in the result, and what it means, with the remedy where there is one.
STATUSES = {
    "converged": (0, "Converged: the certificate of a stationary point holds."),
    "iteration limit": (
        1,
        "The iterations allowed are done and the certificate does not hold: allow more with `maxiter`, "
        "or start nearer.",
    ),
    "stalled": (
        2,
        "No step makes the objective smaller, but the certificate does not hold: the objective may have "
        "kinks or noise, or its gradient may be wrong.",
    ),
    "not finite": (3, "The objective, a constraint or a derivative at `x0` is NaN or infinite."),
    "infeasible": (
        4,
        "The constraints contradict each other: no step from here reduces their violation. If they have "
        "a solution, start nearer to it.",
    ),
    "diverged": (
        5,
        "The steps ran away to what is not finite: the learning rate is too large, or the objective has "
        "no minimum.",
    ),
    "deadline": (6, "The deadline has passed."),
    "evaluation limit": (7, "The evaluations allowed are done and the certificate does not hold."),
    "called off": (99, "`callback` raised StopIteration."),
}


# The options that all methods have.
COMMON = ("maxiter", "maxfev", "gtol", "ftol", "disp", "return_all")


def minimize(
    fun: Callable[..., Any],
    x0: ArrayLike,
    args: Any = (),
    method: str | Method | None = None,
    jac: Callable[..., Any] | bool | str | None = None,
    hess: Any = None,
    hessp: Any = None,
    bounds: Any = None,
    constraints: Any = (),
    tol: float | None = None,
    callback: Callable[..., Any] | None = None,
    options: dict[str, Any] | None = None,
    *,
    trace: str = "auto",
    history: bool = False,
    deadline: float | None = None,
    progress: Callable[[float], object] | None = None,
) -> OptimizeResult:
    """Minimize a function of one or more variables, under constraints if there are any.

    Parameters
    ----------
    fun : callable
        ``fun(x, *args)`` is the objective; `x` is an array of n numbers.
    x0 : array_like
        Where to start; any shape, flattened.
    args : tuple, optional
        Further arguments of `fun` and `jac`.
    method : str or method object, optional
        ``"bfgs"``, ``"gradient-descent"`` or, for constraints and bounds, ``"sqp"``; SciPy's
        spelling is accepted. By default what the problem needs.
    jac : callable or bool, optional
        ``jac(x, *args)`` is the gradient; True where `fun` returns value and gradient together.
        Without it `fun` is traced and derived exactly, or differences are taken.
    hess, hessp : optional
        There for SciPy's signature; no method here uses them.
    bounds : sequence of pairs or Bounds, optional
        The least and the most of each variable; None for none. Never left, not even by
        differences; `x0` is moved into them.
    constraints : dict, constraint object, or sequence of them, optional
        SciPy's or ours. A dict has ``type`` (``"eq"``: ``fun(x) = 0``; ``"ineq"``:
        ``fun(x) >= 0``), ``fun``, and optionally ``jac`` and ``args``.
    tol : float, optional
        What the certificate's residuals may be; 1e-8, or 1e-6 where differences are taken.
    callback : callable, optional
        Called after each iteration, with ``intermediate_result=`` if it has a parameter of this
        name, else with `x`. StopIteration ends the run.
    options : dict, optional
        ``maxiter``, ``maxfev``, ``disp``, ``return_all``, ``gtol`` or ``ftol`` (as `tol`), and
        those of the method.
    trace : {"auto", "require", "never"}
        Whether `fun` is traced: its operations recorded in one call, so that the loop runs
        without the interpreter. ``"require"`` makes it an error if that is impossible.
    history : bool, optional
        Keep every iterate, in ``history.x`` and ``history.fun``.
    deadline : float, optional
        Seconds after which the best point so far is returned.
    progress : callable, optional
        Called now and then with the fraction of `maxiter` that is done.

    Returns
    -------
    OptimizeResult
        SciPy's ``x fun jac hess_inv nit nfev njev status success message``, and
        ``certificate`` (of which ``success`` is the verdict), ``route`` (``"traced"`` or
        ``"callback"``) with ``route_reason``, and with constraints ``multipliers`` (in the
        order of the constraints) and ``bound_multipliers``.

    Raises
    ------
    ValueError
        For an unknown method or option, or constraints that the method cannot honour.

    See Also
    --------
    scipy.optimize.minimize : The same, in SciPy.

    Notes
    -----
    Multipliers belong to L = f - sum(multiplier * constraint): for constraints ``fun(x) >= 0``
    they are not negative. BFGS and SQP follow Nocedal and Wright, Numerical Optimization,
    2nd ed., chapters 6 and 18; the quadratic programs are solved by Goldfarb and Idnani's method.

    Examples
    --------
    >>> from mlmath_rs.optimize import minimize
    >>> constraint = {"type": "eq", "fun": lambda x: x[0] + x[1] - 1}
    >>> result = minimize(lambda x: x[0] ** 2 + x[1] ** 2, x0=[0, 0], constraints=constraint)
    >>> result.x, result.multipliers.round(6), result.success
    (array([0.5, 0.5]), array([1.]), True)
    """
    check(fun=fun, trace=trace, progress=progress)
    start = _start(x0)
    blocks = blocks_of(constraints, len(start)) if constraints != () else []
    rest = dict(options) if options else {}
    if hess is not None or hessp is not None:
        warnings.warn(
            "minimize: hess and hessp are not used by any method here", RuntimeWarning, stacklevel=2
        )
    found = method_of(method, bool(blocks) or bounds is not None, rest)
    box = _box(bounds, len(start), found.constrained)
    shown, history = rest.pop("disp", False), rest.pop("return_all", False) or history
    limits = _limits(tol, rest, 100 if found.constrained else 200 * max(len(start), 1))
    if rest:
        known = [*COMMON, *(field.name for field in fields(found))]
        raise ValueError(f"options: expected some of {known}, got {sorted(rest)}")
    gradient = derivative("jac", jac)
    if args != ():
        fun, gradient = with_args(fun, args), with_args(gradient, args) if callable(gradient) else gradient
    result = result_of(
        _core.minimize(
            fun, start, found.name, found.options(), gradient, blocks, box, limits,
            _callback(callback), history, trace, deadline, progress,
        ),
        len(start) if found.constrained else None,
    )  # fmt: skip
    if shown:
        print(result.message)
    return result


def check(*, trace: str, progress: Any, **functions: Any) -> None:
    """Refuse what is no function, or no way to trace one, by its name."""
    _options.one_of("trace", trace, _options.TRACE)
    for name, function in functions.items():
        _options.function(name, function)
    if progress is not None:
        _options.function("progress", progress)


def _start(x0: ArrayLike) -> list[float]:
    if isinstance(x0, list) and all(type(x) is float or type(x) is int for x in x0):
        return x0
    array = np.asarray(x0)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"x0: expected real numbers, got dtype {array.dtype}")
    return array.ravel().astype(np.float64).tolist()


def _box(bounds: Any, size: int, constrained: bool) -> tuple[list[float], list[float]]:
    if bounds is not None:
        return bounds_of(bounds, size)
    return ([-np.inf] * size, [np.inf] * size) if constrained else ([], [])


def _limits(tol: float | None, options: dict[str, Any], default: int) -> tuple[float | None, int, int | None]:
    """Return tolerance, iterations and evaluations allowed, taken out of `options`."""
    for name in ("gtol", "ftol"):
        value = options.pop(name, None)
        tol = value if tol is None else tol
    if tol is not None and not tol >= 0:
        raise ValueError(f"tol: must be >= 0, got {tol}")
    iterations, evaluations = options.pop("maxiter", None), options.pop("maxfev", None)
    for name, value in (("maxiter", iterations), ("maxfev", evaluations)):
        if value is not None and value < 0:
            raise ValueError(f"{name}: must be >= 0, got {value}")
    return tol, default if iterations is None else int(iterations), evaluations


def _callback(callback: Callable[..., Any] | None) -> Callable[..., Any] | None:
    """Return `callback` as a function of the point and its value."""
    if callback is None:
        return None
    try:
        named = "intermediate_result" in inspect.signature(callback).parameters
    except (TypeError, ValueError):
        named = False
    if named:
        return lambda x, fun: callback(intermediate_result=OptimizeResult(x=x, fun=fun))
    return lambda x, fun: callback(x)


def result_of(found: Any, variables: int | None) -> OptimizeResult:
    """Return what the border returned as a result; `variables` is their number if constrained."""
    x, fun, jac, hess_inv, (nit, nfev, njev), status, certificate, multipliers, history, route = found
    number, message = STATUSES[status]
    result = OptimizeResult(
        x=x, fun=fun, jac=jac, nit=nit, nfev=nfev, njev=njev, status=number, success=status == "converged",
        message=message, certificate=Certificate(*certificate), route=route[0], route_reason=route[1],
    )  # fmt: skip
    if hess_inv is not None:
        result["hess_inv"] = hess_inv
    if variables is not None:
        count = len(multipliers) - variables
        result["multipliers"] = np.array(multipliers[:count])
        result["bound_multipliers"] = np.array(multipliers[count:])
    if history is not None:
        result["history"] = OptimizeResult(x=history[0], fun=history[1])
    return result
