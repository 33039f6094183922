//! Sequential quadratic programming: each step minimises a quadratic model of the Lagrangian
//! under linearised constraints.
//!
//! Powell (1978), A fast algorithm for nonlinearly constrained optimization calculations: damped
//! BFGS for the Lagrangian's Hessian, and the exact penalty function with his weights as merit;
//! with the second-order correction of Nocedal & Wright, section 18.3. Where the linearised
//! constraints contradict each other, a Gauss–Newton step reduces their violation instead.

use crate::Control;
use crate::optimize::certificate::{Certificate, FALLEN, Status, lost_in_rounding};
use crate::optimize::merit::{Place, Problem};
use crate::optimize::minimize::{Outcome, Point, Stop, Watch, verdict};
use crate::optimize::objective::{Constraints, Objective, inner, largest};
use crate::optimize::quadratic::{self, Answer};
use crate::optimize::search::shrink;

/// The share of the decrease promised by the model that a step must bring.
const DECREASE: f64 = 1e-4;
/// Trials along one direction.
const TRIALS: usize = 30;
/// How often, and about how far, a point is left where linearised constraints contradict.
const SHAKES: usize = 2;
const ASIDE: f64 = 1e-2;
/// Powell's damping.
const DAMPING: f64 = 0.2;

/// Minimises `objective` from `x`, with the constraints, and after them the variables, kept
/// between `lower` and `upper`.
///
/// Variables never leave their bounds: the start is moved into them first.
///
/// # Errors
///
/// The functions' and the watcher's own, and [`crate::Error::Stopped`].
pub fn minimize<O: Objective, C: Constraints<O::Error>>(
    objective: &mut O,
    constraints: &mut C,
    (lower, upper): (Vec<f64>, Vec<f64>),
    mut x: Vec<f64>,
    stop: &Stop,
    watch: &mut impl Watch<O::Error>,
    control: &Control,
) -> Result<Outcome, O::Error> {
    let mut problem = Problem::new(objective, constraints, lower, upper);
    problem.clip(&mut x);
    let here = problem.place(x)?;
    let mut sqp = Sqp {
        model: identity(here.x.len()),
        fresh: true,
        weights: vec![0.0; problem.rows.len()],
        multipliers: vec![0.0; here.values.len()],
        lost: false,
        steepest: 0.0,
        shaken: 0,
        here,
        problem,
    };
    let mut iterations = 0;
    let status = loop {
        control.go_on()?;
        if !sqp.here.is_finite() {
            break if iterations == 0 { Status::NotFinite } else { Status::Diverged };
        }
        if !watch.see(iterations, &sqp.here.x, sqp.here.value)? {
            break Status::CalledOff;
        }
        let step = sqp.model_step();
        if sqp.certificate(stop.tolerance).holds() {
            break Status::Converged;
        }
        if let Some(limit) = stop.limit(iterations, || sqp.problem.objective.calls().values) {
            break limit;
        }
        if control.expired() {
            break Status::Deadline;
        }
        let moved = match step {
            Some((d, u)) => sqp.advance(&d, &u)?,
            None => {
                if !sqp.restore(stop.tolerance)? && !sqp.shake()? {
                    break Status::Infeasible;
                }
                true
            }
        };
        if moved {
            iterations += 1;
            control.advance(1);
        } else if !sqp.restart() {
            break Status::Stalled;
        }
    };
    Ok(sqp.outcome(status, iterations, stop.tolerance))
}

struct Sqp<'a, O, C> {
    problem: Problem<'a, O, C>,
    here: Place,
    /// The estimate of the Lagrangian's Hessian.
    model: Vec<f64>,
    /// Whether the model holds nothing learnt.
    fresh: bool,
    /// Of the rows, in the merit.
    weights: Vec<f64>,
    multipliers: Vec<f64>,
    /// Whether the step from here is lost in rounding.
    lost: bool,
    /// The largest component that the Lagrangian's gradient had.
    steepest: f64,
    shaken: usize,
}

