//! The element types of arrays: THE LIST, and what each kind of them can do.

use crate::simd::{Isa, Lanes};
use num_complex::Complex;
use std::cell::RefCell;
use std::fmt::{Debug, Display};
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// An element that an array may hold and a product may multiply.
pub trait Scalar: Copy + Send + Sync + PartialEq + Debug + Default + 'static {
    /// The type's name in NumPy.
    const NAME: &'static str;
    /// The neutral element of addition.
    const ZERO: Self;
    /// The neutral element of multiplication.
    const ONE: Self;
}

macro_rules! scalars {
    ($($T:ty: $name:literal $zero:expr, $one:expr;)+) => {
        $(impl Scalar for $T {
            const NAME: &'static str = $name;
            const ZERO: Self = $zero;
            const ONE: Self = $one;
        })+
        /// NumPy's name of each element type that some kernel takes.
        pub const NAMES: &[&str] = &[$($name),+];
    };
}

// THE LIST. The other levels have theirs in `array.rs` and `_array.py`; a test compares the three.
scalars! {
    bool: "bool" false, true;
    i8: "int8" 0, 1;
    i16: "int16" 0, 1;
    i32: "int32" 0, 1;
    i64: "int64" 0, 1;
    u8: "uint8" 0, 1;
    u16: "uint16" 0, 1;
    u32: "uint32" 0, 1;
    u64: "uint64" 0, 1;
    f32: "float32" 0.0, 1.0;
    f64: "float64" 0.0, 1.0;
    Complex<f32>: "complex64" Complex { re: 0.0, im: 0.0 }, Complex { re: 1.0, im: 0.0 };
    Complex<f64>: "complex128" Complex { re: 0.0, im: 0.0 }, Complex { re: 1.0, im: 0.0 };
}

/// A scalar that can be divided: real or complex.
pub trait Field:
    Scalar
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + Sum
{
    /// The type of absolute values.
    type Real: Real;
    /// The absolute value, or for complex numbers |re| + |im|, which orders pivots as well.
    fn magnitude(self) -> Self::Real;
    /// The absolute value, without overflow on the way.
    fn modulus(self) -> Self::Real;
    /// The real part.
    fn re(self) -> Self::Real;
    /// The complex conjugate.
    fn conj(self) -> Self;
    /// A real number as one of these.
    fn from_real(x: Self::Real) -> Self;
    /// `self / divisor`, without overflow on the way: for complex numbers by R. L. Smith,
    /// "Algorithm 116: Complex division", Comm. ACM 5, 1962, with a power of two for the ratio.
    fn over(self, divisor: Self) -> Self;
    /// Neither infinite nor NaN.
    fn is_finite(self) -> bool;
    /// `self` times `2^power`, rounded once where the result is subnormal.
    fn times_power_of_two(self, power: i32) -> Self;
}

/// A floating-point number, with the lanes that hold several of them.
pub trait Real: Field<Real = Self> + PartialOrd + Display + num_traits::Num {
    /// As many of these as a register of the instruction set `I` holds.
    type Lanes<I: Isa>: Lanes<Element = Self, Isa = I>;
    /// The distance from 1 to the next larger number.
    const EPSILON: Self;
    /// The smallest positive normal number.
    const MIN_POSITIVE: Self;
    /// The largest finite number.
    const MAX: Self;
    /// Positive infinity.
    const INFINITY: Self;
    /// Not a number.
    const NAN: Self;
    /// The nearest of these to `x`.
    fn from_f64(x: f64) -> Self;
    /// The same number as f64.
    fn to_f64(self) -> f64;
    /// The absolute value.
    fn abs(self) -> Self;
    /// The square root.
    fn sqrt(self) -> Self;
    /// `self * b + c`, rounded once: one instruction only where the CPU has it, so kernels
    /// call [`Isa::mul_add`] instead.
    fn fused_mul_add(self, b: Self, c: Self) -> Self;
    /// Whether this is NaN.
    fn is_nan(self) -> bool;
    /// The exponent `e` of the power of two with `2^e <= |self| < 2^(e+1)`, for normal numbers.
    fn exponent(self) -> i32;
    /// Lends `work` a buffer of at least `length` elements, whose contents are left over from
    /// before: kept per thread, so that no call pays for fresh memory.
    fn with_buffer<R>(length: usize, work: impl FnOnce(&mut [Self]) -> R) -> R;
    /// `self` times `2^power`, rounded once where the result is subnormal.
    fn scale_by_power_of_two(self, power: i32) -> Self;
}

