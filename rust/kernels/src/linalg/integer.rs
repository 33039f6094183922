//! Exact products of integers, at the speed of floating point.
//!
//! NumPy's integers wrap around modulo 2^bits. Small ones, whose products and sums floats hold
//! exactly, are multiplied as floats, larger ones digit by digit (see [`super::digits`]).

use super::digits::Plan;
use super::integer_blocks::product_of_digits;
use super::matmul::{Update, product};
use crate::scalar::Scalar;
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error, threads};
use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut2, Axis};

/// What to do about a sum that does not fit its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// Keep the low bits, as NumPy does.
    Wrap,
    /// Refuse, naming the first entry that does not fit.
    Raise,
}

impl Overflow {
    /// The option of this name.
    ///
    /// # Errors
    ///
    /// [`Error::Choice`] if there is none.
    pub fn from_name(name: &str) -> Result<Self, Error> {
        match name {
            "wrap" => Ok(Self::Wrap),
            "raise" => Ok(Self::Raise),
            _ => Err(Error::Choice {
                argument: "overflow",
                expected: &["wrap", "raise"],
                got: name.to_owned(),
            }),
        }
    }
}

/// An integer type of an array.
pub trait Integer: Scalar {
    /// The magnitude, which fits even for the most negative number.
    fn magnitude(self) -> u64;
    /// How many bits the type has.
    const BITS: u32;
    /// The largest number of the type.
    const MOST: u64;
    /// The number modulo 2^64, where those of the upper half of an unsigned type count as negative.
    fn to_bits(self) -> u64;
    /// The number that has these low bits.
    fn from_bits(bits: u64) -> Self;
    /// `self + a * b`, modulo 2^bits.
    fn wrapping_mul_add(self, a: Self, b: Self) -> Self;
    /// The number, whatever its type.
    fn to_i128(self) -> i128;
    /// The number in this type, if it fits.
    fn fits(x: i128) -> bool;
}

macro_rules! integers {
    ($($T:ty as $Signed:ty: $magnitude:expr;)+) => { $(impl Integer for $T {
        #[inline(always)]
        fn magnitude(self) -> u64 { $magnitude(self) as u64 }
        const BITS: u32 = <$T>::BITS;
        const MOST: u64 = <$T>::MAX as u64;
        #[inline(always)]
        fn to_bits(self) -> u64 { self as $Signed as i64 as u64 }
        #[inline(always)]
        fn from_bits(bits: u64) -> Self { bits as $T }
        #[inline(always)]
        fn wrapping_mul_add(self, a: Self, b: Self) -> Self { self.wrapping_add(a.wrapping_mul(b)) }
        #[inline(always)]
        fn to_i128(self) -> i128 { self as i128 }
        #[inline(always)]
        fn fits(x: i128) -> bool { <$T>::try_from(x).is_ok() }
    })+ };
}

integers! {
    i8 as i8: i8::unsigned_abs;
    i16 as i16: i16::unsigned_abs;
    i32 as i32: i32::unsigned_abs;
    i64 as i64: i64::unsigned_abs;
    u8 as i8: u8::from;
    u16 as i16: u16::from;
    u32 as i32: u32::from;
    u64 as i64: u64::from;
}

/// Multiplications below which splitting into digits does not pay.
const SMALL: usize = 16 * 16 * 16;
/// Rows or columns of a result below which it does not pay either.
const THIN: usize = 4;

/// `c = a b`, in integers.
///
/// # Errors
///
/// [`Error::Overflow`] where that is asked for; [`Error::Stopped`].
pub fn integer_product<T: Integer>(
    a: ArrayView2<'_, T>,
    b: ArrayView2<'_, T>,
    mut c: ArrayViewMut2<'_, T>,
    overflow: Overflow,
    control: &Control,
) -> Result<(), Error> {
    let ((m, k), n) = (a.dim(), b.ncols());
    if overflow == Overflow::Raise {
        let largest = |x: ArrayView2<'_, T>| x.iter().map(|x| x.magnitude()).max().unwrap_or(0);
        let bound = (k as u128).saturating_mul(u128::from(largest(a)) * u128::from(largest(b)));
        if !T::fits(i128::try_from(bound).unwrap_or(i128::MAX)) {
            check(a, b, control)?;
        }
    }
    let slices = n == 1 || c.strides()[1] == 1;
    if slices && m.min(n) >= THIN && m * k * n > SMALL {
        let sizes = (dispatch(Size { x: a }), dispatch(Size { x: b }));
        if let Some(plan) = Plan::new::<f32>(T::BITS, sizes).filter(|plan| plan.sums == 1) {
            return product_of_digits::<T, f32>(a, b, c, plan, control);
        }
        if let Some(plan) = Plan::new::<f64>(T::BITS, sizes) {
            return product_of_digits::<T, f64>(a, b, c, plan, control);
        }
    }
    if n < THIN && m > n {
        let columns = b.t().as_standard_layout().into_owned();
        let rows = a.axis_iter(Axis(0)).zip(c.axis_iter_mut(Axis(0))).collect();
        return threads::for_each(control, rows, |(a, mut c)| {
            for (c, b) in c.iter_mut().zip(columns.rows()) {
                *c = dispatch(Inner { a, b });
            }
            Ok(())
        });
    }
    let right = b.as_standard_layout();
    let rows = a.axis_iter(Axis(0)).zip(c.axis_iter_mut(Axis(0))).collect();
    threads::for_each(control, rows, |(a, mut c)| {
        let mut line = vec![T::ZERO; c.len()];
        dispatch(Row { a: &a.to_vec(), b: right.view(), line: &mut line });
        c.iter_mut().zip(line).for_each(|(c, x)| *c = x);
        Ok(())
    })
}

