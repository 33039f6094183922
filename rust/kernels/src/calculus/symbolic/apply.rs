//! Functions applied to expressions: what has an exact value gets it.

use super::Function;
use super::expression::{Constant, Expression, Extremum, Kind};
use super::number::Number;
use super::power::{power, sqrt};
use super::print_order::has_leading_minus;
use super::product::{product, scaled};
use super::special_angles as angles;
use super::sum::sum;

/// `function(argument)`.
pub fn call(function: Function, argument: &Expression) -> Expression {
    if let Kind::Number(number) = argument.kind()
        && let Some(value) = of_number(function, number)
    {
        return value;
    }
    let found = match function {
        Function::Sqrt => Some(sqrt(argument)),
        Function::Exp => exponential(argument),
        Function::Log => logarithm(argument),
        Function::Abs => absolute(argument),
        Function::Sign => sign(argument),
        Function::Sin | Function::Cos | Function::Tan => angles::at_multiple_of_pi(function, argument),
        Function::Asin | Function::Acos | Function::Atan => angles::inverse(function, argument),
        Function::Floor | Function::Ceiling => rounded(function, argument),
        _ => None,
    };
    if let Some(found) = found {
        return found;
    }
    if let Kind::Call(inner, original) = argument.kind()
        && undoes(function, *inner)
    {
        return original.clone();
    }
    match parity(function) {
        Some(sign) if has_leading_minus(argument) => {
            scaled(&Number::integer(sign), &raw(function, &-argument))
        }
        _ => raw(function, argument),
    }
}

pub(super) fn raw(function: Function, argument: &Expression) -> Expression {
    Expression::of(Kind::Call(function, argument.clone()))
}

/// -1 for odd functions, 1 for even ones.
const fn parity(function: Function) -> Option<i64> {
    use Function::{Abs, Asin, Asinh, Atan, Atanh, Cos, Cosh, Erf, Sign, Sin, Sinh, Tan, Tanh};
    match function {
        Sin | Tan | Asin | Atan | Sinh | Tanh | Asinh | Atanh | Erf | Sign => Some(-1),
        Cos | Cosh | Abs => Some(1),
        _ => None,
    }
}

/// Whether `outer(inner(x))` is `x` for all `x`.
const fn undoes(outer: Function, inner: Function) -> bool {
    use Function::{Acos, Acosh, Asin, Asinh, Atan, Atanh, Cos, Cosh, Sin, Sinh, Tan, Tanh};
    matches!(
        (outer, inner),
        (Sin, Asin) | (Cos, Acos) | (Tan, Atan) | (Sinh, Asinh) | (Cosh, Acosh) | (Tanh, Atanh)
    )
}

/// The value at a number, where it is a number or has a name.
fn of_number(function: Function, number: &Number) -> Option<Expression> {
    use Function::{
        Acos, Acosh, Asin, Asinh, Atan, Atanh, Cos, Cosh, Erf, Erfc, Exp, Expm1, Floor, Log, Log1p, Sin,
        Sinh, Sqrt, Tan, Tanh,
    };
    let pi = || Expression::constant(Constant::Pi);
    let infinity = |negative| Expression::number(Number::Infinity { negative });
    match (function, number) {
        (_, Number::Undefined) => Some(Expression::number(Number::Undefined)),
        (Sqrt | Function::Abs | Function::Sign | Floor | Function::Ceiling, _) => None,
        (_, Number::Float(value, digits)) => {
            let found = function.value(*value);
            (!found.is_nan()).then(|| Expression::number(Number::float(found, *digits)))
        }
        (Exp | Cos | Cosh | Erfc, zero) if zero.is_zero() => Some(Expression::one()),
        (Sin | Tan | Asin | Atan | Sinh | Tanh | Asinh | Atanh | Erf | Expm1 | Log1p, zero)
            if zero.is_zero() =>
        {
            Some(Expression::zero())
        }
        (Acos, zero) if zero.is_zero() => Some(scaled(&Number::HALF, &pi())),
        (Log, zero) if zero.is_zero() => Some(Expression::number(Number::ComplexInfinity)),
        (Exp, one) if one.is_one() => Some(Expression::constant(Constant::E)),
        (Log | Acosh, one) if one.is_one() => Some(Expression::zero()),
        (Exp, Number::Infinity { negative: true }) => Some(Expression::zero()),
        (Exp | Sinh | Asinh, Number::Infinity { negative }) => Some(infinity(*negative)),
        (Log | Cosh | Acosh, Number::Infinity { .. }) => Some(infinity(false)),
        (Tanh | Erf, Number::Infinity { negative }) => {
            Some(Expression::integer(if *negative { -1 } else { 1 }))
        }
        (Atan, Number::Infinity { negative }) => {
            Some(scaled(&Number::ratio(if *negative { -1 } else { 1 }, 2), &pi()))
        }
        _ => None,
    }
}

