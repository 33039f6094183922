//! Before the QR algorithm: balance, then Hessenberg form.
//!
//! B. N. Parlett and C. Reinsch, "Balancing a matrix for calculation of eigenvalues and
//! eigenvectors", Numer. Math. 13, 1969; G. H. Golub and C. F. Van Loan, "Matrix Computations",
//! section 7.4. Matrices are contiguous, row after row.

use super::matmul::Update;
use super::tridiagonal::{Apply, dot};
use super::vector::times_vector;
use crate::scalar::{Field, Real, Scalar};
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error};
use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, s};

/// Scales rows and columns by powers of two until their lengths are alike; returns the powers that
/// rows were divided and columns multiplied by.
///
/// Lengths, with the diagonal, and not sums without it: those grow the norm of matrices like Frank's,
/// and the errors with it (R. James, J. Langou and B. R. Lowery, "On matrix balancing and eigenvector
/// computation", 2014).
pub fn balance<T: Field>(n: usize, a: &mut [T]) -> Vec<i32> {
    let mut powers = vec![0; n];
    let mut changed = true;
    while changed {
        changed = false;
        for i in 0..n {
            let others = |step: usize, first: usize| {
                let line = a[first..].iter().step_by(step).take(n).enumerate();
                line.filter(move |&(j, _)| j != i).all(|(_, x)| x.magnitude() == T::Real::ZERO)
            };
            let (row, column) = (length(&a[i * n..], 1, n), length(&a[i..], n, n));
            if others(1, i * n) || others(n, i) {
                continue;
            }
            let power = (row.exponent() - column.exponent()) / 2;
            let after = column.scale_by_power_of_two(power) + row.scale_by_power_of_two(-power);
            if power != 0 && after < T::Real::from_f64(0.95) * (row + column) {
                changed = true;
                powers[i] += power;
                a[i * n..(i + 1) * n].iter_mut().for_each(|x| *x = x.times_power_of_two(-power));
                a.iter_mut().skip(i).step_by(n).for_each(|x| *x = x.times_power_of_two(power));
            }
        }
    }
    powers
}

/// The length of the vector of `n` elements, `step` apart, without overflow.
fn length<T: Field>(a: &[T], step: usize, n: usize) -> T::Real {
    let sizes = || a.iter().step_by(step).take(n).map(|x| x.magnitude());
    let largest = sizes().fold(T::Real::ZERO, |m, x| if x > m { x } else { m });
    if largest == T::Real::ZERO {
        return largest;
    }
    let power = largest.exponent();
    let one: T::Real = sizes().map(|x| x.scale_by_power_of_two(-power)).map(|x| x * x).sum();
    one.sqrt().scale_by_power_of_two(power)
}

/// Reduces `a` to Hessenberg form `Z^T A Z` by reflections, and returns `Z^T` where it is wanted.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn hessenberg<T: Real>(n: usize, a: &mut [T], wanted: bool, control: &Control) -> Result<Vec<T>, Error> {
    let mut reflections = vec![T::ZERO; n * n];
    let (mut factors, mut sums) = (vec![T::ZERO; n], vec![T::ZERO; n]);
    for k in 0..n.saturating_sub(2) {
        let v = &mut reflections[k * n + k + 1..(k + 1) * n];
        let Some((factor, beside)) = reflection(n, k, a, v) else { continue };
        factors[k] = factor;
        let sums = &mut sums[k..];
        if let Ok(all) = ArrayView2::from_shape((n, n), &*a) {
            let columns = all.slice_move(s![k + 1.., k..]).reversed_axes();
            times_vector(
                columns,
                ArrayView1::from(&*v),
                ArrayViewMut1::from(&mut *sums),
                Update::Assign,
                control,
            )?;
        }
        dispatch(Similar { n, k, a, v, factor, sums });
        a[(k + 1) * n + k] = beside;
        (k + 2..n).for_each(|i| a[i * n + k] = T::ZERO);
    }
    if !wanted {
        return Ok(vec![]);
    }
    let mut turned = vec![T::ZERO; n * n];
    for k in (0..n).rev() {
        turned[k * n + k] = T::ONE;
        if k > 0 {
            control.go_on()?;
            dispatch(Apply { n, k: k - 1, a: &reflections, scale: factors[k - 1], vectors: &mut turned });
        }
    }
    Ok(turned)
}

/// The reflection `I - factor v v^T` that leaves one element below the diagonal of column `k`:
/// the factor and that element; `None` where there is no other.
fn reflection<T: Real>(n: usize, k: usize, a: &[T], v: &mut [T]) -> Option<(T, T)> {
    v.iter_mut().enumerate().for_each(|(i, v)| *v = a[(k + 1 + i) * n + k]);
    if v[1..].iter().all(|&x| x == T::ZERO) {
        v.fill(T::ZERO);
        return None;
    }
    let scale = v.iter().fold(T::ZERO, |m, x| m + x.abs());
    v.iter_mut().for_each(|v| *v /= scale);
    let norm = v.iter().fold(T::ZERO, |sum, &v| sum + v * v).sqrt();
    let alpha = if v[0] < T::ZERO { norm } else { -norm };
    v[0] -= alpha;
    let factor = T::from_f64(2.0) / v.iter().fold(T::ZERO, |sum, &v| sum + v * v);
    Some((factor, alpha * scale))
}

/// A reflection from both sides; `sums` is `v^T A` from column `k` on.
struct Similar<'a, T> {
    n: usize,
    k: usize,
    a: &'a mut [T],
    v: &'a [T],
    factor: T,
    sums: &'a [T],
}

impl<T: Real> Kernel for Similar<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { n, k, a, v, factor, sums } = self;
        for (i, row) in a.chunks_exact_mut(n).enumerate() {
            let row = &mut row[k..];
            if i > k {
                let multiple = -factor * v[i - k - 1];
                for (x, &sum) in row.iter_mut().zip(sums) {
                    *x = isa.mul_add(multiple, sum, *x);
                }
            }
            let row = &mut row[1..];
            let multiple = -factor * dot(isa, row, v);
            for (x, &v) in row.iter_mut().zip(v) {
                *x = isa.mul_add(multiple, v, *x);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;
    use ndarray::Array2;

    #[test]
    fn the_form_is_similar_to_its_matrix_at_every_level() {
        at_every_level(|_| {
            for n in [1, 2, 3, 9, 40] {
                let a = Array2::from_shape_fn((n, n), |(i, j)| ((7 * i + 11 * j * j) as f64).sin());
                let mut h = a.as_slice().unwrap().to_vec();
                let turned = hessenberg(n, &mut h, true, &Control::default()).unwrap();
                let (h, turned) = (Array2::from_shape_vec((n, n), h), Array2::from_shape_vec((n, n), turned));
                let (h, turned) = (h.unwrap(), turned.unwrap());
                let back = turned.t().dot(&h).dot(&turned);
                assert!((back - &a).iter().all(|e| e.abs() < 1e-14 * n as f64), "n = {n}");
                assert!(h.indexed_iter().all(|((i, j), &x)| i <= j + 1 || x == 0.0));
            }
        });
    }
}
