//! `mlmath::linalg`: eigenvalues and eigenvectors.

use crate::array::{self, Element, view};
use crate::error::Failure;
use crate::options;
use crate::threads::{Work, run};
use crate::{dispatch, fit};
use mlmath::linalg::eig::{self, Eigen, Spectral};
use mlmath::linalg::eig_quality::judge;
use mlmath::linalg::eigh::{self, Driver};
use mlmath::linalg::options::{NanPolicy, Order, Told};
use mlmath::linalg::power::power_iteration;
use mlmath::linalg::products::Blas;
use mlmath::linalg::solve;
use mlmath::scalar::{Field, Real};
use ndarray::{ArrayView2, Ix1, IxDyn};
use num_complex::Complex;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// `mlmath::linalg::eigh`: values, vectors and, where it is asked for, what is told of them.
#[pyfunction]
#[pyo3(
    name = "eigh",
    signature = (
        a, upper=false, driver="auto", rule=true, order="ascending", nan_policy="raise", info=false,
        threads=None
    )
)]
pub fn eigh_symmetric<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::upper)] upper: bool,
    #[pyo3(from_py_with = options::driver)] driver: &str,
    #[pyo3(from_py_with = options::rule)] rule: bool,
    #[pyo3(from_py_with = options::order)] order: &str,
    #[pyo3(from_py_with = options::nan_policy)] nan_policy: &str,
    #[pyo3(from_py_with = options::info)] info: bool,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = symmetric(upper, driver, rule, order, nan_policy)?;
    dispatch!(py, "linalg.eigh", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        let n = solve::size_of_square(a.shape()).map_err(Failure::from)?;
        let shape = a.shape().to_vec();
        let (stack, wanted) = (&shape[..shape.len() - 2], &shape[..shape.len() - 1]);
        let mut told = places(stack, info);
        let work = Work::new(eigh::cost(&shape), threads);
        let (values, (vectors, ())) = array::fresh(py, wanted, |w: &mut [<T as Field>::Real]| {
            array::fresh(py, &shape, |v: &mut [T]| {
                run(py, &work, |control| eigh::eigh(a, options, (w, v), &mut told, control))
            })
        })?;
        let told = described(py, stack, &told, options.driver.chosen::<T>(n))?;
        Ok(Some(PyTuple::new(py, [values, vectors, told])?.into_any()))
    })
}

/// `mlmath::linalg::eigh`, the values alone.
#[pyfunction]
#[pyo3(
    name = "eigvalsh",
    signature = (a, upper=false, driver="auto", order="ascending", nan_policy="raise", threads=None)
)]
pub fn eigvalsh_symmetric<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::upper)] upper: bool,
    #[pyo3(from_py_with = options::driver)] driver: &str,
    #[pyo3(from_py_with = options::order)] order: &str,
    #[pyo3(from_py_with = options::nan_policy)] nan_policy: &str,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = symmetric(upper, driver, false, order, nan_policy)?;
    dispatch!(py, "linalg.eigvalsh", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        solve::size_of_square(a.shape()).map_err(Failure::from)?;
        let shape = a.shape().to_vec();
        let work = Work::new(eigh::cost(&shape) / 3, threads);
        let (values, ()) = array::fresh(py, &shape[..shape.len() - 1], |w: &mut [<T as Field>::Real]| {
            run(py, &work, |control| eigh::eigh(a, options, (w, &mut []), &mut [], control))
        })?;
        Ok(Some(values))
    })
}

fn symmetric(
    upper: bool,
    driver: &str,
    rule: bool,
    order: &str,
    nan_policy: &str,
) -> PyResult<eigh::Options> {
    let driver = Driver::from_name(driver).map_err(Failure::from)?;
    let order = Order::from_name(order).map_err(Failure::from)?;
    let policy = NanPolicy::from_name(nan_policy).map_err(Failure::from)?;
    Ok(eigh::Options { upper, driver, rule, order, policy })
}

/// A place for what is told of each matrix, if it is wanted.
pub(super) fn places(stack: &[usize], wanted: bool) -> Vec<Told> {
    vec![Told::default(); if wanted { stack.iter().product() } else { 0 }]
}

/// `(ok, sweeps, rotations, off_diagonal, driver)`, the first four of the shape of the stack; nothing
/// where nothing was told.
pub(super) fn described<'py>(
    py: Python<'py>,
    stack: &[usize],
    told: &[Told],
    driver: &str,
) -> PyResult<Bound<'py, PyAny>> {
    if told.is_empty() && !stack.contains(&0) {
        return Ok(py.None().into_bound(py));
    }
    let parts = [
        each(py, stack, told, |told| told.ok)?,
        each(py, stack, told, |told| told.sweeps as i64)?,
        each(py, stack, told, |told| told.rotations as i64)?,
        each(py, stack, told, |told| told.off_diagonal)?,
        driver.into_pyobject(py)?.into_any(),
    ];
    Ok(PyTuple::new(py, parts)?.into_any())
}

