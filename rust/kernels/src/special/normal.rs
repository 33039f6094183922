//! The standard normal distribution function and its inverse.

use super::arithmetic::{divide, fast_two_sum, polynomial, scale, select, two_product, two_sum};
use super::coefficients::{
    NORMAL_TAIL, NORMAL_TAIL_MIDDLE, NORMAL_TAIL_MIDDLE_LOW, QUANTILE_CENTRE, QUANTILE_TAIL,
};
use super::error_function::tail;
use super::exponential::exp_parts;
use super::logarithm::{log, log_reduced, log1p_of_sum, reduce};
use crate::scalar::Real;
use crate::simd::Isa;

/// √(2π)
const ROOT_2_PI: f64 = 2.506_628_274_631_000_7;
/// What it lacks.
const ROOT_2_PI_LOW: f64 = -1.832_857_998_045_916_7e-16;

/// `Φ(x)`, the probability that a standard normal variable is at most `x`, within two units in
/// the last place.
#[inline(always)]
pub fn ndtr<I: Isa>(isa: I, x: f64) -> f64 {
    let magnitude = select(x.abs() > 39.0, 39.0, x.abs());
    let (high, low, k) = upper_tail(isa, magnitude);
    let value = scale(isa, high + low, k);
    select(x > 0.0, 1.0 - value, value)
}

/// `Φ(-x)` for `0 <= x <= 39` as `(high + low) 2^k`.
#[inline(always)]
fn upper_tail<I: Isa>(isa: I, x: f64) -> (f64, f64, f64) {
    let (square, square_low) = two_product(isa, x, x);
    let t = (x - 5.0) / (x + 5.0);
    let exponent = (-0.5 * square, -0.5 * square_low);
    tail(isa, exponent, t, (NORMAL_TAIL_MIDDLE, NORMAL_TAIL_MIDDLE_LOW, &NORMAL_TAIL), two_sum(1.0, x))
}

/// `ln Φ(x)`, within two units in the last place.
#[inline(always)]
pub fn log_ndtr<I: Isa>(isa: I, x: f64) -> f64 {
    let magnitude = select(x.abs() > 1e300, 1e300, x.abs());
    let t = (magnitude - 5.0) / (magnitude + 5.0);
    let (curve, curve_low) = fast_two_sum(NORMAL_TAIL_MIDDLE, t * polynomial(isa, t, &NORMAL_TAIL));
    let curve = (curve, curve_low + NORMAL_TAIL_MIDDLE_LOW);
    let (factor, factor_low) = divide(isa, curve, two_sum(1.0, magnitude));
    let (f, k) = reduce(factor);
    let (square, square_low) = two_product(isa, magnitude, magnitude);
    let (sum, sum_low) = two_sum(-0.5 * square, log_reduced(isa, f, factor_low / factor, k));
    let left = sum + (sum_low - 0.5 * square_low);
    let left = select(square == f64::INFINITY, f64::NEG_INFINITY, left);

    let (high, low, k) = upper_tail(isa, select(x > 39.0, 39.0, magnitude));
    let right = log1p_of_sum(isa, -scale(isa, high, k), -scale(isa, low, k));
    select(x > 0.0, right, left)
}

/// The `x` with `Φ(x) = p`, within two units in the last place.
///
/// A polynomial around the median; in the tails a first guess, made exact by the inverse series
/// of `Φ` (the method of E. Schröder, 1870, with three terms).
#[inline(always)]
pub fn ndtri<I: Isa>(isa: I, p: f64) -> f64 {
    let tail = tail_of(p);
    let far = improve(isa, tail, guess(isa, tail));
    select(is_central(p), centre(isa, p), signed(p, far))
}

/// The values of [`ndtri`] at each of `p`: the tails, which take ten times as long as the
/// centre, are set apart.
#[inline(always)]
pub fn fill_ndtri<I: Isa, T: Real>(isa: I, p: &[T], out: &mut [T]) {
    const BLOCK: usize = 256;
    let (mut tails, mut values, mut places) = ([0.25; BLOCK + 1], [0.0; BLOCK], [0; BLOCK + 1]);
    for (p, out) in p.chunks(BLOCK).zip(out.chunks_mut(BLOCK)) {
        for (p, out) in p.iter().zip(&mut *out) {
            *out = T::from_f64(centre(isa, p.to_f64()));
        }
        let mut count = 0;
        for (place, p) in p.iter().enumerate() {
            // Written in any case: no branch that half of the numbers would take.
            (tails[count], places[count]) = (tail_of(p.to_f64()), place);
            count += usize::from(!is_central(p.to_f64()));
        }
        // Two loops: each is short enough for the CPU to work on several rounds at once.
        for (tail, value) in tails[..count].iter().zip(&mut values) {
            *value = guess(isa, *tail);
        }
        for (tail, value) in tails[..count].iter().zip(&mut values) {
            *value = improve(isa, *tail, *value);
        }
        for (&place, &far) in places[..count].iter().zip(&values) {
            out[place] = T::from_f64(signed(p[place].to_f64(), far));
        }
    }
}

/// Whether `Φ(x) = p` is solved by a polynomial.
#[inline(always)]
fn is_central(p: f64) -> bool {
    (p - 0.5).abs() <= 0.25
}

/// The `x` with `Φ(x) = p`, for central `p`.
#[inline(always)]
fn centre<I: Isa>(isa: I, p: f64) -> f64 {
    let q = p - 0.5;
    let w = q * q;
    let slope = isa.mul_add(w, polynomial(isa, w, &QUANTILE_CENTRE), ROOT_2_PI_LOW);
    isa.mul_add(q, ROOT_2_PI, q * slope)
}

/// The probability beyond the quantile of `p`, or 1/4 where `p` is central or no probability.
#[inline(always)]
fn tail_of(p: f64) -> f64 {
    let outside = select(p > 0.5, 1.0 - p, p);
    select((outside > 0.0) & (outside < 0.25), outside, 0.25)
}

/// The quantile of a `p` that is not central, where `far` is that of its tail.
#[inline(always)]
fn signed(p: f64, far: f64) -> f64 {
    let upper = p > 0.5;
    let outside = select(upper, 1.0 - p, p);
    let far = select(outside > 0.0, far, select(outside == 0.0, f64::INFINITY, f64::NAN));
    select(upper, far, -far)
}

/// The `x` with `Φ(-x) = p` to seven digits, for `0 < p <= 1/4`.
#[inline(always)]
fn guess<I: Isa>(isa: I, p: f64) -> f64 {
    let r = (-2.0 * log(isa, p)).sqrt();
    r * polynomial(isa, (r - 2.0) / (r + 2.0), &QUANTILE_TAIL)
}

/// The `x` with `Φ(-x) = p`, from a guess.
#[inline(always)]
fn improve<I: Isa>(isa: I, p: f64, x: f64) -> f64 {
    let (high, low, k) = upper_tail(isa, x);
    let excess = (high - scale(isa, p, -k)) + low;
    // Over the density, with the same `k`.
    let (square, square_low) = two_product(isa, x, x);
    let (density, _, _) = exp_parts(isa, -0.5 * square, -0.5 * square_low);
    let d = ROOT_2_PI * excess / density;
    let second = 0.5 * x;
    let third = isa.mul_add(x, x, 0.5) * (1.0 / 3.0);
    x + isa.mul_add(d * d, isa.mul_add(d, third, second), d)
}
