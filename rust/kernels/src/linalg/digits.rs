//! Integers as a few digits, whose products and sums of products floating point holds exactly.
//!
//! A number modulo 2^64 is `d0 + d1 2^w + d2 2^2w` with signed digits of w bits. The product of two
//! matrices is then a sum of products of matrices of digits, shifted; those shifted out of the
//! type are left out. Sums of `depth` products below 2^51 are exact in f64, or below 2^22 in f32.
//! The idea is K. Ozaki et al.'s, "Error-free transformations of matrix multiplication by using
//! fast routines of matrix multiplication", Numer. Algorithms 59, 2012.

use crate::scalar::Real;

/// A floating-point type that holds digits and sums of their products.
pub trait Digit: Real {
    /// Bits of a digit that conversions know, sign included.
    const DIGIT: u32;
    /// Sums of this many bits, without their sign, are converted exactly.
    const SUM: u32;
    /// `number - offset`, of numbers below 2^`DIGIT` and the offset `2^(bits - 1)`.
    fn from_offset(number: u64, bits: u32) -> Self;
    /// The integer that this is, modulo 2^64.
    fn to_integer(self) -> u64;
}

// The mantissa of a number between 2^52 and 2^53 is an integer, as it stands: conversions that
// registers have no instruction for are an addition and a look at the bits.
impl Digit for f64 {
    const DIGIT: u32 = 52;
    const SUM: u32 = 51;
    #[inline(always)]
    fn from_offset(number: u64, bits: u32) -> Self {
        f64::from_bits(number | 0x4330_0000_0000_0000)
            - (4_503_599_627_370_496.0 + (1_u64 << (bits - 1)) as f64)
    }
    #[inline(always)]
    fn to_integer(self) -> u64 {
        (self + 6_755_399_441_055_744.0).to_bits().wrapping_sub(0x4338_0000_0000_0000)
    }
}

impl Digit for f32 {
    const DIGIT: u32 = 22;
    const SUM: u32 = 22;
    #[inline(always)]
    fn from_offset(number: u64, bits: u32) -> Self {
        f32::from_bits(number as u32 | 0x4b00_0000) - (8_388_608.0 + (1_u64 << (bits - 1)) as f32)
    }
    #[inline(always)]
    fn to_integer(self) -> u64 {
        (self + 12_582_912.0).to_bits().wrapping_sub(0x4b40_0000) as i32 as i64 as u64
    }
}

/// How one operand is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digits {
    /// How many digits each number has.
    pub count: usize,
    /// The bits of a digit.
    width: u32,
    /// What makes every digit of a number positive.
    bias: u64,
}

impl Digits {
    fn new(count: usize, width: u32, most: u32) -> Self {
        let mut digits = Self { count, width, bias: 0 };
        digits.bias = (0..count)
            .map(|part| 1_u64 << (width * part as u32 + digits.bits(part, most) - 1))
            .fold(0, u64::wrapping_add);
        digits
    }

    /// The last digit holds what is left.
    #[inline(always)]
    fn bits(&self, part: usize, most: u32) -> u32 {
        if part + 1 < self.count { self.width } else { most.min(64 - self.width * part as u32) }
    }

    /// Digit `part` of each number, which are given modulo 2^64.
    #[inline(always)]
    pub fn split<T: Digit>(&self, part: usize, numbers: impl Iterator<Item = u64>, digits: &mut [T]) {
        let (shift, bits) = (self.width * part as u32, self.bits(part, T::DIGIT));
        let mask = (1 << bits) - 1;
        for (digit, number) in digits.iter_mut().zip(numbers) {
            *digit = T::from_offset((number.wrapping_add(self.bias) >> shift) & mask, bits);
        }
    }
}

/// How a product is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How the left operand is split.
    pub left: Digits,
    /// How the right operand is split.
    pub right: Digits,
    /// Elements of k that may be summed.
    pub depth: usize,
    /// Products of digits whose place is the same are one sum; there are so many sums.
    pub sums: usize,
}

/// The most digits of a number.
const MOST: usize = 3;
/// Sums shorter than this are not worth their way to the result.
const SHORTEST: u64 = 24;
/// Longer ones would not stay in the nearest cache.
const LONGEST: u64 = 256;

impl Plan {
    /// The fastest way to a product modulo 2^`bits` of numbers between `-2^a` and `2^a` and between
    /// `-2^b` and `2^b`, if there is one.
    pub fn new<T: Digit>(bits: u32, (a, b): (u32, u32)) -> Option<Self> {
        let plans = (1..=MOST).flat_map(|left| (1..=MOST).map(move |right| (left, right)));
        let plans = plans.filter_map(|counts| Self::with_counts::<T>(bits, (a, b), counts));
        plans.min_by_key(|&(plan, products)| products * (1000 + 20_000 / plan.depth)).map(|(plan, _)| plan)
    }

