//! Eigenvalues of symmetric matrices by plane rotations, small matrices one in each lane.
//!
//! Cyclic by rows, two-sided (H. Rutishauser, "The Jacobi method for real symmetric matrices",
//! Numer. Math. 9, 1966). On matrices `D C D` with a well-conditioned `C` the rotations keep
//! small eigenvalues to high relative accuracy, which tridiagonal methods lose (J. Demmel and
//! K. Veselić, "Jacobi's method is more accurate than QR", SIAM J. Matrix Anal. Appl. 13, 1992).

use super::stack::{MOST, exchange, gather, scatter};
use crate::scalar::Real;
use crate::simd::{Isa, Kernel, Lanes, Level, dispatch};
use crate::{Control, Error, threads};
use std::ops::Range;

/// After so many sweeps something is wrong; random matrices take 4 to 8.
const MOST_SWEEPS: usize = 40;

/// Eigenvalues, ascending, and eigenvectors, as columns, of each of the contiguous symmetric
/// `n` x `n` matrices in `a`, of which the lower triangle is read.
///
/// Returns the number of sweeps of each group of matrices; the largest where there are several.
///
/// # Errors
///
/// [`Error::NotConverged`]; [`Error::Stopped`].
pub fn eigh_stack<T: Real>(
    n: usize,
    a: &[T],
    values: &mut [T],
    vectors: &mut [T],
    control: &Control,
) -> Result<usize, Error> {
    let chunk = (4_000 / (n * n * n + 10)).next_multiple_of(16).max(16);
    let most = std::sync::atomic::AtomicUsize::new(0);
    let pieces =
        values.chunks_mut(chunk * n).zip(vectors.chunks_mut(chunk * n * n)).zip(a.chunks(chunk * n * n));
    threads::for_each(control, pieces.collect(), |((values, vectors), a)| {
        let sweeps = dispatch(Group { n, a, values, vectors })?;
        most.fetch_max(sweeps, std::sync::atomic::Ordering::Relaxed);
        Ok(())
    })?;
    Ok(most.into_inner())
}

/// As [`eigh_stack`], the values alone; with the same bits.
///
/// # Errors
///
/// [`Error::NotConverged`]; [`Error::Stopped`].
pub fn eigvalsh_stack<T: Real>(n: usize, a: &[T], values: &mut [T], control: &Control) -> Result<(), Error> {
    let chunk = (4_000 / (n * n * n + 10)).next_multiple_of(16).max(16);
    let pieces = values.chunks_mut(chunk * n).zip(a.chunks(chunk * n * n));
    threads::for_each(control, pieces.collect(), |(values, a)| {
        T::with_buffer(a.len(), |vectors| dispatch(Group { n, a, values, vectors }).map(|_| ()))
    })
}

struct Group<'a, T> {
    n: usize,
    a: &'a [T],
    values: &'a mut [T],
    vectors: &'a mut [T],
}

impl<T: Real> Kernel for Group<'_, T> {
    type Output = Result<usize, Error>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let n = self.n;
        if n == 0 {
            return Ok(0);
        }
        // Without registers of its own a level gains nothing from sizes that the compiler knows.
        if const { cfg!(target_arch = "x86_64") && matches!(I::LEVEL, Level::Baseline) } {
            return self.of_size::<I, MOST, 1>(isa, n);
        }
        macro_rules! by_size {
            ($($N:literal $G:literal;)+) => { match n {
                $($N => self.of_size::<I, $N, $G>(isa, $N),)+
                _ => self.of_size::<I, MOST, 1>(isa, n),
            } };
        }
        // Sizes the compiler knows are faster up to here, and take it long to compile. Of the
        // smallest two registers' worth is done in turn: one waits for its roots while the other
        // computes.
        by_size!(1 2; 2 2; 3 2; 4 2; 5 1; 6 1; 7 1; 8 1;)
    }
}

