//! What is minimised, and what binds it: the two traits that every method is written for.

use crate::Error;

/// How often a function was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    /// For its value.
    pub values: usize,
    /// For its gradient or Jacobian.
    pub gradients: usize,
}

/// A function of n variables, to be minimised.
pub trait Objective {
    /// Its own error, which passes through every method untouched: a Python exception, say.
    type Error: From<Error>;

    /// The value at `x`.
    ///
    /// # Errors
    ///
    /// The function's own.
    fn value(&mut self, x: &[f64]) -> Result<f64, Self::Error>;

    /// Writes the gradient at `x`.
    ///
    /// # Errors
    ///
    /// The function's own.
    fn gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> Result<(), Self::Error>;

    /// The value at `x`, and the gradient.
    ///
    /// # Errors
    ///
    /// The function's own.
    fn value_and_gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> Result<f64, Self::Error> {
        let value = self.value(x)?;
        self.gradient(x, gradient)?;
        Ok(value)
    }

    /// Whether value and gradient together cost about as much as the value alone.
    fn gradient_is_cheap(&self) -> bool {
        false
    }

    /// The relative error of the derivatives.
    fn noise(&self) -> f64 {
        f64::EPSILON
    }

    /// How often the function was asked so far.
    fn calls(&self) -> Calls;
}

/// A vector of m functions of n variables, each to be kept between bounds.
pub trait Constraints<E> {
    /// Writes the m values at `x`.
    ///
    /// # Errors
    ///
    /// The functions' own.
    fn values(&mut self, x: &[f64], values: &mut [f64]) -> Result<(), E>;

    /// Writes the Jacobian at `x`: m rows of n.
    ///
    /// # Errors
    ///
    /// The functions' own.
    fn jacobian(&mut self, x: &[f64], jacobian: &mut [f64]) -> Result<(), E>;

    /// How many there are.
    fn count(&self) -> usize;
}

/// Blocks of constraints, one after the other.
impl<E, C: Constraints<E> + ?Sized> Constraints<E> for Vec<Box<C>> {
    fn values(&mut self, x: &[f64], mut values: &mut [f64]) -> Result<(), E> {
        for block in self.iter_mut() {
            let (head, tail) = values.split_at_mut(block.count());
            block.values(x, head)?;
            values = tail;
        }
        Ok(())
    }

    fn jacobian(&mut self, x: &[f64], mut jacobian: &mut [f64]) -> Result<(), E> {
        for block in self.iter_mut() {
            let (head, tail) = jacobian.split_at_mut(block.count() * x.len());
            block.jacobian(x, head)?;
            jacobian = tail;
        }
        Ok(())
    }

    fn count(&self) -> usize {
        self.iter().map(|block| block.count()).sum()
    }
}

/// The bounds of `count` constraints, from one for all of them or one for each.
///
/// # Errors
///
/// [`Error::Shape`] for any other number of bounds.
pub fn spread(bounds: Vec<f64>, count: usize) -> Result<Vec<f64>, Error> {
    match bounds[..] {
        _ if bounds.len() == count => Ok(bounds),
        [one] => Ok(vec![one; count]),
        _ => {
            let expected = format!("{count} bounds, as many as the function has values, or one");
            Err(Error::Shape { argument: "constraints", expected, got: vec![bounds.len()] })
        }
    }
}

/// `A x`, for a matrix A in C order.
#[derive(Clone, Debug)]
pub struct Linear {
    /// The rows of A, one after the other.
    pub matrix: Vec<f64>,
    /// How many rows.
    pub rows: usize,
}

impl<E> Constraints<E> for Linear {
    fn values(&mut self, x: &[f64], values: &mut [f64]) -> Result<(), E> {
        for (value, row) in values.iter_mut().zip(self.matrix.chunks_exact(x.len())) {
            *value = inner(row, x);
        }
        Ok(())
    }

    fn jacobian(&mut self, _: &[f64], jacobian: &mut [f64]) -> Result<(), E> {
        jacobian.copy_from_slice(&self.matrix);
        Ok(())
    }

    fn count(&self) -> usize {
        self.rows
    }
}

/// The inner product, plainly: the vectors of an optimiser are short.
#[inline]
pub fn inner(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

/// The largest absolute value; NaN where there is one.
#[inline]
pub fn largest(x: &[f64]) -> f64 {
    x.iter().fold(
        0.0,
        |largest: f64, x| {
            if x.abs() <= largest || largest.is_nan() { largest } else { x.abs() }
        },
    )
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A function and its gradient, as tests write them.
    pub struct Plain<F> {
        pub function: F,
        pub calls: Calls,
    }

    impl<F: FnMut(&[f64], &mut [f64]) -> f64> Plain<F> {
        pub fn new(function: F) -> Self {
            Self { function, calls: Calls::default() }
        }
    }

    impl<F: FnMut(&[f64], &mut [f64]) -> f64> Objective for Plain<F> {
        type Error = Error;
        fn value(&mut self, x: &[f64]) -> Result<f64, Error> {
            self.calls.values += 1;
            Ok((self.function)(x, &mut vec![0.0; x.len()]))
        }
        fn gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> Result<(), Error> {
            self.calls.gradients += 1;
            (self.function)(x, gradient);
            Ok(())
        }
        fn calls(&self) -> Calls {
            self.calls
        }
    }

    #[test]
    fn blocks_stand_one_after_the_other() {
        let mut blocks = vec![
            Box::new(Linear { matrix: vec![1.0, 2.0], rows: 1 }),
            Box::new(Linear { matrix: vec![1.0, 0.0, 0.0, -1.0], rows: 2 }),
        ];
        let (mut values, mut jacobian) = ([0.0; 3], [0.0; 6]);
        Constraints::<Error>::values(&mut blocks, &[3.0, 4.0], &mut values).unwrap();
        Constraints::<Error>::jacobian(&mut blocks, &[3.0, 4.0], &mut jacobian).unwrap();
        assert_eq!(values, [11.0, 3.0, -4.0]);
        assert_eq!(jacobian, [1.0, 2.0, 1.0, 0.0, 0.0, -1.0]);
    }

    #[test]
    fn one_bound_serves_all_and_any_other_number_must_fit() {
        assert_eq!(spread(vec![2.0], 3), Ok(vec![2.0; 3]));
        assert_eq!(spread(vec![2.0, 3.0], 2), Ok(vec![2.0, 3.0]));
        assert!(spread(vec![2.0, 3.0], 3).is_err());
    }

    #[test]
    fn the_largest_of_vectors_with_nan_is_nan() {
        assert_eq!(largest(&[-3.0, 2.0]), 3.0);
        assert_eq!(largest(&[]), 0.0);
        assert!(largest(&[1.0, f64::NAN, 2.0]).is_nan());
        assert!(largest(&[1.0, 2.0, f64::NAN]).is_nan());
    }
}
