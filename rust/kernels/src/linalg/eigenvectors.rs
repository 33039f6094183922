//! Eigenvectors of a real Schur form, by back-substitution.
//!
//! Pivots are judged against the eigenvalue at hand and not against the norm of the matrix: small
//! vectors of graded matrices stay right.

use super::tridiagonal::dot;
use crate::scalar::Real;
use crate::simd::{Isa, Kernel};
use num_complex::Complex;

/// Solves `(T - value I) x = 0` with `x[k] = 1` (and its partner in a pair), from row `k` up.
pub struct BackSubstitution<'a, T> {
    /// Rows and columns of `T`.
    pub n: usize,
    /// `T`, row after row.
    pub t: &'a [T],
    /// The row in which the block of the value begins.
    pub k: usize,
    /// The value.
    pub value: Complex<T>,
    /// The real parts of `x`, which begin as zeros.
    pub re: &'a mut [T],
    /// The imaginary parts of `x`; not touched for a real value.
    pub im: &'a mut [T],
}

impl<T: Real> Kernel for BackSubstitution<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(mut self, isa: I) {
        let (k, value) = (self.k, self.value);
        let single = value.im == T::ZERO;
        self.re[k] = T::ONE;
        if !single {
            // (a - value) x + b y = 0 within the block.
            let b = self.at(k, k + 1);
            (self.re[k + 1], self.im[k + 1]) = ((value.re - self.at(k, k)) / b, value.im / b);
        }
        let end = if single { k + 1 } else { k + 2 };
        let size = value.re.abs() + value.im.abs();
        let floor = T::MIN_POSITIVE / T::EPSILON;
        let smallest = if T::EPSILON * size > floor { T::EPSILON * size } else { floor };
        let mut top = k;
        while top > 0 {
            if top == 1 || self.at(top - 1, top - 2) == T::ZERO {
                let i = top - 1;
                let rest = self.rest(isa, i, top..end);
                let x = if single {
                    let pivot = self.at(i, i) - value.re;
                    let pivot = if pivot.abs() < smallest { smallest } else { pivot };
                    Complex { re: rest.re / pivot, im: T::ZERO }
                } else {
                    quotient(rest, self.diagonal(i), smallest)
                };
                self.set(i, x);
                top -= 1;
            } else {
                let (i, j) = (top - 2, top - 1);
                let real = |re| Complex { re, im: T::ZERO };
                let m = [[self.diagonal(i), real(self.at(i, j))], [real(self.at(j, i)), self.diagonal(j)]];
                let (p, q) = (self.rest(isa, i, top..end), self.rest(isa, j, top..end));
                let (x, y) = solve_pair(m, p, q, smallest);
                self.set(i, x);
                self.set(j, y);
                top -= 2;
            }
        }
    }
}

impl<T: Real> BackSubstitution<'_, T> {
    #[inline(always)]
    fn at(&self, i: usize, j: usize) -> T {
        self.t[i * self.n + j]
    }

    #[inline(always)]
    fn diagonal(&self, i: usize) -> Complex<T> {
        Complex { re: self.at(i, i) - self.value.re, im: -self.value.im }
    }

    /// Minus the part of row `i` times the part of `x` that is known.
    #[inline(always)]
    fn rest<I: Isa>(&self, isa: I, i: usize, known: std::ops::Range<usize>) -> Complex<T> {
        let row = &self.t[i * self.n..(i + 1) * self.n][known.clone()];
        let im = if self.value.im == T::ZERO { T::ZERO } else { -dot(isa, row, &self.im[known.clone()]) };
        Complex { re: -dot(isa, row, &self.re[known]), im }
    }

    /// Sets component `i`, and keeps the vector from overflowing as it grows.
    #[inline(always)]
    fn set(&mut self, i: usize, x: Complex<T>) {
        self.re[i] = x.re;
        if self.value.im != T::ZERO {
            self.im[i] = x.im;
        }
        let size = x.re.abs() + x.im.abs();
        if size.exponent() > T::MAX.exponent() / 2 {
            let power = -size.exponent();
            let parts = if self.value.im == T::ZERO {
                [&mut *self.re, &mut []]
            } else {
                [&mut *self.re, &mut *self.im]
            };
            parts.into_iter().flatten().for_each(|x| *x = x.scale_by_power_of_two(power));
        }
    }
}

/// `x / y`, where a `y` below `smallest` counts as that; by Smith's method, free of overflow.
#[inline(always)]
fn quotient<T: Real>(x: Complex<T>, y: Complex<T>, smallest: T) -> Complex<T> {
    let y = if y.re.abs() + y.im.abs() < smallest { Complex { re: smallest, im: T::ZERO } } else { y };
    if y.im == T::ZERO {
        return Complex { re: x.re / y.re, im: x.im / y.re };
    }
    if y.re.abs() >= y.im.abs() {
        let r = y.im / y.re;
        let d = y.re + y.im * r;
        Complex { re: (x.re + x.im * r) / d, im: (x.im - x.re * r) / d }
    } else {
        let r = y.re / y.im;
        let d = y.re * r + y.im;
        Complex { re: (x.re * r + x.im) / d, im: (x.im * r - x.re) / d }
    }
}

/// Solves a 2 x 2 system by elimination with row pivoting.
#[inline(always)]
fn solve_pair<T: Real>(
    m: [[Complex<T>; 2]; 2],
    p: Complex<T>,
    q: Complex<T>,
    smallest: T,
) -> (Complex<T>, Complex<T>) {
    let size = |z: Complex<T>| z.re.abs() + z.im.abs();
    let ([[a, b], [c, d]], p, q) =
        if size(m[0][0]) >= size(m[1][0]) { (m, p, q) } else { ([m[1], m[0]], q, p) };
    let factor = quotient(c, a, smallest);
    let y = quotient(q - factor * p, d - factor * b, smallest);
    (quotient(p - b * y, a, smallest), y)
}
