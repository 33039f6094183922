//! The model that has a few components and noise of one variance in all directions, and what it
//! expects of values that are missing.
//!
//! M. E. Tipping and C. M. Bishop, "Probabilistic principal component analysis", J. R. Stat. Soc.
//! B 61, 1999.

use super::Data;
use crate::linalg::matmul::{Update, product};
use crate::linalg::solve::{Errors, answer};
use crate::linalg::stack::Question;
use crate::scalar::Real;
use crate::{Control, Error, threads};
use ndarray::{Array2, ArrayView2, ArrayViewD, ArrayViewMut2, s};

/// Rows whose missing values are found at a time.
const ROWS: usize = 256;
/// The least variance of the noise, relative to the largest of a component: what makes systems
/// solvable in which less is known than there are components.
const LEAST: f64 = 1e-12;

/// Components and noise.
#[derive(Clone, Copy, Debug)]
pub struct Model<'a, T> {
    /// The mean.
    pub mean: &'a [T],
    /// The components, as rows.
    pub vectors: ArrayView2<'a, T>,
    /// The variance along each, noise included.
    pub variances: &'a [T],
    /// The variance of the noise.
    pub noise: T,
}

impl<T: Real> Model<'_, T> {
    /// Vectors as columns, times the root of what their variance has above the noise; and the
    /// noise.
    fn loadings(&self) -> (Array2<f64>, f64) {
        let largest = self.variances.iter().fold(0.0, |m, x| f64::max(m, x.to_f64()));
        let noise = self.noise.to_f64().max(LEAST * largest).max(f64::MIN_POSITIVE);
        let above: Vec<f64> = self.variances.iter().map(|x| (x.to_f64() - noise).max(0.0).sqrt()).collect();
        let shape = (self.mean.len(), above.len());
        (Array2::from_shape_fn(shape, |(j, k)| self.vectors[(k, j)].to_f64() * above[k]), noise)
    }
}

/// Writes `x` to `out`, with what the model expects, given the others of their row, for the values
/// that are NaN.
///
/// # Errors
///
/// [`Error::NotFinite`] for infinite values; [`Error::Stopped`].
pub fn complete<T: Data>(
    x: ArrayView2<'_, T>,
    model: &Model<'_, T>,
    out: &mut [T],
    control: &Control,
) -> Result<(), Error> {
    let p = x.ncols();
    if x.iter().any(|x| !x.is_finite() && !x.is_nan()) {
        return Err(Error::NotFinite { argument: "X", slices: vec![] });
    }
    let (loadings, noise) = model.loadings();
    let squares = squares(&loadings);
    threads::for_chunks(control, out, ROWS * p, |index, out| {
        let rows = x.slice(s![index * ROWS..index * ROWS + out.len() / p, ..]);
        out.iter_mut().zip(rows.iter()).for_each(|(to, &x)| *to = x);
        let distance = |((_, j), &x): ((usize, usize), &T)| {
            if x.is_nan() { 0.0 } else { x.to_f64() - model.mean[j].to_f64() }
        };
        let seen = rows.map(|x| f64::from(u8::from(!x.is_nan())));
        let residual = Array2::from_shape_vec(rows.dim(), rows.indexed_iter().map(distance).collect());
        let residual = residual.unwrap_or_default();
        let parts = (seen.view(), residual.view());
        let (scores, _) = expected_scores(parts, &loadings, &squares, noise, control)?;
        for (row, z) in out.chunks_exact_mut(p).zip(scores.rows()) {
            for (j, x) in row.iter_mut().enumerate().filter(|(_, x)| x.is_nan()) {
                let along: f64 = z.iter().zip(loadings.row(j)).map(|(z, w)| z * w).sum();
                *x = T::from_f64(model.mean[j].to_f64() + along);
            }
        }
        Ok(())
    })
}

/// The products of each row's elements with each other.
pub(super) fn squares(loadings: &Array2<f64>) -> Array2<f64> {
    let (p, k) = loadings.dim();
    Array2::from_shape_fn((p, k * k), |(j, place)| loadings[(j, place / k)] * loadings[(j, place % k)])
}

/// The expectation of each row's scores given what is seen of it, and their covariances divided by
/// the noise, one matrix for each row.
///
/// `seen` is 1 where there is a value and 0 elsewhere, `residual` the values less the mean, and 0.
pub(super) fn expected_scores(
    (seen, residual): (ArrayView2<'_, f64>, ArrayView2<'_, f64>),
    loadings: &Array2<f64>,
    squares: &Array2<f64>,
    noise: f64,
    control: &Control,
) -> Result<(Array2<f64>, Array2<f64>), Error> {
    let (n, k) = (seen.nrows(), loadings.ncols());
    let mut systems = Array2::zeros((n, k * k));
    product(seen, squares.view(), systems.view_mut(), Update::Assign, control)?;
    for mut system in systems.rows_mut() {
        system.iter_mut().step_by(k + 1).for_each(|x| *x += noise);
    }
    let mut inverses = Array2::zeros((n, k * k));
    let out = inverses.as_slice_mut().unwrap_or_default();
    answer(Question::Inverse, stack_of(&systems, k)?, &[], out, Errors::Nan, false, control)?;
    let mut along = Array2::zeros((n, k));
    product(residual, loadings.view(), along.view_mut(), Update::Assign, control)?;
    let mut scores = Array2::zeros((n, k));
    for ((mut z, inverse), y) in scores.rows_mut().into_iter().zip(inverses.rows()).zip(along.rows()) {
        for (a, z) in z.iter_mut().enumerate() {
            *z = (0..k).map(|b| inverse[a * k + b] * y[b]).sum();
        }
    }
    Ok((scores, inverses))
}

/// Rows of `k * k` elements as a stack of square matrices.
pub(super) fn stack_of(rows: &Array2<f64>, k: usize) -> Result<ArrayViewD<'_, f64>, Error> {
    let shape = (rows.nrows(), k, k);
    let other = |_| unequal("n_components", k * k, rows.len());
    Ok(rows.view().into_shape_with_order(shape).map_err(other)?.into_dyn())
}

/// Rows of `p` elements as a matrix.
pub(super) fn matrix<T>(p: usize, elements: &[T]) -> Result<ArrayView2<'_, T>, Error> {
    let rows = elements.len().checked_div(p).unwrap_or(0);
    ArrayView2::from_shape((rows, p), elements).map_err(|_| unequal("X", p, elements.len()))
}

/// Rows of `p` elements as a matrix to be filled.
pub(super) fn matrix_mut<T>(p: usize, elements: &mut [T]) -> Result<ArrayViewMut2<'_, T>, Error> {
    let length = elements.len();
    let rows = length.checked_div(p).unwrap_or(0);
    ArrayViewMut2::from_shape((rows, p), elements).map_err(|_| unequal("out", p, length))
}

/// That elements are no whole rows.
fn unequal(argument: &'static str, row: usize, length: usize) -> Error {
    Error::Shape { argument, expected: format!("rows of {row} elements"), got: vec![length] }
}
