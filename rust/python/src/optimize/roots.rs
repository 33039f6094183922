//! `mlmath::calculus::roots`.

use crate::error::Failure;
use crate::optimize::callback::Callable;
use crate::optimize::objective::sight;
use crate::threads::{Work, run};
use mlmath::Control;
use mlmath::calculus::Program;
use mlmath::calculus::roots::{self, Jet, Root, Rule};
use pyo3::prelude::*;

/// How a function of one variable is known.
enum Route {
    /// By a program of its value and first two derivatives.
    Traced(Program),
    /// By Python functions for it and its derivatives.
    Given(Callable, Callable, Option<Callable>),
    /// By its values.
    Values(Callable),
}

impl Route {
    fn method(&self) -> &'static str {
        match self {
            Self::Traced(_) | Self::Given(_, _, None) => "newton",
            Self::Given(_, _, Some(_)) => "halley",
            Self::Values(_) => "secant",
        }
    }

    fn name(&self) -> &'static str {
        if matches!(self, Self::Traced(_)) { "traced" } else { "callback" }
    }

    fn root(&self, x0: f64, x1: Option<f64>, rule: &Rule, control: &Control) -> Result<Root, Failure> {
        match self {
            Self::Traced(program) => {
                let jet = |x| {
                    let mut values = [0.0; 3];
                    program.evaluate(&[x], &mut values)?;
                    let [value, slope, curvature] = values;
                    Ok(Jet { value, slope, curvature })
                };
                roots::newton(jet, x0, rule, control)
            }
            Self::Given(function, first, second) => {
                let jet = |x| {
                    let curvature = second.as_ref().map_or(Ok(f64::NAN), |second| second.number_at(x))?;
                    Ok(Jet { value: function.number_at(x)?, slope: first.number_at(x)?, curvature })
                };
                roots::newton(jet, x0, rule, control)
            }
            Self::Values(function) => {
                let x1 = x1.unwrap_or(roots::second_start(x0));
                roots::secant(|x| function.number_at(x), x0, x1, rule, control)
            }
        }
    }
}

/// A root as the face takes it: x, iterations, calls, multiplicity, ending.
type Found = (f64, usize, usize, usize, &'static str);

/// A root from each of `x0`, by Newton's, Halley's or the secant method; which, and the route.
#[pyfunction]
#[pyo3(signature = (func, x0, fprime, fprime2, x1, tol, rtol, maxiter, trace, deadline=None))]
pub fn newton<'py>(
    py: Python<'py>,
    func: &Bound<'py, PyAny>,
    x0: Vec<f64>,
    fprime: Option<&Bound<'py, PyAny>>,
    fprime2: Option<&Bound<'py, PyAny>>,
    x1: Option<f64>,
    tol: f64,
    rtol: f64,
    maxiter: usize,
    trace: &str,
    deadline: Option<f64>,
) -> PyResult<(Vec<Found>, (&'static str, &'static str, Option<String>))> {
    let rule = Rule { absolute: tol, relative: rtol, max_iterations: maxiter, halley: fprime2.is_some() };
    let (route, reason) = route(func, fprime, fprime2, trace)?;
    let work = Work { deadline, ..Work::default() };
    let found = run(py, &work, |control| {
        x0.iter().map(|&x0| route.root(x0, x1, &rule, control)).collect::<Result<Vec<Root>, Failure>>()
    })?;
    let row = |root: &Root| (root.x, root.iterations, root.calls, root.multiplicity, root.ending.name());
    Ok((found.iter().map(row).collect(), (route.method(), route.name(), reason)))
}

/// How `func` can be known, and why not better.
fn route(
    func: &Bound<'_, PyAny>,
    fprime: Option<&Bound<'_, PyAny>>,
    fprime2: Option<&Bound<'_, PyAny>>,
    trace: &str,
) -> PyResult<(Route, Option<String>)> {
    if let Some(first) = fprime {
        let route = Route::Given(Callable::new(func), Callable::new(first), fprime2.map(Callable::new));
        return Ok((route, None));
    }
    Ok(match sight(func, Vec::new(), trace)? {
        Ok(program) => (Route::Traced(roots::jet(&program).map_err(Failure::from)?), None),
        Err(reason) => (Route::Values(Callable::new(func)), reason),
    })
}
