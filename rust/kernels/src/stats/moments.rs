//! Mean and variance in one pass over memory.
//!
//! A block is read twice while it is in the nearest cache: for its mean, and for the squared
//! distances from that. Blocks are merged by T. F. Chan, G. H. Golub and R. J. LeVeque, "Updating
//! formulae and a pairwise algorithm for computing sample variances", 1979; all distances are
//! taken from a shift near the data, so that an offset of 1e8 costs no digits.

use super::sample::{BLOCK, Sample};
use crate::simd::{Isa, Kernel, Lanes, dispatch};
use crate::{Control, Error, threads};

/// Elements that one thread reduces at a time.
const CHUNK: usize = 1 << 17;

/// What must be known of a sample to tell its mean and variance.
///
/// [`of`](Self::of) a whole equals the [`merge`](Self::merge) of its parts, to rounding.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// Elements seen.
    pub count: u64,
    /// What distances are measured from.
    shift: f64,
    /// The mean, less the shift.
    mean: f64,
    /// The sum of squared distances from the mean.
    spread: f64,
}

impl Moments {
    /// Of all elements of `x`.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] only.
    pub fn of<T: Sample>(x: &[T], control: &Control) -> Result<Self, Error> {
        let shift = dispatch(Shift { x: &x[..x.len().min(BLOCK)] });
        if x.len() <= CHUNK {
            return Ok(dispatch(Chunk { x, shift }));
        }
        let parts = threads::map_chunks(control, x.len(), CHUNK, |range| {
            Ok(dispatch(Chunk { x: &x[range], shift }))
        })?;
        Ok(pairwise(parts))
    }

    /// Of the elements of `x` that `selected`, as long, says.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] only.
    pub fn of_selected<T: Sample>(x: &[T], selected: &[bool], control: &Control) -> Result<Self, Error> {
        let few: Vec<T> =
            x.iter().zip(selected).filter(|(_, selected)| **selected).map(|(x, _)| *x).collect();
        Self::of(&few, control)
    }

    /// Of two samples together.
    pub fn merge(self, other: Self) -> Self {
        if self.count == 0 || other.count == 0 {
            return if self.count == 0 { other } else { self };
        }
        let (n, m) = (self.count as f64, other.count as f64);
        let distance = other.mean + (other.shift - self.shift) - self.mean;
        Self {
            count: self.count + other.count,
            shift: self.shift,
            mean: self.mean + distance * (m / (n + m)),
            spread: self.spread + other.spread + distance * distance * (n * m / (n + m)),
        }
    }

    /// The mean; NaN of nothing.
    pub fn mean(self) -> f64 {
        if self.count == 0 { f64::NAN } else { self.shift + self.mean }
    }

    /// The variance with divisor `count - ddof`; NaN or infinity where that is not positive.
    pub fn variance(self, ddof: f64) -> f64 {
        let divisor = self.count as f64 - ddof;
        if divisor > 0.0 { self.spread / divisor } else { self.spread / 0.0_f64.max(divisor) }
    }
}

/// Neighbours first: the error grows as the logarithm of the number of parts.
fn pairwise(mut parts: Vec<Moments>) -> Moments {
    while parts.len() > 1 {
        parts = parts
            .chunks(2)
            .map(|pair| pair.iter().copied().fold(Moments::default(), Moments::merge))
            .collect();
    }
    parts.first().copied().unwrap_or_default()
}

/// A value near the data: the mean of a first block, or 0 where that is not finite.
struct Shift<'a, T> {
    x: &'a [T],
}

impl<T: Sample> Kernel for Shift<'_, T> {
    type Output = f64;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> f64 {
        let x = &self.x[..self.x.len().min(BLOCK)];
        let mean = sum(isa, T::widened(x, &mut [0.0; BLOCK]), |x| x) / x.len() as f64;
        if mean.is_finite() { mean } else { 0.0 }
    }
}

struct Chunk<'a, T> {
    x: &'a [T],
    shift: f64,
}

impl<T: Sample> Kernel for Chunk<'_, T> {
    type Output = Moments;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Moments {
        /// By so much the mean of the squares may exceed the variance: two bits are lost at most.
        const NEAR: f64 = 4.0;
        let shift = self.shift;
        let mut moments = Moments::default();
        let mut block = [0.0; BLOCK];
        for x in self.x.chunks(BLOCK) {
            let x = T::widened(x, &mut block);
            let n = x.len() as f64;
            let (total, squares) = powers(isa, x, shift);
            let mean = total / n;
            let mut spread = squares - total * mean;
            if !(squares <= NEAR * spread) {
                // The block is far from the shift for its spread: it is measured from its own mean.
                // That is rounded by adding the shift; what is lost is in `rest`.
                let (rest, squares) = powers(isa, x, shift + mean);
                spread = squares - rest * rest / n;
                spread = if spread < 0.0 { 0.0 } else { spread };
            }
            moments = moments.merge(Moments { count: x.len() as u64, shift, mean, spread });
        }
        moments
    }
}

