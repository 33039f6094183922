//! What factorisations do to columns that lie in memory one by one: inner products, reflections,
//! rotations; real or complex.

use super::one_sided_stack;
use super::options::Told;
use super::products::Blas;
use crate::scalar::{Field, Real, Scalar};
use crate::simd::Isa;
use crate::{Control, Error};
use num_complex::Complex;

/// Where left vectors, values and right vectors go.
pub type Parts<'a, T> = (&'a mut [T], &'a mut [<T as Field>::Real], &'a mut [T]);

/// A real or complex number whose sums of products are fused where the CPU can.
pub trait Column: Blas {
    /// Real numbers that make one of these.
    const PARTS: usize;
    /// `a * b + c`.
    fn multiply_add<I: Isa>(isa: I, a: Self, b: Self, c: Self) -> Self;
    /// The parts, of which the first [`PARTS`](Self::PARTS) count.
    fn parts(self) -> [Self::Real; 2];
    /// The number of these parts.
    fn from_parts(parts: [Self::Real; 2]) -> Self;
    /// `self` times a real number.
    fn times(self, factor: Self::Real) -> Self;
    /// Whether small matrices of this type are decomposed in lanes.
    const IN_LANES: bool = false;
    /// Decompositions of a stack of small square matrices in lanes, where this type has them; see
    /// [`one_sided_stack::decompose`].
    ///
    /// # Errors
    ///
    /// As that.
    fn in_lanes(
        _n: usize,
        _a: &[Self],
        _parts: Parts<'_, Self>,
        _rule: bool,
        _told: &mut [Told],
        _control: &Control,
    ) -> Result<Vec<usize>, Error> {
        Ok(vec![])
    }
    /// The absolute value; numbers whose squares overflow or vanish are the caller's to scale.
    fn absolute(self) -> Self::Real;
}

macro_rules! columns {
    ($($R:ty)+) => { $(
        impl Column for $R {
            const PARTS: usize = 1;
            #[inline(always)]
            fn multiply_add<I: Isa>(isa: I, a: Self, b: Self, c: Self) -> Self { isa.mul_add(a, b, c) }
            #[inline(always)]
            fn parts(self) -> [Self; 2] { [self, 0.0] }
            #[inline(always)]
            fn from_parts(parts: [Self; 2]) -> Self { parts[0] }
            #[inline(always)]
            fn times(self, factor: Self) -> Self { self * factor }
            #[inline(always)]
            fn absolute(self) -> Self { self.abs() }
            const IN_LANES: bool = true;
            fn in_lanes(
                n: usize, a: &[Self], parts: Parts<'_, Self>, rule: bool, told: &mut [Told],
                control: &Control,
            ) -> Result<Vec<usize>, Error> {
                one_sided_stack::decompose(n, a, parts, rule, told, control)
            }
        }
        impl Column for Complex<$R> {
            const PARTS: usize = 2;
            #[inline(always)]
            fn multiply_add<I: Isa>(isa: I, a: Self, b: Self, c: Self) -> Self {
                Complex {
                    re: isa.mul_add(-a.im, b.im, isa.mul_add(a.re, b.re, c.re)),
                    im: isa.mul_add(a.im, b.re, isa.mul_add(a.re, b.im, c.im)),
                }
            }
            #[inline(always)]
            fn parts(self) -> [$R; 2] { [self.re, self.im] }
            #[inline(always)]
            fn from_parts(parts: [$R; 2]) -> Self { Complex { re: parts[0], im: parts[1] } }
            #[inline(always)]
            fn times(self, factor: $R) -> Self { Complex { re: self.re * factor, im: self.im * factor } }
            #[inline(always)]
            fn absolute(self) -> $R { (self.re * self.re + self.im * self.im).sqrt() }
        }
    )+ };
}

columns!(f32 f64);

/// Sums that are kept apart, so that additions need not wait for each other.
const SUMS: usize = 8;
/// Columns that are changed together, so that what they share is read once.
pub(super) const TOGETHER: usize = 4;

/// `|x|^2`.
#[inline(always)]
pub(super) fn square<T: Column>(x: T) -> T::Real {
    let [re, im] = x.parts();
    re * re + im * im
}

