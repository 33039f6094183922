//! `mlmath::optimize::functions`.

use crate::array::{self, Element, view};
use crate::threads::{Work, run};
use crate::{dispatch, fit};
use mlmath::Error;
use mlmath::optimize::functions;
use mlmath::scalar::Real;
use ndarray::{ArrayView1, Ix1, Ix2};
use pyo3::prelude::*;

fn doubles<T: Real>(x: ArrayView1<'_, T>) -> Vec<f64> {
    x.iter().map(|&x| x.to_f64()).collect()
}

fn singles<'py, T: Real + Element>(
    py: Python<'py>,
    shape: &[usize],
    values: &[f64],
) -> PyResult<Bound<'py, PyAny>> {
    let (result, ()) = array::fresh(py, shape, |out: &mut [T]| {
        out.iter_mut().zip(values).for_each(|(out, &value)| *out = T::from_f64(value));
        Ok(())
    })?;
    Ok(result)
}

/// `mlmath::optimize::functions::rosen` of a point, or of the columns of a matrix.
#[pyfunction]
pub fn rosen<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "rosen", "real", [f64 f32], [x], |T| {
        if let Some(x) = view::<T, Ix1>(x) {
            return array::scalar(py, T::from_f64(functions::rosen(&doubles(x)))).map(Some);
        }
        let x = fit!(view::<T, Ix2>(x));
        let values = run(py, &Work::new(4 * x.len(), None), |control| {
            control.go_on()?;
            Ok::<Vec<f64>, Error>(x.columns().into_iter().map(|x| functions::rosen(&doubles(x))).collect())
        })?;
        singles::<T>(py, &[values.len()], &values).map(Some)
    })
}

/// `mlmath::optimize::functions::rosen_der` of a point.
#[pyfunction]
pub fn rosen_der<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "rosen_der", "real", [f64 f32], [x], |T| {
        let x = doubles(fit!(view::<T, Ix1>(x)));
        let mut gradient = vec![0.0; x.len()];
        functions::rosen_der(&x, &mut gradient);
        singles::<T>(py, &[x.len()], &gradient).map(Some)
    })
}

/// `mlmath::optimize::functions::rosen_hess` of a point.
#[pyfunction]
pub fn rosen_hess<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "rosen_hess", "real", [f64 f32], [x], |T| {
        let x = doubles(fit!(view::<T, Ix1>(x)));
        let mut hessian = vec![0.0; x.len() * x.len()];
        functions::rosen_hess(&x, &mut hessian);
        singles::<T>(py, &[x.len(), x.len()], &hessian).map(Some)
    })
}

/// `mlmath::optimize::functions::rosen_hess_prod` of a point and a vector.
#[pyfunction]
pub fn rosen_hess_prod<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    p: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "rosen_hess_prod", "real", [f64 f32], [x, p], |T| {
        let (x, p) = (doubles(fit!(view::<T, Ix1>(x))), doubles(fit!(view::<T, Ix1>(p))));
        let mut product = vec![0.0; x.len()];
        functions::rosen_hess_prod(&x, &p, &mut product).map_err(crate::error::Failure::from)?;
        singles::<T>(py, &[x.len()], &product).map(Some)
    })
}
