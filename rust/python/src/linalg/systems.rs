//! `mlmath::linalg`: systems, inverses, determinants.

use crate::array::{self, Element, view};
use crate::error::Failure;
use crate::options;
use crate::threads::{Work, run};
use crate::{as_they_are, dispatch, fit};
use mlmath::linalg::report::Report;
use mlmath::linalg::solve::{self, Errors, Solvable, solution_shape};
use mlmath::linalg::stack::Question;
use mlmath::scalar::{Field, Real};
use ndarray::{ArrayViewD, IxDyn};
use num_complex::Complex;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// Return the inverse of a matrix, or of each matrix of a stack.
///
/// Parameters
/// ----------
/// a : (..., n, n) array_like
///     Real or complex; float32 stays float32; integers become float64.
/// errors : {"raise", "nan"}
///     What becomes of singular matrices: an error that names each of them, or NaN in their place.
/// return_info : bool
///     Whether to return an :class:`Info` as well.
/// threads : int, optional
///     How many threads may be used.
///
/// Returns
/// -------
/// inverse : (..., n, n) ndarray
///     With ``a @ inverse`` equal to the identity.
/// info : Info
///     Only with ``return_info=True``.
///
/// Raises
/// ------
/// numpy.linalg.LinAlgError
///     If `a` is not square, or singular and `errors` is ``"raise"``.
///
/// Warns
/// -----
/// LinAlgWarning
///     If a single matrix larger than 16 is so ill-conditioned that no digit can be trusted.
///
/// Notes
/// -----
/// Gauss-Jordan elimination with partial pivoting (Peters and Wilkinson 1975); matrices up to 16 in
/// the lanes of a register, several at a time; larger ones recursively, by products. To solve
/// ``a x = b`` do not invert.
///
/// Examples
/// --------
/// >>> from mlmath_rs import linalg
/// >>> linalg.inv([[2, 0], [0, 4]])
/// array([[0.5 , 0.  ],
///        [0.  , 0.25]])
#[pyfunction]
#[pyo3(signature = (a, *, errors="raise", return_info=false, threads=None))]
pub fn inv<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::errors)] errors: &str,
    #[pyo3(from_py_with = options::return_info)] return_info: bool,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let errors = Errors::from_name(errors).map_err(Failure::from)?;
    let small = || -> PyResult<Option<_>> {
        as_they_are!([f64 f32], |T| {
            let (shape, a) = fit!(array::plain::<T>(a).filter(|_| !return_info));
            let n = fit!(solve::size_alone(shape));
            alone(py, Question::Inverse, (n, a, &[]), shape, errors, threads)
        })
    };
    if let Some(inverse) = small()? {
        return Ok(inverse);
    }
    dispatch!(py, "linalg.inv", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        let shape = a.shape().to_vec();
        solve::size_of_square(&shape).map_err(Failure::from)?;
        ask(py, Question::Inverse, a, &[], &shape, (errors, return_info), threads).map(Some)
    })
}

/// Return the determinant of a matrix, or of each matrix of a stack.
///
/// Parameters
/// ----------
/// a : (..., n, n) array_like
///     Real or complex; float32 stays float32; integers become float64.
/// threads : int, optional
///     How many threads may be used.
///
/// Returns
/// -------
/// scalar or (...) ndarray
///     1 for a matrix without elements, 0 for a singular one.
///
/// Raises
/// ------
/// numpy.linalg.LinAlgError
///     If `a` is not square.
///
/// Notes
/// -----
/// The product of the pivots of the elimination, with the sign of its exchanges.
///
/// Examples
/// --------
/// >>> from mlmath_rs import linalg
/// >>> linalg.det([[1, 2], [3, 4]])
/// np.float64(-2.0)
#[pyfunction]
#[pyo3(signature = (a, *, threads=None))]
pub fn det<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let small = || -> PyResult<Option<_>> {
        as_they_are!([f64 f32], |T| {
            let (shape, a) = fit!(array::plain::<T>(a));
            let n = fit!(solve::size_alone(shape));
            let mut value = [T::default()];
            run(py, &Work::new(0, threads), |control| {
                solve::answer_alone(Question::Determinant, n, a, &[], &mut value, Errors::Nan, control)
            })?;
            array::scalar(py, value[0]).map(Some)
        })
    };
    if let Some(determinant) = small()? {
        return Ok(determinant);
    }
    dispatch!(py, "linalg.det", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        solve::size_of_square(a.shape()).map_err(Failure::from)?;
        let shape = a.shape()[..a.ndim() - 2].to_vec();
        ask(py, Question::Determinant, a, &[], &shape, (Errors::Nan, false), threads).map(Some)
    })
}