impl<T: Real> Group<'_, T> {
    /// Matrices of `n` rows, in arrays with room for `N`, `G` registers of them together.
    #[inline(always)]
    fn of_size<I: Isa, const N: usize, const G: usize>(self, isa: I, n: usize) -> Result<usize, Error> {
        let n = n.min(N);
        let lanes = T::Lanes::<I>::COUNT;
        let count = self.values.len() / n;
        let mut most = 0;
        for start in (0..count).step_by(G * lanes) {
            let of = |g: usize| (start + g * lanes).min(count)..(start + (g + 1) * lanes).min(count);
            let mut a = [[[isa.splat(T::ZERO); N]; N]; G];
            let mut v = a;
            let mut exponents = [None; G];
            for (g, a) in a.iter_mut().enumerate().filter(|&(g, _)| !of(g).is_empty()) {
                gather::<T, I, N>(isa, &self.a[of(g).start * n * n..of(g).end * n * n], n, a);
                exponents[g] = scale::<T, I, N>(isa, n, a);
            }
            most = most.max(diagonalise::<T, I, N, G>(isa, n, &mut a, &mut v)?);
            for g in 0..G {
                let Range { start, end } = of(g);
                let values = &mut self.values[start * n..end * n];
                let vectors = &mut self.vectors[start * n * n..end * n * n];
                if start < end {
                    deliver::<T, I, N>(isa, n, &mut a[g], &mut v[g], exponents[g], values, vectors);
                }
            }
        }
        Ok(most)
    }
}

/// Sorts the values and writes them and their vectors.
#[inline(always)]
fn deliver<T: Real, I: Isa, const N: usize>(
    isa: I,
    n: usize,
    a: &mut [[T::Lanes<I>; N]; N],
    v: &mut [[T::Lanes<I>; N]; N],
    exponents: Option<[i32; 16]>,
    values: &mut [T],
    vectors: &mut [T],
) {
    let filled = values.len() / n;
    let mut diagonal: [T::Lanes<I>; N] = std::array::from_fn(|i| a[i][i]);
    ascending::<T, I, N>(n, &mut diagonal, v);
    // The rows of v are the vectors, which become columns.
    let columns = a.as_flattened_mut();
    for i in 0..n {
        for j in 0..n {
            columns[i * n + j] = v[j][i];
        }
    }
    scatter::<T, I>(isa, &diagonal[..n], n, filled, values);
    scatter::<T, I>(isa, &columns[..n * n], n * n, filled, vectors);
    for (values, exponent) in values.chunks_exact_mut(n).zip(exponents.into_iter().flatten()) {
        values.iter_mut().for_each(|x| *x = x.scale_by_power_of_two(exponent));
    }
}

/// Scales the matrices by powers of two where squares would overflow or vanish; returns the
/// powers to undo it by.
#[inline(always)]
fn scale<T: Real, I: Isa, const N: usize>(
    isa: I,
    n: usize,
    a: &mut [[T::Lanes<I>; N]; N],
) -> Option<[i32; 16]> {
    let mut largest = isa.splat(T::ZERO);
    for i in 0..n {
        for j in 0..=i {
            largest = a[i][j].abs().max(largest);
        }
    }
    let limit = T::MAX.exponent() / 4;
    let bounds = [-limit, limit + 1].map(|power| isa.splat(T::ONE.scale_by_power_of_two(power)));
    let small =
        T::Lanes::<I>::bits(bounds[0].gt(largest)) & T::Lanes::<I>::bits(largest.gt(isa.splat(T::ZERO)));
    if small | T::Lanes::<I>::bits(largest.ge(bounds[1])) == 0 {
        return None;
    }
    // A lane that needs no scaling keeps its bits, whatever its neighbours hold.
    let needed = |x: T| x > T::ZERO && x.exponent().abs() > limit;
    let exponents = largest.to_array().map(|x| if needed(x) { x.exponent() } else { 0 });
    for x in a.iter_mut().flatten() {
        let lanes = x.to_array();
        *x = T::Lanes::<I>::from_fn(isa, |lane| lanes[lane].scale_by_power_of_two(-exponents[lane]));
    }
    Some(exponents)
}

