//! Fractional powers of rational numbers, in the one form that equal ones share.
//!
//! `12**(1/2)` is `2*sqrt(3)` and `(1/2)**(1/2)` is `sqrt(2)/2`: primes are taken out as far as
//! their exponents are whole, and what is left is grouped by exponent, each between 0 and 1.

use super::expression::{Expression, Kind};
use super::number::Number;
use num_bigint::BigInt;
use num_integer::Integer as _;
use num_rational::BigRational;
use num_traits::{One as _, Signed as _, ToPrimitive as _, Zero as _};
use std::collections::BTreeMap;

/// Primes up to here are divided out; what is left is taken as one factor.
const LARGEST_DIVISOR: u32 = 1 << 15;

/// Bases of more bits than this are not factored.
const LARGEST_BASE: u64 = 4096;

/// Exponents with a larger denominator are left alone.
const LARGEST_ROOT: i64 = 1 << 16;

/// `base ** exponent`, or `None` where that is the canonical form already.
pub(super) fn root(base: &Number, exponent: &Number) -> Option<Expression> {
    let (coefficient, roots) = combined(&[(base.clone(), exponent.clone())]);
    let same = coefficient.is_one() && roots.len() == 1 && is_power(&roots[0], base, exponent);
    (!same).then(|| super::product::product(roots.into_iter().chain([Expression::number(coefficient)])))
}

fn is_power(expression: &Expression, base: &Number, exponent: &Number) -> bool {
    match expression.kind() {
        Kind::Power(b, e) => b.as_number() == Some(base) && e.as_number() == Some(exponent),
        _ => false,
    }
}

/// The product of fractional powers: a rational number, and canonical roots.
pub(super) fn combined(powers: &[(Number, Number)]) -> (Number, Vec<Expression>) {
    let mut exponents: BTreeMap<BigInt, BigRational> = BTreeMap::new();
    let mut turns = BigRational::zero();
    let mut aside = Vec::new();
    for (base, exponent) in powers {
        let (Some((n, d)), Some(e)) = (base.big_parts(), exponent.to_exact()) else { continue };
        let too_large = n.bits().max(d.bits()) > LARGEST_BASE
            || e.denom().to_i64().is_none_or(|root| root > LARGEST_ROOT)
            || e.numer().to_i64().is_none();
        if too_large {
            let parts = [base, exponent].map(|number| Expression::number(number.clone()));
            let [base, exponent] = parts;
            aside.push(Expression::of(Kind::Power(base, exponent)));
            continue;
        }
        if n.is_negative() {
            turns += &e;
        }
        for (prime, times) in factors(&n.abs()) {
            *exponents.entry(prime).or_insert_with(BigRational::zero) += &e * BigInt::from(times);
        }
        for (prime, times) in factors(&d) {
            *exponents.entry(prime).or_insert_with(BigRational::zero) -= &e * BigInt::from(times);
        }
    }
    let (mut coefficient, radicands) = taken_out(exponents);
    // Roots of -1 stand apart: sqrt(-2) is sqrt(2)*I.
    if turns.floor().to_integer().is_odd() {
        coefficient = coefficient.negated();
    }
    let unit = (&turns - turns.floor(), -BigInt::one());
    let unit = Some(unit).filter(|(exponent, _)| !exponent.is_zero());
    let roots = radicands.into_iter().chain(unit).map(|(exponent, radicand)| {
        let base = Expression::number(Number::exact(radicand.into()));
        Expression::of(Kind::Power(base, Expression::number(Number::exact(exponent))))
    });
    (coefficient, roots.chain(aside).collect())
}

