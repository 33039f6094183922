//! The singular value decomposition of matrices and stacks: what is asked, and where the
//! answers go.

use super::columns::{Column, Parts};
pub use super::decomposition::Decomposition;
use super::decomposition::{rotates, single};
use super::one_sided_stack;
use super::options::{NanPolicy, Order, Told, cleared, spoil};
use crate::scalar::Field;
use crate::{Control, Error, threads};
use ndarray::{ArrayView2, ArrayViewD};
use std::sync::{Mutex, PoisonError};

/// The algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    /// Whichever is faster.
    Auto,
    /// Rotations of the columns of a triangular factor: small values keep their digits.
    Jacobi,
    /// The bidiagonal form and implicit QR.
    Bidiagonal,
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
            "bidiagonal" => Ok(Self::Bidiagonal),
            _ => Err(Error::Choice {
                argument: "driver",
                expected: &["auto", "jacobi", "bidiagonal"],
                got: name.to_owned(),
            }),
        }
    }
}

/// Which singular vectors are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// None.
    None,
    /// As many as there are values.
    Thin,
    /// Those that complete the bases as well.
    Full,
}

impl Side {
    /// The option of this name.
    ///
    /// # Errors
    ///
    /// [`Error::Choice`] if there is none.
    pub fn from_name(name: &str) -> Result<Self, Error> {
        match name {
            "none" => Ok(Self::None),
            "thin" => Ok(Self::Thin),
            "full" => Ok(Self::Full),
            _ => Err(Error::Choice {
                argument: "vectors",
                expected: &["none", "thin", "full"],
                got: name.to_owned(),
            }),
        }
    }

    /// Left and right vectors of `m` x `n` matrices.
    pub fn vectors(self, m: usize, n: usize) -> (usize, usize) {
        match self {
            Self::None => (0, 0),
            Self::Thin => (m.min(n), m.min(n)),
            Self::Full => (m, n),
        }
    }

    /// Left vectors of a matrix with `m` rows and `n` columns, `m >= n`.
    pub(super) fn left(self, m: usize, n: usize) -> usize {
        match self {
            Self::None => 0,
            Self::Thin => n,
            Self::Full => m,
        }
    }
}

/// What is asked of each matrix.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The algorithm.
    pub driver: Driver,
    /// Which vectors.
    pub side: Side,
    /// Whether the matrices are Hermitian, with only their lower triangles given.
    pub hermitian: bool,
    /// Whether the largest component of each left vector is made positive (the last of those that
    /// are equal to 8 ulp), and the right vector turned with it.
    pub rule: bool,
}

/// About how many nanoseconds the decomposition of a stack of this shape takes.
pub fn cost(shape: &[usize], side: Side) -> usize {
    let rank = shape.len();
    let (m, n) = (shape[rank - 2], shape[rank - 1]);
    let (long, short) = (m.max(n), m.min(n));
    let count: usize = shape[..rank - 2].iter().product();
    let vectors = if side == Side::None {
        0
    } else {
        3 * short * short * short + side.left(long, short) * long * short
    };
    count.saturating_mul(long * short * short + vectors + 500)
}

pub(super) fn not_matrix(shape: &[usize]) -> Error {
    let expected = "matrices, at least two-dimensional";
    Error::NotMatrix { argument: "a", expected: expected.into(), got: shape.to_vec() }
}

/// Rows and columns of matrices of this shape.
///
/// # Errors
///
/// [`Error::NotMatrix`] for fewer than two dimensions.
pub fn size_of_matrix(shape: &[usize]) -> Result<(usize, usize), Error> {
    match shape {
        [.., m, n] => Ok((*m, *n)),
        _ => Err(not_matrix(shape)),
    }
}

/// The shape of the transposes.
///
/// # Errors
///
/// As [`size_of_matrix`].
pub fn transposed(shape: &[usize]) -> Result<Vec<usize>, Error> {
    let (m, n) = size_of_matrix(shape)?;
    Ok([&shape[..shape.len() - 2], &[n, m]].concat())
}

/// The shapes of the parts of a decomposition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shapes {
    /// Of the left vectors.
    pub u: Vec<usize>,
    /// Of the values.
    pub s: Vec<usize>,
    /// Of the right vectors.
    pub vh: Vec<usize>,
}

/// The shapes of the decomposition of a stack of this shape; vectors that are not wanted take
/// no room.
///
/// # Errors
///
/// As [`size_of_matrix`].
pub fn shapes(shape: &[usize], side: Side) -> Result<Shapes, Error> {
    let (m, n) = size_of_matrix(shape)?;
    let stack = &shape[..shape.len() - 2];
    let (left, right) = side.vectors(m, n);
    let of = |last: &[usize]| [stack, last].concat();
    Ok(Shapes { u: of(&[m, left]), s: of(&[m.min(n)]), vh: of(&[right, n]) })
}