macro_rules! reals {
    ($($T:ident $lanes:ident $bits:ident $shift:literal $bias:literal;)+) => { $(
        impl Field for $T {
            type Real = Self;
            #[inline(always)]
            fn magnitude(self) -> Self { self.abs() }
            #[inline(always)]
            fn modulus(self) -> Self { self.abs() }
            #[inline(always)]
            fn re(self) -> Self { self }
            #[inline(always)]
            fn conj(self) -> Self { self }
            #[inline(always)]
            fn from_real(x: Self) -> Self { x }
            #[inline(always)]
            fn over(self, divisor: Self) -> Self { self / divisor }
            #[inline(always)]
            fn is_finite(self) -> bool { <$T>::is_finite(self) }
            #[inline(always)]
            fn times_power_of_two(self, power: i32) -> Self { self.scale_by_power_of_two(power) }
        }
        impl Real for $T {
            type Lanes<I: Isa> = I::$lanes;
            const EPSILON: Self = <$T>::EPSILON;
            const MIN_POSITIVE: Self = <$T>::MIN_POSITIVE;
            const MAX: Self = <$T>::MAX;
            const INFINITY: Self = <$T>::INFINITY;
            const NAN: Self = <$T>::NAN;
            #[inline(always)]
            fn from_f64(x: f64) -> Self { x as $T }
            #[inline(always)]
            fn to_f64(self) -> f64 { self.into() }
            #[inline(always)]
            fn abs(self) -> Self { <$T>::abs(self) }
            #[inline(always)]
            fn sqrt(self) -> Self { <$T>::sqrt(self) }
            #[inline(always)]
            fn fused_mul_add(self, b: Self, c: Self) -> Self { <$T>::mul_add(self, b, c) }
            #[inline(always)]
            fn is_nan(self) -> bool { <$T>::is_nan(self) }
            #[inline(always)]
            fn exponent(self) -> i32 { ((self.to_bits() << 1) >> $shift) as i32 - $bias }
            fn with_buffer<R>(length: usize, work: impl FnOnce(&mut [Self]) -> R) -> R {
                thread_local! { static BUFFERS: RefCell<Vec<Vec<$T>>> = const { RefCell::new(Vec::new()) }; }
                // Taken out while it is in use: the work may need a second one.
                let mut buffer = BUFFERS.with_borrow_mut(Vec::pop).unwrap_or_default();
                if buffer.len() < length {
                    buffer.resize(length, 0.0);
                }
                let result = work(&mut buffer[..length]);
                BUFFERS.with_borrow_mut(|buffers| buffers.push(buffer));
                result
            }
            #[inline(always)]
            fn scale_by_power_of_two(self, power: i32) -> Self {
                // Two steps, so that neither factor overflows where the product does not.
                let half = power / 2;
                let two: $T = 2.0;
                self * two.powi(half) * two.powi(power - half)
            }
        }
        impl Field for Complex<$T> {
            type Real = $T;
            #[inline(always)]
            fn magnitude(self) -> $T { self.re.abs() + self.im.abs() }
            #[inline(always)]
            fn modulus(self) -> $T { self.re.hypot(self.im) }
            #[inline(always)]
            fn re(self) -> $T { self.re }
            #[inline(always)]
            fn conj(self) -> Self { Complex::conj(&self) }
            #[inline(always)]
            fn from_real(x: $T) -> Self { Complex { re: x, im: 0.0 } }
            #[inline(always)]
            fn over(self, divisor: Self) -> Self {
                let power = -divisor.magnitude().exponent();
                let scaled = |z: Self| Complex {
                    re: z.re.scale_by_power_of_two(power),
                    im: z.im.scale_by_power_of_two(power),
                };
                scaled(self) / scaled(divisor)
            }
            #[inline(always)]
            fn is_finite(self) -> bool { self.re.is_finite() && self.im.is_finite() }
            #[inline(always)]
            fn times_power_of_two(self, power: i32) -> Self {
                let Complex { re, im } = self;
                Complex { re: re.scale_by_power_of_two(power), im: im.scale_by_power_of_two(power) }
            }
        }
    )+ };
}

reals! {
    f32 F32 u32 24 127;
    f64 F64 u64 53 1023;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complex_quotients_neither_overflow_nor_vanish_on_the_way() {
        for size in [1.0, 1e-200, 1e200, 1e-300] {
            let z = Complex { re: 3.0 * size, im: 4.0 * size };
            let quotient = Complex { re: size, im: 0.0 }.over(z);
            assert!((quotient - Complex { re: 0.12, im: -0.16 }).norm() < 1e-15, "{size}");
        }
        assert_eq!(6.0_f64.over(2.0), 3.0);
    }

    #[test]
    fn exponent_and_scaling_undo_each_other() {
        for x in [1.0_f64, 1.5, 3e-300, 7e299, -0.1] {
            let e = x.exponent();
            let m = x.scale_by_power_of_two(-e);
            assert!((1.0..2.0).contains(&m.abs()), "{x}");
            assert_eq!(m.scale_by_power_of_two(e), x);
        }
        assert_eq!(8.0_f32.exponent(), 3);
    }
}
