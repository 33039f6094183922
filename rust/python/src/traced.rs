//! `mlmath::calculus::trace`: what a Python function is called with to become a program.

use crate::error::Failure;
use mlmath::calculus::{Graph, Program, Traced as Kernel};
use pyo3::exceptions::{PyAttributeError, PyException, PyIndexError, PyZeroDivisionError};
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyTuple};
use pyo3::{IntoPyObjectExt, import_exception, intern, prelude::*};

import_exception!(mlmath_rs.errors, TraceError);

/// An array of values of a program that is being traced.
#[pyclass(frozen, module = "mlmath_rs._core", from_py_object)]
#[derive(Clone)]
pub struct Traced(pub Kernel);

/// `object` as values of `graph`: traced already, numbers, or arrays and lists of either.
pub fn operand(graph: &Graph, object: &Bound<'_, PyAny>) -> PyResult<Kernel> {
    if let Ok(traced) = object.cast_exact::<Traced>() {
        let traced = &traced.get().0;
        if !traced.graph().is(graph) {
            return Err(TraceError::new_err(
                "a value of another trace came in: trace one function at a time",
            ));
        }
        return Ok(traced.clone());
    }
    let number = object.is_exact_instance_of::<PyFloat>()
        || object.is_exact_instance_of::<PyInt>()
        || object.is_exact_instance_of::<PyBool>();
    if number {
        return Ok(graph.constants(std::iter::once(object.extract::<f64>()?), &[]));
    }
    let py = object.py();
    static OPERAND: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let result = OPERAND.import(py, "mlmath_rs.calculus.tracing", "operand")?.call1((object,))?;
    let (shape, items): (Vec<usize>, Vec<Bound<'_, PyAny>>) = result.extract()?;
    let none = graph.constants(std::iter::empty(), &[0]);
    let mut ids = Vec::with_capacity(items.len());
    for item in &items {
        ids.extend(operand(graph, item)?.ids());
    }
    kernel(none.with(ids, shape))
}

/// A kernel's answer, its errors as Python's.
fn kernel<T>(result: Result<T, mlmath::Error>) -> PyResult<T> {
    result.map_err(|error| match error {
        mlmath::Error::Unsupported { got, .. } => TraceError::new_err(format!("no rule to trace {got}")),
        error => Failure::from(error).into(),
    })
}

/// What a function refuses while it is traced, and what to write instead.
fn refuse<T>(what: &str, instead: &str) -> PyResult<T> {
    Err(TraceError::new_err(format!("a traced value has no {what}: {instead}")))
}

impl Traced {
    fn with(&self, name: &str, other: &Bound<'_, PyAny>) -> PyResult<Self> {
        kernel(Kernel::ufunc(name, &[self.0.clone(), operand(self.0.graph(), other)?])).map(Self)
    }

    fn from(&self, other: &Bound<'_, PyAny>, name: &str) -> PyResult<Self> {
        kernel(Kernel::ufunc(name, &[operand(self.0.graph(), other)?, self.0.clone()])).map(Self)
    }

    fn alone(&self, name: &str) -> PyResult<Self> {
        kernel(Kernel::ufunc(name, std::slice::from_ref(&self.0))).map(Self)
    }
}

/// What the face knows of traced arrays: methods, indexing, NumPy's functions.
fn face<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    static MODULE: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    let module = MODULE.get_or_try_init(py, || py.import("mlmath_rs.calculus.tracing").map(Bound::unbind))?;
    module.bind(py).getattr(name)
}

#[pymethods]
impl Traced {
    fn __add__(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.with("add", other)
    }
    fn __radd__(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.from(other, "add")
    }
    fn __sub__(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.with("subtract", other)
    }
    fn __rsub__(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.from(other, "subtract")
    }
    fn __mul__(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.with("multiply", other)
    }
    fn __rmul__(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.from(other, "multiply")
    }
    fn __truediv__(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
        if other.is_exact_instance_of::<PyInt>() && other.extract::<i64>().is_ok_and(|value| value == 0) {
            return Err(PyZeroDivisionError::new_err("division by zero"));
        }
        self.with("divide", other)
    }
    fn __rtruediv__(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.from(other, "divide")
    }
    fn __pow__(&self, other: &Bound<'_, PyAny>, modulus: &Bound<'_, PyAny>) -> PyResult<Self> {
        if !modulus.is_none() {
            return refuse("power with a modulus", "write it without pow(x, y, z)");
        }
        self.with("power", other)
    }
    fn __rpow__(&self, other: &Bound<'_, PyAny>, _modulus: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.from(other, "power")
    }
    fn __matmul__(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.with("matmul", other)
    }
    fn __rmatmul__(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.from(other, "matmul")
    }
    fn __and__(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.with("logical_and", other)
    }
    fn __or__(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.with("logical_or", other)
    }
    fn __invert__(&self) -> PyResult<Self> {
        self.alone("logical_not")
    }
    fn __neg__(&self) -> PyResult<Self> {
        self.alone("negative")
    }
    fn __pos__(&self) -> Self {
        self.clone()
    }
    fn __abs__(&self) -> PyResult<Self> {
        self.alone("absolute")
    }
    fn __lt__(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.with("less", other)
    }
    fn __le__(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.with("less_equal", other)
    }
    fn __gt__(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.with("greater", other)
    }
    fn __ge__(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.with("greater_equal", other)
    }
    fn __eq__(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.with("equal", other)
    }
    fn __ne__(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.with("not_equal", other)
    }

