//! Entropy and divergence of distributions given as weights; natural logarithms.
//!
//! C. E. Shannon, "A mathematical theory of communication", 1948; S. Kullback and R. A. Leibler,
//! "On information and sufficiency", 1951; J. Lin, "Divergence measures based on the Shannon
//! entropy", IEEE Trans. Inf. Theory 37, 1991.

use crate::{Control, Error, reduce, threads};

/// Elements that one thread sums at a time.
const CHUNK: usize = 1 << 14;

/// `-p ln p`: 0 for 0, negative infinity below it.
#[inline]
pub fn entr(p: f64) -> f64 {
    if p > 0.0 {
        -p * p.ln()
    } else if p == 0.0 {
        0.0
    } else if p.is_nan() {
        p
    } else {
        f64::NEG_INFINITY
    }
}

/// `p ln(p / q)`: 0 where `p` is 0, infinity where that is undefined.
#[inline]
pub fn rel_entr(p: f64, q: f64) -> f64 {
    if p.is_nan() || q.is_nan() {
        f64::NAN
    } else if p > 0.0 && q > 0.0 {
        p * (p / q).ln()
    } else if p == 0.0 && q >= 0.0 {
        0.0
    } else {
        f64::INFINITY
    }
}

/// The sum of `term(i)` over chunks of fixed length, combined in order.
fn sum_of(length: usize, control: &Control, term: impl Fn(usize) -> f64 + Sync) -> Result<f64, Error> {
    if length <= CHUNK {
        return Ok((0..length).map(term).sum());
    }
    let parts = threads::map_chunks(control, length, CHUNK, |range| Ok(range.map(&term).sum()))?;
    reduce::sum(&parts, control)
}

/// The entropy of the distribution with these weights, which are divided by their sum.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn entropy(p: &[f64], control: &Control) -> Result<f64, Error> {
    let total = reduce::sum(p, control)?;
    sum_of(p.len(), control, |i| entr(p[i] / total))
}

/// The divergence of one distribution from another, both divided by their sums.
///
/// # Errors
///
/// [`Error::Shape`] if the lengths differ; [`Error::Stopped`].
pub fn relative_entropy(p: &[f64], q: &[f64], control: &Control) -> Result<f64, Error> {
    same_length(p, q)?;
    let (p_total, q_total) = (reduce::sum(p, control)?, reduce::sum(q, control)?);
    sum_of(p.len(), control, |i| rel_entr(p[i] / p_total, q[i] / q_total))
}

/// The Jensen–Shannon distance, the root of the divergence, of two distributions.
///
/// # Errors
///
/// [`Error::Shape`] if the lengths differ; [`Error::Stopped`].
pub fn jensen_shannon(p: &[f64], q: &[f64], control: &Control) -> Result<f64, Error> {
    same_length(p, q)?;
    let (p_total, q_total) = (reduce::sum(p, control)?, reduce::sum(q, control)?);
    let twice = sum_of(p.len(), control, |i| {
        let (p, q) = (p[i] / p_total, q[i] / q_total);
        let middle = 0.5 * (p + q);
        rel_entr(p, middle) + rel_entr(q, middle)
    })?;
    // Rounding may leave equal distributions a little below zero.
    Ok((0.5 * if twice < 0.0 && twice > -1e-14 { 0.0 } else { twice }).sqrt())
}

fn same_length(p: &[f64], q: &[f64]) -> Result<(), Error> {
    if p.len() == q.len() {
        return Ok(());
    }
    let expected = format!("{} elements, as many as `pk` has", p.len());
    Err(Error::Shape { argument: "qk", expected, got: vec![q.len()] })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(p: &[f64]) -> f64 {
        entropy(p, &Control::default()).unwrap()
    }

    #[test]
    fn a_fair_coin_has_one_bit_and_certainty_none() {
        assert!((of(&[1.0, 1.0]) - std::f64::consts::LN_2).abs() < 1e-16);
        assert_eq!(of(&[3.0, 0.0]), 0.0);
        assert_eq!(of(&[]), 0.0);
        assert!(of(&[0.0, 0.0]).is_nan());
        assert_eq!(of(&[-0.5, 1.5]), f64::NEG_INFINITY);
    }

    #[test]
    fn divergence_is_zero_from_itself_and_infinite_where_impossible() {
        let control = Control::default();
        let p: Vec<f64> = (1..100_000).map(f64::from).collect();
        assert!(relative_entropy(&p, &p, &control).unwrap().abs() < 1e-15);
        assert_eq!(relative_entropy(&[1.0, 1.0], &[1.0, 0.0], &control).unwrap(), f64::INFINITY);
        assert!(relative_entropy(&[1.0], &[1.0, 0.0], &control).is_err());
        assert_eq!(jensen_shannon(&p, &p, &control).unwrap(), 0.0);
        let apart = jensen_shannon(&[1.0, 0.0], &[0.0, 1.0], &control).unwrap();
        assert!((apart - std::f64::consts::LN_2.sqrt()).abs() < 1e-16);
    }

    #[test]
    fn bits_do_not_depend_on_the_number_of_threads() {
        let p: Vec<f64> = (0..200_001).map(|i| f64::from(i).sin().abs()).collect();
        let with = |n| threads::with_threads(n, || of(&p));
        crate::simd::at_every_level(|_| {
            let once = with(1);
            assert!([2, 8].into_iter().all(|n| with(n) == once));
        });
    }
}
