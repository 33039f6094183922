//! Stacks of matrices of 7 to 16 rows, one matrix at a time: a row is a few registers.
//!
//! The lanes of [`super::stack`] exchange rows by selection, each lane its own; from some size on
//! that costs more than all elimination. Here an exchange is a copy. Gaussian elimination with
//! partial pivoting; not Gauss and Jordan's as in [`super::inverse`], whose `A X - I` is larger.

use super::stack::Question;
use crate::scalar::Real;
use crate::simd::{Isa, Kernel, Lanes};

/// The smallest matrices for which this is faster than lanes.
pub const LEAST: usize = 7;

/// Some contiguous `n` x `n` matrices, with `LEAST <= n <= stack::MOST`.
pub struct OneByOne<'a, T> {
    /// What is asked.
    pub question: Question,
    /// Rows and columns.
    pub n: usize,
    /// The matrices.
    pub a: &'a [T],
    /// Right-hand sides, of solutions.
    pub b: &'a [T],
    /// The answers.
    pub out: &'a mut [T],
    /// The index of the first matrix.
    pub first: usize,
}

impl<T: Real> Kernel for OneByOne<'_, T> {
    /// Index and first column without a pivot of each singular matrix.
    type Output = Vec<(usize, usize)>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        // Rows are whole registers.
        let lanes = T::Lanes::<I>::COUNT;
        if self.n <= 8 && 8 % lanes == 0 {
            self.of_width::<I, 8>(isa)
        } else if self.n <= 12 && 12 % lanes == 0 {
            self.of_width::<I, 12>(isa)
        } else {
            self.of_width::<I, 16>(isa)
        }
    }
}

impl<T: Real> OneByOne<'_, T> {
    /// Matrices in rows of `W` elements, of which `n` count.
    #[inline(always)]
    fn of_width<I: Isa, const W: usize>(self, isa: I) -> Vec<(usize, usize)> {
        let n = self.n.min(W);
        let size = self.question.size(n);
        let mut singular = Vec::new();
        let pairs = self.a.chunks_exact(n * n).zip(self.out.chunks_exact_mut(size));
        for (index, (a, out)) in pairs.enumerate() {
            let mut rows = [[T::ZERO; W]; W];
            for (row, line) in rows.iter_mut().zip(a.chunks_exact(n)) {
                row[..n].copy_from_slice(line);
            }
            let rows = &mut rows[..n];
            let vanished = match self.question {
                Question::Inverse => invert::<T, I, W>(isa, rows, out),
                Question::Determinant => eliminate::<T, I, W>(isa, rows, &mut []).write_to(out),
                Question::Solution { columns } => {
                    out.copy_from_slice(&self.b[index * size..(index + 1) * size]);
                    let steps = eliminate::<T, I, W>(isa, rows, out);
                    substitute::<T, I, W>(isa, rows, &steps, out, columns);
                    steps.vanished
                }
            };
            singular.extend(vanished.map(|column| (self.first + index, column)));
        }
        singular
    }
}

/// The row from `k` on whose element in column `k` is largest; the first, where there are several.
#[inline(always)]
fn pivot<T: Real, const W: usize>(rows: &[[T; W]], k: usize) -> usize {
    let (mut place, mut most) = (k, rows[k][k].abs());
    for r in k + 1..rows.len() {
        let x = rows[r][k].abs();
        let larger = x > most;
        place = if larger { r } else { place };
        most = if larger { x } else { most };
    }
    place
}

/// `row := row - factor * line`.
#[inline(always)]
fn subtract<T: Real, I: Isa, const W: usize>(isa: I, row: &mut [T; W], factor: T, line: &[T; W]) {
    let factor = isa.splat(factor);
    for j in (0..W).step_by(T::Lanes::<I>::COUNT) {
        factor.neg_mul_add(isa.load(&line[j..]), isa.load(&row[j..])).store(&mut row[j..]);
    }
}

