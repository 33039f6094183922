//! Symmetric matrices to tridiagonal form by reflections, several at a time.
//!
//! J. J. Dongarra, D. C. Sorensen and S. J. Hammarling, "Block reduction of matrices to condensed
//! forms for eigenvalue computations", J. Comput. Appl. Math. 27, 1989: half of the work is one
//! pass over the triangle per column, the other half a product per panel. Back again by R.
//! Schreiber and C. Van Loan, "A storage-efficient WY representation for products of Householder
//! transformations", SIAM J. Sci. Stat. Comput. 10, 1989.

use super::matmul::{Update, product};
use super::tridiagonal::dot;
use crate::scalar::Real;
use crate::simd::{Isa, Kernel, Lanes, dispatch};
use crate::{Control, Error};
use ndarray::{Array2, ArrayView2, ArrayViewMut2, s};

/// Columns that are reduced before the rest of the matrix is brought up to date.
const PANEL: usize = 32;
/// Columns of a rest for which shorter panels are faster.
const SHORT: usize = 96;
/// Rows that are brought up to date by one product, so that little is computed twice.
const ROWS: usize = 96;

/// `Q^T A Q`, tridiagonal, with `Q` as reflections `I - s v v^T`.
#[derive(Debug)]
pub struct Tridiagonal<T> {
    /// The diagonal.
    pub diagonal: Vec<T>,
    /// The elements beside it, and a zero.
    pub beside: Vec<T>,
    /// The `s` of each reflection, of which the `v` are in the rows of the matrix, right of the
    /// diagonal.
    pub scales: Vec<T>,
}

impl<T: Real> Tridiagonal<T> {
    /// Reduces the `n` x `n` matrix whose lower triangle is in `a`; its largest element is about 1.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] only.
    pub fn of(n: usize, a: &mut [T], control: &Control) -> Result<Self, Error> {
        for i in 0..n {
            for j in i + 1..n {
                a[i * n + j] = a[j * n + i];
            }
        }
        let zeros = || vec![T::ZERO; n];
        let mut form = Self { diagonal: zeros(), beside: zeros(), scales: zeros() };
        let mut first = 0;
        // One above the other: the vectors v, the vectors w, the v again.
        let mut space = vec![T::ZERO; 3 * PANEL * n];
        while first < n {
            control.go_on()?;
            let rest = n - first;
            let width = if rest <= SHORT { 8 } else { PANEL }.min(rest);
            let space = &mut space[..3 * width * n];
            let (vectors, partners) = space[..2 * width * n].split_at_mut(width * n);
            dispatch(Panel { n, first, width, a, form: &mut form, vectors, partners });
            space.copy_within(..width * n, 2 * width * n);
            first += width;
            bring_up_to_date(n, first, width, a, space, control)?;
        }
        Ok(form)
    }
}

/// `A -= V W^T + W V^T` in the upper triangle from row `first` on.
fn bring_up_to_date<T: Real>(
    n: usize,
    first: usize,
    width: usize,
    a: &mut [T],
    space: &[T],
    control: &Control,
) -> Result<(), Error> {
    let (Ok(mut a), Ok(space)) =
        (ArrayViewMut2::from_shape((n, n), a), ArrayView2::from_shape((3 * width, n), space))
    else {
        return Ok(());
    };
    for top in (first..n).step_by(ROWS) {
        let bottom = (top + ROWS).min(n);
        let left = space.slice(s![..2 * width, top..bottom]).reversed_axes();
        let right = space.slice(s![width.., top..]);
        product(left, right, a.slice_mut(s![top..bottom, top..]), Update::Subtract, control)?;
    }
    Ok(())
}

/// Reduces columns `first..first + width`, and leaves the rest of the matrix as it is.
struct Panel<'a, T> {
    n: usize,
    first: usize,
    width: usize,
    a: &'a mut [T],
    form: &'a mut Tridiagonal<T>,
    /// The `v` of the panel, one after the other.
    vectors: &'a mut [T],
    /// The `w`, so that the panel takes `v w^T + w v^T` from the matrix.
    partners: &'a mut [T],
}

