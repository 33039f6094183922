//! Stacks of small matrices, one in each lane of a register: elimination with partial pivoting.
//!
//! All matrices of a group are eliminated in step; each lane picks its own pivot, and its rows
//! are exchanged by selection. From 7 rows on that costs too much, and [`super::rows`] does one
//! matrix at a time. A single small matrix takes the same steps in [`super::alone`], or the same
//! way with the other lanes idle, so a slice has the same bits alone and in a stack. A singular
//! lane does not disturb its neighbours.

use super::alone::{self, Alone};
use super::rows::{self, OneByOne};
use crate::scalar::Real;
use crate::simd::{Isa, Kernel, Lanes, Level, dispatch};
use crate::{Control, Error, threads};

/// The largest matrices that are answered for here.
pub const MOST: usize = 16;

/// The largest matrices of which each lane holds one.
const WIDEST: usize = rows::LEAST - 1;

/// No lane was singular.
const REGULAR: usize = usize::MAX;

/// What is asked of each matrix of a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// The inverse: `n * n` elements.
    Inverse,
    /// The solutions of `columns` right-hand sides: `n * columns` elements.
    Solution {
        /// Right-hand sides per matrix.
        columns: usize,
    },
    /// The determinant: one element.
    Determinant,
}

impl Question {
    /// Elements of the answer for one matrix.
    pub fn size(self, n: usize) -> usize {
        match self {
            Self::Inverse => n * n,
            Self::Solution { columns } => n * columns,
            Self::Determinant => 1,
        }
    }
}

/// Answers `question` for each of the contiguous `n` x `n` matrices in `a`; `b` holds the
/// right-hand sides. Returns the column without a pivot for each singular matrix, by its index.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn answer<T: Real>(
    question: Question,
    n: usize,
    a: &[T],
    b: &[T],
    out: &mut [T],
    control: &Control,
) -> Result<Vec<(usize, usize)>, Error> {
    let size = question.size(n);
    if out.len() == size && alone::takes(question, n) {
        return Ok(dispatch(Alone { question, n, a, b, out })
            .map(|column| (0, column))
            .into_iter()
            .collect());
    }
    // Some 20 microseconds of work, and whole registers.
    let chunk = (20_000 / (n * n * n + 10)).next_multiple_of(16).max(16);
    if out.len() <= chunk * size {
        return Ok(some(question, n, a, b, out, 0));
    }
    let pieces: Vec<_> = out.chunks_mut(chunk * size).enumerate().collect();
    let found = threads::Found::default();
    threads::for_each(control, pieces, |(index, out)| {
        let (from, count) = (index * chunk, out.len() / size);
        let b = if b.is_empty() { b } else { &b[from * size..(from + count) * size] };
        let a = &a[from * n * n..(from + count) * n * n];
        found.add(some(question, n, a, b, out, from));
        Ok(())
    })?;
    Ok(found.in_order())
}

/// Answers for some matrices, the first of which has index `first`.
fn some<T: Real>(
    question: Question,
    n: usize,
    a: &[T],
    b: &[T],
    out: &mut [T],
    first: usize,
) -> Vec<(usize, usize)> {
    if n >= rows::LEAST {
        dispatch(OneByOne { question, n, a, b, out, first })
    } else {
        dispatch(Group { question, n, a, b, out, first })
    }
}

/// Some matrices, as many at a time as there are lanes.
struct Group<'a, T> {
    question: Question,
    n: usize,
    a: &'a [T],
    b: &'a [T],
    out: &'a mut [T],
    first: usize,
}

impl<T: Real> Kernel for Group<'_, T> {
    type Output = Vec<(usize, usize)>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let n = self.n;
        if n == 0 {
            return vec![];
        }
        // Without registers of its own a level gains nothing from sizes that the compiler knows.
        if const { cfg!(target_arch = "x86_64") && matches!(I::LEVEL, Level::Baseline) } {
            return self.of_size::<I, WIDEST>(isa, n);
        }
        macro_rules! by_size {
            ($($N:literal)+) => {
                match n { $($N => self.of_size::<I, $N>(isa, $N),)+ _ => self.of_size::<I, WIDEST>(isa, n) }
            };
        }
        by_size!(1 2 3 4 5)
    }
}

