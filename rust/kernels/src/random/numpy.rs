//! NumPy's own bits: what its `Generator` draws from PCG64.

use super::pcg64::Pcg64;
use super::ziggurat::{OfTheSystem, Ziggurat, unit};
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error};

/// Words that are drawn at a time.
const BLOCK: usize = 1 << 9;
/// Elements between two questions whether to go on.
const CHUNK: usize = 1 << 16;

/// Fills `out` as `Generator.random` does.
///
/// # Errors
///
/// [`Error::Stopped`].
pub fn random(generator: &mut Pcg64, out: &mut [f64], control: &Control) -> Result<(), Error> {
    for out in out.chunks_mut(CHUNK) {
        control.go_on()?;
        dispatch(Random { generator, out });
    }
    Ok(())
}

struct Random<'a> {
    generator: &'a mut Pcg64,
    out: &'a mut [f64],
}

impl Kernel for Random<'_> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let mut words = [0; BLOCK];
        for out in self.out.chunks_mut(BLOCK) {
            let words = &mut words[..out.len()];
            self.generator.fill(words);
            for (&word, out) in words.iter().zip(out) {
                *out = unit(word);
            }
        }
    }
}

/// Fills `out` as `Generator.normal` does, which draws `mean + std * standard_normal()`.
///
/// # Errors
///
/// [`Error::Stopped`].
pub fn normal(
    generator: &mut Pcg64,
    mean: f64,
    std: f64,
    out: &mut [f64],
    control: &Control,
) -> Result<(), Error> {
    for out in out.chunks_mut(CHUNK) {
        control.go_on()?;
        dispatch(Normal { generator, mean, std, out });
    }
    Ok(())
}

struct Normal<'a> {
    generator: &'a mut Pcg64,
    mean: f64,
    std: f64,
    out: &'a mut [f64],
}

impl Kernel for Normal<'_> {
    type Output = ();

    /// Draws words ahead of their use, as many as are sure to be used: four at a time cost less.
    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { generator, mean, std, out } = self;
        let ziggurat = Ziggurat::get();
        let mut words = [0; BLOCK];
        let mut filled = 0;
        while filled < out.len() {
            let out = &mut out[filled..];
            let count = out.len().min(BLOCK);
            generator.fill(&mut words[..count]);
            let mut words = words[..count].iter();
            for out in out {
                let Some(&word) = words.next() else { break };
                let (mut x, certain) = ziggurat.place(word);
                if !certain {
                    let mut next = || words.next().copied().unwrap_or_else(|| generator.word());
                    x = ziggurat.test(word, OfTheSystem, &mut next);
                }
                *out = mean + std * x;
                filled += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED_0: Pcg64 = Pcg64 {
        state: 35_399_562_948_360_463_058_890_781_895_381_311_971,
        increment: 87_136_372_517_582_989_555_478_159_403_783_844_777,
    };

    #[test]
    fn numbers_are_those_of_numpy_s_default_rng_of_0() {
        let mut out = [0.0; 3];
        random(&mut SEED_0.clone(), &mut out, &Control::default()).unwrap();
        assert_eq!(out, [0.6369616873214543, 0.2697867137638703, 0.04097352393619469]);
        normal(&mut SEED_0.clone(), 0.0, 1.0, &mut out, &Control::default()).unwrap();
        assert_eq!(out, [0.1257302210933933, -0.1321048632913019, 0.6404226504432821]);
    }

    #[test]
    fn a_sample_in_parts_is_the_sample() {
        let (mut whole, mut parts) = (SEED_0, SEED_0);
        let mut all = vec![0.0; 100_000];
        normal(&mut whole, 1.0, 2.0, &mut all, &Control::default()).unwrap();
        let mut again = vec![0.0; 100_000];
        for part in again.chunks_mut(777) {
            normal(&mut parts, 1.0, 2.0, part, &Control::default()).unwrap();
        }
        assert_eq!(all, again);
        assert_eq!(whole, parts);
    }
}
