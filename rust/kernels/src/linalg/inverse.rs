//! The inverse, in the place of the matrix: Gauss-Jordan elimination with partial pivoting.
//!
//! Recursive in the columns, as the factors of `lu.rs` are: the steps of some columns together are
//! one matrix that takes the place of these columns, and reach all others by one product. All
//! products have as many rows as the matrix, none of its zeros is ever touched, and nothing
//! triangular is left to invert (G. Peters and J. H. Wilkinson, "On the stability of Gauss-Jordan
//! elimination with pivoting", Commun. ACM 18, 1975; E. S. Quintana-Ortí and others, "A note on
//! parallel matrix inversion", SIAM J. Sci. Comput. 22, 2001).

use super::matmul::Update;
use super::products::Blas;
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error};
use ndarray::{ArrayView2, ArrayViewMut2, Axis, s};
use std::ops::Range;

/// Columns that are eliminated one by one.
pub(super) const PANEL: usize = 8;

/// Writes the inverse of the square matrix `a` to `out`, row after row.
///
/// # Errors
///
/// [`Error::Shape`] if `out` has another size; [`Error::Singular`] if a column has no pivot;
/// [`Error::Stopped`].
pub fn inv<T: Blas>(a: ArrayView2<'_, T>, out: &mut [T], control: &Control) -> Result<(), Error> {
    let n = a.nrows();
    let got = vec![out.len()];
    let shape = |_| Error::Shape { argument: "out", expected: format!("{n} x {n} elements"), got };
    ArrayViewMut2::from_shape(a.dim(), &mut *out).map_err(shape)?.assign(&a);
    let mut space = vec![T::ZERO; (n * PANEL).max(n * n / 4 + n)];
    let mut elimination = Elimination { a: out, pivots: vec![0; n], space: &mut space };
    elimination.columns(0..n, control)?;
    elimination.put_columns_in_order();
    Ok(())
}

struct Elimination<'a, T> {
    /// Columns that are done hold the steps so far, others what these have made of them.
    a: &'a mut [T],
    /// The row swapped with row `k` at step `k`.
    pivots: Vec<usize>,
    /// Room for a panel, and for the rows that a product replaces.
    space: &'a mut [T],
}

impl<T: Blas> Elimination<'_, T> {
    /// Eliminates some columns.
    fn columns(&mut self, columns: Range<usize>, control: &Control) -> Result<(), Error> {
        if columns.len() <= PANEL {
            return self.panel(columns, control);
        }
        let middle = columns.start + (columns.len() / 2).next_multiple_of(PANEL);
        let (left, right) = (columns.start..middle, middle..columns.end);
        self.columns(left.clone(), control)?;
        self.apply(left.clone(), right.clone(), control)?;
        self.columns(right.clone(), control)?;
        self.apply(right, left, control)
    }

    /// The steps of the columns `done`, applied to the columns `others` beside them.
    fn apply(&mut self, done: Range<usize>, others: Range<usize>, control: &Control) -> Result<(), Error> {
        let n = self.pivots.len();
        let (depth, width) = (done.len(), others.len());
        let rows = &mut self.space[..depth * width];
        for (row, line) in rows.chunks_exact_mut(width).zip(self.a[done.start * n..].chunks_exact_mut(n)) {
            row.copy_from_slice(&line[others.clone()]);
            line[others.clone()].fill(T::ZERO);
        }
        let rows = ArrayView2::from_shape((depth, width), &*rows);
        let (Ok(a), Ok(rows)) = (ArrayViewMut2::from_shape((n, n), &mut *self.a), rows) else {
            return Ok(());
        };
        let (mut left, mut right) = a.split_at(Axis(1), done.start.max(others.start));
        let (steps, target) = if done.start < others.start {
            (left.slice(s![.., done]), right.slice_mut(s![.., ..width]))
        } else {
            (right.slice(s![.., ..depth]), left.slice_mut(s![.., others]))
        };
        T::product(steps, rows, target, Update::Add, control)
    }

    /// Eliminates a few columns one by one, and swaps the rows of the others as theirs.
    fn panel(&mut self, columns: Range<usize>, control: &Control) -> Result<(), Error> {
        let n = self.pivots.len();
        let (rows, _) = self.space[..n * PANEL].as_chunks_mut::<PANEL>();
        let pivots = &mut self.pivots[columns.clone()];
        if let Some(column) = dispatch(Panel { a: self.a, rows, pivots, first: columns.start }) {
            return Err(Error::Singular { slices: vec![], column });
        }
        for row in columns.clone() {
            let pivot = self.pivots[row];
            if pivot != row {
                let (above, below) = self.a.split_at_mut(pivot * n);
                let (above, below) = (&mut above[row * n..(row + 1) * n], &mut below[..n]);
                above[..columns.start].swap_with_slice(&mut below[..columns.start]);
                above[columns.end..].swap_with_slice(&mut below[columns.end..]);
            }
        }
        control.go_on()
    }

    /// What was a swap of rows in the matrix is one of columns in its inverse.
    fn put_columns_in_order(&mut self) {
        let n = self.pivots.len();
        let mut order: Vec<usize> = (0..n).collect();
        for (k, &pivot) in self.pivots.iter().enumerate() {
            order.swap(k, pivot);
        }
        let line = &mut self.space[..n];
        for row in self.a.chunks_exact_mut(n.max(1)) {
            for (&column, &x) in order.iter().zip(&*row) {
                line[column] = x;
            }
            row.copy_from_slice(line);
        }
    }
}

