//! Philox 4x64-10: random words by their number, in any order.
//!
//! J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as
//! 1, 2, 3", SC 2011. Ten rounds of multiplication and exclusive or turn a counter into four
//! words; the key chooses the stream. As NumPy's `Philox`, the first block has the counter 1.

/// The factors of a round.
const MULTIPLIERS: [u64; 2] = [0xD2E7_470E_E14C_6C93, 0xCA5A_8263_9512_1157];
/// What a round adds to the key: the golden ratio, and √3 - 1.
const WEYL: [u64; 2] = [0x9E37_79B9_7F4A_7C15, 0xBB67_AE85_84CA_A73B];
const ROUNDS: usize = 10;
/// Words of a block.
const WORDS: usize = 4;
/// Blocks that are made at the same time, so that one's multiplications fill the other's waits.
const TOGETHER: usize = 2;

/// A stream of 2^66 random words, each to be had by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Philox {
    key: [u64; 2],
}

impl Philox {
    /// The stream of this key.
    pub const fn of(key: [u64; 2]) -> Self {
        Self { key }
    }

    /// The words of each counter.
    #[inline(always)]
    fn blocks<const N: usize>(self, mut blocks: [[u64; WORDS]; N]) -> [[u64; WORDS]; N] {
        let mut key = self.key;
        for _ in 0..ROUNDS {
            for block in &mut blocks {
                let (high, low) = wide_product(MULTIPLIERS[0], block[0]);
                let (other_high, other_low) = wide_product(MULTIPLIERS[1], block[2]);
                *block = [other_high ^ block[1] ^ key[0], other_low, high ^ block[3] ^ key[1], low];
            }
            key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
        }
        blocks
    }

    /// Writes the words from number `first` on.
    #[inline(always)]
    pub fn fill(self, first: u64, out: &mut [u64]) {
        let skipped = (first % WORDS as u64) as usize;
        let mut number = first / WORDS as u64;
        let head = if skipped == 0 { 0 } else { out.len().min(WORDS - skipped) };
        let (begun, rest) = out.split_at_mut(head);
        if !begun.is_empty() {
            let [block] = self.blocks([counter(number)]);
            begun.copy_from_slice(&block[skipped..skipped + head]);
            number += 1;
        }
        let mut groups = rest.chunks_exact_mut(WORDS * TOGETHER);
        for group in &mut groups {
            let blocks = self.blocks::<TOGETHER>([counter(number), counter(number + 1)]);
            group.copy_from_slice(blocks.as_flattened());
            number += TOGETHER as u64;
        }
        for group in groups.into_remainder().chunks_mut(WORDS) {
            let [block] = self.blocks([counter(number)]);
            group.copy_from_slice(&block[..group.len()]);
            number += 1;
        }
    }

    /// Words for the element `number` of a sample beyond its own one: those of no other.
    pub fn extra(self, number: u64) -> Extra {
        Extra { stream: self, number, attempt: 0, block: [0; WORDS], used: WORDS }
    }
}

/// The counter of a block: NumPy's counts up before it draws.
#[inline(always)]
fn counter(number: u64) -> [u64; WORDS] {
    let (low, carry) = number.overflowing_add(1);
    [low, u64::from(carry), 0, 0]
}

#[inline(always)]
fn wide_product(a: u64, b: u64) -> (u64, u64) {
    let product = u128::from(a) * u128::from(b);
    ((product >> 64) as u64, product as u64)
}

/// A source of words of one element's own, see [`Philox::extra`].
#[derive(Debug)]
pub struct Extra {
    stream: Philox,
    number: u64,
    attempt: u64,
    block: [u64; WORDS],
    used: usize,
}

impl Extra {
    /// The next word.
    pub fn word(&mut self) -> u64 {
        if self.used == WORDS {
            self.attempt += 1;
            // The last part of the counter is 0 for all words that have a number.
            [self.block] = self.stream.blocks([[self.number, 0, 0, self.attempt]]);
            self.used = 0;
        }
        self.used += 1;
        self.block[self.used - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_paper_s_test_vectors() {
        let of = |key, block| Philox::of(key).blocks([block])[0];
        assert_eq!(
            of([0, 0], [0; 4]),
            [0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B]
        );
        assert_eq!(
            of([u64::MAX; 2], [u64::MAX; 4]),
            [0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0]
        );
    }

    #[test]
    fn a_word_depends_on_its_number_only() {
        let stream = Philox::of([7, 9]);
        let mut whole = [0; 100];
        stream.fill(0, &mut whole);
        for first in 0..20 {
            for length in 0..30 {
                let mut part = vec![0; length];
                stream.fill(first as u64, &mut part);
                assert_eq!(part, whole[first..first + length]);
            }
        }
    }

    #[test]
    fn extra_words_are_no_element_s_own() {
        let stream = Philox::of([7, 9]);
        let mut words = [0; 64];
        stream.fill(0, &mut words);
        let (mut one, mut other) = (stream.extra(3), stream.extra(4));
        for _ in 0..9 {
            let (a, b) = (one.word(), other.word());
            assert!(a != b && !words.contains(&a) && !words.contains(&b));
        }
    }
}
