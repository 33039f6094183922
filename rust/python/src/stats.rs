//! `mlmath::stats`.

use crate::array::{self, Element, view};
use crate::threads::{Work, run};
use crate::{as_they_are, dispatch, fit};
use mlmath::scalar::Scalar;
use mlmath::stats::moments::{self, Moments};
use mlmath::stats::sample::Sample;
use mlmath::stats::{counts, order};
use ndarray::{ArrayViewD, Ix2, IxDyn};
use pyo3::prelude::*;

/// The elements of an array in C order, copied where they do not lie so.
macro_rules! elements {
    ($array:ident => $slice:ident) => {
        let whole = $array.as_standard_layout();
        let $slice = whole.as_slice().unwrap_or_default();
    };
}

/// `f32` stays, all else becomes `f64`.
fn narrowed<'py, T: Element>(py: Python<'py>, value: f64) -> PyResult<Bound<'py, PyAny>> {
    if T::NAME == "float32" { array::scalar(py, value as f32) } else { array::scalar(py, value) }
}

/// `mlmath::stats::moments`: the mean of all elements; `None` for what is
/// no behaved array of real numbers, or empty.
#[pyfunction]
#[pyo3(signature = (a, threads=None))]
pub fn mean<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    threads: Option<usize>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    as_they_are!([f64 f32 i64 i32 bool i8 i16 u8 u16 u32 u64], |T| {
        let a = fit!(view::<T, IxDyn>(a).filter(|a| !a.is_empty()));
        let count = a.len() as f64;
        elements!(a => x);
        let sum = run(py, &Work::new(x.len() / 4, threads), |control| moments::sum_f64(x, control))?;
        narrowed::<T>(py, sum / count).map(Some)
    })
}

/// `mlmath::stats::moments::Moments`: the variance of all elements, or its root; `None`
/// as for the mean.
#[pyfunction]
#[pyo3(signature = (a, ddof=0.0, root=false, threads=None))]
pub fn var<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    ddof: f64,
    root: bool,
    threads: Option<usize>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    as_they_are!([f64 f32 i64 i32 bool i8 i16 u8 u16 u32 u64], |T| {
        let a = fit!(view::<T, IxDyn>(a).filter(|a| !a.is_empty()));
        elements!(a => x);
        let moments = run(py, &Work::new(x.len() / 2, threads), |control| Moments::of(x, control))?;
        let variance = moments.variance(ddof);
        narrowed::<T>(py, if root { variance.sqrt() } else { variance }).map(Some)
    })
}

/// `mlmath::stats::order::median` of all elements.
#[pyfunction]
#[pyo3(signature = (a, threads=None))]
pub fn median<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "median", "sample", [f64 f32 i64 i32 bool i8 i16 u8 u16 u32 u64], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        elements!(a => x);
        let median = run(py, &Work::new(8 * x.len(), threads), |control| {
            control.go_on()?;
            Ok::<_, mlmath::Error>(order::median(x))
        })?;
        narrowed::<T>(py, median).map(Some)
    })
}

/// What is asked of each column or row: `"mean"`, `"var"`, `"std"` or `"median"`.
fn answer(question: &str, ddof: f64, moments: Moments) -> f64 {
    match question {
        "mean" => moments.mean(),
        "var" => moments.variance(ddof),
        _ => moments.variance(ddof).sqrt(),
    }
}

/// A statistic of each row (`axis` 1) or column (`axis` 0) of a matrix.
#[pyfunction]
#[pyo3(signature = (a, question, axis, ddof=0.0, threads=None))]
pub fn along<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    question: &str,
    axis: usize,
    ddof: f64,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "mean", "sample", [f64 f32 i64 i32 bool i8 i16 u8 u16 u32 u64], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        fit!((a.ndim() == 2).then_some(()));
        let values = statistics(py, a, question, axis, ddof, threads)?;
        let fill = |values: Vec<f64>| {
            if T::NAME == "float32" {
                array::filled(py, values.len(), values.into_iter().map(|x| x as f32))
            } else {
                array::filled(py, values.len(), values.into_iter())
            }
        };
        fill(values).map(Some)
    })
}

