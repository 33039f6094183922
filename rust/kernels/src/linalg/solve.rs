//! Inverses, solutions and determinants of matrices and stacks of any size and layout.
//!
//! Small matrices are eliminated in lanes ([`stack`]), larger ones factored one by one
//! ([`Lu`]). Every bad slice is found, not only the first.

use super::inverse::inv;
use super::lu::Lu;
use super::products::Blas;
use super::report::{self, Report};
use super::stack::{self, Question};
use crate::scalar::{Field, Real, Scalar};
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error, threads};
use ndarray::{ArrayView2, ArrayViewD, ArrayViewMut2};
use num_complex::Complex;

/// What becomes of a matrix without an inverse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errors {
    /// It is an error that names every bad slice.
    Raise,
    /// Its answer is NaN.
    Nan,
}

impl Errors {
    /// The option of this name.
    ///
    /// # Errors
    ///
    /// [`Error::Choice`] if there is none.
    pub fn from_name(name: &str) -> Result<Self, Error> {
        match name {
            "raise" => Ok(Self::Raise),
            "nan" => Ok(Self::Nan),
            _ => Err(Error::Choice { argument: "errors", expected: &["raise", "nan"], got: name.to_owned() }),
        }
    }
}

/// An element type whose systems can be solved.
pub trait Solvable: Blas {
    /// Answers for a stack in lanes, if this type has them; see [`stack::answer`].
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] only.
    fn in_lanes(
        _question: Question,
        _n: usize,
        _a: &[Self],
        _b: &[Self],
        _out: &mut [Self],
        _control: &Control,
    ) -> Result<Option<Vec<(usize, usize)>>, Error> {
        Ok(None)
    }

    /// Not a number.
    fn nan() -> Self;
}

macro_rules! solvable {
    ($($T:ty)+) => { $(impl Solvable for $T {
        fn in_lanes(
            question: Question, n: usize, a: &[Self], b: &[Self], out: &mut [Self], control: &Control,
        ) -> Result<Option<Vec<(usize, usize)>>, Error> {
            if n > stack::MOST { return Ok(None); }
            stack::answer(question, n, a, b, out, control).map(Some)
        }
        fn nan() -> Self { <$T>::NAN }
    })+ };
}

solvable!(f32 f64);

macro_rules! solvable_one_by_one {
    ($($T:ty)+) => { $(impl Solvable for Complex<$T> {
        fn nan() -> Self { Self { re: <$T>::NAN, im: <$T>::NAN } }
    })+ };
}

solvable_one_by_one!(f32 f64);

/// The size of the square matrices in a stack of this shape.
///
/// # Errors
///
/// [`Error::NotSquare`].
pub fn size_of_square(a: &[usize]) -> Result<usize, Error> {
    match a {
        [.., m, n] if m == n => Ok(*n),
        _ => Err(Error::NotSquare { argument: "a", got: a.to_vec() }),
    }
}

/// The shape of the stack, and rows and columns of its matrices.
///
/// # Errors
///
/// [`Error::Shape`] if there are less than two dimensions.
pub fn rows_and_columns(a: &[usize]) -> Result<(&[usize], usize, usize), Error> {
    match a {
        [stack @ .., m, n] => Ok((stack, *m, *n)),
        _ => Err(Error::Shape { argument: "a", expected: "at least two dimensions".into(), got: a.to_vec() }),
    }
}

/// About how many nanoseconds it takes to factor matrices of this shape.
pub fn cost_of_factors(a: &[usize]) -> usize {
    let least = a.iter().rev().take(2).min().copied().unwrap_or(0);
    a.iter().product::<usize>().saturating_mul(least + 16) / 8
}

/// About how many nanoseconds a question to a stack of this shape takes.
pub fn cost(a: &[usize], columns: usize) -> usize {
    let n = a.last().copied().unwrap_or(0);
    let count: usize = a[..a.len().saturating_sub(2)].iter().product();
    count.saturating_mul(n * n * (n + columns) / 8 + 10)
}