/// The terms that are multiples of logarithms come down: `exp(x + 2*log(y))` is `y**2*exp(x)`.
fn exponential(argument: &Expression) -> Option<Expression> {
    match argument.kind() {
        Kind::Call(Function::Log, inner) => Some(inner.clone()),
        Kind::Product(coefficient, factors) => {
            let log = factors.iter().position(|f| matches!(f.kind(), Kind::Call(Function::Log, _)))?;
            let Kind::Call(_, inner) = factors[log].kind() else { return None };
            let others = factors.iter().enumerate().filter(|(i, _)| *i != log).map(|(_, f)| f.clone());
            let exponent = product(others.chain([Expression::number(coefficient.clone())]));
            Some(power(inner, &exponent))
        }
        Kind::Sum(constant, terms) => {
            let (down, kept): (Vec<_>, Vec<_>) =
                terms.iter().cloned().partition(|term| exponential(term).is_some());
            if down.is_empty() {
                return None;
            }
            let rest = sum(kept.into_iter().chain([Expression::number(constant.clone())]));
            Some(product(
                down.iter().map(|term| call(Function::Exp, term)).chain([call(Function::Exp, &rest)]),
            ))
        }
        _ => None,
    }
}

fn logarithm(argument: &Expression) -> Option<Expression> {
    match argument.kind() {
        Kind::Constant(Constant::E) => Some(Expression::one()),
        Kind::Call(Function::Exp, inner) if inner.is_real() => Some(inner.clone()),
        Kind::Number(number) => match number.parts()? {
            (numerator, denominator) if numerator.is_one() && !denominator.is_one() => {
                Some(-&raw(Function::Log, &Expression::number(denominator)))
            }
            _ => None,
        },
        _ => None,
    }
}

fn absolute(argument: &Expression) -> Option<Expression> {
    match argument.kind() {
        Kind::Number(number) => Some(Expression::number(number.magnitude())),
        _ if argument.is_nonnegative() => Some(argument.clone()),
        _ if argument.is_number() => match argument.sign_of_constant()? {
            1 => Some(argument.clone()),
            _ => Some(-argument),
        },
        Kind::Power(base, exponent) if exponent.as_number().is_some_and(Number::is_integer) => {
            Some(power(&call(Function::Abs, base), exponent))
        }
        Kind::Call(Function::Exp, inner) if inner.is_real() => Some(argument.clone()),
        Kind::Product(coefficient, factors) => {
            let (known, unknown): (Vec<_>, Vec<_>) =
                factors.iter().cloned().partition(|f| f.is_nonnegative() || f.is_number());
            if coefficient.is_one() && known.is_empty() {
                return None;
            }
            let known = known.iter().map(|factor| call(Function::Abs, factor));
            let rest = call(Function::Abs, &product(unknown));
            Some(product(known.chain([rest, Expression::number(coefficient.magnitude())])))
        }
        _ => None,
    }
}

