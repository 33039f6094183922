//! Standard normal numbers from words, by the ziggurat method.
//!
//! G. Marsaglia and W. W. Tsang, "The ziggurat method for generating random variables", J. Stat.
//! Softw. 5, 2000. A word chooses one of 256 layers of equal area, and a place in it; 99 of 100
//! places lie under the density for certain, the others are put to the test. With NumPy's layers,
//! and its use of the bits of a word, the numbers are NumPy's.

use super::ziggurat_layers::{F, X};
use crate::special::{Elementwise, Exp, Log1p};
use std::sync::LazyLock;

/// Where the tail begins, its inverse as NumPy has it, and the area of each layer.
const TAIL: f64 = 3.654_152_885_361_009;
const TAIL_INVERSE: f64 = 0.273_661_237_329_758_3;
const AREA: f64 = 0.004_928_673_233_974_652;
/// Bits of a word that say where in a layer.
const PLACES: f64 = (1_u64 << 52) as f64;

/// The tables that a draw reads.
#[derive(Debug)]
pub struct Ziggurat {
    /// What one place is wide.
    width: [f64; 256],
    /// Places before this one lie under the density.
    certain: [u64; 256],
}

static ZIGGURAT: LazyLock<Ziggurat> = LazyLock::new(|| {
    let mut certain = [0; 256];
    certain[0] = (TAIL * F[255] / AREA * PLACES).round_ties_even() as u64;
    for layer in 2..256 {
        certain[layer] = (X[layer - 1] / X[layer] * PLACES).round_ties_even() as u64;
    }
    Ziggurat { width: X.map(|x| x / PLACES), certain }
});

/// What puts a place to the test.
pub trait Functions: Copy {
    /// `ln(1 + x)`.
    fn log1p(self, x: f64) -> f64;
    /// `e^x`.
    fn exp(self, x: f64) -> f64;
}

/// Our own functions, the same bits on every machine.
#[derive(Clone, Copy, Debug)]
pub struct Own;

impl Functions for Own {
    fn log1p(self, x: f64) -> f64 {
        Log1p.at(x)
    }
    fn exp(self, x: f64) -> f64 {
        Exp.at(x)
    }
}

/// Those of the machine's C library, as NumPy has them.
#[derive(Clone, Copy, Debug)]
pub struct OfTheSystem;

impl Functions for OfTheSystem {
    fn log1p(self, x: f64) -> f64 {
        x.ln_1p()
    }
    fn exp(self, x: f64) -> f64 {
        x.exp()
    }
}

impl Ziggurat {
    /// The tables.
    pub fn get() -> &'static Self {
        &ZIGGURAT
    }

    /// The number at the place that `word` says, and whether it is certain.
    #[inline(always)]
    pub fn place(&self, word: u64) -> (f64, bool) {
        let layer = (word & 0xff) as usize;
        let place = (word >> 9) & ((1 << 52) - 1);
        let x = place as f64 * self.width[layer];
        // The sign bit, moved to where a float has it.
        (f64::from_bits(x.to_bits() | (word << 55) & (1 << 63)), place < self.certain[layer])
    }

    /// The number for `word` where that is not certain, or for words that `next` brings.
    #[cold]
    #[inline(never)]
    pub fn test<N: Functions>(&self, mut word: u64, functions: N, next: &mut dyn FnMut() -> u64) -> f64 {
        loop {
            let (x, certain) = self.place(word);
            if certain {
                return x;
            }
            let layer = (word & 0xff) as usize;
            if layer == 0 {
                return tail((word >> 17) & 1 == 1, functions, next);
            }
            let height = (F[layer - 1] - F[layer]) * unit(next()) + F[layer];
            if height < functions.exp(-0.5 * x * x) {
                return x;
            }
            word = next();
        }
    }
}

/// A number beyond the lowest layer (G. Marsaglia, "Generating a variable from the tail of the
/// normal distribution", Technometrics 6, 1964).
fn tail<N: Functions>(negative: bool, functions: N, next: &mut dyn FnMut() -> u64) -> f64 {
    loop {
        let x = -TAIL_INVERSE * functions.log1p(-unit(next()));
        let y = -functions.log1p(-unit(next()));
        if y + y > x * x {
            return if negative { -(TAIL + x) } else { TAIL + x };
        }
    }
}

/// A word as a number from 0 up to, but not including, 1.
#[inline(always)]
pub fn unit(word: u64) -> f64 {
    const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
    (word >> 11) as f64 * STEP
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_have_one_area_under_the_density() {
        for layer in 1..256 {
            assert!((F[layer] - (-0.5 * X[layer] * X[layer]).exp()).abs() < 1e-15);
        }
        for layer in 2..256 {
            assert!((X[layer] * (F[layer - 1] - F[layer]) - AREA).abs() < 1e-14);
        }
        assert_eq!(X[255], TAIL);
        assert!((X[0] * F[255] - AREA).abs() < 1e-16);
        assert!((TAIL * TAIL_INVERSE - 1.0).abs() < 1e-15);
    }

    #[test]
    fn the_bits_of_a_word_are_layer_sign_and_place() {
        let ziggurat = Ziggurat::get();
        assert_eq!(ziggurat.place(7 | 1 << 9), (X[7] / PLACES, true));
        assert_eq!(ziggurat.place(7 | 1 << 8 | 1 << 9), (-X[7] / PLACES, true));
        assert!(!ziggurat.place(7 | !0xff).1);
        assert_eq!(unit(u64::MAX), 1.0 - f64::EPSILON / 2.0);
    }
}
