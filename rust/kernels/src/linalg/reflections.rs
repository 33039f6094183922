//! Reflections, one after the other, applied to columns: by passes over a few columns, or many
//! reflections at a time by products.
//!
//! R. Schreiber and C. Van Loan, "A storage-efficient WY representation for products of Householder
//! transformations", SIAM J. Sci. Stat. Comput. 10, 1989.

use super::columns::{Column, TOGETHER, reflect};
use super::matmul::Update;
use crate::scalar::{Field, Scalar};
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error};
use ndarray::{Array2, ArrayViewMut2, s};

/// Reflections that are applied by one product.
const PANEL: usize = 32;

/// Reflections, one after the other: the `v` of number `k` is row `k` of `rows`, from element
/// `k + offset` on.
pub(super) struct Reflections<'a, T: Field> {
    pub rows: &'a [T],
    pub length: usize,
    pub offset: usize,
    pub factors: &'a [T::Real],
}

impl<T: Column> Reflections<'_, T> {
    /// `H_0 H_1 ... x` for each of the columns `x` in `targets`. Those of a unit matrix are cheaper
    /// where `unit` says that they are these.
    pub fn apply(&self, targets: &mut [T], unit: bool) {
        if self.length > 0 {
            dispatch(Apply { reflections: self, targets, unit });
        }
    }

    /// As [`apply`](Self::apply) to columns that are full, many reflections at a time.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] only.
    pub fn apply_together(&self, targets: &mut [T], control: &Control) -> Result<(), Error> {
        let (length, count) = (self.length, targets.len().checked_div(self.length).unwrap_or(0));
        let Ok(mut targets) = ArrayViewMut2::from_shape((count, length), targets) else { return Ok(()) };
        // A reflection of nothing, at the end, has no vector.
        let reflections = self.factors.len().min(length.saturating_sub(self.offset));
        let zeros = |shape| Array2::from_elem(shape, T::ZERO);
        for first in (0..reflections).step_by(PANEL).rev() {
            let width = PANEL.min(reflections - first);
            let from = first + self.offset;
            let mut v = zeros((width, length - from));
            for (j, mut v) in v.rows_mut().into_iter().enumerate() {
                let source = &self.rows[(first + j) * length + from + j..(first + j + 1) * length];
                v.iter_mut().skip(j).zip(source).for_each(|(v, &x)| *v = x);
            }
            let conjugate = v.mapv(|x| x.conj());
            // H_1 H_2 ... = I - V T V^H, with an upper triangular T; a column here is a row of v.
            let (mut gram, mut t) = (zeros((width, width)), zeros((width, width)));
            T::product(conjugate.view(), v.t(), gram.view_mut(), Update::Assign, control)?;
            for j in 0..width {
                let factor = T::from_real(self.factors[first + j]);
                for i in 0..j {
                    let sum = (i..j).fold(T::ZERO, |sum, p| sum + t[(i, p)] * gram[(p, j)]);
                    t[(i, j)] = -factor * sum;
                }
                t[(j, j)] = factor;
            }
            let mut targets = targets.slice_mut(s![.., from..]);
            let (mut along, mut turned) = (zeros((count, width)), zeros((count, width)));
            T::product(targets.view(), conjugate.t(), along.view_mut(), Update::Assign, control)?;
            T::product(along.view(), t.t(), turned.view_mut(), Update::Assign, control)?;
            T::product(turned.view(), v.view(), targets.view_mut(), Update::Subtract, control)?;
        }
        Ok(())
    }
}

struct Apply<'a, 'b, T: Field> {
    reflections: &'a Reflections<'b, T>,
    targets: &'a mut [T],
    unit: bool,
}

impl<T: Column> Kernel for Apply<'_, '_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Reflections { rows, length, offset, factors } = *self.reflections;
        for (group, block) in self.targets.chunks_mut(TOGETHER * length).enumerate() {
            // Of a unit matrix, column j is zero where later reflections act.
            let most = ((group + 1) * TOGETHER).saturating_sub(offset);
            let count = if self.unit { factors.len().min(most) } else { factors.len() };
            for k in (0..count).rev() {
                if factors[k] > <T::Real as Scalar>::ZERO {
                    let v = &rows[k * length + k + offset..(k + 1) * length];
                    reflect(isa, v, factors[k], block, (length, k + offset));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linalg::columns::unit;
    use num_complex::Complex;

    #[test]
    fn many_at_a_time_do_what_one_after_the_other_does() {
        for (length, offset) in [(1, 0), (5, 1), (40, 0), (40, 1), (75, 1)] {
            let wave = |k: usize| Complex { re: ((k * k) as f64).sin(), im: (3.0 * k as f64 + 1.0).cos() };
            let rows: Vec<Complex<f64>> = (0..length * length).map(wave).collect();
            let norm = |k: usize| -> f64 {
                rows[(k * length + k + offset).min((k + 1) * length)..(k + 1) * length]
                    .iter()
                    .map(|x| x.norm_sqr())
                    .sum()
            };
            // One of them reflects nothing.
            let factors: Vec<f64> =
                (0..length - offset).map(|k| if k == 3 { 0.0 } else { 2.0 / norm(k) }).collect();
            let reflections = Reflections { rows: &rows, length, offset, factors: &factors };
            let mut expected: Vec<Complex<f64>> = unit(length, length);
            let mut got = expected.clone();
            reflections.apply(&mut expected, false);
            reflections.apply_together(&mut got, &Control::default()).unwrap();
            let far = got.iter().zip(&expected).fold(0.0_f64, |m, (x, y)| m.max((x - y).norm()));
            assert!(far < 1e-14 * length as f64, "{length} {offset}: {far}");
        }
    }
}
