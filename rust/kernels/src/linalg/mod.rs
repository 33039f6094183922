//! Linear algebra: products, factorisations, spectra.

pub mod integer;
pub mod matmul;
mod microkernel;
mod pack;
pub mod products;
mod small;