/// Rotates until nothing is left beside the diagonals; row `i` of `v` becomes the eigenvector of
/// `a[i][i]`. Returns the number of sweeps.
#[inline(always)]
fn diagonalise<T: Real, I: Isa, const N: usize, const G: usize>(
    isa: I,
    n: usize,
    a: &mut [[[T::Lanes<I>; N]; N]; G],
    v: &mut [[[T::Lanes<I>; N]; N]; G],
) -> Result<usize, Error> {
    for (a, v) in a.iter_mut().zip(&mut *v) {
        for i in 0..n {
            v[i][i] = isa.splat(T::ONE);
            for j in i + 1..n {
                // The upper triangle is kept; the lower one was read.
                a[i][j] = a[j][i];
            }
        }
    }
    // Squared: a root per rotation would cost as much as the rotation.
    let small = isa.splat(T::EPSILON * T::EPSILON * T::from_f64(0.25));
    for sweep in 0..MOST_SWEEPS {
        let mut rotated = 0;
        if N <= 3 {
            // Spelled out, so that the matrices are registers: see `stack::SPELLED`.
            macro_rules! spelled {
                ($($p:literal $q:literal;)+) => {
                    $(if $q < n {
                    for g in 0..G {
                        rotated |= rotate::<T, I, N>(isa, n, &mut a[g], &mut v[g], ($p, $q), small);
                    }
                })+
                };
            }
            spelled!(0 1; 0 2; 1 2;);
        } else {
            for p in 0..n {
                for q in p + 1..n {
                    for g in 0..G {
                        rotated |= rotate::<T, I, N>(isa, n, &mut a[g], &mut v[g], (p, q), small);
                    }
                }
            }
        }
        if rotated == 0 {
            return Ok(sweep);
        }
    }
    Err(Error::NotConverged { what: "Jacobi rotations", iterations: MOST_SWEEPS })
}

/// Rotates rows `p` and `q` in the lanes that need it; returns which did.
#[inline(always)]
fn rotate<T: Real, I: Isa, const N: usize>(
    isa: I,
    n: usize,
    a: &mut [[T::Lanes<I>; N]; N],
    v: &mut [[T::Lanes<I>; N]; N],
    (p, q): (usize, usize),
    small: T::Lanes<I>,
) -> u32 {
    // What has no square is nothing beside the largest element, which is far larger.
    let size = (small * (a[p][p] * a[q][q]).abs()).max(isa.splat(T::MIN_POSITIVE));
    let needed = (a[p][q] * a[p][q]).gt(size);
    let bits = T::Lanes::<I>::bits(needed);
    if bits != 0 {
        rotate_rows::<T, I, N>(isa, n, a, v, (p, q), needed);
    }
    bits
}

/// One rotation in each lane where it is `needed`: it makes `a[p][q]` zero.
#[inline(always)]
fn rotate_rows<T: Real, I: Isa, const N: usize>(
    isa: I,
    n: usize,
    a: &mut [[T::Lanes<I>; N]; N],
    v: &mut [[T::Lanes<I>; N]; N],
    (p, q): (usize, usize),
    needed: <T::Lanes<I> as Lanes>::Mask,
) {
    let (zero, one, half) = (isa.splat(T::ZERO), isa.splat(T::ONE), isa.splat(T::from_f64(0.5)));
    let (difference, beside) = (a[q][q] - a[p][p], a[p][q]);
    let double = beside + beside;
    // The tangent t is the smaller root of t^2 + t (a_qq - a_pp) / a_pq - 1 = 0; written so that two
    // roots and one quotient do: h = sqrt(d^2 + 4 b^2), c^2 = (h + |d|) / 2 h, s = b / c h.
    let h = difference.mul_add(difference, double * double).sqrt();
    let mean = half * (h + difference.abs());
    let inverse = one / (h * mean).sqrt();
    let s = T::Lanes::<I>::select(zero.gt(difference), -beside, beside) * inverse;
    let s = T::Lanes::<I>::select(needed, s, zero);
    let c = T::Lanes::<I>::select(needed, mean * inverse, one);
    let t = T::Lanes::<I>::select(needed, s * h * inverse, zero);
    a[p][p] = t.neg_mul_add(beside, a[p][p]);
    a[q][q] = t.mul_add(beside, a[q][q]);
    a[p][q] = T::Lanes::<I>::select(needed, zero, beside);
    let turn = |x: T::Lanes<I>, y: T::Lanes<I>| (s.neg_mul_add(y, c * x), s.mul_add(x, c * y));
    for k in 0..p {
        (a[k][p], a[k][q]) = turn(a[k][p], a[k][q]);
    }
    for k in p + 1..q {
        (a[p][k], a[k][q]) = turn(a[p][k], a[k][q]);
    }
    for k in q + 1..n {
        (a[p][k], a[q][k]) = turn(a[p][k], a[q][k]);
    }
    for k in 0..n {
        (v[p][k], v[q][k]) = turn(v[p][k], v[q][k]);
    }
}