/// Answers `question` for each matrix of `a`, with contiguous right-hand sides `b`, into `out`.
///
/// With `wanted`, the report holds condition and backward error of every slice.
///
/// # Errors
///
/// [`Error::Singular`] where bad slices are to raise; [`Error::NotSquare`]; [`Error::Stopped`].
pub fn answer<T: Solvable>(
    question: Question,
    a: ArrayViewD<'_, T>,
    b: &[T],
    out: &mut [T],
    errors: Errors,
    wanted: bool,
    control: &Control,
) -> Result<Report<<T as Field>::Real>, Error> {
    let n = size_of_square(a.shape())?;
    let (single, count) = (a.ndim() == 2, a.shape()[..a.ndim() - 2].iter().product());
    let whole = a.as_standard_layout();
    let a = whole.as_slice().unwrap_or_default();
    let size = question.size(n);
    if n == 0 || out.is_empty() {
        if question == Question::Determinant {
            out.fill(T::ONE);
        }
        return Ok(Report::of_nothing(count));
    }
    let mut rcond = None;
    let singular = match T::in_lanes(question, n, a, b, out, control)? {
        Some(singular) => singular,
        None => one_by_one(question, n, a, b, out, (single, &mut rcond), control)?,
    };
    settle(question, size, &singular, out, errors, single)?;
    let mut report = Report { singular, rcond: vec![], backward_error: vec![], doubtful: rcond };
    if wanted {
        report::fill(&mut report, question, n, a, b, out, control)?;
    }
    Ok(report)
}

/// What becomes of the singular matrices among those answered for.
fn settle<T: Solvable>(
    question: Question,
    size: usize,
    singular: &[(usize, usize)],
    out: &mut [T],
    errors: Errors,
    single: bool,
) -> Result<(), Error> {
    if errors == Errors::Raise
        && question != Question::Determinant
        && let Some(&(_, column)) = singular.first()
    {
        let slices = if single { vec![] } else { singular.iter().map(|&(slice, _)| slice).collect() };
        return Err(Error::Singular { slices, column });
    }
    for &(slice, _) in singular {
        let answer = &mut out[slice * size..(slice + 1) * size];
        answer.fill(if question == Question::Determinant { T::ZERO } else { T::nan() });
    }
    Ok(())
}

/// The size of a matrix that [`answer_alone`] takes, if this is the shape of one.
pub fn size_alone(a: &[usize]) -> Option<usize> {
    match *a {
        [m, n] if m == n && (1..=stack::MOST).contains(&n) => Some(n),
        _ => None,
    }
}

/// The right-hand sides in an array of this shape, if they are for one matrix of `n` rows.
pub fn columns_alone(n: usize, b: &[usize]) -> Option<usize> {
    match *b {
        [m] if m == n => Some(1),
        [m, columns] if m == n && columns > 0 => Some(columns),
        _ => None,
    }
}

/// As [`answer`], for one small real matrix in C order and without a report.
///
/// # Errors
///
/// [`Error::Singular`] where that is to raise.
pub fn answer_alone<T: Real + Solvable>(
    question: Question,
    n: usize,
    a: &[T],
    b: &[T],
    out: &mut [T],
    errors: Errors,
    control: &Control,
) -> Result<(), Error> {
    let singular = stack::answer(question, n, a, b, out, control)?;
    settle(question, question.size(n), &singular, out, errors, true)
}

/// Matrices too large for lanes: each is factored, a few at a time.
fn one_by_one<T: Solvable>(
    question: Question,
    n: usize,
    a: &[T],
    b: &[T],
    out: &mut [T],
    (single, doubtful): (bool, &mut Option<<T as Field>::Real>),
    control: &Control,
) -> Result<Vec<(usize, usize)>, Error> {
    let size = question.size(n);
    if single {
        let (singular, rcond) = one(question, n, a, b, out, true, control)?;
        *doubtful = rcond.filter(|&rcond| rcond < <T as Field>::Real::EPSILON);
        return Ok(singular.map(|column| (0, column)).into_iter().collect());
    }
    let found = threads::Found::default();
    threads::for_chunks(control, out, size, |index, out| {
        let b = if b.is_empty() { b } else { &b[index * size..(index + 1) * size] };
        let (singular, _) = one(question, n, &a[index * n * n..(index + 1) * n * n], b, out, false, control)?;
        found.add(singular.map(|column| (index, column)));
        Ok(())
    })?;
    Ok(found.in_order())
}

