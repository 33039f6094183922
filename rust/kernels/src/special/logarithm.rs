//! The natural logarithm.
//!
//! `x = 2^k m` with `m` between √½ and √2, and `ln m = ln((1 + s)/(1 - s))` by a polynomial in
//! `s = (m - 1)/(m + 1)`.
//!
//! P. T. P. Tang, "Table-driven implementation of the logarithm function in IEEE floating-point
//! arithmetic", ACM Trans. Math. Softw. 16, 1990; W. J. Cody and W. Waite, "Software Manual for
//! the Elementary Functions", 1980.

use super::arithmetic::{polynomial, select, two_sum};
use super::coefficients::LOG;
use super::exponential::{LN_2_HIGH, LN_2_LOW};
use crate::simd::Isa;

/// The bits of √½.
const ROOT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
/// The bits of 1.
const ONE: u64 = 0x3ff0_0000_0000_0000;
/// 2^52: the low bits of a number between it and 2^53 are an integer's.
const UNIT: f64 = 4_503_599_627_370_496.0;

/// `ln x`, within one unit in the last place.
#[inline(always)]
pub fn log<I: Isa>(isa: I, x: f64) -> f64 {
    let (f, k) = reduce(x);
    let value = log_reduced(isa, f, 0.0, k);
    let value = select(x == f64::INFINITY, x, value);
    let value = select(x == 0.0, f64::NEG_INFINITY, value);
    select(x >= 0.0, value, f64::NAN)
}

/// Whether [`positive_log`] takes `x`.
#[inline(always)]
pub fn is_positive(x: f64) -> bool {
    (f64::MIN_POSITIVE..=f64::MAX).contains(&x)
}

/// `ln x` for positive normal numbers, with the bits of [`log`].
#[inline(always)]
pub fn positive_log<I: Isa>(isa: I, x: f64) -> f64 {
    let (f, k) = reduce_normal(x);
    log_reduced(isa, f, 0.0, k)
}

/// `f` and `k` with `x = 2^k (1 + f)` for positive `x`, where `1 + f` is between √½ and √2.
#[inline(always)]
pub fn reduce(x: f64) -> (f64, f64) {
    let tiny = x < f64::MIN_POSITIVE;
    let (f, k) = reduce_normal(select(tiny, x * 18_014_398_509_481_984.0, x));
    (f, select(tiny, k - 54.0, k))
}

/// As [`reduce`], for normal numbers.
#[inline(always)]
fn reduce_normal(x: f64) -> (f64, f64) {
    let shifted = x.to_bits().wrapping_add(ONE - ROOT_HALF);
    let k = f64::from_bits((shifted >> 52) | UNIT.to_bits()) - (UNIT + 1023.0);
    let mantissa = f64::from_bits((shifted & 0x000f_ffff_ffff_ffff).wrapping_add(ROOT_HALF));
    (mantissa - 1.0, k)
}

/// `ln(1 + f) + low + k ln 2`, for what [`reduce`] gives and a `low` that is far smaller than `f`.
#[inline(always)]
pub fn log_reduced<I: Isa>(isa: I, f: f64, low: f64, k: f64) -> f64 {
    let s = f / (2.0 + f);
    let w = s * s;
    let half_square = 0.5 * f * f;
    let curve = w * polynomial(isa, w, &LOG);
    let below = isa.mul_add(k, LN_2_LOW, low);
    isa.mul_add(k, LN_2_HIGH, f - (half_square - (s * (half_square + curve) + below)))
}

/// `ln(1 + x)`, within one unit in the last place.
#[inline(always)]
pub fn log1p<I: Isa>(isa: I, x: f64) -> f64 {
    let value = log1p_of_sum(isa, x, 0.0);
    let value = select(x == f64::INFINITY, x, value);
    let value = select(x == -1.0, f64::NEG_INFINITY, value);
    select(x.abs() < 1e-17, x, select(x >= -1.0, value, f64::NAN))
}

/// `ln(1 + x + low)` for finite `x > -1` and a `low` that is far smaller.
#[inline(always)]
pub fn log1p_of_sum<I: Isa>(isa: I, x: f64, low: f64) -> f64 {
    let (sum, rest) = two_sum(1.0, x);
    let (f, k) = reduce(sum);
    log_reduced(isa, f, (rest + low) / sum, k)
}
