//! `mlmath::calculus::symbolic::Expression` as a Python number.

use crate::threads::{Work, run};
use mlmath::calculus::symbolic as kernel;
use mlmath::calculus::symbolic::{Kind, Relation};
use pyo3::IntoPyObjectExt as _;
use pyo3::basic::CompareOp;
use pyo3::exceptions::{PyRecursionError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PySet, PyTuple};

/// Expressions may be nested as deep as this: their kernels go down by recursion.
const DEEPEST: u32 = 500;

/// About how many nanoseconds a kernel spends on a node.
const PER_NODE: u64 = 300;

/// A symbolic expression of real variables: immutable, hashable, picklable, shared by threads.
///
/// Made by arithmetic on symbols, with integers, floats, fractions and NumPy's scalars; prints,
/// compares and simplifies by itself as SymPy's do.
///
/// Examples
/// --------
/// >>> from mlmath_rs.calculus import symbols
/// >>> x, y = symbols("x y")
/// >>> x + y + x
/// 2*x + y
/// >>> (x * y) ** 2 == x**2 * y**2
/// True
#[pyclass(frozen, subclass, module = "mlmath_rs.calculus")]
pub struct Expression(pub kernel::Expression);

/// A variable; equal to all of the same name and assumptions.
///
/// Parameters
/// ----------
/// name : str
///     The name.
/// real, nonnegative, positive, integer : bool
///     What is known of its value.
///
/// Examples
/// --------
/// >>> from mlmath_rs.calculus import Symbol, sqrt
/// >>> x = Symbol("x")
/// >>> sqrt(x**2)
/// sqrt(x**2)
/// >>> sqrt(Symbol("r", positive=True) ** 2)
/// r
#[pyclass(frozen, extends = Expression, module = "mlmath_rs.calculus")]
pub struct Symbol;

/// An exact fraction in lowest terms, of any size.
///
/// Parameters
/// ----------
/// p : int, fraction, float or str
///     The numerator, or the whole number; a float is taken exactly, ``"0.1"`` as it is written.
/// q : int or fraction, optional
///     The denominator.
///
/// Examples
/// --------
/// >>> from mlmath_rs.calculus import Rational
/// >>> Rational(1, 3) + Rational(1, 6)
/// 1/2
#[pyclass(frozen, subclass, extends = Expression, module = "mlmath_rs.calculus")]
pub struct Rational;

/// A whole number of any size.
///
/// Examples
/// --------
/// >>> from mlmath_rs.calculus import Integer
/// >>> Integer(1) / 3
/// 1/3
#[pyclass(frozen, extends = Rational, module = "mlmath_rs.calculus")]
pub struct Integer;

/// A floating-point number in an expression.
///
/// Parameters
/// ----------
/// value : float
///     Its value.
/// digits : int
///     The significant digits that it is printed with, 15 at most.
///
/// Examples
/// --------
/// >>> from mlmath_rs.calculus import Float
/// >>> Float(0.5)
/// 0.500000000000000
#[pyclass(frozen, extends = Expression, module = "mlmath_rs.calculus")]
pub struct Float;

