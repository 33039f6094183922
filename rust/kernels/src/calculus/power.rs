//! Integer powers, to the last bit or nearly: products that keep what rounding drops.

use crate::simd::{Isa, Kernel, Lanes, Level, dispatch};

/// `x` to an integer power, with the instruction set in use.
pub fn powi(x: f64, exponent: i32) -> f64 {
    struct Power(f64, i32);
    impl Kernel for Power {
        type Output = f64;
        #[inline(always)]
        fn run<I: Isa>(self, isa: I) -> f64 {
            powi_with(isa, self.0, self.1)
        }
    }
    dispatch(Power(x, exponent))
}

/// `x` to an integer power, for a kernel that runs with the instruction set `isa`.
#[inline(always)]
pub fn powi_with<I: Isa>(isa: I, x: f64, exponent: i32) -> f64 {
    if exponent == 2 { x * x } else { powi_lanes(isa, isa.splat(x), exponent).lane(0) }
}

/// Numbers as sums of two, the second at most about a unit in the last place of the first.
#[derive(Clone, Copy)]
struct Double<L>(L, L);

/// Each lane of `x` to an integer power, by repeated squaring; one where `exponent` is 0.
#[inline(always)]
pub fn powi_lanes<I: Isa>(isa: I, x: I::F64, exponent: i32) -> I::F64 {
    // A square is one product, rounded once.
    if exponent == 2 {
        return x * x;
    }
    let zero = isa.splat(0.0);
    let one = isa.splat(1.0);
    let mut square = Double(x, zero);
    let mut power = Double(one, zero);
    let mut left = exponent.unsigned_abs();
    while left > 0 {
        if left & 1 == 1 {
            power = product(isa, power, square);
        }
        left >>= 1;
        if left > 0 {
            square = product(isa, square, square);
        }
    }
    let sum = power.0 + power.1;
    // Beyond the largest number the correction is no number, and it takes the sign from zero.
    let finite = I::F64::select((sum * zero).eq(zero), sum, power.0);
    let value = I::F64::select(finite.eq(zero), power.0, finite);
    if exponent < 0 { one / value } else { value }
}

/// The product of two double numbers.
///
/// T. J. Dekker, "A floating-point technique for extending the available precision", 1971.
#[inline(always)]
fn product<I: Isa>(isa: I, a: Double<I::F64>, b: Double<I::F64>) -> Double<I::F64> {
    let high = a.0 * b.0;
    let error = if I::LEVEL == Level::Baseline {
        let ((a1, a2), (b1, b2)) = (halves(isa, a.0), halves(isa, b.0));
        a2 * b2 - (((high - a1 * b1) - a2 * b1) - a1 * b2)
    } else {
        a.0.mul_add(b.0, -high)
    };
    Double(high, error + (a.0 * b.1 + a.1 * b.0))
}

/// `x` as the sum of two numbers of 26 bits, whose products are exact.
#[inline(always)]
fn halves<I: Isa>(isa: I, x: I::F64) -> (I::F64, I::F64) {
    let scaled = x * isa.splat(134_217_729.0);
    let high = scaled - (scaled - x);
    (high, x - high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;

    #[test]
    fn powers_are_right_to_the_last_place() {
        at_every_level(|level| {
            for base in [1.1, -0.7, 3.7e-5, 1.000_000_1, -12.3] {
                for exponent in [-40, -7, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 13, 40] {
                    let (got, expected) = (powi(base, exponent), base.powf(f64::from(exponent)));
                    let error = (got - expected).abs();
                    assert!(error <= 2.0 * f64::EPSILON * expected.abs(), "{base}^{exponent}, {level:?}");
                }
            }
        });
    }

    #[test]
    fn edges_are_those_of_pow() {
        at_every_level(|_| {
            for base in [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, 1e200, -1e200, 1e-200] {
                for exponent in [-3, -2, 0, 3, 4, 5] {
                    let expected = base.powf(f64::from(exponent));
                    assert_eq!(powi(base, exponent).to_bits(), expected.to_bits(), "{base}^{exponent}");
                }
            }
            assert!(powi(f64::NAN, 3).is_nan());
            assert_eq!(powi(f64::NAN, 0), 1.0);
        });
    }
}
