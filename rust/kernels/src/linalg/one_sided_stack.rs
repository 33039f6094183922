//! Singular values of stacks of small square matrices, one in each lane: rotations of columns.
//!
//! M. R. Hestenes, "Inversion of matrices by biorthogonalization and related results", J. SIAM 6,
//! 1958. No triangular factor comes first as in [`super::one_sided`]: matrices this small need few
//! sweeps without. Lanes whose smallest value all but vanishes have no good left vector for it, and
//! are named for the caller to do alone.

use super::options::{Counts, Told};
use super::stack::{exchange, gather, scatter};
use crate::scalar::Real;
use crate::simd::{Isa, Kernel, Lanes, Level, dispatch};
use crate::{Control, Error};

/// The largest matrices that are decomposed in lanes.
pub const MOST: usize = 8;

/// After so many sweeps something is wrong; random matrices take 4 to 7.
const MOST_SWEEPS: usize = 60;

/// Decomposes the contiguous `n` x `n` matrices in `a`: left vectors as columns to `u`, values,
/// descending, to `s`, right vectors as rows to `vh`; no vectors where `u` is empty. `rule` makes the
/// largest component of each left vector positive, the last of those that are equal to 8 ulp; `told`
/// has a place for each matrix, or none. Returns the matrices whose smallest value all but vanishes.
///
/// # Errors
///
/// [`Error::NotConverged`]; [`Error::Stopped`].
pub fn decompose<T: Real>(
    n: usize,
    a: &[T],
    (u, s, vh): (&mut [T], &mut [T], &mut [T]),
    rule: bool,
    told: &mut [Told],
    control: &Control,
) -> Result<Vec<usize>, Error> {
    control.go_on()?;
    dispatch(Group { n, a, u, s, vh, rule, told })
}

struct Group<'a, T> {
    n: usize,
    a: &'a [T],
    u: &'a mut [T],
    s: &'a mut [T],
    vh: &'a mut [T],
    rule: bool,
    told: &'a mut [Told],
}

impl<T: Real> Kernel for Group<'_, T> {
    type Output = Result<Vec<usize>, Error>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        // Without registers of its own a level gains nothing from sizes that the compiler knows.
        if const { cfg!(target_arch = "x86_64") && matches!(I::LEVEL, Level::Baseline) } {
            return self.of_size::<I, MOST>(isa);
        }
        match self.n {
            2 => self.of_size::<I, 2>(isa),
            3 => self.of_size::<I, 3>(isa),
            4 => self.of_size::<I, 4>(isa),
            _ => self.of_size::<I, MOST>(isa),
        }
    }
}

/// The columns of some matrices, one matrix in each lane, and what became of the unit matrix.
struct Columns<L, const N: usize> {
    n: usize,
    columns: [[L; N]; N],
    squares: [L; N],
    turned: [[L; N]; N],
}

impl<T: Real> Group<'_, T> {
    /// Matrices of `n` rows, in arrays with room for `N`.
    #[inline(always)]
    fn of_size<I: Isa, const N: usize>(mut self, isa: I) -> Result<Vec<usize>, Error> {
        let n = self.n.min(N);
        let lanes = T::Lanes::<I>::COUNT;
        let mut left_over = Vec::new();
        let none = isa.splat(T::ZERO);
        let count = self.s.len() / n.max(1);
        for start in (0..count).step_by(lanes) {
            let filled = lanes.min(count - start);
            let mut rows = [[none; N]; N];
            gather::<T, I, N>(isa, &self.a[start * n * n..(start + filled) * n * n], n, &mut rows);
            let powers = scale::<T, I, N>(isa, n, &mut rows);
            let mut turned = [[none; N]; N];
            (0..n).for_each(|i| turned[i][i] = isa.splat(T::ONE));
            let mut columns = [[none; N]; N];
            for i in 0..n {
                for j in 0..n {
                    columns[j][i] = rows[i][j];
                }
            }
            let mut group = Columns { n, columns, squares: [none; N], turned };
            let mut counts = (!self.told.is_empty()).then(Counts::default);
            group.diagonalise::<T, I>(isa, filled, !self.u.is_empty(), counts.as_mut())?;
            if let Some(counts) = &counts {
                group.tell::<T, I>(isa, counts, &mut self.told[start..start + filled]);
            }
            let missing = group.finish::<T, I>(isa, self.rule && !self.u.is_empty());
            left_over.extend((0..filled).filter(|lane| missing >> lane & 1 == 1).map(|lane| start + lane));
            self.write::<I, N>(isa, &group, (start, filled), powers);
        }
        Ok(left_over)
    }

    /// Writes what the first `filled` lanes hold.
    #[inline(always)]
    fn write<I: Isa, const N: usize>(
        &mut self,
        isa: I,
        group: &Columns<T::Lanes<I>, N>,
        (start, filled): (usize, usize),
        powers: Option<[i32; 16]>,
    ) {
        let n = group.n;
        let values = &mut self.s[start * n..(start + filled) * n];
        scatter::<T, I>(isa, &group.squares[..n], n, filled, values);
        for (values, power) in values.chunks_exact_mut(n).zip(powers.into_iter().flatten()) {
            values.iter_mut().for_each(|x| *x = x.scale_by_power_of_two(power));
        }
        if self.u.is_empty() {
            return;
        }
        let part = start * n * n..(start + filled) * n * n;
        let mut flat = [[isa.splat(T::ZERO); N]; N];
        let flat = flat.as_flattened_mut();
        for i in 0..n {
            for j in 0..n {
                flat[i * n + j] = group.columns[j][i];
            }
        }
        scatter::<T, I>(isa, &flat[..n * n], n * n, filled, &mut self.u[part.clone()]);
        for i in 0..n {
            for j in 0..n {
                flat[i * n + j] = group.turned[i][j];
            }
        }
        scatter::<T, I>(isa, &flat[..n * n], n * n, filled, &mut self.vh[part]);
    }
}

