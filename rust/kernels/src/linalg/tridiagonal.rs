//! Symmetric matrices too large for rotations: to tridiagonal form, then implicit QL.
//!
//! R. S. Martin, C. Reinsch and J. H. Wilkinson, "Householder's tridiagonalization of a symmetric
//! matrix", Numer. Math. 11, 1968; A. Dubrulle, R. S. Martin and J. H. Wilkinson, "The implicit QL
//! algorithm", Numer. Math. 12, 1968. Vectors are kept as rows, so that every inner loop runs
//! along memory.

use crate::scalar::Real;
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error};

/// Iterations for one eigenvalue after which something is wrong; it takes two on average.
const MOST: usize = 50;

/// Eigenvalues, ascending, and eigenvectors, as rows of the result, of the symmetric `n` x `n`
/// matrix whose lower triangle is in `a`; `a` is used as working space.
///
/// # Errors
///
/// [`Error::NotConverged`]; [`Error::Stopped`].
pub fn eigh<T: Real>(n: usize, a: &mut [T], control: &Control) -> Result<(Vec<T>, Vec<T>), Error> {
    for i in 0..n {
        for j in i + 1..n {
            a[i * n + j] = a[j * n + i];
        }
    }
    let (mut d, mut e, mut scales) = (vec![T::ZERO; n], vec![T::ZERO; n], vec![T::ZERO; n]);
    for k in 0..n.saturating_sub(1) {
        control.go_on()?;
        scales[k] = dispatch(Reflect { n, k, a, beside: &mut e[k] });
    }
    for (i, d) in d.iter_mut().enumerate() {
        *d = a[i * n + i];
    }
    let mut vectors = vec![T::ZERO; n * n];
    for k in (0..n).rev() {
        control.go_on()?;
        vectors[k * n + k] = T::ONE;
        if k > 0 {
            dispatch(Apply { n, k: k - 1, a, scale: scales[k - 1], vectors: &mut vectors });
        }
    }
    implicit_ql(n, &mut d, &mut e, &mut vectors, control)?;
    Ok(sorted(n, &d, &vectors))
}

/// Makes column `k` of the trailing matrix tridiagonal by a reflection `I - s v v^T`.
///
/// `v` is left in row `k` of `a`, right of the diagonal; `s` is returned.
struct Reflect<'a, T> {
    n: usize,
    k: usize,
    a: &'a mut [T],
    beside: &'a mut T,
}

impl<T: Real> Kernel for Reflect<'_, T> {
    type Output = T;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> T {
        let Self { n, k, a, beside } = self;
        let (head, tail) = a.split_at_mut((k + 1) * n);
        let v = &mut head[k * n + k + 1..];
        let rest = dot(isa, &v[1..], &v[1..]);
        if rest == T::ZERO {
            *beside = v[0];
            v.fill(T::ZERO);
            return T::ZERO;
        }
        let norm = isa.mul_add(v[0], v[0], rest).sqrt();
        let alpha = if v[0] > T::ZERO { -norm } else { norm };
        *beside = alpha;
        v[0] -= alpha;
        let scale = -T::ONE / (alpha * v[0]);
        // A - v w^T - w v^T, where w = s A v - (s^2 / 2) (v^T A v) v.
        let mut w: Vec<T> = tail.chunks_exact(n).map(|row| scale * dot(isa, &row[k + 1..], v)).collect();
        let half = scale * T::from_f64(0.5) * dot(isa, &w, v);
        for (w, &v) in w.iter_mut().zip(&*v) {
            *w = isa.mul_add(-half, v, *w);
        }
        for (i, row) in tail.chunks_exact_mut(n).enumerate() {
            let (vi, wi) = (-v[i], -w[i]);
            for ((x, &v), &w) in row[k + 1..].iter_mut().zip(&*v).zip(&w) {
                *x = isa.mul_add(vi, w, isa.mul_add(wi, v, *x));
            }
        }
        scale
    }
}

/// Applies the reflection of step `k` to the vectors gathered so far, which are rows `k + 1..`.
pub(super) struct Apply<'a, T> {
    pub n: usize,
    pub k: usize,
    /// Row `k` holds the reflection's vector, right of the diagonal.
    pub a: &'a [T],
    pub scale: T,
    pub vectors: &'a mut [T],
}

impl<T: Real> Kernel for Apply<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { n, k, a, scale, vectors } = self;
        let v = &a[k * n + k + 1..(k + 1) * n];
        for row in vectors[(k + 1) * n..].chunks_exact_mut(n) {
            let row = &mut row[k + 1..];
            let factor = -scale * dot(isa, row, v);
            for (x, &v) in row.iter_mut().zip(v) {
                *x = isa.mul_add(factor, v, *x);
            }
        }
    }
}

