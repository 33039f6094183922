"""Section 1, linear algebra: the penguins as vectors and matrices, down to their principal axes."""

from typing import Any

import numpy

import mlmath_rs as np
from mlmath_rs.data import MEASUREMENTS, Penguins
from mlmath_rs.tour.palette import CYCLE, each_species
from mlmath_rs.tour.steps import Figure, Section, Step, shown

__all__ = ["SECTION"]


def standardised(penguins: Penguins) -> numpy.ndarray:
    """Return the measurements with mean 0 and standard deviation 1 in each column."""
    X = penguins.measurements
    return (X - np.mean(X, axis=0)) / np.std(X, axis=0, ddof=1)


def one_hot(labels: numpy.ndarray) -> numpy.ndarray:
    """Return a column of zeros and ones for each level, in their order."""
    return (labels[:, None] == np.unique(labels)).astype(np.int64)


def resampled(Z: numpy.ndarray, count: int = 2000) -> numpy.ndarray:
    """Return the correlation matrices of bootstrap samples: (count, 4, 4)."""
    rows = numpy.random.default_rng(1).integers(0, len(Z), (count, len(Z)))
    drawn = Z[rows]
    drawn = drawn - drawn.mean(axis=1, keepdims=True)
    return drawn.transpose(0, 2, 1) @ drawn / (len(Z) - 1)


def chain(penguins: Penguins) -> numpy.ndarray:
    """Return where a walk goes from species to island to species: rows sum to 1."""
    counts = (one_hot(penguins.species).T @ one_hot(penguins.island)).astype(float)
    there = counts / counts.sum(axis=1, keepdims=True)
    back = counts / counts.sum(axis=0, keepdims=True)
    return there @ back.T


def reconstruction_error(ours: Any, reference: Any) -> float:
    """Compare spectra: values, and the subspaces of the vectors, not their signs."""
    values = float(numpy.abs(ours[0] - reference[0]).max() / numpy.abs(reference[0]).max())
    overlap = numpy.abs(numpy.swapaxes(ours[1].conj(), -1, -2) @ reference[1])
    return max(values, float(numpy.abs(overlap - numpy.eye(overlap.shape[-1])).max()))


def spectrum(matrix: numpy.ndarray) -> Any:
    """Return values and vectors of a general matrix by descending value, from NumPy."""
    values, vectors = numpy.linalg.eig(matrix)
    order = numpy.argsort(-values)
    return values[order], vectors[:, order]


def eigenpairs_error(ours: Any, reference: Any) -> float:
    """Compare values and vectors up to the sign of each vector."""
    values = float(numpy.abs(ours[0] - reference[0]).max())
    cosines = numpy.abs((ours[1] * reference[1]).sum(axis=0))
    return max(values, float(numpy.abs(cosines - 1).max()))


def prepare_pca() -> Any:
    """Return scikit-learn's PCA as a function: variances and axes, ascending as `eigh` has them."""
    from sklearn.decomposition import PCA

    def principal(Z: numpy.ndarray) -> Any:
        fitted = PCA(svd_solver="covariance_eigh").fit(Z)
        return fitted.explained_variance_[::-1], fitted.components_[::-1].T

    return principal


def principal_axes(Z: numpy.ndarray) -> Any:
    """Return variances, ascending, and axes as columns, of standardised data."""
    return np.linalg.eigh(np.matmul(np.transpose(Z), Z) / (len(Z) - 1))


def products(penguins: Penguins, Z: numpy.ndarray) -> list[Step]:
    """Return the steps on vectors and products."""
    species, island = one_hot(penguins.species), one_hot(penguins.island)
    return [
        Step(
            "Dot product: how alike are two penguins?",
            "Two standardised penguins, an Adelie and a Gentoo: a negative product says that they "
            "differ from the average in opposite ways.",
            "np.dot(Z[0], Z[200])",
            np.dot,
            "numpy.dot",
            (Z[0], Z[200]),
            formula="<i>u</i>·<i>v</i> = Σ<sub><i>i</i></sub> <i>u<sub>i</sub> v<sub>i</sub></i>",
        ),
        Step(
            "Matrix product: the correlation matrix",
            "The standardised measurements, transposed, times themselves. Flipper length and body "
            "mass go together; bill depth goes against both.",
            "np.matmul(np.transpose(Z), Z) / (len(Z) - 1)",
            lambda Z: np.matmul(np.transpose(Z), Z) / (len(Z) - 1),
            "numpy.matmul",
            (Z,),
            lambda: lambda Z: numpy.matmul(numpy.transpose(Z), Z) / (len(Z) - 1),
            formula="<i>R</i> = <i>Z</i><sup>T</sup><i>Z</i> / (<i>n</i> − 1)",
        ),
        Step(
            "A product of integers stays integer",
            "Zeros and ones that mark species and islands: their product counts every pair. Rows are "
            "Adelie, Chinstrap, Gentoo; columns Biscoe, Dream, Torgersen.",
            "np.matmul(np.transpose(species), island)",
            lambda a, b: np.matmul(np.transpose(a), b),
            "numpy.matmul",
            (species, island),
            lambda: lambda a, b: numpy.matmul(numpy.transpose(a), b),
            tolerance=0.0,
        ),
    ]