impl<T: Real> Kernel for Panel<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { n, first, width, a, form, vectors, partners } = self;
        for j in 0..width {
            let k = first + j;
            let (head, tail) = a.split_at_mut((k + 1) * n);
            let row = &mut head[k * n + k..];
            let (known_v, v) = vectors.split_at_mut(j * n);
            let (known_w, w) = partners.split_at_mut(j * n);
            let known = || known_v.chunks_exact(n).zip(known_w.chunks_exact(n));
            for (v, w) in known() {
                let (minus_v, minus_w) = (-v[k], -w[k]);
                for ((x, &v), &w) in row.iter_mut().zip(&v[k..]).zip(&w[k..]) {
                    *x = isa.mul_add(minus_v, w, isa.mul_add(minus_w, v, *x));
                }
            }
            form.diagonal[k] = row[0];
            v[..n].fill(T::ZERO);
            w[..n].fill(T::ZERO);
            if k + 1 == n {
                return;
            }
            (form.beside[k], form.scales[k]) = reflection(isa, &mut row[1..]);
            let scale = form.scales[k];
            if scale == T::ZERO {
                continue;
            }
            v[k + 1..n].copy_from_slice(&row[1..]);
            let (v, w) = (&v[k + 1..n], &mut w[k + 1..n]);
            triangle_times(isa, n, k + 1, tail, v, w);
            for (p, q) in known() {
                let (p, q) = (&p[k + 1..], &q[k + 1..]);
                let (minus_p, minus_q) = (-dot(isa, q, v), -dot(isa, p, v));
                for ((x, &p), &q) in w.iter_mut().zip(p).zip(q) {
                    *x = isa.mul_add(minus_p, p, isa.mul_add(minus_q, q, *x));
                }
            }
            // A - v w^T - w v^T, where w = s A v - (s^2 / 2) (v^T A v) v.
            // The square of s may overflow.
            let half = scale * (scale * T::from_f64(0.5) * dot(isa, w, v));
            for (w, &v) in w.iter_mut().zip(v) {
                *w = isa.mul_add(-half, v, scale * *w);
            }
        }
    }
}

/// Turns `x` into the vector `v` of the reflection `I - s v v^T` that leaves only its first
/// component; returns that and `s`.
#[inline(always)]
fn reflection<T: Real, I: Isa>(isa: I, x: &mut [T]) -> (T, T) {
    let rest = dot(isa, &x[1..], &x[1..]);
    // What is so small beside the largest element of the matrix has no square.
    if rest <= T::MIN_POSITIVE / T::EPSILON {
        let first = x[0];
        x.fill(T::ZERO);
        return (first, T::ZERO);
    }
    let norm = isa.mul_add(x[0], x[0], rest).sqrt();
    let alpha = if x[0] > T::ZERO { -norm } else { norm };
    x[0] -= alpha;
    (alpha, -T::ONE / (alpha * x[0]))
}

/// `y += A x` for the symmetric matrix whose upper triangle begins in column `first` of `rows`: one
/// pass over it, four rows at a time.
#[inline(always)]
fn triangle_times<T: Real, I: Isa>(isa: I, n: usize, first: usize, rows: &[T], x: &[T], y: &mut [T]) {
    let size = x.len();
    let row = |i: usize, from: usize| &rows[i * n + first + from..(i + 1) * n];
    let whole = size / 4 * 4;
    for i in (0..whole).step_by(4) {
        let factors = [x[i], x[i + 1], x[i + 2], x[i + 3]];
        let right = [row(i, i + 4), row(i + 1, i + 4), row(i + 2, i + 4), row(i + 3, i + 4)];
        let (above, below) = y.split_at_mut(i + 4);
        let sums = four_rows(isa, right, &x[i + 4..], factors, below);
        for p in 0..4 {
            let corner = row(i + p, i);
            above[i + p] += isa.mul_add(corner[p], factors[p], sums[p]);
            for q in p + 1..4 {
                above[i + p] = isa.mul_add(corner[q], factors[q], above[i + p]);
                above[i + q] = isa.mul_add(corner[q], factors[p], above[i + q]);
            }
        }
    }
    for i in whole..size {
        y[i] = isa.mul_add(row(i, i)[0], x[i], y[i]);
        for j in i + 1..size {
            let element = row(i, j)[0];
            y[i] = isa.mul_add(element, x[j], y[i]);
            y[j] = isa.mul_add(element, x[i], y[j]);
        }
    }
}

