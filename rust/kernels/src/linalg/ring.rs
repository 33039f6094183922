//! Multiplication, addition, subtraction and conjugation in every element type.

use crate::scalar::Scalar;
use num_complex::Complex;
use std::ops::{Add, Mul, Sub};

/// A number that can be multiplied and added, as NumPy does: integers wrap around, truth values are "and"ed.
pub trait Factor: Scalar {
    /// Whether [`conj`](Self::conj) changes anything.
    const IS_COMPLEX: bool = false;

    /// The product.
    fn times(self, other: Self) -> Self;

    /// The sum; of truth values, whether one is true.
    fn plus(self, other: Self) -> Self;

    /// The complex conjugate.
    #[inline(always)]
    fn conj(self) -> Self {
        self
    }
}

/// One that can be subtracted as well.
pub trait Ring: Factor {
    /// The difference.
    fn minus(self, other: Self) -> Self;
}

macro_rules! rings {
    ($($T:ty: $times:path, $plus:path, $minus:path;)+) => { $(
        impl Factor for $T {
            #[inline(always)]
            fn times(self, other: Self) -> Self { $times(self, other) }
            #[inline(always)]
            fn plus(self, other: Self) -> Self { $plus(self, other) }
        }
        impl Ring for $T {
            #[inline(always)]
            fn minus(self, other: Self) -> Self { $minus(self, other) }
        }
    )+ };
    (complex: $($T:ty)+) => { $(
        impl Factor for Complex<$T> {
            const IS_COMPLEX: bool = true;
            #[inline(always)]
            fn times(self, other: Self) -> Self { self * other }
            #[inline(always)]
            fn plus(self, other: Self) -> Self { self + other }
            #[inline(always)]
            fn conj(self) -> Self { Complex::conj(&self) }
        }
        impl Ring for Complex<$T> {
            #[inline(always)]
            fn minus(self, other: Self) -> Self { self - other }
        }
    )+ };
}

rings! {
    i8: i8::wrapping_mul, i8::wrapping_add, i8::wrapping_sub;
    i16: i16::wrapping_mul, i16::wrapping_add, i16::wrapping_sub;
    i32: i32::wrapping_mul, i32::wrapping_add, i32::wrapping_sub;
    i64: i64::wrapping_mul, i64::wrapping_add, i64::wrapping_sub;
    u8: u8::wrapping_mul, u8::wrapping_add, u8::wrapping_sub;
    u16: u16::wrapping_mul, u16::wrapping_add, u16::wrapping_sub;
    u32: u32::wrapping_mul, u32::wrapping_add, u32::wrapping_sub;
    u64: u64::wrapping_mul, u64::wrapping_add, u64::wrapping_sub;
    f32: f32::mul, f32::add, f32::sub;
    f64: f64::mul, f64::add, f64::sub;
}
rings!(complex: f32 f64);

impl Factor for bool {
    #[inline(always)]
    fn times(self, other: Self) -> Self {
        self && other
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self || other
    }
}
