//! `mlmath::information`.

use crate::array::{self, view};
use crate::error::Failure;
use crate::threads::{Work, run};
use crate::{dispatch, fit};
use mlmath::information::entropy::Measure;
use mlmath::information::joint::Joint;
use ndarray::{ArrayView1, Ix1, Ix2};
use pyo3::prelude::*;
use pyo3::types::PyList;

/// The measure of this name of distributions in lists of numbers or in vectors: `"entropy"` of
/// `p`, or `"relative"` or `"jensenshannon"` of `p` and `q`; with `check`, of probabilities.
///
/// `None` where they are neither, or anything else needs the face.
#[pyfunction]
#[pyo3(signature = (measure, p, q=None, check=false, threads=None))]
pub fn information_of_vectors(
    py: Python<'_>,
    measure: &str,
    p: &Bound<'_, PyAny>,
    q: Option<&Bound<'_, PyAny>>,
    check: bool,
    threads: Option<usize>,
) -> PyResult<Option<f64>> {
    let measure = Measure::from_name(measure).map_err(Failure::from)?;
    let (Some(p), q) = (Weights::read(p), q.map(Weights::read)) else { return Ok(None) };
    let (p, q) = match (p.as_slice(), q.as_ref().map(|q| q.as_ref().and_then(Weights::as_slice))) {
        (Some(p), None) => (p, p),
        (Some(p), Some(Some(q))) if p.len() == q.len() => (p, q),
        _ => return Ok(None),
    };
    run(py, &Work::new(20 * p.len(), threads), |control| measure.of_checked(p, q, check, control))
}

/// The weights of one distribution.
enum Weights<'py> {
    List(Vec<f64>),
    Vector(ArrayView1<'py, f64>),
}

impl<'py> Weights<'py> {
    fn read(weights: &'py Bound<'_, PyAny>) -> Option<Self> {
        // A short list is read here: to make an array of it would cost more than the answer.
        if weights.is_exact_instance_of::<PyList>() {
            return weights.extract().ok().map(Self::List);
        }
        view::<f64, Ix1>(weights).map(Self::Vector)
    }

    fn as_slice(&self) -> Option<&[f64]> {
        match self {
            Self::List(weights) => Some(weights),
            Self::Vector(weights) => weights.as_slice(),
        }
    }
}

/// The measure of this name of each row.
#[pyfunction]
#[pyo3(signature = (measure, p, q, threads=None))]
pub fn information_of_rows<'py>(
    py: Python<'py>,
    measure: &str,
    p: &Bound<'py, PyAny>,
    q: &Bound<'py, PyAny>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let measure = Measure::from_name(measure).map_err(Failure::from)?;
    dispatch!(py, "entropy", "real", [f64], [p, q], |T| {
        let (p, q) = (fit!(view::<T, Ix2>(p)), fit!(view::<T, Ix2>(q)));
        let work = Work::new(20 * p.len(), threads);
        let found = run(py, &work, |control| measure.of_rows(p, q, control))?;
        array::filled(py, found.len(), found.into_iter()).map(Some)
    })
}

/// `mlmath::information::joint`: mutual information of integer labels, `None` where they range
/// too widely for a table or are no int64 vectors.
#[pyfunction]
#[pyo3(signature = (x, y, threads=None))]
pub fn mutual_information_of_labels(
    py: Python<'_>,
    x: &Bound<'_, PyAny>,
    y: &Bound<'_, PyAny>,
    threads: Option<usize>,
) -> PyResult<Option<f64>> {
    let (Some(x), Some(y)) = (view::<i64, Ix1>(x), view::<i64, Ix1>(y)) else { return Ok(None) };
    let (Some(x), Some(y)) = (x.to_slice(), y.to_slice()) else { return Ok(None) };
    let joint = run(py, &Work::new(2 * x.len() + 500, threads), |control| Joint::of(x, y, control))?;
    Ok(joint.map(|joint| joint.mutual_information()))
}

/// `mlmath::information::joint`: mutual information of a table of counts or probabilities.
#[pyfunction]
pub fn mutual_information_of_table<'py>(
    py: Python<'py>,
    table: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "mutual_info_score", "real", [f64], [table], |T| {
        let table = fit!(view::<T, Ix2>(table));
        let joint = Joint::from_table(table.nrows(), table.ncols(), table.iter().copied().collect());
        array::scalar(py, joint.mutual_information()).map(Some)
    })
}
