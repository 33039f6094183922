//! Conditions: what a piecewise expression asks.

use super::expression::{Expression, mix};
use std::fmt;

/// How two sides compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// Equal.
    Equal,
    /// Not equal.
    Unequal,
}

impl Relation {
    /// Whether `left` and `right` are so related.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Greater => left > right,
            Self::AtLeast => left >= right,
            Self::Equal => left == right,
            Self::Unequal => left != right,
        }
    }

    /// The relation that [`sign`](Self::sign) writes so.
    pub fn from_sign(sign: &str) -> Option<Self> {
        let all = [Self::Less, Self::AtMost, Self::Greater, Self::AtLeast, Self::Equal, Self::Unequal];
        all.into_iter().find(|relation| relation.sign() == sign)
    }

    /// As Python writes it between its sides; equality has a name instead.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
            Self::Equal => "Eq",
            Self::Unequal => "Ne",
        }
    }
}

/// A comparison of two expressions, or what is always or never so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// True or false.
    Known(bool),
    /// A comparison that depends on its symbols.
    Compare(Relation, Expression, Expression),
}

impl Condition {
    /// The condition that `left` and `right` are so related; decided where both are numbers.
    pub fn new(relation: Relation, left: &Expression, right: &Expression) -> Self {
        if left == right {
            return Self::Known(matches!(relation, Relation::AtMost | Relation::AtLeast | Relation::Equal));
        }
        match (left.to_f64(), right.to_f64()) {
            (Some(a), Some(b)) if left.is_number() && right.is_number() => Self::Known(relation.holds(a, b)),
            _ => Self::Compare(relation, left.clone(), right.clone()),
        }
    }

    /// The two sides, where there are any.
    pub fn sides(&self) -> [Option<&Expression>; 2] {
        match self {
            Self::Known(_) => [None, None],
            Self::Compare(_, left, right) => [Some(left), Some(right)],
        }
    }

    /// Bits that are equal for equal conditions.
    pub fn fingerprint(&self) -> u64 {
        match self {
            Self::Known(truth) => u64::from(*truth),
            Self::Compare(relation, left, right) => {
                mix(mix(9 + *relation as u64, left.fingerprint()), right.fingerprint())
            }
        }
    }

    /// The condition with `change` made to both sides.
    pub(super) fn map<E>(
        &self,
        mut change: impl FnMut(&Expression) -> Result<Expression, E>,
    ) -> Result<Self, E> {
        match self {
            Self::Known(truth) => Ok(Self::Known(*truth)),
            Self::Compare(relation, left, right) => Ok(Self::new(*relation, &change(left)?, &change(right)?)),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(truth) => f.write_str(if *truth { "True" } else { "False" }),
            Self::Compare(relation @ (Relation::Equal | Relation::Unequal), left, right) => {
                write!(f, "{}({left}, {right})", relation.sign())
            }
            Self::Compare(relation, left, right) => write!(f, "{left} {} {right}", relation.sign()),
        }
    }
}
