//! Singular values by rotations of columns, on a triangular factor: small ones keep their digits.
//!
//! Z. Drmač and K. Veselić, "New fast and accurate Jacobi SVD algorithm", parts I and II, SIAM J.
//! Matrix Anal. Appl. 29, 2008. `A P = Q1 R1` with pivoting, `R1^H = Q2 R2`; then the columns of
//! `R2^H` are nearly orthogonal, and few sweeps of rotations make them so. For `A = B D`, with a
//! diagonal `D` of any size, the relative error of every value is bounded by the condition of `B`.

use super::columns::{Column, TOGETHER, inner, phase, rotate, squared_length, unit};
use super::decomposition::Found;
use super::pivoted::Triangular;
use super::svd::Side;
use crate::scalar::{Real, Scalar};
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error};

/// After so many sweeps something is wrong; random matrices take 3 to 6.
const MOST_SWEEPS: usize = 60;

/// How the rotations went.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rotations<R> {
    /// Times that every pair of columns was looked at.
    pub sweeps: usize,
    /// Pairs that were rotated.
    pub rotations: usize,
    /// The largest cosine between two columns in the last sweep.
    pub off_diagonal: R,
}

/// Decomposes the matrix whose `n` columns of length `m >= n` are given; its elements neither
/// overflow nor vanish when they are squared and summed.
///
/// # Errors
///
/// [`Error::NotConverged`]; [`Error::Stopped`].
pub fn decompose<T: Column>(
    m: usize,
    n: usize,
    columns: Vec<T>,
    side: Side,
    control: &Control,
) -> Result<(Found<T>, Rotations<T::Real>), Error> {
    let mut columns = columns;
    let sorted = sort_rows(m, &mut columns);
    // Squares of what is smaller have lost digits.
    let negligible = T::Real::MIN_POSITIVE.sqrt() / T::Real::EPSILON;
    let first = Triangular::factor(m, columns, true, negligible, control)?;
    let rank = first.rank();
    let second = Triangular::factor(n, first.rows(), false, <T::Real as Scalar>::ZERO, control)?;
    let mut work = second.rows();
    let mut turned = if side == Side::None { vec![] } else { unit(rank, rank) };
    let told = rotate_all(rank, &mut work, &mut turned, control)?;
    let mut values = vec![<T::Real as Scalar>::ZERO; n];
    let lengths: Vec<T::Real> = if rank == 0 {
        vec![]
    } else {
        work.chunks_exact_mut(rank).map(|column| dispatch(Normalise(column))).collect()
    };
    let mut order: Vec<usize> = (0..rank).collect();
    order.sort_by(|&i, &j| lengths[j].partial_cmp(&lengths[i]).unwrap_or(std::cmp::Ordering::Equal));
    values.iter_mut().zip(&order).for_each(|(value, &j)| *value = lengths[j]);
    if side == Side::None {
        return Ok((Found { values, left: vec![], right: vec![] }, told));
    }
    let spread = |source: &[T], count: usize, length: usize| {
        let mut columns = unit::<T>(count, length);
        for (column, &j) in columns.chunks_exact_mut(length.max(1)).zip(&order) {
            column[..rank].copy_from_slice(&source[j * rank..(j + 1) * rank]);
        }
        columns
    };
    let mut left = spread(&work, side.left(m, n), m);
    first.times(&mut left, false);
    for column in left.chunks_exact_mut(m.max(1)).filter(|_| !sorted.is_empty()) {
        let found = column.to_vec();
        found.into_iter().zip(&sorted).for_each(|(x, &row)| column[row] = x);
    }
    let mut right = spread(&turned, n, n);
    second.times(&mut right, false);
    let mut exchanged = vec![T::ZERO; n * n];
    for (to, from) in exchanged.chunks_exact_mut(n.max(1)).zip(right.chunks_exact(n.max(1))) {
        from.iter().zip(&first.order).for_each(|(&x, &place)| to[place] = x);
    }
    Ok((Found { values, left, right: exchanged }, told))
}

/// Sorts the rows, that with the largest element first, and returns where each was, or nothing where
/// they were sorted.
///
/// Reflections of columns that were exchanged keep the digits of small rows below large ones (A. J. Cox
/// and N. J. Higham, "Stability of Householder QR factorization for weighted least squares problems",
/// 1998): so matrices keep them whose rows are scaled as well.
fn sort_rows<T: Column>(m: usize, columns: &mut [T]) -> Vec<usize> {
    let mut sizes = vec![<T::Real as Scalar>::ZERO; m];
    for column in columns.chunks_exact(m.max(1)) {
        for (size, x) in sizes.iter_mut().zip(column) {
            let here = x.magnitude();
            *size = if here > *size { here } else { *size };
        }
    }
    if sizes.windows(2).all(|pair| pair[0] >= pair[1]) {
        return vec![];
    }
    let mut order: Vec<usize> = (0..m).collect();
    order.sort_by(|&i, &j| sizes[j].partial_cmp(&sizes[i]).unwrap_or(std::cmp::Ordering::Equal));
    for column in columns.chunks_exact_mut(m) {
        let found = column.to_vec();
        column.iter_mut().zip(&order).for_each(|(x, &row)| *x = found[row]);
    }
    order
}

