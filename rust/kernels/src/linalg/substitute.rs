//! Triangular systems of matrices and stacks, and what is solved by a few of them in turn.

use super::cholesky::adjoint;
use super::products::{matrix, unravel};
use super::solve::{Solvable, size_of_square};
use super::triangular::{solve_lower, solve_upper};
use crate::{Control, Error, threads};
use ndarray::{ArrayView2, ArrayViewD, ArrayViewMut2, Axis};

/// How a matrix is turned before its system is solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Not at all.
    Not,
    /// Transposed.
    Transposed,
    /// Transposed and conjugated.
    Adjoint,
}

impl Turn {
    /// SciPy's numbers for them.
    ///
    /// # Errors
    ///
    /// [`Error::Domain`] if there is none of this number.
    pub fn from_number(number: u8) -> Result<Self, Error> {
        match number {
            0 => Ok(Self::Not),
            1 => Ok(Self::Transposed),
            2 => Ok(Self::Adjoint),
            _ => Err(Error::Domain { argument: "trans", must_be: "0, 1 or 2", got: f64::from(number) }),
        }
    }
}

/// A triangle of a matrix, of which nothing else is read.
#[derive(Clone, Copy, Debug)]
pub struct Triangle {
    /// The lower triangle, or else the upper one.
    pub lower: bool,
    /// Whether its diagonal counts as ones and is not read.
    pub unit: bool,
    /// How it is turned.
    pub turn: Turn,
}

/// The exchanges of rows that belong to factors `L U`.
#[derive(Clone, Copy, Debug)]
pub struct Exchanges<'a> {
    /// Row `k` of a matrix was exchanged with row `pivots[k]`, in order; one line per matrix.
    pub pivots: &'a [i32],
    /// Whether they are undone after the triangles, or done before them.
    pub undo: bool,
}

/// Both triangles of `A = L L^H`, or of `A = U^H U`, in the order of their solution.
pub fn of_definite(lower: bool) -> [Triangle; 2] {
    let straight = Triangle { lower, unit: false, turn: Turn::Not };
    let turned = Triangle { turn: Turn::Adjoint, ..straight };
    if lower { [straight, turned] } else { [turned, straight] }
}

/// Both triangles of packed factors `L U`, in the order of their solution.
pub fn of_elimination(turn: Turn) -> [Triangle; 2] {
    let (l, u) = (Triangle { lower: true, unit: true, turn }, Triangle { lower: false, unit: false, turn });
    if turn == Turn::Not { [l, u] } else { [u, l] }
}

/// Replaces `x`, which holds `columns` right-hand sides for each matrix of `a`, by the solutions
/// of its triangles, one after the other. With `check`, what is not finite is refused.
///
/// # Errors
///
/// [`Error::Singular`] if a diagonal holds a zero; [`Error::NotFinite`]; [`Error::NotSquare`];
/// [`Error::Value`] if an exchange is with no row; [`Error::Stopped`].
pub fn substitute<T: Solvable>(
    a: ArrayViewD<'_, T>,
    triangles: &[Triangle],
    exchanges: Option<Exchanges<'_>>,
    (x, columns): (&mut [T], usize),
    check: bool,
    control: &Control,
) -> Result<(), Error> {
    let n = size_of_square(a.shape())?;
    if let Some(&pivot) =
        exchanges.iter().flat_map(|e| e.pivots).find(|&&p| usize::try_from(p).map_or(true, |p| p >= n))
    {
        let message = format!("expected indices of {n} rows, got {pivot}");
        return Err(Error::Value { argument: "piv", message });
    }
    if check && !x.iter().all(|x| x.is_finite()) {
        return Err(Error::NotFinite { argument: "b", slices: vec![] });
    }
    if x.is_empty() {
        return Ok(());
    }
    let stack = &a.shape()[..a.ndim() - 2];
    let bad = threads::Found::default();
    threads::for_chunks(control, x, n * columns, |slice, x| {
        let a = matrix(a.view(), &unravel(slice, stack))?;
        let exchanges = exchanges.map(|e| Exchanges { pivots: &e.pivots[slice * n..(slice + 1) * n], ..e });
        let refused = triangles.iter().find_map(|t| refuse(a, *t, check));
        if let Some(refusal) = refused {
            bad.add([(slice, refusal)]);
            return Ok(());
        }
        let Ok(x) = ArrayViewMut2::from_shape((n, columns), x) else { return Ok(()) };
        one(a, triangles, exchanges, x, control)
    })?;
    let bad = bad.in_order();
    let Some(&(_, first)) = bad.first() else { return Ok(()) };
    let slices = if stack.is_empty() { vec![] } else { bad.iter().map(|&(slice, _)| slice).collect() };
    Err(match first {
        Refusal::NotFinite => Error::NotFinite { argument: "a", slices },
        Refusal::Zero { column } => Error::Singular { slices, column },
    })
}

/// Why a triangle is not solved.
#[derive(Clone, Copy)]
enum Refusal {
    NotFinite,
    Zero { column: usize },
}

