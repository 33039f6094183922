//! Options as they are passed: what has the wrong type is an error that names the option, what was
//! expected, and what came.
//!
//! There is one function for each name, which a signature gives to `from_py_with`.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt};

/// The most characters of a value that a message shows.
const SHOWN: usize = 60;

/// The error that says what came instead of what was expected.
#[cold]
pub fn wrong_type(name: &str, expected: &str, value: &Bound<'_, PyAny>) -> PyErr {
    let shown = value.repr().map_or_else(|_| value.get_type().to_string(), |text| text.to_string());
    let shown: String = shown.chars().take(SHOWN).collect();
    PyTypeError::new_err(format!("{name}: expected {expected}, got {shown}"))
}

fn word<'a>(name: &str, value: &'a Bound<'_, PyAny>) -> PyResult<&'a str> {
    value.extract().map_err(|_| wrong_type(name, "a string", value))
}

/// True or False, or an integer in their place, as SciPy takes them.
fn flag(name: &str, value: &Bound<'_, PyAny>) -> PyResult<bool> {
    if value.is_instance_of::<PyInt>() {
        return value.is_truthy();
    }
    value.extract().map_err(|_| wrong_type(name, "True or False", value))
}

fn number(name: &str, value: &Bound<'_, PyAny>) -> PyResult<f64> {
    if let Ok(value) = value.cast::<PyFloat>() {
        return value.extract();
    }
    value.extract().map_err(|_| wrong_type(name, "a number", value))
}

fn integer<'a, 'py, T: FromPyObject<'a, 'py>>(name: &str, value: &'a Bound<'py, PyAny>) -> PyResult<T> {
    value.extract().map_err(|_| wrong_type(name, "an integer", value))
}

/// A number of things.
fn count(name: &str, expected: &str, value: &Bound<'_, PyAny>) -> PyResult<usize> {
    if value.is_instance_of::<PyBool>() {
        return Err(wrong_type(name, expected, value));
    }
    if let Ok(count) = value.extract() {
        return Ok(count);
    }
    match value.extract::<i64>() {
        Ok(count) => Err(PyValueError::new_err(format!("{name}: must be >= 0, got {count}"))),
        Err(_) => Err(wrong_type(name, expected, value)),
    }
}

/// How many threads may be used.
pub fn threads(value: &Bound<'_, PyAny>) -> PyResult<Option<usize>> {
    if value.is_none() { Ok(None) } else { count("threads", "an integer >= 1 or None", value).map(Some) }
}

/// How many iterations at most.
pub fn maxiter(value: &Bound<'_, PyAny>) -> PyResult<usize> {
    count("maxiter", "an integer", value)
}

/// A tolerance, or the default one.
pub fn rcond(value: &Bound<'_, PyAny>) -> PyResult<Option<f64>> {
    if value.is_none() { Ok(None) } else { number("rcond", value).map(Some) }
}

/// Which of SciPy's numbers.
pub fn trans(value: &Bound<'_, PyAny>) -> PyResult<u8> {
    integer("trans", value)
}

/// Whether what is known of the answer is wanted too.
pub fn info(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    flag("return_info", value)
}

macro_rules! named {
    ($($kind:ident -> $T:ty: $($name:ident)+;)+) => { $($(
        #[doc = concat!("The option `", stringify!($name), "`.")]
        pub fn $name(value: &Bound<'_, PyAny>) -> PyResult<$T> { $kind(stringify!($name), value) }
    )+)+ };
}

named! {
    flag -> bool:
        check_finite hermitian keepdims lower permute_l return_info rule unit_diagonal upper;
    number -> f64: ord tol;
    integer -> isize: axis axis1 axis2 offset;
}

macro_rules! words {
    ($($name:ident)+) => { $(
        #[doc = concat!("The option `", stringify!($name), "`.")]
        pub fn $name<'a>(value: &'a Bound<'_, PyAny>) -> PyResult<&'a str> { word(stringify!($name), value) }
    )+ };
}

words! { driver errors mode nan_policy order overflow p zero }
