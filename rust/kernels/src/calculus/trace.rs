//! Arrays of values of a program that is being built: what a function is traced with.
//!
//! A traced array answers arithmetic as NumPy's arrays do, broadcasting included, and every
//! answer is appended to the program. So a function of arrays runs once, and is a program.

use super::function::Function;
use super::program::{Binary, Builder, Id, Operation, Program, Unary};
use crate::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The program that several traced arrays are values of.
#[derive(Clone, Debug, Default)]
pub struct Graph(Arc<Mutex<Builder>>);

impl Graph {
    /// The builder, for appending.
    pub fn lock(&self) -> MutexGuard<'_, Builder> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Variables from index `first` on, in an array of this shape.
    pub fn variables(&self, first: usize, shape: &[usize]) -> Traced {
        let mut builder = self.lock();
        let last = first + shape.iter().product::<usize>();
        let ids = (first..last).map(|index| builder.input(index as u32)).collect();
        Traced { graph: self.clone(), ids, shape: shape.to_vec() }
    }

    /// Numbers in an array of this shape.
    pub fn constants(&self, values: impl Iterator<Item = f64>, shape: &[usize]) -> Traced {
        let mut builder = self.lock();
        let ids = values.map(|value| builder.constant(value)).collect();
        Traced { graph: self.clone(), ids, shape: shape.to_vec() }
    }

    /// The program of `inputs` variables that computes the elements of `values`.
    ///
    /// # Errors
    ///
    /// As [`Builder::program`].
    pub fn program(&self, inputs: usize, values: &Traced) -> Result<Program, Error> {
        self.lock().program(inputs, &values.ids)
    }

    /// Whether both are one and the same.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// An array of values of a program, in C order.
#[derive(Clone, Debug)]
pub struct Traced {
    graph: Graph,
    ids: Vec<Id>,
    shape: Vec<usize>,
}

impl Traced {
    /// The program that this is of.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The instructions of the elements.
    pub fn ids(&self) -> &[Id] {
        &self.ids
    }

    /// The lengths of the axes.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Other instructions of the same program, as an array of `shape`.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] if their number does not fit the shape, or there is no such instruction.
    pub fn with(&self, ids: Vec<Id>, shape: Vec<usize>) -> Result<Self, Error> {
        let known = self.graph.lock().len();
        if ids.len() != shape.iter().product::<usize>() || ids.iter().any(|&id| id as usize >= known) {
            let expected = format!("{} values of the traced program", ids.len());
            return Err(Error::Shape { argument: "shape", expected, got: shape });
        }
        Ok(Self { graph: self.graph.clone(), ids, shape })
    }

    /// Part `index` along the first axis; `None` if there is none.
    pub fn part(&self, index: isize) -> Option<Self> {
        let &length = self.shape.first()?;
        let index = if index < 0 { index + length as isize } else { index };
        let index = usize::try_from(index).ok().filter(|&index| index < length)?;
        let size = self.ids.len() / length;
        let ids = self.ids[index * size..(index + 1) * size].to_vec();
        Some(Self { graph: self.graph.clone(), ids, shape: self.shape[1..].to_vec() })
    }

    /// NumPy's ufunc `name` of `arguments`.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] if there is no rule for it; [`Error::Shape`] if the shapes do not
    /// broadcast.
    pub fn ufunc(name: &str, arguments: &[Self]) -> Result<Self, Error> {
        match *arguments {
            [ref a] => a.unary(name),
            [ref a, ref b] if name == "matmul" => a.matmul(b),
            [ref a, ref b] => a.binary(name, b),
            _ => Err(Error::Unsupported { what: "trace", got: name.to_string() }),
        }
    }

