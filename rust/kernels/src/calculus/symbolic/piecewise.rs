//! Expressions by cases.

use super::condition::Condition;
use super::expression::{Expression, Kind};
use super::number::Number;

/// The first expression whose condition holds; undefined where none does.
pub fn piecewise(pieces: impl IntoIterator<Item = (Expression, Condition)>) -> Expression {
    let mut kept: Vec<(Expression, Condition)> = Vec::new();
    for (value, condition) in pieces {
        match condition {
            Condition::Known(false) => continue,
            // Two cases with one value are one case if the second takes all that is left.
            Condition::Known(true) => {
                while kept.last().is_some_and(|(last, _)| *last == value) {
                    kept.pop();
                }
                kept.push((value, condition));
                break;
            }
            Condition::Compare(..) => kept.push((value, condition)),
        }
    }
    match &kept[..] {
        [] => Expression::number(Number::Undefined),
        [(value, Condition::Known(true))] => value.clone(),
        _ => Expression::of(Kind::Piecewise(kept.into())),
    }
}
