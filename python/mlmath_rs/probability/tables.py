"""Tables of probabilities: joint, marginal and conditional ones, and Bayes' theorem.

Numbers that should be probabilities are checked, never silently renormalised: a sum that is not 1
(within 1e-6) is most often a mistake in the input.
"""

import warnings
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple
from numpy.typing import ArrayLike, NDArray

from mlmath_rs import _array, _core

__all__ = [
    "bayes",
    "bayes_update",
    "conditional_probability",
    "joint_probability",
    "law_of_total_probability",
    "marginal",
]


def joint_probability(p_a: ArrayLike, p_b_given_a: ArrayLike) -> Any:
    """Return the joint probability P(A, B) = P(A) P(B | A).

    Parameters
    ----------
    p_a : array_like
        A number: the probability of an event. A vector (n,): the distribution of A.
    p_b_given_a : array_like
        For an event A: the probability of an event B (or of several) given A. For a distribution:
        its table (n, m), a row for each case of A; or (m,), where B does not depend on A.

    Returns
    -------
    scalar or ndarray
        The probability of both events, or the table (n, m), which sums to 1.

    Raises
    ------
    ValueError
        If an argument does not hold probabilities, a distribution does not sum to 1, or the
        shapes do not fit.

    Examples
    --------
    >>> from mlmath_rs.probability import joint_probability
    >>> joint_probability(0.5, 0.4)
    np.float64(0.2)
    >>> joint_probability([0.25, 0.75], [[0.5, 0.5], [0, 1]])
    array([[0.125, 0.125],
           [0.   , 0.75 ]])
    """
    p, q = _numbers("p_a", p_a), _numbers("p_b_given_a", p_b_given_a)
    if p.ndim == 0:
        return _core.joint_table(p.reshape(1), q.reshape(1, -1), True).reshape(q.shape)[()]
    if p.ndim != 1:
        raise ValueError(f"p_a: expected a number or a vector, got shape {p.shape}")
    if q.ndim == 1:
        q = np.broadcast_to(q, (p.size, q.size))
    if q.ndim != 2 or q.shape[0] != p.size:
        raise ValueError(f"p_b_given_a: expected {p.size} rows, one for each case of A, got shape {q.shape}")
    return _core.joint_table(p, q, False)


def marginal(joint: ArrayLike, axis: int | tuple[int, ...] = 0) -> NDArray[np.float64]:
    """Return the distribution of some variables of a joint table: the others are summed over.

    Parameters
    ----------
    joint : array_like
        A table of probabilities, an axis for each variable.
    axis : int or tuple of int
        The axes that *stay*.

    Returns
    -------
    ndarray
        The table of the variables of `axis`, in that order; it sums to 1.

    Raises
    ------
    ValueError
        If `joint` does not hold probabilities that sum to 1.
    numpy.exceptions.AxisError
        If an axis does not exist.

    Examples
    --------
    >>> from mlmath_rs.probability import marginal
    >>> marginal([[0.3, 0.1], [0.2, 0.4]], axis=0)
    array([0.4, 0.6])
    """
    table = _numbers("joint", joint)
    rows, shape, _ = _rows(table, axis)
    return _core.marginal_of_table(rows).reshape(shape)


def conditional_probability(
    joint: ArrayLike, given: ArrayLike | None = None, *, axis: int | tuple[int, ...] = 0
) -> Any:
    """Return the conditional probability P(B | A) = P(A, B) / P(A).

    Parameters
    ----------
    joint : array_like
        The probability of both events; or a joint table, an axis for each variable.
    given : array_like, optional
        The probability of the condition A. Where not given, `joint` is a whole table and the
        condition is the variables of `axis`, whose probabilities are their marginal.
    axis : int or tuple of int
        The axes of the condition; where `given` is an array, it has their shape.

    Returns
    -------
    scalar or ndarray
        Of the shape of `joint`; NaN, with a `RuntimeWarning`, where the condition has
        probability 0.

    Raises
    ------
    ValueError
        If an argument does not hold probabilities, or both events are more probable than the
        condition alone.

    Examples
    --------
    >>> from mlmath_rs.probability import conditional_probability
    >>> conditional_probability(0.25, 0.5)
    np.float64(0.5)
    >>> conditional_probability([[0.375, 0.125], [0.125, 0.375]])
    array([[0.75, 0.25],
           [0.25, 0.75]])
    """
    table = _numbers("joint", joint)
    if table.ndim == 0 and given is None:
        raise ValueError("given: expected the probability of the condition, as joint is no table; got None")
    condition = None if given is None else _numbers("given", given)
    if condition is not None and condition.ndim == 0:
        found, impossible = _core.conditional_table(table.reshape(1, -1), condition.reshape(1))
        result = found.reshape(table.shape)
    else:
        rows, shape, back = _rows(table, axis)
        if condition is None:
            condition = _core.marginal_of_table(rows)
        elif condition.shape != shape:
            raise ValueError(f"given: expected shape {shape}, that of axis {axis}, got {condition.shape}")
        found, impossible = _core.conditional_table(rows, condition.reshape(-1))
        result = back(found)
    _warn_of("condition", impossible)
    return result[()]


def law_of_total_probability(prior: ArrayLike, likelihood: ArrayLike) -> Any:
    """Return the probability of the evidence: the sum of P(E | H) P(H) over the hypotheses.

    Parameters
    ----------
    prior : (h,) array_like
        P(H), which sums to 1.
    likelihood : (h,) or (h, e) array_like
        P(E | H): a row for each hypothesis, a column for each observation.

    Returns
    -------
    scalar or (e,) ndarray
        P(E).

    Raises
    ------
    ValueError
        If an argument does not hold probabilities, or the shapes do not fit.

    Examples
    --------
    >>> from mlmath_rs.probability import law_of_total_probability
    >>> law_of_total_probability([0.25, 0.75], [0.5, 0.1])
    np.float64(0.2)
    """
    prior, rows, shape = _hypotheses(prior, likelihood, "likelihood")
    return _core.total_probability(prior, rows).reshape(shape[1:])[()]


