//! Triangular systems, inverses and products, in halves: all but the smallest blocks are products.

use super::matmul::Update;
use super::products::Blas;
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error};
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis, s};

/// Systems up to this size are solved row by row.
const LEAF: usize = 16;
/// Rows of a triangular factor that are multiplied at a time, the zeros beside them left out.
const BAND: usize = 48;

/// `b := l^-1 b`, for the lower triangle of `l` with ones on its diagonal.
pub fn solve_unit_lower<T: Blas>(
    l: ArrayView2<'_, T>,
    mut b: ArrayViewMut2<'_, T>,
    control: &Control,
) -> Result<(), Error> {
    let n = l.nrows();
    if n <= LEAF {
        dispatch(LowerLeaf { l, b });
        return control.go_on();
    }
    let half = (n / 2).next_multiple_of(8);
    let (mut top, mut bottom) = b.view_mut().split_at(Axis(0), half);
    solve_unit_lower(l.slice(s![..half, ..half]), top.view_mut(), control)?;
    T::product(l.slice(s![half.., ..half]), top.view(), bottom.view_mut(), Update::Subtract, control)?;
    solve_unit_lower(l.slice(s![half.., half..]), bottom, control)
}

/// `b := u^-1 b`, for the upper triangle of `u`.
pub fn solve_upper<T: Blas>(
    u: ArrayView2<'_, T>,
    mut b: ArrayViewMut2<'_, T>,
    control: &Control,
) -> Result<(), Error> {
    let n = u.nrows();
    if n <= LEAF {
        dispatch(UpperLeaf { u, b });
        return control.go_on();
    }
    let half = (n / 2).next_multiple_of(8);
    let (mut top, mut bottom) = b.view_mut().split_at(Axis(0), half);
    solve_upper(u.slice(s![half.., half..]), bottom.view_mut(), control)?;
    T::product(u.slice(s![..half, half..]), bottom.view(), top.view_mut(), Update::Subtract, control)?;
    solve_upper(u.slice(s![..half, ..half]), top, control)
}

/// Row by row, from the first.
struct LowerLeaf<'a, T> {
    l: ArrayView2<'a, T>,
    b: ArrayViewMut2<'a, T>,
}

impl<T: Blas> Kernel for LowerLeaf<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(mut self, _: I) {
        for i in 1..self.l.nrows() {
            let (above, mut below) = self.b.view_mut().split_at(Axis(0), i);
            let mut row = below.row_mut(0);
            for (j, solved) in above.rows().into_iter().enumerate() {
                subtract(self.l[(i, j)], solved, &mut row);
            }
        }
    }
}

/// Row by row, from the last.
struct UpperLeaf<'a, T> {
    u: ArrayView2<'a, T>,
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
            let pivot = self.u[(i, i)];
            row.iter_mut().for_each(|x| *x = x.over(pivot));
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

/// Replaces the upper triangular `u`, whose lower triangle is zero, by its inverse.
pub fn invert_upper<T: Blas>(mut u: ArrayViewMut2<'_, T>, control: &Control) -> Result<(), Error> {
    let n = u.nrows();
    if n <= LEAF {
        dispatch(InvertUpperLeaf(u));
        return control.go_on();
    }
    let half = (n / 2).next_multiple_of(8);
    let (mut top, mut bottom) = u.view_mut().split_at(Axis(0), half);
    let (mut first, mut corner) = top.view_mut().split_at(Axis(1), half);
    let mut last = bottom.slice_mut(s![.., half..]);
    invert_upper(first.view_mut(), control)?;
    invert_upper(last.view_mut(), control)?;
    let mut between = Array2::from_elem(corner.dim(), T::ZERO);
    upper_times(first.view(), corner.view(), between.view_mut(), control)?;
    corner.fill(T::ZERO);
    for start in (0..n - half).step_by(BAND) {
        let end = (start + BAND).min(n - half);
        let (b, u) = (between.slice(s![.., ..end]), last.slice(s![..end, start..end]));
        T::product(b, u, corner.slice_mut(s![.., start..end]), Update::Subtract, control)?;
    }
    Ok(())
}