/// The smallest `size` so that all numbers are between `-2^size` and `2^size`.
struct Size<'a, T> {
    x: ArrayView2<'a, T>,
}

impl<T: Integer> Kernel for Size<'_, T> {
    type Output = u32;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) -> u32 {
        // The sign is folded away, so that the highest bit of all is that of the largest.
        let bits = |x: &T| x.to_bits() ^ ((x.to_bits() as i64 >> 63) as u64);
        let all = self.x.rows().into_iter().fold(0, |all, row| match row.to_slice() {
            Some(row) => row.iter().fold(all, |all, x| all | bits(x)),
            None => row.iter().fold(all, |all, x| all | bits(x)),
        });
        u64::BITS - all.leading_zeros()
    }
}

/// An inner product, modulo 2^bits.
struct Inner<'a, T> {
    a: ArrayView1<'a, T>,
    b: ArrayView1<'a, T>,
}

impl<T: Integer> Kernel for Inner<'_, T> {
    type Output = T;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) -> T {
        let sum = |sum: T, (&a, &b): (&T, &T)| sum.wrapping_mul_add(a, b);
        match (self.a.to_slice(), self.b.to_slice()) {
            (Some(a), Some(b)) => a.iter().zip(b).fold(T::ZERO, sum),
            _ => self.a.iter().zip(self.b).fold(T::ZERO, sum),
        }
    }
}

/// One row of the result: rows of b, scaled and added.
struct Row<'a, T> {
    a: &'a [T],
    b: ArrayView2<'a, T>,
    line: &'a mut [T],
}

impl<T: Integer> Kernel for Row<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        // So many columns at a time that their sums stay in registers or the nearest cache.
        for (block, line) in self.line.chunks_mut(64).enumerate() {
            for (p, &a) in self.a.iter().enumerate() {
                if let Some(b) = self.b.row(p).to_slice() {
                    for (sum, &b) in line.iter_mut().zip(&b[block * 64..]) {
                        *sum = sum.wrapping_mul_add(a, b);
                    }
                }
            }
        }
    }
}

/// Looks for the first entry that does not fit: exactly, where a bound in floats does not show that
/// it does.
fn check<T: Integer>(a: ArrayView2<'_, T>, b: ArrayView2<'_, T>, control: &Control) -> Result<(), Error> {
    let magnitudes = |x: ArrayView2<'_, T>| x.map(|x| x.magnitude() as f64);
    let mut bounds = Array2::zeros((a.nrows(), b.ncols()));
    product(magnitudes(a).view(), magnitudes(b).view(), bounds.view_mut(), Update::Assign, control)?;
    let largest = (T::MOST as f64) * (1.0 - 1e-6);
    for ((i, j), &bound) in bounds.indexed_iter() {
        if bound < largest {
            continue;
        }
        // The exact sum is that modulo 2^128, if the rough one shows that it is so small.
        let (mut exact, mut rough) = (0_i128, 0.0);
        for (a, b) in a.row(i).iter().zip(b.column(j)) {
            exact = exact.wrapping_add(a.to_i128().wrapping_mul(b.to_i128()));
            rough += a.to_i128() as f64 * b.to_i128() as f64;
        }
        if rough.abs() >= 2.0_f64.powi(126) || !T::fits(exact) {
            return Err(Error::Overflow { what: "matmul", index: vec![i, j] });
        }
        control.go_on()?;
    }
    Ok(())
}

