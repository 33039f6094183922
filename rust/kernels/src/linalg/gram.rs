//! A matrix times its own transpose: half of the result is computed, the other half is copied.

use super::matmul::{TILES, Update};
use crate::scalar::Scalar;
use crate::{Control, Error};
use ndarray::{ArrayView2, ArrayViewMut2, Axis};

/// Rows of a result for which halving does not pay.
const SMALL: usize = 2 * TILES;

/// A product of two matrices.
type Product<T> =
    fn(ArrayView2<'_, T>, ArrayView2<'_, T>, ArrayViewMut2<'_, T>, Update, &Control) -> Result<(), Error>;

/// `c = a b`, by `product`, where `b` is the transpose of `a`, in the same memory; else nothing is done and the
/// answer is `false`.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn gram<T: Scalar>(
    a: ArrayView2<'_, T>,
    b: ArrayView2<'_, T>,
    mut c: ArrayViewMut2<'_, T>,
    control: &Control,
    product: Product<T>,
) -> Result<bool, Error> {
    let same = a.as_ptr() == b.as_ptr() && a.dim() == b.t().dim() && a.strides() == b.t().strides();
    if !same || a.nrows() < SMALL {
        return Ok(false);
    }
    lower(a, c.view_mut(), control, product)?;
    mirror(c);
    Ok(true)
}

/// The lower triangle of `a a^T`, and some of what is above it.
fn lower<T: Scalar>(
    a: ArrayView2<'_, T>,
    c: ArrayViewMut2<'_, T>,
    control: &Control,
    product: Product<T>,
) -> Result<(), Error> {
    let m = a.nrows();
    if m < SMALL {
        return product(a, a.reversed_axes(), c, Update::Assign, control);
    }
    let half = (m / 2).next_multiple_of(TILES);
    let (first, second) = a.split_at(Axis(0), half);
    let (above, below) = c.split_at(Axis(0), half);
    let (corner, _) = above.split_at(Axis(1), half);
    let (left, right) = below.split_at(Axis(1), half);
    lower(first, corner, control, product)?;
    product(second, first.reversed_axes(), left, Update::Assign, control)?;
    lower(second, right, control, product)
}

/// Copies what is below the diagonal to its mirror images, block by block.
fn mirror<T: Scalar>(mut c: ArrayViewMut2<'_, T>) {
    let n = c.nrows();
    for top in (0..n).step_by(TILES) {
        for left in (0..=top).step_by(TILES) {
            for i in top..(top + TILES).min(n) {
                for j in left..(left + TILES).min(i) {
                    c[(j, i)] = c[(i, j)];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::complex::complex_product;
    use super::super::matmul::product;
    use super::*;
    use crate::simd::at_every_level;
    use ndarray::{Array2, s};
    use num_complex::Complex;

    #[test]
    fn complex_ones_are_transposed_and_not_conjugated() {
        let a =
            Array2::from_shape_fn((60, 11), |(i, j)| Complex { re: (i as f64).sin(), im: (j as f64).cos() });
        let (mut c, mut expected) = (Array2::zeros((60, 60)), Array2::zeros((60, 60)));
        let (copy, control) = (a.t().to_owned(), Control::default());
        complex_product(a.view(), a.t(), c.view_mut(), Update::Assign, &control).unwrap();
        complex_product(a.view(), copy.view(), expected.view_mut(), Update::Assign, &control).unwrap();
        assert!((&c - &expected).iter().all(|e| e.norm() < 1e-12));
        assert_eq!(c, c.t());
    }

    #[test]
    fn both_halves_are_those_of_the_product_for_any_layout() {
        at_every_level(|_| {
            for (m, k) in [(47, 30), (48, 1), (49, 33), (100, 300), (205, 7)] {
                let x = Array2::from_shape_fn((m, 2 * k), |(i, j)| ((3 * i + 7 * j) as f64).sin());
                let by_columns = x.t().as_standard_layout().into_owned();
                for a in
                    [x.slice(s![.., ..k]), x.slice(s![.., ..;2]), by_columns.t().slice_move(s![..;-1, k..])]
                {
                    let copy = a.t().to_owned();
                    let mut expected = Array2::zeros((m, m));
                    product(a, copy.view(), expected.view_mut(), Update::Assign, &Control::default())
                        .unwrap();
                    let mut c = Array2::from_elem((m, m), f64::NAN);
                    product(a, a.reversed_axes(), c.view_mut(), Update::Assign, &Control::default()).unwrap();
                    assert_eq!(c, c.t());
                    assert!((&c - &expected).iter().all(|e| e.abs() < 1e-12), "{m} x {k}");
                }
            }
        });
    }
}
