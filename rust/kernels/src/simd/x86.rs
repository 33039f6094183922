//! Lanes of AVX2 and AVX-512.

use super::dispatch::Isa;
use super::lanes::Lanes;
use super::level::Level;
use crate::scalar::Real;
use std::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Neg, Sub};

macro_rules! isa {
    ($(#[$doc:meta])* $Isa:ident, $F64:ident, $F32:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $Isa(());

        impl $Isa {
            /// # Safety
            ///
            /// The CPU has this instruction set.
            pub const unsafe fn new() -> Self {
                Self(())
            }
        }

        impl Isa for $Isa {
            const LEVEL: Level = Level::$Isa;
            type F64 = $F64;
            type F32 = $F32;

            #[inline(always)]
            fn mul_add<T: Real>(self, a: T, b: T, c: T) -> T {
                a.fused_mul_add(b, c)
            }
        }
    };
}

isa!(/// AVX2 and FMA.
    Avx2, F64x4, F32x8);
isa!(/// AVX-512 F, VL, BW and DQ.
    Avx512, F64x8, F32x16);

macro_rules! operator {
    ($Lanes:ident $Trait:ident $method:ident $op:ident) => {
        impl $Trait for $Lanes {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                // SAFETY: the value exists, so the CPU has its instruction set.
                Self(unsafe { $op(self.0, other.0) })
            }
        }
    };
}

/// A method that is one intrinsic on registers.
macro_rules! methods {
    ($($method:ident($self:ident $(, $argument:ident)*) -> $Output:ty = $value:expr;)+) => { $(
        #[inline(always)]
        fn $method($self $(, $argument: Self)*) -> $Output {
            // SAFETY: the value exists, so the CPU has its instruction set.
            unsafe { $value }
        }
    )+ };
}

macro_rules! lanes {
    ($Lanes:ident: $N:literal $T:ty, $Isa:ident, $Register:ty, $Mask:ty,
     $splat:ident $load:ident $store:ident
     $add:ident $sub:ident $mul:ident $div:ident $fmadd:ident $fnmadd:ident $sqrt:ident $max:ident $min:ident,
     abs = |$x:ident| $abs:expr,
     compare = $compare:ident, select = |$mask:ident, $yes:ident, $no:ident| $select:expr, bits = $bits:expr
     $(, transpose = $transpose:ident, pairs = $load_pairs:ident $store_pairs:ident)?) => {
        #[doc = concat!(stringify!($N), " lanes of ", stringify!($T), ".")]
        #[derive(Clone, Copy, Debug)]
        pub struct $Lanes($Register);

        operator!($Lanes Add add $add);
        operator!($Lanes Sub sub $sub);
        operator!($Lanes Mul mul $mul);
        operator!($Lanes Div div $div);

        impl Neg for $Lanes {
            type Output = Self;
            #[inline(always)]
            fn neg(self) -> Self {
                // SAFETY: the value exists, so the CPU has its instruction set.
                Self(unsafe { $sub($splat(-0.0), self.0) })
            }
        }

        impl Lanes for $Lanes {
            type Element = $T;
            type Isa = $Isa;
            type Mask = $Mask;
            const COUNT: usize = $N;

            #[inline(always)]
            fn splat(_: $Isa, x: $T) -> Self {
                // SAFETY: the token says that the CPU has the instruction set.
                Self(unsafe { $splat(x) })
            }
            #[inline(always)]
            fn load(_: $Isa, source: &[$T]) -> Self {
                let source = &source[..$N];
                // SAFETY: the token, and the slice has as many elements as are read.
                Self(unsafe { $load(source.as_ptr()) })
            }
            #[inline(always)]
            fn store(self, target: &mut [$T]) {
                let target = &mut target[..$N];
                // SAFETY: as `load`.
                unsafe { $store(target.as_mut_ptr(), self.0) }
            }
            methods! {
                mul_add(self, b, c) -> Self = Self($fmadd(self.0, b.0, c.0));
                neg_mul_add(self, b, c) -> Self = Self($fnmadd(self.0, b.0, c.0));
                sqrt(self) -> Self = Self($sqrt(self.0));
                abs(self) -> Self = { let $x = self.0; Self($abs) };
                max(self, other) -> Self = Self($max(self.0, other.0));
                min(self, other) -> Self = Self($min(self.0, other.0));
                gt(self, other) -> $Mask = $compare::<_CMP_GT_OQ>(self.0, other.0);
                ge(self, other) -> $Mask = $compare::<_CMP_GE_OQ>(self.0, other.0);
                eq(self, other) -> $Mask = $compare::<_CMP_EQ_OQ>(self.0, other.0);
            }
            #[inline(always)]
            fn select($mask: $Mask, yes: Self, no: Self) -> Self {
                let ($yes, $no) = (yes.0, no.0);
                // SAFETY: the value exists, so the CPU has its instruction set.
                Self(unsafe { $select })
            }
            #[inline(always)]
            fn bits(mask: $Mask) -> u32 {
                let bits = $bits;
                bits(mask)
            }
            $(#[inline(always)]
            fn transpose(_: $Isa, rows: &mut [Self]) {
                // SAFETY: the token says that the CPU has the instruction set.
                unsafe { $transpose(rows) }
            }
            #[inline(always)]
            fn load_pairs(_: $Isa, source: &[$T]) -> [Self; 2] {
                // SAFETY: as above.
                unsafe { $load_pairs(&source[..2 * $N]) }
            }
            #[inline(always)]
            fn store_pairs(parts: [Self; 2], target: &mut [$T]) {
                // SAFETY: the values exist, so the CPU has their instruction set.
                unsafe { $store_pairs(parts, &mut target[..2 * $N]) }
            })?
        }
    };
}

