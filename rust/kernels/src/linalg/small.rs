//! Products of small matrices, one or a stack of them: no packing, a row of the result in registers.

use crate::scalar::Real;
use crate::simd::{Isa, Kernel};

/// The most columns of a result that is computed here.
pub const MOST: usize = 16;

/// A stack of products of contiguous matrices `m` x `k` and `k` x `n`, with `n <= MOST`.
///
/// An operand with one matrix only is multiplied with each of the other's.
pub struct SmallProducts<'a, T> {
    /// The left operands.
    pub a: &'a [T],
    /// The right operands.
    pub b: &'a [T],
    /// The results, one per matrix of the larger operand.
    pub c: &'a mut [T],
    /// Rows of a, columns of a, columns of b.
    pub shape: (usize, usize, usize),
}

impl<T: Real> Kernel for SmallProducts<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        macro_rules! by_columns {
            ($($N:literal)+) => {
                match self.shape.2 { $($N => self.with_columns::<I, $N>(isa),)+ _ => {} }
            };
        }
        by_columns!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16);
    }
}

impl<T: Real> SmallProducts<'_, T> {
    #[inline(always)]
    fn with_columns<I: Isa, const N: usize>(self, isa: I) {
        let (m, k, _) = self.shape;
        let (left, right) = (m * k, k * N);
        let one = |operand: &[T], size: usize, index: usize| {
            if operand.len() == size { 0 } else { index * size }
        };
        for (index, c) in self.c.chunks_exact_mut(m * N).enumerate() {
            let a = &self.a[one(self.a, left, index)..][..left];
            let b = &self.b[one(self.b, right, index)..][..right];
            for (a, c) in a.chunks_exact(k).zip(c.chunks_exact_mut(N)) {
                let mut sums = [T::ZERO; N];
                for (&a, b) in a.iter().zip(b.chunks_exact(N)) {
                    for j in 0..N {
                        sums[j] = isa.mul_add(a, b[j], sums[j]);
                    }
                }
                c.copy_from_slice(&sums);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{Level, dispatch_at};

    #[test]
    fn every_width_matches_the_definition_at_every_level() {
        for level in Level::supported() {
            for n in 1..=MOST {
                let (m, k, count) = (3, 5, 4);
                let a: Vec<f64> = (0..count * m * k).map(|i| (i as f64).sin()).collect();
                let b: Vec<f64> = (0..k * n).map(|i| (i as f64).cos()).collect();
                let mut c = vec![f64::NAN; count * m * n];
                dispatch_at(level, SmallProducts { a: &a, b: &b, c: &mut c, shape: (m, k, n) });
                for (index, &got) in c.iter().enumerate() {
                    let (slice, i, j) = (index / (m * n), index / n % m, index % n);
                    let expected: f64 = (0..k).map(|p| a[slice * m * k + i * k + p] * b[p * n + j]).sum();
                    assert!((got - expected).abs() < 1e-13, "{level:?}, n = {n}");
                }
            }
        }
    }
}
