//! Polynomials in one variable, dense, the constant first.

use super::expand::{expand, terms};
use super::expression::{Expression, Kind};
use super::number::Number;
use super::power::power;
use super::product::product;
use super::sum::sum;
use crate::{Control, Error};

/// Polynomials of a higher degree are left alone.
const HIGHEST: i64 = 400;

/// The coefficients of `expression` as a polynomial in `x`, or `None` where it is none.
pub(super) fn coefficients(
    expression: &Expression,
    x: &Expression,
    control: &Control,
) -> Result<Option<Vec<Expression>>, Error> {
    if !expression.has(x) {
        return Ok(Some(vec![expression.clone()]));
    }
    let mut found = vec![Vec::new()];
    for term in terms(&expand(expression, control)?) {
        let Some((degree, coefficient)) = monomial(&term, x) else { return Ok(None) };
        if degree >= found.len() {
            found.resize(degree + 1, Vec::new());
        }
        found[degree].push(coefficient);
    }
    let mut found: Vec<Expression> = found.into_iter().map(sum).collect();
    while found.len() > 1 && found.last().is_some_and(|leading| leading.is_integer(0)) {
        found.pop();
    }
    Ok(Some(found))
}

/// Degree and coefficient of `c * x**n`.
fn monomial(term: &Expression, x: &Expression) -> Option<(usize, Expression)> {
    if term == x {
        return Some((1, Expression::one()));
    }
    match term.kind() {
        _ if !term.has(x) => Some((0, term.clone())),
        Kind::Power(base, exponent) if base == x => {
            let degree = exponent.as_number()?.to_i64().filter(|n| (0..=HIGHEST).contains(n))?;
            Some((usize::try_from(degree).ok()?, Expression::one()))
        }
        Kind::Product(coefficient, factors) => {
            let mut degree = 0;
            let mut free = vec![Expression::number(coefficient.clone())];
            for factor in factors {
                let (more, other) = monomial(factor, x)?;
                degree += more;
                free.push(other);
            }
            Some((degree, product(free)))
        }
        _ => None,
    }
}

/// Slope and constant of a linear function of `x`.
pub(super) fn linear(
    expression: &Expression,
    x: &Expression,
    control: &Control,
) -> Result<Option<(Expression, Expression)>, Error> {
    if expression == x {
        return Ok(Some((Expression::one(), Expression::zero())));
    }
    let plain = matches!(expression.kind(), Kind::Sum(..) | Kind::Product(..));
    if !plain {
        return Ok(None);
    }
    Ok(coefficients(expression, x, control)?.and_then(|found| match &found[..] {
        [constant, slope] => Some((slope.clone(), constant.clone())),
        _ => None,
    }))
}

/// The polynomial as an expression.
pub(super) fn expression_of(coefficients: &[Expression], x: &Expression) -> Expression {
    sum(coefficients.iter().enumerate().map(|(n, c)| c * &power(x, &Expression::integer(n as i64))))
}

/// A polynomial whose coefficients are rational numbers, without leading zeros; none is zero.
pub(super) type Exact = Vec<Number>;

/// The coefficients as rational numbers, where they are.
pub(super) fn exact(coefficients: &[Expression]) -> Option<Exact> {
    coefficients.iter().map(|c| c.as_number().filter(|n| n.is_rational()).cloned()).collect()
}

fn trimmed(mut p: Exact) -> Exact {
    while p.last().is_some_and(Number::is_zero) {
        p.pop();
    }
    p
}

/// Quotient and remainder; `q` is not zero.
pub(super) fn divided(p: &Exact, q: &Exact) -> (Exact, Exact) {
    let mut rest = trimmed(p.clone());
    let Some(leading) = q.last().map(Number::inverse) else { return (Vec::new(), rest) };
    let mut quotient = vec![Number::ZERO; (rest.len() + 1).saturating_sub(q.len())];
    while rest.len() >= q.len() {
        let shift = rest.len() - q.len();
        let factor = rest[rest.len() - 1].times(&leading);
        for (i, c) in q.iter().enumerate() {
            rest[shift + i] = rest[shift + i].plus(&c.times(&factor).negated());
        }
        quotient[shift] = factor;
        rest.pop();
        rest = trimmed(rest);
    }
    (trimmed(quotient), rest)
}

