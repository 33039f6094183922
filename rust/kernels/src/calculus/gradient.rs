//! Derivatives of programs, as programs.
//!
//! The reverse sweep goes through the instructions backwards and carries to each the slope of
//! the result by it; the slopes are appended to the same builder, so parts that value and
//! gradient share are computed once.
//!
//! S. Linnainmaa, "Taylor expansion of the accumulated rounding error", BIT 16, 1976;
//! A. Griewank and A. Walther, "Evaluating Derivatives", 2nd edition, SIAM 2008.

use super::function::Function;
use super::program::{Binary, Builder, Id, Operation, Program, Term, Unary};
use crate::Error;
use std::cell::RefCell;

impl Program {
    /// The slopes of the only value by each variable.
    ///
    /// # Errors
    ///
    /// [`Error::Value`] unless there is one value.
    pub fn gradient(&self) -> Result<Self, Error> {
        self.with_gradient(false)
    }

    /// The only value, then its slopes by each variable.
    ///
    /// # Errors
    ///
    /// [`Error::Value`] unless there is one value.
    pub fn value_and_gradient(&self) -> Result<Self, Error> {
        self.with_gradient(true)
    }

    /// The slopes of each value by each variable: a row for each value.
    ///
    /// # Errors
    ///
    /// None in a program that was built by this crate.
    pub fn jacobian(&self) -> Result<Self, Error> {
        let mut builder = Builder::of(self);
        let variables = self.variables(&mut builder);
        let rows = self.outputs().iter().map(|&output| builder.slopes(output, &variables));
        let rows: Vec<Id> = rows.collect::<Vec<_>>().concat();
        builder.program(self.inputs(), &rows)
    }

    /// The second slopes of the only value: row after row, symmetric by construction.
    ///
    /// # Errors
    ///
    /// [`Error::Value`] unless there is one value.
    pub fn hessian(&self) -> Result<Self, Error> {
        let mut builder = Builder::of(self);
        let variables = self.variables(&mut builder);
        let gradient = builder.slopes(self.only_value()?, &variables);
        let n = self.inputs();
        let mut entries = vec![0; n * n];
        for (i, &slope) in gradient.iter().enumerate() {
            for (j, entry) in builder.slopes(slope, &variables[..=i]).into_iter().enumerate() {
                entries[i * n + j] = entry;
                entries[j * n + i] = entry;
            }
        }
        builder.program(n, &entries)
    }

    /// The product of the Hessian with a vector, whose elements are further variables: the
    /// gradient of the slope along it.
    ///
    /// # Errors
    ///
    /// [`Error::Value`] unless there is one value.
    pub fn hessian_product(&self) -> Result<Self, Error> {
        let n = self.inputs();
        let mut builder = Builder::of(self);
        let variables = self.variables(&mut builder);
        let gradient = builder.slopes(self.only_value()?, &variables);
        let mut along = builder.constant(-0.0);
        for (j, &slope) in gradient.iter().enumerate() {
            let v = builder.input((n + j) as u32);
            let term = builder.binary(Binary::Mul, slope, v);
            along = builder.binary(Binary::Add, along, term);
        }
        let products = builder.slopes(along, &variables);
        builder.program(2 * n, &products)
    }

    fn with_gradient(&self, value: bool) -> Result<Self, Error> {
        let output = self.only_value()?;
        let mut builder = Builder::of(self);
        let variables = self.variables(&mut builder);
        let mut outputs = if value { vec![output] } else { Vec::new() };
        outputs.extend(builder.slopes(output, &variables));
        builder.program(self.inputs(), &outputs)
    }

    fn variables(&self, builder: &mut Builder) -> Vec<Id> {
        (0..self.inputs() as u32).map(|index| builder.input(index)).collect()
    }

    fn only_value(&self) -> Result<Id, Error> {
        match *self.outputs() {
            [output] => Ok(output),
            _ => Err(Error::Value {
                argument: "f",
                message: format!("expected a function of one value, got {}", self.outputs().len()),
            }),
        }
    }
}

