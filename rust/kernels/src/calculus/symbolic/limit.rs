//! Limits that are plain to see: by the growth of exponentials, powers and logarithms.

use super::Function;
use super::apply::call;
use super::expand::{expand, terms};
use super::expression::{Expression, Kind};
use super::number::Number;
use super::power::power;
use super::product::product;
use super::sum::sum;
use crate::{Control, Error};
use std::cmp::Ordering;

/// The limit of `f` as the symbol `x` goes to plus infinity, or `None` where it is not plain.
pub(super) fn at_infinity(
    f: &Expression,
    x: &Expression,
    control: &Control,
) -> Result<Option<Expression>, Error> {
    if !f.has(x) {
        return Ok(Some(f.clone()));
    }
    let expanded = expand(f, control)?;
    let mut finite = Vec::new();
    let mut infinite: Option<(Growth, Expression)> = None;
    for term in terms(&expanded) {
        let Some((growth, limit)) = of_term(&term, x, control)? else { return Ok(None) };
        if limit.as_number().is_some_and(|number| !number.is_finite()) {
            // The fastest decides; two that are level might cancel.
            match infinite.as_ref().map(|(other, _)| growth.cmp(other)) {
                Some(Ordering::Equal) if infinite.as_ref().is_some_and(|(_, other)| *other != limit) => {
                    return Ok(None);
                }
                Some(Ordering::Less | Ordering::Equal) => {}
                None | Some(Ordering::Greater) => infinite = Some((growth, limit)),
            }
        } else {
            finite.push(limit);
        }
    }
    Ok(Some(infinite.map_or_else(|| sum(finite), |(_, limit)| limit)))
}

/// How fast something grows: in the exponent, as a power, as a power of a logarithm.
#[derive(Clone, Debug, PartialEq)]
struct Growth {
    exponential: Number,
    /// The degree of the exponent.
    degree: Number,
    power: Number,
    logarithm: Number,
}

impl Growth {
    const NONE: Self = Self {
        exponential: Number::ZERO,
        degree: Number::ZERO,
        power: Number::ZERO,
        logarithm: Number::ZERO,
    };

    /// Whether it goes to infinity, to a constant, or to zero.
    fn direction(&self) -> i32 {
        [&self.exponential, &self.power, &self.logarithm]
            .into_iter()
            .map(Number::sign)
            .find(|&sign| sign != 0)
            .unwrap_or(0)
    }

    fn cmp(&self, other: &Self) -> Ordering {
        self.degree
            .compare(&other.degree)
            .then_with(|| self.exponential.compare(&other.exponential))
            .then_with(|| self.power.compare(&other.power))
            .then_with(|| self.logarithm.compare(&other.logarithm))
    }
}

/// The growth and the limit of a product.
fn of_term(
    term: &Expression,
    x: &Expression,
    control: &Control,
) -> Result<Option<(Growth, Expression)>, Error> {
    let mut growth = Growth::NONE;
    let mut constants = Vec::new();
    let (coefficient, factors) = term.split_coefficient();
    for factor in factors {
        if !factor.has(x) {
            constants.push(factor.clone());
        } else if !grow(factor, x, control, &mut growth, &mut constants)? {
            return Ok(None);
        }
    }
    let constant = product(constants.into_iter().chain([Expression::number(coefficient.clone())]));
    Ok(match growth.direction() {
        0 => Some((growth, constant)),
        -1 => Some((growth, Expression::zero())),
        _ => constant.sign_of_constant().map(|sign| {
            let infinity = Expression::number(Number::Infinity { negative: sign < 0 });
            (growth, infinity)
        }),
    })
}

/// Adds a factor's growth, or its limit to the constants; false where neither is plain.
fn grow(
    factor: &Expression,
    x: &Expression,
    control: &Control,
    growth: &mut Growth,
    constants: &mut Vec<Expression>,
) -> Result<bool, Error> {
    let (base, exponent) = match factor.kind() {
        Kind::Power(base, exponent) => (base.clone(), exponent.clone()),
        _ => (factor.clone(), Expression::one()),
    };
    let Some(number) = exponent.as_number().filter(|number| number.is_rational()) else { return Ok(false) };
    match base.kind() {
        _ if base == *x => growth.power = growth.power.plus(number),
        Kind::Call(Function::Log, argument) => match leading(argument, x, control)? {
            Some((_, degree)) if degree.sign() > 0 => growth.logarithm = growth.logarithm.plus(number),
            _ => return limited(&base, &exponent, x, control, constants),
        },
        Kind::Call(Function::Exp, argument) => match leading(argument, x, control)? {
            Some((coefficient, degree)) if degree.sign() > 0 => {
                let Some(sign) = coefficient.sign_of_constant() else { return Ok(false) };
                if growth.exponential.sign() != 0 {
                    return Ok(false);
                }
                growth.exponential = Number::integer(sign.into()).times(number);
                growth.degree = degree;
            }
            _ => return limited(&base, &exponent, x, control, constants),
        },
        Kind::Sum(..) => match leading(&base, x, control)? {
            Some((coefficient, degree)) if degree.sign() > 0 => {
                if coefficient.sign_of_constant() != Some(1) && !number.is_integer() {
                    return Ok(false);
                }
                growth.power = growth.power.plus(&degree.times(number));
                constants.push(power(&coefficient, &exponent));
            }
            _ => return limited(&base, &exponent, x, control, constants),
        },
        _ => return limited(&base, &exponent, x, control, constants),
    }
    Ok(true)
}

/// A factor whose argument has a limit at which the function is continuous.
fn limited(
    base: &Expression,
    exponent: &Expression,
    x: &Expression,
    control: &Control,
    constants: &mut Vec<Expression>,
) -> Result<bool, Error> {
    let limit = match base.kind() {
        Kind::Call(function, argument) => {
            let Some(inner) = at_infinity(argument, x, control)? else { return Ok(false) };
            call(*function, &inner)
        }
        Kind::Sum(..) => match at_infinity(base, x, control)? {
            Some(limit) => limit,
            None => return Ok(false),
        },
        _ => return Ok(false),
    };
    let value = power(&limit, exponent);
    let finite = value.to_f64().is_some_and(f64::is_finite) || (!value.is_number() && !value.has(x));
    if finite && !value.is_integer(0) {
        constants.push(value);
    }
    Ok(finite && !constants.is_empty() && !limit.is_integer(0))
}

/// Coefficient and degree of the fastest term of a sum of powers of `x`.
fn leading(f: &Expression, x: &Expression, control: &Control) -> Result<Option<(Expression, Number)>, Error> {
    let mut found: Option<(Expression, Number)> = None;
    for term in terms(&expand(f, control)?) {
        let (coefficient, factors) = term.split_coefficient();
        let mut degree = Number::ZERO;
        let mut constants = vec![Expression::number(coefficient.clone())];
        for factor in factors {
            match factor.kind() {
                _ if factor == x => degree = degree.plus(&Number::ONE),
                _ if !factor.has(x) => constants.push(factor.clone()),
                Kind::Power(base, exponent) if base == x => match exponent.as_number() {
                    Some(number) => degree = degree.plus(number),
                    None => return Ok(None),
                },
                _ => return Ok(None),
            }
        }
        let constant = product(constants);
        found = Some(match found {
            Some((other, most)) if most == degree => (&other + &constant, most),
            Some((other, most)) if most.compare(&degree).is_gt() => (other, most),
            _ => (constant, degree),
        });
    }
    Ok(found)
}