/// The sums of the distances from `shift` and of their squares, in lanes that are folded in pairs.
#[inline(always)]
fn powers<I: Isa>(isa: I, x: &[f64], shift: f64) -> (f64, f64) {
    const REGISTERS: usize = 4;
    let count = I::F64::COUNT;
    let lanes = isa.splat(shift);
    let mut sums = [isa.splat::<f64>(0.0); REGISTERS];
    let mut squares = sums;
    let mut chunks = x.chunks_exact(REGISTERS * count);
    for x in &mut chunks {
        for register in 0..REGISTERS {
            let distance = isa.load(&x[register * count..]) - lanes;
            sums[register] = sums[register] + distance;
            squares[register] = distance.mul_add(distance, squares[register]);
        }
    }
    let mut sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])).sum();
    let mut square = ((squares[0] + squares[1]) + (squares[2] + squares[3])).sum();
    for &x in chunks.remainder() {
        let distance = x - shift;
        sum += distance;
        square = isa.mul_add(distance, distance, square);
    }
    (sum, square)
}

/// The sum of `f` of each element, in lanes that are folded in pairs.
#[inline(always)]
fn sum<I: Isa>(isa: I, x: &[f64], f: impl Fn(I::F64) -> I::F64) -> f64 {
    const REGISTERS: usize = 4;
    let count = I::F64::COUNT;
    let mut sums = [isa.splat::<f64>(0.0); REGISTERS];
    let mut chunks = x.chunks_exact(REGISTERS * count);
    for x in &mut chunks {
        for (register, sum) in sums.iter_mut().enumerate() {
            *sum = *sum + f(isa.load(&x[register * count..]));
        }
    }
    let mut total = ((sums[0] + sums[1]) + (sums[2] + sums[3])).sum();
    for &x in chunks.remainder() {
        total += f(isa.splat(x)).lane(0);
    }
    total
}

/// Sum of all elements in f64.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn sum_f64<T: Sample>(x: &[T], control: &Control) -> Result<f64, Error> {
    if x.len() <= BLOCK {
        return Ok(dispatch(SumBlock { x }));
    }
    let parts = threads::map_chunks(control, x.len(), CHUNK, |range| Ok(dispatch(Sum { x: &x[range] })))?;
    Ok(fold(parts))
}

fn fold(mut parts: Vec<f64>) -> f64 {
    while parts.len() > 1 {
        parts = parts.chunks(2).map(|pair| pair.iter().sum()).collect();
    }
    parts.first().copied().unwrap_or(0.0)
}

/// One block, which is not worth a table of sums.
struct SumBlock<'a, T> {
    x: &'a [T],
}

impl<T: Sample> Kernel for SumBlock<'_, T> {
    type Output = f64;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> f64 {
        let x = &self.x[..self.x.len().min(BLOCK)];
        sum(isa, T::widened(x, &mut [0.0; BLOCK]), |x| x)
    }
}

struct Sum<'a, T> {
    x: &'a [T],
}

impl<T: Sample> Kernel for Sum<'_, T> {
    type Output = f64;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> f64 {
        let mut sums = [0.0; CHUNK / BLOCK];
        let mut blocks = 0;
        let mut block = [0.0; BLOCK];
        for x in self.x.chunks(BLOCK) {
            sums[blocks] = sum(isa, T::widened(x, &mut block), |x| x);
            blocks += 1;
        }
        let mut length = blocks;
        while length > 1 {
            for i in 0..length / 2 {
                sums[i] = sums[2 * i] + sums[2 * i + 1];
            }
            if length % 2 == 1 {
                sums[length / 2] = sums[length - 1];
            }
            length = length.div_ceil(2);
        }
        if blocks == 0 { 0.0 } else { sums[0] }
    }
}

/// The moments of each column of a matrix whose rows lie one after the other.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn of_columns<T: Sample>(x: &[T], columns: usize, control: &Control) -> Result<Vec<Moments>, Error> {
    let rows = x.len() / columns.max(1);
    if rows == 0 {
        return Ok(vec![Moments::default(); columns]);
    }
    let shifts: Vec<f64> =
        x[..columns].iter().map(|x| Some(x.to_f64()).filter(|x| x.is_finite()).unwrap_or(0.0)).collect();
    let size = (CHUNK / columns).max(1);
    let parts = threads::map_chunks(control, rows, size, |range| {
        Ok(dispatch(Columns { x: &x[range.start * columns..range.end * columns], shifts: &shifts }))
    })?;
    let mut whole = vec![Moments::default(); columns];
    for part in parts {
        whole.iter_mut().zip(part).for_each(|(whole, part)| *whole = whole.merge(part));
    }
    Ok(whole)
}

