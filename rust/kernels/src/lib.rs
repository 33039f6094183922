//! The mathematics of machine learning: kernels in pure Rust.
//!
//! No Python, no input or output, no environment variables: the binding crate hands in
//! borrowed arrays and takes results. A module uses those above it in this list only.

#![cfg_attr(test, allow(clippy::float_cmp, reason = "bit equality is what many tests are about"))]

pub mod control;
pub mod error;
pub mod scalar;

pub mod simd;
pub mod threads;

pub mod reduce;
pub mod special;

pub mod random;

pub mod linalg;

pub mod calculus;
pub mod stats;

pub mod probability;

pub mod information;
pub mod optimize;

pub use control::Control;
pub use error::Error;