    fn unary(&self, name: &str) -> Result<Self, Error> {
        let number = |builder: &mut Builder, value: f64| builder.constant(value);
        let scaled = |builder: &mut Builder, a: Id, factor: f64| {
            let factor = builder.constant(factor);
            builder.binary(Binary::Mul, a, factor)
        };
        let function = Function::from_numpy_name(name);
        let rule: &dyn Fn(&mut Builder, Id) -> Id = match (function, name) {
            (Some(function), _) => &move |builder, a| builder.call(function, a),
            (_, "negative") => &|builder, a| builder.unary(Unary::Neg, a),
            (_, "positive" | "conjugate") => &|_, a| a,
            (_, "fabs") => &|builder, a| builder.call(Function::Abs, a),
            (_, "square") => &|builder, a| builder.powi(a, 2),
            (_, "reciprocal") => &|builder, a| builder.powi(a, -1),
            (_, "logical_not") => &|builder, a| builder.unary(Unary::Not, a),
            (_, "exp2") => &move |builder, a| {
                let two = number(builder, 2.0);
                builder.binary(Binary::Pow, two, a)
            },
            (_, "log2" | "log10") => &move |builder, a| {
                let log = builder.call(Function::Log, a);
                let base = number(builder, if name == "log2" { 2.0_f64.ln() } else { 10.0_f64.ln() });
                builder.binary(Binary::Div, log, base)
            },
            (_, "radians" | "deg2rad") => &move |builder, a| scaled(builder, a, 1.0_f64.to_radians()),
            (_, "degrees" | "rad2deg") => &move |builder, a| scaled(builder, a, 1.0_f64.to_degrees()),
            _ => return Err(Error::Unsupported { what: "trace", got: name.to_string() }),
        };
        let mut builder = self.graph.lock();
        let ids = self.ids.iter().map(|&id| rule(&mut builder, id)).collect();
        Ok(Self { graph: self.graph.clone(), ids, shape: self.shape.clone() })
    }

    fn binary(&self, name: &str, other: &Self) -> Result<Self, Error> {
        let plain = |operation: Binary| move |builder: &mut Builder, a, b| builder.binary(operation, a, b);
        let swapped = |operation: Binary| move |builder: &mut Builder, a, b| builder.binary(operation, b, a);
        match name {
            "add" => self.zip(other, plain(Binary::Add)),
            "subtract" => self.zip(other, plain(Binary::Sub)),
            "multiply" | "logical_and" => self.zip(other, plain(Binary::Mul)),
            "divide" | "true_divide" => self.zip(other, plain(Binary::Div)),
            "power" | "float_power" => self.zip(other, power),
            "maximum" | "fmax" | "logical_or" => self.zip(other, plain(Binary::Max)),
            "minimum" | "fmin" => self.zip(other, plain(Binary::Min)),
            "greater" => self.zip(other, plain(Binary::Greater)),
            "greater_equal" => self.zip(other, plain(Binary::GreaterEqual)),
            "less" => self.zip(other, swapped(Binary::Greater)),
            "less_equal" => self.zip(other, swapped(Binary::GreaterEqual)),
            "equal" => self.zip(other, plain(Binary::Equal)),
            "not_equal" => self.zip(other, |builder, a, b| {
                let equal = builder.binary(Binary::Equal, a, b);
                builder.unary(Unary::Not, equal)
            }),
            "hypot" => self.zip(other, |builder, a, b| {
                let (a, b) = (builder.powi(a, 2), builder.powi(b, 2));
                let sum = builder.binary(Binary::Add, a, b);
                builder.call(Function::Sqrt, sum)
            }),
            _ => Err(Error::Unsupported { what: "trace", got: name.to_string() }),
        }
    }

    /// `rule` of each pair of elements, the shapes broadcast.
    fn zip(&self, other: &Self, rule: impl Fn(&mut Builder, Id, Id) -> Id) -> Result<Self, Error> {
        let mut builder = self.graph.lock();
        if self.shape == other.shape {
            let pairs = self.ids.iter().zip(&other.ids);
            let ids = pairs.map(|(&a, &b)| rule(&mut builder, a, b)).collect();
            return Ok(Self { graph: self.graph.clone(), ids, shape: self.shape.clone() });
        }
        let shape = broadcast(&[&self.shape, &other.shape])?;
        let (a, b) = (self.spread(&shape), other.spread(&shape));
        let ids = a.into_iter().zip(b).map(|(a, b)| rule(&mut builder, a, b)).collect();
        Ok(Self { graph: self.graph.clone(), ids, shape })
    }

    /// `yes` where this is not 0, else `no`; the shapes broadcast.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] if they do not.
    pub fn select(&self, yes: &Self, no: &Self) -> Result<Self, Error> {
        let shape = broadcast(&[&self.shape, &yes.shape, &no.shape])?;
        let [condition, yes, no] = [self, yes, no].map(|array| array.spread(&shape));
        let mut builder = self.graph.lock();
        let choices = condition.into_iter().zip(yes).zip(no);
        let ids = choices.map(|((condition, yes), no)| builder.select(condition, yes, no)).collect();
        Ok(Self { graph: self.graph.clone(), ids, shape })
    }

