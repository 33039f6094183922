//! `mlmath::linalg`: what is done with vectors.

use crate::array::{self, view};
use crate::error::Failure;
use crate::options;
use crate::threads::{Work, run};
use crate::{dispatch, fit};
use mlmath::linalg::normalize::{self, Zero};
use mlmath::linalg::{axpy, cross, gram_schmidt, inner, kron, matrix_norm, products, transpose};
use ndarray::IxDyn;
use num_complex::Complex;
use pyo3::prelude::*;

/// `mlmath::linalg::normalize`.
#[pyfunction]
#[pyo3(signature = (x, ord=2.0, axis=-1, zero="raise", threads=None))]
pub fn normalize_vectors<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::ord)] ord: f64,
    #[pyo3(from_py_with = options::axis)] axis: isize,
    #[pyo3(from_py_with = options::zero)] zero: &str,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let order = normalize::order_of_norm(ord).map_err(Failure::from)?;
    let zero = Zero::from_name(zero).map_err(Failure::from)?;
    dispatch!(py, "normalize", "inexact", [f64 f32 Complex<f64> Complex<f32>], [x], |T| {
        let x = fit!(view::<T, IxDyn>(x));
        let axis = matrix_norm::place(x.ndim(), axis).map_err(Failure::from)?;
        let (shape, work) = (x.shape().to_vec(), Work::new(order.cost(3 * x.len()), threads));
        let (result, ()) = array::fresh(py, &shape, |out: &mut [T]| {
            run(py, &work, |control| normalize::normalize(x, axis, order, zero, out, control))
        })?;
        Ok(Some(result))
    })
}

/// `mlmath::linalg::gram_schmidt`.
#[pyfunction]
#[pyo3(signature = (a, threads=None))]
pub fn orthonormal_columns<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "linalg.gram_schmidt", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        let (shape, work) = (a.shape().to_vec(), Work::new(gram_schmidt::cost(a.shape()), threads));
        let (result, ()) = array::fresh(py, &shape, |out: &mut [T]| {
            run(py, &work, |control| gram_schmidt::gram_schmidt(a, out, control))
        })?;
        Ok(Some(result))
    })
}

/// `mlmath::linalg::cross`.
#[pyfunction]
#[pyo3(signature = (a, b, axes))]
pub fn cross_product<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    axes: [isize; 3],
) -> PyResult<Bound<'py, PyAny>> {
    // The name that others may answer to says nothing of axes.
    let name = if axes == [-1; 3] { "cross" } else { "cross_product" };
    dispatch!(py, name, "number", [f64 f32 i64 i32 i8 i16 u8 u16 u32 u64 Complex<f64> Complex<f32>], [a, b], |T| {
        let (a, b) = (fit!(view::<T, IxDyn>(a)), fit!(view::<T, IxDyn>(b)));
        let plan = cross::Plan::new(a.shape(), b.shape(), axes).map_err(Failure::from)?;
        let work = Work::new(5 * plan.shape.iter().product::<usize>(), None);
        let (result, ()) = array::fresh(py, &plan.shape, |out: &mut [T]| {
            run(py, &work, |control| plan.cross(a, b, out, control))
        })?;
        array::unwrap_scalar(result, plan.shape.is_empty()).map(Some)
    })
}

/// `mlmath::linalg::inner::vdot`.
#[pyfunction]
#[pyo3(signature = (a, b, /))]
pub fn vdot<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    if let Some(result) = crate::products::inner_product::<f64>(py, a, b, None)? {
        return Ok(result);
    }
    dispatch!(py, "vdot", "number", [f64 f32 i64 i32 bool i8 i16 u8 u16 u32 u64 Complex<f64> Complex<f32>], [a, b], |T| {
        let (a, b) = (fit!(view::<T, IxDyn>(a)), fit!(view::<T, IxDyn>(b)));
        let work = Work::new(a.len(), None);
        array::scalar(py, run(py, &work, |control| inner::vdot(a, b, control))?).map(Some)
    })
}

/// `mlmath::linalg::inner::inner`.
#[pyfunction]
#[pyo3(name = "inner", signature = (a, b, /))]
pub fn inner_products<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    if let Some(result) = crate::products::inner_product::<f64>(py, a, b, None)? {
        return Ok(result);
    }
    dispatch!(py, "inner", "number", [f64 f32 i64 i32 bool i8 i16 u8 u16 u32 u64 Complex<f64> Complex<f32>], [a, b], |T| {
        let (a, b) = (fit!(view::<T, IxDyn>(a)), fit!(view::<T, IxDyn>(b)));
        // A scalar multiplies, which is the face's, as for `dot`.
        fit!((a.ndim() > 0 && b.ndim() > 0).then_some(()));
        let shape = inner::inner_shape(a.shape(), b.shape()).map_err(Failure::from)?;
        let work = Work::new(products::cost(a.shape(), b.shape(), &shape), None);
        let (result, ()) = array::fresh(py, &shape, |out: &mut [T]| {
            run(py, &work, |control| inner::inner(a, b, out, control))
        })?;
        array::unwrap_scalar(result, shape.is_empty()).map(Some)
    })
}

