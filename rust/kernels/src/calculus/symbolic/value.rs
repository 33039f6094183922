//! What an expression without symbols is worth.

use super::apply::{call, extremum};
use super::condition::Condition;
use super::expression::{Expression, Kind};
use super::number::Number;
use super::power::power;
use super::product::product;
use super::sum::sum;
use std::collections::HashMap;

impl Expression {
    /// The value as a float, or `None` where it holds a symbol or is not real.
    pub fn to_f64(&self) -> Option<f64> {
        // Most of what is asked holds a symbol.
        if !self.is_number() {
            return None;
        }
        self.value_at(&|_| None)
    }

    /// The value where `point` says what the symbols are.
    pub fn value_at(&self, point: &dyn Fn(&Self) -> Option<f64>) -> Option<f64> {
        let value = |e: &Self| e.value_at(point);
        let found = match self.kind() {
            Kind::Number(number) => number.to_f64(),
            Kind::Constant(constant) => constant.value(),
            Kind::Symbol(_) => point(self)?,
            Kind::Sum(constant, terms) => {
                terms.iter().try_fold(constant.to_f64(), |total, term| Some(total + value(term)?))?
            }
            Kind::Product(coefficient, factors) => {
                factors.iter().try_fold(coefficient.to_f64(), |all, factor| Some(all * value(factor)?))?
            }
            Kind::Power(base, exponent) => raised(value(base)?, value(exponent)?),
            Kind::Call(function, argument) => function.value(value(argument)?),
            Kind::Extremum(which, arguments) => {
                let values = arguments.iter().map(value).collect::<Option<Vec<f64>>>()?;
                let better = match which {
                    super::Extremum::Max => f64::max,
                    super::Extremum::Min => f64::min,
                };
                values.into_iter().reduce(better)?
            }
            Kind::Piecewise(pieces) => {
                let holds = |condition: &Condition| match condition {
                    Condition::Known(truth) => Some(*truth),
                    Condition::Compare(relation, left, right) => {
                        Some(relation.holds(value(left)?, value(right)?))
                    }
                };
                for (piece, condition) in pieces {
                    if holds(condition)? {
                        return value(piece);
                    }
                }
                return None;
            }
        };
        (!found.is_nan()).then_some(found)
    }

    /// The expression with every number in it as a float of so many digits; whole exponents stay.
    pub fn evaluated(&self, digits: u8) -> Self {
        if let Some(value) = self.to_f64() {
            return Self::number(Number::float(value, digits));
        }
        self.evaluated_within(digits, &mut HashMap::new())
    }

    fn evaluated_within(&self, digits: u8, known: &mut HashMap<usize, Self>) -> Self {
        if let Some(found) = known.get(&self.address()) {
            return found.clone();
        }
        let float = |number: &Number| match number {
            Number::Small(1, 1) => Self::one(),
            _ if number.is_finite() && !number.is_zero() => {
                Self::number(Number::float(number.to_f64(), digits))
            }
            _ => Self::number(number.clone()),
        };
        let mut inner = |e: &Self| e.evaluated_within(digits, known);
        let found = match self.kind() {
            Kind::Symbol(_) => self.clone(),
            Kind::Number(number) => Self::number(Number::float(number.to_f64(), digits)),
            _ if self.is_number() => {
                self.to_f64().map_or_else(|| self.clone(), |v| Self::number(Number::float(v, digits)))
            }
            Kind::Constant(constant) => Self::number(Number::float(constant.value(), digits)),
            Kind::Sum(constant, terms) => sum(terms.iter().map(&mut inner).chain([float(constant)])),
            Kind::Product(coefficient, factors) => {
                product(factors.iter().map(&mut inner).chain([float(coefficient)]))
            }
            Kind::Power(base, exponent) => {
                let whole = exponent.as_number().is_some_and(Number::is_integer);
                let exponent = if whole { exponent.clone() } else { inner(exponent) };
                power(&inner(base), &exponent)
            }
            Kind::Call(function, argument) => call(*function, &inner(argument)),
            Kind::Extremum(which, arguments) => extremum(*which, arguments.iter().map(inner)),
            Kind::Piecewise(pieces) => super::piecewise::piecewise(
                pieces.iter().map(|(value, condition)| (inner(value), condition.clone())),
            ),
        };
        known.insert(self.address(), found.clone());
        found
    }
}

/// A power; the root of a negative number is not real, but whole powers are exact.
fn raised(base: f64, exponent: f64) -> f64 {
    if exponent.fract() == 0.0 && exponent.abs() < 1e9 {
        base.powi(exponent as i32)
    } else {
        base.powf(exponent)
    }
}
