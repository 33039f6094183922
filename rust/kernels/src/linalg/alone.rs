//! One small matrix: its inverse, its determinant, its solutions, with its rows side by side in
//! registers.
//!
//! Every element goes through the very operations that a lane of [`super::stack`] goes through,
//! so the bits are the same; but the lanes hold the columns, and none is idle.

use super::stack::Question;
use crate::scalar::Real;
use crate::simd::{Isa, Kernel};

/// The largest matrix that is done here, and the most right-hand sides.
const MOST: usize = 4;

/// One contiguous `n` x `n` matrix for which [`takes`] says yes, and where its answer goes.
pub struct Alone<'a, T> {
    /// What is asked.
    pub question: Question,
    /// Rows and columns.
    pub n: usize,
    /// The matrix.
    pub a: &'a [T],
    /// Right-hand sides, of solutions.
    pub b: &'a [T],
    /// The answer.
    pub out: &'a mut [T],
}

/// Whether a question to a matrix of `n` rows is answered here.
pub fn takes(question: Question, n: usize) -> bool {
    let columns = if let Question::Solution { columns } = question { columns } else { 1 };
    (1..=MOST).contains(&n) && (1..=MOST).contains(&columns)
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
        match self.question {
            Question::Determinant => {
                let (determinant, vanished) = solve::<T, I, N, 0>(isa, self.a, &mut [[]; N]);
                self.out[0] = determinant;
                vanished
            }
            Question::Inverse => {
                let one = |i, j| if i == j { T::ONE } else { T::ZERO };
                let mut x: [[T; N]; N] = std::array::from_fn(|i| std::array::from_fn(|j| one(i, j)));
                let (_, vanished) = solve(isa, self.a, &mut x);
                self.out[..N * N].copy_from_slice(x.as_flattened());
                vanished
            }
            Question::Solution { columns } => match columns {
                1 => self.solution::<I, N, 1>(isa),
                2 => self.solution::<I, N, 2>(isa),
                3 => self.solution::<I, N, 3>(isa),
                _ => self.solution::<I, N, 4>(isa),
            },
        }
    }

    #[inline(always)]
    fn solution<I: Isa, const N: usize, const C: usize>(self, isa: I) -> Option<usize> {
        let mut x = [[T::ZERO; C]; N];
        x.as_flattened_mut().copy_from_slice(&self.b[..N * C]);
        let (_, vanished) = solve(isa, self.a, &mut x);
        self.out[..N * C].copy_from_slice(x.as_flattened());
        vanished
    }
}

/// Turns the rows of `x` into those of `A^-1 x`; returns the determinant and the first column
/// without a pivot.
#[inline(always)]
fn solve<T: Real, I: Isa, const N: usize, const C: usize>(
    isa: I,
    matrix: &[T],
    x: &mut [[T; C]; N],
) -> (T, Option<usize>) {
    let mut a = [[T::ZERO; N]; N];
    a.as_flattened_mut().copy_from_slice(&matrix[..N * N]);
    let mut inverses = [T::ONE; N];
    let mut determinant = T::ONE;
    let mut doubt = T::ZERO;
    let mut vanished = None;
    for k in 0..N {
        for r in k + 1..N {
            if a[r][k].abs() > a[k][k].abs() {
                a.swap(k, r);
                x.swap(k, r);
                determinant = -determinant;
            }
        }
        let pivot = a[k][k];
        determinant *= pivot;
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
            }
            for j in 0..C {
                x[r][j] = isa.mul_add(-factor, x[k][j], x[r][j]);
            }
        }
    }
    for i in (0..N).rev() {
        for p in i + 1..N {
            for j in 0..C {
                x[i][j] = isa.mul_add(-a[i][p], x[p][j], x[i][j]);
            }
        }
        for j in 0..C {
            x[i][j] *= inverses[i] + doubt;
        }
    }
    (determinant, vanished)
}
