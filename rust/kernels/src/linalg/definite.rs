//! Spectra of positive definite matrices to high relative accuracy: rotations of a Cholesky factor.
//!
//! K. Veselić and V. Hari, "A note on a one-sided Jacobi algorithm", Numer. Math. 56, 1989; J.
//! Demmel and K. Veselić, "Jacobi's method is more accurate than QR", SIAM J. Matrix Anal. Appl. 13,
//! 1992. `A = L L^H` with pivoting; then the columns of `L` are rotated until they are orthogonal:
//! their squared lengths are the eigenvalues, their directions the vectors. For `A = D C D`, with a
//! diagonal `D` of any size, the relative error of every value is bounded by the condition of `C`.

use super::columns::Column;
use super::one_sided::{Normalise, rotate_all};
use super::options::Told;
use super::symmetric::Found;
use crate::scalar::{Real, Scalar};
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error};

/// Eigenvalues, ascending, and eigenvectors, as rows, of the matrix whose lower triangle is in `a`;
/// nothing where it is not definite in each of its digits.
///
/// # Errors
///
/// [`Error::NotConverged`]; [`Error::Stopped`].
pub fn eigh<T: Column>(n: usize, a: &[T], control: &Control) -> Result<Option<Found<T>>, Error> {
    let Some(power) = power(n, a) else { return Ok(None) };
    let mut work = whole(n, a, power);
    let Some(mut columns) = factor(n, &mut work, control)? else { return Ok(None) };
    let rotated = rotate_all(n, &mut columns, &mut [], control)?;
    let lengths: Vec<T::Real> =
        columns.chunks_exact_mut(n).map(|column| dispatch(Normalise(column))).collect();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| lengths[i].partial_cmp(&lengths[j]).unwrap_or(std::cmp::Ordering::Equal));
    let value = |&j: &usize| (lengths[j] * lengths[j]).scale_by_power_of_two(-power);
    Ok(Some(Found {
        told: Told {
            ok: true,
            sweeps: rotated.sweeps,
            rotations: rotated.rotations,
            off_diagonal: rotated.off_diagonal.to_f64(),
        },
        values: order.iter().map(value).collect(),
        rows: order.iter().flat_map(|&j| &columns[j * n..(j + 1) * n]).copied().collect(),
    }))
}

/// Whether the matrix whose lower triangle is in `a` is positive definite in each of its digits, as
/// it stays under any scaling `D A D`.
///
/// # Errors
///
/// [`Error::Stopped`].
pub fn is_definite<T: Column>(n: usize, a: &[T], control: &Control) -> Result<bool, Error> {
    let Some(power) = power(n, a) else { return Ok(false) };
    factor(n, &mut whole(n, a, power), control).map(|found| found.is_some())
}

/// The power of two that makes the largest element as large as it can be with inner products that
/// may still be squared: small ones have the widest range then. None where no element is positive.
fn power<T: Column>(n: usize, a: &[T]) -> Option<i32> {
    let zero = <T::Real as Scalar>::ZERO;
    let largest = (0..n).map(|i| a[i * n + i].re()).fold(zero, |m, x| if x > m { x } else { m });
    let room = 4 + (usize::BITS - n.leading_zeros()) as i32;
    (largest > zero).then(|| T::Real::MAX.exponent() / 2 - room - largest.exponent())
}

/// Both triangles, times a power of two.
fn whole<T: Column>(n: usize, a: &[T], power: i32) -> Vec<T> {
    let mut whole = vec![T::ZERO; n * n];
    for i in 0..n {
        for j in 0..i {
            let x = a[i * n + j].times_power_of_two(power);
            whole[i * n + j] = x;
            whole[j * n + i] = x.conj();
        }
        whole[i * n + i] = T::from_real(a[i * n + i].re().scale_by_power_of_two(power));
    }
    whole
}

