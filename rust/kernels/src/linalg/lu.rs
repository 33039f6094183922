//! `P A = L U` with partial pivoting: factor once, then solve or take the determinant.
//!
//! Recursive in the columns (S. Toledo, "Locality of reference in LU decomposition with partial
//! pivoting", SIAM J. Matrix Anal. Appl. 18, 1997): nearly all work is in products.

use super::inverse::{PANEL, largest};
use super::matmul::Update;
use super::products::Blas;
use super::triangular::{solve_lower, solve_upper};
use crate::scalar::Real;
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error};
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis, s};
use std::ops::Range;

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
        let n = a.nrows();
        let vanished = match factors.as_slice_mut() {
            Some(factors) => factor_in_place(factors, n, &mut pivots, control)?,
            None => None,
        };
        match vanished {
            None => Ok(Self { factors, pivots }),
            Some(column) => Err(Error::Singular { slices: vec![], column }),
        }
    }

    /// `b := A^-1 b`.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] only.
    pub fn solve(&self, mut b: ArrayViewMut2<'_, T>, control: &Control) -> Result<(), Error> {
        if b.ncols() == 1 {
            let mut x = b.iter().copied().collect::<Vec<T>>();
            self.solve_vector(&mut x, false);
            b.iter_mut().zip(x).for_each(|(b, x)| *b = x);
            return control.go_on();
        }
        for (k, &pivot) in self.pivots.iter().enumerate() {
            if pivot != k {
                let (mut above, mut below) = b.view_mut().split_at(Axis(0), pivot);
                above.row_mut(k).iter_mut().zip(below.row_mut(0)).for_each(|(x, y)| std::mem::swap(x, y));
            }
        }
        solve_lower(self.factors.view(), true, b.view_mut(), control)?;
        solve_upper(self.factors.view(), false, b, control)
    }

    /// `A^-1 x`, or `A^-H x`, of one vector.
    pub fn solve_vector(&self, x: &mut [T], adjoint: bool) {
        let swaps = self.pivots.iter().copied().enumerate();
        let factors = self.factors.as_slice().unwrap_or_default();
        if adjoint {
            dispatch(Vector { factors, x, adjoint });
            swaps.rev().for_each(|(k, p)| x.swap(k, p));
        } else {
            swaps.for_each(|(k, p)| x.swap(k, p));
            dispatch(Vector { factors, x, adjoint });
        }
    }

    /// The determinant.
    pub fn det(&self) -> T {
        let swaps = self.pivots.iter().enumerate().filter(|&(k, &p)| p != k).count();
        let product = self.factors.diag().iter().fold(T::ONE, |product, &pivot| product * pivot);
        if swaps % 2 == 0 { product } else { -product }
    }

    /// The sign of the determinant, a number of modulus 1, and the logarithm of its modulus.
    pub fn slogdet(&self) -> (T, T::Real) {
        let swaps = self.pivots.iter().enumerate().filter(|&(k, &p)| p != k).count();
        let mut sign = if swaps % 2 == 0 { T::ONE } else { -T::ONE };
        // The product of the sizes, with its exponent apart: one logarithm, and no sum of them.
        let (mut product, mut power) = (1.0_f64, 0);
        for &pivot in self.factors.diag() {
            let size = pivot.modulus();
            sign *= pivot.over(T::from_real(size));
            let (size, shift) = (size.to_f64(), size.to_f64().exponent() + product.exponent());
            product = product.scale_by_power_of_two(-product.exponent());
            product *= size.scale_by_power_of_two(-size.exponent());
            power += i64::from(shift);
        }
        let log = product.ln() + power as f64 * std::f64::consts::LN_2;
        (sign, T::Real::from_f64(log))
    }
}

/// Replaces a matrix of rows of `n` by its factors, packed; it may have more or fewer rows. There
/// are as many pivots as the shorter side is long.
///
/// Returns the first column without a pivot, if there is one; it stays zero, and the others are
/// factored all the same.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub(super) fn factor_in_place<T: Blas>(
    a: &mut [T],
    n: usize,
    pivots: &mut [usize],
    control: &Control,
) -> Result<Option<usize>, Error> {
    let (m, k) = (a.len().checked_div(n).unwrap_or(0), pivots.len());
    let mut rows = vec![T::ZERO; m * PANEL];
    let vanished = recurse(a, &mut rows, pivots, (n, 0, k), control)?;
    if n > k {
        swap_rows(a, n, pivots, 0, k..n);
        if let Ok(view) = ArrayViewMut2::from_shape((m, n), a) {
            let (left, right) = view.split_at(Axis(1), k);
            solve_lower(left.view(), true, right, control)?;
        }
    }
    Ok(vanished)
}

/// Factors `width` columns from column `first` on, of rows of `n`, in the rows from `first` on;
/// `rows` is space for a panel. Returns the first column without a pivot.
fn recurse<T: Blas>(
    a: &mut [T],
    rows: &mut [T],
    pivots: &mut [usize],
    (n, first, width): (usize, usize, usize),
    control: &Control,
) -> Result<Option<usize>, Error> {
    if width <= PANEL {
        let vanished = dispatch(Panel { a, rows, pivots, n, first, width });
        control.go_on()?;
        return Ok(vanished);
    }
    let half = (width / 2).next_multiple_of(PANEL);
    let (middle, end) = (first + half, first + width);
    let vanished = recurse(a, rows, pivots, (n, first, half), control)?;
    swap_rows(a, n, &pivots[first..middle], first, middle..end);
    if let Ok(view) = ArrayViewMut2::from_shape((a.len() / n, n), &mut *a) {
        let (left, right) = view.split_at(Axis(1), middle);
        let (mut top, mut bottom) = right.split_at(Axis(0), middle);
        let mut top = top.slice_mut(s![first.., ..end - middle]);
        solve_lower(left.slice(s![first..middle, first..]), true, top.view_mut(), control)?;
        let bottom = bottom.slice_mut(s![.., ..end - middle]);
        T::product(left.slice(s![middle.., first..]), top.view(), bottom, Update::Subtract, control)?;
    }
    let next = recurse(a, rows, pivots, (n, middle, width - half), control)?;
    swap_rows(a, n, &pivots[middle..end], middle, first..middle);
    Ok(vanished.or(next))
}

