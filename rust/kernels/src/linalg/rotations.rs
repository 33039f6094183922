//! Eigenvalues of one symmetric matrix of any size by plane rotations.
//!
//! Cyclic by rows, two-sided, as [`super::jacobi`]: for matrices that are not positive definite; those
//! that are have [`super::definite`].

use super::jacobi::MOST_SWEEPS;
use super::options::Told;
use super::symmetric::Found;
use crate::scalar::Real;
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error};

/// Eigenvalues, ascending, and eigenvectors, as rows, of the symmetric matrix whose lower triangle is
/// in `a`, which is used as working space.
///
/// # Errors
///
/// [`Error::NotConverged`]; [`Error::Stopped`].
pub fn eigh<T: Real>(n: usize, a: &mut [T], control: &Control) -> Result<Found<T>, Error> {
    let largest = a.iter().fold(T::ZERO, |m, x| if x.abs() > m { x.abs() } else { m });
    let power = if largest > T::ZERO { largest.exponent() } else { 0 };
    a.iter_mut().for_each(|x| *x = x.scale_by_power_of_two(-power));
    for i in 0..n {
        for j in i + 1..n {
            a[i * n + j] = a[j * n + i];
        }
    }
    let mut v = vec![T::ZERO; n * n];
    (0..n).for_each(|i| v[i * n + i] = T::ONE);
    let mut rotations = 0;
    for sweeps in 0..MOST_SWEEPS {
        let before = rotations;
        for p in 0..n {
            control.go_on()?;
            for q in p + 1..n {
                rotations += usize::from(dispatch(RotateSingle { n, a, v: &mut v, p, q }));
            }
        }
        if rotations == before {
            let mut order: Vec<usize> = (0..n).collect();
            let value = |i: usize| a[i * n + i];
            order.sort_by(|&i, &j| value(i).partial_cmp(&value(j)).unwrap_or(std::cmp::Ordering::Equal));
            let values = order.iter().map(|&i| value(i).scale_by_power_of_two(power)).collect();
            let rows = order.iter().flat_map(|&i| &v[i * n..(i + 1) * n]).copied().collect();
            let told = Told { ok: true, sweeps, rotations, off_diagonal: left(n, a) };
            return Ok(Found { told, values, rows });
        }
    }
    Err(Error::NotConverged { what: "Jacobi rotations", iterations: MOST_SWEEPS })
}

/// The largest element above the diagonal, relative to its diagonal ones.
fn left<T: Real>(n: usize, a: &[T]) -> f64 {
    let mut left = 0.0_f64;
    for (p, q) in (0..n).flat_map(|p| (p + 1..n).map(move |q| (p, q))) {
        let beside = a[p * n + q].abs().to_f64();
        if beside > 0.0 {
            let size = a[p * n + p].abs().to_f64().sqrt() * a[q * n + q].abs().to_f64().sqrt();
            left = left.max(beside / size);
        }
    }
    left
}

/// One rotation of rows and columns `p` and `q` of a full symmetric matrix, if it is needed.
struct RotateSingle<'a, T> {
    n: usize,
    a: &'a mut [T],
    v: &'a mut [T],
    p: usize,
    q: usize,
}

impl<T: Real> Kernel for RotateSingle<'_, T> {
    type Output = bool;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> bool {
        let Self { n, a, v, p, q } = self;
        let (beside, app, aqq) = (a[p * n + q], a[p * n + p], a[q * n + q]);
        let half = T::from_f64(0.5);
        if !(beside.abs() > half * T::EPSILON * (app.abs() * aqq.abs()).sqrt()) {
            return false;
        }
        let difference = aqq - app;
        let double = beside + beside;
        let root = difference.abs() + isa.mul_add(difference, difference, double * double).sqrt();
        let t = if root > T::ZERO { double / root } else { T::ZERO };
        let t = if difference < T::ZERO { -t } else { t };
        let c = T::ONE / isa.mul_add(t, t, T::ONE).sqrt();
        let s = t * c;
        for matrix in [&mut *a, v] {
            let (above, below) = matrix.split_at_mut(q * n);
            for (x, y) in above[p * n..(p + 1) * n].iter_mut().zip(&mut below[..n]) {
                (*x, *y) = (isa.mul_add(-s, *y, c * *x), isa.mul_add(s, *x, c * *y));
            }
        }
        for k in 0..n {
            a[k * n + p] = a[p * n + k];
            a[k * n + q] = a[q * n + k];
        }
        a[p * n + p] = isa.mul_add(-t, beside, app);
        a[q * n + q] = isa.mul_add(t, beside, aqq);
        a[p * n + q] = T::ZERO;
        a[q * n + p] = T::ZERO;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;

    #[test]
    fn rows_are_eigenvectors_at_every_level() {
        at_every_level(|level| {
            for n in [1, 2, 7, 30] {
                let a: Vec<f64> =
                    (0..n * n).map(|k| ((k / n * (k % n) + k / n + k % n) as f64).sin()).collect();
                let Found { told, values, rows } = eigh(n, &mut a.clone(), &Control::default()).unwrap();
                assert!(values.is_sorted() && told.off_diagonal < 1e-15 && told.sweeps < 12);
                assert!(told.rotations <= told.sweeps * n * n / 2);
                for j in 0..n {
                    for i in 0..n {
                        let av: f64 = (0..n).map(|p| a[i * n + p] * rows[j * n + p]).sum();
                        assert!((av - values[j] * rows[j * n + i]).abs() < 1e-14 * n as f64, "{level:?} {n}");
                    }
                }
            }
        });
    }
}
