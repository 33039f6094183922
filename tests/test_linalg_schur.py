"""Schur forms: similar, unitary, in standard blocks, in any order."""

import numpy as np
import pytest

from mlmath_rs import linalg

RNG = np.random.default_rng(9)
DTYPES = ["float64", "float32", "complex128", "complex64"]


def random(shape, dtype="float64"):
    x = RNG.standard_normal(shape)
    return (x + 1j * RNG.standard_normal(shape) if np.dtype(dtype).kind == "c" else x).astype(dtype)


def assert_schur(a, t, z, real):
    n = a.shape[-1]
    eps = np.finfo(t.dtype).eps
    adjoint = z.conj().swapaxes(-1, -2)
    size = max(np.abs(a).max(initial=0), np.finfo(t.dtype).tiny)
    assert np.abs(z @ t @ adjoint - a).max(initial=0) <= 30 * n * eps * size
    assert np.abs(adjoint @ z - np.eye(n)).max(initial=0) <= 30 * n * eps
    assert not np.tril(t, -2 if real else -1).any()
    for k in np.flatnonzero(np.diagonal(t, -1)):
        assert t[k, k] == t[k + 1, k + 1]
        assert np.sign(t[k, k + 1]) * np.sign(t[k + 1, k]) < 0
        assert k + 2 >= n or t[k + 2, k + 1] == 0


GALLERY = {
    "zero": np.zeros((4, 4)),
    "identity": np.eye(5),
    "rotation": np.array([[0.0, -1.0], [1.0, 0.0]]),
    "jordan": np.eye(6) + np.eye(6, k=1),
    "companion": np.eye(7, k=-1) + np.outer(np.ones(7), np.eye(7)[-1]),
    "graded": 10.0 ** -np.add.outer(np.arange(8.0), 2 * np.arange(8.0)),
    "hilbert": 1 / (1 + np.add.outer(np.arange(9.0), np.arange(9.0))),
    "integers": np.array([[1, 0, 0, 0], [1, -1, 0, 1], [1, 0, 1, 0], [-1, 0, 0, 1.0]]),
    "tiny": 1e-300 * RNG.standard_normal((5, 5)),
    "huge": 1e300 * RNG.standard_normal((5, 5)),
}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n", [0, 1, 2, 3, 8, 40])
def test_forms_are_similar_by_unitary_matrices(n, dtype):
    a = random((n, n), dtype)
    real = a.dtype.kind == "f"
    t, z = linalg.schur(a)
    assert t.dtype == z.dtype == a.dtype
    assert_schur(a, t, z, real)
    t, z = linalg.schur(a, "complex")
    assert t.dtype == np.result_type(a.dtype, np.complex64)
    assert_schur(a, t, z, False)


@pytest.mark.parametrize("name", GALLERY)
def test_forms_of_the_gallery(name):
    for output in ("real", "complex"):
        t, z = linalg.schur(GALLERY[name], output)
        assert_schur(GALLERY[name], t, z, output == "real")


@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e300])
def test_order_does_not_depend_on_scale(scale):
    a = RNG.standard_normal((9, 9))
    for output in ("real", "complex"):
        for sort in ("lhp", "rhp"):
            t, z, sdim = linalg.schur(a * scale, output, sort=sort)
            assert_schur(a * scale, t, z, output == "real")
            assert sdim == linalg.schur(a, output, sort=sort)[2]


def values_of(t):
    values = np.diagonal(t).astype(complex)
    for k in np.flatnonzero(np.diagonal(t, -1)):
        part = np.sqrt(-t[k, k + 1] * t[k + 1, k]) * 1j
        values[k], values[k + 1] = values[k] + part, values[k + 1] - part
    return values