/// `x / |x|`, and 1 for zero; of length 1 also where the squares of `x` would vanish.
pub(super) fn phase<T: Column>(x: T) -> T {
    let magnitude = x.magnitude();
    if magnitude == <T::Real as Scalar>::ZERO {
        return T::ONE;
    }
    let x = x.times_power_of_two(-magnitude.exponent());
    x.over(T::from_real(x.absolute()))
}

/// The sum of `sums`, folded in halves.
#[inline(always)]
fn fold<T: Column>(mut sums: [T; SUMS]) -> T {
    let mut width = SUMS;
    while width > 1 {
        width /= 2;
        for lane in 0..width {
            sums[lane] += sums[lane + width];
        }
    }
    sums[0]
}

/// The inner products of `x`, conjugated, with each of some columns as long.
#[inline(always)]
pub(super) fn inner<T: Column, I: Isa, const C: usize>(isa: I, x: &[T], columns: [&[T]; C]) -> [T; C] {
    let mut sums = [[T::ZERO; SUMS]; C];
    let columns = columns.map(|column| &column[..x.len()]);
    let (chunks, rest) = x.as_chunks::<SUMS>();
    for (index, x) in chunks.iter().enumerate() {
        for c in 0..C {
            let column = &columns[c][index * SUMS..][..SUMS];
            for lane in 0..SUMS {
                sums[c][lane] = T::multiply_add(isa, x[lane].conj(), column[lane], sums[c][lane]);
            }
        }
    }
    let first = x.len() - rest.len();
    for (lane, x) in rest.iter().enumerate() {
        for c in 0..C {
            sums[c][lane] = T::multiply_add(isa, x.conj(), columns[c][first + lane], sums[c][lane]);
        }
    }
    sums.map(fold)
}

/// The squared length.
#[inline(always)]
pub(super) fn squared_length<T: Column, I: Isa>(isa: I, x: &[T]) -> T::Real {
    inner::<T, I, 1>(isa, x, [x])[0].parts()[0]
}

/// `column += factor * x`.
#[inline(always)]
pub(super) fn add_multiple<T: Column, I: Isa>(isa: I, factor: T, x: &[T], column: &mut [T]) {
    for (y, &x) in column.iter_mut().zip(x) {
        *y = T::multiply_add(isa, factor, x, *y);
    }
}

/// `(x, y) := (c x - conj(s) y, s x + c y)`.
#[inline(always)]
pub(super) fn rotate<T: Column, I: Isa>(isa: I, c: T::Real, s: T, x: &mut [T], y: &mut [T]) {
    let minus = -s.conj();
    for (x, y) in x.iter_mut().zip(y) {
        (*x, *y) = (T::multiply_add(isa, minus, *y, x.times(c)), T::multiply_add(isa, s, *x, y.times(c)));
    }
}

/// A reflection `I - factor v v^H` that turns a column into a multiple of its first element.
#[derive(Clone, Copy)]
pub(super) struct Reflection<T: Field> {
    pub factor: T::Real,
    /// The one element that is left.
    pub left: T,
}

/// Makes the reflection that leaves nothing of `x` but its first element; `x` becomes its `v`.
#[inline(always)]
pub(super) fn reflection<T: Column, I: Isa>(isa: I, x: &mut [T]) -> Reflection<T> {
    let zero = <T::Real as Scalar>::ZERO;
    let Some(&first) = x.first() else { return Reflection { factor: zero, left: T::ZERO } };
    let rest = squared_length(isa, &x[1..]);
    // Products of what is smaller would vanish.
    if rest <= T::Real::MIN_POSITIVE / T::Real::EPSILON {
        x.fill(T::ZERO);
        return Reflection { factor: zero, left: first };
    }
    let norm = (rest + square(first)).sqrt();
    let left = -phase(first).times(norm);
    x[0] = first - left;
    Reflection { factor: <T::Real as Scalar>::ONE / (norm * (norm + first.absolute())), left }
}

