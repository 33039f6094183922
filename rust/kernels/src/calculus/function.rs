//! THE TABLE of elementary functions.
//!
//! A row holds all that the rest of the crate knows of a function: its names, its value and
//! its slope. Numbers, blocks of numbers, the instructions of a program and symbolic
//! expressions all read this table and nothing else, so a new function is a new row.

use crate::simd::{Isa, Kernel, dispatch};
use crate::special::{self, Elementwise};
use std::fmt;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// What a slope is written in: numbers, values of a program, or symbolic expressions.
///
/// One row of the table serves all of them, because each knows how to add, multiply and call.
pub trait Algebra:
    Clone + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    /// An integer, in the same program or graph as `self`.
    fn number(&self, value: i64) -> Self;
    /// The circle's constant, in the same program or graph as `self`.
    fn pi(&self) -> Self;
    /// The value of `function` at `self`.
    fn call(&self, function: Function) -> Self;
    /// `self` to an integer power.
    fn powi(&self, exponent: i32) -> Self;
}

impl Algebra for f64 {
    fn number(&self, value: i64) -> Self {
        value as Self
    }
    fn pi(&self) -> Self {
        std::f64::consts::PI
    }
    fn call(&self, function: Function) -> Self {
        function.value(*self)
    }
    fn powi(&self, exponent: i32) -> Self {
        Self::powi(*self, exponent)
    }
}

/// Makes of each row a variant of [`Function`] and its part of every method.
macro_rules! functions {
    ($($(#[$doc:meta])* $Name:ident $name:literal $numpy:literal
        $value:path, |$x:pat_param, $y:pat_param| $slope:expr;)+) => {
        /// An elementary function of one real variable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Function { $($(#[$doc])* $Name),+ }

        impl Function {
            /// Every function, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$Name),+];

            /// The name, as SymPy spells it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$Name => $name),+ }
            }

            /// The name of NumPy's ufunc.
            pub const fn numpy_name(self) -> &'static str {
                match self { $(Self::$Name => $numpy),+ }
            }

            /// The value at `x`, for a kernel that runs with the instruction set `isa`.
            #[inline(always)]
            pub fn value_with<I: Isa>(self, isa: I, x: f64) -> f64 {
                match self { $(Self::$Name => $value.value(isa, x)),+ }
            }

            /// The value at each of `x`: the bits are those of [`value`](Self::value).
            #[inline(always)]
            pub fn map_with<I: Isa>(self, isa: I, x: &[f64], y: &mut [f64]) {
                match self { $(Self::$Name => $value.fill(isa, x, y)),+ }
            }

            /// About how many nanoseconds one value among many takes.
            pub fn cost(self) -> usize {
                match self { $(Self::$Name => cost($value)),+ }
            }

            /// The slope at `x`, where the value is `y`: SymPy's form of it where it has one.
            pub fn slope<A: Algebra>(self, x: &A, y: &A) -> A {
                match self { $(Self::$Name => { let ($x, $y) = (x, y); $slope })+ }
            }
        }
    };
}

functions! {
    /// Exponential.
    Exp "exp" "exp" special::Exp, |_, y| y.clone();
    /// Natural logarithm.
    Log "log" "log" special::Log, |x, _| x.number(1) / x.clone();
    /// Square root.
    Sqrt "sqrt" "sqrt" special::Sqrt, |x, y| x.number(1) / (x.number(2) * y.clone());
    /// Sine.
    Sin "sin" "sin" special::Sin, |x, _| x.call(Function::Cos);
    /// Cosine.
    Cos "cos" "cos" special::Cos, |x, _| -x.call(Function::Sin);
    /// Tangent.
    Tan "tan" "tan" special::Tan, |x, y| y.powi(2) + x.number(1);
    /// Inverse sine.
    Asin "asin" "arcsin" special::Arcsin,
        |x, _| x.number(1) / (x.number(1) - x.powi(2)).call(Function::Sqrt);
    /// Inverse cosine.
    Acos "acos" "arccos" special::Arccos,
        |x, _| -(x.number(1) / (x.number(1) - x.powi(2)).call(Function::Sqrt));
    /// Inverse tangent.
    Atan "atan" "arctan" special::Arctan, |x, _| x.number(1) / (x.powi(2) + x.number(1));
    /// Hyperbolic sine.
    Sinh "sinh" "sinh" special::Sinh, |x, _| x.call(Function::Cosh);
    /// Hyperbolic cosine.
    Cosh "cosh" "cosh" special::Cosh, |x, _| x.call(Function::Sinh);
    /// Hyperbolic tangent.
    Tanh "tanh" "tanh" special::Tanh, |x, y| x.number(1) - y.powi(2);
    /// Inverse hyperbolic sine.
    Asinh "asinh" "arcsinh" special::Arcsinh,
        |x, _| x.number(1) / (x.powi(2) + x.number(1)).call(Function::Sqrt);
    /// Inverse hyperbolic cosine.
    Acosh "acosh" "arccosh" special::Arccosh,
        |x, _| x.number(1)
            / ((x.clone() - x.number(1)).call(Function::Sqrt) * (x.clone() + x.number(1)).call(Function::Sqrt));
    /// Inverse hyperbolic tangent.
    Atanh "atanh" "arctanh" special::Arctanh, |x, _| x.number(1) / (x.number(1) - x.powi(2));
    /// Exponential less 1, to every digit near 0.
    Expm1 "expm1" "expm1" special::Expm1, |x, _| x.call(Function::Exp);
    /// Logarithm of 1 plus the argument, to every digit near 0.
    Log1p "log1p" "log1p" special::Log1p, |x, _| x.number(1) / (x.clone() + x.number(1));
    /// `log(1 + e^x)`; the ufunc is our own.
    Softplus "softplus" "softplus" special::Softplus,
        |x, _| x.number(1) / ((-x.clone()).call(Function::Exp) + x.number(1));
    /// Error function; the ufunc is SciPy's.
    Erf "erf" "erf" special::Erf, |x, _| gauss(x);
    /// 1 less the error function, to every digit where that is small; the ufunc is SciPy's.
    Erfc "erfc" "erfc" special::Erfc, |x, _| -gauss(x);
    /// The absolute value.
    Abs "Abs" "absolute" plain::Abs, |x, _| x.call(Function::Sign);
    /// -1, 0 or 1. Its slope is taken as 0, at the jump too.
    Sign "sign" "sign" plain::Sign, |x, _| x.number(0);
    /// The largest integer that is not above. Its slope is taken as 0, at the jumps too.
    Floor "floor" "floor" plain::Floor, |x, _| x.number(0);
    /// The smallest integer that is not below. Its slope is taken as 0, at the jumps too.
    Ceiling "ceiling" "ceil" plain::Ceiling, |x, _| x.number(0);
}