    /// The elements along the last axis combined by NumPy's ufunc `name`.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] if there is no rule for it; [`Error::Empty`] where nothing is
    /// combined and that has no answer.
    pub fn reduce(&self, name: &str) -> Result<Self, Error> {
        let (operation, neutral) = match name {
            "add" => (Binary::Add, Some(0.0)),
            "multiply" => (Binary::Mul, Some(1.0)),
            "maximum" => (Binary::Max, None),
            "minimum" => (Binary::Min, None),
            _ => return Err(Error::Unsupported { what: "trace", got: format!("{name}.reduce") }),
        };
        let (shape, length) = match self.shape.split_last() {
            Some((&length, shape)) => (shape.to_vec(), length),
            None => (Vec::new(), 1),
        };
        let mut builder = self.graph.lock();
        let count = shape.iter().product();
        let mut ids = Vec::with_capacity(count);
        for index in 0..count {
            let row = &self.ids[index * length..(index + 1) * length];
            ids.push(match (fold(&mut builder, operation, row), neutral) {
                (Some(id), _) => id,
                (None, Some(neutral)) => builder.constant(neutral),
                (None, None) => return Err(Error::Empty { argument: "x" }),
            });
        }
        Ok(Self { graph: self.graph.clone(), ids, shape })
    }

    /// The matrix product, by NumPy's rules for one and two dimensions.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] if the shapes do not fit.
    pub fn matmul(&self, other: &Self) -> Result<Self, Error> {
        let (rows, inner) = match *self.shape {
            [inner] => (None, inner),
            [rows, inner] => (Some(rows), inner),
            _ => return Err(wrong_rank(&self.shape)),
        };
        let (length, columns) = match *other.shape {
            [length] => (length, None),
            [length, columns] => (length, Some(columns)),
            _ => return Err(wrong_rank(&other.shape)),
        };
        if inner != length {
            let expected = format!("{inner} rows, as many as `a` has columns");
            return Err(Error::Shape { argument: "b", expected, got: other.shape.clone() });
        }
        let mut builder = self.graph.lock();
        let width = columns.unwrap_or(1);
        let mut ids = Vec::with_capacity(rows.unwrap_or(1) * width);
        for i in 0..rows.unwrap_or(1) {
            for j in 0..width {
                let products: Vec<Id> = (0..inner)
                    .map(|k| builder.binary(Binary::Mul, self.ids[i * inner + k], other.ids[k * width + j]))
                    .collect();
                let sum = fold(&mut builder, Binary::Add, &products);
                ids.push(sum.unwrap_or_else(|| builder.constant(0.0)));
            }
        }
        Ok(Self { graph: self.graph.clone(), ids, shape: rows.into_iter().chain(columns).collect() })
    }

    /// The values of `program` at the variables that this array holds.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] unless it holds as many as the program has.
    pub fn through(&self, program: &Program) -> Result<Self, Error> {
        if self.ids.len() != program.inputs() {
            let expected = format!("{} variables", program.inputs());
            return Err(Error::Shape { argument: "x", expected, got: self.shape.clone() });
        }
        let mut builder = self.graph.lock();
        let mut names: Vec<Id> = Vec::with_capacity(program.code().len());
        for &operation in program.code() {
            names.push(match operation {
                Operation::Input(index) => self.ids[index as usize],
                operation => {
                    let operation = operation.renamed(|operand| names[operand as usize]);
                    builder.operation(operation)
                }
            });
        }
        let ids: Vec<Id> = program.outputs().iter().map(|&output| names[output as usize]).collect();
        let shape = vec![ids.len()];
        Ok(Self { graph: self.graph.clone(), ids, shape })
    }

