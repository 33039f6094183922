//! Triangular systems, in halves: all but the smallest blocks are products.

use super::matmul::Update;
use super::products::Blas;
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error};
use ndarray::{ArrayView2, ArrayViewMut2, Axis, s};

/// Systems up to this size are solved row by row.
const LEAF: usize = 16;

/// `b := l^-1 b`, for the lower triangle of `l`, whose diagonal counts as ones if `unit`.
pub fn solve_lower<T: Blas>(
    l: ArrayView2<'_, T>,
    unit: bool,
    mut b: ArrayViewMut2<'_, T>,
    control: &Control,
) -> Result<(), Error> {
    let n = l.nrows();
    if n <= LEAF {
        dispatch(LowerLeaf { l, unit, b });
        return control.go_on();
    }
    let half = (n / 2).next_multiple_of(8);
    let (mut top, mut bottom) = b.view_mut().split_at(Axis(0), half);
    solve_lower(l.slice(s![..half, ..half]), unit, top.view_mut(), control)?;
    T::product(l.slice(s![half.., ..half]), top.view(), bottom.view_mut(), Update::Subtract, control)?;
    solve_lower(l.slice(s![half.., half..]), unit, bottom, control)
}

/// `b := u^-1 b`, for the upper triangle of `u`, whose diagonal counts as ones if `unit`.
pub fn solve_upper<T: Blas>(
    u: ArrayView2<'_, T>,
    unit: bool,
    mut b: ArrayViewMut2<'_, T>,
    control: &Control,
) -> Result<(), Error> {
    let n = u.nrows();
    if n <= LEAF {
        dispatch(UpperLeaf { u, unit, b });
        return control.go_on();
    }
    let half = (n / 2).next_multiple_of(8);
    let (mut top, mut bottom) = b.view_mut().split_at(Axis(0), half);
    solve_upper(u.slice(s![half.., half..]), unit, bottom.view_mut(), control)?;
    T::product(u.slice(s![..half, half..]), bottom.view(), top.view_mut(), Update::Subtract, control)?;
    solve_upper(u.slice(s![..half, ..half]), unit, top, control)
}

/// Row by row, from the first.
struct LowerLeaf<'a, T> {
    l: ArrayView2<'a, T>,
    unit: bool,
    b: ArrayViewMut2<'a, T>,
}

impl<T: Blas> Kernel for LowerLeaf<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(mut self, _: I) {
        for i in 0..self.l.nrows() {
            let (above, mut below) = self.b.view_mut().split_at(Axis(0), i);
            let mut row = below.row_mut(0);
            for (j, solved) in above.rows().into_iter().enumerate() {
                subtract(self.l[(i, j)], solved, &mut row);
            }
            if !self.unit {
                let pivot = self.l[(i, i)];
                row.iter_mut().for_each(|x| *x = x.over(pivot));
            }
        }
    }
}

/// Row by row, from the last.
struct UpperLeaf<'a, T> {
    u: ArrayView2<'a, T>,
    unit: bool,
    b: ArrayViewMut2<'a, T>,
}

impl<T: Blas> Kernel for UpperLeaf<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(mut self, _: I) {
        for i in (0..self.u.nrows()).rev() {
            let (mut above, below) = self.b.view_mut().split_at(Axis(0), i + 1);
            let mut row = above.row_mut(i);
            for (j, solved) in below.rows().into_iter().enumerate() {
                subtract(self.u[(i, i + 1 + j)], solved, &mut row);
            }
            if !self.unit {
                let pivot = self.u[(i, i)];
                row.iter_mut().for_each(|x| *x = x.over(pivot));
            }
        }
    }
}

/// `target -= factor * source`.
#[inline(always)]
fn subtract<T: Blas>(
    factor: T,
    source: ndarray::ArrayView1<'_, T>,
    target: &mut ndarray::ArrayViewMut1<'_, T>,
) {
    match (source.to_slice(), target.as_slice_mut()) {
        (Some(source), Some(target)) => {
            for (x, &y) in target.iter_mut().zip(source) {
                *x -= factor * y;
            }
        }
        _ => target.zip_mut_with(&source, |x, &y| *x -= factor * y),
    }
}
