"""Random expressions: built beside SymPy's, differentiated, substituted, compiled."""

import math
import pickle

import mpmath
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mlmath_rs import calculus as sp

NAMES = "xyz"
POINT = {"x": sympy.Rational(3, 7), "y": sympy.Rational(5, 4), "z": sympy.Rational(-2, 3)}
FUNCTIONS = "exp sin cos tan atan tanh sinh cosh sqrt log".split()


def leaves():
    """A symbol, a small integer or a fraction, as code."""
    numbers = st.tuples(st.integers(-4, 4), st.integers(1, 3)).map(lambda n: f"Rational{n}")
    return st.one_of(st.sampled_from(list(NAMES)), st.sampled_from(list(NAMES)), numbers)


def grown(inner):
    """Sums, products, powers and functions of expressions, as code."""
    return st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, st.integers(-2, 3)).map(lambda t: f"({t[0]})**({t[1]})"),
        st.tuples(st.sampled_from(FUNCTIONS), inner).map(lambda t: f"{t[0]}({t[1]})"),
    )


CODE = st.recursive(leaves(), grown, max_leaves=7)


def made(library, code):
    """Return the expression that `code` makes with `library`."""
    names = {name: getattr(library, name) for name in [*FUNCTIONS, "Rational"]}
    names.update(zip(NAMES, library.symbols(" ".join(NAMES))))
    return library.sympify(eval(code, names))


def both(code):
    """Return the expression of SymPy and ours; those that hold no real number are left out."""
    theirs, ours = made(sympy, code), made(sp, code)
    assume(not theirs.has(sympy.zoo, sympy.nan, sympy.oo, sympy.I))
    return theirs, ours


def value(theirs):
    """Return what SymPy says the value is at the point, where it is a real one of usual size."""
    found = theirs.subs({sympy.Symbol(name): number for name, number in POINT.items()}).evalf(30)
    assume(found.is_Float or found.is_Integer or found.is_Rational)
    found = float(found)
    assume(1e-8 < abs(found) < 1e8)
    return found


def at_point(ours):
    """Return the value at the point, which is a number."""
    return float(
        ours.subs({name: sp.Rational(n.p, n.q) for name, n in zip(sp.symbols("x y z"), POINT.values())})
    )


@settings(max_examples=300, deadline=None)
@given(CODE)
def test_values_are_sympys(code):
    theirs, ours = both(code)
    expected = value(theirs)
    assert at_point(ours) == pytest.approx(expected, rel=1e-9)


@settings(max_examples=200, deadline=None)
@given(CODE)
def test_derivatives_have_the_values_of_sympys(code):
    theirs, ours = both(code)
    expected = value(sympy.diff(theirs, sympy.Symbol("x")))
    assert at_point(sp.diff(ours, sp.symbols("x"))) == pytest.approx(expected, rel=1e-8)


@settings(max_examples=200, deadline=None)
@given(CODE)
def test_text_read_by_sympy_has_the_same_value(code):
    theirs, ours = both(code)
    expected = value(theirs)
    read = sympy.sympify(str(ours))
    assert value(read) == pytest.approx(expected, rel=1e-12)


@settings(max_examples=200, deadline=None)
@given(CODE)
def test_what_is_multiplied_out_or_simplified_keeps_its_value(code):
    theirs, ours = both(code)
    expected = value(theirs)
    assert at_point(sp.expand(ours)) == pytest.approx(expected, rel=1e-7)
    assert at_point(sp.simplify(ours)) == pytest.approx(expected, rel=1e-7)


@settings(max_examples=100, deadline=None)
@given(CODE)
def test_pickles_and_hashes_survive(code):
    ours = made(sp, code)
    copy = pickle.loads(pickle.dumps(ours))
    assert copy == ours and hash(copy) == hash(ours) and str(copy) == str(ours)


@settings(max_examples=100, deadline=None)
@given(CODE, CODE)
def test_sums_and_products_do_not_depend_on_the_order(first, second):
    a, b = made(sp, first), made(sp, second)
    assert a + b == b + a and a * b == b * a
    assert hash(a + b) == hash(b + a)


@settings(max_examples=60, deadline=None)
@given(st.fractions(), st.fractions(), st.integers(-5, 5))
def test_rationals_compute_as_pythons(a, b, n):
    p, q = sp.sympify(a), sp.sympify(b)
    assert p + q == a + b and p * q == a * b and p - q == a - b
    if b:
        assert p / q == a / b
    if a:
        assert p**n == a**n
    assert float(p) == float(a)
    assert (p < q) is (a < b)


@pytest.mark.parametrize("name", ["erf", *FUNCTIONS])
def test_functions_have_the_values_of_mpmath(name):
    for x in (0.3, 0.9, 1.7):
        ours = float(getattr(sp, name)(sp.Float(x)))
        assert math.isclose(ours, float(getattr(mpmath, name)(mpmath.mpf(x))), rel_tol=1e-14)