/// One thing that is told of each matrix, of the shape of the stack.
fn each<'py, Q, E: Element>(
    py: Python<'py>,
    stack: &[usize],
    told: &[Q],
    part: impl Fn(&Q) -> E,
) -> PyResult<Bound<'py, PyAny>> {
    let (array, ()) = array::fresh(py, stack, |out: &mut [E]| {
        out.iter_mut().zip(told).for_each(|(place, told)| *place = part(told));
        Ok(())
    })?;
    array::unwrap_scalar(array, stack.is_empty())
}

/// `mlmath::linalg::eig`, the values alone.
#[pyfunction]
#[pyo3(signature = (a, order="descending", nan_policy="raise", threads=None))]
pub fn eigvals<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::order)] order: &str,
    #[pyo3(from_py_with = options::nan_policy)] nan_policy: &str,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = general(false, false, order, nan_policy)?;
    dispatch!(py, "linalg.eigvals", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        solve::size_of_square(a.shape()).map_err(Failure::from)?;
        let shape = a.shape().to_vec();
        let work = Work::new(5 * eigh::cost(&shape), threads);
        let found = run(py, &work, |control| eig::eig_stack(a, options, control))?;
        let wanted = &shape[..shape.len() - 1];
        let values = if T::are_real(&found) {
            values::<<T as Field>::Real, <T as Field>::Real>(py, wanted, &found, |z| z.re)?
        } else {
            values::<<T as Field>::Real, Complex<<T as Field>::Real>>(py, wanted, &found, |z| z)?
        };
        Ok(Some(values))
    })
}

/// `mlmath::linalg::eig`, of one matrix or a stack: values, vectors and, where it is asked for, what
/// is told of them.
#[pyfunction]
#[pyo3(
    name = "eig",
    signature = (a, rule=true, order="descending", nan_policy="raise", info=false, threads=None)
)]
pub fn eig_general<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    rule: bool,
    #[pyo3(from_py_with = options::order)] order: &str,
    #[pyo3(from_py_with = options::nan_policy)] nan_policy: &str,
    #[pyo3(from_py_with = options::info)] info: bool,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = general(true, rule, order, nan_policy)?;
    dispatch!(py, "linalg.eig", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        let n = solve::size_of_square(a.shape()).map_err(Failure::from)?;
        let shape = a.shape().to_vec();
        let work = Work::new(10 * eigh::cost(&shape), threads);
        let found = run(py, &work, |control| eig::eig_stack(a.view(), options, control))?;
        let wanted = (&shape[..shape.len() - 1], &shape[..]);
        let [values, vectors] = if T::are_real(&found) {
            pair::<<T as Field>::Real, <T as Field>::Real>(py, n, wanted, &found, |z| z.re)?
        } else {
            pair::<<T as Field>::Real, Complex<<T as Field>::Real>>(py, n, wanted, &found, |z| z)?
        };
        if !info {
            return Ok(Some((values, vectors, py.None()).into_pyobject(py)?.into_any()));
        }
        let told = run(py, &work, |control| judge(&a, &found, control))?;
        let stack = &shape[..shape.len() - 2];
        let parts = [
            each(py, stack, &told, |told| told.ok)?,
            each(py, stack, &told, |told| told.residual)?,
            each(py, stack, &told, |told| told.rcond)?,
        ];
        Ok(Some((values, vectors, PyTuple::new(py, parts)?).into_pyobject(py)?.into_any()))
    })
}

fn general(vectors: bool, rule: bool, order: &str, nan_policy: &str) -> PyResult<eig::Options> {
    let order = Order::from_name(order).map_err(Failure::from)?;
    let policy = NanPolicy::from_name(nan_policy).map_err(Failure::from)?;
    Ok(eig::Options { vectors, rule, order, policy })
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
) -> PyResult<[Bound<'py, PyAny>; 2]> {
    let values = values::<T, E>(py, shape, found, &part)?;
    let (vectors, ()) = array::fresh(py, vectors, |out: &mut [E]| {
        for (out, eigen) in out.chunks_mut((n * n).max(1)).zip(found) {
            for (place, x) in out.iter_mut().enumerate() {
                *x = part(eigen.vectors[place % n][place / n]);
            }
        }
        Ok(())
    })?;
    Ok([values, vectors])
}
