//! Determinants too large or too small for a number: a sign, and the logarithm of the size.

use super::lu::Lu;
use super::solve::{Solvable, size_of_square};
use crate::scalar::{Real, Scalar};
use crate::{Control, Error, threads};
use ndarray::{ArrayView2, ArrayViewD};

/// Elements whose matrices are one piece of work for a thread.
const SHARE: usize = 1 << 10;

/// Sign and logarithm of the absolute value of the determinant of each matrix of `a`.
///
/// # Errors
///
/// [`Error::NotSquare`]; [`Error::Stopped`].
pub fn slogdet<T: Solvable>(
    a: ArrayViewD<'_, T>,
    control: &Control,
) -> Result<(Vec<T>, Vec<T::Real>), Error> {
    let n = size_of_square(a.shape())?;
    let count = a.shape()[..a.ndim() - 2].iter().product();
    let whole = a.as_standard_layout();
    let a = whole.as_slice().unwrap_or_default();
    let pieces = threads::map_chunks(control, count, SHARE.div_ceil(n * n + 1), |range| {
        range
            .map(|slice| of_one(n, &a[slice * n * n..(slice + 1) * n * n], control))
            .collect::<Result<Vec<_>, _>>()
    })?;
    Ok(pieces.into_iter().flatten().unzip())
}

/// Of one matrix.
fn of_one<T: Solvable>(n: usize, a: &[T], control: &Control) -> Result<(T, T::Real), Error> {
    let Ok(matrix) = ArrayView2::from_shape((n, n), a) else {
        return Ok((T::ONE, <T::Real as Scalar>::ZERO));
    };
    match Lu::factor(matrix, control) {
        Ok(lu) => Ok(lu.slogdet()),
        Err(Error::Singular { .. }) if a.iter().all(|x| x.is_finite()) => {
            Ok((T::ZERO, -<T::Real as Real>::INFINITY))
        }
        Err(Error::Singular { .. }) => Ok((T::nan(), <T::Real as Real>::NAN)),
        Err(other) => Err(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use num_complex::Complex;

    #[test]
    fn signs_and_sizes_are_those_of_the_determinant() {
        let a = array![[[0.0, 2.0], [3.0, 1.0]], [[1.0, 2.0], [2.0, 4.0]], [[f64::NAN, 0.0], [0.0, 0.0]]];
        let (signs, logs) = slogdet(a.view().into_dyn(), &Control::default()).unwrap();
        assert_eq!(signs[..2], [-1.0, 0.0]);
        assert!((logs[0] - 6.0_f64.ln()).abs() < 1e-15 && logs[1] == f64::NEG_INFINITY);
        assert!(signs[2].is_nan() && logs[2].is_nan());
        let i = Complex { re: 0.0_f64, im: 2e-200 };
        let a = array![[i, Complex::ZERO], [Complex::ZERO, -i]];
        let (signs, logs): (Vec<Complex<f64>>, Vec<f64>) =
            slogdet(a.view().into_dyn(), &Control::default()).unwrap();
        assert!((signs[0] - 1.0).norm() < 1e-15);
        assert!((logs[0] - 2.0 * 2e-200_f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn what_would_overflow_has_a_logarithm() {
        let a = ndarray::Array2::<f64>::eye(400) * 10.0;
        let (signs, logs) = slogdet(a.view().into_dyn(), &Control::default()).unwrap();
        assert_eq!(signs, [1.0]);
        assert!((logs[0] - 400.0 * 10.0_f64.ln()).abs() < 1e-10);
    }
}
