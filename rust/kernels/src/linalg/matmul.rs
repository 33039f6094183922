//! The matrix product, blocked for the caches.
//!
//! ```text
//! for each block of k:            pack b's rows into panels           (level 3 cache)
//!   for each block of m:          pack a's rows into panels           (level 2 cache)
//!     for each panel of b:                                            (level 1 cache)
//!       for each panel of a:      a tile of c                         (registers)
//! ```
//!
//! The sum over k is cut at places that depend on the shape alone, so the bits do not depend
//! on the number of threads, which share the blocks of m.

use super::few::times_few;
use super::gram::gram;
use super::in_place::{NARROW, THIN, in_place, thin};
use super::microkernel::{self, MOST_COLUMNS, Target};
use super::pack;
use super::vector::times_vector;
use crate::scalar::Real;
use crate::simd::{Isa, Kernel, Lanes, Level, dispatch};
use crate::{Control, Error, threads};
use ndarray::{ArrayView2, ArrayViewMut2, Axis, s};
use std::marker::PhantomData;

pub use super::microkernel::Update;

/// Elements of k that are summed before the result is touched: a panel of b stays in the
/// level 1 cache.
pub(super) const DEPTH: usize = 256;
/// Rows of a that are packed at a time: with `DEPTH` they fill half of the level 2 cache.
const HEIGHT: usize = 192;
/// A multiple of every tile's height.
pub(super) const TILES: usize = 24;
/// Panels of b that a thread packs at a time.
const PANELS: usize = 16;
/// Columns of b that are packed at a time.
const WIDTH: usize = 4080;

/// About how many nanoseconds the product of m x k and k x n will take on one thread.
pub fn matmul_cost(m: usize, k: usize, n: usize) -> usize {
    m.saturating_mul(k).saturating_mul(n) / 16
}

/// `c = a b`, `c += a b` or `c -= a b`, for any strides.
///
/// The caller has checked that the shapes fit.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn product<T: Real>(
    a: ArrayView2<'_, T>,
    b: ArrayView2<'_, T>,
    mut c: ArrayViewMut2<'_, T>,
    update: Update,
    control: &Control,
) -> Result<(), Error> {
    debug_assert_eq!((a.nrows(), a.ncols(), b.ncols()), (c.nrows(), b.nrows(), c.ncols()));
    let (m, n) = c.dim();
    if m == 0 || n == 0 {
        return Ok(());
    }
    if a.ncols() == 0 {
        if update == Update::Assign {
            c.fill(T::ZERO);
        }
        return Ok(());
    }
    if n == 1 && times_vector(a, b.index_axis(Axis(1), 0), c.index_axis_mut(Axis(1), 0), update, control)? {
        return Ok(());
    }
    let (b_columns, a_row) = (b.reversed_axes(), a.index_axis(Axis(0), 0));
    if m == 1 && times_vector(b_columns, a_row, c.index_axis_mut(Axis(0), 0), update, control)? {
        return Ok(());
    }
    if update == Update::Assign && gram(a, b, c.view_mut(), control, product)? {
        return Ok(());
    }
    if times_few(a, b, c.view_mut(), update, control)?
        || times_few(b.reversed_axes(), a.reversed_axes(), c.view_mut().reversed_axes(), update, control)?
    {
        return Ok(());
    }
    let by_rows = n == 1 || c.strides()[1] == 1;
    let by_columns = m == 1 || c.strides()[0] == 1;
    if by_rows {
        blocked(a, b, c, update, control)
    } else if by_columns {
        blocked(b.reversed_axes(), a.reversed_axes(), c.reversed_axes(), update, control)
    } else {
        let mut copy = c.to_owned();
        blocked(a, b, copy.view_mut(), update, control)?;
        c.assign(&copy);
        Ok(())
    }
}

/// The product for a result whose rows lie in memory one by one.
fn blocked<T: Real>(
    a: ArrayView2<'_, T>,
    b: ArrayView2<'_, T>,
    mut c: ArrayViewMut2<'_, T>,
    update: Update,
    control: &Control,
) -> Result<(), Error> {
    let ((m, k), n) = (a.dim(), b.ncols());
    let depth = even(k, DEPTH);
    if n > NARROW && m <= THIN && b.strides()[1] == 1 {
        return thin(a, b, c, update, control);
    }
    if n <= NARROW {
        // Cut like all others: one long sum of float32 would lose half its digits.
        return (0..k).step_by(depth).try_for_each(|top| {
            let bottom = (top + depth).min(k);
            let update = if top == 0 || update == Update::Subtract { update } else { Update::Add };
            let (a, b) = (a.slice(s![.., top..bottom]), b.slice(s![top..bottom, ..]));
            in_place(a, b, c.view_mut(), update, control)
        });
    }
    let width = b.ncols().min(WIDTH).next_multiple_of(MOST_COLUMNS);
    T::with_buffer(depth * width, |panels| {
        for left in (0..b.ncols()).step_by(WIDTH) {
            let right = (left + WIDTH).min(b.ncols());
            let mut c = c.slice_mut(s![.., left..right]);
            for top in (0..a.ncols()).step_by(depth) {
                let bottom = (top + depth).min(a.ncols());
                let update = if top == 0 || update == Update::Subtract { update } else { Update::Add };
                let panels = packed(b.slice(s![top..bottom, left..right]), panels, control)?;
                let a = a.slice(s![.., top..bottom]);
                rows_in_turn(a, panels, c.view_mut(), update, control)?;
            }
        }
        Ok(())
    })
}