/// The whole part of the powers, and for each fractional exponent what is under it.
fn taken_out(exponents: BTreeMap<BigInt, BigRational>) -> (Number, BTreeMap<BigRational, BigInt>) {
    let mut coefficient = Number::ONE;
    let mut radicands: BTreeMap<BigRational, BigInt> = BTreeMap::new();
    for (prime, exponent) in exponents {
        let whole = exponent.floor();
        let rest = &exponent - &whole;
        let number = Number::exact(prime.clone().into());
        if let Some(taken) = whole.to_integer().to_i64().and_then(|n| number.power(n)) {
            coefficient = coefficient.times(&taken);
        }
        if !rest.is_zero() {
            *radicands.entry(rest).or_insert_with(BigInt::one) *= prime;
        }
    }
    (coefficient, radicands)
}

/// The prime factors of `n`, as far as small primes go.
fn factors(n: &BigInt) -> Vec<(BigInt, u32)> {
    let mut found = Vec::new();
    let mut rest = n.clone();
    if let Some(mut small) = rest.to_u64() {
        let mut divisor: u64 = 2;
        while divisor * divisor <= small && divisor < u64::from(LARGEST_DIVISOR) {
            let times = take_out_u64(&mut small, divisor);
            if times > 0 {
                found.push((BigInt::from(divisor), times));
            }
            divisor += if divisor == 2 { 1 } else { 2 };
        }
        rest = small.into();
    } else {
        for divisor in (2..LARGEST_DIVISOR).filter(|n| n % 2 == 1 || *n == 2) {
            let divisor = BigInt::from(divisor);
            let mut times = 0;
            loop {
                let (quotient, remainder) = rest.div_rem(&divisor);
                if !remainder.is_zero() {
                    break;
                }
                rest = quotient;
                times += 1;
            }
            if times > 0 {
                found.push((divisor, times));
            }
        }
    }
    if !rest.is_one() {
        found.push(perfect_power(rest));
    }
    found
}

fn take_out_u64(n: &mut u64, divisor: u64) -> u32 {
    let mut times = 0;
    while n.is_multiple_of(divisor) {
        *n /= divisor;
        times += 1;
    }
    times
}

/// `n` as the power of something smaller, where it is one.
fn perfect_power(n: BigInt) -> (BigInt, u32) {
    // Its least factor is above 2^15, so its bits bound the exponent.
    let most = u32::try_from(n.bits() / 15).unwrap_or(0);
    for exponent in (2..=most).rev() {
        let root = n.nth_root(exponent);
        if root.pow(exponent) == n {
            return (root, exponent);
        }
    }
    (n, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calculus::symbolic::power;

    fn raised(base: (i64, i64), exponent: (i64, i64)) -> Expression {
        power(&Expression::ratio(base.0, base.1), &Expression::ratio(exponent.0, exponent.1))
    }

    #[test]
    fn whole_roots_are_numbers() {
        assert_eq!(raised((4, 9), (1, 2)), Expression::ratio(2, 3));
        assert_eq!(raised((8, 27), (-2, 3)), Expression::ratio(9, 4));
        let large = 1_000_003_i64 * 1_000_003;
        assert_eq!(raised((large, 1), (1, 2)), Expression::integer(1_000_003));
    }

    #[test]
    fn squares_come_out_of_roots() {
        let three = Expression::integer(3);
        assert_eq!(
            raised((12, 1), (1, 2)),
            &Expression::integer(2) * &power(&three, &Expression::ratio(1, 2))
        );
        assert_eq!(raised((1, 2), (1, 2)), &raised((2, 1), (1, 2)) / &Expression::integer(2));
    }

    #[test]
    fn products_of_roots_are_one_root() {
        assert_eq!(&raised((2, 1), (1, 2)) * &raised((3, 1), (1, 2)), raised((6, 1), (1, 2)));
        assert_eq!(&raised((2, 1), (1, 2)) * &raised((2, 1), (1, 2)), Expression::integer(2));
    }

    #[test]
    fn the_root_of_minus_one_squares_to_it() {
        let unit = raised((-1, 1), (1, 2));
        assert_eq!(&unit * &unit, Expression::integer(-1));
    }
}
