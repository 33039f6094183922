//! Linear algebra: products, factorisations, spectra.

mod alone;
mod bulge;
pub mod complex;
pub mod eig;
mod eigenvectors;
pub mod eigh;
mod gauge;
mod hessenberg;
pub mod integer;
pub mod jacobi;
pub mod lu;
pub mod matmul;
pub mod matrix_norm;
mod microkernel;
pub mod norm;
mod pack;
pub mod products;
pub mod report;
mod schur;
mod small;
pub mod solve;
pub mod stack;
pub mod trace;
mod triangular;
mod tridiagonal;
mod vector;
