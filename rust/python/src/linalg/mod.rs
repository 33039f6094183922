//! `mlmath::linalg`.

pub mod components;
pub mod diagnosis;
pub mod factors;
pub mod functions;
pub mod norms;
pub mod singular;
pub mod spectra;
pub mod systems;
pub mod triangles;
pub mod vectors;
