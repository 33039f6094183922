//! `matmul` and `dot` by NumPy's rules: vectors, matrices, stacks, every element type.

use super::complex::{complex_product, small_products};
use super::integer::{Overflow, bool_product, integer_product};
use super::matmul::{Update, matmul_cost, product};
use super::small::{MOST, SmallProducts};
use crate::scalar::{Field, Real, Scalar};
use crate::simd::dispatch;
use crate::{Control, Error, threads};
use ndarray::{ArrayView2, ArrayViewD, ArrayViewMut2, Axis, Ix2, IxDyn};
use num_complex::Complex;
use std::sync::atomic::{AtomicBool, Ordering};

/// An element type that matrices can be multiplied in.
pub trait Multiply: Scalar {
    /// `c = a b`, for shapes that fit.
    ///
    /// # Errors
    ///
    /// [`Error::Overflow`] where that is asked for; [`Error::Stopped`].
    fn multiply(
        a: ArrayView2<'_, Self>,
        b: ArrayView2<'_, Self>,
        c: ArrayViewMut2<'_, Self>,
        overflow: Overflow,
        control: &Control,
    ) -> Result<(), Error>;

    /// The product of contiguous small matrices, or of stacks of them, if there is a faster way.
    fn multiply_small(_a: &[Self], _b: &[Self], _c: &mut [Self], _shape: (usize, usize, usize)) -> bool {
        false
    }
}

/// A real or complex type whose products are fast, so that factorisations may stand on them.
pub trait Blas: Field + Multiply {
    /// `c = a b`, `c += a b` or `c -= a b`, for shapes that fit.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] only.
    fn product(
        a: ArrayView2<'_, Self>,
        b: ArrayView2<'_, Self>,
        c: ArrayViewMut2<'_, Self>,
        update: Update,
        control: &Control,
    ) -> Result<(), Error>;
}

macro_rules! multiply {
    (floats by $product:path, $small:path: $($T:ty)+) => { $(impl Multiply for $T {
        #[inline]
        fn multiply(
            a: ArrayView2<'_, Self>, b: ArrayView2<'_, Self>, c: ArrayViewMut2<'_, Self>,
            _: Overflow, control: &Control,
        ) -> Result<(), Error> {
            $product(a, b, c, Update::Assign, control)
        }
        #[inline]
        fn multiply_small(a: &[Self], b: &[Self], c: &mut [Self], shape: (usize, usize, usize)) -> bool {
            $small(a, b, c, shape)
        }
    }
    impl Blas for $T {
        #[inline]
        fn product(
            a: ArrayView2<'_, Self>, b: ArrayView2<'_, Self>, c: ArrayViewMut2<'_, Self>,
            update: Update, control: &Control,
        ) -> Result<(), Error> {
            $product(a, b, c, update, control)
        }
    })+ };
    (integer: $($T:ty)+) => { $(impl Multiply for $T {
        fn multiply(
            a: ArrayView2<'_, Self>, b: ArrayView2<'_, Self>, c: ArrayViewMut2<'_, Self>,
            overflow: Overflow, control: &Control,
        ) -> Result<(), Error> {
            integer_product(a, b, c, overflow, control)
        }
    })+ };
}

multiply!(floats by product, small: f32 f64);
multiply!(floats by complex_product, small_products: Complex<f32> Complex<f64>);
multiply!(integer: i8 i16 i32 i64 u8 u16 u32 u64);

impl Multiply for bool {
    fn multiply(
        a: ArrayView2<'_, Self>,
        b: ArrayView2<'_, Self>,
        c: ArrayViewMut2<'_, Self>,
        _: Overflow,
        control: &Control,
    ) -> Result<(), Error> {
        bool_product(a, b, c, control)
    }
}

#[inline]
fn small<T: Real>(a: &[T], b: &[T], c: &mut [T], shape: (usize, usize, usize)) -> bool {
    let (m, k, n) = shape;
    let fits = m > 0 && k > 0 && n > 0 && n <= MOST && m * k <= MOST * MOST;
    if fits {
        dispatch(SmallProducts { a, b, c, shape });
    }
    fits
}

