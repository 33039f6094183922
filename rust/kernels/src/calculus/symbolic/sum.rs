//! Sums in canonical form: like terms are collected, as SymPy's `Add` does.

use super::expression::{Expression, Kind};
use super::number::Number;
use super::product;
use std::cmp::Ordering;
use std::ops::{Add, Neg, Sub};

/// The sum of `terms`.
pub fn sum(terms: impl IntoIterator<Item = Expression>) -> Expression {
    let mut constant = Number::ZERO;
    let mut flat = Vec::new();
    for term in terms {
        match term.kind() {
            Kind::Number(number) => constant = constant.plus(number),
            Kind::Sum(number, inner) => {
                constant = constant.plus(number);
                flat.extend(inner.iter().cloned());
            }
            _ => flat.push(term),
        }
    }
    flat.sort_by(order);
    let mut merged = Vec::with_capacity(flat.len());
    let mut rest = flat.into_iter().peekable();
    while let Some(mut term) = rest.next() {
        while let Some(next) = rest.next_if(|next| alike(&term, next)) {
            term = combined(&term, &next);
        }
        keep(term, &mut constant, &mut merged);
    }
    finish(constant, merged)
}

/// The sum of two: their terms are in order already.
fn plus(left: &Expression, right: &Expression) -> Expression {
    let (mut constant, left) = split_constant(left);
    let (second, right) = split_constant(right);
    constant = constant.plus(&second);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut i, mut j) = (0, 0);
    while let (Some(a), Some(b)) = (left.get(i), right.get(j)) {
        match order(a, b) {
            _ if alike(a, b) => {
                keep(combined(a, b), &mut constant, &mut merged);
                i += 1;
                j += 1;
            }
            Ordering::Less | Ordering::Equal => {
                merged.push(a.clone());
                i += 1;
            }
            Ordering::Greater => {
                merged.push(b.clone());
                j += 1;
            }
        }
    }
    merged.extend(left[i..].iter().chain(&right[j..]).cloned());
    finish(constant, merged)
}

/// The number and the other terms of a sum, or of anything else.
pub(super) fn split_constant(expression: &Expression) -> (Number, &[Expression]) {
    match expression.kind() {
        Kind::Number(number) => (number.clone(), &[]),
        Kind::Sum(number, terms) => (number.clone(), terms),
        _ => (Number::ZERO, std::slice::from_ref(expression)),
    }
}

/// The order of the terms within the node; ties (of hashes!) are decided by what they look like.
fn order(a: &Expression, b: &Expression) -> Ordering {
    a.key().cmp(&b.key()).then_with(|| {
        let (x, y) = (a.split_coefficient().1, b.split_coefficient().1);
        if x == y { Ordering::Equal } else { format!("{x:?}").cmp(&format!("{y:?}")) }
    })
}

/// Whether both are multiples of one thing.
fn alike(a: &Expression, b: &Expression) -> bool {
    a.key() == b.key() && a.split_coefficient().1 == b.split_coefficient().1
}

/// The sum of two like terms.
fn combined(a: &Expression, b: &Expression) -> Expression {
    let ((x, factors), (y, _)) = (a.split_coefficient(), b.split_coefficient());
    product::with_coefficient(x.plus(y), factors)
}

fn keep(term: Expression, constant: &mut Number, merged: &mut Vec<Expression>) {
    match term.kind() {
        Kind::Number(number) => *constant = constant.plus(number),
        _ => merged.push(term),
    }
}

fn finish(constant: Number, mut terms: Vec<Expression>) -> Expression {
    if constant == Number::Undefined || terms.is_empty() {
        return Expression::number(constant);
    }
    if constant.is_zero() && terms.len() == 1 {
        return terms.swap_remove(0);
    }
    let constant = if constant.is_zero() { Number::ZERO } else { constant };
    Expression::of(Kind::Sum(constant, terms.into()))
}

impl Add for &Expression {
    type Output = Expression;
    fn add(self, other: Self) -> Expression {
        if self.is_integer(0) {
            return other.clone();
        }
        if other.is_integer(0) {
            return self.clone();
        }
        plus(self, other)
    }
}

impl Neg for &Expression {
    type Output = Expression;
    fn neg(self) -> Expression {
        product::scaled(&Number::MINUS_ONE, self)
    }
}

impl Sub for &Expression {
    type Output = Expression;
    fn sub(self, other: Self) -> Expression {
        self + &-other
    }
}

impl Add for Expression {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        &self + &other
    }
}

impl Sub for Expression {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        &self - &other
    }
}

impl Neg for Expression {
    type Output = Self;
    fn neg(self) -> Self {
        -&self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_terms_are_collected() {
        let (x, y) = (Expression::symbol("x"), Expression::symbol("y"));
        assert_eq!(&x + &x, &Expression::integer(2) * &x);
        assert_eq!(&(&x + &y) - &x, y);
        assert_eq!(&x - &x, Expression::zero());
        assert_eq!(sum([x.clone(), y.clone(), x.clone()]), &(&y + &x) + &x);
    }

    #[test]
    fn a_sum_does_not_depend_on_the_order_of_its_terms() {
        let symbols: Vec<Expression> = (0..50).map(|i| Expression::symbol(&format!("x{i}"))).collect();
        let forwards = sum(symbols.iter().cloned());
        let backwards = symbols.iter().rev().fold(Expression::zero(), |total, x| &total + x);
        assert_eq!(forwards, backwards);
        assert_eq!(forwards.fingerprint(), backwards.fingerprint());
    }
}
