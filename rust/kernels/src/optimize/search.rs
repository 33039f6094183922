//! How far to go along a direction.

use crate::optimize::minimize::{Point, slope, step};
use crate::optimize::objective::{Objective, inner};

/// The share of the decrease promised by the slope that a step must bring.
const DECREASE: f64 = 1e-4;
/// The share of the slope that may be left after a step: what quasi-Newton methods want.
const CURVATURE: f64 = 0.9;
/// Trials along one direction.
const TRIALS: usize = 40;

/// A rule for the length of a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Search {
    /// Always this length.
    Fixed(f64),
    /// Halved until the objective decreases enough (Armijo 1966); starts from twice the last.
    Armijo(f64),
    /// Until it decreases enough and the slope has levelled off (strong Wolfe conditions).
    Wolfe,
}

impl Search {
    /// Goes from `here` along `away`: writes the point reached into `next`, or returns false
    /// where no step meets the rule.
    ///
    /// # Errors
    ///
    /// The objective's own.
    #[inline]
    pub fn step<O: Objective>(
        &mut self,
        objective: &mut O,
        here: &Point,
        away: &[f64],
        next: &mut Point,
    ) -> Result<bool, O::Error> {
        match self {
            Self::Fixed(length) => {
                step(here, *length, away, &mut next.x);
                next.value = objective.value_and_gradient(&next.x, &mut next.gradient)?;
                Ok(true)
            }
            Self::Armijo(length) => {
                let mut line = Line::new(objective, here, away, next);
                let found = line.backtrack(*length)?;
                *length = 2.0 * found.unwrap_or(*length);
                Ok(found.is_some())
            }
            Self::Wolfe => Line::new(objective, here, away, next).wolfe(),
        }
    }
}

/// The objective along a direction.
struct Line<'a, O> {
    objective: &'a mut O,
    here: &'a Point,
    away: &'a [f64],
    next: &'a mut Point,
    slope: f64,
}

/// The objective at some length: its value, and its slope where the value is small enough.
#[derive(Clone, Copy, Debug)]
struct Trial {
    length: f64,
    value: f64,
    slope: f64,
}

impl<'a, O: Objective> Line<'a, O> {
    fn new(objective: &'a mut O, here: &'a Point, away: &'a [f64], next: &'a mut Point) -> Self {
        Self { slope: slope(here, away), objective, here, away, next }
    }

    /// The largest value that a step of this length may have. The objective's rounding is
    /// granted, so that the last steps to a minimum are not refused for noise.
    fn ceiling(&self, length: f64) -> f64 {
        let rounding = 2.0 * f64::EPSILON * self.here.value.abs();
        self.here.value + DECREASE * length * self.slope + rounding
    }

    /// Goes `length`; the gradient is asked for only where the value is small enough.
    fn go(&mut self, length: f64) -> Result<Trial, O::Error> {
        step(self.here, length, self.away, &mut self.next.x);
        let next = &mut *self.next;
        let cheap = self.objective.gradient_is_cheap();
        next.value = if cheap {
            self.objective.value_and_gradient(&next.x, &mut next.gradient)?
        } else {
            self.objective.value(&next.x)?
        };
        let value = next.value;
        let low_enough = value <= self.ceiling(length);
        if low_enough && !cheap {
            self.objective.gradient(&self.next.x, &mut self.next.gradient)?;
        }
        let slope = if low_enough { inner(&self.next.gradient, self.away) } else { f64::NAN };
        Ok(Trial { length, value, slope })
    }

    /// Whether the value is NaN, or above what a step of this length may have.
    fn too_high(&self, trial: &Trial) -> bool {
        !(trial.value <= self.ceiling(trial.length))
    }

    /// Halves, or better where a parabola says so, until the value is low enough.
    fn backtrack(&mut self, mut length: f64) -> Result<Option<f64>, O::Error> {
        if !(self.slope < 0.0) {
            return Ok(None);
        }
        for _ in 0..TRIALS {
            let trial = self.go(length)?;
            if !self.too_high(&trial) {
                return Ok(Some(length));
            }
            length *= shrink(self.here.value, self.slope * length, trial.value);
        }
        Ok(None)
    }

    /// Nocedal & Wright, algorithms 3.5 and 3.6: a length is bracketed, then closed in on.
    fn wolfe(&mut self) -> Result<bool, O::Error> {
        if !(self.slope < 0.0) {
            return Ok(false);
        }
        let level = -CURVATURE * self.slope;
        let mut low = Trial { length: 0.0, value: self.here.value, slope: self.slope };
        let mut high: Option<Trial> = None;
        let mut length = 1.0;
        for _ in 0..TRIALS {
            let trial = self.go(length)?;
            if trial.value == f64::NEG_INFINITY {
                return Ok(true); // no minimum: the loop sees it
            }
            if self.too_high(&trial) || (trial.value > low.value && low.length > 0.0) {
                high = Some(trial);
            } else if trial.slope.abs() <= level {
                return Ok(true);
            } else {
                let uphill = trial.slope * (trial.length - low.length) >= 0.0;
                match high {
                    None if !uphill => {}
                    Some(high) if trial.slope * (high.length - trial.length) < 0.0 => {}
                    _ => high = Some(low),
                }
                low = trial;
            }
            length = match high {
                None => 4.0 * length,
                Some(high) => between(&low, &high),
            };
            if length == low.length {
                break;
            }
        }
        if high.is_none() {
            self.next.value = f64::NEG_INFINITY; // it fell all the way
            return Ok(true);
        }
        // Decrease alone must do where the slope cannot be had.
        if low.length > 0.0 {
            self.go(low.length)?;
        }
        Ok(low.length > 0.0)
    }
}