/// b, packed into panels once for all blocks of rows, several panels at a time by each thread.
fn packed<'a, T: Real>(
    b: ArrayView2<'_, T>,
    panels: &'a mut [T],
    control: &Control,
) -> Result<&'a [T], Error> {
    let (depth, n) = b.dim();
    let width = dispatch(PanelWidth(PhantomData::<T>));
    let panels = &mut panels[..n.next_multiple_of(width) * depth];
    threads::for_chunks(control, panels, PANELS * width * depth, |index, panels| {
        let left = index * PANELS * width;
        let b = b.slice(s![.., left..(left + PANELS * width).min(n)]);
        dispatch(PackColumns { b, width, panels });
        Ok(())
    })?;
    Ok(panels)
}

/// Blocks of a's rows, shared by the threads, times the whole of packed b.
fn rows_in_turn<T: Real>(
    a: ArrayView2<'_, T>,
    panels: &[T],
    c: ArrayViewMut2<'_, T>,
    update: Update,
    control: &Control,
) -> Result<(), Error> {
    let (m, _) = a.dim();
    if m <= HEIGHT {
        dispatch(Block { a, panels, c, update });
        return control.go_on();
    }
    // As many for each of two or four threads, and nearly equal ones.
    let count = m.div_ceil(HEIGHT).next_multiple_of(4);
    let tiles = m.div_ceil(TILES);
    let (mut blocks, mut left, mut target) = (Vec::with_capacity(count), a, c);
    for index in 1..=count {
        let height = (index * tiles / count - (index - 1) * tiles / count) * TILES;
        let (block, rest) = left.split_at(Axis(0), height.min(left.nrows()));
        let (result, below) = target.split_at(Axis(0), block.nrows());
        blocks.push((block, result));
        (left, target) = (rest, below);
    }
    threads::for_each(control, blocks, |(a, c)| {
        dispatch(Block { a, panels, c, update });
        Ok(())
    })
}

/// A block length of at most `most` that cuts `length` into nearly equal parts.
fn even(length: usize, most: usize) -> usize {
    let parts = length.div_ceil(most).max(1);
    length.div_ceil(parts).next_multiple_of(8).min(length.max(1))
}

/// How wide a panel of b is.
struct PanelWidth<T>(PhantomData<T>);

impl<T: Real> Kernel for PanelWidth<T> {
    type Output = usize;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) -> usize {
        microkernel::tile::<I>().1 * T::Lanes::<I>::COUNT
    }
}

/// Some columns of b, packed.
struct PackColumns<'a, T> {
    b: ArrayView2<'a, T>,
    width: usize,
    panels: &'a mut [T],
}

impl<T: Real> Kernel for PackColumns<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        pack::columns(isa, self.b, self.width, self.panels);
    }
}

/// Some rows of a times the whole of packed b.
struct Block<'a, T> {
    a: ArrayView2<'a, T>,
    panels: &'a [T],
    c: ArrayViewMut2<'a, T>,
    update: Update,
}

impl<T: Real> Kernel for Block<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        // Constant conditions: no level has the tiles of another compiled for it.
        if const { matches!(I::LEVEL, Level::Avx512) } {
            self.by_tiles::<I, 8, 3>(isa);
        } else if const { matches!(I::LEVEL, Level::Avx2) } {
            self.by_tiles::<I, 6, 2>(isa);
        } else {
            self.by_tiles::<I, 4, 1>(isa);
        }
    }
}

