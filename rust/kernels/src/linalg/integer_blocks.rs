//! Products of integers by products of their digits, packed and blocked as those of reals.

use super::digits::{Digit, Digits, Plan};
use super::integer::Integer;
use super::matmul::TILES;
use super::microkernel::{self, MOST_COLUMNS, Target};
use super::pack;
use crate::simd::{Isa, Kernel, Lanes, Level, dispatch};
use crate::{Control, Error, threads};
use ndarray::{ArrayView2, ArrayViewMut2, Axis, s};

/// Rows of digits of a that are packed at a time: they fill half of the level 2 cache.
const HEIGHT: usize = 192;
/// Columns of b that are packed at a time.
const WIDTH: usize = 2016;
/// Columns of b that a thread packs at a time: a multiple of every tile's width.
const CHUNK: usize = 144;

/// `c = a b`, for a result whose rows are slices of memory.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn product_of_digits<T: Integer, R: Digit>(
    a: ArrayView2<'_, T>,
    b: ArrayView2<'_, T>,
    mut c: ArrayViewMut2<'_, T>,
    plan: Plan,
    control: &Control,
) -> Result<(), Error> {
    let (k, n) = b.dim();
    let space = n.min(WIDTH).next_multiple_of(CHUNK) * plan.depth.min(k) * plan.right.count;
    R::with_buffer(space, |buffer| {
        for left in (0..n).step_by(WIDTH) {
            let right = (left + WIDTH).min(n);
            for top in (0..k).step_by(plan.depth) {
                let bottom = (top + plan.depth).min(k);
                let size = CHUNK * (bottom - top) * plan.right.count;
                let chunks = &mut buffer[..(right - left).div_ceil(CHUNK) * size];
                threads::for_chunks(control, chunks, size, |index, panels| {
                    let left = left + index * CHUNK;
                    let b = b.slice(s![top..bottom, left..(left + CHUNK).min(right)]);
                    dispatch(PackColumns { b, digits: plan.right, panels });
                    Ok(())
                })?;
                let (a, c) = (a.slice(s![.., top..bottom]), c.slice_mut(s![.., left..right]));
                rows_in_turn(a, chunks, c, (plan, top == 0), control)?;
            }
        }
        Ok(())
    })
}

/// Blocks of a's rows, shared by the threads, times the whole of packed b.
fn rows_in_turn<T: Integer, R: Digit>(
    a: ArrayView2<'_, T>,
    panels: &[R],
    mut c: ArrayViewMut2<'_, T>,
    (plan, first): (Plan, bool),
    control: &Control,
) -> Result<(), Error> {
    let most = HEIGHT / plan.left.count / TILES * TILES;
    let count = a.nrows().div_ceil(most);
    let height = a.nrows().div_ceil(count).next_multiple_of(TILES);
    let blocks = a.axis_chunks_iter(Axis(0), height).zip(c.axis_chunks_iter_mut(Axis(0), height));
    threads::for_each(control, blocks.collect(), |(a, c)| {
        dispatch(Block { a, panels, c, plan, first });
        Ok(())
    })
}

/// One digit of every number of a matrix, in C order.
#[inline(always)]
fn split<T: Integer, R: Digit>(x: ArrayView2<'_, T>, digits: Digits, part: usize, target: &mut [R]) {
    for (row, target) in x.rows().into_iter().zip(target.chunks_exact_mut(x.ncols())) {
        match row.to_slice() {
            Some(row) => digits.split(part, row.iter().map(|x| x.to_bits()), target),
            None => digits.split(part, row.iter().map(|x| x.to_bits()), target),
        }
    }
}

/// Some columns of b, packed: the panels of each digit after those of the one before.
struct PackColumns<'a, T, R> {
    b: ArrayView2<'a, T>,
    digits: Digits,
    panels: &'a mut [R],
}

impl<T: Integer, R: Digit> Kernel for PackColumns<'_, T, R> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let width = microkernel::tile::<I>().1 * R::Lanes::<I>::COUNT;
        let size = self.panels.len() / self.digits.count;
        R::with_buffer(self.b.len(), |digits| {
            for (part, panels) in self.panels.chunks_exact_mut(size).enumerate() {
                split(self.b, self.digits, part, digits);
                if let Ok(digits) = ArrayView2::from_shape(self.b.dim(), &*digits) {
                    pack::columns(isa, digits, width, panels);
                }
            }
        });
    }
}

/// Some rows of a times the whole of packed b.
struct Block<'a, T, R> {
    a: ArrayView2<'a, T>,
    panels: &'a [R],
    c: ArrayViewMut2<'a, T>,
    plan: Plan,
    /// Whether the sums are the first, which the result is set to.
    first: bool,
}

impl<T: Integer, R: Digit> Kernel for Block<'_, T, R> {
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

impl<T: Integer, R: Digit> Block<'_, T, R> {
    #[inline(always)]
    fn by_tiles<I: Isa, const M: usize, const V: usize>(self, isa: I) {
        let (m, depth) = self.a.dim();
        let size = m.next_multiple_of(M) * depth;
        R::with_buffer(size * self.plan.left.count, |rows| {
            R::with_buffer(m * depth, |digits| {
                for (part, rows) in rows.chunks_exact_mut(size).enumerate() {
                    split(self.a, self.plan.left, part, digits);
                    if let Ok(digits) = ArrayView2::from_shape((m, depth), &*digits) {
                        pack::rows(isa, digits, M, rows);
                    }
                }
            });
            self.multiply_packed::<I, M, V>(isa, rows, size);
        });
    }

    #[inline(always)]
    fn multiply_packed<I: Isa, const M: usize, const V: usize>(self, isa: I, rows: &[R], size: usize) {
        let (count, plan) = (R::Lanes::<I>::COUNT, self.plan);
        let (depth, width) = (self.a.ncols(), V * count);
        let ((m, n), chunk) = (self.c.dim(), CHUNK * depth);
        let Some(mut c) = Target::new(self.c) else { return };
        for left in (0..n).step_by(width) {
            // The panel's place in its chunk, which holds one digit after the other.
            let panels = &self.panels[left / CHUNK * chunk * plan.right.count..];
            let place = left % CHUNK * depth;
            for top in (0..m).step_by(M) {
                for sum in 0..plan.sums {
                    let mut sums = [[isa.splat(R::ZERO); V]; M];
                    for (i, j) in plan.pairs(sum) {
                        let a = &rows[i * size + top * depth..][..M * depth];
                        let b = &panels[j * chunk + place..][..width * depth];
                        microkernel::accumulate::<R, I, M, V>(isa, a, b, &mut sums);
                    }
                    let mut tile = [[R::ZERO; MOST_COLUMNS]; M];
                    for i in 0..M {
                        for v in 0..V {
                            sums[i][v].store(&mut tile[i][v * count..]);
                        }
                    }
                    let columns = width.min(n - left);
                    for (i, tile) in tile.iter().enumerate().take(m - top) {
                        let fresh = self.first && sum == 0;
                        put(c.row(top + i, left, columns), &tile[..columns], plan.shift(sum), fresh);
                    }
                }
            }
        }
    }
}

/// Adds a row of sums to the result, at their place.
#[inline(always)]
fn put<T: Integer, R: Digit>(c: &mut [T], sums: &[R], shift: u32, fresh: bool) {
    if fresh {
        for (c, sum) in c.iter_mut().zip(sums) {
            *c = T::from_bits(sum.to_integer() << shift);
        }
    } else {
        for (c, sum) in c.iter_mut().zip(sums) {
            *c = c.wrapping_mul_add(T::from_bits(sum.to_integer() << shift), T::ONE);
        }
    }
}