/// The product.
pub(super) fn multiplied(p: &Exact, q: &Exact) -> Exact {
    if p.is_empty() || q.is_empty() {
        return Vec::new();
    }
    let mut made = vec![Number::ZERO; p.len() + q.len() - 1];
    for (i, a) in p.iter().enumerate() {
        for (j, b) in q.iter().enumerate() {
            made[i + j] = made[i + j].plus(&a.times(b));
        }
    }
    made
}

/// The monic greatest common divisor.
pub(super) fn common_divisor(p: &Exact, q: &Exact) -> Exact {
    let (mut a, mut b) = (trimmed(p.clone()), trimmed(q.clone()));
    while !b.is_empty() {
        let rest = divided(&a, &b).1;
        a = std::mem::replace(&mut b, rest);
    }
    monic(a)
}

/// The polynomial over its leading coefficient.
pub(super) fn monic(p: Exact) -> Exact {
    let Some(leading) = p.last().map(Number::inverse) else { return p };
    p.iter().map(|c| c.times(&leading)).collect()
}

/// The derivative.
pub(super) fn derivative(p: &Exact) -> Exact {
    p.iter().enumerate().skip(1).map(|(n, c)| c.times(&Number::integer(n as i64))).collect()
}

/// The rational roots of a polynomial without repeated ones, as far as small divisors show them.
pub(super) fn rational_roots(p: &Exact) -> Vec<Number> {
    let whole = integral(p);
    let (Some(first), Some(last)) = (whole.iter().find(|c| !c.is_zero()), whole.last()) else {
        return Vec::new();
    };
    let mut roots = Vec::new();
    if whole[0].is_zero() {
        roots.push(Number::ZERO);
    }
    for numerator in divisors(first) {
        for denominator in divisors(last) {
            for sign in [1, -1] {
                let root = Number::ratio(i128::from(sign * numerator), i128::from(denominator));
                if !roots.contains(&root) && value(p, &root).is_zero() {
                    roots.push(root);
                }
            }
        }
    }
    roots
}

/// The value at `x`, by Horner's rule.
fn value(p: &Exact, x: &Number) -> Number {
    p.iter().rev().fold(Number::ZERO, |total, c| total.times(x).plus(c))
}

/// The polynomial over the content of its coefficients' denominators.
fn integral(p: &Exact) -> Exact {
    let common = p.iter().filter_map(Number::parts).fold(Number::ONE, |all, (_, d)| {
        let shared = all.times(&d.inverse());
        match shared.parts() {
            Some((_, missing)) => all.times(&missing),
            None => all,
        }
    });
    p.iter().map(|c| c.times(&common)).collect()
}

fn divisors(n: &Number) -> Vec<i64> {
    // Enough for what is written by hand.
    const LARGEST: i64 = 1_000_000;
    let Some(n) = n.magnitude().to_i64().filter(|n| *n <= LARGEST) else { return vec![1] };
    (1..=n).filter(|d| n % d == 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poly(coefficients: &[i64]) -> Exact {
        coefficients.iter().map(|&c| Number::integer(c)).collect()
    }

    #[test]
    fn division_gives_back_what_was_multiplied() {
        let (p, q) = (poly(&[1, -3, 0, 2]), poly(&[-1, 5]));
        let (quotient, rest) = divided(&multiplied(&p, &q), &q);
        assert_eq!((quotient, rest), (p, Vec::new()));
    }

    #[test]
    fn the_common_divisor_divides_both() {
        let (p, q) = (poly(&[-1, 0, 1]), poly(&[1, -2, 1]));
        assert_eq!(common_divisor(&p, &q), poly(&[-1, 1]));
    }

    #[test]
    fn rational_roots_are_found() {
        let p = multiplied(&multiplied(&poly(&[-1, 2]), &poly(&[3, 1])), &poly(&[1, 0, 1]));
        let mut roots = rational_roots(&p);
        roots.sort_by(Number::compare);
        assert_eq!(roots, [Number::integer(-3), Number::HALF]);
    }
}
