//! Condition numbers: how much an answer may change with its matrix.

use super::columns::Column;
use super::solve::{Errors, Solvable, answer, size_of_square};
use super::stack::Question;
use super::svd::{Driver, Options, Side, each, pieces, size_of_matrix, take};
use super::tridiagonal::hypot;
use crate::scalar::{Real, Scalar};
use crate::{Control, Error};
use ndarray::ArrayViewD;

/// The norm, or its counterpart with the smallest in place of the largest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Norm {
    /// Sums of columns.
    Columns,
    /// The smallest sum of a column.
    LeastColumn,
    /// Sums of rows.
    Rows,
    /// The smallest sum of a row.
    LeastRow,
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
            "1" => Ok(Self::Columns),
            "-1" => Ok(Self::LeastColumn),
            "inf" => Ok(Self::Rows),
            "-inf" => Ok(Self::LeastRow),
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
pub fn cond<T: Column + Solvable>(
    a: ArrayViewD<'_, T>,
    norm: Norm,
    out: &mut [T::Real],
    control: &Control,
) -> Result<(), Error> {
    let (m, n) = size_of_matrix(a.shape())?;
    if m * n == 0 {
        let expected = "matrices that have elements";
        return Err(Error::NotMatrix { argument: "x", expected, got: a.shape().to_vec() });
    }
    if !matches!(norm, Norm::Spectral | Norm::LeastSingular) {
        size_of_square(a.shape())?;
    }
    if matches!(norm, Norm::Columns | Norm::LeastColumn | Norm::Rows | Norm::LeastRow) {
        return by_inverse(a, n, norm, out, control);
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

/// The product of the norms of the matrices and of their inverses.
fn by_inverse<T: Column + Solvable>(
    a: ArrayViewD<'_, T>,
    n: usize,
    norm: Norm,
    out: &mut [T::Real],
    control: &Control,
) -> Result<(), Error> {
    let whole = a.as_standard_layout();
    let elements = whole.as_slice().unwrap_or_default();
    let mut inverses = vec![T::ZERO; elements.len()];
    answer(Question::Inverse, a.view(), &[], &mut inverses, Errors::Nan, false, control)?;
    let matrices = elements.chunks_exact(n * n).zip(inverses.chunks_exact(n * n));
    for (out, (a, inverse)) in out.iter_mut().zip(matrices) {
        let product = of_sums(n, a, norm) * of_sums(n, inverse, norm);
        let given = a.iter().all(|x| x.parts().iter().all(|part| !part.is_nan()));
        *out = if product.is_nan() && given { T::Real::INFINITY } else { product };
    }
    Ok(())
}

/// The largest, or smallest, sum of absolute values of a row or column; NaN if any is.
fn of_sums<T: Column>(n: usize, a: &[T], norm: Norm) -> T::Real {
    let rows = matches!(norm, Norm::Rows | Norm::LeastRow);
    let least = matches!(norm, Norm::LeastColumn | Norm::LeastRow);
    let mut sums = vec![<T::Real as Scalar>::ZERO; n];
    for (place, x) in a.iter().enumerate() {
        let [re, im] = x.parts();
        sums[if rows { place / n } else { place % n }] += hypot(re, im);
    }
    let better =
        |m: T::Real, x: T::Real| if x.is_nan() || (if least { x < m } else { x > m }) { x } else { m };
    sums.iter().skip(1).fold(sums[0], |m, &x| if m.is_nan() { m } else { better(m, x) })
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
        for (norm, expected) in [("1", 4.0), ("inf", 4.0), ("2", 4.0), ("-2", 0.25), ("nuc", 6.25)] {
            assert!((of([4.0, 0.0, 0.0, 1.0], norm) - expected).abs() < 1e-14, "{norm}");
        }
        assert!((of([4.0, 0.0, 0.0, 1.0], "fro") - 17.0 / 4.0).abs() < 1e-14);
        assert!((of([4.0, 0.0, 0.0, 1.0], "-1") - 0.25).abs() < 1e-14);
        assert!(of([1.0, 2.0, 2.0, 4.0], "1").is_infinite());
        assert!(of([f64::NAN, 2.0, 2.0, 4.0], "inf").is_nan());
        assert!(Norm::from_name("3").is_err());
    }
}
