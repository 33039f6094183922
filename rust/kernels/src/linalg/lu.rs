//! `P A = L U` with partial pivoting: factor once, then solve, invert or take the determinant.
//!
//! Recursive in the columns (S. Toledo, "Locality of reference in LU decomposition with partial
//! pivoting", SIAM J. Matrix Anal. Appl. 18, 1997): nearly all work is in products.

use super::matmul::Update;
use super::products::Blas;
use super::triangular::{invert_unit_lower, invert_upper, solve_unit_lower, solve_upper, upper_times_lower};
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error};
use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2, Axis, s};

/// Columns that are factored one by one.
const PANEL: usize = 8;

/// The factors of a square matrix, packed in its own storage.
#[derive(Debug)]
pub struct Lu<T> {
    /// `U` on and above the diagonal, `L` below it (its ones are not stored).
    factors: Array2<T>,
    /// The row swapped with row `k` at step `k`.
    pivots: Vec<usize>,
}

impl<T: Blas> Lu<T> {
    /// Factors the square matrix `a`.
    ///
    /// # Errors
    ///
    /// [`Error::Singular`] if a column has no pivot; [`Error::Stopped`].
    pub fn factor(a: ArrayView2<'_, T>, control: &Control) -> Result<Self, Error> {
        let mut factors = Array2::from_shape_vec(a.dim(), a.iter().copied().collect()).unwrap_or_default();
        let mut pivots = vec![0; a.nrows()];
        recurse(factors.view_mut(), &mut pivots, 0, control)?;
        Ok(Self { factors, pivots })
    }

    /// `b := A^-1 b`.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] only.
    pub fn solve(&self, mut b: ArrayViewMut2<'_, T>, control: &Control) -> Result<(), Error> {
        swap_rows(&mut b, &self.pivots);
        solve_unit_lower(self.factors.view(), b.view_mut(), control)?;
        solve_upper(self.factors.view(), b, control)
    }

    /// `A^-1 x`, or `A^-H x`; for condition estimates, where speed does not matter.
    pub fn solve_vector(&self, x: &Array1<T>, adjoint: bool) -> Array1<T> {
        let (n, f) = (self.pivots.len(), &self.factors);
        let mut x = x.clone();
        if adjoint {
            for i in 0..n {
                let sum = (0..i).fold(x[i], |sum, j| sum - f[(j, i)].conj() * x[j]);
                x[i] = sum / f[(i, i)].conj();
            }
            for i in (0..n).rev() {
                x[i] = (i + 1..n).fold(x[i], |sum, j| sum - f[(j, i)].conj() * x[j]);
            }
            self.pivots.iter().enumerate().rev().for_each(|(k, &p)| x.swap(k, p));
        } else {
            self.pivots.iter().enumerate().for_each(|(k, &p)| x.swap(k, p));
            for i in 0..n {
                x[i] = (0..i).fold(x[i], |sum, j| sum - f[(i, j)] * x[j]);
            }
            for i in (0..n).rev() {
                let sum = (i + 1..n).fold(x[i], |sum, j| sum - f[(i, j)] * x[j]);
                x[i] = sum / f[(i, i)];
            }
        }
        x
    }

    /// The determinant.
    pub fn det(&self) -> T {
        let swaps = self.pivots.iter().enumerate().filter(|&(k, &p)| p != k).count();
        let product = self.factors.diag().iter().fold(T::ONE, |product, &pivot| product * pivot);
        if swaps % 2 == 0 { product } else { -product }
    }

    /// Writes the inverse to `out`: `U^-1 L^-1 P`.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] only.
    pub fn inv(self, mut out: ArrayViewMut2<'_, T>, control: &Control) -> Result<(), Error> {
        let n = self.pivots.len();
        let mut upper = self.factors;
        let mut lower = Array2::from_elem((n, n), T::ZERO);
        for i in 0..n {
            lower.slice_mut(s![i, ..i]).assign(&upper.slice(s![i, ..i]));
            lower[(i, i)] = T::ONE;
            upper.slice_mut(s![i, ..i]).fill(T::ZERO);
        }
        invert_upper(upper.view_mut(), control)?;
        invert_unit_lower(lower.view_mut(), control)?;
        upper_times_lower(upper.view(), lower.view(), out.view_mut(), control)?;
        let mut order: Vec<usize> = (0..n).collect();
        for (k, &p) in self.pivots.iter().enumerate() {
            order.swap(k, p);
        }
        let mut line = vec![T::ZERO; n];
        for mut row in out.rows_mut() {
            for (&column, &x) in order.iter().zip(&row) {
                line[column] = x;
            }
            row.iter_mut().zip(&line).for_each(|(x, &y)| *x = y);
        }
        Ok(())
    }
}

/// Factors `a`, whose first column is column `first` of the whole.
fn recurse<T: Blas>(
    mut a: ArrayViewMut2<'_, T>,
    pivots: &mut [usize],
    first: usize,
    control: &Control,
) -> Result<(), Error> {
    let width = pivots.len();
    if width <= PANEL {
        return match dispatch(Panel { a, pivots }) {
            None => control.go_on(),
            Some(column) => Err(Error::Singular { slices: vec![], column: first + column }),
        };
    }
    let half = (width / 2).next_multiple_of(8);
    let (mut left, mut right) = a.view_mut().split_at(Axis(1), half);
    let (before, after) = pivots.split_at_mut(half);
    recurse(left.view_mut(), before, first, control)?;
    swap_rows(&mut right, before);
    let (mut top, mut bottom) = right.split_at(Axis(0), half);
    solve_unit_lower(left.slice(s![..half, ..]), top.view_mut(), control)?;
    T::product(left.slice(s![half.., ..]), top.view(), bottom.view_mut(), Update::Subtract, control)?;
    recurse(bottom, after, first + half, control)?;
    swap_rows(&mut left.slice_mut(s![half.., ..]), after);
    after.iter_mut().for_each(|pivot| *pivot += half);
    Ok(())
}

