//! Derivatives by differences, for functions that have only values.
//!
//! Central differences with the step that balances truncation and rounding, ε^(1/3) (Nocedal &
//! Wright, Numerical Optimization, 2nd ed., section 8.1). No point outside the bounds is ever
//! asked for: beside a bound the three-point formula of one side is used.

use crate::optimize::objective::{Calls, Constraints, Objective};

/// About the relative error of a central difference: ε^(2/3).
pub const NOISE: f64 = 3.7e-11;

/// ε^(1/3).
const STEP: f64 = 6.055e-6;

/// A vector function that has only values, and the box that it may be asked in.
#[derive(Clone, Debug)]
pub struct Differences<F> {
    function: F,
    outputs: usize,
    lower: Vec<f64>,
    upper: Vec<f64>,
    calls: Calls,
}

impl<F> Differences<F> {
    /// Takes `function`, which writes `outputs` values. Empty bounds are none.
    pub fn new(function: F, outputs: usize, lower: Vec<f64>, upper: Vec<f64>) -> Self {
        Self { function, outputs, lower, upper, calls: Calls::default() }
    }

    fn evaluate<E>(&mut self, x: &[f64], values: &mut [f64]) -> Result<(), E>
    where
        F: FnMut(&[f64], &mut [f64]) -> Result<(), E>,
    {
        self.calls.values += 1;
        (self.function)(x, values)
    }

    /// The three places, relative to `x`, where the function is asked along variable `j`.
    fn places(&self, j: usize, x: f64) -> Places {
        let h = STEP * x.abs().max(1.0);
        // A step that is exact in binary makes x + h - x equal to h.
        let h = (x + h) - x;
        let below = x - self.lower.get(j).copied().unwrap_or(f64::NEG_INFINITY);
        let above = self.upper.get(j).copied().unwrap_or(f64::INFINITY) - x;
        if below >= h && above >= h {
            Places::Central(h)
        } else if above >= below {
            Places::OneSided(h.min(above / 2.0))
        } else {
            Places::OneSided(-h.min(below / 2.0))
        }
    }

    fn differentiate<E>(&mut self, x: &[f64], jacobian: &mut [f64]) -> Result<(), E>
    where
        F: FnMut(&[f64], &mut [f64]) -> Result<(), E>,
    {
        self.calls.gradients += 1;
        let (n, m) = (x.len(), self.outputs);
        let (mut at, mut one, mut two) = (x.to_vec(), vec![0.0; m], vec![0.0; m]);
        let mut here: Option<Vec<f64>> = None;
        for j in 0..n {
            match self.places(j, x[j]) {
                Places::Central(h) => {
                    at[j] = x[j] + h;
                    self.evaluate(&at, &mut two)?;
                    at[j] = x[j] - h;
                    self.evaluate(&at, &mut one)?;
                    for i in 0..m {
                        jacobian[i * n + j] = (two[i] - one[i]) / (2.0 * h);
                    }
                }
                Places::OneSided(0.0) => (0..m).for_each(|i| jacobian[i * n + j] = 0.0),
                Places::OneSided(h) => {
                    at[j] = x[j];
                    if here.is_none() {
                        let mut values = vec![0.0; m];
                        self.evaluate(&at, &mut values)?;
                        here = Some(values);
                    }
                    at[j] = x[j] + h;
                    self.evaluate(&at, &mut one)?;
                    at[j] = x[j] + 2.0 * h;
                    self.evaluate(&at, &mut two)?;
                    for (i, value) in here.iter().flatten().enumerate() {
                        jacobian[i * n + j] = (4.0 * one[i] - 3.0 * value - two[i]) / (2.0 * h);
                    }
                }
            }
            at[j] = x[j];
        }
        Ok(())
    }
}

enum Places {
    Central(f64),
    OneSided(f64),
}

/// An objective's own error, with its function: what [`Objective`] needs to know of `E`.
#[derive(Clone, Debug)]
pub struct ByDifferences<F, E> {
    inner: Differences<F>,
    error: std::marker::PhantomData<fn() -> E>,
}

impl<F, E> ByDifferences<F, E> {
    /// An objective of which only the values are known.
    pub fn new(inner: Differences<F>) -> Self {
        Self { inner, error: std::marker::PhantomData }
    }
}

impl<E, F> Objective for ByDifferences<F, E>
where
    E: From<crate::Error>,
    F: FnMut(&[f64], &mut [f64]) -> Result<(), E>,
{
    type Error = E;

    fn value(&mut self, x: &[f64]) -> Result<f64, E> {
        let mut value = [0.0];
        self.inner.evaluate(x, &mut value)?;
        Ok(value[0])
    }

    fn gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> Result<(), E> {
        self.inner.differentiate(x, gradient)
    }

    fn noise(&self) -> f64 {
        NOISE
    }

    fn calls(&self) -> Calls {
        self.inner.calls
    }
}

impl<E, F> Constraints<E> for Differences<F>
where
    F: FnMut(&[f64], &mut [f64]) -> Result<(), E>,
{
    fn values(&mut self, x: &[f64], values: &mut [f64]) -> Result<(), E> {
        self.evaluate(x, values)
    }

    fn jacobian(&mut self, x: &[f64], jacobian: &mut [f64]) -> Result<(), E> {
        self.differentiate(x, jacobian)
    }

    fn count(&self) -> usize {
        self.outputs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    fn cubes(x: &[f64], values: &mut [f64]) -> Result<(), Error> {
        values[0] = x[0].powi(3) * x[1];
        values[1] = x[1].exp();
        Ok(())
    }

    #[test]
    fn differences_agree_with_derivatives() {
        let x = [2.0, -1.0];
        let exact = [-12.0, 8.0, 0.0, (-1.0_f64).exp()];
        let mut jacobian = [0.0; 4];
        let mut function = Differences::new(cubes, 2, vec![], vec![]);
        Constraints::jacobian(&mut function, &x, &mut jacobian).unwrap();
        assert!(jacobian.iter().zip(exact).all(|(a, b)| (a - b).abs() < 1e-8), "{jacobian:?}");
    }

    #[test]
    fn no_point_outside_the_bounds_is_asked_for() {
        let (lower, upper) = (vec![2.0, -1.0 - 1e-9, 0.5], vec![3.0, -1.0, 0.5]);
        let (low, high) = (lower.clone(), upper.clone());
        let inside = move |x: &[f64], values: &mut [f64]| -> Result<(), Error> {
            assert!((0..3).all(|j| (low[j]..=high[j]).contains(&x[j])), "{x:?}");
            values[0] = x[0].powi(3) + x[1].powi(2);
            Ok(())
        };
        let mut jacobian = [0.0; 3];
        let mut function = Differences::new(inside, 1, lower, upper);
        Constraints::jacobian(&mut function, &[2.0, -1.0, 0.5], &mut jacobian).unwrap();
        assert!((jacobian[0] - 12.0).abs() < 1e-8 && (jacobian[1] + 2.0).abs() < 1e-4, "{jacobian:?}");
        assert_eq!(jacobian[2], 0.0);
    }
}
