//! `mlmath::linalg::pca`: principal components.

use crate::array::{self, Element, view};
use crate::error::Failure;
use crate::threads::{Work, run};
use crate::{dispatch, fit};
use mlmath::linalg::pca::{self, Before, Components, Data, Model, Normalizer, Stop};
use ndarray::{ArrayView1, Ix1, Ix2};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// A vector that may be left out, in C order.
fn vector<'a, T: Element>(object: Option<&'a Bound<'_, PyAny>>) -> Option<Option<ArrayView1<'a, T>>> {
    let Some(object) = object else { return Some(None) };
    view::<T, Ix1>(object).filter(|vector| vector.is_standard_layout()).map(Some)
}

/// Mean, singular values, vectors as rows, the norm of all values, the sum of the weights.
fn parts<'py, T: Data + Element>(py: Python<'py>, found: &Components<T>) -> PyResult<Bound<'py, PyAny>> {
    let (p, k) = (found.mean.len(), found.values.len());
    let mean = array::copied(py, &[p], &found.mean)?;
    let values = array::copied(py, &[k], &found.values)?;
    let vectors = array::copied(py, &[k, p], &found.vectors)?;
    let sums = [found.norm.into_pyobject(py)?.into_any(), found.weight.into_pyobject(py)?.into_any()];
    let [norm, weight] = sums;
    Ok(PyTuple::new(py, [mean, values, vectors, norm, weight])?.into_any())
}

/// `mlmath::linalg::pca::full` and `covariance`.
#[pyfunction]
#[pyo3(signature = (x, weights=None, gram=false, threads=None))]
pub fn principal_components<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    weights: Option<&Bound<'py, PyAny>>,
    gram: bool,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "PCA", "real", [f64 f32], [x], |T| {
        let x = fit!(view::<T, Ix2>(x));
        let weights = fit!(vector::<T>(weights));
        let weights = weights.as_ref().and_then(|w| w.as_slice());
        let work = Work::new(pca::cost(x.nrows(), x.ncols()), threads);
        let solve = if gram { pca::covariance::<T> } else { pca::full::<T> };
        let found = run(py, &work, |control| solve(x, weights, control))?;
        parts(py, &found).map(Some)
    })
}

/// `mlmath::linalg::pca::randomized`.
#[pyfunction]
#[pyo3(signature = (x, test, iterations, normalizer="auto", weights=None, threads=None))]
pub fn randomized_components<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    test: &Bound<'py, PyAny>,
    iterations: usize,
    normalizer: &str,
    weights: Option<&Bound<'py, PyAny>>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let powers = (iterations, Normalizer::from_name(normalizer).map_err(Failure::from)?);
    dispatch!(py, "PCA", "real", [f64 f32], [x, test], |T| {
        let (x, test) = (fit!(view::<T, Ix2>(x)), fit!(view::<T, Ix2>(test)));
        let weights = fit!(vector::<T>(weights));
        let weights = weights.as_ref().and_then(|w| w.as_slice());
        let cost = pca::cost_of_product(x.nrows(), x.ncols(), test.ncols());
        let work = Work::new(cost.saturating_mul(2 * iterations + 2), threads);
        let found = run(py, &work, |control| pca::randomized(x, weights, test, powers, control))?;
        parts(py, &found).map(Some)
    })
}