/// A few columns of all rows, eliminated in a copy whose rows are short arrays.
struct Panel<'a, T> {
    a: &'a mut [T],
    rows: &'a mut [[T; PANEL]],
    pivots: &'a mut [usize],
    /// The row of the first pivot.
    first: usize,
}

impl<T: Blas> Kernel for Panel<'_, T> {
    /// The column without a pivot, if there is one.
    type Output = Option<usize>;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) -> Option<usize> {
        let (n, width, first) = (self.rows.len(), self.pivots.len(), self.first);
        for (row, line) in self.rows.iter_mut().zip(self.a.chunks_exact(n.max(1))) {
            match line[first..].first_chunk() {
                Some(line) if width == PANEL => *row = *line,
                _ => row[..width].copy_from_slice(&line[first..first + width]),
            }
        }
        for k in 0..width {
            let here = first + k;
            let pivot = here + largest(&self.rows[here..], k);
            self.pivots[k] = pivot;
            self.rows.swap(here, pivot);
            if self.rows[here][k] == T::ZERO {
                return Some(here);
            }
            eliminate(self.rows, here, k);
        }
        for (line, row) in self.a.chunks_exact_mut(n.max(1)).zip(&*self.rows) {
            match line[first..].first_chunk_mut() {
                Some(line) if width == PANEL => *line = *row,
                _ => line[first..first + width].copy_from_slice(&row[..width]),
            }
        }
        None
    }
}

/// The row whose element in column `k` is largest; the first, where there are several.
#[inline(always)]
pub(super) fn largest<T: Blas>(rows: &[[T; PANEL]], k: usize) -> usize {
    let mut place = 0;
    let mut most = rows[0][k].magnitude();
    for (i, row) in rows.iter().enumerate() {
        if row[k].magnitude() > most {
            (place, most) = (i, row[k].magnitude());
        }
    }
    place
}

/// One step: column `k`, whose pivot is in row `here`, gives way to the column of the inverse.
#[inline(always)]
fn eliminate<T: Blas>(rows: &mut [[T; PANEL]], here: usize, k: usize) {
    let pivot = rows[here][k];
    let mut line = rows[here].map(|x| x.over(pivot));
    line[k] = T::ONE.over(pivot);
    let (above, below) = rows.split_at_mut(here);
    let Some((row, below)) = below.split_first_mut() else { return };
    *row = line;
    for row in above.iter_mut().chain(below) {
        let factor = row[k];
        for j in 0..PANEL {
            row[j] -= factor * line[j];
        }
        row[k] = -(factor * line[k]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;
    use crate::threads::with_threads;
    use ndarray::Array2;

    fn matrix(n: usize) -> Array2<f64> {
        Array2::from_shape_fn((n, n), |(i, j)| {
            ((3 * i + 5 * j * j) as f64).sin() + f64::from(u8::from(i == j))
        })
    }

    fn inverse(a: &Array2<f64>) -> Result<Array2<f64>, Error> {
        let mut x = Array2::zeros(a.dim());
        inv(a.view(), x.as_slice_mut().unwrap(), &Control::default()).map(|()| x)
    }

    #[test]
    fn the_inverse_times_the_matrix_is_the_identity_from_both_sides_at_every_level() {
        at_every_level(|level| {
            for n in [0, 1, 2, 7, 8, 9, 16, 17, 40, 100, 161] {
                let a = matrix(n);
                let x = inverse(&a).unwrap();
                let scale = x.iter().fold(1.0_f64, |m, x| m.max(x.abs())) * n as f64;
                for product in [a.dot(&x), x.dot(&a)] {
                    let residual = product - Array2::<f64>::eye(n);
                    assert!(residual.iter().all(|r| r.abs() < 1e-14 * scale), "n = {n}, {level:?}");
                }
            }
        });
    }

    #[test]
    fn a_column_without_a_pivot_is_named() {
        for n in [3, 20, 50] {
            let mut a = matrix(n);
            a.column_mut(n - 2).fill(0.0);
            assert_eq!(inverse(&a), Err(Error::Singular { slices: vec![], column: n - 2 }));
        }
    }

    #[test]
    fn permutations_are_inverted_exactly() {
        let n = 37;
        let a = Array2::from_shape_fn((n, n), |(i, j)| f64::from(u8::from((5 * i + 3) % n == j)));
        assert_eq!(inverse(&a).unwrap(), a.t());
    }

    #[test]
    fn bits_do_not_depend_on_the_number_of_threads() {
        let a = matrix(300);
        at_every_level(|level| {
            let once = with_threads(1, || inverse(&a)).unwrap();
            for count in [2, 3] {
                assert!(with_threads(count, || inverse(&a)).unwrap() == once, "{count} threads, {level:?}");
            }
        });
    }
}
