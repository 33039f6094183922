//! The normal (Gaussian) distribution.

use super::distribution::{Continuous, Distribution, require};
use crate::simd::Isa;
use crate::stats::moments::Moments;
use crate::{Control, Error, special};
use std::f64::consts::{E, TAU};

/// 1 / √(2π)
const PEAK: f64 = 0.398_942_280_401_432_7;
/// ln √(2π)
const LOG_ROOT_2_PI: f64 = 0.918_938_533_204_672_8;

/// The normal distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normal {
    /// Its centre.
    pub mean: f64,
    /// The standard deviation.
    pub std: f64,
}

impl Normal {
    /// How many standard deviations `x` lies above the mean.
    #[inline(always)]
    fn standard(self, x: f64) -> f64 {
        (x - self.mean) / self.std
    }
}

impl Continuous for Normal {
    #[inline(always)]
    fn logpdf<I: Isa>(self, isa: I, x: f64) -> f64 {
        let z = self.standard(x);
        -0.5 * (z * z) - (special::log(isa, self.std) + LOG_ROOT_2_PI)
    }

    // exp(logpdf) would turn the rounding of a large square into as many lost digits.
    #[inline(always)]
    fn pdf<I: Isa>(self, isa: I, x: f64) -> f64 {
        let z = self.standard(x).abs();
        let z = if z > 40.0 { 40.0 } else { z };
        let square = z * z;
        // What the square lacks; 0 where the instruction set can't tell.
        let rest = isa.mul_add(z, z, -square);
        let bell = special::exp(isa, -0.5 * square);
        isa.mul_add(bell, -0.5 * rest, bell) * (PEAK / self.std)
    }
}

impl Distribution for Normal {
    const COST: usize = 10;

    fn check(self) -> Result<(), Error> {
        require("mean", self.mean, "finite", self.mean.is_finite())?;
        require("std", self.std, "> 0 and finite", self.std > 0.0 && self.std.is_finite())
    }

    #[inline(always)]
    fn is_impossible(self) -> bool {
        !(self.std > 0.0) || self.mean.is_nan()
    }

    #[inline(always)]
    fn cdf<I: Isa>(self, isa: I, x: f64) -> f64 {
        special::ndtr(isa, self.standard(x))
    }

    #[inline(always)]
    fn ppf<I: Isa>(self, isa: I, p: f64) -> f64 {
        isa.mul_add(self.std, special::ndtri(isa, p), self.mean)
    }

    #[inline(always)]
    fn sf<I: Isa>(self, isa: I, x: f64) -> f64 {
        special::ndtr(isa, -self.standard(x))
    }

    #[inline(always)]
    fn logcdf<I: Isa>(self, isa: I, x: f64) -> f64 {
        special::log_ndtr(isa, self.standard(x))
    }

    #[inline(always)]
    fn logsf<I: Isa>(self, isa: I, x: f64) -> f64 {
        special::log_ndtr(isa, -self.standard(x))
    }

    #[inline(always)]
    fn isf<I: Isa>(self, isa: I, q: f64) -> f64 {
        isa.mul_add(-self.std, special::ndtri(isa, q), self.mean)
    }

    fn mean(self) -> f64 {
        self.mean
    }

    fn var(self) -> f64 {
        self.std * self.std
    }

    fn skewness(self) -> f64 {
        0.0
    }

    fn kurtosis(self) -> f64 {
        0.0
    }

    fn mode(self) -> f64 {
        self.mean
    }

    fn entropy(self) -> f64 {
        0.5 * (TAU * E).ln() + self.std.ln()
    }

    fn kl(self, other: Self) -> f64 {
        let distance = (self.mean - other.mean) / other.std;
        // Of the ratio of the deviations, less 1: its digits survive where they are nearly equal.
        let excess = (self.std - other.std) / other.std;
        (excess - excess.ln_1p()) + 0.5 * (excess * excess + distance * distance)
    }

    fn fit(sample: &[f64], control: &Control) -> Result<Self, Error> {
        let moments = Moments::of(sample, control)?;
        let (mean, std) = (moments.mean(), moments.variance(0.0).sqrt());
        if !mean.is_finite() {
            let message = format!("expected finite numbers, got a mean of {mean}");
            return Err(Error::Value { argument: "data", message });
        }
        Ok(Self { mean, std })
    }

    #[cfg(test)]
    fn examples() -> Vec<Self> {
        [(0.0, 1.0), (-3.0, 0.25), (1e6, 2.0), (1e-5, 1e-3)].map(|(mean, std)| Self { mean, std }).to_vec()
    }
}
