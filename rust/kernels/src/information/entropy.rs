//! Entropy and divergence of distributions given as weights; natural logarithms.
//!
//! C. E. Shannon, "A mathematical theory of communication", 1948; S. Kullback and R. A. Leibler,
//! "On information and sufficiency", 1951; J. Lin, "Divergence measures based on the Shannon
//! entropy", IEEE Trans. Inf. Theory 37, 1991.

use crate::simd::{Isa, Kernel, dispatch};
use crate::special::log;
use crate::{Control, Error, reduce, threads};
use ndarray::ArrayView2;
use std::f64::consts::LN_2;

/// Elements that one thread sums at a time.
const CHUNK: usize = 1 << 14;
/// Sums that are kept side by side.
const LANES: usize = 16;
/// By how much probabilities may miss a sum of 1.
pub const TOLERANCE: f64 = 1e-8;

/// 2^600.
const TWO_600: f64 = f64::from_bits((1023 + 600) << 52);

/// What is asked of distributions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// `-Σ p ln p`.
    Entropy,
    /// The divergence `Σ p ln(p / q)`.
    Relative,
    /// The Jensen–Shannon distance, the root of the divergence.
    JensenShannon,
}

impl Measure {
    /// The measure of this name.
    ///
    /// # Errors
    ///
    /// [`Error::Choice`] with all names.
    pub fn from_name(name: &str) -> Result<Self, Error> {
        match name {
            "entropy" => Ok(Self::Entropy),
            "relative" => Ok(Self::Relative),
            "jensenshannon" => Ok(Self::JensenShannon),
            _ => Err(Error::Choice {
                argument: "measure",
                expected: &["entropy", "relative", "jensenshannon"],
                got: name.into(),
            }),
        }
    }

    /// The measure of weights, which are divided by their sums; the entropy is that of `p`.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] if the lengths differ; [`Error::Stopped`].
    pub fn of(self, p: &[f64], q: &[f64], control: &Control) -> Result<f64, Error> {
        if p.len() != q.len() {
            let expected = format!("{} elements, as many as `pk` has", p.len());
            return Err(Error::Shape { argument: "qk", expected, got: vec![q.len()] });
        }
        let p_total = reduce::sum(p, control)?;
        let q_total = if self == Self::Entropy { p_total } else { reduce::sum(q, control)? };
        let part = |p, q| dispatch(Terms { measure: self, p, q, totals: (p_total, q_total) });
        let sum = if p.len() <= CHUNK {
            part(p, q)
        } else {
            let parts =
                threads::map_chunks(control, p.len(), CHUNK, |range| Ok(part(&p[range.clone()], &q[range])))?;
            reduce::sum(&parts, control)?
        };
        Ok(match self {
            // Rounding may leave equal distributions a little below zero.
            Self::JensenShannon => (0.5 * if sum < 0.0 && sum > -1e-14 { 0.0 } else { sum }).sqrt(),
            _ => sum,
        })
    }

    /// The measure; with `check`, `None` unless both are probabilities.
    ///
    /// # Errors
    ///
    /// As [`of`](Self::of).
    pub fn of_checked(
        self,
        p: &[f64],
        q: &[f64],
        check: bool,
        control: &Control,
    ) -> Result<Option<f64>, Error> {
        if check && !(is_distribution(p, control)? && is_distribution(q, control)?) {
            return Ok(None);
        }
        self.of(p, q, control).map(Some)
    }

    /// The measure of each row.
    ///
    /// # Errors
    ///
    /// As [`of`](Self::of).
    pub fn of_rows(
        self,
        p: ArrayView2<'_, f64>,
        q: ArrayView2<'_, f64>,
        control: &Control,
    ) -> Result<Vec<f64>, Error> {
        let (p, q) = (p.as_standard_layout(), q.as_standard_layout());
        let (rows, columns) = p.dim();
        let (p, q) = (p.as_slice().unwrap_or_default(), q.as_slice().unwrap_or_default());
        let row = |i: usize| i * columns..(i + 1) * columns;
        let found = threads::map_chunks(control, rows, 1.max(2000 / (columns + 1)), |range| {
            range.map(|i| self.of(&p[row(i)], &q[row(i)], control)).collect::<Result<Vec<f64>, _>>()
        })?;
        Ok(found.concat())
    }
}

/// Whether these are probabilities: none is negative, and they sum to 1.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn is_distribution(p: &[f64], control: &Control) -> Result<bool, Error> {
    Ok(p.iter().all(|&p| p >= 0.0) && (reduce::sum(p, control)? - 1.0).abs() <= TOLERANCE)
}

/// `-p ln p`: 0 for 0, negative infinity below it.
#[inline(always)]
pub fn entr<I: Isa>(isa: I, p: f64) -> f64 {
    let value = -p * log(isa, p);
    let value = if p == 0.0 { 0.0 } else { value };
    if p < 0.0 { f64::NEG_INFINITY } else { value }
}

