//! Roots of functions of one variable: Newton's, Halley's and the secant method.
//!
//! At a root of multiplicity m these converge linearly, Newton's steps in the ratio 1 − 1/m, and
//! stop far from the root. So m is estimated from the ratio of successive steps, and then
//! Schröder's step m f/f' is taken (Schröder 1870, Über unendlich viele Algorithmen zur Auflösung
//! der Gleichungen), or for double roots and known f'' the simple root of f' is looked for,
//! which rounding leaves sharp.

use crate::calculus::{Builder, Program};
use crate::{Control, Error};

/// A function's value with its derivatives; NaN for a second derivative that is not known.
#[derive(Clone, Copy, Debug)]
pub struct Jet {
    /// f.
    pub value: f64,
    /// f'.
    pub slope: f64,
    /// f''.
    pub curvature: f64,
}

/// The value and first two derivatives of a program of one variable, as a program.
///
/// # Errors
///
/// [`Error::Value`] unless `function` has one value; [`Error::Shape`] unless it has one variable.
pub fn jet(function: &Program) -> Result<Program, Error> {
    if function.inputs() != 1 {
        let expected = "a function of one variable".to_string();
        return Err(Error::Shape { argument: "func", expected, got: vec![function.inputs()] });
    }
    let first = function.value_and_gradient()?;
    let mut builder = Builder::of(&first);
    let x = builder.input(0);
    let mut outputs = first.outputs().to_vec();
    outputs.extend(builder.slopes(outputs[1], &[x]));
    builder.program(1, &outputs)
}

/// When to stop: where a step is at most `absolute + relative |x|`, and the residual agrees.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// In the units of x.
    pub absolute: f64,
    /// As a share of x.
    pub relative: f64,
    /// Steps allowed.
    pub max_iterations: usize,
    /// Halley's step, which uses f''.
    pub halley: bool,
}

impl Rule {
    fn settled(&self, step: f64, x: f64) -> bool {
        step.abs() <= self.absolute + self.relative * x.abs()
    }
}

/// Why a search for a root ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// At a root.
    Converged,
    /// The steps allowed are done.
    IterationLimit,
    /// The slope vanished where the function does not.
    ZeroSlope,
    /// The function, or its slope, is not a finite number.
    NotFinite,
    /// The time was up.
    Deadline,
}

impl Ending {
    /// Its name at the border.
    pub fn name(self) -> &'static str {
        match self {
            Self::Converged => "converged",
            Self::IterationLimit => "iteration limit",
            Self::ZeroSlope => "zero slope",
            Self::NotFinite => "not finite",
            Self::Deadline => "deadline",
        }
    }
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Root {
    /// The last point.
    pub x: f64,
    /// Steps taken.
    pub iterations: usize,
    /// Points at which the function was asked for.
    pub calls: usize,
    /// The estimated multiplicity: 1 for a simple root.
    pub multiplicity: usize,
    /// Why the search ended.
    pub ending: Ending,
}

/// Two estimates of a multiplicity agree within this.
const AGREE: f64 = 0.1;

/// Estimates a multiplicity from the ratios of steps.
#[derive(Default)]
struct Estimate {
    last_step: f64,
    last_estimate: f64,
}

impl Estimate {
    /// The multiplicity that this step and those before it speak for, once two agree.
    fn see(&mut self, step: f64, of_ratio: fn(f64) -> f64) -> Option<usize> {
        let ratio = step / self.last_step;
        let estimate = if ratio > 0.0 && ratio < 1.0 { of_ratio(ratio) } else { f64::NAN };
        let rounded = estimate.round();
        let agree = (estimate - rounded).abs() <= AGREE && (self.last_estimate - rounded).abs() <= AGREE;
        (self.last_step, self.last_estimate) = (step, estimate);
        (agree && (2.0..=32.0).contains(&rounded)).then_some(rounded as usize)
    }
}

