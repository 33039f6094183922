//! `mlmath::linalg`: eigenvalues and eigenvectors.

use crate::array::{self, Element, view};
use crate::error::Failure;
use crate::options;
use crate::threads::{Work, run};
use crate::{dispatch, fit};
use mlmath::linalg::eig::{self, Eigen, Spectral};
use mlmath::linalg::eigh::{self, Driver};
use mlmath::linalg::power::power_iteration;
use mlmath::linalg::products::Blas;
use mlmath::linalg::solve;
use mlmath::scalar::{Field, Real};
use ndarray::{ArrayView2, Ix1, IxDyn};
use num_complex::Complex;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// `mlmath::linalg::eigh`: values, vectors and sweeps.
#[pyfunction]
#[pyo3(name = "eigh", signature = (a, upper=false, driver="auto", threads=None))]
pub fn eigh_symmetric<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::upper)] upper: bool,
    #[pyo3(from_py_with = options::driver)] driver: &str,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let driver = Driver::from_name(driver).map_err(Failure::from)?;
    dispatch!(py, "linalg.eigh", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        solve::size_of_square(a.shape()).map_err(Failure::from)?;
        let shape = a.shape().to_vec();
        let work = Work::new(eigh::cost(&shape), threads);
        let (values, (vectors, sweeps)) = array::fresh(py, &shape[..shape.len() - 1], |w: &mut [<T as Field>::Real]| {
            array::fresh(py, &shape, |v: &mut [T]| {
                run(py, &work, |control| eigh::eigh(a, upper, driver, w, v, control))
            })
        })?;
        Ok(Some((values, vectors, sweeps).into_pyobject(py)?.into_any()))
    })
}

/// `mlmath::linalg::eigvalsh`.
#[pyfunction]
#[pyo3(name = "eigvalsh", signature = (a, upper=false, threads=None))]
pub fn eigvalsh_symmetric<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::upper)] upper: bool,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "linalg.eigvalsh", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        solve::size_of_square(a.shape()).map_err(Failure::from)?;
        let shape = a.shape().to_vec();
        let work = Work::new(eigh::cost(&shape) / 3, threads);
        let (values, ()) = array::fresh(py, &shape[..shape.len() - 1], |w: &mut [<T as Field>::Real]| {
            run(py, &work, |control| eigh::eigvalsh(a, upper, w, control))
        })?;
        Ok(Some(values))
    })
}

/// `mlmath::linalg::eig`, the values alone.
#[pyfunction]
#[pyo3(signature = (a, threads=None))]
pub fn eigvals<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "linalg.eigvals", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        solve::size_of_square(a.shape()).map_err(Failure::from)?;
        let shape = a.shape().to_vec();
        let work = Work::new(5 * eigh::cost(&shape), threads);
        let found = run(py, &work, |control| eig::eig_stack(a, false, false, control))?;
        let wanted = &shape[..shape.len() - 1];
        let values = if T::are_real(&found) {
            values::<<T as Field>::Real, <T as Field>::Real>(py, wanted, &found, |z| z.re)?
        } else {
            values::<<T as Field>::Real, Complex<<T as Field>::Real>>(py, wanted, &found, |z| z)?
        };
        Ok(Some(values))
    })
}

/// `mlmath::linalg::eig`, of one matrix or a stack.
#[pyfunction]
#[pyo3(name = "eig", signature = (a, rule=true, threads=None))]
pub fn eig_general<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    rule: bool,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "linalg.eig", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        let n = solve::size_of_square(a.shape()).map_err(Failure::from)?;
        let shape = a.shape().to_vec();
        let work = Work::new(10 * eigh::cost(&shape), threads);
        let found = run(py, &work, |control| eig::eig_stack(a, rule, true, control))?;
        let wanted = (&shape[..shape.len() - 1], &shape[..]);
        let pair = if T::are_real(&found) {
            pair::<<T as Field>::Real, <T as Field>::Real>(py, n, wanted, &found, |z| z.re)?
        } else {
            pair::<<T as Field>::Real, Complex<<T as Field>::Real>>(py, n, wanted, &found, |z| z)?
        };
        Ok(Some(pair))
    })
}

/// `mlmath::linalg::power::power_iteration`: value, vector, iterations and residual.
#[pyfunction]
#[pyo3(name = "power_iteration", signature = (a, x0, tol, maxiter, threads=None))]
pub fn power_iteration_of<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    x0: Option<&Bound<'py, PyAny>>,
    #[pyo3(from_py_with = options::tol)] tol: f64,
    #[pyo3(from_py_with = options::maxiter)] maxiter: usize,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let name = "linalg.power_iteration";
    let Some(x0) = x0 else {
        return dispatch!(py, name, "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
            dominant::<T>(py, fit!(view(a)), None, (tol, maxiter), threads).map(Some)
        });
    };
    dispatch!(py, name, "linalg", [f64 f32 Complex<f64> Complex<f32>], [a, x0], |T| {
        let x0 = fit!(view::<T, Ix1>(x0)).to_vec();
        dominant::<T>(py, fit!(view(a)), Some(&x0), (tol, maxiter), threads).map(Some)
    })
}

fn dominant<'py, T: Element + Blas>(
    py: Python<'py>,
    a: ArrayView2<'_, T>,
    start: Option<&[T]>,
    (tol, maxiter): (f64, usize),
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>>
where
    T::Real: Element,
{
    let work = Work::new(a.len().saturating_mul(maxiter), threads);
    let found = run(py, &work, |control| power_iteration(a, start, tol, maxiter, control))?;
    let vector = array::filled(py, found.vector.len(), found.vector.iter().copied())?;
    let (value, residual) = (array::scalar(py, found.value)?, array::scalar(py, found.residual)?);
    Ok((value, vector, found.iterations, residual).into_pyobject(py)?.into_any())
}

/// Values as an array of `E`.
fn values<'py, T: Real, E: Element>(
    py: Python<'py>,
    shape: &[usize],
    found: &[Eigen<T>],
    part: impl Fn(Complex<T>) -> E,
) -> PyResult<Bound<'py, PyAny>> {
    let (values, ()) = array::fresh(py, shape, |out: &mut [E]| {
        out.iter_mut().zip(found.iter().flat_map(|e| &e.values)).for_each(|(x, &z)| *x = part(z));
        Ok(())
    })?;
    Ok(values)
}

/// Values and vectors as arrays of `E`.
fn pair<'py, T: Real, E: Element>(
    py: Python<'py>,
    n: usize,
    (shape, vectors): (&[usize], &[usize]),
    found: &[Eigen<T>],
    part: impl Fn(Complex<T>) -> E,
) -> PyResult<Bound<'py, PyAny>> {
    let values = values::<T, E>(py, shape, found, &part)?;
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
