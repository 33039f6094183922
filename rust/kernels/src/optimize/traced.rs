//! Programs as objectives and constraints: exact derivatives, without a look at the interpreter.

use crate::Error;
use crate::calculus::{Evaluator, Program};
use crate::optimize::objective::{Calls, Constraints, Objective};

/// An objective with its value and exact gradient as programs.
#[derive(Clone, Debug)]
pub struct Traced {
    value: Evaluator,
    both: Evaluator,
    buffer: Vec<f64>,
    calls: Calls,
}

impl Traced {
    /// Derives the gradient of `value`, a program of one value.
    ///
    /// # Errors
    ///
    /// Those of [`Program::value_and_gradient`].
    pub fn new(value: Program) -> Result<Self, Error> {
        let both = value.value_and_gradient()?;
        Ok(Self {
            buffer: vec![0.0; both.outputs().len()],
            value: Evaluator::new(value),
            both: Evaluator::new(both),
            calls: Calls::default(),
        })
    }

    /// About the nanoseconds of a value and a gradient.
    pub fn cost(&self) -> usize {
        self.both.program().cost(1)
    }
}

impl Objective for Traced {
    type Error = Error;

    fn value(&mut self, x: &[f64]) -> Result<f64, Error> {
        let mut value = [0.0];
        self.calls.values += 1;
        self.value.evaluate(x, &mut value)?;
        Ok(value[0])
    }

    fn gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> Result<(), Error> {
        self.calls.gradients += 1;
        self.both.evaluate(x, &mut self.buffer)?;
        gradient.copy_from_slice(&self.buffer[1..]);
        Ok(())
    }

    #[inline]
    fn value_and_gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> Result<f64, Error> {
        self.calls.values += 1;
        self.gradient(x, gradient)?;
        Ok(self.buffer[0])
    }

    fn gradient_is_cheap(&self) -> bool {
        true
    }

    fn calls(&self) -> Calls {
        self.calls
    }
}

/// Constraints with their values and exact Jacobian as programs.
#[derive(Clone, Debug)]
pub struct TracedConstraints {
    values: Evaluator,
    jacobian: Evaluator,
}

impl TracedConstraints {
    /// Derives the Jacobian of `values`.
    ///
    /// # Errors
    ///
    /// Those of [`Program::jacobian`].
    pub fn new(values: Program) -> Result<Self, Error> {
        Ok(Self { jacobian: Evaluator::new(values.jacobian()?), values: Evaluator::new(values) })
    }
}

impl<E: From<Error>> Constraints<E> for TracedConstraints {
    fn values(&mut self, x: &[f64], values: &mut [f64]) -> Result<(), E> {
        Ok(self.values.evaluate(x, values)?)
    }

    fn jacobian(&mut self, x: &[f64], jacobian: &mut [f64]) -> Result<(), E> {
        Ok(self.jacobian.evaluate(x, jacobian)?)
    }

    fn count(&self) -> usize {
        self.values.program().outputs().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calculus::Builder;
    use crate::calculus::program::Binary;

    /// x y² and x − y.
    fn programs() -> (Program, Program) {
        let mut builder = Builder::default();
        let (x, y) = (builder.input(0), builder.input(1));
        let square = builder.powi(y, 2);
        let product = builder.binary(Binary::Mul, x, square);
        let difference = builder.binary(Binary::Sub, x, y);
        (builder.program(2, &[product]).unwrap(), builder.program(2, &[difference, product]).unwrap())
    }

    #[test]
    fn a_program_is_an_objective_with_exact_derivatives() {
        let mut objective = Traced::new(programs().0).unwrap();
        let mut gradient = [0.0; 2];
        assert_eq!(objective.value_and_gradient(&[3.0, 2.0], &mut gradient).unwrap(), 12.0);
        assert_eq!(gradient, [4.0, 12.0]);
        assert_eq!(objective.value(&[3.0, -2.0]).unwrap(), 12.0);
        assert_eq!(objective.calls(), Calls { values: 2, gradients: 1 });
    }

    #[test]
    fn a_program_of_several_values_is_a_block_of_constraints() {
        let mut constraints = TracedConstraints::new(programs().1).unwrap();
        let (mut values, mut jacobian) = ([0.0; 2], [0.0; 4]);
        Constraints::<Error>::values(&mut constraints, &[3.0, 2.0], &mut values).unwrap();
        Constraints::<Error>::jacobian(&mut constraints, &[3.0, 2.0], &mut jacobian).unwrap();
        assert_eq!((values, jacobian), ([1.0, 12.0], [1.0, -1.0, 4.0, 12.0]));
        assert_eq!(Constraints::<Error>::count(&constraints), 2);
    }
}
