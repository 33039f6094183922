//! Square roots and logarithms of matrices, by functions of their Schur forms.
//!
//! N. J. Higham, "Functions of Matrices", SIAM, 2008, chapters 6 and 11. Real matrices whose
//! eigenvalues are real and not negative stay real all the way; others go by their complex forms, and
//! come back real where no eigenvalue is negative: then the principal function is real.

use super::eigh::finite;
use super::logarithm::logarithm;
use super::schur_form::{self, Form, Reducible};
use super::solve::size_of_square;
use super::triangular_root::{Principal, multiply, norm, root};
use crate::{Control, Error, threads};
use ndarray::{Array2, ArrayViewD};
use num_complex::Complex;
use std::sync::Mutex;

/// Which function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// The principal square root.
    Root,
    /// The principal logarithm.
    Logarithm,
}

impl Function {
    /// Of an upper triangular matrix, and what is doubtful about it.
    fn of<T: Principal>(self, t: &Array2<T>, control: &Control) -> Result<(Array2<T>, Doubt), Error> {
        let singular = t.diag().iter().any(|&x| x == T::ZERO);
        if self == Self::Logarithm {
            let doubt = if singular { Doubt::Singular } else { Doubt::None };
            return Ok((logarithm(t, control)?, doubt));
        }
        let mut found = t.clone();
        root(found.view_mut(), control)?;
        let error = norm(&(multiply(&found, &found, control)? - t));
        let inaccurate = !(error <= 1e3 * t.nrows() as f64 * f64::EPSILON * norm(t));
        let doubt = if singular {
            Doubt::Singular
        } else if inaccurate {
            Doubt::Inaccurate
        } else {
            Doubt::None
        };
        Ok((found, doubt))
    }
}

/// What is doubtful about an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// Nothing.
    None,
    /// Its square is not the matrix.
    Inaccurate,
    /// The matrix has the eigenvalue zero.
    Singular,
}

/// Functions of the matrices of a stack, one after the other.
#[derive(Debug)]
pub enum Matrices {
    /// All of them real.
    Real(Vec<f64>),
    /// At least one of them not.
    Complex(Vec<Complex<f64>>),
}

/// A function of one matrix.
enum One {
    Real(Array2<f64>),
    Complex(Array2<Complex<f64>>),
}

/// A triangular form.
pub enum Triangular {
    /// Real, with eigenvalues that are not negative.
    Real(Form<f64>),
    /// Complex; whether the principal functions of the matrix are real.
    Complex(Form<Complex<f64>>, bool),
}

/// An element type whose matrices have principal functions.
pub trait Functional: Reducible {
    /// Whether the functions may be real.
    const MAY_STAY_REAL: bool;
    /// The triangular form of an `n` x `n` matrix of finite numbers.
    ///
    /// # Errors
    ///
    /// As [`Reducible::form`].
    fn triangular(n: usize, a: &[Self], control: &Control) -> Result<Triangular, Error>;
}

impl Functional for f64 {
    const MAY_STAY_REAL: bool = true;
    fn triangular(n: usize, a: &[Self], control: &Control) -> Result<Triangular, Error> {
        let mut form = schur_form::of(n, a, control)?;
        let largest = form.t.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
        let in_pair = |t: &[f64], k: usize| {
            (k > 0 && t[k * n + k - 1] != 0.0) || (k + 1 < n && t[(k + 1) * n + k] != 0.0)
        };
        // What rounding made of a zero is no negative eigenvalue.
        let bound = n as f64 * Self::EPSILON * largest;
        for k in 0..n {
            let value = form.t[k * n + k];
            if value < 0.0 && value >= -bound && !in_pair(&form.t, k) {
                form.t[k * n + k] = 0.0;
            }
        }
        let pairs = (0..n).any(|k| in_pair(&form.t, k));
        let negative = (0..n).any(|k| form.t[k * n + k] < 0.0 && !in_pair(&form.t, k));
        Ok(if pairs || negative {
            Triangular::Complex(schur_form::to_complex(n, &form), !negative)
        } else {
            Triangular::Real(form)
        })
    }
}

impl Functional for Complex<f64> {
    const MAY_STAY_REAL: bool = false;
    fn triangular(n: usize, a: &[Self], control: &Control) -> Result<Triangular, Error> {
        Ok(Triangular::Complex(schur_form::of(n, a, control)?, false))
    }
}