/// Reflects up to [`TOGETHER`] columns, which are `stride` apart in `block`, from their element
/// `from` on.
#[inline(always)]
pub(super) fn reflect<T: Column, I: Isa>(
    isa: I,
    v: &[T],
    factor: T::Real,
    block: &mut [T],
    (stride, from): (usize, usize),
) {
    if block.len() == TOGETHER * stride {
        let mut rows = block.chunks_exact_mut(stride);
        let columns: [&mut [T]; TOGETHER] =
            std::array::from_fn(|_| &mut rows.next().unwrap_or_default()[from..from + v.len()]);
        let sums = inner::<T, I, TOGETHER>(isa, v, columns.each_ref().map(|column| &**column));
        let multiples = sums.map(|sum| -sum.times(factor));
        for (i, &v) in v.iter().enumerate() {
            for c in 0..TOGETHER {
                columns[c][i] = T::multiply_add(isa, multiples[c], v, columns[c][i]);
            }
        }
        return;
    }
    for column in block.chunks_exact_mut(stride) {
        let column = &mut column[from..from + v.len()];
        let [sum] = inner::<T, I, 1>(isa, v, [column]);
        add_multiple(isa, -sum.times(factor), v, column);
    }
}

/// The first `count` columns of the unit matrix of `length` rows, one after the other.
pub(super) fn unit<T: Scalar>(count: usize, length: usize) -> Vec<T> {
    let mut columns = vec![T::ZERO; count * length];
    columns.iter_mut().step_by(length + 1).take(count).for_each(|x| *x = T::ONE);
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{Kernel, at_every_level, dispatch};

    struct Laws(usize);

    impl Kernel for Laws {
        type Output = ();

        #[inline(always)]
        fn run<I: Isa>(self, isa: I) {
            laws::<f64, I>(isa, self.0);
            laws::<Complex<f64>, I>(isa, self.0);
        }
    }

    #[inline(always)]
    fn laws<T: Column<Real = f64>, I: Isa>(isa: I, n: usize) {
        let wave = |k: usize| T::from_parts([(k as f64).sin(), (3.0 * k as f64 + 1.0).cos()]);
        let x: Vec<T> = (0..n).map(wave).collect();
        let y: Vec<T> = (n..2 * n).map(wave).collect();
        let definition: T = x.iter().zip(&y).map(|(&x, &y)| x.conj() * y).sum();
        assert!((inner::<T, I, 1>(isa, &x, [&y])[0] - definition).absolute() < 1e-14 * n as f64);
        let mut v = x.clone();
        let made = reflection(isa, &mut v);
        let mut block: Vec<T> = [&x[..], &y, &x, &y].concat();
        reflect(isa, &v, made.factor, &mut block, (n, 0));
        assert!((block[0] - made.left).absolute() < 1e-14 * n as f64);
        assert!(block[1..n].iter().all(|x| x.absolute() < 1e-14 * n as f64));
        let length = |x: &[T]| squared_length(isa, x);
        assert!((length(&block[n..2 * n]) - length(&y)).abs() < 1e-13 * n as f64);
        let mut alone = y.clone();
        reflect(isa, &v, made.factor, &mut alone, (n, 0));
        assert!(alone == block[n..2 * n]);
        let (mut p, mut q) = (x.clone(), y.clone());
        rotate(isa, 0.6, phase(wave(5)).times(0.8), &mut p, &mut q);
        let lengths = length(&x) + length(&y);
        assert!((length(&p) + length(&q) - lengths).abs() < 1e-13 * n as f64);
        let mut tiny: Vec<T> = x.iter().map(|x| x.times(1e-170)).collect();
        let made = reflection(isa, &mut tiny);
        assert!(made.factor == 0.0 && made.left == x[0].times(1e-170));
    }

    #[test]
    fn phases_have_length_one_at_every_size() {
        for size in [1e300, 1.0, 1e-160, 1e-300, 1e-310, 5e-324] {
            let x = phase(Complex { re: 3.0 * size, im: -4.0 * size });
            assert!((x.re - 0.6).abs() < 1e-12 && (x.im + 0.8).abs() < 1e-12, "{size}: {x}");
        }
        assert_eq!(phase(Complex { re: 0.0, im: 0.0 }), Complex { re: 1.0, im: 0.0 });
        assert_eq!((phase(-1e-320), phase(0.0)), (-1.0, 1.0));
    }

    #[test]
    fn reflections_and_rotations_keep_lengths_at_every_level() {
        at_every_level(|_| [1, 2, 7, 8, 9, 40].into_iter().for_each(|n| dispatch(Laws(n))));
    }
}
