//! `mlmath::linalg`: singular values and what follows from them.
//!
//! Functions are called by names that NumPy does not have at its top: what answers NumPy's own
//! functions would be asked without our options.

use crate::array::{self, view};
use crate::error::Failure;
use crate::linalg::spectra::{described, places};
use crate::options;
use crate::threads::{Work, run};
use crate::{dispatch, fit};
use mlmath::linalg::condition::{self, Norm};
use mlmath::linalg::lstsq::{self, Answers};
use mlmath::linalg::options::{NanPolicy, Order};
use mlmath::linalg::subspaces::{self, Space, Tolerance};
use mlmath::linalg::svd::{self, Driver, Options, Side};
use mlmath::scalar::Field;
use ndarray::IxDyn;
use num_complex::Complex;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// `mlmath::linalg::svd`: left vectors, values, right vectors and, where it is asked for, what is told
/// of them.
#[pyfunction]
#[pyo3(
    name = "svd",
    signature = (
        a, vectors="full", hermitian=false, driver="auto", rule=true, order="descending",
        nan_policy="raise", info=false, threads=None
    )
)]
pub fn singular_values<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    vectors: &str,
    #[pyo3(from_py_with = options::hermitian)] hermitian: bool,
    #[pyo3(from_py_with = options::driver)] driver: &str,
    rule: bool,
    #[pyo3(from_py_with = options::order)] order: &str,
    #[pyo3(from_py_with = options::nan_policy)] nan_policy: &str,
    #[pyo3(from_py_with = options::info)] info: bool,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let driver = Driver::from_name(driver).map_err(Failure::from)?;
    let side = Side::from_name(vectors).map_err(Failure::from)?;
    let options = Options { driver, side, hermitian, rule };
    let order = Order::from_name(order).map_err(Failure::from)?;
    let asked = (order, NanPolicy::from_name(nan_policy).map_err(Failure::from)?);
    dispatch!(py, "linalg.svd", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        let shapes = svd::shapes(a.shape(), side).map_err(Failure::from)?;
        let (m, n) = svd::size_of_matrix(a.shape()).map_err(Failure::from)?;
        let stack = a.shape()[..a.ndim() - 2].to_vec();
        let mut told = places(&stack, info);
        let work = Work::new(svd::cost(a.shape(), side), threads);
        let (u, (s, (vh, ()))) = array::fresh(py, &shapes.u, |u: &mut [T]| {
            array::fresh(py, &shapes.s, |s: &mut [<T as Field>::Real]| {
                array::fresh(py, &shapes.vh, |vh: &mut [T]| {
                    run(py, &work, |control| svd::svd(a, options, asked, (u, s, vh), &mut told, control))
                })
            })
        })?;
        let told = described(py, &stack, &told, options.chosen::<T>(m, n))?;
        Ok(Some(PyTuple::new(py, [u, s, vh, told])?.into_any()))
    })
}

/// Which values count as zero: at most one of the two is given.
fn tolerance(relative: Option<Vec<f64>>, absolute: Option<Vec<f64>>) -> Tolerance {
    let relative = relative.map_or(Tolerance::Rounding, Tolerance::Relative);
    absolute.map_or(relative, Tolerance::Absolute)
}

/// `mlmath::linalg::subspaces::pinv`.
#[pyfunction]
#[pyo3(signature = (a, rtol=None, hermitian=false, threads=None))]
pub fn pinv<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    rtol: Option<Vec<f64>>,
    #[pyo3(from_py_with = options::hermitian)] hermitian: bool,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let tolerance = tolerance(rtol, None);
    dispatch!(py, "linalg.pinv", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        let shape = svd::transposed(a.shape()).map_err(Failure::from)?;
        let work = Work::new(svd::cost(a.shape(), Side::Thin), threads);
        let (out, ()) = array::fresh(py, &shape, |out: &mut [T]| {
            run(py, &work, |control| subspaces::pinv(a, &tolerance, hermitian, out, control))
        })?;
        Ok(Some(out))
    })
}

/// `mlmath::linalg::subspaces::matrix_rank`.
#[pyfunction]
#[pyo3(signature = (a, tol=None, rtol=None, hermitian=false, threads=None))]
pub fn matrix_rank<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    tol: Option<Vec<f64>>,
    rtol: Option<Vec<f64>>,
    #[pyo3(from_py_with = options::hermitian)] hermitian: bool,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let tolerance = tolerance(rtol, tol);
    dispatch!(py, "linalg.matrix_rank", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        svd::size_of_matrix(a.shape()).map_err(Failure::from)?;
        let stack = a.shape()[..a.ndim() - 2].to_vec();
        let work = Work::new(svd::cost(a.shape(), Side::None), threads);
        let (out, ()) = array::fresh(py, &stack, |out: &mut [i64]| {
            run(py, &work, |control| subspaces::matrix_rank(a, &tolerance, hermitian, out, control))
        })?;
        array::unwrap_scalar(out, stack.is_empty()).map(Some)
    })
}

