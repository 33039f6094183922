//! Every reason a kernel may refuse its input.

use std::fmt;

/// Why a kernel could not give an answer.
///
/// One variant per *kind* of failure; the binding maps each to one Python exception, so a
/// new variant makes that `match` fail to compile until it has one.
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// An argument has a shape that does not fit, alone or with another.
    Shape {
        /// The argument's public name.
        argument: &'static str,
        /// What was needed, e.g. `"3 rows, as many as `a` has columns"`.
        expected: String,
        /// The shape that came.
        got: Vec<usize>,
    },
    /// An argument should hold square matrices.
    NotSquare {
        /// The argument's public name.
        argument: &'static str,
        /// The shape that came.
        got: Vec<usize>,
    },
    /// An axis does not exist.
    Axis {
        /// The axis that was asked for.
        axis: isize,
        /// How many there are.
        rank: usize,
    },
    /// An argument should hold matrices of another kind.
    NotMatrix {
        /// The argument's public name.
        argument: &'static str,
        /// What was needed, e.g. `"matrices, at least two-dimensional"`.
        expected: String,
        /// The shape that came.
        got: Vec<usize>,
    },
    /// A parameter is outside the set the mathematics allows.
    Domain {
        /// The parameter's public name.
        argument: &'static str,
        /// The condition it must meet, e.g. `"> 0"`.
        must_be: &'static str,
        /// The value that came.
        got: f64,
    },
    /// A word is none of those that an option may be.
    Choice {
        /// The option's public name.
        argument: &'static str,
        /// The words it may be.
        expected: &'static [&'static str],
        /// The word that came.
        got: String,
    },
    /// An argument has no elements where at least one is needed.
    Empty {
        /// The argument's public name.
        argument: &'static str,
    },
    /// Two arguments contradict each other, or one contradicts the mathematics.
    Value {
        /// The argument's public name.
        argument: &'static str,
        /// What was expected and what came, in words.
        message: String,
    },
    /// A pivot vanished: these matrices have no inverse.
    Singular {
        /// Which matrices of the stack, in C order of its leading axes; empty for a single one.
        slices: Vec<usize>,
        /// Column of the vanished pivot in the first of them, counted from zero.
        column: usize,
    },
    /// Matrices that should be positive definite are not.
    NotPositiveDefinite {
        /// Which matrices of the stack, in C order of its leading axes; empty for a single one.
        slices: Vec<usize>,
        /// Column of the first of them whose pivot is not positive, counted from zero.
        column: usize,
    },
    /// Matrices hold NaN or infinity where that has no answer.
    NotFinite {
        /// The argument's public name.
        argument: &'static str,
        /// Which matrices of the stack; empty for a single one.
        slices: Vec<usize>,
    },
    /// An iteration ended before it reached its tolerance.
    NotConverged {
        /// What was iterated, e.g. `"Jacobi rotations"`.
        what: &'static str,
        /// Sweeps or iterations done.
        iterations: usize,
    },
    /// Eigenvalues are too close to each other to change places.
    Inseparable {
        /// The row of the first of them.
        row: usize,
    },
    /// An exact integer result does not fit its type.
    Overflow {
        /// The operation.
        what: &'static str,
        /// Index of the first entry that does not fit.
        index: Vec<usize>,
    },
    /// An expression holds what the operation has no rule for.
    Unsupported {
        /// What was asked, e.g. `"integrate"`.
        what: &'static str,
        /// The part that has no rule, printed.
        got: String,
    },
    /// The caller asked to stop (Ctrl-C). A deadline is no error: the kernel returns what it has.
    Stopped,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape { argument, expected, got } => {
                write!(f, "{argument}: expected {expected}, got shape {}", Shape(got))
            }
            Self::NotSquare { argument, got } => {
                write!(f, "{argument}: expected square matrices, got shape {}", Shape(got))
            }
            Self::Axis { axis, rank } => {
                write!(f, "axis {axis} is out of bounds for array of dimension {rank}")
            }
            Self::NotMatrix { argument, expected, got } => {
                write!(f, "{argument}: expected {expected}, got shape {}", Shape(got))
            }
            Self::Domain { argument, must_be, got } => {
                write!(f, "{argument}: must be {must_be}, got {got}")
            }
            Self::Choice { argument, expected, got } => {
                write!(f, "{argument}: expected one of {expected:?}, got {got:?}")
            }
            Self::Empty { argument } => write!(f, "{argument}: expected at least one element, got none"),
            Self::Value { argument, message } => write!(f, "{argument}: {message}"),
            Self::Singular { slices, column } if slices.is_empty() => {
                write!(f, "Singular matrix: no pivot in column {column}")
            }
            Self::Singular { slices, column } => write!(
                f,
                "Singular matrix: {} of the stack (slices {}); the first has no pivot in column {column}",
                slices.len(),
                First(slices)
            ),
            Self::NotPositiveDefinite { slices, column } if slices.is_empty() => {
                write!(f, "Matrix is not positive definite: no positive pivot in column {column}")
            }
            Self::NotPositiveDefinite { slices, column } => write!(
                f,
                "Matrix is not positive definite: {} of the stack (slices {}); the first has no \
                 positive pivot in column {column}",
                slices.len(),
                First(slices)
            ),
            Self::NotFinite { argument, slices } if slices.is_empty() => {
                write!(f, "{argument}: expected finite numbers, got NaN or infinity")
            }
            Self::NotFinite { argument, slices } => {
                write!(
                    f,
                    "{argument}: expected finite numbers, got NaN or infinity in slices {}",
                    First(slices)
                )
            }
            Self::NotConverged { what, iterations } => {
                write!(f, "{what} did not converge in {iterations} iterations")
            }
            Self::Inseparable { row } => write!(f, "eigenvalues from row {row} on are too close to sort"),
            Self::Overflow { what, index } => {
                write!(f, "{what}: integer overflow, first at index {}", Shape(index))
            }
            Self::Unsupported { what, got } => write!(f, "{what}: no rule for {got}"),
            Self::Stopped => write!(f, "stopped"),
        }
    }
}

impl std::error::Error for Error {}

/// A shape as Python writes it: `()`, `(3,)`, `(2, 3)`.
struct Shape<'a>(&'a [usize]);

impl fmt::Display for Shape<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lengths: Vec<String> = self.0.iter().map(usize::to_string).collect();
        let comma = if lengths.len() == 1 { "," } else { "" };
        write!(f, "({}{comma})", lengths.join(", "))
    }
}

/// The first few of a long list.
struct First<'a>(&'a [usize]);

impl fmt::Display for First<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 20;
        let shown: Vec<String> = self.0.iter().take(SHOWN).map(usize::to_string).collect();
        let more = if self.0.len() > SHOWN { ", …" } else { "" };
        write!(f, "{}{more}", shown.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_the_argument_what_was_expected_and_what_came() {
        let error = Error::Shape { argument: "b", expected: "3 rows".into(), got: vec![2] };
        assert_eq!(error.to_string(), "b: expected 3 rows, got shape (2,)");
        let error = Error::Singular { slices: (0..30).collect(), column: 1 };
        assert!(error.to_string().contains("30 of the stack (slices 0, 1, 2"));
        assert!(error.to_string().contains("…"));
    }
}
