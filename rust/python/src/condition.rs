//! `mlmath::calculus::symbolic::Condition` as a Python object.

use mlmath::calculus::symbolic as kernel;
use pyo3::IntoPyObjectExt as _;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

/// A comparison of expressions whose truth depends on their symbols.
///
/// Examples
/// --------
/// >>> from mlmath_rs.calculus import symbols
/// >>> x = symbols("x")
/// >>> x > 1
/// x > 1
#[pyclass(frozen, module = "mlmath_rs.calculus")]
pub struct Condition(pub kernel::Condition);

/// The Python object of a condition: a bool where it is decided.
pub fn wrap(py: Python<'_>, condition: kernel::Condition) -> PyResult<Bound<'_, PyAny>> {
    match condition {
        kernel::Condition::Known(truth) => truth.into_bound_py_any(py),
        open => Ok(Bound::new(py, Condition(open))?.into_any()),
    }
}

/// The condition that a Python object is.
pub fn required(argument: &str, value: &Bound<'_, PyAny>) -> PyResult<kernel::Condition> {
    if let Ok(condition) = value.cast::<Condition>() {
        return Ok(condition.get().0.clone());
    }
    match value.extract::<bool>() {
        Ok(truth) => Ok(kernel::Condition::Known(truth)),
        Err(_) => {
            Err(PyTypeError::new_err(format!("{argument}: expected a comparison or a bool, got {value}")))
        }
    }
}

#[pymethods]
impl Condition {
    fn __bool__(&self) -> PyResult<bool> {
        Err(PyTypeError::new_err(format!("cannot determine the truth of {}", self.0)))
    }
    fn __str__(&self) -> String {
        self.0.to_string()
    }
    fn __repr__(&self) -> String {
        self.__str__()
    }
    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| other.get().0 == self.0)
    }
    fn __hash__(&self) -> isize {
        self.0.fingerprint() as isize
    }
}
