//! Products in canonical form: powers of one base are merged, as SymPy's `Mul` does.

use super::expression::{Constant, Expression, Kind, mix};
use super::number::Number;
use super::power::power;
use super::roots;
use std::ops::{Div, Mul};

/// The product of `factors`.
pub fn product(factors: impl IntoIterator<Item = Expression>) -> Expression {
    let mut gathered = Gathered { coefficient: Number::ONE, powers: Vec::new(), roots: Vec::new() };
    for factor in factors {
        gathered.put(&factor);
    }
    gathered.merged()
}

/// `number * expression`; over a sum it is distributed.
pub(super) fn scaled(number: &Number, expression: &Expression) -> Expression {
    match expression.kind() {
        _ if number.is_one() => expression.clone(),
        Kind::Number(other) => Expression::number(number.times(other)),
        Kind::Product(other, factors) => with_coefficient(number.times(other), factors),
        _ => with_coefficient(number.clone(), std::slice::from_ref(expression)),
    }
}

/// The product of a number with factors that are in canonical form.
pub(super) fn with_coefficient(coefficient: Number, factors: &[Expression]) -> Expression {
    if factors.is_empty() || coefficient == Number::Undefined {
        return Expression::number(coefficient);
    }
    if coefficient.is_zero() {
        return Expression::zero();
    }
    if let [factor] = factors {
        if coefficient.is_one() {
            return factor.clone();
        }
        if let (Kind::Sum(constant, terms), true) = (factor.kind(), coefficient.is_finite()) {
            // The terms stay in order: it does not depend on coefficients.
            let terms = terms.iter().map(|term| scaled(&coefficient, term)).collect();
            return Expression::of(Kind::Sum(constant.times(&coefficient), terms));
        }
    }
    Expression::of(Kind::Product(coefficient, factors.into()))
}

/// Base and exponent: `exp(u)` is a power of [`Constant::E`].
pub(super) fn base_and_exponent(factor: &Expression) -> (Expression, Expression) {
    match factor.kind() {
        Kind::Power(base, exponent) => (base.clone(), exponent.clone()),
        Kind::Call(super::Function::Exp, argument) => (Expression::constant(Constant::E), argument.clone()),
        _ => (factor.clone(), Expression::one()),
    }
}

/// A factor, and what factors it can be merged with have in common.
struct Factor {
    /// Hash of base and exponent, the coefficient of the exponent left out.
    key: u64,
    whole: Expression,
}

impl Factor {
    fn new(whole: Expression) -> Self {
        let one = Expression::one().key();
        let key = match whole.kind() {
            Kind::Power(base, exponent) => mix(base.fingerprint(), exponent.key()),
            Kind::Call(super::Function::Exp, argument) => mix(exponential_key(), argument.key()),
            _ => mix(whole.fingerprint(), one),
        };
        Self { key, whole }
    }

    fn merges_with(&self, other: &Self) -> bool {
        if self.key != other.key {
            return false;
        }
        let ((a, x), (b, y)) = (base_and_exponent(&self.whole), base_and_exponent(&other.whole));
        a == b && x.split_coefficient().1 == y.split_coefficient().1
    }
}

fn exponential_key() -> u64 {
    Expression::constant(Constant::E).fingerprint()
}

struct Gathered {
    coefficient: Number,
    powers: Vec<Factor>,
    /// Fractional powers of rational numbers.
    roots: Vec<(Number, Number)>,
}

impl Gathered {
    fn put(&mut self, factor: &Expression) {
        match factor.kind() {
            Kind::Number(number) => self.coefficient = self.coefficient.times(number),
            Kind::Product(number, factors) => {
                if !number.is_one() {
                    self.coefficient = self.coefficient.times(number);
                }
                factors.iter().for_each(|factor| self.put_one(factor));
            }
            _ => self.put_one(factor),
        }
    }

    fn put_one(&mut self, factor: &Expression) {
        if let Kind::Power(base, exponent) = factor.kind()
            && let (Some(base), Some(exponent)) = (base.as_number(), exponent.as_number())
            && base.is_rational()
            && exponent.is_rational()
        {
            self.roots.push((base.clone(), exponent.clone()));
        } else {
            self.powers.push(Factor::new(factor.clone()));
        }
    }

    fn merged(mut self) -> Expression {
        // What powers of one base make may be a number or a product: then it goes round again.
        const ROUNDS: usize = 4;
        for _ in 0..ROUNDS {
            self.powers.sort_by(|a, b| {
                a.key.cmp(&b.key).then_with(|| {
                    if a.merges_with(b) {
                        std::cmp::Ordering::Equal
                    } else {
                        format!("{:?}", a.whole).cmp(&format!("{:?}", b.whole))
                    }
                })
            });
            if !self.merge_neighbours() {
                break;
            }
        }
        self.merge_numeric_bases();
        if !self.roots.is_empty() {
            self.merge_roots();
        }
        let factors: Vec<Expression> = self.powers.into_iter().map(|factor| factor.whole).collect();
        with_coefficient(self.coefficient, &factors)
    }

