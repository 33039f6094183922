//! Real and complex numbers as the real ones that their norms are made of.

use super::columns::Column;
use crate::scalar::{Field, Real};
use ndarray::ArrayView2;
use num_complex::Complex;

/// A real or complex number, as the real ones that its norm is made of.
pub trait Normed: Column {
    /// The slice itself where its elements are real.
    fn as_reals(x: &[Self]) -> Option<&[Self::Real]>;
    /// The view itself where its elements are real.
    fn as_real_matrix<'a>(a: &ArrayView2<'a, Self>) -> Option<ArrayView2<'a, Self::Real>>;
    /// Writes the magnitudes to `out`, or the real and imaginary parts where `parts` says so.
    fn spread(x: &[Self], parts: bool, out: &mut Vec<Self::Real>);
    /// The quotient by a real number.
    fn divided_by(self, size: Self::Real) -> Self;
}

macro_rules! normed {
    ($($T:ty)+) => { $(
        impl Normed for $T {
            #[inline(always)]
            fn as_reals(x: &[Self]) -> Option<&[Self]> { Some(x) }
            fn as_real_matrix<'a>(a: &ArrayView2<'a, Self>) -> Option<ArrayView2<'a, Self>> { Some(*a) }
            #[inline(always)]
            fn divided_by(self, size: Self) -> Self { self / size }
            fn spread(x: &[Self], _: bool, out: &mut Vec<Self>) {
                out.clear();
                out.extend_from_slice(x);
            }
        }
        impl Normed for Complex<$T> {
            #[inline(always)]
            fn as_reals(_: &[Self]) -> Option<&[$T]> { None }
            fn as_real_matrix<'a>(_: &ArrayView2<'a, Self>) -> Option<ArrayView2<'a, $T>> { None }
            #[inline(always)]
            fn spread(x: &[Self], parts: bool, out: &mut Vec<$T>) {
                if parts {
                    out.resize(2 * x.len(), 0.0);
                    for (pair, z) in out.chunks_exact_mut(2).zip(x) {
                        (pair[0], pair[1]) = (z.re, z.im);
                    }
                } else {
                    out.clear();
                    out.extend(x.iter().map(|&z| modulus(z)));
                }
            }
            #[inline(always)]
            fn divided_by(self, size: $T) -> Self {
                self / size
            }
        }
    )+ };
}

normed!(f32 f64);

/// The absolute value, without overflow or underflow on the way.
#[inline(always)]
fn modulus<R: Real>(z: Complex<R>) -> R
where
    Complex<R>: Field<Real = R>,
{
    let square = z.re * z.re + z.im * z.im;
    if is_safe(square) {
        return square.sqrt();
    }
    if !z.is_finite() {
        // An infinite part makes it infinite whatever the other is, as in C's `hypot`.
        let infinite = z.re.abs() == R::INFINITY || z.im.abs() == R::INFINITY;
        return if infinite { R::INFINITY } else { R::NAN };
    }
    let larger = if z.re.abs() > z.im.abs() { z.re.abs() } else { z.im.abs() };
    if larger == R::ZERO {
        return larger;
    }
    let e = larger.exponent();
    let (re, im) = (z.re.scale_by_power_of_two(-e), z.im.scale_by_power_of_two(-e));
    (re * re + im * im).sqrt().scale_by_power_of_two(e)
}

/// Whether no square that counts in this sum of squares overflowed or lost digits.
#[inline(always)]
pub fn is_safe<R: Real>(sum: R) -> bool {
    sum <= R::MAX && sum >= R::MIN_POSITIVE / (R::EPSILON * R::EPSILON)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_modulus_of_any_number_that_has_one_is_finite_and_right() {
        for size in [5e-324, 1e-310, 1e-200, 1.0, 1e200, 1.0e307] {
            let z = Complex { re: 3.0 * size, im: -4.0 * size };
            assert!((modulus(z) / size - 5.0).abs() < 1e-14, "{size}");
        }
        assert_eq!(modulus(Complex { re: 0.0, im: -0.0 }), 0.0);
        assert_eq!(modulus(Complex { re: f64::NAN, im: f64::NEG_INFINITY }), f64::INFINITY);
        assert!(modulus(Complex { re: f64::NAN, im: 1.0 }).is_nan());
    }
}
