//! A constrained problem at a point, and the merit by which two points are compared.
//!
//! Constraints and variables are one vector: the m constraints, then the n variables, each with
//! a lower and an upper bound. A bound that is finite is a *row*: `sign (cᵢ − bound) ≥ 0`, or
//! `= 0` where both bounds are equal.

use crate::optimize::certificate::{Certificate, Claim};
use crate::optimize::objective::{Constraints, Objective, largest};

/// One bound of a constraint or variable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    index: usize,
    sign: f64,
    bound: f64,
}

/// Objective and constraints, with what each may be.
pub struct Problem<'a, O, C> {
    /// What is minimised.
    pub objective: &'a mut O,
    /// What is kept between bounds.
    pub constraints: &'a mut C,
    lower: Vec<f64>,
    upper: Vec<f64>,
    /// The finite bounds: equalities first.
    pub rows: Vec<Row>,
    /// How many of the rows are equalities.
    pub equalities: usize,
}

/// A point, with all that is known there.
#[derive(Clone, Debug)]
pub struct Place {
    /// The point itself.
    pub x: Vec<f64>,
    /// The objective.
    pub value: f64,
    /// Its gradient.
    pub gradient: Vec<f64>,
    /// The constraints, then the variables.
    pub values: Vec<f64>,
    /// Their gradients, one row each.
    pub jacobian: Vec<f64>,
}

impl Place {
    /// Whether all of it is a finite number.
    pub fn is_finite(&self) -> bool {
        let size = largest(&self.gradient) + largest(&self.values) + largest(&self.jacobian);
        self.value.is_finite() && size.is_finite()
    }

    /// The gradient of the Lagrangian f − Σ λᵢ cᵢ.
    pub fn lagrangian(&self, multipliers: &[f64]) -> Vec<f64> {
        let mut gradient = self.gradient.clone();
        for (row, multiplier) in self.jacobian.chunks_exact(self.x.len().max(1)).zip(multipliers) {
            gradient.iter_mut().zip(row).for_each(|(g, a)| *g -= multiplier * a);
        }
        gradient
    }

    /// The certificate of this point.
    pub fn certify(
        &self,
        (lower, upper): (&[f64], &[f64]),
        multipliers: &[f64],
        tolerance: f64,
        at_noise_level: bool,
    ) -> Certificate {
        Claim {
            value: self.value,
            gradient: &self.gradient,
            values: &self.values,
            jacobian: &self.jacobian,
            lower,
            upper,
            multipliers,
        }
        .certify(tolerance, at_noise_level)
    }
}

impl<'a, O: Objective, C: Constraints<O::Error>> Problem<'a, O, C> {
    /// A problem whose constraints, then variables, lie between `lower` and `upper`.
    pub fn new(objective: &'a mut O, constraints: &'a mut C, lower: Vec<f64>, upper: Vec<f64>) -> Self {
        let mut rows = Vec::new();
        let both = || lower.iter().zip(&upper).enumerate();
        for (index, (&bound, _)) in both().filter(|(_, (low, high))| low == high) {
            rows.push(Row { index, sign: 1.0, bound });
        }
        let equalities = rows.len();
        for (index, (&low, &high)) in both().filter(|(_, (low, high))| low != high) {
            if low.is_finite() {
                rows.push(Row { index, sign: 1.0, bound: low });
            }
            if high.is_finite() {
                rows.push(Row { index, sign: -1.0, bound: high });
            }
        }
        Self { objective, constraints, lower, upper, rows, equalities }
    }

    /// The bounds of constraints, then variables.
    pub fn bounds(&self) -> (&[f64], &[f64]) {
        (&self.lower, &self.upper)
    }

    /// Moves `x` into the bounds of the variables.
    pub fn clip(&self, x: &mut [f64]) {
        let m = self.constraints.count();
        for ((x, low), high) in x.iter_mut().zip(&self.lower[m..]).zip(&self.upper[m..]) {
            *x = x.max(*low).min(*high);
        }
    }

    /// Writes objective and constraints at `place.x`, without derivatives.
    ///
    /// # Errors
    ///
    /// The functions' own.
    pub fn evaluate(&mut self, place: &mut Place) -> Result<(), O::Error> {
        let m = self.constraints.count();
        place.value = self.objective.value(&place.x)?;
        self.constraints.values(&place.x, &mut place.values[..m])?;
        place.values[m..].copy_from_slice(&place.x);
        Ok(())
    }

    /// Writes the derivatives at `place.x`.
    ///
    /// # Errors
    ///
    /// The functions' own.
    pub fn differentiate(&mut self, place: &mut Place) -> Result<(), O::Error> {
        let length = self.constraints.count() * place.x.len();
        self.objective.gradient(&place.x, &mut place.gradient)?;
        self.constraints.jacobian(&place.x, &mut place.jacobian[..length])
    }

    /// All that is known at `x`.
    ///
    /// # Errors
    ///
    /// The functions' own.
    pub fn place(&mut self, x: Vec<f64>) -> Result<Place, O::Error> {
        let (m, n) = (self.constraints.count(), x.len());
        let mut jacobian = vec![0.0; (m + n) * n];
        (0..n).for_each(|j| jacobian[(m + j) * n + j] = 1.0);
        let mut place = Place { value: 0.0, gradient: vec![0.0; n], values: vec![0.0; m + n], jacobian, x };
        self.evaluate(&mut place)?;
        self.differentiate(&mut place)?;
        Ok(place)
    }

    /// How far each row is from its bound; negative where it is violated.
    pub fn slacks(&self, place: &Place) -> Vec<f64> {
        self.rows.iter().map(|row| row.sign * (place.values[row.index] - row.bound)).collect()
    }

    /// By how much each row is violated.
    pub fn violations(&self, place: &Place) -> Vec<f64> {
        let violation = |(k, slack): (usize, f64)| {
            if k < self.equalities || slack < 0.0 { slack.abs() } else { 0.0 * slack } // NaN stays
        };
        self.slacks(place).into_iter().enumerate().map(violation).collect()
    }

    /// The gradients of the rows, one after the other.
    pub fn gradients(&self, place: &Place) -> Vec<f64> {
        let n = place.x.len();
        let mut gradients = Vec::with_capacity(self.rows.len() * n);
        for row in &self.rows {
            let gradient = &place.jacobian[row.index * n..(row.index + 1) * n];
            gradients.extend(gradient.iter().map(|a| row.sign * a));
        }
        gradients
    }

    /// The multipliers of constraints and variables, from those of the rows.
    pub fn gather(&self, of_rows: &[f64]) -> Vec<f64> {
        let mut multipliers = vec![0.0; self.lower.len()];
        self.rows.iter().zip(of_rows).for_each(|(row, u)| multipliers[row.index] += row.sign * u);
        multipliers
    }

    /// The exact penalty function f + Σ wₖ |violation of row k|.
    pub fn merit(&self, place: &Place, weights: &[f64]) -> f64 {
        let penalty: f64 = self.violations(place).iter().zip(weights).map(|(v, w)| v * w).sum();
        place.value + penalty
    }
}
