//! Transposed copies, block by block.

use crate::scalar::Scalar;
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error, threads};
use ndarray::{ArrayView2, ArrayViewD, Axis};

use super::products::{matrix, unravel};

/// Rows and columns of a block, which is turned in the level 1 cache: reading and writing both run
/// along memory, and lines whose addresses differ by a power of two do not evict each other.
const BLOCK: usize = 32;

/// Writes the transposes of the matrices over the last two axes to `out`, in C order.
///
/// # Errors
///
/// [`Error::Value`] for fewer than two dimensions; [`Error::Stopped`].
pub fn transpose_copy<T: Scalar>(
    a: ArrayViewD<'_, T>,
    out: &mut [T],
    control: &Control,
) -> Result<(), Error> {
    let shape = transposed_shape(a.shape())?;
    let (stack, size) = shape.split_at(shape.len() - 2);
    let (rows, columns) = (size[0], size[1]);
    if out.is_empty() {
        return Ok(());
    }
    if rows * columns > BLOCK * BLOCK * BLOCK {
        // Bands of one large matrix after the other.
        for (index, out) in out.chunks_mut(rows * columns).enumerate() {
            let turned = matrix(a.view(), &unravel(index, stack))?;
            threads::for_chunks(control, out, BLOCK * columns, |band, out| {
                let first = band * BLOCK;
                let (_, rest) = turned.split_at(Axis(1), first);
                let (part, _) = rest.split_at(Axis(1), out.len() / columns);
                dispatch(Band { a: part, out });
                Ok(())
            })?;
        }
        return Ok(());
    }
    threads::for_chunks(control, out, rows * columns, |index, out| {
        dispatch(Band { a: matrix(a.view(), &unravel(index, stack))?, out });
        Ok(())
    })
}

/// The shape with its last two lengths exchanged.
///
/// # Errors
///
/// [`Error::Value`] if there are fewer than two.
pub fn transposed_shape(shape: &[usize]) -> Result<Vec<usize>, Error> {
    let mut shape = shape.to_vec();
    let rank = shape.len();
    if rank < 2 {
        let message = format!("expected at least two dimensions, got {rank}");
        return Err(Error::Value { argument: "x", message });
    }
    shape.swap(rank - 1, rank - 2);
    Ok(shape)
}

/// Some columns of a matrix, written as rows.
struct Band<'a, T> {
    a: ArrayView2<'a, T>,
    out: &'a mut [T],
}

impl<T: Scalar> Kernel for Band<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let (height, width) = self.a.dim();
        let by_rows = width == 1 || self.a.strides()[1] == 1;
        let mut block = [[T::ZERO; BLOCK]; BLOCK];
        for top in (0..height).step_by(BLOCK) {
            let bottom = (top + BLOCK).min(height);
            for left in (0..width).step_by(BLOCK) {
                let right = (left + BLOCK).min(width);
                for i in top..bottom {
                    let row = self.a.index_axis(Axis(0), i);
                    let line = &mut block[i - top][..right - left];
                    match row.to_slice().filter(|_| by_rows) {
                        Some(row) => line.copy_from_slice(&row[left..right]),
                        None => {
                            for (place, j) in line.iter_mut().zip(left..right) {
                                *place = row[j];
                            }
                        }
                    }
                }
                for j in left..right {
                    // Below `BLOCK`, which the compiler sees so.
                    let column = (j - left) % BLOCK;
                    let line = &mut self.out[j * height + top..j * height + bottom];
                    for (place, row) in line.iter_mut().zip(&block) {
                        *place = row[column];
                    }
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

    #[test]
    fn every_element_changes_its_places_for_any_shape_and_layout() {
        at_every_level(|_| {
            for shape in
                [&[1, 1][..], &[31, 33], &[32, 64], &[300, 257], &[3, 5, 7], &[2, 0, 3], &[2, 1, 200, 210]]
            {
                let mut next = 0;
                let a = ArrayD::from_shape_simple_fn(IxDyn(shape), || {
                    next += 1;
                    next
                });
                let rank = shape.len();
                for order in [false, true] {
                    let mut view = a.view();
                    if order {
                        view.swap_axes(rank - 1, rank - 2);
                    }
                    let mut out = ArrayD::zeros(transposed_shape(view.shape()).unwrap());
                    let slice = out.as_slice_mut().unwrap();
                    transpose_copy(view.view(), slice, &Control::default()).unwrap();
                    view.swap_axes(rank - 1, rank - 2);
                    assert_eq!(out, view, "{shape:?}");
                }
            }
        });
        assert!(transposed_shape(&[3]).is_err());
    }
}