impl<O: Objective, C: Constraints<O::Error>> Sqp<'_, O, C> {
    /// The step to the model's minimum with the multipliers of the rows, where there is one.
    fn model_step(&mut self) -> Option<(Vec<f64>, Vec<f64>)> {
        let bounds: Vec<f64> = self.problem.slacks(&self.here).iter().map(|slack| -slack).collect();
        let answer = self.solve(&bounds);
        self.lost = false;
        if let Some((d, u)) = &answer {
            self.multipliers = self.problem.gather(u);
            let lagrangian = self.here.lagrangian(&self.multipliers);
            let (noise, residual) = (self.problem.objective.noise(), largest(&lagrangian));
            self.steepest = self.steepest.max(largest(&self.here.gradient)).max(residual);
            self.lost = residual <= FALLEN * self.steepest
                && lost_in_rounding(self.here.value, &self.here.x, &lagrangian, d, noise);
        }
        answer
    }

    /// Minimises the model where the rows' linear parts reach `bounds`.
    fn solve(&mut self, bounds: &[f64]) -> Option<(Vec<f64>, Vec<f64>)> {
        let rows = self.problem.gradients(&self.here);
        let mut program = quadratic::Program {
            hessian: &self.model,
            gradient: &self.here.gradient,
            rows: &rows,
            bounds,
            equalities: self.problem.equalities,
        };
        let plain = identity(self.here.x.len());
        let mut answer = quadratic::solve(&program);
        if answer == Answer::NotConvex {
            program.hessian = &plain;
            answer = quadratic::solve(&program);
        }
        match answer {
            Answer::Minimum(d, u) => Some((d, u)),
            Answer::Infeasible | Answer::NotConvex => None,
        }
    }

    fn certificate(&self, tolerance: f64) -> Certificate {
        self.here.certify(self.problem.bounds(), &self.multipliers, tolerance, self.lost)
    }

    /// Goes along `d` until the merit decreases enough; false where it does not.
    fn advance(&mut self, d: &[f64], u: &[f64]) -> Result<bool, O::Error> {
        for (weight, u) in self.weights.iter_mut().zip(u) {
            *weight = u.abs().max((*weight + u.abs()) / 2.0);
        }
        let violations = self.problem.violations(&self.here);
        let slope = inner(&self.here.gradient, d) - inner(&violations, &self.weights);
        if !(slope < 0.0) {
            return Ok(false);
        }
        let before = self.problem.merit(&self.here, &self.weights);
        let rounding = 4.0 * f64::EPSILON * before.abs();
        let mut next = self.here.clone();
        let mut length = 1.0;
        for trial in 0..TRIALS {
            let merit = self.go(d, length, &mut next)?;
            let ceiling = before + DECREASE * length * slope + rounding;
            if merit <= ceiling || (trial == 0 && self.correct(d, &mut next)? <= ceiling) {
                self.problem.differentiate(&mut next)?;
                self.learn(next);
                return Ok(true);
            }
            length *= shrink(before, slope * length, merit);
        }
        Ok(false)
    }

    /// Evaluates at `length` along `d`; returns the merit there.
    fn go(&mut self, d: &[f64], length: f64, next: &mut Place) -> Result<f64, O::Error> {
        for ((x, here), d) in next.x.iter_mut().zip(&self.here.x).zip(d) {
            *x = here + length * d;
        }
        self.problem.clip(&mut next.x);
        self.problem.evaluate(next)?;
        Ok(self.problem.merit(next, &self.weights))
    }

    /// Corrects the full step `d`, which led to `next`, for the curvature of the constraints;
    /// without that the exact penalty may refuse the best of steps (Maratos 1978).
    fn correct(&mut self, d: &[f64], next: &mut Place) -> Result<f64, O::Error> {
        let gradients = self.problem.gradients(&self.here);
        let rows = gradients.chunks_exact(d.len().max(1));
        let slacks = self.problem.slacks(next);
        let bounds: Vec<f64> = rows.zip(slacks).map(|(row, slack)| inner(row, d) - slack).collect();
        if !bounds.iter().all(|bound| bound.is_finite()) {
            return Ok(f64::INFINITY);
        }
        match self.solve(&bounds) {
            Some((d, _)) => self.go(&d, 1.0, next),
            None => Ok(f64::INFINITY),
        }
    }

    /// Moves to `next`, and learns from the change of the Lagrangian's gradient: damped BFGS,
    /// Nocedal & Wright, procedure 18.2.
    fn learn(&mut self, next: Place) {
        let n = next.x.len();
        let s: Vec<f64> = next.x.iter().zip(&self.here.x).map(|(a, b)| a - b).collect();
        let (after, before) = (next.lagrangian(&self.multipliers), self.here.lagrangian(&self.multipliers));
        let mut y: Vec<f64> = after.iter().zip(&before).map(|(a, b)| a - b).collect();
        self.here = next;
        let curvature = inner(&s, &y);
        if self.fresh && curvature > 0.0 && curvature.is_finite() {
            let scale = inner(&y, &y) / curvature;
            self.model = identity(n).iter().map(|entry| scale * entry).collect();
        }
        let image: Vec<f64> = self.model.chunks_exact(n.max(1)).map(|row| inner(row, &s)).collect();
        let own = inner(&s, &image);
        if !(own > 0.0) || !curvature.is_finite() {
            return;
        }
        self.fresh = false;
        if curvature < DAMPING * own {
            let share = (1.0 - DAMPING) * own / (own - curvature);
            y.iter_mut().zip(&image).for_each(|(y, image)| *y = share * *y + (1.0 - share) * image);
        }
        let curvature = inner(&s, &y);
        for (i, row) in self.model.chunks_exact_mut(n.max(1)).enumerate() {
            for (j, entry) in row.iter_mut().enumerate() {
                *entry += y[i] * y[j] / curvature - image[i] * image[j] / own;
            }
        }
    }

    /// Reduces the violation of the rows, where they contradict each other to first order.
    /// False where no step does that.
    fn restore(&mut self, tolerance: f64) -> Result<bool, O::Error> {
        let n = self.here.x.len();
        let violations = self.problem.violations(&self.here);
        let d = self.towards_feasible();
        let far = largest(&self.here.x).max(1.0);
        if largest(&d) <= tolerance.max(1e-12) * far {
            return Ok(false);
        }
        let before = inner(&violations, &violations) / 2.0;
        let mut next = self.here.clone();
        let mut length = 1.0;
        for _ in 0..TRIALS {
            self.go(&d, length, &mut next)?;
            let left = self.problem.violations(&next);
            if inner(&left, &left) / 2.0 < before * (1.0 - DECREASE * length) && next.value.is_finite() {
                self.problem.differentiate(&mut next)?;
                self.here = next;
                (self.model, self.fresh) = (identity(n), true);
                return Ok(true);
            }
            length /= 4.0;
        }
        Ok(false)
    }

    /// Moves a little aside, from where the violation may be at a maximum or saddle; false where
    /// that was tried often enough.
    fn shake(&mut self) -> Result<bool, O::Error> {
        if self.shaken == SHAKES {
            return Ok(false);
        }
        self.shaken += 1;
        let mut x = self.here.x.clone();
        for (j, x) in x.iter_mut().enumerate() {
            let side = if (j + self.shaken).is_multiple_of(2) { -1.0 } else { 1.0 };
            *x += side * ASIDE * x.abs().max(1.0) * (1.0 + j as f64 / 8.0);
        }
        self.problem.clip(&mut x);
        let aside = self.problem.place(x)?;
        let finite = aside.is_finite();
        if finite {
            self.here = aside;
        }
        Ok(finite)
    }

    /// The Gauss–Newton step for the violated rows, in which the others stay as they should be.
    fn towards_feasible(&mut self) -> Vec<f64> {
        let n = self.here.x.len();
        let (gradients, slacks) = (self.problem.gradients(&self.here), self.problem.slacks(&self.here));
        let (mut hessian, mut gradient) = (identity(n), vec![0.0; n]);
        let (mut rows, mut bounds) = (Vec::new(), Vec::new());
        let small = 1e-10 * largest(&gradients).powi(2).max(f64::MIN_POSITIVE);
        hessian.iter_mut().for_each(|entry| *entry *= small);
        for (k, (row, &slack)) in gradients.chunks_exact(n.max(1)).zip(&slacks).enumerate() {
            if k >= self.problem.equalities && slack >= 0.0 {
                rows.extend_from_slice(row);
                bounds.push(-slack);
                continue;
            }
            for i in 0..n {
                gradient[i] += slack * row[i];
                (0..n).for_each(|j| hessian[i * n + j] += row[i] * row[j]);
            }
        }
        let (hessian, gradient, rows, bounds) = (&hessian, &gradient, &rows, &bounds);
        match quadratic::solve(&quadratic::Program { hessian, gradient, rows, bounds, equalities: 0 }) {
            Answer::Minimum(d, _) => d,
            Answer::Infeasible | Answer::NotConvex => vec![0.0; n],
        }
    }

    /// Forgets the model; false where there was nothing to forget, or nothing can be gained.
    fn restart(&mut self) -> bool {
        let learnt = !self.fresh && !self.lost;
        (self.model, self.fresh) = (identity(self.here.x.len()), true);
        learnt
    }

    fn outcome(self, status: Status, iterations: usize, tolerance: f64) -> Outcome {
        let certificate = self.certificate(tolerance);
        Outcome {
            status: verdict(status, &certificate),
            certificate,
            iterations,
            inverse_hessian: None,
            multipliers: self.multipliers,
            point: Point { x: self.here.x, value: self.here.value, gradient: self.here.gradient },
        }
    }
}

