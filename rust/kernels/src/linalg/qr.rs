//! `A = Q R` by Householder's reflections, some columns at a time.
//!
//! A block of reflections is `I - V T V^H` (R. Schreiber and C. F. Van Loan, "A storage-efficient
//! WY representation for products of Householder transformations", SIAM J. Sci. Stat. Comput. 10,
//! 1989), so that what is right of it changes by products. Signs are LAPACK's.

use super::cholesky::adjoint;
use super::columns::{Column, TOGETHER, inner};
use super::matmul::Update;
use super::solve::rows_and_columns;
use crate::scalar::{Field, Real, Scalar};
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error, threads};
use ndarray::{Array2, ArrayView2, ArrayViewD, ArrayViewMut2, s};

/// Columns that are reflected one by one.
const PANEL: usize = 32;
/// Sums that are kept apart, so that they run in step.
const SUMS: usize = 16;

/// Which factors are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// `Q` with as many columns as the shorter side is long, and so many rows of `R`.
    Reduced,
    /// `Q` square, and all rows of `R`.
    Complete,
    /// `R` as in the reduced mode; `Q` has no columns.
    R,
    /// The transpose of the packed reflections, and their factors `tau`, as LAPACK has them.
    Raw,
}

impl Mode {
    /// NumPy's name for it.
    ///
    /// # Errors
    ///
    /// [`Error::Choice`] if there is none.
    pub fn from_name(name: &str) -> Result<Self, Error> {
        match name {
            "reduced" => Ok(Self::Reduced),
            "complete" => Ok(Self::Complete),
            "r" => Ok(Self::R),
            "raw" => Ok(Self::Raw),
            _ => Err(Error::Choice {
                argument: "mode",
                expected: &["reduced", "complete", "r", "raw"],
                got: name.to_owned(),
            }),
        }
    }

    /// The shapes of both results for one matrix.
    pub fn shapes(self, m: usize, n: usize) -> (Vec<usize>, Vec<usize>) {
        let k = m.min(n);
        match self {
            Self::Reduced => (vec![m, k], vec![k, n]),
            Self::Complete => (vec![m, m], vec![m, n]),
            Self::R => (vec![m, 0], vec![k, n]),
            Self::Raw => (vec![n, m], vec![k]),
        }
    }
}

/// Writes what `mode` asks for of each matrix of `a`.
///
/// # Errors
///
/// [`Error::Shape`] if there are less than two dimensions; [`Error::Stopped`].
pub fn qr<T: Column>(
    a: ArrayViewD<'_, T>,
    mode: Mode,
    (first, second): (&mut [T], &mut [T]),
    control: &Control,
) -> Result<(), Error> {
    let (stack, m, n) = rows_and_columns(a.shape())?;
    let count: usize = stack.iter().product();
    let whole = a.as_standard_layout();
    let source = whole.as_slice().unwrap_or_default();
    let sizes = [first.len(), second.len()].map(|length| length.checked_div(count).unwrap_or(0));
    let (mut first, mut second) = (first, second);
    let mut items = Vec::with_capacity(count);
    for slice in 0..count {
        let ((head, rest), (other, others)) = (first.split_at_mut(sizes[0]), second.split_at_mut(sizes[1]));
        items.push((&source[slice * m * n..(slice + 1) * m * n], head, other));
        (first, second) = (rest, others);
    }
    threads::for_each(control, items, |(a, first, second)| {
        let Ok(a) = ArrayView2::from_shape((m, n), a) else { return Ok(()) };
        let factors = Qr::factor(a, control)?;
        if mode == Mode::Raw {
            let turned = factors.packed.t();
            first.iter_mut().zip(turned.iter()).for_each(|(x, &y)| *x = y);
            second.copy_from_slice(&factors.tau);
            return Ok(());
        }
        for (i, row) in second.chunks_exact_mut(n.max(1)).enumerate() {
            let zeros = i.min(n);
            row[..zeros].fill(T::ZERO);
            row[zeros..].iter_mut().enumerate().for_each(|(j, x)| *x = factors.packed[(i, zeros + j)]);
        }
        let columns = first.len().checked_div(m).unwrap_or(0);
        match ArrayViewMut2::from_shape((m, columns), first) {
            Ok(q) => factors.q(q, control),
            Err(_) => Ok(()),
        }
    })
}