/// Swaps row `first + i` with row `pivots[i]`, in order, within some columns of rows of `n`.
fn swap_rows<T>(a: &mut [T], n: usize, pivots: &[usize], first: usize, columns: Range<usize>) {
    for (row, &pivot) in (first..).zip(pivots) {
        if pivot != row {
            let (above, below) = a.split_at_mut(pivot * n);
            above[row * n..][columns.clone()].swap_with_slice(&mut below[columns.clone()]);
        }
    }
}

/// A few columns, factored one by one in a copy whose rows are short arrays.
struct Panel<'a, T> {
    a: &'a mut [T],
    rows: &'a mut [T],
    pivots: &'a mut [usize],
    n: usize,
    first: usize,
    width: usize,
}

impl<T: Blas> Kernel for Panel<'_, T> {
    /// The column without a pivot, if there is one.
    type Output = Option<usize>;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) -> Option<usize> {
        let (n, first, width) = (self.n, self.first, self.width);
        if n == 0 {
            return None;
        }
        let (rows, _) = self.rows.as_chunks_mut::<PANEL>();
        let rows = &mut rows[first..];
        for (row, line) in rows.iter_mut().zip(self.a.chunks_exact(n).skip(first)) {
            *row = [T::ZERO; PANEL];
            row[..width].copy_from_slice(&line[first..first + width]);
        }
        let mut vanished = None;
        for k in 0..width {
            let pivot = k + largest(&rows[k..], k);
            self.pivots[first + k] = first + pivot;
            rows.swap(k, pivot);
            if rows[k][k] == T::ZERO {
                vanished = vanished.or(Some(first + k));
            } else {
                eliminate(&mut rows[k..], k);
            }
        }
        for (row, line) in rows.iter().zip(self.a.chunks_exact_mut(n).skip(first)) {
            line[first..first + width].copy_from_slice(&row[..width]);
        }
        vanished
    }
}

/// Subtracts from each row below the first its multiple, so that column `k` vanishes, and keeps
/// the factor there.
#[inline(always)]
fn eliminate<T: Blas>(rows: &mut [[T; PANEL]], k: usize) {
    let Some((pivot, below)) = rows.split_first_mut() else { return };
    let (diagonal, inverse) = (pivot[k], T::ONE.over(pivot[k]));
    // Columns up to k lose nothing.
    let line: [T; PANEL] = std::array::from_fn(|j| if j > k { pivot[j] } else { T::ZERO });
    for row in below {
        let factor = if inverse.is_finite() { row[k] * inverse } else { row[k].over(diagonal) };
        for j in 0..PANEL {
            row[j] -= factor * line[j];
        }
        row[k] = factor;
    }
}

/// The triangular systems of one vector, by rows of the factors.
struct Vector<'a, T> {
    factors: &'a [T],
    x: &'a mut [T],
    adjoint: bool,
}

impl<T: Blas> Kernel for Vector<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let n = self.x.len();
        let x = self.x;
        let row = |i: usize| &self.factors[i * n..(i + 1) * n];
        if self.adjoint {
            for i in 0..n {
                x[i] = x[i].over(row(i)[i].conj());
                let (done, rest) = x.split_at_mut(i + 1);
                subtract_conjugate(done[i], &row(i)[i + 1..], rest);
            }
            for i in (0..n).rev() {
                let (rest, done) = x.split_at_mut(i);
                subtract_conjugate(done[0], &row(i)[..i], rest);
            }
        } else {
            for i in 0..n {
                x[i] -= sum_of_products(&row(i)[..i], &x[..i]);
            }
            for i in (0..n).rev() {
                x[i] = (x[i] - sum_of_products(&row(i)[i + 1..], &x[i + 1..])).over(row(i)[i]);
            }
        }
    }
}

#[inline(always)]
fn subtract_conjugate<T: Blas>(factor: T, row: &[T], x: &mut [T]) {
    for (x, f) in x.iter_mut().zip(row) {
        *x -= f.conj() * factor;
    }
}

#[inline(always)]
fn sum_of_products<T: Blas>(a: &[T], b: &[T]) -> T {
    let mut sums = [T::ZERO; 16];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<16>(), b.as_chunks::<16>());
    for (a, b) in a.iter().zip(b) {
        for lane in 0..16 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest = a_rest.iter().zip(b_rest).fold(T::ZERO, |sum, (&a, &b)| sum + a * b);
    sums.into_iter().fold(rest, |sum, x| sum + x)
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
    fn a_solution_solves_its_system_at_every_level() {
        at_every_level(|level| {
            for n in SIZES {
                let (a, b) = (matrix(n), matrix(n));
                let mut x = b.clone();
                Lu::factor(a.view(), &Control::default())
                    .unwrap()
                    .solve(x.view_mut(), &Control::default())
                    .unwrap();
                let scale = x.iter().fold(1.0_f64, |m, x| m.max(x.abs())) * n as f64;
                assert!((a.dot(&x) - b).iter().all(|r| r.abs() < 1e-14 * scale), "n = {n}, {level:?}");
            }
        });
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
