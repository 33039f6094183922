//! Tables of probabilities: joint, marginal, conditional; and Bayes' theorem.
//!
//! A table is row-major: a row for each case of the condition (the hypotheses), a column for each
//! case of the other variables (the observations).

use crate::{Control, Error, reduce};

/// How far a sum of probabilities may be from 1: float32, or numbers written to six digits, pass.
const TOLERANCE: f64 = 1e-6;

/// Refuses numbers that are no probabilities.
///
/// # Errors
///
/// [`Error::Domain`] with the first that is not.
fn check_probabilities(argument: &'static str, values: &[f64]) -> Result<(), Error> {
    match values.iter().find(|p| !(0.0..=1.0 + TOLERANCE).contains(*p)) {
        Some(&got) => Err(Error::Domain { argument, must_be: "probabilities, between 0 and 1", got }),
        None => Ok(()),
    }
}

/// Refuses numbers that can't be likelihoods: unlike probabilities, they may exceed 1.
///
/// # Errors
///
/// [`Error::Domain`] with the first that is not.
fn check_likelihoods(argument: &'static str, values: &[f64]) -> Result<(), Error> {
    match values.iter().find(|p| !(**p >= 0.0 && p.is_finite())) {
        Some(&got) => Err(Error::Domain { argument, must_be: "likelihoods, >= 0 and finite", got }),
        None => Ok(()),
    }
}

/// Refuses a table whose rows of `columns` are not distributions each.
///
/// Nothing is renormalised: a sum that is not 1 is most often a mistake in the input.
///
/// # Errors
///
/// [`Error::Domain`] if an element is no probability, [`Error::Value`] if a row does not sum to 1,
/// [`Error::Empty`], [`Error::Stopped`].
fn check_distributions(
    argument: &'static str,
    table: &[f64],
    columns: usize,
    control: &Control,
) -> Result<(), Error> {
    check_probabilities(argument, table)?;
    if columns == 0 || table.is_empty() {
        return Err(Error::Empty { argument });
    }
    for (row, values) in table.chunks_exact(columns).enumerate() {
        let total = reduce::sum(values, control)?;
        if (total - 1.0).abs() > TOLERANCE {
            let place = if table.len() == columns { String::new() } else { format!(" in row {row}") };
            let message = format!("expected probabilities that sum to 1, got a sum of {total}{place}");
            return Err(Error::Value { argument, message });
        }
    }
    Ok(())
}

/// Whether numbers are the probabilities of all cases, or of single events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Are {
    /// Of all cases: they sum to 1.
    Distributions,
    /// Of events, one by one.
    Events,
}

/// P(A, B) = P(A) P(B | A): row `i` of `p_b_given_a` times element `i` of `p_a`.
///
/// # Errors
///
/// [`Error::Domain`], [`Error::Value`], [`Error::Empty`] for what are no probabilities;
/// [`Error::Stopped`].
pub fn joint(
    p_a: &[f64],
    p_b_given_a: &[f64],
    are: Are,
    out: &mut [f64],
    control: &Control,
) -> Result<(), Error> {
    let columns = p_b_given_a.len() / p_a.len().max(1);
    match are {
        Are::Distributions => {
            check_distributions("p_a", p_a, p_a.len(), control)?;
            check_distributions("p_b_given_a", p_b_given_a, columns, control)?;
        }
        Are::Events => {
            check_probabilities("p_a", p_a)?;
            check_probabilities("p_b_given_a", p_b_given_a)?;
        }
    }
    multiply(p_a, p_b_given_a, out);
    Ok(())
}

/// Row `i` of `table` times element `i` of `factors`.
fn multiply(factors: &[f64], table: &[f64], out: &mut [f64]) {
    let columns = table.len() / factors.len().max(1);
    for (i, factor) in factors.iter().enumerate() {
        let row = i * columns..(i + 1) * columns;
        out[row.clone()].iter_mut().zip(&table[row]).for_each(|(out, q)| *out = factor * q);
    }
}

/// P(A), of the joint table of A (rows) and B: the sum of each row.
///
/// # Errors
///
/// As [`joint`].
pub fn marginal(table: &[f64], columns: usize, out: &mut [f64], control: &Control) -> Result<(), Error> {
    check_distributions("joint", table, table.len(), control)?;
    for (out, row) in out.iter_mut().zip(table.chunks_exact(columns.max(1))) {
        *out = reduce::sum(row, control)?;
    }
    Ok(())
}

