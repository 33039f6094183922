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
use ndarray::{ArrayView2, ArrayViewMut2};
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
    pub fn row(&mut self, i: usize, first: usize, length: usize) -> &mut [T] {
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
    let mut sums = [[isa.splat(T::ZERO); V]; M];
    accumulate::<T, I, M, V>(isa, a, b, &mut sums);
    write::<T, I, M, V>(isa, &sums, c, (top, left), update);
}

/// Adds the product of packed panels to the sums of a tile.
#[inline(always)]
pub fn accumulate<T: Real, I: Isa, const M: usize, const V: usize>(
    isa: I,
    a: &[T],
    b: &[T],
    sums: &mut [[T::Lanes<I>; V]; M],
) {
    let count = T::Lanes::<I>::COUNT;
    let width = V * count;
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
}

/// A left operand that is read where it lies, in any layout.
pub struct Left<'a, T> {
    start: *const T,
    strides: [isize; 2],
    rows: usize,
    depth: usize,
    view: PhantomData<&'a T>,
}

impl<'a, T> Left<'a, T> {
    /// All of `view`.
    #[inline(always)]
    pub fn new(view: ArrayView2<'a, T>) -> Self {
        let strides = [view.strides()[0], view.strides()[1]];
        let (rows, depth) = view.dim();
        Self { start: view.as_ptr(), strides, rows, depth, view: PhantomData }
    }
}

/// A right operand whose rows are slices of memory, `stride` elements apart.
pub struct Right<'a, T> {
    start: *const T,
    stride: isize,
    depth: usize,
    columns: usize,
    view: PhantomData<&'a T>,
}

impl<'a, T> Right<'a, T> {
    /// The rows of `view`, whose elements must lie side by side.
    #[inline(always)]
    pub fn new(view: ArrayView2<'a, T>) -> Self {
        let (depth, columns) = view.dim();
        assert!(columns <= 1 || view.strides()[1] == 1, "the rows are slices");
        Self { start: view.as_ptr(), stride: view.strides()[0], depth, columns, view: PhantomData }
    }

    /// One packed panel.
    #[inline(always)]
    pub fn packed(panel: &'a [T], columns: usize) -> Self {
        let (stride, depth) = (columns as isize, panel.len() / columns);
        Self { start: panel.as_ptr(), stride, depth, columns, view: PhantomData }
    }
}

/// As [`multiply`], but of operands that lie as they came: columns of `b` from `first` on.
#[inline(always)]
pub fn multiply_in_place<T: Real, I: Isa, const M: usize, const V: usize>(
    isa: I,
    a: &Left<'_, T>,
    (b, first): (&Right<'_, T>, usize),
    c: &mut Target<'_, T>,
    (top, left): (usize, usize),
    update: Update,
) {
    let count = T::Lanes::<I>::COUNT;
    let width = V * count;
    assert!(top < a.rows && a.depth <= b.depth && first + width <= b.columns, "the tile is inside");
    let mut sums = [[isa.splat(T::ZERO); V]; M];
    // Rows below the last are read as the last, and what comes of them is not written.
    let mut rows: [*const T; M] = std::array::from_fn(|i| {
        let row = (top + i).min(a.rows - 1);
        // SAFETY: the row is one of the view's, which has these strides.
        unsafe { a.start.offset(row as isize * a.strides[0]) }
    });
    for p in 0..a.depth {
        // SAFETY: part of row `p` of the right operand, by the assertion.
        let line =
            unsafe { std::slice::from_raw_parts(b.start.offset(p as isize * b.stride).add(first), width) };
        let mut row = [isa.splat(T::ZERO); V];
        for v in 0..V {
            row[v] = isa.load(&line[v * count..]);
        }
        for i in 0..M {
            // SAFETY: element (i, p) of the view; `p` is less than its number of columns.
            let a_ip = isa.splat(unsafe { *rows[i] });
            for v in 0..V {
                sums[i][v] = a_ip.mul_add(row[v], sums[i][v]);
            }
            // One past the last column is never read.
            rows[i] = rows[i].wrapping_offset(a.strides[1]);
        }
    }
    write::<T, I, M, V>(isa, &sums, c, (top, left), update);
}

/// Writes a tile, or as much of it as lies inside of `c`.
#[inline(always)]
fn write<T: Real, I: Isa, const M: usize, const V: usize>(
    isa: I,
    sums: &[[T::Lanes<I>; V]; M],
    c: &mut Target<'_, T>,
    (top, left): (usize, usize),
    update: Update,
) {
    let count = T::Lanes::<I>::COUNT;
    let width = V * count;
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
