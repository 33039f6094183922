//! Principal components: the directions in which data vary most, and how much.
//!
//! K. Pearson, "On lines and planes of closest fit to systems of points in space", Phil. Mag. 2,
//! 1901; I. T. Jolliffe, "Principal Component Analysis", 2002. Rows of the data are samples, and a
//! weight says how often a row counts.

mod centre;
mod covariance;
mod exact;
mod missing;
mod model;
mod pairwise;
mod randomized;
mod rank;
mod scores;

pub use covariance::covariance;
pub use exact::{Before, full, merge};
pub use missing::{Iterated, Stop, expectation_maximisation};
pub use model::{Model, complete};
pub use pairwise::pairwise;
pub use randomized::{Normalizer, randomized};
pub use rank::minka;
pub use scores::{log_likelihood, project, reconstruct, spectral_sum};

use super::columns::Column;
use super::solve::Solvable;
use super::symmetric::Symmetric;
use crate::scalar::Real;

/// A real element type whose matrices can be factored and decomposed.
pub trait Data: Real + Column + Solvable + Symmetric {}

impl Data for f32 {}
impl Data for f64 {}

/// The principal components of a sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Components<T> {
    /// The mean of the rows.
    pub mean: Vec<T>,
    /// The singular values of the centred data, descending.
    pub values: Vec<T>,
    /// One unit vector of as many elements as the data have columns for each value, one after the
    /// other. The first of their largest components by magnitude is positive, as scikit-learn's.
    pub vectors: Vec<T>,
    /// The root of the sum of the squares of all singular values, of those as well that were not
    /// computed.
    pub norm: f64,
    /// The sum of the weights: how many samples there are.
    pub weight: f64,
}

/// About how many nanoseconds a decomposition of `n` samples of `p` features takes.
pub fn cost(n: usize, p: usize) -> usize {
    let (long, short) = (n.max(p), n.min(p));
    long.saturating_mul(short).saturating_mul(short / 8 + 2).saturating_add(5_000)
}

/// About how many nanoseconds a product of the data with `k` vectors takes.
pub fn cost_of_product(n: usize, p: usize, k: usize) -> usize {
    n.saturating_mul(p).saturating_mul(k / 8 + 1)
}

/// Turns each vector of `p` elements so that the first of its largest components is positive.
fn turn<T: Real>(p: usize, vectors: &mut [T]) {
    for vector in vectors.chunks_exact_mut(p.max(1)) {
        let mut pivot = T::ZERO;
        for &x in vector.iter() {
            if x.abs() > pivot.abs() {
                pivot = x;
            }
        }
        if pivot < T::ZERO {
            // Zero is added because it turns -0 into 0.
            vector.iter_mut().for_each(|x| *x = T::ZERO - *x + T::ZERO);
        }
    }
}

/// The root of the sum of the squares of values, the first of which is the largest.
fn norm<T: Real>(values: &[T]) -> f64 {
    let largest = values.first().map_or(0.0, |x| x.to_f64());
    if !(largest > 0.0) {
        return 0.0;
    }
    let relative = values.iter().map(|value| value.to_f64() / largest);
    largest * relative.map(|x| x * x).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests;