/// The product of two matrices, written to the rows of `out`.
///
/// # Errors
///
/// [`Error::Shape`] if they do not fit; what [`Multiply::multiply`] returns.
#[inline]
pub fn matmul_2d<T: Multiply>(
    a: ArrayView2<'_, T>,
    b: ArrayView2<'_, T>,
    out: &mut [T],
    overflow: Overflow,
    control: &Control,
) -> Result<(), Error> {
    let shape = (a.nrows(), a.ncols(), b.ncols());
    if let (Some(a), Some(b)) = (a.to_slice(), b.to_slice())
        && overflow == Overflow::Wrap
        && T::multiply_small(a, b, out, shape)
    {
        return Ok(());
    }
    let c = result_view((shape.0, shape.2), out)?;
    T::multiply(a, b, c, overflow, control)
}

fn result_view<T>(shape: (usize, usize), out: &mut [T]) -> Result<ArrayViewMut2<'_, T>, Error> {
    let got = vec![out.len()];
    ArrayViewMut2::from_shape(shape, out).map_err(|_| Error::Shape {
        argument: "out",
        expected: format!("{} by {} elements", shape.0, shape.1),
        got,
    })
}

/// The shape of `matmul` of these shapes.
///
/// # Errors
///
/// [`Error::Value`] for scalars and for shapes that do not fit, giving both.
pub fn matmul_shape(a: &[usize], b: &[usize]) -> Result<Vec<usize>, Error> {
    if a.is_empty() || b.is_empty() {
        let (argument, got) = if a.is_empty() { ("a", "scalar") } else { ("b", "scalar") };
        let message = format!("matmul: expected at least one dimension, got a {got} (use * for that)");
        return Err(Error::Value { argument, message });
    }
    let (k, rows) = (a[a.len() - 1], b[b.len().saturating_sub(2)]);
    let mismatch = || Error::Value {
        argument: "b",
        message: format!("matmul: shapes {a:?} and {b:?} do not fit: {k} columns of a, {rows} rows of b"),
    };
    if k != rows {
        return Err(mismatch());
    }
    let mut shape = broadcast(leading(a), leading(b)).ok_or_else(|| Error::Value {
        argument: "b",
        message: format!("matmul: the stacks of shapes {a:?} and {b:?} do not broadcast"),
    })?;
    if a.len() > 1 {
        shape.push(a[a.len() - 2]);
    }
    if b.len() > 1 {
        shape.push(b[b.len() - 1]);
    }
    Ok(shape)
}

fn leading(shape: &[usize]) -> &[usize] {
    &shape[..shape.len().saturating_sub(2)]
}

/// The shape that two shapes broadcast to, if they do.
pub fn broadcast(a: &[usize], b: &[usize]) -> Option<Vec<usize>> {
    let rank = a.len().max(b.len());
    let at =
        |shape: &[usize], axis: usize| (axis + shape.len()).checked_sub(rank).map_or(1, |axis| shape[axis]);
    (0..rank)
        .map(|axis| match (at(a, axis), at(b, axis)) {
            (x, y) if x == y || y == 1 => Some(x),
            (1, y) => Some(y),
            _ => None,
        })
        .collect()
}

