//! `mlmath::linalg`.

pub mod norms;
pub mod spectra;
pub mod systems;
pub mod vectors;
