//! Antiderivatives, by rules: a table for functions of linear arguments, by parts, by
//! substitution, by partial fractions. What no rule fits is refused.

use super::expand::{expand, terms};
use super::expression::{Expression, Kind};
use super::integral_table::{of_function, of_power};
use super::number::Number;
use super::polynomial::{self, coefficients, linear};
use super::power::power;
use super::product::product;
use super::sum::sum;
use super::{Function, call, differentiate, rational_integral, trigonometric_integral};
use crate::{Control, Error};

/// An antiderivative, or `None` where no rule fits.
pub(super) type Found = Result<Option<Expression>, Error>;

/// Rules call each other no deeper than this.
const DEEPEST: usize = 12;

/// An antiderivative of `f` with respect to the symbol `x`.
///
/// # Errors
///
/// [`Error::Unsupported`] where no rule fits, [`Error::Stopped`] if the caller gives up.
pub fn antiderivative(f: &Expression, x: &Expression, control: &Control) -> Result<Expression, Error> {
    let search = Search { x, control, depth: 0 };
    let refused = || Error::Unsupported { what: "integrate", got: format!("{f}: no closed form known") };
    let found = search.of(f)?.ok_or_else(refused)?;
    // A constant is of no use.
    let useful = |term: &Expression| term.has(x) || !found.has(x);
    Ok(sum(terms(&found).into_iter().filter(useful)))
}

/// A search for an antiderivative.
#[derive(Clone, Copy)]
pub(super) struct Search<'a> {
    pub(super) x: &'a Expression,
    pub(super) control: &'a Control,
    depth: usize,
}

impl Search<'_> {
    /// An antiderivative of `f`.
    pub(super) fn of(self, f: &Expression) -> Found {
        self.control.go_on()?;
        if self.depth > DEEPEST {
            return Ok(None);
        }
        let next = Self { depth: self.depth + 1, ..self };
        if !f.has(self.x) {
            return Ok(Some(f * self.x));
        }
        if let Kind::Sum(..) = f.kind() {
            return next.of_sum(f);
        }
        let (constant, rest) = self.without_constant_factors(f);
        if !constant.is_integer(1) {
            return Ok(next.of(&rest)?.map(|found| scaled_over_terms(&constant, &found)));
        }
        next.of_product(&rest)
    }

    fn of_sum(self, f: &Expression) -> Found {
        if let Some(found) = rational_integral::of(self, f)? {
            return Ok(Some(found));
        }
        let mut parts = Vec::new();
        for term in terms(f) {
            match self.of(&term)? {
                Some(part) => parts.push(part),
                None => return Ok(None),
            }
        }
        Ok(Some(sum(parts)))
    }

    /// Splits `f` into what is free of the variable and the rest.
    fn without_constant_factors(self, f: &Expression) -> (Expression, Expression) {
        let Kind::Product(coefficient, factors) = f.kind() else {
            return (Expression::one(), f.clone());
        };
        let (with, free): (Vec<_>, Vec<_>) = factors.iter().cloned().partition(|factor| factor.has(self.x));
        (product(free.into_iter().chain([Expression::number(coefficient.clone())])), product(with))
    }

    fn of_product(self, f: &Expression) -> Found {
        if let Some(found) = self.in_table(f)? {
            return Ok(Some(found));
        }
        if let Some(p) = coefficients(f, self.x, self.control)? {
            return Ok(Some(integrated_polynomial(&p, self.x)));
        }
        if let Some(found) = rational_integral::of(self, f)? {
            return Ok(Some(found));
        }
        if let Some(found) = trigonometric_integral::of(self, f)? {
            return Ok(Some(found));
        }
        if let Some(found) = self.by_parts(f)? {
            return Ok(Some(found));
        }
        if let Some(found) = self.by_substitution(f)? {
            return Ok(Some(found));
        }
        let expanded = expand(f, self.control)?;
        if expanded == *f { Ok(None) } else { self.of(&expanded) }
    }

    /// Powers and functions of linear and quadratic arguments.
    fn in_table(self, f: &Expression) -> Found {
        match f.kind() {
            Kind::Symbol(_) => Ok(Some(&power(f, &Expression::integer(2)) / &Expression::integer(2))),
            Kind::Power(base, exponent) => of_power(self, base, exponent),
            Kind::Call(function, argument) => of_function(self, *function, argument),
            _ => Ok(None),
        }
    }

    /// A polynomial times a function whose antiderivatives are known, or whose slope is simpler.
    fn by_parts(self, f: &Expression) -> Found {
        let Kind::Product(_, factors) = f.kind() else { return Ok(None) };
        for (i, factor) in factors.iter().enumerate() {
            let others = factors.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, other)| other.clone());
            let rest = product(others);
            let Some(p) = coefficients(&rest, self.x, self.control)? else { continue };
            let (kind, argument) = match factor.kind() {
                Kind::Call(function, argument) => (*function, argument),
                Kind::Power(base, exponent) if !base.has(self.x) => (Function::Exp, exponent),
                Kind::Power(base, _) if matches!(base.kind(), Kind::Call(Function::Log, _)) => {
                    (Function::Log, base)
                }
                _ => continue,
            };
            let found = match kind {
                Function::Exp | Function::Sin | Function::Cos | Function::Sinh | Function::Cosh => {
                    match linear(argument, self.x, self.control)? {
                        Some(_) => self.tabular(&p, factor)?,
                        None => None,
                    }
                }
                Function::Log
                | Function::Atan
                | Function::Asin
                | Function::Acos
                | Function::Asinh
                | Function::Atanh => self.slope_of_factor(&p, factor)?,
                _ => None,
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Derivatives of the polynomial against antiderivatives of the other factor.
    fn tabular(self, p: &[Expression], factor: &Expression) -> Found {
        let mut left = polynomial::expression_of(p, self.x);
        let mut right = factor.clone();
        let mut parts = Vec::new();
        let mut sign = Expression::one();
        while !left.is_integer(0) {
            match self.in_table_scaled(&right)? {
                Some(next) => right = next,
                None => return Ok(None),
            }
            parts.push(&(&sign * &left) * &right);
            left = expand(&differentiate(&left, self.x, self.control)?, self.control)?;
            sign = -&sign;
        }
        Ok(Some(expand_products(&sum(parts), self.control)?))
    }

    fn in_table_scaled(self, f: &Expression) -> Found {
        let (constant, rest) = self.without_constant_factors(f);
        Ok(self.in_table(&rest)?.map(|found| &constant * &found))
    }

    /// `P * factor - integral of P * factor'`, where P is the antiderivative of the polynomial.
    fn slope_of_factor(self, p: &[Expression], factor: &Expression) -> Found {
        let whole = integrated_polynomial(p, self.x);
        let slope = differentiate(factor, self.x, self.control)?;
        let rest = expand(&(&whole * &slope), self.control)?;
        Ok(self.of(&rest)?.map(|rest| &(&whole * factor) - &rest))
    }

    /// `g(u) * u'` for some part `u` of the integrand.
    fn by_substitution(self, f: &Expression) -> Found {
        let t = Expression::symbol("\u{1D461}");
        for part in candidates(f, self.x) {
            let slope = differentiate(&part, self.x, self.control)?;
            if slope.is_integer(0) {
                continue;
            }
            let rest = f / &slope;
            let replaced = rest.substitute(&[(part.clone(), t.clone())].into_iter().collect());
            if replaced.has(self.x) || replaced.size() > f.size() + 8 {
                continue;
            }
            let inner = Search { x: &t, ..self };
            if let Some(found) = inner.of(&replaced)? {
                return Ok(Some(found.substitute(&[(t, part)].into_iter().collect())));
            }
        }
        Ok(None)
    }
}

