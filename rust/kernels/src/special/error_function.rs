//! The error function and its complement.
//!
//! `erfc x = e^(-x²) g(t) / (1 + x)` for `x >= 0`, where `g` is smooth in `t = (x - 3)/(x + 3)`
//! over the whole half line.
//!
//! After M. M. Shepherd and J. G. Laframboise, "Chebyshev approximation of (1 + 2x) exp(x²) erfc x in
//! 0 <= x < ∞", Math. Comp. 36, 1981.

use super::arithmetic::{ROUND, fast_two_sum, polynomial, power_of_two, scale, select, two_product, two_sum};
use super::coefficients::{ERF, ERFC, ERFC_MIDDLE, ERFC_MIDDLE_LOW};
use super::exponential::exp_parts;
use crate::simd::Isa;
use std::f64::consts::FRAC_2_SQRT_PI;

/// `erf x`, within two units in the last place.
#[inline(always)]
pub fn erf<I: Isa>(isa: I, x: f64) -> f64 {
    let magnitude = select(x.abs() > 6.0, 6.0, x.abs());
    let (high, low, k) = complement(isa, magnitude);
    let power = power_of_two(k + ROUND);
    let far = ((1.0 - high * power) - low * power).copysign(x);
    let w = magnitude * magnitude;
    let slope = isa.mul_add(w, polynomial(isa, w, &ERF), FRAC_2_SQRT_PI - 1.0);
    select(magnitude < 0.5, isa.mul_add(x, slope, x), far)
}

/// `erfc x = 1 - erf x`, within two units in the last place.
#[inline(always)]
pub fn erfc<I: Isa>(isa: I, x: f64) -> f64 {
    let magnitude = select(x.abs() > 28.0, 28.0, x.abs());
    let (high, low, k) = complement(isa, magnitude);
    let value = scale(isa, high + low, k);
    select(x < 0.0, 2.0 - value, value)
}

/// `erfc x` for `0 <= x <= 28` as `(high + low) 2^k`.
#[inline(always)]
fn complement<I: Isa>(isa: I, x: f64) -> (f64, f64, f64) {
    let (square, square_low) = two_product(isa, x, x);
    let t = (x - 3.0) / (x + 3.0);
    tail(isa, (-square, -square_low), t, (ERFC_MIDDLE, ERFC_MIDDLE_LOW, &ERFC), two_sum(1.0, x))
}

/// `e^exponent (p.0 + p.1 + t p.2(t)) / divisor` as `(high + low) 2^k`; the pairs are a number and
/// what it lacks.
#[inline(always)]
pub fn tail<I: Isa, const N: usize>(
    isa: I,
    exponent: (f64, f64),
    t: f64,
    p: (f64, f64, &[f64; N]),
    divisor: (f64, f64),
) -> (f64, f64, f64) {
    let (e, e_low, k) = exp_parts(isa, exponent.0, exponent.1);
    let (curve, curve_low) = fast_two_sum(p.0, t * polynomial(isa, t, p.2));
    let (product, product_low) = two_product(isa, e, curve);
    let product_low = isa.mul_add(e, curve_low + p.1, isa.mul_add(e_low, curve, product_low));
    let inverse = 1.0 / divisor.0;
    let quotient = product * inverse;
    let (back, back_low) = two_product(isa, quotient, divisor.0);
    let missing = isa.mul_add(-quotient, divisor.1, ((product - back) - back_low) + product_low);
    (quotient, missing * inverse, k)
}
