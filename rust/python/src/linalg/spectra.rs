//! `mlmath::linalg`: eigenvalues and eigenvectors.

use crate::array::{self, Element, view};
use crate::error::Failure;
use crate::threads::{Work, run};
use crate::{dispatch, fit};
use mlmath::linalg::eig::Eigen;
use mlmath::linalg::eigh::{self, Driver};
use mlmath::linalg::solve;
use mlmath::scalar::Real;
use ndarray::IxDyn;
use num_complex::Complex;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// `mlmath::linalg::eigh`: values, vectors and sweeps.
#[pyfunction]
#[pyo3(name = "eigh", signature = (a, upper=false, driver="auto", threads=None))]
pub fn eigh_symmetric<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    upper: bool,
    driver: &str,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let driver = Driver::from_name(driver).map_err(Failure::from)?;
    dispatch!(py, "linalg.eigh", "linalg", [f64 f32], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        solve::size_of_square(a.shape()).map_err(Failure::from)?;
        let shape = a.shape().to_vec();
        let work = Work::new(eigh::cost(&shape), threads);
        let (values, (vectors, sweeps)) = array::fresh(py, &shape[..shape.len() - 1], |w: &mut [T]| {
            array::fresh(py, &shape, |v: &mut [T]| {
                run(py, &work, |control| eigh::eigh(a, upper, driver, w, v, control))
            })
        })?;
        Ok(Some((values, vectors, sweeps).into_pyobject(py)?.into_any()))
    })
}

/// `mlmath::linalg::eig`, of one matrix.
#[pyfunction]
#[pyo3(signature = (a, rule=true, threads=None))]
pub fn eig<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    rule: bool,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "linalg.eig", "linalg", [f64 f32], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        let n = solve::size_of_square(a.shape()).map_err(Failure::from)?;
        let shape = a.shape().to_vec();
        let work = Work::new(10 * eigh::cost(&shape), threads);
        let found = run(py, &work, |control| mlmath::linalg::eig::eig_stack(a, rule, control))?;
        let wanted = (&shape[..shape.len() - 1], &shape[..]);
        let pair = if found.iter().all(Eigen::is_real) {
            pair::<T, T>(py, n, wanted, &found, |z| z.re)?
        } else {
            pair::<T, Complex<T>>(py, n, wanted, &found, |z| z)?
        };
        Ok(Some(pair))
    })
}

/// Values and vectors as arrays of `E`.
fn pair<'py, T: Real, E: Element>(
    py: Python<'py>,
    n: usize,
    (values, vectors): (&[usize], &[usize]),
    found: &[Eigen<T>],
    part: impl Fn(Complex<T>) -> E,
) -> PyResult<Bound<'py, PyAny>> {
    let (values, ()) = array::fresh(py, values, |out: &mut [E]| {
        out.iter_mut().zip(found.iter().flat_map(|e| &e.values)).for_each(|(x, &z)| *x = part(z));
        Ok(())
    })?;
    let (vectors, ()) = array::fresh(py, vectors, |out: &mut [E]| {
        for (out, eigen) in out.chunks_mut((n * n).max(1)).zip(found) {
            for (place, x) in out.iter_mut().enumerate() {
                *x = part(eigen.vectors[place % n][place / n]);
            }
        }
        Ok(())
    })?;
    Ok(PyTuple::new(py, [values, vectors])?.into_any())
}