/// Whether a triangle has a zero on its diagonal or, with `check`, anything that is not finite.
fn refuse<T: Solvable>(a: ArrayView2<'_, T>, triangle: Triangle, check: bool) -> Option<Refusal> {
    let n = a.nrows();
    let finite = |(i, row): (usize, ndarray::ArrayView1<'_, T>)| {
        let range = match (triangle.lower, triangle.unit) {
            (true, false) => 0..i + 1,
            (true, true) => 0..i,
            (false, unit) => i + usize::from(unit)..n,
        };
        row.iter().skip(range.start).take(range.len()).all(|x| x.is_finite())
    };
    if check && !a.rows().into_iter().enumerate().all(finite) {
        return Some(Refusal::NotFinite);
    }
    let zero = a.diag().iter().position(|&x| x == T::ZERO).filter(|_| !triangle.unit);
    zero.map(|column| Refusal::Zero { column })
}

/// One matrix.
fn one<T: Solvable>(
    a: ArrayView2<'_, T>,
    triangles: &[Triangle],
    exchanges: Option<Exchanges<'_>>,
    mut x: ArrayViewMut2<'_, T>,
    control: &Control,
) -> Result<(), Error> {
    let swaps = exchanges.into_iter().flat_map(|e| e.pivots.iter().map(|&p| p as usize).enumerate());
    let undo = exchanges.is_some_and(|e| e.undo);
    if !undo {
        swaps.clone().for_each(|(k, p)| swap_rows(&mut x, k, p));
    }
    for triangle in triangles {
        let turned = if triangle.turn == Turn::Adjoint { Some(adjoint(a)) } else { None };
        let (factor, lower) = match (&turned, triangle.turn) {
            (Some(turned), _) => (turned.view(), !triangle.lower),
            (None, Turn::Transposed) => (a.reversed_axes(), !triangle.lower),
            (None, _) => (a, triangle.lower),
        };
        let solve = if lower { solve_lower } else { solve_upper };
        solve(factor, triangle.unit, x.view_mut(), control)?;
    }
    if undo {
        swaps.rev().for_each(|(k, p)| swap_rows(&mut x, k, p));
    }
    Ok(())
}

fn swap_rows<T>(x: &mut ArrayViewMut2<'_, T>, i: usize, j: usize) {
    if i != j {
        let (mut above, mut below) = x.view_mut().split_at(Axis(0), i.max(j));
        let pairs = above.row_mut(i.min(j)).into_iter().zip(below.row_mut(0));
        pairs.for_each(|(x, y)| std::mem::swap(x, y));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};
    use num_complex::Complex;

    fn triangle(n: usize) -> Array2<Complex<f64>> {
        Array2::from_shape_fn((n, n), |(i, j)| {
            let x = (3 * i + 5 * j * j) as f64;
            let big = if i == j { n as f64 + 2.0 } else { 0.0 };
            Complex { re: x.sin() + big, im: x.cos() }
        })
    }

    fn solve(
        a: &Array2<Complex<f64>>,
        triangle: Triangle,
        b: &Array2<Complex<f64>>,
    ) -> Result<Array2<Complex<f64>>, Error> {
        let mut x = b.as_standard_layout().into_owned();
        let space = (x.as_slice_mut().unwrap(), b.ncols());
        substitute(a.view().into_dyn(), &[triangle], None, space, true, &Control::default())?;
        Ok(x)
    }

    #[test]
    fn solutions_satisfy_the_triangle_that_is_read_however_it_is_turned() {
        for n in [1, 5, 16, 17, 40, 90] {
            let a = triangle(n);
            let b = triangle(n + 3).slice(ndarray::s![..n, ..3]).to_owned();
            for (lower, unit) in [(false, false), (false, true), (true, false), (true, true)] {
                let part = Array2::from_shape_fn((n, n), |(i, j)| match i.cmp(&j) {
                    std::cmp::Ordering::Equal if unit => Complex::ONE,
                    std::cmp::Ordering::Less if lower => Complex::ZERO,
                    std::cmp::Ordering::Greater if !lower => Complex::ZERO,
                    _ => a[(i, j)] / if unit { n as f64 } else { 1.0 },
                });
                let a = if unit { a.map(|z| z / n as f64) } else { a.clone() };
                for (turn, turned) in [
                    (Turn::Not, part.clone()),
                    (Turn::Transposed, part.t().to_owned()),
                    (Turn::Adjoint, adjoint(part.view())),
                ] {
                    let x = solve(&a, Triangle { lower, unit, turn }, &b).unwrap();
                    assert!(
                        (turned.dot(&x) - &b).iter().all(|e| e.norm() < 1e-12),
                        "{n} {lower} {unit} {turn:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn exchanges_with_no_row_zeros_and_what_is_not_finite_are_refused() {
        let mut a = triangle(4);
        let triangle = Triangle { lower: true, unit: false, turn: Turn::Not };
        a[(2, 2)] = Complex::ZERO;
        let error = solve(&a, triangle, &a).unwrap_err();
        assert_eq!(error, Error::Singular { slices: vec![], column: 2 });
        a[(2, 0)].re = f64::NAN;
        assert!(matches!(solve(&a, triangle, &Array2::zeros((4, 1))), Err(Error::NotFinite { .. })));
        let a = array![[1.0, 0.0], [0.0, 1.0]];
        for pivots in [[0, 2], [-1, 1]] {
            let exchanges = Some(Exchanges { pivots: &pivots, undo: false });
            let result = substitute(
                a.view().into_dyn(),
                &of_elimination(Turn::Not),
                exchanges,
                (&mut [1.0, 2.0], 1),
                true,
                &Control::default(),
            );
            assert!(matches!(result, Err(Error::Value { .. })));
        }
    }
}
