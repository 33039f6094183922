//! `mlmath::optimize`, and `mlmath::calculus::roots` beside it, where SciPy has them.

pub mod callback;
pub mod functions;
pub mod objective;
pub mod roots;

use crate::array;
use crate::error::Failure;
use crate::threads::{Work, run};
use callback::Watcher;
use mlmath::optimize::methods::minimize_by;
use mlmath::optimize::minimize::{History, Outcome, Stop};
use mlmath::optimize::sqp;
use objective::{Block, Function};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// What is common to all methods: (tolerance, iterations allowed, evaluations allowed).
type Limits = (Option<f64>, usize, Option<usize>);

/// What a method found, as the face takes it: x, fun, jac, hess_inv, (nit, nfev, njev), status,
/// certificate, multipliers, history, route.
type Found<'py> = (
    Bound<'py, PyAny>,
    f64,
    Bound<'py, PyAny>,
    Option<Bound<'py, PyAny>>,
    (usize, usize, usize),
    &'static str,
    (bool, f64, f64, f64, f64, f64, bool),
    Vec<f64>,
    Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
    (&'static str, Option<String>),
);

/// `mlmath::optimize::methods` by name, or `mlmath::optimize::sqp` where there are constraints.
#[pyfunction]
#[pyo3(signature = (
    fun, x0, method, options, jac, constraints, bounds, limits, callback, history, trace,
    deadline=None, progress=None
))]
pub fn minimize<'py>(
    py: Python<'py>,
    fun: &Bound<'py, PyAny>,
    x0: Vec<f64>,
    method: &str,
    options: Vec<(String, f64)>,
    jac: Option<&Bound<'py, PyAny>>,
    constraints: Vec<Bound<'py, PyTuple>>,
    bounds: (Vec<f64>, Vec<f64>),
    limits: Limits,
    callback: Option<Bound<'py, PyAny>>,
    history: bool,
    trace: &str,
    deadline: Option<f64>,
    progress: Option<&Bound<'py, PyAny>>,
) -> PyResult<Found<'py>> {
    let mut function = Function::new(fun, jac, x0.len(), &bounds, trace)?;
    let mut blocks = Vec::with_capacity(constraints.len());
    for constraint in &constraints {
        blocks.push(Block::new(constraint, &x0, &bounds, trace)?);
    }
    let (tolerance, max_iterations, max_evaluations) = limits;
    let stop = Stop {
        tolerance: tolerance.unwrap_or(function.tolerance()),
        max_iterations,
        max_evaluations: max_evaluations.unwrap_or(usize::MAX),
    };
    let route = function.route(&blocks);
    // A callback is called so often that the interpreter is better not left.
    let alone = callback.is_none() && route.0 == "traced";
    let cost = if alone { function.cost(max_iterations) } else { 0 };
    let work = Work { deadline, progress, ..Work::new(cost, None) };
    let mut watcher = Watcher::new(callback, history);
    let outcome = run(py, &work, |control| {
        control.expect(max_iterations);
        if method == "sqp" {
            let (mut constraints, bounds) = Block::join(blocks, bounds);
            return sqp::minimize(&mut function, &mut constraints, bounds, x0, &stop, &mut watcher, control);
        }
        let options: Vec<(&str, f64)> = options.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        minimize_by(method, &options, &mut function, x0, &stop, &mut watcher, control)
    })?;
    found(py, outcome, &function, watcher.history, route)
}

fn found<'py>(
    py: Python<'py>,
    outcome: Outcome,
    function: &Function,
    history: Option<History>,
    route: (&'static str, Option<String>),
) -> PyResult<Found<'py>> {
    use mlmath::optimize::objective::Objective;
    let vector = |values: &[f64]| array::filled(py, values.len(), values.iter().copied());
    let point = &outcome.point;
    let n = point.x.len();
    let square = |values: &[f64]| array::shaped(py, &[n, n], values);
    let history = match history {
        Some(history) => {
            let steps = history.values.len();
            Some((array::shaped(py, &[steps, n], &history.points)?, vector(&history.values)?))
        }
        None => None,
    };
    let (calls, certificate) = (function.calls(), outcome.certificate);
    Ok((
        vector(&point.x)?,
        point.value,
        vector(&point.gradient)?,
        outcome.inverse_hessian.as_deref().map(square).transpose()?,
        (outcome.iterations, calls.values, calls.gradients),
        outcome.status.name(),
        (
            certificate.holds(),
            certificate.stationarity,
            certificate.feasibility,
            certificate.complementarity,
            certificate.wrong_sign,
            certificate.tolerance,
            certificate.at_noise_level,
        ),
        outcome.multipliers,
        history,
        route,
    ))
}

/// The numbers of a Python function at `x`, to see how many there are.
fn count(function: &callback::Callable, x: &[f64]) -> Result<usize, Failure> {
    Ok(function.numbers(x)?.len())
}
