//! `mlmath::linalg`: factors of matrices, and what is read off them.

use crate::array::{self, view};
use crate::error::Failure;
use crate::options;
use crate::threads::{Work, run};
use crate::{as_they_are, dispatch, fit};
use mlmath::linalg::qr::{self, Mode};
use mlmath::linalg::solve::{self, Errors};
use mlmath::linalg::{cholesky, determinant, lu_parts};
use ndarray::IxDyn;
use num_complex::Complex;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// Return the Cholesky factor of a positive definite matrix, or of each matrix of a stack.
///
/// Parameters
/// ----------
/// a : (..., n, n) array_like
///     Symmetric, or Hermitian: one triangle is read, and of the diagonal the real parts.
///     float32 stays float32; integers become float64.
/// upper : bool
///     Whether the upper triangle is read and the upper factor returned, in place of the lower.
/// errors : {"raise", "nan"}
///     What becomes of matrices that are not positive definite: an error that names each of them,
///     or NaN in their place.
/// threads : int, optional
///     How many threads may be used.
///
/// Returns
/// -------
/// (..., n, n) ndarray
///     `L`, lower triangular with a positive diagonal, with ``L @ L.conj().T`` equal to `a`;
///     or ``L.conj().T``.
///
/// Raises
/// ------
/// numpy.linalg.LinAlgError
///     If `a` is not square, or not positive definite and `errors` is ``"raise"``. A matrix that
///     holds NaN or infinity where it is read is not.
///
/// Notes
/// -----
/// Matrices up to 16 in the lanes of a register, several at a time; larger ones by columns,
/// recursively, as in Gustavson, "Recursion leads to automatic variable blocking for dense
/// linear-algebra algorithms", IBM J. Res. Dev. 41, 1997.
///
/// Examples
/// --------
/// >>> from mlmath_rs import linalg
/// >>> linalg.cholesky([[4, 2], [2, 5]])
/// array([[2., 0.],
///        [1., 2.]])
#[pyfunction]
#[pyo3(name = "cholesky", signature = (a, /, *, upper=false, errors="raise", threads=None))]
pub fn cholesky_factor<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::upper)] upper: bool,
    #[pyo3(from_py_with = options::errors)] errors: &str,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let errors = Errors::from_name(errors).map_err(Failure::from)?;
    let small = || -> PyResult<Option<_>> {
        as_they_are!([f64 f32], |T| {
            let (shape, a) = fit!(array::plain::<T>(a));
            let n = fit!(solve::size_alone(shape));
            let (out, ()) = array::fresh(py, shape, |out: &mut [T]| {
                let work = Work::new(0, threads);
                run(py, &work, |control| cholesky::cholesky_alone(n, upper, a, out, errors, control))
            })?;
            Ok(Some(out))
        })
    };
    if let Some(factor) = small()? {
        return Ok(factor);
    }
    dispatch!(py, "linalg.cholesky", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        let shape = a.shape().to_vec();
        solve::size_of_square(&shape).map_err(Failure::from)?;
        let work = Work::new(solve::cost(&shape, 0) / 2, threads);
        let (out, ()) = array::fresh(py, &shape, |out: &mut [T]| {
            run(py, &work, |control| cholesky::cholesky(a, upper, out, errors, control))
        })?;
        Ok(Some(out))
    })
}

/// `mlmath::linalg::determinant::slogdet`: signs, and logarithms of absolute values.
#[pyfunction]
#[pyo3(signature = (a, threads=None))]
pub fn slogdet<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "linalg.slogdet", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        solve::size_of_square(a.shape()).map_err(Failure::from)?;
        let stack = a.shape()[..a.ndim() - 2].to_vec();
        let work = Work::new(solve::cost(a.shape(), 0), threads);
        let (signs, logs) = run(py, &work, |control| determinant::slogdet(a, control))?;
        let (signs, logs) = (array::copied(py, &stack, &signs)?, array::copied(py, &stack, &logs)?);
        Ok(Some(PyTuple::new(py, [signs, logs])?.into_any()))
    })
}

/// `mlmath::linalg::lu_parts::lu`: rows' places, L and U.
#[pyfunction]
#[pyo3(signature = (a, permute_l=false, check_finite=true, threads=None))]
pub fn lu<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::permute_l)] permute_l: bool,
    #[pyo3(from_py_with = options::check_finite)] check_finite: bool,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "linalg.lu", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        let (stack, m, n) = solve::rows_and_columns(a.shape()).map_err(Failure::from)?;
        let work = Work::new(solve::cost_of_factors(a.shape()), threads);
        let shape = |last: &[usize]| [stack, last].concat();
        let (l, (u, (order, ()))) = array::fresh(py, &shape(&[m, m.min(n)]), |l: &mut [T]| {
            array::fresh(py, &shape(&[m.min(n), n]), |u: &mut [T]| {
                array::fresh(py, &shape(&[m]), |order: &mut [i32]| {
                    let parts = (l, u, order);
                    run(py, &work, |control| lu_parts::lu(a.view(), permute_l, parts, check_finite, control))
                })
            })
        })?;
        Ok(Some(PyTuple::new(py, [order, l, u])?.into_any()))
    })
}

/// `mlmath::linalg::lu_parts::lu_factor`: packed factors, exchanges, and the first zero pivot.
#[pyfunction]
#[pyo3(signature = (a, check_finite=true, threads=None))]
pub fn lu_factor<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::check_finite)] check_finite: bool,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "linalg.lu_factor", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        let (stack, m, n) = solve::rows_and_columns(a.shape()).map_err(Failure::from)?;
        let work = Work::new(solve::cost_of_factors(a.shape()), threads);
        let (factors, (pivots, singular)) = array::fresh(py, a.shape(), |out: &mut [T]| {
            array::fresh(py, &[stack, &[m.min(n)]].concat(), |pivots: &mut [i32]| {
                run(py, &work, |control| lu_parts::lu_factor(a.view(), (out, pivots), check_finite, control))
            })
        })?;
        let column = singular.first().map(|&(_, column)| column).into_pyobject(py)?;
        Ok(Some(PyTuple::new(py, [factors, pivots, column])?.into_any()))
    })
}

/// `mlmath::linalg::qr::qr`: what the mode asks for.
#[pyfunction]
#[pyo3(name = "qr", signature = (a, mode="reduced", threads=None))]
pub fn qr_factors<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::mode)] mode: &str,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let mode = Mode::from_name(mode).map_err(Failure::from)?;
    dispatch!(py, "linalg.qr", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        let (stack, m, n) = solve::rows_and_columns(a.shape()).map_err(Failure::from)?;
        let work = Work::new(3 * solve::cost_of_factors(a.shape()), threads);
        let shapes = mode.shapes(m, n);
        let (first, (second, ())) = array::fresh(py, &[stack, &shapes.0].concat(), |first: &mut [T]| {
            array::fresh(py, &[stack, &shapes.1].concat(), |second: &mut [T]| {
                run(py, &work, |control| qr::qr(a.view(), mode, (first, second), control))
            })
        })?;
        Ok(Some(PyTuple::new(py, [first, second])?.into_any()))
    })
}
