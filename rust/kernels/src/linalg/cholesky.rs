//! `A = L L^H` for Hermitian positive definite matrices.
//!
//! Left to right by blocks of columns: what is known of the factor is taken from a block by
//! products, of the lower triangle alone, before it is factored (E. Anderson and others, "LAPACK
//! Users' Guide", 1999, section 3.4, the left-looking form). The factor's conjugate transpose is
//! written to the other triangle as it is made: there the products find it, row after row, and it
//! is the answer where the upper factor is asked for. Small real matrices are factored in lanes.
//! Only one triangle is read.

use super::cholesky_lanes;
use super::columns::Column;
use super::matmul::Update;
use super::solve::{Errors, Solvable, size_of_square};
use super::stack::MOST;
use crate::scalar::{Field, Real, Scalar};
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error, threads};
use ndarray::{Array2, ArrayView2, ArrayViewD, ArrayViewMut2, Axis, s};
use num_complex::Complex;
use std::ops::Range;

/// Columns that are factored one by one, and rows that are solved together.
const PANEL: usize = 8;
/// Columns that are brought up to date by one product, before they are factored.
const BLOCK: usize = 96;
/// Columns of a triangle that are updated together, the elements above them left out.
const BAND: usize = 32;

/// An element type whose positive definite matrices can be factored.
pub trait Definite: Solvable + Column {
    /// The factors of a stack in lanes, if this type has them; see [`cholesky_lanes::factor`].
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] only.
    fn factor_in_lanes(
        _n: usize,
        _upper: bool,
        _a: &[Self],
        _out: &mut [Self],
        _control: &Control,
    ) -> Result<Option<Vec<(usize, usize)>>, Error> {
        Ok(None)
    }
}

macro_rules! definite {
    ($($T:ty)+) => { $(impl Definite for $T {
        fn factor_in_lanes(
            n: usize, upper: bool, a: &[Self], out: &mut [Self], control: &Control,
        ) -> Result<Option<Vec<(usize, usize)>>, Error> {
            if n > MOST { return Ok(None); }
            cholesky_lanes::factor(n, upper, a, out, control).map(Some)
        }
    })+ };
}

definite!(f32 f64);

impl Definite for Complex<f32> {}
impl Definite for Complex<f64> {}

/// Writes the lower factor of each matrix of `a` to `out`, or the upper one, `L^H`, made from the
/// upper triangles.
///
/// # Errors
///
/// [`Error::NotPositiveDefinite`] where bad slices are to raise; [`Error::NotSquare`];
/// [`Error::Stopped`].
pub fn cholesky<T: Definite>(
    a: ArrayViewD<'_, T>,
    upper: bool,
    out: &mut [T],
    errors: Errors,
    control: &Control,
) -> Result<(), Error> {
    let n = size_of_square(a.shape())?;
    if out.is_empty() {
        return Ok(());
    }
    let single = a.ndim() == 2;
    let whole = a.as_standard_layout();
    let a = whole.as_slice().unwrap_or_default();
    let bad = match T::factor_in_lanes(n, upper, a, out, control)? {
        Some(bad) => bad,
        None => one_by_one(n, upper, a, out, control)?,
    };
    settle(n, &bad, out, errors, single)
}

/// As [`cholesky`], for one small real matrix in C order.
///
/// # Errors
///
/// [`Error::NotPositiveDefinite`] where that is to raise.
pub fn cholesky_alone<T: Real + Definite>(
    n: usize,
    upper: bool,
    a: &[T],
    out: &mut [T],
    errors: Errors,
    control: &Control,
) -> Result<(), Error> {
    settle(n, &cholesky_lanes::factor(n, upper, a, out, control)?, out, errors, true)
}

/// What becomes of the matrices that are not positive definite.
fn settle<T: Definite>(
    n: usize,
    bad: &[(usize, usize)],
    out: &mut [T],
    errors: Errors,
    single: bool,
) -> Result<(), Error> {
    if errors == Errors::Raise
        && let Some(&(_, column)) = bad.first()
    {
        let slices = if single { vec![] } else { bad.iter().map(|&(slice, _)| slice).collect() };
        return Err(Error::NotPositiveDefinite { slices, column });
    }
    for &(slice, _) in bad {
        out[slice * n * n..(slice + 1) * n * n].fill(T::nan());
    }
    Ok(())
}

/// Matrices too large for lanes: each is factored, a few at a time.
fn one_by_one<T: Definite>(
    n: usize,
    upper: bool,
    a: &[T],
    out: &mut [T],
    control: &Control,
) -> Result<Vec<(usize, usize)>, Error> {
    let found = threads::Found::default();
    threads::for_chunks(control, out, n * n, |slice, out| {
        let vanished = one(n, upper, &a[slice * n * n..(slice + 1) * n * n], out, control)?;
        found.add(vanished.map(|column| (slice, column)));
        Ok(())
    })?;
    Ok(found.in_order())
}

