//! Eigenvalues of symmetric matrices by plane rotations, small matrices one in each lane.
//!
//! Cyclic by rows, two-sided (H. Rutishauser, "The Jacobi method for real symmetric matrices",
//! Numer. Math. 9, 1966). On matrices `D C D` with a well-conditioned `C` the rotations keep
//! small eigenvalues to high relative accuracy, which tridiagonal methods lose (J. Demmel and
//! K. Veselić, "Jacobi's method is more accurate than QR", SIAM J. Matrix Anal. Appl. 13, 1992).

use super::options::{Counts, Told, in_parts};
use super::stack::{MOST, exchange, gather, scatter};
use crate::scalar::Real;
use crate::simd::{Isa, Kernel, Lanes, Level, dispatch};
use crate::{Control, Error, threads};
use std::ops::Range;

/// After so many sweeps something is wrong; random matrices take 4 to 8.
pub(super) const MOST_SWEEPS: usize = 40;

/// Eigenvalues, ascending, and eigenvectors, as columns, of each of the contiguous symmetric
/// `n` x `n` matrices in `a`, of which the lower triangle is read. `rule` makes the largest component
/// of each vector positive, the last of those that are equal to 8 ulp; `told` has a place for each
/// matrix, or none.
///
/// # Errors
///
/// [`Error::NotConverged`]; [`Error::Stopped`].
pub fn eigh_stack<T: Real>(
    n: usize,
    a: &[T],
    (values, vectors): (&mut [T], &mut [T]),
    rule: bool,
    told: &mut [Told],
    control: &Control,
) -> Result<(), Error> {
    let chunk = (4_000 / (n * n * n + 10)).next_multiple_of(16).max(16);
    if values.len() <= chunk * n {
        control.go_on()?;
        return dispatch(Group { n, a, values, vectors, rule, told });
    }
    let places = values.chunks_mut(chunk * n).zip(vectors.chunks_mut(chunk * n * n));
    let pieces = places.zip(in_parts(told, chunk)).zip(a.chunks(chunk * n * n));
    threads::for_each(control, pieces.collect(), |(((values, vectors), told), a)| {
        dispatch(Group { n, a, values, vectors, rule, told })
    })
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
        T::with_buffer(a.len(), |vectors| {
            dispatch(Group { n, a, values, vectors, rule: false, told: &mut [] })
        })
    })
}

struct Group<'a, T> {
    n: usize,
    a: &'a [T],
    values: &'a mut [T],
    vectors: &'a mut [T],
    rule: bool,
    told: &'a mut [Told],
}

impl<T: Real> Kernel for Group<'_, T> {
    type Output = Result<(), Error>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let n = self.n;
        if n == 0 {
            return Ok(());
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
    fn of_size<I: Isa, const N: usize, const G: usize>(self, isa: I, n: usize) -> Result<(), Error> {
        let n = n.min(N);
        let lanes = T::Lanes::<I>::COUNT;
        let count = self.values.len() / n;
        for start in (0..count).step_by(G * lanes) {
            let of = |g: usize| (start + g * lanes).min(count)..(start + (g + 1) * lanes).min(count);
            let mut a = [[[isa.splat(T::ZERO); N]; N]; G];
            let mut v = a;
            let mut exponents = [None; G];
            for (g, a) in a.iter_mut().enumerate().filter(|&(g, _)| !of(g).is_empty()) {
                gather::<T, I, N>(isa, &self.a[of(g).start * n * n..of(g).end * n * n], n, a);
                exponents[g] = scale::<T, I, N>(isa, n, a);
            }
            let mut counts = (!self.told.is_empty()).then(Counts::default);
            diagonalise::<T, I, N, G>(isa, n, &mut a, &mut v, counts.as_mut())?;
            for g in 0..G {
                let Range { start, end } = of(g);
                if let Some(counts) = &counts
                    && start < end
                {
                    tell::<T, I, N>(n, (counts, g), &a[g], &mut self.told[start..end]);
                }
                if self.rule {
                    turn::<T, I, N>(isa, n, &mut v[g]);
                }
                let values = &mut self.values[start * n..end * n];
                let vectors = &mut self.vectors[start * n * n..end * n * n];
                if start < end {
                    deliver::<T, I, N>(isa, n, &mut a[g], &mut v[g], exponents[g], values, vectors);
                }
            }
        }
        Ok(())
    }
}

/// The counts of each lane of register `g`, and what is left beside its diagonal.
fn tell<T: Real, I: Isa, const N: usize>(
    n: usize,
    (counts, g): (&Counts, usize),
    a: &[[T::Lanes<I>; N]; N],
    told: &mut [Told],
) {
    for (lane, told) in told.iter_mut().enumerate() {
        let at = |i: usize, j: usize| a[i][j].to_array()[lane].to_f64();
        let mut left = 0.0_f64;
        for (p, q) in (0..n).flat_map(|p| (p + 1..n).map(move |q| (p, q))).filter(|&(p, q)| at(p, q) != 0.0) {
            left = left.max(at(p, q).abs() / (at(p, p).abs().sqrt() * at(q, q).abs().sqrt()));
        }
        *told = counts.of(g, lane, left);
    }
}

