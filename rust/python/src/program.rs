//! `mlmath::calculus::program`: programs as Python objects, and calls of them.

use crate::array::{self, view};
use crate::error::Failure;
use crate::threads::{Work, run};
use crate::traced::{self, Traced};
use mlmath::calculus::{Points, Program as Kernel, differences};
use ndarray::{Ix1, IxDyn};
use pyo3::exceptions::PyTypeError;
use pyo3::types::{PyDict, PyFloat, PyInt, PyTuple};
use pyo3::{IntoPyObjectExt, intern, prelude::*};
use std::sync::OnceLock;

/// A function of several numbers as a list of instructions.
#[pyclass(frozen, module = "mlmath_rs._core", from_py_object)]
#[derive(Clone)]
pub struct Program {
    /// The instructions.
    pub kernel: Kernel,
    /// The shape of what one point gives.
    shape: Vec<usize>,
}

/// The program of a Python function of arrays of these shapes: the function is called once.
#[pyfunction]
pub fn trace(f: &Bound<'_, PyAny>, shapes: Vec<Vec<usize>>) -> PyResult<Program> {
    let (kernel, shape) = traced::trace(f, &shapes)?;
    Ok(Program { kernel, shape })
}

/// `f` as a program of one value and `n` variables: a compiled function as it is, another traced.
///
/// # Errors
///
/// `TraceError`, with the reason, where `f` cannot be traced: differences are left.
#[allow(dead_code, reason = "the optimisers' way in")]
pub fn objective(f: &Bound<'_, PyAny>, n: usize) -> PyResult<Kernel> {
    let kernel = if f.is_instance_of::<Call>() {
        f.call_method1(intern!(f.py(), "program_of"), (vec![n],))?.extract::<Program>()?.kernel
    } else {
        traced::trace(f, &[vec![n]])?.0
    };
    match kernel.outputs().len() {
        1 => Ok(kernel),
        several => Err(traced::TraceError::new_err(format!("expected one value, got {several}"))),
    }
}

/// A program from its listing.
#[pyfunction]
pub fn program_from_listing(listing: &str, shape: Vec<usize>) -> PyResult<Program> {
    let kernel = Kernel::from_listing(listing).map_err(Failure::from)?;
    Ok(Program { kernel, shape })
}

#[pymethods]
impl Program {
    /// The number of variables.
    #[getter]
    fn inputs(&self) -> usize {
        self.kernel.inputs()
    }

    /// The shape of what one point gives.
    #[getter]
    fn shape(&self) -> Vec<usize> {
        self.shape.clone()
    }

    /// The instructions, one a line.
    fn listing(&self) -> String {
        self.kernel.listing()
    }

    /// Another program made of this: `"gradient"`, `"value_and_gradient"`, `"jacobian"`,
    /// `"hessian"` or `"hessian_product"`, whose value at a point has this shape.
    fn derived(&self, what: &str, shape: Vec<usize>) -> PyResult<Self> {
        let kernel = match what {
            "gradient" => self.kernel.gradient(),
            "value_and_gradient" => self.kernel.value_and_gradient(),
            "jacobian" => self.kernel.jacobian(),
            "hessian" => self.kernel.hessian(),
            _ => self.kernel.hessian_product(),
        };
        Ok(Self { kernel: kernel.map_err(Failure::from)?, shape })
    }

    /// The values at points along the last axis of `x`, a float64 array.
    #[pyo3(signature = (x, threads=None))]
    fn evaluate<'py>(
        &self,
        py: Python<'py>,
        x: &Bound<'py, PyAny>,
        threads: Option<usize>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let Some(view) = view::<f64, IxDyn>(x) else {
            return Err(PyTypeError::new_err("x: expected an aligned array of float64"));
        };
        let n = self.kernel.inputs();
        let (lead, last) = match view.shape().split_last() {
            Some((&last, lead)) => (lead, last),
            None => (&[][..], 1),
        };
        if last != n {
            let expected = format!("{n} variables along the last axis");
            let got = view.shape().to_vec();
            return Err(Failure::from(mlmath::Error::Shape { argument: "x", expected, got }).into());
        }
        let shape = [lead, &self.shape].concat();
        let count = lead.iter().product();
        let transposed = view.t();
        let whole;
        // Rows as they lie, columns as they lie, or a copy in rows.
        let points = if let Some(data) = view.as_slice() {
            Points::rows(data, count, n)
        } else if let (Some(data), 2) = (transposed.as_slice(), shape.len() - self.shape.len() + 1) {
            Points { data, count, step: 1, stride: count }
        } else {
            whole = view.as_standard_layout();
            Points::rows(whole.as_slice().unwrap_or_default(), count, n)
        };
        let work = Work::new(self.kernel.cost(count), threads);
        let (result, ()) = array::fresh(py, &shape, |values: &mut [f64]| {
            run(py, &work, |control| self.kernel.evaluate_many(points, values, control))
        })?;
        array::unwrap_scalar(result, shape.is_empty())
    }

    /// The values at a traced point: the program becomes part of another.
    fn inlined(&self, x: &Traced) -> PyResult<Traced> {
        let values = x.0.through(&self.kernel).map_err(Failure::from)?;
        let ids = values.ids().to_vec();
        Ok(Traced(values.with(ids, self.shape.clone()).map_err(Failure::from)?))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String, Vec<usize>))> {
        let make = py.import("mlmath_rs._core")?.getattr("program_from_listing")?;
        Ok((make, (self.kernel.listing(), self.shape.clone())))
    }
}