/// Decomposes each matrix of a stack and lets `take` have it, with its index, in any order.
///
/// # Errors
///
/// [`Error::NotFinite`]; [`Error::NotConverged`]; [`Error::Stopped`]; what `take` returns.
pub fn each<T: Column>(
    a: &ArrayViewD<'_, T>,
    options: Options,
    control: &Control,
    take: impl Fn(usize, Decomposition<T>) -> Result<(), Error> + Sync,
) -> Result<(), Error> {
    let (m, n) = size_of_matrix(a.shape())?;
    NanPolicy::Raise.unfit(a, m * n)?;
    each_told(a, options, control, |index, found, _| take(index, found))
}

/// As [`each`] of finite matrices, with how it was found.
fn each_told<T: Column>(
    a: &ArrayViewD<'_, T>,
    options: Options,
    control: &Control,
    take: impl Fn(usize, Decomposition<T>, Told) -> Result<(), Error> + Sync,
) -> Result<(), Error> {
    let (m, n) = size_of_matrix(a.shape())?;
    if options.hermitian {
        super::solve::size_of_square(a.shape())?;
    }
    let whole = a.as_standard_layout();
    let elements = whole.as_slice().unwrap_or_default();
    let count: usize = a.shape()[..a.ndim() - 2].iter().product();
    let chunk = (20_000 / (m * n * m.min(n) + 500)).max(1);
    threads::map_chunks(control, count, chunk, |range| {
        for index in range {
            let slice = &elements[index * m * n..(index + 1) * m * n];
            let matrix = ArrayView2::from_shape((m, n), slice).map_err(|_| not_matrix(&[m, n]))?;
            let (found, told) = single(matrix, options, control)?;
            take(index, found, told)?;
        }
        Ok(())
    })
    .map(|_| ())
}

/// Decomposes each matrix of a stack: left vectors as the columns of `u`, values to `s`, right
/// vectors, conjugated, as the rows of `vh`. `told` has a place for each matrix, or none.
///
/// # Errors
///
/// As [`each`], and matrices that are not finite as the policy says.
pub fn svd<T: Column>(
    a: ArrayViewD<'_, T>,
    options: Options,
    (order, policy): (Order, NanPolicy),
    (u, s, vh): Parts<'_, T>,
    told: &mut [Told],
    control: &Control,
) -> Result<(), Error> {
    let (m, n) = size_of_matrix(a.shape())?;
    let unfit = policy.unfit(&a, m * n)?;
    if unfit.is_empty() {
        finite_svd(a, options, (&mut *u, &mut *s, &mut *vh), told, control)?;
    } else {
        let clean = cleared(&a, m * n, &unfit);
        finite_svd(clean.view(), options, (&mut *u, &mut *s, &mut *vh), told, control)?;
        let (left, right) = options.side.vectors(m, n);
        spoil(&unfit, m * left, u);
        spoil(&unfit, m.min(n), s);
        spoil(&unfit, right * n, vh);
        unfit.iter().for_each(|&slice| told.iter_mut().skip(slice).take(1).for_each(|told| told.ok = false));
    }
    if order == Order::Ascending {
        turn_round((m, n), options.side, (u, s, vh));
    }
    Ok(())
}

/// Makes the order of the values and of the vectors that belong to them ascending.
fn turn_round<T: Column>((m, n): (usize, usize), side: Side, (u, s, vh): Parts<'_, T>) {
    let (short, (left, right)) = (m.min(n).max(1), side.vectors(m, n));
    s.chunks_exact_mut(short).for_each(<[_]>::reverse);
    u.chunks_exact_mut(left.max(1)).for_each(|row| row[..short.min(left)].reverse());
    for vh in vh.chunks_exact_mut((right * n).max(1)) {
        for (first, second) in (0..short / 2).map(|row| (row, short - 1 - row)) {
            let (head, tail) = vh.split_at_mut(second * n);
            head[first * n..(first + 1) * n].swap_with_slice(&mut tail[..n]);
        }
    }
}

/// As [`svd`], of finite matrices, descending.
fn finite_svd<T: Column>(
    a: ArrayViewD<'_, T>,
    options: Options,
    (u, s, vh): Parts<'_, T>,
    told: &mut [Told],
    control: &Control,
) -> Result<(), Error> {
    let (m, n) = size_of_matrix(a.shape())?;
    let short = m.min(n);
    let (ucols, vrows) = options.side.vectors(m, n);
    if options.in_lanes::<T>(m, n) {
        return in_lanes(&a, n, options, (u, s, vh), told, control);
    }
    let places = Places {
        u: pieces(u, m * ucols),
        s: pieces(s, short),
        vh: pieces(vh, n * vrows),
        told: pieces(told, 1),
    };
    each_told(&a, options, control, |index, found, told| {
        let (u, s) = (take(&places.u, index), take(&places.s, index));
        let (u, s) = (u.unwrap_or_default(), s.unwrap_or_default());
        write(&found, m, (u, s, take(&places.vh, index).unwrap_or_default()));
        take(&places.told, index).into_iter().flatten().for_each(|place| *place = told);
        Ok(())
    })
}

