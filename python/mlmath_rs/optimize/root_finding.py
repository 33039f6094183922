"""Roots of functions of one variable: SciPy's `newton`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mlmath_rs import _core, _options
from mlmath_rs.optimize.constraints import with_args

__all__ = ["RootResults", "newton"]


@dataclass(frozen=True)
class RootResults:
    """What a search for a root found.

    Parameters
    ----------
    root : float
        The last point.
    iterations : int
        Steps taken.
    function_calls : int
        Points at which the function was asked for.
    converged : bool
        Whether `root` is one.
    flag : str
        Why the search ended: ``"converged"``, ``"iteration limit"``, ``"zero slope"``,
        ``"not finite"``, ``"deadline"``.
    method : str
        ``"newton"``, ``"halley"`` or ``"secant"``.
    multiplicity : int
        The estimated multiplicity: 1 for a simple root.
    route : str
        ``"traced"`` for exact derivatives of the traced function, else ``"callback"``.
    route_reason : str or None
        Why the function could not be traced.

    Examples
    --------
    >>> from mlmath_rs.optimize import newton
    >>> root, result = newton(lambda x: x**2 - 4, 1.0, full_output=True)
    >>> result.converged, result.multiplicity
    (True, 1)
    """

    root: float
    iterations: int
    function_calls: int
    converged: bool
    flag: str
    method: str
    multiplicity: int
    route: str
    route_reason: str | None = None


class _Roots(NamedTuple):
    """The result for an array of starts, as SciPy's."""

    root: Any
    converged: Any
    zero_der: Any


MESSAGES = {
    "iteration limit": "Failed to converge after {} iterations, value is {}: there may be no root near `x0`, "
    "or more iterations are needed (`maxiter`)",
    "zero slope": "Derivative was zero. Failed to converge after {} iterations, value is {}: where the slope "
    "vanishes and the function does not, Newton's step is not defined; start elsewhere",
    "not finite": "Failed to converge after {} iterations, value is {}: the function or its derivative "
    "is NaN or infinite there",
    "deadline": "The deadline has passed after {} iterations, value is {}",
}


