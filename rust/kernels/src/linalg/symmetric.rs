//! What symmetric matrices of real numbers and Hermitian ones of complex numbers have each of their
//! own.

use super::columns::Column;
use super::eigh::Driver;
use super::options::Told;
use super::{definite, hermitian, jacobi, rotations, stack, tridiagonal};
use crate::scalar::{Field, Real};
use crate::{Control, Error};
use num_complex::Complex;

/// A spectrum.
pub struct Found<T: Field> {
    /// How it was found.
    pub told: Told,
    /// The values, ascending.
    pub values: Vec<T::Real>,
    /// The vectors, one row each.
    pub rows: Vec<T>,
}

/// An element type whose symmetric, or Hermitian, matrices have spectra.
pub trait Symmetric: Column {
    /// The largest matrices that are decomposed in lanes.
    const IN_LANES_TO: usize = 0;

    /// Decomposes a contiguous stack of matrices up to [`IN_LANES_TO`](Self::IN_LANES_TO); see
    /// [`jacobi::eigh_stack`].
    ///
    /// # Errors
    ///
    /// As that.
    fn decompose_in_lanes(
        _n: usize,
        _a: &[Self],
        _parts: (&mut [Self::Real], &mut [Self]),
        _rule: bool,
        _told: &mut [Told],
        _control: &Control,
    ) -> Result<(), Error> {
        Ok(())
    }

    /// As [`decompose_in_lanes`](Self::decompose_in_lanes), the values alone.
    ///
    /// # Errors
    ///
    /// [`Error::NotConverged`]; [`Error::Stopped`].
    fn values_in_lanes(
        _n: usize,
        _a: &[Self],
        _values: &mut [Self::Real],
        _control: &Control,
    ) -> Result<(), Error> {
        Ok(())
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

/// Complex matrices have rotations of a Cholesky factor, and no others.
const NOT_DEFINITE: &str = "expected \"auto\" or \"tridiagonal\" for complex matrices that are not positive \
    definite, got \"jacobi\"";

macro_rules! symmetric {
    ($($T:ty)+) => { $(
        impl Symmetric for $T {
            const IN_LANES_TO: usize = stack::MOST;
            fn decompose_in_lanes(
                n: usize, a: &[Self], parts: (&mut [Self], &mut [Self]), rule: bool,
                told: &mut [Told], control: &Control,
            ) -> Result<(), Error> {
                jacobi::eigh_stack(n, a, parts, rule, told, control)
            }
            fn values_in_lanes(
                n: usize, a: &[Self], values: &mut [Self], control: &Control,
            ) -> Result<(), Error> {
                jacobi::eigvalsh_stack(n, a, values, control)
            }
            fn decompose(
                n: usize, a: &mut [Self], driver: Driver, control: &Control,
            ) -> Result<Found<Self>, Error> {
                if driver == Driver::Jacobi {
                    return match definite::eigh(n, a, control)? {
                        Some(found) => Ok(found),
                        None => rotations::eigh(n, a, control),
                    };
                }
                let power = scale(a);
                let (values, rows) = tridiagonal::eigh(n, a, control)?;
                Ok(Found { told: Told::default(), values: back(values, power), rows })
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
                    return definite::eigh(n, a, control)?.ok_or_else(|| Error::Value {
                        argument: "driver",
                        message: NOT_DEFINITE.into(),
                    });
                }
                let power = scale(a);
                let (values, rows) = hermitian::eigh(n, a, control)?;
                Ok(Found { told: Told::default(), values: back(values, power), rows })
            }
            fn values(n: usize, a: &mut [Self], control: &Control) -> Result<Vec<$T>, Error> {
                let power = scale(a);
                Ok(back(hermitian::eigvalsh(n, a, control)?, power))
            }
        }
    )+ };
}

symmetric!(f32 f64);