    /// Merges powers of one base; true where what came of it must be sorted again.
    fn merge_neighbours(&mut self) -> bool {
        if !self.powers.windows(2).any(|pair| pair[0].merges_with(&pair[1])) {
            return false;
        }
        let mut again = false;
        let old = std::mem::take(&mut self.powers);
        let mut rest = old.into_iter().peekable();
        while let Some(first) = rest.next() {
            let mut exponents = Vec::new();
            while let Some(next) = rest.next_if(|next| first.merges_with(next)) {
                exponents.push(base_and_exponent(&next.whole).1);
            }
            if exponents.is_empty() {
                self.powers.push(first);
                continue;
            }
            let (base, exponent) = base_and_exponent(&first.whole);
            let exponent = exponents.iter().fold(exponent, |total, next| &total + next);
            self.put(&power(&base, &exponent));
            again = true;
        }
        again
    }

    /// `2**x * 3**x` is `6**x`.
    fn merge_numeric_bases(&mut self) {
        let numeric = |factor: &Factor| match factor.whole.kind() {
            Kind::Power(base, exponent) => match base.as_number() {
                Some(base) if base.sign() > 0 && base.is_rational() => Some((base.clone(), exponent.clone())),
                _ => None,
            },
            _ => None,
        };
        if self.powers.iter().filter_map(numeric).nth(1).is_none() {
            return;
        }
        let mut bases: Vec<(Number, Expression)> = Vec::new();
        for (base, exponent) in self.powers.iter().filter_map(numeric) {
            match bases.iter_mut().find(|(_, other)| *other == exponent) {
                Some((product, _)) => *product = product.times(&base),
                None => bases.push((base, exponent)),
            }
        }
        self.powers.retain(|factor| numeric(factor).is_none());
        for (base, exponent) in bases {
            self.put(&power(&Expression::number(base), &exponent));
        }
        self.powers.sort_by_key(|factor| factor.key);
    }

    fn merge_roots(&mut self) {
        let roots = std::mem::take(&mut self.roots);
        let made = if let [(base, exponent)] = &roots[..] {
            vec![Expression::of(Kind::Power(
                Expression::number(base.clone()),
                Expression::number(exponent.clone()),
            ))]
        } else {
            let (coefficient, made) = roots::combined(&roots);
            self.coefficient = self.coefficient.times(&coefficient);
            made
        };
        self.powers.extend(made.into_iter().map(Factor::new));
        self.powers.sort_by_key(|factor| factor.key);
    }
}

impl Mul for &Expression {
    type Output = Expression;
    fn mul(self, other: Self) -> Expression {
        match (self.kind(), other.kind()) {
            (Kind::Number(number), _) => scaled(number, other),
            (_, Kind::Number(number)) => scaled(number, self),
            _ => product([self.clone(), other.clone()]),
        }
    }
}

impl Div for &Expression {
    type Output = Expression;
    fn div(self, other: Self) -> Expression {
        match other.kind() {
            Kind::Number(number) => scaled(&number.inverse(), self),
            _ => self * &power(other, &Expression::integer(-1)),
        }
    }
}

impl Mul for Expression {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        &self * &other
    }
}

impl Div for Expression {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        &self / &other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_one_base_are_merged() {
        let (x, y) = (Expression::symbol("x"), Expression::symbol("y"));
        let cube = power(&x, &Expression::integer(3));
        assert_eq!(&(&x * &x) * &x, cube);
        assert_eq!(&(&x * &y) / &y, x);
        assert_eq!(&cube / &(&x * &x), x);
    }

    #[test]
    fn a_number_is_distributed_over_a_sum_that_stands_alone() {
        let (x, two) = (Expression::symbol("x"), Expression::integer(2));
        let one_more = &x + &Expression::one();
        assert_eq!(&two * &one_more, &(&two * &x) + &two);
        assert_eq!((&(&two * &x) * &one_more).children().len(), 3);
    }

    #[test]
    fn a_product_does_not_depend_on_the_order_of_its_factors() {
        let symbols: Vec<Expression> = (0..50).map(|i| Expression::symbol(&format!("x{}", i % 40))).collect();
        let forwards = product(symbols.iter().cloned());
        let backwards = symbols.iter().rev().fold(Expression::one(), |all, x| &all * x);
        assert_eq!(forwards, backwards);
    }
}
