//! Products of every element with every other: Kronecker's, and of vectors the outer one.

use super::ring::Factor;
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error, threads};
use ndarray::ArrayViewD;

/// Elements of the result that are one piece of work for a thread.
const SHARE: usize = 1 << 15;

/// The shape of the Kronecker product of arrays of these shapes.
pub fn kron_shape(a: &[usize], b: &[usize]) -> Vec<usize> {
    let rank = a.len().max(b.len());
    let (a, b) = (padded(a, rank), padded(b, rank));
    a.iter().zip(&b).map(|(a, b)| a * b).collect()
}

/// A shape with ones in front.
fn padded(shape: &[usize], rank: usize) -> Vec<usize> {
    let ones = rank.saturating_sub(shape.len());
    std::iter::repeat_n(1, ones).chain(shape.iter().copied()).collect()
}

/// The Kronecker product: `out[i m + k, j n + l, …] = a[i, j, …] b[k, l, …]`.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn kron<T: Factor>(
    a: ArrayViewD<'_, T>,
    b: ArrayViewD<'_, T>,
    out: &mut [T],
    control: &Control,
) -> Result<(), Error> {
    let rank = a.ndim().max(b.ndim()).max(1);
    let shapes = (padded(a.shape(), rank), padded(b.shape(), rank));
    products(&contiguous(&a), &contiguous(&b), (&shapes.0, &shapes.1), out, control)
}

/// The outer product of all elements of `a` with all of `b`, each in C order.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn outer<T: Factor>(
    a: ArrayViewD<'_, T>,
    b: ArrayViewD<'_, T>,
    out: &mut [T],
    control: &Control,
) -> Result<(), Error> {
    let shapes = ([a.len(), 1], [1, b.len()]);
    products(&contiguous(&a), &contiguous(&b), (&shapes.0, &shapes.1), out, control)
}

/// The elements in C order, copied where they do not lie so.
fn contiguous<'a, T: Copy>(a: &'a ArrayViewD<'_, T>) -> std::borrow::Cow<'a, [T]> {
    match a.as_slice() {
        Some(slice) => slice.into(),
        None => a.iter().copied().collect::<Vec<T>>().into(),
    }
}

fn products<T: Factor>(
    a: &[T],
    b: &[T],
    shapes: (&[usize], &[usize]),
    out: &mut [T],
    control: &Control,
) -> Result<(), Error> {
    let length = last(shapes.0) * last(shapes.1);
    let rows = (SHARE / length.max(1)).max(1);
    threads::for_chunks(control, out, rows * length, |index, out| {
        dispatch(Rows { a, b, shapes, first: index * rows, out });
        Ok(())
    })
}

fn last(shape: &[usize]) -> usize {
    shape.last().copied().unwrap_or(1)
}

/// Rows of the result, from `first` on.
struct Rows<'a, T> {
    a: &'a [T],
    b: &'a [T],
    shapes: (&'a [usize], &'a [usize]),
    first: usize,
    out: &'a mut [T],
}

impl<T: Factor> Kernel for Rows<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let (width_a, width_b) = (last(self.shapes.0), last(self.shapes.1));
        for (row, out) in self.out.chunks_mut((width_a * width_b).max(1)).enumerate() {
            let (mut rest, mut place_a, mut place_b) = (self.first + row, 0, 0);
            let (mut stride_a, mut stride_b) = (width_a, width_b);
            let lengths = self.shapes.0.iter().zip(self.shapes.1).rev().skip(1);
            for (&a, &b) in lengths {
                let index = rest % (a * b);
                rest /= a * b;
                place_a += index / b * stride_a;
                place_b += index % b * stride_b;
                stride_a *= a;
                stride_b *= b;
            }
            let (a, b) = (&self.a[place_a..place_a + width_a], &self.b[place_b..place_b + width_b]);
            for (&x, out) in a.iter().zip(out.chunks_exact_mut(width_b)) {
                for (out, &y) in out.iter_mut().zip(b) {
                    *out = x.times(y);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;
    use ndarray::{ArrayD, IxDyn};

    fn numbers(shape: &[usize]) -> ArrayD<i64> {
        let mut next = 0;
        ArrayD::from_shape_simple_fn(IxDyn(shape), || {
            next += 7;
            next % 23 - 11
        })
    }

    #[test]
    fn every_element_is_the_product_of_the_two_that_it_should_be_at_every_level() {
        at_every_level(|_| {
            for (left, right) in [
                (&[][..], &[][..]),
                (&[3], &[]),
                (&[3], &[5]),
                (&[2, 3], &[4, 9]),
                (&[300, 20], &[3, 33]),
                (&[2, 3], &[4]),
                (&[2, 3, 2], &[2, 5]),
                (&[0, 3], &[2, 2]),
            ] {
                let (a, b) = (numbers(left), numbers(right));
                let mut out = ArrayD::zeros(kron_shape(left, right));
                let slice = out.as_slice_mut().unwrap();
                kron(a.view(), b.view(), slice, &Control::default()).unwrap();
                let rank = out.ndim();
                let (wide, narrow) = (padded(left, rank), padded(right, rank));
                let (a, b) =
                    (a.into_shape_with_order(wide).unwrap(), b.into_shape_with_order(narrow).unwrap());
                for (place, &got) in out.indexed_iter() {
                    let upper: Vec<usize> = (0..rank).map(|axis| place[axis] / b.shape()[axis]).collect();
                    let lower: Vec<usize> = (0..rank).map(|axis| place[axis] % b.shape()[axis]).collect();
                    assert_eq!(got, a[&upper[..]] * b[&lower[..]], "{left:?}, {right:?}");
                }
            }
        });
    }

    #[test]
    fn outer_products_take_elements_in_c_order() {
        let (a, b) = (numbers(&[2, 3]), numbers(&[4]));
        let mut out = vec![0; 24];
        outer(a.t(), b.view(), &mut out, &Control::default()).unwrap();
        let expected: Vec<i64> = a.t().iter().flat_map(|x| b.iter().map(move |y| x * y)).collect();
        assert_eq!(out, expected);
    }
}
