//! Draws of yes or no of a counter-based stream: eight share a word.

use super::philox::Philox;
use super::streams::{BLOCK, CHUNK};
use super::ziggurat::unit;
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error, threads};

/// Draws that share a word.
const BYTES: usize = 8;

/// The number of words that [`bernoulli`] takes for `count` draws.
pub fn words(count: usize) -> u64 {
    count.div_ceil(BYTES) as u64
}

/// Fills `out` with 1 with `probability`, else 0: a byte decides all but one draw in 256.
///
/// # Errors
///
/// [`Error::Stopped`].
pub fn fill(
    stream: Philox,
    first: u64,
    probability: f64,
    out: &mut [i64],
    control: &Control,
) -> Result<(), Error> {
    let scaled = probability * 256.0;
    let rule = Rule { stream, whole: scaled.floor() as u16, rest: scaled.fract() };
    threads::for_chunks(control, out, CHUNK, |index, out| {
        let first = first.wrapping_add((index * CHUNK / BYTES) as u64);
        dispatch(Bernoulli { rule, first, out });
        Ok(())
    })
}

/// Says yes to bytes below `whole`, and to one that is just that with the probability `rest`.
#[derive(Clone, Copy)]
struct Rule {
    stream: Philox,
    whole: u16,
    rest: f64,
}

struct Bernoulli<'a> {
    rule: Rule,
    first: u64,
    out: &'a mut [i64],
}

impl Kernel for Bernoulli<'_> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let (mut words, mut bytes) = ([0; BLOCK / BYTES], [0; BLOCK]);
        let mut first = self.first;
        for out in self.out.chunks_mut(BLOCK) {
            let words = &mut words[..out.len().div_ceil(BYTES)];
            self.rule.stream.fill(first, words);
            for (word, bytes) in words.iter().zip(bytes.chunks_exact_mut(BYTES)) {
                bytes.copy_from_slice(&word.to_le_bytes());
            }
            let mut undecided = 0_u32;
            for (&byte, out) in bytes.iter().zip(&mut *out) {
                *out = i64::from(u16::from(byte) < self.rule.whole);
                undecided += u32::from(u16::from(byte) == self.rule.whole);
            }
            if undecided > 0 && self.rule.rest > 0.0 {
                self.rule.decide(first, &bytes[..out.len()], out);
            }
            first = first.wrapping_add(words.len() as u64);
        }
    }
}

impl Rule {
    /// Sees to the draws whose byte is just `whole`: each of the eight of a word has one of its
    /// extra words.
    #[cold]
    #[inline(never)]
    fn decide(self, first: u64, bytes: &[u8], out: &mut [i64]) {
        for (place, (&byte, out)) in bytes.iter().zip(out).enumerate() {
            if u16::from(byte) == self.whole {
                let mut extra = self.stream.extra(first.wrapping_add((place / BYTES) as u64));
                let word = (0..=place % BYTES).fold(0, |_, _| extra.word());
                *out = i64::from(unit(word) < self.rest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: Philox = Philox::of([3, 141]);

    #[test]
    fn yes_comes_with_its_probability() {
        let count = |probability, length| {
            let mut out = vec![7; length];
            fill(STREAM, 0, probability, &mut out, &Control::default()).unwrap();
            assert!(out.iter().all(|&yes| yes == 0 || yes == 1));
            out.iter().sum::<i64>()
        };
        for probability in [0.3, 0.001, 0.5, 0.9999] {
            let (n, p): (f64, f64) = (1_000_003.0, probability);
            let deviation = (n * p * (1.0 - p)).sqrt();
            assert!((count(p, 1_000_003) as f64 - n * p).abs() < 5.0 * deviation, "{p}");
        }
        assert_eq!((count(0.0, 1001), count(1.0, 1001)), (0, 1001));
    }
}
