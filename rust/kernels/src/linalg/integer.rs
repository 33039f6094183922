//! Exact products of integers, at the speed of floating point where that is exact.
//!
//! Sums of products of magnitude below 2^53 are exact in f64. So the largest magnitudes are
//! looked at first: where `k max|a| max|b|` proves the sums to be exact, the float product
//! computes them. Elsewhere the sums wrap around modulo 2^bits, as NumPy's do.

use super::matmul::{Update, product};
use crate::scalar::Scalar;
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error, threads};
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis};

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
    /// The number in f64; exact below 2^53.
    fn to_f64(self) -> f64;
    /// The integer that `x` is, modulo 2^bits; `|x| < 2^53`.
    fn from_f64(x: f64) -> Self;
    /// `self + a * b`, modulo 2^bits.
    fn wrapping_mul_add(self, a: Self, b: Self) -> Self;
    /// The number, whatever its type.
    fn to_i128(self) -> i128;
    /// The number in this type, if it fits.
    fn fits(x: i128) -> bool;
}

macro_rules! integers {
    ($($T:ty: $magnitude:expr;)+) => { $(impl Integer for $T {
        #[inline(always)]
        fn magnitude(self) -> u64 { $magnitude(self) as u64 }
        #[inline(always)]
        fn to_f64(self) -> f64 { self as f64 }
        #[inline(always)]
        fn from_f64(x: f64) -> Self { x as i64 as $T }
        #[inline(always)]
        fn wrapping_mul_add(self, a: Self, b: Self) -> Self { self.wrapping_add(a.wrapping_mul(b)) }
        #[inline(always)]
        fn to_i128(self) -> i128 { self as i128 }
        #[inline(always)]
        fn fits(x: i128) -> bool { <$T>::try_from(x).is_ok() }
    })+ };
}

integers! {
    i8: i8::unsigned_abs;
    i16: i16::unsigned_abs;
    i32: i32::unsigned_abs;
    i64: i64::unsigned_abs;
    u8: u8::from;
    u16: u16::from;
    u32: u32::from;
    u64: u64::from;
}

/// Below this, f64 holds every integer.
const EXACT: u128 = 1 << 53;
/// Multiplications below which converting to f64 and back does not pay.
const SMALL: usize = 16 * 16 * 16;

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
    let largest = |x: ArrayView2<'_, T>| x.iter().map(|x| x.magnitude()).max().unwrap_or(0);
    let bound = || (a.ncols() as u128).saturating_mul(u128::from(largest(a)) * u128::from(largest(b)));
    let work = a.nrows() * a.ncols() * b.ncols();
    if overflow == Overflow::Raise && !T::fits(i128::try_from(bound()).unwrap_or(i128::MAX)) {
        check(a, b, control)?;
    }
    if work > SMALL && bound() < EXACT {
        let (left, right) = (a.map(|x| x.to_f64()), b.map(|x| x.to_f64()));
        let mut exact = Array2::zeros(c.dim());
        product(left.view(), right.view(), exact.view_mut(), Update::Assign, control)?;
        c.zip_mut_with(&exact, |c, &x| *c = T::from_f64(x));
        return Ok(());
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

/// Looks for the first entry that does not fit, in integers that hold every sum.
fn check<T: Integer>(a: ArrayView2<'_, T>, b: ArrayView2<'_, T>, control: &Control) -> Result<(), Error> {
    for i in 0..a.nrows() {
        control.go_on()?;
        for j in 0..b.ncols() {
            let sum: i128 = a.row(i).iter().zip(b.column(j)).map(|(a, b)| a.to_i128() * b.to_i128()).sum();
            if !T::fits(sum) {
                return Err(Error::Overflow { what: "matmul", index: vec![i, j] });
            }
        }
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

    fn numbers<T: Integer>(m: usize, n: usize, from: impl Fn(i64) -> T) -> Array2<T> {
        Array2::from_shape_fn((m, n), |(i, j)| from((i * 31 + j * 17) as i64 % 23 - 11))
    }

    fn check_wrapping<T: Integer>(scale: i64, from: impl Fn(i64) -> T) {
        for (m, k, n) in [(0, 2, 3), (2, 0, 3), (3, 4, 5), (40, 50, 70)] {
            let (a, b) = (numbers(m, k, |x| from(x * scale)), numbers(k, n, |x| from(x * scale)));
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
        for scale in [1, 1 << 20, 1 << 40] {
            check_wrapping(scale, |x| x);
            check_wrapping(scale, |x| x as u64);
            check_wrapping(scale, |x| x as i32);
            check_wrapping(scale, |x| x as u16);
            check_wrapping(scale, |x| x as i8);
        }
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
    fn truth_values_are_or_of_and() {
        let a = Array2::from_shape_vec((2, 2), vec![true, false, false, false]).unwrap();
        let mut c = Array2::from_elem((2, 2), true);
        bool_product(a.view(), a.view(), c.view_mut(), &Control::default()).unwrap();
        assert_eq!(c, a);
    }
}
