//! `mlmath::reduce`.

use crate::array::{self, view};
use crate::threads::{Work, run};
use crate::{dispatch, fit};
use mlmath::reduce;
use ndarray::Ix1;
use pyo3::prelude::*;

/// `mlmath::reduce::dot`, of two vectors.
#[pyfunction]
#[pyo3(signature = (a, b, threads=None))]
pub fn inner_product<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "dot", "inexact", [f64 f32], [a, b], |T| {
        let (a, b) = (fit!(view::<T, Ix1>(a)), fit!(view::<T, Ix1>(b)));
        let (a, b) = (fit!(a.to_slice()), fit!(b.to_slice()));
        let work = Work::new(a.len() / 4, threads);
        let sum = run(py, &work, |control| reduce::dot(a, b, control))?;
        array::scalar(py, sum).map(Some)
    })
}
