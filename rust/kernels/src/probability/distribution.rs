//! What a family of distributions must say of itself, and what follows from that.
//!
//! Three methods define a family: `logpdf` (or `logpmf`), `cdf` and `ppf`. All others have a
//! default made of them, which a family overrides where the default loses digits, as
//! `1 - cdf(x)` does in the upper tail.
//!
//! Methods are compiled once per instruction set: mark them `#[inline(always)]`, and write
//! them without branches, so that they are computed for several `x` at once.

use crate::simd::Isa;
use crate::{Control, Error, special};

/// A distribution with its parameters, whatever it is a distribution of.
pub trait Distribution: Copy + Send + Sync {
    /// Nanoseconds that an answer takes, about.
    const COST: usize;

    /// Whether the parameters are what the mathematics allows.
    ///
    /// # Errors
    ///
    /// [`Error::Domain`], of the first that is not.
    fn check(self) -> Result<(), Error>;

    /// Whether no answer exists: where parameters may be anything, answers are NaN then.
    #[inline(always)]
    fn is_impossible(self) -> bool {
        self.check().is_err()
    }

    /// The probability of at most `x`.
    fn cdf<I: Isa>(self, isa: I, x: f64) -> f64;

    /// The smallest `x` with `cdf(x) >= p`: the inverse of `cdf`. NaN for `p` outside 0 to 1.
    fn ppf<I: Isa>(self, isa: I, p: f64) -> f64;

    /// The probability of more than `x`.
    #[inline(always)]
    fn sf<I: Isa>(self, isa: I, x: f64) -> f64 {
        1.0 - self.cdf(isa, x)
    }

    /// The logarithm of `cdf(x)`.
    #[inline(always)]
    fn logcdf<I: Isa>(self, isa: I, x: f64) -> f64 {
        special::log(isa, self.cdf(isa, x))
    }

    /// The logarithm of `sf(x)`.
    #[inline(always)]
    fn logsf<I: Isa>(self, isa: I, x: f64) -> f64 {
        special::log(isa, self.sf(isa, x))
    }

    /// The smallest `x` with `sf(x) <= q`: the inverse of `sf`.
    #[inline(always)]
    fn isf<I: Isa>(self, isa: I, q: f64) -> f64 {
        self.ppf(isa, 1.0 - q)
    }

    /// The expectation.
    fn mean(self) -> f64;
    /// The expected squared distance from the mean.
    fn var(self) -> f64;
    /// The third standardised moment.
    fn skewness(self) -> f64;
    /// The fourth standardised moment, less the normal distribution's 3.
    fn kurtosis(self) -> f64;
    /// The value of the largest density or probability; the smallest such.
    fn mode(self) -> f64;
    /// The entropy in nats: of a continuous distribution the differential one.
    fn entropy(self) -> f64;

    /// The Kullback–Leibler divergence from `other` to this, in nats.
    fn kl(self, other: Self) -> f64;

    /// The parameters under which `sample` is most likely.
    ///
    /// # Errors
    ///
    /// [`Error::Value`] where the family can't have drawn such a sample; [`Error::Stopped`].
    fn fit(sample: &[f64], control: &Control) -> Result<Self, Error>;

    /// Distributions on which the laws are tested, the awkward ones among them.
    #[cfg(test)]
    fn examples() -> Vec<Self>;
}

/// A distribution with a density.
pub trait Continuous: Distribution {
    /// The logarithm of the density.
    fn logpdf<I: Isa>(self, isa: I, x: f64) -> f64;

    /// The density.
    #[inline(always)]
    fn pdf<I: Isa>(self, isa: I, x: f64) -> f64 {
        special::exp(isa, self.logpdf(isa, x))
    }
}

/// A distribution of whole numbers.
pub trait Discrete: Distribution {
    /// The logarithm of the probability of `x` itself; -inf where `x` is not whole.
    fn logpmf<I: Isa>(self, isa: I, x: f64) -> f64;

    /// The probability of `x` itself.
    #[inline(always)]
    fn pmf<I: Isa>(self, isa: I, x: f64) -> f64 {
        special::exp(isa, self.logpmf(isa, x))
    }
}

/// The parameter `argument`, or an error that says what it must be.
///
/// # Errors
///
/// [`Error::Domain`] unless `holds`.
#[inline(always)]
pub fn require(argument: &'static str, got: f64, must_be: &'static str, holds: bool) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(Error::Domain { argument, must_be, got }) }
}
