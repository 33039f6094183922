//! The exponential.
//!
//! `e^x = 2^k e^r` with `|r| <= ln 2 / 2`, and a polynomial for `e^r`.

use super::arithmetic::{ROUND, fast_two_sum, polynomial, power_of_two, scale, select};
use super::coefficients::EXP;
use crate::simd::Isa;
use std::f64::consts::LOG2_E;

/// `ln 2` to 42 bits, so that its products with exponents are exact.
pub const LN_2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fefa_3800);
/// What it lacks.
pub const LN_2_LOW: f64 = 5.497_923_018_708_371e-14;

/// `e^x`, within one unit in the last place.
#[inline(always)]
pub fn exp<I: Isa>(isa: I, x: f64) -> f64 {
    let x = select(x > 710.0, 710.0, x);
    let x = select(x < -750.0, -750.0, x);
    let (high, _, k) = exp_parts(isa, x, 0.0);
    scale(isa, high, k)
}

/// Whether [`small_exp`] takes `x`.
#[inline(always)]
pub fn is_small(x: f64) -> bool {
    x.abs() <= 700.0
}

/// `e^x` for `|x| <= 700`, with the bits of [`exp`].
#[inline(always)]
pub fn small_exp<I: Isa>(isa: I, x: f64) -> f64 {
    let (high, _, k) = exp_parts(isa, x, 0.0);
    high * power_of_two(k + ROUND)
}

/// `e^(x + low) = (high + low) 2^k`, for `|x| <= 2000` and a `low` that is far smaller.
///
/// The sum has some 60 good bits.
#[inline(always)]
pub fn exp_parts<I: Isa>(isa: I, x: f64, low: f64) -> (f64, f64, f64) {
    let (y, y_low, k) = exp_less_one_parts(isa, x);
    let (high, high_low) = fast_two_sum(1.0, y);
    (high, isa.mul_add(low, high, high_low + y_low), k)
}

/// `e^x = (1 + y + y_low) 2^k`, for `|x| <= 2000`; `k` is 0 where `|x| <= ln 2 / 2`.
#[inline(always)]
pub fn exp_less_one_parts<I: Isa>(isa: I, x: f64) -> (f64, f64, f64) {
    let k = isa.mul_add(x, LOG2_E, ROUND) - ROUND;
    let above = isa.mul_add(k, -LN_2_HIGH, x);
    let below = k * LN_2_LOW;
    let r = above - below;
    let r_low = (above - r) - below;
    let curve = isa.mul_add(r, polynomial(isa, r, &EXP), 0.5);
    let (y, y_low) = fast_two_sum(r, isa.mul_add(r * r, curve, r_low));
    (y, y_low, k)
}
