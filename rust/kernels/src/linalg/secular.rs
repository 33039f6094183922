//! The roots of `1 + rho sum z_i^2 / (d_i - x)`: eigenvalues of a diagonal matrix and a product.
//!
//! J. R. Bunch, C. P. Nielsen and D. C. Sorensen, "Rank-one modification of the symmetric
//! eigenproblem", Numer. Math. 31, 1978; R.-C. Li, "Solving secular equations stably and
//! efficiently", LAPACK Working Note 89, 1993. Each root is found as a distance from the nearer
//! pole, so that its differences from all poles are right to the last digits.

use crate::scalar::Real;
use crate::simd::{Isa, Kernel, Lanes};

/// Steps after which the interval is as short as it can be; random problems take two or three.
pub(super) const MOST: usize = 200;

/// All roots: `d` ascending and distinct, `z` of norm 1 without zeros, `rho` positive.
pub struct Roots<'a, T> {
    /// The poles.
    pub d: &'a [T],
    /// The squares of the components of `z`.
    pub squares: &'a [T],
    /// The factor of the product.
    pub rho: T,
    /// The roots, ascending, one between each two poles.
    pub roots: &'a mut [T],
    /// `d_i` minus root `j` in row `j` and column `i`.
    pub differences: &'a mut [T],
}

impl<T: Real> Kernel for Roots<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { d, squares, rho, roots, differences } = self;
        let inverse = T::ONE / rho;
        for (j, (root, row)) in roots.iter_mut().zip(differences.chunks_exact_mut(d.len())).enumerate() {
            *root = one_root(isa, d, squares, inverse, j, row);
        }
    }
}

/// The function without its constant, and its slope, in two parts: the poles before the root and
/// those beyond it.
#[derive(Clone, Copy)]
struct Value<T> {
    before: (T, T),
    beyond: (T, T),
}

/// The interval that holds a root, measured from a pole.
#[derive(Clone, Copy)]
struct Search<T> {
    low: T,
    high: T,
    x: T,
}

/// Root `j`; `row` becomes `d` minus it.
#[inline(always)]
fn one_root<T: Real, I: Isa>(isa: I, d: &[T], squares: &[T], inverse: T, j: usize, row: &mut [T]) -> T {
    if d.len() == 1 {
        row[0] = -squares[0] / inverse;
        return d[0] - row[0];
    }
    let last = j + 1 == d.len();
    // The two poles by which the function is modelled.
    let (p, q) = if last { (j - 1, j) } else { (j, j + 1) };
    let gap = if last { squares.iter().copied().sum::<T>() / inverse } else { d[q] - d[p] };
    let middle = gap * T::from_f64(0.5);
    row.iter_mut().zip(d).for_each(|(x, &d_i)| *x = d_i - d[j]);
    let value = evaluate(isa, squares, row, q, middle);
    let at_middle = inverse + value.before.0 + value.beyond.0;
    let far = at_middle < T::ZERO;
    let mut origin = j;
    let mut search = Search { low: T::ZERO, high: middle, x: middle * T::from_f64(0.5) };
    if last && far {
        search = Search { low: middle, high: gap, x: (middle + gap) * T::from_f64(0.5) };
    } else if !last {
        let others = at_middle - (squares[q] - squares[p]) / middle;
        if far {
            origin = q;
            row.iter_mut().zip(d).for_each(|(x, &d_i)| *x = d_i - d[q]);
            search = Search { low: -middle, high: T::ZERO, x: -guess(-others, squares[q], squares[p], gap) };
        } else {
            search.x = guess(others, squares[p], squares[q], gap);
        }
    }
    let x = iterate(isa, squares, row, inverse, (p, q), last, search);
    row.iter_mut().for_each(|difference| *difference -= x);
    d[origin] + x
}

/// The root of `c - near / x + far / (gap - x)` between 0 and `gap`.
#[inline(always)]
fn guess<T: Real>(c: T, near: T, far: T, gap: T) -> T {
    let two = T::from_f64(2.0);
    let (a, b) = (c * gap + near + far, near * gap);
    let root = (a * a - two * two * b * c).abs().sqrt();
    if a > T::ZERO { two * b / (a + root) } else { (a - root) / (two * c) }
}