fn sign(argument: &Expression) -> Option<Expression> {
    match argument.kind() {
        Kind::Number(number) => Some(Expression::integer(number.sign().into())),
        Kind::Call(Function::Sign, _) => Some(argument.clone()),
        Kind::Call(Function::Exp, inner) if inner.is_real() => Some(Expression::one()),
        Kind::Symbol(symbol) if symbol.assumptions.positive => Some(Expression::one()),
        _ if argument.is_number() => argument.sign_of_constant().map(|sign| Expression::integer(sign.into())),
        Kind::Product(coefficient, factors) if !coefficient.is_one() => {
            let rest = sign_of_factors(factors);
            Some(scaled(&Number::integer(coefficient.sign().into()), &rest))
        }
        _ => None,
    }
}

fn sign_of_factors(factors: &[Expression]) -> Expression {
    call(Function::Sign, &product(factors.iter().cloned()))
}

fn rounded(function: Function, argument: &Expression) -> Option<Expression> {
    if let Kind::Number(number) = argument.kind() {
        let (floor, rest) = match number {
            Number::Float(value, _) => {
                return num_rational::BigRational::from_float(function.value(*value))
                    .map(|whole| Expression::number(Number::exact(whole)));
            }
            _ => number.floor()?,
        };
        let up = function == Function::Ceiling && !rest.is_zero();
        return Some(Expression::number(if up { floor.plus(&Number::ONE) } else { floor }));
    }
    if argument.is_number() {
        let value = function.value(argument.to_f64()?);
        return num_rational::BigRational::from_float(value)
            .map(|whole| Expression::number(Number::exact(whole)));
    }
    // A whole number comes out of a sum.
    let Kind::Sum(constant, terms) = argument.kind() else { return None };
    let (floor, rest) = constant.floor()?;
    if floor.is_zero() {
        return None;
    }
    let inside = sum(terms.iter().cloned().chain([Expression::number(rest)]));
    Some(&call(function, &inside) + &Expression::number(floor))
}

/// The largest or smallest of `arguments`; numbers are compared now.
pub fn extremum(which: Extremum, arguments: impl IntoIterator<Item = Expression>) -> Expression {
    let mut best: Option<(f64, Expression)> = None;
    let mut open: Vec<Expression> = Vec::new();
    let mut left: Vec<Expression> = arguments.into_iter().collect();
    while let Some(argument) = left.pop() {
        match argument.kind() {
            Kind::Extremum(same, inner) if *same == which => left.extend(inner.iter().cloned()),
            _ => match argument.to_f64().filter(|_| argument.is_number()) {
                Some(value) => {
                    let better = best.as_ref().is_none_or(|(old, _)| match which {
                        Extremum::Max => value > *old,
                        Extremum::Min => value < *old,
                    });
                    if better {
                        best = Some((value, argument));
                    }
                }
                None if open.contains(&argument) => {}
                None => open.push(argument),
            },
        }
    }
    // Max(x, y, Min(x, y)) is Max(x, y).
    let absorbed = |argument: &Expression| match argument.kind() {
        Kind::Extremum(_, inner) => inner.iter().any(|part| open.contains(part)),
        _ => false,
    };
    let mut kept: Vec<Expression> = open.iter().filter(|argument| !absorbed(argument)).cloned().collect();
    kept.extend(best.map(|(_, number)| number));
    kept.sort_by_key(Expression::fingerprint);
    match &kept[..] {
        [] => Expression::number(Number::Infinity { negative: which == Extremum::Max }),
        [only] => only.clone(),
        _ => Expression::of(Kind::Extremum(which, kept.into())),
    }
}

impl Expression {
    /// -1 or 1 for a constant that is certainly not zero; `None` where that is not clear.
    pub(super) fn sign_of_constant(&self) -> Option<i8> {
        // A value so far from zero is not all rounding.
        const CLEAR: f64 = 1e-9;
        let value = self.to_f64()?;
        (value.abs() > CLEAR).then_some(if value > 0.0 { 1 } else { -1 })
    }
}
