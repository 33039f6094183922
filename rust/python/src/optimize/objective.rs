//! The routes by which a Python function reaches a kernel: its derivatives, or differences.

use crate::array::view;
use crate::error::Failure;
use crate::optimize::callback::{Callable, Given, GivenConstraints};
use crate::optimize::count;
use crate::traced::{TraceError, trace};
use mlmath::calculus::Program;
use mlmath::optimize::differences::{ByDifferences, Differences};
use mlmath::optimize::objective::{self, Calls, Constraints, Linear, Objective};
use mlmath::optimize::traced::{Traced, TracedConstraints};
use ndarray::Ix2;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

type Evaluate = Box<dyn FnMut(&[f64], &mut [f64]) -> Result<(), Failure> + Send>;
type Bounds = (Vec<f64>, Vec<f64>);

/// What a look at a function brought: its program, or why there is none.
pub type Sight<T> = Result<T, Option<String>>;

/// `f` as a program of variables of this shape, if `wish` ("auto", "require", "never") has it.
pub fn sight(f: &Bound<'_, PyAny>, shape: Vec<usize>, wish: &str) -> PyResult<Sight<Program>> {
    if wish == "never" {
        return Ok(Err(None));
    }
    match trace(f, &[shape]) {
        Ok((program, _)) => Ok(Ok(program)),
        Err(error) if wish == "auto" && error.is_instance_of::<TraceError>(f.py()) => {
            Ok(Err(Some(error.value(f.py()).to_string())))
        }
        Err(error) => Err(error),
    }
}

/// An objective, by the route that was found for it.
pub enum Function {
    Traced(Box<Traced>),
    Given(Given),
    Differences(ByDifferences<Evaluate, Failure>, Option<String>),
}

/// Asks the function on whatever route it is.
macro_rules! ask {
    ($function:expr, $inner:ident => $answer:expr) => {
        match $function {
            Function::Traced($inner) => $answer,
            Function::Given($inner) => $answer,
            Function::Differences($inner, _) => $answer,
        }
    };
}

impl Function {
    pub fn new(
        fun: &Bound<'_, PyAny>,
        jac: Option<&Bound<'_, PyAny>>,
        variables: usize,
        bounds: &Bounds,
        wish: &str,
    ) -> PyResult<Self> {
        let function = Callable::new(fun);
        if let Some(jac) = jac {
            let gradient = jac.is_callable().then(|| Callable::new(jac));
            return Ok(Self::Given(Given { function, gradient, calls: Calls::default() }));
        }
        let reason = match sight(fun, vec![variables], wish)? {
            Ok(program) => match program.outputs().len() {
                1 => return Ok(Self::Traced(Box::new(Traced::new(program).map_err(Failure::from)?))),
                // The call says what is wrong with several values.
                _ => None,
            },
            Err(reason) => reason,
        };
        let (lower, upper) = bounds.clone();
        let evaluate: Evaluate = Box::new(move |x, values| {
            values[0] = function.number(x)?;
            Ok(())
        });
        let differences = Differences::new(evaluate, 1, lower, upper);
        Ok(Self::Differences(ByDifferences::new(differences), reason))
    }

    /// The tolerance where the user sets none.
    pub fn tolerance(&self) -> f64 {
        match self {
            Self::Traced(_) | Self::Given(_) => 1e-8,
            Self::Differences(..) => 1e-6,
        }
    }

    /// The route of objective and constraints together, and why it is not a better one.
    pub fn route(&self, blocks: &[Block]) -> (&'static str, Option<String>) {
        let reason = match self {
            Self::Differences(_, reason) => reason.clone(),
            _ => None,
        };
        let traced = matches!(self, Self::Traced(_)) && blocks.iter().all(|block| block.traced);
        let others = || blocks.iter().find_map(|block| block.reason.clone());
        (if traced { "traced" } else { "callback" }, reason.or_else(others))
    }

