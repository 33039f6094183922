//! What the face asks of expressions.

use crate::expression::{Expression, Float, Integer, Rational, Symbol, required, work, wrap};
use crate::program::Program;
use crate::threads::{Work, run};
use mlmath::Error;
use mlmath::calculus::symbolic as kernel;
use mlmath::calculus::symbolic::parts::Record;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};
use std::collections::HashMap;

/// The symbol of that name, of which something is known.
#[pyfunction]
#[pyo3(signature = (name, real=false, nonnegative=false, positive=false, integer=false))]
pub fn symbol<'py>(
    py: Python<'py>,
    name: &str,
    real: bool,
    nonnegative: bool,
    positive: bool,
    integer: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let assumptions = kernel::Assumptions { real, nonnegative, positive, integer }.closed();
    wrap(py, kernel::Expression::symbol_with(name, assumptions))
}

/// A number as an expression; any other expression as it is.
#[pyfunction]
pub fn expression<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    wrap(value.py(), required("value", value)?)
}

/// A float with so many digits.
#[pyfunction]
pub fn float_number(py: Python<'_>, value: f64, digits: u8) -> PyResult<Bound<'_, PyAny>> {
    wrap(py, kernel::Expression::number(kernel::Number::float(value, digits)))
}

/// `"pi"`, `"E"`, `"oo"`, `"zoo"` or `"nan"`.
#[pyfunction]
pub fn constant<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    match kernel::Expression::named(name) {
        Some(found) => wrap(py, found),
        None => Err(PyValueError::new_err(format!("name: expected a constant, got {name:?}"))),
    }
}

/// The elementary function `name` of an expression or a number.
#[pyfunction]
pub fn call_function<'py>(name: &str, x: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = x.py();
    let Some(function) = kernel::Function::from_name(name) else {
        return Err(PyValueError::new_err(format!("name: expected an elementary function, got {name:?}")));
    };
    let x = required("x", x)?;
    wrap(py, run(py, &Work::new(0, None), |_| Ok::<_, Error>(kernel::call(function, &x)))?)
}

fn all(argument: &str, values: &Bound<'_, PyTuple>) -> PyResult<Vec<kernel::Expression>> {
    values.iter().map(|value| required(argument, &value)).collect()
}

/// `operation` is `"Add"`, `"Mul"`, `"Max"` or `"Min"`, of any number of arguments.
#[pyfunction]
#[pyo3(signature = (operation, *args))]
pub fn combine<'py>(
    py: Python<'py>,
    operation: &str,
    args: &Bound<'py, PyTuple>,
) -> PyResult<Bound<'py, PyAny>> {
    let args = all("args", args)?;
    let made = run(py, &Work::new(200 * args.len(), None), |_| {
        Ok::<_, Error>(match operation {
            "Add" => kernel::sum(args),
            "Mul" => kernel::product(args),
            "Max" => kernel::extremum(kernel::Extremum::Max, args),
            _ => kernel::extremum(kernel::Extremum::Min, args),
        })
    })?;
    wrap(py, made)
}

/// A comparison, by the name of its relation.
#[pyfunction]
pub fn compare<'py>(
    relation: &str,
    left: &Bound<'py, PyAny>,
    right: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let Some(relation) = kernel::Relation::from_sign(relation) else {
        return Err(PyValueError::new_err(format!("relation: expected a comparison, got {relation:?}")));
    };
    let condition = kernel::Condition::new(relation, &required("lhs", left)?, &required("rhs", right)?);
    crate::condition::wrap(left.py(), condition)
}

/// An expression by cases: pairs of a value and its condition.
#[pyfunction]
pub fn piecewise<'py>(
    py: Python<'py>,
    pieces: Vec<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
) -> PyResult<Bound<'py, PyAny>> {
    let read = |(value, condition): &(Bound<'py, PyAny>, Bound<'py, PyAny>)| {
        Ok((required("args", value)?, crate::condition::required("args", condition)?))
    };
    let pieces = pieces.iter().map(read).collect::<PyResult<Vec<_>>>()?;
    wrap(py, kernel::piecewise::piecewise(pieces))
}

