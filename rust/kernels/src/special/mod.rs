//! Elementary and special functions, element by element.
//!
//! A function is written once, without branches, as `name(isa, x)`: a plain loop over it in a
//! [`Kernel`] becomes vector code, and a single call gives the same bits as that loop. Each has
//! a row in the table below, which makes the [`Elementwise`] type of its name: `Exp.at(x)` for
//! one number, `Exp.map(x, out, control)` for a slice.

mod arithmetic;
mod coefficients;
mod error_function;
mod exponential;
mod logarithm;
mod normal;

pub use error_function::{erf, erfc};
pub use exponential::exp;
pub use logarithm::log;
pub use normal::{ndtr, ndtri};

use crate::scalar::Real;
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error, threads};

/// Elements that one thread computes at a time.
const CHUNK: usize = 1 << 14;

/// A function of one real variable.
pub trait Elementwise: Copy + Send + Sync {
    /// The public name.
    const NAME: &'static str;
    /// About how long an element of a slice takes, in nanoseconds.
    const COST: usize;

    /// The value at `x`, to be inlined into a [`Kernel`].
    fn value<I: Isa>(self, isa: I, x: f64) -> f64;

    /// The value at `x`.
    #[inline]
    fn at(self, x: f64) -> f64 {
        dispatch(One { function: self, x })
    }

    /// Writes the values at each of `x` to `out`, which is as long. float32 is computed in
    /// float64 and rounded.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] if the lengths differ, or [`Error::Stopped`].
    fn map<T: Real>(self, x: &[T], out: &mut [T], control: &Control) -> Result<(), Error> {
        if x.len() != out.len() {
            let expected = format!("{} elements, as many as `x` has", x.len());
            return Err(Error::Shape { argument: "out", expected, got: vec![out.len()] });
        }
        threads::for_chunks(control, out, CHUNK, |index, out| {
            let start = index * CHUNK;
            dispatch(Map { function: self, x: &x[start..start + out.len()], out });
            Ok(())
        })
    }
}

struct One<F> {
    function: F,
    x: f64,
}

impl<F: Elementwise> Kernel for One<F> {
    type Output = f64;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> f64 {
        self.function.value(isa, self.x)
    }
}

struct Map<'a, F, T> {
    function: F,
    x: &'a [T],
    out: &'a mut [T],
}

impl<F: Elementwise, T: Real> Kernel for Map<'_, F, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        for (x, out) in self.x.iter().zip(self.out) {
            *out = T::from_f64(self.function.value(isa, x.to_f64()));
        }
    }
}

macro_rules! functions {
    ($($(#[$doc:meta])* $Name:ident $name:ident $cost:literal;)+) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $Name;

        impl Elementwise for $Name {
            const NAME: &'static str = stringify!($name);
            const COST: usize = $cost;

            #[inline(always)]
            fn value<I: Isa>(self, isa: I, x: f64) -> f64 {
                $name(isa, x)
            }
        }
    )+ };
}

functions! {
    /// [`exp`].
    Exp exp 2;
    /// [`log`].
    Log log 3;
    /// [`erf`].
    Erf erf 8;
    /// [`erfc`].
    Erfc erfc 8;
    /// [`ndtr`].
    Ndtr ndtr 8;
    /// [`ndtri`].
    Ndtri ndtri 12;
}

#[cfg(test)]
mod tests;