    /// About the nanoseconds of so many iterations outside of the interpreter.
    pub fn cost(&self, iterations: usize) -> usize {
        match self {
            Self::Traced(function) => iterations.saturating_mul(function.cost() + 20),
            // Every evaluation needs the interpreter, which so is never left.
            _ => 0,
        }
    }
}

impl Objective for Function {
    type Error = Failure;

    #[inline]
    fn value(&mut self, x: &[f64]) -> Result<f64, Failure> {
        ask!(self, function => Ok(function.value(x)?))
    }

    #[inline]
    fn gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> Result<(), Failure> {
        ask!(self, function => Ok(function.gradient(x, gradient)?))
    }

    #[inline]
    fn value_and_gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> Result<f64, Failure> {
        ask!(self, function => Ok(function.value_and_gradient(x, gradient)?))
    }

    #[inline]
    fn gradient_is_cheap(&self) -> bool {
        ask!(self, function => function.gradient_is_cheap())
    }

    fn noise(&self) -> f64 {
        ask!(self, function => function.noise())
    }

    #[inline]
    fn calls(&self) -> Calls {
        ask!(self, function => function.calls())
    }
}

/// Some constraints that one Python object speaks of, between bounds.
pub struct Block {
    constraints: Box<dyn Constraints<Failure> + Send>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    traced: bool,
    reason: Option<String>,
}

impl Block {
    /// From what the face makes of a constraint: (function or matrix, jac, lower, upper).
    pub fn new(constraint: &Bound<'_, PyTuple>, x0: &[f64], bounds: &Bounds, wish: &str) -> PyResult<Self> {
        type Parts<'py> = (Bound<'py, PyAny>, Option<Bound<'py, PyAny>>, Vec<f64>, Vec<f64>);
        let (function, jac, lower, upper): Parts<'_> = constraint.extract()?;
        let none = Linear { matrix: Vec::new(), rows: 0 };
        let mut block = Self { constraints: Box::new(none), lower, upper, traced: true, reason: None };
        if let Some(matrix) = view::<f64, Ix2>(&function) {
            let matrix = Linear { rows: matrix.nrows(), matrix: matrix.iter().copied().collect() };
            return block.around(Box::new(matrix));
        }
        if jac.is_none() {
            match sight(&function, vec![x0.len()], wish)? {
                Ok(program) => {
                    let traced = TracedConstraints::new(program).map_err(Failure::from)?;
                    return block.around(Box::new(traced));
                }
                Err(reason) => block.reason = reason,
            }
        }
        block.traced = false;
        let callable = Callable::new(&function);
        let count = count(&callable, x0)?;
        block.around(match jac {
            Some(jac) => {
                Box::new(GivenConstraints { function: callable, jacobian: Callable::new(&jac), count })
            }
            None => {
                let evaluate: Evaluate = Box::new(move |x, values| callable.write("constraints", x, values));
                Box::new(Differences::new(evaluate, count, bounds.0.clone(), bounds.1.clone()))
            }
        })
    }

    /// With these constraints; a single bound is that of all of them.
    fn around(self, constraints: Box<dyn Constraints<Failure> + Send>) -> PyResult<Self> {
        let spread = |bounds| objective::spread(bounds, constraints.count()).map_err(Failure::from);
        Ok(Self { lower: spread(self.lower)?, upper: spread(self.upper)?, constraints, ..self })
    }

    /// All blocks as one, with the bounds of constraints, then variables.
    pub fn join(
        blocks: Vec<Self>,
        (low, high): Bounds,
    ) -> (Vec<Box<dyn Constraints<Failure> + Send>>, Bounds) {
        let (mut all, mut lower, mut upper) = (Vec::new(), Vec::new(), Vec::new());
        for block in blocks {
            lower.extend(block.lower);
            upper.extend(block.upper);
            all.push(block.constraints);
        }
        lower.extend(low);
        upper.extend(high);
        (all, (lower, upper))
    }
}
