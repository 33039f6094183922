//! Order statistics by selection: the median, quartiles, the range.

use super::sample::{BLOCK, Sample};
use crate::simd::{Isa, Kernel, Lanes, dispatch};
use crate::{Control, Error, threads};
use std::cmp::Ordering;

/// Elements `ranks` (ascending) of the sorted sample; NaN if it holds NaN.
pub fn select<T: Sample>(x: &[T], ranks: &[usize]) -> Vec<f64> {
    let mut x: Vec<f64> = x.iter().map(|x| x.to_f64()).collect();
    if x.iter().any(|x| x.is_nan()) {
        return vec![f64::NAN; ranks.len()];
    }
    let mut from = 0;
    let mut found = Vec::with_capacity(ranks.len());
    for &rank in ranks {
        if rank >= from && rank < x.len() {
            let order = |a: &f64, b: &f64| a.partial_cmp(b).unwrap_or(Ordering::Equal);
            x[from..].select_nth_unstable_by(rank - from, order);
            from = rank;
        }
        found.push(x.get(rank).copied().unwrap_or(f64::NAN));
    }
    found
}

/// The median: the middle element, or the mean of the two in the middle.
pub fn median<T: Sample>(x: &[T]) -> f64 {
    let n = x.len();
    match n {
        0 => f64::NAN,
        _ if n % 2 == 1 => select(x, &[n / 2])[0],
        _ => {
            let middle = select(x, &[n / 2 - 1, n / 2]);
            0.5 * middle[0] + 0.5 * middle[1]
        }
    }
}

/// The smallest and the largest element; NaN if one is NaN.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn range<T: Sample>(x: &[T], control: &Control) -> Result<(f64, f64), Error> {
    let parts = threads::map_chunks(control, x.len(), 1 << 17, |range| Ok(dispatch(Range { x: &x[range] })))?;
    Ok(parts.into_iter().reduce(wider).unwrap_or((f64::NAN, f64::NAN)))
}

fn wider(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    if a.0.is_nan() || b.0.is_nan() {
        return (f64::NAN, f64::NAN);
    }
    (a.0.min(b.0), a.1.max(b.1))
}

struct Range<'a, T> {
    x: &'a [T],
}

impl<T: Sample> Kernel for Range<'_, T> {
    type Output = (f64, f64);

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> (f64, f64) {
        /// Chains of comparisons that do not wait for each other.
        const CHAINS: usize = 4;
        let mut low = [isa.splat(f64::INFINITY); CHAINS];
        let mut high = [isa.splat(f64::NEG_INFINITY); CHAINS];
        // A sum is NaN if an element is; infinities of both signs make it so as well, which the
        // slow way below then tells apart.
        let mut sums = [isa.splat::<f64>(0.0); CHAINS];
        let (mut least, mut most, mut nan) = (f64::INFINITY, f64::NEG_INFINITY, false);
        let mut block = [0.0; BLOCK];
        for x in self.x.chunks(BLOCK) {
            let mut chunks = T::widened(x, &mut block).chunks_exact(CHAINS * I::F64::COUNT);
            for x in &mut chunks {
                for chain in 0..CHAINS {
                    let x = isa.load(&x[chain * I::F64::COUNT..]);
                    low[chain] = x.min(low[chain]);
                    high[chain] = x.max(high[chain]);
                    sums[chain] = sums[chain] + x;
                }
            }
            for &x in chunks.remainder() {
                least = if x < least { x } else { least };
                most = if x > most { x } else { most };
                nan |= x.is_nan();
            }
        }
        if sums.iter().any(|sum| sum.sum().is_nan()) {
            nan |= self.x.iter().any(|x| x.to_f64().is_nan());
        }
        if nan {
            return (f64::NAN, f64::NAN);
        }
        for (low, high) in low.iter().zip(&high) {
            for lane in 0..I::F64::COUNT {
                (least, most) = (least.min(low.lane(lane)), most.max(high.lane(lane)));
            }
        }
        (least, most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(&[3, 1, 2]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), 2.5);
        assert!(median(&[1.0, f64::NAN]).is_nan());
        assert!(median::<f64>(&[]).is_nan());
        assert_eq!(median(&[f64::MAX, f64::MAX]), f64::MAX);
    }

    #[test]
    fn the_range_is_found_at_every_level() {
        at_every_level(|_| {
            for n in [1, 3, 4, 5, 100, 3000] {
                let mut x: Vec<f64> = (0..n).map(|i| (f64::from(i) * 1.7).sin()).collect();
                let low = x.iter().copied().fold(f64::INFINITY, f64::min);
                let high = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                assert_eq!(range(&x, &Control::default()).unwrap(), (low, high));
                x[0] = f64::INFINITY;
                assert_eq!(range(&x, &Control::default()).unwrap().1, f64::INFINITY);
                x[n as usize / 2] = f64::NAN;
                assert!(range(&x, &Control::default()).unwrap().0.is_nan());
            }
        });
    }
}