/// Writes the inverse; returns the first column without a pivot.
///
/// `L^-1`, whose diagonal is one, grows in the place of the columns that are done, beside `U`; the
/// rows then go through `U^-1` from the last to the first. These are the operations of the lanes.
#[inline(always)]
fn invert<T: Real, I: Isa, const W: usize>(isa: I, rows: &mut [[T; W]], out: &mut [T]) -> Option<usize> {
    let n = rows.len();
    let mut order: [usize; W] = std::array::from_fn(|k| k);
    let mut inverses = [T::ONE; W];
    let (mut doubt, mut vanished) = (T::ZERO, None);
    for k in 0..n {
        let place = pivot(rows, k);
        rows.swap(k, place);
        order.swap(k, place);
        let pivot = rows[k][k];
        doubt = isa.mul_add(pivot, T::ZERO, doubt);
        if pivot == T::ZERO && vanished.is_none() {
            vanished = Some(k);
        }
        inverses[k] = T::ONE / pivot;
        let line = rows[k];
        for row in &mut rows[k + 1..] {
            let factor = row[k] * inverses[k];
            subtract(isa, row, factor, &line);
            row[k] = -factor;
        }
    }
    for i in (0..n).rev() {
        let upper = rows[i];
        rows[i][i] = T::ONE;
        rows[i][i + 1..].fill(T::ZERO);
        let (above, below) = rows.split_at_mut(i + 1);
        let mut line = above[i];
        for (row, &factor) in below.iter().zip(&upper[i + 1..]) {
            subtract(isa, &mut line, factor, row);
        }
        for x in &mut line {
            *x *= inverses[i] + doubt;
        }
        above[i] = line;
    }
    for (row, out) in rows.iter().zip(out.chunks_exact_mut(n)) {
        for (&place, &x) in order.iter().zip(&row[..n]) {
            out[place] = x;
        }
    }
    vanished
}

/// What an elimination leaves beside the upper triangle.
struct Steps<T, const W: usize> {
    determinant: T,
    inverses: [T; W],
    vanished: Option<usize>,
}

impl<T: Real, const W: usize> Steps<T, W> {
    #[inline(always)]
    fn write_to(self, out: &mut [T]) -> Option<usize> {
        out[0] = self.determinant;
        self.vanished
    }
}

/// Turns the rows into their upper triangle `U` and the rows of `b` into `L^-1 P b`.
#[inline(always)]
fn eliminate<T: Real, I: Isa, const W: usize>(isa: I, rows: &mut [[T; W]], b: &mut [T]) -> Steps<T, W> {
    let n = rows.len();
    let columns = b.len() / n;
    let mut steps = Steps { determinant: T::ONE, inverses: [T::ONE; W], vanished: None };
    let mut doubt = T::ZERO;
    for k in 0..n {
        let place = pivot(rows, k);
        rows.swap(k, place);
        for j in 0..columns {
            b.swap(k * columns + j, place * columns + j);
        }
        let pivot = rows[k][k];
        steps.determinant *= if place == k { pivot } else { -pivot };
        doubt = isa.mul_add(pivot, T::ZERO, doubt);
        if pivot == T::ZERO && steps.vanished.is_none() {
            steps.vanished = Some(k);
        }
        let inverse = T::ONE / pivot;
        steps.inverses[k] = inverse;
        let line = rows[k];
        let (done, rest) = b.split_at_mut((k + 1) * columns);
        let done = &done[k * columns..];
        for (i, row) in rows[k + 1..].iter_mut().enumerate() {
            let factor = row[k] * inverse;
            subtract(isa, row, factor, &line);
            for (x, &y) in rest[i * columns..(i + 1) * columns].iter_mut().zip(done) {
                *x = isa.mul_add(-factor, y, *x);
            }
        }
    }
    for inverse in &mut steps.inverses {
        *inverse += doubt;
    }
    steps
}

/// Turns the rows of `b` into those of `U^-1 b`.
#[inline(always)]
fn substitute<T: Real, I: Isa, const W: usize>(
    isa: I,
    rows: &[[T; W]],
    steps: &Steps<T, W>,
    b: &mut [T],
    columns: usize,
) {
    for k in (0..rows.len()).rev() {
        let (above, line) = b.split_at_mut(k * columns);
        let line = &mut line[..columns];
        line.iter_mut().for_each(|x| *x *= steps.inverses[k]);
        for (row, target) in rows[..k].iter().zip(above.chunks_exact_mut(columns)) {
            for (x, &y) in target.iter_mut().zip(&*line) {
                *x = isa.mul_add(-row[k], y, *x);
            }
        }
    }
}