/// Puts the eigenvalues into ascending order, lane by lane, and the rows of `v` into the same.
#[inline(always)]
fn ascending<T: Real, I: Isa, const N: usize>(
    n: usize,
    values: &mut [T::Lanes<I>; N],
    v: &mut [[T::Lanes<I>; N]; N],
) {
    for end in (1..n).rev() {
        for i in 0..end {
            let swap = values[i].gt(values[i + 1]);
            if T::Lanes::<I>::any(swap) {
                (values[i], values[i + 1]) = exchange(swap, values[i], values[i + 1]);
                for k in 0..n {
                    (v[i][k], v[i + 1][k]) = exchange(swap, v[i][k], v[i + 1][k]);
                }
            }
        }
    }
}

/// As [`eigh_stack`] for one matrix of any size; the vectors are rows. Returns the sweeps, the
/// values and the vectors.
///
/// # Errors
///
/// [`Error::NotConverged`]; [`Error::Stopped`].
pub fn eigh_single<T: Real>(
    n: usize,
    a: &mut [T],
    control: &Control,
) -> Result<(usize, Vec<T>, Vec<T>), Error> {
    let largest = a.iter().fold(T::ZERO, |m, x| if x.abs() > m { x.abs() } else { m });
    let power = if largest > T::ZERO { largest.exponent() } else { 0 };
    a.iter_mut().for_each(|x| *x = x.scale_by_power_of_two(-power));
    for i in 0..n {
        for j in i + 1..n {
            a[i * n + j] = a[j * n + i];
        }
    }
    let mut v = vec![T::ZERO; n * n];
    (0..n).for_each(|i| v[i * n + i] = T::ONE);
    for sweep in 0..MOST_SWEEPS {
        let mut rotated = false;
        for p in 0..n {
            control.go_on()?;
            for q in p + 1..n {
                rotated |= dispatch(RotateSingle { n, a, v: &mut v, p, q });
            }
        }
        if !rotated {
            let mut order: Vec<usize> = (0..n).collect();
            let value = |i: usize| a[i * n + i];
            order.sort_by(|&i, &j| value(i).partial_cmp(&value(j)).unwrap_or(std::cmp::Ordering::Equal));
            let values = order.iter().map(|&i| value(i).scale_by_power_of_two(power)).collect();
            let vectors = order.iter().flat_map(|&i| &v[i * n..(i + 1) * n]).copied().collect();
            return Ok((sweep, values, vectors));
        }
    }
    Err(Error::NotConverged { what: "Jacobi rotations", iterations: MOST_SWEEPS })
}

/// One rotation of rows and columns `p` and `q` of a full symmetric matrix, if it is needed.
struct RotateSingle<'a, T> {
    n: usize,
    a: &'a mut [T],
    v: &'a mut [T],
    p: usize,
    q: usize,
}