/// `p ln(p / q)`: 0 where `p` is 0, infinity where that is undefined.
#[inline(always)]
pub fn rel_entr<I: Isa>(isa: I, p: f64, q: f64) -> f64 {
    // Where one is so small that the quotient might leave the range, 2^600 is taken out of it.
    let scaled = |x: f64| if x < 1e-280 { (x * TWO_600, 600.0 * LN_2) } else { (x, 0.0) };
    let ((p_scaled, p_shift), (q_scaled, q_shift)) = (scaled(p), scaled(q));
    let value = p * (log(isa, p_scaled / q_scaled) + (q_shift - p_shift));
    let value = if (p == 0.0) & (q >= 0.0) { 0.0 } else { value };
    // Only NaN compares with neither.
    if (p < 0.0) | (q < 0.0) | ((p > 0.0) & (q == 0.0)) { f64::INFINITY + p + q } else { value }
}

/// The sum of the terms of some elements.
struct Terms<'a> {
    measure: Measure,
    p: &'a [f64],
    q: &'a [f64],
    totals: (f64, f64),
}

impl Kernel for Terms<'_> {
    type Output = f64;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> f64 {
        let (p_total, q_total) = self.totals;
        match self.measure {
            Measure::Entropy => sum_of(self.p, self.q, |p, _| entr(isa, p / p_total)),
            Measure::Relative => sum_of(self.p, self.q, |p, q| rel_entr(isa, p / p_total, q / q_total)),
            Measure::JensenShannon => sum_of(self.p, self.q, |p, q| {
                let (p, q) = (p / p_total, q / q_total);
                let middle = 0.5 * (p + q);
                rel_entr(isa, p, middle) + rel_entr(isa, q, middle)
            }),
        }
    }
}

/// The sum of `term` over pairs, several sums side by side.
#[inline(always)]
fn sum_of(p: &[f64], q: &[f64], term: impl Fn(f64, f64) -> f64) -> f64 {
    let mut sums = [0.0; LANES];
    let ((p, p_rest), (q, q_rest)) = (p.as_chunks::<LANES>(), q.as_chunks::<LANES>());
    for (p, q) in p.iter().zip(q) {
        for lane in 0..LANES {
            sums[lane] += term(p[lane], q[lane]);
        }
    }
    for ((sum, &p), &q) in sums.iter_mut().zip(p_rest).zip(q_rest) {
        *sum += term(p, q);
    }
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            sums[lane] += sums[lane + width];
        }
        width /= 2;
    }
    sums[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(p: &[f64]) -> f64 {
        Measure::Entropy.of(p, p, &Control::default()).unwrap()
    }

    fn relative(p: &[f64], q: &[f64]) -> f64 {
        Measure::Relative.of(p, q, &Control::default()).unwrap()
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
        let p: Vec<f64> = (1..100_000).map(f64::from).collect();
        assert!(relative(&p, &p).abs() < 1e-15);
        assert_eq!(relative(&[1.0, 1.0], &[1.0, 0.0]), f64::INFINITY);
        assert!(Measure::Relative.of(&[1.0], &[1.0, 0.0], &Control::default()).is_err());
        let distance = |p: &[f64], q: &[f64]| Measure::JensenShannon.of(p, q, &Control::default()).unwrap();
        assert_eq!(distance(&p, &p), 0.0);
        assert!((distance(&[1.0, 0.0], &[0.0, 1.0]) - std::f64::consts::LN_2.sqrt()).abs() < 1e-15);
    }

    /// The definition, one element after the other, with the library's logarithm.
    fn defined(p: f64, q: f64) -> f64 {
        match (p > 0.0, q > 0.0) {
            _ if p.is_nan() || q.is_nan() => f64::NAN,
            (true, true) if (p / q).is_normal() => p * (p / q).ln(),
            (true, true) => p * (p.ln() - q.ln()),
            _ if p == 0.0 && q >= 0.0 => 0.0,
            _ => f64::INFINITY,
        }
    }

    #[test]
    fn terms_are_as_defined_on_every_edge_at_every_level() {
        struct Both(f64, f64);
        impl Kernel for Both {
            type Output = (f64, f64);
            fn run<I: Isa>(self, isa: I) -> (f64, f64) {
                (entr(isa, self.0), rel_entr(isa, self.0, self.1))
            }
        }
        let edges = [0.0, -0.0, 5e-324, 1e-308, 1e-3, 0.3, 1.0, 7.0, f64::INFINITY, -1.0, -5e-324, f64::NAN];
        crate::simd::at_every_level(|level| {
            for p in edges {
                let (alone, _) = dispatch(Both(p, 1.0));
                let expected = if p < 0.0 { f64::NEG_INFINITY } else { -defined(p, 1.0) };
                assert!(close(alone, expected), "-p ln p of {p}: {alone}, {level:?}");
                for q in edges.into_iter().filter(|q| q.is_finite() || p.is_finite()) {
                    let (_, term) = dispatch(Both(p, q));
                    assert!(close(term, defined(p, q)), "p ln(p / q) of {p}, {q}: {term}, {level:?}");
                }
            }
        });
    }

    fn close(x: f64, y: f64) -> bool {
        x == y || (x.is_nan() && y.is_nan()) || (x - y).abs() <= 4e-15 * y.abs().max(1e-300)
    }

    #[test]
    fn probabilities_are_not_negative_and_sum_to_one() {
        let is = |p: &[f64]| is_distribution(p, &Control::default()).unwrap();
        assert!(is(&[0.25, 0.75]) && is(&[1.0]) && is(&[0.5, 0.5 + 1e-9]));
        assert!(!(is(&[0.5, 0.6]) || is(&[-0.5, 1.5]) || is(&[f64::NAN, 1.0]) || is(&[])));
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
