//! Means of columns, and the data less their means.

use crate::scalar::Real;
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error, threads};
use ndarray::{Array2, ArrayView2, CowArray, Ix2};

/// Elements that one thread adds up at a time.
const CHUNK: usize = 1 << 15;

/// A sample: rows of numbers, and how often each counts.
pub(super) struct Sample<'a, T> {
    pub x: CowArray<'a, T, Ix2>,
    pub weights: Option<&'a [T]>,
    /// The mean of the rows.
    pub mean: Vec<T>,
    /// The sum of the weights.
    pub weight: f64,
}

impl<'a, T: Real> Sample<'a, T> {
    /// The rows of `x` with their mean.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without rows or columns; [`Error::NotFinite`]; [`Error::Shape`] or
    /// [`Error::Value`] for weights that are none; [`Error::Stopped`].
    pub fn new(x: ArrayView2<'a, T>, weights: Option<&'a [T]>, control: &Control) -> Result<Self, Error> {
        if x.is_empty() {
            return Err(Error::Empty { argument: "X" });
        }
        let weight = total_weight(x.nrows(), weights)?;
        let x = if x.is_standard_layout() { x.into() } else { x.as_standard_layout().into_owned().into() };
        let mut sample = Self { x, weights, mean: vec![], weight };
        sample.mean = sample.find_mean(control)?;
        Ok(sample)
    }

    /// Samples and features.
    pub fn dim(&self) -> (usize, usize) {
        self.x.dim()
    }

    fn elements(&self) -> &[T] {
        self.x.as_slice().unwrap_or_default()
    }

    /// Sums of the distances from the first row, which is near the others where all are far from
    /// zero, so that an offset costs no digits.
    fn find_mean(&self, control: &Control) -> Result<Vec<T>, Error> {
        let (n, p) = self.dim();
        let x = self.elements();
        let shift = &x[..p];
        let rows = (CHUNK / p).max(1);
        let parts = threads::map_chunks(control, n, rows, |range| {
            let mut sums = vec![0.0; p];
            let weights = self.weights.map(|weights| &weights[range.clone()]);
            let x = &x[range.start * p..range.end * p];
            dispatch(Sums { x, weights, shift, sums: &mut sums });
            Ok(sums)
        })?;
        let mut mean = vec![0.0; p];
        for part in parts {
            mean.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
        }
        let whole = mean.iter().zip(shift).map(|(sum, first)| first.to_f64() + sum / self.weight);
        let mean: Vec<T> = whole.map(T::from_f64).collect();
        if mean.iter().all(|x| x.is_finite()) {
            return Ok(mean);
        }
        if x.iter().all(|x| x.is_finite()) {
            let message = "expected numbers whose sums are finite, got some too large: divide them first";
            return Err(Error::Value { argument: "X", message: message.into() });
        }
        Err(Error::NotFinite { argument: "X", slices: vec![] })
    }

    /// What each row is multiplied by: the root of its weight, times `2^power`.
    pub fn factors(&self, power: i32) -> Option<Vec<T>> {
        let one = T::ONE.scale_by_power_of_two(power);
        match self.weights {
            Some(weights) => Some(weights.iter().map(|weight| weight.sqrt() * one).collect()),
            None => (power != 0).then(|| vec![one; self.x.nrows()]),
        }
    }

    /// Some rows less the mean, each times its factor, to `out`.
    pub fn centre(&self, first: usize, factors: Option<&[T]>, out: &mut [T]) {
        let p = self.mean.len();
        let x = &self.elements()[first * p..][..out.len()];
        let factors = factors.map(|factors| &factors[first..][..out.len() / p]);
        dispatch(Centre { x, mean: &self.mean, factors, out });
    }

    /// The exponent of the largest distance from the mean; 0 if there is none.
    pub fn exponent(&self) -> i32 {
        let mut largest = T::ZERO;
        for row in self.x.rows() {
            for (&x, &mean) in row.iter().zip(&self.mean) {
                let distance = (x - mean).abs();
                largest = if distance > largest { distance } else { largest };
            }
        }
        if largest > T::ZERO { largest.exponent() } else { 0 }
    }

