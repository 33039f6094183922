//! A matrix times a few long columns: inner products, several rows and two columns at a time.

use super::microkernel::Update;
use crate::scalar::Real;
use crate::simd::{Isa, Kernel, Lanes, dispatch};
use crate::{Control, Error, threads};
use ndarray::{ArrayView2, ArrayViewMut2, Axis};

/// The most columns.
const MOST: usize = 16;
/// Elements of a row below which folding the registers costs too much.
const LONG: usize = 256;
/// Elements that are summed in registers before they are added to what came before: the rows'
/// pieces stay in the level 1 cache while all columns are multiplied with them.
const PIECE: usize = 512;
/// Rows that are read together.
const ROWS: usize = 4;
/// Elements of the matrix that are one piece of work for a thread.
const SHARE: usize = 1 << 16;
/// Bytes of a tile's row: as many columns as fill it are multiplied faster where they lie.
const TILE: usize = 64;

/// `c = a b`, `c += a b` or `c -= a b`, where the rows of `a` are long slices of memory and `b`
/// has a few columns; else nothing is done and the answer is `false`.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn times_few<T: Real>(
    a: ArrayView2<'_, T>,
    b: ArrayView2<'_, T>,
    mut c: ArrayViewMut2<'_, T>,
    update: Update,
    control: &Control,
) -> Result<bool, Error> {
    let ((m, k), n) = (a.dim(), b.ncols());
    let tiles = (n * size_of::<T>()).is_multiple_of(TILE) && b.strides()[1] == 1;
    if n > MOST || k < LONG || m < n || a.strides()[1] != 1 || tiles {
        return Ok(false);
    }
    T::with_buffer(n * k, |columns| {
        for (column, place) in b.columns().into_iter().zip(columns.chunks_exact_mut(k)) {
            place.iter_mut().zip(column).for_each(|(place, &x)| *place = x);
        }
        let columns = &*columns;
        let height = (SHARE / k).max(1).next_multiple_of(ROWS);
        let blocks = a.axis_chunks_iter(Axis(0), height).zip(c.axis_chunks_iter_mut(Axis(0), height));
        threads::for_each(control, blocks.collect(), |(a, c)| {
            dispatch(Few { a, columns, c, update });
            Ok(())
        })
    })?;
    Ok(true)
}

/// Some rows times all columns, which lie one after the other.
struct Few<'a, T> {
    a: ArrayView2<'a, T>,
    columns: &'a [T],
    c: ArrayViewMut2<'a, T>,
    update: Update,
}

impl<T: Real> Kernel for Few<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(mut self, isa: I) {
        let ((m, k), n) = (self.a.dim(), self.c.ncols());
        for top in (0..m).step_by(ROWS) {
            // Past the last row the last is read again.
            let rows: [&[T]; ROWS] = std::array::from_fn(|i| {
                self.a.index_axis(Axis(0), (top + i).min(m - 1)).to_slice().unwrap_or_default()
            });
            let mut totals = [[T::ZERO; MOST + 1]; ROWS];
            for start in (0..k).step_by(PIECE) {
                let end = (start + PIECE).min(k);
                let rows = rows.map(|row| &row[start..end]);
                for j in (0..n).step_by(2) {
                    let column = |j: usize| &self.columns[j * k + start..j * k + end];
                    let sums = pairs(isa, rows, [column(j), column((j + 1).min(n - 1))]);
                    for (total, sums) in totals.iter_mut().zip(sums) {
                        total[j] += sums[0];
                        total[j + 1] += sums[1];
                    }
                }
            }
            for (mut row, total) in self.c.rows_mut().into_iter().skip(top).zip(&totals) {
                for (c, &sum) in row.iter_mut().zip(total) {
                    match self.update {
                        Update::Assign => *c = sum,
                        Update::Add => *c += sum,
                        Update::Subtract => *c -= sum,
                    }
                }
            }
        }
    }
}

/// The inner products of each row with each of two columns.
#[inline(always)]
fn pairs<T: Real, I: Isa>(isa: I, rows: [&[T]; ROWS], columns: [&[T]; 2]) -> [[T; 2]; ROWS] {
    let count = T::Lanes::<I>::COUNT;
    let length = columns[0].len();
    let (rows, columns) = (rows.map(|row| &row[..length]), columns.map(|column| &column[..length]));
    let whole = length / count * count;
    let mut sums = [[isa.splat(T::ZERO); 2]; ROWS];
    for place in (0..whole).step_by(count) {
        let x = [isa.load(&columns[0][place..place + count]), isa.load(&columns[1][place..place + count])];
        for i in 0..ROWS {
            let a = isa.load(&rows[i][place..place + count]);
            for j in 0..2 {
                sums[i][j] = a.mul_add(x[j], sums[i][j]);
            }
        }
    }
    std::array::from_fn(|i| {
        std::array::from_fn(|j| {
            let rest = rows[i][whole..].iter().zip(&columns[j][whole..]);
            sums[i][j].sum() + rest.fold(T::ZERO, |sum, (&a, &x)| isa.mul_add(a, x, sum))
        })
    })
}
