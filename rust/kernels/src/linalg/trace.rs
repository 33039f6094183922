//! The sum along a diagonal, of one matrix or of each of a stack.

use crate::scalar::Scalar;
use crate::{Control, Error};
use ndarray::{ArrayView1, ArrayViewD, ArrayViewMutD, Axis, Ix2, Slice, Zip};
use num_complex::Complex;
use std::ops::Add as _;

/// An element type whose sums are taken in NumPy's accumulator for it.
pub trait Summand: Scalar {
    /// The type of the sums: the widest of its kind for integers and bool, else the type itself.
    type Sum: Scalar;

    /// `sum + self`, in integers modulo 2^64.
    fn add_to(self, sum: Self::Sum) -> Self::Sum;

    /// The sum of two sums.
    fn both(a: Self::Sum, b: Self::Sum) -> Self::Sum;
}

macro_rules! summands {
    ($($T:ty => $Sum:ty, |$x:ident| $wide:expr, $add:ident;)+) => { $(impl Summand for $T {
        type Sum = $Sum;
        #[inline(always)]
        fn add_to(self, sum: $Sum) -> $Sum { let $x = self; Self::both(sum, $wide) }
        #[inline(always)]
        fn both(a: $Sum, b: $Sum) -> $Sum { a.$add(b) }
    })+ };
}

summands! {
    bool => i64, |x| x.into(), wrapping_add;
    i8 => i64, |x| x.into(), wrapping_add;
    i16 => i64, |x| x.into(), wrapping_add;
    i32 => i64, |x| x.into(), wrapping_add;
    i64 => i64, |x| x, wrapping_add;
    u8 => u64, |x| x.into(), wrapping_add;
    u16 => u64, |x| x.into(), wrapping_add;
    u32 => u64, |x| x.into(), wrapping_add;
    u64 => u64, |x| x, wrapping_add;
    f32 => f32, |x| x, add;
    f64 => f64, |x| x, add;
    Complex<f32> => Complex<f32>, |x| x, add;
    Complex<f64> => Complex<f64>, |x| x, add;
}

/// The two axes of the matrices, counted from the end where negative, as indices.
///
/// # Errors
///
/// [`Error::Value`] if there are fewer than two axes, if one does not exist, or if both are one.
pub fn matrix_axes(rank: usize, axis1: isize, axis2: isize) -> Result<(usize, usize), Error> {
    let bad = |argument, message| Error::Value { argument, message };
    if rank < 2 {
        return Err(bad("a", format!("expected at least two dimensions, got {rank}")));
    }
    let place = |argument, axis: isize| {
        let index = if axis < 0 { axis.checked_add_unsigned(rank) } else { Some(axis) };
        match index.and_then(|index| usize::try_from(index).ok()).filter(|&index| index < rank) {
            Some(index) => Ok(index),
            None => Err(bad(argument, format!("axis {axis} is out of bounds for {rank} dimensions"))),
        }
    };
    let axes = (place("axis1", axis1)?, place("axis2", axis2)?);
    if axes.0 == axes.1 {
        return Err(bad("axis2", format!("expected another axis than axis1, got {axis2} for both")));
    }
    Ok(axes)
}

/// The shape without the two axes.
pub fn stack_shape(shape: &[usize], (axis1, axis2): (usize, usize)) -> Vec<usize> {
    let kept = |&(axis, _): &(usize, &usize)| axis != axis1 && axis != axis2;
    shape.iter().enumerate().filter(kept).map(|(_, &length)| length).collect()
}

/// About how many nanoseconds it takes.
pub fn cost(shape: &[usize], (axis1, axis2): (usize, usize)) -> usize {
    let length = shape[axis1].min(shape[axis2]).max(1);
    2 * length * stack_shape(shape, (axis1, axis2)).iter().product::<usize>()
}

