//! Sums that are accurate and the same for any number of threads.
//!
//! Additions go to fixed lanes, lanes are folded in halves, chunks are added in pairs: the
//! error grows as the logarithm of the length, and the order depends on the length alone.
//!
//! N. J. Higham, "The accuracy of floating point summation", SIAM J. Sci. Comput. 14, 1993.

use crate::scalar::Real;
use crate::simd::{Isa, Kernel, Lanes, dispatch};
use crate::{Control, Error, threads};

/// Elements that one thread sums at a time.
pub const CHUNK: usize = 1 << 16;

/// Registers that partial sums are kept in, so that additions need not wait for each other.
const REGISTERS: usize = 8;

/// Elements whose sum is kept in registers; longer ones are halved.
const BLOCK: usize = 1 << 12;

/// The sum of `terms(x[i], y[i])`, where `y` is as long as `x`.
struct Reduce<'a, T, F> {
    x: &'a [T],
    y: &'a [T],
    term: F,
}

/// What is added up: a function of one element of each input.
trait Term<T: Real>: Copy + Send + Sync {
    /// The term added to `sum`.
    fn add<I: Isa>(self, isa: I, x: T::Lanes<I>, y: T::Lanes<I>, sum: T::Lanes<I>) -> T::Lanes<I>;
}

/// `x y`.
#[derive(Clone, Copy)]
struct Product;

impl<T: Real> Term<T> for Product {
    #[inline(always)]
    fn add<I: Isa>(self, _: I, x: T::Lanes<I>, y: T::Lanes<I>, sum: T::Lanes<I>) -> T::Lanes<I> {
        x.mul_add(y, sum)
    }
}

/// `x`.
#[derive(Clone, Copy)]
struct Itself;

impl<T: Real> Term<T> for Itself {
    #[inline(always)]
    fn add<I: Isa>(self, _: I, x: T::Lanes<I>, _: T::Lanes<I>, sum: T::Lanes<I>) -> T::Lanes<I> {
        x + sum
    }
}

impl<T: Real, F: Term<T>> Kernel for Reduce<'_, T, F> {
    type Output = T;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> T {
        pairwise(isa, self.x, self.y, self.term)
    }
}

/// Halves until a block fits the registers. The halves are cut at multiples of the block, so
/// that the order of additions does not depend on the instruction set's width.
#[inline(always)]
fn pairwise<T: Real, I: Isa>(isa: I, x: &[T], y: &[T], term: impl Term<T>) -> T {
    let mut sums = [T::ZERO; CHUNK / BLOCK];
    let blocks = x.chunks(BLOCK).zip(y.chunks(BLOCK));
    let count = blocks.len();
    for (sum, (x, y)) in sums.iter_mut().zip(blocks) {
        *sum = block(isa, x, y, term);
    }
    fold(&mut sums[..count])
}

/// The sum of `parts`, neighbours first.
fn fold<T: Real>(parts: &mut [T]) -> T {
    let mut length = parts.len();
    while length > 1 {
        for i in 0..length / 2 {
            parts[i] = parts[2 * i] + parts[2 * i + 1];
        }
        if length % 2 == 1 {
            parts[length / 2] = parts[length - 1];
        }
        length = length.div_ceil(2);
    }
    parts.first().copied().unwrap_or(T::ZERO)
}

