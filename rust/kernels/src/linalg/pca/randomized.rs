//! A few components of large data: a random range finder with power iterations.
//!
//! N. Halko, P.-G. Martinsson and J. A. Tropp, "Finding structure with randomness: probabilistic
//! algorithms for constructing approximate matrix decompositions", SIAM Rev. 53, 2011.

use super::centre::Sample;
use super::exact::right_vectors;
use super::{Components, Data};
use crate::linalg::lu_parts;
use crate::linalg::matmul::Update;
use crate::linalg::qr::{self, Mode};
use crate::scalar::Real;
use crate::{Control, Error, reduce};
use ndarray::{Array2, ArrayView2};

/// What keeps the vectors of a power iteration apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Normalizer {
    /// Orthonormal vectors on the shorter side of the data only, which is cheap: directions whose
    /// values are below the root of the rounding error, times the largest, are lost.
    Auto,
    /// Orthonormal vectors of the same space.
    Qr,
    /// The lower triangular factor: cheaper.
    Lu,
    /// Nothing: digits are lost from some three iterations on.
    None,
}

impl Normalizer {
    /// The option of this name.
    ///
    /// # Errors
    ///
    /// [`Error::Choice`] if there is none.
    pub fn from_name(name: &str) -> Result<Self, Error> {
        match name {
            "auto" => Ok(Self::Auto),
            "QR" => Ok(Self::Qr),
            "LU" => Ok(Self::Lu),
            "none" => Ok(Self::None),
            _ => Err(Error::Choice {
                argument: "power_iteration_normalizer",
                expected: &["auto", "QR", "LU", "none"],
                got: name.to_owned(),
            }),
        }
    }

    /// Vectors, as columns, of the space that the columns of `y`, as long as the `shorter` side or
    /// the other one, span.
    fn apply<T: Data>(self, y: Array2<T>, shorter: bool, control: &Control) -> Result<Array2<T>, Error> {
        match self {
            Self::Auto if !shorter => Ok(y),
            Self::None => Ok(y),
            Self::Auto | Self::Qr => orthonormal(&y, control),
            Self::Lu => {
                let (n, l) = y.dim();
                let k = n.min(l);
                let mut lower = Array2::from_elem((n, k), T::ZERO);
                let (mut upper, mut order) = (vec![T::ZERO; k * l], vec![0; n]);
                let out = lower.as_slice_mut().unwrap_or_default();
                let parts = (out, &mut upper[..], &mut order[..]);
                lu_parts::lu(y.into_dyn().view(), true, parts, false, control)?;
                Ok(lower)
            }
        }
    }
}

/// The first components of the rows of `x`, as many as `test` has columns, of which the last ones
/// are rough: random vectors, as columns, are multiplied by the centred data, and `iterations`
/// times more by them and their transpose.
///
/// # Errors
///
/// As [`super::full`]; [`Error::Shape`] for a `test` that does not fit.
pub fn randomized<T: Data>(
    x: ArrayView2<'_, T>,
    weights: Option<&[T]>,
    test: ArrayView2<'_, T>,
    (iterations, normalizer): (usize, Normalizer),
    control: &Control,
) -> Result<Components<T>, Error> {
    let sample = Sample::new(x, weights, control)?;
    let (n, p) = sample.dim();
    if test.nrows() != p || test.ncols() > n.min(p) {
        let expected = format!("{p} rows and at most {} columns", n.min(p));
        return Err(Error::Shape { argument: "test", expected, got: test.shape().to_vec() });
    }
    // Near 1, so that powers do not overflow.
    let power = -sample.exponent();
    let a = sample.centred(power, control)?;
    let mut y = product(a.view(), test, control)?;
    for _ in 0..iterations {
        control.go_on()?;
        let z = product(a.t(), normalizer.apply(y, n < p, control)?.view(), control)?;
        y = product(a.view(), normalizer.apply(z, n >= p, control)?.view(), control)?;
    }
    let q = orthonormal(&y, control)?;
    let small = product(q.t(), a.view(), control)?;
    let (mut values, vectors) = right_vectors(small.view(), control)?;
    values.iter_mut().for_each(|x| *x = x.scale_by_power_of_two(-power));
    let elements = a.as_slice().unwrap_or_default();
    let norm = reduce::dot(elements, elements, control)?.to_f64().sqrt().scale_by_power_of_two(-power);
    Ok(Components { mean: sample.mean, values, vectors, norm, weight: sample.weight })
}

/// `a b`.
fn product<T: Data>(
    a: ArrayView2<'_, T>,
    b: ArrayView2<'_, T>,
    control: &Control,
) -> Result<Array2<T>, Error> {
    let mut c = Array2::from_elem((a.nrows(), b.ncols()), T::ZERO);
    T::product(a, b, c.view_mut(), Update::Assign, control)?;
    Ok(c)
}

/// An orthonormal basis of the space that the columns of `y` span.
fn orthonormal<T: Data>(y: &Array2<T>, control: &Control) -> Result<Array2<T>, Error> {
    let (n, l) = y.dim();
    let k = n.min(l);
    let (mut q, mut r) = (Array2::from_elem((n, k), T::ZERO), vec![T::ZERO; k * l]);
    let out = q.as_slice_mut().unwrap_or_default();
    qr::qr(y.view().into_dyn(), Mode::Reduced, (out, &mut r), control)?;
    Ok(q)
}
