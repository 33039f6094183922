//! How good eigenvalues and eigenvectors of general matrices are, and whether there are enough.

use super::columns::Column;
use super::eig::{Eigen, Spectral};
use super::lu::Lu;
use super::report::estimate;
use crate::scalar::{Field, Real, Scalar};
use crate::{Control, Error, threads};
use ndarray::{Array2, ArrayView2, ArrayViewD};
use num_complex::Complex;

/// What is known of the spectrum of one matrix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quality<R> {
    /// Whether the matrix was finite.
    pub ok: bool,
    /// The largest `|A v - w v|`, relative to the Frobenius norm of `A`.
    pub residual: R,
    /// The reciprocal condition of the matrix of vectors: about the precision where it is defective.
    pub rcond: R,
}

/// Judges each of the spectra that were found for a stack.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn judge<T: Spectral>(
    a: &ArrayViewD<'_, T>,
    found: &[Eigen<T::Real>],
    control: &Control,
) -> Result<Vec<Quality<T::Real>>, Error>
where
    Complex<T::Real>: Column<Real = T::Real>,
{
    let n = super::solve::size_of_square(a.shape())?;
    let whole = a.as_standard_layout();
    let slices: Vec<&[T]> = whole.as_slice().unwrap_or_default().chunks((n * n).max(1)).collect();
    let count = a.shape()[..a.ndim() - 2].iter().product();
    threads::map_chunks(control, count, 1, |range| {
        let (Some(a), Some(eigen)) = (slices.get(range.start), found.get(range.start)) else {
            // Of no elements.
            let one = <T::Real as Scalar>::ONE;
            return Ok(Quality { ok: true, residual: <T::Real as Scalar>::ZERO, rcond: one });
        };
        let ok = a.iter().all(|x| x.is_finite());
        let rcond = if ok { condition(n, eigen, control)? } else { T::Real::from_f64(f64::NAN) };
        Ok(Quality { ok, residual: residual(n, a, eigen), rcond })
    })
}

/// The reciprocal condition of the matrix whose columns are the vectors.
fn condition<R: Real>(n: usize, eigen: &Eigen<R>, control: &Control) -> Result<R, Error>
where
    Complex<R>: Column<Real = R>,
{
    let vectors = Array2::from_shape_fn((n, n), |(i, j)| eigen.vectors[j][i]);
    match Lu::factor(vectors.view(), control) {
        Ok(lu) => Ok(estimate(vectors.view(), &lu)),
        Err(Error::Singular { .. }) => Ok(R::ZERO),
        Err(other) => Err(other),
    }
}

/// The largest residual; both sides are scaled by a power of two, so that nothing overflows.
fn residual<T: Spectral>(n: usize, a: &[T], eigen: &Eigen<T::Real>) -> T::Real
where
    Complex<T::Real>: Field<Real = T::Real>,
{
    let zero = <T::Real as Scalar>::ZERO;
    let largest = a.iter().map(|x| x.magnitude()).fold(zero, |m, x| if x > m { x } else { m });
    if !(largest > zero) {
        // Zero, or not a number, as the values are.
        return eigen.values.iter().fold(largest, |sum, value| sum + value.modulus());
    }
    let power = -largest.exponent();
    let scaled: Vec<Complex<T::Real>> = a
        .iter()
        .map(|x| {
            let [re, im] = x.times_power_of_two(power).parts();
            Complex { re, im }
        })
        .collect();
    let square = |z: &Complex<T::Real>| z.re * z.re + z.im * z.im;
    let size = scaled.iter().map(square).sum::<T::Real>().sqrt();
    let Ok(matrix) = ArrayView2::from_shape((n, n), &scaled) else { return zero };
    let mut worst = zero;
    for (value, vector) in eigen.values.iter().zip(&eigen.vectors) {
        let value = value.times_power_of_two(power);
        let left = matrix.rows().into_iter().zip(vector).map(|(row, &x)| {
            let none = Complex { re: zero, im: zero };
            square(&(row.iter().zip(vector).fold(none, |sum, (&a, &v)| sum + a * v) - value * x))
        });
        let left = left.sum::<T::Real>().sqrt() / size;
        worst = if left > worst || left.is_nan() { left } else { worst };
    }
    worst
}

#[cfg(test)]
mod tests {
    use super::super::eig::{Options, eig_stack};
    use super::super::options::{NanPolicy, Order};
    use super::*;

    fn judged(a: &[f64], n: usize) -> Vec<Quality<f64>> {
        let a = ArrayViewD::from_shape(vec![a.len() / n / n, n, n], a).unwrap();
        let options =
            Options { vectors: true, rule: true, order: Order::Magnitude, policy: NanPolicy::Propagate };
        let found = eig_stack(a.view(), options, &Control::default()).unwrap();
        judge(&a, &found, &Control::default()).unwrap()
    }

    #[test]
    fn defective_matrices_have_dependent_vectors_and_good_ones_have_not() {
        let told = judged(&[2.0, 1.0, 1.0, 2.0, 1.0, 1.0, 0.0, 1.0, f64::NAN, 0.0, 0.0, 1.0], 2);
        assert!(told[0].rcond > 0.4 && told[0].residual < 1e-15 && told[0].ok);
        assert!(told[1].rcond < 1e-15 && told[1].residual < 1e-15 && told[1].ok);
        assert!(told[2].rcond.is_nan() && told[2].residual.is_nan() && !told[2].ok);
    }

    #[test]
    fn residuals_are_relative() {
        for factor in [1e-308, 1e-160, 1e160, 1e300] {
            let a = [3.0, -1.0, 1.0, 2.0].map(|x: f64| x * factor);
            assert!(judged(&a, 2)[0].residual < 1e-15);
        }
        assert_eq!(judged(&[0.0; 4], 2)[0].residual, 0.0);
    }
}
