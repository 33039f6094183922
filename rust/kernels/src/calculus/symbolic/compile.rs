//! Expressions as programs: what they share is computed once.

use super::condition::{Condition, Relation};
use super::expression::{Expression, Extremum, Kind};
use super::number::Number;
use super::print::fraction;
use super::print_order::{factors_in_order, terms_in_order};
use super::{Builder, Function, Program};
use crate::Error;
use crate::calculus::program::{Binary, Id, Unary};
use std::collections::HashMap;

/// The program of `variables` that computes `expressions`.
///
/// # Errors
///
/// [`Error::Value`] where a symbol is none of the variables, or there is a number that is not real.
pub fn compile(expressions: &[Expression], variables: &[Expression]) -> Result<Program, Error> {
    let mut compiler = Compiler { builder: Builder::default(), known: HashMap::new() };
    for (index, variable) in variables.iter().enumerate() {
        if variable.as_symbol().is_none() {
            return refuse(format!("expected symbols, got {variable}"));
        }
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let input = compiler.builder.input(index);
        if compiler.known.insert(variable.clone(), input).is_some() {
            return refuse(format!("expected each symbol once, got {variable} twice"));
        }
    }
    let outputs = expressions.iter().map(|e| compiler.of(e)).collect::<Result<Vec<Id>, Error>>()?;
    compiler.builder.program(variables.len(), &outputs)
}

fn refuse<T>(message: String) -> Result<T, Error> {
    Err(Error::Value { argument: "variables", message })
}

struct Compiler {
    builder: Builder,
    known: HashMap<Expression, Id>,
}

impl Compiler {
    fn of(&mut self, expression: &Expression) -> Result<Id, Error> {
        if let Some(&id) = self.known.get(expression) {
            return Ok(id);
        }
        let id = match expression.kind() {
            Kind::Number(number) => self.number(number)?,
            Kind::Constant(constant) => self.builder.constant(constant.value()),
            Kind::Symbol(symbol) => {
                return refuse(format!(
                    "expected all symbols of the expression, got none for {}",
                    symbol.name
                ));
            }
            Kind::Sum(constant, terms) => self.sum(&terms_in_order(constant, terms))?,
            Kind::Product(coefficient, factors) => self.product(coefficient, factors)?,
            Kind::Power(base, exponent) => self.power(base, exponent)?,
            Kind::Call(function, argument) => {
                let argument = self.of(argument)?;
                self.builder.call(*function, argument)
            }
            Kind::Extremum(which, arguments) => {
                let operation = if *which == Extremum::Max { Binary::Max } else { Binary::Min };
                self.folded(operation, &factors_in_order(arguments))?
            }
            Kind::Piecewise(pieces) => {
                let mut value = self.builder.constant(f64::NAN);
                for (piece, condition) in pieces.iter().rev() {
                    let (piece, condition) = (self.of(piece)?, self.condition(condition)?);
                    value = self.builder.select(condition, piece, value);
                }
                value
            }
        };
        self.known.insert(expression.clone(), id);
        Ok(id)
    }

    fn number(&mut self, number: &Number) -> Result<Id, Error> {
        match number {
            Number::ComplexInfinity => refuse("expected real numbers, got zoo".into()),
            _ => Ok(self.builder.constant(number.to_f64())),
        }
    }

    fn folded(&mut self, operation: Binary, parts: &[Expression]) -> Result<Id, Error> {
        let mut total = None;
        for part in parts {
            let part = self.of(part)?;
            total = Some(match total {
                Some(total) => self.builder.binary(operation, total, part),
                None => part,
            });
        }
        Ok(total.unwrap_or_else(|| self.builder.constant(f64::from(u8::from(operation == Binary::Mul)))))
    }

