//! Expressions as SymPy has them: exact, in canonical form, and printed as they are written.

mod apply;
mod assumptions;
mod compile;
pub mod condition;
mod decimal;
mod definite;
pub mod differentiate;
pub mod expand;
pub mod expression;
mod integral_table;
pub mod integrate;
mod latex;
mod limit;
pub mod number;
pub mod parts;
pub mod piecewise;
mod polynomial;
mod power;
mod print;
pub mod print_order;
mod product;
mod rational_integral;
mod roots;
pub mod simplify;
mod special_angles;
mod substitute;
mod sum;
mod trigonometric_integral;
mod value;

pub use apply::{call, extremum};
pub use compile::compile;
pub use condition::{Condition, Relation};
pub use decimal::DIGITS;
pub use definite::definite;
pub use differentiate::{differentiate, gradient};
pub use expand::expand;
pub use expression::{Assumptions, Constant, Expression, Extremum, Kind, Symbol};
pub use integrate::antiderivative;
pub use number::Number;
pub use power::{power, sqrt};
pub use product::product;
pub use simplify::simplify;
pub use sum::sum;

pub use super::function::{Algebra, Function};
pub use super::program::{Builder, Program};
