//! Unit vectors, without overflow or loss of digits on the way.

use super::norm::{Normed, Order, norm, norm_along};
use super::products::unravel;
use crate::scalar::{Field as _, Real, Scalar as _};
use crate::{Control, Error};
use ndarray::{ArrayViewD, ArrayViewMutD, Axis, Zip};

/// What becomes of vectors that have no direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zero {
    /// They are refused.
    Raise,
    /// They stay zero.
    Zeros,
}

impl Zero {
    /// The option of this name.
    ///
    /// # Errors
    ///
    /// [`Error::Choice`] if there is none.
    pub fn from_name(name: &str) -> Result<Self, Error> {
        match name {
            "raise" => Ok(Self::Raise),
            "zeros" => Ok(Self::Zeros),
            _ => Err(Error::Choice { argument: "zero", expected: &["raise", "zeros"], got: name.to_owned() }),
        }
    }
}

/// The order `p` of a norm, if it is one: of a norm only zeros have the norm zero.
///
/// # Errors
///
/// [`Error::Domain`] below 1.
pub fn order_of_norm(p: f64) -> Result<Order, Error> {
    if p >= 1.0 { Ok(Order::of(p)) } else { Err(Error::Domain { argument: "ord", must_be: ">= 1", got: p }) }
}

/// Writes the vectors along `axis`, divided by their norms, to `out` in C order.
///
/// # Errors
///
/// [`Error::Value`] for a vector of zeros where that is asked for; as [`norm_along`].
pub fn normalize<T: Normed>(
    a: ArrayViewD<'_, T>,
    axis: usize,
    order: Order,
    zero: Zero,
    out: &mut [T],
    control: &Control,
) -> Result<(), Error> {
    let least = T::Real::MIN_POSITIVE / T::Real::EPSILON;
    if let (1, Some(x)) = (a.ndim(), a.as_slice()) {
        let size = norm(a.view(), order, control)?;
        if size >= least && size.is_finite() {
            out.iter_mut().zip(x).for_each(|(out, x)| *out = x.divided_by(size));
            return Ok(());
        }
    }
    let misfit =
        |got: &[usize]| Error::Shape { argument: "x", expected: "vectors".into(), got: got.to_vec() };
    let mut shape = a.shape().to_vec();
    let mut out = ArrayViewMutD::from_shape(shape.as_slice(), out).map_err(|_| misfit(&shape))?;
    shape[axis] = 1;
    let mut norms = vec![T::Real::ZERO; shape.iter().product()];
    if a.is_empty() {
        return Ok(());
    }
    norm_along(a.view(), &[axis], order, &mut norms, control)?;
    let wide = ArrayViewD::from_shape(shape.as_slice(), &norms).map_err(|_| misfit(&shape))?;
    let wide = wide.broadcast(a.raw_dim()).ok_or_else(|| misfit(&shape))?;
    Zip::from(&mut out).and(&a).and(&wide).for_each(|out, x, &norm| *out = x.divided_by(norm));
    // Those whose norm is out of the ordinary, once more.
    for (index, &size) in norms.iter().enumerate().filter(|(_, size)| !(**size >= least && size.is_finite()))
    {
        if size.is_nan() {
            continue;
        }
        let place = unravel(index, &shape);
        if size == T::Real::ZERO && zero == Zero::Raise {
            return Err(no_direction(&place, axis));
        }
        let (mut x, mut target) = (a.view(), out.view_mut());
        for other in (0..place.len()).rev().filter(|&other| other != axis) {
            x.index_axis_inplace(Axis(other), place[other]);
            target.index_axis_inplace(Axis(other), place[other]);
        }
        rescaled(x, order, target, control)?;
    }
    Ok(())
}

fn no_direction(place: &[usize], axis: usize) -> Error {
    let others: Vec<usize> =
        place.iter().enumerate().filter(|&(other, _)| other != axis).map(|(_, &i)| i).collect();
    let which = if others.is_empty() { String::new() } else { format!(" at index {others:?}") };
    let message = format!("expected vectors with a direction, got a vector of zeros{which}");
    Error::Value { argument: "x", message }
}

/// The unit vector of one whose norm overflows, or lost digits because it is so small.
fn rescaled<T: Normed>(
    x: ArrayViewD<'_, T>,
    order: Order,
    mut out: ArrayViewMutD<'_, T>,
    control: &Control,
) -> Result<(), Error> {
    let largest = norm(x.view(), Order::Infinity, control)?;
    if largest == T::Real::ZERO {
        out.fill(T::ZERO);
        return Ok(());
    }
    if !largest.is_finite() {
        return Ok(());
    }
    let e = largest.exponent();
    // In two steps: one factor alone may overflow.
    let half = T::Real::ONE.scale_by_power_of_two(-e / 2);
    let rest = T::Real::ONE.scale_by_power_of_two(-e - -e / 2);
    let scaled = x.map(|&x| x * T::from_real(half) * T::from_real(rest));
    let size = norm(scaled.view(), order, control)?;
    Zip::from(&mut out).and(&scaled).for_each(|out, x| *out = x.divided_by(size));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{ArrayD, IxDyn};
    use num_complex::Complex;

    fn unit<T: Normed>(a: &ArrayD<T>, axis: usize, zero: Zero) -> Result<ArrayD<T>, Error> {
        let mut out = ArrayD::from_elem(a.raw_dim(), T::ONE);
        let slice = out.as_slice_mut().unwrap();
        normalize(a.view(), axis, Order::Two, zero, slice, &Control::default()).map(|()| out)
    }

    #[test]
    fn vectors_of_any_size_have_norm_one() {
        for size in [1e-320, 1e-308, 1e-200, 1.0, 1e200, 1.7e308] {
            let a = ArrayD::from_shape_fn(IxDyn(&[4, 3]), |i| if i[0] == i[1] { -size } else { size });
            for axis in [0, 1] {
                let unit = unit(&a, axis, Zero::Raise).unwrap();
                for (x, &a) in unit.iter().zip(&a) {
                    let expected = f64::signum(a) / [2.0, 3.0_f64.sqrt()][axis];
                    assert!((x - expected).abs() < 1e-15, "{size}: {x}");
                }
            }
            let z = a.map(|&x| Complex { re: 0.0, im: x });
            let unit = unit(&z, 1, Zero::Raise).unwrap();
            assert!(unit.iter().all(|z| (z.im.abs() - 3.0_f64.sqrt().recip()).abs() < 1e-15));
        }
    }

    #[test]
    fn a_vector_of_zeros_is_named_or_stays_zero() {
        let mut a = ArrayD::from_elem(IxDyn(&[2, 3]), 2.0_f32);
        a.index_axis_mut(Axis(0), 1).fill(0.0);
        let error = unit(&a, 1, Zero::Raise).unwrap_err();
        assert!(error.to_string().contains("a vector of zeros at index [1]"), "{error}");
        assert_eq!(unit(&a, 1, Zero::Zeros).unwrap().index_axis(Axis(0), 1).sum(), 0.0);
    }

    #[test]
    fn what_is_not_finite_does_not_become_finite_garbage() {
        let a = ArrayD::from_shape_vec(IxDyn(&[2, 2]), vec![f64::NAN, 1.0, f64::INFINITY, 1.0]).unwrap();
        let unit = unit(&a, 1, Zero::Raise).unwrap();
        assert!(unit[[0, 0]].is_nan() && unit[[0, 1]].is_nan() && unit[[1, 0]].is_nan());
        assert_eq!(unit[[1, 1]], 0.0);
    }
}