/// Rotates the columns of `work`, `n` of length `n`, until all are orthogonal, and those of
/// `turned`, if it is not empty, by the same angles.
pub(super) fn rotate_all<T: Column>(
    n: usize,
    work: &mut [T],
    turned: &mut [T],
    control: &Control,
) -> Result<Rotations<T::Real>, Error> {
    let mut told = Rotations { sweeps: 0, rotations: 0, off_diagonal: <T::Real as Scalar>::ZERO };
    let mut squares = vec![<T::Real as Scalar>::ZERO; n];
    let four = T::Real::from_f64(4.0);
    while told.sweeps < MOST_SWEEPS {
        control.go_on()?;
        let (rotations, off) = dispatch(Sweep { n, work, turned, squares: &mut squares, control });
        control.go_on()?;
        told.off_diagonal = off;
        if rotations == 0 {
            return Ok(told);
        }
        told.sweeps += 1;
        told.rotations += rotations;
        // Nothing but rounding errors was rotated: there is nothing else to come.
        if off <= four * tolerance(n) {
            return Ok(told);
        }
    }
    Err(Error::NotConverged { what: "one-sided Jacobi rotations", iterations: MOST_SWEEPS })
}

/// Looks at every pair of columns once.
struct Sweep<'a, T: Column> {
    n: usize,
    work: &'a mut [T],
    turned: &'a mut [T],
    squares: &'a mut [T::Real],
    control: &'a Control,
}

impl<T: Column> Kernel for Sweep<'_, T> {
    type Output = (usize, T::Real);

    #[inline(always)]
    fn run<I: Isa>(mut self, isa: I) -> Self::Output {
        let n = self.n;
        let (mut rotations, mut off) = (0, <T::Real as Scalar>::ZERO);
        for (square, column) in self.squares.iter_mut().zip(self.work.chunks_exact(n.max(1))) {
            *square = squared_length(isa, column);
        }
        for p in 0..n {
            if self.control.go_on().is_err() {
                break;
            }
            for q in (p + 1..n).step_by(TOGETHER) {
                let count = TOGETHER.min(n - q);
                // Some products at a time: the column that they share is read once.
                let mut products = self.products(isa, p, q, count);
                let mut fresh = true;
                for (c, q) in (q..q + count).enumerate() {
                    if !fresh {
                        products[c] = self.products(isa, p, q, 1)[0];
                    }
                    let cosine = self.cosine(p, q, products[c]);
                    off = if cosine > off { cosine } else { off };
                    if !(cosine > tolerance(n)) {
                        continue;
                    }
                    self.turn(isa, p, q, products[c]);
                    rotations += 1;
                    fresh = false;
                }
            }
        }
        (rotations, off)
    }
}

/// The cosine that counts as zero: what rounding leaves of it.
fn tolerance<R: Real>(n: usize) -> R {
    R::EPSILON * R::from_f64(1.0 + (n as f64).sqrt())
}

impl<T: Column> Sweep<'_, T> {
    /// The inner products of column `p` with `count` others from `q` on.
    #[inline(always)]
    fn products<I: Isa>(&self, isa: I, p: usize, q: usize, count: usize) -> [T; TOGETHER] {
        let column = |j: usize| &self.work[j * self.n..(j + 1) * self.n];
        if count == TOGETHER {
            return inner(isa, column(p), std::array::from_fn(|c| column(q + c)));
        }
        std::array::from_fn(|c| {
            if c < count { inner::<T, I, 1>(isa, column(p), [column(q + c)])[0] } else { T::ZERO }
        })
    }

    #[inline(always)]
    fn cosine(&self, p: usize, q: usize, product: T) -> T::Real {
        let size = self.squares[p].sqrt() * self.squares[q].sqrt();
        if size > <T::Real as Scalar>::ZERO { product.absolute() / size } else { size }
    }

    /// Makes columns `p` and `q`, whose inner product is given, orthogonal.
    #[inline(always)]
    fn turn<I: Isa>(&mut self, isa: I, p: usize, q: usize, product: T) {
        let (zero, one) = (<T::Real as Scalar>::ZERO, <T::Real as Scalar>::ONE);
        let n = self.n;
        let size = product.absolute();
        let ratio = (self.squares[q] - self.squares[p]) / (size + size);
        let root = if ratio.abs() * T::Real::EPSILON > one {
            ratio.abs() + ratio.abs()
        } else {
            ratio.abs() + (one + ratio * ratio).sqrt()
        };
        let t = if ratio < zero { -one / root } else { one / root };
        let c = one / (one + t * t).sqrt();
        let s = phase(product).times(t * c);
        for matrix in [&mut *self.work, &mut *self.turned] {
            if matrix.is_empty() {
                continue;
            }
            let (head, tail) = matrix.split_at_mut(q * n);
            rotate(isa, c, s, &mut head[p * n..(p + 1) * n], &mut tail[..n]);
        }
        for j in [p, q] {
            self.squares[j] = squared_length(isa, &self.work[j * n..(j + 1) * n]);
        }
    }
}

/// Makes the length of a column 1; gives what it was.
pub(super) struct Normalise<'a, T>(pub &'a mut [T]);

impl<T: Column> Kernel for Normalise<'_, T> {
    type Output = T::Real;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> T::Real {
        let length = squared_length(isa, self.0).sqrt();
        if length > <T::Real as Scalar>::ZERO {
            self.0.iter_mut().for_each(|x| *x = x.over(T::from_real(length)));
        }
        length
    }
}
