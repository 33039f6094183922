//! The methods without constraints, by name.

use crate::optimize::bfgs::Bfgs;
use crate::optimize::minimize::{Outcome, Stop, Watch, minimize};
use crate::optimize::momentum::Momentum;
use crate::optimize::objective::Objective;
use crate::optimize::search::Search;
use crate::optimize::steepest::Steepest;
use crate::{Control, Error};

/// What a user may set of a method, by name; what a method does not have is refused.
pub type Options<'a> = &'a [(&'a str, f64)];

/// Makes the table: each row is a method's name, its direction with the options that this has
/// and their defaults, and the search that goes with it where no `learning_rate` is set.
macro_rules! methods {
    ($($name:literal => $Direction:ident($($field:ident: $default:expr),*) with $search:expr;)+) => {
        /// The names of the methods.
        pub const NAMES: &[&str] = &[$($name),+];

        /// Minimises `objective` from `x` by the method of this name.
        ///
        /// # Errors
        ///
        /// [`Error::Choice`] for a name or an option that is not there, and those of
        /// [`minimize`].
        pub fn minimize_by<O: Objective>(
            method: &str,
            options: Options<'_>,
            objective: &mut O,
            x: Vec<f64>,
            stop: &Stop,
            watch: &mut impl Watch<O::Error>,
            control: &Control,
        ) -> Result<Outcome, O::Error> {
            match method {
                $($name => {
                    check(options, &[$(stringify!($field),)* LEARNING_RATE])?;
                    let mut direction = $Direction::new(
                        $(option(options, stringify!($field)).unwrap_or($default)),*
                    );
                    let search = option(options, LEARNING_RATE).map_or($search, Search::Fixed);
                    minimize(objective, x, &mut direction, search, stop, watch, control)
                })+
                _ => Err(choice("method", NAMES, method).into()),
            }
        }
    };
}

methods! {
    "bfgs" => Bfgs() with Search::Wolfe;
    "momentum" => Momentum(momentum: 0.9) with Search::Fixed(0.01);
    "gradient-descent" => Steepest() with Search::Armijo(1.0);
}

/// The option that every method has: the length of all steps, in place of a search.
const LEARNING_RATE: &str = "learning_rate";

fn option(options: Options<'_>, name: &str) -> Option<f64> {
    options.iter().find(|(other, _)| *other == name).map(|&(_, value)| value)
}

fn check(options: Options<'_>, known: &'static [&'static str]) -> Result<(), Error> {
    for &(name, _) in options {
        if !known.contains(&name) {
            return Err(choice("options", known, name));
        }
    }
    match option(options, LEARNING_RATE) {
        Some(rate) if !(rate > 0.0 && rate.is_finite()) => {
            Err(Error::Domain { argument: LEARNING_RATE, must_be: "> 0 and finite", got: rate })
        }
        _ => Ok(()),
    }
}

fn choice(argument: &'static str, expected: &'static [&'static str], got: &str) -> Error {
    Error::Choice { argument, expected, got: got.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimize::certificate::Status;
    use crate::optimize::functions::{rosen, rosen_der};
    use crate::optimize::minimize::History;
    use crate::optimize::objective::tests::Plain;

    const STOP: Stop = Stop { tolerance: 1e-8, max_iterations: 2000, max_evaluations: usize::MAX };

    fn run(method: &str, options: Options<'_>, x: &[f64], stop: &Stop, scale: f64) -> Outcome {
        let mut objective = Plain::new(|x: &[f64], gradient: &mut [f64]| {
            rosen_der(x, gradient);
            gradient.iter_mut().for_each(|slope| *slope *= scale);
            scale * rosen(x)
        });
        minimize_by(method, options, &mut objective, x.to_vec(), stop, &mut (), &Control::default()).unwrap()
    }

    #[test]
    fn bfgs_finds_the_minimum_of_rosenbrock_at_every_scale() {
        for scale in [1e-12, 1e-6, 1.0, 1e6, 1e12] {
            for n in [2, 5, 20] {
                let outcome = run("bfgs", &[], &vec![-1.2; n], &STOP, scale);
                assert_eq!(outcome.status, Status::Converged, "scale {scale}, n = {n}: {outcome:?}");
                // Rosenbrock's function has a second minimum for n ≥ 4, near (−1, 1, …, 1).
                let minimum = outcome.point.x[1..].iter().all(|x| (x - 1.0).abs() < 1e-2);
                assert!(minimum, "scale {scale}, n = {n}: {:?}", outcome.point.x);
            }
        }
    }

    #[test]
    fn gradient_descent_is_the_textbook_loop_to_the_bit() {
        let stop = Stop { tolerance: 0.0, max_iterations: 500, ..STOP };
        let outcome = run("gradient-descent", &[("learning_rate", 1e-3)], &[-1.0, 1.0], &stop, 1.0);
        let (mut x, mut gradient) = ([-1.0, 1.0], [0.0; 2]);
        for _ in 0..500 {
            rosen_der(&x, &mut gradient);
            (0..2).for_each(|i| x[i] -= 1e-3 * gradient[i]);
        }
        assert_eq!(outcome.point.x, x);
        assert_eq!((outcome.iterations, outcome.status), (500, Status::IterationLimit));
    }

    #[test]
    fn steps_that_run_away_are_called_so() {
        let outcome = run("gradient-descent", &[("learning_rate", 1.0)], &[-1.0, 1.5], &STOP, 1.0);
        assert_eq!(outcome.status, Status::Diverged);
        assert!(outcome.point.value.is_finite());
    }

    #[test]
    fn armijo_descends_without_a_learning_rate() {
        let stop = Stop { tolerance: 1e-3, max_iterations: 20_000, ..STOP };
        assert_eq!(run("gradient-descent", &[], &[-1.0, 1.0], &stop, 1.0).status, Status::Converged);
    }

    #[test]
    fn what_has_no_minimum_diverges_and_nan_is_named() {
        let mut down = Plain::new(|x: &[f64], gradient: &mut [f64]| {
            gradient[0] = -1.0;
            -x[0]
        });
        let control = Control::default();
        let outcome = minimize_by("bfgs", &[], &mut down, vec![0.0], &STOP, &mut (), &control).unwrap();
        assert_eq!(outcome.status, Status::Diverged);
        let mut nan = Plain::new(|_: &[f64], _: &mut [f64]| f64::NAN);
        let outcome = minimize_by("bfgs", &[], &mut nan, vec![0.0], &STOP, &mut (), &control).unwrap();
        assert_eq!(outcome.status, Status::NotFinite);
    }

    #[test]
    fn limits_hold_and_history_has_every_point() {
        let mut history = History::default();
        let mut objective = Plain::new(|x: &[f64], gradient: &mut [f64]| {
            rosen_der(x, gradient);
            rosen(x)
        });
        let stop = Stop { max_iterations: 3, ..STOP };
        let start = vec![-1.2, 1.0];
        let outcome =
            minimize_by("bfgs", &[], &mut objective, start, &stop, &mut history, &Control::default())
                .unwrap();
        assert_eq!((outcome.status, outcome.iterations), (Status::IterationLimit, 3));
        assert_eq!((history.points.len(), history.values.len()), (8, 4));
        assert!(history.values.windows(2).all(|pair| pair[1] < pair[0]));
        assert_eq!(history.values[0], rosen(&[-1.2, 1.0]));
    }

    #[test]
    fn unknown_names_are_refused() {
        let run = |method, options| {
            let mut objective = Plain::new(|_: &[f64], _: &mut [f64]| 0.0);
            minimize_by(method, options, &mut objective, vec![], &STOP, &mut (), &Control::default())
        };
        assert!(matches!(run("nelder", &[]), Err(Error::Choice { argument: "method", .. })));
        assert!(matches!(run("bfgs", &[("rate", 1.0)]), Err(Error::Choice { argument: "options", .. })));
        let zero: Options<'_> = &[("learning_rate", 0.0)];
        assert!(matches!(run("bfgs", zero), Err(Error::Domain { .. })));
    }
}
