//! The Schur form `A = Z T Z^H` of complex matrices: to Hessenberg form, then single-shift QR.
//!
//! G. H. Golub and C. F. Van Loan, "Matrix Computations", sections 7.4 and 7.5; the shift is
//! Wilkinson's. Every inner loop but that of the columns runs along memory.

use super::schur::{MOST, PATIENT, is_negligible};
use super::tridiagonal::hypot;
use crate::scalar::Real;
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error};
use num_complex::Complex;

/// The Schur form.
pub struct ComplexSchur<R> {
    /// Rows and columns.
    pub n: usize,
    /// Upper triangular, row after row; where vectors were not wanted only its diagonal is right.
    pub t: Vec<Complex<R>>,
    /// The columns of the unitary `Z`, one after the other; empty where they were not wanted.
    pub columns: Vec<Complex<R>>,
}

fn zero<R: Real>() -> Complex<R> {
    Complex { re: R::ZERO, im: R::ZERO }
}

fn length<R: Real>(z: Complex<R>) -> R {
    hypot(z.re, z.im)
}

impl<R: Real> ComplexSchur<R> {
    /// Decomposes the `n` x `n` matrix `a`, which holds finite numbers of moderate size.
    ///
    /// # Errors
    ///
    /// [`Error::NotConverged`]; [`Error::Stopped`].
    pub fn of(n: usize, a: Vec<Complex<R>>, vectors: bool, control: &Control) -> Result<Self, Error> {
        let mut columns = vec![zero(); if vectors { n * n } else { 0 }];
        columns.iter_mut().step_by(n + 1).for_each(|x| x.re = R::ONE);
        let mut schur = Self { n, t: a, columns };
        for k in 0..n.saturating_sub(2) {
            control.go_on()?;
            schur.eliminate(k);
        }
        schur.iterate(control)?;
        Ok(schur)
    }

    /// Makes column `k` zero below its subdiagonal by a reflection `I - s v v^H`.
    fn eliminate(&mut self, k: usize) {
        let n = self.n;
        let mut v: Vec<Complex<R>> = (k + 1..n).map(|i| self.t[i * n + k]).collect();
        let scale = v.iter().fold(R::ZERO, |m, z| m + z.re.abs() + z.im.abs());
        if v[1..].iter().all(|z| z.re == R::ZERO && z.im == R::ZERO) {
            return;
        }
        v.iter_mut().for_each(|z| *z = Complex { re: z.re / scale, im: z.im / scale });
        let norm = v.iter().fold(R::ZERO, |sum, z| sum + z.re * z.re + z.im * z.im).sqrt();
        let size = length(v[0]);
        let one = Complex { re: R::ONE, im: R::ZERO };
        let phase = if size == R::ZERO { one } else { Complex { re: v[0].re / size, im: v[0].im / size } };
        let alpha = -(phase * norm);
        v[0] = v[0] - alpha;
        let factor = R::ONE / (norm * (norm + size));
        dispatch(Similar { n, k, t: &mut self.t, columns: &mut self.columns, v: &v, factor });
        self.t[(k + 1) * n + k] = alpha * scale;
        (k + 2..n).for_each(|i| self.t[i * n + k] = zero());
    }

    /// Deflates from the bottom until nothing is left.
    fn iterate(&mut self, control: &Control) -> Result<(), Error> {
        let mut end = self.n;
        let mut iteration = 0;
        while end > 0 {
            control.go_on()?;
            let start = self.start_of_block(end, iteration < PATIENT);
            if end - start == 1 {
                end = start;
                iteration = 0;
                continue;
            }
            iteration += 1;
            if iteration > MOST {
                return Err(Error::NotConverged { what: "single-shift QR", iterations: MOST });
            }
            let shift = self.shift(end, iteration % 10 == 0);
            let (t, columns) = (&mut self.t, &mut self.columns);
            dispatch(Step { n: self.n, t, columns, start, end, shift });
        }
        Ok(())
    }

    /// The first row of the unreduced block that ends before `end`.
    fn start_of_block(&mut self, end: usize, careful: bool) -> usize {
        let n = self.n;
        for k in (1..end).rev() {
            let at = |i: usize, j: usize| self.t[i * n + j];
            let block = [at(k - 1, k - 1), at(k - 1, k), at(k, k - 1), at(k, k)].map(length);
            let gap = length(at(k - 1, k - 1) - at(k, k));
            let mut size = block[0] + block[3];
            if size == R::ZERO {
                size = self.t.iter().fold(R::ZERO, |m, &z| if length(z) > m { length(z) } else { m });
            }
            if block[2] <= R::EPSILON * size && (!careful || is_negligible(block[2], block[1], block[3], gap))
            {
                self.t[k * n + k - 1] = zero();
                return k;
            }
        }
        0
    }

    /// The eigenvalue of the last 2 x 2 block that is nearer to its corner.
    fn shift(&self, end: usize, exceptional: bool) -> Complex<R> {
        let at = |i: usize, j: usize| self.t[i * self.n + j];
        let (m, k) = (end - 2, end - 1);
        let corner = at(k, k);
        if exceptional {
            return corner + Complex { re: R::from_f64(0.75) * length(at(k, m)), im: R::ZERO };
        }
        let half = R::from_f64(0.5);
        let p = (at(m, m) - corner) * half;
        let product = at(m, k) * at(k, m);
        let root = square_root(p * p + product);
        // Added with the sign that does not cancel.
        let sum = if p.re * root.re + p.im * root.im < R::ZERO { p - root } else { p + root };
        if length(sum) == R::ZERO { corner } else { corner - quotient(product, sum) }
    }
}

