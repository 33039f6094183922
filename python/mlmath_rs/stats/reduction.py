"""Reductions of any axes of anything: the axes become those of a matrix, whose rows are reduced."""

import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple
from numpy.typing import ArrayLike, DTypeLike, NDArray

from mlmath_rs import _array, _core

Axis = int | tuple[int, ...] | None


@dataclass(frozen=True)
class Reduction:
    """What is asked (`"mean"`, `"var"`, `"std"` or `"median"`), with NumPy's options."""

    question: str
    axis: Axis
    dtype: DTypeLike | None
    out: NDArray | None
    keepdims: bool
    ddof: float = 0.0
    where: ArrayLike = True
    mean: ArrayLike | None = None
    threads: int | None = None

    def of(self, a: Any) -> Any:
        """Return the answer for `a`."""
        if _array.is_foreign(a) or isinstance(a, np.ma.MaskedArray):
            return getattr(np, self.question)(a, **self._for_numpy())
        array = _array.as_array(self.question, a)
        axes = tuple(range(array.ndim)) if self.axis is None else normalize_axis_tuple(self.axis, array.ndim)
        kept = tuple(i for i in range(array.ndim) if i not in axes)
        selected = None if self.where is True else self._rows(self._selected(array.shape), axes, kept)
        counts = math.prod(array.shape[i] for i in axes) if selected is None else selected.sum(axis=1)
        self._warn(counts)
        result = np.asarray(self._values(array, axes, kept, selected, counts))
        result = result.reshape(tuple(array.shape[i] for i in kept))
        result = result.astype(self._result_dtype(array.dtype), copy=False)
        if self.keepdims:
            result = result.reshape([1 if i in axes else array.shape[i] for i in range(array.ndim)])
        if self.out is not None:
            return _array.deliver(self.question, result, self.out)
        return result[()]

    def _for_numpy(self) -> dict[str, Any]:
        """Return the options that were given, as NumPy's function takes them."""
        options: dict[str, Any] = {"axis": self.axis}
        for name, usual in (("dtype", None), ("out", None), ("keepdims", False), ("ddof", 0), ("mean", None)):
            if getattr(self, name) is not usual and getattr(self, name) != usual:
                options[name] = getattr(self, name)
        return options if self.where is True else options | {"where": self.where}

    def _selected(self, shape: tuple[int, ...]) -> NDArray[np.bool_]:
        where = np.asarray(self.where)
        if where.dtype != np.bool_:
            raise TypeError(f"{self.question}: where: expected bool, got dtype {where.dtype}")
        return np.broadcast_to(where, shape)

    def _warn(self, counts: Any) -> None:
        if np.any(counts - self.ddof <= 0):
            mean = self.question in {"mean", "median"}
            message = "Mean of empty slice" if mean else "Degrees of freedom <= 0 for slice"
            warnings.warn(message, RuntimeWarning, stacklevel=4)

    @staticmethod
    def _rows(array: NDArray, axes: tuple[int, ...], kept: tuple[int, ...]) -> NDArray:
        rest, count = (math.prod(array.shape[i] for i in group) for group in (kept, axes))
        return array.transpose(*kept, *axes).reshape(rest, count)

    def _values(
        self, array: NDArray, axes: tuple[int, ...], kept: tuple[int, ...], selected: Any, counts: Any
    ) -> NDArray:
        if array.dtype.kind != "c":
            return self._real(self.question, array, axes, kept, selected, counts)
        if self.question == "median":
            raise TypeError(f"median: expected real numbers, got dtype {array.dtype}")
        question = self.question.replace("std", "var")
        if self.mean is not None:
            raise TypeError(f"{self.question}: mean: expected None for complex numbers")
        real, imaginary = (
            self._real(question, part, axes, kept, selected, counts) for part in (array.real, array.imag)
        )
        if self.question == "mean":
            return real + 1j * imaginary
        return real + imaginary if self.question == "var" else np.sqrt(real + imaginary)

    def _real(
        self,
        question: str,
        array: NDArray,
        axes: tuple[int, ...],
        kept: tuple[int, ...],
        selected: Any,
        counts: Any,
    ) -> NDArray:
        if array.dtype == np.float16:
            array = array.astype(np.float32)
        if self.mean is not None and question in {"var", "std"}:
            # About any other point the variance is larger by the squared distance.
            squares = self._plain("var", array, axes, kept, selected)
            given = np.broadcast_to(
                self.mean, [1 if i in axes else array.shape[i] for i in range(array.ndim)]
            )
            distance = self._plain("mean", array, axes, kept, selected) - given.reshape(-1)
            with np.errstate(divide="ignore", invalid="ignore"):
                squares = squares + distance * distance * counts / np.maximum(counts - self.ddof, 0)
            return squares if question == "var" else np.sqrt(squares)
        return self._plain(question, array, axes, kept, selected)

    def _plain(
        self, question: str, array: NDArray, axes: tuple[int, ...], kept: tuple[int, ...], selected: Any
    ) -> NDArray:
        if selected is not None:
            rows = self._rows(array, axes, kept)
            return _core.along_where(rows, selected, question, self.ddof, self.threads)
        columns = axes == tuple(range(len(axes))) and kept and question != "median"
        if columns and array.flags.c_contiguous:
            table = self._rows(array, kept, axes)
            return _core.along(table, question, 0, self.ddof, self.threads)
        return _core.along(self._rows(array, axes, kept), question, 1, self.ddof, self.threads)

    def _result_dtype(self, dtype: np.dtype) -> np.dtype:
        if self.dtype is not None:
            return np.dtype(self.dtype)
        if dtype.kind in "biu":
            return np.dtype(np.float64)
        if dtype.kind == "c" and self.question != "mean":
            return np.empty(0, dtype).real.dtype
        return dtype