    /// A plan, and how many products of digits it takes.
    fn with_counts<T: Digit>(bits: u32, (a, b): (u32, u32), counts: (usize, usize)) -> Option<(Self, usize)> {
        let width = |count: usize, size: u32| if count > 1 { (size + 1).div_ceil(count as u32) } else { 0 };
        let width = width(counts.0, a).max(width(counts.1, b));
        // A digit's magnitude.
        let size = |count: usize, size: u32| if count > 1 { width - 1 } else { size };
        let (size_a, size_b) = (size(counts.0, a), size(counts.1, b));
        // Neither a digit that is too large nor one beyond the number's end.
        if size_a.max(size_b) >= T::DIGIT || width * (counts.0.max(counts.1) as u32 - 1) > 60 {
            return None;
        }
        let sums = (0..counts.0 + counts.1 - 1).take_while(|&sum| sum as u32 * width < bits).count();
        let group = |sum: usize| (0..counts.0).filter(|&i| i <= sum && sum - i < counts.1).count();
        let products = (0..sums).map(group).sum();
        let largest = (0..sums).map(group).max()? as u64;
        let room = T::SUM.checked_sub(size_a + size_b)?;
        let depth = ((1_u64 << room) / largest).min(LONGEST) / 8 * 8;
        let plan = Self {
            left: Digits::new(counts.0, width, T::DIGIT),
            right: Digits::new(counts.1, width, T::DIGIT),
            depth: depth as usize,
            sums,
        };
        (depth >= SHORTEST).then_some((plan, products))
    }

    /// The pairs of digits whose products make up a sum.
    #[inline(always)]
    pub fn pairs(&self, sum: usize) -> impl Iterator<Item = (usize, usize)> {
        let (left, right) = (self.left.count, self.right.count);
        (0..left).filter(move |&i| i <= sum && sum - i < right).map(move |i| (i, sum - i))
    }

    /// The place of a sum in the result.
    #[inline(always)]
    pub fn shift(&self, sum: usize) -> u32 {
        self.left.width * sum as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(bits: u32) -> Vec<u64> {
        let edges =
            [0, 1, -1, (1_i128 << bits) - 1, -(1_i128 << bits), (1_i128 << bits) / 3, -(1_i128 << bits) / 5];
        let waves =
            (1..40_i128).map(|i| (i * 0x9e37_79b9_7f4a_7c15) % (1_i128 << bits) * [1, -1][i as usize % 2]);
        edges.into_iter().chain(waves).map(|x| x as u64).collect()
    }

    fn check<T: Digit>(bits: u32, sizes: (u32, u32), counts: (usize, usize)) {
        let Some((plan, _)) = Plan::with_counts::<T>(bits, sizes, counts) else { return };
        for (digits, size) in [(plan.left, sizes.0), (plan.right, sizes.1)] {
            let numbers = numbers(size);
            let mut back = vec![0_u64; numbers.len()];
            for part in 0..digits.count {
                let mut split = vec![T::ZERO; numbers.len()];
                digits.split(part, numbers.iter().copied(), &mut split);
                for (back, digit) in back.iter_mut().zip(split) {
                    let largest = if digits.count > 1 { digits.width - 1 } else { size };
                    assert!(digit.abs().to_f64() <= (1_u64 << largest) as f64, "{counts:?} {sizes:?}");
                    *back = back.wrapping_add(digit.to_integer() << (digits.width * part as u32));
                }
            }
            assert_eq!(back, numbers, "{counts:?} {sizes:?}");
        }
    }

    #[test]
    fn digits_are_small_and_make_up_the_number() {
        for bits in [8, 16, 32, 64] {
            for sizes in [(0, 0), (7, 7), (10, 10), (15, 15), (20, 31), (31, 31), (40, 9), (63, 63), (63, 0)]
            {
                for counts in (1..=MOST).flat_map(|left| (1..=MOST).map(move |right| (left, right))) {
                    check::<f64>(bits, sizes, counts);
                    check::<f32>(bits, sizes, counts);
                }
            }
        }
    }

    #[test]
    fn there_is_a_plan_for_all_integers_and_small_ones_take_one_product() {
        for (bits, products) in [(8, 1), (16, 1), (32, 3), (64, 6)] {
            let plan = Plan::new::<f64>(bits, (bits - 1, bits - 1)).unwrap();
            assert_eq!((0..plan.sums).map(|sum| plan.pairs(sum).count()).sum::<usize>(), products, "{bits}");
        }
        assert_eq!(Plan::new::<f64>(64, (10, 10)).unwrap().sums, 1);
        assert_eq!(Plan::new::<f32>(8, (7, 7)).unwrap().sums, 1);
        assert!(Plan::new::<f32>(64, (10, 10)).is_none_or(|plan| plan.sums > 1));
    }
}