impl Builder {
    /// The slopes of `output` by each of `by`, which may be any instructions before it.
    pub fn slopes(&mut self, output: Id, by: &[Id]) -> Vec<Id> {
        let mut adjoints = vec![None; output as usize + 1];
        adjoints[output as usize] = Some(self.constant(1.0));
        for id in (0..=output).rev() {
            if let Some(adjoint) = adjoints[id as usize] {
                self.push(id, adjoint, &mut adjoints);
            }
        }
        let zero = self.constant(0.0);
        by.iter().map(|&id| adjoints.get(id as usize).copied().flatten().unwrap_or(zero)).collect()
    }

    /// Adds what the instruction `y` passes on of its adjoint to those of its operands.
    fn push(&mut self, y: Id, adjoint: Id, adjoints: &mut [Option<Id>]) {
        match self.get(y) {
            Operation::Constant(_) | Operation::Input(_) => {}
            Operation::Call(function, a) => {
                let slope = self.slope(function, a, y);
                self.add_product(adjoints, a, adjoint, slope);
            }
            Operation::PowI(a, exponent) => {
                let power = self.powi(a, exponent - 1);
                let factor = self.constant(exponent.into());
                let slope = self.product(factor, power);
                self.add_product(adjoints, a, adjoint, slope);
            }
            Operation::Unary(Unary::Neg, a) => self.subtract(adjoints, a, adjoint),
            Operation::Binary(operation, a, b) => self.push_binary(operation, [a, b, y], adjoint, adjoints),
            Operation::Select(condition, a, b) => {
                let zero = self.constant(0.0);
                let (to_a, to_b) =
                    (self.select(condition, adjoint, zero), self.select(condition, zero, adjoint));
                self.add(adjoints, a, to_a);
                self.add(adjoints, b, to_b);
            }
            // A step: its slope is taken as 0.
            Operation::Unary(Unary::Not, _) => {}
        }
    }

    fn push_binary(
        &mut self,
        operation: Binary,
        [a, b, y]: [Id; 3],
        adjoint: Id,
        adjoints: &mut [Option<Id>],
    ) {
        match operation {
            Binary::Add => {
                self.add(adjoints, a, adjoint);
                self.add(adjoints, b, adjoint);
            }
            Binary::Sub => {
                self.add(adjoints, a, adjoint);
                self.subtract(adjoints, b, adjoint);
            }
            Binary::Mul if a == b => {
                let two = self.constant(2.0);
                let slope = self.product(two, a);
                self.add_product(adjoints, a, adjoint, slope);
            }
            Binary::Mul => {
                self.add_product(adjoints, a, adjoint, b);
                self.add_product(adjoints, b, adjoint, a);
            }
            Binary::Div => {
                let part = self.quotient(adjoint, b);
                self.add(adjoints, a, part);
                if self.constant_value(b).is_none() {
                    let part = self.product(part, y);
                    self.subtract(adjoints, b, part);
                }
            }
            Binary::Pow => {
                if self.constant_value(a).is_none() {
                    let one = self.constant(1.0);
                    let less = self.binary(Binary::Sub, b, one);
                    let power = self.binary(Binary::Pow, a, less);
                    let slope = self.product(b, power);
                    self.add_product(adjoints, a, adjoint, slope);
                }
                if self.constant_value(b).is_none() {
                    let log = self.call(Function::Log, a);
                    let slope = self.product(y, log);
                    self.add_product(adjoints, b, adjoint, slope);
                }
            }
            Binary::Max => self.push_choice(true, [a, b], adjoint, adjoints),
            Binary::Min => self.push_choice(false, [a, b], adjoint, adjoints),
            // Steps: their slopes are taken as 0.
            Binary::Greater | Binary::GreaterEqual | Binary::Equal => {}
        }
    }

    /// Of the larger or the smaller of `a` and `b`: all to the operand that is taken; where both
    /// are equal each gets half.
    fn push_choice(&mut self, larger: bool, [a, b]: [Id; 2], adjoint: Id, adjoints: &mut [Option<Id>]) {
        let (zero, half) = (self.constant(0.0), self.constant(0.5));
        let half = self.product(half, adjoint);
        let tie = self.binary(Binary::Equal, a, b);
        let tied = self.select(tie, half, zero);
        for (operand, other) in [(a, b), (b, a)] {
            let (high, low) = if larger { (operand, other) } else { (other, operand) };
            let taken = self.binary(Binary::Greater, high, low);
            let part = self.select(taken, adjoint, tied);
            self.add(adjoints, operand, part);
        }
    }

