//! What this build is and what it found.

use crate::{array, threads};
use mlmath::simd::Level;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Version, instruction sets, threads and element types.
#[pyfunction]
pub fn info(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let levels: Vec<&str> = Level::supported().map(Level::name).collect();
    let dict = PyDict::new(py);
    dict.set_item("version", env!("CARGO_PKG_VERSION"))?;
    dict.set_item("simd", Level::current().name())?;
    dict.set_item("simd_supported", levels)?;
    dict.set_item("threads", threads::thread_count())?;
    dict.set_item("dtypes", array::NAMES)?;
    Ok(dict)
}

/// Limits the instruction set to what `MLMATH_SIMD` says.
pub fn read_environment() -> PyResult<()> {
    let Ok(name) = std::env::var("MLMATH_SIMD") else { return Ok(()) };
    let Some(level) = Level::from_name(&name) else {
        let names = Level::ALL.map(Level::name);
        return Err(PyValueError::new_err(format!("MLMATH_SIMD: expected one of {names:?}, got {name:?}")));
    };
    Level::limit(level);
    Ok(())
}