/// Swaps row `k` with row `pivots[k]`, in order.
fn swap_rows<T: Copy>(a: &mut ArrayViewMut2<'_, T>, pivots: &[usize]) {
    for (k, &pivot) in pivots.iter().enumerate() {
        if pivot != k {
            let (mut above, mut below) = a.view_mut().split_at(Axis(0), pivot);
            above.row_mut(k).iter_mut().zip(below.row_mut(0)).for_each(|(x, y)| std::mem::swap(x, y));
        }
    }
}

/// A few columns, factored one by one in a copy that holds them as slices.
struct Panel<'a, T> {
    a: ArrayViewMut2<'a, T>,
    pivots: &'a mut [usize],
}

impl<T: Blas> Kernel for Panel<'_, T> {
    /// The column without a pivot, if there is one.
    type Output = Option<usize>;

    #[inline(always)]
    fn run<I: Isa>(mut self, _: I) -> Option<usize> {
        let (rows, width) = self.a.dim();
        let mut columns: [Vec<T>; PANEL] = Default::default();
        for (column, source) in columns.iter_mut().zip(self.a.columns()) {
            column.extend(source.iter());
        }
        let mut vanished = None;
        for k in 0..width.min(rows) {
            let pivot = k + largest(&columns[k][k..]);
            self.pivots[k] = pivot;
            columns[..width].iter_mut().for_each(|column| column.swap(k, pivot));
            if columns[k][k] == T::ZERO {
                vanished = Some(k);
                break;
            }
            let (done, rest) = columns[..width].split_at_mut(k + 1);
            let inverse = T::ONE / done[k][k];
            let below = &mut done[k][k + 1..];
            if inverse.is_finite() {
                below.iter_mut().for_each(|x| *x *= inverse);
            } else {
                let pivot = T::ONE / inverse;
                below.iter_mut().for_each(|x| *x /= pivot);
            }
            for column in rest {
                let factor = column[k];
                for (x, &l) in column[k + 1..].iter_mut().zip(&*below) {
                    *x -= factor * l;
                }
            }
        }
        for (column, mut target) in columns.iter().zip(self.a.columns_mut()) {
            target.iter_mut().zip(column).for_each(|(x, &y)| *x = y);
        }
        vanished
    }
}

/// The place of the element of largest magnitude; of the first, where there are several.
#[inline(always)]
fn largest<T: Blas>(x: &[T]) -> usize {
    let mut place = 0;
    let mut most = x[0].magnitude();
    for (i, x) in x.iter().enumerate() {
        if x.magnitude() > most {
            (place, most) = (i, x.magnitude());
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;

    fn matrix(n: usize) -> Array2<f64> {
        Array2::from_shape_fn((n, n), |(i, j)| {
            ((3 * i + 5 * j * j) as f64).sin() + f64::from(u8::from(i == j))
        })
    }

    const SIZES: [usize; 11] = [0, 1, 2, 7, 8, 9, 16, 17, 40, 100, 161];

    #[test]
    fn the_inverse_times_the_matrix_is_the_identity_at_every_level() {
        at_every_level(|level| {
            for n in SIZES {
                let a = matrix(n);
                let mut x = Array2::zeros((n, n));
                Lu::factor(a.view(), &Control::default())
                    .unwrap()
                    .inv(x.view_mut(), &Control::default())
                    .unwrap();
                let residual = a.dot(&x) - Array2::<f64>::eye(n);
                let scale = x.iter().fold(1.0_f64, |m, x| m.max(x.abs())) * n as f64;
                assert!(residual.iter().all(|r| r.abs() < 1e-14 * scale), "n = {n}, {level:?}");
            }
        });
    }

    #[test]
    fn a_solution_solves_its_system() {
        for n in SIZES {
            let (a, b) = (matrix(n), matrix(n));
            let mut x = b.clone();
            Lu::factor(a.view(), &Control::default())
                .unwrap()
                .solve(x.view_mut(), &Control::default())
                .unwrap();
            let scale = x.iter().fold(1.0_f64, |m, x| m.max(x.abs())) * n as f64;
            assert!((a.dot(&x) - b).iter().all(|r| r.abs() < 1e-14 * scale), "n = {n}");
        }
    }

    #[test]
    fn a_column_without_a_pivot_is_named() {
        for n in [3, 20, 50] {
            let mut a = matrix(n);
            a.column_mut(n - 2).fill(0.0);
            let error = Lu::factor(a.view(), &Control::default()).unwrap_err();
            assert_eq!(error, Error::Singular { slices: vec![], column: n - 2 });
        }
    }

    #[test]
    fn determinants_of_permutations_are_signs() {
        let mut a = Array2::<f64>::eye(5);
        assert_eq!(Lu::factor(a.view(), &Control::default()).unwrap().det(), 1.0);
        a.swap((0, 0), (1, 0));
        a.swap((0, 1), (1, 1));
        assert_eq!(Lu::factor(a.view(), &Control::default()).unwrap().det(), -1.0);
        let empty = Array2::<f64>::zeros((0, 0));
        assert_eq!(Lu::factor(empty.view(), &Control::default()).unwrap().det(), 1.0);
    }
}