impl<T: Real> Kernel for RotateSingle<'_, T> {
    type Output = bool;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> bool {
        let Self { n, a, v, p, q } = self;
        let (beside, app, aqq) = (a[p * n + q], a[p * n + p], a[q * n + q]);
        let half = T::from_f64(0.5);
        if !(beside.abs() > half * T::EPSILON * (app.abs() * aqq.abs()).sqrt()) {
            return false;
        }
        let difference = aqq - app;
        let double = beside + beside;
        let root = difference.abs() + isa.mul_add(difference, difference, double * double).sqrt();
        let t = if root > T::ZERO { double / root } else { T::ZERO };
        let t = if difference < T::ZERO { -t } else { t };
        let c = T::ONE / isa.mul_add(t, t, T::ONE).sqrt();
        let s = t * c;
        for matrix in [&mut *a, v] {
            let (above, below) = matrix.split_at_mut(q * n);
            for (x, y) in above[p * n..(p + 1) * n].iter_mut().zip(&mut below[..n]) {
                (*x, *y) = (isa.mul_add(-s, *y, c * *x), isa.mul_add(s, *x, c * *y));
            }
        }
        for k in 0..n {
            a[k * n + p] = a[p * n + k];
            a[k * n + q] = a[q * n + k];
        }
        a[p * n + p] = isa.mul_add(-t, beside, app);
        a[q * n + q] = isa.mul_add(t, beside, aqq);
        a[p * n + q] = T::ZERO;
        a[q * n + p] = T::ZERO;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;

    /// The largest element of `A V - V diag(w)` and of `V^T V - I`.
    pub(crate) fn residuals(n: usize, a: &[f64], w: &[f64], v: &[f64]) -> (f64, f64) {
        let (mut worst, mut skew) = (0.0_f64, 0.0_f64);
        for i in 0..n {
            for j in 0..n {
                let av: f64 = (0..n).map(|p| a[i.max(p) * n + i.min(p)] * v[p * n + j]).sum();
                worst = worst.max((av - v[i * n + j] * w[j]).abs());
                let vv: f64 = (0..n).map(|p| v[p * n + i] * v[p * n + j]).sum();
                skew = skew.max((vv - f64::from(u8::from(i == j))).abs());
            }
        }
        (worst, skew)
    }

    #[test]
    fn vectors_diagonalise_their_matrix_at_every_level() {
        at_every_level(|level| {
            for n in 1..=MOST {
                let count = 9;
                let a: Vec<f64> = (0..count * n * n).map(|i| ((i * i % 997) as f64).sin()).collect();
                let (mut w, mut v) = (vec![0.0; count * n], vec![0.0; count * n * n]);
                let sweeps = eigh_stack(n, &a, &mut w, &mut v, &Control::default()).unwrap();
                assert!(sweeps <= 12, "{sweeps}");
                for ((a, w), v) in a.chunks(n * n).zip(w.chunks(n)).zip(v.chunks(n * n)) {
                    let (residual, skew) = residuals(n, a, w, v);
                    assert!(residual < 1e-14 * n as f64 && skew < 1e-14 * n as f64, "{level:?}, n = {n}");
                    assert!(w.is_sorted());
                }
            }
        });
    }

    #[test]
    fn tiny_huge_and_zero_matrices_are_scaled() {
        for factor in [1e-310, 1e-200, 1.0, 1e300, 0.0] {
            let a: Vec<f64> = [2.0, 0.0, 1.0, 2.0].iter().map(|x| x * factor).collect();
            let (mut w, mut v) = (vec![0.0; 2], vec![0.0; 4]);
            eigh_stack(2, &a, &mut w, &mut v, &Control::default()).unwrap();
            assert!((w[0] - factor).abs() <= 1e-15 * factor && (w[1] - 3.0 * factor).abs() <= 3e-15 * factor);
        }
    }

    #[test]
    fn small_eigenvalues_of_scaled_matrices_keep_their_digits() {
        // D C D with D = diag(1, 1e-4, 1e-8): determinant over the product of the others.
        let (d, c) = ([1.0, 1e-4, 1e-8], [[1.0, 0.3, 0.2], [0.3, 1.0, 0.4], [0.2, 0.4, 1.0]]);
        let a: Vec<f64> = (0..9).map(|k| d[k / 3] * c[k / 3][k % 3] * d[k % 3]).collect();
        let (mut w, mut v) = (vec![0.0; 3], vec![0.0; 9]);
        eigh_stack(3, &a, &mut w, &mut v, &Control::default()).unwrap();
        // Schur complements: 1 - 0.09 = 0.91, and det C / 0.91.
        let det = 1.0 + 2.0 * 0.3 * 0.2 * 0.4 - 0.09 - 0.04 - 0.16;
        assert!((w[0] / (1e-16 * det / 0.91) - 1.0).abs() < 1e-7);
    }
}
