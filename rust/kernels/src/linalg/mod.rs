//! Linear algebra: products, factorisations, spectra.

pub mod matmul;
mod microkernel;
mod pack;
