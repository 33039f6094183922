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
mod hyperbolic;
mod inverse;
mod logarithm;
mod logistic;
mod normal;
mod trigonometric;

pub use error_function::{erf, erfc};
pub use exponential::exp;
pub use hyperbolic::{arccosh, arcsinh, arctanh, cosh, expm1, sinh, tanh};
pub use inverse::{arccos, arcsin, arctan};
pub use logarithm::{log, log1p};
pub use logistic::softplus;
pub use normal::{log_ndtr, ndtr, ndtri};
pub use trigonometric::{cos, sin, tan};

use crate::scalar::Real;
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error, threads};

/// Elements that one thread computes at a time.
const CHUNK: usize = 1 << 14;

/// Elements among which one that is out of the ordinary slows the others down.
const BLOCK: usize = 1 << 9;

/// A function of one real variable.
pub trait Elementwise: Copy + Send + Sync {
    /// The public name.
    const NAME: &'static str;
    /// About how long an element of a slice takes, in nanoseconds.
    const COST: usize;
    /// The value at `x`.
    fn value<I: Isa>(self, isa: I, x: f64) -> f64;

    /// Whether [`fast`](Self::fast) is good at `x`.
    #[inline(always)]
    fn ordinary(self, _x: f64) -> bool {
        true
    }

    /// The value at an [`ordinary`](Self::ordinary) `x`, with the same bits, without a branch.
    #[inline(always)]
    fn fast<I: Isa>(self, isa: I, x: f64) -> f64 {
        self.value(isa, x)
    }

    /// The values at each of `x`, within a [`Kernel`]; `out` must be as long.
    #[inline(always)]
    fn fill<I: Isa, T: Real>(self, isa: I, x: &[T], out: &mut [T]) {
        for (x, out) in x.chunks(BLOCK).zip(out.chunks_mut(BLOCK)) {
            // One thing per loop: the compiler then makes vector code of each.
            if x.iter().fold(true, |all, x| all & self.ordinary(x.to_f64())) {
                for (x, out) in x.iter().zip(out) {
                    *out = T::from_f64(self.fast(isa, x.to_f64()));
                }
            } else {
                for (x, out) in x.iter().zip(out) {
                    *out = T::from_f64(self.value(isa, x.to_f64()));
                }
            }
        }
    }

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
        self.function.fill(isa, self.x, self.out);
    }
}

/// `√x`, rounded once.
#[inline(always)]
pub fn sqrt<I: Isa>(_: I, x: f64) -> f64 {
    x.sqrt()
}

macro_rules! functions {
    ($($Name:ident $name:ident $cost:literal $($fast:path, $ordinary:path)? $(, $fill:path)?;)+) => { $(
        #[doc = concat!("[`", stringify!($name), "`].")]
        #[derive(Clone, Copy, Debug)]
        pub struct $Name;

        impl Elementwise for $Name {
            const NAME: &'static str = stringify!($name);
            const COST: usize = $cost;

            #[inline(always)]
            fn value<I: Isa>(self, isa: I, x: f64) -> f64 {
                $name(isa, x)
            }
            $(
                #[inline(always)]
                fn ordinary(self, x: f64) -> bool {
                    $ordinary(x)
                }

                #[inline(always)]
                fn fast<I: Isa>(self, isa: I, x: f64) -> f64 {
                    $fast(isa, x)
                }
            )?
            $(
                #[inline(always)]
                fn fill<I: Isa, T: Real>(self, isa: I, x: &[T], out: &mut [T]) {
                    $fill(isa, x, out);
                }
            )?
        }
    )+ };
}

/// Hands the rows of all functions of one argument to the macro `$then`: name of the type, name,
/// cost per element in nanoseconds, and where there are, the form for ordinary arguments with the
/// test for it, and a loop of its own. The binding makes its functions from the same rows.
// Costs were measured with AVX2, 256 bits in two halves.
#[macro_export]
macro_rules! for_each_function {
    ($then:ident) => {
        $then! {
            Exp exp 3 exponential::small_exp, exponential::is_small;
            Log log 4 logarithm::positive_log, logarithm::is_positive;
            Expm1 expm1 4;
            Log1p log1p 6;
            Softplus softplus 10;
            Sqrt sqrt 1;
            Sin sin 6 trigonometric::small_sin, trigonometric::is_small;
            Cos cos 6 trigonometric::small_cos, trigonometric::is_small;
            Tan tan 8 trigonometric::small_tan, trigonometric::is_small;
            Arcsin arcsin 6;
            Arccos arccos 6;
            Arctan arctan 6;
            Sinh sinh 6;
            Cosh cosh 6;
            Tanh tanh 6;
            Arcsinh arcsinh 10;
            Arccosh arccosh 12;
            Arctanh arctanh 10;
            Erf erf 12;
            Erfc erfc 10;
            Ndtr ndtr 10;
            Ndtri ndtri 24, normal::fill_ndtri;
            LogNdtr log_ndtr 20;
        }
    };
}

for_each_function!(functions);

#[cfg(test)]
mod tests;