/// `mlmath::linalg::pca::merge`: of what is known of `rows` rows and of those of `x`.
#[pyfunction]
#[pyo3(signature = (x, rows, weight, mean, values, vectors, weights=None, threads=None))]
pub fn merged_components<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    rows: usize,
    weight: f64,
    mean: &Bound<'py, PyAny>,
    values: &Bound<'py, PyAny>,
    vectors: &Bound<'py, PyAny>,
    weights: Option<&Bound<'py, PyAny>>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "PCA", "real", [f64 f32], [x, mean, values, vectors], |T| {
        let (x, mean) = (fit!(view::<T, Ix2>(x)), fit!(view::<T, Ix1>(mean)));
        let (values, vectors) = (fit!(view::<T, Ix1>(values)), fit!(view::<T, Ix2>(vectors)));
        let (mean, values) = (fit!(mean.as_slice()), fit!(values.as_slice()));
        let vectors = fit!(vectors.as_slice());
        let before = Before { rows, weight, mean, values, vectors };
        let weights = fit!(vector::<T>(weights));
        let weights = weights.as_ref().and_then(|w| w.as_slice());
        let work = Work::new(pca::cost(x.nrows() + values.len(), x.ncols()), threads);
        let found = run(py, &work, |control| pca::merge(before, x, weights, control))?;
        parts(py, &found).map(Some)
    })
}

/// `mlmath::linalg::pca::expectation_maximisation`: the parts, the noise, the iterations, and
/// whether they converged.
#[pyfunction]
#[pyo3(signature = (x, k, tolerance, most, weights=None, threads=None))]
pub fn components_with_gaps<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    k: usize,
    tolerance: f64,
    most: usize,
    weights: Option<&Bound<'py, PyAny>>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "PCA", "real", [f64 f32], [x], |T| {
        let x = fit!(view::<T, Ix2>(x));
        let weights = fit!(vector::<T>(weights));
        let weights = weights.as_ref().and_then(|w| w.as_slice());
        let cost = pca::cost_of_product(x.nrows(), x.ncols(), k).saturating_mul(10 * (k + 1));
        let work = Work::new(cost, threads);
        let stop = Stop { tolerance, most };
        let found =
            run(py, &work, |control| pca::expectation_maximisation(x, weights, k, stop, control))?;
        let told = (found.noise, found.iterations, found.converged).into_pyobject(py)?.into_any();
        Ok(Some(PyTuple::new(py, [parts(py, &found.components)?, told])?.into_any()))
    })
}

/// `mlmath::linalg::pca::pairwise`: the parts, and the most negative eigenvalue.
#[pyfunction]
#[pyo3(signature = (x, weights=None, threads=None))]
pub fn components_of_pairs<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    weights: Option<&Bound<'py, PyAny>>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "PCA", "real", [f64 f32], [x], |T| {
        let x = fit!(view::<T, Ix2>(x));
        let weights = fit!(vector::<T>(weights));
        let weights = weights.as_ref().and_then(|w| w.as_slice());
        let work = Work::new(pca::cost(x.nrows(), x.ncols()).saturating_mul(3), threads);
        let (found, negative) = run(py, &work, |control| pca::pairwise(x, weights, control))?;
        let negative = negative.into_pyobject(py)?.into_any();
        Ok(Some(PyTuple::new(py, [parts(py, &found)?, negative])?.into_any()))
    })
}

/// `mlmath::linalg::pca::complete`.
#[pyfunction]
#[pyo3(signature = (x, mean, vectors, variances, noise, threads=None))]
pub fn expected_values<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    mean: &Bound<'py, PyAny>,
    vectors: &Bound<'py, PyAny>,
    variances: &Bound<'py, PyAny>,
    noise: f64,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "PCA", "real", [f64 f32], [x, mean, vectors, variances], |T| {
        let (x, mean) = (fit!(view::<T, Ix2>(x)), fit!(view::<T, Ix1>(mean)));
        let (vectors, variances) = (fit!(view::<T, Ix2>(vectors)), fit!(view::<T, Ix1>(variances)));
        let (mean, variances) = (fit!(mean.as_slice()), fit!(variances.as_slice()));
        let model = Model { mean, vectors, variances, noise: noise as T };
        let cost = pca::cost_of_product(x.nrows(), x.ncols(), vectors.nrows());
        let work = Work::new(cost.saturating_mul(vectors.nrows()), threads);
        let (out, ()) = array::fresh(py, x.shape(), |out: &mut [T]| {
            run(py, &work, |control| pca::complete(x, &model, out, control))
        })?;
        Ok(Some(out))
    })
}