/// Scales the matrices by powers of two where products of squares would overflow or vanish; returns
/// the powers to undo it by.
#[inline(always)]
fn scale<T: Real, I: Isa, const N: usize>(
    isa: I,
    n: usize,
    a: &mut [[T::Lanes<I>; N]; N],
) -> Option<[i32; 16]> {
    let mut largest = isa.splat(T::ZERO);
    for i in 0..n {
        for j in 0..n {
            largest = a[i][j].abs().max(largest);
        }
    }
    let limit = T::MAX.exponent() / 8;
    // Small ones sooner, for the squares of what is smaller still.
    let bounds = [-limit / 4, limit].map(|power| isa.splat(T::ONE.scale_by_power_of_two(power)));
    let outside = T::Lanes::<I>::bits(bounds[0].gt(largest)) | T::Lanes::<I>::bits(largest.gt(bounds[1]));
    if outside == 0 {
        return None;
    }
    let mut powers = [0; 16];
    for (power, x) in powers.iter_mut().zip(largest.to_array()).take(T::Lanes::<I>::COUNT) {
        *power = if x > T::ZERO { x.exponent() } else { 0 };
    }
    let factors = [0, 1].map(|half| {
        T::Lanes::<I>::from_fn(isa, |lane| {
            let first = -powers[lane] / 2;
            T::ONE.scale_by_power_of_two(if half == 0 { first } else { -powers[lane] - first })
        })
    });
    for row in &mut a[..n] {
        row[..n].iter_mut().for_each(|x| *x = *x * factors[0] * factors[1]);
    }
    Some(powers)
}

impl<L: Lanes, const N: usize> Columns<L, N> {
    /// The counts of each lane, and the largest cosine that is left between two of its columns.
    fn tell<T: Real, I: Isa>(&self, isa: I, counts: &Counts, told: &mut [Told])
    where
        L: Lanes<Element = T, Isa = I>,
    {
        let mut left = [0.0_f64; 16];
        for (p, q) in (0..self.n).flat_map(|p| (p + 1..self.n).map(move |q| (p, q))) {
            let lanes = [(p, q), (p, p), (q, q)].map(|(p, q)| self.inner(isa, p, q).to_array());
            for (lane, left) in left.iter_mut().enumerate().take(told.len()) {
                let [product, first, second] = lanes.map(|lanes| lanes[lane].abs().to_f64());
                if product > 0.0 {
                    *left = left.max(product / (first.sqrt() * second.sqrt()));
                }
            }
        }
        for (lane, told) in told.iter_mut().enumerate() {
            *told = counts.of(0, lane, left[lane]);
        }
    }

