//! `mlmath::special`: functions of each element.

use crate::array::{self, view};
use crate::threads::{Work, run};
use crate::{dispatch, fit};
use mlmath::special::{self, Elementwise};
use ndarray::IxDyn;
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyModule};

/// `function` of each element of `x`, a NumPy scalar for a number.
#[inline]
fn each<'py, F: Elementwise>(
    py: Python<'py>,
    function: F,
    x: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    if out.is_none()
        && let Ok(x) = x.cast::<PyFloat>()
    {
        return array::scalar(py, function.at(x.value()));
    }
    let result = of_array(py, function, x, out, threads)?;
    match out {
        // The answer of a foreign argument, or float16.
        Some(out) if !result.is(out) => array::deliver(py, F::NAME, result, out),
        _ => Ok(result),
    }
}

/// `function` of an array, or of what the face makes one of.
fn of_array<'py, F: Elementwise>(
    py: Python<'py>,
    function: F,
    x: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(py, F::NAME, "elementwise", [f64 f32], [x], |T| {
        let elements = fit!(view::<T, IxDyn>(x));
        let work = Work::new(F::COST * elements.len(), threads);
        let ordered = elements.as_standard_layout();
        let source = ordered.as_slice().unwrap_or_default();
        let (result, ()) = array::place(py, F::NAME, out, &[x], elements.shape(), |out: &mut [T]| {
            run(py, &work, |control| function.map(source, out, control))
        })?;
        array::unwrap_scalar(result, elements.ndim() == 0 && out.is_none()).map(Some)
    })
}

macro_rules! functions {
    ($($Name:ident $name:ident $cost:literal $($fast:path, $ordinary:path)? $(, $fill:path)?;)+) => {
        $(
            #[doc = concat!("`mlmath::special::", stringify!($name), "`.")]
            #[pyfunction]
            #[pyo3(signature = (x, out=None, threads=None))]
            fn $name<'py>(
                py: Python<'py>,
                x: &Bound<'py, PyAny>,
                out: Option<&Bound<'py, PyAny>>,
                threads: Option<usize>,
            ) -> PyResult<Bound<'py, PyAny>> {
                each(py, special::$Name, x, out, threads)
            }
        )+

        /// Adds them all.
        pub fn export(module: &Bound<'_, PyModule>) -> PyResult<()> {
            $( module.add_function(wrap_pyfunction!($name, module)?)?; )+
            Ok(())
        }
    };
}

mlmath::for_each_function!(functions);