impl Options {
    fn in_lanes<T: Column>(self, m: usize, n: usize) -> bool {
        let square = m == n && (2..=one_sided_stack::MOST).contains(&n);
        T::IN_LANES && square && self.driver == Driver::Auto && !self.hermitian
    }

    /// The name of what is done with matrices of this shape.
    pub fn chosen<T: Column>(self, m: usize, n: usize) -> &'static str {
        if self.in_lanes::<T>(m, n) || rotates(self.driver, m.min(n)) { "jacobi" } else { "bidiagonal" }
    }
}

/// Copies a decomposition of a matrix of `m` rows to where it goes.
fn write<T: Column>(found: &Decomposition<T>, m: usize, (u, s, vh): Parts<'_, T>) {
    s.copy_from_slice(&found.values);
    let columns = u.len().checked_div(m).unwrap_or(0);
    for (j, column) in found.u.chunks_exact(m.max(1)).enumerate().take(columns) {
        column.iter().enumerate().for_each(|(i, &x)| u[i * columns + j] = x);
    }
    vh.iter_mut().zip(&found.v).for_each(|(to, x)| *to = x.conj());
}

/// Small square matrices, several at a time.
fn in_lanes<T: Column>(
    a: &ArrayViewD<'_, T>,
    n: usize,
    options: Options,
    (u, s, vh): Parts<'_, T>,
    told: &mut [Told],
    control: &Control,
) -> Result<(), Error> {
    let whole = a.as_standard_layout();
    let elements = whole.as_slice().unwrap_or_default();
    // Some 20 microseconds of work, and whole registers.
    let chunk = (10_000 / (n * n * n + 10)).next_multiple_of(16).max(16);
    let size = n * n;
    let places = Places {
        u: pieces(u, chunk * size),
        s: pieces(s, chunk * n),
        vh: pieces(vh, chunk * size),
        told: pieces(told, chunk),
    };
    let count = elements.len() / size;
    threads::map_chunks(control, count, chunk, |range| {
        let piece = range.start / chunk;
        let u = take(&places.u, piece).unwrap_or_default();
        let s = take(&places.s, piece).unwrap_or_default();
        let vh = take(&places.vh, piece).unwrap_or_default();
        let told = take(&places.told, piece).unwrap_or_default();
        let a = &elements[range.start * size..range.end * size];
        let parts = (&mut *u, &mut *s, &mut *vh);
        for index in T::in_lanes(n, a, parts, options.rule, told, control)? {
            let matrix = ArrayView2::from_shape((n, n), &a[index * size..(index + 1) * size])
                .map_err(|_| not_matrix(&[n, n]))?;
            let (found, of_this) = single(matrix, options, control)?;
            told.iter_mut().skip(index).take(1).for_each(|place| *place = of_this);
            let part = if u.is_empty() { 0..0 } else { index * size..(index + 1) * size };
            let parts = (&mut u[part.clone()], &mut s[index * n..(index + 1) * n], &mut vh[part]);
            write(&found, n, parts);
        }
        Ok(())
    })
    .map(|_| ())
}

/// Where the answers of each matrix go.
struct Places<'a, T: Field> {
    u: Vec<Slot<'a, T>>,
    s: Vec<Slot<'a, T::Real>>,
    vh: Vec<Slot<'a, T>>,
    told: Vec<Slot<'a, Told>>,
}

/// A part of a result that one thread takes and fills.
pub(super) type Slot<'a, T> = Mutex<Option<&'a mut [T]>>;

/// The parts of `target`, of `size` elements each.
pub(super) fn pieces<T>(target: &mut [T], size: usize) -> Vec<Slot<'_, T>> {
    target.chunks_mut(size.max(1)).map(|piece| Mutex::new(Some(piece))).collect()
}

