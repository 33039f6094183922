//! Steepest descent: against the gradient (Cauchy 1847).

use crate::optimize::minimize::{Direction, Point};

/// Steepest descent; with fixed steps, gradient descent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Steepest;

impl Steepest {
    /// It has no options.
    pub fn new() -> Self {
        Self
    }
}

impl Direction for Steepest {
    #[inline]
    fn direction(&mut self, here: &Point, away: &mut [f64]) {
        let gradient = &here.gradient[..away.len()];
        for i in 0..away.len() {
            away[i] = -gradient[i];
        }
    }
}