impl Function {
    /// The function that SymPy calls `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|function| function.name() == name)
    }

    /// The function whose ufunc NumPy calls `name`.
    pub fn from_numpy_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|function| function.numpy_name() == name)
    }

    /// The value at `x`, with the instruction set in use.
    pub fn value(self, x: f64) -> f64 {
        struct Value(Function, f64);
        impl Kernel for Value {
            type Output = f64;
            #[inline(always)]
            fn run<I: Isa>(self, isa: I) -> f64 {
                self.0.value_with(isa, self.1)
            }
        }
        dispatch(Value(self, x))
    }
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The slope of the error function.
fn gauss<A: Algebra>(x: &A) -> A {
    x.number(2) * (-x.powi(2)).call(Function::Exp) / x.pi().call(Function::Sqrt)
}

fn cost<F: Elementwise>(_: F) -> usize {
    F::COST
}

/// Functions of an instruction or two.
mod plain {
    use crate::simd::Isa;
    use crate::special::Elementwise;

    macro_rules! plain {
        ($($Name:ident |$x:ident| $value:expr;)+) => { $(
            #[derive(Clone, Copy, Debug)]
            pub struct $Name;

            impl Elementwise for $Name {
                const NAME: &'static str = stringify!($Name);
                const COST: usize = 1;

                #[inline(always)]
                fn value<I: Isa>(self, _: I, $x: f64) -> f64 {
                    $value
                }
            }
        )+ };
    }

    plain! {
        Abs |x| x.abs();
        Sign |x| sign(x);
        Floor |x| x.floor();
        Ceiling |x| x.ceil();
    }

    /// NumPy's sign: 0 for either zero, NaN for NaN.
    #[inline(always)]
    fn sign(x: f64) -> f64 {
        let sign = f64::from(i8::from(x > 0.0) - i8::from(x < 0.0));
        if x.is_nan() { x } else { sign }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{Level, at_every_level, dispatch_at};

    #[test]
    fn every_slope_is_the_limit_of_its_difference_quotient() {
        at_every_level(|level| {
            for &function in Function::ALL {
                for x in [-1.7, -0.6, 0.3, 0.9, 1.7, 2.4] {
                    let h = 1e-6;
                    let quotient = (function.value(x + h) - function.value(x - h)) / (2.0 * h);
                    let slope = function.slope(&x, &function.value(x));
                    if quotient.is_nan() {
                        continue; // outside of the domain
                    }
                    assert!(
                        (slope - quotient).abs() < 1e-8 * (1.0 + slope.abs()),
                        "{function} at {x}, {level:?}"
                    );
                }
            }
        });
    }

    #[test]
    fn names_are_read_back_and_unique() {
        for &function in Function::ALL {
            assert_eq!(Function::from_name(function.name()), Some(function));
            assert_eq!(Function::from_numpy_name(function.numpy_name()), Some(function));
        }
        assert_eq!(Function::from_name("no such"), None);
    }

    struct Mapped(Function, Vec<f64>);

    impl Kernel for Mapped {
        type Output = Vec<f64>;
        #[inline(always)]
        fn run<I: Isa>(self, isa: I) -> Vec<f64> {
            let mut values = vec![0.0; self.1.len()];
            self.0.map_with(isa, &self.1, &mut values);
            values
        }
    }

    #[test]
    fn a_block_has_the_bits_of_its_points() {
        let points =
            [-2.5, -1.0, -0.0, 0.0, 0.5, 1.0, 3.75, 700.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
        at_every_level(|level: Level| {
            for &function in Function::ALL {
                let mapped = dispatch_at(level, Mapped(function, points.to_vec()));
                for (x, y) in points.into_iter().zip(mapped) {
                    let value = function.value(x);
                    assert!(
                        value.to_bits() == y.to_bits() || value.is_nan() && y.is_nan(),
                        "{function}({x})"
                    );
                }
            }
        });
    }

    #[test]
    fn signs_and_steps_are_numpys() {
        assert_eq!(Function::Sign.value(-0.0).to_bits(), 0.0_f64.to_bits());
        assert_eq!(Function::Sign.value(-7.0), -1.0);
        assert!(Function::Sign.value(f64::NAN).is_nan());
        assert_eq!((Function::Floor.value(-0.5), Function::Ceiling.value(1.2)), (-1.0, 2.0));
    }
}
