//! Distributions asked about arrays: of one distribution many answers, or one each of many.

use super::distribution::Distribution;
use crate::scalar::Real;
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error, threads};

/// What may be asked of a distribution for every `x` (or `p`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// `pdf`, or `pmf`.
    Density,
    /// `logpdf`, or `logpmf`.
    LogDensity,
    /// The probability of at most `x`.
    Cdf,
    /// Its logarithm.
    Logcdf,
    /// The probability of more than `x`.
    Sf,
    /// Its logarithm.
    Logsf,
    /// The inverse of `Cdf`.
    Ppf,
    /// The inverse of `Sf`.
    Isf,
}

impl Question {
    const NAMES: &[&str] = &["pdf", "pmf", "logpdf", "logpmf", "cdf", "logcdf", "sf", "logsf", "ppf", "isf"];

    /// The question of this name.
    ///
    /// # Errors
    ///
    /// [`Error::Choice`] if there is none.
    pub fn named(name: &str) -> Result<Self, Error> {
        Ok(match name {
            "pdf" | "pmf" => Self::Density,
            "logpdf" | "logpmf" => Self::LogDensity,
            "cdf" => Self::Cdf,
            "logcdf" => Self::Logcdf,
            "sf" => Self::Sf,
            "logsf" => Self::Logsf,
            "ppf" => Self::Ppf,
            "isf" => Self::Isf,
            _ => return Err(Error::Choice { argument: "question", expected: Self::NAMES, got: name.into() }),
        })
    }
}

/// What may be asked of a distribution as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Summary {
    /// The expectation.
    Mean,
    /// The variance.
    Var,
    /// The third standardised moment.
    Skewness,
    /// The fourth standardised moment, less 3.
    Kurtosis,
    /// The most likely value.
    Mode,
    /// The entropy in nats.
    Entropy,
}

impl Summary {
    const NAMES: &[&str] = &["mean", "var", "skewness", "kurtosis", "mode", "entropy"];

    /// The summary of this name.
    ///
    /// # Errors
    ///
    /// [`Error::Choice`] if there is none.
    pub fn named(name: &str) -> Result<Self, Error> {
        Ok(match name {
            "mean" => Self::Mean,
            "var" => Self::Var,
            "skewness" => Self::Skewness,
            "kurtosis" => Self::Kurtosis,
            "mode" => Self::Mode,
            "entropy" => Self::Entropy,
            _ => return Err(Error::Choice { argument: "summary", expected: Self::NAMES, got: name.into() }),
        })
    }

    /// The answer of `distribution`; NaN where its parameters are impossible.
    pub fn of(self, distribution: impl Distribution) -> f64 {
        if distribution.is_impossible() {
            return f64::NAN;
        }
        match self {
            Self::Mean => distribution.mean(),
            Self::Var => distribution.var(),
            Self::Skewness => distribution.skewness(),
            Self::Kurtosis => distribution.kurtosis(),
            Self::Mode => distribution.mode(),
            Self::Entropy => distribution.entropy(),
        }
    }
}

/// A density or the probabilities of whole numbers, under one name: written by `families!`.
pub trait Density: Distribution {
    /// `pdf` or `pmf`.
    fn density<I: Isa>(self, isa: I, x: f64) -> f64;
    /// `logpdf` or `logpmf`.
    fn log_density<I: Isa>(self, isa: I, x: f64) -> f64;
}

/// Makes a [`Density`] of what a family calls its own.
macro_rules! density {
    (continuous $Type:ty) => {
        density!($Type: $crate::probability::distribution::Continuous, pdf, logpdf);
    };
    (discrete $Type:ty) => {
        density!($Type: $crate::probability::distribution::Discrete, pmf, logpmf);
    };
    ($Type:ty: $Trait:path, $density:ident, $log:ident) => {
        impl $crate::probability::evaluate::Density for $Type {
            #[inline(always)]
            fn density<I: $crate::simd::Isa>(self, isa: I, x: f64) -> f64 {
                <Self as $Trait>::$density(self, isa, x)
            }
            #[inline(always)]
            fn log_density<I: $crate::simd::Isa>(self, isa: I, x: f64) -> f64 {
                <Self as $Trait>::$log(self, isa, x)
            }
        }
    };
}
pub(super) use density;

