//! Components of data some of whose values are missing, by expectation and maximisation.
//!
//! The model is that of Tipping and Bishop; what is not there is integrated out, not filled in.
//! A. Ilin and T. Raiko, "Practical approaches to principal component analysis in the presence of
//! missing values", J. Mach. Learn. Res. 11, 2010, sections 3.2 and 4.1. Computed in float64.

use super::centre::total_weight;
use super::exact::right_vectors;
use super::model::{expected_scores, squares, stack_of};
use super::{Components, Data};
use crate::linalg::matmul::{Update, product};
use crate::linalg::solve::{Errors, answer};
use crate::linalg::stack::Question;
use crate::scalar::Real;
use crate::{Control, Error};
use ndarray::{Array2, ArrayView2, s};

/// Rows whose expectations are found at a time.
const ROWS: usize = 1024;
/// The least variance of the noise, relative to the mean variance: more digits than the systems
/// have would leave none in their solutions.
const LEAST: f64 = 1e-12;

/// When to end.
#[derive(Clone, Copy, Debug)]
pub struct Stop {
    /// The largest change of a loading, relative to the largest loading.
    pub tolerance: f64,
    /// The most iterations.
    pub most: usize,
}

/// What an iteration found.
#[derive(Clone, Debug)]
pub struct Iterated<T> {
    /// The components.
    pub components: Components<T>,
    /// The variance of the noise, times the number of samples.
    pub noise: f64,
    /// How many iterations there were.
    pub iterations: usize,
    /// Whether the change fell below the tolerance.
    pub converged: bool,
}

/// Data with gaps, less their means, near 1.
pub(super) struct Gaps {
    /// 1 where there is a value, 0 elsewhere.
    pub seen: Array2<f64>,
    /// The values times `2^power`, less `mean`; 0 where there is none.
    pub values: Array2<f64>,
    pub mean: Vec<f64>,
    pub power: i32,
    pub weights: Vec<f64>,
    /// The sum of the weights of rows of which anything is seen.
    pub weight: f64,
}

impl Gaps {
    /// The rows of `x`, where NaN is what is missing.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`]; [`Error::NotFinite`] for infinite values; [`Error::Value`] for a column
    /// without values; errors of weights.
    pub fn new<T: Data>(x: ArrayView2<'_, T>, weights: Option<&[T]>) -> Result<Self, Error> {
        if x.is_empty() {
            return Err(Error::Empty { argument: "X" });
        }
        let n = x.nrows();
        total_weight(n, weights)?;
        let weights: Vec<f64> =
            weights.map_or_else(|| vec![1.0; n], |w| w.iter().map(|w| w.to_f64()).collect());
        if x.iter().any(|x| !x.is_finite() && !x.is_nan()) {
            return Err(Error::NotFinite { argument: "X", slices: vec![] });
        }
        let seen = x.map(|x| f64::from(u8::from(!x.is_nan())));
        let mut values = x.map(|x| if x.is_nan() { 0.0 } else { x.to_f64() });
        let largest = values.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
        let power = if largest > 0.0 { -largest.exponent() } else { 0 };
        values.mapv_inplace(|x| x.scale_by_power_of_two(power));
        let mut mean = vec![];
        for (j, (mut column, seen)) in values.columns_mut().into_iter().zip(seen.columns()).enumerate() {
            let count: f64 = seen.iter().zip(&weights).map(|(s, w)| s * w).sum();
            if !(count > 0.0) {
                let message = format!("expected a value in each column, got none in column {j}");
                return Err(Error::Value { argument: "X", message });
            }
            let first = column.iter().zip(seen).find(|(_, s)| **s > 0.0).map_or(0.0, |(x, _)| *x);
            let sum: f64 = column.iter().zip(seen).zip(&weights).map(|((x, s), w)| w * s * (x - first)).sum();
            let center = first + sum / count;
            column.iter_mut().zip(seen).for_each(|(x, s)| *x = s * (*x - center));
            mean.push(center);
        }
        let rows = seen.rows().into_iter().zip(&weights);
        let weight = rows.map(|(row, w)| if row.iter().any(|s| *s > 0.0) { *w } else { 0.0 }).sum();
        Ok(Self { seen, values, mean, power, weights, weight })
    }

    /// The weighted sum of `term` of each value and of whether it is there.
    fn sum(&self, term: impl Fn(f64, f64) -> f64) -> f64 {
        let rows = self.values.rows().into_iter().zip(self.seen.rows()).zip(&self.weights);
        rows.map(|((x, s), w)| w * x.iter().zip(s).map(|(&x, &s)| term(x, s)).sum::<f64>()).sum()
    }

    /// `rows`, each times `factor` of its weight.
    pub fn weighted(&self, rows: &Array2<f64>, factor: impl Fn(f64) -> f64) -> Array2<f64> {
        let mut rows = rows.clone();
        for (mut row, &weight) in rows.rows_mut().into_iter().zip(&self.weights) {
            row *= factor(weight);
        }
        rows
    }
}

/// Loadings, one row for each column of the data with the correction of its mean at the end, and
/// the variance of the noise.
struct Parameters {
    loadings: Array2<f64>,
    noise: f64,
}

