//! `mlmath::linalg::matrix_norm`: norms of vectors and matrices.

use crate::array::{self, Element, view};
use crate::error::Failure;
use crate::options;
use crate::threads::{Work, run};
use crate::{dispatch, fit};
use mlmath::linalg::matrix_norm::{Name, Question};
use mlmath::linalg::norm::Normed;
use mlmath::scalar::{Field, Scalar as _};
use ndarray::{ArrayViewD, IxDyn};
use num_complex::Complex;
use pyo3::prelude::*;

/// An order as it is passed: a number or a word.
#[derive(FromPyObject)]
pub enum Order {
    /// 1, 2, inf, …
    Number(f64),
    /// "fro".
    Word(String),
}

/// Axes as they are passed: one, or a tuple of them.
#[derive(FromPyObject)]
pub enum Axes {
    /// An axis.
    One(isize),
    /// Several.
    Several(Vec<isize>),
}

impl Axes {
    fn as_slice(&self) -> &[isize] {
        match self {
            Self::One(axis) => std::slice::from_ref(axis),
            Self::Several(axes) => axes,
        }
    }
}

fn order(value: &Bound<'_, PyAny>) -> PyResult<Order> {
    value.extract().map_err(|_| options::wrong_type("ord", "a number or a string", value))
}

fn optional_order(value: &Bound<'_, PyAny>) -> PyResult<Option<Order>> {
    if value.is_none() { Ok(None) } else { order(value).map(Some) }
}

fn axes(value: &Bound<'_, PyAny>) -> PyResult<Option<Axes>> {
    let wrong = |_| options::wrong_type("axis", "None, an integer or a tuple of integers", value);
    value.extract().map_err(wrong)
}

fn named(order: Option<&Order>) -> Name<'_> {
    match order {
        None => Name::None,
        Some(&Order::Number(p)) => Name::Number(p),
        Some(Order::Word(word)) => Name::Word(word),
    }
}

/// Return a norm of a vector, of a matrix, or of those that lie along some axes.
///
/// Parameters
/// ----------
/// x : array_like
///     Real or complex; float32 stays float32; integers become float64.
/// ord : {number, inf, -inf, "fro", "nuc"}, optional
///     Of vectors: any `p`, for the `p`-th root of the sum of ``abs(x)**p``; 0 counts the elements
///     that are not zero, inf and -inf take the largest and the smallest magnitude. Of matrices:
///     1 and -1 take the largest and smallest sum of magnitudes down a column, inf and -inf along
///     a row, 2 and -2 the largest and smallest singular value, "nuc" the sum of them, "fro" the
///     root of the sum of all squares.
/// axis : int or tuple of two ints, optional
///     The axis of the vectors, or the axes of the rows and columns of the matrices. Without it
///     `x` is a vector or a matrix itself; without `ord` as well, of any dimensions.
/// keepdims : bool
///     Whether the axes stay, with length one.
/// threads : int, optional
///     How many threads may be used.
///
/// Returns
/// -------
/// scalar or ndarray
///     Real, of the precision of `x`.
///
/// Raises
/// ------
/// ValueError
///     If the order or the number of axes has no norm.
/// numpy.linalg.LinAlgError
///     If singular values are asked for and `x` holds NaN or infinity.
/// numpy.exceptions.AxisError
///     If an axis does not exist.
///
/// See Also
/// --------
/// vector_norm : Over any number of axes.
/// matrix_norm : Of the matrices of a stack.
///
/// Notes
/// -----
/// Neither overflows nor underflows unless the result does: where a sum of squares says so, it is
/// taken again over scaled numbers (Blue 1978). NaN goes through.
///
/// Examples
/// --------
/// >>> from mlmath_rs import linalg
/// >>> linalg.norm([3, 4])
/// np.float64(5.0)
/// >>> linalg.norm([3 * 2.0**700, 4 * 2.0**700]) == 5 * 2.0**700
/// np.True_
/// >>> linalg.norm([[1, 2], [3, 4]], 1)
/// np.float64(6.0)
#[pyfunction]
#[pyo3(signature = (x, ord=None, axis=None, keepdims=false, *, threads=None))]
pub fn norm<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = optional_order)] ord: Option<Order>,
    #[pyo3(from_py_with = axes)] axis: Option<Axes>,
    #[pyo3(from_py_with = options::keepdims)] keepdims: bool,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let (name, axes) = (named(ord.as_ref()), axis.as_ref().map(Axes::as_slice));
    dispatch!(py, "linalg.norm", "inexact", [f64 f32 Complex<f64> Complex<f32>], [x], |T| {
        let x = fit!(view::<T, IxDyn>(x));
        let question = Question::of_norm(x.ndim(), name, axes).map_err(Failure::from)?;
        answer(py, &question, x, keepdims, threads).map(Some)
    })
}