/// `matmul` of arrays of any rank, written to `out`, which has the product's shape.
///
/// # Errors
///
/// As [`matmul_shape`] and [`Multiply::multiply`].
pub fn matmul<T: Multiply>(
    a: ArrayViewD<'_, T>,
    b: ArrayViewD<'_, T>,
    out: &mut [T],
    overflow: Overflow,
    control: &Control,
) -> Result<(), Error> {
    let vectors = (a.ndim() == 1, b.ndim() == 1);
    let a = if vectors.0 { a.insert_axis(Axis(0)) } else { a };
    let b = if vectors.1 { b.insert_axis(Axis(1)) } else { b };
    let stack = broadcast(leading(a.shape()), leading(b.shape())).unwrap_or_default();
    let (m, k, n) = (a.shape()[a.ndim() - 2], a.shape()[a.ndim() - 1], b.shape()[b.ndim() - 1]);
    let count: usize = stack.iter().product();
    if out.is_empty() || overflow == Overflow::Wrap && whole_stack(&a, &b, out, (m, k, n), count, control)? {
        return Ok(());
    }
    let wide = |x: &ArrayViewD<'_, T>| [&stack[..], &x.shape()[x.ndim() - 2..]].concat();
    let (Some(a), Some(b)) = (a.broadcast(wide(&a)), b.broadcast(wide(&b))) else {
        return Err(Error::Shape { argument: "b", expected: "a stack that broadcasts".into(), got: stack });
    };
    let one = |index: usize, out: &mut [T]| {
        let place = unravel(index, &stack);
        let (a, b) = (matrix(a.view(), &place)?, matrix(b.view(), &place)?);
        let product = T::multiply(a, b, result_view((m, n), out)?, overflow, control);
        product.map_err(|error| {
            overflow_at(error, "matmul", |i, j| {
                let row = if vectors.0 { vec![] } else { vec![i] };
                let column = if vectors.1 { vec![] } else { vec![j] };
                [place, row, column].concat()
            })
        })
    };
    if count == 1 || overflow == Overflow::Raise {
        // One after the other: the first entry that does not fit is named.
        return out.chunks_mut(m * n).enumerate().try_for_each(|(index, out)| one(index, out));
    }
    threads::for_chunks(control, out, m * n, one)
}

/// An overflow of the product of two matrices, told by its place in the whole result.
fn overflow_at(error: Error, what: &'static str, place: impl FnOnce(usize, usize) -> Vec<usize>) -> Error {
    match error {
        Error::Overflow { index, .. } if index.len() == 2 => {
            Error::Overflow { what, index: place(index[0], index[1]) }
        }
        error => error,
    }
}

/// Stacks of small matrices that lie in memory one after the other, chunk by chunk.
fn whole_stack<T: Multiply>(
    a: &ArrayViewD<'_, T>,
    b: &ArrayViewD<'_, T>,
    out: &mut [T],
    (m, k, n): (usize, usize, usize),
    count: usize,
    control: &Control,
) -> Result<bool, Error> {
    let (Some(a), Some(b)) = (a.to_slice(), b.to_slice()) else { return Ok(false) };
    let whole = |operand: &[T], size: usize| operand.len() == size || operand.len() == size * count;
    if n > MOST || m * k == 0 || m * k > MOST * MOST || !whole(a, m * k) || !whole(b, k * n) {
        return Ok(false);
    }
    // About 20 microseconds of work.
    let chunk = (320_000 / (m * k * n + 16)).max(1);
    let part = |operand: &'_ [T], size: usize, index: usize, length: usize| -> std::ops::Range<usize> {
        if operand.len() == size { 0..size } else { index * chunk * size..(index * chunk + length) * size }
    };
    let refused = AtomicBool::new(false);
    threads::for_chunks(control, out, chunk * m * n, |index, out| {
        let length = out.len() / (m * n);
        let (a, b) = (&a[part(a, m * k, index, length)], &b[part(b, k * n, index, length)]);
        refused.fetch_or(!T::multiply_small(a, b, out, (m, k, n)), Ordering::Relaxed);
        Ok(())
    })?;
    Ok(!refused.into_inner())
}

/// Matrix number `place` of a stack.
pub(super) fn matrix<'a, T>(stack: ArrayViewD<'a, T>, place: &[usize]) -> Result<ArrayView2<'a, T>, Error> {
    let got = stack.shape().to_vec();
    let view = place.iter().fold(stack, |view, &index| view.index_axis_move(Axis(0), index));
    let expected = "a matrix".to_owned();
    view.into_dimensionality::<Ix2>().map_err(|_| Error::Shape { argument: "a", expected, got })
}

