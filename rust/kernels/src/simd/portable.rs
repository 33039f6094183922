//! Lanes without instructions of their own: plain arrays, which the compiler turns into
//! what every CPU of the architecture has (SSE2, or NEON with FMA).

use super::dispatch::Isa;
use super::lanes::Lanes;
use super::level::Level;
use crate::scalar::{Real, Scalar};
use std::ops::{Add, Div, Mul, Neg, Sub};

/// The baseline: whatever the target is compiled for.
#[derive(Clone, Copy, Debug)]
pub struct Portable;

impl Isa for Portable {
    const LEVEL: Level = Level::Baseline;
    type F64 = Array<f64, 4>;
    type F32 = Array<f32, 8>;

    #[inline(always)]
    fn mul_add<T: Real>(self, a: T, b: T, c: T) -> T {
        if cfg!(target_arch = "aarch64") { a.fused_mul_add(b, c) } else { a * b + c }
    }
}

/// `N` numbers in an array.
#[derive(Clone, Copy, Debug)]
pub struct Array<T, const N: usize>([T; N]);

impl<T: Scalar, const N: usize> Array<T, N> {
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(T, T) -> T) -> Self {
        let mut out = [T::ZERO; N];
        for lane in 0..N {
            out[lane] = f(self.0[lane], other.0[lane]);
        }
        Self(out)
    }

    #[inline(always)]
    fn compare(self, other: Self, f: impl Fn(T, T) -> bool) -> [bool; N] {
        std::array::from_fn(|lane| f(self.0[lane], other.0[lane]))
    }
}

macro_rules! operators {
    ($($Trait:ident $method:ident $op:tt),+) => { $(
        impl<T: Real, const N: usize> $Trait for Array<T, N> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self { self.zip(other, |a, b| a $op b) }
        }
    )+ };
}

operators!(Add add +, Sub sub -, Mul mul *, Div div /);

impl<T: Real, const N: usize> Neg for Array<T, N> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(self.0.map(|a| -a))
    }
}

macro_rules! lanes {
    ($T:ty, $N:literal) => {
        impl Lanes for Array<$T, $N> {
            type Element = $T;
            type Isa = Portable;
            type Mask = [bool; $N];
            const COUNT: usize = $N;

            #[inline(always)]
            fn splat(_: Portable, x: $T) -> Self {
                Self([x; $N])
            }
            #[inline(always)]
            fn load(_: Portable, source: &[$T]) -> Self {
                let mut out = [0.0; $N];
                out.copy_from_slice(&source[..$N]);
                Self(out)
            }
            #[inline(always)]
            fn store(self, target: &mut [$T]) {
                target[..$N].copy_from_slice(&self.0);
            }
            #[inline(always)]
            fn mul_add(self, b: Self, c: Self) -> Self {
                Self(std::array::from_fn(|lane| Portable.mul_add(self.0[lane], b.0[lane], c.0[lane])))
            }
            #[inline(always)]
            fn neg_mul_add(self, b: Self, c: Self) -> Self {
                (-self).mul_add(b, c)
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                Self(self.0.map(<$T>::sqrt))
            }
            #[inline(always)]
            fn abs(self) -> Self {
                Self(self.0.map(<$T>::abs))
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                self.zip(other, |a, b| if a > b { a } else { b })
            }
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                self.zip(other, |a, b| if a < b { a } else { b })
            }
            #[inline(always)]
            fn gt(self, other: Self) -> Self::Mask {
                self.compare(other, |a, b| a > b)
            }
            #[inline(always)]
            fn ge(self, other: Self) -> Self::Mask {
                self.compare(other, |a, b| a >= b)
            }
            #[inline(always)]
            fn eq(self, other: Self) -> Self::Mask {
                self.compare(other, |a, b| a == b)
            }
            #[inline(always)]
            fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
                let mut out = no.0;
                for lane in 0..$N {
                    if mask[lane] {
                        out[lane] = yes.0[lane];
                    }
                }
                Self(out)
            }
            #[inline(always)]
            fn bits(mask: Self::Mask) -> u32 {
                mask.iter().rev().fold(0, |bits, &yes| 2 * bits + u32::from(yes))
            }
        }
    };
}

lanes!(f64, 4);
lanes!(f32, 8);
