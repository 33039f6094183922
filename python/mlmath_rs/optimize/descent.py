"""Gradient descent, as courses teach it: the whole loop in one call."""

from collections.abc import Callable
from typing import Any

from numpy.typing import ArrayLike

from mlmath_rs import _core
from mlmath_rs.optimize.constraints import derivative, with_args
from mlmath_rs.optimize.methods import GradientDescent, Momentum
from mlmath_rs.optimize.minimisation import _callback, _start, check, result_of
from mlmath_rs.optimize.result import OptimizeResult

__all__ = ["gradient_descent"]


def gradient_descent(
    f: Callable[..., Any],
    x0: ArrayLike,
    learning_rate: float = 0.01,
    max_iterations: int = 1000,
    tol: float = 1e-6,
    grad: Callable[..., Any] | None = None,
    args: Any = (),
    momentum: float = 0.0,
    *,
    callback: Callable[..., Any] | None = None,
    trace: str = "auto",
    history: bool = False,
    deadline: float | None = None,
    progress: Callable[[float], object] | None = None,
) -> OptimizeResult:
    """Minimize a function by steps of fixed length against its gradient.

    Parameters
    ----------
    f : callable
        ``f(x, *args)`` is the objective; `x` is an array of n numbers.
    x0 : array_like
        Where to start; any shape, flattened.
    learning_rate : float or None, optional
        The step is this times the gradient; None searches for a good length each time.
    max_iterations : int, optional
        Steps at most.
    tol : float, optional
        Stop where no component of the gradient exceeds this. With 0 all steps are taken.
    grad : callable, optional
        ``grad(x, *args)`` is the gradient. Without it `f` is traced and derived exactly, or
        differences are taken.
    args : tuple, optional
        Further arguments of `f` and `grad`.
    momentum : float, optional
        The share of the last step that is carried on, from 0 to below 1.
    callback, trace, history, deadline, progress
        As in `minimize`.

    Returns
    -------
    OptimizeResult
        As of `minimize`. ``success`` means that the gradient is small, never that the steps
        are done; where they run away, ``x`` is the last point that was finite.

    Raises
    ------
    ValueError
        Unless `learning_rate` is positive and finite, and `momentum` from 0 to below 1.

    See Also
    --------
    minimize : Needs no learning rate, and far fewer steps.

    Notes
    -----
    Converges where the learning rate is below 2 over the largest curvature. A. Cauchy, Méthode
    générale pour la résolution des systèmes d'équations simultanées, 1847.

    Examples
    --------
    >>> from mlmath_rs.optimize import gradient_descent
    >>> result = gradient_descent(lambda x: (x[0] - 3) ** 2, [0.0], learning_rate=0.1)
    >>> result.x.round(5), result.success
    (array([3.]), True)
    """
    check(f=f, trace=trace, progress=progress)
    gradient = derivative("grad", grad)
    if args != ():
        f, gradient = with_args(f, args), gradient and with_args(gradient, args)
    if max_iterations < 0:
        raise ValueError(f"max_iterations: must be >= 0, got {max_iterations}")
    if not tol >= 0:
        raise ValueError(f"tol: must be >= 0, got {tol}")
    method = Momentum(momentum, learning_rate) if momentum else GradientDescent(learning_rate)
    return result_of(
        _core.minimize(
            f, _start(x0), method.name, method.options(), gradient, [], ([], []),
            (tol, max_iterations, None), _callback(callback), history, trace, deadline, progress,
        ),
        None,
    )  # fmt: skip
