//! What may be asked of a spectrum besides its numbers: their order, the vectors' signs, what
//! becomes of matrices that are not finite, and how it was found.

use super::columns::{Column, phase, square};
use crate::Error;
use crate::scalar::{Field, Real, Scalar};
use ndarray::{Array, ArrayViewD, IxDyn};
use std::cmp::Ordering;

/// The order of the values, and of the vectors with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By real part, the smallest first.
    Ascending,
    /// By real part, the largest first.
    Descending,
    /// By magnitude, the largest first.
    Magnitude,
}

impl Order {
    /// The option of this name.
    ///
    /// # Errors
    ///
    /// [`Error::Choice`] if there is none.
    pub fn from_name(name: &str) -> Result<Self, Error> {
        match name {
            "ascending" => Ok(Self::Ascending),
            "descending" => Ok(Self::Descending),
            "magnitude" => Ok(Self::Magnitude),
            _ => Err(Error::Choice {
                argument: "order",
                expected: &["ascending", "descending", "magnitude"],
                got: name.to_owned(),
            }),
        }
    }

    fn compare<T: Field>(self, x: T, y: T) -> Ordering {
        let order = |x: T::Real, y: T::Real| x.partial_cmp(&y).unwrap_or(Ordering::Equal);
        match self {
            Self::Ascending => order(x.re(), y.re()),
            Self::Descending => order(y.re(), x.re()),
            Self::Magnitude => order(y.modulus(), x.modulus()),
        }
    }

    /// The places of the values in this order; equal ones stay as they were, and a conjugate pair
    /// together.
    pub fn places<T: Field>(self, values: &[T]) -> Vec<usize> {
        let mut heads: Vec<(usize, usize)> = Vec::with_capacity(values.len());
        let mut place = 0;
        while place < values.len() {
            let paired = values[place] != values[place].conj()
                && values.get(place + 1).is_some_and(|next| *next == values[place].conj());
            heads.push((place, if paired { 2 } else { 1 }));
            place += heads.last().map_or(1, |head| head.1);
        }
        heads.sort_by(|&(i, _), &(j, _)| self.compare(values[i], values[j]));
        heads.into_iter().flat_map(|(place, count)| place..place + count).collect()
    }

    /// Brings ascending real values, and the columns of `vectors` with them, into this order.
    pub fn arrange<T: Field>(self, n: usize, values: &mut [T::Real], vectors: &mut [T]) {
        if self == Self::Ascending {
            return;
        }
        for (slice, values) in values.chunks_exact_mut(n.max(1)).enumerate() {
            let found = values.to_vec();
            let places = self.places(&found);
            values.iter_mut().zip(&places).for_each(|(value, &place)| *value = found[place]);
            let Some(vectors) = vectors.get_mut(slice * n * n..(slice + 1) * n * n) else { continue };
            for row in vectors.chunks_exact_mut(n) {
                let old = row.to_vec();
                row.iter_mut().zip(&places).for_each(|(x, &place)| *x = old[place]);
            }
        }
    }
}

/// What becomes of matrices that hold NaN or infinity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NanPolicy {
    /// They are refused.
    Raise,
    /// Their values and vectors are NaN.
    Propagate,
}

impl NanPolicy {
    /// The option of this name.
    ///
    /// # Errors
    ///
    /// [`Error::Choice`] if there is none.
    pub fn from_name(name: &str) -> Result<Self, Error> {
        match name {
            "raise" => Ok(Self::Raise),
            "propagate" => Ok(Self::Propagate),
            _ => Err(Error::Choice {
                argument: "nan_policy",
                expected: &["raise", "propagate"],
                got: name.to_owned(),
            }),
        }
    }

    /// The matrices of `size` elements that are not finite, if they are not refused.
    ///
    /// # Errors
    ///
    /// [`Error::NotFinite`], with every such slice of a stack.
    pub fn unfit<T: Field>(self, a: &ArrayViewD<'_, T>, size: usize) -> Result<Vec<usize>, Error> {
        if a.iter().all(|x| x.is_finite()) {
            return Ok(vec![]);
        }
        let all: Vec<T> = a.iter().copied().collect();
        let bad = |(index, slice): (usize, &[T])| slice.iter().any(|x| !x.is_finite()).then_some(index);
        let slices: Vec<usize> = all.chunks(size.max(1)).enumerate().filter_map(bad).collect();
        match self {
            Self::Propagate => Ok(slices),
            Self::Raise if a.ndim() == 2 => Err(Error::NotFinite { argument: "a", slices: vec![] }),
            Self::Raise => Err(Error::NotFinite { argument: "a", slices }),
        }
    }
}

/// A copy of the stack with zeros in place of the `unfit` matrices of `size` elements.
pub fn cleared<T: Field>(a: &ArrayViewD<'_, T>, size: usize, unfit: &[usize]) -> Array<T, IxDyn> {
    let mut clean = a.as_standard_layout().into_owned();
    if let Some(elements) = clean.as_slice_mut() {
        unfit.iter().for_each(|slice| elements[slice * size..(slice + 1) * size].fill(T::ZERO));
    }
    clean
}

/// Fills the answers of the `unfit` matrices, `size` elements each, with NaN.
pub fn spoil<T: Field>(unfit: &[usize], size: usize, answers: &mut [T]) {
    let nan = T::from_real(T::Real::from_f64(f64::NAN));
    for slice in unfit {
        answers.iter_mut().skip(slice * size).take(size).for_each(|x| *x = nan);
    }
}

