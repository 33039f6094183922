"""Cases: principal components."""

import numpy as np

from mlmath_rs import linalg
from mlmath_rs.bench.case import Case, relative_error


def of_shape(shape):
    """Return a maker of samples, their number and that of features as `shape` says for a size."""

    def make(rng, size, dtype):
        n, p = shape(size)
        return ((rng.standard_normal((n, p)) * 0.9 ** (np.arange(p) % 30) + 2).astype(dtype),)

    return make


def fitted(**options):
    """Return a function that fits ours."""
    return lambda X: linalg.PCA(**options).fit(X)


def reference(**options):
    """Return a function that fits scikit-learn's."""

    def fit(X):
        from sklearn.decomposition import PCA

        return PCA(**options).fit(X)

    return fit


def error(ours, theirs, arguments):
    """Return the difference of variances and means, and how far our axes are from orthonormal."""
    axes = ours.components_
    skew = float(np.abs(axes @ axes.T - np.eye(len(axes))).max(initial=0.0)) / axes.shape[1]
    names = ("explained_variance_", "mean_")
    return max(skew, *(relative_error(getattr(ours, name), getattr(theirs, name)) for name in names))


def roughly(ours, theirs, arguments):
    """Return the difference of the largest variance, the one that random vectors tell best, squared."""
    return relative_error(ours.explained_variance_[:1], theirs.explained_variance_[:1]) ** 2


FEW = {"n_components": 10, "svd_solver": "randomized", "random_state": 0}

CASES = [
    Case(
        "linalg.PCA",
        fitted(),
        reference(),
        of_shape(lambda size: (size, max(size // 200, 2))),
        (20, 50, 1000),
        (10_000,),
        "200 samples a feature",
        error=error,
        tolerance=1e3,
    ),
    Case(
        "linalg.PCA",
        fitted(svd_solver="full"),
        reference(svd_solver="full"),
        of_shape(lambda size: (5 * size, size)),
        (2, 5, 30),
        (200,),
        "5 samples a feature",
        error=error,
    ),
    Case(
        "linalg.PCA",
        fitted(svd_solver="full"),
        reference(svd_solver="full"),
        of_shape(lambda size: (size, 5 * size)),
        (2, 5, 30),
        (200,),
        "5 features a sample",
        error=error,
    ),
    Case(
        "linalg.PCA",
        fitted(**FEW),
        reference(**FEW),
        of_shape(lambda size: (5 * size, size)),
        (20, 50),
        (200,),
        "randomized, 10 components",
        error=roughly,
        tolerance=1e6,
    ),
]
