"""How the components of samples are found: which solver, how many are kept, what is left as noise."""

import warnings
from dataclasses import dataclass, replace
from numbers import Integral
from typing import Any

import numpy as np

from mlmath_rs import _core, _options
from mlmath_rs.linalg._estimator import finite
from mlmath_rs.random.generator import as_generator

SOLVERS = ("auto", "full", "covariance_eigh", "randomized")
# Features up to which the covariance is the faster way, for ten times as many samples.
FEW_FEATURES = 1000
# What can be done about NaN.
ALLOW = "nan_policy='em' or 'pairwise' takes it as a missing value"
# Samples and features up to which the whole decomposition is the faster way.
SMALL = 500


@dataclass(frozen=True)
class Options:
    """The parameters of a fit, checked."""

    n_components: Any
    copy: bool
    whiten: bool
    svd_solver: str
    tol: float
    iterated_power: Any
    n_oversamples: int
    power_iteration_normalizer: str
    random_state: Any
    nan_policy: str
    max_iter: int

    def __post_init__(self) -> None:
        _options.one_of("svd_solver", self.svd_solver, SOLVERS)
        _options.one_of("nan_policy", self.nan_policy, ("raise", "em", "pairwise"))
        if self.nan_policy == "em" and self.svd_solver != "auto":
            raise ValueError(
                "svd_solver: expected 'auto' with nan_policy='em', as EM has no solver, "
                f"got {self.svd_solver!r}"
            )
        if not isinstance(self.whiten, (bool, np.bool_)):
            raise TypeError(f"whiten: expected True or False, got {self.whiten!r:.60}")
        _source(self.random_state)
        normalizers = ("auto", "QR", "LU", "none")
        _options.one_of("power_iteration_normalizer", self.power_iteration_normalizer, normalizers)
        if self.iterated_power != "auto":
            _at_least("iterated_power", self.iterated_power, 0)
        _at_least("n_oversamples", self.n_oversamples, 1)
        _at_least("max_iter", self.max_iter, 1)
        if not isinstance(self.tol, (int, float)) or not self.tol >= 0:
            raise ValueError(f"tol: expected a number >= 0, got {self.tol!r:.60}")

    @property
    def a_number(self) -> bool:
        """Whether the number of components is given as such."""
        return isinstance(self.n_components, Integral) and not isinstance(self.n_components, bool)

    def check_number(self, n: int, p: int) -> None:
        """Raise `ValueError` unless samples of this shape can have so many components."""
        wanted = self.n_components
        if wanted is None:
            return
        if isinstance(wanted, str) and wanted == "mle":
            if n < p:
                raise ValueError(
                    f"n_components='mle': expected no fewer samples than features, got {n} of {p}"
                )
        elif self.a_number:
            if not 0 <= wanted <= min(n, p):
                raise ValueError(
                    f"n_components={wanted} must be between 0 and min(n_samples, n_features)={min(n, p)}"
                )
        elif not isinstance(wanted, (float, np.floating)) or not 0 < wanted < 1:
            raise ValueError(
                f"n_components: expected an integer, a number in (0, 1), 'mle' or None, got {wanted!r:.60}"
            )


@dataclass(frozen=True)
class Found:
    """Components, all that were found; `whole` where they are all that there are."""

    mean: np.ndarray
    values: np.ndarray
    vectors: np.ndarray
    norm: float
    weight: float
    whole: bool = True
    noise: float | None = None
    iterations: int = 1
    converged: bool = True


def _found(parts: Any, **more: Any) -> Found:
    mean, values, vectors, norm, weight = parts
    return Found(mean, values, vectors, norm, weight, **more)


