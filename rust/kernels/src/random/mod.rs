//! Random numbers: NumPy's stream, and streams by counter.

pub mod bernoulli;
pub mod integers;
pub mod numpy;
pub mod pcg64;
pub mod philox;
pub mod streams;
mod ziggurat;
mod ziggurat_layers;
