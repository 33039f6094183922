//! Eigenvalues and eigenvectors of symmetric and Hermitian matrices and stacks: which algorithm, and when.

use super::symmetric::Symmetric;
use crate::scalar::Field;
use crate::{Control, Error, threads};
use ndarray::{ArrayViewD, CowArray, IxDyn};

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
pub fn eigh<T: Symmetric>(
    a: ArrayViewD<'_, T>,
    upper: bool,
    driver: Driver,
    values: &mut [T::Real],
    vectors: &mut [T],
    control: &Control,
) -> Result<usize, Error> {
    let n = super::solve::size_of_square(a.shape())?;
    if vectors.is_empty() {
        return Ok(0);
    }
    let whole = lower(a, n, upper)?;
    let a = whole.as_slice().unwrap_or_default();
    if driver != Driver::Tridiagonal
        && let Some(sweeps) = T::in_lanes(n, a, values, vectors, control)?
    {
        return Ok(sweeps);
    }
    let pieces = values.chunks_mut(n).zip(vectors.chunks_mut(n * n)).zip(a.chunks(n * n)).collect();
    let sweeps = std::sync::atomic::AtomicUsize::new(0);
    threads::for_each(control, pieces, |((values, vectors), a): ((&mut [T::Real], &mut [T]), &[T])| {
        let (count, w, rows) = T::decompose(n, &mut working_copy(a, upper), driver, control)?;
        sweeps.fetch_max(count, std::sync::atomic::Ordering::Relaxed);
        values.copy_from_slice(&w);
        transpose(n, &rows, vectors);
        Ok(())
    })?;
    Ok(sweeps.into_inner())
}

/// The eigenvalues alone, ascending, to `values`.
///
/// # Errors
///
/// As [`eigh`].
pub fn eigvalsh<T: Symmetric>(
    a: ArrayViewD<'_, T>,
    upper: bool,
    values: &mut [T::Real],
    control: &Control,
) -> Result<(), Error> {
    let n = super::solve::size_of_square(a.shape())?;
    if values.is_empty() {
        return Ok(());
    }
    let whole = lower(a, n, upper)?;
    let a = whole.as_slice().unwrap_or_default();
    if T::values_in_lanes(n, a, values, control)? {
        return Ok(());
    }
    let pieces = values.chunks_mut(n).zip(a.chunks(n * n)).collect();
    threads::for_each(control, pieces, |(values, a): (&mut [T::Real], &[T])| {
        values.copy_from_slice(&T::values(n, &mut working_copy(a, upper), control)?);
        Ok(())
    })
}

/// A matrix to work in; where its rows were columns of a Hermitian one, their conjugates.
fn working_copy<T: Field>(a: &[T], turned: bool) -> Vec<T> {
    if turned { a.iter().map(|x| x.conj()).collect() } else { a.to_vec() }
}

/// The stack in C order, its finite matrices turned so that their lower triangles are the ones to
/// be read.
fn lower<T: Field>(a: ArrayViewD<'_, T>, n: usize, upper: bool) -> Result<CowArray<'_, T, IxDyn>, Error> {
    finite(&a, n)?;
    let mut axes: Vec<usize> = (0..a.ndim()).collect();
    if upper {
        let last = axes.len();
        axes.swap(last - 2, last - 1);
    }
    let turned = a.permuted_axes(axes);
    Ok(if turned.is_standard_layout() {
        turned.into()
    } else {
        turned.as_standard_layout().into_owned().into()
    })
}

/// Rows to columns, in squares that stay in the level 1 cache.
fn transpose<T: Copy>(n: usize, rows: &[T], columns: &mut [T]) {
    const SQUARE: usize = 16;
    for top in (0..n).step_by(SQUARE) {
        for left in (0..n).step_by(SQUARE) {
            for i in top..(top + SQUARE).min(n) {
                for j in left..(left + SQUARE).min(n) {
                    columns[i * n + j] = rows[j * n + i];
                }
            }
        }
    }
}

/// Refuses NaN and infinity: what they would give is no eigenvalue.
///
/// # Errors
///
/// [`Error::NotFinite`], with every bad slice of a stack.
pub fn finite<T: Field>(a: &ArrayViewD<'_, T>, n: usize) -> Result<(), Error> {
    if a.iter().all(|x| x.is_finite()) {
        return Ok(());
    }
    let all: Vec<T> = a.iter().copied().collect();
    let bad = |(index, slice): (usize, &[T])| slice.iter().any(|x| !x.is_finite()).then_some(index);
    let slices = all.chunks(n * n).enumerate().filter_map(bad).collect();
    Err(Error::NotFinite { argument: "a", slices: if a.ndim() == 2 { vec![] } else { slices } })
}
