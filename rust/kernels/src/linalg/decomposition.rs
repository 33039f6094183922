//! One matrix decomposed: scaled, by the algorithm that was asked for, its vectors' signs by rule.

use super::columns::Column;
use super::options::{Told, turn};
use super::svd::{Driver, Options};
use super::{bidiagonal, one_sided};
use crate::scalar::{Field, Real, Scalar};
use crate::{Control, Error};
use ndarray::{ArrayView1, ArrayView2};
use std::cmp::Ordering;

/// Columns up to which rotations are the faster way.
const FEW: usize = 4;

/// Values, descending, and vectors, one after the other, of a matrix with no fewer rows than columns.
pub(super) struct Found<T: Field> {
    pub values: Vec<T::Real>,
    pub left: Vec<T>,
    pub right: Vec<T>,
}

/// A decomposed matrix, its vectors as columns, one after the other.
#[derive(Clone, Debug)]
pub struct Decomposition<T: Field> {
    /// Singular values, descending.
    pub values: Vec<T::Real>,
    /// Left vectors.
    pub u: Vec<T>,
    /// Right vectors, not conjugated.
    pub v: Vec<T>,
}

/// Decomposes one matrix: a wide one by its conjugate transpose.
pub(super) fn single<T: Column>(
    a: ArrayView2<'_, T>,
    options: Options,
    control: &Control,
) -> Result<(Decomposition<T>, Told), Error> {
    let (m, n) = a.dim();
    let (long, short) = (m.max(n), m.min(n));
    let power = power(a, options.hermitian);
    let rotate = rotates(options.driver, short);
    let turned = m < n || (rotate && m == n && rows_vary_more(a));
    let columns = columns(a, options.hermitian, turned, power);
    let (mut found, told) = if rotate {
        let (found, rotated) = one_sided::decompose(long, short, columns, options.side, control)?;
        let off_diagonal = rotated.off_diagonal.to_f64();
        (found, Told { ok: true, sweeps: rotated.sweeps, rotations: rotated.rotations, off_diagonal })
    } else {
        match bidiagonal::decompose(long, short, columns, options.side, control) {
            Ok((found, sweeps)) => (found, Told { sweeps, ..Told::default() }),
            Err(Error::NotConverged { .. }) if options.driver == Driver::Auto => {
                return single(a, Options { driver: Driver::Jacobi, ..options }, control);
            }
            Err(error) => return Err(error),
        }
    };
    found.values.iter_mut().for_each(|value| *value = value.scale_by_power_of_two(-power));
    let Found { values, left, right } = found;
    let (mut u, mut v) = if turned { (right, left) } else { (left, right) };
    if options.rule {
        let of_both = short * m;
        // Zero is added because it turns -0 into 0.
        let mut vs = v.chunks_exact_mut(n.max(1));
        for (j, u) in u.chunks_exact_mut(m.max(1)).enumerate() {
            let turn = turn(u);
            u.iter_mut().for_each(|x| *x = *x * turn + T::ZERO);
            if j * m < of_both {
                vs.next().into_iter().flatten().for_each(|x| *x = *x * turn + T::ZERO);
            }
        }
        for v in vs {
            let turn = turn(v);
            v.iter_mut().for_each(|x| *x = *x * turn + T::ZERO);
        }
    }
    Ok((Decomposition { values, u, v }, told))
}

/// Whether matrices with so many columns, or rows where these are fewer, are rotated.
pub(super) fn rotates(driver: Driver, short: usize) -> bool {
    match driver {
        Driver::Auto => short <= FEW,
        Driver::Jacobi => true,
        Driver::Bidiagonal => false,
    }
}

/// The power of two that makes the largest element as large as it can be with inner products that
/// may still be squared: small ones have the widest range then.
fn power<T: Column>(a: ArrayView2<'_, T>, lower: bool) -> i32 {
    let zero = <T::Real as Scalar>::ZERO;
    let used = a.indexed_iter().filter(|((i, j), _)| !lower || i >= j);
    let largest = used.map(|(_, x)| x.magnitude()).fold(zero, |m, x| if x > m { x } else { m });
    let room = 4 + (usize::BITS - a.len().leading_zeros()) as i32 / 2;
    if largest > zero { T::Real::MAX.exponent() / 4 - room - largest.exponent() } else { 0 }
}

/// Whether the rows differ more in size than the columns: rotations keep the digits of columns.
fn rows_vary_more<T: Column>(a: ArrayView2<'_, T>) -> bool {
    fn spread<'a, T: Column>(lines: impl Iterator<Item = ArrayView1<'a, T>>) -> i32 {
        let zero = <T::Real as Scalar>::ZERO;
        let sizes =
            lines.map(|line| line.iter().map(|x| x.magnitude()).fold(zero, |m, x| if x > m { x } else { m }));
        let powers: Vec<i32> = sizes.filter(|&size| size > zero).map(Real::exponent).collect();
        powers.iter().max().unwrap_or(&0) - powers.iter().min().unwrap_or(&0)
    }
    spread(a.rows().into_iter()) > spread(a.columns().into_iter())
}

/// The columns of the matrix, or, `turned`, of its conjugate transpose, times `2^power`.
fn columns<T: Column>(a: ArrayView2<'_, T>, lower: bool, turned: bool, power: i32) -> Vec<T> {
    let (m, n) = a.dim();
    let one = <T::Real as Scalar>::ONE;
    let factors = (one.scale_by_power_of_two(power / 2), one.scale_by_power_of_two(power - power / 2));
    let scaled = |x: T| x.times(factors.0).times(factors.1);
    if !lower {
        return match turned {
            true => a.iter().map(|&x| scaled(x.conj())).collect(),
            false => a.t().iter().map(|&x| scaled(x)).collect(),
        };
    }
    // A Hermitian matrix is its own conjugate transpose, and real on its diagonal.
    let element = |i: usize, j: usize| match i.cmp(&j) {
        Ordering::Less => a[(j, i)].conj(),
        Ordering::Equal => T::from_real(a[(i, j)].parts()[0]),
        Ordering::Greater => a[(i, j)],
    };
    (0..n).flat_map(|j| (0..m).map(move |i| (i, j))).map(|(i, j)| scaled(element(i, j))).collect()
}
