//! Calculus: elementary functions, programs of them, and their derivatives.

pub mod evaluate;
pub mod function;
mod gradient;
mod power;
pub mod program;
mod tape;

pub use evaluate::Points;
pub use function::{Algebra, Function};
pub use program::{Builder, Program};
