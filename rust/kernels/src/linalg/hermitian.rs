//! Eigenvalues of complex Hermitian matrices: to real tridiagonal form by reflections and phases.
//!
//! G. H. Golub and C. F. Van Loan, "Matrix Computations", section 8.3, with the complex reflections
//! of LAPACK's `zhetrd`; from there on as for real matrices.

use super::divide::spectrum;
use super::householder::Tridiagonal;
use super::tridiagonal::implicit_ql;
use crate::scalar::Real;
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error};
use num_complex::Complex;

/// Eigenvalues, ascending, and eigenvectors, as rows, of the `n` x `n` matrix whose lower triangle
/// is in `a`; its largest element is about 1.
///
/// # Errors
///
/// [`Error::NotConverged`]; [`Error::Stopped`].
pub fn eigh<R: Real>(
    n: usize,
    a: &mut [Complex<R>],
    control: &Control,
) -> Result<(Vec<R>, Vec<Complex<R>>), Error> {
    let (form, phases) = reduce(n, a, control)?;
    let (values, real) = spectrum(&form.diagonal, &form.beside, control)?;
    let turned = |row: &[R]| row.iter().zip(&phases).map(|(&x, p)| p * x).collect::<Vec<_>>();
    let mut rows: Vec<Complex<R>> = real.chunks_exact(n).flat_map(turned).collect();
    for k in (0..n.saturating_sub(1)).rev() {
        control.go_on()?;
        let v = &a[k * n + k + 1..(k + 1) * n];
        dispatch(Apply { n, v, scale: form.scales[k], rows: &mut rows });
    }
    Ok((values, rows))
}

/// The eigenvalues alone, ascending.
///
/// # Errors
///
/// As [`eigh`].
pub fn eigvalsh<R: Real>(n: usize, a: &mut [Complex<R>], control: &Control) -> Result<Vec<R>, Error> {
    let (Tridiagonal { diagonal: mut d, beside: mut e, .. }, _) = reduce(n, a, control)?;
    implicit_ql(n, &mut d, &mut e, &mut [], control)?;
    d.sort_by(|x, y| x.partial_cmp(y).unwrap_or(std::cmp::Ordering::Equal));
    Ok(d)
}

/// The tridiagonal form with positive elements beside the diagonal, and the phases that made them
/// so; the vectors of the reflections are left in the rows of `a`, right of the diagonal.
fn reduce<R: Real>(
    n: usize,
    a: &mut [Complex<R>],
    control: &Control,
) -> Result<(Tridiagonal<R>, Vec<Complex<R>>), Error> {
    let real = |re| Complex { re, im: R::ZERO };
    for i in 0..n {
        a[i * n + i].im = R::ZERO;
        for j in i + 1..n {
            a[i * n + j] = a[j * n + i].conj();
        }
    }
    let zeros = || vec![R::ZERO; n];
    let mut form = Tridiagonal { diagonal: zeros(), beside: zeros(), scales: zeros() };
    let mut phases = vec![real(R::ONE); n];
    for k in 0..n {
        control.go_on()?;
        form.diagonal[k] = a[k * n + k].re;
        if k + 1 == n {
            break;
        }
        let (alpha, scale) = dispatch(Reflect { n, k, a });
        form.scales[k] = scale;
        let size = alpha.re.hypot_of(alpha.im);
        form.beside[k] = size;
        let turn =
            if size == R::ZERO { real(R::ONE) } else { Complex { re: alpha.re / size, im: alpha.im / size } };
        phases[k + 1] = phases[k] * turn;
    }
    Ok((form, phases))
}

/// The length of a complex number, without overflow.
trait Length: Real {
    fn hypot_of(self, im: Self) -> Self {
        super::tridiagonal::hypot(self, im)
    }
}

impl<R: Real> Length for R {}

/// One reflection `I - s v v^H`; leaves `v` in row `k`, and returns the element beside the diagonal
/// and `s`.
struct Reflect<'a, R> {
    n: usize,
    k: usize,
    a: &'a mut [Complex<R>],
}