/// One matrix; returns the first column without a positive pivot, if there is one.
fn one<T: Definite>(
    n: usize,
    upper: bool,
    a: &[T],
    out: &mut [T],
    control: &Control,
) -> Result<Option<usize>, Error> {
    if upper {
        for (i, row) in out.chunks_exact_mut(n).enumerate() {
            row[..=i].iter_mut().enumerate().for_each(|(j, x)| *x = a[j * n + i].conj());
        }
    } else {
        for (i, (row, source)) in out.chunks_exact_mut(n).zip(a.chunks_exact(n)).enumerate() {
            row[..=i].copy_from_slice(&source[..=i]);
        }
    }
    if let Some(column) = by_blocks(out, n, control)? {
        return Ok(Some(column));
    }
    for (i, row) in out.chunks_exact_mut(n).enumerate() {
        if upper { &mut row[..i] } else { &mut row[i + 1..] }.fill(T::ZERO);
    }
    Ok(None)
}

/// Factors the lower triangle, and writes the conjugate transpose of the factor to the upper one.
fn by_blocks<T: Definite>(a: &mut [T], n: usize, control: &Control) -> Result<Option<usize>, Error> {
    for start in (0..n).step_by(BLOCK) {
        let end = (start + BLOCK).min(n);
        if start > 0 {
            for left in (start..end).step_by(BAND) {
                update(a, n, 0..start, left..(left + BAND).min(end), left..end, control)?;
            }
            update(a, n, 0..start, start..end, end..n, control)?;
        }
        for first in (start..end).step_by(PANEL) {
            let width = PANEL.min(end - first);
            update(a, n, start..first, first..first + width, first..n, control)?;
            if let Some(column) = dispatch(Panel { a, n, first, width }) {
                return Ok(Some(first + column));
            }
        }
        control.go_on()?;
    }
    Ok(None)
}

/// Subtracts from some rows of some columns what the `known` columns of the factor make there.
fn update<T: Definite>(
    a: &mut [T],
    n: usize,
    known: Range<usize>,
    columns: Range<usize>,
    rows: Range<usize>,
    control: &Control,
) -> Result<(), Error> {
    if known.is_empty() || rows.is_empty() {
        return Ok(());
    }
    let Ok(view) = ArrayViewMut2::from_shape((n, n), a) else { return Ok(()) };
    let (above, below) = view.split_at(Axis(0), rows.start);
    let (left, mut right) = below.split_at(Axis(1), columns.start);
    let height = rows.len();
    let (factor, turned) = (left.slice(s![..height, known.clone()]), above.slice(s![known, columns.clone()]));
    let target = right.slice_mut(s![..height, ..columns.len()]);
    T::product(factor, turned, target, Update::Subtract, control)
}

/// The conjugate transpose, in memory row after row.
pub(super) fn adjoint<T: Field>(a: ArrayView2<'_, T>) -> Array2<T> {
    let (m, n) = a.dim();
    let mut turned = vec![T::ZERO; m * n];
    for (i, row) in a.rows().into_iter().enumerate() {
        row.iter().zip(turned[i..].iter_mut().step_by(m)).for_each(|(x, place)| *place = x.conj());
    }
    Array2::from_shape_vec((n, m), turned).unwrap_or_default()
}

/// A few columns, factored in a copy by columns; then the rows below, some at a time.
struct Panel<'a, T> {
    a: &'a mut [T],
    n: usize,
    first: usize,
    width: usize,
}

impl<T: Definite> Kernel for Panel<'_, T> {
    /// The column without a positive pivot, if there is one.
    type Output = Option<usize>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Option<usize> {
        let (n, first, width) = (self.n, self.first, self.width);
        let (top, below) = self.a[first * n..].split_at_mut(width * n);
        let mut columns = [[T::ZERO; PANEL]; PANEL];
        for (i, row) in top.chunks_exact(n).enumerate() {
            for (column, &x) in columns.iter_mut().zip(&row[first..=first + i]) {
                column[i] = x;
            }
        }
        let mut inverses = [<T::Real as Scalar>::ONE; PANEL];
        for j in 0..width {
            let pivot = columns[j][j].re();
            if !(pivot > <T::Real as Scalar>::ZERO && pivot < <T::Real as Real>::INFINITY) {
                return Some(j);
            }
            inverses[j] = <T::Real as Scalar>::ONE / pivot.sqrt();
            eliminate(&mut columns[j..width], j, inverses[j]);
            columns[j][j] = T::from_real(pivot.sqrt());
        }
        for (i, row) in top.chunks_exact_mut(n).enumerate() {
            for (column, x) in columns.iter().zip(&mut row[first..=first + i]) {
                *x = column[i];
            }
            for (x, value) in row[first + i..first + width].iter_mut().zip(&columns[i][i..]) {
                *x = value.conj();
            }
        }
        for (group, rows) in below.chunks_mut(PANEL * n).enumerate() {
            let solved = solve_rows(isa, rows, n, first, (&columns, width), &inverses);
            let place = first + width + group * PANEL;
            for (line, solved) in top.chunks_exact_mut(n).zip(&solved) {
                for (x, value) in line[place..].iter_mut().zip(solved) {
                    *x = value.conj();
                }
            }
        }
        None
    }
}