/// How the decomposition of one matrix went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Told {
    /// Whether the matrix was finite.
    pub ok: bool,
    /// Sweeps over all pairs, or of implicit QR; 0 where nothing is counted.
    pub sweeps: usize,
    /// Pairs that were rotated.
    pub rotations: usize,
    /// The largest cosine, or element beside the diagonal relative to its diagonal ones, that was
    /// left.
    pub off_diagonal: f64,
}

impl Default for Told {
    fn default() -> Self {
        Self { ok: true, sweeps: 0, rotations: 0, off_diagonal: 0.0 }
    }
}

/// What is counted of the matrices in the lanes of two registers, where that is wanted.
#[derive(Default)]
pub(super) struct Counts {
    sweeps: [[usize; 16]; 2],
    rotations: [[usize; 16]; 2],
}

impl Counts {
    /// One rotation in each of these lanes of register `g`, in sweep number `sweep`.
    #[cold]
    #[inline(never)]
    pub(super) fn add(&mut self, g: usize, sweep: usize, lanes: u32) {
        for lane in (0..16).filter(|lane| lanes >> lane & 1 == 1) {
            self.sweeps[g][lane] = sweep + 1;
            self.rotations[g][lane] += 1;
        }
    }

    /// What is told of one lane.
    pub(super) fn of(&self, g: usize, lane: usize, off_diagonal: f64) -> Told {
        Told { ok: true, sweeps: self.sweeps[g][lane], rotations: self.rotations[g][lane], off_diagonal }
    }
}

/// Parts of `size` elements; without end empty ones where there is nothing.
pub(super) fn in_parts<T>(whole: &mut [T], size: usize) -> impl Iterator<Item = &mut [T]> {
    whole.chunks_mut(size.max(1)).chain(std::iter::repeat_with(Default::default))
}

/// The factor of absolute value 1 that makes the largest component positive, the last of those
/// that are equal to 8 ulp.
pub(super) fn turn<T: Column>(x: &[T]) -> T {
    let zero = <T::Real as Scalar>::ZERO;
    let largest = x.iter().map(|&x| square(x)).fold(zero, |m, x| if x > m { x } else { m });
    // Squares: twice the ulps.
    let least = largest * (<T::Real as Scalar>::ONE - T::Real::from_f64(16.0) * T::Real::EPSILON);
    let pivot = x.iter().rev().find(|&&x| square(x) >= least);
    pivot.map_or(T::ONE, |&pivot| phase(pivot).conj())
}

/// Turns each vector, of `n` elements, by the rule of [`turn`].
pub(super) fn turn_all<T: Column>(n: usize, vectors: &mut [T]) {
    for x in vectors.chunks_exact_mut(n.max(1)) {
        let factor = turn(x);
        // Zero is added because it turns -0 into 0.
        x.iter_mut().for_each(|x| *x = *x * factor + T::ZERO);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_complex::Complex;

    fn complex(parts: &[(f64, f64)]) -> Vec<Complex<f64>> {
        parts.iter().map(|&(re, im)| Complex { re, im }).collect()
    }

    #[test]
    fn pairs_stay_together_in_every_order() {
        let values = complex(&[(3.0, 0.0), (1.0, 2.0), (1.0, -2.0), (1.0, 0.0), (-4.0, 0.0)]);
        assert_eq!(Order::Descending.places(&values), [0, 1, 2, 3, 4]);
        assert_eq!(Order::Ascending.places(&values), [4, 1, 2, 3, 0]);
        assert_eq!(Order::Magnitude.places(&values), [4, 0, 1, 2, 3]);
        let same = complex(&[(1.0, 2.0), (1.0, -2.0), (1.0, 2.0), (1.0, -2.0)]);
        assert_eq!(Order::Ascending.places(&same), [0, 1, 2, 3]);
    }

    #[test]
    fn columns_go_with_their_values() {
        let (mut values, mut vectors) = ([-3.0, 1.0, 2.0], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
        Order::Magnitude.arrange(3, &mut values, &mut vectors);
        assert_eq!(values, [-3.0, 2.0, 1.0]);
        assert_eq!(vectors, [1.0, 3.0, 2.0, 4.0, 6.0, 5.0, 7.0, 9.0, 8.0]);
    }

    #[test]
    fn matrices_that_are_not_finite_are_named_or_left_out() {
        let mut a = Array::<f64, _>::ones(IxDyn(&[3, 2, 2]));
        assert_eq!(NanPolicy::Raise.unfit(&a.view(), 4), Ok(vec![]));
        a[[1, 0, 1]] = f64::NAN;
        let refusal = Error::NotFinite { argument: "a", slices: vec![1] };
        assert_eq!(NanPolicy::Raise.unfit(&a.view(), 4), Err(refusal));
        assert_eq!(NanPolicy::Propagate.unfit(&a.view(), 4), Ok(vec![1]));
        assert!(cleared(&a.view(), 4, &[1]).iter().all(|x| x.is_finite()));
        let mut values = [0.0; 6];
        spoil(&[1], 2, &mut values);
        assert!(values[2].is_nan() && values[3].is_nan() && values[4] == 0.0);
    }

    #[test]
    fn words_are_known_or_refused_with_the_known_ones() {
        assert_eq!(Order::from_name("magnitude"), Ok(Order::Magnitude));
        assert!(Order::from_name("real").is_err());
        assert_eq!(NanPolicy::from_name("propagate"), Ok(NanPolicy::Propagate));
        assert!(NanPolicy::from_name("omit").is_err());
    }

    #[test]
    fn the_last_of_equal_components_is_made_positive() {
        let mut vectors = [0.6, -0.6, 0.1, -0.8, 0.0, 0.6];
        turn_all(3, &mut vectors);
        assert_eq!(vectors, [-0.6, 0.6, -0.1, 0.8, 0.0, -0.6]);
    }
}
