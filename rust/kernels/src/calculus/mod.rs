//! Calculus: elementary functions, programs of them, and their derivatives; roots.

pub mod differences;
pub mod evaluate;
pub mod evaluator;
pub mod function;
mod gradient;
mod listing;
mod points;
mod power;
pub mod program;
pub mod roots;
pub mod symbolic;
mod tape;
pub mod trace;

pub use evaluator::Evaluator;
pub use function::{Algebra, Function};
pub use points::Points;
pub use program::{Builder, Program};
pub use trace::{Graph, Traced};