    fn __bool__(&self) -> PyResult<bool> {
        refuse("truth value", "write `np.where(condition, a, b)` in place of `if`")
    }
    fn __float__(&self) -> PyResult<f64> {
        refuse("number", "write `np.exp(x)` in place of `math.exp(x)`, and no `float(x)`")
    }
    fn __int__(&self) -> PyResult<i64> {
        refuse("integer", "write `np.floor(x)` in place of `int(x)`")
    }
    fn __complex__(&self) -> PyResult<f64> {
        refuse("complex number", "write it for real numbers")
    }
    fn __index__(&self) -> PyResult<i64> {
        refuse("integer", "what decides an index or a count must be a plain integer")
    }

    fn __len__(&self) -> PyResult<usize> {
        match self.0.shape().first() {
            Some(&length) => Ok(length),
            None => Err(pyo3::exceptions::PyTypeError::new_err("len() of a traced scalar")),
        }
    }

    fn __getitem__<'py>(&self, py: Python<'py>, index: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        if index.is_exact_instance_of::<PyInt>() && !self.0.shape().is_empty() {
            let index: isize = index.extract()?;
            let length = self.0.shape()[0];
            return match self.0.part(index) {
                Some(part) => Self(part).into_bound_py_any(py),
                None => Err(PyIndexError::new_err(format!(
                    "index {index} is out of bounds for axis 0 with size {length}"
                ))),
            };
        }
        face(py, "getitem")?.call1((self.clone(), index))
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let length = self.__len__()?;
        let parts = (0..length).filter_map(|index| self.0.part(index as isize)).map(Self);
        PyList::new(py, parts.collect::<Vec<_>>())?.call_method0(intern!(py, "__iter__"))
    }

    fn __setitem__(&self, _index: &Bound<'_, PyAny>, _value: &Bound<'_, PyAny>) -> PyResult<()> {
        refuse("elements to assign to", "make a new array, as `np.stack([...])` or `np.where(...)` do")
    }

    #[pyo3(signature = (ufunc, method, *inputs, **options))]
    fn __array_ufunc__<'py>(
        &self,
        py: Python<'py>,
        ufunc: &Bound<'py, PyAny>,
        method: &str,
        inputs: &Bound<'py, PyTuple>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if method != "__call__" || options.is_some() {
            return face(py, "ufunc_method")?.call((ufunc, method, inputs), options);
        }
        let name: String = ufunc.getattr(intern!(py, "__name__"))?.extract()?;
        let arguments = inputs.iter().map(|input| operand(self.0.graph(), &input));
        let arguments = arguments.collect::<PyResult<Vec<_>>>()?;
        Self(kernel(Kernel::ufunc(&name, &arguments))?).into_bound_py_any(py)
    }

    fn __array_function__<'py>(
        &self,
        py: Python<'py>,
        function: &Bound<'py, PyAny>,
        _types: &Bound<'py, PyAny>,
        arguments: &Bound<'py, PyAny>,
        options: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        face(py, "array_function")?.call1((function, arguments, options))
    }

    fn __getattr__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        // What protocols look for must not load the face, nor be found.
        if name.starts_with("__") {
            return Err(PyAttributeError::new_err(name.to_string()));
        }
        face(py, "attribute")?.call1((self.clone(), name))
    }

    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.shape())
    }
    #[getter]
    fn ndim(&self) -> usize {
        self.0.shape().len()
    }
    #[getter]
    fn size(&self) -> usize {
        self.0.ids().len()
    }

    /// The instructions of the elements, for the face to rearrange.
    #[getter]
    fn ids(&self) -> Vec<u32> {
        self.0.ids().to_vec()
    }

    /// Elements of this trace, by their instructions, as an array of `shape`.
    fn rearranged(&self, ids: Vec<u32>, shape: Vec<usize>) -> PyResult<Self> {
        kernel(self.0.with(ids, shape)).map(Self)
    }

    /// `object` as an array of this trace.
    fn wrap(&self, object: &Bound<'_, PyAny>) -> PyResult<Self> {
        operand(self.0.graph(), object).map(Self)
    }

    /// The elements along the last axis combined by the ufunc of this name.
    fn reduced(&self, name: &str) -> PyResult<Self> {
        kernel(self.0.reduce(name)).map(Self)
    }

    /// `yes` where this is not 0, else `no`.
    fn choose(&self, yes: &Bound<'_, PyAny>, no: &Bound<'_, PyAny>) -> PyResult<Self> {
        let graph = self.0.graph();
        kernel(self.0.select(&operand(graph, yes)?, &operand(graph, no)?)).map(Self)
    }

    fn __repr__(&self) -> String {
        format!("<traced, shape {:?}>", self.0.shape())
    }
}

/// The program of what `f` returns for variables of these shapes, and the shape of that.
///
/// # Errors
///
/// `TraceError`, with the reason, whatever `f` raised; what is no `Exception` passes through.
pub fn trace(f: &Bound<'_, PyAny>, shapes: &[Vec<usize>]) -> PyResult<(Program, Vec<usize>)> {
    let py = f.py();
    let graph = Graph::default();
    let mut first = 0;
    let mut variables = Vec::with_capacity(shapes.len());
    for shape in shapes {
        variables.push(Traced(graph.variables(first, shape)));
        first += shape.iter().product::<usize>();
    }
    let outcome = f
        .call1(PyTuple::new(py, variables)?)
        .and_then(|value| operand(&graph, &value))
        .and_then(|value| Ok((kernel(graph.program(first, &value))?, value.shape().to_vec())));
    outcome.map_err(|error| {
        if error.is_instance_of::<TraceError>(py) || !error.is_instance_of::<PyException>(py) {
            return error;
        }
        let refusal = TraceError::new_err(format!("the function raised {} while it was traced", error));
        refusal.set_cause(py, Some(error));
        refusal
    })
}