/// The products of four rows with `x`, while `y` gets the same rows times `factors`.
#[inline(always)]
fn four_rows<T: Real, I: Isa>(isa: I, rows: [&[T]; 4], x: &[T], factors: [T; 4], y: &mut [T]) -> [T; 4] {
    let lanes = T::Lanes::<I>::COUNT;
    let spread = factors.map(|f| isa.splat(f));
    let mut sums = [isa.splat(T::ZERO); 4];
    let [a, b, c, d] = rows.map(|row| row.chunks_exact(lanes));
    let tails = [a.remainder(), b.remainder(), c.remainder(), d.remainder()];
    let mut xs = x.chunks_exact(lanes);
    let mut ys = y.chunks_exact_mut(lanes);
    for (((((a, b), c), d), x), y) in a.zip(b).zip(c).zip(d).zip(&mut xs).zip(&mut ys) {
        let x = isa.load::<T>(x);
        let mut total = isa.load::<T>(y);
        for (row, (sum, &factor)) in [a, b, c, d].into_iter().zip(sums.iter_mut().zip(&spread)) {
            let row = isa.load::<T>(row);
            *sum = row.mul_add(x, *sum);
            total = row.mul_add(factor, total);
        }
        total.store(y);
    }
    let mut sums = sums.map(Lanes::sum);
    for (j, (&x, y)) in xs.remainder().iter().zip(ys.into_remainder()).enumerate() {
        for p in 0..4 {
            sums[p] = isa.mul_add(tails[p][j], x, sums[p]);
            *y = isa.mul_add(tails[p][j], factors[p], *y);
        }
    }
    sums
}

/// Applies `Q`, the product of the reflections, to each row `x` of `rows`; `Q x` takes its place.
///
/// Row `k` of `a` holds the vector of reflection `k`, right of the diagonal.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn turn_back<T: Real>(
    n: usize,
    a: &[T],
    scales: &[T],
    rows: &mut [T],
    control: &Control,
) -> Result<(), Error> {
    let count = n.saturating_sub(1);
    let Ok(mut rows) = ArrayViewMut2::from_shape((n, n), rows) else { return Ok(()) };
    for first in (0..count).step_by(PANEL).rev() {
        let width = PANEL.min(count - first);
        let mut v = Array2::from_elem((width, n - first - 1), T::ZERO);
        for (j, mut v) in v.rows_mut().into_iter().enumerate() {
            let source = &a[(first + j) * n + first + j + 1..(first + j + 1) * n];
            v.iter_mut().skip(j).zip(source).for_each(|(v, &x)| *v = x);
        }
        // H_1 H_2 ... = I - V^T T V, with an upper triangular T.
        let zeros = |shape| Array2::from_elem(shape, T::ZERO);
        let (mut gram, mut t) = (zeros((width, width)), zeros((width, width)));
        product(v.view(), v.t(), gram.view_mut(), Update::Assign, control)?;
        for j in 0..width {
            let scale = scales[first + j];
            for i in 0..j {
                let sum: T = (i..j).map(|p| t[(i, p)] * gram[(p, j)]).sum();
                t[(i, j)] = -scale * sum;
            }
            t[(j, j)] = scale;
        }
        let mut rows = rows.slice_mut(s![.., first + 1..]);
        let (mut along, mut turned) = (zeros((n, width)), zeros((n, width)));
        product(rows.view(), v.t(), along.view_mut(), Update::Assign, control)?;
        product(along.view(), t.t(), turned.view_mut(), Update::Assign, control)?;
        product(turned.view(), v.view(), rows.view_mut(), Update::Subtract, control)?;
    }
    Ok(())
}