    /// The slope of `function` at `x`, where its value is `y`.
    fn slope(&mut self, function: Function, x: Id, y: Id) -> Id {
        let cell = RefCell::new(self);
        function.slope(&Term::new(&cell, x), &Term::new(&cell, y)).id
    }

    fn add(&mut self, adjoints: &mut [Option<Id>], to: Id, part: Id) {
        if self.constant_value(part) == Some(0.0) || self.constant_value(to).is_some() {
            return;
        }
        adjoints[to as usize] = Some(match adjoints[to as usize] {
            None => part,
            Some(sum) => self.binary(Binary::Add, sum, part),
        });
    }

    fn subtract(&mut self, adjoints: &mut [Option<Id>], to: Id, part: Id) {
        if self.constant_value(part) == Some(0.0) || self.constant_value(to).is_some() {
            return;
        }
        adjoints[to as usize] = Some(match adjoints[to as usize] {
            None => self.unary(Unary::Neg, part),
            Some(sum) => self.binary(Binary::Sub, sum, part),
        });
    }

    fn add_product(&mut self, adjoints: &mut [Option<Id>], to: Id, adjoint: Id, slope: Id) {
        if self.constant_value(to).is_none() {
            let part = self.product(adjoint, slope);
            self.add(adjoints, to, part);
        }
    }

    /// `a b`, with constant factors gathered, and 0 where either is the constant 0.
    ///
    /// Where `a` is chosen against 0, the product is chosen: a branch that is not taken adds
    /// nothing, even where its slope is infinite.
    fn product(&mut self, a: Id, b: Id) -> Id {
        if let Some(scaled) = self.scaled(a, b).or_else(|| self.scaled(b, a)) {
            return scaled;
        }
        for (choice, factor) in [(a, b), (b, a)] {
            if let Operation::Select(condition, yes, no) = self.get(choice) {
                if self.constant_value(no) == Some(0.0) {
                    let yes = self.product(yes, factor);
                    return self.select(condition, yes, no);
                }
                if self.constant_value(yes) == Some(0.0) {
                    let no = self.product(no, factor);
                    return self.select(condition, yes, no);
                }
            }
        }
        self.binary(Binary::Mul, a, b)
    }

    /// `a / b`; where `a` is chosen against 0, the quotient is.
    fn quotient(&mut self, a: Id, b: Id) -> Id {
        match self.get(a) {
            Operation::Select(condition, yes, no) if self.constant_value(no) == Some(0.0) => {
                let yes = self.quotient(yes, b);
                self.select(condition, yes, no)
            }
            Operation::Select(condition, yes, no) if self.constant_value(yes) == Some(0.0) => {
                let no = self.quotient(no, b);
                self.select(condition, yes, no)
            }
            _ => self.binary(Binary::Div, a, b),
        }
    }