/// P(B | A) = P(A, B) / P(A), row by row; NaN where P(A) = 0. Returns the number of such rows.
///
/// # Errors
///
/// [`Error::Domain`] for what are no probabilities, [`Error::Value`] if A and B together are more
/// probable than A alone.
pub fn conditional(table: &[f64], given: &[f64], out: &mut [f64]) -> Result<usize, Error> {
    check_probabilities("joint", table)?;
    check_probabilities("given", given)?;
    divide("given", table, given, out)
}

fn divide(argument: &'static str, table: &[f64], given: &[f64], out: &mut [f64]) -> Result<usize, Error> {
    let columns = table.len() / given.len().max(1);
    for (i, &given) in given.iter().enumerate() {
        let row = i * columns..(i + 1) * columns;
        for (out, &joint) in out[row.clone()].iter_mut().zip(&table[row]) {
            if joint > given + TOLERANCE {
                let message = format!("expected at least the joint probability {joint}, got {given}");
                return Err(Error::Value { argument, message });
            }
            // What rounding leaves above 1 is no probability.
            *out = if given > 0.0 { (joint / given).min(1.0) } else { f64::NAN };
        }
    }
    Ok(given.iter().filter(|given| !(**given > 0.0)).count())
}

/// P(E) = sum of P(E | H) P(H) over the hypotheses (rows), for each observation (column).
///
/// # Errors
///
/// As [`joint`].
pub fn total(prior: &[f64], likelihood: &[f64], out: &mut [f64], control: &Control) -> Result<(), Error> {
    check_distributions("prior", prior, prior.len(), control)?;
    check_probabilities("likelihood", likelihood)?;
    out.fill(0.0);
    for (prior, row) in prior.iter().zip(likelihood.chunks_exact(out.len().max(1))) {
        out.iter_mut().zip(row).for_each(|(out, likelihood)| *out += prior * likelihood);
    }
    Ok(())
}

/// P(H | E) = P(E | H) P(H) / P(E) of single events; NaN where P(E) = 0, which is counted.
///
/// # Errors
///
/// [`Error::Domain`] for what are no probabilities, [`Error::Value`] if H and E together are more
/// probable than E alone.
pub fn bayes_of_events(
    prior: &[f64],
    likelihood: &[f64],
    evidence: &[f64],
    out: &mut [f64],
) -> Result<usize, Error> {
    check_probabilities("prior", prior)?;
    check_likelihoods("likelihood", likelihood)?;
    check_likelihoods("evidence", evidence)?;
    let joint: Vec<f64> =
        prior.iter().zip(likelihood).map(|(prior, likelihood)| prior * likelihood).collect();
    divide("evidence", &joint, evidence, out)
}

/// P(H | E) = P(E | H) P(H) / P(E), for each observation (column) on its own.
///
/// NaN where P(E) = 0; returns the number of such observations.
///
/// # Errors
///
/// [`Error::Domain`], [`Error::Value`], [`Error::Empty`] unless `prior` is a distribution and
/// likelihoods are not negative; [`Error::Stopped`].
pub fn bayes(prior: &[f64], likelihood: &[f64], out: &mut [f64], control: &Control) -> Result<usize, Error> {
    check_distributions("prior", prior, prior.len(), control)?;
    check_likelihoods("likelihood", likelihood)?;
    let columns = (likelihood.len() / prior.len()).max(1);
    // Densities may be so small that their product with the prior vanishes, so each column is
    // first brought to 1.
    let mut largest = vec![0.0_f64; columns];
    for row in likelihood.chunks_exact(columns) {
        largest.iter_mut().zip(row).for_each(|(largest, likelihood)| *largest = largest.max(*likelihood));
    }
    for (row, target) in likelihood.chunks_exact(columns).zip(out.chunks_exact_mut(columns)) {
        for ((out, likelihood), largest) in target.iter_mut().zip(row).zip(&largest) {
            *out = likelihood / largest;
        }
    }
    let mut evidence = vec![0.0; columns];
    for (prior, row) in prior.iter().zip(out.chunks_exact_mut(columns)) {
        for (out, evidence) in row.iter_mut().zip(&mut evidence) {
            *out *= prior;
            *evidence += *out;
        }
    }
    for row in out.chunks_exact_mut(columns) {
        for (out, evidence) in row.iter_mut().zip(&evidence) {
            *out = if *evidence > 0.0 { *out / evidence } else { f64::NAN };
        }
    }
    Ok(evidence.iter().filter(|evidence| !(**evidence > 0.0)).count())
}