lanes!(F64x4: 4 f64, Avx2, __m256d, __m256d,
    _mm256_set1_pd _mm256_loadu_pd _mm256_storeu_pd
    _mm256_add_pd _mm256_sub_pd _mm256_mul_pd _mm256_div_pd _mm256_fmadd_pd _mm256_fnmadd_pd
    _mm256_sqrt_pd _mm256_max_pd _mm256_min_pd,
    abs = |x| _mm256_andnot_pd(_mm256_set1_pd(-0.0), x),
    compare = _mm256_cmp_pd, select = |mask, yes, no| _mm256_blendv_pd(no, yes, mask),
    // SAFETY: a mask is made by comparing lanes, which exist only with the instruction set.
    bits = |mask| unsafe { _mm256_movemask_pd(mask) as u32 },
    transpose = transpose_4, pairs = load_pairs_4 store_pairs_4);

lanes!(F32x8: 8 f32, Avx2, __m256, __m256,
    _mm256_set1_ps _mm256_loadu_ps _mm256_storeu_ps
    _mm256_add_ps _mm256_sub_ps _mm256_mul_ps _mm256_div_ps _mm256_fmadd_ps _mm256_fnmadd_ps
    _mm256_sqrt_ps _mm256_max_ps _mm256_min_ps,
    abs = |x| _mm256_andnot_ps(_mm256_set1_ps(-0.0), x),
    compare = _mm256_cmp_ps, select = |mask, yes, no| _mm256_blendv_ps(no, yes, mask),
    // SAFETY: as for F64x4.
    bits = |mask| unsafe { _mm256_movemask_ps(mask) as u32 });

lanes!(F64x8: 8 f64, Avx512, __m512d, __mmask8,
    _mm512_set1_pd _mm512_loadu_pd _mm512_storeu_pd
    _mm512_add_pd _mm512_sub_pd _mm512_mul_pd _mm512_div_pd _mm512_fmadd_pd _mm512_fnmadd_pd
    _mm512_sqrt_pd _mm512_max_pd _mm512_min_pd,
    abs = |x| _mm512_abs_pd(x),
    compare = _mm512_cmp_pd_mask, select = |mask, yes, no| _mm512_mask_blend_pd(mask, no, yes),
    bits = u32::from,
    transpose = transpose_8, pairs = load_pairs_8 store_pairs_8);

lanes!(F32x16: 16 f32, Avx512, __m512, __mmask16,
    _mm512_set1_ps _mm512_loadu_ps _mm512_storeu_ps
    _mm512_add_ps _mm512_sub_ps _mm512_mul_ps _mm512_div_ps _mm512_fmadd_ps _mm512_fnmadd_ps
    _mm512_sqrt_ps _mm512_max_ps _mm512_min_ps,
    abs = |x| _mm512_abs_ps(x),
    compare = _mm512_cmp_ps_mask, select = |mask, yes, no| _mm512_mask_blend_ps(mask, no, yes),
    bits = u32::from);

