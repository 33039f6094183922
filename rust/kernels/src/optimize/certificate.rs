//! The certificate of an answer: how nearly it meets the Karush–Kuhn–Tucker conditions.
//!
//! With L = f − Σ λᵢ cᵢ, a minimum has ∇L = 0, constraints that hold, λᵢ ≥ 0 where cᵢ stands at
//! its lower bound, λᵢ ≤ 0 at its upper one, and λᵢ = 0 between them (Nocedal & Wright, theorem
//! 12.1). `success` is computed from here, whatever made a method stop.

use crate::optimize::objective::{inner, largest};

/// Why a method stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The certificate holds.
    Converged,
    /// The iterations that were allowed are done.
    IterationLimit,
    /// The evaluations that were allowed are done.
    EvaluationLimit,
    /// No step made the objective smaller, and the certificate does not hold.
    Stalled,
    /// The constraints contradict each other, as far as the search around here could see.
    Infeasible,
    /// The objective or a constraint is not a finite number at the starting point.
    NotFinite,
    /// The steps ran away: the learning rate is too large, or there is no minimum.
    Diverged,
    /// The time was up.
    Deadline,
    /// The caller's callback asked to stop.
    CalledOff,
}

impl Status {
    /// Its name at the border.
    pub fn name(self) -> &'static str {
        match self {
            Self::Converged => "converged",
            Self::IterationLimit => "iteration limit",
            Self::EvaluationLimit => "evaluation limit",
            Self::Stalled => "stalled",
            Self::Infeasible => "infeasible",
            Self::NotFinite => "not finite",
            Self::Diverged => "diverged",
            Self::Deadline => "deadline",
            Self::CalledOff => "called off",
        }
    }
}

/// How nearly a point is a minimum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Certificate {
    /// The largest component of ∇L, over the largest term it is the sum of (at least 1).
    pub stationarity: f64,
    /// The largest violation of a constraint, over the size of its gradient (at least 1).
    pub feasibility: f64,
    /// The largest |λᵢ| times the distance of cᵢ from its bound, over the size of the objective
    /// (at least 1).
    pub complementarity: f64,
    /// The largest multiplier of the wrong sign, over the largest multiplier (at least 1).
    pub wrong_sign: f64,
    /// What each of them must not exceed.
    pub tolerance: f64,
    /// Whether the objective's own rounding hides all that could still be gained, so that
    /// stationarity cannot be had more exactly.
    pub at_noise_level: bool,
}

impl Certificate {
    /// The certificate of a point without constraints.
    pub fn unconstrained(value: f64, gradient: &[f64], tolerance: f64, at_noise_level: bool) -> Self {
        Self {
            stationarity: largest(gradient) + 0.0 * value, // NaN certifies nothing
            feasibility: 0.0,
            complementarity: 0.0,
            wrong_sign: 0.0,
            tolerance,
            at_noise_level,
        }
    }

    /// Whether the point is a minimum, to first order and within the tolerance.
    pub fn holds(&self) -> bool {
        let stationary = self.stationarity <= self.tolerance || self.at_noise_level;
        let others = [self.feasibility, self.complementarity, self.wrong_sign];
        stationary
            && self.stationarity.is_finite()
            && others.iter().all(|&residual| residual <= self.tolerance)
    }
}

/// A constrained point: its objective, and constraints with their bounds and multipliers.
pub struct Claim<'a> {
    /// f.
    pub value: f64,
    /// ∇f.
    pub gradient: &'a [f64],
    /// The cᵢ.
    pub values: &'a [f64],
    /// Their gradients, one row each.
    pub jacobian: &'a [f64],
    /// The least that each may be.
    pub lower: &'a [f64],
    /// The most that each may be.
    pub upper: &'a [f64],
    /// The λᵢ.
    pub multipliers: &'a [f64],
}

