"""A `Case`: one public function, its reference, and inputs on which the two must agree."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

__all__ = ["Case", "Disagreement", "relative_error"]

Make = Callable[[np.random.Generator, int, np.dtype], tuple[Any, ...]]


class Disagreement(AssertionError):
    """Ours and the reference differ by more than the case allows."""


@dataclass(frozen=True)
class Case:
    """One function of ours beside its reference: a parity test, a benchmark and a row of results.

    Parameters
    ----------
    name : str
        Public name within the package, e.g. ``"linalg.inv"``.
    ours : callable
        Takes what `make` returns. Usually the public function itself.
    reference : str or callable
        The same, of the reference; a string such as ``"scipy.stats.entropy"`` is imported
        when it is needed, so that a case costs nothing where SciPy is absent.
    make : callable
        ``make(rng, size, dtype)`` returns the arguments.
    sizes : tuple of int
        Tested, each with each dtype; small.
    bench : tuple of int
        Timed; `sizes` where empty.
    label : str
        Tells apart cases of one name, e.g. ``"stack of 3x3"``.
    dtypes : tuple of str
        Element types that are tested; the first is timed.
    tolerance : float
        The largest relative error allowed, in units of the dtype's epsilon.
    error : callable
        ``error(ours, reference, arguments)`` is the relative error; by default the largest
        difference over the largest element.
    check_size : int, optional
        For benches too large to be checked in full: the size that is checked instead.

    Examples
    --------
    >>> import mlmath_rs as np_
    >>> case = Case("mean", np_.mean, "numpy.mean", lambda rng, n, dtype: (rng.random(n),), (4,))
    >>> case.id
    'mean'
    """

    name: str
    ours: Callable[..., Any]
    reference: str | Callable[..., Any]
    make: Make
    sizes: tuple[int, ...]
    bench: tuple[int, ...] = ()
    label: str = ""
    dtypes: tuple[str, ...] = ("float64", "float32")
    tolerance: float = 100.0
    error: Callable[[Any, Any, tuple[Any, ...]], float] = field(
        default=lambda ours, reference, _: relative_error(ours, reference)
    )
    check_size: int | None = None

    @property
    def id(self) -> str:
        """Name and label, unique among all cases."""
        return f"{self.name} ({self.label})" if self.label else self.name

    @property
    def area(self) -> str:
        """The module that holds the function; NumPy's own names are in ``"numpy"``."""
        return self.name.split(".")[0] if "." in self.name else "numpy"

    @property
    def reference_name(self) -> str:
        """The reference's dotted name; empty where it is a formula of the case's own."""
        return self.reference if isinstance(self.reference, str) else ""

    def resolve(self) -> Callable[..., Any]:
        """Return the reference as a callable."""
        if not isinstance(self.reference, str):
            return self.reference
        parts = self.reference.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            try:
                found: Any = importlib.import_module(".".join(parts[:cut]))
            except ModuleNotFoundError:
                continue
            for part in parts[cut:]:
                found = getattr(found, part)
            return found
        raise ModuleNotFoundError(f"No module named {parts[0]!r}", name=parts[0])

    def arguments(self, size: int, dtype: str) -> tuple[Any, ...]:
        """Return the arguments for `size`, the same in every run."""
        return self.make(np.random.default_rng(size), size, np.dtype(dtype))

    def measure_error(self, size: int, dtype: str) -> float:
        """Return the relative error against the reference."""
        arguments = self.arguments(size, dtype)
        return float(self.error(self.ours(*arguments), self.resolve()(*arguments), arguments))

    def check(self, size: int, dtype: str) -> float:
        """Return the relative error, or raise :class:`Disagreement` if it is too large."""
        error = self.measure_error(size, dtype)
        kind = np.dtype(dtype)
        epsilon = float(np.finfo(kind if kind.kind in "fc" else np.float64).eps)
        if not error <= self.tolerance * epsilon:
            raise Disagreement(f"{self.id}, size {size}, {dtype}: relative error {error:.3g}")
        return error


def relative_error(ours: Any, reference: Any) -> float:
    """Return the largest difference over the largest element, for arrays or tuples of them."""
    if isinstance(ours, (tuple, list)) and not np.isscalar(ours):
        if len(ours) != len(reference):
            return np.inf
        return max((relative_error(a, b) for a, b in zip(ours, reference)), default=0.0)
    ours, reference = np.asarray(ours), np.asarray(reference)
    if ours.shape != reference.shape:
        return np.inf
    if ours.size == 0:
        return 0.0
    if not np.array_equal(np.isnan(ours), np.isnan(reference)):
        return np.inf
    with np.errstate(invalid="ignore"):
        difference = np.where(ours == reference, 0.0, np.abs(np.subtract(ours, reference, dtype=_wide(ours))))
    scale = float(np.nanmax(np.abs(reference), initial=0.0, where=np.isfinite(reference)))
    return float(np.nanmax(difference, initial=0.0)) / (scale or 1.0)


def _wide(array: np.ndarray) -> np.dtype:
    return np.dtype(np.complex128 if array.dtype.kind == "c" else np.float64)