/// `mlmath::calculus::symbolic::differentiate`.
#[pyfunction]
pub fn differentiate<'py>(f: &Bound<'py, Expression>, x: &Bound<'py, Symbol>) -> PyResult<Bound<'py, PyAny>> {
    let (py, f, x) = (f.py(), &f.get().0, &x.as_super().get().0);
    wrap(py, run(py, &work(f), |control| kernel::differentiate(f, x, control))?)
}

/// `mlmath::calculus::symbolic::expand`.
#[pyfunction]
pub fn expand<'py>(f: &Bound<'py, Expression>) -> PyResult<Bound<'py, PyAny>> {
    let (py, f) = (f.py(), &f.get().0);
    wrap(py, run(py, &work(f), |control| kernel::expand(f, control))?)
}

/// `mlmath::calculus::symbolic::antiderivative`.
#[pyfunction]
pub fn antiderivative<'py>(
    f: &Bound<'py, Expression>,
    x: &Bound<'py, Symbol>,
) -> PyResult<Bound<'py, PyAny>> {
    let (py, f, x) = (f.py(), &f.get().0, &x.as_super().get().0);
    let long = Work::new(1_000_000, None);
    wrap(py, run(py, &long, |control| kernel::antiderivative(f, x, control))?)
}

/// `mlmath::calculus::symbolic::definite`.
#[pyfunction]
pub fn definite_integral<'py>(
    f: &Bound<'py, Expression>,
    x: &Bound<'py, Symbol>,
    lower: &Bound<'py, PyAny>,
    upper: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let (py, f, x) = (f.py(), &f.get().0, &x.as_super().get().0);
    let (lower, upper) = (required("limits", lower)?, required("limits", upper)?);
    let long = Work::new(1_000_000, None);
    wrap(py, run(py, &long, |control| kernel::definite(f, x, &lower, &upper, control))?)
}

/// `mlmath::calculus::symbolic::simplify`.
#[pyfunction]
pub fn simplify<'py>(f: &Bound<'py, Expression>) -> PyResult<Bound<'py, PyAny>> {
    let (py, f) = (f.py(), &f.get().0);
    let long = Work::new(1_000_000, None);
    wrap(py, run(py, &long, |control| kernel::simplify(f, control))?)
}

/// `mlmath::calculus::symbolic::compile`: a program whose value has this shape.
#[pyfunction]
pub fn compile_expressions(
    py: Python<'_>,
    expressions: Vec<Bound<'_, PyAny>>,
    variables: Vec<Bound<'_, Symbol>>,
    shape: Vec<usize>,
) -> PyResult<Program> {
    let read = |entry: &Bound<'_, PyAny>| required("f", entry);
    let expressions = expressions.iter().map(read).collect::<PyResult<Vec<_>>>()?;
    let variables: Vec<_> = variables.iter().map(|x| x.as_super().get().0.clone()).collect();
    let size = expressions.iter().fold(0_usize, |all, f| all.saturating_add(work(f).cost));
    let kernel = run(py, &Work::new(size, None), |_| kernel::compile(&expressions, &variables))?;
    Ok(Program::new(kernel, shape))
}

/// The expression as LaTeX.
#[pyfunction]
pub fn latex(f: &Bound<'_, Expression>) -> PyResult<String> {
    let (py, f) = (f.py(), &f.get().0);
    run(py, &work(f), |_| Ok::<_, Error>(f.latex()))
}

/// The name of the elementary function whose ufunc NumPy calls so.
#[pyfunction]
pub fn function_of_ufunc(name: &str) -> Option<&'static str> {
    kernel::Function::from_numpy_name(name).map(kernel::Function::name)
}