/// `mlmath::linalg::pca::project`, or `reconstruct` with `back`.
#[pyfunction]
#[pyo3(signature = (x, mean, vectors, scales=None, back=false, threads=None))]
pub fn scores_of_components<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    mean: &Bound<'py, PyAny>,
    vectors: &Bound<'py, PyAny>,
    scales: Option<&Bound<'py, PyAny>>,
    back: bool,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "PCA", "real", [f64 f32], [x, mean, vectors], |T| {
        let (x, mean) = (fit!(view::<T, Ix2>(x)), fit!(view::<T, Ix1>(mean)));
        let vectors = fit!(view::<T, Ix2>(vectors));
        let basis = (fit!(mean.as_slice()), vectors);
        let scales = fit!(vector::<T>(scales));
        let scales = scales.as_ref().and_then(|scales| scales.as_slice());
        let convert = if back { pca::reconstruct::<T> } else { pca::project::<T> };
        let columns = if back { vectors.ncols() } else { vectors.nrows() };
        let work = Work::new(pca::cost_of_product(x.nrows(), x.ncols(), columns), threads);
        let (out, ()) = array::fresh(py, &[x.nrows(), columns], |out: &mut [T]| {
            run(py, &work, |control| convert(x, basis, scales, out, control))
        })?;
        Ok(Some(out))
    })
}

/// `mlmath::linalg::pca::log_likelihood`.
#[pyfunction]
#[pyo3(signature = (x, mean, vectors, variances, noise, threads=None))]
pub fn log_likelihood_of_components<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    mean: &Bound<'py, PyAny>,
    vectors: &Bound<'py, PyAny>,
    variances: &Bound<'py, PyAny>,
    noise: f64,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "PCA", "real", [f64 f32], [x, mean, vectors, variances], |T| {
        let (x, mean) = (fit!(view::<T, Ix2>(x)), fit!(view::<T, Ix1>(mean)));
        let (vectors, variances) = (fit!(view::<T, Ix2>(vectors)), fit!(view::<T, Ix1>(variances)));
        let (mean, variances) = (fit!(mean.as_slice()), fit!(variances.as_slice()));
        let model = Model { mean, vectors, variances, noise: noise as T };
        let work = Work::new(pca::cost_of_product(x.nrows(), x.ncols(), 2 * vectors.nrows()), threads);
        let (out, ()) = array::fresh(py, &[x.nrows()], |out: &mut [T]| {
            run(py, &work, |control| pca::log_likelihood(x, &model, out, control))
        })?;
        Ok(Some(out))
    })
}

/// `mlmath::linalg::pca::spectral_sum`.
#[pyfunction]
#[pyo3(signature = (vectors, values, rest, threads=None))]
pub fn spectral_sum<'py>(
    py: Python<'py>,
    vectors: &Bound<'py, PyAny>,
    values: &Bound<'py, PyAny>,
    rest: f64,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "PCA", "real", [f64 f32], [vectors, values], |T| {
        let (vectors, values) = (fit!(view::<T, Ix2>(vectors)), fit!(view::<T, Ix1>(values)));
        let (p, values) = (vectors.ncols(), fit!(values.as_slice()));
        let work = Work::new(pca::cost_of_product(p, vectors.nrows(), p), threads);
        let (out, ()) = array::fresh(py, &[p, p], |out: &mut [T]| {
            run(py, &work, |control| pca::spectral_sum(vectors, values, rest as T, out, control))
        })?;
        Ok(Some(out))
    })
}

/// `mlmath::linalg::pca::minka`.
#[pyfunction]
pub fn most_probable_rank(py: Python<'_>, spectrum: Vec<f64>, samples: f64) -> PyResult<usize> {
    let p = spectrum.len();
    let work = Work::new(pca::cost(p, p).saturating_mul(8), None);
    run(py, &work, |control| pca::minka(&spectrum, samples, control))
}
