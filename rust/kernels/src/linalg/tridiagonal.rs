//! Symmetric matrices too large for rotations: to tridiagonal form, then implicit QL, or divide and
//! conquer where vectors of large ones are wanted.
//!
//! A. Dubrulle, R. S. Martin and J. H. Wilkinson, "The implicit QL algorithm", Numer. Math. 12,
//! 1968. Vectors are kept as rows, so that every inner loop runs along memory.

use super::divide::spectrum;
use super::householder::{Tridiagonal, turn_back};
use crate::scalar::Real;
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error};

/// Iterations for one eigenvalue after which something is wrong; it takes two on average.
const MOST: usize = 50;

/// Iterations for one eigenvalue after which an element need only be small beside the largest of
/// all, and no longer beside its neighbours, which may be rounding errors themselves.
const PATIENT: usize = 20;

/// Eigenvalues, ascending, and eigenvectors, as rows of the result, of the symmetric `n` x `n`
/// matrix whose lower triangle is in `a`; `a` is used as working space.
///
/// # Errors
///
/// [`Error::NotConverged`]; [`Error::Stopped`].
pub fn eigh<T: Real>(n: usize, a: &mut [T], control: &Control) -> Result<(Vec<T>, Vec<T>), Error> {
    let form = Tridiagonal::of(n, a, control)?;
    let (values, mut rows) = spectrum(&form.diagonal, &form.beside, control)?;
    turn_back(n, a, &form.scales, &mut rows, control)?;
    Ok((values, rows))
}

/// The eigenvalues alone, ascending; `a` is used as working space.
///
/// # Errors
///
/// [`Error::NotConverged`]; [`Error::Stopped`].
pub fn eigvalsh<T: Real>(n: usize, a: &mut [T], control: &Control) -> Result<Vec<T>, Error> {
    let Tridiagonal { diagonal: mut d, beside: mut e, .. } = Tridiagonal::of(n, a, control)?;
    implicit_ql(n, &mut d, &mut e, &mut [], control)?;
    d.sort_by(|x, y| x.partial_cmp(y).unwrap_or(std::cmp::Ordering::Equal));
    Ok(d)
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

/// Diagonalises the tridiagonal matrix with diagonal `d` and `e` beside it; `vectors` may be empty.
pub(super) fn implicit_ql<T: Real>(
    n: usize,
    d: &mut [T],
    e: &mut [T],
    vectors: &mut [T],
    control: &Control,
) -> Result<(), Error> {
    let largest = d.iter().chain(&*e).fold(T::ZERO, |m, x| if x.abs() > m { x.abs() } else { m });
    for first in 0..n {
        for iteration in 0.. {
            let floor = if iteration < PATIENT { T::ZERO } else { T::EPSILON * largest };
            let negligible = |m: usize| {
                e[m].abs() <= T::EPSILON * (d[m].abs() * d[m + 1].abs()).sqrt() || e[m].abs() <= floor
            };
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
        if vectors.is_empty() {
            continue;
        }
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
    if large == T::ZERO || large.is_nan() || small.is_nan() {
        // Of zeros zero, of what is not a number that.
        return x + y;
    }
    let ratio = small / large;
    large * (T::ONE + ratio * ratio).sqrt()
}

/// Values and their rows in ascending order.
pub(super) fn sorted<T: Real>(n: usize, d: &[T], vectors: &[T]) -> (Vec<T>, Vec<T>) {
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
            let alone = eigvalsh(n, &mut a.clone(), &Control::default()).unwrap();
            assert!(w.iter().zip(&alone).all(|(x, y)| (x - y).abs() < 1e-14 * n as f64));
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
    fn lengths_neither_overflow_nor_hide_what_is_not_a_number() {
        assert_eq!(hypot(3e300, -4e300), 5e300);
        assert_eq!(hypot(0.0, 0.0), 0.0);
        assert_eq!(hypot(f64::INFINITY, 1.0), f64::INFINITY);
        for other in [0.0, 1.0, f64::INFINITY, f64::NAN] {
            assert!(hypot(f64::NAN, other).is_nan() && hypot(other, f64::NAN).is_nan());
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