def _at_least(argument: str, value: Any, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
        raise ValueError(f"{argument}: expected an integer >= {least}, got {value!r:.60}")


def find(x: np.ndarray, weights: np.ndarray | None, options: Options) -> Found:
    """Return the components of the rows of `x`."""
    n, p = x.shape
    options.check_number(n, p)
    if n == 1:
        raise ValueError("X: expected two samples at least, got n_samples = 1: they have no variance")
    with finite(x, ALLOW):
        found = _solve(x, weights, options)
    _check_weight(found.weight)
    return found


def _solve(x: np.ndarray, weights: np.ndarray | None, options: Options) -> Found:
    n, p = x.shape
    if options.nan_policy != "raise" and (gaps := np.isnan(x)).any():
        known = n - np.count_nonzero(gaps.all(axis=1))
        if known < 2:
            raise ValueError(f"X: expected two samples at least that have any value, got {known} of {n}")
        return _of_pairs(x, weights) if options.nan_policy == "pairwise" else _by_em(x, weights, options)
    solver = options.svd_solver if options.svd_solver != "auto" else _fastest(n, p, options)
    if solver == "randomized":
        return _randomized(x, weights, options)
    found = _found(_core.principal_components(x, weights, solver == "covariance_eigh"))
    # A covariance has as many eigenvalues as features, of which few samples leave only noise.
    return replace(found, values=found.values[: min(n, p)], vectors=found.vectors[: min(n, p)])


def merge(before: Found | None, rows: int, x: np.ndarray, weights: np.ndarray | None) -> Found:
    """Return the components of `rows` rows before and those of `x`."""
    with finite(x, "missing values cannot be merged, only fitted at once"):
        if before is None:
            found = _found(_core.principal_components(x, weights))
        else:
            state = (before.weight, before.mean, before.values, before.vectors)
            found = _found(_core.merged_components(x, rows, *state, weights))
    if before is not None or len(x) > 1:
        _check_weight(found.weight)
    return found


def _check_weight(total: float) -> None:
    """Raise `ValueError` unless the weights of several samples leave a divisor for their variance."""
    if total <= 1:
        raise ValueError(
            f"sample_weight: expected how often each sample counts, with a sum above 1, got the sum {total}"
        )


def _fastest(n: int, p: int, options: Options) -> str:
    """Return the solver that ``"auto"`` means."""
    if p <= FEW_FEATURES and n >= 10 * p:
        return "covariance_eigh"
    few = options.a_number and 1 <= options.n_components < 0.8 * min(n, p)
    return "randomized" if few and max(n, p) > SMALL else "full"


def _randomized(x: np.ndarray, weights: np.ndarray | None, options: Options) -> Found:
    n, p = x.shape
    most = min(n, p)
    k = most if options.n_components is None else options.n_components
    if (not options.a_number and options.n_components is not None) or k < 1:
        raise ValueError(f"n_components: expected an integer >= 1 with svd_solver='randomized', got {k!r}")
    iterations = options.iterated_power
    if iterations == "auto":
        iterations = 7 if k < 0.1 * most else 4
    source = _source(options.random_state)
    test = source.standard_normal(size=(p, min(k + options.n_oversamples, most))).astype(x.dtype, copy=False)
    normalizer = options.power_iteration_normalizer
    parts = _core.randomized_components(x, test, iterations, normalizer, weights)
    mean, values, vectors, norm, weight = parts
    return Found(mean, values[:k], vectors[:k], norm, weight, whole=False)


def _source(random_state: Any) -> Any:
    """Return where random vectors come from."""
    if isinstance(random_state, np.random.RandomState):
        return random_state
    try:
        return as_generator(0 if random_state is None else random_state)
    except (TypeError, ValueError) as error:
        raise type(error)(
            "random_state: expected None, an integer >= 0, a Generator or a RandomState, "
            f"got {random_state!r:.60}"
        ) from None


def _by_em(x: np.ndarray, weights: np.ndarray | None, options: Options) -> Found:
    k = options.n_components
    if not options.a_number:
        raise ValueError(f"n_components: expected an integer with nan_policy='em', got {k!r:.60}")
    parts, told = _core.components_with_gaps(x, k, float(options.tol), options.max_iter, weights)
    noise, iterations, converged = told
    return _found(parts, whole=False, noise=noise, iterations=iterations, converged=converged)


def _of_pairs(x: np.ndarray, weights: np.ndarray | None) -> Found:
    parts, negative = _core.components_of_pairs(x, weights)
    if negative < -np.sqrt(np.finfo(np.float64).eps):
        warnings.warn(
            "PCA: the covariances of pairs are not positive semidefinite: eigenvalues down to "
            f"{negative:.3g} times the largest are set to zero",
            RuntimeWarning,
            stacklevel=4,
        )
    return _found(parts, whole=False)


def kept(options: Options, variances: np.ndarray, ratio: np.ndarray, shape: tuple[int, ...]) -> int:
    """Return how many components are kept, of those with these variances and ratios."""
    n, p = shape
    options.check_number(n, p)
    wanted = options.n_components
    if wanted is None:
        return len(variances)
    if options.a_number:
        return int(wanted)
    if wanted == "mle":
        return _core.most_probable_rank(variances.tolist(), float(n))
    return min(int(np.searchsorted(np.cumsum(ratio), wanted, side="right")) + 1, len(ratio))


def noise(found: Found, variances: np.ndarray, k: int, shape: tuple[int, ...]) -> float:
    """Return the mean variance of what the first `k` components leave."""
    divisor = max(found.weight - 1, np.finfo(float).tiny)
    if found.noise is not None:
        return found.noise / divisor
    left = min(shape) - k
    if left <= 0:
        return 0.0
    if len(variances) == min(shape):
        return float(np.mean(variances[k:]))
    return float(max(found.norm**2 / divisor - variances[:k].sum(), 0.0)) / left
