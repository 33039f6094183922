"""Sums over indices: `einsum`, `tensordot`, chains, powers, stacks of vectors; NumPy's answers."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mlmath_rs as ml
from mlmath_rs import linalg

RNG = np.random.default_rng(0)
LENGTHS = dict(zip("abcijklmn", [2, 3, 2, 2, 3, 4, 5, 2, 3]))
SUBSCRIPTS = (
    "ij,jk->ik ij,jk ii ii->i i,i i,j ij->ji ij ba ij,ij->i bij,bjk->bik ...ij,...jk->...ik i...,i...->... "
    "ij,jk,kl->il ij,kj,kl,lm->im iij->j iij,jk->ik ij-> ij,j->i i,i,i-> i,j,k->kji "
    "ijk,ilm,njm,nlk,abc-> ... ...,... i->i ij,i-> ijkl,jk"
).split()


def numbers(shape, dtype):
    x = RNG.integers(0, 4, shape)
    return (x + (1j * RNG.integers(-4, 5, shape) if np.dtype(dtype).kind == "c" else 0)).astype(dtype)


def assert_same(got, expected, rtol=1e-6):
    assert np.shape(got) == np.shape(expected)
    assert got.dtype == expected.dtype
    np.testing.assert_allclose(got, expected, rtol=rtol)


@pytest.mark.parametrize("dtype", ["float64", "float32", "complex128", "int64", "int8", "bool"])
@pytest.mark.parametrize("subscripts", SUBSCRIPTS)
def test_einsum_is_numpys(subscripts, dtype):
    shapes = [
        [
            length
            for letter in word.replace("...", ".")
            for length in ([3, 2] if letter == "." else [LENGTHS[letter]])
        ]
        for word in subscripts.split("->")[0].split(",")
    ]
    operands = [numbers(shape, dtype) for shape in shapes]
    expected = np.einsum(subscripts, *operands)
    for optimize in [True, False]:
        assert_same(ml.einsum(subscripts, *operands, optimize=optimize), expected)


@pytest.mark.parametrize("subscripts", ["ij,ij->i", "ij,ij->ij", "ij,ij", "ij,kj->ik", "...j,...j"])
def test_einsum_broadcasts_axes_of_length_one(subscripts):
    a, b = RNG.random((1, 3)), RNG.random((4, 3))
    assert_same(ml.einsum(subscripts, a, b), np.einsum(subscripts, a, b))
    assert ml.einsum("i,i", np.ones(1), np.ones(3)) == 3


def test_einsum_takes_lists_of_axes_an_out_and_a_dtype():
    b = RNG.random((4, 3))
    assert_same(ml.einsum(b, [0, 1], b, [2, 1], [0, 2]), np.einsum(b, [0, 1], b, [2, 1], [0, 2]))
    assert_same(ml.einsum(b, [0, 1], b.T, [1, 0]), np.einsum(b, [0, 1], b.T, [1, 0]))
    out = np.empty((4, 4), np.float64)
    assert ml.einsum("ij,kj", b, b, out=out) is out
    np.testing.assert_allclose(out, b @ b.T)
    assert ml.einsum("i,i", [1, 2], [3, 4], dtype=np.float32, casting="same_kind").dtype == np.float32
    with pytest.raises(TypeError, match="according to the rule .safe."):
        ml.einsum("i,i", [1, 2], [3, 4], dtype=np.float32)
    assert ml.einsum("ij,jk", np.ones((2, 0)), np.ones((0, 3))).tolist() == [[0, 0, 0]] * 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ij,jk->il", np.ones((2, 2)), np.ones((2, 2))), "the result has 'l', which no operand has"),
        (("ij->ii", np.ones((2, 2))), "the result has 'i' twice"),
        (("ij", np.ones((2, 2, 2))), "an operand of 3 dimensions does not have the axes"),
        (("i1", np.ones((2, 2))), "expected letters, got '1'"),
        (("ij", np.ones((2, 2)), np.ones((2, 2))), "1 operands are named, 2 were given"),
        (("ij,jk", np.ones((2, 3)), np.ones((2, 3))), "axes 'j' have lengths 3 and 2"),
        (("ii", np.ones((2, 3))), r"axes 'i' of one operand have lengths \(2, 3\)"),
    ],
)
def test_subscripts_that_do_not_fit_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        ml.einsum(*arguments)


@pytest.mark.parametrize("axes", [0, 1, 2, (1, 1), ([1, 0], [1, 0]), ([-1], [-1]), ([], [])])
def test_tensordot_is_numpys(axes):
    a, b = numbers((4, 4, 4), "int64"), numbers((4, 4, 4), "int64")
    assert_same(ml.tensordot(a, b, axes), np.tensordot(a, b, axes))
    assert_same(linalg.tensordot(a.T[::2], b.T[::2], axes=0), np.tensordot(a.T[::2], b.T[::2], axes=0))


def test_tensordot_refuses_axes_that_do_not_fit():
    with pytest.raises(ValueError, match="shape-mismatch for sum"):
        ml.tensordot(np.ones((2, 3)), np.ones((2, 3)), 1)
    with pytest.raises(ValueError, match="an axis is given twice"):
        ml.tensordot(np.ones((2, 2)), np.ones((2, 2)), ([0, 0], [0, 1]))
    with pytest.raises(np.exceptions.AxisError):
        ml.tensordot(np.ones(2), np.ones(2), ([1], [0]))


@pytest.mark.parametrize("dtype", ["float64", "complex64", "int16"])
@pytest.mark.parametrize(("matrices", "vectors"), [((4, 3), (3,)), ((5, 4, 3), (5, 3)), ((4, 3), (6, 1, 3))])
def test_stacks_of_vectors_are_numpys(matrices, vectors, dtype):
    a, x = numbers(matrices, dtype), numbers(vectors, dtype)
    assert_same(ml.matvec(a, x), np.matvec(a, x))
    assert_same(ml.vecmat(x, a.swapaxes(-1, -2)), np.vecmat(x, a.swapaxes(-1, -2)))


def test_stacks_of_vectors_need_vectors_and_matrices():
    with pytest.raises(ValueError, match="expected matrices and vectors, got 1 and 1"):
        ml.matvec([1, 2], [1, 2])
    with pytest.raises(ValueError, match="expected vectors and matrices, got 1 and 1"):
        ml.vecmat([1, 2], [1, 2])


@pytest.mark.parametrize("n", [-3, -1, 0, 1, 2, 3, 10, 13])
@pytest.mark.parametrize("shape", [(3, 3), (2, 3, 3), (0, 0), (0, 2, 2)])
def test_powers_are_numpys(n, shape):
    a = RNG.standard_normal(shape) + 2 * np.eye(shape[-1])
    assert_same(linalg.matrix_power(a, n), np.linalg.matrix_power(a, n), rtol=1e-10)
    if n >= 0:
        b = numbers(shape, "int32")
        np.testing.assert_array_equal(linalg.matrix_power(b, n), np.linalg.matrix_power(b, n))


def test_a_power_is_no_view_and_needs_a_square_matrix_and_an_integer():
    a = np.eye(2)
    assert not np.shares_memory(linalg.matrix_power(a, 1), a)
    with pytest.raises(np.linalg.LinAlgError, match=r"square matrices, got shape \(2, 3\)"):
        linalg.matrix_power(np.ones((2, 3)), 2)
    with pytest.raises(TypeError, match="exponent must be an integer, got 0.5"):
        linalg.matrix_power(a, 0.5)
    with pytest.raises(np.linalg.LinAlgError, match="Singular"):
        linalg.matrix_power(np.zeros((2, 2)), -1)


@given(st.lists(st.integers(1, 6), min_size=3, max_size=7), st.booleans(), st.booleans())
def test_chains_are_the_product_in_any_order(sizes, row, column):
    rng = np.random.default_rng(sum(sizes))
    arrays = [rng.standard_normal(shape) for shape in itertools.pairwise(sizes)]
    arrays[0] = arrays[0][0] if row else arrays[0]
    arrays[-1] = arrays[-1][:, 0] if column else arrays[-1]
    got, expected = linalg.multi_dot(arrays), np.linalg.multi_dot(arrays)
    assert np.shape(got) == np.shape(expected)
    np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-10)


def test_chains_are_cut_where_that_costs_least():
    from mlmath_rs.linalg.products import _best_cuts

    # The example of the book: 30x35, 35x15, 15x5, 5x10, 10x20, 20x25.
    cuts = _best_cuts([30, 35, 15, 5, 10, 20, 25])
    assert (cuts[0, 5], cuts[0, 2], cuts[3, 5]) == (2, 0, 4)


def test_what_is_no_chain_is_refused():
    with pytest.raises(ValueError, match="at least two arrays, got 1"):
        linalg.multi_dot([np.eye(2)])
    with pytest.raises(np.linalg.LinAlgError, match="two dimensions of array 1, got 1"):
        linalg.multi_dot([np.eye(2), np.ones(2), np.eye(2)])
    with pytest.raises(ValueError, match="do not fit"):
        linalg.multi_dot([np.eye(2), np.eye(3)])
    out = np.empty((2, 2))
    assert linalg.multi_dot([np.eye(2), np.eye(2)], out=out) is out


@pytest.mark.parametrize("dtype", ["float64", "complex64", "int16", "bool", "float16"])
@pytest.mark.parametrize("shape", [(1, 1), (31, 33), (300, 257), (2, 3, 5, 7), (0, 3), (2, 3, 0)])
def test_transposed_copies_are_copies_in_c_order(shape, dtype):
    x = numbers(shape, dtype)
    for y in [x, x.swapaxes(-1, -2), x[..., ::-1, ::2]]:
        got = linalg.transpose_copy(y)
        assert_same(got, y.swapaxes(-1, -2))
        assert got.flags.c_contiguous
        assert not np.shares_memory(got, x)
    np.testing.assert_array_equal(linalg.transpose_copy(x, threads=3), x.swapaxes(-1, -2))
    with pytest.raises(ValueError, match="at least two dimensions, got 1"):
        linalg.transpose_copy([1, 2])


@pytest.mark.parametrize("operands", [2, 3])
@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"casting": "bad"}, ValueError, "casting: expected 'no', .*, got 'bad'"),
        ({"order": "Z"}, ValueError, "order: expected 'K', 'A', 'C' or 'F', got 'Z'"),
        ({"optimize": "gredy"}, ValueError, "optimize: expected True, False, 'greedy', .*, got 'gredy'"),
        ({"optimize": [1, 2]}, ValueError, r"optimize: expected .*, got \[1, 2\]"),
        ({"optimize": ["einsum_path", (0, 5)]}, ValueError, r"optimize: expected places of . operands"),
        ({"optimize": ["einsum_path", 1]}, ValueError, r"optimize: expected places of . operands.*got 1"),
        ({"dtype": "foo"}, TypeError, "dtype: expected the name of an element type, got 'foo'"),
    ],
)
def test_options_that_einsum_has_not_are_refused(options, error, message, operands):
    with pytest.raises(error, match=message):
        ml.einsum("ij,jk,kl"[: 3 * operands - 1], *[np.eye(2)] * operands, **options)


def test_einsum_takes_numpys_paths():
    operands = [RNG.random((3, 4)), RNG.random((4, 5)), RNG.random((5, 2)), RNG.random((2, 3))]
    expected = np.einsum("ij,jk,kl,lm->im", *operands)
    path = np.einsum_path("ij,jk,kl,lm->im", *operands, optimize="optimal")[0]
    whole = ["einsum_path", (0, 1, 2, 3)]
    for optimize in (path, whole, ["einsum_path", (1, 3)], "optimal", ("greedy", 1e6), None, np.True_):
        np.testing.assert_allclose(ml.einsum("ij,jk,kl,lm->im", *operands, optimize=optimize), expected)


@pytest.mark.parametrize("arguments", [(5, np.eye(2), np.eye(2)), (5, np.eye(2)), (np.eye(2), 5)])
def test_einsum_without_subscripts_says_what_it_takes(arguments):
    with pytest.raises(TypeError, match="einsum: expected subscripts such as 'ij,jk->ik' first"):
        ml.einsum(*arguments)