RULES = {
    "lhp": lambda z: z.real < 0,
    "rhp": lambda z: z.real >= 0,
    "iuc": lambda z: abs(z) <= 1,
    "ouc": lambda z: abs(z) > 1,
}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("sort", RULES)
@pytest.mark.parametrize("n", [1, 2, 5, 12, 30])
def test_the_chosen_eigenvalues_stand_at_the_top(n, sort, dtype):
    scipy = pytest.importorskip("scipy.linalg")
    a = random((n, n), dtype) / np.sqrt(n).astype(dtype)
    t, z, sdim = linalg.schur(a, sort=sort)
    assert_schur(a, t, z, a.dtype.kind == "f")
    assert sdim == scipy.schur(a, sort=sort)[2]
    assert [RULES[sort](value) for value in values_of(t)] == [k < sdim for k in range(n)]
    expected, ours = np.linalg.eigvals(a), values_of(t)
    nearest = np.abs(ours[:, None] - expected).min(axis=0)
    assert nearest.max() < 1e-8 if np.finfo(t.dtype).eps < 1e-10 else nearest.max() < 1e-2


def test_functions_choose_by_parts_or_by_value_and_pairs_stay_together():
    a = random((6, 6))
    t, z, sdim = linalg.schur(a, sort=lambda re, im: im > 0)
    assert_schur(a, t, z, True)
    assert sdim == np.count_nonzero(np.linalg.eigvals(a).imag)
    t, z, sdim = linalg.schur(a, "complex", sort=lambda value: value.imag > 1e-15)
    assert_schur(a, t, z, False)
    assert sdim == np.count_nonzero(np.linalg.eigvals(a).imag > 1e-15)


def test_stacks_are_their_slices_for_any_number_of_threads():
    a = random((2, 3, 7, 7))
    for options in ({}, {"sort": "lhp"}, {"output": "complex", "sort": "rhp"}):
        whole = linalg.schur(a[:, ::-1], **options)
        for index in np.ndindex(2, 3):
            for ours, one in zip(whole, linalg.schur(a[:, ::-1][index], **options)):
                np.testing.assert_array_equal(ours[index], one)
        for threads in (1, 2, 3):
            for ours, again in zip(whole, linalg.schur(a[:, ::-1], threads=threads, **options)):
                np.testing.assert_array_equal(ours, again)


def test_what_has_no_schur_form_and_other_words_are_refused():
    with pytest.raises(np.linalg.LinAlgError, match="a: expected square matrices"):
        linalg.schur(np.ones((2, 3)))
    with pytest.raises(np.linalg.LinAlgError, match="a: expected finite numbers"):
        linalg.schur([[np.inf, 0], [0, 1]])
    with pytest.raises(ValueError, match="output: expected 'real', 'complex', 'r' or 'c', got 'x'"):
        linalg.schur(np.eye(2), "x")
    with pytest.raises(ValueError, match="sort: expected None, 'lhp', 'rhp', 'iuc' or 'ouc', got 'left'"):
        linalg.schur(np.eye(2), sort="left")
    with pytest.raises(ValueError, match="lwork: expected None"):
        linalg.schur(np.eye(2), lwork=7)
    before = np.arange(9.0).reshape(3, 3)
    after = before.copy()
    linalg.schur(after, overwrite_a=True)
    np.testing.assert_array_equal(before, after)


def test_functions_that_do_not_take_what_the_form_calls_for_are_refused():
    with pytest.raises(TypeError, match=r"sort: expected a function sort\(re, im\).* got sort\(value\)"):
        linalg.schur(np.eye(2), sort=lambda value: value.real < 0)
    with pytest.raises(TypeError, match=r"sort: expected a function sort\(value\).* got sort\(re, im\)"):
        linalg.schur(np.eye(2), "c", sort=lambda re, im: re < 0)


def test_scipys_short_forms_are_the_words():
    a = random((4, 4))
    for short, word in (("r", "real"), ("c", "complex")):
        np.testing.assert_array_equal(linalg.schur(a, short)[0], linalg.schur(a, word)[0])
