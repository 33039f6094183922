//! Inverse trigonometric functions.
//!
//! W. J. Cody and W. Waite, "Software Manual for the Elementary Functions", 1980.

use super::arithmetic::{odd, polynomial, root, select, two_sum};
use super::coefficients::{ASIN, ATAN};
use crate::simd::Isa;
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

/// What `FRAC_PI_2` lacks.
const HALF_PI_LOW: f64 = 6.123_233_995_736_766e-17;

/// `arctan c` and what it lacks, for the `c` that [`arctan`] takes away from its argument.
const CENTRES: [(f64, f64, f64); 3] = [
    (0.5, 0.463_647_609_000_806_1, 2.269_877_745_296_168_7e-17),
    (1.0, FRAC_PI_4, 3.061_616_997_868_383e-17),
    (1.5, 0.982_793_723_247_329, 1.390_331_103_123_099_8e-17),
];

/// `arcsin x`, within one unit in the last place.
#[inline(always)]
pub fn arcsin<I: Isa>(isa: I, x: f64) -> f64 {
    // Half of it is the arcsine of √((1 - x)/2), from π/4.
    let (s, s_rest) = of_complement(isa, x.abs());
    let (high, low) = two_sum(FRAC_PI_2, -2.0 * s);
    let far = high + (low + HALF_PI_LOW - 2.0 * s_rest);
    select(x.abs() <= 0.5, odd(isa, x, &ASIN), far.copysign(x))
}

/// `arccos x`, within one unit in the last place.
#[inline(always)]
pub fn arccos<I: Isa>(isa: I, x: f64) -> f64 {
    let w = x * x;
    let (high, low) = two_sum(FRAC_PI_2, -x);
    let near = high + (low + isa.mul_add(-x * w, polynomial(isa, w, &ASIN), HALF_PI_LOW));
    let (s, s_rest) = of_complement(isa, x.abs());
    let right = 2.0 * (s + s_rest);
    let (high, low) = two_sum(PI, -2.0 * s);
    let left = high + (low + 2.0 * (HALF_PI_LOW - s_rest));
    select(x.abs() <= 0.5, near, select(x > 0.0, right, left))
}

/// `s = √((1 - x)/2)`, and what `arcsin s` has beyond it.
#[inline(always)]
fn of_complement<I: Isa>(isa: I, x: f64) -> (f64, f64) {
    let w = 0.5 * (1.0 - x);
    let (s, s_low) = root(isa, (w, 0.0));
    (s, isa.mul_add(s * w, polynomial(isa, w, &ASIN), s_low))
}

/// `arctan x`, within one unit in the last place.
#[inline(always)]
pub fn arctan<I: Isa>(isa: I, x: f64) -> f64 {
    // arctan x = arctan c + arctan((x - c) / (1 + c x)), and π/2 - arctan(1/x).
    let a = x.abs();
    let (mut over, mut under, mut high, mut low) = (a, 1.0, 0.0, 0.0);
    for (from, (c, value, value_low)) in [0.4375, 0.6875, 1.1875].into_iter().zip(CENTRES) {
        let beyond = a >= from;
        over = select(beyond, a - c, over);
        under = select(beyond, isa.mul_add(a, c, 1.0), under);
        high = select(beyond, value, high);
        low = select(beyond, value_low, low);
    }
    let far = a >= 2.4375;
    over = select(far, -1.0, over);
    under = select(far, a, under);
    high = select(far, FRAC_PI_2, high);
    low = select(far, HALF_PI_LOW, low);
    let t = over / under;
    let w = t * t;
    let rest = isa.mul_add(t * w, polynomial(isa, w, &ATAN), low);
    (high + (t + rest)).copysign(x)
}