impl<R: Real> Kernel for Reflect<'_, R> {
    type Output = (Complex<R>, R);

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let Self { n, k, a } = self;
        let (head, tail) = a.split_at_mut((k + 1) * n);
        let v = &mut head[k * n + k + 1..];
        v.iter_mut().for_each(|x| *x = x.conj());
        let square = |z: &Complex<R>| z.re * z.re + z.im * z.im;
        let rest = v[1..].iter().fold(R::ZERO, |sum, z| sum + square(z));
        let first = v[0];
        // What is so small beside the largest element of the matrix has no square.
        if rest <= R::MIN_POSITIVE / R::EPSILON {
            v.fill(Complex { re: R::ZERO, im: R::ZERO });
            return (first, R::ZERO);
        }
        let size = first.re.hypot_of(first.im);
        let norm = (size * size + rest).sqrt();
        let phase = if size == R::ZERO {
            Complex { re: R::ONE, im: R::ZERO }
        } else {
            Complex { re: first.re / size, im: first.im / size }
        };
        let alpha = -(phase * norm);
        v[0] = first - alpha;
        let scale = R::ONE / (norm * (norm + size));
        // A - v w^H - w v^H, where w = s A v - (s^2 / 2) (v^H A v) v.
        let mut w: Vec<Complex<R>> =
            tail.chunks_exact(n).map(|row| times(isa, &row[k + 1..], v) * scale).collect();
        let along = v.iter().zip(&w).fold(R::ZERO, |sum, (v, w)| sum + v.re * w.re + v.im * w.im);
        let half = scale * along * R::from_f64(0.5);
        w.iter_mut().zip(&*v).for_each(|(w, &v)| *w = *w - v * half);
        for (i, row) in tail.chunks_exact_mut(n).enumerate() {
            let (vi, wi) = (v[i], w[i]);
            for ((x, v), w) in row[k + 1..].iter_mut().zip(&*v).zip(&w) {
                x.re = x.re - (vi.re * w.re + vi.im * w.im) - (wi.re * v.re + wi.im * v.im);
                x.im = x.im - (vi.im * w.re - vi.re * w.im) - (wi.im * v.re - wi.re * v.im);
            }
        }
        (alpha, scale)
    }
}

/// Applies a reflection to each row, which is a vector.
struct Apply<'a, R> {
    n: usize,
    v: &'a [Complex<R>],
    scale: R,
    rows: &'a mut [Complex<R>],
}

impl<R: Real> Kernel for Apply<'_, R> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { n, v, scale, rows } = self;
        let conjugate: Vec<Complex<R>> = v.iter().map(Complex::conj).collect();
        for row in rows.chunks_exact_mut(n) {
            let row = &mut row[n - v.len()..];
            let sum = times(isa, row, &conjugate) * scale;
            for (x, v) in row.iter_mut().zip(v) {
                x.re = isa.mul_add(-sum.re, v.re, isa.mul_add(sum.im, v.im, x.re));
                x.im = isa.mul_add(-sum.re, v.im, isa.mul_add(-sum.im, v.re, x.im));
            }
        }
    }
}

/// The sum of products, not conjugated, in several sums.
#[inline(always)]
fn times<R: Real, I: Isa>(isa: I, x: &[Complex<R>], y: &[Complex<R>]) -> Complex<R> {
    let zero = Complex { re: R::ZERO, im: R::ZERO };
    let mut sums = [zero; 4];
    let add = |sum: &mut Complex<R>, x: &Complex<R>, y: &Complex<R>| {
        sum.re = isa.mul_add(x.re, y.re, isa.mul_add(-x.im, y.im, sum.re));
        sum.im = isa.mul_add(x.re, y.im, isa.mul_add(x.im, y.re, sum.im));
    };
    let ((xs, x_tail), (ys, y_tail)) = (x.as_chunks::<4>(), y[..x.len()].as_chunks::<4>());
    for (x, y) in xs.iter().zip(ys) {
        (0..4).for_each(|lane| add(&mut sums[lane], &x[lane], &y[lane]));
    }
    x_tail.iter().zip(y_tail).for_each(|(x, y)| add(&mut sums[0], x, y));
    (sums[0] + sums[1]) + (sums[2] + sums[3])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_orthonormal_eigenvectors() {
        for n in [1, 2, 3, 9, 40, 70] {
            let mut a = vec![Complex { re: 0.0, im: 0.0 }; n * n];
            for (i, j) in (0..n * n).map(|place| (place / n, place % n)).filter(|(i, j)| j <= i) {
                let im = if i == j { 0.0 } else { ((5 * i * j + j + 1) as f64).cos() };
                a[i * n + j] = Complex { re: ((7 * i + 11 * j * j) as f64).sin(), im };
                a[j * n + i] = a[i * n + j].conj();
            }
            let (w, rows) = eigh(n, &mut a.clone(), &Control::default()).unwrap();
            let alone = eigvalsh(n, &mut a.clone(), &Control::default()).unwrap();
            let tolerance = 1e-14 * n as f64;
            assert!(w.is_sorted() && w.iter().zip(alone).all(|(x, y)| (x - y).abs() < tolerance));
            for (value, x) in w.iter().zip(rows.chunks(n)) {
                for i in 0..n {
                    let ax: Complex<f64> = (0..n).map(|j| a[i * n + j] * x[j]).sum();
                    assert!((ax - x[i] * value).norm() < tolerance, "n = {n}");
                }
            }
            for (i, j) in (0..n * n).map(|place| (place / n, place % n)) {
                let dot: Complex<f64> = (0..n).map(|p| rows[i * n + p].conj() * rows[j * n + p]).sum();
                assert!((dot - f64::from(u8::from(i == j))).norm() < tolerance);
            }
        }
    }
}