/// Part number `index`, if there is one.
pub(super) fn take<'a, T>(places: &[Slot<'a, T>], index: usize) -> Option<&'a mut [T]> {
    places.get(index)?.lock().unwrap_or_else(PoisonError::into_inner).take()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;
    use ndarray::Array2;
    use num_complex::Complex;

    fn wave<T: Column>(m: usize, n: usize) -> Array2<T> {
        use crate::scalar::Real;
        let part = |k: usize| T::Real::from_f64((k as f64).sin());
        Array2::from_shape_fn((m, n), |(i, j)| {
            T::from_parts([part(7 * i + 11 * j * j + i * j), part(5 * i * i + 3 * j + 1)])
        })
    }

    /// The largest element of `a - u diag(s) vh` and of `q^H q - 1` for both factors.
    fn worst<T: Column>(a: &Array2<T>, driver: Driver, side: Side) -> f64 {
        use crate::scalar::{Real, Scalar};
        let (m, n) = a.dim();
        let (left, right) = side.vectors(m, n);
        let (mut u, mut vh) = (vec![T::ZERO; m * left], vec![T::ZERO; right * n]);
        let mut s = vec![<T::Real as Scalar>::ZERO; m.min(n)];
        let options = Options { driver, side, hermitian: false, rule: true };
        let asked = (Order::Descending, NanPolicy::Raise);
        let parts = (&mut u[..], &mut s[..], &mut vh[..]);
        let mut told = [Told::default()];
        svd(a.view().into_dyn(), options, asked, parts, &mut told, &Control::default()).unwrap();
        assert!(told[0].off_diagonal < 20.0 * T::Real::EPSILON.to_f64(), "{told:?}");
        assert!(s.windows(2).all(|pair| pair[0] >= pair[1]) && s.iter().all(|&s| s >= T::Real::ZERO));
        let u = Array2::from_shape_vec((m, left), u).unwrap();
        let vh = Array2::from_shape_vec((right, n), vh).unwrap();
        let size = |x: T| x.absolute().to_f64();
        let mut worst = 0.0_f64;
        for ((i, j), &x) in a.indexed_iter() {
            let back: T = (0..s.len()).map(|k| u[(i, k)].times(s[k]) * vh[(k, j)]).sum();
            worst = worst.max(size(back - x));
        }
        for q in [u, vh.t().map(|x| x.conj())] {
            for i in 0..q.ncols() {
                for j in 0..q.ncols() {
                    let product: T = (0..q.nrows()).map(|k| q[(k, i)].conj() * q[(k, j)]).sum();
                    worst = worst.max(size(product - if i == j { T::ONE } else { T::ZERO }));
                }
            }
        }
        worst / T::Real::EPSILON.to_f64() / m.max(n).max(1) as f64
    }

    #[test]
    fn parts_are_orthogonal_and_give_the_matrix_back_at_every_level() {
        const SHAPES: [(usize, usize); 9] =
            [(1, 1), (2, 2), (5, 3), (3, 5), (9, 9), (16, 16), (23, 17), (40, 9), (33, 33)];
        at_every_level(|level| {
            for (m, n) in SHAPES {
                for driver in [Driver::Jacobi, Driver::Bidiagonal] {
                    for side in [Side::Thin, Side::Full] {
                        let ratios = [
                            worst(&wave::<f64>(m, n), driver, side),
                            worst(&wave::<f32>(m, n), driver, side),
                            worst(&wave::<Complex<f64>>(m, n), driver, side),
                        ];
                        assert!(
                            ratios.iter().all(|&r| r < 10.0),
                            "{level:?} {m} x {n} {driver:?} {ratios:?}"
                        );
                    }
                }
            }
        });
    }

    #[test]
    fn many_columns_give_the_matrix_back_whatever_its_rank() {
        let driver = Driver::Bidiagonal;
        for (m, n) in [(70, 70), (150, 40), (67, 90)] {
            for side in [Side::Thin, Side::Full] {
                let ratios = [
                    worst(&wave::<f64>(m, n), driver, side),
                    worst(&wave::<f32>(m, n), driver, side),
                    worst(&wave::<Complex<f64>>(m, n), driver, side),
                ];
                assert!(ratios.iter().all(|&r| r < 10.0), "{m} x {n} {ratios:?}");
            }
            let poor = Array2::from_shape_fn((m, n), |(i, j)| ((i * j) % 3) as f64);
            assert!(worst(&poor, driver, Side::Thin) < 20.0, "{m} x {n}");
            assert!(worst(&poor.map(|&x| x as f32), driver, Side::Thin) < 20.0, "{m} x {n}");
            assert!(worst(&Array2::<f64>::eye(m.max(n)), driver, Side::Thin) < 10.0, "{m} x {n}");
        }
    }

    #[test]
    fn names_and_shapes_are_what_they_say() {
        assert_eq!(Driver::from_name("jacobi"), Ok(Driver::Jacobi));
        assert!(Driver::from_name("gesdd").is_err());
        assert_eq!(Side::from_name("thin"), Ok(Side::Thin));
        let found = shapes(&[7, 3, 5], Side::Thin).unwrap();
        assert_eq!((found.u, found.s, found.vh), (vec![7, 3, 3], vec![7, 3], vec![7, 3, 5]));
        assert!(shapes(&[3], Side::Full).is_err());
    }
}
