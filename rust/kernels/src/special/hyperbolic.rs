//! Hyperbolic functions and their inverses, and the exponential less one.

use super::arithmetic::{ROUND, divide, odd, power_of_two, root, scale, select, two_product, two_sum};
use super::coefficients::{ASINH, SINH};
use super::exponential::{exp_less_one_parts, exp_parts};
use super::logarithm::{log_reduced, log1p_of_sum, reduce};
use crate::simd::Isa;

/// Below this, odd functions of slope 1 are their argument.
const TINY: f64 = 7.450_580_596_923_828e-9;
/// Above this, 1 is nothing beside the square.
const LARGE: f64 = 268_435_456.0;

/// `e^x - 1`, within one unit in the last place.
#[inline(always)]
pub fn expm1<I: Isa>(isa: I, x: f64) -> f64 {
    let bounded = select(x > 710.0, 710.0, x);
    let bounded = select(bounded < -60.0, -60.0, bounded);
    let (y, y_low, k) = exp_less_one_parts(isa, bounded);
    // Half of the result, which does not overflow before the result does.
    let power = power_of_two(k - 1.0 + ROUND);
    let (high, low) = two_sum(power - 0.5, power * y);
    let value = 2.0 * (high + isa.mul_add(power, y_low, low));
    select(x.abs() < 1e-17, x, value)
}

/// `sinh x`, within one unit in the last place.
#[inline(always)]
pub fn sinh<I: Isa>(isa: I, x: f64) -> f64 {
    let (grown, grown_low, shrunk) = halves(isa, x);
    let far = (grown + (grown_low - shrunk)).copysign(x);
    select(x.abs() < 1.0, odd(isa, x, &SINH), far)
}

/// `cosh x`, within one unit in the last place.
#[inline(always)]
pub fn cosh<I: Isa>(isa: I, x: f64) -> f64 {
    let (grown, grown_low, shrunk) = halves(isa, x);
    grown + (grown_low + shrunk)
}

/// `e^|x| / 2` with what it lacks, and `e^-|x| / 2`.
#[inline(always)]
fn halves<I: Isa>(isa: I, x: f64) -> (f64, f64, f64) {
    let (high, low, k) = exp_parts(isa, select(x.abs() > 712.0, 712.0, x.abs()), 0.0);
    let grown = scale(isa, high, k - 1.0);
    (grown, scale(isa, low, k - 1.0), 0.25 / grown)
}

/// `tanh x`, within one unit in the last place.
#[inline(always)]
pub fn tanh<I: Isa>(isa: I, x: f64) -> f64 {
    // (e^2x - 1) / (e^2x + 1)
    let (y, y_low, k) = exp_less_one_parts(isa, 2.0 * select(x.abs() > 20.0, 20.0, x.abs()));
    let power = power_of_two(k + ROUND);
    let (high, low) = two_sum(power - 1.0, power * y);
    let low = isa.mul_add(power, y_low, low);
    let (sum, sum_low) = two_sum(2.0, high);
    let (value, value_low) = divide(isa, (high, low), (sum, sum_low + low));
    select(x.abs() < TINY, x, (value + value_low).copysign(x))
}

/// `arcsinh x`, within one unit in the last place.
#[inline(always)]
pub fn arcsinh<I: Isa>(isa: I, x: f64) -> f64 {
    let magnitude = x.abs();
    let (square, square_low) = two_product(isa, magnitude, magnitude);
    let (sum, sum_low) = two_sum(1.0, square);
    let far = log_of_root(isa, magnitude, (sum, sum_low + square_low)).copysign(x);
    select(magnitude < 0.5, odd(isa, x, &ASINH), far)
}

/// `ln(x + √square)`, for `square` near `x²`.
#[inline(always)]
fn log_of_root<I: Isa>(isa: I, x: f64, square: (f64, f64)) -> f64 {
    let (root, root_low) = root(isa, square);
    let (sum, sum_low) = two_sum(x, root);
    let large = x > LARGE;
    let argument = select(large, x, sum);
    let low = select(large, 0.0, (sum_low + root_low) / sum);
    let (f, k) = reduce(argument);
    let value = log_reduced(isa, f, low, select(large, k + 1.0, k));
    select(x == f64::INFINITY, x, value)
}

/// `arccosh x`, within one unit in the last place.
#[inline(always)]
pub fn arccosh<I: Isa>(isa: I, x: f64) -> f64 {
    // ln(1 + v) where v = t + √(t (t + 2)) and t = x - 1
    let large = x > LARGE;
    let t = select(large, 1.0, x - 1.0);
    let (product, product_low) = two_product(isa, t, t + 2.0);
    let (root, root_low) = root(isa, (product, isa.mul_add(t, two_sum(2.0, t).1, product_low)));
    let (v, v_low) = two_sum(t, root);
    let near = log1p_of_sum(isa, v, v_low + root_low);
    let (f, k) = reduce(x);
    let far = log_reduced(isa, f, 0.0, k + 1.0);
    let value = select(large, select(x == f64::INFINITY, x, far), near);
    select(x >= 1.0, value, f64::NAN)
}

/// `arctanh x`, within one unit in the last place.
#[inline(always)]
pub fn arctanh<I: Isa>(isa: I, x: f64) -> f64 {
    // ln(1 + v) / 2 where v = 2x / (1 - x)
    let magnitude = x.abs();
    let (v, v_low) = divide(isa, (2.0 * magnitude, 0.0), two_sum(1.0, -magnitude));
    let value = 0.5 * log1p_of_sum(isa, v, v_low);
    let value = select(magnitude == 1.0, f64::INFINITY, value).copysign(x);
    select(magnitude < TINY, x, select(magnitude <= 1.0, value, f64::NAN))
}
