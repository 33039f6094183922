//! What follows from singular values: pseudo-inverse, rank, condition, range and null space, and
//! the polar form.

use super::columns::Column;
use super::matmul::Update;
use super::svd::{Decomposition, Driver, Options, Side, each, not_matrix, pieces, size_of_matrix, take};
use crate::scalar::{Field, Real};
use crate::{Control, Error};
use ndarray::{ArrayView2, ArrayViewD, ArrayViewMut2};

/// Up to which size values count as zero: one bound for all matrices of a stack, or one for each.
#[derive(Clone, Debug, PartialEq)]
pub enum Tolerance {
    /// The larger side of the matrix times the distance from 1 to the next number, relative to
    /// the largest value.
    Rounding,
    /// Relative to the largest value.
    Relative(Vec<f64>),
    /// As they are.
    Absolute(Vec<f64>),
}

impl Tolerance {
    /// The bound of these values of matrix `index`, with `side` its larger side.
    fn bound<R: Real>(&self, index: usize, side: usize, values: &[R]) -> R {
        let largest = values.first().copied().unwrap_or(R::ZERO);
        let of = |given: &[f64]| given.get(index).or(given.first()).copied().unwrap_or(0.0);
        match self {
            Self::Rounding => largest * R::EPSILON * R::from_f64(side as f64),
            Self::Relative(given) => largest * R::from_f64(of(given)),
            Self::Absolute(given) => R::from_f64(of(given)),
        }
    }

    /// How many of these values are above the bound.
    fn rank<R: Real>(&self, index: usize, side: usize, values: &[R]) -> usize {
        let bound = self.bound(index, side, values);
        values.iter().filter(|&&value| value > bound).count()
    }
}

/// What is asked of the decomposition, and of which triangle.
fn options(side: Side, hermitian: bool) -> Options {
    Options { driver: Driver::Auto, side, hermitian, rule: side != Side::None }
}

/// The pseudo-inverse of each matrix of a stack, to `out`.
///
/// E. H. Moore, 1920; R. Penrose, "A generalized inverse for matrices", Proc. Camb. Phil. Soc. 51,
/// 1955.
///
/// # Errors
///
/// As [`each`].
pub fn pinv<T: Column>(
    a: ArrayViewD<'_, T>,
    tolerance: &Tolerance,
    hermitian: bool,
    out: &mut [T],
    control: &Control,
) -> Result<(), Error> {
    let (m, n) = size_of_matrix(a.shape())?;
    let places = pieces(out, m * n);
    each(&a, options(Side::Thin, hermitian), control, |index, found| {
        let Some(out) = take(&places, index) else { return Ok(()) };
        let rank = tolerance.rank(index, m.max(n), &found.values);
        let mut u = found.u;
        for (column, &value) in u.chunks_exact_mut(m).zip(&found.values) {
            column.iter_mut().for_each(|x| *x = x.conj().over(T::from_real(value)));
        }
        product(view(n, rank, &found.v)?.t(), view(m, rank, &u)?, out, control)
    })?;
    Ok(())
}

/// The number of singular values of each matrix of a stack that are above the bound, to `out`.
///
/// # Errors
///
/// As [`each`].
pub fn matrix_rank<T: Column>(
    a: ArrayViewD<'_, T>,
    tolerance: &Tolerance,
    hermitian: bool,
    out: &mut [i64],
    control: &Control,
) -> Result<(), Error> {
    let (m, n) = size_of_matrix(a.shape())?;
    let places = pieces(out, 1);
    each(&a, options(Side::None, hermitian), control, |index, found| {
        let rank = tolerance.rank(index, m.max(n), &found.values);
        take(&places, index).into_iter().flatten().for_each(|place| *place = rank as i64);
        Ok(())
    })?;
    Ok(())
}

/// Which space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// All that the matrix makes of vectors.
    Range,
    /// What it makes zero.
    Null,
}

impl Space {
    /// Turns the shape of a stack into that of bases with `dimension` columns.
    pub fn reshape(self, shape: &mut [usize], dimension: usize) {
        if let [.., rows, columns] = shape {
            *rows = if self == Self::Range { *rows } else { *columns };
            *columns = dimension;
        }
    }
}

/// An orthonormal basis of a space of each matrix of a stack: how many vectors it has, the same
/// number for all, and the matrices that have them as columns, one after the other.
///
/// # Errors
///
/// [`Error::Value`] if the dimensions differ; as [`each`].
pub fn basis<T: Column>(
    a: ArrayViewD<'_, T>,
    space: Space,
    tolerance: &Tolerance,
    control: &Control,
) -> Result<(usize, Vec<T>), Error> {
    let (m, n) = size_of_matrix(a.shape())?;
    let count: usize = a.shape()[..a.ndim() - 2].iter().product();
    let mut found: Vec<(usize, Vec<T>)> = vec![(0, vec![]); count];
    let places = pieces(&mut found, 1);
    let side = if space == Space::Range { Side::Thin } else { Side::Full };
    each(&a, options(side, false), control, |index, parts| {
        let rank = tolerance.rank(index, m.max(n), &parts.values);
        let (length, columns) = match space {
            Space::Range => (m, &parts.u[..rank * m]),
            Space::Null => (n, &parts.v[rank * n..]),
        };
        let dimension = columns.len() / length.max(1);
        let rows = (0..length).flat_map(|i| columns.iter().skip(i).step_by(length).copied());
        let rows: Vec<T> = rows.collect();
        take(&places, index).into_iter().flatten().for_each(|place| *place = (dimension, rows.clone()));
        Ok(())
    })?;
    let dimension = found.first().map_or(0, |&(dimension, _)| dimension);
    if let Some(other) = found.iter().position(|&(of_other, _)| of_other != dimension) {
        let message = format!(
            "expected matrices whose spaces have one dimension, got {dimension} in slice 0 and {} in slice {other}",
            found[other].0
        );
        return Err(Error::Value { argument: "A", message });
    }
    Ok((dimension, found.into_iter().flat_map(|(_, rows)| rows).collect()))
}

