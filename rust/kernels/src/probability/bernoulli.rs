//! The Bernoulli distribution: 1 with probability `p`, else 0.

use super::distribution::{Discrete, Distribution, require};
use crate::simd::Isa;
use crate::stats::moments::Moments;
use crate::{Control, Error};

/// The distribution of one toss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bernoulli {
    /// The probability of 1.
    pub p: f64,
}

impl Distribution for Bernoulli {
    const COST: usize = 2;

    #[inline(always)]
    fn check(self) -> Result<(), Error> {
        require("p", self.p, "between 0 and 1", (0.0..=1.0).contains(&self.p))
    }

    #[inline(always)]
    fn cdf<I: Isa>(self, _: I, x: f64) -> f64 {
        step(x, 0.0, 1.0 - self.p, 1.0)
    }

    #[inline(always)]
    fn sf<I: Isa>(self, _: I, x: f64) -> f64 {
        step(x, 1.0, self.p, 0.0)
    }

    #[inline(always)]
    fn logcdf<I: Isa>(self, _: I, x: f64) -> f64 {
        step(x, f64::NEG_INFINITY, (-self.p).ln_1p(), 0.0)
    }

    #[inline(always)]
    fn logsf<I: Isa>(self, _: I, x: f64) -> f64 {
        step(x, 0.0, self.p.ln(), f64::NEG_INFINITY)
    }

    #[inline(always)]
    fn ppf<I: Isa>(self, _: I, p: f64) -> f64 {
        let inside = if p <= 1.0 - self.p { 0.0 } else { 1.0 };
        // No number is so small that nothing is below it, so p = 0 has the one before the first.
        let x = if p == 0.0 { -1.0 } else { inside };
        let x = if p == 1.0 { 1.0 } else { x };
        if (0.0..=1.0).contains(&p) { x } else { f64::NAN }
    }

    #[inline(always)]
    fn isf<I: Isa>(self, _: I, q: f64) -> f64 {
        let inside = if q >= self.p { 0.0 } else { 1.0 };
        let x = if q == 1.0 { -1.0 } else { inside };
        let x = if q == 0.0 { 1.0 } else { x };
        if (0.0..=1.0).contains(&q) { x } else { f64::NAN }
    }

    fn mean(self) -> f64 {
        self.p
    }

    fn var(self) -> f64 {
        self.p * (1.0 - self.p)
    }

    // A coin that always falls alike has no shape.
    fn skewness(self) -> f64 {
        if self.var() > 0.0 { (1.0 - 2.0 * self.p) / self.var().sqrt() } else { f64::NAN }
    }

    fn kurtosis(self) -> f64 {
        if self.var() > 0.0 { (1.0 - 6.0 * self.var()) / self.var() } else { f64::NAN }
    }

    fn mode(self) -> f64 {
        if self.p > 0.5 { 1.0 } else { 0.0 }
    }

    fn entropy(self) -> f64 {
        let of = |p: f64, log: f64| if p == 0.0 { 0.0 } else { -p * log };
        of(self.p, self.p.ln()) + of(1.0 - self.p, (-self.p).ln_1p())
    }

    fn kl(self, other: Self) -> f64 {
        let (p, q) = (self.p, other.p);
        // Near p = q the two terms cancel: the logarithm of 1 + a difference keeps its digits.
        let term = |p: f64, q: f64, difference: f64| match difference / p {
            _ if p == 0.0 => 0.0,
            ratio if ratio.abs() < 0.5 => -p * ratio.ln_1p(),
            _ => p * (p.ln() - q.ln()),
        };
        (term(p, q, q - p) + term(1.0 - p, 1.0 - q, p - q)).max(0.0)
    }

    fn fit(sample: &[f64], control: &Control) -> Result<Self, Error> {
        if let Some(odd) = sample.iter().find(|&&x| x != 0.0 && x != 1.0) {
            let message = format!("expected zeros and ones, got {odd}");
            return Err(Error::Value { argument: "data", message });
        }
        Ok(Self { p: Moments::of(sample, control)?.mean() })
    }

    #[cfg(test)]
    fn examples() -> Vec<Self> {
        [0.0, 1e-300, 0.3, 0.5, 0.7, 1.0].map(|p| Self { p }).to_vec()
    }
}

impl Discrete for Bernoulli {
    #[inline(always)]
    fn logpmf<I: Isa>(self, _: I, k: f64) -> f64 {
        toss(k, (-self.p).ln_1p(), self.p.ln(), f64::NEG_INFINITY)
    }

    #[inline(always)]
    fn pmf<I: Isa>(self, _: I, k: f64) -> f64 {
        toss(k, 1.0 - self.p, self.p, 0.0)
    }
}

/// `before` for x < 0, `between` up to 1, `after` from there on; NaN stays.
#[inline(always)]
fn step(x: f64, before: f64, between: f64, after: f64) -> f64 {
    let value = if x < 0.0 { before } else { between };
    let value = if x >= 1.0 { after } else { value };
    if x.is_nan() { f64::NAN } else { value }
}

/// `tails` for 0, `heads` for 1, else `other`; NaN stays.
#[inline(always)]
fn toss(k: f64, tails: f64, heads: f64, other: f64) -> f64 {
    let value = if k == 0.0 { tails } else { other };
    let value = if k == 1.0 { heads } else { value };
    if k.is_nan() { f64::NAN } else { value }
}
