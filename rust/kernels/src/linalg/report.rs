//! How far an answer may be trusted: condition and backward error, slice by slice.
//!
//! W. W. Hager, "Condition estimates", SIAM J. Sci. Stat. Comput. 5, 1984; N. J. Higham, "Accuracy
//! and Stability of Numerical Algorithms", chapters 7 and 15.

use super::inverse::inv;
use super::lu::Lu;
use super::matmul::Update;
use super::products::Blas;
use super::solve::{Solvable, norm_1};
use super::stack::Question;
use crate::scalar::{Real, Scalar};
use crate::{Control, Error, threads};
use ndarray::{ArrayView2, ArrayViewMut2};

/// What is known of the answers of a stack.
#[derive(Clone, Debug, Default)]
pub struct Report<R> {
    /// Index and first column without a pivot of each singular matrix.
    pub singular: Vec<(usize, usize)>,
    /// The reciprocal condition number in the 1-norm of each matrix, where it was asked for.
    pub rcond: Vec<R>,
    /// The relative backward error of each answer, where it was asked for.
    pub backward_error: Vec<R>,
    /// The estimate of the reciprocal condition of a single large matrix that is nearly singular.
    pub doubtful: Option<R>,
}

impl<R: Real> Report<R> {
    /// For a stack of matrices without elements: all is well.
    pub fn of_nothing(count: usize) -> Self {
        Self {
            singular: vec![],
            rcond: vec![R::INFINITY; count],
            backward_error: vec![R::ZERO; count],
            doubtful: None,
        }
    }

    /// Whether each matrix is finite and has an inverse.
    pub fn ok(&self) -> Vec<bool> {
        let mut ok: Vec<bool> = self.rcond.iter().map(|rcond| !rcond.is_nan()).collect();
        self.singular.iter().for_each(|&(slice, _)| ok[slice] = false);
        ok
    }
}

/// An estimate from below of the condition of `a` in the 1-norm, inverted: a few solves.
pub fn estimate<T: Blas>(a: ArrayView2<'_, T>, lu: &Lu<T>) -> T::Real {
    let n = a.nrows();
    let zero = <T::Real as Scalar>::ZERO;
    let mut x = vec![T::from_real(T::Real::from_f64(1.0 / n as f64)); n];
    let mut norm = zero;
    for _ in 0..5 {
        lu.solve_vector(&mut x, false);
        let size = x.iter().fold(zero, |sum, x| sum + x.magnitude());
        if size.is_nan() {
            return size;
        }
        if !(size > norm) {
            break;
        }
        norm = size;
        for x in &mut x {
            let size = x.magnitude();
            *x = if size > zero { *x / T::from_real(size) } else { T::ONE };
        }
        lu.solve_vector(&mut x, true);
        let largest = (0..n).fold(0, |m, i| if x[i].magnitude() > x[m].magnitude() { i } else { m });
        x.fill(T::ZERO);
        x[largest] = T::ONE;
    }
    reciprocal(norm_1(a), norm)
}

/// `1 / (x y)`, and 0 where that is infinite.
pub fn reciprocal<R: Real>(x: R, y: R) -> R {
    let rcond = <R as Scalar>::ONE / x / y;
    if rcond.is_finite() || rcond.is_nan() { rcond } else { <R as Scalar>::ZERO }
}

/// Computes condition and backward error of every slice of an answer.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn fill<T: Solvable>(
    report: &mut Report<T::Real>,
    question: Question,
    n: usize,
    a: &[T],
    b: &[T],
    out: &[T],
    control: &Control,
) -> Result<(), Error> {
    let size = question.size(n);
    let pairs = threads::map_chunks(control, out.len() / size, 1, |range| {
        let slice = range.start;
        let a = &a[slice * n * n..(slice + 1) * n * n];
        let b = if b.is_empty() { b } else { &b[slice * size..(slice + 1) * size] };
        judge(question, n, a, b, &out[slice * size..(slice + 1) * size], control)
    })?;
    (report.rcond, report.backward_error) = pairs.into_iter().unzip();
    Ok(())
}

/// The reciprocal condition of one matrix and the backward error of one answer.
fn judge<T: Solvable>(
    question: Question,
    n: usize,
    a: &[T],
    b: &[T],
    x: &[T],
    control: &Control,
) -> Result<(T::Real, T::Real), Error> {
    let zero = <T::Real as Scalar>::ZERO;
    if a.iter().any(|x| !x.is_finite()) {
        return Ok((T::Real::NAN, T::Real::NAN));
    }
    let columns = x.len() / n;
    let matrices = (ArrayView2::from_shape((n, n), a), ArrayView2::from_shape((n, columns), x));
    let (Ok(a), Ok(x)) = matrices else { return Ok((zero, zero)) };
    let mut inverse = vec![T::ZERO; n * n];
    let rcond = match inv(a, &mut inverse, control) {
        Ok(()) => ArrayView2::from_shape((n, n), &inverse).map_or(zero, |x| reciprocal(norm_1(a), norm_1(x))),
        Err(Error::Singular { .. }) => zero,
        Err(other) => return Err(other),
    };
    let mut residual = match question {
        Question::Solution { .. } => b.to_vec(),
        _ => (0..n * n).map(|place| if place % (n + 1) == 0 { T::ONE } else { T::ZERO }).collect(),
    };
    let largest = |values: &[T]| {
        let larger = |m: T::Real, x: T::Real| if x > m || x.is_nan() { x } else { m };
        values.iter().map(|x| x.magnitude()).fold(zero, larger)
    };
    let size = largest(&residual);
    if let Ok(residual) = ArrayViewMut2::from_shape((n, columns), residual.as_mut_slice()) {
        T::product(a, x, residual, Update::Subtract, control)?;
    }
    let (error, scale) = (largest(&residual), norm_1(a) * norm_1(x) + size);
    Ok((rcond, if scale > zero { error / scale } else { error }))
}