/// The factors of one matrix.
pub struct Qr<T> {
    /// `R` on and above the diagonal, the reflections' vectors below it, without their ones.
    packed: Array2<T>,
    /// Reflection `k` is `I - tau[k] v v^H`.
    tau: Vec<T>,
    blocks: Vec<Block<T>>,
}

impl<T: Column> Qr<T> {
    /// Factors `a`.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] only.
    pub fn factor(a: ArrayView2<'_, T>, control: &Control) -> Result<Self, Error> {
        let (m, n) = a.dim();
        let k = m.min(n);
        let mut packed = a.as_standard_layout().into_owned();
        let (mut tau, mut blocks) = (vec![T::ZERO; k], vec![]);
        for first in (0..k).step_by(PANEL) {
            let end = (first + PANEL).min(k);
            let mut panel = packed.slice_mut(s![first.., first..end]);
            let mut columns = vec![T::ZERO; (m - first) * (end - first)];
            for (i, row) in panel.rows().into_iter().enumerate() {
                let places = columns[i..].iter_mut().step_by(m - first);
                places.zip(row).for_each(|(place, &x)| *place = x);
            }
            let rows = m - first;
            dispatch(Panel { columns: &mut columns, rows, tau: &mut tau[first..end] });
            for (i, row) in panel.rows_mut().into_iter().enumerate() {
                let values = columns[i..].iter().step_by(m - first);
                row.into_iter().zip(values).for_each(|(x, &value)| *x = value);
            }
            let block = Block::new(first, columns, &tau[first..end], control)?;
            if end < n {
                block.apply(true, packed.slice_mut(s![first.., end..]), m - first, control)?;
            }
            blocks.push(block);
        }
        Ok(Self { packed, tau, blocks })
    }

    /// The columns of the square upper triangle of `R`, one after the other.
    pub(super) fn upper(&self) -> Vec<T> {
        let n = self.tau.len();
        let element = |j: usize, i: usize| if i <= j { self.packed[(i, j)] } else { T::ZERO };
        (0..n).flat_map(|j| (0..n).map(move |i| (j, i))).map(|(j, i)| element(j, i)).collect()
    }

    /// Writes the first columns of `Q`.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] only.
    pub fn q(&self, mut out: ArrayViewMut2<'_, T>, control: &Control) -> Result<(), Error> {
        out.fill(T::ZERO);
        out.diag_mut().fill(T::ONE);
        let (m, columns) = out.dim();
        // Rows that are not zero: at first those of the identity.
        let mut used = columns;
        for block in self.blocks.iter().rev().filter(|block| block.first < columns) {
            // What is left of it is still a part of the identity, which it does not change.
            let target = out.slice_mut(s![block.first.., block.first..]);
            block.apply(false, target, used - block.first, control)?;
            used = m;
        }
        Ok(())
    }

    /// The triangular factor, square, of a matrix with no fewer rows than columns.
    pub fn r(&self) -> Array2<T> {
        let n = self.packed.ncols();
        Array2::from_shape_fn((n, n), |(i, j)| if i <= j { self.packed[(i, j)] } else { T::ZERO })
    }

    /// `c := Q c` for the square `Q`, or its adjoint's product.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] only.
    pub(super) fn turn(
        &self,
        of_adjoint: bool,
        c: &mut ArrayViewMut2<'_, T>,
        control: &Control,
    ) -> Result<(), Error> {
        let mut apply = |block: &Block<T>| {
            let target = c.slice_mut(s![block.first.., ..]);
            let used = target.nrows();
            block.apply(of_adjoint, target, used, control)
        };
        if of_adjoint {
            self.blocks.iter().try_for_each(&mut apply)
        } else {
            self.blocks.iter().rev().try_for_each(&mut apply)
        }
    }
}

