//! Multiples of vectors, and their sums with others: BLAS's `scal` and `axpy`.

use super::products::broadcast;
use super::ring::Factor;
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error, threads};
use ndarray::{ArrayViewD, ArrayViewMutD, IxDyn, Zip};

/// Elements of a chunk: some ten microseconds of work.
const CHUNK: usize = 1 << 14;

/// The shape that the arguments broadcast to.
///
/// # Errors
///
/// [`Error::Value`] if they do not, giving all shapes.
pub fn shape(a: &[usize], x: &[usize], y: &[usize]) -> Result<Vec<usize>, Error> {
    broadcast(a, x).and_then(|both| broadcast(&both, y)).ok_or_else(|| Error::Value {
        argument: "x",
        message: format!("expected shapes that broadcast, got {a:?} for a, {x:?} for x and {y:?} for y"),
    })
}

/// About how many nanoseconds it takes to fill a result of this length.
pub fn cost(length: usize) -> usize {
    length
}

/// `a x + y`, or `a x` without `y`, to `out`, rounded twice, as NumPy rounds that expression.
///
/// # Errors
///
/// As [`shape`]; [`Error::Stopped`].
pub fn axpy<T: Factor>(
    a: ArrayViewD<'_, T>,
    x: ArrayViewD<'_, T>,
    y: Option<ArrayViewD<'_, T>>,
    out: &mut [T],
    control: &Control,
) -> Result<(), Error> {
    let shape = shape(a.shape(), x.shape(), y.as_ref().map_or(&[], |y| y.shape()))?;
    let lines = (x.as_slice(), y.as_ref().map(|y| y.as_slice()));
    if let (1, Some(&factor), (Some(x), y)) = (a.len(), a.first(), lines)
        && x.len() == out.len()
        && y.is_none_or(|y| y.is_some_and(|y| y.len() == out.len()))
    {
        return threads::for_chunks(control, out, CHUNK, |index, out| {
            let range = index * CHUNK..index * CHUNK + out.len();
            dispatch(Multiple { factor, x: &x[range.clone()], y: y.flatten().map(|y| &y[range]), out });
            Ok(())
        });
    }
    let misfit =
        || Error::Shape { argument: "out", expected: "the shape of the sum".into(), got: shape.clone() };
    let (a, x) =
        (a.broadcast(IxDyn(&shape)).ok_or_else(misfit)?, x.broadcast(IxDyn(&shape)).ok_or_else(misfit)?);
    let mut out = ArrayViewMutD::from_shape(IxDyn(&shape), out).map_err(|_| misfit())?;
    match y {
        None => Zip::from(&mut out).and(&a).and(&x).for_each(|out, &a, &x| *out = a.times(x)),
        Some(y) => {
            let y = y.broadcast(IxDyn(&shape)).ok_or_else(misfit)?;
            Zip::from(&mut out).and(&a).and(&x).and(&y).for_each(|out, &a, &x, &y| *out = a.times(x).plus(y));
        }
    }
    control.go_on()
}

/// A multiple of a contiguous vector, and a sum.
struct Multiple<'a, T> {
    factor: T,
    x: &'a [T],
    y: Option<&'a [T]>,
    out: &'a mut [T],
}

impl<T: Factor> Kernel for Multiple<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { factor, x, y, out } = self;
        match y {
            None => out.iter_mut().zip(x).for_each(|(out, &x)| *out = factor.times(x)),
            Some(y) => {
                out.iter_mut().zip(x).zip(y).for_each(|((out, &x), &y)| *out = factor.times(x).plus(y));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;
    use ndarray::{ArrayD, arr0};

    #[test]
    fn multiples_and_sums_match_the_definition_at_every_level() {
        at_every_level(|_| {
            for n in [0, 1, 3, 40, CHUNK + 7] {
                let x = ArrayD::from_shape_fn(IxDyn(&[n]), |i| (i[0] as f64).sin());
                let y = x.map(|x| x.cos());
                let mut out = vec![f64::NAN; n];
                let a = arr0(3.5).into_dyn();
                axpy(a.view(), x.view(), Some(y.view()), &mut out, &Control::default()).unwrap();
                assert!(out.iter().zip(x.iter().zip(&y)).all(|(&out, (&x, &y))| out == 3.5 * x + y));
                axpy(a.view(), x.view(), None, &mut out, &Control::default()).unwrap();
                assert!(out.iter().zip(&x).all(|(&out, &x)| out == 3.5 * x));
            }
        });
    }

    #[test]
    fn arguments_broadcast_and_integers_wrap() {
        let a = ArrayD::from_shape_vec(IxDyn(&[2, 1]), vec![2_u8, 100]).unwrap();
        let x = ArrayD::from_shape_vec(IxDyn(&[3]), vec![1, 2, 3]).unwrap();
        let mut out = [0; 6];
        axpy(a.view(), x.view(), Some(x.view()), &mut out, &Control::default()).unwrap();
        assert_eq!(out, [3, 6, 9, 101, 202, 47]);
        assert!(shape(&[], &[2], &[3]).is_err());
    }
}
