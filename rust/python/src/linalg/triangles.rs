//! `mlmath::linalg`: systems whose factors are at hand.

use crate::array::{self, Element, view};
use crate::error::Failure;
use crate::options;
use crate::threads::{Work, run};
use crate::{dispatch, fit};
use mlmath::linalg::solve::{self, Solvable, solution_shape};
use mlmath::linalg::substitute::{self, Exchanges, Triangle, Turn};
use ndarray::{ArrayViewD, IxDyn};
use num_complex::Complex;
use pyo3::prelude::*;

/// `mlmath::linalg::substitute`, of one triangle.
#[pyfunction]
#[pyo3(signature = (a, b, trans=0, lower=false, unit_diagonal=false, check_finite=true, threads=None))]
#[expect(clippy::too_many_arguments, reason = "SciPy's")]
pub fn solve_triangular<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::trans)] trans: u8,
    #[pyo3(from_py_with = options::lower)] lower: bool,
    #[pyo3(from_py_with = options::unit_diagonal)] unit_diagonal: bool,
    #[pyo3(from_py_with = options::check_finite)] check_finite: bool,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let turn = Turn::from_number(trans).map_err(Failure::from)?;
    let triangles = [Triangle { lower, unit: unit_diagonal, turn }];
    dispatch!(py, "linalg.solve_triangular", "linalg", [f64 f32 Complex<f64> Complex<f32>], [a, b], |T| {
        let (a, b) = (fit!(view::<T, IxDyn>(a)), fit!(view::<T, IxDyn>(b)));
        solved(py, (a, b), &triangles, None, check_finite, threads)
    })
}

/// `mlmath::linalg::substitute`, of a Cholesky factor and its adjoint.
#[pyfunction]
#[pyo3(signature = (c, b, lower=false, check_finite=true, threads=None))]
pub fn cho_solve<'py>(
    py: Python<'py>,
    c: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::lower)] lower: bool,
    #[pyo3(from_py_with = options::check_finite)] check_finite: bool,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let triangles = substitute::of_definite(lower);
    dispatch!(py, "linalg.cho_solve", "linalg", [f64 f32 Complex<f64> Complex<f32>], [c, b], |T| {
        let (c, b) = (fit!(view::<T, IxDyn>(c)), fit!(view::<T, IxDyn>(b)));
        solved(py, (c, b), &triangles, None, check_finite, threads)
    })
}

/// `mlmath::linalg::substitute`, of packed factors `L U` and their exchanges, which are int32.
#[pyfunction]
#[pyo3(signature = (lu, piv, b, trans=0, check_finite=true, threads=None))]
pub fn lu_solve<'py>(
    py: Python<'py>,
    lu: &Bound<'py, PyAny>,
    piv: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = options::trans)] trans: u8,
    #[pyo3(from_py_with = options::check_finite)] check_finite: bool,
    #[pyo3(from_py_with = options::threads)] threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let turn = Turn::from_number(trans).map_err(Failure::from)?;
    let triangles = substitute::of_elimination(turn);
    dispatch!(py, "linalg.lu_solve", "linalg", [f64 f32 Complex<f64> Complex<f32>], [lu, b], |T| {
        let (lu, b) = (fit!(view::<T, IxDyn>(lu)), fit!(view::<T, IxDyn>(b)));
        let piv = fit!(view::<i32, IxDyn>(piv));
        solved(py, (lu, b), &triangles, Some((piv, turn != Turn::Not)), check_finite, threads)
    })
}

/// The solutions of `triangles` of `a`, after or before exchanges.
fn solved<'py, T: Element + Solvable>(
    py: Python<'py>,
    (a, b): (ArrayViewD<'_, T>, ArrayViewD<'_, T>),
    triangles: &[Triangle],
    exchanges: Option<(ArrayViewD<'_, i32>, bool)>,
    check: bool,
    threads: Option<usize>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let (shape, vector) = solution_shape(a.shape(), b.shape()).map_err(Failure::from)?;
    let stack = &shape[..shape.len() - if vector { 1 } else { 2 }];
    let n = a.shape()[a.ndim() - 1];
    let columns = if vector { 1 } else { shape[shape.len() - 1] };
    let a = fit!(a.broadcast([stack, &[n, n]].concat()));
    let b = fit!(b.broadcast(shape.as_slice()));
    let (pivots, undo) = match &exchanges {
        Some((pivots, undo)) => (Some(fit!(pivots.broadcast([stack, &[n]].concat()))), *undo),
        None => (None, false),
    };
    let pivots = pivots.as_ref().map(|pivots| pivots.as_standard_layout());
    let exchanges =
        pivots.as_ref().map(|pivots| Exchanges { pivots: pivots.as_slice().unwrap_or_default(), undo });
    let work = Work::new(solve::cost(a.shape(), columns), threads);
    let (x, ()) = array::fresh(py, &shape, |x: &mut [T]| {
        x.iter_mut().zip(&b).for_each(|(x, b)| *x = *b);
        run(py, &work, |control| {
            substitute::substitute(a, triangles, exchanges, (x, columns), check, control)
        })
    })?;
    Ok(Some(x))
}
