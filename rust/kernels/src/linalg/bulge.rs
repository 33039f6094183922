//! One step of the double-shift QR algorithm: a bulge is chased down the diagonal of a Hessenberg
//! matrix by reflections of three rows and columns.
//!
//! Rows lie along memory, columns do not. So what a reflection does to the columns is done at
//! once only to the rows that the bulge has still to pass; the rows above get all reflections of
//! the step together at its end, several rows side by side.

use crate::scalar::Real;
use crate::simd::{Isa, Kernel, Lanes};
use std::ops::Range;

/// Rows that get the reflections together.
const ROWS: usize = 8;
/// Elements of space per row of the matrix: a strip of `ROWS` rows and the reflections.
pub const SPACE: usize = ROWS + 6;

/// The step on the block `start..end`, which has at least three rows.
pub struct Chase<'a, T> {
    /// Rows and columns.
    pub n: usize,
    /// The Hessenberg matrix.
    pub t: &'a mut [T],
    /// The columns of the orthogonal factor, one after the other; where it is empty only the block
    /// itself is kept right.
    pub columns: &'a mut [T],
    /// The first row of the block.
    pub start: usize,
    /// The row after its last.
    pub end: usize,
    /// What the first reflection turns onto the first axis.
    pub first: [T; 3],
    /// `SPACE * n` elements.
    pub space: &'a mut [T],
}

/// The reflection `I - w v^T` of three rows.
#[derive(Clone, Copy)]
struct Reflection<T> {
    v: [T; 3],
    w: [T; 3],
}

impl<T: Real> Reflection<T> {
    /// The one that turns `x` onto the first axis; the identity for zeros.
    #[inline(always)]
    fn of(x: [T; 3]) -> Self {
        let scale = x[0].abs() + x[1].abs() + x[2].abs();
        if scale == T::ZERO {
            return Self { v: [T::ZERO; 3], w: [T::ZERO; 3] };
        }
        let mut v = x.map(|x| x / scale);
        let norm = (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).sqrt();
        v[0] += if v[0] < T::ZERO { -norm } else { norm };
        let factor = T::from_f64(2.0) / (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
        Self { v, w: v.map(|v| factor * v) }
    }

    /// The image of `(x, y, z)`.
    #[inline(always)]
    fn turn<I: Isa>(&self, isa: I, x: &mut T, y: &mut T, z: &mut T) {
        let sum = -isa.mul_add(self.w[2], *z, isa.mul_add(self.w[1], *y, self.w[0] * *x));
        *x = isa.mul_add(sum, self.v[0], *x);
        *y = isa.mul_add(sum, self.v[1], *y);
        *z = isa.mul_add(sum, self.v[2], *z);
    }

    /// As [`turn`](Self::turn), of `(x, y, 0)` where the third component of `v` is zero.
    #[inline(always)]
    fn turn_two<I: Isa>(&self, isa: I, x: &mut T, y: &mut T) {
        let sum = -isa.mul_add(self.w[1], *y, self.w[0] * *x);
        *x = isa.mul_add(sum, self.v[0], *x);
        *y = isa.mul_add(sum, self.v[1], *y);
    }

    /// Turns the rows `k…` of a matrix, in a range of columns.
    #[inline(always)]
    fn turn_rows<I: Isa>(&self, isa: I, rows: &mut [T], n: usize, range: Range<usize>, three: bool) {
        let (first, rest) = rows.split_at_mut(n);
        let (second, third) = rest.split_at_mut(n);
        let (first, second) = (&mut first[range.clone()], &mut second[range.clone()]);
        if !three {
            first.iter_mut().zip(second).for_each(|(x, y)| self.turn_two(isa, x, y));
            return;
        }
        // In registers by hand: the compiler is not sure that the rows are apart.
        let third = &mut third[range];
        let lanes = T::Lanes::<I>::COUNT;
        let (v, w) = (self.v.map(|v| isa.splat(v)), self.w.map(|w| isa.splat(w)));
        let mut xs = first.chunks_exact_mut(lanes);
        let mut ys = second.chunks_exact_mut(lanes);
        let mut zs = third.chunks_exact_mut(lanes);
        for ((x, y), z) in (&mut xs).zip(&mut ys).zip(&mut zs) {
            let [a, b, c] = [&*x, &*y, &*z].map(|part| isa.load::<T>(part));
            let sum = w[2].mul_add(c, w[1].mul_add(b, w[0] * a));
            sum.neg_mul_add(v[0], a).store(x);
            sum.neg_mul_add(v[1], b).store(y);
            sum.neg_mul_add(v[2], c).store(z);
        }
        let rest = xs.into_remainder().iter_mut().zip(ys.into_remainder()).zip(zs.into_remainder());
        rest.for_each(|((x, y), z)| self.turn(isa, x, y, z));
    }
}

impl<T: Real> Kernel for Chase<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { n, t, columns, start, end, first, space } = self;
        let (reflections, strip) = space.split_at_mut(6 * n);
        let reflections = reflections.as_chunks_mut::<6>().0;
        let all = !columns.is_empty();
        let (top, right) = if all { (0, n) } else { (start / ROWS, end) };
        let mut x = first;
        for k in start..end - 1 {
            let three = k + 3 <= end;
            let reflection = Reflection::of(x);
            let [[a, b, c], [d, e, f]] = [reflection.v, reflection.w];
            reflections[k - start] = [a, b, c, d, e, f];
            reflection.turn_rows(isa, &mut t[k * n..], n, k.saturating_sub(1).max(start)..right, three);
            for row in t.chunks_exact_mut(n).take((k + 4).min(end)).skip(k) {
                turn_columns(isa, &reflection, &mut row[k..], three);
            }
            if all {
                reflection.turn_rows(isa, &mut columns[k * n..], n, 0..n, three);
            }
            if three {
                let below = |i: usize| if i < end { t[i * n + k] } else { T::ZERO };
                x = [below(k + 1), below(k + 2), below(k + 3)];
            }
        }
        for i in start + 2..end {
            t[i * n + start.max(i.saturating_sub(3))..i * n + i - 1].fill(T::ZERO);
        }
        let reflections = &reflections[..end - 1 - start];
        for (block, rows) in t.chunks_mut(ROWS * n).enumerate().take((end - 1).div_ceil(ROWS)).skip(top) {
            rows_above(isa, (block * ROWS, start, end), rows, n, reflections, strip);
        }
    }
}

