//! Minimisation, with and without constraints.

pub mod bfgs;
pub mod certificate;
pub mod differences;
pub mod functions;
pub mod merit;
pub mod methods;
pub mod minimize;
pub mod momentum;
pub mod objective;
pub mod quadratic;
pub mod search;
pub mod sqp;
pub mod steepest;
pub mod traced;
