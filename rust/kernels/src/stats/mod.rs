//! Statistics: what is known of a sample after one pass over it.

pub mod counts;
pub mod moments;
pub mod order;
pub mod sample;
