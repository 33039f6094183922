//! PCG64: NumPy's default generator, with its bits.
//!
//! M. E. O'Neill, "PCG: a family of simple fast space-efficient statistically good algorithms for
//! random number generation", 2014 (PCG XSL RR 128/64); jumping ahead after F. B. Brown, "Random
//! number generation with arbitrary strides", Trans. Am. Nucl. Soc. 71, 1994.

const MULTIPLIER: u128 = 0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645;
/// Parts of the stream that are made at the same time.
const TOGETHER: usize = 4;

/// The generator's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pcg64 {
    /// Where in the stream it is.
    pub state: u128,
    /// Which stream it is; odd.
    pub increment: u128,
}

impl Pcg64 {
    /// The next word.
    #[inline(always)]
    pub fn word(&mut self) -> u64 {
        self.state = self.state.wrapping_mul(MULTIPLIER).wrapping_add(self.increment);
        output(self.state)
    }

    /// Writes the next words: every fourth from one of four states, which do not wait for each
    /// other.
    #[inline(always)]
    pub fn fill(&mut self, out: &mut [u64]) {
        let mut groups = out.chunks_exact_mut(TOGETHER);
        if groups.len() > 0 {
            let (factor, summand) = self.stride(TOGETHER as u128);
            let mut states = [0; TOGETHER];
            let mut first = *self;
            for state in &mut states {
                first.word();
                *state = first.state;
            }
            for group in &mut groups {
                self.state = states[TOGETHER - 1];
                for (word, state) in group.iter_mut().zip(&mut states) {
                    *word = output(*state);
                    *state = state.wrapping_mul(factor).wrapping_add(summand);
                }
            }
        }
        for word in groups.into_remainder() {
            *word = self.word();
        }
    }

    /// Moves on by `steps` words, or back by 2^128 - `steps`.
    pub fn advance(&mut self, steps: u128) {
        let (factor, summand) = self.stride(steps);
        self.state = self.state.wrapping_mul(factor).wrapping_add(summand);
    }

    /// The factor and the summand of `steps` steps in one.
    fn stride(self, mut steps: u128) -> (u128, u128) {
        let (mut factor, mut summand): (u128, u128) = (1, 0);
        let (mut one_factor, mut one_summand) = (MULTIPLIER, self.increment);
        while steps > 0 {
            if steps & 1 == 1 {
                factor = factor.wrapping_mul(one_factor);
                summand = summand.wrapping_mul(one_factor).wrapping_add(one_summand);
            }
            one_summand = one_factor.wrapping_add(1).wrapping_mul(one_summand);
            one_factor = one_factor.wrapping_mul(one_factor);
            steps >>= 1;
        }
        (factor, summand)
    }
}

/// The halves folded together, and rotated by what the highest bits say.
#[inline(always)]
fn output(state: u128) -> u64 {
    ((state >> 64) as u64 ^ state as u64).rotate_right((state >> 122) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Pcg64 = Pcg64 {
        state: 35_399_562_948_360_463_058_890_781_895_381_311_971,
        increment: 87_136_372_517_582_989_555_478_159_403_783_844_777,
    };

    #[test]
    fn filling_is_drawing_one_by_one() {
        for length in [0, 1, 3, 4, 5, 8, 31] {
            let (mut one, mut all) = (START, START);
            let mut words = vec![0; length];
            all.fill(&mut words);
            assert!(words.iter().all(|&word| word == one.word()));
            assert_eq!(one, all);
        }
    }

    #[test]
    fn advancing_is_drawing_and_forgetting() {
        let (mut drawn, mut jumped) = (START, START);
        for _ in 0..1000 {
            drawn.word();
        }
        jumped.advance(1000);
        assert_eq!(drawn, jumped);
        jumped.advance(1000_u128.wrapping_neg());
        assert_eq!(jumped, START);
    }
}