def systems(penguins: Penguins, Z: numpy.ndarray, R: numpy.ndarray) -> list[Step]:
    """Return the steps on inverses, systems and determinants."""
    design = np.column_stack([np.ones(len(penguins)), penguins.measurements[:, :3]])
    normal, right = design.T @ design, design.T @ penguins.body_mass
    return [
        Step(
            "Inverse: which measurements are tied directly?",
            "The inverse of the correlation matrix. Off its diagonal stands what ties two measurements "
            "once the others are known.",
            "np.linalg.inv(R)",
            np.linalg.inv,
            "numpy.linalg.inv",
            (R,),
            formula="<i>R</i><sup>−1</sup><i>R</i> = <i>I</i>",
        ),
        Step(
            "System of equations: body mass from the other three",
            "Least squares by its normal equations: the intercept in grams, then grams per millimetre "
            "of bill length, bill depth and flipper length.",
            "np.linalg.solve(A.T @ A, A.T @ mass)",
            np.linalg.solve,
            "numpy.linalg.solve",
            (normal, right),
            tolerance=1e-8,  # the condition of these equations is 3e7
            formula="<i>A</i><sup>T</sup><i>A</i> <i>w</i> = <i>A</i><sup>T</sup><i>m</i>",
        ),
        Step(
            "Determinant: how much of the space is left?",
            "1 for unrelated measurements, 0 for dependent ones.",
            "np.linalg.det(R)",
            np.linalg.det,
            "numpy.linalg.det",
            (R,),
        ),
        Step(
            "A stack of matrices in one call",
            "The correlation matrices of 2000 bootstrap samples of the penguins, all inverted at once.",
            "np.linalg.inv(stack)    # (2000, 4, 4)",
            np.linalg.inv,
            "numpy.linalg.inv",
            (resampled(Z),),
            tolerance=1e-11,
            show=lambda stack: f"{shown(stack[0])}\nand {len(stack) - 1} more",
        ),
    ]


def spectra(penguins: Penguins, Z: numpy.ndarray) -> list[Step]:
    """Return the steps on eigenvalues."""
    return [
        Step(
            "Eigenvalues and eigenvectors of the tutorial's matrix",
            "The directions that [[2, 1], [1, 2]] only stretches, the larger stretch first.",
            "np.linalg.eig([[2, 1], [1, 2]])",
            lambda m: tuple(np.linalg.eig(m)),
            "numpy.linalg.eig",
            (np.array([[2, 1], [1, 2]]),),
            lambda: spectrum,
            error=eigenpairs_error,
            formula="<i>Av</i> = <i>λv</i>",
        ),
        Step(
            "Principal components of the penguins",
            "The eigenvectors of the correlation matrix: along the last one, penguins differ most. "
            "`eigh` knows that the matrix is symmetric; vectors are compared as directions.",
            "np.linalg.eigh(R)",
            lambda Z: tuple(principal_axes(Z)),
            "sklearn.decomposition.PCA",
            (Z,),
            prepare_pca,
            error=reconstruction_error,
        ),
        Step(
            "A walk between species and islands",
            "From a species to one of its islands, from there to a species that lives on it. The "
            "eigenvalue 1 belongs to the walk's equilibrium, the next says how fast it is reached.",
            "np.linalg.eig(P)",
            lambda m: tuple(np.linalg.eig(m)),
            "numpy.linalg.eig",
            (chain(penguins),),
            lambda: spectrum,
            error=eigenpairs_error,
        ),
    ]


def steps(penguins: Penguins) -> list[Step]:
    """Return the steps of the section."""
    Z = standardised(penguins)
    R = np.matmul(np.transpose(Z), Z) / (len(Z) - 1)
    return [*products(penguins, Z), *systems(penguins, Z, R), *spectra(penguins, Z)]


def figures(penguins: Penguins) -> list[Figure]:
    """Return the pictures of the section."""
    from mlmath_rs import plots

    Z = standardised(penguins)
    names = [words for _, words, _ in MEASUREMENTS]

    def components(figure: Any) -> None:
        axes = figure.subplots()
        _, vectors = principal_axes(Z)
        scores = np.matmul(Z, vectors[:, ::-1][:, :2])
        for name, chosen, style in each_species(penguins):
            axes.scatter(*scores[chosen].T, s=16, alpha=0.75, linewidths=0, label=name, **style)
        axes.set_xlabel("first principal component (of standardised data)")
        axes.set_ylabel("second principal component")
        axes.legend()

    def pair(figure: Any) -> None:
        axes = figure.subplots()
        gentoo = penguins.where(penguins.species == "Gentoo")
        points = np.column_stack([gentoo.bill_length, gentoo.bill_depth])
        plots.scatter_with_axes(points, ax=axes, s=16, alpha=0.75, linewidths=0, color=CYCLE[0])
        axes.set_aspect("equal")
        axes.set_xlabel("bill length (mm)")
        axes.set_ylabel("bill depth (mm)")

    def correlations(figure: Any) -> None:
        R = np.matmul(np.transpose(Z), Z) / (len(Z) - 1)
        plots.matrix(R, names, ax=figure.subplots(), cmap="RdBu", limits=(-1, 1), label="correlation")

    return [
        Figure(
            "Principal components",
            "Each penguin in the plane of the two leading eigenvectors of the correlation matrix. "
            "Nobody told the algebra about species; the Gentoos stand apart all the same.",
            components,
        ),
        Figure("Correlations", "The matrix product of step 1.2.", correlations),
        Figure(
            "The axes of a cloud",
            "The bills of the Gentoos and the eigenvectors of their covariance matrix, each as long as two "
            "standard deviations along it: long bills are deep ones.",
            pair,
            (13.0, 4.3),
        ),
    ]


SECTION = Section(
    1,
    "Linear algebra",
    "Every penguin is a vector of four measurements, all of them together a matrix Z of 342 rows, "
    "standardised so that millimetres and grams can be compared.",
    steps,
    figures,
)
