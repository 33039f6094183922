//! Calculus: elementary functions, programs of them, and their derivatives.

pub mod function;

pub use function::{Algebra, Function};