/// The Python object of an expression: of the class that its kind has.
pub fn wrap(py: Python<'_>, expression: kernel::Expression) -> PyResult<Bound<'_, PyAny>> {
    if expression.depth() > DEEPEST {
        return Err(PyRecursionError::new_err(format!("the expression is nested more than {DEEPEST} deep")));
    }
    match expression.kind() {
        Kind::Symbol(_) => {
            initialise(py, PyClassInitializer::from(Expression(expression)).add_subclass(Symbol))
        }
        Kind::Number(number) if number.is_integer() => initialise(
            py,
            PyClassInitializer::from(Expression(expression)).add_subclass(Rational).add_subclass(Integer),
        ),
        Kind::Number(number) if number.is_rational() => {
            initialise(py, PyClassInitializer::from(Expression(expression)).add_subclass(Rational))
        }
        Kind::Number(kernel::Number::Float(..)) => {
            initialise(py, PyClassInitializer::from(Expression(expression)).add_subclass(Float))
        }
        _ => initialise(py, PyClassInitializer::from(Expression(expression))),
    }
}

fn initialise<T: pyo3::PyClass>(py: Python<'_>, class: PyClassInitializer<T>) -> PyResult<Bound<'_, PyAny>> {
    Bound::new(py, class).map(Bound::into_any)
}

/// The expression that a Python object is, or `None` where it is neither one nor a number.
pub fn read(value: &Bound<'_, PyAny>) -> PyResult<Option<kernel::Expression>> {
    if let Ok(expression) = value.cast::<Expression>() {
        return Ok(Some(expression.get().0.clone()));
    }
    if value.is_exact_instance_of::<PyInt>() {
        return integer(value).map(Some);
    }
    if let Ok(float) = value.cast::<PyFloat>() {
        let number = kernel::Number::float(float.extract()?, kernel::DIGITS);
        return Ok(Some(kernel::Expression::number(number)));
    }
    foreign(value)
}

/// Fractions, NumPy's scalars, and whatever else says that it is a number.
#[cold]
fn foreign(value: &Bound<'_, PyAny>) -> PyResult<Option<kernel::Expression>> {
    if value.is_instance_of::<PyBool>() {
        return Ok(None);
    }
    if value.is_instance_of::<PyInt>() {
        return integer(value).map(Some);
    }
    let plain =
        value.py().import("mlmath_rs.calculus.numbers")?.getattr("as_plain_number")?.call1((value,))?;
    if let Ok((numerator, denominator)) = plain.extract::<(Bound<'_, PyInt>, Bound<'_, PyInt>)>() {
        return Ok(Some(&integer(numerator.as_any())? / &integer(denominator.as_any())?));
    }
    if plain.is_none() { Ok(None) } else { read(&plain) }
}

fn integer(value: &Bound<'_, PyAny>) -> PyResult<kernel::Expression> {
    if let Ok(small) = value.extract::<i64>() {
        return Ok(kernel::Expression::integer(small));
    }
    // Decimal text would be refused beyond some thousand digits.
    let hexadecimal: String = value.call_method1("__format__", ("x",))?.extract()?;
    Ok(kernel::Expression::number(
        kernel::Number::from_text(&format!("{hexadecimal}/1")).unwrap_or(kernel::Number::Undefined),
    ))
}

/// As [`read`], or a `TypeError` that names the argument.
pub fn required(argument: &str, value: &Bound<'_, PyAny>) -> PyResult<kernel::Expression> {
    read(value)?.ok_or_else(|| {
        let class = value.get_type().name().map_or_else(|_| "?".into(), |name| name.to_string());
        PyTypeError::new_err(format!("{argument}: expected an expression or a number, got {class}"))
    })
}

/// What a kernel will take for `expression`.
pub fn work<'a, 'py>(expression: &kernel::Expression) -> Work<'a, 'py> {
    let cost = expression.size().saturating_mul(PER_NODE);
    Work::new(usize::try_from(cost).unwrap_or(usize::MAX), None)
}

/// `operation(left, right)`, or `NotImplemented` where `other` is no number.
fn binary<'py>(
    slf: &Bound<'py, Expression>,
    other: &Bound<'py, PyAny>,
    operation: impl FnOnce(&kernel::Expression, &kernel::Expression) -> kernel::Expression + Send,
) -> PyResult<Bound<'py, PyAny>> {
    let py = slf.py();
    let Some(other) = read(other)? else { return Ok(py.NotImplemented().into_bound(py)) };
    let left = &slf.get().0;
    wrap(py, run(py, &Work::new(0, None), |_| Ok::<_, mlmath::Error>(operation(left, &other)))?)
}

/// A method that is written in the face.
fn face<'py>(
    slf: &Bound<'py, Expression>,
    function: &str,
    arguments: &Bound<'py, PyTuple>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = slf.py();
    let all = std::iter::once(slf.clone().into_any()).chain(arguments.iter());
    py.import("mlmath_rs.calculus.methods")?
        .getattr(function)?
        .call1(PyTuple::new(py, all.collect::<Vec<_>>())?)
}