/// `c = a b` in truth values: "or" of "and"s, counted in f32, where no sum rounds to zero.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn bool_product(
    a: ArrayView2<'_, bool>,
    b: ArrayView2<'_, bool>,
    mut c: ArrayViewMut2<'_, bool>,
    control: &Control,
) -> Result<(), Error> {
    let number = |&x: &bool| f32::from(u8::from(x));
    let mut counts = Array2::zeros(c.dim());
    product(a.map(number).view(), b.map(number).view(), counts.view_mut(), Update::Assign, control)?;
    c.zip_mut_with(&counts, |c, &count| *c = count > 0.0);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;

    fn numbers<T: Integer>(m: usize, n: usize, from: impl Fn(i64) -> T) -> Array2<T> {
        Array2::from_shape_fn((m, n), |(i, j)| from((i * 31 + j * 17) as i64 % 23 - 11))
    }

    fn check_wrapping<T: Integer>(scale: i64, from: impl Fn(i64) -> T) {
        let from = |x: i64| from(x.wrapping_mul(scale));
        for (m, k, n) in
            [(0, 2, 3), (2, 0, 3), (3, 4, 5), (90, 50, 1), (2, 90, 50), (29, 300, 17), (7, 5, 150)]
        {
            let (a, b) = (numbers(m, k, from), numbers(k, n, from));
            let mut c = Array2::from_elem((m, n), T::ONE);
            integer_product(a.view(), b.view(), c.view_mut(), Overflow::Wrap, &Control::default()).unwrap();
            for ((i, j), &got) in c.indexed_iter() {
                let expected = (0..k).fold(T::ZERO, |sum, p| sum.wrapping_mul_add(a[(i, p)], b[(p, j)]));
                assert_eq!(got, expected, "{m} x {k} x {n}");
            }
        }
    }

    #[test]
    fn products_are_exact_or_wrap_around() {
        at_every_level(|_| {
            for scale in [1, 13, 1 << 10, (1 << 20) + 7, (1 << 40) + 12_345, 0x9e3_779b_97f4_a7c1] {
                check_wrapping(scale, |x| x);
                check_wrapping(scale, |x| x as u64);
                check_wrapping(scale, |x| x as i32);
                check_wrapping(scale, |x| x as u32);
                check_wrapping(scale, |x| x as i16);
                check_wrapping(scale, |x| x as u16);
                check_wrapping(scale, |x| x as i8);
                check_wrapping(scale, |x| x as u8);
            }
        });
    }

    #[test]
    fn an_overflow_is_named_where_that_is_asked_for() {
        let a = Array2::from_shape_vec((2, 1), vec![1_i8, 100]).unwrap();
        let b = Array2::from_shape_vec((1, 2), vec![1_i8, 2]).unwrap();
        let mut c = Array2::zeros((2, 2));
        let error = integer_product(a.view(), b.view(), c.view_mut(), Overflow::Raise, &Control::default());
        assert_eq!(error, Err(Error::Overflow { what: "matmul", index: vec![1, 1] }));
    }

    #[test]
    fn sums_beyond_128_bits_and_sums_that_cancel_are_told_apart() {
        let raise = |a: &Array2<u64>, b: &Array2<u64>| {
            let mut c = Array2::zeros((1, 1));
            integer_product(a.view(), b.view(), c.view_mut(), Overflow::Raise, &Control::default())
        };
        let most = Array2::from_elem((1, 4), 1_u64 << 63);
        assert!(raise(&most, &most.t().to_owned()).is_err());
        let a = Array2::from_shape_vec((1, 3), vec![i64::MIN, i64::MIN, 5]).unwrap();
        let b = Array2::from_shape_vec((3, 1), vec![i64::MIN, i64::MAX, 1]).unwrap();
        let mut c = Array2::zeros((1, 1));
        let (left, control) = (a.view(), Control::default());
        assert!(integer_product(left, b.view(), c.view_mut(), Overflow::Raise, &control).is_err());
        let b = Array2::from_shape_vec((3, 1), vec![i64::MIN + 1, i64::MAX, 1]).unwrap();
        integer_product(left, b.view(), c.view_mut(), Overflow::Raise, &control).unwrap();
        assert_eq!(c[(0, 0)], 5);
    }

    #[test]
    fn truth_values_are_or_of_and() {
        let a = Array2::from_shape_vec((2, 2), vec![true, false, false, false]).unwrap();
        let mut c = Array2::from_elem((2, 2), true);
        bool_product(a.view(), a.view(), c.view_mut(), &Control::default()).unwrap();
        assert_eq!(c, a);
    }
}