/// Elements that one thread answers before it asks whether to go on.
const CHUNK: usize = 1 << 14;
/// Elements that are computed at a time, in f64, on the stack.
const BLOCK: usize = 128;

/// Answers of one distribution about each of `x`; NaN where its parameters are impossible.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn ask<D: Density, T: Real>(
    distribution: D,
    question: Question,
    x: &[T],
    out: &mut [T],
    control: &Control,
) -> Result<(), Error> {
    if distribution.is_impossible() {
        out.fill(T::NAN);
        return Ok(());
    }
    in_blocks(x, out, control, |_, values| dispatch(One { distribution, question, values }))
}

/// Answers about each of `x`, element `i` from `distribution(i)`.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn ask_each<D: Density, T: Real>(
    distribution: impl Fn(usize) -> D + Sync,
    question: Question,
    x: &[T],
    out: &mut [T],
    control: &Control,
) -> Result<(), Error> {
    in_blocks(x, out, control, |first, values| {
        dispatch(Each { distribution: |i| distribution(first + i), question, values });
    })
}

/// Hands `x` to `work` as f64, a block at a time with the index of its first element, and
/// writes to `out` what `work` makes of it.
fn in_blocks<T: Real>(
    x: &[T],
    out: &mut [T],
    control: &Control,
    work: impl Fn(usize, &mut [f64]) + Sync,
) -> Result<(), Error> {
    threads::for_chunks(control, out, CHUNK, |index, out| {
        let mut block = [0.0; BLOCK];
        let mut first = index * CHUNK;
        for out in out.chunks_mut(BLOCK) {
            let values = &mut block[..out.len()];
            values.iter_mut().zip(&x[first..]).for_each(|(value, x)| *value = x.to_f64());
            work(first, values);
            out.iter_mut().zip(values).for_each(|(out, value)| *out = T::from_f64(*value));
            first += BLOCK;
        }
        Ok(())
    })
}

struct One<'a, D> {
    distribution: D,
    question: Question,
    values: &'a mut [f64],
}

impl<D: Density> Kernel for One<'_, D> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { distribution, question, values } = self;
        // The question is a constant within each arm, so that each is a loop without branches.
        macro_rules! loops {
            ($($Question:ident)+) => { match question {
                $(Question::$Question => for x in values {
                    *x = answer(distribution, Question::$Question, isa, *x);
                })+
            } };
        }
        loops!(Density LogDensity Cdf Logcdf Sf Logsf Ppf Isf);
    }
}

struct Each<'a, F> {
    distribution: F,
    question: Question,
    values: &'a mut [f64],
}

impl<D: Density, F: Fn(usize) -> D> Kernel for Each<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        for (i, x) in self.values.iter_mut().enumerate() {
            let distribution = (self.distribution)(i);
            *x = if distribution.is_impossible() {
                f64::NAN
            } else {
                answer(distribution, self.question, isa, *x)
            };
        }
    }
}

#[inline(always)]
fn answer<D: Density, I: Isa>(distribution: D, question: Question, isa: I, x: f64) -> f64 {
    match question {
        Question::Density => distribution.density(isa, x),
        Question::LogDensity => distribution.log_density(isa, x),
        Question::Cdf => distribution.cdf(isa, x),
        Question::Logcdf => distribution.logcdf(isa, x),
        Question::Sf => distribution.sf(isa, x),
        Question::Logsf => distribution.logsf(isa, x),
        Question::Ppf => distribution.ppf(isa, x),
        Question::Isf => distribution.isf(isa, x),
    }
}
