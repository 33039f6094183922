//! A register as a value: as many numbers as the instruction set computes at once.

use super::dispatch::Isa;
use crate::scalar::{Real, Scalar};
use std::fmt::Debug;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// Several numbers of one type, computed in step.
///
/// A value exists only where its instruction set does: every constructor takes the
/// [`Isa`] token. So all operations are safe.
pub trait Lanes:
    Copy
    + Debug
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// The type of one lane.
    type Element: Real;
    /// The instruction set whose register this is.
    type Isa: Isa;
    /// A yes or no per lane.
    type Mask: Copy;
    /// The number of lanes.
    const COUNT: usize;

    /// All lanes equal to `x`.
    fn splat(isa: Self::Isa, x: Self::Element) -> Self;
    /// The first `COUNT` elements of `source`.
    ///
    /// # Panics
    ///
    /// If there are fewer; the check costs nothing where the length is known.
    fn load(isa: Self::Isa, source: &[Self::Element]) -> Self;
    /// Writes the lanes to the first `COUNT` elements of `target`, which must have that many.
    fn store(self, target: &mut [Self::Element]);

    /// `self * b + c`, fused where the instruction set can.
    fn mul_add(self, b: Self, c: Self) -> Self;
    /// `c - self * b`, fused where the instruction set can.
    fn neg_mul_add(self, b: Self, c: Self) -> Self;
    /// The square root of each lane.
    fn sqrt(self) -> Self;
    /// The absolute value of each lane.
    fn abs(self) -> Self;
    /// The larger of two lanes; `other` where one is NaN.
    fn max(self, other: Self) -> Self;
    /// The smaller of two lanes; `other` where one is NaN.
    fn min(self, other: Self) -> Self;

    /// Where `self > other`; false for NaN.
    fn gt(self, other: Self) -> Self::Mask;
    /// Where `self >= other`; false for NaN.
    fn ge(self, other: Self) -> Self::Mask;
    /// Where `self == other`; false for NaN.
    fn eq(self, other: Self) -> Self::Mask;
    /// `yes` where `mask`, else `no`.
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;
    /// The mask as bits, lane 0 the lowest.
    fn bits(mask: Self::Mask) -> u32;

    /// Turns `COUNT` rows of `COUNT` elements, held in `rows`, into columns.
    #[inline(always)]
    fn transpose(isa: Self::Isa, rows: &mut [Self]) {
        let mut columns = [[Self::Element::ZERO; 16]; 16];
        for (i, row) in rows.iter().enumerate() {
            for (j, element) in row.to_array().into_iter().enumerate() {
                columns[j][i] = element;
            }
        }
        for (row, column) in rows.iter_mut().zip(&columns) {
            *row = Self::load(isa, column);
        }
    }

    /// The first and the second of each of `COUNT` pairs.
    ///
    /// # Panics
    ///
    /// If `source` is shorter than that.
    #[inline(always)]
    fn load_pairs(isa: Self::Isa, source: &[Self::Element]) -> [Self; 2] {
        let source = &source[..2 * Self::COUNT];
        [0, 1].map(|part| Self::from_fn(isa, |lane| source[2 * lane + part]))
    }

    /// The inverse of [`load_pairs`](Self::load_pairs).
    #[inline(always)]
    fn store_pairs(parts: [Self; 2], target: &mut [Self::Element]) {
        let target = &mut target[..2 * Self::COUNT];
        let [first, second] = parts.map(Self::to_array);
        for lane in 0..Self::COUNT {
            (target[2 * lane], target[2 * lane + 1]) = (first[lane], second[lane]);
        }
    }

    /// Element `index` of each of `COUNT` records of `stride` elements, for `index` in
    /// `0..stride`: record `l` of `source` becomes lane `l` of `out`.
    ///
    /// Small matrices, one per lane, are packed by this and unpacked by
    /// [`scatter_records`](Self::scatter_records).
    #[inline(always)]
    fn gather_records(isa: Self::Isa, source: &[Self::Element], stride: usize, out: &mut [Self]) {
        let whole = stride / Self::COUNT * Self::COUNT;
        for start in (0..whole).step_by(Self::COUNT) {
            let rows = &mut out[start..start + Self::COUNT];
            for (lane, row) in rows.iter_mut().enumerate() {
                *row = Self::load(isa, &source[lane * stride + start..]);
            }
            Self::transpose(isa, rows);
        }
        for (index, lanes) in out[..stride].iter_mut().enumerate().skip(whole) {
            *lanes = Self::from_fn(isa, |lane| source[lane * stride + index]);
        }
    }

    /// The inverse of [`gather_records`](Self::gather_records).
    #[inline(always)]
    fn scatter_records(isa: Self::Isa, lanes: &[Self], stride: usize, target: &mut [Self::Element]) {
        let whole = stride / Self::COUNT * Self::COUNT;
        for start in (0..whole).step_by(Self::COUNT) {
            // No instruction set has more than 16 lanes.
            let mut rows = [lanes[start]; 16];
            let rows = &mut rows[..Self::COUNT];
            rows.copy_from_slice(&lanes[start..start + Self::COUNT]);
            Self::transpose(isa, rows);
            for (lane, row) in rows.iter().enumerate() {
                row.store(&mut target[lane * stride + start..]);
            }
        }
        for (index, lanes) in lanes[..stride].iter().enumerate().skip(whole) {
            for (lane, element) in lanes.to_array().into_iter().enumerate().take(Self::COUNT) {
                target[lane * stride + index] = element;
            }
        }
    }

    /// Lane `i` is `f(i)`.
    #[inline(always)]
    fn from_fn(isa: Self::Isa, f: impl Fn(usize) -> Self::Element) -> Self {
        let mut elements = [Self::Element::ZERO; 16];
        for (lane, element) in elements[..Self::COUNT].iter_mut().enumerate() {
            *element = f(lane);
        }
        Self::load(isa, &elements[..Self::COUNT])
    }

    /// The lanes as an array, of which the first `COUNT` count.
    #[inline(always)]
    fn to_array(self) -> [Self::Element; 16] {
        let mut elements = [Self::Element::ZERO; 16];
        self.store(&mut elements[..Self::COUNT]);
        elements
    }

    /// One lane.
    #[inline(always)]
    fn lane(self, index: usize) -> Self::Element {
        self.to_array()[index]
    }

    /// Whether any lane says yes.
    #[inline(always)]
    fn any(mask: Self::Mask) -> bool {
        Self::bits(mask) != 0
    }

    /// The sum of the lanes, folded in halves.
    #[inline(always)]
    fn sum(self) -> Self::Element {
        let mut elements = self.to_array();
        let mut width = Self::COUNT;
        while width > 1 {
            width /= 2;
            for lane in 0..width {
                elements[lane] += elements[lane + width];
            }
        }
        elements[0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{Kernel, Level, dispatch_at};

    /// Every operation against plain arithmetic.
    struct Operations;

    impl Kernel for Operations {
        type Output = ();
        #[inline(always)]
        fn run<I: Isa>(self, isa: I) {
            operations::<f64, I>(isa);
            operations::<f32, I>(isa);
        }
    }

    #[inline(always)]
    fn operations<T: Real, I: Isa>(isa: I) {
        let a: Vec<T> = (0..16).map(|i| T::from_f64([3.0, -1.5, 0.0, 8.0][i % 4] + i as f64)).collect();
        let b: Vec<T> = (0..16).map(|i| T::from_f64([2.0, 4.0, 16.0, 0.5][i % 4])).collect();
        let (x, y) = (isa.load(&a), isa.load(&b));
        let checks: [(T::Lanes<I>, fn(T, T) -> T); 9] = [
            (x + y, |a, b| a + b),
            (x - y, |a, b| a - b),
            (x * y, |a, b| a * b),
            (x / y, |a, b| a / b),
            (-x, |a, _| -a),
            (x.abs().sqrt(), |a, _| a.abs().sqrt()),
            (x.max(y), |a, b| if a > b { a } else { b }),
            (x.min(y), |a, b| if a < b { a } else { b }),
            (T::Lanes::<I>::select(x.gt(y), x, isa.splat(T::ZERO)), |a, b| if a > b { a } else { T::ZERO }),
        ];
        for (which, (got, expected)) in checks.into_iter().enumerate() {
            for lane in 0..T::Lanes::<I>::COUNT {
                assert_eq!(got.lane(lane), expected(a[lane], b[lane]), "operation {which}, lane {lane}");
            }
        }
        // Exact in these values, fused or not.
        assert_eq!(x.mul_add(y, y).lane(1), a[1] * b[1] + b[1]);
        assert_eq!(x.neg_mul_add(y, y).lane(1), b[1] - a[1] * b[1]);
        assert_eq!(T::Lanes::<I>::bits(x.ge(y)) & 1, u32::from(a[0] >= b[0]));
        assert_eq!(T::Lanes::<I>::bits(x.eq(x)).count_ones() as usize, T::Lanes::<I>::COUNT);
        let nan = isa.splat(T::NAN);
        assert!(!T::Lanes::<I>::any(nan.gt(x)) && !T::Lanes::<I>::any(nan.eq(nan)));
        assert_eq!(nan.max(x).lane(0), a[0]);
        let total: T = a[..T::Lanes::<I>::COUNT].iter().copied().sum();
        assert_eq!(x.sum(), total);
    }

    struct Records;

    impl Kernel for Records {
        type Output = ();
        #[inline(always)]
        fn run<I: Isa>(self, isa: I) {
            records::<f64, I>(isa);
            records::<f32, I>(isa);
        }
    }

    #[inline(always)]
    fn records<T: Real, I: Isa>(isa: I) {
        let count = T::Lanes::<I>::COUNT;
        for stride in [1, 3, 4, 9, 16, 25, 33] {
            let source: Vec<T> = (0..count * stride).map(|i| T::from_f64(i as f64)).collect();
            let mut lanes = vec![isa.splat(T::ZERO); stride];
            T::Lanes::<I>::gather_records(isa, &source, stride, &mut lanes);
            for (index, lanes) in lanes.iter().enumerate() {
                for lane in 0..count {
                    assert_eq!(lanes.lane(lane), source[lane * stride + index]);
                }
            }
            let mut back = vec![T::NAN; source.len()];
            T::Lanes::<I>::scatter_records(isa, &lanes, stride, &mut back);
            assert_eq!(back, source, "stride {stride}");
        }
        let source: Vec<T> = (0..2 * count).map(|i| T::from_f64(i as f64)).collect();
        let pairs = T::Lanes::<I>::load_pairs(isa, &source);
        for lane in 0..count {
            assert_eq!(pairs.map(|part| part.lane(lane)), [source[2 * lane], source[2 * lane + 1]]);
        }
        let mut back = vec![T::NAN; source.len()];
        T::Lanes::<I>::store_pairs(pairs, &mut back);
        assert_eq!(back, source);
    }

    #[test]
    fn lanes_compute_as_plain_numbers_do_at_every_level() {
        for level in Level::supported() {
            dispatch_at(level, Operations);
        }
    }

    #[test]
    fn records_are_gathered_and_scattered_at_every_level() {
        for level in Level::supported() {
            dispatch_at(level, Records);
        }
    }
}
