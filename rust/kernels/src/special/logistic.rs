//! Functions about the logistic curve.

use super::{exp, log1p};
use crate::simd::Isa;

/// `log(1 + e^x)`, the smooth form of the larger of `x` and 0, within two units in the last place.
///
/// The exponential is of what is not positive, so nothing overflows and no digit is lost.
#[inline(always)]
pub fn softplus<I: Isa>(isa: I, x: f64) -> f64 {
    let positive = if x > 0.0 { x } else { 0.0 };
    positive + log1p(isa, exp(isa, -x.abs()))
}
