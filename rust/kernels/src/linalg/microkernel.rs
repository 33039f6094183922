//! The innermost loop of the product: a tile of the result, held in registers.
//!
//! ```text
//!              V registers of b's row p
//!             [ b b b b ][ b b b b ]
//!   a(0, p)   [ c c c c ][ c c c c ]
//!   a(1, p)   [ c c c c ][ c c c c ]     c += a(i, p) * b(p, :)   for p in 0..k
//!    …
//! ```
//!
//! F. G. Van Zee and R. A. van de Geijn, "BLIS: A framework for rapidly instantiating BLAS
//! functionality", ACM Trans. Math. Softw. 41, 2015.

use crate::scalar::Real;
use crate::simd::{Isa, Lanes, Level};
use ndarray::ArrayViewMut2;
use std::marker::PhantomData;

/// The most columns that a tile has at any level.
pub const MOST_COLUMNS: usize = 48;

/// Rows of a tile and registers in each of its rows: as many as the registers hold.
pub const fn tile<I: Isa>() -> (usize, usize) {
    match I::LEVEL {
        // 32 registers: 24 sums, three of b, one of a.
        Level::Avx512 => (8, 3),
        // 16 registers: 12 sums, two of b, one or two of a.
        Level::Avx2 => (6, 2),
        Level::Baseline => (4, 1),
    }
}

/// How a product changes what it is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// `c = a b`.
    Assign,
    /// `c += a b`.
    Add,
    /// `c -= a b`.
    Subtract,
}

/// A result whose rows are slices of memory, `stride` elements apart.
pub struct Target<'a, T> {
    start: *mut T,
    stride: usize,
    rows: usize,
    columns: usize,
    view: PhantomData<ArrayViewMut2<'a, T>>,
}

impl<'a, T> Target<'a, T> {
    /// The rows of `view`, or `None` where their elements do not lie side by side.
    #[inline(always)]
    pub fn new(mut view: ArrayViewMut2<'a, T>) -> Option<Self> {
        let (rows, columns) = view.dim();
        if columns > 1 && view.strides()[1] != 1 {
            return None;
        }
        let stride = usize::try_from(view.strides()[0]).ok()?;
        Some(Self { start: view.as_mut_ptr(), stride, rows, columns, view: PhantomData })
    }

    /// `length` elements of row `i`, from `first` on.
    #[inline(always)]
    fn row(&mut self, i: usize, first: usize, length: usize) -> &mut [T] {
        assert!(i < self.rows && first + length <= self.columns, "a tile lies inside of its target");
        // SAFETY: the row is one of the view's, which is borrowed for 'a and has these strides;
        // the elements lie inside of the row, by the assertion.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(i * self.stride + first), length) }
    }
}

/// Multiplies packed panels: `a` holds columns of `M` elements, `b` rows of `V` registers.
///
/// The tile's corner is at (`top`, `left`) of `c`; what lies outside of `c` is not written.
#[inline(always)]
pub fn multiply<T: Real, I: Isa, const M: usize, const V: usize>(
    isa: I,
    a: &[T],
    b: &[T],
    c: &mut Target<'_, T>,
    (top, left): (usize, usize),
    update: Update,
) {
    let count = T::Lanes::<I>::COUNT;
    let width = V * count;
    let mut sums = [[isa.splat(T::ZERO); V]; M];
    for (a, b) in a.chunks_exact(M).zip(b.chunks_exact(width)) {
        let mut row = [isa.splat(T::ZERO); V];
        for v in 0..V {
            row[v] = isa.load(&b[v * count..]);
        }
        for i in 0..M {
            let a = isa.splat(a[i]);
            for v in 0..V {
                sums[i][v] = a.mul_add(row[v], sums[i][v]);
            }
        }
    }
    let (rows, columns) = (M.min(c.rows - top), width.min(c.columns - left));
    if rows < M || columns < width {
        // The sums go to memory first: an index that is not a constant would keep them there
        // all the time.
        let mut tile = [[T::ZERO; MOST_COLUMNS]; M];
        for i in 0..M {
            for v in 0..V {
                sums[i][v].store(&mut tile[i][v * count..]);
            }
        }
        return edge(&tile, c, (top, left), (rows, columns), update);
    }
    for i in 0..M {
        let target = c.row(top + i, left, width);
        for v in 0..V {
            let target = &mut target[v * count..];
            match update {
                Update::Assign => sums[i][v],
                Update::Add => isa.load(target) + sums[i][v],
                Update::Subtract => isa.load(target) - sums[i][v],
            }
            .store(target);
        }
    }
}

/// Writes the part of a tile that lies inside of `c`.
#[inline(always)]
fn edge<T: Real>(
    tile: &[[T; MOST_COLUMNS]],
    c: &mut Target<'_, T>,
    (top, left): (usize, usize),
    (rows, columns): (usize, usize),
    update: Update,
) {
    for (i, line) in tile.iter().enumerate().take(rows) {
        for (target, &sum) in c.row(top + i, left, columns).iter_mut().zip(line) {
            match update {
                Update::Assign => *target = sum,
                Update::Add => *target += sum,
                Update::Subtract => *target -= sum,
            }
        }
    }
}
