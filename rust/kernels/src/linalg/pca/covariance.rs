//! Components by the eigenvectors of the covariance: fast where there are many samples of few
//! features.

use super::centre::Sample;
use super::{Components, Data, norm, turn};
use crate::linalg::eigh::{self, Options};
use crate::linalg::matmul::Update;
use crate::{Control, Error, threads};
use ndarray::{Array2, ArrayView2, s};

/// Rows that are centred and multiplied at a time.
const BLOCK: usize = 256;
/// Columns of the result that are computed together, from the diagonal down.
const STRIP: usize = 64;
/// Columns up to which threads take groups of rows; above, the products are shared.
const NARROW: usize = 256;
/// Groups of rows, whose sums are kept apart.
const GROUPS: usize = 8;

/// The components of the rows of `x`, by the eigenvectors of their covariance.
///
/// Squares lose digits: a variance has a relative error of about `eps` times the ratio of the
/// largest to it, and singular values below the largest times the root of `eps` have no digit.
///
/// # Errors
///
/// As [`super::full`].
pub fn covariance<T: Data>(
    x: ArrayView2<'_, T>,
    weights: Option<&[T]>,
    control: &Control,
) -> Result<Components<T>, Error> {
    let sample = Sample::new(x, weights, control)?;
    let p = sample.mean.len();
    let mut scatter = lower_scatter(&sample, 0, control)?;
    let mut power = 0;
    let room = T::MIN_POSITIVE / (T::EPSILON * T::EPSILON);
    let largest = (0..p).fold(T::ZERO, |m, j| if scatter[(j, j)] < m { m } else { scatter[(j, j)] });
    if !(largest > room && largest.is_finite()) {
        // Squares overflow or vanish: once more with numbers near 1.
        power = -sample.exponent();
        if power != 0 {
            scatter = lower_scatter(&sample, power, control)?;
        }
    }
    let (squares, vectors) = spectrum(scatter, control)?;
    let values: Vec<T> = squares.iter().map(|x| x.sqrt().scale_by_power_of_two(-power)).collect();
    let norm = norm(&values);
    Ok(Components { mean: sample.mean, values, vectors, norm, weight: sample.weight })
}

/// Eigenvalues, descending, those below zero set to zero, and vectors, one after the other, turned
/// by the rule, of the symmetric matrix whose lower triangle is given.
pub(super) fn spectrum<T: Data>(a: Array2<T>, control: &Control) -> Result<(Vec<T>, Vec<T>), Error> {
    let p = a.nrows();
    let (mut ascending, mut columns) = (vec![T::ZERO; p], vec![T::ZERO; p * p]);
    let parts = (ascending.as_mut_slice(), columns.as_mut_slice());
    eigh::eigh(a.into_dyn().view(), Options::PLAIN, parts, &mut [], control)?;
    let values = ascending.iter().rev().map(|&x| if x > T::ZERO { x } else { T::ZERO }).collect();
    let mut vectors: Vec<T> = (0..p).rev().flat_map(|k| columns.iter().skip(k).step_by(p).copied()).collect();
    turn(p, &mut vectors);
    Ok((values, vectors))
}

/// The sum of products of the centred columns times `2^power`; above the diagonal there may be
/// anything.
fn lower_scatter<T: Data>(sample: &Sample<'_, T>, power: i32, control: &Control) -> Result<Array2<T>, Error> {
    let (n, p) = sample.dim();
    let factors = sample.factors(power);
    let groups = if p <= NARROW { GROUPS } else { 1 };
    let rows = n.div_ceil(groups).next_multiple_of(BLOCK);
    let parts = threads::map_chunks(control, n, rows, |range| {
        let mut sum = Array2::from_elem((p, p), T::ZERO);
        T::with_buffer(BLOCK * p, |buffer| {
            for first in range.clone().step_by(BLOCK) {
                let count = BLOCK.min(range.end - first);
                let block = &mut buffer[..count * p];
                sample.centre(first, factors.as_deref(), block);
                let Ok(block) = ArrayView2::from_shape((count, p), &*block) else { continue };
                for left in (0..p).step_by(STRIP) {
                    let right = (left + STRIP).min(p);
                    let (below, strip) = (block.slice(s![.., left..]), block.slice(s![.., left..right]));
                    let target = sum.slice_mut(s![left.., left..right]);
                    T::product(below.t(), strip, target, Update::Add, control)?;
                }
            }
            Ok(())
        })?;
        Ok(sum)
    })?;
    let mut parts = parts.into_iter();
    let mut sum = parts.next().unwrap_or_default();
    parts.for_each(|part| sum.zip_mut_with(&part, |x, &y| *x += y));
    Ok(sum)
}
