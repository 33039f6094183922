//! Copies blocks of matrices into the order in which the micro-kernel reads them.

use crate::scalar::Scalar;
use ndarray::ArrayView2;

/// Packs `a` into panels of `rows` rows, each stored column after column; the last panel is
/// filled up with zeros.
#[inline(always)]
pub fn rows<T: Scalar>(a: ArrayView2<'_, T>, rows: usize, target: &mut [T]) {
    panels(a, rows, target);
}

/// Packs `b` into panels of `columns` columns, each stored row after row; the last panel is
/// filled up with zeros.
#[inline(always)]
pub fn columns<T: Scalar>(b: ArrayView2<'_, T>, columns: usize, target: &mut [T]) {
    panels(b.reversed_axes(), columns, target);
}

/// Panels of `width` rows of `a`: `a(i, p)` of a panel goes to `p * width + i`.
#[inline(always)]
fn panels<T: Scalar>(a: ArrayView2<'_, T>, width: usize, target: &mut [T]) {
    let (count, depth) = a.dim();
    if depth == 0 {
        return;
    }
    let along = a.strides()[1] == 1 && depth > 1;
    for (panel, target) in target.chunks_exact_mut(width * depth).enumerate().take(count.div_ceil(width)) {
        let first = panel * width;
        let inside = width.min(count - first);
        if inside < width {
            target.fill(T::ZERO);
        }
        let lines = a.slice(ndarray::s![first..first + inside, ..]);
        if along {
            transposing(lines, width, target);
        } else {
            copying(lines, width, target);
        }
    }
}

/// The lines lie in memory one after the other: each is spread over the panel.
#[inline(always)]
fn transposing<T: Scalar>(lines: ArrayView2<'_, T>, width: usize, target: &mut [T]) {
    for (i, line) in lines.rows().into_iter().enumerate() {
        match line.to_slice() {
            Some(line) => spread(line, &mut target[i..], width),
            None => line.iter().enumerate().for_each(|(p, &x)| target[p * width + i] = x),
        }
    }
}

#[inline(always)]
fn spread<T: Scalar>(line: &[T], target: &mut [T], width: usize) {
    for (x, place) in line.iter().zip(target.chunks_mut(width)) {
        place[0] = *x;
    }
}

/// Elements of one column of the panel lie side by side: they are copied together.
#[inline(always)]
fn copying<T: Scalar>(lines: ArrayView2<'_, T>, width: usize, target: &mut [T]) {
    let inside = lines.nrows();
    for (column, target) in lines.columns().into_iter().zip(target.chunks_exact_mut(width)) {
        match column.to_slice() {
            Some(column) if inside == width => target.copy_from_slice(&column[..width]),
            Some(column) => target[..inside].copy_from_slice(column),
            None => target.iter_mut().zip(column).for_each(|(place, &x)| *place = x),
        }
    }
}
