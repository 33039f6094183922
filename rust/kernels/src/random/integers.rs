//! Whole numbers, and orders, of a counter-based stream.

use super::philox::{Extra, Philox};
use super::streams::{BLOCK, Draw};
use crate::simd::Isa;
use crate::{Control, Error};

/// Whole numbers of an interval, all equally likely (D. Lemire, "Fast random integer generation in
/// an interval", ACM Trans. Model. Comput. Simul. 29, 2019).
#[derive(Clone, Copy, Debug)]
pub struct Integers {
    /// The lowest.
    pub low: i64,
    /// How many there are; 0 for all 2^64.
    pub count: u64,
}

impl Integers {
    /// The number for `word`, or for one of `extra` where that would favour some.
    #[inline(always)]
    fn of(self, word: u64, extra: impl FnOnce() -> Extra) -> i64 {
        let product = u128::from(word) * u128::from(self.count);
        let high = if self.count == 0 {
            word
        } else if (product as u64) < self.count {
            self.tested(product, extra())
        } else {
            (product >> 64) as u64
        };
        self.low.wrapping_add(high as i64)
    }

    #[cold]
    #[inline(never)]
    fn tested(self, mut product: u128, mut extra: Extra) -> u64 {
        let rest = self.count.wrapping_neg() % self.count;
        while (product as u64) < rest {
            product = u128::from(extra.word()) * u128::from(self.count);
        }
        (product >> 64) as u64
    }
}

impl Draw for Integers {
    type Number = i64;
    const COST: usize = 5;

    #[inline(always)]
    fn draw<I: Isa>(self, _: I, stream: Philox, first: u64, words: &[u64], out: &mut [i64]) {
        for ((&word, out), number) in words.iter().zip(out).zip(first..) {
            *out = self.of(word, || stream.extra(number));
        }
    }
}

/// Puts `items` into an order of which all are equally likely (R. Durstenfeld, "Algorithm 235:
/// Random permutation", Comm. ACM 7, 1964); takes as many words as there are items.
///
/// # Errors
///
/// [`Error::Stopped`].
pub fn shuffle<T>(stream: Philox, first: u64, items: &mut [T], control: &Control) -> Result<(), Error> {
    let mut words = [0; BLOCK];
    let mut left = items.len();
    while left > 0 {
        control.go_on()?;
        let start = left.saturating_sub(BLOCK);
        let words = &mut words[..left - start];
        stream.fill(first.wrapping_add(start as u64), words);
        for (last, &word) in (start..left).zip(&*words).rev() {
            let among = Integers { low: 0, count: last as u64 + 1 };
            items.swap(last, among.of(word, || stream.extra(first.wrapping_add(last as u64))) as usize);
        }
        left = start;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::streams::fill;
    use super::*;

    const STREAM: Philox = Philox::of([3, 141]);

    fn drawn(integers: Integers, length: usize) -> Vec<i64> {
        let mut out = vec![0; length];
        fill(STREAM, 0, integers, &mut out, &Control::default()).unwrap();
        out
    }

    #[test]
    fn whole_numbers_are_equally_likely() {
        let count = 6;
        let dice = drawn(Integers { low: -2, count }, 600_000);
        for face in -2..4 {
            let times = dice.iter().filter(|&&x| x == face).count() as f64;
            assert!((times - 1e5).abs() < 5.0 * (1e5_f64 * 5.0 / 6.0).sqrt(), "{face}: {times}");
        }
        // Two thirds of 2^64: every third word would be one too many.
        let wide = drawn(Integers { low: i64::MIN, count: 3 << 62 }, 100_000);
        let low = wide.iter().filter(|&&x| x < i64::MIN + (1 << 62)).count() as f64;
        assert!((low - 1e5 / 3.0).abs() < 750.0, "{low}");
        let all = drawn(Integers { low: 0, count: 0 }, 100_000);
        assert!((all.iter().filter(|&&x| x < 0).count() as f64 - 5e4).abs() < 800.0);
    }

    #[test]
    fn orders_are_equally_likely() {
        let mut times = [0; 27];
        for first in 0..60_000 {
            let mut items = [0, 1, 2];
            shuffle(STREAM, 3 * first, &mut items, &Control::default()).unwrap();
            times[items[0] * 9 + items[1] * 3 + items[2]] += 1;
        }
        let seen: Vec<_> = times.into_iter().filter(|&count| count > 0).collect();
        assert_eq!(seen.len(), 6);
        assert!(seen.iter().all(|&count: &i32| (count - 10_000).abs() < 460), "{seen:?}");
    }
}