    /// The elements of this array broadcast to `shape`.
    fn spread(&self, shape: &[usize]) -> Vec<Id> {
        let lead = shape.len() - self.shape.len();
        let mut steps = vec![0; shape.len()];
        let mut step = 1;
        for axis in (0..self.shape.len()).rev() {
            steps[lead + axis] = if self.shape[axis] == 1 { 0 } else { step };
            step *= self.shape[axis];
        }
        let element = |mut index: usize| {
            let mut offset = 0;
            for axis in (0..shape.len()).rev() {
                offset += index % shape[axis] * steps[axis];
                index /= shape[axis];
            }
            self.ids[offset]
        };
        (0..shape.iter().product()).map(element).collect()
    }
}

/// `a` to the power `b`, as NumPy takes it: integer exponents by products, 1/2 as a root.
fn power(builder: &mut Builder, a: Id, b: Id) -> Id {
    match builder.constant_value(b) {
        Some(0.5) => builder.call(Function::Sqrt, a),
        Some(b) if b.fract() == 0.0 && b.abs() <= 1024.0 => builder.powi(a, b as i32),
        _ => builder.binary(Binary::Pow, a, b),
    }
}

/// The elements of `row` combined in halves, so that rounding grows as the logarithm of their
/// number; a few in order, as NumPy does.
fn fold(builder: &mut Builder, operation: Binary, row: &[Id]) -> Option<Id> {
    const FEW: usize = 8;
    if row.len() <= FEW {
        let (&first, rest) = row.split_first()?;
        return Some(rest.iter().fold(first, |sum, &id| builder.binary(operation, sum, id)));
    }
    let (left, right) = row.split_at(row.len() / 2);
    let (left, right) = (fold(builder, operation, left)?, fold(builder, operation, right)?);
    Some(builder.binary(operation, left, right))
}

/// The shape that all of `shapes` broadcast to.
fn broadcast(shapes: &[&[usize]]) -> Result<Vec<usize>, Error> {
    let rank = shapes.iter().map(|shape| shape.len()).max().unwrap_or(0);
    let mut common = vec![1; rank];
    for shape in shapes {
        for (length, &own) in common[rank - shape.len()..].iter_mut().zip(shape.iter()) {
            if *length == 1 {
                *length = own;
            } else if own != 1 && own != *length {
                let expected = format!("shapes that broadcast with {:?}", shapes[0]);
                return Err(Error::Shape { argument: "x", expected, got: shape.to_vec() });
            }
        }
    }
    Ok(common)
}

fn wrong_rank(shape: &[usize]) -> Error {
    let expected = "one or two dimensions in a traced product".to_string();
    Error::Shape { argument: "matmul", expected, got: shape.to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(array: &Traced, inputs: usize, x: &[f64]) -> Vec<f64> {
        let program = array.graph().program(inputs, array).unwrap();
        let mut values = vec![0.0; program.outputs().len()];
        program.evaluate(x, &mut values).unwrap();
        values
    }

    #[test]
    fn shapes_broadcast_as_numpys() {
        let graph = Graph::default();
        let x = graph.variables(0, &[2, 1]);
        let y = graph.constants([10.0, 20.0, 30.0].into_iter(), &[3]);
        let sum = Traced::ufunc("add", &[x.clone(), y]).unwrap();
        assert_eq!(sum.shape(), [2, 3]);
        assert_eq!(values(&sum, 2, &[1.0, 2.0]), [11.0, 21.0, 31.0, 12.0, 22.0, 32.0]);
        assert_eq!(values(&sum.reduce("add").unwrap(), 2, &[1.0, 2.0]), [63.0, 66.0]);
        let z = graph.constants([0.0; 4].into_iter(), &[4]);
        assert!(matches!(Traced::ufunc("add", &[sum, z]), Err(Error::Shape { .. })));
    }

    #[test]
    fn products_are_those_of_matrices() {
        let graph = Graph::default();
        let a = graph.variables(0, &[2, 3]);
        let v = graph.constants([1.0, 10.0, 100.0].into_iter(), &[3]);
        let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        assert_eq!(values(&a.matmul(&v).unwrap(), 6, &x), [321.0, 654.0]);
        assert_eq!(v.matmul(&v).unwrap().shape(), []);
        assert!(v.matmul(&a).is_err());
    }

    #[test]
    fn parts_powers_and_choices() {
        let graph = Graph::default();
        let x = graph.variables(0, &[3]);
        assert!(x.part(3).is_none() && x.part(-4).is_none());
        let (first, last) = (x.part(0).unwrap(), x.part(-1).unwrap());
        let three = graph.constants([3.0].into_iter(), &[]);
        let cube = Traced::ufunc("power", &[last.clone(), three]).unwrap();
        let less = Traced::ufunc("less", &[first.clone(), last]).unwrap();
        let chosen = less.select(&cube, &first).unwrap();
        assert_eq!(values(&chosen, 3, &[1.0, 0.0, 2.0]), [8.0]);
        assert_eq!(values(&chosen, 3, &[3.0, 0.0, 2.0]), [3.0]);
        assert!(matches!(Traced::ufunc("arctan2", &[x.clone(), x]), Err(Error::Unsupported { .. })));
    }

    #[test]
    fn a_program_is_inlined_into_another() {
        let graph = Graph::default();
        let x = graph.variables(0, &[2]);
        let product = graph.program(2, &x.reduce("multiply").unwrap()).unwrap();
        let other = Graph::default();
        let y = other.variables(0, &[2]);
        let twice = Traced::ufunc("add", &[y.clone(), y]).unwrap().through(&product).unwrap();
        assert_eq!(values(&twice, 2, &[3.0, 5.0]), [60.0]);
    }
}
