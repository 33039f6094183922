//! `mlmath::linalg::products`.

use crate::array::{self, view};
use crate::error::Failure;
use crate::options;
use crate::threads::{Work, run};
use crate::{dispatch, fit};
use mlmath::linalg::integer::Overflow;
use mlmath::linalg::matmul::matmul_cost;
use mlmath::linalg::products;
use mlmath::linalg::trace::{self, Summand};
use mlmath::reduce;
use ndarray::{Ix1, Ix2, IxDyn};
use num_complex::Complex;
use pyo3::intern;
use pyo3::prelude::*;

/// Return the matrix product of two arrays.
///
/// Parameters
/// ----------
/// a, b : (..., m, k), (..., k, n) array_like
///     Matrices or stacks of them, which broadcast; a vector counts as one row on the left and
///     as one column on the right. Any number type, in any layout.
/// out : (..., m, n) ndarray, optional
///     Where to put the result. May be an input.
/// overflow : {"wrap", "raise"}
///     What becomes of integer sums that do not fit: NumPy's low bits, or an `OverflowError`.
/// threads : int, optional
///     How many threads may be used.
///
/// Returns
/// -------
/// (..., m, n) ndarray or scalar
///     Of the dtype that NumPy's promotion gives; integers stay integers and are exact.
///
/// Raises
/// ------
/// ValueError
///     If an argument is a scalar or the shapes do not fit.
/// OverflowError
///     With ``overflow="raise"``, naming the first entry that does not fit.
///
/// See Also
/// --------
/// dot : The same for matrices; other rules for stacks.
///
/// Notes
/// -----
/// Packed blocks and a register tile per instruction set, after Van Zee and van de Geijn,
/// "BLIS", ACM Trans. Math. Softw. 41 (2015). Integers go through floats where a bound proves
/// that exact.
///
/// Examples
/// --------
/// >>> import mlmath_rs as np
/// >>> np.matmul([[1, 2], [3, 4]], [[5, 6], [7, 8]])
/// array([[19, 22],
///        [43, 50]])
#[pyfunction]
#[pyo3(signature = (a, b, out=None, *, overflow=None, threads=None), text_signature = "(a, b, out=None, *, overflow='wrap', threads=None)")]
pub fn matmul<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
    overflow: Option<&Bound<'py, PyAny>>,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let overflow = overflow_named(py, overflow)?;
    let found = || -> PyResult<Bound<'py, PyAny>> {
        dispatch!(py, "matmul", "number", [f64 f32 i64 i32 bool i8 i16 u8 u16 u32 u64 Complex<f64> Complex<f32>], [a, b], |T| {
            let inputs = [a, b];
            if let (Some(a), Some(b)) = (view::<T, Ix2>(a), view::<T, Ix2>(b))
                && a.ncols() == b.nrows()
            {
                let (shape, cost) = ([a.nrows(), b.ncols()], matmul_cost(a.nrows(), a.ncols(), b.ncols()));
                let (result, ()) = array::place(py, "matmul", out, &inputs, &shape, |c: &mut [T]| {
                    run(py, &Work::new(cost, threads), |control| products::matmul_2d(a, b, c, overflow, control))
                })?;
                return Ok(Some(result));
            }
            let (a, b) = (fit!(view::<T, IxDyn>(a)), fit!(view::<T, IxDyn>(b)));
            let shape = products::matmul_shape(a.shape(), b.shape()).map_err(Failure::from)?;
            let work = Work::new(products::cost(a.shape(), b.shape(), &shape), threads);
            let (result, ()) = array::place(py, "matmul", out, &inputs, &shape, |c: &mut [T]| {
                run(py, &work, |control| products::matmul(a, b, c, overflow, control))
            })?;
            array::unwrap_scalar(result, shape.is_empty() && out.is_none()).map(Some)
        })
    };
    array::settled(py, "matmul", found()?, out)
}

