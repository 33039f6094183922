//! The inverse of one small matrix, its rows side by side in registers.
//!
//! Every element goes through the very operations that a lane of [`super::stack`] goes through,
//! so the bits are the same; but the lanes hold the columns, and none is idle.

use crate::scalar::Real;
use crate::simd::{Isa, Kernel};

/// The largest matrix that is inverted here.
pub const MOST: usize = 4;

/// One contiguous `n` x `n` matrix, with `n <= MOST`, and where its inverse goes.
pub struct Alone<'a, T> {
    /// Rows and columns.
    pub n: usize,
    /// The matrix.
    pub a: &'a [T],
    /// The inverse.
    pub out: &'a mut [T],
}

impl<T: Real> Kernel for Alone<'_, T> {
    /// The first column without a pivot.
    type Output = Option<usize>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        match self.n {
            1 => self.of_size::<I, 1>(isa),
            2 => self.of_size::<I, 2>(isa),
            3 => self.of_size::<I, 3>(isa),
            _ => self.of_size::<I, 4>(isa),
        }
    }
}

impl<T: Real> Alone<'_, T> {
    #[inline(always)]
    fn of_size<I: Isa, const N: usize>(self, isa: I) -> Option<usize> {
        let mut a = [[T::ZERO; N]; N];
        a.as_flattened_mut().copy_from_slice(&self.a[..N * N]);
        let mut x: [[T; N]; N] =
            std::array::from_fn(|i| std::array::from_fn(|j| if i == j { T::ONE } else { T::ZERO }));
        let mut inverses = [T::ONE; N];
        let mut doubt = T::ZERO;
        let mut vanished = None;
        for k in 0..N {
            for r in k + 1..N {
                if a[r][k].abs() > a[k][k].abs() {
                    a.swap(k, r);
                    x.swap(k, r);
                }
            }
            let pivot = a[k][k];
            inverses[k] = T::ONE / pivot;
            doubt = isa.mul_add(pivot, T::ZERO, doubt);
            if pivot == T::ZERO && vanished.is_none() {
                vanished = Some(k);
            }
            for r in k + 1..N {
                let factor = a[r][k] * inverses[k];
                // Columns up to k are not read again.
                for j in 0..N {
                    a[r][j] = isa.mul_add(-factor, a[k][j], a[r][j]);
                    x[r][j] = isa.mul_add(-factor, x[k][j], x[r][j]);
                }
            }
        }
        for i in (0..N).rev() {
            for p in i + 1..N {
                for j in 0..N {
                    x[i][j] = isa.mul_add(-a[i][p], x[p][j], x[i][j]);
                }
            }
            for j in 0..N {
                x[i][j] *= inverses[i] + doubt;
            }
        }
        self.out[..N * N].copy_from_slice(x.as_flattened());
        vanished
    }
}
