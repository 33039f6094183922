//! What the functions are made of: polynomials, exact sums and products, powers of two.
//!
//! T. J. Dekker, "A floating-point technique for extending the available precision",
//! Numer. Math. 18, 1971.

use crate::simd::{Isa, Level};

/// Added to a number below 2^51 and taken away again, it leaves the nearest integer; in between,
/// the low bits of the sum are that integer's.
pub const ROUND: f64 = 6_755_399_441_055_744.0;

/// Whether `mul_add` rounds once.
#[inline(always)]
pub fn fused<I: Isa>() -> bool {
    I::LEVEL > Level::Baseline || cfg!(target_arch = "aarch64")
}

/// `c[0] + c[1] x + c[2] x² + …`
///
/// Four sums side by side where there are many terms, so that none waits long for another.
#[inline(always)]
pub fn polynomial<I: Isa, const N: usize>(isa: I, x: f64, c: &[f64; N]) -> f64 {
    let x2 = x * x;
    if N < 8 {
        let (even, odd) = (every::<I, N, 2, 0>(isa, x2, c), every::<I, N, 2, 1>(isa, x2, c));
        return isa.mul_add(odd, x, even);
    }
    let x4 = x2 * x2;
    let low = isa.mul_add(every::<I, N, 4, 1>(isa, x4, c), x, every::<I, N, 4, 0>(isa, x4, c));
    let high = isa.mul_add(every::<I, N, 4, 3>(isa, x4, c), x, every::<I, N, 4, 2>(isa, x4, c));
    isa.mul_add(high, x2, low)
}

/// `c[FIRST] + c[FIRST + STEP] y + c[FIRST + 2 STEP] y² + …`
#[inline(always)]
fn every<I: Isa, const N: usize, const STEP: usize, const FIRST: usize>(isa: I, y: f64, c: &[f64; N]) -> f64 {
    let mut index = N - 1 - (N - 1 - FIRST) % STEP;
    let mut sum = c[index];
    while index > FIRST {
        index -= STEP;
        sum = isa.mul_add(sum, y, c[index]);
    }
    sum
}

/// `a + b` and what rounding took, where `|a| >= |b|`.
#[inline(always)]
pub fn fast_two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    (sum, b - (sum - a))
}

/// `a + b` and what rounding took.
#[inline(always)]
pub fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let from_b = sum - a;
    (sum, (a - (sum - from_b)) + (b - from_b))
}

/// `a * b` and what rounding took.
#[inline(always)]
pub fn two_product<I: Isa>(isa: I, a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    if fused::<I>() {
        return (product, isa.mul_add(a, b, -product));
    }
    let (a_high, a_low) = halves(a);
    let (b_high, b_low) = halves(b);
    let rest = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    (product, rest)
}

/// `a` as the sum of two numbers of at most 27 bits, so that their products are exact.
#[inline(always)]
fn halves(a: f64) -> (f64, f64) {
    let high = f64::from_bits(a.to_bits() & !0x7ff_ffff);
    (high, a - high)
}

/// `x 2^k` for an integer `k` within ±2000, rounded once.
#[inline(always)]
pub fn scale<I: Isa>(isa: I, x: f64, k: f64) -> f64 {
    // Two factors, since one might overflow where the product does not.
    let half = isa.mul_add(k, 0.5, ROUND);
    let rest = (k - (half - ROUND)) + ROUND;
    x * power_of_two(half) * power_of_two(rest)
}

/// `2^k` for the integer `k` within ±1000 that `shifted` holds as `k + ROUND`.
#[inline(always)]
pub fn power_of_two(shifted: f64) -> f64 {
    f64::from_bits((shifted.to_bits() << 52).wrapping_add(1023 << 52))
}

/// `yes` where `condition`, else `no`: one instruction for a whole register.
#[inline(always)]
pub fn select(condition: bool, yes: f64, no: f64) -> f64 {
    if condition { yes } else { no }
}

/// `n / d` with what it lacks, for two such pairs.
#[inline(always)]
pub fn divide<I: Isa>(isa: I, n: (f64, f64), d: (f64, f64)) -> (f64, f64) {
    let inverse = 1.0 / d.0;
    let quotient = n.0 * inverse;
    let (back, back_low) = two_product(isa, quotient, d.0);
    let missing = isa.mul_add(-quotient, d.1, ((n.0 - back) - back_low) + n.1);
    (quotient, missing * inverse)
}

/// `√x` with what it lacks, for such a pair.
#[inline(always)]
pub fn root<I: Isa>(isa: I, x: (f64, f64)) -> (f64, f64) {
    let root = x.0.sqrt();
    let (square, square_low) = two_product(isa, root, root);
    let missing = ((x.0 - square) - square_low) + x.1;
    (root, select(root > 0.0, missing / (2.0 * root), 0.0))
}

/// `x + x w p(w)` where `w = x²`: an odd function of slope 1 at 0.
#[inline(always)]
pub fn odd<I: Isa, const N: usize>(isa: I, x: f64, p: &[f64; N]) -> f64 {
    let w = x * x;
    // The sign is lost where both terms are 0.
    isa.mul_add(x * w, polynomial(isa, w, p), x).copysign(x)
}