impl<T: Real> Group<'_, T> {
    /// Matrices of `n` rows, in arrays with room for `N`.
    #[inline(always)]
    fn of_size<I: Isa, const N: usize>(mut self, isa: I, n: usize) -> Vec<(usize, usize)> {
        let n = n.min(N);
        let lanes = T::Lanes::<I>::COUNT;
        let size = self.question.size(n);
        let count = self.out.len() / size;
        let mut singular = Vec::new();
        for start in (0..count).step_by(lanes) {
            let filled = lanes.min(count - start);
            let source = &self.a[start * n * n..(start + filled) * n * n];
            let mut a = [[isa.splat(T::ZERO); N]; N];
            gather::<T, I, N>(isa, source, n, &mut a);
            let columns = self.solve_group::<I, N>(isa, n, &mut a, start, filled);
            for (lane, &column) in columns[..filled].iter().enumerate() {
                if column != REGULAR {
                    singular.push((self.first + start + lane, column));
                }
            }
        }
        singular
    }

    /// Eliminates one group and writes its answers; returns the singular columns by lane.
    #[inline(always)]
    fn solve_group<I: Isa, const N: usize>(
        &mut self,
        isa: I,
        n: usize,
        a: &mut [[T::Lanes<I>; N]; N],
        start: usize,
        filled: usize,
    ) -> [usize; 16] {
        let size = self.question.size(n);
        let out = &mut self.out[start * size..(start + filled) * size];
        match self.question {
            Question::Determinant => {
                let (determinant, _, columns) = eliminate::<T, I, N>(isa, n, a, &mut []);
                out.copy_from_slice(&determinant.to_array()[..filled]);
                columns
            }
            Question::Inverse => {
                let mut x = [[isa.splat(T::ZERO); N]; N];
                let x = &mut x[..n];
                for (i, column) in x.iter_mut().enumerate() {
                    column[i] = isa.splat(T::ONE);
                }
                let (_, inverses, columns) = eliminate::<T, I, N>(isa, n, a, x);
                substitute::<T, I, N>(n, a, &inverses, x);
                let mut rows = [[isa.splat(T::ZERO); N]; N];
                let flat = rows.as_flattened_mut();
                for i in 0..n {
                    for j in 0..n {
                        flat[i * n + j] = x[j][i];
                    }
                }
                scatter::<T, I>(isa, &flat[..n * n], n * n, filled, out);
                columns
            }
            Question::Solution { columns: count } => {
                let b = &self.b[start * size..(start + filled) * size];
                let mut x = vec![[isa.splat(T::ZERO); N]; count];
                for (j, column) in x.iter_mut().enumerate() {
                    for (i, lanes) in column[..n].iter_mut().enumerate() {
                        *lanes = T::Lanes::<I>::from_fn(isa, |lane| {
                            b.get(lane * size + i * count + j).copied().unwrap_or(T::ZERO)
                        });
                    }
                }
                let (_, inverses, columns) = eliminate::<T, I, N>(isa, n, a, &mut x);
                substitute::<T, I, N>(n, a, &inverses, &mut x);
                for (j, column) in x.iter().enumerate() {
                    for (i, lanes) in column[..n].iter().enumerate() {
                        for (lane, &value) in lanes.to_array()[..filled].iter().enumerate() {
                            out[lane * size + i * count + j] = value;
                        }
                    }
                }
                columns
            }
        }
    }
}

