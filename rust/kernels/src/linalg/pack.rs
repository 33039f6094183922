//! Copies blocks of matrices into the order in which the micro-kernel reads them.

use crate::scalar::Real;
use crate::simd::{Isa, Lanes};
use ndarray::ArrayView2;

/// Panels that are copied together: memory is read in pieces longer than one panel's width.
const TOGETHER: usize = 4;

/// Packs `a` into panels of `rows` rows, each stored column after column; the last panel is
/// filled up with zeros.
#[inline(always)]
pub fn rows<T: Real, I: Isa>(isa: I, a: ArrayView2<'_, T>, rows: usize, target: &mut [T]) {
    panels(isa, a, rows, target);
}

/// Packs `b` into panels of `columns` columns, each stored row after row; the last panel is
/// filled up with zeros.
#[inline(always)]
pub fn columns<T: Real, I: Isa>(isa: I, b: ArrayView2<'_, T>, columns: usize, target: &mut [T]) {
    panels(isa, b.reversed_axes(), columns, target);
}

/// Panels of `width` rows of `a`: `a(i, p)` of a panel goes to `p * width + i`.
#[inline(always)]
fn panels<T: Real, I: Isa>(isa: I, a: ArrayView2<'_, T>, width: usize, target: &mut [T]) {
    let (count, depth) = a.dim();
    if depth == 0 {
        return;
    }
    let along = a.strides()[1] == 1 && depth > 1;
    let size = width * depth;
    let target = &mut target[..count.div_ceil(width) * size];
    if !along && (count == 1 || a.strides()[0] == 1) {
        let whole = count / (TOGETHER * width) * TOGETHER;
        let (groups, rest) = target.split_at_mut(whole * size);
        for (group, target) in groups.chunks_exact_mut(TOGETHER * size).enumerate() {
            let first = group * TOGETHER * width;
            let lines = a.slice(ndarray::s![first..first + TOGETHER * width, ..]);
            copying_together(lines, width, target);
        }
        return one_by_one(isa, a.slice(ndarray::s![whole * width.., ..]), width, along, rest);
    }
    one_by_one(isa, a, width, along, target);
}

#[inline(always)]
fn one_by_one<T: Real, I: Isa>(isa: I, a: ArrayView2<'_, T>, width: usize, along: bool, target: &mut [T]) {
    let (count, depth) = a.dim();
    for (panel, target) in target.chunks_exact_mut(width * depth).enumerate() {
        let first = panel * width;
        let inside = width.min(count - first);
        if inside < width {
            target.fill(T::ZERO);
        }
        let lines = a.slice(ndarray::s![first..first + inside, ..]);
        if along {
            transposing(isa, lines, width, target);
        } else {
            copying(lines, width, target);
        }
    }
}

/// The lines lie in memory one after the other: squares of them are turned in registers, and what
/// is left is spread over the panel.
#[inline(always)]
fn transposing<T: Real, I: Isa>(isa: I, lines: ArrayView2<'_, T>, width: usize, target: &mut [T]) {
    let (inside, depth) = lines.dim();
    let count = T::Lanes::<I>::COUNT;
    let turned = if inside < count { 0 } else { depth / count * count };
    let mut top = 0;
    while turned > 0 && top < inside {
        // The last square overlaps the one before it.
        top = top.min(inside - count);
        let rows = lines.slice(ndarray::s![top..top + count, ..]);
        squares(isa, rows, turned, width, &mut target[top..]);
        top += count;
    }
    for (i, line) in lines.rows().into_iter().enumerate() {
        if let Some(line) = line.to_slice() {
            spread(&line[turned..], &mut target[(turned * width + i).min(width * depth)..], width);
        }
    }
}

/// As many lines as a register has lanes, `depth` elements of each.
#[inline(always)]
fn squares<T: Real, I: Isa>(isa: I, lines: ArrayView2<'_, T>, depth: usize, width: usize, target: &mut [T]) {
    let count = T::Lanes::<I>::COUNT;
    let mut slices: [&[T]; 16] = [&[]; 16];
    for (slice, line) in slices.iter_mut().zip(lines.rows()) {
        *slice = line.to_slice().unwrap_or_default();
    }
    for start in (0..depth).step_by(count) {
        let mut square = [isa.splat(T::ZERO); 16];
        for (row, line) in square.iter_mut().zip(&slices).take(count) {
            *row = isa.load(&line[start..start + count]);
        }
        T::Lanes::<I>::transpose(isa, &mut square[..count]);
        for (p, row) in square.iter().enumerate().take(count) {
            row.store(&mut target[(start + p) * width..]);
        }
    }
}

#[inline(always)]
fn spread<T: Real>(line: &[T], target: &mut [T], width: usize) {
    for (x, place) in line.iter().zip(target.chunks_mut(width)) {
        place[0] = *x;
    }
}

/// Elements of one column of the panel lie side by side: they are copied together.
#[inline(always)]
fn copying<T: Real>(lines: ArrayView2<'_, T>, width: usize, target: &mut [T]) {
    let inside = lines.nrows();
    for (column, target) in lines.columns().into_iter().zip(target.chunks_exact_mut(width)) {
        match column.to_slice() {
            Some(column) if inside == width => target.copy_from_slice(&column[..width]),
            Some(column) => target[..inside].copy_from_slice(column),
            None => target.iter_mut().zip(column).for_each(|(place, &x)| *place = x),
        }
    }
}

/// [`TOGETHER`] whole panels, read along memory.
#[inline(always)]
fn copying_together<T: Real>(lines: ArrayView2<'_, T>, width: usize, target: &mut [T]) {
    let size = target.len() / TOGETHER;
    for (p, column) in lines.columns().into_iter().enumerate() {
        let Some(column) = column.to_slice() else { return };
        for (panel, part) in column.chunks_exact(width).enumerate() {
            target[panel * size + p * width..][..width].copy_from_slice(part);
        }
    }
}