impl Program {
    /// A program whose values at a point have this shape.
    pub const fn new(kernel: Kernel, shape: Vec<usize>) -> Self {
        Self { kernel, shape }
    }

    /// At one point, on the calling thread.
    fn at<'py>(&self, py: Python<'py>, x: &[f64]) -> PyResult<Bound<'py, PyAny>> {
        if self.shape.is_empty() {
            let mut value = [0.0];
            self.kernel.evaluate(x, &mut value).map_err(Failure::from)?;
            return array::scalar(py, value[0]);
        }
        let (result, ()) = array::fresh(py, &self.shape, |values: &mut [f64]| {
            self.kernel.evaluate(x, values).map_err(|error| Failure::from(error).into())
        })?;
        Ok(result)
    }
}

/// A callable that answers plain points itself; all else goes to its method `slow`, which the
/// face defines and which tells it, by `remember`, the program for the points that it saw.
#[pyclass(subclass, frozen, module = "mlmath_rs._core")]
pub struct Call {
    vector: OnceLock<Program>,
    numbers: OnceLock<Program>,
}

#[pymethods]
impl Call {
    #[new]
    #[pyo3(signature = (*_arguments, **_options))]
    fn new(_arguments: &Bound<'_, PyTuple>, _options: Option<&Bound<'_, PyDict>>) -> Self {
        Self { vector: OnceLock::new(), numbers: OnceLock::new() }
    }

    /// From now on `program` answers for one vector, or for as many numbers as it has variables.
    fn remember(&self, program: Program, numbers: bool) {
        // The first stays: functions are mostly called with points of one length.
        let _ = if numbers { &self.numbers } else { &self.vector }.set(program);
    }

    #[pyo3(signature = (*arguments, **options))]
    fn __call__<'py>(
        slf: &Bound<'py, Self>,
        arguments: &Bound<'py, PyTuple>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let this = slf.get();
        if options.is_none()
            && let Some(program) = this.vector.get()
            && arguments.len() == 1
            && let Ok(x) = arguments.get_borrowed_item(0)
            && let Some(x) = view::<f64, Ix1>(&x)
            && let Some(x) = x.as_slice()
            && x.len() == program.kernel.inputs()
            && program.kernel.cost(1) < LONG
        {
            return program.at(py, x);
        }
        if options.is_none()
            && let Some(program) = this.numbers.get()
            && arguments.len() == program.kernel.inputs()
            && let Some(x) = numbers(arguments)
            && program.kernel.cost(1) < LONG
        {
            return match (&program.shape[..], arguments.len()) {
                (&[count], 2..) if count == arguments.len() => several(py, program, &x[..count]),
                _ => program.at(py, &x[..arguments.len()]),
            };
        }
        slf.call_method(intern!(py, "slow"), arguments, options)
    }
}

/// What takes longer than so many nanoseconds goes through the gateway.
const LONG: usize = 20_000;
/// As many numbers as a function of several numbers is called with at most.
const MANY: usize = 16;

/// The arguments, if all are plain numbers.
fn numbers(arguments: &Bound<'_, PyTuple>) -> Option<[f64; MANY]> {
    let mut x = [0.0; MANY];
    for (index, argument) in arguments.iter().enumerate() {
        let plain = argument.is_instance_of::<PyFloat>() || argument.is_exact_instance_of::<PyInt>();
        *x.get_mut(index)? = plain.then(|| argument.extract::<f64>().ok()).flatten()?;
    }
    Some(x)
}

/// A value for each argument, as a tuple of NumPy's scalars.
fn several<'py>(py: Python<'py>, program: &Program, x: &[f64]) -> PyResult<Bound<'py, PyAny>> {
    let mut values = [0.0; MANY];
    let values = &mut values[..x.len()];
    program.kernel.evaluate(x, values).map_err(Failure::from)?;
    let scalars = values.iter().map(|&value| array::scalar(py, value)).collect::<PyResult<Vec<_>>>()?;
    PyTuple::new(py, scalars)?.into_bound_py_any(py)
}

/// `mlmath::calculus::differences`: the derivatives of a callable at `x`, then their errors.
///
/// `f` takes a float64 vector; `what` is `"gradient"`, or `"hessian"` row after row.
#[pyfunction]
pub fn derivatives_by_differences(
    py: Python<'_>,
    f: &Bound<'_, PyAny>,
    x: Vec<f64>,
    what: &str,
    epsilon: f64,
) -> PyResult<(Vec<f64>, Vec<f64>)> {
    let value = |x: &[f64]| f.call1((array::filled(py, x.len(), x.iter().copied())?,))?.extract::<f64>();
    let found = match what {
        "gradient" => differences::gradient(value, &x, epsilon)?,
        _ => differences::hessian(value, &x, epsilon)?,
    };
    Ok(found.into_iter().map(|difference| (difference.value, difference.error)).unzip())
}