#[pymethods]
impl Expression {
    fn __add__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        binary(slf, other, |a, b| a + b)
    }
    fn __radd__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        binary(slf, other, |a, b| b + a)
    }
    fn __sub__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        binary(slf, other, |a, b| a - b)
    }
    fn __rsub__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        binary(slf, other, |a, b| b - a)
    }
    fn __mul__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        binary(slf, other, |a, b| a * b)
    }
    fn __rmul__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        binary(slf, other, |a, b| b * a)
    }
    fn __truediv__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        binary(slf, other, |a, b| a / b)
    }
    fn __rtruediv__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        binary(slf, other, |a, b| b / a)
    }
    fn __pow__<'py>(
        slf: &Bound<'py, Self>,
        other: &Bound<'py, PyAny>,
        modulo: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if !modulo.is_none() {
            return Err(PyTypeError::new_err("pow: modulo is not supported"));
        }
        binary(slf, other, kernel::power)
    }
    fn __rpow__<'py>(
        slf: &Bound<'py, Self>,
        other: &Bound<'py, PyAny>,
        _modulo: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        binary(slf, other, |a, b| kernel::power(b, a))
    }
    fn __neg__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        wrap(py, -&self.0)
    }
    fn __pos__<'py>(slf: &Bound<'py, Self>) -> Bound<'py, Self> {
        slf.clone()
    }
    fn __abs__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        wrap(py, kernel::call(kernel::Function::Abs, &self.0))
    }
    fn __bool__(&self) -> bool {
        !self.0.is_integer(0)
    }
    fn __float__(&self) -> PyResult<f64> {
        self.0.to_f64().ok_or_else(|| {
            PyTypeError::new_err(format!("cannot convert {} to float: it is no real number", self.0))
        })
    }
    fn __int__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        face(slf, "as_int", &PyTuple::empty(slf.py()))
    }
    fn __complex__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(pyo3::types::PyComplex::from_doubles(py, self.__float__()?, 0.0).into_any())
    }
    fn __hash__(slf: &Bound<'_, Self>) -> PyResult<isize> {
        match slf.get().0.kind() {
            // Equal to Python's numbers, so they have their hash.
            Kind::Number(_) => face(slf, "as_python", &PyTuple::empty(slf.py()))?.hash(),
            _ => Ok(slf.get().0.fingerprint() as isize),
        }
    }
    fn __richcmp__<'py>(
        slf: &Bound<'py, Self>,
        other: &Bound<'py, PyAny>,
        operation: CompareOp,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let Some(other) = read(other)? else { return Ok(py.NotImplemented().into_bound(py)) };
        let this = &slf.get().0;
        let relation = match operation {
            CompareOp::Eq => return (*this == other).into_bound_py_any(py),
            CompareOp::Ne => return (*this != other).into_bound_py_any(py),
            CompareOp::Lt => Relation::Less,
            CompareOp::Le => Relation::AtMost,
            CompareOp::Gt => Relation::Greater,
            CompareOp::Ge => Relation::AtLeast,
        };
        crate::condition::wrap(py, kernel::Condition::new(relation, this, &other))
    }
    fn __str__(&self, py: Python<'_>) -> PyResult<String> {
        run(py, &work(&self.0), |_| Ok::<_, mlmath::Error>(self.0.to_string()))
    }
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        self.__str__(py)
    }
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        face(slf, "reduced", &PyTuple::empty(slf.py()))
    }
    #[pyo3(signature = (ufunc, method, *inputs, **options))]
    fn __array_ufunc__<'py>(
        slf: &Bound<'py, Self>,
        ufunc: &Bound<'py, PyAny>,
        method: &Bound<'py, PyAny>,
        inputs: &Bound<'py, PyTuple>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let function = slf.py().import("mlmath_rs.calculus.methods")?.getattr("array_ufunc")?;
        function.call1((ufunc, method, inputs, options))
    }

    /// The symbols in it.
    #[getter]
    fn free_symbols<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PySet>> {
        let found = run(py, &work(&self.0), |_| Ok::<_, mlmath::Error>(self.0.free_symbols()))?;
        let set = PySet::empty(py)?;
        for symbol in found {
            set.add(wrap(py, symbol)?)?;
        }
        Ok(set)
    }
    /// The parts it is made of, in the order that they are written in.
    #[getter]
    fn args<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let parts = self.0.arguments().into_iter().map(|part| wrap(py, part));
        PyTuple::new(py, parts.collect::<PyResult<Vec<_>>>()?)
    }
    /// The function that makes it of its `args`.
    #[getter]
    fn func<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("mlmath_rs.calculus")?.getattr(self.0.constructor())
    }
    /// Whether it holds no symbol.
    #[getter]
    fn is_number(&self) -> bool {
        self.0.is_number()
    }
    /// Whether it is known to be real.
    #[getter]
    fn is_real(&self) -> bool {
        self.0.is_real()
    }
    /// The name of a symbol.
    #[getter]
    fn name(&self) -> PyResult<&str> {
        let symbol = self.0.as_symbol();
        symbol.map(|symbol| &*symbol.name).ok_or_else(|| {
            pyo3::exceptions::PyAttributeError::new_err(format!("{}: only a symbol has a name", self.0))
        })
    }

    /// The derivative; see `calculus.diff`.
    #[pyo3(signature = (*symbols))]
    fn diff<'py>(slf: &Bound<'py, Self>, symbols: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyAny>> {
        face(slf, "diff", symbols)
    }
    /// The integral; see `calculus.integrate`.
    #[pyo3(signature = (*symbols))]
    fn integrate<'py>(slf: &Bound<'py, Self>, symbols: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyAny>> {
        face(slf, "integrate", symbols)
    }
    /// The expression with parts replaced: `subs(old, new)`, `subs({old: new})`, `subs([(old, new)])`.
    #[pyo3(signature = (*replacements))]
    fn subs<'py>(slf: &Bound<'py, Self>, replacements: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyAny>> {
        face(slf, "subs", replacements)
    }
    /// The value in decimals, with so many significant digits.
    #[pyo3(signature = (*n))]
    fn evalf<'py>(slf: &Bound<'py, Self>, n: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyAny>> {
        face(slf, "N", n)
    }
    /// As `evalf`.
    #[pyo3(signature = (*n))]
    fn n<'py>(slf: &Bound<'py, Self>, n: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyAny>> {
        face(slf, "N", n)
    }
    /// Products and powers of sums multiplied out; see `calculus.expand`.
    fn expand<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        face(slf, "expand", &PyTuple::empty(slf.py()))
    }
    /// The shortest equal form that the rules find; see `calculus.simplify`.
    fn simplify<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        face(slf, "simplify", &PyTuple::empty(slf.py()))
    }
    /// Whether any of `parts` is in it.
    #[pyo3(signature = (*parts))]
    fn has<'py>(slf: &Bound<'py, Self>, parts: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyAny>> {
        face(slf, "has", parts)
    }
    fn _repr_latex_<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        face(slf, "repr_latex", &PyTuple::empty(slf.py()))
    }
}