impl Claim<'_> {
    /// How nearly it is true.
    pub fn certify(&self, tolerance: f64, at_noise_level: bool) -> Certificate {
        let n = self.gradient.len();
        let mut lagrangian = self.gradient.to_vec();
        let (mut term, mut feasibility): (f64, f64) = (1.0, 0.0);
        let (mut complementarity, mut wrong_sign): (f64, f64) = (0.0, 0.0);
        for (i, row) in self.jacobian.chunks_exact(n.max(1)).enumerate() {
            let (multiplier, size) = (self.multipliers[i], largest(row));
            lagrangian.iter_mut().zip(row).for_each(|(l, a)| *l -= multiplier * a);
            term = term.max(multiplier.abs() * size);
            let value = self.values[i];
            // NaN stays what it is.
            let violation = value - value.max(self.lower[i]).min(self.upper[i]) + 0.0 * value;
            feasibility = largest(&[feasibility, violation.abs() / size.max(1.0)]);
            let bound = if multiplier > 0.0 { self.lower[i] } else { self.upper[i] };
            if bound.is_infinite() {
                wrong_sign = wrong_sign.max(multiplier.abs());
            } else {
                complementarity = complementarity.max((multiplier * (self.values[i] - bound)).abs());
            }
        }
        Certificate {
            stationarity: largest(&lagrangian) / term + 0.0 * self.value,
            feasibility,
            complementarity: complementarity / self.value.abs().max(1.0),
            wrong_sign: wrong_sign / largest(self.multipliers).max(1.0),
            tolerance,
            at_noise_level,
        }
    }
}

/// By how much the gradient must have fallen before its rest may be taken for noise: at a kink
/// steps become small too, but not the gradient.
pub const FALLEN: f64 = 1e-3;

/// Whether a step along `away`, to the minimum of the model, is lost in rounding: it would
/// lower the objective, or move the point, by less than `noise` of their size.
pub fn lost_in_rounding(value: f64, x: &[f64], gradient: &[f64], away: &[f64], noise: f64) -> bool {
    let gain = -inner(gradient, away) / 2.0;
    let small = gain <= noise * value.abs();
    small || away.iter().zip(x).all(|(d, x)| d.abs() <= 8.0 * noise * x.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// min x² + y² with x + y = 1: the tutorial's example, whose multiplier is +1.
    fn claim<'a>(
        gradient: &'a [f64],
        values: &'a [f64],
        multipliers: &'a [f64],
        upper: &'a [f64],
    ) -> Claim<'a> {
        Claim { value: 0.5, gradient, values, jacobian: &[1.0, 1.0], lower: &[0.0], upper, multipliers }
    }

    #[test]
    fn the_certificate_holds_at_the_minimum_and_nowhere_else() {
        assert!(claim(&[1.0, 1.0], &[0.0], &[1.0], &[0.0]).certify(1e-8, false).holds());
        assert!(!claim(&[1.2, 0.8], &[0.0], &[1.0], &[0.0]).certify(1e-8, false).holds());
        assert!(!claim(&[1.0, 1.0], &[1e-3], &[1.0], &[0.0]).certify(1e-8, true).holds());
    }

    #[test]
    fn an_inequality_needs_the_right_sign_and_complementarity() {
        let none = [f64::INFINITY];
        assert!(claim(&[1.0, 1.0], &[0.0], &[1.0], &none).certify(1e-8, false).holds());
        let wrong = claim(&[-1.0, -1.0], &[0.0], &[-1.0], &none).certify(1e-8, false);
        assert_eq!((wrong.stationarity, wrong.wrong_sign), (0.0, 1.0));
        let slack = claim(&[1.0, 1.0], &[0.5], &[1.0], &none).certify(1e-8, false);
        assert_eq!((slack.feasibility, slack.complementarity), (0.0, 0.5));
    }

    #[test]
    fn nan_certifies_nothing() {
        assert!(!Certificate::unconstrained(f64::NAN, &[0.0], 1e-8, true).holds());
        assert!(!Certificate::unconstrained(0.0, &[f64::NAN], 1e-8, true).holds());
        assert!(!claim(&[1.0, f64::NAN], &[0.0], &[1.0], &[0.0]).certify(1e-8, true).holds());
        assert!(!claim(&[1.0, 1.0], &[f64::NAN], &[1.0], &[0.0]).certify(1e-8, true).holds());
    }
}