    /// Rotates until all columns are orthogonal.
    #[inline(always)]
    fn diagonalise<T: Real<Lanes<I> = L>, I: Isa>(
        &mut self,
        isa: I,
        filled: usize,
        vectors: bool,
        mut counts: Option<&mut Counts>,
    ) -> Result<(), Error>
    where
        L: Lanes<Element = T, Isa = I>,
    {
        let tolerance = T::EPSILON * T::from_f64(1.0 + (self.n as f64).sqrt());
        let small = isa.splat(tolerance * tolerance);
        let used = (1_u32 << filled) - 1;
        for sweep in 0..MOST_SWEEPS {
            for j in 0..self.n {
                self.squares[j] = self.inner(isa, j, j);
            }
            let mut rotated = 0;
            for p in 0..self.n {
                for q in p + 1..self.n {
                    let product = self.inner(isa, p, q);
                    let needed = (product * product).gt(small * (self.squares[p] * self.squares[q]).abs());
                    let bits = L::bits(needed) & used;
                    if bits != 0 {
                        if let Some(counts) = &mut counts {
                            counts.add(0, sweep, bits);
                        }
                        rotated |= bits;
                        self.rotate(isa, (p, q), L::select(needed, product, isa.splat(T::ZERO)), vectors);
                    }
                }
            }
            if rotated == 0 {
                return Ok(());
            }
        }
        Err(Error::NotConverged { what: "one-sided Jacobi rotations", iterations: MOST_SWEEPS })
    }

    /// The inner product of two columns.
    #[inline(always)]
    fn inner<T: Real, I: Isa>(&self, isa: I, p: usize, q: usize) -> L
    where
        L: Lanes<Element = T, Isa = I>,
    {
        let mut sum = zero(isa);
        for k in 0..self.n {
            sum = self.columns[p][k].mul_add(self.columns[q][k], sum);
        }
        sum
    }

    /// Makes columns `p` and `q` orthogonal where their inner product is given, and leaves them
    /// where it is zero.
    #[inline(always)]
    fn rotate<T: Real, I: Isa>(&mut self, isa: I, (p, q): (usize, usize), product: L, vectors: bool)
    where
        L: Lanes<Element = T, Isa = I>,
    {
        let (none, one) = (zero(isa), L::splat(isa, T::ONE));
        let difference = self.squares[q] - self.squares[p];
        let double = product + product;
        let root = difference.abs() + difference.mul_add(difference, double * double).sqrt();
        let t = L::select(root.gt(none), double / root, none);
        let t = L::select(none.gt(difference), -t, t);
        let c = one / t.mul_add(t, one).sqrt();
        let s = t * c;
        self.squares[p] = t.neg_mul_add(product, self.squares[p]);
        self.squares[q] = t.mul_add(product, self.squares[q]);
        let turn = |x: L, y: L| (s.neg_mul_add(y, c * x), s.mul_add(x, c * y));
        for k in 0..self.n {
            (self.columns[p][k], self.columns[q][k]) = turn(self.columns[p][k], self.columns[q][k]);
        }
        if vectors {
            for k in 0..self.n {
                (self.turned[p][k], self.turned[q][k]) = turn(self.turned[p][k], self.turned[q][k]);
            }
        }
    }

    /// Turns squares into values, descending, and columns into vectors of length 1. Returns the lanes
    /// in which a value all but vanishes.
    #[inline(always)]
    fn finish<T: Real, I: Isa>(&mut self, isa: I, rule: bool) -> u32
    where
        L: Lanes<Element = T, Isa = I>,
    {
        let n = self.n;
        for j in 0..n {
            self.squares[j] = self.inner(isa, j, j).sqrt();
        }
        for end in (1..n).rev() {
            for i in 0..end {
                let swap = self.squares[i + 1].gt(self.squares[i]);
                if L::any(swap) {
                    (self.squares[i], self.squares[i + 1]) =
                        exchange(swap, self.squares[i], self.squares[i + 1]);
                    for matrix in [&mut self.columns, &mut self.turned] {
                        for k in 0..n {
                            (matrix[i][k], matrix[i + 1][k]) = exchange(swap, matrix[i][k], matrix[i + 1][k]);
                        }
                    }
                }
            }
        }
        let least = self.squares[0] * L::splat(isa, T::from_f64(4.0) * T::EPSILON);
        let missing = L::bits(least.ge(self.squares[n - 1]));
        for j in 0..n {
            let inverse = L::splat(isa, T::ONE) / self.squares[j];
            self.columns[j][..n].iter_mut().for_each(|x| *x = *x * inverse);
            if rule {
                self.turn_by_rule(isa, j);
            }
        }
        missing
    }

