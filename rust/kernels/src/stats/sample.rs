//! Elements as samples: whatever their type, statistics are computed in f64.

use crate::scalar::Scalar;

/// Elements that are converted at a time, on the stack.
pub const BLOCK: usize = 1024;

/// An element type that statistics are taken of.
pub trait Sample: Scalar + PartialOrd {
    /// The number in f64: exact but for integers beyond 2^53.
    fn to_f64(self) -> f64;

    /// Up to [`BLOCK`] elements as f64, in `block` unless that is what they are.
    #[inline(always)]
    fn widened<'a>(x: &'a [Self], block: &'a mut [f64; BLOCK]) -> &'a [f64] {
        for (wide, &x) in block.iter_mut().zip(x) {
            *wide = x.to_f64();
        }
        &block[..x.len().min(BLOCK)]
    }
}

macro_rules! samples {
    ($($T:ty)+) => { $(impl Sample for $T {
        #[inline(always)]
        fn to_f64(self) -> f64 { self as f64 }
    })+ };
}

samples!(i8 i16 i32 i64 u8 u16 u32 u64 f32);

impl Sample for f64 {
    #[inline(always)]
    fn to_f64(self) -> f64 {
        self
    }

    #[inline(always)]
    fn widened<'a>(x: &'a [Self], _: &'a mut [f64; BLOCK]) -> &'a [f64] {
        x
    }
}

impl Sample for bool {
    #[inline(always)]
    fn to_f64(self) -> f64 {
        f64::from(u8::from(self))
    }
}
