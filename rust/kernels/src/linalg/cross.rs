//! The cross product of vectors in space; in a plane, its component across it.

use super::matrix_norm::place;
use super::products::broadcast;
use super::ring::Ring;
use crate::{Control, Error};
use ndarray::{ArrayViewD, ArrayViewMutD, Axis, IxDyn, Zip};

/// What goes where: the axes of the vectors, and the shapes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    axis_a: usize,
    axis_b: usize,
    /// The axis of the vectors of the result; `None` where two plane vectors leave a number.
    axis_out: Option<usize>,
    /// What the stacks broadcast to.
    stack: Vec<usize>,
    /// The shape of the result.
    pub shape: Vec<usize>,
}

impl Plan {
    /// The plan for arrays of these shapes, with vectors along these axes.
    ///
    /// # Errors
    ///
    /// [`Error::Axis`] for an axis that does not exist, [`Error::Value`] for vectors that have
    /// neither two nor three components, and for stacks that do not broadcast.
    pub fn new(a: &[usize], b: &[usize], axes: [isize; 3]) -> Result<Self, Error> {
        let (axis_a, axis_b) = (place(a.len(), axes[0])?, place(b.len(), axes[1])?);
        for (argument, length) in [("a", a[axis_a]), ("b", b[axis_b])] {
            if length != 2 && length != 3 {
                let message = format!("cross: expected vectors of 2 or 3 components, got {length}");
                return Err(Error::Value { argument, message });
            }
        }
        let without = |shape: &[usize], axis: usize| [&shape[..axis], &shape[axis + 1..]].concat();
        let stack = broadcast(&without(a, axis_a), &without(b, axis_b)).ok_or_else(|| Error::Value {
            argument: "b",
            message: format!("cross: the stacks of shapes {a:?} and {b:?} do not broadcast"),
        })?;
        let (mut shape, mut axis_out) = (stack.clone(), None);
        if a[axis_a] == 3 || b[axis_b] == 3 {
            let axis = place(stack.len() + 1, axes[2])?;
            shape.insert(axis, 3);
            axis_out = Some(axis);
        }
        Ok(Self { axis_a, axis_b, axis_out, stack, shape })
    }

    /// The cross products, written to `out` in C order of the result's shape.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] if the arrays are not those of the plan; [`Error::Stopped`].
    pub fn cross<T: Ring>(
        &self,
        a: ArrayViewD<'_, T>,
        b: ArrayViewD<'_, T>,
        out: &mut [T],
        control: &Control,
    ) -> Result<(), Error> {
        let got = vec![out.len()];
        let mut out = ArrayViewMutD::from_shape(IxDyn(&self.shape), out).map_err(|_| Error::Shape {
            argument: "out",
            expected: format!("{:?}", self.shape),
            got,
        })?;
        let (a, b) = (components(&a, self.axis_a), components(&b, self.axis_b));
        let stack = self.stack.as_slice();
        let minor = |mut out: ArrayViewMutD<'_, T>, (i, j): (usize, usize)| {
            out.fill(T::ZERO);
            combine(&mut out, (&a[i], &b[j]), stack, |_, x, y| x.times(y));
            combine(&mut out, (&a[j], &b[i]), stack, |sum, x, y| sum.minus(x.times(y)));
        };
        let Some(axis) = self.axis_out else {
            minor(out, (0, 1));
            return control.go_on();
        };
        for (component, pair) in [(1, 2), (2, 0), (0, 1)].into_iter().enumerate() {
            control.go_on()?;
            minor(out.view_mut().index_axis_move(Axis(axis), component), pair);
        }
        Ok(())
    }
}

/// A component of vectors; `None` for the third of plane vectors.
type Part<'a, T> = Option<ArrayViewD<'a, T>>;

