//! Samples of a counter-based stream: element `i` depends on the stream and on `i` alone.
//!
//! So they are drawn in any order by any number of threads. Each element has a word of its
//! own; what is not decided by that has further words that are nobody else's.

use super::philox::Philox;
use super::ziggurat::{Own, Ziggurat, unit};
use crate::simd::{Isa, Kernel, dispatch};
use crate::special::log1p;
use crate::{Control, Error, threads};

/// Elements that one thread draws at a time.
pub const CHUNK: usize = 1 << 14;
/// Elements whose words lie in the first cache meanwhile.
pub const BLOCK: usize = 1 << 9;

/// A distribution that takes one word for each element.
pub trait Draw: Copy + Send + Sync {
    /// What is drawn.
    type Number: Copy + Send;
    /// About how long an element takes, in nanoseconds.
    const COST: usize;
    /// Turns `words`, the first of them that of element `first`, into numbers.
    fn draw<I: Isa>(self, isa: I, stream: Philox, first: u64, words: &[u64], out: &mut [Self::Number]);
}

/// From 0 up to, but not including, 1.
#[derive(Clone, Copy, Debug)]
pub struct Unit;

impl Draw for Unit {
    type Number = f64;
    const COST: usize = 4;

    #[inline(always)]
    fn draw<I: Isa>(self, _: I, _: Philox, _: u64, words: &[u64], out: &mut [f64]) {
        for (&word, out) in words.iter().zip(out) {
            *out = unit(word);
        }
    }
}

/// Between two ends.
#[derive(Clone, Copy, Debug)]
pub struct Uniform {
    /// The lower one, included.
    pub low: f64,
    /// The distance of the upper one.
    pub width: f64,
}

impl Draw for Uniform {
    type Number = f64;
    const COST: usize = 4;

    #[inline(always)]
    fn draw<I: Isa>(self, _: I, _: Philox, _: u64, words: &[u64], out: &mut [f64]) {
        for (&word, out) in words.iter().zip(out) {
            *out = self.low + self.width * unit(word);
        }
    }
}

/// Normal, by the ziggurat method.
#[derive(Clone, Copy, Debug)]
pub struct Normal {
    /// The mean.
    pub mean: f64,
    /// The standard deviation.
    pub std: f64,
}

impl Draw for Normal {
    type Number = f64;
    const COST: usize = 6;

    #[inline(always)]
    fn draw<I: Isa>(self, _: I, stream: Philox, first: u64, words: &[u64], out: &mut [f64]) {
        let ziggurat = Ziggurat::get();
        for ((&word, out), number) in words.iter().zip(out).zip(first..) {
            let (mut x, certain) = ziggurat.place(word);
            if !certain {
                let mut extra = stream.extra(number);
                x = ziggurat.test(word, Own, &mut || extra.word());
            }
            *out = self.mean + self.std * x;
        }
    }
}

/// Exponential, by the inverse of the distribution function.
#[derive(Clone, Copy, Debug)]
pub struct Exponential {
    /// The mean.
    pub scale: f64,
}

impl Draw for Exponential {
    type Number = f64;
    const COST: usize = 10;

    #[inline(always)]
    fn draw<I: Isa>(self, isa: I, _: Philox, _: u64, words: &[u64], out: &mut [f64]) {
        for (&word, out) in words.iter().zip(&mut *out) {
            *out = -unit(word);
        }
        for out in out {
            *out = -self.scale * log1p(isa, *out);
        }
    }
}

/// Fills `out` with draws of `distribution`, whose first word has the number `first`.
///
/// # Errors
///
/// [`Error::Stopped`].
pub fn fill<D: Draw>(
    stream: Philox,
    first: u64,
    distribution: D,
    out: &mut [D::Number],
    control: &Control,
) -> Result<(), Error> {
    threads::for_chunks(control, out, CHUNK, |index, out| {
        let first = first.wrapping_add((index * CHUNK) as u64);
        dispatch(Fill { stream, first, distribution, out });
        Ok(())
    })
}

struct Fill<'a, D: Draw> {
    stream: Philox,
    first: u64,
    distribution: D,
    out: &'a mut [D::Number],
}

impl<D: Draw> Kernel for Fill<'_, D> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let mut words = [0; BLOCK];
        let mut first = self.first;
        for out in self.out.chunks_mut(BLOCK) {
            let words = &mut words[..out.len()];
            self.stream.fill(first, words);
            self.distribution.draw(isa, self.stream, first, words, out);
            first = first.wrapping_add(out.len() as u64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::threads::with_threads;

    const STREAM: Philox = Philox::of([3, 141]);

    fn drawn(distribution: impl Draw<Number = f64>, first: u64, length: usize) -> Vec<f64> {
        let mut out = vec![0.0; length];
        fill(STREAM, first, distribution, &mut out, &Control::default()).unwrap();
        out
    }

    fn moments(x: &[f64]) -> [f64; 4] {
        let n = x.len() as f64;
        let mean = x.iter().sum::<f64>() / n;
        let central = |p: i32| x.iter().map(|x| (x - mean).powi(p)).sum::<f64>() / n;
        [mean, central(2), central(3) / central(2).powf(1.5), central(4) / central(2).powi(2)]
    }

    fn check(x: &[f64], expected: [f64; 4], bounds: [f64; 4]) {
        for ((got, expected), bound) in moments(x).into_iter().zip(expected).zip(bounds) {
            assert!((got - expected).abs() < bound, "{got} is not {expected}");
        }
    }

    #[test]
    fn moments_are_those_of_the_distribution() {
        const N: usize = 1 << 18;
        check(&drawn(Unit, 0, N), [0.5, 1.0 / 12.0, 0.0, 1.8], [3e-3, 1e-3, 2e-2, 2e-2]);
        let wide = Uniform { low: -1.0, width: 4.0 };
        check(&drawn(wide, 0, N), [1.0, 16.0 / 12.0, 0.0, 1.8], [1e-2, 2e-2, 2e-2, 2e-2]);
        let normal = Normal { mean: 2.0, std: 3.0 };
        check(&drawn(normal, 0, N), [2.0, 9.0, 0.0, 3.0], [3e-2, 0.12, 3e-2, 6e-2]);
        let exponential = Exponential { scale: 2.0 };
        check(&drawn(exponential, 0, N), [2.0, 4.0, 2.0, 9.0], [2e-2, 0.1, 0.1, 1.0]);
    }

    #[test]
    fn elements_depend_on_their_number_only_for_any_number_of_threads() {
        let normal = Normal { mean: 0.0, std: 1.0 };
        let whole = drawn(normal, 5, 40_000);
        assert_eq!(drawn(normal, 5 + 777, 1000), whole[777..1777]);
        for count in [1, 2, 8] {
            assert_eq!(with_threads(count, || drawn(normal, 5, 40_000)), whole);
        }
    }

    #[test]
    fn a_tail_is_as_likely_as_it_should_be() {
        let far = drawn(Normal { mean: 0.0, std: 1.0 }, 0, 1 << 21);
        let beyond = far.iter().filter(|x| x.abs() > 3.7).count() as f64;
        // 2 Φ(-3.7) = 2.1562e-4: 452 expected, with a standard deviation of 21.
        assert!((beyond - 452.2).abs() < 90.0, "{beyond}");
    }
}
