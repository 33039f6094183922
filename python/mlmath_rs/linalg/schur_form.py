"""Schur forms, with eigenvalues in any order."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlmath_rs import _array, _core, _options
from mlmath_rs.errors import LinAlgError

__all__ = ["schur"]

_OUTPUTS = ("real", "complex", "r", "c")
_SORTS: dict[str, Callable[[NDArray], NDArray]] = {
    "lhp": lambda values: values.real < 0,
    "rhp": lambda values: values.real >= 0,
    "iuc": lambda values: np.abs(values) <= 1,
    "ouc": lambda values: np.abs(values) > 1,
}


def schur(
    a: ArrayLike,
    output: str = "real",
    lwork: None = None,
    overwrite_a: bool = False,
    sort: str | Callable[..., Any] | None = None,
    check_finite: bool = True,
    *,
    threads: int | None = None,
) -> tuple[Any, ...]:
    """Return the Schur form of a square matrix, or of each of a stack: ``a = Z @ T @ Z^H``.

    Parameters
    ----------
    a : (..., n, n) array_like
        Real or complex; float32 stays float32; integers become float64.
    output : {"real", "complex", "r", "c"}
        Whether the form of a real matrix is real, with 2 by 2 blocks for complex pairs, or complex;
        the letters are SciPy's short forms.
    lwork : None
        There for SciPy's sake: space is our own matter.
    overwrite_a : bool
        There for SciPy's sake: `a` is never changed.
    sort : {None, "lhp", "rhp", "iuc", "ouc"} or callable
        Which eigenvalues come to the top: those in the left or right half plane (the right one with
        the imaginary axis), those inside (or on) or outside of the unit circle, or those of which the
        function says so: ``sort(re, im)`` where the form is real, else ``sort(value)``.
    check_finite : bool
        There for SciPy's sake: NaN and infinity are always refused.
    threads : int, optional
        How many threads may be used; each takes matrices of the stack.

    Returns
    -------
    T : (..., n, n) ndarray
        Upper triangular, but for blocks ``[[x, y], [z, x]]`` with ``y * z < 0`` where it is real.
    Z : (..., n, n) ndarray
        Unitary.
    sdim : int or (...) ndarray of int
        With `sort` only: how many eigenvalues it chose, both of a pair where it chose one.

    Raises
    ------
    ValueError
        If `output` or `sort` is another word, or `lwork` is given.
    TypeError
        If the function `sort` does not take the arguments that the form calls for.
    numpy.linalg.LinAlgError
        If `a` is not square or holds NaN or infinity, or if eigenvalues are too close to each other
        to be sorted, or were not on the right side any more after that.

    Notes
    -----
    Double-shift QR (Francis 1961), single-shift where complex; neighbours change places by rotations,
    blocks by reflections that are checked (Bai and Demmel 1993).

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> T, Z, sdim = linalg.schur([[1, 2], [0, -3]], sort="lhp")
    >>> T.round(12)
    array([[-3., -2.],
           [ 0.,  1.]])
    >>> sdim
    1
    """
    _options.one_of("output", output, _OUTPUTS)
    if lwork not in (None, -1):
        raise ValueError(f"lwork: expected None: space is our own matter, got {lwork!r:.60}")
    if sort is not None and not callable(sort):
        _options.one_of("sort", sort, (None, *_SORTS))
    matrix = _array.as_array("schur", a)
    dtype = _array.common_dtype("schur", "linalg", [matrix])
    if output[0] == "c":
        dtype = np.result_type(dtype, np.complex64)
    if callable(sort):
        _check_arguments(sort, np.dtype(dtype).kind != "c")
    t, z = _core.schur_form_of(_array.behave(matrix, dtype), threads)
    if sort is None:
        return t, z
    values, partners = _values(t)
    chosen = _chosen(sort, values, partners, t.dtype.kind != "c")
    sdim = chosen.sum(axis=-1)
    t, z = _core.schur_reordered(t, z, chosen.ravel().tolist(), threads)
    values, partners = _values(t)
    again = _chosen(sort, values, partners, t.dtype.kind != "c")
    if not np.array_equal(again, np.arange(again.shape[-1]) < sdim[..., None]):
        raise LinAlgError("Leading eigenvalues do not satisfy sort condition: rounding moved them across.")
    return t, z, sdim if sdim.ndim else int(sdim)


def _check_arguments(sort: Callable[..., Any], real: bool) -> None:
    """Raise `TypeError` unless a function takes an eigenvalue as it is given."""
    try:
        signature = inspect.signature(sort)
    except (TypeError, ValueError):
        return  # of a builtin that does not tell
    try:
        signature.bind(*(0.0, 0.0) if real else (0j,))
    except TypeError:
        expected = (
            "sort(re, im), of the real and the imaginary part, as the form is real (output='complex' has "
            "sort(value))"
            if real
            else "sort(value), of one complex number, as the form is complex"
        )
        raise TypeError(f"sort: expected a function {expected}, got sort{signature}") from None


def _values(t: NDArray) -> tuple[NDArray, NDArray]:
    """Return the eigenvalues of Schur forms, and where the other one of each pair is."""
    n = t.shape[-1]
    values = np.diagonal(t, axis1=-2, axis2=-1).copy()
    partners = np.broadcast_to(np.arange(n), values.shape).copy()
    if t.dtype.kind == "c" or n < 2:
        return values, partners
    below = np.diagonal(t, offset=-1, axis1=-2, axis2=-1)
    above = np.diagonal(t, offset=1, axis1=-2, axis2=-1)
    imaginary = np.sqrt(np.abs(below)) * np.sqrt(np.abs(above))
    values = values.astype(np.result_type(t.dtype, np.complex64))
    values.imag[..., :-1] += imaginary * (below != 0)
    values.imag[..., 1:] -= imaginary * (below != 0)
    partners[..., :-1] += below != 0
    partners[..., 1:] -= below != 0
    return values, partners


def _chosen(sort: str | Callable[..., Any], values: NDArray, partners: NDArray, real: bool) -> NDArray:
    """Return which eigenvalues are to come to the top."""
    if not callable(sort):
        chosen = _SORTS[sort](values)
    elif real:
        answers = [bool(sort(value.real, value.imag)) for value in values.ravel()]
        chosen = np.array(answers, dtype=bool).reshape(values.shape)
    else:
        chosen = np.array([bool(sort(value)) for value in values.ravel()], dtype=bool).reshape(values.shape)
    return chosen | np.take_along_axis(chosen, partners, axis=-1)