/// Matrix `l` of `source` becomes lane `l` of `a`; lanes without a matrix hold any.
#[inline(always)]
pub(super) fn gather<T: Real, I: Isa, const N: usize>(
    isa: I,
    source: &[T],
    n: usize,
    a: &mut [[T::Lanes<I>; N]; N],
) {
    if source.len() == n * n {
        for (row, source) in a.iter_mut().zip(source.chunks_exact(n)) {
            row.iter_mut().zip(source).for_each(|(lanes, &x)| *lanes = isa.splat(x));
        }
        return;
    }
    if source.len() < n * n * T::Lanes::<I>::COUNT {
        let mut padded = [[[T::ZERO; N]; N]; 16];
        let padded = padded.as_flattened_mut().as_flattened_mut();
        padded[..source.len()].copy_from_slice(source);
        return records::<T, I, N>(isa, padded, n, a);
    }
    records::<T, I, N>(isa, source, n, a);
}

/// As [`gather`], of as many matrices as there are lanes.
#[inline(always)]
fn records<T: Real, I: Isa, const N: usize>(isa: I, source: &[T], n: usize, a: &mut [[T::Lanes<I>; N]; N]) {
    if n == N {
        return T::Lanes::<I>::gather_records(isa, source, N * N, a.as_flattened_mut());
    }
    let mut records = [[isa.splat(T::ZERO); N]; N];
    let records = &mut records.as_flattened_mut()[..n * n];
    T::Lanes::<I>::gather_records(isa, source, n * n, records);
    for (row, record) in a.iter_mut().zip(records.chunks_exact(n)) {
        row[..n].copy_from_slice(record);
    }
}

/// Writes the records of the first `filled` lanes.
#[inline(always)]
pub(super) fn scatter<T: Real, I: Isa>(
    isa: I,
    lanes: &[T::Lanes<I>],
    size: usize,
    filled: usize,
    out: &mut [T],
) {
    if filled == T::Lanes::<I>::COUNT {
        return T::Lanes::<I>::scatter_records(isa, lanes, size, out);
    }
    for (index, lanes) in lanes.iter().enumerate() {
        for (lane, &value) in lanes.to_array()[..filled].iter().enumerate() {
            out[lane * size + index] = value;
        }
    }
}

/// Turns `a` into its upper triangle `U` and each column `b` into `L^-1 P b`; returns the
/// determinant, the inverses of the pivots and, by lane, the first column without a pivot.
#[inline(always)]
fn eliminate<T: Real, I: Isa, const N: usize>(
    isa: I,
    n: usize,
    a: &mut [[T::Lanes<I>; N]; N],
    b: &mut [[T::Lanes<I>; N]],
) -> (T::Lanes<I>, [T::Lanes<I>; N], [usize; 16]) {
    let (zero, one) = (isa.splat(T::ZERO), isa.splat(T::ONE));
    let mut steps = Steps { determinant: one, inverses: [one; N], doubt: zero, vanished: [0; N] };
    if N <= SPELLED {
        macro_rules! spelled {
            ($($K:literal)+) => { $(if $K < n { steps.step::<T, I>(isa, (n, $K), a, b); })+ };
        }
        spelled!(0 1 2 3);
    } else {
        for k in 0..n {
            steps.step::<T, I>(isa, (n, k), a, b);
        }
    }
    for inverse in &mut steps.inverses[..n] {
        *inverse = *inverse + steps.doubt;
    }
    let mut columns = [REGULAR; 16];
    if steps.vanished[..n].iter().fold(0, |all, bits| all | bits) != 0 {
        for (lane, column) in columns.iter_mut().enumerate() {
            let first = steps.vanished[..n].iter().position(|bits| bits >> lane & 1 == 1);
            *column = first.unwrap_or(REGULAR);
        }
    }
    (steps.determinant, steps.inverses, columns)
}

/// Up to this size each step of an elimination stands in the code by itself, without branches:
/// then the matrices are registers, where an index that is not a constant keeps them in memory.
const SPELLED: usize = 4;

