//! `mlmath::information`.

use crate::array::{self, view};
use crate::threads::{Work, run};
use crate::{dispatch, fit};
use mlmath::information::entropy;
use mlmath::information::joint::Joint;
use ndarray::{Ix1, Ix2};
use pyo3::prelude::*;
use pyo3::types::PyList;

/// `mlmath::information::entropy`, of one distribution in a list of numbers or in a vector.
///
/// `None` where it is neither, or anything else needs the face.
#[pyfunction]
#[pyo3(signature = (pk, threads=None))]
pub fn entropy_of_vector(
    py: Python<'_>,
    pk: &Bound<'_, PyAny>,
    threads: Option<usize>,
) -> PyResult<Option<f64>> {
    if pk.is_exact_instance_of::<PyList>() {
        // A short list is read here: to make an array of it would cost more than the answer.
        let Ok(p) = pk.extract::<Vec<f64>>() else { return Ok(None) };
        return run(py, &Work::new(20 * p.len(), threads), |control| entropy::entropy(&p, control)).map(Some);
    }
    let Some(p) = view::<f64, Ix1>(pk) else { return Ok(None) };
    let Some(p) = p.to_slice() else { return Ok(None) };
    run(py, &Work::new(12 * p.len(), threads), |control| entropy::entropy(p, control)).map(Some)
}

/// A measure of each row: `"entropy"` of `p`, or `"relative"` or `"jensenshannon"` of `p` and `q`.
#[pyfunction]
#[pyo3(signature = (measure, p, q, threads=None))]
pub fn information_of_rows<'py>(
    py: Python<'py>,
    measure: &str,
    p: &Bound<'py, PyAny>,
    q: &Bound<'py, PyAny>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "entropy", "real", [f64], [p, q], |T| {
        let (p, q) = (fit!(view::<T, Ix2>(p)), fit!(view::<T, Ix2>(q)));
        let (p, q) = (p.as_standard_layout(), q.as_standard_layout());
        let (rows, columns) = p.dim();
        let work = Work::new(20 * p.len(), threads);
        let found = run(py, &work, |control| {
            mlmath::threads::map_chunks(control, rows, 1.max(2000 / (columns + 1)), |range| {
                let one = |i: usize| match (measure, p.row(i).as_slice(), q.row(i).as_slice()) {
                    ("entropy", Some(p), _) => entropy::entropy(p, control),
                    ("relative", Some(p), Some(q)) => entropy::relative_entropy(p, q, control),
                    (_, Some(p), Some(q)) => entropy::jensen_shannon(p, q, control),
                    _ => Ok(f64::NAN),
                };
                range.map(one).collect::<Result<Vec<f64>, _>>()
            })
        })?
        .concat();
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
