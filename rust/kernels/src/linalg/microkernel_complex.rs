//! Matrices of complex numbers as matrices of real ones, twice as wide.

use ndarray::{ArrayView2, ArrayViewMut2, ShapeBuilder};
use num_complex::Complex;

/// How rows of `(rows, columns)` complex numbers with these strides lie as rows of real ones, if
/// the numbers of a row lie side by side.
fn layout((rows, columns): (usize, usize), strides: &[isize]) -> Option<([usize; 2], [usize; 2])> {
    if columns > 1 && strides[1] != 1 {
        return None;
    }
    let stride = if rows > 1 { usize::try_from(strides[0]).ok()? } else { columns };
    Some(([rows, 2 * columns], [2 * stride, 1]))
}

/// Real and imaginary parts in turn, where the rows of `view` are slices of memory.
pub fn real_rows<'a, R>(view: &ArrayView2<'a, Complex<R>>) -> Option<ArrayView2<'a, R>> {
    let (shape, strides) = layout(view.dim(), view.strides())?;
    // SAFETY: a complex number is its two parts, in this order (`repr(C)`), so that the rows, of
    // twice the elements at twice the stride, are the memory that the view borrows for 'a.
    Some(unsafe { ArrayView2::from_shape_ptr(shape.strides(strides), view.as_ptr().cast()) })
}

/// As [`real_rows`], to be written.
pub fn real_rows_mut<'a, R>(view: &'a mut ArrayViewMut2<'_, Complex<R>>) -> Option<ArrayViewMut2<'a, R>> {
    let (shape, strides) = layout(view.dim(), view.strides())?;
    // SAFETY: as `real_rows`; the view is borrowed mutably for 'a, and its rows do not overlap.
    Some(unsafe { ArrayViewMut2::from_shape_ptr(shape.strides(strides), view.as_mut_ptr().cast()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, s};

    #[test]
    fn parts_lie_side_by_side_and_are_written_through() {
        let mut a = Array2::from_shape_fn((4, 5), |(i, j)| Complex { re: i as f64, im: 10.0 + j as f64 });
        let view = a.slice(s![1..;2, 1..4]);
        let parts = real_rows(&view).unwrap();
        assert_eq!(parts.dim(), (2, 6));
        assert_eq!(parts.row(1).to_vec(), [3.0, 11.0, 3.0, 12.0, 3.0, 13.0]);
        assert!(real_rows(&a.t()).is_none() && real_rows(&a.slice(s![..;-1, ..])).is_none());
        let mut part = a.slice_mut(s![2.., ..2]);
        real_rows_mut(&mut part).unwrap().fill(7.0);
        assert_eq!(a[(3, 1)], Complex { re: 7.0, im: 7.0 });
        assert_eq!(a[(1, 1)], Complex { re: 1.0, im: 11.0 });
    }
}