impl<T: Real> Block<'_, T> {
    #[inline(always)]
    fn by_tiles<I: Isa, const M: usize, const V: usize>(self, isa: I) {
        let width = V * T::Lanes::<I>::COUNT;
        let (m, depth) = self.a.dim();
        T::with_buffer(m.next_multiple_of(M) * depth, |rows| {
            pack::rows(isa, self.a, M, rows);
            self.multiply_packed::<I, M, V>(isa, rows, width, depth);
        });
    }

    #[inline(always)]
    fn multiply_packed<I: Isa, const M: usize, const V: usize>(
        self,
        isa: I,
        rows: &[T],
        width: usize,
        depth: usize,
    ) {
        let Some(mut c) = Target::new(self.c) else { return };
        for (j, b) in self.panels.chunks_exact(width * depth).enumerate() {
            for (i, a) in rows.chunks_exact(M * depth).enumerate() {
                let corner = (i * M, j * width);
                microkernel::multiply::<T, I, M, V>(isa, a, b, &mut c, corner, self.update);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;
    use ndarray::Array2;

    fn wave<T: Real>(m: usize, n: usize) -> Array2<T> {
        Array2::from_shape_fn((m, n), |(i, j)| T::from_f64(((3 * i + 7 * j) as f64).sin()))
    }

    /// The definition, in twice the precision of what is tested.
    fn naive<T: Real>(a: ArrayView2<'_, T>, b: ArrayView2<'_, T>) -> Array2<f64> {
        Array2::from_shape_fn((a.nrows(), b.ncols()), |(i, j)| {
            (0..a.ncols()).map(|p| a[(i, p)].to_f64() * b[(p, j)].to_f64()).sum()
        })
    }

    fn check<T: Real>(m: usize, k: usize, n: usize, update: Update) {
        let (a, b, mut c) = (wave::<T>(m, k), wave::<T>(k, n), wave::<T>(m, n));
        let before = c.mapv(Real::to_f64);
        let sum = naive(a.view(), b.view());
        let expected = match update {
            Update::Assign => sum,
            Update::Add => before + sum,
            Update::Subtract => before - sum,
        };
        product(a.view(), b.view(), c.view_mut(), update, &Control::default()).unwrap();
        let tolerance = 4.0 * T::EPSILON.to_f64() * (k as f64 + 1.0);
        for (got, expected) in c.iter().zip(&expected) {
            assert!((got.to_f64() - expected).abs() <= tolerance, "{m} x {k} x {n}, {update:?}");
        }
    }

    const SHAPES: [(usize, usize, usize); 21] = [
        (0, 3, 2),
        (2, 0, 3),
        (1, 1, 1),
        (2, 3, 4),
        (6, 8, 8),
        (7, 9, 17),
        (5, 300, 3),
        (64, 64, 64),
        (65, 257, 33),
        (200, 31, 100),
        (1, 500, 100),
        (100, 500, 1),
        (193, 10, 49),
        (300, 520, 8),
        (8, 70, 1050),
        (2, 300, 600),
        (3, 40, 200),
        (70, 600, 3),
        (5, 530, 5),
        (13, 33, 530),
        (150, 300, 130),
    ];

    #[test]
    fn product_matches_the_definition_at_every_level() {
        at_every_level(|_| {
            for (m, k, n) in SHAPES {
                for update in [Update::Assign, Update::Add, Update::Subtract] {
                    check::<f64>(m, k, n, update);
                    check::<f32>(m, k, n, update);
                }
            }
        });
    }

    #[test]
    fn any_strides_are_read_and_written() {
        let (a, b) = (wave::<f64>(40, 60), wave::<f64>(60, 50));
        let expected = naive(a.slice(s![..;2, ..;3]), b.slice(s![..;3, ..;2]));
        let mut space = Array2::<f64>::zeros((40, 75));
        let (left, right, control) = (a.slice(s![..;2, ..;3]), b.slice(s![..;3, ..;2]), Control::default());
        product(left, right, space.slice_mut(s![..20, ..25]), Update::Assign, &control).unwrap();
        assert!((&space.slice(s![..20, ..25]) - &expected).iter().all(|e| e.abs() < 1e-12));
        assert!(space.slice(s![20.., ..]).iter().chain(space.slice(s![.., 25..]).iter()).all(|&x| x == 0.0));
        let mut turned = Array2::<f64>::zeros((25, 20));
        let (a, b) = (a.slice(s![..;2, ..;3]), b.slice(s![..;3, ..;2]));
        product(a, b, turned.view_mut().reversed_axes(), Update::Assign, &Control::default()).unwrap();
        assert!((&turned.t() - &expected).iter().all(|e| e.abs() < 1e-12));
        let mut sparse = Array2::<f64>::zeros((40, 75));
        product(a, b, sparse.slice_mut(s![..;2, ..;3]), Update::Assign, &Control::default()).unwrap();
        assert!((&sparse.slice(s![..;2, ..;3]) - &expected).iter().all(|e| e.abs() < 1e-12));
    }

    #[test]
    fn bits_do_not_depend_on_the_number_of_threads() {
        let a = wave::<f64>(501, 600);
        let b = a.t().to_owned();
        let with = |count| {
            let mut c = Array2::zeros((501, 501));
            threads::with_threads(count, || {
                product(a.view(), b.view(), c.view_mut(), Update::Assign, &Control::default())
            })
            .unwrap();
            c
        };
        at_every_level(|_| {
            let once = with(1);
            for count in [2, 3, 8] {
                assert_eq!(once, with(count));
            }
        });
    }
}