/// Makes the largest component of each row of `v` positive, in each lane, the last of those that
/// are equal to 8 ulp.
#[inline(always)]
fn turn<T: Real, I: Isa, const N: usize>(isa: I, n: usize, v: &mut [[T::Lanes<I>; N]; N]) {
    let zero = isa.splat(T::ZERO);
    let tie = isa.splat(T::ONE - T::from_f64(8.0) * T::EPSILON);
    for row in &mut v[..n] {
        let mut largest = zero;
        for x in &row[..n] {
            largest = x.abs().max(largest);
        }
        let least = largest * tie;
        let mut pivot = row[0];
        for x in &row[1..n] {
            pivot = T::Lanes::<I>::select(x.abs().ge(least), *x, pivot);
        }
        let negative = zero.gt(pivot);
        for x in &mut row[..n] {
            // A difference from zero has no negative zero, nor has a sum.
            *x = T::Lanes::<I>::select(negative, zero - *x, zero + *x);
        }
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
/// `a[i][i]`.
#[inline(always)]
fn diagonalise<T: Real, I: Isa, const N: usize, const G: usize>(
    isa: I,
    n: usize,
    a: &mut [[[T::Lanes<I>; N]; N]; G],
    v: &mut [[[T::Lanes<I>; N]; N]; G],
    mut counts: Option<&mut Counts>,
) -> Result<(), Error> {
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
                        let bits = rotate::<T, I, N>(isa, n, &mut a[g], &mut v[g], ($p, $q), small);
                        rotated |= bits;
                        if let Some(counts) = &mut counts {
                            counts.add(g, sweep, bits);
                        }
                    }
                })+
                };
            }
            spelled!(0 1; 0 2; 1 2;);
        } else {
            for p in 0..n {
                for q in p + 1..n {
                    for g in 0..G {
                        let bits = rotate::<T, I, N>(isa, n, &mut a[g], &mut v[g], (p, q), small);
                        rotated |= bits;
                        if let Some(counts) = &mut counts {
                            counts.add(g, sweep, bits);
                        }
                    }
                }
            }
        }
        if rotated == 0 {
            return Ok(());
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
                let mut told = vec![Told::default(); count];
                eigh_stack(n, &a, (&mut w, &mut v), true, &mut told, &Control::default()).unwrap();
                for told in told {
                    assert!(told.sweeps <= 12 && told.off_diagonal < 1e-15, "{told:?}");
                    assert!(told.rotations <= told.sweeps * n * n / 2, "{told:?}");
                }
                for ((a, w), v) in a.chunks(n * n).zip(w.chunks(n)).zip(v.chunks(n * n)) {
                    let (residual, skew) = residuals(n, a, w, v);
                    assert!(residual < 1e-14 * n as f64 && skew < 1e-14 * n as f64, "{level:?}, n = {n}");
                    assert!(w.is_sorted());
                    for j in 0..n {
                        let column = || (0..n).map(|i| v[i * n + j]);
                        let largest = column().fold(0.0_f64, |m, x| m.max(x.abs()));
                        let last = column().rfind(|x| x.abs() > largest * (1.0 - 1e-15));
                        assert!(last.is_some_and(|x| x > 0.0), "{level:?}, n = {n}");
                    }
                }
            }
        });
    }

    #[test]
    fn tiny_huge_and_zero_matrices_are_scaled() {
        for factor in [1e-310, 1e-200, 1.0, 1e300, 0.0] {
            let a: Vec<f64> = [2.0, 0.0, 1.0, 2.0].iter().map(|x| x * factor).collect();
            let (mut w, mut v) = (vec![0.0; 2], vec![0.0; 4]);
            eigh_stack(2, &a, (&mut w, &mut v), false, &mut [], &Control::default()).unwrap();
            assert!((w[0] - factor).abs() <= 1e-15 * factor && (w[1] - 3.0 * factor).abs() <= 3e-15 * factor);
        }
    }

    #[test]
    fn small_eigenvalues_of_scaled_matrices_keep_their_digits() {
        // D C D with D = diag(1, 1e-4, 1e-8): determinant over the product of the others.
        let (d, c) = ([1.0, 1e-4, 1e-8], [[1.0, 0.3, 0.2], [0.3, 1.0, 0.4], [0.2, 0.4, 1.0]]);
        let a: Vec<f64> = (0..9).map(|k| d[k / 3] * c[k / 3][k % 3] * d[k % 3]).collect();
        let (mut w, mut v) = (vec![0.0; 3], vec![0.0; 9]);
        eigh_stack(3, &a, (&mut w, &mut v), false, &mut [], &Control::default()).unwrap();
        // Schur complements: 1 - 0.09 = 0.91, and det C / 0.91.
        let det = 1.0 + 2.0 * 0.3 * 0.2 * 0.4 - 0.09 - 0.04 - 0.16;
        assert!((w[0] / (1e-16 * det / 0.91) - 1.0).abs() < 1e-7);
    }
}
