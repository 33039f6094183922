//! What symmetric matrices of real numbers and Hermitian ones of complex numbers have each of their
//! own.

use super::eigh::Driver;
use super::{hermitian, jacobi, stack, tridiagonal};
use crate::scalar::{Field, Real};
use crate::{Control, Error};
use num_complex::Complex;

/// The sweeps, the values, ascending, and the vectors, one row each.
pub type Found<T> = (usize, Vec<<T as Field>::Real>, Vec<T>);

/// An element type whose symmetric, or Hermitian, matrices have spectra.
pub trait Symmetric: Field {
    /// Decomposes a contiguous stack in lanes, if this type has them and the matrices are small;
    /// gives the sweeps.
    ///
    /// # Errors
    ///
    /// [`Error::NotConverged`]; [`Error::Stopped`].
    fn in_lanes(
        _n: usize,
        _a: &[Self],
        _values: &mut [Self::Real],
        _vectors: &mut [Self],
        _control: &Control,
    ) -> Result<Option<usize>, Error> {
        Ok(None)
    }

    /// As [`in_lanes`](Self::in_lanes), the values alone; whether it was done.
    ///
    /// # Errors
    ///
    /// [`Error::NotConverged`]; [`Error::Stopped`].
    fn values_in_lanes(
        _n: usize,
        _a: &[Self],
        _values: &mut [Self::Real],
        _control: &Control,
    ) -> Result<bool, Error> {
        Ok(false)
    }

    /// Decomposes the matrix whose lower triangle is in `a`, which is used as working space.
    ///
    /// # Errors
    ///
    /// [`Error::NotConverged`]; [`Error::Stopped`]; [`Error::Value`] for a driver that this type has
    /// not.
    fn decompose(n: usize, a: &mut [Self], driver: Driver, control: &Control) -> Result<Found<Self>, Error>;

    /// The values alone, by the tridiagonal form.
    ///
    /// # Errors
    ///
    /// [`Error::NotConverged`]; [`Error::Stopped`].
    fn values(n: usize, a: &mut [Self], control: &Control) -> Result<Vec<Self::Real>, Error>;
}

/// Makes the largest element about 1, so that no square overflows; returns the power of two that
/// was divided by.
fn scale<T: Field>(a: &mut [T]) -> i32 {
    let largest = a.iter().fold(T::Real::default(), |m, x| if x.magnitude() > m { x.magnitude() } else { m });
    if largest == T::Real::default() {
        return 0;
    }
    let power = largest.exponent();
    // Two steps, so that neither factor overflows where the product does not.
    let half = -power / 2;
    let [first, second] =
        [half, -power - half].map(|power| T::from_real(T::Real::from_f64(1.0).scale_by_power_of_two(power)));
    a.iter_mut().for_each(|x| *x = *x * first * second);
    power
}

fn back<R: Real>(mut values: Vec<R>, power: i32) -> Vec<R> {
    values.iter_mut().for_each(|w| *w = w.scale_by_power_of_two(power));
    values
}

macro_rules! symmetric {
    ($($T:ty)+) => { $(
        impl Symmetric for $T {
            fn in_lanes(
                n: usize, a: &[Self], values: &mut [Self], vectors: &mut [Self], control: &Control,
            ) -> Result<Option<usize>, Error> {
                if n > stack::MOST { return Ok(None); }
                jacobi::eigh_stack(n, a, values, vectors, control).map(Some)
            }
            fn values_in_lanes(
                n: usize, a: &[Self], values: &mut [Self], control: &Control,
            ) -> Result<bool, Error> {
                if n > stack::MOST { return Ok(false); }
                jacobi::eigvalsh_stack(n, a, values, control).map(|()| true)
            }
            fn decompose(
                n: usize, a: &mut [Self], driver: Driver, control: &Control,
            ) -> Result<Found<Self>, Error> {
                if driver == Driver::Jacobi { return jacobi::eigh_single(n, a, control); }
                let power = scale(a);
                let (values, rows) = tridiagonal::eigh(n, a, control)?;
                Ok((0, back(values, power), rows))
            }
            fn values(n: usize, a: &mut [Self], control: &Control) -> Result<Vec<Self>, Error> {
                let power = scale(a);
                Ok(back(tridiagonal::eigvalsh(n, a, control)?, power))
            }
        }
        impl Symmetric for Complex<$T> {
            fn decompose(
                n: usize, a: &mut [Self], driver: Driver, control: &Control,
            ) -> Result<Found<Self>, Error> {
                if driver == Driver::Jacobi {
                    let message = "expected \"auto\" or \"tridiagonal\" for complex matrices, got \"jacobi\"";
                    return Err(Error::Value { argument: "driver", message: message.into() });
                }
                let power = scale(a);
                let (values, rows) = hermitian::eigh(n, a, control)?;
                Ok((0, back(values, power), rows))
            }
            fn values(n: usize, a: &mut [Self], control: &Control) -> Result<Vec<$T>, Error> {
                let power = scale(a);
                Ok(back(hermitian::eigvalsh(n, a, control)?, power))
            }
        }
    )+ };
}

symmetric!(f32 f64);