/// Reflections, one after the other, as one matrix: `I - V T V^H`.
struct Block<T> {
    /// The row where they begin.
    first: usize,
    vectors: Array2<T>,
    turned: Array2<T>,
    middle: Array2<T>,
}

impl<T: Column> Block<T> {
    /// Of the columns that [`Panel`] leaves.
    fn new(first: usize, mut columns: Vec<T>, tau: &[T], control: &Control) -> Result<Self, Error> {
        let (width, rows) = (tau.len(), columns.len() / tau.len().max(1));
        for (j, column) in columns.chunks_exact_mut(rows).enumerate() {
            column[..j].fill(T::ZERO);
            column[j] = T::ONE;
            column[j..].iter_mut().for_each(|x| *x = x.conj());
        }
        let turned = Array2::from_shape_vec((width, rows), columns).unwrap_or_default();
        let vectors = adjoint(turned.view());
        let mut gram = Array2::from_elem((width, width), T::ZERO);
        T::product(turned.view(), vectors.view(), gram.view_mut(), Update::Assign, control)?;
        let mut middle = Array2::from_elem((width, width), T::ZERO);
        for j in 0..width {
            middle[(j, j)] = tau[j];
            for i in 0..j {
                let sum = (i..j).fold(T::ZERO, |sum, l| sum + middle[(i, l)] * gram[(l, j)]);
                middle[(i, j)] = -tau[j] * sum;
            }
        }
        Ok(Self { first, vectors, turned, middle })
    }

    /// `c := (I - V T V^H) c`, or the adjoint's, for a `c` that is zero but for its first `used` rows.
    fn apply(
        &self,
        of_adjoint: bool,
        mut c: ArrayViewMut2<'_, T>,
        used: usize,
        control: &Control,
    ) -> Result<(), Error> {
        let shape = (self.vectors.ncols(), c.ncols());
        let (mut inner, mut outer) = (Array2::from_elem(shape, T::ZERO), Array2::from_elem(shape, T::ZERO));
        let (turned, rows) = (self.turned.slice(s![.., ..used]), c.slice(s![..used, ..]));
        T::product(turned, rows, inner.view_mut(), Update::Assign, control)?;
        let turned = if of_adjoint { Some(adjoint(self.middle.view())) } else { None };
        let middle = turned.as_ref().unwrap_or(&self.middle);
        T::product(middle.view(), inner.view(), outer.view_mut(), Update::Assign, control)?;
        T::product(self.vectors.view(), outer.view(), c.view_mut(), Update::Subtract, control)
    }
}

/// A few columns, each of them contiguous, reflected one by one.
struct Panel<'a, T> {
    columns: &'a mut [T],
    rows: usize,
    tau: &'a mut [T],
}

impl<T: Column> Kernel for Panel<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let mut columns = self.columns;
        for (j, tau) in self.tau.iter_mut().enumerate() {
            let (column, rest) = columns.split_at_mut(self.rows);
            *tau = reflect_at_any_size(&mut column[j..]);
            let (v, factor) = (&column[j + 1..], tau.conj());
            for block in rest.chunks_mut(TOGETHER * self.rows) {
                if block.len() == TOGETHER * self.rows {
                    let mut others = block.chunks_exact_mut(self.rows);
                    let others: [&mut [T]; TOGETHER] =
                        std::array::from_fn(|_| &mut others.next().unwrap_or_default()[j..]);
                    turn(isa, v, factor, others);
                } else {
                    block.chunks_exact_mut(self.rows).for_each(|x| turn(isa, v, factor, [&mut x[j..]]));
                }
            }
            columns = rest;
        }
    }
}