fn statistics<T: Sample>(
    py: Python<'_>,
    a: ArrayViewD<'_, T>,
    question: &str,
    axis: usize,
    ddof: f64,
    threads: Option<usize>,
) -> PyResult<Vec<f64>> {
    let (rows, columns) = (a.shape()[0], a.shape()[1]);
    elements!(a => x);
    let work = Work::new(if question == "median" { 8 * x.len() } else { x.len() }, threads);
    run(py, &work, |control| {
        if axis == 0 {
            let columns = moments::of_columns(x, columns, control)?;
            return Ok(columns.into_iter().map(|moments| answer(question, ddof, moments)).collect());
        }
        let one = |index: usize| {
            let row = &x[index * columns..(index + 1) * columns];
            if question == "median" {
                return Ok(order::median(row));
            }
            Ok(answer(question, ddof, Moments::of(row, control)?))
        };
        let size = (100_000 / (columns + 1)).max(1);
        let parts = mlmath::threads::map_chunks(control, rows, size, |range| {
            range.map(one).collect::<Result<Vec<_>, _>>()
        })?;
        Ok::<_, mlmath::Error>(parts.concat())
    })
}

/// A statistic of those elements of each row of a matrix that `selected` says.
#[pyfunction]
#[pyo3(signature = (a, selected, question, ddof=0.0, threads=None))]
pub fn along_where<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    selected: &Bound<'py, PyAny>,
    question: &str,
    ddof: f64,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "mean", "sample", [f64 f32 i64 i32 bool i8 i16 u8 u16 u32 u64], [a], |T| {
        let (a, selected) = (fit!(view::<T, Ix2>(a)), fit!(view::<bool, Ix2>(selected)));
        let (rows, columns) = a.dim();
        elements!(a => x);
        elements!(selected => kept);
        let found = run(py, &Work::new(4 * x.len(), threads), |control| {
            let one = |index: usize| {
                let row = index * columns..(index + 1) * columns;
                Ok(answer(question, ddof, Moments::of_selected(&x[row.clone()], &kept[row], control)?))
            };
            let size = (100_000 / (columns + 1)).max(1);
            let parts = mlmath::threads::map_chunks(control, rows, size, |range| {
                range.map(one).collect::<Result<Vec<_>, _>>()
            })?;
            Ok::<_, mlmath::Error>(parts.concat())
        })?;
        array::filled(py, found.len(), found.into_iter()).map(Some)
    })
}

/// `mlmath::stats::order::range`: the smallest and the largest element.
#[pyfunction]
#[pyo3(signature = (a, threads=None))]
pub fn extremes<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "histogram", "sample", [f64 f32 i64 i32 bool i8 i16 u8 u16 u32 u64], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        elements!(a => x);
        let range = run(py, &Work::new(x.len() / 4, threads), |control| order::range(x, control))?;
        Ok(Some(range.into_pyobject(py)?.into_any()))
    })
}

/// `mlmath::stats::order::select`: elements of the sorted sample.
#[pyfunction]
pub fn order_statistics<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    ranks: Vec<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "histogram", "sample", [f64 f32 i64 i32 bool i8 i16 u8 u16 u32 u64], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        elements!(a => x);
        let found = run(py, &Work::new(8 * x.len(), None), |control| {
            control.go_on()?;
            Ok::<_, mlmath::Error>(order::select(x, &ranks))
        })?;
        Ok(Some(found.into_pyobject(py)?.into_any()))
    })
}

/// `mlmath::stats::counts`: how often each bin is hit; int64, as NumPy's.
#[pyfunction]
#[pyo3(signature = (a, edges, uniform, threads=None))]
pub fn histogram<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    edges: Vec<f64>,
    uniform: bool,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "histogram", "sample", [f64 f32 i64 i32 bool i8 i16 u8 u16 u32 u64], [a], |T| {
        let a = fit!(view::<T, IxDyn>(a));
        elements!(a => x);
        let count = if uniform { counts::uniform } else { counts::between };
        let found = run(py, &Work::new(x.len(), threads), |control| count(x, &edges, control))?;
        array::filled(py, found.len(), found.into_iter().map(|count| count as i64)).map(Some)
    })
}

/// `mlmath::stats::counts::weighted`.
#[pyfunction]
pub fn weighted_histogram<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    weights: &Bound<'py, PyAny>,
    edges: Vec<f64>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, "histogram", "real", [f64], [a, weights], |T| {
        let (a, weights) = (fit!(view::<T, IxDyn>(a)), fit!(view::<T, IxDyn>(weights)));
        elements!(a => x);
        elements!(weights => w);
        let found =
            run(py, &Work::new(10 * x.len(), None), |control| counts::weighted(x, w, &edges, control))?;
        array::filled(py, found.len(), found.into_iter()).map(Some)
    })
}