fn identity(n: usize) -> Vec<f64> {
    let mut matrix = vec![0.0; n * n];
    (0..n).for_each(|i| matrix[i * n + i] = 1.0);
    matrix
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::optimize::differences::Differences;
    use crate::optimize::objective::tests::Plain;

    const STOP: Stop = Stop { tolerance: 1e-8, max_iterations: 100, max_evaluations: usize::MAX };
    const NONE: f64 = f64::INFINITY;

    type Function = fn(&[f64], &mut [f64]) -> f64;
    type Vector = fn(&[f64], &mut [f64]) -> Result<(), Error>;

    fn run(f: Function, c: Vector, m: usize, lower: &[f64], upper: &[f64], x: &[f64]) -> Outcome {
        let mut constraints = Differences::new(c, m, lower[m..].to_vec(), upper[m..].to_vec());
        let bounds = (lower.to_vec(), upper.to_vec());
        let control = Control::default();
        minimize(&mut Plain::new(f), &mut constraints, bounds, x.to_vec(), &STOP, &mut (), &control).unwrap()
    }

    fn bowl(x: &[f64], gradient: &mut [f64]) -> f64 {
        gradient.iter_mut().zip(x).for_each(|(g, x)| *g = 2.0 * x);
        inner(x, x)
    }

    #[test]
    fn the_tutorials_multiplier_is_plus_one() {
        let sum: Vector = |x, c| {
            c[0] = x[0] + x[1] - 1.0;
            Ok(())
        };
        let outcome = run(bowl, sum, 1, &[0.0, -NONE, -NONE], &[0.0, NONE, NONE], &[0.0, 0.0]);
        assert_eq!(outcome.status, Status::Converged);
        assert!(outcome.point.x.iter().all(|x| (x - 0.5).abs() < 1e-9), "{outcome:?}");
        assert!((outcome.multipliers[0] - 1.0).abs() < 1e-9);
        assert!(outcome.iterations <= 3);
    }

    #[test]
    fn hock_schittkowski_71_with_bounds_and_both_kinds_of_constraints() {
        let f: Function = |x, g| {
            let sum = x[0] + x[1] + x[2];
            g.copy_from_slice(&[x[3] * (sum + x[0]), x[0] * x[3], x[0] * x[3] + 1.0, x[0] * sum]);
            x[0] * x[3] * sum + x[2]
        };
        let c: Vector = |x, c| {
            c[0] = x.iter().product();
            c[1] = inner(x, x);
            Ok(())
        };
        let lower = [25.0, 40.0, 1.0, 1.0, 1.0, 1.0];
        let upper = [NONE, 40.0, 5.0, 5.0, 5.0, 5.0];
        let outcome = run(f, c, 2, &lower, &upper, &[1.0, 5.0, 5.0, 1.0]);
        assert_eq!(outcome.status, Status::Converged, "{outcome:?}");
        assert!((outcome.point.value - 17.014_017_3).abs() < 1e-7);
        // IPOPT's values, in our sign.
        let expected = [0.552_293_66, -0.161_468_57, 1.087_871_2];
        for (got, expected) in outcome.multipliers.iter().zip(expected) {
            assert!((got - expected).abs() < 1e-6, "{outcome:?}");
        }
    }

    #[test]
    fn a_curved_constraint_is_followed() {
        // Maratos' example: min 2 (x² + y² − 1) − x on the unit circle, at (1, 0).
        let f: Function = |x, g| {
            g.copy_from_slice(&[4.0 * x[0] - 1.0, 4.0 * x[1]]);
            2.0 * (inner(x, x) - 1.0) - x[0]
        };
        let circle: Vector = |x, c| {
            c[0] = inner(x, x) - 1.0;
            Ok(())
        };
        let outcome = run(f, circle, 1, &[0.0, -NONE, -NONE], &[0.0, NONE, NONE], &[0.6, 0.8]);
        assert_eq!(outcome.status, Status::Converged, "{outcome:?}");
        assert!((outcome.multipliers[0] - 1.5).abs() < 1e-6 && outcome.iterations < 15, "{outcome:?}");
    }

    #[test]
    fn contradictions_are_called_so_and_redundancy_does_not_matter() {
        let twice: Vector = |x, c| {
            c[0] = x[0] + x[1];
            c[1] = 2.0 * (x[0] + x[1]);
            Ok(())
        };
        let bounds = |second: f64| [1.0, second, -NONE, -NONE];
        let upper = |second: f64| [1.0, second, NONE, NONE];
        let outcome = run(bowl, twice, 2, &bounds(2.0), &upper(2.0), &[3.0, -7.0]);
        assert_eq!(outcome.status, Status::Converged, "{outcome:?}");
        let outcome = run(bowl, twice, 2, &bounds(3.0), &upper(3.0), &[3.0, -7.0]);
        assert_eq!(outcome.status, Status::Infeasible, "{outcome:?}");
    }

    #[test]
    fn an_inconsistent_linearisation_is_repaired() {
        // x² ≥ 1 and x ≤ 2 from −0.1: the linearised constraints want x ≤ −5, the bound says −3.
        let square: Vector = |x, c| {
            c[0] = x[0] * x[0];
            Ok(())
        };
        let outcome = run(bowl, square, 1, &[1.0, -3.0], &[NONE, 2.0], &[-0.1]);
        assert_eq!(outcome.status, Status::Converged, "{outcome:?}");
        assert!((outcome.point.x[0] + 1.0).abs() < 1e-8);
    }

    #[test]
    fn nan_where_it_starts_is_named_and_nan_on_the_way_avoided() {
        let log: Function = |x, g| {
            g[0] = 1.0 - 1.0 / x[0];
            x[0] - x[0].ln()
        };
        let none: Vector = |_, _| Ok(());
        assert_eq!(run(log, none, 0, &[-5.0], &[9.0], &[-1.0]).status, Status::NotFinite);
        let outcome = run(log, none, 0, &[-5.0], &[9.0], &[0.01]);
        assert_eq!(outcome.status, Status::Converged, "{outcome:?}");
        assert!((outcome.point.x[0] - 1.0).abs() < 1e-7);
    }
}
