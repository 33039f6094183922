"""Integrals of expressions, checked by their derivatives and by quadrature."""

import mpmath
import pytest
import sympy

from mlmath_rs import calculus as sp

x, y, a = sp.symbols("x y a")
R = sp.Rational

INTEGRANDS = [
    x**3 - 2 * x + R(1, 2),
    (2 * x + 1) ** 5,
    1 / (3 * x + 2),
    sp.sqrt(x + 1),
    1 / sp.sqrt(1 - x**2),
    1 / sp.sqrt(x**2 + 4),
    sp.exp(3 * x - 1),
    2**x,
    sp.log(2 * x + 1),
    sp.sin(2 * x) + sp.cos(x / 3),
    sp.tan(x),
    sp.tanh(x),
    sp.atan(2 * x),
    sp.asin(x),
    sp.erf(x),
    x * sp.exp(x),
    x**3 * sp.exp(-2 * x),
    x**2 * sp.sin(x),
    x * sp.cosh(x),
    x**2 * sp.log(x),
    sp.log(x + 1) ** 2,
    x * sp.atan(x),
    sp.exp(-x) * sp.sin(2 * x),
    sp.sin(x) ** 2,
    sp.sin(x) ** 3 * sp.cos(x) ** 2,
    sp.sin(x) * sp.cos(3 * x),
    sp.cos(x) ** 4,
    sp.exp(-(x**2)),
    sp.exp(-(x**2) + x),
    x * sp.exp(-(x**2)),
    x / (x**2 + 1),
    1 / (x**2 + 1),
    1 / (x**2 + x + 1),
    1 / (x**3 + 1),
    1 / (x**4 + 4),
    x**3 / (x + 1),
    (x + 2) / ((x + 1) ** 2 * (x**2 + 1)),
    1 / (x**2 + 3 * x + 1),
    sp.cos(x) * sp.exp(sp.sin(x)),
    sp.log(x + 1) / (x + 1),
    1 / ((x + 1) * sp.log(x + 2)) * (x + 1) / (x + 2),
    x * sp.sqrt(x**2 + 1),
    (sp.exp(x) + 1) ** 2,
    sp.exp(x) / (1 + sp.exp(x)),
    (x + 1) * (x - 2) * sp.exp(x),
    sp.Abs(x + 1),
]


@pytest.mark.parametrize("f", INTEGRANDS, ids=str)
def test_the_derivative_of_an_integral_is_the_integrand(f):
    back = sp.diff(sp.integrate(f, x), x)
    for point in (R(1, 5), R(1, 3), R(4, 5)):
        assert float(back.subs(x, point)) == pytest.approx(float(f.subs(x, point)), rel=1e-10)


@pytest.mark.parametrize("f", INTEGRANDS, ids=str)
def test_definite_integrals_are_those_of_quadrature(f):
    text = sympy.lambdify(sympy.Symbol("x"), sympy.sympify(str(f)), "mpmath")
    expected = mpmath.quad(text, [mpmath.mpf(1) / 10, mpmath.mpf(9) / 10])
    assert float(sp.integrate(f, (x, R(1, 10), R(9, 10)))) == pytest.approx(float(expected), rel=1e-10)


@pytest.mark.parametrize(
    ("f", "limits", "expected"),
    [
        (x**2, (x, 0, 1), "1/3"),
        (x**2, (x, 1, 0), "-1/3"),
        (x**2 + y, (x, 0, 1), "y + 1/3"),
        (sp.sin(x), (x, 0, sp.pi), "2"),
        (sp.exp(-x), (x, 0, sp.oo), "1"),
        (x**4 * sp.exp(-x), (x, 0, sp.oo), "24"),
        (sp.exp(-(x**2)), (x, -sp.oo, sp.oo), "sqrt(pi)"),
        (sp.exp(-(x**2) / 2), (x, -sp.oo, sp.oo), "sqrt(2)*sqrt(pi)"),
        (1 / x**2, (x, 1, sp.oo), "1"),
        (1 / (x**2 + 1), (x, -sp.oo, sp.oo), "pi"),
        (1 / sp.sqrt(x), (x, 0, 1), "2"),
        (sp.log(x), (x, 0, 1), "-1"),
        (x * sp.log(x), (x, 0, 1), "-1/4"),
        (1 / x, (x, 1, sp.oo), "oo"),
        (1 / sp.sqrt(1 - x**2), (x, -1, 1), "pi"),
        (sp.S(3), (x, 0, a), "3*a"),
    ],
    ids=str,
)
def test_definite_integrals_are_exact(f, limits, expected):
    assert str(sp.integrate(f, limits)) == expected


def test_several_variables_are_integrated_in_turn():
    assert sp.integrate(x * y, (x, 0, y), (y, 0, 1)) == R(1, 8)
    assert sp.integrate(x * y, x, y) == x**2 * y**2 / 4
    assert (x * y).integrate(x) == x**2 * y / 2
    assert sp.integrate(x**2) == x**3 / 3


@pytest.mark.parametrize(
    ("f", "limits"),
    [
        (sp.exp(sp.exp(x)), x),
        (x**x, x),
        (sp.sin(x) / x, x),
        (1 / x, (x, -1, 1)),
        (1 / x**2, (x, -1, 1)),
        (1 / (x - R(1, 3)) ** 2, (x, 0, 1)),
        (sp.sin(x), (x, 0, sp.oo)),
    ],
    ids=str,
)
def test_what_has_no_closed_form_or_does_not_exist_is_refused(f, limits):
    with pytest.raises(NotImplementedError, match="integrate"):
        sp.integrate(f, limits)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((x * y,), ValueError, "symbols: expected the variable"),
        ((x, (x, 0)), ValueError, "symbols: expected a symbol or"),
        ((x, (2, 0, 1)), ValueError, "symbols: expected a symbol or"),
        (("x", x), TypeError, "value: expected an expression"),
    ],
)
def test_refuses_and_says_why(arguments, error, message):
    with pytest.raises(error, match=message):
        sp.integrate(*arguments)