/// Narrows the interval until the function is zero to rounding.
#[inline(always)]
fn iterate<T: Real, I: Isa>(
    isa: I,
    squares: &[T],
    row: &[T],
    inverse: T,
    (p, q): (usize, usize),
    last: bool,
    search: Search<T>,
) -> T {
    let Search { mut low, mut high, mut x } = search;
    let half = T::from_f64(0.5);
    if !(x > low && x < high) {
        x = (low + high) * half;
    }
    for _ in 0..MOST {
        let value = evaluate(isa, squares, row, q, x);
        let f = inverse + value.before.0 + value.beyond.0;
        let size = inverse + value.before.0.abs() + value.beyond.0.abs();
        if f.abs() <= T::from_f64(4.0) * T::EPSILON * size {
            break;
        }
        if f < T::ZERO {
            low = x;
        } else {
            high = x;
        }
        let mut next = x + step(f, value, row[p] - x, row[q] - x, last);
        if !(next > low && next < high) {
            next = (low + high) * half;
        }
        if !(next > low && next < high) || (next - x).abs() <= half * T::EPSILON * x.abs() {
            break;
        }
        x = next;
    }
    x
}

/// How far it is to the root of the model with poles at distances `p` and `q`, which has the value
/// and the slope of each part.
#[inline(always)]
fn step<T: Real>(f: T, value: Value<T>, p: T, q: T, last: bool) -> T {
    let (two, four) = (T::from_f64(2.0), T::from_f64(4.0));
    let slope = value.before.1 + value.beyond.1;
    let c = f - p * value.before.1 - q * value.beyond.1;
    let (a, b) = ((p + q) * f - p * q * slope, p * q * f);
    let c = if last { c.abs() } else { c };
    let root = (a * a - four * b * c).abs().sqrt();
    let eta = match (last, a > T::ZERO) {
        (true, true) => (a + root) / (two * c),
        (true, false) => two * b / (a - root),
        (false, true) => two * b / (a + root),
        (false, false) => (a - root) / (two * c),
    };
    // Rounding may turn the step around; Newton's never does.
    if f * eta < T::ZERO { eta } else { -f / slope }
}

#[inline(always)]
fn evaluate<T: Real, I: Isa>(isa: I, squares: &[T], row: &[T], split: usize, x: T) -> Value<T> {
    let before = sums(isa, &squares[..split], &row[..split], x);
    Value { before, beyond: sums(isa, &squares[split..], &row[split..], x) }
}

/// The sums of `s / (d - x)` and of `s / (d - x)^2`.
#[inline(always)]
fn sums<T: Real, I: Isa>(isa: I, squares: &[T], poles: &[T], x: T) -> (T, T) {
    let lanes = T::Lanes::<I>::COUNT;
    let (mut value, mut slope) = (isa.splat(T::ZERO), isa.splat(T::ZERO));
    let (mut all_s, mut all_d) = (squares.chunks_exact(lanes), poles.chunks_exact(lanes));
    for (s, d) in (&mut all_s).zip(&mut all_d) {
        let inverse = isa.splat(T::ONE) / (isa.load::<T>(d) - isa.splat(x));
        let term = isa.load::<T>(s) * inverse;
        value = value + term;
        slope = term.mul_add(inverse, slope);
    }
    let (mut value, mut slope) = (value.sum(), slope.sum());
    for (&s, &d) in all_s.remainder().iter().zip(all_d.remainder()) {
        let inverse = T::ONE / (d - x);
        value += s * inverse;
        slope += s * inverse * inverse;
    }
    (value, slope)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{at_every_level, dispatch};

    #[test]
    fn roots_interlace_and_make_the_function_vanish_at_every_level() {
        at_every_level(|level| {
            for n in [1, 2, 3, 7, 40] {
                for rho in [1e-9, 0.3, 20.0] {
                    let d: Vec<f64> = (0..n).map(|i| (i * i) as f64 / 7.0 - 3.0).collect();
                    let raw: Vec<f64> = (0..n).map(|i| ((i * i + 1) as f64).sin().powi(6) + 1e-9).collect();
                    let total: f64 = raw.iter().sum();
                    let squares: Vec<f64> = raw.iter().map(|s| s / total).collect();
                    let (mut roots, mut rows) = (vec![0.0; n], vec![0.0; n * n]);
                    let (roots, differences) = (&mut roots[..], &mut rows[..]);
                    dispatch(Roots { d: &d, squares: &squares, rho, roots, differences });
                    for (j, row) in rows.chunks(n).enumerate() {
                        assert!(d[j] <= roots[j] && row[j] < 0.0, "{level:?} {n} {rho} {j}");
                        assert!(j + 1 == n || roots[j] <= d[j + 1] && row[j + 1] > 0.0);
                        let terms = || squares.iter().zip(row).map(|(s, x)| rho * s / x);
                        let size = 1.0 + terms().map(f64::abs).sum::<f64>();
                        assert!((1.0 + terms().sum::<f64>()).abs() < 1e-14 * size, "{level:?} {n} {rho} {j}");
                    }
                }
            }
        });
    }
}
