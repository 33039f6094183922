//! What is done with components: data to scores and back, likelihood, covariance.

use super::Data;
use super::centre::less_mean;
use super::model::{Model, matrix, matrix_mut};
use crate::linalg::matmul::Update;
use crate::scalar::Real;
use crate::{Control, Error, threads};
use ndarray::{Array2, ArrayView2, ArrayViewMut2, s};
use std::f64::consts::PI;

/// Rows that are multiplied at a time.
const ROWS: usize = 256;

/// Writes the scores of the rows of `x` to `out`: their distances from the mean along each vector,
/// divided by `scales` where these are given; 0 where a scale is 0.
///
/// # Errors
///
/// [`Error::NotFinite`]; [`Error::Shape`] for `vectors`, the rows of a matrix, that do not fit;
/// [`Error::Stopped`].
pub fn project<T: Data>(
    x: ArrayView2<'_, T>,
    (mean, vectors): (&[T], ArrayView2<'_, T>),
    scales: Option<&[T]>,
    out: &mut [T],
    control: &Control,
) -> Result<(), Error> {
    let ((n, p), k) = (x.dim(), vectors.nrows());
    fits(p, mean, vectors)?;
    let turned = vectors.t().as_standard_layout().into_owned();
    let whole = x.as_standard_layout();
    let elements = whole.as_slice().unwrap_or_default();
    threads::for_chunks(control, out, ROWS * k, |index, out| {
        let first = index * ROWS;
        let count = ROWS.min(n - first);
        T::with_buffer(count * p, |buffer| {
            less_mean(&elements[first * p..(first + count) * p], mean, buffer);
            T::product(matrix(p, buffer)?, turned.view(), matrix_mut(k, out)?, Update::Assign, control)
        })?;
        if let Some(scales) = scales {
            for row in out.chunks_exact_mut(k) {
                for (x, &scale) in row.iter_mut().zip(scales) {
                    *x = if scale > T::ZERO { *x / scale } else { T::ZERO };
                }
            }
        }
        Ok(())
    })?;
    if !out.iter().all(|x| x.is_finite()) || k == 0 {
        return finite(elements);
    }
    Ok(())
}

/// Writes the rows that have the scores `z` to `out`, each score times its scale where these are
/// given.
///
/// # Errors
///
/// As [`project`].
pub fn reconstruct<T: Data>(
    z: ArrayView2<'_, T>,
    (mean, vectors): (&[T], ArrayView2<'_, T>),
    scales: Option<&[T]>,
    out: &mut [T],
    control: &Control,
) -> Result<(), Error> {
    let p = mean.len();
    fits(p, mean, vectors)?;
    if z.ncols() != vectors.nrows() {
        let expected = format!("{} columns, one for each component", vectors.nrows());
        return Err(Error::Shape { argument: "X", expected, got: z.shape().to_vec() });
    }
    let scaled = vectors.indexed_iter().map(|((k, _), &x)| scales.map_or(x, |scales| x * scales[k]));
    let vectors = Array2::from_shape_vec(vectors.dim(), scaled.collect()).unwrap_or_default();
    threads::for_chunks(control, out, ROWS * p, |index, out| {
        let first = index * ROWS;
        let rows = z.slice(s![first..first + out.len() / p, ..]);
        T::product(rows, vectors.view(), matrix_mut(p, out)?, Update::Assign, control)?;
        for row in out.chunks_exact_mut(p) {
            row.iter_mut().zip(mean).for_each(|(x, &mean)| *x += mean);
        }
        Ok(())
    })
}

/// Writes the logarithm of the density of each row of `x` under the model to `out`.
///
/// The variances and, if there are fewer of them than columns, the noise must be positive. What
/// the vectors leave of a row is formed, not the difference of two squares, so that no digits are
/// lost near the space they span.
///
/// # Errors
///
/// As [`project`].
pub fn log_likelihood<T: Data>(
    x: ArrayView2<'_, T>,
    model: &Model<'_, T>,
    out: &mut [T],
    control: &Control,
) -> Result<(), Error> {
    let ((n, p), k) = (x.dim(), model.vectors.nrows());
    fits(p, model.mean, model.vectors)?;
    let turned = model.vectors.t().as_standard_layout().into_owned();
    let whole = x.as_standard_layout();
    let elements = whole.as_slice().unwrap_or_default();
    let noise = model.noise.to_f64();
    let rest = if k < p { (p - k) as f64 * noise.ln() } else { 0.0 };
    let log_volume = model.variances.iter().map(|v| v.to_f64().ln()).sum::<f64>() + rest;
    let constant = p as f64 * (2.0 * PI).ln() + log_volume;
    threads::for_chunks(control, out, ROWS, |index, out| {
        let first = index * ROWS;
        let count = ROWS.min(n - first);
        let mut centred = Array2::from_elem((count, p), T::ZERO);
        let target = centred.as_slice_mut().unwrap_or_default();
        less_mean(&elements[first * p..(first + count) * p], model.mean, target);
        let mut scores = Array2::from_elem((count, k), T::ZERO);
        T::product(centred.view(), turned.view(), scores.view_mut(), Update::Assign, control)?;
        if k < p {
            T::product(scores.view(), model.vectors, centred.view_mut(), Update::Subtract, control)?;
        }
        for ((to, z), left) in out.iter_mut().zip(scores.rows()).zip(centred.rows()) {
            let along = z.iter().zip(model.variances);
            let mut square: f64 = along.map(|(z, v)| z.to_f64() * z.to_f64() / v.to_f64()).sum();
            if k < p {
                square += left.iter().map(|x| x.to_f64() * x.to_f64()).sum::<f64>() / noise;
            }
            *to = T::from_f64(-0.5 * (square + constant));
        }
        Ok(())
    })?;
    if out.iter().all(|x| x.is_finite()) { Ok(()) } else { finite(elements) }
}

/// Writes the symmetric matrix with the eigenvalue `values[k] + rest` for vector `k`, and `rest` for
/// all that are orthogonal to them, to `out`.
///
/// # Errors
///
/// [`Error::Stopped`]; [`Error::Shape`] if `out` has another size.
pub fn spectral_sum<T: Data>(
    vectors: ArrayView2<'_, T>,
    values: &[T],
    rest: T,
    out: &mut [T],
    control: &Control,
) -> Result<(), Error> {
    let p = vectors.ncols();
    let scaled = vectors.indexed_iter().map(|((k, _), &x)| x * values[k]);
    let scaled = Array2::from_shape_vec(vectors.dim(), scaled.collect()).unwrap_or_default();
    let mut out: ArrayViewMut2<'_, T> = matrix_mut(p, out)?;
    T::product(scaled.t(), vectors, out.view_mut(), Update::Assign, control)?;
    for i in 0..p {
        out[(i, i)] += rest;
        for j in 0..i {
            out[(j, i)] = out[(i, j)];
        }
    }
    Ok(())
}

/// Refuses a mean or vectors of another length than the rows.
fn fits<T>(p: usize, mean: &[T], vectors: ArrayView2<'_, T>) -> Result<(), Error> {
    if mean.len() == p && vectors.ncols() == p {
        return Ok(());
    }
    let expected = format!("{} columns, as many as were fitted", mean.len());
    Err(Error::Shape { argument: "X", expected, got: vec![p] })
}

/// Refuses NaN and infinity.
fn finite<T: Real>(x: &[T]) -> Result<(), Error> {
    if x.iter().all(|x| x.is_finite()) {
        return Ok(());
    }
    Err(Error::NotFinite { argument: "X", slices: vec![] })
}