/// Return the norm of vectors that lie along any axes.
///
/// Parameters
/// ----------
/// x : array_like
///     Real or complex; float32 stays float32; integers become float64.
/// axis : int or tuple of ints, optional
///     The axes whose elements are one vector; all of them where not given.
/// keepdims : bool
///     Whether the axes stay, with length one.
/// ord : number
///     As in :func:`norm`.
/// threads : int, optional
///     How many threads may be used.
///
/// Returns
/// -------
/// scalar or ndarray
///     Real, of the precision of `x`.
///
/// Raises
/// ------
/// numpy.exceptions.AxisError
///     If an axis does not exist.
///
/// Notes
/// -----
/// As :func:`norm`.
///
/// Examples
/// --------
/// >>> from mlmath_rs import linalg
/// >>> linalg.vector_norm([[1, 2], [2, 4]])
/// np.float64(5.0)
/// >>> linalg.vector_norm([[1, 2], [2, 4]], axis=1, ord=1)
/// array([3., 6.])
#[pyfunction]
#[pyo3(signature = (x, /, *, axis=None, keepdims=false, ord=Order::Number(2.0), threads=None),
       text_signature = "(x, /, *, axis=None, keepdims=False, ord=2, threads=None)")]
pub fn vector_norm<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = axes)] axis: Option<Axes>,
    #[pyo3(from_py_with = options::keepdims)] keepdims: bool,
    #[pyo3(from_py_with = order)] ord: Order,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let (name, axes) = (named(Some(&ord)), axis.as_ref().map(Axes::as_slice));
    dispatch!(py, "linalg.vector_norm", "inexact", [f64 f32 Complex<f64> Complex<f32>], [x], |T| {
        let x = fit!(view::<T, IxDyn>(x));
        let question = Question::of_vector_norm(x.ndim(), name, axes).map_err(Failure::from)?;
        answer(py, &question, x, keepdims, threads).map(Some)
    })
}

/// Return the norm of a matrix, or of each matrix of a stack.
///
/// Parameters
/// ----------
/// x : (..., m, n) array_like
///     Real or complex; float32 stays float32; integers become float64.
/// keepdims : bool
///     Whether the last two axes stay, with length one.
/// ord : {"fro", "nuc", 1, -1, 2, -2, inf, -inf}
///     As in :func:`norm`.
/// threads : int, optional
///     How many threads may be used.
///
/// Returns
/// -------
/// scalar or (...) ndarray
///     Real, of the precision of `x`.
///
/// Raises
/// ------
/// ValueError
///     If `x` has fewer than two dimensions, or matrices have no norm of that order.
///
/// Notes
/// -----
/// As :func:`norm`.
///
/// Examples
/// --------
/// >>> from mlmath_rs import linalg
/// >>> linalg.matrix_norm([[1, 1], [1, 1]])
/// np.float64(2.0)
/// >>> linalg.matrix_norm([[1, 2], [3, 4]], ord=1)
/// np.float64(6.0)
#[pyfunction]
#[pyo3(signature = (x, /, *, keepdims=false, ord=None, threads=None),
       text_signature = "(x, /, *, keepdims=False, ord='fro', threads=None)")]
pub fn matrix_norm<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::keepdims)] keepdims: bool,
    #[pyo3(from_py_with = optional_order)] ord: Option<Order>,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let name = named(ord.as_ref());
    dispatch!(py, "linalg.matrix_norm", "inexact", [f64 f32 Complex<f64> Complex<f32>], [x], |T| {
        let x = fit!(view::<T, IxDyn>(x));
        let question = Question::of_matrix_norm(x.ndim(), name).map_err(Failure::from)?;
        answer(py, &question, x, keepdims, threads).map(Some)
    })
}

/// The norms that are asked for, as an array or a scalar.
fn answer<'py, T: Element + Normed>(
    py: Python<'py>,
    question: &Question,
    x: ArrayViewD<'_, T>,
    keepdims: bool,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>>
where
    <T as Field>::Real: Element + Normed,
{
    let (shape, work) = (question.shape(x.shape(), keepdims), Work::new(question.cost(x.shape()), threads));
    if shape.is_empty() {
        let mut value = [T::Real::ZERO];
        run(py, &work, |control| question.answer(x, &mut value, control))?;
        return array::scalar(py, value[0]);
    }
    let fill = |out: &mut [T::Real]| run(py, &work, |control| question.answer(x, out, control));
    Ok(array::fresh(py, &shape, fill)?.0)
}
