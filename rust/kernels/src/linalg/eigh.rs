//! Eigenvalues and eigenvectors of symmetric matrices and stacks: which algorithm, and when.

use super::{jacobi, stack, tridiagonal};
use crate::scalar::Real;
use crate::{Control, Error, threads};
use ndarray::ArrayViewD;

/// The algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    /// Rotations up to the size where they win, the tridiagonal form above it.
    Auto,
    /// Rotations at every size: small eigenvalues keep their digits.
    Jacobi,
    /// The tridiagonal form at every size.
    Tridiagonal,
}

impl Driver {
    /// The option of this name.
    ///
    /// # Errors
    ///
    /// [`Error::Choice`] if there is none.
    pub fn from_name(name: &str) -> Result<Self, Error> {
        match name {
            "auto" => Ok(Self::Auto),
            "jacobi" => Ok(Self::Jacobi),
            "tridiagonal" => Ok(Self::Tridiagonal),
            _ => Err(Error::Choice {
                argument: "driver",
                expected: &["auto", "jacobi", "tridiagonal"],
                got: name.to_owned(),
            }),
        }
    }
}

/// About how many nanoseconds the decomposition of a stack of this shape takes.
pub fn cost(a: &[usize]) -> usize {
    let n = a.last().copied().unwrap_or(0);
    let count: usize = a[..a.len().saturating_sub(2)].iter().product();
    count.saturating_mul(2 * n * n * n + 50)
}

/// Eigenvalues, ascending, to `values` and eigenvectors, as columns, to `vectors`. Returns the
/// number of sweeps where rotations did it.
///
/// # Errors
///
/// [`Error::NotFinite`] for matrices that hold NaN or infinity; [`Error::NotConverged`];
/// [`Error::Stopped`].
pub fn eigh<T: Real>(
    a: ArrayViewD<'_, T>,
    upper: bool,
    driver: Driver,
    values: &mut [T],
    vectors: &mut [T],
    control: &Control,
) -> Result<usize, Error> {
    let n = super::solve::size_of_square(a.shape())?;
    if vectors.is_empty() {
        return Ok(0);
    }
    finite(&a, n)?;
    let mut axes: Vec<usize> = (0..a.ndim()).collect();
    if upper {
        let last = axes.len();
        axes.swap(last - 2, last - 1);
    }
    let turned = a.permuted_axes(axes);
    let whole = turned.as_standard_layout();
    let a = whole.as_slice().unwrap_or_default();
    let in_lanes = n <= stack::MOST && driver != Driver::Tridiagonal;
    if in_lanes {
        return jacobi::eigh_stack(n, a, values, vectors, control);
    }
    let pieces = values.chunks_mut(n).zip(vectors.chunks_mut(n * n)).zip(a.chunks(n * n)).collect();
    let sweeps = std::sync::atomic::AtomicUsize::new(0);
    threads::for_each(control, pieces, |((values, vectors), a): ((&mut [T], &mut [T]), &[T])| {
        let mut work = a.to_vec();
        let (w, rows) = if driver == Driver::Jacobi {
            let (count, w, rows) = jacobi::eigh_single(n, &mut work, control)?;
            sweeps.fetch_max(count, std::sync::atomic::Ordering::Relaxed);
            (w, rows)
        } else {
            scaled(n, &mut work, control)?
        };
        values.copy_from_slice(&w);
        for (j, row) in rows.chunks_exact(n).enumerate() {
            for (i, &x) in row.iter().enumerate() {
                vectors[i * n + j] = x;
            }
        }
        Ok(())
    })?;
    Ok(sweeps.into_inner())
}

/// The tridiagonal algorithm on a matrix scaled by a power of two, so that no square overflows.
fn scaled<T: Real>(n: usize, a: &mut [T], control: &Control) -> Result<(Vec<T>, Vec<T>), Error> {
    let largest = a.iter().fold(T::ZERO, |m, x| if x.abs() > m { x.abs() } else { m });
    let power = if largest > T::ZERO { largest.exponent() } else { 0 };
    a.iter_mut().for_each(|x| *x = x.scale_by_power_of_two(-power));
    let (mut w, rows) = tridiagonal::eigh(n, a, control)?;
    w.iter_mut().for_each(|w| *w = w.scale_by_power_of_two(power));
    Ok((w, rows))
}

/// Refuses NaN and infinity: what they would give is no eigenvalue.
///
/// # Errors
///
/// [`Error::NotFinite`], with every bad slice of a stack.
pub fn finite<T: Real>(a: &ArrayViewD<'_, T>, n: usize) -> Result<(), Error> {
    if a.iter().all(|x| x.is_finite()) {
        return Ok(());
    }
    let all: Vec<T> = a.iter().copied().collect();
    let bad = |(index, slice): (usize, &[T])| slice.iter().any(|x| !x.is_finite()).then_some(index);
    let slices = all.chunks(n * n).enumerate().filter_map(bad).collect();
    Err(Error::NotFinite { argument: "a", slices: if a.ndim() == 2 { vec![] } else { slices } })
}