/// The shape of the semidefinite factors of a stack of this shape.
///
/// # Errors
///
/// As [`size_of_matrix`].
pub fn semidefinite_shape(shape: &[usize], left: bool) -> Result<Vec<usize>, Error> {
    let (m, n) = size_of_matrix(shape)?;
    let side = if left { m } else { n };
    Ok([&shape[..shape.len() - 2], &[side, side]].concat())
}

/// The polar form of each matrix of a stack: a factor with orthonormal columns (or rows) to `u`, and
/// to `p` a positive semidefinite one, which stands at its right or, if `left`, at its left.
///
/// N. J. Higham, "Computing the polar decomposition, with applications", SIAM J. Sci. Stat. Comput.
/// 7, 1986.
///
/// # Errors
///
/// As [`each`].
pub fn polar<T: Column>(
    a: ArrayViewD<'_, T>,
    left: bool,
    (u, p): (&mut [T], &mut [T]),
    control: &Control,
) -> Result<(), Error> {
    let (m, n) = size_of_matrix(a.shape())?;
    let (k, side) = (m.min(n), if left { m } else { n });
    let (us, ps) = (pieces(u, m * n), pieces(p, side * side));
    each(&a, options(Side::Thin, false), control, |index, found| {
        let Decomposition { values, u: w, v } = found;
        let conjugated: Vec<T> = v.iter().map(|x| x.conj()).collect();
        if let Some(out) = take(&us, index) {
            product(view(m, k, &w)?.t(), view(n, k, &conjugated)?, out, control)?;
        }
        let Some(out) = take(&ps, index) else { return Ok(()) };
        let vectors = if left { &w } else { &v };
        let scaled = |factor: fn(T) -> T| -> Vec<T> {
            let columns = vectors.chunks_exact(side.max(1)).zip(&values);
            // Roots on both sides: the product is symmetric to the last bit.
            columns
                .flat_map(|(column, &value)| column.iter().map(move |&x| factor(x).times(value.sqrt())))
                .collect()
        };
        let (one, other) = (scaled(|x| x), scaled(Field::conj));
        product(view(side, k, &one)?.t(), view(side, k, &other)?, out, control)?;
        for i in 0..side {
            for j in 0..i {
                out[i * side + j] = out[j * side + i].conj();
            }
        }
        Ok(())
    })?;
    Ok(())
}

/// The first `count` columns of this length as the rows of a matrix.
fn view<T>(length: usize, count: usize, columns: &[T]) -> Result<ArrayView2<'_, T>, Error> {
    let used = columns.get(..count * length).unwrap_or_default();
    ArrayView2::from_shape((count, length), used).map_err(|_| not_matrix(&[count, length]))
}

/// `out = a b`.
fn product<T: Column>(
    a: ArrayView2<'_, T>,
    b: ArrayView2<'_, T>,
    out: &mut [T],
    control: &Control,
) -> Result<(), Error> {
    let shape = (a.nrows(), b.ncols());
    let out = ArrayViewMut2::from_shape(shape, out).map_err(|_| not_matrix(&[shape.0, shape.1]))?;
    T::product(a, b, out, Update::Assign, control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    fn of_rank_two() -> Array2<f64> {
        Array2::from_shape_fn((5, 3), |(i, j)| {
            ((i + 1) * (j + 2)) as f64 + f64::from(u8::from(i == j)) * f64::from(u8::from(i == 0))
        })
    }

    #[test]
    fn a_pseudo_inverse_gives_the_matrix_back() {
        let a = of_rank_two();
        let mut x = Array2::zeros((3, 5));
        let out = x.as_slice_mut().unwrap();
        pinv(a.view().into_dyn(), &Tolerance::Rounding, false, out, &Control::default()).unwrap();
        assert!((a.dot(&x).dot(&a) - &a).iter().all(|e| e.abs() < 1e-12));
        let mut rank = [0];
        matrix_rank(a.view().into_dyn(), &Tolerance::Rounding, false, &mut rank, &Control::default())
            .unwrap();
        assert_eq!(rank, [2]);
    }

    #[test]
    fn bases_complete_each_other() {
        let a = of_rank_two();
        let of =
            |space| basis(a.view().into_dyn(), space, &Tolerance::Rounding, &Control::default()).unwrap();
        let (dimension, columns) = of(Space::Null);
        assert_eq!((dimension, columns.len()), (1, 3));
        assert!(a.dot(&ndarray::Array1::from(columns)).iter().all(|e| e.abs() < 1e-13));
        assert_eq!(of(Space::Range).0, 2);
        let mut shape = [7, 5, 3];
        Space::Null.reshape(&mut shape, 1);
        assert_eq!(shape, [7, 3, 1]);
    }

    #[test]
    fn bounds_are_relative_absolute_or_of_rounding() {
        let values = [4.0, 1e-3, 1e-17];
        assert_eq!(Tolerance::Rounding.rank(0, 3, &values), 2);
        assert_eq!(Tolerance::Relative(vec![1e-2]).rank(5, 3, &values), 1);
        assert_eq!(Tolerance::Absolute(vec![5.0, 0.0]).rank(1, 3, &values), 3);
    }
}