/// As [`reflect`]; numbers with few digits left, at the lower end of the range, are scaled on the
/// way, as LAPACK's `larfg` does, or else the reflection would be no orthogonal matrix.
#[inline(always)]
fn reflect_at_any_size<T: Column>(column: &mut [T]) -> T {
    let (zero, epsilon) = (<T::Real as Scalar>::ZERO, <T::Real as Real>::EPSILON);
    let largest = column.iter().fold(zero, |m, x| if x.magnitude() > m { x.magnitude() } else { m });
    if largest == zero || largest >= <T::Real as Real>::MIN_POSITIVE / epsilon {
        return reflect(column);
    }
    let down = epsilon * epsilon;
    let up = T::from_real(<T::Real as Scalar>::ONE / down);
    column.iter_mut().for_each(|x| *x *= up);
    let tau = reflect(column);
    if let Some(beta) = column.first_mut() {
        *beta *= T::from_real(down);
    }
    tau
}

/// `x := (I - factor v v^H) x` for some columns together, where `v` begins with a 1 that is left out.
#[inline(always)]
fn turn<T: Column, I: Isa, const C: usize>(isa: I, v: &[T], factor: T, columns: [&mut [T]; C]) {
    let length = v.len();
    let tails = columns.each_ref().map(|column| &column[1..]);
    let mut sums = inner::<T, I, C>(isa, v, tails);
    let mut tails = columns.map(|column| column.split_at_mut(1));
    for (sum, (head, _)) in sums.iter_mut().zip(&mut tails) {
        *sum = -(factor * (head[0] + *sum));
        head[0] += *sum;
    }
    let tails = tails.map(|(_, tail)| &mut tail[..length]);
    for i in 0..length {
        for c in 0..C {
            tails[c][i] = T::multiply_add(isa, sums[c], v[i], tails[c][i]);
        }
    }
}

/// Replaces a column by its reflection, `beta` and the vector below it; returns `tau`.
#[inline(always)]
fn reflect<T: Column>(column: &mut [T]) -> T {
    let size = norm(column);
    let Some((alpha, x)) = column.split_first_mut() else { return T::ZERO };
    if *alpha == T::from_real(alpha.re()) && x.iter().all(|&x| x == T::ZERO) {
        return T::ZERO;
    }
    let beta = T::from_real(if alpha.re() < <T::Real as Scalar>::ZERO { size } else { -size });
    let (tau, scale) = ((beta - *alpha).over(beta), *alpha - beta);
    let inverse = T::ONE.over(scale);
    if inverse.is_finite() {
        x.iter_mut().for_each(|x| *x *= inverse);
    } else {
        x.iter_mut().for_each(|x| *x = x.over(scale));
    }
    *alpha = beta;
    tau
}

/// The 2-norm. Squares that would overflow or vanish are scaled by a power of two.
#[inline(always)]
fn norm<T: Column>(x: &[T]) -> T::Real {
    let zero = <T::Real as Scalar>::ZERO;
    let sum = inner_product(x, x).re();
    let safe = <T::Real as Real>::MIN_POSITIVE / <T::Real as Real>::EPSILON;
    if sum.is_nan() || sum >= safe && sum < <T::Real as Real>::INFINITY {
        return sum.sqrt();
    }
    let larger = |m: T::Real, x: &T| if x.magnitude() > m { x.magnitude() } else { m };
    let largest = x.iter().fold(zero, larger);
    if largest == zero || !largest.is_finite() {
        return largest;
    }
    let power = largest.exponent();
    let scale = <T::Real as Scalar>::ONE.scale_by_power_of_two(-power);
    let sum = x.iter().fold(zero, |sum, &x| {
        let x = x * T::from_real(scale);
        sum + (x * x.conj()).re()
    });
    sum.sqrt().scale_by_power_of_two(power)
}