/// The root with a real part that is not negative.
pub(super) fn square_root<R: Real>(z: Complex<R>) -> Complex<R> {
    let size = length(z);
    if size == R::ZERO {
        return zero();
    }
    let half = R::from_f64(0.5);
    let part = ((size + z.re.abs()) * half).sqrt();
    let other = z.im.abs() / (part + part);
    let sign = if z.im < R::ZERO { -R::ONE } else { R::ONE };
    if z.re < R::ZERO {
        Complex { re: other, im: sign * part }
    } else {
        Complex { re: part, im: sign * other }
    }
}

/// `x / y` without overflow on the way.
pub(super) fn quotient<R: Real>(x: Complex<R>, y: Complex<R>) -> Complex<R> {
    let size = length(y);
    let unit = Complex { re: y.re / size, im: -(y.im / size) };
    let z = x * unit;
    Complex { re: z.re / size, im: z.im / size }
}

/// A reflection from both sides, and of the columns of `Z`.
struct Similar<'a, R> {
    n: usize,
    k: usize,
    t: &'a mut [Complex<R>],
    columns: &'a mut [Complex<R>],
    v: &'a [Complex<R>],
    factor: R,
}

impl<R: Real> Kernel for Similar<'_, R> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { n, k, t, columns, v, factor } = self;
        let mut sums = vec![zero(); n];
        for (row, v) in t[(k + 1) * n..].chunks_exact(n).zip(v) {
            let v = v.conj() * factor;
            sums.iter_mut().zip(row).for_each(|(sum, &x)| *sum = *sum + v * x);
        }
        for (row, &v) in t[(k + 1) * n..].chunks_exact_mut(n).zip(v) {
            row.iter_mut().zip(&sums).for_each(|(x, &sum)| *x = *x - v * sum);
        }
        for row in t.chunks_exact_mut(n) {
            let row = &mut row[k + 1..];
            let sum = row.iter().zip(v).fold(zero(), |sum, (&x, &v)| sum + x * v) * factor;
            row.iter_mut().zip(v).for_each(|(x, v)| *x = *x - sum * v.conj());
        }
        if columns.is_empty() {
            return;
        }
        sums.fill(zero());
        for (column, &v) in columns[(k + 1) * n..].chunks_exact(n).zip(v) {
            let v = v * factor;
            sums.iter_mut().zip(column).for_each(|(sum, &x)| *sum = *sum + v * x);
        }
        for (column, v) in columns[(k + 1) * n..].chunks_exact_mut(n).zip(v) {
            column.iter_mut().zip(&sums).for_each(|(x, &sum)| *x = *x - v.conj() * sum);
        }
    }
}

/// One QR step on the block `start..end`: a bulge is chased down by rotations.
struct Step<'a, R> {
    n: usize,
    t: &'a mut [Complex<R>],
    columns: &'a mut [Complex<R>],
    start: usize,
    end: usize,
    shift: Complex<R>,
}

impl<R: Real> Kernel for Step<'_, R> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { n, t, columns, start, end, shift } = self;
        let all = !columns.is_empty();
        let (top, right) = if all { (0, n) } else { (start, end) };
        let (mut x, mut y) = (t[start * n + start] - shift, t[(start + 1) * n + start]);
        for k in start..end - 1 {
            let (c, s) = rotation(x, y);
            let turn = |x: &mut Complex<R>, y: &mut Complex<R>, s: Complex<R>| {
                (*x, *y) = (*x * c + s * *y, *y * c - s.conj() * *x);
            };
            let (above, below) = t.split_at_mut((k + 1) * n);
            let from = k.saturating_sub(1).max(start);
            let rows = above[k * n + from..k * n + right].iter_mut().zip(&mut below[from..right]);
            rows.for_each(|(x, y)| turn(x, y, s));
            for row in t.chunks_exact_mut(n).take((k + 3).min(end)).skip(top) {
                if let [x, y] = &mut row[k..k + 2] {
                    turn(x, y, s.conj());
                }
            }
            if all {
                let (above, below) = columns.split_at_mut((k + 1) * n);
                above[k * n..].iter_mut().zip(&mut below[..n]).for_each(|(x, y)| turn(x, y, s.conj()));
            }
            if k > start {
                t[(k + 1) * n + k - 1] = zero();
            }
            if k + 2 < end {
                (x, y) = (t[(k + 1) * n + k], t[(k + 2) * n + k]);
            }
        }
    }
}

/// The cosine and the sine of the rotation `[c, s; -s*, c]` that turns `(x, y)` onto the first axis.
#[inline(always)]
pub(super) fn rotation<R: Real>(x: Complex<R>, y: Complex<R>) -> (R, Complex<R>) {
    let (size, other) = (length(x), length(y));
    if other == R::ZERO {
        return (R::ONE, zero());
    }
    if size == R::ZERO {
        return (R::ZERO, Complex { re: y.re / other, im: -(y.im / other) });
    }
    let norm = hypot(size, other);
    let phase = Complex { re: x.re / size, im: x.im / size };
    let s = phase * y.conj();
    (size / norm, Complex { re: s.re / norm, im: s.im / norm })
}
