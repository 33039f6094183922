//! Inner products of vectors, by NumPy's rules: of all elements, of every pair, of each with its own.

use super::integer::Overflow;
use super::products::{Multiply, broadcast, dot, dot_shape, matmul, matmul_2d};
use super::ring::Factor;
use crate::{Control, Error};
use ndarray::{ArrayViewD, Axis, CowArray, IxDyn};

/// The conjugate of the elements; they themselves where that is the same.
fn conjugate<T: Factor>(a: ArrayViewD<'_, T>) -> CowArray<'_, T, IxDyn> {
    if T::IS_COMPLEX { a.mapv(T::conj).into() } else { a.into() }
}

/// The inner product of all elements, in C order, those of `a` conjugated.
///
/// # Errors
///
/// [`Error::Value`] if there are not as many of each; what [`Multiply::multiply`] returns.
pub fn vdot<T: Multiply + Factor>(
    a: ArrayViewD<'_, T>,
    b: ArrayViewD<'_, T>,
    control: &Control,
) -> Result<T, Error> {
    let length = a.len();
    if b.len() != length {
        let message = format!("vdot: expected as many elements as a has, {length}, got {}", b.len());
        return Err(Error::Value { argument: "b", message });
    }
    let misfit = |_| Error::Shape { argument: "b", expected: format!("{length} elements"), got: vec![] };
    let a = conjugate(a);
    let row = a.to_shape((1, length)).map_err(misfit)?;
    let column = b.to_shape((length, 1)).map_err(misfit)?;
    let mut sum = [T::ZERO];
    matmul_2d(row.view(), column.view(), &mut sum, Overflow::Wrap, control)?;
    Ok(sum[0])
}

/// The shape of NumPy's `inner` of these shapes, where neither is a scalar.
///
/// # Errors
///
/// [`Error::Value`] if the last axes differ, giving both shapes.
pub fn inner_shape(a: &[usize], b: &[usize]) -> Result<Vec<usize>, Error> {
    match (a.split_last(), b.split_last()) {
        (Some((k, rows)), Some((length, columns))) if k == length => Ok([rows, columns].concat()),
        _ => {
            let message = format!("inner: shapes {a:?} and {b:?} do not fit: the last axes differ");
            Err(Error::Value { argument: "b", message })
        }
    }
}

/// The inner products of each row of `a` with each of `b`, without conjugates.
///
/// # Errors
///
/// As [`inner_shape`] and [`Multiply::multiply`].
pub fn inner<T: Multiply>(
    a: ArrayViewD<'_, T>,
    mut b: ArrayViewD<'_, T>,
    out: &mut [T],
    control: &Control,
) -> Result<(), Error> {
    let rank = b.ndim();
    if rank > 1 {
        b.swap_axes(rank - 1, rank - 2);
    }
    dot_shape(a.shape(), b.shape())?;
    dot(a, b, out, Overflow::Wrap, control)
}

/// The shape of the inner products of vectors of these shapes along their last axes.
///
/// # Errors
///
/// [`Error::Value`] for scalars and for shapes that do not broadcast, giving both.
pub fn vecdot_shape(a: &[usize], b: &[usize]) -> Result<Vec<usize>, Error> {
    let bad = |message| Err(Error::Value { argument: "x2", message });
    match (a.split_last(), b.split_last()) {
        (Some((k, left)), Some((length, right))) if k == length => match broadcast(left, right) {
            Some(shape) => Ok(shape),
            None => bad(format!("vecdot: the stacks of shapes {a:?} and {b:?} do not broadcast")),
        },
        _ => bad(format!("vecdot: shapes {a:?} and {b:?} do not fit: expected vectors of one length")),
    }
}

/// The inner products of vectors along the last axes, those of `a` conjugated; stacks broadcast.
///
/// # Errors
///
/// As [`vecdot_shape`] and [`Multiply::multiply`].
pub fn vecdot<T: Multiply + Factor>(
    a: ArrayViewD<'_, T>,
    b: ArrayViewD<'_, T>,
    out: &mut [T],
    control: &Control,
) -> Result<(), Error> {
    vecdot_shape(a.shape(), b.shape())?;
    let a = conjugate(a);
    let (rows, columns) = (Axis(a.ndim() - 1), Axis(b.ndim()));
    matmul(a.view().insert_axis(rows), b.insert_axis(columns), out, Overflow::Wrap, control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::ArrayD;
    use num_complex::Complex;

    fn complex(shape: &[usize]) -> ArrayD<Complex<f64>> {
        let mut next = 0.0;
        ArrayD::from_shape_simple_fn(IxDyn(shape), || {
            next += 1.0;
            Complex { re: next, im: 2.0 - next }
        })
    }

    #[test]
    fn the_first_is_conjugated_where_that_is_the_rule() {
        let (a, b) = (complex(&[2, 3]), complex(&[6]));
        let control = Control::default();
        let expected: Complex<f64> = a.iter().zip(&b).map(|(a, b)| a.conj() * b).sum();
        assert_eq!(vdot(a.view(), b.view(), &control), Ok(expected));
        let b = complex(&[3]);
        let (mut plain, mut conjugated) = ([Complex::default(); 2], [Complex::default(); 2]);
        inner(a.view(), b.view(), &mut plain, &control).unwrap();
        vecdot(a.view(), b.view(), &mut conjugated, &control).unwrap();
        for (row, (plain, conjugated)) in a.outer_iter().zip(plain.into_iter().zip(conjugated)) {
            assert_eq!(plain, row.iter().zip(&b).map(|(a, b)| a * b).sum());
            assert_eq!(conjugated, row.iter().zip(&b).map(|(a, b)| a.conj() * b).sum());
        }
    }

    #[test]
    fn shapes_follow_numpys_rules() {
        assert_eq!(inner_shape(&[2, 3], &[5, 4, 3]), Ok(vec![2, 5, 4]));
        assert_eq!(vecdot_shape(&[5, 1, 3], &[4, 3]), Ok(vec![5, 4]));
        assert!(inner_shape(&[2, 3], &[2]).is_err());
        assert!(vecdot_shape(&[2, 3], &[3, 3]).is_err());
        assert!(vecdot_shape(&[], &[3]).is_err());
        assert!(vdot(complex(&[2]).view(), complex(&[3]).view(), &Control::default()).is_err());
    }
}
