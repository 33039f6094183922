//! Eigenvalues and eigenvectors of symmetric and Hermitian matrices and stacks: which algorithm, and when.

use super::options::{NanPolicy, Order, Told, cleared, in_parts, spoil, turn_all};
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

    /// Whether matrices of this size are decomposed in lanes, if those up to `most` may be.
    fn in_lanes(self, n: usize, most: usize) -> bool {
        self != Self::Tridiagonal && n <= most
    }

    /// The name of what is done where this is asked.
    pub fn chosen<T: Symmetric>(self, n: usize) -> &'static str {
        if self == Self::Jacobi || self.in_lanes(n, T::IN_LANES_TO) { "jacobi" } else { "tridiagonal" }
    }
}

/// About how many nanoseconds the decomposition of a stack of this shape takes.
pub fn cost(a: &[usize]) -> usize {
    let n = a.last().copied().unwrap_or(0);
    let count: usize = a[..a.len().saturating_sub(2)].iter().product();
    count.saturating_mul(2 * n * n * n + 50)
}

/// What is asked of each matrix.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether the upper triangle is read, and not the lower.
    pub upper: bool,
    /// The algorithm.
    pub driver: Driver,
    /// Whether the largest component of each vector is made positive, the last of those that are
    /// equal to 8 ulp.
    pub rule: bool,
    /// The order of the values.
    pub order: Order,
    /// What becomes of matrices that are not finite.
    pub policy: NanPolicy,
}

impl Options {
    /// The lower triangle, ascending, vectors as they come, and finite matrices only.
    pub const PLAIN: Self = Self {
        upper: false,
        driver: Driver::Auto,
        rule: false,
        order: Order::Ascending,
        policy: NanPolicy::Raise,
    };
}

/// Eigenvalues to `values` and eigenvectors, as columns, to `vectors`, or no vectors where that is
/// empty. `told` has a place for each matrix, or none.
///
/// # Errors
///
/// [`Error::NotFinite`] for matrices that hold NaN or infinity; [`Error::NotConverged`];
/// [`Error::Stopped`].
pub fn eigh<T: Symmetric>(
    a: ArrayViewD<'_, T>,
    options: Options,
    (values, vectors): (&mut [T::Real], &mut [T]),
    told: &mut [Told],
    control: &Control,
) -> Result<(), Error> {
    let n = super::solve::size_of_square(a.shape())?;
    let unfit = options.policy.unfit(&a, n * n)?;
    if unfit.is_empty() {
        return finite_eigh(a, n, options, (values, vectors), told, control);
    }
    let clean = cleared(&a, n * n, &unfit);
    finite_eigh(clean.view(), n, options, (&mut *values, &mut *vectors), told, control)?;
    spoil(&unfit, n, values);
    spoil(&unfit, n * n, vectors);
    unfit.iter().for_each(|&slice| told.iter_mut().skip(slice).take(1).for_each(|told| told.ok = false));
    Ok(())
}

/// As [`eigh`], of finite matrices.
fn finite_eigh<T: Symmetric>(
    a: ArrayViewD<'_, T>,
    n: usize,
    options: Options,
    (values, vectors): (&mut [T::Real], &mut [T]),
    told: &mut [Told],
    control: &Control,
) -> Result<(), Error> {
    let Options { upper, driver, rule, order, .. } = options;
    if values.is_empty() {
        return Ok(());
    }
    let whole = lower(a, upper);
    let a = whole.as_slice().unwrap_or_default();
    if driver.in_lanes(n, T::IN_LANES_TO) {
        if vectors.is_empty() {
            T::values_in_lanes(n, a, values, control)?;
        } else {
            T::decompose_in_lanes(n, a, (&mut *values, &mut *vectors), rule, told, control)?;
        }
    } else {
        singly(a, n, options, (&mut *values, &mut *vectors), told, control)?;
    }
    order.arrange(n, values, vectors);
    Ok(())
}

/// One matrix after the other.
fn singly<T: Symmetric>(
    a: &[T],
    n: usize,
    options: Options,
    (values, vectors): (&mut [T::Real], &mut [T]),
    told: &mut [Told],
    control: &Control,
) -> Result<(), Error> {
    let Options { upper, driver, rule, .. } = options;
    let places = values.chunks_mut(n).zip(in_parts(vectors, n * n)).zip(in_parts(told, 1));
    threads::for_each(control, places.zip(a.chunks(n * n)).collect(), |(((values, vectors), told), a)| {
        let mut work = working_copy(a, upper);
        if vectors.is_empty() && driver != Driver::Jacobi {
            values.copy_from_slice(&T::values(n, &mut work, control)?);
            return Ok(());
        }
        let mut found = T::decompose(n, &mut work, driver, control)?;
        if rule {
            turn_all(n, &mut found.rows);
        }
        values.copy_from_slice(&found.values);
        told.iter_mut().for_each(|place| *place = found.told);
        if !vectors.is_empty() {
            transpose(n, &found.rows, vectors);
        }
        Ok(())
    })
}

/// A matrix to work in; where its rows were columns of a Hermitian one, their conjugates.
fn working_copy<T: Field>(a: &[T], turned: bool) -> Vec<T> {
    if turned { a.iter().map(|x| x.conj()).collect() } else { a.to_vec() }
}

/// The stack in C order, its matrices turned so that their lower triangles are the ones to be read.
fn lower<T: Field>(a: ArrayViewD<'_, T>, upper: bool) -> CowArray<'_, T, IxDyn> {
    let mut axes: Vec<usize> = (0..a.ndim()).collect();
    if upper {
        let last = axes.len();
        axes.swap(last - 2, last - 1);
    }
    let turned = a.permuted_axes(axes);
    if turned.is_standard_layout() { turned.into() } else { turned.as_standard_layout().into_owned().into() }
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
    NanPolicy::Raise.unfit(a, n * n).map(|_| ())
}
