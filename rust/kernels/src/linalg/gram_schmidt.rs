//! Orthonormal vectors that span what the columns of a matrix span, one after the other.
//!
//! Classical Gram-Schmidt, done twice, which is enough for orthogonality to rounding: L. Giraud,
//! J. Langou, M. Rozložník and J. van den Eshof, "Rounding error analysis of the classical
//! Gram-Schmidt orthogonalization process", Numer. Math. 101, 2005.

use super::microkernel::Update;
use super::norm::{Normed, Order, norm};
use super::normalize::{Zero, normalize};
use super::products::{Blas, matrix, unravel};
use crate::scalar::{Field, Real};
use crate::{Control, Error, threads};
use ndarray::{Array2, ArrayView2, ArrayViewD, ArrayViewMut2, Axis, s};

/// About how many nanoseconds it takes for matrices of this shape.
pub fn cost(shape: &[usize]) -> usize {
    let columns = shape.last().copied().unwrap_or(0);
    shape.iter().product::<usize>().saturating_mul(columns + 20)
}

/// Writes orthonormal columns to `out`, for each matrix of a stack in C order.
///
/// # Errors
///
/// [`Error::Value`] naming the first column that depends on those before it; [`Error::Stopped`].
pub fn gram_schmidt<T: Blas + Normed>(
    a: ArrayViewD<'_, T>,
    out: &mut [T],
    control: &Control,
) -> Result<(), Error> {
    let (stack, size) = a.shape().split_at(a.ndim().saturating_sub(2));
    let &[rows, columns] = size else {
        let message = format!("expected at least two dimensions, got {}", a.ndim());
        return Err(Error::Value { argument: "a", message });
    };
    threads::for_chunks(control, out, rows * columns, |index, out| {
        let place = unravel(index, stack);
        let matrix = matrix(a.view(), &place)?;
        let got = vec![out.len()];
        let out = ArrayViewMut2::from_shape((rows, columns), out).map_err(|_| Error::Shape {
            argument: "out",
            expected: "a matrix".into(),
            got,
        })?;
        orthonormal(matrix, out, &place, control)
    })
}

fn orthonormal<T: Blas + Normed>(
    a: ArrayView2<'_, T>,
    mut out: ArrayViewMut2<'_, T>,
    place: &[usize],
    control: &Control,
) -> Result<(), Error> {
    let (rows, columns) = a.dim();
    // The vectors lie along memory, conjugated, so that inner products with them are products.
    let mut found = Array2::from_elem((columns, rows), T::ZERO);
    let mut x = Array2::from_elem((rows, 1), T::ZERO);
    let mut shares = Array2::from_elem((columns, 1), T::ZERO);
    let dependent = |column: usize| {
        let which = if place.is_empty() { String::new() } else { format!(" of matrix {place:?}") };
        let message = format!(
            "expected independent columns, got column {column}{which} in the span of those before it"
        );
        Error::Value { argument: "a", message }
    };
    for column in 0..columns {
        control.go_on()?;
        let Some(slice) = x.as_slice_mut() else { return Ok(()) };
        normalize(a.column(column).into_dyn(), 0, Order::Two, Zero::Zeros, slice, control)?;
        let before = found.slice(s![..column, ..]);
        let mut shares = shares.slice_mut(s![..column, ..]);
        for _ in 0..2 {
            T::product(before, x.view(), shares.view_mut(), Update::Assign, control)?;
            shares.mapv_inplace(T::conj);
            // x -= conj(before)^T shares, by conjugates: the vectors are stored so.
            x.mapv_inplace(Field::conj);
            T::product(before.reversed_axes(), shares.view(), x.view_mut(), Update::Subtract, control)?;
            x.mapv_inplace(Field::conj);
        }
        let size = norm(x.view().into_dyn(), Order::Two, control)?;
        let rounding = T::Real::EPSILON * T::Real::from_f64(4.0 * (rows as f64).sqrt());
        if size <= rounding {
            return Err(dependent(column));
        }
        x.mapv_inplace(|x| x.divided_by(size));
        let mut target = found.index_axis_mut(Axis(0), column);
        target.assign(&x.index_axis(Axis(1), 0));
        target.mapv_inplace(Field::conj);
    }
    out.assign(&found.t());
    out.mapv_inplace(Field::conj);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array, ArrayD, IxDyn};
    use num_complex::Complex;

    fn vectors(a: &ArrayD<Complex<f64>>) -> Result<ArrayD<Complex<f64>>, Error> {
        let mut out = ArrayD::from_elem(a.raw_dim(), Complex::ONE);
        gram_schmidt(a.view(), out.as_slice_mut().unwrap(), &Control::default()).map(|()| out)
    }

    fn hermitian_product(
        a: ArrayView2<'_, Complex<f64>>,
        b: ArrayView2<'_, Complex<f64>>,
    ) -> Array2<Complex<f64>> {
        let mut c = Array::from_elem((a.ncols(), b.ncols()), Complex::ZERO);
        for ((i, j), c) in c.indexed_iter_mut() {
            *c = a.column(i).iter().zip(b.column(j)).map(|(a, b)| a.conj() * b).sum();
        }
        c
    }

    #[test]
    fn columns_are_orthonormal_and_span_what_came_even_where_that_is_nearly_dependent() {
        for (rows, columns) in [(1, 1), (3, 3), (7, 4), (60, 50), (5, 0)] {
            let a = ArrayD::from_shape_fn(IxDyn(&[2, rows, columns]), |i| {
                let near = 1e-9 * ((i[1] * 31 + i[2] * 17 + i[0]) as f64).sin();
                let scale = [1.0, 1e200][i[0]];
                Complex { re: scale * (1.0 + near + f64::from(i[1] == i[2]) * 1e-7), im: scale * near }
            });
            let out = vectors(&a).unwrap();
            for (a, q) in a.outer_iter().zip(out.outer_iter()) {
                let (a, q) = (a.into_dimensionality().unwrap(), q.into_dimensionality().unwrap());
                let gram = hermitian_product(q, q);
                let shares = hermitian_product(q, a);
                for ((i, j), &product) in gram.indexed_iter() {
                    let expected = if i == j { 1.0 } else { 0.0 };
                    assert!((product - expected).norm() < 1e-14, "{rows} x {columns}: {product}");
                    let size = a.iter().map(|x| x.norm()).fold(0.0, f64::max);
                    assert!(i <= j || shares[(i, j)].norm() < 1e-13 * size);
                    assert!(i != j || shares[(i, i)].re > 0.0 && shares[(i, i)].im.abs() < 1e-13 * size);
                }
            }
        }
    }

    #[test]
    fn the_first_dependent_column_is_named() {
        let a = ArrayD::from_shape_fn(IxDyn(&[3, 3]), |i| Complex::from((i[0] * 3 + i[1]) as f64));
        let error = vectors(&a).unwrap_err();
        assert!(error.to_string().contains("column 2 in the span"), "{error}");
        assert!(vectors(&ArrayD::from_elem(IxDyn(&[2, 1]), Complex::ZERO)).is_err());
        let wide =
            ArrayD::from_shape_fn(IxDyn(&[1, 2, 3]), |i| Complex::from((i[1] * i[2] + i[1] + 1) as f64));
        assert!(vectors(&wide).unwrap_err().to_string().contains("of matrix [0]"));
    }
}