/// Solve ``a x = b`` for a matrix, or for each matrix of a stack.
///
/// Parameters
/// ----------
/// a : (..., n, n) array_like
///     The matrices, real or complex.
/// b : (n,) or (..., n, k) array_like
///     Right-hand sides: a vector if it has one dimension, else matrices that broadcast with
///     the stack of `a`.
/// errors : {"raise", "nan"}
///     What becomes of singular matrices: an error that names each of them, or NaN.
/// return_info : bool
///     Whether to return an :class:`Info` as well.
/// threads : int, optional
///     How many threads may be used.
///
/// Returns
/// -------
/// x : (..., n) or (..., n, k) ndarray
///     The solutions.
/// info : Info
///     Only with ``return_info=True``.
///
/// Raises
/// ------
/// ValueError
///     If the rows of `b` are not as many as those of `a`.
/// numpy.linalg.LinAlgError
///     If `a` is not square, or singular and `errors` is ``"raise"``.
///
/// Notes
/// -----
/// As :func:`inv`, without the inverse.
///
/// Examples
/// --------
/// >>> from mlmath_rs import linalg
/// >>> linalg.solve([[2, 1], [1, 3]], [3, 5])
/// array([0.8, 1.4])
#[pyfunction]
#[pyo3(name = "solve", signature = (a, b, *, errors="raise", return_info=false, threads=None))]
pub fn solve_system<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::errors)] errors: &str,
    #[pyo3(from_py_with = options::return_info)] return_info: bool,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let errors = Errors::from_name(errors).map_err(Failure::from)?;
    let small = || -> PyResult<Option<_>> {
        as_they_are!([f64 f32], |T| {
            let (shape, a) = fit!(array::plain::<T>(a).filter(|_| !return_info));
            let n = fit!(solve::size_alone(shape));
            let (shape, b) = fit!(array::plain::<T>(b));
            let columns = fit!(solve::columns_alone(n, shape));
            alone(py, Question::Solution { columns }, (n, a, b), shape, errors, threads)
        })
    };
    if let Some(solution) = small()? {
        return Ok(solution);
    }
    dispatch!(py, "linalg.solve", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a, b], |T| {
        let (a, b) = (fit!(view::<T, IxDyn>(a)), fit!(view::<T, IxDyn>(b)));
        let (shape, vector) = solution_shape(a.shape(), b.shape()).map_err(Failure::from)?;
        let stack = &shape[..shape.len() - if vector { 1 } else { 2 }];
        let wide = [stack, &a.shape()[a.ndim() - 2..]].concat();
        let (Some(a), Some(b)) = (a.broadcast(wide), b.broadcast(shape.as_slice())) else { return Ok(None) };
        let columns = if vector { 1 } else { shape[shape.len() - 1] };
        let right = b.as_standard_layout();
        let right = right.as_slice().unwrap_or_default();
        ask(py, Question::Solution { columns }, a, right, &shape, (errors, return_info), threads).map(Some)
    })
}

/// The answer for one small matrix of real numbers, by the shortest way.
fn alone<'py, T: Element + Real + Solvable>(
    py: Python<'py>,
    question: Question,
    (n, a, b): (usize, &[T], &[T]),
    shape: &[usize],
    errors: Errors,
    threads: Option<usize>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let (out, ()) = array::fresh(py, shape, |out: &mut [T]| {
        let work = Work::new(0, threads);
        run(py, &work, |control| solve::answer_alone(question, n, a, b, out, errors, control))
    })?;
    Ok(Some(out))
}

/// Runs a question and gives the answer, with the report where that is wanted.
fn ask<'py, T: Element + Solvable>(
    py: Python<'py>,
    question: Question,
    a: ArrayViewD<'_, T>,
    b: &[T],
    shape: &[usize],
    (errors, info): (Errors, bool),
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>>
where
    <T as Field>::Real: Element,
{
    let columns =
        if let Question::Solution { columns } = question { columns } else { a.shape()[a.ndim() - 1] };
    let work = Work::new(solve::cost(a.shape(), columns), threads);
    let stack = if info { a.shape()[..a.ndim() - 2].to_vec() } else { vec![] };
    let (out, report) = array::fresh(py, shape, |out: &mut [T]| {
        run(py, &work, |control| solve::answer(question, a, b, out, errors, info, control))
    })?;
    if let Some(rcond) = report.doubtful {
        crate::error::warn_ill_conditioned(py, rcond.to_f64())?;
    }
    if info {
        let parts = described(py, &stack, &report)?;
        let info = py.import(intern!(py, "mlmath_rs.linalg"))?.getattr(intern!(py, "Info"))?.call1(parts)?;
        return Ok(PyTuple::new(py, [out, info])?.into_any());
    }
    array::unwrap_scalar(out, shape.is_empty())
}

/// `(ok, rcond, backward_error)`, each of the shape of the stack.
fn described<'py, R: Real + Element>(
    py: Python<'py>,
    stack: &[usize],
    report: &Report<R>,
) -> PyResult<Bound<'py, PyTuple>> {
    let ok = array::copied(py, stack, &report.ok())?;
    let rcond = array::copied(py, stack, &report.rcond)?;
    PyTuple::new(py, [ok, rcond, array::copied(py, stack, &report.backward_error)?])
}
