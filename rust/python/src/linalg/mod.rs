//! `mlmath::linalg`.

pub mod spectra;
pub mod systems;
