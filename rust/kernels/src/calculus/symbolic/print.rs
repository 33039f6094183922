//! Expressions as text, as SymPy's `str` writes them.

use super::decimal::decimal;
use super::expression::{Expression, Kind};
use super::number::Number;
use super::print_order::{compare, factors_in_order, has_leading_minus, terms_in_order};
use super::product::with_coefficient;
use std::fmt;

/// Expressions of more nodes have no text: what is shared would be written again and again.
const LONGEST: u64 = 2_000_000;

/// How tightly a text holds together; what holds less tightly is put in brackets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bond {
    Sum,
    Product,
    Power,
    Function,
    Atom,
}

fn bond(expression: &Expression) -> Bond {
    match expression.kind() {
        Kind::Number(Number::Infinity { negative: true }) => Bond::Sum,
        Kind::Number(number) if number.sign() < 0 => Bond::Sum,
        Kind::Number(number) if number.is_rational() && !number.is_integer() => Bond::Product,
        Kind::Sum(..) => Bond::Sum,
        Kind::Product(..) if has_leading_minus(expression) => Bond::Sum,
        Kind::Product(..) => Bond::Product,
        Kind::Power(..) if is_imaginary_unit(expression) => Bond::Atom,
        Kind::Power(..) => Bond::Power,
        Kind::Call(..) | Kind::Piecewise(_) => Bond::Function,
        _ => Bond::Atom,
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            Kind::Number(number) => write!(f, "{number}"),
            _ if self.size() > LONGEST => write!(f, "<expression of {} nodes>", self.size()),
            _ => f.write_str(&text(self)),
        }
    }
}

/// The text of an expression within another one.
fn text(expression: &Expression) -> String {
    match expression.kind() {
        Kind::Number(Number::Float(value, digits)) => decimal(*value, *digits, true),
        Kind::Number(number) => number.to_string(),
        Kind::Constant(constant) => constant.name().into(),
        Kind::Symbol(symbol) => symbol.name.to_string(),
        Kind::Sum(constant, terms) => of_sum(constant, terms),
        Kind::Product(coefficient, factors) => of_product(expression, coefficient, factors),
        Kind::Power(base, exponent) => of_power(expression, base, exponent),
        Kind::Call(function, argument) => format!("{}({})", function.name(), text(argument)),
        Kind::Extremum(which, arguments) => {
            let mut ordered = arguments.to_vec();
            ordered.sort_by(compare);
            let texts: Vec<String> = ordered.iter().map(text).collect();
            format!("{}({})", which.name(), texts.join(", "))
        }
        Kind::Piecewise(pieces) => {
            let texts: Vec<String> =
                pieces.iter().map(|(value, condition)| format!("({}, {condition})", text(value))).collect();
            format!("Piecewise({})", texts.join(", "))
        }
    }
}

/// `(…)` around what does not hold together more tightly than `bond`.
fn bracketed(expression: &Expression, within: Bond) -> String {
    let text = text(expression);
    if bond(expression) <= within { format!("({text})") } else { text }
}

fn of_sum(constant: &Number, terms: &[Expression]) -> String {
    let mut out = String::new();
    for term in terms_in_order(constant, terms) {
        let text = text(&term);
        match (text.strip_prefix('-'), out.is_empty()) {
            (Some(rest), true) => out = format!("-{rest}"),
            (Some(rest), false) => out = out + " - " + rest,
            (None, true) => out = text,
            (None, false) => out = out + " + " + &text,
        }
    }
    out
}

fn of_product(whole: &Expression, coefficient: &Number, factors: &[Expression]) -> String {
    let within = bond(whole);
    let sign = if coefficient.sign() < 0 { "-" } else { "" };
    let (above, below) = fraction(coefficient, factors);
    let join =
        |parts: &[Expression]| parts.iter().map(|part| bracketed(part, within)).collect::<Vec<_>>().join("*");
    let above = if above.is_empty() { "1".into() } else { join(&above) };
    match below.len() {
        0 => format!("{sign}{above}"),
        1 => format!("{sign}{above}/{}", join(&below)),
        _ => format!("{sign}{above}/({})", join(&below)),
    }
}

