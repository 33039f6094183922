//! `mlmath::random`: the face holds a stream's key and position, or NumPy's generator.

use crate::array;
use crate::threads::{Work, run};
use mlmath::random::pcg64::Pcg64;
use mlmath::random::philox::Philox;
use mlmath::random::streams::{self, Draw, Exponential, Normal, Uniform, Unit};
use mlmath::random::{bernoulli, integers, numpy};
use pyo3::prelude::*;

/// An array of draws, of which the first has the word `first`.
fn drawn<'py, D: Draw<Number: array::Element>>(
    py: Python<'py>,
    (key, first): ([u64; 2], u64),
    distribution: D,
    shape: &[usize],
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let work = Work::new(D::COST * shape.iter().product::<usize>(), threads);
    let (array, ()) = array::fresh(py, shape, |out| {
        run(py, &work, |control| streams::fill(Philox::of(key), first, distribution, out, control))
    })?;
    Ok(array)
}

/// `mlmath::random::streams::Unit`.
#[pyfunction]
#[pyo3(signature = (stream, shape, threads=None))]
pub fn stream_random<'py>(
    py: Python<'py>,
    stream: ([u64; 2], u64),
    shape: Vec<usize>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    drawn(py, stream, Unit, &shape, threads)
}

/// `mlmath::random::streams::Uniform`.
#[pyfunction]
#[pyo3(signature = (stream, low, width, shape, threads=None))]
pub fn stream_uniform<'py>(
    py: Python<'py>,
    stream: ([u64; 2], u64),
    low: f64,
    width: f64,
    shape: Vec<usize>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    drawn(py, stream, Uniform { low, width }, &shape, threads)
}

/// `mlmath::random::streams::Normal`.
#[pyfunction]
#[pyo3(signature = (stream, mean, std, shape, threads=None))]
pub fn stream_normal<'py>(
    py: Python<'py>,
    stream: ([u64; 2], u64),
    mean: f64,
    std: f64,
    shape: Vec<usize>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    drawn(py, stream, Normal { mean, std }, &shape, threads)
}

/// `mlmath::random::streams::Exponential`.
#[pyfunction]
#[pyo3(signature = (stream, scale, shape, threads=None))]
pub fn stream_exponential<'py>(
    py: Python<'py>,
    stream: ([u64; 2], u64),
    scale: f64,
    shape: Vec<usize>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    drawn(py, stream, Exponential { scale }, &shape, threads)
}

/// `mlmath::random::integers::Integers`.
#[pyfunction]
#[pyo3(signature = (stream, low, count, shape, threads=None))]
pub fn stream_integers<'py>(
    py: Python<'py>,
    stream: ([u64; 2], u64),
    low: i64,
    count: u64,
    shape: Vec<usize>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    drawn(py, stream, integers::Integers { low, count }, &shape, threads)
}

/// `mlmath::random::bernoulli`, and the number of words that were used.
#[pyfunction]
#[pyo3(signature = (stream, probability, shape, threads=None))]
pub fn stream_bernoulli<'py>(
    py: Python<'py>,
    stream: ([u64; 2], u64),
    probability: f64,
    shape: Vec<usize>,
    threads: Option<usize>,
) -> PyResult<(Bound<'py, PyAny>, u64)> {
    let ((key, first), count) = (stream, shape.iter().product());
    let (array, ()) = array::fresh(py, &shape, |out: &mut [i64]| {
        run(py, &Work::new(2 * count, threads), |control| {
            bernoulli::fill(Philox::of(key), first, probability, out, control)
        })
    })?;
    Ok((array, bernoulli::words(count)))
}

/// `mlmath::random::integers::shuffle` of the numbers below `count`.
#[pyfunction]
#[pyo3(signature = (stream, count))]
pub fn stream_permutation<'py>(
    py: Python<'py>,
    stream: ([u64; 2], u64),
    count: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let (key, first) = stream;
    let (array, ()) = array::fresh(py, &[count], |out: &mut [i64]| {
        out.iter_mut().zip(0..).for_each(|(item, number)| *item = number);
        run(py, &Work::new(8 * count, Some(1)), |control| {
            integers::shuffle(Philox::of(key), first, out, control)
        })
    })?;
    Ok(array)
}

/// `mlmath::random::numpy::random`, and the state afterwards.
#[pyfunction]
#[pyo3(signature = (state, increment, shape))]
pub fn numpy_random<'py>(
    py: Python<'py>,
    state: u128,
    increment: u128,
    shape: Vec<usize>,
) -> PyResult<(Bound<'py, PyAny>, u128)> {
    let mut generator = Pcg64 { state, increment };
    let work = Work::new(3 * shape.iter().product::<usize>(), Some(1));
    let (array, ()) = array::fresh(py, &shape, |out| {
        run(py, &work, |control| numpy::random(&mut generator, out, control))
    })?;
    Ok((array, generator.state))
}

/// `mlmath::random::numpy::normal`, and the state afterwards.
#[pyfunction]
#[pyo3(signature = (state, increment, mean, std, shape))]
pub fn numpy_normal<'py>(
    py: Python<'py>,
    state: u128,
    increment: u128,
    mean: f64,
    std: f64,
    shape: Vec<usize>,
) -> PyResult<(Bound<'py, PyAny>, u128)> {
    let mut generator = Pcg64 { state, increment };
    let work = Work::new(6 * shape.iter().product::<usize>(), Some(1));
    let (array, ()) = array::fresh(py, &shape, |out| {
        run(py, &work, |control| numpy::normal(&mut generator, mean, std, out, control))
    })?;
    Ok((array, generator.state))
}