/// The components of vectors along an axis.
fn components<'a, T>(a: &'a ArrayViewD<'_, T>, axis: usize) -> [Part<'a, T>; 3] {
    let mut found = [None, None, None];
    for (component, part) in found.iter_mut().enumerate().take(a.shape()[axis]) {
        *part = Some(a.index_axis(Axis(axis), component));
    }
    found
}

/// Changes each element by `change` of it and two components, which broadcast to `stack`.
fn combine<T: Copy>(
    out: &mut ArrayViewMutD<'_, T>,
    (x, y): (&Part<'_, T>, &Part<'_, T>),
    stack: &[usize],
    change: impl Fn(T, T, T) -> T,
) {
    if let (Some(x), Some(y)) = (x, y)
        && let (Some(x), Some(y)) = (x.broadcast(stack), y.broadcast(stack))
    {
        Zip::from(out).and(&x).and(&y).for_each(|out, &x, &y| *out = change(*out, x, y));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{ArrayD, arr1};

    fn cross(a: &ArrayD<i64>, b: &ArrayD<i64>, axes: [isize; 3]) -> ArrayD<i64> {
        let plan = Plan::new(a.shape(), b.shape(), axes).unwrap();
        let mut out = ArrayD::from_elem(plan.shape.clone(), 99);
        let slice = out.as_slice_mut().unwrap();
        plan.cross(a.view(), b.view(), slice, &Control::default()).unwrap();
        out
    }

    #[test]
    fn a_component_that_is_missing_counts_as_zero() {
        let (a, b) = (arr1(&[2, 3, 5]).into_dyn(), arr1(&[7, 11, 13]).into_dyn());
        assert_eq!(cross(&a, &b, [-1; 3]), arr1(&[-16, 9, 1]).into_dyn());
        let (flat_a, flat_b) = (arr1(&[2, 3]).into_dyn(), arr1(&[7, 11]).into_dyn());
        let zeros = (arr1(&[2, 3, 0]).into_dyn(), arr1(&[7, 11, 0]).into_dyn());
        assert_eq!(cross(&flat_a, &b, [-1; 3]), cross(&zeros.0, &b, [-1; 3]));
        assert_eq!(cross(&a, &flat_b, [-1; 3]), cross(&a, &zeros.1, [-1; 3]));
        assert_eq!(cross(&flat_a, &flat_b, [-1; 3])[[]], 1);
    }

    #[test]
    fn stacks_broadcast_along_any_axes() {
        let a = ArrayD::from_shape_fn(IxDyn(&[3, 4]), |i| (i[0] * 5 + i[1] * i[1]) as i64);
        let b = ArrayD::from_shape_fn(IxDyn(&[2, 1, 3]), |i| (i[0] * 7) as i64 - i[2] as i64);
        let out = cross(&a, &b, [0, -1, 1]);
        assert_eq!(out.shape(), [2, 3, 4]);
        for i in 0..2 {
            for j in 0..4 {
                let (x, y) = (a.index_axis(Axis(1), j), b.index_axis(Axis(0), i));
                let one = cross(&x.to_owned(), &y.index_axis(Axis(0), 0).to_owned(), [-1; 3]);
                assert_eq!(out.index_axis(Axis(0), i).index_axis(Axis(1), j), one);
            }
        }
    }

    #[test]
    fn what_has_no_cross_product_is_refused() {
        assert!(matches!(Plan::new(&[4], &[3], [-1; 3]), Err(Error::Value { argument: "a", .. })));
        assert!(matches!(Plan::new(&[3], &[1], [-1; 3]), Err(Error::Value { argument: "b", .. })));
        assert!(matches!(Plan::new(&[2, 3], &[4, 3], [-1; 3]), Err(Error::Value { .. })));
        assert_eq!(Plan::new(&[], &[3], [-1; 3]), Err(Error::Axis { axis: -1, rank: 0 }));
        assert_eq!(Plan::new(&[3], &[3], [-1, -1, 1]), Err(Error::Axis { axis: 1, rank: 1 }));
    }
}