#[inline(always)]
fn block<T: Real, I: Isa>(isa: I, x: &[T], y: &[T], term: impl Term<T>) -> T {
    let count = T::Lanes::<I>::COUNT;
    let zero = isa.splat(T::ZERO);
    let mut sums = [zero; REGISTERS];
    let mut xs = x.chunks_exact(REGISTERS * count);
    let mut ys = y.chunks_exact(REGISTERS * count);
    for (x, y) in (&mut xs).zip(&mut ys) {
        for (register, sum) in sums.iter_mut().enumerate() {
            let (x, y) = (&x[register * count..], &y[register * count..]);
            *sum = term.add(isa, isa.load(x), isa.load(y), *sum);
        }
    }
    let mut xs = xs.remainder().chunks_exact(count);
    let mut ys = ys.remainder().chunks_exact(count);
    for (sum, (x, y)) in sums.iter_mut().zip((&mut xs).zip(&mut ys)) {
        *sum = term.add(isa, isa.load(x), isa.load(y), *sum);
    }
    let (x, y) = (xs.remainder(), ys.remainder());
    if !x.is_empty() {
        let tail = |rest: &[T]| T::Lanes::<I>::from_fn(isa, |i| rest.get(i).copied().unwrap_or(T::ZERO));
        sums[REGISTERS - 1] = term.add(isa, tail(x), tail(y), sums[REGISTERS - 1]);
    }
    let mut width = REGISTERS;
    while width > 1 {
        width /= 2;
        for i in 0..width {
            sums[i] = sums[i] + sums[i + width];
        }
    }
    sums[0].sum()
}

fn reduce<T: Real>(x: &[T], y: &[T], term: impl Term<T>, control: &Control) -> Result<T, Error> {
    if x.len() <= CHUNK {
        return Ok(dispatch(Reduce { x, y, term }));
    }
    let mut sums = threads::map_chunks(control, x.len(), CHUNK, |range| {
        Ok(dispatch(Reduce { x: &x[range.clone()], y: &y[range], term }))
    })?;
    Ok(fold(&mut sums))
}

/// The sum of `x`.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn sum<T: Real>(x: &[T], control: &Control) -> Result<T, Error> {
    reduce(x, x, Itself, control)
}

/// The inner product of `x` and `y`.
///
/// # Errors
///
/// [`Error::Shape`] if the lengths differ.
pub fn dot<T: Real>(x: &[T], y: &[T], control: &Control) -> Result<T, Error> {
    if x.len() != y.len() {
        let expected = format!("{} elements, as many as `a` has", x.len());
        return Err(Error::Shape { argument: "b", expected, got: vec![y.len()] });
    }
    reduce(x, y, Product, control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{Level, dispatch_at};

    // Around every boundary: empty, one lane, a block, a chunk, a tail.
    const LENGTHS: [usize; 10] = [0, 1, 7, 8, 9, 63, 1000, BLOCK, BLOCK + 1, CHUNK - 1];

    fn wave<T: Real>(n: usize, f: impl Fn(f64) -> f64) -> Vec<T> {
        (0..n).map(|i| T::from_f64(f(i as f64))).collect()
    }

    #[test]
    fn dot_and_sum_match_the_definition_at_every_level() {
        for n in LENGTHS {
            let (x, y): (Vec<f64>, Vec<f64>) = (wave(n, f64::sin), wave(n, f64::cos));
            let product: f64 = x.iter().zip(&y).map(|(x, y)| x * y).sum();
            let sum: f64 = x.iter().sum();
            for level in Level::supported() {
                let got = dispatch_at(level, Reduce { x: &x, y: &y, term: Product });
                assert!((got - product).abs() < 1e-10, "n = {n}, {level:?}");
                let got = dispatch_at(level, Reduce { x: &x, y: &x, term: Itself });
                assert!((got - sum).abs() < 1e-10, "n = {n}, {level:?}");
            }
        }
    }

    #[test]
    fn dot_does_not_depend_on_the_number_of_threads() {
        let x: Vec<f32> = wave(1_000_003, f64::sin);
        let with = |count| threads::with_threads(count, || dot(&x, &x, &Control::default()));
        let once = with(1);
        assert!(once.is_ok());
        for count in [2, 3, 8] {
            assert_eq!(once, with(count));
        }
    }

    #[test]
    fn sums_of_many_float32_keep_their_digits() {
        let ones = vec![0.1_f32; 10_000_000];
        let sum = sum(&ones, &Control::default()).unwrap();
        assert!((f64::from(sum) / (1e7 * f64::from(0.1_f32)) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn dot_refuses_lengths_that_differ() {
        let error = dot(&[1.0, 2.0], &[1.0], &Control::default()).unwrap_err();
        assert_eq!(error.to_string(), "b: expected 2 elements, as many as `a` has, got shape (1,)");
    }
}
