//! Products of small, narrow and thin matrices, whose operands are read where they lie.

use super::matmul::{TILES, Update};
use super::microkernel::{self, Left, Right, Target};
use super::pack;
use crate::scalar::Real;
use crate::simd::{Isa, Kernel, Lanes, Level, dispatch};
use crate::{Control, Error, threads};
use ndarray::{ArrayView2, ArrayViewMut2, Axis, s};

/// Elements of a that stay in the level 2 cache while they are read where they lie.
const NEAR: usize = 1 << 15;
/// Columns of a result for which packing a does not pay.
pub const NARROW: usize = 128;
/// Rows of a result for which packing b does not pay.
pub const THIN: usize = 16;
/// Rows of b that are read together where the result is thin: each is a stream through memory.
const STREAMS: usize = 16;
/// Columns of a thin result that are one piece of work: they stay in the level 1 or 2 cache.
const STRIP: usize = 512;

/// The product for a result of few columns: blocks of a's rows, which stay near.
///
/// b has few enough rows for one sum.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn in_place<T: Real>(
    a: ArrayView2<'_, T>,
    b: ArrayView2<'_, T>,
    mut c: ArrayViewMut2<'_, T>,
    update: Update,
    control: &Control,
) -> Result<(), Error> {
    let height = (NEAR / a.ncols()).next_multiple_of(TILES);
    if a.nrows() <= height {
        dispatch(InPlace { a, b, c, update });
        return control.go_on();
    }
    let blocks = a.axis_chunks_iter(Axis(0), height).zip(c.axis_chunks_iter_mut(Axis(0), height));
    threads::for_each(control, blocks.collect(), |(a, c)| {
        dispatch(InPlace { a, b, c, update });
        Ok(())
    })
}

/// The product for a result of few rows: b is read once, several of its rows side by side, which
/// memory delivers faster than one narrow column after the other.
///
/// b has rows that are slices.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn thin<T: Real>(
    a: ArrayView2<'_, T>,
    b: ArrayView2<'_, T>,
    mut c: ArrayViewMut2<'_, T>,
    update: Update,
    control: &Control,
) -> Result<(), Error> {
    let strips = b.axis_chunks_iter(Axis(1), STRIP).zip(c.axis_chunks_iter_mut(Axis(1), STRIP));
    threads::for_each(control, strips.collect(), |(b, mut c)| {
        for top in (0..a.ncols()).step_by(STREAMS) {
            let bottom = (top + STREAMS).min(a.ncols());
            let update = if top == 0 || update == Update::Subtract { update } else { Update::Add };
            let (a, b) = (a.slice(s![.., top..bottom]), b.slice(s![top..bottom, ..]));
            dispatch(InPlace { a, b, c: c.view_mut(), update });
        }
        Ok(())
    })
}

/// Some rows of a times b; a is not packed, nor b where its rows are slices and are read seldom.
struct InPlace<'a, T> {
    a: ArrayView2<'a, T>,
    b: ArrayView2<'a, T>,
    c: ArrayViewMut2<'a, T>,
    update: Update,
}

impl<T: Real> Kernel for InPlace<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let m = self.a.nrows();
        // Lower tiles where whole ones would stand out too far.
        let lower = |rows: usize| m <= THIN && m.next_multiple_of(4) < m.next_multiple_of(rows);
        // Constant conditions: no level has the tiles of another compiled for it.
        if const { matches!(I::LEVEL, Level::Avx512) } {
            if lower(8) { self.by_tiles::<I, 4, 3>(isa) } else { self.by_tiles::<I, 8, 3>(isa) }
        } else if const { matches!(I::LEVEL, Level::Avx2) } {
            match m {
                ..=2 => self.by_tiles::<I, 2, 2>(isa),
                _ if lower(6) => self.by_tiles::<I, 4, 2>(isa),
                _ => self.by_tiles::<I, 6, 2>(isa),
            }
        } else {
            self.by_tiles::<I, 4, 1>(isa)
        }
    }
}

impl<T: Real> InPlace<'_, T> {
    #[inline(always)]
    fn by_tiles<I: Isa, const M: usize, const V: usize>(self, isa: I) {
        let width = V * T::Lanes::<I>::COUNT;
        let ((m, depth), n) = (self.a.dim(), self.b.ncols());
        let Some(mut c) = Target::new(self.c) else { return };
        let a = Left::new(self.a);
        let slices = n == 1 || self.b.strides()[1] == 1;
        let lying = (slices && m <= 2 * THIN).then(|| Right::new(self.b));
        T::with_buffer(depth * width, |panel| {
            for left in (0..n).step_by(width) {
                // A panel that is read often is packed, so that its rows do not evict each other.
                let packed = lying.is_none() || left + width > n;
                if packed {
                    let part = self.b.slice(s![.., left..(left + width).min(n)]);
                    pack::columns(isa, part, width, panel);
                }
                let panel = Right::packed(panel, width);
                let b = match &lying {
                    Some(b) if !packed => (b, left),
                    _ => (&panel, 0),
                };
                for top in (0..m).step_by(M) {
                    microkernel::multiply_in_place::<T, I, M, V>(
                        isa,
                        &a,
                        b,
                        &mut c,
                        (top, left),
                        self.update,
                    );
                }
            }
        });
    }
}