/// What might be substituted: functions, their arguments, bases and exponents; large ones first.
fn candidates(f: &Expression, x: &Expression) -> Vec<Expression> {
    let mut found: Vec<Expression> = Vec::new();
    let mut left = vec![f.clone()];
    while let Some(part) = left.pop() {
        if part == *x || !part.has(x) {
            continue;
        }
        let children = part.children();
        let offered = match part.kind() {
            Kind::Call(..) => vec![part.clone(), children[0].clone()],
            Kind::Power(base, exponent) => vec![part.clone(), base.clone(), exponent.clone()],
            _ => Vec::new(),
        };
        for candidate in offered {
            if candidate != *x && candidate != *f && candidate.has(x) && !found.contains(&candidate) {
                found.push(candidate);
            }
        }
        left.extend(children);
    }
    found.sort_by_key(|candidate| std::cmp::Reverse(candidate.size()));
    found
}

/// The antiderivative of a polynomial.
pub(super) fn integrated_polynomial(p: &[Expression], x: &Expression) -> Expression {
    sum(p.iter().enumerate().map(|(n, c)| {
        let n = n as i64 + 1;
        product([c.clone(), power(x, &Expression::integer(n)), Expression::ratio(1, n)])
    }))
}

/// A constant times each term of a sum.
pub(super) fn scaled_over_terms(constant: &Expression, f: &Expression) -> Expression {
    sum(terms(f).iter().map(|term| constant * term))
}

/// Numbers and monomials multiplied into sums, functions left as factors.
fn expand_products(f: &Expression, control: &Control) -> Result<Expression, Error> {
    expand(f, control)
}

/// One over `n`.
pub(super) fn inverse(n: &Expression) -> Expression {
    power(n, &Expression::integer(-1))
}

/// The logarithm.
pub(super) fn log(f: &Expression) -> Expression {
    call(Function::Log, f)
}

/// A whole number as an exponent.
pub(super) fn whole(exponent: &Expression) -> Option<i64> {
    exponent.as_number().and_then(Number::to_i64)
}