    /// All rows less the mean, each times the root of its weight, times `2^power`.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] only.
    pub fn centred(&self, power: i32, control: &Control) -> Result<Array2<T>, Error> {
        let (n, p) = self.dim();
        let factors = self.factors(power);
        let mut out = Array2::from_elem((n, p), T::ZERO);
        let rows = (CHUNK / p).max(1);
        let target = out.as_slice_mut().unwrap_or_default();
        threads::for_chunks(control, target, rows * p, |index, out| {
            self.centre(index * rows, factors.as_deref(), out);
            Ok(())
        })?;
        Ok(out)
    }
}

/// The sum of weights, one for each of `n` rows; `n` where there are none.
///
/// # Errors
///
/// [`Error::Shape`] for another number of weights; [`Error::Value`] for weights that are negative,
/// not finite, or all zero.
pub(super) fn total_weight<T: Real>(n: usize, weights: Option<&[T]>) -> Result<f64, Error> {
    let Some(weights) = weights else { return Ok(n as f64) };
    let argument = "sample_weight";
    if weights.len() != n {
        let expected = format!("({n},), a weight for each row of X");
        return Err(Error::Shape { argument, expected, got: vec![weights.len()] });
    }
    if let Some(bad) = weights.iter().find(|weight| !(weight.is_finite() && **weight >= T::ZERO)) {
        let message = format!("expected finite numbers >= 0, got {bad}");
        return Err(Error::Value { argument, message });
    }
    let sum: f64 = weights.iter().map(|weight| weight.to_f64()).sum();
    if sum > 0.0 {
        return Ok(sum);
    }
    Err(Error::Value { argument, message: "expected weights that are not all zero".into() })
}

/// The rows of `x` less the mean, to `out`.
pub(super) fn less_mean<T: Real>(x: &[T], mean: &[T], out: &mut [T]) {
    dispatch(Centre { x, mean, factors: None, out });
}

/// Weighted sums of the columns' distances from `shift`.
struct Sums<'a, T> {
    x: &'a [T],
    weights: Option<&'a [T]>,
    shift: &'a [T],
    sums: &'a mut [f64],
}

impl<T: Real> Kernel for Sums<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { x, weights, shift, sums } = self;
        let p = shift.len();
        let sums = &mut sums[..p];
        if let Some(weights) = weights {
            for (row, weight) in x.chunks_exact(p).zip(weights) {
                let weight = weight.to_f64();
                // What does not count may be anything that is finite.
                for j in 0..p {
                    sums[j] += weight * (row[j].to_f64() - shift[j].to_f64());
                }
            }
            return;
        }
        // Four rows at a time: the sums are read and written once for them.
        let mut fours = x.chunks_exact(4 * p);
        for rows in &mut fours {
            let (a, rest) = rows.split_at(p);
            let (b, rest) = rest.split_at(p);
            let (c, d) = rest.split_at(p);
            let d = &d[..p];
            for j in 0..p {
                let first = shift[j].to_f64();
                let pair = (a[j].to_f64() - first) + (b[j].to_f64() - first);
                sums[j] += pair + ((c[j].to_f64() - first) + (d[j].to_f64() - first));
            }
        }
        for row in fours.remainder().chunks_exact(p) {
            for j in 0..p {
                sums[j] += row[j].to_f64() - shift[j].to_f64();
            }
        }
    }
}

/// Rows less the mean, each times its factor.
struct Centre<'a, T> {
    x: &'a [T],
    mean: &'a [T],
    factors: Option<&'a [T]>,
    out: &'a mut [T],
}

impl<T: Real> Kernel for Centre<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { x, mean, factors, out } = self;
        let p = mean.len();
        for (i, (row, out)) in x.chunks_exact(p).zip(out.chunks_exact_mut(p)).enumerate() {
            match factors {
                None => (0..p).for_each(|j| out[j] = row[j] - mean[j]),
                Some(factors) => (0..p).for_each(|j| out[j] = (row[j] - mean[j]) * factors[i]),
            }
        }
    }
}
