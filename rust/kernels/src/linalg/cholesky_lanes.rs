//! Cholesky factors of small matrices, one in each lane of a register.
//!
//! All matrices of a group are factored in step. One that is not positive definite goes on as
//! NaN and does not disturb its neighbours. A single matrix takes the same way with the other
//! lanes idle, so its bits are the same alone and in a stack.

use super::stack::{MOST, gather, scatter};
use crate::scalar::Real;
use crate::simd::{Isa, Kernel, Lanes, Level, dispatch};
use crate::{Control, Error, threads};

/// Factors each of the contiguous `n` x `n` matrices in `a`, with `n <= MOST`; returns the column
/// without a positive pivot for each that is not positive definite, by its index.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn factor<T: Real>(
    n: usize,
    upper: bool,
    a: &[T],
    out: &mut [T],
    control: &Control,
) -> Result<Vec<(usize, usize)>, Error> {
    let size = n * n;
    // Some 20 microseconds of work, and whole registers.
    let chunk = (40_000 / (n * size + 10)).next_multiple_of(16).max(16);
    if out.len() <= chunk * size {
        return Ok(dispatch(Group { n, upper, a, out, first: 0 }));
    }
    let found = threads::Found::default();
    threads::for_chunks(control, out, chunk * size, |index, out| {
        let from = index * chunk * size;
        let a = &a[from..from + out.len()];
        found.add(dispatch(Group { n, upper, a, out, first: index * chunk }));
        Ok(())
    })?;
    Ok(found.in_order())
}

/// Some matrices, as many at a time as there are lanes.
struct Group<'a, T> {
    n: usize,
    upper: bool,
    a: &'a [T],
    out: &'a mut [T],
    first: usize,
}

impl<T: Real> Kernel for Group<'_, T> {
    type Output = Vec<(usize, usize)>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let n = self.n;
        // Without registers of its own a level gains nothing from sizes that the compiler knows.
        if const { cfg!(target_arch = "x86_64") && matches!(I::LEVEL, Level::Baseline) } {
            return self.of_size::<I, MOST>(isa, n);
        }
        match n {
            1 => self.of_size::<I, 1>(isa, 1),
            2 => self.of_size::<I, 2>(isa, 2),
            3 => self.of_size::<I, 3>(isa, 3),
            4 => self.of_size::<I, 4>(isa, 4),
            5..=8 => self.of_size::<I, 8>(isa, n),
            _ => self.of_size::<I, MOST>(isa, n),
        }
    }
}

impl<T: Real> Group<'_, T> {
    /// Matrices of `n` rows, in arrays with room for `N`.
    #[inline(always)]
    fn of_size<I: Isa, const N: usize>(self, isa: I, n: usize) -> Vec<(usize, usize)> {
        let (n, lanes) = (n.min(N), T::Lanes::<I>::COUNT);
        let size = n * n;
        let mut found = Vec::new();
        let groups = self.a.chunks(lanes * size).zip(self.out.chunks_mut(lanes * size));
        for (group, (source, out)) in groups.enumerate() {
            let filled = out.len() / size;
            let mut a = [[isa.splat(T::ZERO); N]; N];
            gather::<T, I, N>(isa, source, n, &mut a);
            if self.upper {
                for i in 0..n {
                    for j in 0..i {
                        a[i][j] = a[j][i];
                    }
                }
            }
            let bad = in_place::<T, I, N>(isa, n, &mut a);
            let mut factors = [[isa.splat(T::ZERO); N]; N];
            let flat = factors.as_flattened_mut();
            for i in 0..n {
                for j in 0..=i {
                    flat[if self.upper { j * n + i } else { i * n + j }] = a[i][j];
                }
            }
            scatter::<T, I>(isa, &flat[..size], size, filled, out);
            report(&bad[..n], self.first + group * lanes, filled, &mut found);
        }
        found
    }
}