    /// Terms with a minus sign are subtracted.
    fn sum(&mut self, terms: &[Expression]) -> Result<Id, Error> {
        let (plus, minus): (Vec<_>, Vec<_>) =
            terms.iter().cloned().partition(|term| term.split_coefficient().0.sign() >= 0);
        if plus.is_empty() {
            return self.folded(Binary::Add, terms);
        }
        let mut total = self.folded(Binary::Add, &plus)?;
        for term in minus {
            let term = self.of(&-&term)?;
            total = self.builder.binary(Binary::Sub, total, term);
        }
        Ok(total)
    }

    /// What is below the line is multiplied, then divided by.
    fn product(&mut self, coefficient: &Number, factors: &[Expression]) -> Result<Id, Error> {
        let (above, below) = fraction(coefficient, factors);
        let mut value = self.folded(Binary::Mul, &above)?;
        if !below.is_empty() {
            let below = self.folded(Binary::Mul, &below)?;
            value = self.builder.binary(Binary::Div, value, below);
        }
        Ok(if coefficient.sign() < 0 { self.builder.unary(Unary::Neg, value) } else { value })
    }

    fn power(&mut self, base: &Expression, exponent: &Expression) -> Result<Id, Error> {
        let value = self.of(base)?;
        let Some(number) = exponent.as_number() else {
            let exponent = self.of(exponent)?;
            return Ok(self.builder.binary(Binary::Pow, value, exponent));
        };
        if let Some(whole) = number.to_i64().and_then(|n| i32::try_from(n).ok()) {
            return Ok(self.builder.powi(value, whole));
        }
        // Halves are roots of whole powers.
        let halves = number.times(&Number::integer(2)).to_i64().and_then(|n| i32::try_from(n).ok());
        if let Some(halves) = halves.filter(|n| n.abs() <= 9) {
            let root = self.builder.call(Function::Sqrt, value);
            return Ok(self.builder.powi(root, halves));
        }
        let exponent = self.number(number)?;
        Ok(self.builder.binary(Binary::Pow, value, exponent))
    }

    fn condition(&mut self, condition: &Condition) -> Result<Id, Error> {
        let (relation, left, right) = match condition {
            Condition::Known(truth) => return Ok(self.builder.constant(f64::from(u8::from(*truth)))),
            Condition::Compare(relation, left, right) => (relation, self.of(left)?, self.of(right)?),
        };
        let b = &mut self.builder;
        Ok(match relation {
            Relation::Greater => b.binary(Binary::Greater, left, right),
            Relation::AtLeast => b.binary(Binary::GreaterEqual, left, right),
            Relation::Less => b.binary(Binary::Greater, right, left),
            Relation::AtMost => b.binary(Binary::GreaterEqual, right, left),
            Relation::Equal => b.binary(Binary::Equal, left, right),
            Relation::Unequal => {
                let equal = b.binary(Binary::Equal, left, right);
                b.unary(Unary::Not, equal)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calculus::symbolic::{call, power};

    #[test]
    fn programs_compute_what_expressions_are_worth() {
        let (x, y) = (Expression::symbol("x"), Expression::symbol("y"));
        let f = &(&call(Function::Sin, &x) / &(&y + &Expression::integer(3)))
            - &(&power(&x, &Expression::ratio(3, 2)) * &power(&y, &x));
        let program = compile(&[f.clone(), &f * &f], &[x.clone(), y]).unwrap();
        let mut values = [0.0; 2];
        program.evaluate(&[1.25, 0.5], &mut values).unwrap();
        let expected = f.value_at(&|s| Some(if *s == x { 1.25 } else { 0.5 })).unwrap();
        assert!((values[0] - expected).abs() < 1e-15);
        assert!((values[1] - expected * expected).abs() < 1e-14);
    }

    #[test]
    fn symbols_that_are_no_variables_are_named() {
        let (x, y) = (Expression::symbol("x"), Expression::symbol("y"));
        let error = compile(&[&x + &y], std::slice::from_ref(&x)).unwrap_err();
        assert!(error.to_string().contains("got none for y"));
        assert!(compile(std::slice::from_ref(&x), &[x.clone(), x.clone()]).is_err());
    }
}
