//! `mlmath::probability::tables`. The face brings what it passes to vectors and matrices.

use crate::array::{self, view};
use crate::threads::{Work, run};
use crate::{dispatch, fit};
use mlmath::probability::tables::{self, Are};
use ndarray::{Ix1, Ix2};
use pyo3::prelude::*;

/// The elements of an array in C order, copied where they do not lie so.
macro_rules! elements {
    ($($array:ident),+) => { $(
        let $array = $array.as_standard_layout();
        let $array = $array.as_slice().unwrap_or_default();
    )+ };
}

/// P(A, B), of P(A) and the rows P(B | A).
#[pyfunction]
pub fn joint_table<'py>(
    py: Python<'py>,
    p_a: &Bound<'py, PyAny>,
    p_b_given_a: &Bound<'py, PyAny>,
    events: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let are = if events { Are::Events } else { Are::Distributions };
    dispatch!(py, "joint_probability", "real", [f64], [p_a, p_b_given_a], |T| {
        let (p, rows) = (fit!(view::<T, Ix1>(p_a)), fit!(view::<T, Ix2>(p_b_given_a)));
        let shape = [rows.nrows(), rows.ncols()];
        elements!(p, rows);
        let (table, ()) = array::fresh(py, &shape, |out: &mut [T]| {
            run(py, &Work::new(4 * rows.len(), None), |control| tables::joint(p, rows, are, out, control))
        })?;
        Ok(Some(table))
    })
}

/// P(A), of the joint table of A (rows) and B.
#[pyfunction]
pub fn marginal_of_table<'py>(py: Python<'py>, joint: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "marginal", "real", [f64], [joint], |T| {
        let table = fit!(view::<T, Ix2>(joint));
        let (rows, columns) = table.dim();
        elements!(table);
        let (sums, ()) = array::fresh(py, &[rows], |out: &mut [T]| {
            run(py, &Work::new(2 * table.len(), None), |control| {
                tables::marginal(table, columns, out, control)
            })
        })?;
        Ok(Some(sums))
    })
}

/// P(B | A), of the joint table and P(A); and the number of rows where P(A) = 0.
#[pyfunction]
pub fn conditional_table<'py>(
    py: Python<'py>,
    joint: &Bound<'py, PyAny>,
    given: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "conditional_probability", "real", [f64], [joint, given], |T| {
        let (table, given) = (fit!(view::<T, Ix2>(joint)), fit!(view::<T, Ix1>(given)));
        let shape = [table.nrows(), table.ncols()];
        elements!(table, given);
        let found = array::fresh(py, &shape, |out: &mut [T]| {
            run(py, &Work::new(4 * table.len(), None), |_| tables::conditional(table, given, out))
        })?;
        Ok(Some(found.into_pyobject(py)?.into_any()))
    })
}

/// P(E), of P(H) and the rows P(E | H).
#[pyfunction]
pub fn total_probability<'py>(
    py: Python<'py>,
    prior: &Bound<'py, PyAny>,
    likelihood: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "law_of_total_probability", "real", [f64], [prior, likelihood], |T| {
        let (prior, rows) = (fit!(view::<T, Ix1>(prior)), fit!(view::<T, Ix2>(likelihood)));
        let columns = rows.ncols();
        elements!(prior, rows);
        let (evidence, ()) = array::fresh(py, &[columns], |out: &mut [T]| {
            run(py, &Work::new(4 * rows.len(), None), |control| tables::total(prior, rows, out, control))
        })?;
        Ok(Some(evidence))
    })
}

/// P(H | E) of each observation, and the number of those that are impossible.
#[pyfunction]
pub fn bayes<'py>(
    py: Python<'py>,
    prior: &Bound<'py, PyAny>,
    likelihood: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "bayes", "real", [f64], [prior, likelihood], |T| {
        let (prior, rows) = (fit!(view::<T, Ix1>(prior)), fit!(view::<T, Ix2>(likelihood)));
        let shape = [rows.nrows(), rows.ncols()];
        elements!(prior, rows);
        let found = array::fresh(py, &shape, |out: &mut [T]| {
            run(py, &Work::new(8 * rows.len(), None), |control| tables::bayes(prior, rows, out, control))
        })?;
        Ok(Some(found.into_pyobject(py)?.into_any()))
    })
}

/// P(H | E) of single events, and the number of those whose evidence is impossible.
#[pyfunction]
pub fn bayes_of_events<'py>(
    py: Python<'py>,
    prior: &Bound<'py, PyAny>,
    likelihood: &Bound<'py, PyAny>,
    evidence: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "bayes", "real", [f64], [prior, likelihood, evidence], |T| {
        let (prior, likelihood) = (fit!(view::<T, Ix1>(prior)), fit!(view::<T, Ix1>(likelihood)));
        let evidence = fit!(view::<T, Ix1>(evidence));
        elements!(prior, likelihood, evidence);
        let found = array::fresh(py, &[prior.len()], |out: &mut [T]| {
            let work = Work::new(8 * prior.len(), None);
            run(py, &work, |_| tables::bayes_of_events(prior, likelihood, evidence, out))
        })?;
        Ok(Some(found.into_pyobject(py)?.into_any()))
    })
}

/// The posterior after all observations, and whether they are impossible.
#[pyfunction]
pub fn bayes_update<'py>(
    py: Python<'py>,
    prior: &Bound<'py, PyAny>,
    log_likelihood: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "bayes_update", "real", [f64], [prior, log_likelihood], |T| {
        let (prior, rows) = (fit!(view::<T, Ix1>(prior)), fit!(view::<T, Ix2>(log_likelihood)));
        elements!(prior, rows);
        let found = array::fresh(py, &[prior.len()], |out: &mut [T]| {
            run(py, &Work::new(2 * rows.len(), None), |control| tables::update(prior, rows, out, control))
        })?;
        Ok(Some(found.into_pyobject(py)?.into_any()))
    })
}
