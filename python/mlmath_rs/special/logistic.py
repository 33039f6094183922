"""Functions about the logistic curve."""

from typing import Any

from numpy.typing import ArrayLike, NDArray

from mlmath_rs import _core

__all__ = ["softplus"]


def softplus(x: ArrayLike, out: NDArray | None = None, *, threads: int | None = None) -> Any:
    """Return log(1 + exp(x)) of each number: the smooth form of ``maximum(x, 0)``.

    Parameters
    ----------
    x : array_like
        Numbers of any size: nothing overflows.
    out : ndarray, optional
        Where to put the result; of the shape of `x`. May be `x` itself.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    scalar or ndarray
        Of the shape of `x`; float32 stays float32, integers become float64.

    Raises
    ------
    TypeError
        If `x` holds no numbers.
    ValueError
        If `out` has another shape.

    See Also
    --------
    numpy.logaddexp : ``logaddexp(0, x)`` is the same.

    Notes
    -----
    Within two units in the last place.

    Examples
    --------
    >>> from mlmath_rs import special
    >>> special.softplus([0.0, 2.0])
    array([0.69314718, 2.12692801])
    """
    return _core.softplus(x, out, threads)