/// By how much to shorten a step: the minimum of the parabola through what is known of the
/// objective, kept between a tenth and a half. `slope` is that for the step's full length.
pub fn shrink(value: f64, slope: f64, trial: f64) -> f64 {
    let share = -slope / (2.0 * (trial - value - slope));
    // Also true of NaN, where the objective is not defined.
    if share > 0.1 {
        share.min(0.5)
    } else if share.is_finite() && trial.is_finite() {
        0.1
    } else {
        0.5
    }
}

/// A length between two trials: the minimum of the cubic or parabola through them, kept away
/// from both ends.
fn between(low: &Trial, high: &Trial) -> f64 {
    let width = high.length - low.length;
    let rise = high.value - low.value;
    let share = if high.slope.is_finite() && high.value.is_finite() {
        // Nocedal & Wright, equation 3.59, with the interval mapped to [0, 1].
        let (a, b) = (low.slope * width, high.slope * width);
        let one = a + b - 3.0 * rise;
        let two = (one * one - a * b).max(0.0).sqrt();
        1.0 - (b + two - one) / (b - a + 2.0 * two)
    } else {
        let slope = low.slope * width;
        -slope / (2.0 * (rise - slope))
    };
    low.length + width * if share.is_finite() { share.clamp(0.1, 0.9) } else { 0.1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimize::objective::tests::Plain;

    fn start<O: Objective>(objective: &mut O, x: &[f64]) -> Point {
        let mut gradient = vec![0.0; x.len()];
        let value = objective.value_and_gradient(x, &mut gradient).ok().unwrap();
        Point { x: x.to_vec(), value, gradient }
    }

    /// Functions of one variable that are awkward in various ways, with a start and a direction.
    fn awkward() -> Vec<(fn(f64) -> (f64, f64), f64, f64)> {
        vec![
            (|x| (x * x, 2.0 * x), 1.0, -2.0),
            (|x| (x * x, 2.0 * x), 1.0, -1e-6),
            (|x| (x * x, 2.0 * x), 1.0, -1e6),
            (|x| (x.powi(4) - x, 4.0 * x.powi(3) - 1.0), 0.0, 30.0),
            (|x| (x.exp() - 2.0 * x, x.exp() - 2.0), -3.0, 1e4),
            (|x| (-x / (x * x + 2.0), (x * x - 2.0) / (x * x + 2.0).powi(2)), 0.0, 0.01),
            (|x| ((1.0 - x).ln().mul_add(-0.1, -x), 0.1 / (1.0 - x) - 1.0), 0.0, 50.0),
        ]
    }

    #[test]
    fn a_step_meets_the_conditions_of_wolfe() {
        for (index, (function, x, away)) in awkward().into_iter().enumerate() {
            let mut objective = Plain::new(|x: &[f64], g: &mut [f64]| {
                let (value, slope) = function(x[0]);
                g[0] = slope;
                value
            });
            let here = start(&mut objective, &[x]);
            let mut next = here.clone();
            assert!(Search::Wolfe.step(&mut objective, &here, &[away], &mut next).unwrap(), "{index}");
            let length = (next.x[0] - x) / away;
            let before = here.gradient[0] * away;
            assert!(next.value <= here.value + DECREASE * length * before + 1e-15, "{index}");
            assert!((next.gradient[0] * away).abs() <= CURVATURE * before.abs(), "{index}: {next:?}");
            assert_eq!(function(next.x[0]), (next.value, next.gradient[0]));
        }
    }

    #[test]
    fn armijo_shortens_and_remembers() {
        let mut objective = Plain::new(|x: &[f64], g: &mut [f64]| {
            g[0] = 2.0 * x[0];
            x[0] * x[0]
        });
        let here = start(&mut objective, &[1.0]);
        let mut next = here.clone();
        let mut search = Search::Armijo(1e6);
        assert!(search.step(&mut objective, &here, &[-2.0], &mut next).unwrap());
        assert!(next.value < 1.0);
        assert!(matches!(search, Search::Armijo(length) if length < 4.0));
    }

    #[test]
    fn no_step_is_taken_uphill() {
        let mut objective = Plain::new(|x: &[f64], g: &mut [f64]| {
            g[0] = 1.0;
            x[0]
        });
        let here = start(&mut objective, &[0.0]);
        let mut next = here.clone();
        for mut search in [Search::Wolfe, Search::Armijo(1.0)] {
            assert!(!search.step(&mut objective, &here, &[1.0], &mut next).unwrap());
        }
    }
}