/// `mlmath::linalg::condition::cond`.
#[pyfunction]
#[pyo3(signature = (x, p="2", threads=None))]
pub fn cond<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::p)] p: &str,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let norm = Norm::from_name(p).map_err(Failure::from)?;
    dispatch!(py, "cond", "linalg", [f64 f32 Complex<f64> Complex<f32>], [x], |T| {
        let x = fit!(view::<T, IxDyn>(x));
        svd::size_of_matrix(x.shape()).map_err(Failure::from)?;
        let stack = x.shape()[..x.ndim() - 2].to_vec();
        let work = Work::new(svd::cost(x.shape(), Side::None), threads);
        let (out, ()) = array::fresh(py, &stack, |out: &mut [<T as Field>::Real]| {
            run(py, &work, |control| condition::cond(x, norm, out, control))
        })?;
        array::unwrap_scalar(out, stack.is_empty()).map(Some)
    })
}

/// `mlmath::linalg::subspaces::basis`: of the null space or the range.
#[pyfunction]
#[pyo3(signature = (a, null, rtol=None, threads=None))]
pub fn basis<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    null: bool,
    rtol: Option<Vec<f64>>,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let tolerance = tolerance(rtol, None);
    let space = if null { Space::Null } else { Space::Range };
    dispatch!(py, "basis", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        svd::size_of_matrix(a.shape()).map_err(Failure::from)?;
        let mut shape = a.shape().to_vec();
        let work = Work::new(svd::cost(&shape, Side::Full), threads);
        let (dimension, found) =
            run(py, &work, |control| subspaces::basis(a, space, &tolerance, control))?;
        space.reshape(&mut shape, dimension);
        let (out, ()) = array::fresh(py, &shape, |out: &mut [T]| {
            out.copy_from_slice(&found);
            Ok(())
        })?;
        Ok(Some(out))
    })
}

/// `mlmath::linalg::subspaces::polar`: the unitary and the semidefinite factor.
#[pyfunction]
#[pyo3(signature = (a, left=false, threads=None))]
pub fn polar<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    left: bool,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "linalg.polar", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        let shape = a.shape().to_vec();
        let semidefinite = subspaces::semidefinite_shape(&shape, left).map_err(Failure::from)?;
        let work = Work::new(svd::cost(&shape, Side::Thin), threads);
        let (u, (p, ())) = array::fresh(py, &shape, |u: &mut [T]| {
            array::fresh(py, &semidefinite, |p: &mut [T]| {
                run(py, &work, |control| subspaces::polar(a, left, (u, p), control))
            })
        })?;
        Ok(Some(PyTuple::new(py, [u, p])?.into_any()))
    })
}

/// `mlmath::linalg::lstsq`: solutions, residuals, ranks and singular values.
#[pyfunction]
#[pyo3(signature = (a, b, rcond=None, threads=None))]
pub fn least_squares<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::rcond)] rcond: Option<f64>,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "linalg.lstsq", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a, b], |T| {
        type R = <T as Field>::Real;
        let (a, b) = (fit!(view::<T, IxDyn>(a)), fit!(view::<T, IxDyn>(b)));
        let shapes = lstsq::Shapes::of(a.shape(), b.shape()).map_err(Failure::from)?;
        let work = Work::new(shapes.cost(), threads);
        let (x, (residuals, (rank, (s, ())))) = array::fresh(py, &shapes.x, |x: &mut [T]| {
            array::fresh(py, &shapes.residuals, |residuals: &mut [R]| {
                array::fresh(py, &shapes.stack, |rank: &mut [i64]| {
                    array::fresh(py, &shapes.s, |s: &mut [R]| {
                        let answers = Answers { x, residuals, rank, s };
                        run(py, &work, |control| lstsq::lstsq(a, b, rcond, &shapes, answers, control))
                    })
                })
            })
        })?;
        let rank = array::unwrap_scalar(rank, shapes.stack.is_empty())?;
        Ok(Some(PyTuple::new(py, [x, residuals, rank, s])?.into_any()))
    })
}