/// Turns the first columns of a row.
#[inline(always)]
fn turn_columns<T: Real, I: Isa>(isa: I, reflection: &Reflection<T>, row: &mut [T], three: bool) {
    match row {
        [x, y, z, ..] if three => reflection.turn(isa, x, y, z),
        [x, y, ..] => reflection.turn_two(isa, x, y),
        _ => {}
    }
}

/// Applies to the columns of some rows, from row `top` on, the reflections that begin below them.
#[inline(always)]
fn rows_above<T: Real, I: Isa>(
    isa: I,
    (top, start, end): (usize, usize, usize),
    rows: &mut [T],
    n: usize,
    reflections: &[[T; 6]],
    strip: &mut [T],
) {
    let from = start.max(top + 1);
    let strip = &mut strip.as_chunks_mut::<ROWS>().0[..end - from];
    for (i, row) in rows.chunks_exact(n).enumerate() {
        strip.iter_mut().zip(&row[from..end]).for_each(|(column, &x)| column[i] = x);
    }
    for (k, r) in (from..).zip(&reflections[from - start..]) {
        let reflection = Reflection { v: [r[0], r[1], r[2]], w: [r[3], r[4], r[5]] };
        let concerned = (k - top).min(ROWS);
        match &mut strip[k - from..] {
            [x, y, z, ..] if concerned == ROWS => {
                for i in 0..ROWS {
                    reflection.turn(isa, &mut x[i], &mut y[i], &mut z[i]);
                }
            }
            [x, y, z, ..] => {
                for i in 0..concerned {
                    reflection.turn(isa, &mut x[i], &mut y[i], &mut z[i]);
                }
            }
            [x, y] => {
                for i in 0..concerned {
                    reflection.turn_two(isa, &mut x[i], &mut y[i]);
                }
            }
            _ => {}
        }
    }
    for (i, row) in rows.chunks_exact_mut(n).enumerate() {
        row[from..end].iter_mut().zip(&*strip).for_each(|(x, column)| *x = column[i]);
    }
}