/// # Safety
///
/// The CPU has AVX2.
#[inline]
#[target_feature(enable = "avx2,fma")]
unsafe fn transpose_4(rows: &mut [F64x4]) {
    let [r0, r1, r2, r3] = [rows[0].0, rows[1].0, rows[2].0, rows[3].0];
    let (a, b) = (_mm256_unpacklo_pd(r0, r1), _mm256_unpackhi_pd(r0, r1));
    let (c, d) = (_mm256_unpacklo_pd(r2, r3), _mm256_unpackhi_pd(r2, r3));
    rows[0].0 = _mm256_permute2f128_pd::<0x20>(a, c);
    rows[1].0 = _mm256_permute2f128_pd::<0x20>(b, d);
    rows[2].0 = _mm256_permute2f128_pd::<0x31>(a, c);
    rows[3].0 = _mm256_permute2f128_pd::<0x31>(b, d);
}

/// # Safety
///
/// The CPU has AVX2; `source` has eight elements.
#[inline]
#[target_feature(enable = "avx2,fma")]
unsafe fn load_pairs_4(source: &[f64]) -> [F64x4; 2] {
    let p = source.as_ptr();
    // SAFETY: pairs 0 to 3 lie in `source`. Halves are put together on the way from memory, so
    // that the lanes come out in order without one crossing the middle of a register.
    let (even, odd) = unsafe { (_mm256_loadu2_m128d(p.add(4), p), _mm256_loadu2_m128d(p.add(6), p.add(2))) };
    [F64x4(_mm256_unpacklo_pd(even, odd)), F64x4(_mm256_unpackhi_pd(even, odd))]
}

/// # Safety
///
/// The CPU has AVX2; `target` has eight elements.
#[inline]
#[target_feature(enable = "avx2,fma")]
unsafe fn store_pairs_4([first, second]: [F64x4; 2], target: &mut [f64]) {
    let p = target.as_mut_ptr();
    let (even, odd) = (_mm256_unpacklo_pd(first.0, second.0), _mm256_unpackhi_pd(first.0, second.0));
    // SAFETY: pairs 0 to 3 lie in `target`.
    unsafe {
        _mm256_storeu2_m128d(p.add(4), p, even);
        _mm256_storeu2_m128d(p.add(6), p.add(2), odd);
    }
}

/// # Safety
///
/// The CPU has AVX-512 F; `source` has sixteen elements.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn load_pairs_8(source: &[f64]) -> [F64x8; 2] {
    let p = source.as_ptr();
    // SAFETY: `source` is as long.
    let (low, high) = unsafe { (_mm512_loadu_pd(p), _mm512_loadu_pd(p.add(8))) };
    let even = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14);
    let odd = _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15);
    [F64x8(_mm512_permutex2var_pd(low, even, high)), F64x8(_mm512_permutex2var_pd(low, odd, high))]
}

/// # Safety
///
/// The CPU has AVX-512 F; `target` has sixteen elements.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn store_pairs_8([first, second]: [F64x8; 2], target: &mut [f64]) {
    let p = target.as_mut_ptr();
    let low = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
    let high = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
    // SAFETY: `target` is as long.
    unsafe {
        _mm512_storeu_pd(p, _mm512_permutex2var_pd(first.0, low, second.0));
        _mm512_storeu_pd(p.add(8), _mm512_permutex2var_pd(first.0, high, second.0));
    }
}

/// # Safety
///
/// The CPU has AVX-512 F.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn transpose_8(rows: &mut [F64x8]) {
    // Pairs of columns of two rows, then of four, then of all eight.
    let pairs = |i: usize| {
        let (even, odd) = (rows[2 * i].0, rows[2 * i + 1].0);
        (_mm512_unpacklo_pd(even, odd), _mm512_unpackhi_pd(even, odd))
    };
    let (p0, q0) = pairs(0);
    let (p1, q1) = pairs(1);
    let (p2, q2) = pairs(2);
    let (p3, q3) = pairs(3);
    for (first, [t0, t1, t2, t3]) in [(0, [p0, p1, p2, p3]), (1, [q0, q1, q2, q3])] {
        let (a, b) = (_mm512_shuffle_f64x2::<0x88>(t0, t1), _mm512_shuffle_f64x2::<0x88>(t2, t3));
        let (c, d) = (_mm512_shuffle_f64x2::<0xdd>(t0, t1), _mm512_shuffle_f64x2::<0xdd>(t2, t3));
        rows[first].0 = _mm512_shuffle_f64x2::<0x88>(a, b);
        rows[first + 4].0 = _mm512_shuffle_f64x2::<0xdd>(a, b);
        rows[first + 2].0 = _mm512_shuffle_f64x2::<0x88>(c, d);
        rows[first + 6].0 = _mm512_shuffle_f64x2::<0xdd>(c, d);
    }
}