    /// Makes the largest component of left vector `j` positive, and turns the right one with it.
    #[inline(always)]
    fn turn_by_rule<T: Real, I: Isa>(&mut self, isa: I, j: usize)
    where
        L: Lanes<Element = T, Isa = I>,
    {
        let none = zero(isa);
        let column = &mut self.columns[j][..self.n];
        let largest = column.iter().fold(none, |m, x| x.abs().max(m));
        let least = largest * L::splat(isa, T::ONE - T::from_f64(8.0) * T::EPSILON);
        let pivot = column.iter().fold(none, |pivot, &x| L::select(x.abs().ge(least), x, pivot));
        let negative = none.gt(pivot);
        if L::any(negative) {
            for x in column.iter_mut().chain(&mut self.turned[j][..self.n]) {
                *x = L::select(negative, none - *x, *x);
            }
        }
    }
}

#[inline(always)]
fn zero<T: Real, I: Isa, L: Lanes<Element = T, Isa = I>>(isa: I) -> L {
    L::splat(isa, T::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;

    fn ask(n: usize, a: &[f64]) -> (Vec<f64>, Vec<f64>, Vec<f64>, Vec<usize>) {
        let count = a.len() / (n * n);
        let (mut u, mut s, mut vh) = (vec![0.0; a.len()], vec![0.0; count * n], vec![0.0; a.len()]);
        let parts = (&mut u[..], &mut s[..], &mut vh[..]);
        let mut told = vec![Told::default(); count];
        let left_over = decompose(n, a, parts, true, &mut told, &Control::default()).unwrap();
        for told in told.iter().filter(|_| left_over.is_empty()) {
            assert!(told.sweeps <= 12 && told.rotations <= told.sweeps * n * n / 2, "{told:?}");
            assert!(told.off_diagonal < 1e-15, "{told:?}");
        }
        (u, s, vh, left_over)
    }

    #[test]
    fn parts_give_the_matrix_back_at_every_level_and_alone_as_in_a_stack() {
        at_every_level(|level| {
            for n in 2..=MOST {
                let a: Vec<f64> = (0..11 * n * n).map(|i| ((i * i % 1009 + 1) as f64).sin()).collect();
                let (u, s, vh, left_over) = ask(n, &a);
                assert!(left_over.is_empty());
                assert!(s.chunks(n).all(|s| s.windows(2).all(|pair| pair[0] >= pair[1])));
                for slice in 0..11 {
                    let at = |matrix: &[f64], i: usize, j: usize| matrix[(slice * n + i) * n + j];
                    for (i, j) in (0..n * n).map(|place| (place / n, place % n)) {
                        let back: f64 = (0..n).map(|k| at(&u, i, k) * s[slice * n + k] * at(&vh, k, j)).sum();
                        assert!((back - at(&a, i, j)).abs() < 1e-14 * n as f64, "{level:?}, n = {n}");
                        let product: f64 = (0..n).map(|k| at(&u, k, i) * at(&u, k, j)).sum();
                        assert!((product - f64::from(u8::from(i == j))).abs() < 1e-14 * n as f64);
                    }
                    let part = slice * n * n..(slice + 1) * n * n;
                    let alone = ask(n, &a[part.clone()]);
                    assert!(alone.0 == u[part.clone()] && alone.2 == vh[part]);
                }
            }
        });
    }

    #[test]
    fn singular_lanes_are_named_and_leave_their_neighbours_alone() {
        let mut a: Vec<f64> = (0..6 * 9).map(|i| ((i * i % 1009 + 1) as f64).sin()).collect();
        let before = ask(3, &a);
        a[9..18].fill(1.0);
        a[36..45].fill(0.0);
        let after = ask(3, &a);
        assert_eq!(after.3, [1, 4]);
        for slice in [0, 2, 3, 5] {
            assert_eq!(before.0[slice * 9..slice * 9 + 9], after.0[slice * 9..slice * 9 + 9]);
        }
    }

    #[test]
    fn tiny_and_huge_matrices_are_scaled() {
        for factor in [1e-300, 1e-60, 1e60, 1e300] {
            let a: Vec<f64> = [3.0, 0.0, 4.0, 5.0].iter().map(|x| x * factor).collect();
            let s = ask(2, &a).1;
            assert!(
                (s[0] / factor - 45_f64.sqrt()).abs() < 1e-14 && (s[1] / factor - 5_f64.sqrt()).abs() < 1e-14
            );
        }
    }
}
