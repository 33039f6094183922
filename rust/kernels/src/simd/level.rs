//! What the CPU has.

use std::sync::atomic::{AtomicU8, Ordering};

/// An instruction set that kernels are compiled for, from the narrowest to the widest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    /// What every CPU of the architecture has: SSE2 on x86-64, NEON with FMA on aarch64.
    Baseline = 1,
    /// AVX2 and FMA: 256 bits.
    Avx2 = 2,
    /// AVX-512 F, VL, BW and DQ: 512 bits.
    Avx512 = 3,
}

/// The level in use; 0 until it is first asked for.
static CURRENT: AtomicU8 = AtomicU8::new(0);

impl Level {
    /// All levels, the narrowest first.
    pub const ALL: [Self; 3] = [Self::Baseline, Self::Avx2, Self::Avx512];

    /// The widest level that this CPU has.
    pub fn detected() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            let avx512 = is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq");
            if avx2 && avx512 {
                return Self::Avx512;
            }
            if avx2 {
                return Self::Avx2;
            }
        }
        Self::Baseline
    }

    /// The levels that this CPU has.
    pub fn supported() -> impl Iterator<Item = Self> {
        let widest = Self::detected();
        Self::ALL.into_iter().filter(move |&level| level <= widest)
    }

    /// The level that kernels run at: the widest there is, unless [limited](Self::limit).
    #[inline]
    pub fn current() -> Self {
        match CURRENT.load(Ordering::Relaxed) {
            1 => Self::Baseline,
            2 => Self::Avx2,
            3 => Self::Avx512,
            _ => Self::limit(Self::Avx512),
        }
    }

    /// Lets kernels run at `widest` at most, and returns the level now in use.
    pub fn limit(widest: Self) -> Self {
        let level = widest.min(Self::detected());
        CURRENT.store(level as u8, Ordering::Relaxed);
        level
    }

    /// The level's name, as the environment variable `MLMATH_SIMD` takes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }

    /// The level of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// Runs `test` with the level in use set to each that the CPU has.
///
/// The level is the whole process's: tests that set it, or that compare bits of two runs, wait
/// for each other here.
#[cfg(test)]
pub(crate) fn at_every_level(test: impl Fn(Level)) {
    static ONE_AT_A_TIME: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    for level in Level::supported() {
        Level::limit(level);
        test(level);
    }
    Level::limit(Level::Avx512);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for level in Level::ALL {
            assert_eq!(Level::from_name(level.name()), Some(level));
        }
        assert_eq!(Level::from_name("sse9"), None);
    }

    #[test]
    fn the_baseline_is_always_there() {
        assert_eq!(Level::supported().next(), Some(Level::Baseline));
        assert!(Level::supported().any(|level| level == Level::detected()));
    }
}
