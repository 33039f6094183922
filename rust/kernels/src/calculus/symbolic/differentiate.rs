//! Derivatives of expressions.

use super::apply::call;
use super::condition::{Condition, Relation};
use super::expression::{Constant, Expression, Extremum, Kind};
use super::number::Number;
use super::piecewise::piecewise;
use super::power::power;
use super::product::product;
use super::sum::sum;
use super::{Algebra, Function};
use crate::{Control, Error};
use std::collections::HashMap;

/// The derivative of `expression` with respect to the symbol `variable`.
///
/// # Errors
///
/// [`Error::Stopped`] if the caller gives up.
pub fn differentiate(
    expression: &Expression,
    variable: &Expression,
    control: &Control,
) -> Result<Expression, Error> {
    Derivative { variable, control, known: HashMap::new() }.of(expression)
}

/// The derivatives of `expression` with respect to each of `variables`.
///
/// # Errors
///
/// [`Error::Stopped`] if the caller gives up.
pub fn gradient(
    expression: &Expression,
    variables: &[Expression],
    control: &Control,
) -> Result<Vec<Expression>, Error> {
    variables.iter().map(|variable| differentiate(expression, variable, control)).collect()
}

/// A derivative that is being taken.
struct Derivative<'a> {
    variable: &'a Expression,
    control: &'a Control,
    /// What is shared is differentiated once.
    known: HashMap<usize, Expression>,
}

impl Derivative<'_> {
    /// Below this many nodes, to differentiate again costs less than to remember.
    const WORTH_KEEPING: u64 = 24;

    fn of(&mut self, expression: &Expression) -> Result<Expression, Error> {
        if !expression.may_share_symbols(self.variable) {
            return Ok(Expression::zero());
        }
        let keep = expression.size() > Self::WORTH_KEEPING;
        if keep {
            if let Some(found) = self.known.get(&expression.address()) {
                return Ok(found.clone());
            }
            self.control.go_on()?;
        }
        let found = self.of_kind(expression)?;
        if keep {
            self.known.insert(expression.address(), found.clone());
        }
        Ok(found)
    }

    fn of_kind(&mut self, expression: &Expression) -> Result<Expression, Error> {
        match expression.kind() {
            Kind::Number(_) | Kind::Constant(_) => Ok(Expression::zero()),
            Kind::Symbol(_) => Ok(Expression::integer(i64::from(expression == self.variable))),
            Kind::Sum(_, terms) => {
                let mut slopes = Vec::new();
                for term in terms {
                    if term.may_share_symbols(self.variable) {
                        slopes.push(self.of(term)?);
                    }
                }
                Ok(sum(slopes))
            }
            Kind::Product(coefficient, factors) => self.of_product(coefficient, factors),
            Kind::Power(base, exponent) => self.of_power(expression, base, exponent),
            Kind::Call(function, argument) => {
                let inner = self.of(argument)?;
                if inner.is_integer(0) {
                    return Ok(inner);
                }
                Ok(&function.slope(argument, expression) * &inner)
            }
            Kind::Extremum(which, arguments) => self.of_extremum(*which, arguments),
            Kind::Piecewise(pieces) => {
                let slopes = pieces.iter().map(|(value, condition)| Ok((self.of(value)?, condition.clone())));
                Ok(piecewise(slopes.collect::<Result<Vec<_>, Error>>()?))
            }
        }
    }

    /// One factor after the other is replaced by its derivative.
    fn of_product(&mut self, coefficient: &Number, factors: &[Expression]) -> Result<Expression, Error> {
        let first = first_factor(factors);
        let coefficient = Expression::number(coefficient.clone());
        let mut terms = Vec::new();
        for (i, factor) in factors.iter().enumerate() {
            let slope = self.of(factor)?;
            if slope.is_integer(0) {
                continue;
            }
            let others = factors.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, other)| other.clone());
            // The number stands beside the first factor, and is distributed over its slope.
            terms.push(if i == first {
                product(std::iter::once(&coefficient * &slope).chain(others))
            } else {
                product([coefficient.clone(), slope].into_iter().chain(others))
            });
        }
        Ok(sum(terms))
    }

    fn of_power(
        &mut self,
        whole: &Expression,
        base: &Expression,
        exponent: &Expression,
    ) -> Result<Expression, Error> {
        if let Some(number) = exponent.as_number() {
            let slope = self.of(base)?;
            if slope.is_integer(0) {
                return Ok(slope);
            }
            let less = Expression::number(number.plus(&Number::MINUS_ONE));
            return Ok(&power(base, &less) * &(exponent * &slope));
        }
        let (inner, growth) = (self.of(base)?, self.of(exponent)?);
        let by_exponent = &growth * &call(Function::Log, base);
        let by_base = &(&inner * exponent) / base;
        Ok(whole * &(&by_exponent + &by_base))
    }

    /// The slope of the argument that is largest or smallest.
    fn of_extremum(&mut self, which: Extremum, arguments: &[Expression]) -> Result<Expression, Error> {
        let relation = match which {
            Extremum::Max => Relation::AtLeast,
            Extremum::Min => Relation::AtMost,
        };
        let mut terms = Vec::new();
        for (i, argument) in arguments.iter().enumerate() {
            let slope = self.of(argument)?;
            if slope.is_integer(0) {
                continue;
            }
            let others =
                arguments.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, other)| other.clone());
            let rest = super::apply::extremum(which, others);
            let condition = Condition::new(relation, argument, &rest);
            let here =
                piecewise([(Expression::one(), condition), (Expression::zero(), Condition::Known(true))]);
            terms.push(&slope * &here);
        }
        Ok(sum(terms))
    }
}

/// The factor that SymPy keeps beside the coefficient.
fn first_factor(factors: &[Expression]) -> usize {
    let rank = |factor: &Expression| match factor.kind() {
        Kind::Symbol(_) | Kind::Constant(_) => 0,
        Kind::Power(..) => 1,
        Kind::Sum(..) => 2,
        _ => 3,
    };
    (0..factors.len()).min_by_key(|&i| rank(&factors[i])).unwrap_or(0)
}

impl Algebra for Expression {
    fn number(&self, value: i64) -> Self {
        Self::integer(value)
    }
    fn pi(&self) -> Self {
        Self::constant(Constant::Pi)
    }
    fn call(&self, function: Function) -> Self {
        call(function, self)
    }
    fn powi(&self, exponent: i32) -> Self {
        power(self, &Self::integer(exponent.into()))
    }
}
