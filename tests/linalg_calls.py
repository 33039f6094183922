"""One call of each public function of linear algebra, for what holds for all of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

import mlmath_rs as ml
from mlmath_rs import linalg

TOP_LEVEL = (
    "cross dot einsum inner kron matmul matvec outer tensordot trace transpose vdot vecdot vecmat".split()
)
PUBLIC = sorted(
    [f"linalg.{name}" for name in linalg.__all__ if name[0].islower()]
    + [f"numpy.{name}" for name in TOP_LEVEL]
)


def random(rng: np.random.Generator, shape: tuple[int, ...], dtype: Any) -> np.ndarray:
    """Return normal variables, complex ones for a complex dtype."""
    values = rng.standard_normal(shape)
    if np.dtype(dtype).kind == "c":
        values = values + 1j * rng.standard_normal(shape)
    return values.astype(dtype)


def square(rng, stack, n, dtype):
    """Return matrices that are safely invertible, whose eigenvalues are apart and not negative."""
    return (random(rng, (*stack, n, n), dtype) / (4 * n) + np.diag(np.linspace(1, 2, n))).astype(dtype)


def definite(rng, stack, n, dtype):
    """Return positive definite matrices."""
    a = square(rng, stack, n, dtype)
    return (a + a.conj().swapaxes(-1, -2)) / 2


MAKERS = {
    "square": square,
    "definite": definite,
    "triangle": lambda rng, stack, n, dtype: np.tril(square(rng, stack, n, dtype)),
    "tall": lambda rng, stack, n, dtype: random(rng, (*stack, 2 * n, n), dtype),
    "wide": lambda rng, stack, n, dtype: random(rng, (*stack, n, n + 1), dtype),
    "columns": lambda rng, stack, n, dtype: random(rng, (*stack, n, 3), dtype),
    "vector": lambda rng, stack, n, dtype: random(rng, (*stack, n), dtype),
}


@dataclass(frozen=True)
class Call:
    """A function of arrays, the kinds of them that it is given, whether it takes stacks, its dtypes."""

    function: Callable[..., Any]
    kinds: tuple[str, ...]
    stacks: bool = True
    dtypes: str = "dfFD"

    def arguments(self, n: int, dtype: Any = "float64", stack: tuple[int, ...] = ()) -> list[np.ndarray]:
        """Return arguments of size `n`, the same in every run."""
        rng = np.random.default_rng(n)
        return [MAKERS[kind](rng, stack, n, np.dtype(dtype)) for kind in self.kinds]

    def __call__(self, *arguments: np.ndarray) -> list[np.ndarray]:
        """Return the arrays of the result."""
        return list(arrays_of(self.function(*arguments)))


def arrays_of(result: Any) -> Iterator[np.ndarray]:
    """Go through the arrays of what a function returned."""
    if isinstance(result, (tuple, list)):
        for part in result:
            yield from arrays_of(part)
    elif hasattr(result, "__dict__"):
        yield from arrays_of(list(vars(result).values()))
    elif result is not None and not isinstance(result, str):
        yield np.asarray(result)


def one(
    name: str,
    *kinds: str,
    stacks: bool = True,
    dtypes: str = "dfFD",
    call: Callable[..., Any] | None = None,
) -> Any:
    """Return the name and the call of a function; `call` where it needs more than arrays."""
    place, _, function = name.rpartition(".")
    # By its name, so that a function that is gone fails its own tests and no others.
    module = linalg if place == "linalg" else ml
    return name, Call(
        call or (lambda *arguments: getattr(module, function)(*arguments)), kinds, stacks, dtypes
    )


CALLS: dict[str, Call] = dict(
    [
        one("linalg.angle", "vector", "vector"),
        one("linalg.axpy", "vector", "vector", "vector"),
        one("linalg.cho_solve", "triangle", "columns", call=lambda c, b: linalg.cho_solve((c, True), b)),
        one("linalg.cholesky", "definite"),
        one("linalg.cond", "square"),
        one("linalg.cosine_similarity", "tall", stacks=False),
        one("linalg.cross", "columns", "columns"),
        one("linalg.det", "square"),
        one("linalg.eig", "square"),
        one("linalg.eigh", "definite"),
        one("linalg.eigvals", "square"),
        one("linalg.eigvalsh", "definite"),
        one("linalg.expm", "square"),
        one("linalg.gram_schmidt", "tall"),
        one("linalg.inv", "square"),
        one("linalg.jacobi_eigen", "definite", dtypes="df"),
        one("linalg.logm", "square"),
        one("linalg.lstsq", "square", "columns"),
        one("linalg.lu", "square"),
        one("linalg.lu_factor", "square"),
        one(
            "linalg.lu_solve",
            "square",
            "columns",
            call=lambda a, b: linalg.lu_solve((a, np.broadcast_to(np.arange(a.shape[-1]), a.shape[:-1])), b),
        ),
        one("linalg.matmul", "tall", "square"),
        one("linalg.matrix_norm", "tall"),
        one("linalg.matrix_power", "square", call=lambda a: linalg.matrix_power(a, 5)),
        one("linalg.matrix_rank", "tall"),
        one("linalg.matrix_transpose", "tall"),
        one(
            "linalg.multi_dot", "tall", "square", "columns", stacks=False, call=lambda *a: linalg.multi_dot(a)
        ),
        one("linalg.norm", "tall", call=lambda a: linalg.norm(a, axis=-1)),
        one("linalg.normalize", "tall"),
        one("linalg.null_space", "wide"),
        one("linalg.orth", "tall"),
        one("linalg.outer", "vector", "vector", stacks=False),
        one("linalg.pinv", "tall"),
        one("linalg.polar", "tall"),
        one(
            "linalg.power_iteration",
            "definite",
            stacks=False,
            # Not the error that is left, which is rounding alone.
            call=lambda a: linalg.power_iteration(a, tol=1e-5)[:2],
        ),
        one("linalg.project", "vector", "vector"),
        one("linalg.qr", "tall"),
        one("linalg.rcond", "square"),
        one("linalg.report", "square", stacks=False),
        one("linalg.scale", "vector", "vector"),
        one("linalg.schur", "square"),
        one("linalg.slogdet", "square"),
        one("linalg.solve", "square", "columns"),
        one(
            "linalg.solve_triangular",
            "triangle",
            "columns",
            call=lambda a, b: linalg.solve_triangular(a, b, lower=True),
        ),
        one("linalg.sqrtm", "square"),
        one("linalg.svd", "tall"),
        one("linalg.svdvals", "tall"),
        one(
            "linalg.tensordot",
            "square",
            "square",
            stacks=False,
            call=lambda a, b: linalg.tensordot(a, b, axes=1),
        ),
        one("linalg.trace", "square"),
        one("linalg.transpose_copy", "tall"),
        one("linalg.vecdot", "vector", "vector"),
        one("linalg.vector_norm", "tall"),
        one("numpy.cross", "columns", "columns"),
        one("numpy.dot", "tall", "square", stacks=False),
        one("numpy.einsum", "tall", "square", call=lambda a, b: ml.einsum("...ij,...jk->...ik", a, b)),
        one("numpy.inner", "tall", "tall", stacks=False),
        one("numpy.kron", "columns", "columns", stacks=False),
        one("numpy.matmul", "tall", "square"),
        one("numpy.matvec", "square", "vector"),
        one("numpy.outer", "vector", "vector", stacks=False),
        one("numpy.tensordot", "tall", "square", stacks=False, call=lambda a, b: ml.tensordot(a, b, axes=1)),
        one("numpy.trace", "square", call=lambda a: ml.trace(a, axis1=-2, axis2=-1)),
        one("numpy.transpose", "tall"),
        one("numpy.vdot", "tall", "tall", stacks=False),
        one("numpy.vecdot", "tall", "tall"),
        one("numpy.vecmat", "vector", "square"),
    ]
)