/// Replaces the lower triangular `l` with ones on its diagonal, whose upper triangle is zero, by
/// its inverse.
pub fn invert_unit_lower<T: Blas>(mut l: ArrayViewMut2<'_, T>, control: &Control) -> Result<(), Error> {
    let n = l.nrows();
    if n <= LEAF {
        dispatch(InvertLowerLeaf(l));
        return control.go_on();
    }
    let half = (n / 2).next_multiple_of(8);
    let (mut top, mut bottom) = l.view_mut().split_at(Axis(0), half);
    let mut first = top.slice_mut(s![.., ..half]);
    let (mut corner, mut last) = bottom.view_mut().split_at(Axis(1), half);
    invert_unit_lower(first.view_mut(), control)?;
    invert_unit_lower(last.view_mut(), control)?;
    let mut between = Array2::from_elem(corner.dim(), T::ZERO);
    for start in (0..half).step_by(BAND) {
        let end = (start + BAND).min(half);
        let (l, f) = (corner.slice(s![.., start..]), first.slice(s![start.., start..end]));
        T::product(l, f, between.slice_mut(s![.., start..end]), Update::Assign, control)?;
    }
    corner.fill(T::ZERO);
    for start in (0..n - half).step_by(BAND) {
        let end = (start + BAND).min(n - half);
        let (l, b) = (last.slice(s![start..end, ..end]), between.slice(s![..end, ..]));
        T::product(l, b, corner.slice_mut(s![start..end, ..]), Update::Subtract, control)?;
    }
    Ok(())
}

/// `c = u b`, for an upper triangular `u` with zeros below its diagonal.
pub fn upper_times<T: Blas>(
    u: ArrayView2<'_, T>,
    b: ArrayView2<'_, T>,
    mut c: ArrayViewMut2<'_, T>,
    control: &Control,
) -> Result<(), Error> {
    for start in (0..u.nrows()).step_by(BAND) {
        let end = (start + BAND).min(u.nrows());
        let (u, b) = (u.slice(s![start..end, start..]), b.slice(s![start.., ..]));
        T::product(u, b, c.slice_mut(s![start..end, ..]), Update::Assign, control)?;
    }
    Ok(())
}

/// `c = u l`, upper times lower triangular: the zeros of both are left out.
pub fn upper_times_lower<T: Blas>(
    u: ArrayView2<'_, T>,
    l: ArrayView2<'_, T>,
    mut c: ArrayViewMut2<'_, T>,
    control: &Control,
) -> Result<(), Error> {
    let n = u.nrows();
    for start in (0..n).step_by(BAND) {
        let end = (start + BAND).min(n);
        // Columns start..end of l begin at row start; rows below end of the result need less of u.
        let (above, band) = (u.slice(s![..end, start..]), l.slice(s![start.., start..end]));
        T::product(above, band, c.slice_mut(s![..end, start..end]), Update::Assign, control)?;
        let (band, left) = (u.slice(s![start..end, start..]), l.slice(s![start.., ..start]));
        T::product(band, left, c.slice_mut(s![start..end, ..start]), Update::Assign, control)?;
    }
    Ok(())
}

struct InvertUpperLeaf<'a, T>(ArrayViewMut2<'a, T>);

impl<T: Blas> Kernel for InvertUpperLeaf<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(mut self, _: I) {
        let n = self.0.nrows();
        let mut u = leaf(self.0.view());
        for i in (0..n).rev() {
            let inverse = T::ONE.over(u[i][i]);
            let mut row = [T::ZERO; LEAF];
            for j in i + 1..n {
                let factor = u[i][j] * inverse;
                for k in 0..LEAF {
                    row[k] -= factor * u[j][k];
                }
            }
            row[i] = inverse;
            u[i] = row;
        }
        unleaf(&u, &mut self.0);
    }
}

struct InvertLowerLeaf<'a, T>(ArrayViewMut2<'a, T>);

impl<T: Blas> Kernel for InvertLowerLeaf<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(mut self, _: I) {
        let n = self.0.nrows();
        let mut l = leaf(self.0.view());
        for i in 0..n {
            let mut row = [T::ZERO; LEAF];
            for j in 0..i {
                for k in 0..LEAF {
                    row[k] -= l[i][j] * l[j][k];
                }
            }
            row[i] = T::ONE;
            l[i] = row;
        }
        unleaf(&l, &mut self.0);
    }
}

/// A small matrix in rows of a length that the compiler knows, filled up with zeros.
#[inline(always)]
fn leaf<T: Blas>(a: ArrayView2<'_, T>) -> [[T; LEAF]; LEAF] {
    let mut rows = [[T::ZERO; LEAF]; LEAF];
    for (row, line) in rows.iter_mut().zip(a.rows()) {
        row.iter_mut().zip(line).for_each(|(x, &y)| *x = y);
    }
    rows
}

/// Copies the rows back.
#[inline(always)]
fn unleaf<T: Blas>(rows: &[[T; LEAF]; LEAF], a: &mut ArrayViewMut2<'_, T>) {
    for (row, line) in rows.iter().zip(a.rows_mut()) {
        row.iter().zip(line).for_each(|(&x, y)| *y = x);
    }
}
