//! Antiderivatives of products of sines, cosines and exponentials of linear arguments.

use super::expand::expand;
use super::expression::{Expression, Kind};
use super::integrate::{Found, Search, inverse, whole};
use super::polynomial::linear;
use super::power::power;
use super::product::product;
use super::sum::sum;
use super::{Function, call};

/// The antiderivative of `f`, where it is such a product.
pub(super) fn of(search: Search<'_>, f: &Expression) -> Found {
    let factors = match f.kind() {
        Kind::Product(_, factors) => factors.to_vec(),
        _ => vec![f.clone()],
    };
    if let Some(found) = exponential_times_wave(search, &factors)? {
        return Ok(Some(found));
    }
    let Some((argument, sines, cosines)) = powers_of_one_angle(&factors) else {
        return two_angles(search, &factors);
    };
    let Some((slope, _)) = linear(&argument, search.x, search.control)? else { return Ok(None) };
    let found = of_powers(&argument, sines, cosines);
    Ok(found.map(|found| &expanded(search, &found) / &slope).filter(|found| found.has(search.x)))
}

fn expanded(search: Search<'_>, found: &Expression) -> Expression {
    expand(found, search.control).unwrap_or_else(|_| found.clone())
}

/// Sines and cosines of one argument: the argument and the two exponents.
fn powers_of_one_angle(factors: &[Expression]) -> Option<(Expression, i64, i64)> {
    let (mut angle, mut sines, mut cosines) = (None, 0, 0);
    for factor in factors {
        let (base, exponent) = match factor.kind() {
            Kind::Power(base, exponent) => (base, whole(exponent)?),
            _ => (factor, 1),
        };
        let Kind::Call(function, argument) = base.kind() else { return None };
        if angle.get_or_insert_with(|| argument.clone()) != argument {
            return None;
        }
        match function {
            Function::Sin => sines += exponent,
            Function::Cos => cosines += exponent,
            Function::Tan => {
                sines += exponent;
                cosines -= exponent;
            }
            _ => return None,
        }
    }
    // Long reductions are of no use to anyone.
    (sines.abs() + cosines.abs() <= 40).then_some((angle?, sines, cosines))
}

/// The antiderivative of `sin(u)**m * cos(u)**n` with respect to `u`.
///
/// I. S. Gradshteyn and I. M. Ryzhik, "Table of Integrals, Series, and Products", 2.510.
fn of_powers(u: &Expression, m: i64, n: i64) -> Option<Expression> {
    let (sine, cosine) = (call(Function::Sin, u), call(Function::Cos, u));
    let raised = |base: &Expression, exponent: i64| power(base, &Expression::integer(exponent));
    match (m, n) {
        (0, 0) => Some(u.clone()),
        (1, 0) => Some(-&cosine),
        (0, 1) => Some(sine),
        (0, -2) => Some(&sine / &cosine),
        (-2, 0) => Some(-&(&cosine / &sine)),
        (1, n) if n != -1 => Some(-&(&raised(&cosine, n + 1) * &Expression::ratio(1, n + 1))),
        (m, 1) if m != -1 => Some(&raised(&sine, m + 1) * &Expression::ratio(1, m + 1)),
        (1, -1) => Some(-&call(Function::Log, &cosine)),
        (-1, 1) => Some(call(Function::Log, &sine)),
        (m, n) if n >= 2 && m >= 0 => {
            let rest = of_powers(u, m, n - 2)?;
            let first = &raised(&sine, m + 1) * &raised(&cosine, n - 1);
            Some(&(&first * &Expression::ratio(1, m + n)) + &(&rest * &Expression::ratio(n - 1, m + n)))
        }
        (m, 0) if m >= 2 => {
            let rest = of_powers(u, m - 2, 0)?;
            let first = &raised(&sine, m - 1) * &cosine;
            Some(&(&rest * &Expression::ratio(m - 1, m)) - &(&first * &Expression::ratio(1, m)))
        }
        (m, n) if m >= 2 && n < -1 => {
            let rest = of_powers(u, m - 2, n + 2)?;
            let first = &raised(&sine, m - 1) * &raised(&cosine, n + 1);
            Some(&(&rest * &Expression::ratio(m - 1, n + 1)) - &(&first * &Expression::ratio(1, n + 1)))
        }
        _ => None,
    }
}

/// The waves of two arguments: `sin(a)*cos(b)` is half of `sin(a + b) + sin(a - b)`.
fn two_angles(search: Search<'_>, factors: &[Expression]) -> Found {
    let [a, b] = factors else { return Ok(None) };
    let (Kind::Call(f, u), Kind::Call(g, v)) = (a.kind(), b.kind()) else { return Ok(None) };
    let (plus, minus) = (u + v, u - v);
    let wave = |function: Function, argument: &Expression| call(function, argument);
    let parts = match (f, g) {
        (Function::Sin, Function::Sin) => [wave(Function::Cos, &minus), -&wave(Function::Cos, &plus)],
        (Function::Cos, Function::Cos) => [wave(Function::Cos, &minus), wave(Function::Cos, &plus)],
        (Function::Sin, Function::Cos) => [wave(Function::Sin, &plus), wave(Function::Sin, &minus)],
        (Function::Cos, Function::Sin) => [wave(Function::Sin, &plus), -&wave(Function::Sin, &minus)],
        _ => return Ok(None),
    };
    if linear(u, search.x, search.control)?.is_none() || linear(v, search.x, search.control)?.is_none() {
        return Ok(None);
    }
    Ok(search
        .of(&sum(parts))?
        .map(|found| super::integrate::scaled_over_terms(&Expression::ratio(1, 2), &found)))
}

/// `exp(a*x + c) * sin(b*x + d)`, or the cosine.
fn exponential_times_wave(search: Search<'_>, factors: &[Expression]) -> Found {
    let [p, q] = factors else { return Ok(None) };
    for (growth, wave) in [(p, q), (q, p)] {
        let (Kind::Call(Function::Exp, u), Kind::Call(function, v)) = (growth.kind(), wave.kind()) else {
            continue;
        };
        let (Some((a, _)), Some((b, _))) =
            (linear(u, search.x, search.control)?, linear(v, search.x, search.control)?)
        else {
            continue;
        };
        let (sine, cosine) = (call(Function::Sin, v), call(Function::Cos, v));
        let inside = match function {
            Function::Sin => [&a * &sine, -&(&b * &cosine)],
            Function::Cos => [&b * &sine, &a * &cosine],
            _ => continue,
        };
        let two = Expression::integer(2);
        let size = inverse(&(&power(&a, &two) + &power(&b, &two)));
        return Ok(Some(sum(inside.map(|term| product([size.clone(), term, growth.clone()])))));
    }
    Ok(None)
}
