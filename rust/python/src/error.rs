//! Each [`mlmath::Error`] becomes one Python exception.

use mlmath::Error;
use pyo3::exceptions::{
    PyKeyboardInterrupt, PyNotImplementedError, PyOverflowError, PyRuntimeError, PyValueError,
};
use pyo3::{import_exception, prelude::*};

import_exception!(numpy.exceptions, AxisError);
import_exception!(numpy.linalg, LinAlgError);

import_exception!(mlmath_rs.errors, LinAlgWarning);

/// Warns that digits of a result are lost.
#[cold]
pub fn warn_ill_conditioned(py: Python<'_>, rcond: f64) -> PyResult<()> {
    let message =
        format!("ill-conditioned matrix: rcond = {rcond:.3e}, the result may have no correct digit");
    PyErr::warn(py, &py.get_type::<LinAlgWarning>(), &std::ffi::CString::new(message)?, 1)
}

/// Why a call failed: the kernel refused, Python raised, or we have a bug.
pub enum Failure {
    Kernel(Error),
    Python(PyErr),
    Panic,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Kernel(error)
    }
}

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        let error = match failure {
            Failure::Kernel(error) => error,
            Failure::Python(error) => return error,
            Failure::Panic => return PyRuntimeError::new_err("a bug in mlmath_rs: please report it"),
        };
        let message = error.to_string();
        match error {
            Error::Shape { .. }
            | Error::Domain { .. }
            | Error::Choice { .. }
            | Error::Empty { .. }
            | Error::Value { .. } => PyValueError::new_err(message),
            Error::Axis { .. } => AxisError::new_err(message),
            Error::NotSquare { .. }
            | Error::NotMatrix { .. }
            | Error::Singular { .. }
            | Error::NotPositiveDefinite { .. }
            | Error::NotFinite { .. }
            | Error::Inseparable { .. }
            | Error::NotConverged { .. } => LinAlgError::new_err(message),
            Error::Overflow { .. } => PyOverflowError::new_err(message),
            Error::Unsupported { .. } => PyNotImplementedError::new_err(message),
            Error::Stopped => PyKeyboardInterrupt::new_err(message),
        }
    }
}
