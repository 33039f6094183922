//! Components by the singular value decomposition, of a whole sample or of one batch after another.

use super::centre::Sample;
use super::{Components, Data, norm, turn};
use crate::linalg::decomposition::single;
use crate::linalg::qr::{self, Mode};
use crate::linalg::svd::{Driver, Options, Side};
use crate::{Control, Error};
use ndarray::{Array2, ArrayView2, s};

/// The components of the rows of `x`, by the singular value decomposition of the centred data.
///
/// # Errors
///
/// [`Error::NotFinite`], [`Error::Empty`], [`Error::Shape`] and [`Error::Value`] for data and
/// weights that are none; [`Error::NotConverged`]; [`Error::Stopped`].
pub fn full<T: Data>(
    x: ArrayView2<'_, T>,
    weights: Option<&[T]>,
    control: &Control,
) -> Result<Components<T>, Error> {
    let sample = Sample::new(x, weights, control)?;
    let centred = sample.centred(0, control)?;
    let (values, vectors) = right_vectors(centred.view(), control)?;
    let norm = norm(&values);
    Ok(Components { mean: sample.mean, values, vectors, norm, weight: sample.weight })
}

/// What is known of the samples of earlier batches.
#[derive(Clone, Copy, Debug)]
pub struct Before<'a, T> {
    /// How many rows there were.
    pub rows: usize,
    /// The sum of their weights.
    pub weight: f64,
    /// Their mean.
    pub mean: &'a [T],
    /// Their singular values, all of them.
    pub values: &'a [T],
    /// The vectors that belong to these, one after the other.
    pub vectors: &'a [T],
}

/// The components of all samples so far: of those before, and of the rows of `x`.
///
/// Nothing is left out, so that batches give what the whole gives, to rounding. D. A. Ross,
/// J. Lim, R.-S. Lin and M.-H. Yang, "Incremental learning for robust visual tracking", Int. J.
/// Comput. Vis. 77, 2008.
///
/// # Errors
///
/// As [`full`]; [`Error::Shape`] if the number of columns has changed.
pub fn merge<T: Data>(
    before: Before<'_, T>,
    x: ArrayView2<'_, T>,
    weights: Option<&[T]>,
    control: &Control,
) -> Result<Components<T>, Error> {
    let (n, p) = x.dim();
    if before.mean.len() != p || before.vectors.len() != before.values.len() * p {
        let expected = format!("{} columns, as many as before", before.mean.len());
        return Err(Error::Shape { argument: "X", expected, got: vec![n, p] });
    }
    let sample = Sample::new(x, weights, control)?;
    let rank = before.values.len();
    let weight = before.weight + sample.weight;
    let mut stacked = Array2::from_elem((rank + n + 1, p), T::ZERO);
    let earlier = before.values.iter().zip(before.vectors.chunks_exact(p));
    for (mut row, (&value, vector)) in stacked.rows_mut().into_iter().zip(earlier) {
        row.iter_mut().zip(vector).for_each(|(to, &v)| *to = value * v);
    }
    stacked.slice_mut(s![rank..rank + n, ..]).assign(&sample.centred(0, control)?);
    // The means are samples too, of the distance between the batches.
    let apart = (before.weight * (sample.weight / weight)).sqrt();
    let share = sample.weight / weight;
    let mut mean = Vec::with_capacity(p);
    let last = stacked.row_mut(rank + n);
    for ((to, &old), &new) in last.into_iter().zip(before.mean).zip(&sample.mean) {
        let distance = new.to_f64() - old.to_f64();
        *to = T::from_f64(apart * distance);
        mean.push(T::from_f64(old.to_f64() + share * distance));
    }
    let (mut values, mut vectors) = right_vectors(stacked.view(), control)?;
    values.truncate((before.rows + n).min(p));
    vectors.truncate(values.len() * p);
    let norm = norm(&values);
    Ok(Components { mean, values, vectors, norm, weight })
}

/// Singular values, descending, and right vectors, one after the other, turned by the rule.
pub(super) fn right_vectors<T: Data>(
    a: ArrayView2<'_, T>,
    control: &Control,
) -> Result<(Vec<T>, Vec<T>), Error> {
    let (n, p) = a.dim();
    let options = Options { driver: Driver::Auto, side: Side::Thin, hermitian: false, rule: false };
    let (found, _) = if n > p {
        // The triangular factor has the same values and right vectors, and no left ones to form.
        let mut triangle = Array2::from_elem((p, p), T::ZERO);
        let parts = (&mut [][..], triangle.as_slice_mut().unwrap_or_default());
        qr::qr(a.into_dyn(), Mode::R, parts, control)?;
        single(triangle.view(), options, control)?
    } else {
        single(a, options, control)?
    };
    let (values, mut vectors) = (found.values, found.v);
    turn(p, &mut vectors);
    Ok((values, vectors))
}