/// What is written above and below the line of a product, its sign left out.
pub(super) fn fraction(coefficient: &Number, factors: &[Expression]) -> (Vec<Expression>, Vec<Expression>) {
    let (mut above, mut below) = (Vec::new(), Vec::new());
    match coefficient.magnitude().parts() {
        Some((numerator, denominator)) => {
            above.extend(Some(numerator).filter(|n| !n.is_one()).map(Expression::number));
            below.extend(Some(denominator).filter(|d| !d.is_one()).map(Expression::number));
        }
        None if coefficient.sign() == 0 => above.push(Expression::number(coefficient.clone())),
        None => above.push(Expression::number(coefficient.magnitude())),
    }
    for factor in factors_in_order(factors) {
        match inverted(&factor) {
            Some(inverse) => below.push(inverse),
            None => above.push(factor),
        }
    }
    (above, below)
}

/// One over a power with a negative exponent, as it is written below the line.
fn inverted(factor: &Expression) -> Option<Expression> {
    let Kind::Power(base, exponent) = factor.kind() else { return None };
    let (coefficient, rest) = exponent.split_coefficient();
    if coefficient.sign() >= 0 {
        return None;
    }
    let exponent = with_coefficient(coefficient.negated(), rest);
    Some(if exponent.is_integer(1) {
        base.clone()
    } else {
        Expression::of(Kind::Power(base.clone(), exponent))
    })
}

/// Whether it is the square root of -1, which has a letter of its own.
pub(super) fn is_imaginary_unit(expression: &Expression) -> bool {
    match expression.kind() {
        Kind::Power(base, exponent) => base.is_integer(-1) && exponent.as_number() == Some(&Number::HALF),
        _ => false,
    }
}

fn of_power(whole: &Expression, base: &Expression, exponent: &Expression) -> String {
    if is_imaginary_unit(whole) {
        return "I".into();
    }
    match exponent.as_number() {
        Some(Number::Small(1, 2)) => format!("sqrt({})", text(base)),
        Some(Number::Small(-1, 2)) => format!("1/sqrt({})", text(base)),
        Some(Number::Small(-1, 1)) => format!("1/{}", bracketed(base, Bond::Power)),
        _ => format!("{}**{}", bracketed(base, Bond::Power), bracketed(exponent, Bond::Power)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calculus::symbolic::power;

    #[test]
    fn sums_are_written_as_sympy_writes_them() {
        let (x, y) = (Expression::symbol("x"), Expression::symbol("y"));
        let two = Expression::integer(2);
        let square = &(&power(&x, &two) + &(&(&two * &x) * &y)) + &power(&y, &two);
        assert_eq!(square.to_string(), "x**2 + 2*x*y + y**2");
        assert_eq!((&Expression::one() - &x).to_string(), "1 - x");
        assert_eq!((&Expression::one() - &(&x * &y)).to_string(), "-x*y + 1");
        assert_eq!((&x - &Expression::one()).to_string(), "x - 1");
    }

    #[test]
    fn fractions_have_a_line() {
        let (x, y) = (Expression::symbol("x"), Expression::symbol("y"));
        let third = Expression::ratio(1, 3);
        assert_eq!(third.to_string(), "1/3");
        assert_eq!((&x * &Expression::ratio(2, 3)).to_string(), "2*x/3");
        assert_eq!((&third / &(&x * &y)).to_string(), "1/(3*x*y)");
        assert_eq!(power(&x, &Expression::integer(-2)).to_string(), "x**(-2)");
        assert_eq!(power(&x, &Expression::ratio(-1, 2)).to_string(), "1/sqrt(x)");
        assert_eq!(power(&x, &third).to_string(), "x**(1/3)");
    }
}