/// The inner product, in as many sums as fill the registers.
#[inline(always)]
pub(super) fn dot<T: Real, I: Isa>(isa: I, x: &[T], y: &[T]) -> T {
    let mut sums = [T::ZERO; 32];
    let (xs, x_tail) = x.as_chunks::<32>();
    let (ys, y_tail) = y[..x.len()].as_chunks::<32>();
    for (x, y) in xs.iter().zip(ys) {
        for lane in 0..32 {
            sums[lane] = isa.mul_add(x[lane], y[lane], sums[lane]);
        }
    }
    for (sum, (&x, &y)) in sums.iter_mut().zip(x_tail.iter().zip(y_tail)) {
        *sum = isa.mul_add(x, y, *sum);
    }
    let mut width = 32;
    while width > 1 {
        width /= 2;
        for lane in 0..width {
            sums[lane] += sums[lane + width];
        }
    }
    sums[0]
}

/// Diagonalises the tridiagonal matrix with diagonal `d` and `e` beside it.
fn implicit_ql<T: Real>(
    n: usize,
    d: &mut [T],
    e: &mut [T],
    vectors: &mut [T],
    control: &Control,
) -> Result<(), Error> {
    for first in 0..n {
        for iteration in 0.. {
            let negligible = |m: usize| e[m].abs() <= T::EPSILON * (d[m].abs() * d[m + 1].abs()).sqrt();
            let last = (first..n - 1).find(|&m| negligible(m)).unwrap_or(n - 1);
            if last == first {
                break;
            }
            if iteration == MOST {
                return Err(Error::NotConverged { what: "implicit QL", iterations: MOST });
            }
            control.go_on()?;
            sweep(n, d, e, vectors, first, last);
        }
    }
    Ok(())
}

/// One implicit QL step on rows `first..=last`, with Wilkinson's shift.
fn sweep<T: Real>(n: usize, d: &mut [T], e: &mut [T], vectors: &mut [T], first: usize, last: usize) {
    let two = T::from_f64(2.0);
    let g = (d[first + 1] - d[first]) / (two * e[first]);
    let r = hypot(g, T::ONE);
    let shift = d[first] - e[first] / (if g < T::ZERO { g - r } else { g + r });
    let mut g = d[last] - shift;
    let (mut s, mut c, mut p) = (T::ONE, T::ONE, T::ZERO);
    for i in (first..last).rev() {
        let (f, b) = (s * e[i], c * e[i]);
        let r = hypot(f, g);
        e[i + 1] = r;
        if r == T::ZERO {
            d[i + 1] -= p;
            e[last] = T::ZERO;
            return;
        }
        (s, c) = (f / r, g / r);
        g = d[i + 1] - p;
        let r = (d[i] - g) * s + two * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        let (above, below) = vectors.split_at_mut((i + 1) * n);
        dispatch(Rotate { x: &mut above[i * n..], y: &mut below[..n], c, s });
    }
    d[first] -= p;
    e[first] = g;
    e[last] = T::ZERO;
}

/// `(x, y) := (c x - s y, s x + c y)`.
struct Rotate<'a, T> {
    x: &'a mut [T],
    y: &'a mut [T],
    c: T,
    s: T,
}

impl<T: Real> Kernel for Rotate<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        for (x, y) in self.x.iter_mut().zip(self.y) {
            (*x, *y) = (isa.mul_add(self.c, *x, -self.s * *y), isa.mul_add(self.s, *x, self.c * *y));
        }
    }
}

/// The length of `(x, y)`, without overflow.
pub fn hypot<T: Real>(x: T, y: T) -> T {
    let (x, y) = (x.abs(), y.abs());
    let (large, small) = if x > y { (x, y) } else { (y, x) };
    if large == T::ZERO {
        return T::ZERO;
    }
    let ratio = small / large;
    large * (T::ONE + ratio * ratio).sqrt()
}

/// Values and their rows in ascending order.
fn sorted<T: Real>(n: usize, d: &[T], vectors: &[T]) -> (Vec<T>, Vec<T>) {
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| d[i].partial_cmp(&d[j]).unwrap_or(std::cmp::Ordering::Equal));
    let values = order.iter().map(|&i| d[i]).collect();
    let rows = order.iter().flat_map(|&i| &vectors[i * n..(i + 1) * n]).copied().collect();
    (values, rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_eigenvectors() {
        for n in [1, 2, 3, 17, 60, 101] {
            let a: Vec<f64> = (0..n * n).map(|k| ((k / n * (k % n) + k / n + k % n) as f64).sin()).collect();
            let (w, v) = eigh(n, &mut a.clone(), &Control::default()).unwrap();
            assert!(w.is_sorted());
            for j in 0..n {
                for i in 0..n {
                    let av: f64 = (0..n).map(|p| a[i * n + p] * v[j * n + p]).sum();
                    assert!((av - w[j] * v[j * n + i]).abs() < 1e-13 * n as f64, "n = {n}");
                    let vv: f64 = (0..n).map(|p| v[i * n + p] * v[j * n + p]).sum();
                    assert!((vv - f64::from(u8::from(i == j))).abs() < 1e-13 * n as f64);
                }
            }
        }
    }

    #[test]
    fn a_diagonal_matrix_is_sorted() {
        let mut a = [3.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 2.0];
        let (w, v) = eigh(3, &mut a, &Control::default()).unwrap();
        assert_eq!(w, [1.0, 2.0, 3.0]);
        assert_eq!(v, [0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0]);
    }
}
