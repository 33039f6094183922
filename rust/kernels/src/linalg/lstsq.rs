//! Least squares: of all that leave the smallest residual, the shortest.
//!
//! By reflections first (G. H. Golub, "Numerical methods for solving linear least squares problems",
//! Numer. Math. 7, 1965), of the adjoint where there are more columns than rows. The singular values
//! of the triangular factor are those of the matrix and tell its rank. Where that is full the factor
//! is solved, which is backward stable up to the bound of the rank; else its singular vectors answer
//! (G. H. Golub and C. Reinsch, "Singular value decomposition and least squares solutions", Numer.
//! Math. 14, 1970).

use super::cholesky::adjoint;
use super::columns::Column;
use super::decomposition::{Decomposition, single};
use super::matmul::Update;
use super::options::NanPolicy;
use super::products::{broadcast, matrix, unravel};
use super::qr::Qr;
use super::solve::Solvable;
use super::svd::{Driver, Options, Side, size_of_matrix};
use super::triangular::{solve_lower, solve_upper};
use crate::scalar::{Field, Real, Scalar};
use crate::{Control, Error, threads};
use ndarray::{Array2, ArrayView2, ArrayViewD, ArrayViewMut2, Axis, s};

/// The shapes of the problems and of the answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shapes {
    /// Of the stack.
    pub stack: Vec<usize>,
    /// Of the solutions.
    pub x: Vec<usize>,
    /// Of the sums of squared residuals: no elements where there are no more rows than columns.
    pub residuals: Vec<usize>,
    /// Of the singular values.
    pub s: Vec<usize>,
    rows: usize,
    unknowns: usize,
    sides: usize,
}

impl Shapes {
    /// Of matrices and right-hand sides of these shapes; a single dimension is one right-hand side.
    ///
    /// # Errors
    ///
    /// [`Error::NotMatrix`] if `a` has fewer than two dimensions, or `b` does not fit.
    pub fn of(a: &[usize], b: &[usize]) -> Result<Self, Error> {
        let (rows, unknowns) = size_of_matrix(a)?;
        let misfit = |expected: String| Error::NotMatrix { argument: "b", expected, got: b.to_vec() };
        let (above, sides): (&[usize], _) = match b {
            [] => return Err(misfit("at least one dimension".into())),
            [_] => (&[], None),
            [above @ .., _, sides] => (above, Some(*sides)),
        };
        let length = b[b.len() - 1 - usize::from(sides.is_some())];
        if length != rows {
            return Err(misfit(format!("{rows} rows, as many as `a` has")));
        }
        let stack = broadcast(&a[..a.len() - 2], above)
            .ok_or_else(|| misfit(format!("a stack that broadcasts with shape {a:?}")))?;
        let of = |last: &[usize]| [&stack, last].concat();
        let width = sides.unwrap_or(1);
        Ok(Self {
            x: sides.map_or_else(|| of(&[unknowns]), |sides| of(&[unknowns, sides])),
            residuals: of(&[if rows > unknowns { width } else { 0 }]),
            s: of(&[rows.min(unknowns)]),
            stack,
            rows,
            unknowns,
            sides: width,
        })
    }

    /// About how many nanoseconds the answers take.
    pub fn cost(&self) -> usize {
        let (long, short) = (self.rows.max(self.unknowns), self.rows.min(self.unknowns));
        let one = long * short * (short + self.sides) / 4 + short * short * short / 2 + 2_000;
        self.stack.iter().product::<usize>().saturating_mul(one)
    }
}

/// Where the answers go, each contiguous.
pub struct Answers<'a, T: Field> {
    /// The solutions.
    pub x: &'a mut [T],
    /// Sums of squared magnitudes of the residuals; NaN where the rank is not full.
    pub residuals: &'a mut [T::Real],
    /// Ranks.
    pub rank: &'a mut [i64],
    /// Singular values, descending.
    pub s: &'a mut [T::Real],
}

impl<'a, T: Field> Answers<'a, T> {
    /// Those of the first problem of this shape, and the rest.
    fn split(self, shapes: &Shapes) -> (Self, Self) {
        let residuals = if shapes.rows > shapes.unknowns { shapes.sides } else { 0 };
        let (x, xs) = self.x.split_at_mut(shapes.unknowns * shapes.sides);
        let (residuals, other) = self.residuals.split_at_mut(residuals);
        let (rank, ranks) = self.rank.split_at_mut(1);
        let (s, values) = self.s.split_at_mut(shapes.rows.min(shapes.unknowns));
        (Self { x, residuals, rank, s }, Self { x: xs, residuals: other, rank: ranks, s: values })
    }
}