/// Newton's method from `x`, or Halley's, with exact derivatives.
///
/// # Errors
///
/// The function's own, and [`Error::Stopped`].
pub fn newton<E: From<Error>>(
    mut function: impl FnMut(f64) -> Result<Jet, E>,
    mut x: f64,
    rule: &Rule,
    control: &Control,
) -> Result<Root, E> {
    let (mut newton, mut iterations) = (Newton::default(), 0);
    loop {
        control.go_on()?;
        let jet = function(x)?;
        let ending = match newton.judge(&jet, x, rule) {
            None if iterations == rule.max_iterations => Some(Ending::IterationLimit),
            None if control.expired() => Some(Ending::Deadline),
            ending => ending,
        };
        let step = if ending.is_none() { newton.step(&jet, x, rule) } else { 0.0 };
        if ending.is_some() || x - step == x {
            return Ok(Root {
                x,
                iterations,
                calls: iterations + 1,
                multiplicity: newton.multiplicity,
                ending: ending.unwrap_or(Ending::Converged),
            });
        }
        x -= step;
        iterations += 1;
    }
}

/// What Newton's method knows beside the point.
struct Newton {
    estimate: Estimate,
    multiplicity: usize,
    /// The residual before the last step, where that was small.
    before: Option<f64>,
    /// What was taken for a double root were two close ones, or none.
    not_double: bool,
}

impl Default for Newton {
    fn default() -> Self {
        Self { estimate: Estimate::default(), multiplicity: 1, before: None, not_double: false }
    }
}

impl Newton {
    /// Whether the search ends here, and why.
    fn judge(&mut self, jet: &Jet, x: f64, rule: &Rule) -> Option<Ending> {
        if jet.value == 0.0 {
            let flat = jet.slope == 0.0 && jet.curvature.is_finite();
            self.multiplicity = self.multiplicity.max(1 + usize::from(flat));
            return Some(Ending::Converged);
        }
        if !(jet.value.is_finite() && jet.slope.is_finite()) {
            return Some(Ending::NotFinite);
        }
        if self.multiplicity == 2 && touches(jet, x, rule) {
            if self.before.is_some() || jet.slope == 0.0 {
                return Some(Ending::Converged);
            }
        } else if self.multiplicity == 2 && self.before.is_some() && jet.curvature.is_finite() {
            (self.multiplicity, self.not_double) = (1, true);
        } else if self.before.is_some_and(|before| shrank(before, jet.value)) {
            return Some(Ending::Converged);
        }
        if jet.slope == 0.0 {
            let double = touches(jet, x, rule);
            self.multiplicity = 1 + usize::from(double);
            if double {
                return Some(Ending::Converged);
            }
        }
        // Between two roots the parabola has an extremum, and shows the way to them.
        (jet.slope == 0.0 && !(jet.value * jet.curvature < 0.0)).then_some(Ending::ZeroSlope)
    }

    /// The step to be subtracted.
    fn step(&mut self, jet: &Jet, x: f64, rule: &Rule) -> f64 {
        if jet.slope == 0.0 {
            self.before = None;
            return -(-2.0 * jet.value / jet.curvature).sqrt();
        }
        let plain = jet.value / jet.slope;
        if self.multiplicity == 1 && !rule.halley && !self.not_double {
            self.multiplicity = self.estimate.see(plain, |ratio| 1.0 / (1.0 - ratio)).unwrap_or(1);
        }
        let step = if self.multiplicity == 2 && jet.curvature.abs() > 0.0 {
            jet.slope / jet.curvature
        } else if rule.halley {
            halley(jet, plain)
        } else {
            self.multiplicity as f64 * plain
        };
        self.before = rule.settled(step, x).then_some(jet.value);
        step
    }
}

/// A small step is believed where the residual went down with it, or changed its sign.
fn shrank(before: f64, now: f64) -> bool {
    now.abs() <= before.abs() / 2.0 || now * before < 0.0
}

/// Whether the parabola through the point comes so near to zero that rounding hides the rest.
fn touches(jet: &Jet, x: f64, rule: &Rule) -> bool {
    let distance = (2.0 * jet.value.abs() / jet.curvature.abs()).sqrt();
    distance <= 8.0 * f64::EPSILON.sqrt() * x.abs() + 4.0 * rule.absolute
}

