//! Expressions put in the place of others.

use super::apply::{call, extremum};
use super::expression::{Expression, Kind};
use super::number::Number;
use super::piecewise::piecewise;
use super::power::power;
use super::product::product;
use super::sum::sum;
use std::collections::HashMap;

impl Expression {
    /// The expression with each key of `replacements` replaced by its value, all at once.
    pub fn substitute(&self, replacements: &HashMap<Self, Self>) -> Self {
        if replacements.is_empty() {
            return self.clone();
        }
        Substitution { replacements, known: HashMap::new() }.of(self)
    }

    /// The expression rebuilt, with `change` made to each part.
    pub(super) fn rebuilt<E>(&self, mut change: impl FnMut(&Self) -> Result<Self, E>) -> Result<Self, E> {
        Ok(match self.kind() {
            Kind::Number(_) | Kind::Constant(_) | Kind::Symbol(_) => self.clone(),
            Kind::Sum(constant, terms) => {
                let terms = terms.iter().map(change).collect::<Result<Vec<_>, E>>()?;
                sum(terms.into_iter().chain([Self::number(constant.clone())]))
            }
            Kind::Product(coefficient, factors) => {
                let factors = factors.iter().map(change).collect::<Result<Vec<_>, E>>()?;
                product(factors.into_iter().chain([Self::number(coefficient.clone())]))
            }
            Kind::Power(base, exponent) => power(&change(base)?, &change(exponent)?),
            Kind::Call(function, argument) => call(*function, &change(argument)?),
            Kind::Extremum(which, arguments) => {
                extremum(*which, arguments.iter().map(change).collect::<Result<Vec<_>, E>>()?)
            }
            Kind::Piecewise(pieces) => {
                let mut changed = Vec::new();
                for (value, condition) in pieces {
                    let condition = condition.map(&mut change)?;
                    changed.push((change(value)?, condition));
                }
                piecewise(changed)
            }
        })
    }
}

struct Substitution<'a> {
    replacements: &'a HashMap<Expression, Expression>,
    known: HashMap<usize, Expression>,
}

impl Substitution<'_> {
    fn of(&mut self, expression: &Expression) -> Expression {
        if let Some(found) = self.replacements.get(expression) {
            return found.clone();
        }
        let may_change =
            self.replacements.keys().any(|old| old.is_number() || old.may_share_symbols(expression));
        if !may_change {
            return expression.clone();
        }
        if let Some(found) = self.known.get(&expression.address()) {
            return found.clone();
        }
        let found = match self.partly(expression) {
            Some(found) => found,
            None => {
                let rebuilt = expression.rebuilt(|part| Ok::<_, std::convert::Infallible>(self.of(part)));
                match rebuilt {
                    Ok(rebuilt) => rebuilt,
                    Err(never) => match never {},
                }
            }
        };
        self.known.insert(expression.address(), found.clone());
        found
    }

    /// A power within a power: `x**4` is `y**2` where `x**2` is replaced by `y`.
    fn partly(&mut self, expression: &Expression) -> Option<Expression> {
        let Kind::Power(base, exponent) = expression.kind() else { return None };
        let number = exponent.as_number()?;
        let (old, new) = self.replacements.iter().find(|(old, _)| match old.kind() {
            Kind::Power(other, _) => other == base,
            _ => false,
        })?;
        let Kind::Power(_, step) = old.kind() else { return None };
        let times = number.times(&step.as_number()?.inverse());
        (times.is_integer() || *number == Number::HALF && times.is_rational())
            .then(|| power(new, &Expression::number(times)))
    }
}