/// Scales column `j`, the first of `columns`, and subtracts its multiples from those after it.
#[inline(always)]
fn eliminate<T: Definite>(columns: &mut [[T; PANEL]], j: usize, inverse: T::Real) {
    let Some((column, rest)) = columns.split_first_mut() else { return };
    for x in column.iter_mut() {
        *x *= T::from_real(inverse);
    }
    for (k, other) in rest.iter_mut().enumerate() {
        let factor = column[j + 1 + k].conj();
        // What is above the diagonal is not read.
        for i in 0..PANEL {
            other[i] -= column[i] * factor;
        }
    }
}

/// `x := x L^-H` for up to [`PANEL`] rows, side by side; returns the columns of what becomes of them.
#[inline(always)]
fn solve_rows<T: Definite, I: Isa>(
    isa: I,
    rows: &mut [T],
    n: usize,
    first: usize,
    (l, width): (&[[T; PANEL]; PANEL], usize),
    inverses: &[T::Real; PANEL],
) -> [[T; PANEL]; PANEL] {
    let mut x = [[T::ZERO; PANEL]; PANEL];
    for (r, row) in rows.chunks_exact(n).enumerate() {
        for (x, &value) in x.iter_mut().zip(&row[first..first + width]) {
            x[r] = value;
        }
    }
    // Columns that are not there are zeros: the loops have constant borders.
    for k in 0..PANEL {
        let mut column = x[k];
        for j in 0..k {
            let factor = -l[j][k].conj();
            for r in 0..PANEL {
                column[r] = T::multiply_add(isa, factor, x[j][r], column[r]);
            }
        }
        x[k] = column.map(|value| value.times(inverses[k]));
    }
    for (r, row) in rows.chunks_exact_mut(n).enumerate() {
        for (x, value) in x.iter().zip(&mut row[first..first + width]) {
            *value = x[r];
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;

    fn gram(n: usize) -> Array2<Complex<f64>> {
        let part = Array2::from_shape_fn((n, n), |(i, j)| Complex {
            re: ((3 * i + 5 * j * j) as f64).sin(),
            im: ((i * i + j) as f64).cos(),
        });
        part.dot(&adjoint(part.view())) + Array2::<Complex<f64>>::eye(n)
    }

    fn factor<T: Definite>(a: &Array2<T>, upper: bool) -> Result<Array2<T>, Error> {
        let mut out = vec![T::nan(); a.len()];
        cholesky(a.view().into_dyn(), upper, &mut out, Errors::Raise, &Control::default())?;
        Ok(Array2::from_shape_vec(a.dim(), out).unwrap())
    }

    const SIZES: [usize; 10] = [0, 1, 2, 8, 9, 17, 24, 64, 65, 150];

    #[test]
    fn factors_multiply_to_the_matrix_at_every_level() {
        at_every_level(|level| {
            for n in SIZES {
                let a = gram(n);
                let real = a.map(|z| z.re);
                for upper in [false, true] {
                    let l = factor(&a, upper).unwrap();
                    let other = adjoint(l.view());
                    let product = if upper { other.dot(&l) } else { l.dot(&other) };
                    assert!((product - &a).iter().all(|e| e.norm() < 1e-12 * n as f64), "{level:?} {n}");
                    let l = factor(&real, upper).unwrap();
                    let product = if upper { l.t().dot(&l) } else { l.dot(&l.t()) };
                    assert!((product - &real).iter().all(|e| e.abs() < 1e-12 * n as f64), "{level:?} {n}");
                    let outside = |(i, j): (usize, usize)| if upper { i > j } else { i < j };
                    assert!(l.indexed_iter().all(|(place, &x)| !outside(place) || x == 0.0));
                }
            }
        });
    }

    #[test]
    fn the_first_column_without_a_positive_pivot_is_named() {
        for n in [3, 20, 100] {
            let mut a = gram(n).map(|z| z.re);
            a[(n - 2, n - 2)] = -1.0;
            let expected = Error::NotPositiveDefinite { slices: vec![], column: n - 2 };
            assert_eq!(factor(&a, false).unwrap_err(), expected);
            a[(0, 0)] = f64::NAN;
            let expected = Error::NotPositiveDefinite { slices: vec![], column: 0 };
            assert_eq!(factor(&a, true).unwrap_err(), expected);
        }
    }
}
