//! Components of data some of whose values are missing, by covariances of pairs of columns.

use super::covariance::spectrum;
use super::missing::Gaps;
use super::{Components, Data, norm};
use crate::linalg::eigh::{self, Options};
use crate::linalg::matmul::{Update, product};
use crate::scalar::Real;
use crate::{Control, Error};
use ndarray::{Array2, ArrayView2};

/// The components of the rows of `x`, where NaN is what is missing: the covariance of each pair of
/// columns is that of the rows that have both, as pandas' `cov`. Such a matrix may have negative
/// eigenvalues; they are set to zero, and the most negative one is returned, relative to the
/// largest.
///
/// # Errors
///
/// As [`super::full`]; [`Error::Value`] for pairs of columns that have no two rows in common.
pub fn pairwise<T: Data>(
    x: ArrayView2<'_, T>,
    weights: Option<&[T]>,
    control: &Control,
) -> Result<(Components<T>, f64), Error> {
    let data = Gaps::new(x, weights)?;
    let p = data.mean.len();
    let times = |a: &Array2<f64>, b: &Array2<f64>| {
        let mut c = Array2::zeros((p, p));
        product(a.t(), b.view(), c.view_mut(), Update::Assign, control).map(|()| c)
    };
    let weighted = data.weighted(&data.seen, |weight| weight);
    let counts = times(&data.seen, &weighted)?;
    // Element (i, j) is the sum of column i over the rows that have column j as well.
    let sums = times(&data.values, &weighted)?;
    let moments = times(&data.weighted(&data.values, |weight| weight), &data.values)?;
    if let Some(((i, j), _)) = counts.indexed_iter().find(|(_, count)| !(**count > 1.0)) {
        let message = format!("expected two rows at least that have both columns {i} and {j}");
        return Err(Error::Value { argument: "X", message });
    }
    let covariance = Array2::from_shape_fn((p, p), |(i, j)| {
        let count = counts[(i, j)];
        (moments[(i, j)] - sums[(i, j)] * sums[(j, i)] / count) / (count - 1.0)
    });
    let negative = least_eigenvalue(&covariance, control)?;
    let (variances, vectors) = spectrum(covariance, control)?;
    let samples = data.weight - 1.0;
    let back = |x: f64| T::from_f64(x.scale_by_power_of_two(-data.power));
    let values: Vec<T> = variances.iter().map(|v| back((v * samples).sqrt())).collect();
    let components = Components {
        mean: data.mean.iter().map(|&m| back(m)).collect(),
        norm: norm(&values),
        values,
        vectors: vectors.iter().map(|&x| T::from_f64(x)).collect(),
        weight: data.weight,
    };
    Ok((components, negative))
}

/// The least eigenvalue relative to the largest, if it is negative; else 0.
fn least_eigenvalue(a: &Array2<f64>, control: &Control) -> Result<f64, Error> {
    let mut values = vec![0.0; a.nrows()];
    let parts: (&mut [f64], &mut [f64]) = (&mut values, &mut []);
    eigh::eigh(a.view().into_dyn(), Options::PLAIN, parts, &mut [], control)?;
    let (least, largest) = (values.first().copied(), values.last().copied());
    let ratio = least.unwrap_or(0.0) / largest.unwrap_or(0.0).max(f64::MIN_POSITIVE);
    Ok(ratio.min(0.0))
}