/// Solves every problem of a stack. Singular values up to `rcond` times the largest count as zero:
/// by default the larger side times the distance from 1 to the next number, and that distance for a
/// negative one, as LAPACK's.
///
/// # Errors
///
/// [`Error::NotFinite`] for matrices that hold NaN or infinity; [`Error::NotConverged`];
/// [`Error::Stopped`].
pub fn lstsq<T: Solvable + Column>(
    a: ArrayViewD<'_, T>,
    b: ArrayViewD<'_, T>,
    rcond: Option<f64>,
    shapes: &Shapes,
    answers: Answers<'_, T>,
    control: &Control,
) -> Result<(), Error> {
    NanPolicy::Raise.unfit(&a, shapes.rows * shapes.unknowns)?;
    let b = if b.ndim() == 1 { b.insert_axis(Axis(1)) } else { b };
    let wide = |x: &ArrayViewD<'_, T>| [&shapes.stack[..], &x.shape()[x.ndim() - 2..]].concat();
    let misfit = || Error::Shape { argument: "b", expected: "a stack that broadcasts".into(), got: vec![] };
    let a = a.broadcast(wide(&a)).ok_or_else(misfit)?;
    let b = b.broadcast(wide(&b)).ok_or_else(misfit)?;
    let eps = <T::Real as Real>::EPSILON;
    let side = <T::Real as Real>::from_f64(shapes.rows.max(shapes.unknowns) as f64);
    let bound = match rcond {
        None => side * eps,
        Some(given) if given < 0.0 => eps,
        Some(given) => <T::Real as Real>::from_f64(given),
    };
    let count: usize = shapes.stack.iter().product();
    let (mut problems, mut left) = (Vec::with_capacity(count), answers);
    for index in 0..count {
        let (first, rest) = left.split(shapes);
        problems.push((unravel(index, &shapes.stack), first));
        left = rest;
    }
    threads::for_each(control, problems, |(place, answers)| {
        one(matrix(a.view(), &place)?, matrix(b.view(), &place)?, bound, answers, control)
    })
}

/// The power of two that is at most the largest magnitude, as its exponent.
fn power<T: Field>(a: ArrayView2<'_, T>) -> i32 {
    let zero = <T::Real as Scalar>::ZERO;
    let largest = a.iter().map(|x| x.magnitude()).fold(zero, |m, x| if x > m { x } else { m });
    if largest > zero && largest.is_finite() { largest.exponent() } else { 0 }
}

fn one<T: Solvable + Column>(
    a: ArrayView2<'_, T>,
    b: ArrayView2<'_, T>,
    bound: T::Real,
    answers: Answers<'_, T>,
    control: &Control,
) -> Result<(), Error> {
    let (m, n) = a.dim();
    let (of_a, of_b) = (power(a), power(b));
    let scaled = a.map(|x| x.times_power_of_two(-of_a));
    let mut c = b.map(|x| x.times_power_of_two(-of_b));
    let wide = m < n;
    let qr = Qr::factor(if wide { adjoint(scaled.view()) } else { scaled }.view(), control)?;
    let r = qr.r();
    let ask = |side: Side| {
        let options = Options { driver: Driver::Auto, side, hermitian: false, rule: false };
        single(r.view(), options, control).map(|(found, _)| found)
    };
    let values = ask(Side::None)?.values;
    let least = bound * values.first().copied().unwrap_or(<T::Real as Scalar>::ZERO);
    let rank = values.iter().filter(|&&value| value > least).count();
    let full = rank == m.min(n);
    if !wide {
        qr.turn(true, &mut c.view_mut(), control)?;
    }
    for (j, sum) in answers.residuals.iter_mut().enumerate() {
        let rest = c.slice(s![n.., j]);
        let squares = rest.iter().map(|x| (*x * x.conj()).re()).sum::<T::Real>();
        *sum = if full { squares.scale_by_power_of_two(2 * of_b) } else { <T::Real as Real>::NAN };
    }
    let mut y = c.slice(s![..m.min(n), ..]).to_owned();
    match (full, wide) {
        (true, false) => solve_upper(r.view(), false, y.view_mut(), control)?,
        (true, true) => solve_lower(adjoint(r.view()).view(), false, y.view_mut(), control)?,
        (false, _) => y = shortest(&ask(Side::Thin)?, rank, wide, y.view(), control)?,
    }
    let mut x = Array2::from_elem((n, b.ncols()), T::ZERO);
    x.slice_mut(s![..m.min(n), ..]).assign(&y);
    if wide {
        qr.turn(false, &mut x.view_mut(), control)?;
    }
    let back = |x: &T| x.times_power_of_two(of_b - of_a);
    answers.x.iter_mut().zip(&x).for_each(|(out, x)| *out = back(x));
    answers.rank.fill(rank as i64);
    answers.s.iter_mut().zip(&values).for_each(|(out, x)| *out = x.scale_by_power_of_two(of_a));
    Ok(())
}

