//! Distributions and tables of probabilities.
//!
//! A family is a file that defines it, and a row of [`families!`] below, which is all that the
//! other levels know it by.

pub mod distribution;
pub mod evaluate;
pub mod tables;

pub mod bernoulli;
pub mod exponential;
pub mod normal;

#[cfg(test)]
mod law_tests;

use crate::scalar::Real;
use crate::{Control, Error};
use distribution::Distribution;
use evaluate::{Question, Summary, density};

/// Makes [`Family`] and its questions of the list of families.
macro_rules! families {
    ($($kind:ident $name:literal => $module:ident::$Type:ident($($parameter:ident),+);)+) => {
        /// A family of distributions, without parameters.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Family {
            $(#[doc = $name] $Type),+
        }

        /// The name of each family, with those of its parameters.
        pub const FAMILIES: &[(&str, &[&str])] = &[$(($name, &[$(stringify!($parameter)),+])),+];

        impl Family {
            const NAMES: &[&str] = &[$($name),+];

            /// The family of this name.
            ///
            /// # Errors
            ///
            /// [`Error::Choice`] if there is none.
            pub fn named(name: &str) -> Result<Self, Error> {
                match name {
                    $($name => Ok(Self::$Type),)+
                    _ => Err(Error::Choice { argument: "family", expected: Self::NAMES, got: name.into() }),
                }
            }

            /// Nanoseconds that an answer takes, about.
            pub fn cost(self) -> usize {
                match self { $(Self::$Type => $module::$Type::COST),+ }
            }

            /// Refuses parameters that the mathematics does not allow; element `i` of each belongs to
            /// distribution `i`.
            ///
            /// # Errors
            ///
            /// [`Error::Domain`], of the first that is not allowed.
            pub fn check(self, parameters: &[&[f64]]) -> Result<(), Error> {
                match self { $(Self::$Type => $module::$Type::each(parameters)?.try_for_each(|d| d.check())),+ }
            }

            /// Answers of the distribution with these parameters about each of `x`.
            ///
            /// # Errors
            ///
            /// [`Error::Value`] for a wrong number of parameters; [`Error::Stopped`].
            pub fn ask<T: Real>(
                self, question: Question, parameters: &[f64], x: &[T], out: &mut [T], control: &Control,
            ) -> Result<(), Error> {
                match self {
                    $(Self::$Type => {
                        evaluate::ask($module::$Type::of(parameters)?, question, x, out, control)
                    })+
                }
            }

            /// Answers about each of `x`, element `i` of the distribution with the parameters `i`.
            ///
            /// # Errors
            ///
            /// [`Error::Value`] for a wrong number of parameters; [`Error::Stopped`].
            pub fn ask_each<T: Real>(
                self, question: Question, parameters: &[&[f64]], x: &[T], out: &mut [T], control: &Control,
            ) -> Result<(), Error> {
                match self {
                    $(Self::$Type => {
                        let [$($parameter),+] = *exactly(parameters)?;
                        let one = |i: usize| $module::$Type { $($parameter: $parameter[i]),+ };
                        evaluate::ask_each(one, question, x, out, control)
                    })+
                }
            }

            /// A summary of each distribution.
            ///
            /// # Errors
            ///
            /// [`Error::Value`] for a wrong number of parameters.
            pub fn summarise(self, summary: Summary, parameters: &[&[f64]]) -> Result<Vec<f64>, Error> {
                match self {
                    $(Self::$Type => {
                        Ok($module::$Type::each(parameters)?.map(|d| summary.of(d)).collect())
                    })+
                }
            }

            /// The Kullback–Leibler divergence in nats, of the distributions with `parameters` from
            /// those with `others`, pair by pair.
            ///
            /// # Errors
            ///
            /// [`Error::Value`] for a wrong number of parameters.
            pub fn kl(self, parameters: &[&[f64]], others: &[&[f64]]) -> Result<Vec<f64>, Error> {
                match self {
                    $(Self::$Type => {
                        let others = $module::$Type::each(others)?;
                        Ok($module::$Type::each(parameters)?.zip(others).map(|(d, other)| d.kl(other)).collect())
                    })+
                }
            }

            /// The parameters under which `sample` is most likely.
            ///
            /// # Errors
            ///
            /// [`Error::Empty`] without a sample, [`Error::Value`] where the family can't have drawn it,
            /// [`Error::Stopped`].
            pub fn fit(self, sample: &[f64], control: &Control) -> Result<Vec<f64>, Error> {
                if sample.is_empty() {
                    return Err(Error::Empty { argument: "data" });
                }
                match self {
                    $(Self::$Type => {
                        let $module::$Type { $($parameter),+ } = $module::$Type::fit(sample, control)?;
                        Ok(vec![$($parameter),+])
                    })+
                }
            }
        }

        $(
            density!($kind $module::$Type);

            impl $module::$Type {
                fn of(parameters: &[f64]) -> Result<Self, Error> {
                    let [$($parameter),+] = *exactly(parameters)?;
                    Ok(Self { $($parameter),+ })
                }

                fn each(parameters: &[&[f64]]) -> Result<impl Iterator<Item = Self>, Error> {
                    let [$($parameter),+] = *exactly(parameters)?;
                    let count = [$($parameter.len()),+].into_iter().min().unwrap_or(0);
                    Ok((0..count).map(move |i| Self { $($parameter: $parameter[i]),+ }))
                }
            }
        )+

        #[cfg(test)]
        mod every_law_holds_for {
            $(
                #[test]
                fn $module() {
                    super::law_tests::$kind::<super::$module::$Type>();
                }
            )+
        }
    };
}

families! {
    continuous "normal" => normal::Normal(mean, std);
    continuous "exponential" => exponential::Exponential(rate);
    discrete "bernoulli" => bernoulli::Bernoulli(p);
}

/// `parameters` as an array, or the error that says how many there should be.
fn exactly<T, const N: usize>(parameters: &[T]) -> Result<&[T; N], Error> {
    parameters.try_into().map_err(|_| Error::Value {
        argument: "parameters",
        message: format!("expected {N}, got {}", parameters.len()),
    })
}
