//! Momentum: the gradients of the past are carried on, each step with a smaller share.
//!
//! Polyak (1964), Some methods of speeding up the convergence of iteration methods: the heavy
//! ball.

use crate::optimize::minimize::{Direction, Point};

/// The heavy ball: v ← momentum · v + gradient, and the direction is −v.
#[derive(Clone, Debug)]
pub struct Momentum {
    momentum: f64,
    velocity: Vec<f64>,
}

impl Momentum {
    /// Keeps the share `momentum` of the velocity, from 0 (gradient descent) to below 1.
    pub fn new(momentum: f64) -> Self {
        Self { momentum, velocity: Vec::new() }
    }
}

impl Direction for Momentum {
    #[inline]
    fn direction(&mut self, here: &Point, away: &mut [f64]) {
        self.velocity.resize(away.len(), 0.0);
        let gradient = &here.gradient[..away.len()];
        for (i, velocity) in self.velocity.iter_mut().enumerate() {
            *velocity = self.momentum * *velocity + gradient[i];
            away[i] = -*velocity;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_velocity_is_the_sum_of_shrinking_gradients() {
        let mut momentum = Momentum::new(0.5);
        let mut away = [0.0; 2];
        for gradient in [[4.0, 0.0], [2.0, 1.0], [0.0, -1.0]] {
            momentum
                .direction(&Point { x: vec![0.0; 2], value: 0.0, gradient: gradient.to_vec() }, &mut away);
        }
        assert_eq!(away, [-(4.0 / 4.0 + 2.0 / 2.0), -(1.0 / 2.0 - 1.0)]);
    }
}