struct Columns<'a, T> {
    x: &'a [T],
    shifts: &'a [f64],
}

impl<T: Sample> Kernel for Columns<'_, T> {
    type Output = Vec<Moments>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Vec<Moments> {
        /// Rows whose sums are kept before they are merged: their error does not grow further.
        const ROWS: usize = 256;
        let columns = self.shifts.len();
        let mut whole = vec![Moments::default(); columns];
        let (mut sums, mut squares) = (vec![0.0; columns], vec![0.0; columns]);
        for block in self.x.chunks(ROWS * columns) {
            sums.fill(0.0);
            squares.fill(0.0);
            for row in block.chunks_exact(columns) {
                for (((x, shift), sum), square) in
                    row.iter().zip(self.shifts).zip(&mut sums).zip(&mut squares)
                {
                    let distance = x.to_f64() - shift;
                    *sum += distance;
                    *square = isa.mul_add(distance, distance, *square);
                }
            }
            let count = block.len() / columns;
            let n = count as f64;
            for (i, whole) in whole.iter_mut().enumerate() {
                let mean = sums[i] / n;
                let spread = squares[i] - sums[i] * mean;
                let spread = if spread < 0.0 { 0.0 } else { spread };
                *whole = whole.merge(Moments { count: count as u64, shift: self.shifts[i], mean, spread });
            }
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;

    const LENGTHS: [usize; 9] = [1, 2, 3, 15, 16, 17, BLOCK, BLOCK + 1, CHUNK + 7];

    #[test]
    fn moments_match_the_definition_at_every_level() {
        at_every_level(|level| {
            for n in LENGTHS {
                let x: Vec<f64> = (0..n).map(|i| (i as f64).sin() + 3.0).collect();
                let mean = x.iter().sum::<f64>() / n as f64;
                let variance = x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n as f64;
                let moments = Moments::of(&x, &Control::default()).unwrap();
                assert!((moments.mean() - mean).abs() < 1e-13, "{level:?} {n}");
                assert!((moments.variance(0.0) - variance).abs() < 1e-13, "{level:?} {n}");
                let columns = of_columns(&x, 1, &Control::default()).unwrap();
                assert!((columns[0].variance(0.0) - variance).abs() < 1e-12);
                assert!((sum_f64(&x, &Control::default()).unwrap() / n as f64 - mean).abs() < 1e-13);
            }
        });
    }

    #[test]
    fn an_offset_costs_no_digits() {
        let x: Vec<f64> = (0..1_000_000).map(|i| 1e8 + f64::from(i % 1000) / 1000.0).collect();
        let exact = (1000.0 * 1000.0 - 1.0) / 12.0 / 1e6;
        let moments = Moments::of(&x, &Control::default()).unwrap();
        assert!((moments.variance(0.0) / exact - 1.0).abs() < 1e-8);
        assert!((moments.mean() - (1e8 + 0.4995)).abs() < 2e-8);
    }

    #[test]
    fn a_whole_is_the_merge_of_its_parts() {
        let x: Vec<f32> = (0..1000).map(|i| (i as f32).cos()).collect();
        let of = |x: &[f32]| Moments::of(x, &Control::default()).unwrap();
        let (whole, parts) = (of(&x), of(&x[..300]).merge(of(&x[300..])));
        assert_eq!(whole.count, parts.count);
        assert!((whole.mean() - parts.mean()).abs() < 1e-15);
        assert!((whole.variance(1.0) - parts.variance(1.0)).abs() < 1e-15);
    }

    #[test]
    fn what_is_not_selected_does_not_count() {
        let selected = [true, false, true, true];
        let moments =
            Moments::of_selected(&[1.0, f64::NAN, 2.0, 6.0], &selected, &Control::default()).unwrap();
        assert_eq!((moments.count, moments.mean(), moments.variance(1.0)), (3, 3.0, 7.0));
    }

    #[test]
    fn bits_do_not_depend_on_the_number_of_threads() {
        let x: Vec<f64> = (0..1_000_003).map(|i| (i as f64).sin()).collect();
        at_every_level(|_| {
            let with = |n| threads::with_threads(n, || Moments::of(&x, &Control::default()));
            let once = with(1);
            assert!([2, 3, 8].into_iter().all(|n| with(n) == once));
        });
    }

    #[test]
    fn nan_and_nothing_are_not_a_number() {
        assert!(Moments::of(&[1.0, f64::NAN], &Control::default()).unwrap().variance(0.0).is_nan());
        let nothing = Moments::of::<f64>(&[], &Control::default()).unwrap();
        assert!(nothing.mean().is_nan() && nothing.variance(0.0).is_nan());
    }
}
