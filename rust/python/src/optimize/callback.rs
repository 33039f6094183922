//! Python's functions as the kernels see them, and who looks on.

use crate::array::{self, view};
use crate::error::Failure;
use mlmath::optimize::minimize::{History, Watch};
use mlmath::optimize::objective::{Calls, Constraints, Objective};
use ndarray::IxDyn;
use pyo3::exceptions::{PyStopIteration, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyFloat;

/// A Python function of an array, or of a number.
pub struct Callable(Py<PyAny>);

impl Callable {
    pub fn new(function: &Bound<'_, PyAny>) -> Self {
        Self(function.clone().unbind())
    }

    /// Calls it at `x`, in an array of its own that it may keep.
    fn call<'py>(&self, py: Python<'py>, x: &[f64]) -> PyResult<Bound<'py, PyAny>> {
        // A function that never runs Python code would never let Ctrl-C through.
        py.check_signals()?;
        self.0.bind(py).call1((array::filled(py, x.len(), x.iter().copied())?,))
    }

    /// Its value as numbers: a number, or an array of any shape.
    pub fn numbers(&self, x: &[f64]) -> Result<Vec<f64>, Failure> {
        Python::attach(|py| Ok(numbers(&self.call(py, x)?)?))
    }

    /// Writes its value, which must have as many numbers as there is room for.
    pub fn write(&self, what: &str, x: &[f64], values: &mut [f64]) -> Result<(), Failure> {
        Python::attach(|py| copy(what, &numbers(&self.call(py, x)?)?, values).map_err(Failure::from))
    }
}

fn copy(what: &str, got: &[f64], values: &mut [f64]) -> PyResult<()> {
    if got.len() != values.len() {
        let (expected, got) = (values.len(), got.len());
        return Err(PyValueError::new_err(format!("{what}: expected {expected} numbers, got {got}")));
    }
    values.copy_from_slice(got);
    Ok(())
}

fn numbers(object: &Bound<'_, PyAny>) -> PyResult<Vec<f64>> {
    if let Ok(value) = object.cast::<PyFloat>() {
        return Ok(vec![value.value()]);
    }
    if let Some(array) = view::<f64, IxDyn>(object) {
        return Ok(array.iter().copied().collect());
    }
    static FLOATS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let floats = FLOATS.import(object.py(), "mlmath_rs._array", "floats")?;
    let array = floats.call1((object,))?;
    Ok(view::<f64, IxDyn>(&array).map(|array| array.iter().copied().collect()).unwrap_or_default())
}

/// The value of an objective: one number.
fn number(what: &str, object: &Bound<'_, PyAny>) -> PyResult<f64> {
    if let Ok(value) = object.cast::<PyFloat>() {
        return Ok(value.value());
    }
    match numbers(object)?[..] {
        [value] => Ok(value),
        ref values => {
            let got = values.len();
            Err(PyValueError::new_err(format!("{what}: must return a scalar value, got {got} numbers")))
        }
    }
}

impl Callable {
    /// Its value as one number.
    pub fn number(&self, x: &[f64]) -> Result<f64, Failure> {
        Python::attach(|py| Ok(number("fun", &self.call(py, x)?)?))
    }

    /// Calls it with a number, not an array.
    pub fn number_at(&self, x: f64) -> Result<f64, Failure> {
        Python::attach(|py| {
            py.check_signals()?;
            Ok(number("func", &self.0.bind(py).call1((array::scalar(py, x)?,))?)?)
        })
    }
}

/// A Python objective whose gradient the user gave.
pub struct Given {
    pub function: Callable,
    /// `None` where the function returns value and gradient together.
    pub gradient: Option<Callable>,
    pub calls: Calls,
}

impl Objective for Given {
    type Error = Failure;

    fn value(&mut self, x: &[f64]) -> Result<f64, Failure> {
        if self.gradient.is_none() {
            return self.value_and_gradient(x, &mut vec![0.0; x.len()]);
        }
        self.calls.values += 1;
        self.function.number(x)
    }

    fn gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> Result<(), Failure> {
        let Some(function) = &self.gradient else {
            return self.value_and_gradient(x, gradient).map(|_| ());
        };
        self.calls.gradients += 1;
        function.write("jac", x, gradient)
    }

    fn value_and_gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> Result<f64, Failure> {
        if self.gradient.is_some() {
            let value = self.value(x)?;
            self.gradient(x, gradient)?;
            return Ok(value);
        }
        self.calls.values += 1;
        self.calls.gradients += 1;
        Python::attach(|py| {
            let both = self.function.call(py, x)?;
            let (value, slopes): (Bound<'_, PyAny>, Bound<'_, PyAny>) = both.extract()?;
            copy("jac=True: the gradient", &numbers(&slopes)?, gradient)?;
            Ok(number("fun", &value)?)
        })
    }

    fn gradient_is_cheap(&self) -> bool {
        self.gradient.is_none()
    }

    fn calls(&self) -> Calls {
        self.calls
    }
}

/// Python constraints whose Jacobian the user gave.
pub struct GivenConstraints {
    pub function: Callable,
    pub jacobian: Callable,
    pub count: usize,
}

impl Constraints<Failure> for GivenConstraints {
    fn values(&mut self, x: &[f64], values: &mut [f64]) -> Result<(), Failure> {
        self.function.write("constraints", x, values)
    }

    fn jacobian(&mut self, x: &[f64], jacobian: &mut [f64]) -> Result<(), Failure> {
        self.jacobian.write("constraints: jac", x, jacobian)
    }

    fn count(&self) -> usize {
        self.count
    }
}

/// The user's `callback=` and `history=`.
pub struct Watcher {
    pub callback: Option<Py<PyAny>>,
    pub history: Option<History>,
}

impl Watcher {
    pub fn new(callback: Option<Bound<'_, PyAny>>, history: bool) -> Self {
        Self { callback: callback.map(Bound::unbind), history: history.then(History::default) }
    }
}

impl Watch<Failure> for Watcher {
    #[inline]
    fn see(&mut self, iteration: usize, x: &[f64], value: f64) -> Result<bool, Failure> {
        if let Some(history) = &mut self.history {
            Watch::<Failure>::see(history, iteration, x, value)?;
        }
        match &self.callback {
            Some(callback) if iteration > 0 => Python::attach(|py| {
                let x = array::filled(py, x.len(), x.iter().copied())?;
                match callback.bind(py).call1((x, value)) {
                    Err(error) if error.is_instance_of::<PyStopIteration>(py) => Ok(false),
                    Err(error) => Err(error.into()),
                    Ok(_) => Ok(true),
                }
            }),
            _ => Ok(true),
        }
    }
}
