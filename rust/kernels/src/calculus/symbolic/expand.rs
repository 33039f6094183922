//! Products and powers of sums, multiplied out.

use super::expression::{Constant, Expression, Kind};
use super::number::Number;
use super::power::power;
use super::product::{product, scaled};
use super::sum::{split_constant, sum};
use super::{Function, call};
use crate::{Control, Error};
use std::collections::HashMap;

/// A result with more terms than this is refused.
const MOST_TERMS: usize = 1_000_000;

/// `expression` with all its products and whole powers of sums multiplied out.
///
/// # Errors
///
/// [`Error::Stopped`] if the caller gives up, [`Error::Value`] where there are too many terms.
pub fn expand(expression: &Expression, control: &Control) -> Result<Expression, Error> {
    Expansion { control, known: HashMap::new() }.of(expression)
}

struct Expansion<'a> {
    control: &'a Control,
    known: HashMap<Expression, Expression>,
}

impl Expansion<'_> {
    fn of(&mut self, expression: &Expression) -> Result<Expression, Error> {
        if let Some(found) = self.known.get(expression) {
            return Ok(found.clone());
        }
        self.control.go_on()?;
        let inside = expression.rebuilt(|part| self.of(part))?;
        let expanded = match inside.kind() {
            Kind::Product(coefficient, factors) => self.product(coefficient, factors)?,
            Kind::Power(base, exponent) => self.power(&inside, base, exponent)?,
            Kind::Call(Function::Exp, argument) => {
                split_exponent(&Expression::constant(Constant::E), argument).unwrap_or(inside)
            }
            Kind::Call(Function::Log, argument) => split_logarithm(argument).unwrap_or(inside),
            _ => inside,
        };
        self.known.insert(expression.clone(), expanded.clone());
        Ok(expanded)
    }

    fn product(&mut self, coefficient: &Number, factors: &[Expression]) -> Result<Expression, Error> {
        let (sums, rest): (Vec<_>, Vec<_>) =
            factors.iter().cloned().partition(|factor| matches!(factor.kind(), Kind::Sum(..)));
        let mut result = product(rest.into_iter().chain([Expression::number(coefficient.clone())]));
        for factor in sums {
            result = self.multiplied(&result, &factor)?;
        }
        Ok(result)
    }

    /// The product of two, term by term.
    fn multiplied(&mut self, left: &Expression, right: &Expression) -> Result<Expression, Error> {
        let (left, right) = (terms(left), terms(right));
        if left.len().saturating_mul(right.len()) > MOST_TERMS {
            return Err(too_many());
        }
        let mut made = Vec::with_capacity(left.len() * right.len());
        for a in &left {
            self.control.go_on()?;
            made.extend(right.iter().map(|b| a * b));
        }
        let all = sum(made);
        // Roots of two sums may have made a sum of a product.
        match all.kind() {
            Kind::Sum(_, terms) if terms.iter().any(has_sum_as_factor) => self.of(&all),
            _ => Ok(all),
        }
    }

    fn power(
        &mut self,
        whole: &Expression,
        base: &Expression,
        exponent: &Expression,
    ) -> Result<Expression, Error> {
        if let Some(split) = split_exponent(base, exponent) {
            return Ok(split);
        }
        let (Kind::Sum(..), Some(times)) = (base.kind(), exponent.as_number().and_then(Number::to_i64))
        else {
            return Ok(whole.clone());
        };
        let (mut result, mut square, mut left) = (Expression::one(), base.clone(), times.unsigned_abs());
        if left > 1_000_000 {
            return Err(too_many());
        }
        while left > 0 {
            if left % 2 == 1 {
                result = self.multiplied(&result, &square)?;
            }
            left /= 2;
            if left > 0 {
                square = self.multiplied(&square, &square)?;
            }
        }
        Ok(if times < 0 { power(&result, &Expression::integer(-1)) } else { result })
    }
}

fn too_many() -> Error {
    Error::Value {
        argument: "f",
        message: format!("multiplied out it would have more than {MOST_TERMS} terms"),
    }
}

fn has_sum_as_factor(term: &Expression) -> bool {
    matches!(term.kind(), Kind::Product(_, factors) if factors.iter().any(|f| matches!(f.kind(), Kind::Sum(..))))
}

/// The terms of a sum, its number among them.
pub(super) fn terms(expression: &Expression) -> Vec<Expression> {
    let (constant, terms) = split_constant(expression);
    let mut terms = terms.to_vec();
    if !constant.is_zero() || terms.is_empty() {
        terms.push(Expression::number(constant));
    }
    terms
}

/// `base**(a + b)` as `base**a * base**b`.
fn split_exponent(base: &Expression, exponent: &Expression) -> Option<Expression> {
    match exponent.kind() {
        Kind::Sum(..) => Some(product(terms(exponent).iter().map(|term| power(base, term)))),
        _ => None,
    }
}

/// The logarithm of a product of what is known to be positive is a sum.
fn split_logarithm(argument: &Expression) -> Option<Expression> {
    let positive = |factor: &Expression| factor.is_nonnegative();
    match argument.kind() {
        Kind::Product(coefficient, factors) if factors.iter().any(positive) && coefficient.sign() > 0 => {
            let (known, unknown): (Vec<_>, Vec<_>) = factors.iter().cloned().partition(positive);
            let number = call(Function::Log, &Expression::number(coefficient.clone()));
            let rest = call(Function::Log, &product(unknown));
            let logarithm = |f: &Expression| split_logarithm(f).unwrap_or_else(|| call(Function::Log, f));
            Some(sum(known.iter().map(logarithm).chain([rest, number])))
        }
        Kind::Power(base, exponent) if positive(base) && exponent.is_real() => {
            let inner = split_logarithm(base).unwrap_or_else(|| call(Function::Log, base));
            Some(match exponent.as_number() {
                Some(number) => scaled(number, &inner),
                None => exponent * &inner,
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(expression: &Expression) -> Expression {
        expand(expression, &Control::default()).unwrap()
    }

    #[test]
    fn powers_of_sums_are_multiplied_out() {
        let (x, y) = (Expression::symbol("x"), Expression::symbol("y"));
        let square = expanded(&power(&(&x + &y), &Expression::integer(2)));
        assert_eq!(square.to_string(), "x**2 + 2*x*y + y**2");
        let tenth = expanded(&power(&(&x + &Expression::one()), &Expression::integer(10)));
        assert_eq!(tenth.to_string().matches("252*x**5").count(), 1);
    }

    #[test]
    fn a_product_is_worth_what_it_was() {
        let (x, y) = (Expression::symbol("x"), Expression::symbol("y"));
        let f = &(&(&x + &y) * &(&x - &y)) * &(&x + &Expression::integer(3));
        let value = |e: &Expression| e.value_at(&|s| Some(if *s == x { 1.5 } else { -0.25 })).unwrap();
        assert!((value(&f) - value(&expanded(&f))).abs() < 1e-14);
    }

    #[test]
    fn too_large_results_are_refused() {
        let all = sum((0..50).map(|i| Expression::symbol(&format!("x{i}"))));
        let f = power(&all, &Expression::integer(30));
        assert!(matches!(expand(&f, &Control::default()), Err(Error::Value { .. })));
    }
}