    /// `k b` for a constant `k`, as one product if `b` is itself a constant times something.
    fn scaled(&mut self, k: Id, b: Id) -> Option<Id> {
        let factor = self.constant_value(k)?;
        if factor == 0.0 {
            return Some(self.constant(0.0));
        }
        if let Operation::Binary(Binary::Mul, inner, rest) = self.get(b)
            && let Some(inner) = self.constant_value(inner)
        {
            let k = self.constant(factor * inner);
            return Some(self.binary(Binary::Mul, k, rest));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(program: &Program, x: &[f64]) -> Vec<f64> {
        let mut values = vec![0.0; program.outputs().len()];
        program.evaluate(x, &mut values).unwrap();
        values
    }

    /// `(1 - x)^2 + 100 (y - x^2)^2`.
    fn rosenbrock() -> Program {
        let mut builder = Builder::default();
        let (x, y) = (builder.input(0), builder.input(1));
        let (one, hundred) = (builder.constant(1.0), builder.constant(100.0));
        let a = builder.binary(Binary::Sub, one, x);
        let a = builder.powi(a, 2);
        let square = builder.powi(x, 2);
        let b = builder.binary(Binary::Sub, y, square);
        let b = builder.powi(b, 2);
        let b = builder.binary(Binary::Mul, hundred, b);
        let sum = builder.binary(Binary::Add, a, b);
        builder.program(2, &[sum]).unwrap()
    }

    #[test]
    fn rosenbrock_has_the_derivatives_of_the_textbook() {
        let (program, x) = (rosenbrock(), [-1.5, 2.0]);
        assert_eq!(values(&program, &x), [12.5]);
        assert_eq!(values(&program.gradient().unwrap(), &x), [-155.0, -50.0]);
        assert_eq!(values(&program.value_and_gradient().unwrap(), &x), [12.5, -155.0, -50.0]);
        assert_eq!(values(&program.hessian().unwrap(), &x), [1902.0, 600.0, 600.0, 200.0]);
        let product = values(&program.hessian_product().unwrap(), &[-1.5, 2.0, 1.0, -2.0]);
        assert_eq!(product, [1902.0 - 1200.0, 600.0 - 400.0]);
    }

    #[test]
    fn constant_factors_are_gathered() {
        let gradient = rosenbrock().gradient().unwrap();
        let products = gradient.code().iter().filter(|o| matches!(o, Operation::Binary(Binary::Mul, ..)));
        assert!(products.count() <= 6, "{:?}", gradient.code());
    }

    #[test]
    fn slopes_of_every_operation_are_limits_of_difference_quotients() {
        let make: Vec<(&str, fn(&mut Builder, Id, Id) -> Id)> = vec![
            ("div", |b, x, y| b.binary(Binary::Div, x, y)),
            ("pow", |b, x, y| b.binary(Binary::Pow, x, y)),
            ("mul", |b, x, y| b.binary(Binary::Mul, x, y)),
            ("max", |b, x, y| b.binary(Binary::Max, x, y)),
            ("min", |b, x, y| b.binary(Binary::Min, x, y)),
            ("powi", |b, x, y| {
                let (p, q) = (b.powi(x, 5), b.powi(y, -3));
                b.binary(Binary::Sub, p, q)
            }),
            ("select", |b, x, y| {
                let greater = b.binary(Binary::Greater, x, y);
                let (left, right) = (b.call(Function::Sin, x), b.binary(Binary::Mul, x, y));
                let chosen = b.select(greater, left, right);
                b.call(Function::Exp, chosen)
            }),
        ];
        for (name, make) in make {
            let mut builder = Builder::default();
            let (x, y) = (builder.input(0), builder.input(1));
            let value = make(&mut builder, x, y);
            let program = builder.program(2, &[value]).unwrap();
            for point in [[0.7, 1.9], [1.9, 0.7]] {
                let gradient = values(&program.gradient().unwrap(), &point);
                for j in 0..2 {
                    let h = 1e-6;
                    let at = |sign: f64| {
                        let mut moved = point;
                        moved[j] += sign * h;
                        values(&program, &moved)[0]
                    };
                    let quotient = (at(1.0) - at(-1.0)) / (2.0 * h);
                    assert!((gradient[j] - quotient).abs() < 1e-7, "{name} by {j} at {point:?}");
                }
            }
        }
    }

    #[test]
    fn ties_are_shared_and_branches_not_taken_add_nothing() {
        let mut builder = Builder::default();
        let x = builder.input(0);
        let zero = builder.constant(0.0);
        let larger = builder.binary(Binary::Max, x, zero);
        let positive = builder.binary(Binary::Greater, x, zero);
        let root = builder.call(Function::Sqrt, x);
        let chosen = builder.select(positive, root, x);
        let program = builder.program(1, &[larger, chosen]).unwrap();
        let jacobian = program.jacobian().unwrap();
        assert_eq!(values(&jacobian, &[0.0]), [0.5, 1.0]);
        assert_eq!(values(&jacobian, &[4.0]), [1.0, 0.25]);
        assert!(program.gradient().is_err());
    }
}
