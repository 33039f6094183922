//! `mlmath::linalg::diagnosis`: what can be said of a matrix.

use crate::array::view;
use crate::error::Failure;
use crate::threads::{Work, run};
use crate::{dispatch, fit};
use mlmath::linalg::diagnosis::{Diagnosis, diagnose};
use mlmath::linalg::svd::{self, Side};
use ndarray::IxDyn;
use num_complex::Complex;
use pyo3::prelude::*;

/// `mlmath::linalg::diagnosis`: rank, conditions before and after scaling, spreads, asymmetry,
/// definiteness, advice.
#[pyfunction]
#[pyo3(signature = (a, threads=None))]
pub fn diagnosis<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "linalg.report", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        svd::size_of_matrix(a.shape()).map_err(Failure::from)?;
        let work = Work::new(4 * svd::cost(a.shape(), Side::None), threads);
        let told = run(py, &work, |control| diagnose(a, control))?;
        let Diagnosis { rank, condition, scaled_condition, row_spread, column_spread, .. } = told;
        let spreads = (row_spread, column_spread);
        let told =
            (rank, condition, scaled_condition, spreads, told.asymmetry, told.definiteness, told.advice);
        Ok(Some(told.into_pyobject(py)?.into_any()))
    })
}
