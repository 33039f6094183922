//! `mlmath::linalg`: functions and Schur forms of matrices.

use crate::array::{self, view};
use crate::error::Failure;
use crate::options;
use crate::threads::{Work, run};
use crate::{dispatch, fit};
use mlmath::linalg::matrix_function::{self, Doubt, Function, Matrices};
use mlmath::linalg::{exponential, schur_form, solve};
use ndarray::IxDyn;
use num_complex::Complex;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// `mlmath::linalg::exponential::expm`.
#[pyfunction]
#[pyo3(signature = (a, threads=None))]
pub fn expm<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
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

/// `mlmath::linalg::matrix_function::each`, the root or else the logarithm: the matrices, and whether
/// one is singular or its root inaccurate.
#[pyfunction]
#[pyo3(signature = (a, root, threads=None))]
pub fn principal_function<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    root: bool,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let function = if root { Function::Root } else { Function::Logarithm };
    dispatch!(py, ["linalg.logm", "linalg.sqrtm"][usize::from(root)], "linalg", [f64 Complex<f64>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        solve::size_of_square(a.shape()).map_err(Failure::from)?;
        let shape = a.shape().to_vec();
        let work = Work::new(schur_form::cost(&shape), threads);
        let (found, doubt) = run(py, &work, |control| matrix_function::each(a, function, control))?;
        let result = match found {
            Matrices::Real(values) => array::copied(py, &shape, &values)?,
            Matrices::Complex(values) => array::copied(py, &shape, &values)?,
        };
        let doubts = [doubt == Doubt::Singular, doubt == Doubt::Inaccurate];
        Ok(Some((result, doubts[0], doubts[1]).into_pyobject(py)?.into_any()))
    })
}

/// `mlmath::linalg::schur_form::schur`: `T` and `Z`.
#[pyfunction]
#[pyo3(signature = (a, threads=None))]
pub fn schur_form_of<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "linalg.schur", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        solve::size_of_square(a.shape()).map_err(Failure::from)?;
        let shape = a.shape().to_vec();
        let work = Work::new(schur_form::cost(&shape), threads);
        let (t, (z, ())) = array::fresh(py, &shape, |t: &mut [T]| {
            array::fresh(py, &shape, |z: &mut [T]| {
                run(py, &work, |control| schur_form::schur(a, (t, z), control))
            })
        })?;
        Ok(Some(PyTuple::new(py, [t, z])?.into_any()))
    })
}

/// `mlmath::linalg::schur_form::reorder`: `T` and `Z` with the chosen eigenvalues at the top.
#[pyfunction]
#[pyo3(signature = (t, z, chosen, threads=None))]
pub fn schur_reordered<'py>(
    py: Python<'py>,
    t: &Bound<'py, PyAny>,
    z: &Bound<'py, PyAny>,
    chosen: Vec<bool>,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "schur_reordered", "linalg", [f64 f32 Complex<f64> Complex<f32>], [t, z], |T| {
        let (t, z) = (fit!(view::<T, IxDyn>(t)), fit!(view::<T, IxDyn>(z)));
        let shape = t.shape().to_vec();
        let work = Work::new(schur_form::cost(&shape), threads);
        let (first, (second, ())) = array::fresh(py, &shape, |first: &mut [T]| {
            array::fresh(py, &shape, |second: &mut [T]| {
                run(py, &work, |control| schur_form::reorder(t, z, &chosen, (first, second), control))
            })
        })?;
        Ok(Some(PyTuple::new(py, [first, second])?.into_any()))
    })
}