def newton(
    func: Callable[..., Any],
    x0: ArrayLike,
    fprime: Callable[..., Any] | None = None,
    args: Any = (),
    tol: float = 1.48e-8,
    maxiter: int = 50,
    fprime2: Callable[..., Any] | None = None,
    x1: float | None = None,
    rtol: float = 0.0,
    full_output: bool = False,
    disp: bool = True,
    *,
    method: str | None = None,
    trace: str = "auto",
    deadline: float | None = None,
) -> Any:
    """Find a root of a function near a starting point, by Newton's, Halley's or the secant method.

    Parameters
    ----------
    func : callable
        ``func(x, *args)`` is a number.
    x0 : float or array_like
        Where to start. From each element of an array a root is looked for.
    fprime : callable, optional
        The derivative. Without it `func` is traced and derived exactly; where that is
        impossible the secant method is used.
    args : tuple, optional
        Further arguments of the functions; with an array `x0`, arrays of its shape are taken
        apart with it.
    tol : float, optional
        A step that is at most ``tol + rtol * abs(x)`` ends the search, if the residual agrees.
    maxiter : int, optional
        Steps at most.
    fprime2 : callable, optional
        The second derivative; with it Halley's method is used.
    x1 : float, optional
        The second point of the secant method.
    rtol : float, optional
        See `tol`.
    full_output : bool, optional
        Return a `RootResults` as well; for an array `x0`, ``(root, converged, zero_der)``.
    disp : bool, optional
        Raise if no root was found.
    method : {"newton", "secant"}, optional
        ``"secant"`` asks for the secant method where Newton's could be used.
    trace : {"auto", "require", "never"}
        Whether `func` is traced; ``"require"`` makes it an error if that is impossible.
    deadline : float, optional
        Seconds after which the search ends.

    Returns
    -------
    float or ndarray
        The root, or a root for each element of `x0`.
    RootResults
        Only with `full_output`.

    Raises
    ------
    ValueError
        If `tol` or `maxiter` is not positive.
    RuntimeError
        If no root was found and `disp` is True.

    See Also
    --------
    scipy.optimize.newton : The same, in SciPy.

    Notes
    -----
    At a root of multiplicity m, Newton's steps shrink in the ratio 1 - 1/m, which tells m. From
    there Schröder's step, m times Newton's, is taken; a double root of a traced function is
    found to the last digit as the simple root of its derivative. E. Schröder, Über unendlich
    viele Algorithmen zur Auflösung der Gleichungen, Mathematische Annalen 2, 1870.

    Examples
    --------
    >>> from mlmath_rs.optimize import newton
    >>> newton(lambda x: x**3 - 1, 1.5)
    1.0
    >>> root, result = newton(lambda x: x**2 + 2 * x + 1, 0, full_output=True)
    >>> root, result.multiplicity
    (-1.0, 2)
    """
    if not tol > 0:
        raise ValueError(f"tol too small ({tol:g} <= 0)")
    if maxiter < 1:
        raise ValueError("maxiter must be greater than 0")
    if method not in {None, "newton", "secant"}:
        raise ValueError(f"method: expected 'newton' or 'secant', got {method!r}")
    _options.one_of("trace", trace, _options.TRACE)
    for name, function in (("func", func), ("fprime", fprime), ("fprime2", fprime2)):
        if function is not None or name == "func":
            _options.function(name, function)
    starts = np.asarray(x0)
    if starts.dtype.kind not in "biuf":
        raise TypeError(f"x0: expected real numbers, got dtype {starts.dtype}")
    derivatives = (None, None) if method == "secant" else (fprime, fprime2)
    route = "never" if method == "secant" else trace
    rule = (x1, tol, rtol, maxiter, route, deadline)
    if starts.ndim:
        return _from_each(func, starts, derivatives, args, rule, full_output, disp)
    functions = [None if f is None else with_args(f, args) for f in (func, *derivatives)]
    found, (name, route, reason) = _core.newton(
        functions[0], [float(starts)], functions[1], functions[2], *rule
    )
    root, iterations, calls, multiplicity, flag = found[0]
    if flag != "converged" and disp:
        raise RuntimeError(MESSAGES[flag].format(iterations, root))
    if not full_output:
        return root
    converged = flag == "converged"
    return root, RootResults(root, iterations, calls, converged, flag, name, multiplicity, route, reason)


def _from_each(
    func: Callable[..., Any],
    starts: np.ndarray,
    derivatives: tuple[Any, Any],
    args: Any,
    rule: tuple[Any, ...],
    full_output: bool,
    disp: bool,
) -> Any:
    """Look for a root from each element of `starts`."""
    args = args if isinstance(args, tuple) else (args,)
    split = [np.shape(value) == starts.shape for value in args]
    points, rows = starts.ravel().astype(np.float64).tolist(), []
    if any(split):
        # What each element is computed with differs, so each is a search of its own.
        for index, point in enumerate(points):
            own = tuple(np.ravel(value)[index] if part else value for value, part in zip(args, split))
            functions = [None if f is None else with_args(f, own) for f in (func, *derivatives)]
            rows += _core.newton(functions[0], [point], functions[1], functions[2], *rule)[0]
    else:
        functions = [None if f is None else with_args(f, args) for f in (func, *derivatives)]
        rows = _core.newton(functions[0], points, functions[1], functions[2], *rule)[0]
    root, converged, zero = (
        np.array(values).reshape(starts.shape)
        for values in (
            [row[0] for row in rows],
            [row[4] == "converged" for row in rows],
            [row[4] == "zero slope" for row in rows],
        )
    )
    if disp and rows and not converged.all():
        worst = next(row for row in rows if row[4] != "converged")
        raise RuntimeError(
            f"{np.count_nonzero(~converged)} of {converged.size} searches: "
            + MESSAGES[worst[4]].format(worst[1], worst[0])
        )
    return _Roots(root, converged, zero) if full_output else root
