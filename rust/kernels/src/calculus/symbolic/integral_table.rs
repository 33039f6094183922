//! The antiderivatives of powers and functions of linear arguments, and of some quadratic ones.

use super::expression::{Constant, Expression, Kind};
use super::integrate::{Found, Search, inverse, log, scaled_over_terms, whole};
use super::number::Number;
use super::polynomial::{coefficients, linear};
use super::power::{power, sqrt};
use super::product::{product, scaled};
use super::sum::sum;
use super::{Function, call};

/// The antiderivative of `base ** exponent`.
pub(super) fn of_power(search: Search<'_>, base: &Expression, exponent: &Expression) -> Found {
    let (x, control) = (search.x, search.control);
    if !exponent.has(x) {
        if let (Kind::Call(Function::Log, inner), Some(times)) = (base.kind(), whole(exponent))
            && (2..=20).contains(&times)
            && let Some((slope, _)) = linear(inner, x, control)?
        {
            return Ok(Some(&power_of_logarithm(inner, times) / &slope));
        }
        if let Some((slope, _)) = linear(base, x, control)? {
            return Ok(Some(power_of_linear(base, exponent, &slope)));
        }
        if let (Some(Number::Small(-1, 2)), Some(p)) = (exponent.as_number(), coefficients(base, x, control)?)
            && let [c, zero, a] = &p[..]
            && zero.is_integer(0)
        {
            return Ok(one_over_root(x, c, a));
        }
        return Ok(None);
    }
    if base.has(x) {
        return Ok(None);
    }
    match linear(exponent, x, control)? {
        Some((slope, _)) => Ok(Some(&power(base, exponent) / &(&slope * &log(base)))),
        None => Ok(None),
    }
}

/// The antiderivative of `log(u)**n` with respect to `u`, by parts.
fn power_of_logarithm(u: &Expression, n: i64) -> Expression {
    let first = u * &power(&log(u), &Expression::integer(n));
    match n {
        0 => u.clone(),
        _ => &first - &(&Expression::integer(n) * &power_of_logarithm(u, n - 1)),
    }
}

fn power_of_linear(base: &Expression, exponent: &Expression, slope: &Expression) -> Expression {
    if exponent.is_integer(-1) {
        return &log(base) / slope;
    }
    let next = exponent + &Expression::one();
    &power(base, &next) / &(slope * &next)
}

/// `1/sqrt(a*x**2 + c)`, where the signs of `a` and `c` are known.
fn one_over_root(x: &Expression, c: &Expression, a: &Expression) -> Option<Expression> {
    let (sign_c, sign_a) = (c.sign_of_constant()?, a.sign_of_constant()?);
    let size = |e: &Expression| call(Function::Abs, e);
    let argument = &(x * &sqrt(&size(a))) / &sqrt(&size(c));
    let function = match (sign_c, sign_a) {
        (1, -1) => Function::Asin,
        (1, 1) => Function::Asinh,
        (-1, 1) => Function::Acosh,
        _ => return None,
    };
    Some(&call(function, &argument) / &sqrt(&size(a)))
}

/// The antiderivative of `function(argument)`.
pub(super) fn of_function(search: Search<'_>, function: Function, argument: &Expression) -> Found {
    let (x, control) = (search.x, search.control);
    let Some((slope, _)) = linear(argument, x, control)? else {
        return if function == Function::Exp { gaussian(search, argument) } else { Ok(None) };
    };
    let u = argument;
    let of = |function: Function| call(function, u);
    let square = power(u, &Expression::integer(2));
    let (one, half) = (Expression::one(), Number::HALF);
    let found = match function {
        Function::Exp => of(Function::Exp),
        Function::Sin => -&of(Function::Cos),
        Function::Cos => of(Function::Sin),
        Function::Tan => -&log(&of(Function::Cos)),
        Function::Sinh => of(Function::Cosh),
        Function::Cosh => of(Function::Sinh),
        Function::Tanh => log(&of(Function::Cosh)),
        Function::Log => &(u * &log(u)) - u,
        Function::Asin => &(u * &of(Function::Asin)) + &sqrt(&(&one - &square)),
        Function::Acos => &(u * &of(Function::Acos)) - &sqrt(&(&one - &square)),
        Function::Atan => &(u * &of(Function::Atan)) - &scaled(&half, &log(&(&square + &one))),
        Function::Asinh => &(u * &of(Function::Asinh)) - &sqrt(&(&square + &one)),
        Function::Atanh => &(u * &of(Function::Atanh)) + &scaled(&half, &log(&(&one - &square))),
        Function::Erf => {
            let bell = call(Function::Exp, &-&square);
            &(u * &of(Function::Erf)) + &(&bell / &sqrt(&Expression::constant(Constant::Pi)))
        }
        Function::Abs => scaled(&half, &(u * &of(Function::Abs))),
        Function::Sign => of(Function::Abs),
        _ => return Ok(None),
    };
    Ok(Some(scaled_over_terms(&inverse(&slope), &found)))
}

/// `exp(a*x**2 + b*x + c)`, where `a` is negative: an error function.
fn gaussian(search: Search<'_>, argument: &Expression) -> Found {
    let Some(p) = coefficients(argument, search.x, search.control)? else { return Ok(None) };
    let [c, b, a] = &p[..] else { return Ok(None) };
    if !is_negative(a) {
        return Ok(None);
    }
    let a = -a;
    let root = sqrt(&a);
    let half_b = scaled(&Number::HALF, b);
    let shifted = sum([&root * search.x, -&(&half_b / &root)]);
    let constant = call(Function::Exp, &sum([c.clone(), product([half_b.clone(), half_b, inverse(&a)])]));
    let pi = Expression::constant(Constant::Pi);
    let front = product([Expression::ratio(1, 2), sqrt(&pi), constant, inverse(&root)]);
    Ok(Some(&front * &call(Function::Erf, &shifted)))
}

/// Whether it is certainly negative: a number, or minus what is positive.
fn is_negative(a: &Expression) -> bool {
    match a.kind() {
        Kind::Product(coefficient, factors) if coefficient.sign() < 0 => {
            factors.iter().all(Expression::is_nonnegative)
        }
        _ => a.sign_of_constant() == Some(-1),
    }
}