def bayes(prior: ArrayLike, likelihood: ArrayLike, evidence: ArrayLike | None = None) -> Any:
    """Return the posterior P(H | E) = P(E | H) P(H) / P(E): Bayes' theorem.

    Parameters
    ----------
    prior : array_like
        P(H): a vector (h,) over all hypotheses, which sums to 1; with `evidence`, the probability
        of a single hypothesis.
    likelihood : array_like
        P(E | H), or densities: (h,), or (h, e) with a column for each observation.
    evidence : array_like, optional
        P(E), by which a single hypothesis is judged; all three broadcast then. Where not given,
        it is the sum over the hypotheses.

    Returns
    -------
    scalar or ndarray
        Of the shape of `likelihood`, each column the posterior after that observation alone; NaN,
        with a `RuntimeWarning`, where the evidence has probability 0.

    Raises
    ------
    ValueError
        If an argument does not hold probabilities, or the shapes do not fit.

    See Also
    --------
    bayes_update : The posterior after many observations together.

    Examples
    --------
    >>> from mlmath_rs.probability import bayes
    >>> bayes([0.25, 0.75], [0.9, 0.1])  # a test that is right nine times in ten
    array([0.75, 0.25])
    >>> bayes(0.25, 0.9, 0.3)
    np.float64(0.75)
    """
    if evidence is not None:
        numbers = zip(("prior", "likelihood", "evidence"), (prior, likelihood, evidence))
        arrays = np.broadcast_arrays(*(_numbers(name, value) for name, value in numbers))
        found, impossible = _core.bayes_of_events(*(np.ascontiguousarray(a).reshape(-1) for a in arrays))
        _warn_of("evidence", impossible)
        return found.reshape(arrays[0].shape)[()]
    if np.ndim(prior) == 0:
        raise ValueError("evidence: a single hypothesis needs P(E), got None; or give all as vectors")
    prior, rows, shape = _hypotheses(prior, likelihood, "likelihood")
    found, impossible = _core.bayes(prior, rows)
    _warn_of("evidence", impossible)
    return found.reshape(shape)


def bayes_update(prior: ArrayLike, likelihoods: ArrayLike, *, log: bool = False) -> NDArray[np.float64]:
    """Return the posterior after many observations, independent given the hypothesis.

    Parameters
    ----------
    prior : (h,) array_like
        P(H), which sums to 1.
    likelihoods : (h,) or (h, n) array_like
        P(observation | H), or densities: a row for each hypothesis, a column for each observation.
    log : bool
        Whether `likelihoods` are given as logarithms.

    Returns
    -------
    (h,) ndarray
        P(H | all observations); NaN, with a `RuntimeWarning`, where no hypothesis allows them.

    Raises
    ------
    ValueError
        If an argument does not hold probabilities, or the shapes do not fit.

    Notes
    -----
    Logarithms are added, so that a product of any length neither vanishes nor overflows.

    Examples
    --------
    >>> from mlmath_rs.probability import bayes_update
    >>> bayes_update([0.5, 0.5], [[0.8] * 1000, [0.8] * 999 + [0.2]])
    array([0.8, 0.2])
    """
    prior, rows, _ = _hypotheses(prior, likelihoods, "likelihoods")
    if not log:
        if not np.all(rows >= 0):
            raise ValueError("likelihoods: must be >= 0; give log=True for logarithms")
        with np.errstate(divide="ignore"):
            rows = np.log(rows)
    posterior, impossible = _core.bayes_update(prior, rows)
    _warn_of("evidence", impossible)
    return posterior


def _numbers(name: str, value: Any) -> NDArray[np.float64]:
    array = _array.as_array(name, value)
    if array.dtype.kind == "c":
        raise TypeError(f"{name}: expected real numbers, got dtype {array.dtype}")
    return np.asarray(array, np.float64)


def _hypotheses(prior: Any, likelihood: Any, name: str) -> tuple[NDArray, NDArray, tuple[int, ...]]:
    """Return `prior`, `likelihood` with a row for each hypothesis, and its shape as it came."""
    prior, rows = _numbers("prior", prior), _numbers(name, likelihood)
    if prior.ndim != 1:
        raise ValueError(f"prior: expected a vector, a number for each hypothesis, got shape {prior.shape}")
    if rows.ndim not in (1, 2) or rows.shape[0] != prior.size:
        raise ValueError(
            f"{name}: expected {prior.size} rows, one for each hypothesis, got shape {rows.shape}"
        )
    return prior, rows if rows.ndim == 2 else rows[:, np.newaxis], rows.shape


def _rows(table: NDArray, axis: int | tuple[int, ...]) -> tuple[NDArray, tuple[int, ...], Any]:
    """Return `table` with a row for each case of `axis`, the shape of `axis`, and the way back."""
    axes = normalize_axis_tuple(axis, table.ndim)
    moved = np.moveaxis(table, axes, range(len(axes)))
    shape = moved.shape[: len(axes)]
    rows = moved.reshape(int(np.prod(shape)), int(np.prod(moved.shape[len(axes) :])))
    return rows, shape, lambda found: np.moveaxis(found.reshape(moved.shape), range(len(axes)), axes)


def _warn_of(what: str, impossible: int) -> None:
    if impossible:
        message = f"the {what} has probability 0 in {int(impossible)} cases: nan"
        warnings.warn(message, RuntimeWarning, stacklevel=3)