/// The posterior after all observations (columns), which are independent given the hypothesis.
///
/// Takes logarithms of likelihoods: a product of thousands of them would vanish. NaN where the
/// observations are impossible under every hypothesis; returns whether they are.
///
/// # Errors
///
/// [`Error::Domain`], [`Error::Value`], [`Error::Empty`] unless `prior` is a distribution and
/// `log_likelihood` holds logarithms of finite numbers; [`Error::Stopped`].
pub fn update(
    prior: &[f64],
    log_likelihood: &[f64],
    out: &mut [f64],
    control: &Control,
) -> Result<bool, Error> {
    check_distributions("prior", prior, prior.len(), control)?;
    if let Some(&got) = log_likelihood.iter().find(|x| !(**x < f64::INFINITY)) {
        let must_be = "logarithms of likelihoods, < inf";
        return Err(Error::Domain { argument: "likelihoods", must_be, got });
    }
    let columns = log_likelihood.len() / prior.len();
    for (i, (out, prior)) in out.iter_mut().zip(prior).enumerate() {
        *out = prior.ln() + reduce::sum(&log_likelihood[i * columns..(i + 1) * columns], control)?;
    }
    let largest = out.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if largest == f64::NEG_INFINITY {
        out.fill(f64::NAN);
        return Ok(true);
    }
    out.iter_mut().for_each(|x| *x = (*x - largest).exp());
    let evidence = reduce::sum(out, control)?;
    out.iter_mut().for_each(|x| *x /= evidence);
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joint_and_conditional_undo_each_other() {
        let (p, rows) = ([0.25, 0.75, 0.0], [0.5, 0.5, 0.1, 0.9, 1.0, 0.0]);
        let (mut table, mut back) = ([0.0; 6], [0.0; 6]);
        joint(&p, &rows, Are::Distributions, &mut table, &Control::default()).unwrap();
        assert_eq!(conditional(&table, &p, &mut back), Ok(1));
        assert!(back.iter().zip(&rows).take(4).all(|(back, row)| (back - row).abs() < 1e-15));
        assert!(back[4].is_nan() && back[5].is_nan());
        let mut sums = [0.0; 3];
        marginal(&table, 2, &mut sums, &Control::default()).unwrap();
        assert_eq!(sums, p);
    }

    #[test]
    fn an_update_by_many_observations_is_bayes_repeated() {
        let likelihood = [0.9, 0.2, 0.4, 0.1, 0.3, 0.5];
        let mut posterior = [0.25, 0.75];
        for column in 0..3 {
            let mut next = [0.0; 2];
            bayes(&posterior, &[likelihood[column], likelihood[3 + column]], &mut next, &Control::default())
                .unwrap();
            posterior = next;
        }
        let mut at_once = [0.0; 2];
        let logs = likelihood.map(f64::ln);
        update(&[0.25, 0.75], &logs, &mut at_once, &Control::default()).unwrap();
        assert!((at_once[0] - posterior[0]).abs() < 1e-15);
        assert!((at_once[0] + at_once[1] - 1.0).abs() < 1e-15);
    }

    #[test]
    fn likelihoods_that_would_vanish_still_tell_the_hypotheses_apart() {
        let mut out = [0.0; 2];
        assert_eq!(bayes(&[1e-200, 1.0], &[1e-100, 1e-300], &mut out, &Control::default()), Ok(0));
        assert!(out.iter().all(|p| (p - 0.5).abs() < 1e-15));
        let logs: Vec<f64> = (0..20_000).map(|i| if i < 10_000 { -5.0 } else { -5.001 }).collect();
        update(&[0.5, 0.5], &logs, &mut out, &Control::default()).unwrap();
        assert!((out[0] / out[1] - 10.0_f64.exp()).abs() < 1e-6 * 10.0_f64.exp());
    }

    #[test]
    fn what_cannot_be_probabilities_is_refused() {
        let check = |p: &[f64]| check_distributions("prior", p, p.len(), &Control::default());
        assert_eq!(check(&[0.5, 0.5 + 1e-9]), Ok(()));
        assert!(matches!(check(&[0.5, 0.4]), Err(Error::Value { .. })));
        assert!(matches!(check(&[1.5, -0.5]), Err(Error::Domain { .. })));
        assert!(matches!(check(&[f64::NAN, 1.0]), Err(Error::Domain { .. })));
        assert!(matches!(check(&[]), Err(Error::Empty { .. })));
        assert!(check_likelihoods("likelihood", &[3.0, 0.0]).is_ok());
        assert!(check_likelihoods("likelihood", &[f64::INFINITY]).is_err());
    }
}