/// `expression` is replaced by `replacement`, for each pair in turn or all at once.
#[pyfunction]
pub fn substitute<'py>(
    f: &Bound<'py, Expression>,
    pairs: Vec<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
    at_once: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let (py, f) = (f.py(), &f.get().0);
    let read = |(old, new): &(Bound<'py, PyAny>, Bound<'py, PyAny>)| {
        Ok((required("old", old)?, required("new", new)?))
    };
    let pairs = pairs.iter().map(read).collect::<PyResult<Vec<_>>>()?;
    let made = run(py, &work(f), |_| {
        let steps = if at_once { vec![pairs] } else { pairs.into_iter().map(|pair| vec![pair]).collect() };
        Ok::<_, Error>(
            steps
                .into_iter()
                .fold(f.clone(), |f, step| f.substitute(&step.into_iter().collect::<HashMap<_, _>>())),
        )
    })?;
    wrap(py, made)
}

/// The expression with its numbers as floats of so many digits.
#[pyfunction]
pub fn evaluate<'py>(f: &Bound<'py, Expression>, digits: u8) -> PyResult<Bound<'py, PyAny>> {
    let (py, f) = (f.py(), &f.get().0);
    wrap(py, run(py, &work(f), |_| Ok::<_, Error>(f.evaluated(digits)))?)
}

/// Whether `part` is in `f`.
#[pyfunction]
pub fn has(f: &Bound<'_, Expression>, part: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(f.get().0.has(&required("part", part)?))
}

/// The whole number, the fraction or the float that an expression is, as Python's.
#[pyfunction]
pub fn number_text(f: &Bound<'_, Expression>) -> Option<String> {
    f.get().0.as_number().map(kernel::Number::to_text)
}

/// The nodes of an expression, as pickle keeps them.
#[pyfunction]
pub fn nodes<'py>(f: &Bound<'py, Expression>) -> PyResult<Bound<'py, PyList>> {
    let records = f.get().0.nodes();
    PyList::new(f.py(), records.into_iter().map(|record| (record.name, record.detail, record.parts)))
}

/// The expression of which [`nodes`] were kept.
#[pyfunction]
pub fn from_nodes<'py>(
    py: Python<'py>,
    nodes: Vec<(String, String, Vec<usize>)>,
) -> PyResult<Bound<'py, PyAny>> {
    let records: Vec<Record> =
        nodes.into_iter().map(|(name, detail, parts)| Record { name, detail, parts }).collect();
    let work = Work::new(300 * records.len(), None);
    wrap(py, run(py, &work, |_| kernel::Expression::from_nodes(&records))?)
}

#[pymethods]
impl Symbol {
    #[new]
    #[pyo3(signature = (name, *, real=false, nonnegative=false, positive=false, integer=false))]
    fn new(
        name: &str,
        real: bool,
        nonnegative: bool,
        positive: bool,
        integer: bool,
    ) -> PyClassInitializer<Self> {
        let assumptions = kernel::Assumptions { real, nonnegative, positive, integer }.closed();
        let symbol = kernel::Expression::symbol_with(name, assumptions);
        PyClassInitializer::from(Expression(symbol)).add_subclass(Self)
    }
}

#[pymethods]
impl Rational {
    #[new]
    #[pyo3(signature = (p, q=None))]
    fn make<'py>(p: &Bound<'py, PyAny>, q: Option<&Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
        let make = p.py().import("mlmath_rs.calculus.numbers")?.getattr("rational")?;
        make.call1((p, q))
    }
    /// The numerator.
    #[getter]
    fn p<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("mlmath_rs.calculus.numbers")?.getattr("numerator")?.call1((slf,))
    }
    /// The denominator.
    #[getter]
    fn q<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("mlmath_rs.calculus.numbers")?.getattr("denominator")?.call1((slf,))
    }
}

#[pymethods]
impl Integer {
    #[new]
    fn make<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        value.py().import("mlmath_rs.calculus.numbers")?.getattr("integer")?.call1((value,))
    }
}

#[pymethods]
impl Float {
    #[new]
    #[pyo3(signature = (value, digits=kernel::DIGITS))]
    fn make<'py>(value: &Bound<'py, PyAny>, digits: u8) -> PyResult<Bound<'py, PyAny>> {
        value.py().import("mlmath_rs.calculus.numbers")?.getattr("float_")?.call1((value, digits))
    }
}