/// `a^H b`.
#[inline(always)]
fn inner_product<T: Field>(a: &[T], b: &[T]) -> T {
    let mut sums = [T::ZERO; SUMS];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<SUMS>(), b.as_chunks::<SUMS>());
    for (a, b) in a.iter().zip(b) {
        for lane in 0..SUMS {
            sums[lane] += a[lane].conj() * b[lane];
        }
    }
    let rest = a_rest.iter().zip(b_rest).fold(T::ZERO, |sum, (&a, &b)| sum + a.conj() * b);
    sums.into_iter().fold(rest, |sum, x| sum + x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linalg::solve::Solvable;
    use crate::simd::at_every_level;
    use num_complex::Complex;

    const SHAPES: [(usize, usize); 11] =
        [(1, 1), (1, 4), (4, 1), (5, 5), (7, 3), (3, 7), (32, 32), (33, 33), (70, 40), (40, 70), (100, 100)];

    fn wave(m: usize, n: usize) -> Array2<Complex<f64>> {
        Array2::from_shape_fn((m, n), |(i, j)| Complex {
            re: ((3 * i + 5 * j * j) as f64).sin(),
            im: ((i * i + j) as f64).cos(),
        })
    }

    fn check<T: Column + Solvable>(a: &Array2<T>, complete: bool, tolerance: T::Real) {
        let (m, n) = a.dim();
        let mode = if complete { Mode::Complete } else { Mode::Reduced };
        let (q_shape, r_shape) = mode.shapes(m, n);
        let mut q = Array2::from_elem((q_shape[0], q_shape[1]), T::nan());
        let mut r = Array2::from_elem((r_shape[0], r_shape[1]), T::nan());
        let parts = (q.as_slice_mut().unwrap(), r.as_slice_mut().unwrap());
        qr(a.view().into_dyn(), mode, parts, &Control::default()).unwrap();
        let mut rest = a.clone();
        T::product(q.view(), r.view(), rest.view_mut(), Update::Subtract, &Control::default()).unwrap();
        assert!(rest.iter().all(|e| e.magnitude() < tolerance), "{m} x {n}");
        let mut gram = Array2::from_elem((q.ncols(), q.ncols()), T::ZERO);
        gram.diag_mut().fill(T::ONE);
        let turned = adjoint(q.view());
        T::product(turned.view(), q.view(), gram.view_mut(), Update::Subtract, &Control::default()).unwrap();
        assert!(gram.iter().all(|e| e.magnitude() < tolerance), "{m} x {n}");
        assert!(r.indexed_iter().all(|((i, j), &x)| i <= j || x == T::ZERO));
    }

    #[test]
    fn factors_are_orthogonal_and_triangular_and_multiply_to_the_matrix_at_every_level() {
        at_every_level(|_| {
            for (m, n) in SHAPES {
                let a = wave(m, n);
                for complete in [false, true] {
                    check(&a, complete, 1e-12);
                    check(&a.map(|z| z.re), complete, 1e-12);
                    check(&a.map(|z| z.im as f32), complete, 1e-3);
                }
            }
        });
    }

    #[test]
    fn reflections_of_denormal_columns_are_orthogonal() {
        for size in [1e-310_f64, 3e-322, 1e-300, 1e-160] {
            let a = wave(9, 5).map(|z| (z.re + 2.0) * size);
            let mut q = Array2::from_elem((9, 5), 0.0);
            let mut r = [0.0; 25];
            let parts = (q.as_slice_mut().unwrap(), &mut r[..]);
            qr(a.view().into_dyn(), Mode::Reduced, parts, &Control::default()).unwrap();
            let gram = q.t().dot(&q);
            assert!(gram.indexed_iter().all(|((i, j), &x)| (x - f64::from(i == j)).abs() < 1e-14), "{size}");
        }
    }

    #[test]
    fn norms_neither_overflow_nor_vanish_on_the_way() {
        for size in [1e-320_f64, 1e-300, 1e-170, 1.0, 1e170, 1e300] {
            let x = [3.0 * size, 0.0, -4.0 * size];
            assert!((norm(&x) / (5.0 * size) - 1.0).abs() < 1e-3_f64.powi(if size < 1e-310 { 1 } else { 5 }));
        }
        assert!(norm(&[1.0, f64::NAN]).is_nan());
        assert_eq!(norm(&[1.0, f64::INFINITY]), f64::INFINITY);
    }
}