/// Writes the sum of `a[i, i + offset]` over `i`, for each matrix over `axes`, to `out` of the
/// shape that [`stack_shape`] gives.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn trace<T: Summand>(
    mut a: ArrayViewD<'_, T>,
    offset: isize,
    (axis1, axis2): (usize, usize),
    out: &mut [T::Sum],
    control: &Control,
) -> Result<(), Error> {
    let (down, right) = (offset.min(0).unsigned_abs(), offset.max(0).unsigned_abs());
    let inside = |axis: usize, skipped: usize| a.shape()[axis].saturating_sub(skipped);
    let length = inside(axis1, down).min(inside(axis2, right));
    out.fill(T::Sum::ZERO);
    let shape = stack_shape(a.shape(), (axis1, axis2));
    let Some(mut out) = ArrayViewMutD::from_shape(shape, out).ok().filter(|_| length > 0) else {
        return Ok(());
    };
    a.slice_axis_inplace(Axis(axis1), Slice::from(down..down + length));
    a.slice_axis_inplace(Axis(axis2), Slice::from(right..right + length));
    if let (Ok(matrix), Some(out)) = (a.view().into_dimensionality::<Ix2>(), out.first_mut()) {
        *out = sum::<T>(matrix.diag());
        return control.go_on();
    }
    for i in 0..length {
        control.go_on()?;
        // The later axis goes first, so that the other keeps its place.
        let row = a.view().index_axis_move(Axis(axis1.max(axis2)), i);
        let row = row.index_axis_move(Axis(axis1.min(axis2)), i);
        Zip::from(&mut out).and(&row).for_each(|sum, &x| *sum = x.add_to(*sum));
    }
    Ok(())
}

/// Halves first: the error grows as the logarithm of the length.
fn sum<T: Summand>(x: ArrayView1<'_, T>) -> T::Sum {
    const BLOCK: usize = 64;
    if x.len() <= BLOCK {
        return x.iter().fold(T::Sum::ZERO, |sum, &x| x.add_to(sum));
    }
    let (left, right) = x.split_at(Axis(0), x.len() / 2);
    T::both(sum(left), sum(right))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{ArrayD, IxDyn};

    fn of<T: Summand>(a: &ArrayD<T>, offset: isize, axes: (usize, usize)) -> ArrayD<T::Sum> {
        let mut out = ArrayD::from_elem(IxDyn(&stack_shape(a.shape(), axes)), T::Sum::ONE);
        trace(a.view(), offset, axes, out.as_slice_mut().unwrap(), &Control::default()).unwrap();
        out
    }

    #[test]
    fn every_offset_and_pair_of_axes_matches_the_definition() {
        let a = ArrayD::from_shape_fn(IxDyn(&[3, 4, 5]), |i| (100 * i[0] + 10 * i[1] + i[2]) as i16);
        for (axis1, axis2) in [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)] {
            for offset in -6..=6 {
                let mut expected = ArrayD::zeros(IxDyn(&stack_shape(a.shape(), (axis1, axis2))));
                let kept = 3 - axis1 - axis2;
                for (index, &x) in a.indexed_iter() {
                    if index[axis2] as isize - index[axis1] as isize == offset {
                        expected[[index[kept]]] += i64::from(x);
                    }
                }
                assert_eq!(of(&a, offset, (axis1, axis2)), expected, "{axis1} {axis2} {offset}");
            }
        }
    }

    #[test]
    fn long_diagonals_lose_few_digits_and_integers_wrap() {
        let tenths = ArrayD::from_elem(IxDyn(&[3000, 3000]), 0.1_f32);
        assert!((of(&tenths, 0, (0, 1))[[]] - 300.0).abs() < 1e-3);
        let most = ArrayD::from_elem(IxDyn(&[2, 2]), u64::MAX);
        assert_eq!(of(&most, 0, (0, 1))[[]], u64::MAX - 1);
        assert_eq!(of(&ArrayD::from_elem(IxDyn(&[3, 3]), true), 0, (0, 1))[[]], 3);
    }

    #[test]
    fn axes_that_do_not_exist_are_named() {
        assert_eq!(matrix_axes(3, -1, 0), Ok((2, 0)));
        for (rank, axis1, axis2, argument) in
            [(1, 0, 1, "a"), (2, 2, 0, "axis1"), (2, 0, -3, "axis2"), (2, 1, -1, "axis2")]
        {
            let error = matrix_axes(rank, axis1, axis2).unwrap_err();
            assert!(matches!(error, Error::Value { argument: named, .. } if named == argument));
        }
    }
}