/// The `k` first components of the rows of `x`, where NaN is what is missing.
///
/// # Errors
///
/// As [`super::full`]; [`Error::Value`] unless `k` is from 1 to one less than the shorter side, and
/// for columns without values.
pub fn expectation_maximisation<T: Data>(
    x: ArrayView2<'_, T>,
    weights: Option<&[T]>,
    k: usize,
    stop: Stop,
    control: &Control,
) -> Result<Iterated<T>, Error> {
    let data = Gaps::new(x, weights)?;
    let (n, p) = x.dim();
    if k < 1 || k >= n.min(p) {
        let message = format!("expected an integer from 1 to {} with missing values, got {k}", n.min(p) - 1);
        return Err(Error::Value { argument: "n_components", message });
    }
    let mut now = start(&data, k, control)?;
    let (mut iterations, mut converged) = (0, false);
    while !converged && iterations < stop.most && !control.expired() {
        control.go_on()?;
        let next = step(&data, &now, k, control)?;
        let size = next.loadings.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
        let pairs = next.loadings.iter().zip(&now.loadings);
        let change = pairs.fold(0.0_f64, |m, (x, y)| m.max((x - y).abs()));
        let noise = (next.noise - now.noise).abs();
        converged = change <= stop.tolerance * size && noise <= stop.tolerance * size * size;
        (now, iterations) = (next, iterations + 1);
    }
    let back = |x: f64| T::from_f64(x.scale_by_power_of_two(-data.power));
    let along = now.loadings.slice(s![.., ..k]);
    let (values, vectors) = right_vectors(along.t(), control)?;
    let squares: Vec<f64> = values.iter().map(|s| (s * s + now.noise) * data.weight).collect();
    let left = (p - k) as f64 * now.noise * data.weight;
    let norm = (squares.iter().sum::<f64>() + left).sqrt().scale_by_power_of_two(-data.power);
    let components = Components {
        mean: data.mean.iter().zip(now.loadings.column(k)).map(|(m, c)| back(m + c)).collect(),
        values: squares.iter().map(|x| back(x.sqrt())).collect(),
        vectors: vectors.iter().map(|&x| T::from_f64(x)).collect(),
        norm,
        weight: data.weight,
    };
    let noise = (now.noise * data.weight).scale_by_power_of_two(-2 * data.power);
    Ok(Iterated { components, noise, iterations, converged })
}

/// The components of the data with means for what is missing.
fn start(data: &Gaps, k: usize, control: &Control) -> Result<Parameters, Error> {
    let p = data.mean.len();
    let (values, vectors) = right_vectors(data.weighted(&data.values, f64::sqrt).view(), control)?;
    let variances: Vec<f64> = values.iter().map(|s| s * s / data.weight).collect();
    let noise = variances[k..].iter().sum::<f64>() / (p - k) as f64;
    let mut loadings = Array2::zeros((p, k + 1));
    for (a, vector) in vectors.chunks_exact(p).take(k).enumerate() {
        let size = (variances[a] - noise).max(0.0).sqrt();
        loadings.column_mut(a).iter_mut().zip(vector).for_each(|(to, v)| *to = size * v);
    }
    Ok(Parameters { loadings, noise: noise.max(least(data)) })
}

/// The least variance of the noise.
fn least(data: &Gaps) -> f64 {
    let squares: f64 = data.values.iter().map(|x| x * x).sum();
    (LEAST * squares / data.values.len() as f64).max(f64::MIN_POSITIVE)
}

/// One expectation and one maximisation.
fn step(data: &Gaps, now: &Parameters, k: usize, control: &Control) -> Result<Parameters, Error> {
    let (n, p) = data.seen.dim();
    let (loadings, shift) = (now.loadings.slice(s![.., ..k]).to_owned(), now.loadings.column(k));
    let products = squares(&loadings);
    let side = k + 1;
    let (mut systems, mut sums) = (Array2::zeros((p, side * side)), Array2::zeros((p, side)));
    for first in (0..n).step_by(ROWS) {
        let range = first..(first + ROWS).min(n);
        let seen = data.seen.slice(s![range.clone(), ..]);
        let values = data.values.slice(s![range.clone(), ..]);
        let residual = &values - &(&seen * &shift);
        let parts = (seen, residual.view());
        let (scores, inverses) = expected_scores(parts, &loadings, &products, now.noise, control)?;
        // Moments of (scores, 1), times the weight of the row.
        let mut moments = Array2::zeros((range.len(), side * side));
        let mut means = Array2::zeros((range.len(), side));
        for (i, (z, inverse)) in scores.rows().into_iter().zip(inverses.rows()).enumerate() {
            let weight = data.weights[first + i];
            let mean = |a: usize| if a < k { z[a] } else { 1.0 };
            for a in 0..side {
                means[(i, a)] = weight * mean(a);
                for b in 0..side {
                    let spread = if a < k && b < k { now.noise * inverse[a * k + b] } else { 0.0 };
                    moments[(i, a * side + b)] = weight * (mean(a) * mean(b) + spread);
                }
            }
        }
        product(seen.t(), moments.view(), systems.view_mut(), Update::Add, control)?;
        product(values.t(), means.view(), sums.view_mut(), Update::Add, control)?;
    }
    let mut next = Array2::zeros((p, side));
    let stack = stack_of(&systems, side)?;
    let out = next.as_slice_mut().unwrap_or_default();
    let right = sums.as_slice().unwrap_or_default();
    answer(Question::Solution { columns: 1 }, stack, right, out, Errors::Nan, false, control)?;
    if next.iter().any(|x: &f64| !x.is_finite()) {
        let message = "expected more values in each column: there are fewer than its loadings".into();
        return Err(Error::Value { argument: "X", message });
    }
    let squares = data.sum(|x, _| x * x);
    let count = data.sum(|_, seen| seen);
    let explained: f64 = sums.iter().zip(&next).map(|(b, w)| b * w).sum();
    let noise = ((squares - explained) / count).max(least(data));
    Ok(Parameters { loadings: next, noise })
}
