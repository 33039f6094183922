//! `mlmath::probability`.

use crate::array::{self, view};
use crate::error::Failure;
use crate::threads::{Work, run};
use crate::{dispatch, fit};
use mlmath::probability::evaluate::{Question, Summary};
use mlmath::probability::{FAMILIES, Family};
use ndarray::{Ix1, IxDyn};
use pyo3::prelude::*;
use pyo3::types::PyFloat;

/// The name of each family, with those of its parameters.
#[pyfunction]
pub fn families() -> Vec<(&'static str, Vec<&'static str>)> {
    FAMILIES.iter().map(|(name, parameters)| (*name, parameters.to_vec())).collect()
}

/// A vector or a number for each parameter, as vectors; the face has brought them to one length.
fn columns(parameters: &[Bound<'_, PyAny>]) -> PyResult<Vec<Vec<f64>>> {
    let column = |parameter: &Bound<'_, PyAny>| match view::<f64, Ix1>(parameter) {
        Some(column) => Ok(column.to_vec()),
        None => parameter.extract().map(|number| vec![number]),
    };
    parameters.iter().map(column).collect()
}

fn slices(columns: &[Vec<f64>]) -> Vec<&[f64]> {
    columns.iter().map(Vec::as_slice).collect()
}

/// Refuses parameters that the mathematics does not allow.
#[pyfunction]
pub fn check_parameters(py: Python<'_>, family: &str, parameters: Vec<Bound<'_, PyAny>>) -> PyResult<()> {
    let parameters = columns(&parameters)?;
    run(py, &Work::default(), |_| Family::named(family)?.check(&slices(&parameters)))
}

fn named(family: &str, question: &str) -> Result<(Family, Question), Failure> {
    Ok((Family::named(family)?, Question::named(question)?))
}

/// `Family::ask`: answers of one distribution about each of `x`.
#[pyfunction]
#[pyo3(signature = (family, question, x, parameters, threads=None))]
pub fn distribution<'py>(
    py: Python<'py>,
    family: &str,
    question: &str,
    x: &Bound<'py, PyAny>,
    parameters: Vec<f64>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let (family, question) = named(family, question)?;
    let ask = |x: &[f64], out: &mut [f64], control: &_| family.ask(question, &parameters, x, out, control);
    if let Ok(number) = x.cast::<PyFloat>() {
        let mut out = [0.0];
        let x = [number.extract()?];
        run(py, &Work::new(family.cost(), threads), |control| ask(&x, &mut out, control))?;
        return array::scalar(py, out[0]);
    }
    dispatch!(py, "distribution", "real", [f64 f32], [x], |T| {
        let x = fit!(view::<T, IxDyn>(x));
        let whole = x.as_standard_layout();
        let elements = whole.as_slice().unwrap_or_default();
        let work = Work::new(family.cost() * elements.len(), threads);
        let (result, ()) = array::fresh(py, x.shape(), |out: &mut [T]| {
            run(py, &work, |control| family.ask(question, &parameters, elements, out, control))
        })?;
        array::unwrap_scalar(result, x.ndim() == 0).map(Some)
    })
}

/// `Family::ask_each`: answers about each of `x`, of the distribution with parameters of its own.
///
/// The face has brought all to one shape.
#[pyfunction]
#[pyo3(signature = (family, question, x, parameters, threads=None))]
pub fn distribution_each<'py>(
    py: Python<'py>,
    family: &str,
    question: &str,
    x: &Bound<'py, PyAny>,
    parameters: Vec<Bound<'py, PyAny>>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let (family, question) = named(family, question)?;
    let parameters = columns(&parameters)?;
    let parameters = slices(&parameters);
    dispatch!(py, "distribution", "real", [f64 f32], [x], |T| {
        let x = fit!(view::<T, Ix1>(x));
        let whole = x.as_standard_layout();
        let elements = whole.as_slice().unwrap_or_default();
        let work = Work::new(4 * family.cost() * elements.len(), threads);
        let (result, ()) = array::fresh(py, x.shape(), |out: &mut [T]| {
            run(py, &work, |control| family.ask_each(question, &parameters, elements, out, control))
        })?;
        Ok(Some(result))
    })
}

/// `Family::summarise`: the mean, variance … of each distribution.
#[pyfunction]
pub fn summary_of_distributions<'py>(
    py: Python<'py>,
    family: &str,
    summary: &str,
    parameters: Vec<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let parameters = columns(&parameters)?;
    let found = run(py, &Work::default(), |_| {
        Family::named(family)?.summarise(Summary::named(summary)?, &slices(&parameters))
    })?;
    array::filled(py, found.len(), found.into_iter())
}

/// `Family::kl`: the divergence between distributions of one family, pair by pair.
#[pyfunction]
pub fn kl_of_distributions<'py>(
    py: Python<'py>,
    family: &str,
    parameters: Vec<Bound<'py, PyAny>>,
    others: Vec<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (parameters, others) = (columns(&parameters)?, columns(&others)?);
    let found =
        run(py, &Work::default(), |_| Family::named(family)?.kl(&slices(&parameters), &slices(&others)))?;
    array::filled(py, found.len(), found.into_iter())
}

/// `Family::fit`: the parameters under which a sample is most likely.
#[pyfunction]
#[pyo3(signature = (family, data, threads=None))]
pub fn fit_distribution<'py>(
    py: Python<'py>,
    family: &str,
    data: &Bound<'py, PyAny>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "fit", "real", [f64], [data], |T| {
        let data = fit!(view::<T, IxDyn>(data));
        let whole = data.as_standard_layout();
        let sample = whole.as_slice().unwrap_or_default();
        let work = Work::new(sample.len(), threads);
        let found = run(py, &work, |control| Family::named(family)?.fit(sample, control))?;
        Ok(Some(found.into_pyobject(py)?.into_any()))
    })
}