/// What the steps of an elimination leave.
struct Steps<L, const N: usize> {
    determinant: L,
    inverses: [L; N],
    /// Zero, or NaN once a pivot is not finite: an infinity anywhere reaches a pivot, and its
    /// inverse would pass for an honest zero.
    doubt: L,
    /// The lanes whose pivot is zero, step by step.
    vanished: [u32; N],
}

impl<L, const N: usize> Steps<L, N> {
    /// Eliminates column `k`.
    #[inline(always)]
    fn step<T: Real<Lanes<I> = L>, I: Isa>(
        &mut self,
        isa: I,
        (n, k): (usize, usize),
        a: &mut [[L; N]; N],
        b: &mut [[L; N]],
    ) where
        L: Lanes<Element = T, Isa = I>,
    {
        let zero = isa.splat(T::ZERO);
        for r in k + 1..n {
            // The larger of two rows bubbles up.
            let larger = a[r][k].abs().gt(a[k][k].abs());
            if N > SPELLED && !L::any(larger) {
                continue;
            }
            self.determinant = L::select(larger, -self.determinant, self.determinant);
            for j in k..n {
                (a[k][j], a[r][j]) = exchange(larger, a[k][j], a[r][j]);
            }
            for column in b.iter_mut() {
                (column[k], column[r]) = exchange(larger, column[k], column[r]);
            }
        }
        let pivot = a[k][k];
        self.determinant = self.determinant * pivot;
        let inverse = isa.splat(T::ONE) / pivot;
        self.inverses[k] = inverse;
        self.doubt = pivot.mul_add(zero, self.doubt);
        self.vanished[k] = L::bits(pivot.eq(zero));
        for r in k + 1..n {
            let factor = a[r][k] * inverse;
            for j in k + 1..n {
                a[r][j] = factor.neg_mul_add(a[k][j], a[r][j]);
            }
            for column in b.iter_mut() {
                column[r] = factor.neg_mul_add(column[k], column[r]);
            }
        }
    }
}

#[inline(always)]
pub(super) fn exchange<L: Lanes>(mask: L::Mask, x: L, y: L) -> (L, L) {
    (L::select(mask, y, x), L::select(mask, x, y))
}

