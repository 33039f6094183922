//! Circular functions where they have exact values.

use super::Function;
use super::apply::{call, raw};
use super::expression::{Constant, Expression, Kind};
use super::number::Number;
use super::power::sqrt;
use super::product::{product, scaled};
use super::sum::{split_constant, sum};

/// The value of sine, cosine or tangent where the argument holds a multiple of pi.
///
/// Multiples of a twelfth have values in square roots; multiples of a half go out of sums.
pub(super) fn at_multiple_of_pi(function: Function, argument: &Expression) -> Option<Expression> {
    let (constant, terms) = split_constant(argument);
    let (turns, rest): (Vec<_>, Vec<_>) =
        terms.iter().cloned().partition(|term| multiple_of_pi(term).is_some());
    let turn = turns.first().and_then(multiple_of_pi)?;
    if rest.is_empty() && constant.is_zero() {
        return value_at(function, &turn);
    }
    let halves = turn.times(&Number::integer(2)).to_i64()?;
    let rest = sum(rest.into_iter().chain([Expression::number(constant)]));
    Some(match (function, halves.rem_euclid(4)) {
        (Function::Tan, 0 | 2) => call(Function::Tan, &rest),
        // There is no cotangent in the table; a quarter turn of the tangent stays as it is.
        (Function::Tan, _) => return None,
        (_, 0) => call(function, &rest),
        (_, 2) => -&call(function, &rest),
        (Function::Sin, 1) => call(Function::Cos, &rest),
        (Function::Sin, _) => -&call(Function::Cos, &rest),
        (_, 1) => -&call(Function::Sin, &rest),
        _ => call(Function::Sin, &rest),
    })
}

/// `r` where `term` is `r*pi`.
fn multiple_of_pi(term: &Expression) -> Option<Number> {
    let (coefficient, factors) = term.split_coefficient();
    match factors {
        [pi] if matches!(pi.kind(), Kind::Constant(Constant::Pi)) && coefficient.is_rational() => {
            Some(coefficient.clone())
        }
        _ => None,
    }
}

/// The value at `turn * pi`, where `turn` is in twelfths; for other angles a smaller one.
fn value_at(function: Function, turn: &Number) -> Option<Expression> {
    let Some(twelfths) = turn.times(&Number::integer(12)).to_i64() else {
        return reduced(function, turn);
    };
    match function {
        Function::Sin => Some(sine(twelfths)),
        Function::Cos => Some(sine(twelfths + 6)),
        _ => Some(match twelfths.rem_euclid(12) {
            6 => Expression::number(Number::ComplexInfinity),
            1 => &Expression::integer(2) - &root(3),
            5 => &root(3) + &Expression::integer(2),
            7 => &Expression::integer(-2) - &root(3),
            11 => &root(3) - &Expression::integer(2),
            2 => scaled(&Number::ratio(1, 3), &root(3)),
            10 => scaled(&Number::ratio(-1, 3), &root(3)),
            4 => root(3),
            8 => -&root(3),
            3 => Expression::one(),
            9 => Expression::integer(-1),
            _ => Expression::zero(),
        }),
    }
}

fn root(n: i64) -> Expression {
    sqrt(&Expression::integer(n))
}

/// The sine of so many twelfths of pi.
fn sine(twelfths: i64) -> Expression {
    let twelfths = twelfths.rem_euclid(24);
    if twelfths >= 12 {
        return -&sine(twelfths - 12);
    }
    match twelfths.min(12 - twelfths) {
        0 => Expression::zero(),
        1 => &scaled(&Number::ratio(1, 4), &root(6)) - &scaled(&Number::ratio(1, 4), &root(2)),
        2 => Expression::ratio(1, 2),
        3 => scaled(&Number::HALF, &root(2)),
        4 => scaled(&Number::HALF, &root(3)),
        5 => &scaled(&Number::ratio(1, 4), &root(6)) + &scaled(&Number::ratio(1, 4), &root(2)),
        _ => Expression::one(),
    }
}

/// The same function at an angle between 0 and pi/2, with its sign.
fn reduced(function: Function, turn: &Number) -> Option<Expression> {
    let (whole, rest) = turn.floor()?;
    let odd = !whole.is_even();
    let second_half = rest.compare(&Number::HALF).is_gt();
    if whole.is_zero() && !second_half {
        return None;
    }
    let angle = if second_half { Number::ONE.plus(&rest.negated()) } else { rest };
    let negative = match function {
        Function::Sin => odd,
        Function::Cos => odd != second_half,
        _ => second_half,
    };
    let value = raw(function, &scaled(&angle, &Expression::constant(Constant::Pi)));
    Some(if negative { -&value } else { value })
}

/// The angle whose sine, cosine or tangent is `argument`, where it is a twelfth of pi.
pub(super) fn inverse(function: Function, argument: &Expression) -> Option<Expression> {
    if !argument.is_number() {
        return None;
    }
    let forward = match function {
        Function::Asin => Function::Sin,
        Function::Acos => Function::Cos,
        _ => Function::Tan,
    };
    let range = if function == Function::Acos { 0..=12 } else { -6..=6 };
    range
        .filter(|&twelfths| forward != Function::Tan || i64::abs(twelfths) != 6)
        .find(|&twelfths| value_at(forward, &Number::ratio(twelfths.into(), 12)).as_ref() == Some(argument))
        .map(|twelfths| product([Expression::ratio(twelfths, 12), Expression::constant(Constant::Pi)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_values_are_the_values() {
        let pi = Expression::constant(Constant::Pi);
        for function in [Function::Sin, Function::Cos, Function::Tan] {
            for n in -30..30 {
                for d in [1, 2, 3, 4, 5, 6, 7, 12] {
                    let exact = call(function, &scaled(&Number::ratio(n, d), &pi));
                    let value = function.value(n as f64 * std::f64::consts::PI / d as f64);
                    match exact.to_f64() {
                        Some(exact) => {
                            assert!((exact - value).abs() < 1e-12 * (1.0 + value.abs()), "{function} {n}/{d}")
                        }
                        None => assert!(value.abs() > 1e10, "{function} {n}/{d}"),
                    }
                }
            }
        }
    }

    #[test]
    fn whole_turns_go_out_of_sums() {
        let x = Expression::symbol("x");
        let pi = Expression::constant(Constant::Pi);
        let sine = |argument: &Expression| call(Function::Sin, argument);
        assert_eq!(sine(&(&x + &pi)), -&sine(&x));
        assert_eq!(sine(&(&x + &scaled(&Number::HALF, &pi))), call(Function::Cos, &x));
    }

    #[test]
    fn inverses_are_exact_where_the_angle_is() {
        assert_eq!(
            call(Function::Asin, &Expression::ratio(1, 2)),
            call(Function::Atan, &scaled(&Number::ratio(1, 3), &root(3)))
        );
        assert!(call(Function::Acos, &Expression::ratio(1, 5)).to_f64().is_some());
    }
}
