//! The loop that every method without constraints shares.

use crate::Control;
use crate::optimize::certificate::{Certificate, FALLEN, Status, lost_in_rounding};
use crate::optimize::objective::{Objective, inner, largest};
use crate::optimize::search::Search;

/// A point, with the objective's value and gradient there.
#[derive(Clone, Debug)]
pub struct Point {
    /// The point itself.
    pub x: Vec<f64>,
    /// The objective's value.
    pub value: f64,
    /// The objective's gradient.
    pub gradient: Vec<f64>,
}

/// Where a method goes next: the one thing in which methods differ, beside their [`Search`].
pub trait Direction {
    /// Writes the direction from `here` into `away`.
    fn direction(&mut self, here: &Point, away: &mut [f64]);

    /// Learns from the step from `before` to `here`.
    fn learn(&mut self, _before: &Point, _here: &Point) {}

    /// Forgets what was learnt, after a step failed; false where there was nothing to forget.
    fn restart(&mut self) -> bool {
        false
    }

    /// The estimate of the inverse Hessian, n by n, where there is one.
    fn inverse_hessian(&self) -> Option<&[f64]> {
        None
    }
}

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub struct Stop {
    /// The gradient's largest component that is taken for zero; where all gradients that were
    /// met are below 1, in proportion less. Zero asks for all iterations.
    pub tolerance: f64,
    /// The iterations allowed.
    pub max_iterations: usize,
    /// The evaluations of the objective allowed.
    pub max_evaluations: usize,
}

impl Stop {
    /// The limit that is reached, if one is.
    #[inline]
    pub fn limit(&self, iterations: usize, evaluations: impl FnOnce() -> usize) -> Option<Status> {
        if iterations >= self.max_iterations {
            return Some(Status::IterationLimit);
        }
        let limited = self.max_evaluations < usize::MAX;
        (limited && evaluations() >= self.max_evaluations).then_some(Status::EvaluationLimit)
    }
}

/// Who looks on: asked after each iteration whether to go on.
pub trait Watch<E> {
    /// Sees the point after `iteration` steps; false calls the method off.
    ///
    /// # Errors
    ///
    /// The watcher's own.
    fn see(&mut self, iteration: usize, x: &[f64], value: f64) -> Result<bool, E>;
}

/// No one.
impl<E> Watch<E> for () {
    #[inline(always)]
    fn see(&mut self, _: usize, _: &[f64], _: f64) -> Result<bool, E> {
        Ok(true)
    }
}

/// Every point and value that was passed, the start included.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The points, one after the other.
    pub points: Vec<f64>,
    /// Their values.
    pub values: Vec<f64>,
}

impl<E> Watch<E> for History {
    fn see(&mut self, _: usize, x: &[f64], value: f64) -> Result<bool, E> {
        self.points.extend_from_slice(x);
        self.values.push(value);
        Ok(true)
    }
}

/// What a method found.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The last point, with the objective's value and gradient.
    pub point: Point,
    /// Steps taken.
    pub iterations: usize,
    /// Why it stopped; [`Status::Converged`] if and only if the certificate holds.
    pub status: Status,
    /// How nearly the point is a minimum.
    pub certificate: Certificate,
    /// The estimate of the inverse Hessian, where the method has one.
    pub inverse_hessian: Option<Vec<f64>>,
    /// The multipliers of the constraints, and after them those of the bounds.
    pub multipliers: Vec<f64>,
}

/// How many iterations pass between two looks at the clock.
const CLOCK: usize = 64;

/// Minimises `objective` from `x`.
///
/// A method is a direction and a search: steepest descent with fixed steps is gradient descent,
/// BFGS with Wolfe's conditions is BFGS.
///
/// # Errors
///
/// The objective's and the watcher's own, and [`crate::Error::Stopped`].
pub fn minimize<O: Objective>(
    objective: &mut O,
    x: Vec<f64>,
    direction: &mut impl Direction,
    mut search: Search,
    stop: &Stop,
    watch: &mut impl Watch<O::Error>,
    control: &Control,
) -> Result<Outcome, O::Error> {
    let n = x.len();
    let mut here = Point { x, value: 0.0, gradient: vec![0.0; n] };
    here.value = objective.value_and_gradient(&here.x, &mut here.gradient)?;
    let (mut next, mut away) = (here.clone(), vec![0.0; n]);
    let (mut iterations, mut next_look, mut steepest, mut lost) = (0, 0, 0.0_f64, false);

    let searches = !matches!(search, Search::Fixed(_));
    let status = loop {
        control.go_on()?;
        let residual = largest(&here.gradient);
        if !(residual.is_finite() && here.value.is_finite()) {
            break if iterations == 0 { Status::NotFinite } else { Status::Diverged };
        }
        steepest = steepest.max(residual);
        if !watch.see(iterations, &here.x, here.value)? {
            break Status::CalledOff;
        }
        if residual <= stop.tolerance * steepest.min(1.0) && stop.tolerance > 0.0 {
            break Status::Converged;
        }
        if let Some(limit) = stop.limit(iterations, || objective.calls().values) {
            break limit;
        }
        if iterations >= next_look {
            if control.expired() {
                break Status::Deadline;
            }
            let pause = if objective.gradient_is_cheap() { CLOCK } else { 1 };
            next_look = iterations + pause;
            control.advance(pause);
        }

        direction.direction(&here, &mut away);
        let noise = objective.noise();
        // Differences are never so exact that the search itself would notice.
        let inexact = searches && noise > f64::EPSILON;
        let moved = !(inexact && is_lost(&here, &away, steepest, noise))
            && search.step(objective, &here, &away, &mut next)?;
        if !moved {
            lost = is_lost(&here, &away, steepest, noise);
            if lost || !direction.restart() {
                break Status::Stalled;
            }
            continue;
        }
        direction.learn(&here, &next);
        std::mem::swap(&mut here, &mut next);
        iterations += 1;
    };
    // A step into what is not finite is taken back: the point before it is the better answer.
    if status == Status::Diverged {
        std::mem::swap(&mut here, &mut next);
    }
    let certificate =
        Certificate::unconstrained(here.value, &here.gradient, stop.tolerance * steepest.min(1.0), lost);
    Ok(Outcome {
        status: verdict(status, &certificate),
        certificate,
        iterations,
        inverse_hessian: direction.inverse_hessian().map(<[f64]>::to_vec),
        multipliers: Vec::new(),
        point: here,
    })
}

/// Whether what is left of the gradient, which once was as large as `steepest`, is noise.
fn is_lost(here: &Point, away: &[f64], steepest: f64, noise: f64) -> bool {
    largest(&here.gradient) <= FALLEN * steepest
        && lost_in_rounding(here.value, &here.x, &here.gradient, away, noise)
}

/// The status that goes with the certificate: whatever made a method stop, a minimum is one.
pub fn verdict(status: Status, certificate: &Certificate) -> Status {
    match (status, certificate.holds()) {
        (Status::CalledOff, _) => Status::CalledOff,
        (_, true) => Status::Converged,
        (Status::Converged, false) => Status::Stalled,
        (status, false) => status,
    }
}

/// The slope of the objective along `away`.
pub fn slope(here: &Point, away: &[f64]) -> f64 {
    inner(&here.gradient, away)
}

/// Writes `here` plus `length` times `away`.
#[inline]
pub fn step(here: &Point, length: f64, away: &[f64], x: &mut [f64]) {
    let n = x.len();
    let (here, away) = (&here.x[..n], &away[..n]);
    for i in 0..n {
        x[i] = here[i] + length * away[i];
    }
}