/// The index of element `index` in C order.
pub fn unravel(mut index: usize, shape: &[usize]) -> Vec<usize> {
    let mut place = vec![0; shape.len()];
    for (place, &length) in place.iter_mut().zip(shape).rev() {
        *place = index % length.max(1);
        index /= length.max(1);
    }
    place
}

/// About how many nanoseconds `matmul` of these shapes takes.
pub fn cost(a: &[usize], b: &[usize], result: &[usize]) -> usize {
    let size = |shape: &[usize]| shape.iter().product::<usize>();
    let k = a.last().copied().unwrap_or(1);
    matmul_cost(size(result), k, 1) + (size(a) + size(b)) / 4
}

/// The shape of NumPy's `dot` of these shapes, where neither is a scalar.
///
/// # Errors
///
/// [`Error::Value`] if they do not fit, giving both.
pub fn dot_shape(a: &[usize], b: &[usize]) -> Result<Vec<usize>, Error> {
    let (k, rows) = (a[a.len() - 1], b[b.len().saturating_sub(2)]);
    if k != rows {
        let message = format!("dot: shapes {a:?} and {b:?} do not fit: {k} and {rows} to be summed over");
        return Err(Error::Value { argument: "b", message });
    }
    let last = if b.len() > 1 { &b[b.len() - 1..] } else { &[] };
    Ok([&a[..a.len() - 1], leading(b), last].concat())
}

/// NumPy's `dot`: the sums of products over a's last axis and b's last but one.
///
/// # Errors
///
/// As [`dot_shape`] and [`Multiply::multiply`].
pub fn dot<T: Multiply>(
    a: ArrayViewD<'_, T>,
    b: ArrayViewD<'_, T>,
    out: &mut [T],
    overflow: Overflow,
    control: &Control,
) -> Result<(), Error> {
    let k = a.shape()[a.ndim() - 1];
    let mut axes: Vec<usize> = (0..b.ndim()).collect();
    let summed = axes.remove(b.ndim().saturating_sub(2));
    axes.insert(0, summed);
    let fits = |_| Error::Shape { argument: "b", expected: format!("{k} to be summed over"), got: vec![] };
    let rows = a.len() / k.max(1);
    let columns = b.len() / k.max(1);
    let (rows, columns) = if k == 0 { (1, out.len()) } else { (rows, columns) };
    let b = b.permuted_axes(IxDyn(&axes));
    let (left, right) = (a.shape()[..a.ndim() - 1].to_vec(), b.shape()[1..].to_vec());
    let a = a.to_shape((rows, k)).map_err(fits)?;
    let b = b.to_shape((k, columns)).map_err(fits)?;
    let product = matmul_2d(a.view(), b.view(), out, overflow, control);
    product
        .map_err(|error| overflow_at(error, "dot", |i, j| [unravel(i, &left), unravel(j, &right)].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_follow_numpys_rules() {
        assert_eq!(matmul_shape(&[3], &[3]), Ok(vec![]));
        assert_eq!(matmul_shape(&[2, 3], &[3]), Ok(vec![2]));
        assert_eq!(matmul_shape(&[3], &[5, 3, 4]), Ok(vec![5, 4]));
        assert_eq!(matmul_shape(&[7, 1, 2, 3], &[6, 3, 4]), Ok(vec![7, 6, 2, 4]));
        assert!(matmul_shape(&[2, 3], &[2, 3]).is_err());
        assert!(matmul_shape(&[], &[3]).is_err());
        assert!(matmul_shape(&[2, 2, 3], &[3, 3, 4]).is_err());
        assert_eq!(dot_shape(&[2, 3], &[5, 3, 4]), Ok(vec![2, 5, 4]));
    }

    #[test]
    fn unravel_counts_in_c_order() {
        assert_eq!(unravel(5, &[2, 3]), vec![1, 2]);
        assert_eq!(unravel(0, &[]), Vec::<usize>::new());
    }
}