/// `mlmath::linalg::inner::vecdot`, along the last axes.
#[pyfunction]
#[pyo3(signature = (a, b, /))]
pub fn vecdot<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "vecdot", "number", [f64 f32 i64 i32 bool i8 i16 u8 u16 u32 u64 Complex<f64> Complex<f32>], [a, b], |T| {
        let (a, b) = (fit!(view::<T, IxDyn>(a)), fit!(view::<T, IxDyn>(b)));
        let shape = inner::vecdot_shape(a.shape(), b.shape()).map_err(Failure::from)?;
        let work = Work::new(products::cost(a.shape(), b.shape(), &shape), None);
        let (result, ()) = array::fresh(py, &shape, |out: &mut [T]| {
            run(py, &work, |control| inner::vecdot(a, b, out, control))
        })?;
        array::unwrap_scalar(result, shape.is_empty()).map(Some)
    })
}

/// `mlmath::linalg::kron::outer`.
#[pyfunction]
#[pyo3(signature = (a, b, out=None))]
pub fn outer<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let found = || -> PyResult<Bound<'py, PyAny>> {
        dispatch!(py, "outer", "number", [f64 f32 i64 i32 bool i8 i16 u8 u16 u32 u64 Complex<f64> Complex<f32>], [a, b], |T| {
            let inputs = [a, b];
            let (a, b) = (fit!(view::<T, IxDyn>(a)), fit!(view::<T, IxDyn>(b)));
            let shape = [a.len(), b.len()];
            let work = Work::new(a.len() * b.len() / 2, None);
            let (result, ()) = array::place(py, "outer", out, &inputs, &shape, |out: &mut [T]| {
                run(py, &work, |control| kron::outer(a, b, out, control))
            })?;
            Ok(Some(result))
        })
    };
    array::settled(py, "outer", found()?, out)
}

/// `mlmath::linalg::kron`.
#[pyfunction]
#[pyo3(signature = (a, b, /))]
pub fn kron_product<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "kron", "number", [f64 f32 i64 i32 bool i8 i16 u8 u16 u32 u64 Complex<f64> Complex<f32>], [a, b], |T| {
        let (a, b) = (fit!(view::<T, IxDyn>(a)), fit!(view::<T, IxDyn>(b)));
        let shape = kron::kron_shape(a.shape(), b.shape());
        let work = Work::new(shape.iter().product::<usize>() / 2, None);
        let (result, ()) = array::fresh(py, &shape, |out: &mut [T]| {
            run(py, &work, |control| kron::kron(a, b, out, control))
        })?;
        array::unwrap_scalar(result, shape.is_empty()).map(Some)
    })
}

/// `mlmath::linalg::transpose`.
#[pyfunction]
#[pyo3(signature = (x, threads=None))]
pub fn transpose_copy<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "transpose_copy", "number", [f64 f32 i64 i32 bool i8 i16 u8 u16 u32 u64 Complex<f64> Complex<f32>], [x], |T| {
        let x = fit!(view::<T, IxDyn>(x));
        let shape = transpose::transposed_shape(x.shape()).map_err(Failure::from)?;
        let work = Work::new(x.len(), threads);
        let (result, ()) = array::fresh(py, &shape, |out: &mut [T]| {
            run(py, &work, |control| transpose::transpose_copy(x, out, control))
        })?;
        Ok(Some(result))
    })
}

/// `mlmath::linalg::axpy`: `a x`, and with `y` the sum.
#[pyfunction]
#[pyo3(signature = (a, x, y=None, out=None, threads=None))]
pub fn multiple_plus<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    x: &Bound<'py, PyAny>,
    y: Option<&Bound<'py, PyAny>>,
    out: Option<&Bound<'py, PyAny>>,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let Some(y) = y else { return multiple(py, a, x, out, threads) };
    let found = || -> PyResult<Bound<'py, PyAny>> {
        dispatch!(py, "multiple_plus", "number", [f64 f32 i64 i32 bool i8 i16 u8 u16 u32 u64 Complex<f64> Complex<f32>], [a, x, y], |T| {
            let inputs = [a, x, y];
            let (a, x, y) = (fit!(view::<T, IxDyn>(a)), fit!(view::<T, IxDyn>(x)), fit!(view::<T, IxDyn>(y)));
            let shape = axpy::shape(a.shape(), x.shape(), y.shape()).map_err(Failure::from)?;
            let work = Work::new(axpy::cost(shape.iter().product()), threads);
            let (result, ()) = array::place(py, "axpy", out, &inputs, &shape, |out: &mut [T]| {
                run(py, &work, |control| axpy::axpy(a, x, Some(y), out, control))
            })?;
            array::unwrap_scalar(result, shape.is_empty() && out.is_none()).map(Some)
        })
    };
    array::settled(py, "axpy", found()?, out)
}

/// `mlmath::linalg::axpy` without a sum.
fn multiple<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    x: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let found = || -> PyResult<Bound<'py, PyAny>> {
        dispatch!(py, "multiple_plus", "number", [f64 f32 i64 i32 bool i8 i16 u8 u16 u32 u64 Complex<f64> Complex<f32>], [a, x], |T| {
            let inputs = [a, x];
            let (a, x) = (fit!(view::<T, IxDyn>(a)), fit!(view::<T, IxDyn>(x)));
            let shape = axpy::shape(a.shape(), x.shape(), &[]).map_err(Failure::from)?;
            let work = Work::new(axpy::cost(shape.iter().product()), threads);
            let (result, ()) = array::place(py, "scale", out, &inputs, &shape, |out: &mut [T]| {
                run(py, &work, |control| axpy::axpy(a, x, None, out, control))
            })?;
            array::unwrap_scalar(result, shape.is_empty() && out.is_none()).map(Some)
        })
    };
    array::settled(py, "axpy", found()?, out)
}