type Verdict<T> = (Option<usize>, Option<<T as Field>::Real>);

/// One matrix: the column without a pivot, if there is one, and an estimate of the condition.
fn one<T: Solvable>(
    question: Question,
    n: usize,
    a: &[T],
    b: &[T],
    out: &mut [T],
    estimate: bool,
    control: &Control,
) -> Result<Verdict<T>, Error> {
    let shape = |_| Error::NotSquare { argument: "a", got: vec![a.len()] };
    let matrix = ArrayView2::from_shape((n, n), a).map_err(shape)?;
    // The inverse of an infinite pivot would pass for an honest zero.
    if question != Question::Determinant && !a.iter().all(|x| x.is_finite()) {
        out.fill(T::nan());
        return Ok((None, estimate.then_some(<T::Real as Real>::NAN)));
    }
    let columns = out.len() / n;
    if question == Question::Inverse {
        match inv(matrix, out, control) {
            Err(Error::Singular { column, .. }) => return Ok((Some(column), None)),
            other => other?,
        }
        let inverse = ArrayView2::from_shape((n, n), &*out).map_err(shape)?;
        return Ok((None, estimate.then(|| report::reciprocal(norm_1(matrix), norm_1(inverse)))));
    }
    let lu = match Lu::factor(matrix, control) {
        Err(Error::Singular { column, .. }) => return Ok((Some(column), None)),
        other => other?,
    };
    if question == Question::Determinant {
        out[0] = lu.det();
        return Ok((None, None));
    }
    let mut target = ArrayViewMut2::from_shape((n, columns), out).map_err(shape)?;
    target.iter_mut().zip(b).for_each(|(x, &b)| *x = b);
    lu.solve(target, control)?;
    Ok((None, estimate.then(|| report::estimate(matrix, &lu))))
}

/// The 1-norm: the largest sum of a column's magnitudes.
pub fn norm_1<T: Field>(a: ArrayView2<'_, T>) -> T::Real {
    let sums = dispatch(ColumnSums(a));
    let larger = |m: T::Real, x: T::Real| if x > m || x.is_nan() { x } else { m };
    sums.into_iter().fold(<T::Real as Scalar>::ZERO, larger)
}

/// The sum of magnitudes of each column.
struct ColumnSums<'a, T>(ArrayView2<'a, T>);

impl<T: Field> Kernel for ColumnSums<'_, T> {
    type Output = Vec<T::Real>;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) -> Self::Output {
        let mut sums = vec![<T::Real as Scalar>::ZERO; self.0.ncols()];
        for row in self.0.rows() {
            match row.to_slice() {
                Some(row) => sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += x.magnitude()),
                None => sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += x.magnitude()),
            }
        }
        sums
    }
}

/// The right-hand sides of shape `b`, broadcast to a stack: the shape of the result, and whether
/// `b` is one vector (NumPy 2's rule: only if it has one dimension).
///
/// # Errors
///
/// [`Error::Shape`] if they do not fit.
pub fn solution_shape(a: &[usize], b: &[usize]) -> Result<(Vec<usize>, bool), Error> {
    let n = size_of_square(a)?;
    let vector = b.len() == 1;
    let rows = if vector { b[0] } else { b.get(b.len().wrapping_sub(2)).copied().unwrap_or(0) };
    let misfit = |expected: String| Error::Shape { argument: "b", expected, got: b.to_vec() };
    if b.is_empty() || rows != n {
        return Err(misfit(format!("{n} rows, as many as `a` has")));
    }
    let stack = &a[..a.len() - 2];
    let of_b = if vector { &[] } else { &b[..b.len() - 2] };
    let mut shape = super::products::broadcast(stack, of_b)
        .ok_or_else(|| misfit(format!("a stack that broadcasts with {stack:?}")))?;
    shape.push(n);
    if !vector {
        shape.push(b[b.len() - 1]);
    }
    Ok((shape, vector))
}