/// Turns each column of `b` into `U^-1 b`.
#[inline(always)]
fn substitute<T: Real, I: Isa, const N: usize>(
    n: usize,
    a: &[[T::Lanes<I>; N]; N],
    inverses: &[T::Lanes<I>; N],
    b: &mut [[T::Lanes<I>; N]],
) {
    for column in b {
        for i in (0..n).rev() {
            let mut x = column[i];
            for j in i + 1..n {
                x = a[i][j].neg_mul_add(column[j], x);
            }
            column[i] = x * inverses[i];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;

    fn stack(count: usize, n: usize) -> Vec<f64> {
        (0..count * n * n).map(|i| ((i * i % 1009 + 1) as f64).sin()).collect()
    }

    fn ask(question: Question, n: usize, a: &[f64], b: &[f64]) -> (Vec<f64>, Vec<(usize, usize)>) {
        let count = a.len() / (n * n);
        let mut out = vec![f64::NAN; count * question.size(n)];
        let singular = answer(question, n, a, b, &mut out, &Control::default()).unwrap();
        (out, singular)
    }

    #[test]
    fn inverses_are_inverses_at_every_level_and_alone_as_in_a_stack() {
        at_every_level(|level| {
            for n in 1..=MOST {
                let a = stack(11, n);
                let (x, singular) = ask(Question::Inverse, n, &a, &[]);
                assert!(singular.is_empty());
                for (index, (a, x)) in a.chunks(n * n).zip(x.chunks(n * n)).enumerate() {
                    let scale = x.iter().fold(1.0_f64, |m, x| m.max(x.abs())) * n as f64;
                    for (i, j) in (0..n * n).map(|place| (place / n, place % n)) {
                        let product: f64 = (0..n).map(|p| a[i * n + p] * x[p * n + j]).sum();
                        let expected = f64::from(u8::from(i == j));
                        assert!((product - expected).abs() < 1e-13 * scale, "{level:?} n = {n}, {index}");
                    }
                    assert_eq!(ask(Question::Inverse, n, a, &[]).0, x);
                }
            }
        });
    }

    #[test]
    fn solutions_solve_and_determinants_agree_with_cofactors() {
        let a = [2.0, 1.0, 1.0, 0.0, 3.0, 1.0, 1.0, 0.0, 1.0];
        let (x, _) = ask(Question::Solution { columns: 2 }, 3, &a, &[1.0, 4.0, 2.0, 4.0, 3.0, 2.0]);
        for (j, b) in [[1.0, 2.0, 3.0], [4.0, 4.0, 2.0]].iter().enumerate() {
            for i in 0..3 {
                let sum: f64 = (0..3).map(|p| a[i * 3 + p] * x[p * 2 + j]).sum();
                assert!((sum - b[i]).abs() < 1e-14);
            }
        }
        assert!((ask(Question::Determinant, 3, &a, &[]).0[0] - 4.0).abs() < 1e-14);
    }

    #[test]
    fn solutions_and_determinants_are_the_same_alone_as_in_a_stack_at_every_level() {
        at_every_level(|level| {
            for n in 1..=MOST {
                let a = stack(11, n);
                let (determinants, _) = ask(Question::Determinant, n, &a, &[]);
                for (a, det) in a.chunks(n * n).zip(&determinants) {
                    assert_eq!(ask(Question::Determinant, n, a, &[]).0, [*det], "{level:?} n = {n}");
                }
                for columns in [1, 2, 3, 4, 5, 9] {
                    let size = n * columns;
                    let b: Vec<f64> = (0..11 * size).map(|i| (i as f64).cos()).collect();
                    let question = Question::Solution { columns };
                    let (x, _) = ask(question, n, &a, &b);
                    for ((a, b), x) in a.chunks(n * n).zip(b.chunks(size)).zip(x.chunks(size)) {
                        assert_eq!(ask(question, n, a, b).0, x, "{level:?} n = {n}, {columns}");
                        let scale = x.iter().fold(1.0_f64, |m, x| m.max(x.abs())) * n as f64;
                        for (i, j) in (0..size).map(|place| (place / columns, place % columns)) {
                            let sum: f64 = (0..n).map(|p| a[i * n + p] * x[p * columns + j]).sum();
                            assert!((sum - b[i * columns + j]).abs() < 1e-14 * scale, "{level:?} n = {n}");
                        }
                    }
                }
            }
        });
    }

    #[test]
    fn nothing_finite_comes_of_what_is_not_finite() {
        for n in 1..=MOST {
            for (place, bad) in [(0, f64::NAN), (n * n - 1, f64::INFINITY), (n * n / 2, f64::NEG_INFINITY)] {
                let mut a = stack(5, n);
                a[2 * n * n + place] = bad;
                for slices in [2 * n * n..3 * n * n, 0..5 * n * n] {
                    let middle = slices.start == 0;
                    let (x, _) = ask(Question::Inverse, n, &a[slices], &[]);
                    let x = if middle { &x[2 * n * n..3 * n * n] } else { &x };
                    assert!(x.iter().all(|x| x.is_nan()), "n = {n}, {bad} at {place}: {x:?}");
                }
            }
        }
    }

    #[test]
    fn a_singular_slice_is_named_and_leaves_the_others_their_bits() {
        let mut a = stack(9, 3);
        let (clean, _) = ask(Question::Inverse, 3, &a, &[]);
        a[4 * 9..5 * 9].copy_from_slice(&[1.0, 2.0, 3.0, 2.0, 4.0, 6.0, 1.0, 1.0, 1.0]);
        let (x, singular) = ask(Question::Inverse, 3, &a, &[]);
        assert_eq!(singular, vec![(4, 2)]);
        assert_eq!(x[..36], clean[..36]);
        assert_eq!(x[45..], clean[45..]);
    }
}