/// `V S^-1 U^H c` for the first values of `U S V^H`, or of its adjoint.
fn shortest<T: Solvable + Column>(
    found: &Decomposition<T>,
    rank: usize,
    of_adjoint: bool,
    c: ArrayView2<'_, T>,
    control: &Control,
) -> Result<Array2<T>, Error> {
    let n = c.nrows();
    let misfit = |_| Error::Shape { argument: "a", expected: format!("{n} rows"), got: vec![n] };
    let rows = |columns: &[T]| {
        let used: Vec<T> = columns[..rank * n].to_vec();
        Array2::from_shape_vec((rank, n), used).map_err(misfit)
    };
    let (left, right) = if of_adjoint { (&found.v, &found.u) } else { (&found.u, &found.v) };
    let (left, right) = (rows(left)?, rows(right)?);
    let mut w = Array2::from_elem((rank, c.ncols()), T::ZERO);
    product(left.map(|x| x.conj()).view(), c, w.view_mut(), control)?;
    for (mut row, &value) in w.rows_mut().into_iter().zip(&found.values) {
        row.iter_mut().for_each(|x| *x = x.over(T::from_real(value)));
    }
    let mut y = Array2::from_elem(c.dim(), T::ZERO);
    product(right.t(), w.view(), y.view_mut(), control)?;
    Ok(y)
}

fn product<T: Solvable>(
    a: ArrayView2<'_, T>,
    b: ArrayView2<'_, T>,
    c: ArrayViewMut2<'_, T>,
    control: &Control,
) -> Result<(), Error> {
    T::product(a, b, c, Update::Assign, control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_complex::Complex;

    /// Solutions, residuals, rank and values of one problem.
    fn solve<T: Solvable + Column>(a: &Array2<T>, b: &Array2<T>) -> (Array2<T>, Vec<T::Real>, i64) {
        let shapes = Shapes::of(a.shape(), b.shape()).unwrap();
        let mut x = Array2::from_elem((a.ncols(), b.ncols()), T::ZERO);
        let zero = <T::Real as Scalar>::ZERO;
        let mut residuals = vec![zero; shapes.residuals[0]];
        let (mut rank, mut s) = ([0], vec![zero; shapes.s[0]]);
        let answers =
            Answers { x: x.as_slice_mut().unwrap(), residuals: &mut residuals, rank: &mut rank, s: &mut s };
        let (a, b) = (a.view().into_dyn(), b.view().into_dyn());
        lstsq(a, b, None, &shapes, answers, &Control::default()).unwrap();
        (x, residuals, rank[0])
    }

    fn wave(m: usize, n: usize) -> Array2<f64> {
        Array2::from_shape_fn((m, n), |(i, j)| {
            ((i * 131 + j * 7919 + i * i * j + 17) % 1009) as f64 / 504.5 - 1.0
        })
    }

    #[test]
    fn residuals_are_orthogonal_to_the_columns_and_as_large_as_is_said() {
        for (m, n) in [(1, 1), (5, 2), (40, 35), (70, 33), (100, 3)] {
            for scale in [1.0, 1e-300, 1e290] {
                let (a, b) = (wave(m, n) * scale, wave(m, 3));
                let (x, squares, rank) = solve(&a, &b);
                let rest = &b - (&a / scale).dot(&(&x * scale));
                assert_eq!(rank, n as i64);
                assert!((a.t().dot(&rest) / scale).iter().all(|e| e.abs() < 1e-12 * m as f64), "{m} {n}");
                for (j, square) in squares.iter().enumerate() {
                    let expected = rest.column(j).dot(&rest.column(j));
                    assert!((square - expected).abs() < 1e-12 * m as f64);
                }
            }
        }
    }

    #[test]
    fn of_many_solutions_the_shortest_is_found() {
        // The shortest lies in the range of the adjoint: a^H w for some w.
        for (m, n, rank) in [(3, 5, 3), (6, 40, 6), (8, 6, 2), (6, 8, 2), (40, 40, 7)] {
            let parts = |x: &Array2<f64>| x.map(|&x| Complex { re: x, im: (5.0 * x).cos() });
            let a = if rank == m {
                parts(&wave(m, n))
            } else {
                parts(&wave(m, rank)).dot(&parts(&wave(rank, n)))
            };
            let w = parts(&wave(m, 2));
            let expected = a.t().map(|x| x.conj()).dot(&w);
            let (x, residuals, found) = solve(&a, &a.dot(&expected));
            assert_eq!(found, rank as i64);
            let size = expected.iter().fold(0.0_f64, |s, x| s.max(x.norm()));
            assert!((x - expected).iter().all(|e| e.norm() < 1e-10 * size), "{m} {n} {rank}");
            assert!(residuals.iter().all(|x| x.is_nan()));
        }
    }

    #[test]
    fn shapes_are_numpys() {
        let shapes = Shapes::of(&[2, 1, 5, 3], &[4, 5, 2]).unwrap();
        assert_eq!((shapes.x, shapes.residuals), (vec![2, 4, 3, 2], vec![2, 4, 2]));
        let shapes = Shapes::of(&[3, 5], &[3]).unwrap();
        assert_eq!((shapes.x, shapes.residuals, shapes.s), (vec![5], vec![0], vec![3]));
        assert!(Shapes::of(&[3, 5], &[5]).is_err());
        assert!(Shapes::of(&[3, 5], &[]).is_err());
    }
}
