//! Powers in canonical form: the rules that hold for every value of the symbols.

use super::apply::call;
use super::expression::{Constant, Expression, Kind};
use super::number::Number;
use super::product::{product, scaled};
use super::{Function, roots};

/// `base ** exponent`.
pub fn power(base: &Expression, exponent: &Expression) -> Expression {
    if let Kind::Number(number) = exponent.kind() {
        return numeric(base, exponent, number);
    }
    match base.kind() {
        Kind::Number(one) if one.is_one() => base.clone(),
        Kind::Constant(Constant::E) => call(Function::Exp, exponent),
        Kind::Power(inner, old) if old.as_number().is_some_and(keeps_branch) || inner.is_nonnegative() => {
            power(inner, &(old * exponent))
        }
        _ => Expression::of(Kind::Power(base.clone(), exponent.clone())),
    }
}

/// The square root.
pub fn sqrt(expression: &Expression) -> Expression {
    power(expression, &Expression::number(Number::HALF))
}

/// A power whose exponent is a number.
fn numeric(base: &Expression, exponent: &Expression, number: &Number) -> Expression {
    if number.is_one() {
        return base.clone();
    }
    if number.is_zero() && number.is_rational() {
        return Expression::one();
    }
    let whole = number.is_integer();
    match base.kind() {
        Kind::Number(value) => of_number(value, number).unwrap_or_else(|| raw(base, exponent)),
        Kind::Constant(Constant::E) => call(Function::Exp, exponent),
        Kind::Call(Function::Exp, argument) if whole || (argument.is_number() && argument.is_real()) => {
            call(Function::Exp, &scaled(number, argument))
        }
        Kind::Power(inner, old)
            if whole || old.as_number().is_some_and(keeps_branch) || inner.is_nonnegative() =>
        {
            power(inner, &scaled(number, old))
        }
        Kind::Power(inner, old)
            if old.as_number().is_some_and(Number::is_even) && inner.is_real() && number.is_rational() =>
        {
            power(&call(Function::Abs, inner), &scaled(number, old))
        }
        Kind::Product(coefficient, factors) if whole => product(
            std::iter::once(power(&Expression::number(coefficient.clone()), exponent))
                .chain(factors.iter().map(|factor| power(factor, exponent))),
        ),
        Kind::Product(coefficient, factors) if number.is_rational() => {
            of_product(base, coefficient, factors, exponent)
        }
        Kind::Call(Function::Abs, inner) if number.is_even() && inner.is_real() => power(inner, exponent),
        _ => raw(base, exponent),
    }
}

fn raw(base: &Expression, exponent: &Expression) -> Expression {
    Expression::of(Kind::Power(base.clone(), exponent.clone()))
}

/// A fractional power of a product: what is not negative comes out of it.
fn of_product(
    base: &Expression,
    coefficient: &Number,
    factors: &[Expression],
    exponent: &Expression,
) -> Expression {
    let (outside, inside): (Vec<_>, Vec<_>) = factors.iter().cloned().partition(Expression::is_nonnegative);
    let magnitude = coefficient.magnitude();
    if !coefficient.is_finite() || (magnitude.is_one() && outside.is_empty()) {
        return raw(base, exponent);
    }
    let sign = if coefficient.sign() < 0 { -1 } else { 1 };
    let inside = product(inside.into_iter().chain([Expression::integer(sign)]));
    let outside = outside.into_iter().chain([Expression::number(magnitude)]);
    product(outside.map(|factor| power(&factor, exponent)).chain([power(&inside, exponent)]))
}

/// A number to the power of a number, where that has another form.
fn of_number(base: &Number, exponent: &Number) -> Option<Expression> {
    if let (Number::Float(..), _) | (_, Number::Float(..)) = (base, exponent)
        && base.is_finite()
        && exponent.is_finite()
    {
        let digits = [base, exponent].map(|number| match number {
            Number::Float(_, digits) => *digits,
            _ => 0,
        });
        if let Some(exponent) = exponent.to_i64() {
            return base.power(exponent).map(Expression::number);
        }
        let value = base.to_f64().powf(exponent.to_f64());
        return (!value.is_nan()).then(|| Expression::number(Number::float(value, digits[0].max(digits[1]))));
    }
    if let Some(exponent) = exponent.to_i64() {
        return base.power(exponent).map(Expression::number);
    }
    match (base, exponent) {
        (Number::Undefined, _) | (_, Number::Undefined) => Some(Expression::number(Number::Undefined)),
        (_, Number::Infinity { negative }) if base.is_finite() && base.sign() >= 0 => {
            Some(Expression::number(match (base.compare(&Number::ONE), *negative) {
                (std::cmp::Ordering::Equal, _) => Number::Undefined,
                (std::cmp::Ordering::Greater, false) => Number::Infinity { negative: false },
                (std::cmp::Ordering::Less, true) if base.is_zero() => Number::ComplexInfinity,
                (std::cmp::Ordering::Less, true) => Number::Infinity { negative: false },
                _ => Number::ZERO,
            }))
        }
        (Number::Infinity { negative: false }, _) => Some(Expression::number(if exponent.sign() > 0 {
            Number::Infinity { negative: false }
        } else {
            Number::ZERO
        })),
        _ if base.is_zero() && exponent.is_rational() => {
            Some(Expression::number(if exponent.sign() > 0 { Number::ZERO } else { Number::ComplexInfinity }))
        }
        _ if base.is_rational() && exponent.is_rational() => roots::root(base, exponent),
        _ => None,
    }
}

/// Whether `(b**e)**f` is `b**(e*f)` for all `f`: the inner power stays on the main branch.
fn keeps_branch(exponent: &Number) -> bool {
    exponent.is_finite()
        && exponent.compare(&Number::MINUS_ONE).is_gt()
        && exponent.compare(&Number::ONE).is_le()
}
