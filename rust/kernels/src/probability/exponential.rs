//! The exponential distribution: the waiting time for an event that comes at a constant rate.

use super::distribution::{Continuous, Distribution, require};
use crate::simd::Isa;
use crate::stats::moments::Moments;
use crate::{Control, Error, special};
use std::f64::consts::LN_2;

/// The exponential distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exponential {
    /// Events per unit of time.
    pub rate: f64,
}

impl Continuous for Exponential {
    #[inline(always)]
    fn logpdf<I: Isa>(self, isa: I, x: f64) -> f64 {
        let value = special::log(isa, self.rate) - self.rate * x;
        if x < 0.0 { f64::NEG_INFINITY } else { value }
    }
}

impl Distribution for Exponential {
    const COST: usize = 6;

    fn check(self) -> Result<(), Error> {
        require("rate", self.rate, "> 0 and finite", self.rate > 0.0 && self.rate.is_finite())
    }

    #[inline(always)]
    fn cdf<I: Isa>(self, isa: I, x: f64) -> f64 {
        let value = -special::expm1(isa, -self.rate * x);
        if x < 0.0 { 0.0 } else { value }
    }

    #[inline(always)]
    fn ppf<I: Isa>(self, isa: I, p: f64) -> f64 {
        let value = -special::log1p(isa, -p) / self.rate;
        if (0.0..=1.0).contains(&p) { value } else { f64::NAN }
    }

    #[inline(always)]
    fn sf<I: Isa>(self, isa: I, x: f64) -> f64 {
        let value = special::exp(isa, -self.rate * x);
        if x < 0.0 { 1.0 } else { value }
    }

    #[inline(always)]
    fn logcdf<I: Isa>(self, isa: I, x: f64) -> f64 {
        let t = self.rate * x;
        // Whichever of 1 and e^-t is smaller decides where digits would be lost.
        let near = special::log(isa, -special::expm1(isa, -t));
        let far = special::log1p(isa, -special::exp(isa, -t));
        let value = if t < LN_2 { near } else { far };
        let value = if x < 0.0 { f64::NEG_INFINITY } else { value };
        if x.is_nan() { x } else { value }
    }

    #[inline(always)]
    fn logsf<I: Isa>(self, _: I, x: f64) -> f64 {
        if x < 0.0 { 0.0 } else { -self.rate * x }
    }

    #[inline(always)]
    fn isf<I: Isa>(self, isa: I, q: f64) -> f64 {
        let value = -special::log(isa, q) / self.rate;
        if (0.0..=1.0).contains(&q) { value } else { f64::NAN }
    }

    fn mean(self) -> f64 {
        1.0 / self.rate
    }

    fn var(self) -> f64 {
        self.mean() * self.mean()
    }

    fn skewness(self) -> f64 {
        2.0
    }

    fn kurtosis(self) -> f64 {
        6.0
    }

    fn mode(self) -> f64 {
        0.0
    }

    fn entropy(self) -> f64 {
        1.0 - self.rate.ln()
    }

    fn kl(self, other: Self) -> f64 {
        let excess = (other.rate - self.rate) / self.rate;
        excess - excess.ln_1p()
    }

    fn fit(sample: &[f64], control: &Control) -> Result<Self, Error> {
        if let Some(odd) = sample.iter().find(|&&x| !(x >= 0.0 && x.is_finite())) {
            let message = format!("expected finite numbers >= 0, got {odd}");
            return Err(Error::Value { argument: "data", message });
        }
        Ok(Self { rate: 1.0 / Moments::of(sample, control)?.mean() })
    }

    #[cfg(test)]
    fn examples() -> Vec<Self> {
        [1e-5, 0.1, 1.0, 25.0].map(|rate| Self { rate }).to_vec()
    }
}