/// The columns of the Cholesky factor, each in the order of the rows of `a`, by descending pivots;
/// nothing where a pivot is no larger than the rounding errors of its own diagonal element.
fn factor<T: Column>(n: usize, a: &mut [T], control: &Control) -> Result<Option<Vec<T>>, Error> {
    let zero = <T::Real as Scalar>::ZERO;
    let noise = T::Real::EPSILON * T::Real::from_f64(n as f64);
    let diagonal: Vec<T::Real> = (0..n).map(|i| a[i * n + i].re()).collect();
    let mut left: Vec<usize> = (0..n).collect();
    let mut columns = vec![T::ZERO; n * n];
    for column in columns.chunks_exact_mut(n) {
        control.go_on()?;
        let pivot = |i: usize| a[i * n + i].re();
        let best = (0..left.len()).fold(0, |m, k| if pivot(left[k]) > pivot(left[m]) { k } else { m });
        let p = left[best];
        let size = pivot(p);
        // The others are no larger, but may have lost more beside their own diagonal elements.
        if !(size > zero) || left.iter().any(|&i| !(pivot(i) > noise * diagonal[i])) {
            return Ok(None);
        }
        let root = size.sqrt();
        for &i in &left {
            column[i] = a[i * n + p].over(T::from_real(root));
        }
        column[p] = T::from_real(root);
        left.swap_remove(best);
        dispatch(Update { n, left: &left, column, a });
    }
    Ok(Some(columns))
}

/// Subtracts `column column^H` from the rows that are left.
struct Update<'a, T> {
    n: usize,
    left: &'a [usize],
    column: &'a [T],
    a: &'a mut [T],
}

impl<T: Column> Kernel for Update<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { n, left, column, a } = self;
        let conjugate: Vec<T> = column.iter().map(|x| x.conj()).collect();
        for &i in left {
            let factor = -column[i];
            for (x, &y) in a[i * n..(i + 1) * n].iter_mut().zip(&conjugate) {
                *x = T::multiply_add(isa, factor, y, *x);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;

    /// `D C D` with a well-conditioned `C`, and the sizes of `D` in no order.
    fn graded(n: usize, spread: f64) -> Vec<f64> {
        let d = |i: usize| 10_f64.powf(-spread * ((7 * i + 3) % n) as f64 / n as f64);
        let c = |i: usize, j: usize| {
            if i == j { 1.0 } else { 0.3 * ((i.max(j) * 5 + i.min(j)) as f64).sin() / n as f64 }
        };
        (0..n * n).map(|k| d(k / n) * c(k / n, k % n) * d(k % n)).collect()
    }

    #[test]
    fn vectors_are_orthogonal_and_values_theirs_at_every_level() {
        at_every_level(|level| {
            for n in [1, 2, 5, 17, 40] {
                let a = graded(n, 2.0);
                let found = eigh(n, &a, &Control::default()).unwrap().unwrap();
                assert!(found.values.is_sorted());
                let v = |k: usize, i: usize| found.rows[k * n + i];
                for k in 0..n {
                    for i in 0..n {
                        let av: f64 = (0..n).map(|j| a[i * n + j] * v(k, j)).sum();
                        assert!((av - found.values[k] * v(k, i)).abs() < 1e-14, "{level:?} {n}");
                        let product: f64 = (0..n).map(|j| v(k, j) * v(i, j)).sum();
                        assert!((product - f64::from(u8::from(i == k))).abs() < 1e-14 * n as f64);
                    }
                }
            }
        });
    }

    #[test]
    fn the_product_of_the_values_is_the_determinant_however_graded() {
        // The logarithms of the pivots of C, of condition about 1, and of D.
        for n in [4, 20] {
            let (flat, graded) = (graded(n, 0.0), graded(n, 40.0));
            let log = |a: &[f64]| {
                let found = eigh(n, a, &Control::default()).unwrap().unwrap();
                found.values.iter().map(|w| w.log10()).sum::<f64>()
            };
            let scales: f64 = (0..n).map(|i| -80.0 * ((7 * i + 3) % n) as f64 / n as f64).sum();
            assert!((log(&graded) - scales - log(&flat)).abs() < 1e-10, "n = {n}");
        }
    }

    #[test]
    fn what_is_not_definite_is_left_to_others() {
        for a in [[1.0, 2.0, 2.0, 1.0], [0.0; 4], [1.0, 1.0, 1.0, 1.0], [-1.0, 0.0, 0.0, -2.0]] {
            assert!(eigh(2, &a, &Control::default()).unwrap().is_none());
            assert!(!is_definite(2, &a, &Control::default()).unwrap());
        }
        assert!(is_definite(2, &[1.0, 0.0, 1e-10, 1e-19], &Control::default()).unwrap());
    }
}