/// Replaces the lower triangle of `a` by its factor; returns the lanes without a positive pivot,
/// column by column.
#[inline(always)]
fn in_place<T: Real, I: Isa, const N: usize>(isa: I, n: usize, a: &mut [[T::Lanes<I>; N]; N]) -> [u32; N] {
    let (zero, one, infinity) = (isa.splat(T::ZERO), isa.splat(T::ONE), isa.splat(T::INFINITY));
    let mut bad = [0; N];
    for j in 0..n {
        let pivot = a[j][j];
        bad[j] = !(T::Lanes::<I>::bits(pivot.gt(zero)) & T::Lanes::<I>::bits(infinity.gt(pivot)));
        let root = pivot.sqrt();
        let inverse = one / root;
        a[j][j] = root;
        for i in j + 1..n {
            a[i][j] = a[i][j] * inverse;
        }
        for i in j + 1..n {
            for k in j + 1..=i {
                a[i][k] = a[i][j].neg_mul_add(a[k][j], a[i][k]);
            }
        }
    }
    bad
}

/// Adds each of the first `filled` matrices with a bad column to `found`.
#[inline(always)]
fn report(bad: &[u32], first: usize, filled: usize, found: &mut Vec<(usize, usize)>) {
    let lanes = u32::MAX >> (32 - filled);
    if bad.iter().fold(0, |all, bits| all | bits) & lanes == 0 {
        return;
    }
    for lane in 0..filled {
        if let Some(column) = bad.iter().position(|bits| bits >> lane & 1 == 1) {
            found.push((first + lane, column));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;

    /// Positive definite: a Gram matrix and the identity.
    fn stack(count: usize, n: usize) -> Vec<f64> {
        let part = |slice: usize, i: usize, k: usize| ((slice + 3 * i * i + 7 * k) as f64).sin();
        let mut a = vec![0.0; count * n * n];
        for (place, x) in a.iter_mut().enumerate() {
            let (slice, i, j) = (place / (n * n), place / n % n, place % n);
            *x = (0..n).map(|k| part(slice, i, k) * part(slice, j, k)).sum();
            *x += f64::from(u8::from(i == j));
        }
        a
    }

    #[test]
    fn factors_multiply_to_the_matrix_at_every_level_alone_as_in_a_stack() {
        at_every_level(|level| {
            for n in 1..=MOST {
                let a = stack(11, n);
                for upper in [false, true] {
                    let mut l = vec![f64::NAN; a.len()];
                    assert!(factor(n, upper, &a, &mut l, &Control::default()).unwrap().is_empty());
                    for (a, l) in a.chunks(n * n).zip(l.chunks(n * n)) {
                        let at = |i: usize, k: usize| if upper { l[k * n + i] } else { l[i * n + k] };
                        for (i, j) in (0..n * n).map(|place| (place / n, place % n)) {
                            let sum: f64 = (0..n).map(|k| at(i, k) * at(j, k)).sum();
                            assert!((sum - a[i * n + j]).abs() < 1e-13, "{level:?} n = {n}, {upper}");
                            assert!(j <= i || at(i, j) == 0.0);
                        }
                        let mut alone = vec![f64::NAN; n * n];
                        factor(n, upper, a, &mut alone, &Control::default()).unwrap();
                        assert_eq!(alone, l);
                    }
                }
            }
        });
    }

    #[test]
    fn an_indefinite_slice_is_named_and_leaves_the_others_their_bits() {
        let (mut a, mut clean, mut l) = (stack(9, 3), vec![0.0; 81], vec![0.0; 81]);
        factor(3, false, &a, &mut clean, &Control::default()).unwrap();
        a[4 * 9 + 4] = -1.0;
        a[7 * 9] = f64::NAN;
        assert_eq!(factor(3, false, &a, &mut l, &Control::default()), Ok(vec![(4, 1), (7, 0)]));
        assert_eq!(l[..36], clean[..36]);
        assert_eq!(l[45..63], clean[45..63]);
        assert_eq!(l[72..], clean[72..]);
    }
}
