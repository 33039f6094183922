//! `mlmath::linalg`: functions of matrices.

use crate::array::{self, view};
use crate::error::Failure;
use crate::threads::{Work, run};
use crate::{dispatch, fit};
use mlmath::linalg::{exponential, solve};
use ndarray::IxDyn;
use num_complex::Complex;
use pyo3::prelude::*;

/// `mlmath::linalg::exponential::expm`.
#[pyfunction]
#[pyo3(signature = (a, threads=None))]
pub fn expm<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "linalg.expm", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        solve::size_of_square(a.shape()).map_err(Failure::from)?;
        let shape = a.shape().to_vec();
        let work = Work::new(exponential::cost(&shape), threads);
        let (result, ()) = array::fresh(py, &shape, |out: &mut [T]| {
            run(py, &work, |control| exponential::expm(a, out, control))
        })?;
        Ok(Some(result))
    })
}