/// Halley's step, or Newton's where f'' would turn it round.
fn halley(jet: &Jet, plain: f64) -> f64 {
    let bend = 1.0 - plain * jet.curvature / (2.0 * jet.slope);
    if bend.is_finite() && bend > 0.0 { plain / bend } else { plain }
}

/// Where the secant method starts beside `x`, as SciPy has it.
pub fn second_start(x: f64) -> f64 {
    x * (1.0 + 1e-4) + if x >= 0.0 { 1e-4 } else { -1e-4 }
}

/// The secant method from `x0` and `x1`.
///
/// # Errors
///
/// The function's own, and [`Error::Stopped`].
pub fn secant<E: From<Error>>(
    mut function: impl FnMut(f64) -> Result<f64, E>,
    x0: f64,
    x1: f64,
    rule: &Rule,
    control: &Control,
) -> Result<Root, E> {
    let (mut old, mut new) = ((x0, function(x0)?), (x1, function(x1)?));
    let (mut estimate, mut multiplicity, mut calls, mut iterations) = (Estimate::default(), 1, 2, 0);
    if old.1.abs() < new.1.abs() {
        std::mem::swap(&mut old, &mut new);
    }
    let ending = loop {
        control.go_on()?;
        if new.1 == 0.0 {
            break Ending::Converged;
        }
        if !new.1.is_finite() {
            break Ending::NotFinite;
        }
        if iterations == rule.max_iterations {
            break Ending::IterationLimit;
        }
        if control.expired() {
            break Ending::Deadline;
        }
        // Near a root of multiplicity m the m-th root of |f| is straight.
        let straight = |value: f64| value.signum() * value.abs().powf(1.0 / multiplicity as f64);
        let (a, b) = (straight(old.1), straight(new.1));
        let step = b / (b - a) * (new.0 - old.0);
        if !step.is_finite() {
            break Ending::ZeroSlope;
        }
        if multiplicity == 1 {
            // The ratio t of steps to a root of multiplicity m has t^m + t^(m − 1) = 1.
            multiplicity = estimate.see(step, |t| 1.0 - t.ln_1p() / t.ln()).unwrap_or(1);
        }
        old = new;
        new.0 -= step;
        new.1 = function(new.0)?;
        (calls, iterations) = (calls + 1, iterations + 1);
        if rule.settled(step, new.0) && (shrank(old.1, new.1) || new.0 == old.0) {
            break Ending::Converged;
        }
    };
    Ok(Root { x: new.0, iterations, calls, multiplicity, ending })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule { absolute: 1.48e-8, relative: 0.0, max_iterations: 50, halley: false };

    fn run(function: fn(f64) -> (f64, f64, f64), x: f64, rule: &Rule) -> Root {
        let jet = |x| {
            let (value, slope, curvature) = function(x);
            Ok::<_, Error>(Jet { value, slope, curvature })
        };
        newton(jet, x, rule, &Control::default()).unwrap()
    }

    fn run_secant(function: fn(f64) -> f64, x0: f64) -> Root {
        secant(|x| Ok::<_, Error>(function(x)), x0, second_start(x0), &RULE, &Control::default()).unwrap()
    }

    fn cubic(x: f64) -> (f64, f64, f64) {
        (x.powi(3) - 2.0 * x - 5.0, 3.0 * x * x - 2.0, 6.0 * x)
    }

    fn double(x: f64) -> (f64, f64, f64) {
        (x * x + 2.0 * x + 1.0, 2.0 * x + 2.0, 2.0)
    }

    #[test]
    fn a_simple_root_is_found_to_the_last_digit() {
        for halley in [false, true] {
            let root = run(cubic, 2.0, &Rule { halley, ..RULE });
            assert_eq!((root.ending, root.multiplicity), (Ending::Converged, 1));
            assert!((root.x - 2.094_551_481_542_326_5).abs() < 1e-15, "{root:?}");
        }
        let root = run_secant(|x| cubic(x).0, 2.0);
        assert!((root.x - 2.094_551_481_542_326_5).abs() < 1e-14 && root.multiplicity == 1, "{root:?}");
    }

    #[test]
    fn a_double_root_is_found_to_the_last_digit() {
        for x in [0.0, 0.3, 17.0, -1.1, -5.7] {
            let root = run(double, x, &RULE);
            assert_eq!((root.x, root.multiplicity, root.ending), (-1.0, 2, Ending::Converged), "{root:?}");
            assert!(root.iterations < 8);
        }
        // e^x − 1 − x at 0, which rounding hides within 1e-8.
        let root = run(|x| (x.exp() - 1.0 - x, x.exp() - 1.0, x.exp()), 1.0, &RULE);
        assert_eq!((root.multiplicity, root.ending), (2, Ending::Converged), "{root:?}");
        assert!(root.x.abs() < 1e-8);
    }

    #[test]
    fn roots_of_higher_multiplicity_are_recognised() {
        for m in 3..=6 {
            let jet = |x: f64| {
                let k = f64::from(m);
                let far = (x - 2.0, x.exp());
                let value = far.0.powi(m) * far.1;
                Ok::<_, Error>(Jet {
                    value,
                    slope: value + k * far.0.powi(m - 1) * far.1,
                    curvature: f64::NAN,
                })
            };
            let root = newton(jet, 3.0, &RULE, &Control::default()).unwrap();
            assert_eq!((root.multiplicity, root.ending), (m as usize, Ending::Converged), "{root:?}");
            assert!((root.x - 2.0).abs() < 1e-8);
        }
    }

    #[test]
    fn the_secant_method_recognises_a_double_root() {
        let root = run_secant(|x| double(x).0, 0.0);
        assert_eq!((root.multiplicity, root.ending), (2, Ending::Converged), "{root:?}");
        assert!((root.x + 1.0).abs() < 1e-7);
    }

    #[test]
    fn a_program_has_its_value_and_two_derivatives() {
        let mut builder = Builder::default();
        let x = builder.input(0);
        let cube = builder.powi(x, 3);
        let mut values = [0.0; 3];
        jet(&builder.program(1, &[cube]).unwrap()).unwrap().evaluate(&[2.0], &mut values).unwrap();
        assert_eq!(values, [8.0, 12.0, 12.0]);
        assert!(jet(&builder.program(2, &[cube]).unwrap()).is_err());
    }

    #[test]
    fn two_close_roots_are_not_a_double_one() {
        let root = run(|x| ((x - 1.0) * (x - 1.001), 2.0 * x - 2.001, 2.0), 9.0, &RULE);
        assert_eq!((root.multiplicity, root.ending), (1, Ending::Converged), "{root:?}");
        assert!((root.x - 1.001).abs() < 1e-12);
    }

    #[test]
    fn no_root_is_never_called_one() {
        for x in [0.0, 0.3, 1.0, 5.0] {
            let root = run(|x| (x * x + 1.0, 2.0 * x, 2.0), x, &RULE);
            assert_ne!(root.ending, Ending::Converged, "{root:?}");
            let root = run(|x| (x.exp(), x.exp(), x.exp()), x, &RULE);
            assert_ne!(root.ending, Ending::Converged, "{root:?}");
            assert_ne!(run_secant(|x| x * x + 1.0, x).ending, Ending::Converged);
        }
        assert_eq!(run(|x| (x * x + 1.0, 2.0 * x, 2.0), 0.0, &RULE).ending, Ending::ZeroSlope);
        assert_eq!(run(|_| (f64::NAN, 1.0, 0.0), 0.0, &RULE).ending, Ending::NotFinite);
    }

    #[test]
    fn a_root_at_the_start_takes_no_iteration() {
        assert_eq!(run(|x| (x, 1.0, 0.0), 0.0, &RULE).iterations, 0);
        let root = run(|x| (x * x, 2.0 * x, 2.0), 0.0, &RULE);
        assert_eq!((root.iterations, root.multiplicity), (0, 2));
    }
}
