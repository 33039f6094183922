//! Information theory: what a distribution, or a pair of labels, tells.

pub mod entropy;
pub mod joint;