/// The function of each matrix of a stack, and the worst of what is doubtful.
///
/// # Errors
///
/// [`Error::NotSquare`]; [`Error::NotFinite`]; [`Error::NotConverged`]; [`Error::Stopped`].
pub fn each<T: Functional>(
    a: ArrayViewD<'_, T>,
    function: Function,
    control: &Control,
) -> Result<(Matrices, Doubt), Error> {
    let n = size_of_square(a.shape())?;
    finite(&a, n.max(1))?;
    let whole = a.as_standard_layout();
    let slices: Vec<&[T]> = whole.as_slice().unwrap_or_default().chunks((n * n).max(1)).collect();
    let worst = Mutex::new(Doubt::None);
    let found = threads::map_chunks(control, slices.len(), 1, |range| {
        let (one, doubt) = match T::triangular(n, slices[range.start], control)? {
            Triangular::Real(form) => {
                let (value, doubt) = apply(n, form, function, control)?;
                (One::Real(value), doubt)
            }
            Triangular::Complex(form, real) => {
                let (value, doubt) = apply(n, form, function, control)?;
                (if real { One::Real(value.map(|z| z.re)) } else { One::Complex(value) }, doubt)
            }
        };
        if let Ok(mut worst) = worst.lock() {
            *worst = doubt.max(*worst);
        }
        Ok(one)
    })?;
    let doubt = worst.into_inner().unwrap_or(Doubt::Inaccurate);
    let real = T::MAY_STAY_REAL && found.iter().all(|one| matches!(one, One::Real(_)));
    Ok((if real { Matrices::Real(reals(found)) } else { Matrices::Complex(complexes(found)) }, doubt))
}

fn reals(found: Vec<One>) -> Vec<f64> {
    let of_one = |one: One| match one {
        One::Real(a) => a.into_raw_vec_and_offset().0,
        One::Complex(_) => vec![],
    };
    found.into_iter().flat_map(of_one).collect()
}

fn complexes(found: Vec<One>) -> Vec<Complex<f64>> {
    let of_one = |one: One| match one {
        One::Real(a) => a.map(|&re| Complex { re, im: 0.0 }).into_raw_vec_and_offset().0,
        One::Complex(a) => a.into_raw_vec_and_offset().0,
    };
    found.into_iter().flat_map(of_one).collect()
}

/// `Z f(T) Z^H`.
fn apply<T: Principal>(
    n: usize,
    form: Form<T>,
    function: Function,
    control: &Control,
) -> Result<(Array2<T>, Doubt), Error> {
    let misfit = |_| Error::NotSquare { argument: "a", got: vec![n] };
    let mut t = Array2::from_shape_vec((n, n), form.t).map_err(misfit)?;
    let columns = Array2::from_shape_vec((n, n), form.columns).map_err(misfit)?;
    t.indexed_iter_mut().filter(|((i, j), _)| i > j).for_each(|(_, x)| *x = T::ZERO);
    let (value, doubt) = function.of(&t, control)?;
    let right = multiply(&value, &columns.map(|x| x.conj()), control)?;
    Ok((multiply(&columns.t().to_owned(), &right, control)?, doubt))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(function: Function, a: &Array2<f64>) -> (Matrices, Doubt) {
        each(a.view().into_dyn(), function, &Control::default()).unwrap()
    }

    #[test]
    fn roots_and_logarithms_stay_real_unless_an_eigenvalue_is_negative() {
        let turn = ndarray::array![[0.0, -4.0], [4.0, 0.0]];
        let (Matrices::Real(root), Doubt::None) = of(Function::Root, &turn) else { panic!() };
        let half = 2.0_f64.sqrt();
        assert!(root.iter().zip([half, -half, half, half]).all(|(x, y)| (x - y).abs() < 1e-15));
        let (Matrices::Real(log), _) = of(Function::Logarithm, &turn) else { panic!() };
        let quarter = std::f64::consts::FRAC_PI_2;
        let expected = [4.0_f64.ln(), -quarter, quarter, 4.0_f64.ln()];
        assert!(log.iter().zip(expected).all(|(x, y)| (x - y).abs() < 1e-15), "{log:?}");
        let negative = ndarray::array![[-4.0, 0.0], [0.0, 9.0]];
        let (Matrices::Complex(root), Doubt::None) = of(Function::Root, &negative) else { panic!() };
        assert_eq!((root[0], root[3]), (Complex { re: 0.0, im: 2.0 }, Complex { re: 3.0, im: 0.0 }));
        let (Matrices::Complex(log), _) = of(Function::Logarithm, &negative) else { panic!() };
        assert!((log[0] - Complex { re: 4.0_f64.ln(), im: std::f64::consts::PI }).norm() < 1e-14);
    }

    #[test]
    fn zero_is_doubtful() {
        let singular = ndarray::array![[1.0, 2.0], [2.0, 4.0]];
        let (Matrices::Real(root), Doubt::Singular) = of(Function::Root, &singular) else { panic!() };
        let size = 5.0_f64.sqrt();
        assert!(root.iter().zip([1.0, 2.0, 2.0, 4.0]).all(|(x, y)| (x - y / size).abs() < 1e-14));
        let (Matrices::Real(log), Doubt::Singular) = of(Function::Logarithm, &singular) else { panic!() };
        assert!(log.iter().all(|x| x.is_nan()));
    }
}
