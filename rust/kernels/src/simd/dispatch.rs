//! Runs a kernel with the widest instruction set the CPU has.

use super::lanes::Lanes;
use super::level::Level;
use super::portable::Portable;
use crate::scalar::Real;

/// An instruction set, as a token: whoever holds one runs on a CPU that has it.
pub trait Isa: Copy + Send + Sync {
    /// The level that this is the token of, for kernels whose blocking depends on it.
    const LEVEL: Level;
    /// As many f64 as a register holds.
    type F64: Lanes<Element = f64, Isa = Self>;
    /// As many f32 as a register holds.
    type F32: Lanes<Element = f32, Isa = Self>;

    /// `a * b + c`: fused where that is one instruction, else rounded twice.
    ///
    /// Not `f64::mul_add`, which calls a library where the instruction is missing.
    fn mul_add<T: Real>(self, a: T, b: T, c: T) -> T;

    /// All lanes equal to `x`.
    #[inline(always)]
    fn splat<T: Real>(self, x: T) -> T::Lanes<Self> {
        T::Lanes::splat(self, x)
    }

    /// The first lanes of `source`, which must have as many elements as there are lanes.
    #[inline(always)]
    fn load<T: Real>(self, source: &[T]) -> T::Lanes<Self> {
        T::Lanes::load(self, source)
    }
}

/// A computation to be compiled once per instruction set.
///
/// Mark `run`, and all it calls, `#[inline(always)]`: code that is not inlined is compiled
/// for the baseline.
pub trait Kernel {
    /// What the kernel computes.
    type Output;
    /// The computation.
    fn run<I: Isa>(self, isa: I) -> Self::Output;
}

/// Runs `kernel` at the level in use.
#[inline]
pub fn dispatch<K: Kernel>(kernel: K) -> K::Output {
    dispatch_at(Level::current(), kernel)
}

/// Runs `kernel` at `level`, or at the widest level below it that the CPU has.
#[inline]
pub fn dispatch_at<K: Kernel>(level: Level, kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    {
        use super::x86::{Avx2, Avx512};

        #[target_feature(enable = "avx2,fma")]
        fn avx2<K: Kernel>(kernel: K, isa: Avx2) -> K::Output {
            kernel.run(isa)
        }

        #[target_feature(enable = "avx2,fma,avx512f,avx512vl,avx512bw,avx512dq")]
        fn avx512<K: Kernel>(kernel: K, isa: Avx512) -> K::Output {
            kernel.run(isa)
        }

        match level.min(Level::detected()) {
            Level::Baseline => {}
            // SAFETY: `detected` saw AVX2 and FMA on this CPU.
            Level::Avx2 => return unsafe { avx2(kernel, Avx2::new()) },
            // SAFETY: `detected` saw each feature that `avx512` enables.
            Level::Avx512 => return unsafe { avx512(kernel, Avx512::new()) },
        }
    }
    let _ = level;
    portable(kernel)
}

/// Apart, so that the code of the baseline stands once and not wherever a kernel is dispatched.
#[inline(never)]
fn portable<K: Kernel>(kernel: K) -> K::Output {
    kernel.run(Portable)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Width;

    impl Kernel for Width {
        type Output = (usize, usize);
        #[inline(always)]
        fn run<I: Isa>(self, _: I) -> (usize, usize) {
            (I::F64::COUNT, I::F32::COUNT)
        }
    }

    #[test]
    fn wider_levels_have_more_lanes() {
        let widths: Vec<_> = Level::supported().map(|level| dispatch_at(level, Width)).collect();
        assert!(widths.is_sorted());
        assert!(widths.iter().all(|(f64s, f32s)| f32s == &(2 * f64s)));
    }
}