/// Return the dot product of two arrays, by NumPy's rules.
///
/// Parameters
/// ----------
/// a, b : (..., k), (..., k, n) or (k,) array_like
///     Vectors give their inner product, matrices their product; otherwise the sum runs over
///     the last axis of `a` and the last but one of `b`, and a scalar multiplies.
/// out : ndarray, optional
///     Where to put the result; of its shape. May be an input.
/// overflow : {"wrap", "raise"}
///     What becomes of integer sums that do not fit: NumPy's low bits, or an `OverflowError`.
/// threads : int, optional
///     How many threads may be used.
///
/// Returns
/// -------
/// ndarray or scalar
///     Of the dtype that NumPy's promotion gives; integers stay integers.
///
/// Raises
/// ------
/// ValueError
///     If the shapes do not fit.
/// OverflowError
///     With ``overflow="raise"``, naming the first entry that does not fit.
///
/// See Also
/// --------
/// matmul : The product that broadcasts over stacks; ``a @ b``.
///
/// Notes
/// -----
/// Sums of floats run over fixed lanes that are folded in pairs (Higham 1993), so the result
/// does not depend on the number of threads.
///
/// Examples
/// --------
/// >>> import mlmath_rs as np
/// >>> np.dot([1, 2, 3], [4, 5, 6])
/// np.int64(32)
#[pyfunction]
#[pyo3(signature = (a, b, out=None, *, overflow=None, threads=None), text_signature = "(a, b, out=None, *, overflow='wrap', threads=None)")]
pub fn dot<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
    overflow: Option<&Bound<'py, PyAny>>,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    if out.is_none()
        && let Some(result) = inner_product::<f64>(py, a, b, threads)?
    {
        return Ok(result);
    }
    let overflow = overflow_named(py, overflow)?;
    let found = || -> PyResult<Bound<'py, PyAny>> {
        dispatch!(py, "dot", "number", [f64 f32 i64 i32 bool i8 i16 u8 u16 u32 u64 Complex<f64> Complex<f32>], [a, b], |T| {
            let inputs = [a, b];
            let (a, b) = (fit!(view::<T, IxDyn>(a)), fit!(view::<T, IxDyn>(b)));
            // A scalar multiplies, which is the face's: NumPy's ufunc does it.
            fit!((a.ndim() > 0 && b.ndim() > 0).then_some(()));
            let shape = products::dot_shape(a.shape(), b.shape()).map_err(Failure::from)?;
            let work = Work::new(products::cost(a.shape(), b.shape(), &shape), threads);
            let (result, ()) = array::place(py, "dot", out, &inputs, &shape, |c: &mut [T]| {
                run(py, &work, |control| products::dot(a, b, c, overflow, control))
            })?;
            array::unwrap_scalar(result, shape.is_empty() && out.is_none()).map(Some)
        })
    };
    array::settled(py, "dot", found()?, out)
}

/// `mlmath::linalg::trace`: of matrices, not of functions.
#[pyfunction]
#[pyo3(signature = (a, offset=0, axis1=0, axis2=1, out=None))]
pub fn matrix_trace<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::offset)] offset: isize,
    #[pyo3(from_py_with = options::axis1)] axis1: isize,
    #[pyo3(from_py_with = options::axis2)] axis2: isize,
    out: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let found = || -> PyResult<Bound<'py, PyAny>> {
        dispatch!(py, "trace", "number", [f64 f32 i64 i32 bool i8 i16 u8 u16 u32 u64 Complex<f64> Complex<f32>], [a], |T| {
            type Sum = <T as Summand>::Sum;
            let inputs = [a];
            let a = fit!(view::<T, IxDyn>(a));
            let axes = trace::matrix_axes(a.ndim(), axis1, axis2).map_err(Failure::from)?;
            let (shape, work) = (trace::stack_shape(a.shape(), axes), Work::new(trace::cost(a.shape(), axes), None));
            let (result, ()) = array::place(py, "trace", out, &inputs, &shape, |sums: &mut [Sum]| {
                run(py, &work, |control| trace::trace(a, offset, axes, sums, control))
            })?;
            array::unwrap_scalar(result, shape.is_empty() && out.is_none()).map(Some)
        })
    };
    array::settled(py, "trace", found()?, out)
}

/// The option; Python interns the word, so that the usual one is a comparison of pointers.
fn overflow_named(py: Python<'_>, name: Option<&Bound<'_, PyAny>>) -> PyResult<Overflow> {
    match name {
        None => Ok(Overflow::Wrap),
        Some(name) if name.is(intern!(py, "wrap")) => Ok(Overflow::Wrap),
        Some(name) => Ok(Overflow::from_name(options::overflow(name)?).map_err(Failure::from)?),
    }
}

/// The product of two contiguous vectors of `T`, if that is what they are.
pub fn inner_product<'py, T: array::Element + mlmath::scalar::Real>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    threads: Option<usize>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let (Some(a), Some(b)) = (view::<T, Ix1>(a), view::<T, Ix1>(b)) else { return Ok(None) };
    let (Some(a), Some(b)) = (a.to_slice(), b.to_slice()) else { return Ok(None) };
    let work = Work::new(a.len() / 4, threads);
    let sum = run(py, &work, |control| reduce::dot(a, b, control))?;
    array::scalar(py, sum).map(Some)
}
