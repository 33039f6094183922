//! Condition numbers that singular values give: how much an answer may change with its matrix.

use super::columns::Column;
use super::solve::size_of_square;
use super::svd::{Driver, Options, Side, each, pieces, size_of_matrix, take};
use crate::scalar::Real;
use crate::{Control, Error};
use ndarray::ArrayViewD;

/// The norm, or its counterpart with the smallest in place of the largest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Norm {
    /// The largest singular value.
    Spectral,
    /// The smallest singular value.
    LeastSingular,
    /// The root of the sum of squares.
    Frobenius,
    /// The sum of the singular values.
    Nuclear,
}

impl Norm {
    /// The norm of this name.
    ///
    /// # Errors
    ///
    /// [`Error::Choice`] if there is none.
    pub fn from_name(name: &str) -> Result<Self, Error> {
        match name {
            "2" => Ok(Self::Spectral),
            "-2" => Ok(Self::LeastSingular),
            "fro" => Ok(Self::Frobenius),
            "nuc" => Ok(Self::Nuclear),
            _ => Err(Error::Choice {
                argument: "p",
                expected: &["1", "-1", "2", "-2", "inf", "-inf", "fro", "nuc"],
                got: name.to_owned(),
            }),
        }
    }
}

/// The condition number of each matrix of a stack, infinite for singular ones, to `out`.
///
/// # Errors
///
/// [`Error::NotMatrix`] for matrices without elements; [`Error::NotSquare`], where singular values are
/// not what counts; as [`each`].
pub fn cond<T: Column>(
    a: ArrayViewD<'_, T>,
    norm: Norm,
    out: &mut [T::Real],
    control: &Control,
) -> Result<(), Error> {
    let (m, n) = size_of_matrix(a.shape())?;
    if m * n == 0 {
        let expected = "matrices that have elements";
        return Err(Error::NotMatrix { argument: "x", expected: expected.into(), got: a.shape().to_vec() });
    }
    if !matches!(norm, Norm::Spectral | Norm::LeastSingular) {
        size_of_square(a.shape())?;
    }
    let options = Options { driver: Driver::Auto, side: Side::None, hermitian: false, rule: false };
    let places = pieces(out, 1);
    each(&a, options, control, |index, found| {
        let condition = of_values(&found.values, norm);
        take(&places, index).into_iter().flatten().for_each(|place| *place = condition);
        Ok(())
    })?;
    Ok(())
}

/// The condition that follows from the singular values, descending.
fn of_values<R: Real>(values: &[R], norm: Norm) -> R {
    let (Some(&first), Some(&last)) = (values.first(), values.last()) else { return R::INFINITY };
    if last == R::ZERO {
        return if norm == Norm::LeastSingular && first > R::ZERO { R::ZERO } else { R::INFINITY };
    }
    let of = |term: fn(R) -> R| {
        let of_matrix: R = values.iter().map(|&value| term(value / first)).sum();
        let of_inverse: R = values.iter().map(|&value| term(last / value)).sum();
        (of_matrix, of_inverse)
    };
    match norm {
        Norm::LeastSingular => last / first,
        Norm::Frobenius => {
            let (of_matrix, of_inverse) = of(|ratio| ratio * ratio);
            of_matrix.sqrt() * of_inverse.sqrt() * (first / last)
        }
        Norm::Nuclear => {
            let (of_matrix, of_inverse) = of(|ratio| ratio);
            of_matrix * of_inverse * (first / last)
        }
        _ => first / last,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(a: [f64; 4], norm: &str) -> f64 {
        let a = ndarray::ArrayView2::from_shape((2, 2), &a).unwrap();
        let mut out = [f64::NAN];
        cond(a.into_dyn(), Norm::from_name(norm).unwrap(), &mut out, &Control::default()).unwrap();
        out[0]
    }

    #[test]
    fn conditions_of_a_diagonal_matrix_are_known() {
        for (norm, expected) in [("2", 4.0), ("-2", 0.25), ("nuc", 6.25)] {
            assert!((of([4.0, 0.0, 0.0, 1.0], norm) - expected).abs() < 1e-14, "{norm}");
        }
        assert!((of([4.0, 0.0, 0.0, 1.0], "fro") - 17.0 / 4.0).abs() < 1e-14);
        assert!(of([0.0, 0.0, 0.0, 4.0], "fro").is_infinite());
        assert!(Norm::from_name("3").is_err());
    }
}
