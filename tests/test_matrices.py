"""Matrices of expressions."""

import pickle

import numpy as np
import pytest
import sympy

from mlmath_rs import calculus as sp

x, y = sp.symbols("x y")
X, Y = sympy.symbols("x y")


def test_print_as_sympys():
    ours, theirs = sp.Matrix([[x, 1], [-2, x * y]]), sympy.Matrix([[X, 1], [-2, X * Y]])
    assert str(ours) == str(theirs) and repr(ours) == repr(theirs)
    assert sp.latex(ours) == sympy.latex(theirs)
    assert repr(sp.Matrix([x, y**2])) == repr(sympy.Matrix([X, Y**2]))
    assert str(sp.Matrix([])) == str(sympy.Matrix([]))


def test_the_tutorials_directional_derivative():
    gradient = [sp.diff(f, v) for f, v in [(x**2 + y**2, x), (x**2 + y**2, y)]]
    assert str(sp.Matrix(gradient).dot(sp.Matrix([1, 1]))) == "2*x + 2*y"


def test_arithmetic_is_that_of_matrices():
    a, b = sp.Matrix([[1, x], [y, 2]]), sp.Matrix([[0, 1], [1, 0]])
    assert a + b - b == a
    assert a @ b == sp.Matrix([[x, 1], [2, y]])
    assert a * b == a @ b
    assert 2 * a == a + a
    assert a * 2 == a + a
    assert (a / 2)[0, 1] == x / 2
    assert -a == (-a).T.T
    assert b**2 == sp.eye(2)
    assert b**0 == sp.eye(2)
    assert a.subs(x, 3).diff(y) == sp.Matrix([[0, 0], [1, 0]])
    assert a.free_symbols == {x, y}


def test_parts_are_taken_as_from_sympys():
    ours, theirs = sp.Matrix(2, 3, range(6)), sympy.Matrix(2, 3, range(6))
    for key in [(0, 1), 4, -1, (slice(None), 1), (1, slice(0, 2)), slice(1, 4)]:
        assert str(ours[key]) == str(theirs[key])
    assert ours.shape == theirs.shape == (ours.rows, ours.cols)
    assert [int(entry) for entry in ours] == list(range(6)) and len(ours) == 6
    assert ours.reshape(3, 2).tolist() == [[0, 1], [2, 3], [4, 5]]
    assert np.array(ours).dtype == object


@pytest.mark.parametrize("n", [0, 1, 2, 3, 5])
def test_determinants_are_sympys(n):
    entries = [(7 * i * i + 3 * i) % 11 - 4 for i in range(n * n)]
    ours = sp.Matrix(n, n, [entry * x + i for i, entry in enumerate(entries)])
    theirs = sympy.Matrix(n, n, [entry * X + i for i, entry in enumerate(entries)])
    assert str(ours.det()) == str(sympy.expand(theirs.det()))


def test_norm_simplify_and_decimals():
    assert sp.Matrix([3, 4]).norm() == 5
    assert sp.Matrix([sp.sin(x) ** 2 + sp.cos(x) ** 2]).simplify()[0] == 1
    assert str(sp.Matrix([sp.pi]).evalf(3)) == "Matrix([[3.14]])"
    assert sp.integrate(sp.Matrix([x, 1]), (x, 0, 1)) == sp.Matrix([sp.Rational(1, 2), 1])


def test_pickle_and_hash():
    a = sp.Matrix([[1, x], [y, 2]])
    assert pickle.loads(pickle.dumps(a)) == a and len({a, a.T.T}) == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sp.Matrix([[1, 2], [3]]), "rows: expected rows of one length"),
        (lambda: sp.Matrix(2, 2, [1]), "entries: expected 4, got 1"),
        (lambda: sp.Matrix([1, 2]).dot([1]), "other: expected 2 entries"),
        (lambda: sp.Matrix([1, 2]) + sp.Matrix([1]), "other: expected shape"),
        (lambda: sp.Matrix([1, 2]) @ sp.Matrix([1, 2]), "other: expected 1 rows"),
        (lambda: sp.Matrix([1, 2]).det(), "det: expected a square matrix"),
    ],
)
def test_refuses_and_says_why(call, message):
    with pytest.raises(ValueError, match=message):
        call()
