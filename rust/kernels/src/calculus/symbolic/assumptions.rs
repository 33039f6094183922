//! What follows, from the form of an expression and the assumptions on its symbols, for its value.

use super::Function;
use super::expression::{Expression, Kind};
use super::number::Number;

/// Whether it is known to be real and not negative; what is known of its parts is kept there.
pub(super) fn is_nonnegative(kind: &Kind) -> bool {
    match kind {
        Kind::Number(number) => number.sign() >= 0 && (number.is_finite() || number.sign() > 0),
        Kind::Constant(_) => true,
        Kind::Symbol(symbol) => symbol.assumptions.nonnegative,
        Kind::Sum(constant, terms) => constant.sign() >= 0 && terms.iter().all(Expression::is_nonnegative),
        Kind::Product(coefficient, factors) => {
            coefficient.sign() > 0 && factors.iter().all(Expression::is_nonnegative)
        }
        Kind::Power(base, exponent) => {
            (base.is_nonnegative() && exponent.is_real())
                || (base.is_real() && exponent.as_number().is_some_and(Number::is_even))
        }
        Kind::Call(Function::Exp, argument) => argument.is_real(),
        Kind::Call(Function::Abs, _) => true,
        _ => false,
    }
}

/// Whether it is known to be real.
pub(super) fn is_real(kind: &Kind) -> bool {
    match kind {
        Kind::Number(number) => *number != Number::Undefined && *number != Number::ComplexInfinity,
        Kind::Constant(_) => true,
        Kind::Symbol(symbol) => symbol.assumptions.real,
        Kind::Sum(_, parts) | Kind::Product(_, parts) | Kind::Extremum(_, parts) => {
            parts.iter().all(Expression::is_real)
        }
        Kind::Power(base, exponent) => {
            (base.is_real() && exponent.as_number().is_some_and(Number::is_integer))
                || (base.is_nonnegative() && exponent.is_real())
        }
        Kind::Call(Function::Abs, _) => true,
        Kind::Call(Function::Log, argument) => argument.is_nonnegative(),
        Kind::Call(
            Function::Asin | Function::Acos | Function::Acosh | Function::Atanh | Function::Log1p,
            _,
        ) => false,
        Kind::Call(_, argument) => argument.is_real(),
        Kind::Piecewise(pieces) => pieces.iter().all(|(value, _)| value.is_real()),
    }
}
