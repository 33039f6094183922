//! Sine, cosine, tangent.
//!
//! `x = k π/2 + r` with `|r| <= π/4`, where π/2 is held in four parts of which the first three,
//! with 33 bits each, have exact products with `k`: W. J. Cody and W. Waite, "Software Manual for
//! the Elementary Functions", 1980. Beyond [`LARGEST`] the C library takes over.

use super::arithmetic::{ROUND, divide, fast_two_sum, polynomial, select, two_sum};
use super::coefficients::{COS, SIN};
use crate::simd::Isa;
use std::f64::consts::FRAC_2_PI;

/// The largest argument that is reduced here.
const LARGEST: f64 = 1_048_576.0;

/// π/2, in parts.
const HALF_PI: [f64; 4] = [
    1.570_796_326_734_125_6,
    6.077_100_506_303_966e-11,
    2.022_266_248_711_166_5e-21,
    8.478_427_660_368_9e-32,
];

/// `sin x`, within one unit in the last place.
#[inline(always)]
pub fn sin<I: Isa>(isa: I, x: f64) -> f64 {
    if x.abs() > LARGEST { x.sin() } else { small_sin(isa, x) }
}

/// `cos x`, within one unit in the last place.
#[inline(always)]
pub fn cos<I: Isa>(isa: I, x: f64) -> f64 {
    if x.abs() > LARGEST { x.cos() } else { small_cos(isa, x) }
}

/// `tan x`, within one unit in the last place.
#[inline(always)]
pub fn tan<I: Isa>(isa: I, x: f64) -> f64 {
    if x.abs() > LARGEST { x.tan() } else { small_tan(isa, x) }
}

/// Whether `x` is reduced here.
#[inline(always)]
pub fn is_small(x: f64) -> bool {
    x.abs() <= LARGEST
}

/// `sin x` for `|x| <= LARGEST`.
#[inline(always)]
pub fn small_sin<I: Isa>(isa: I, x: f64) -> f64 {
    let (r, r_low, quadrant) = reduce(isa, x);
    let value = select(quadrant & 1 == 0, sine(isa, r, r_low).0, cosine(isa, r, r_low).0);
    select(x.abs() < 1e-9, x, negate_if(quadrant & 2, value))
}

/// `cos x` for `|x| <= LARGEST`.
#[inline(always)]
pub fn small_cos<I: Isa>(isa: I, x: f64) -> f64 {
    let (r, r_low, quadrant) = reduce(isa, x);
    let value = select(quadrant & 1 == 0, cosine(isa, r, r_low).0, sine(isa, r, r_low).0);
    negate_if((quadrant + 1) & 2, value)
}

/// `tan x` for `|x| <= LARGEST`.
#[inline(always)]
pub fn small_tan<I: Isa>(isa: I, x: f64) -> f64 {
    let (r, r_low, quadrant) = reduce(isa, x);
    let (sine, cosine) = (sine(isa, r, r_low), cosine(isa, r, r_low));
    let even = quadrant & 1 == 0;
    let over = (select(even, sine.0, cosine.0), select(even, sine.1, cosine.1));
    let under = (select(even, cosine.0, sine.0), select(even, cosine.1, sine.1));
    let (value, low) = divide(isa, over, under);
    select(x.abs() < 1e-9, x, negate_if((quadrant & 1) << 1, value + low))
}

/// `r` with what it lacks, and the low bits of `k`, where `x = k π/2 + r`.
#[inline(always)]
fn reduce<I: Isa>(isa: I, x: f64) -> (f64, f64, u64) {
    let shifted = isa.mul_add(x, FRAC_2_PI, ROUND);
    let k = shifted - ROUND;
    let first = x - k * HALF_PI[0];
    let (second, second_low) = two_sum(first, -k * HALF_PI[1]);
    let (third, third_low) = two_sum(second, -k * HALF_PI[2]);
    let low = isa.mul_add(-k, HALF_PI[3], second_low + third_low);
    let (r, r_low) = two_sum(third, low);
    (r, r_low, shifted.to_bits())
}

/// `sin(r + r_low)` with what it lacks.
#[inline(always)]
fn sine<I: Isa>(isa: I, r: f64, r_low: f64) -> (f64, f64) {
    let w = r * r;
    let bend = isa.mul_add(r * w, polynomial(isa, w, &SIN), isa.mul_add(-0.5 * w, r_low, r_low));
    fast_two_sum(r, bend)
}

/// `cos(r + r_low)` with what it lacks.
#[inline(always)]
fn cosine<I: Isa>(isa: I, r: f64, r_low: f64) -> (f64, f64) {
    let w = r * r;
    let (flat, flat_low) = fast_two_sum(1.0, -0.5 * w);
    // `w` itself is rounded.
    let bend = isa.mul_add(w * w, polynomial(isa, w, &COS), isa.mul_add(-r, r_low, flat_low));
    let bend = isa.mul_add(-0.5, super::arithmetic::two_product(isa, r, r).1, bend);
    fast_two_sum(flat, bend)
}

/// `x`, with its sign changed where `bit`, which is 0 or 2, is set.
#[inline(always)]
fn negate_if(bit: u64, x: f64) -> f64 {
    f64::from_bits(x.to_bits() ^ (bit << 62))
}
