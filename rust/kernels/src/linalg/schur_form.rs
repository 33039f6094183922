//! Schur forms `A = Z T Z^H` of stacks, `Z` unitary; triangular forms of double precision.

use super::complex_schur::ComplexSchur;
use super::eigh::finite;
use super::schur::Schur;
use super::solve::size_of_square;
use super::tridiagonal::hypot;
use crate::scalar::{Field, Real};
use crate::{Control, Error, threads};
use ndarray::ArrayViewD;
use num_complex::Complex;

/// A Schur form, row after row.
pub struct Form<T> {
    /// Upper triangular, but for 2 x 2 blocks on the diagonal where it is real.
    pub t: Vec<T>,
    /// The columns of `Z`, one after the other.
    pub columns: Vec<T>,
}

/// An element type whose matrices have Schur forms of the same type.
pub trait Reducible: Field {
    /// The form of an `n` x `n` matrix of finite numbers of moderate size.
    ///
    /// # Errors
    ///
    /// [`Error::NotConverged`]; [`Error::Stopped`].
    fn form(n: usize, a: Vec<Self>, control: &Control) -> Result<Form<Self>, Error>;

    /// Exchanges neighbours on the diagonal until the chosen ones stand at the top, in their order.
    ///
    /// # Errors
    ///
    /// [`Error::Inseparable`].
    fn bring_up(n: usize, form: &mut Form<Self>, chosen: &[bool]) -> Result<(), Error>;
}

macro_rules! reducible {
    ($($R:ty)+) => { $(
        impl Reducible for $R {
            fn form(n: usize, a: Vec<Self>, control: &Control) -> Result<Form<Self>, Error> {
                Schur::orthogonal(n, a, control).map(|Schur { t, columns, .. }| Form { t, columns })
            }
            fn bring_up(n: usize, form: &mut Form<Self>, chosen: &[bool]) -> Result<(), Error> {
                super::reorder::real(n, form, chosen)
            }
        }
        impl Reducible for Complex<$R> {
            fn form(n: usize, a: Vec<Self>, control: &Control) -> Result<Form<Self>, Error> {
                ComplexSchur::of(n, a, true, control)
                    .map(|ComplexSchur { t, columns, .. }| Form { t, columns })
            }
            fn bring_up(n: usize, form: &mut Form<Self>, chosen: &[bool]) -> Result<(), Error> {
                super::reorder::complex(n, form, chosen);
                Ok(())
            }
        }
    )+ };
}

reducible!(f32 f64);

/// The form of one matrix, which is scaled by a power of two on the way.
///
/// # Errors
///
/// As [`Reducible::form`].
pub fn of<T: Reducible>(n: usize, a: &[T], control: &Control) -> Result<Form<T>, Error> {
    let zero = <T::Real as crate::scalar::Scalar>::ZERO;
    let largest = a.iter().map(|x| x.magnitude()).fold(zero, |m, x| if x > m { x } else { m });
    let power = if largest > zero { largest.exponent() } else { 0 };
    let mut form = T::form(n, a.iter().map(|x| x.times_power_of_two(-power)).collect(), control)?;
    form.t.iter_mut().for_each(|x| *x = x.times_power_of_two(power));
    Ok(form)
}

/// About how many nanoseconds the forms of a stack of this shape take.
pub fn cost(a: &[usize]) -> usize {
    let n = a.last().copied().unwrap_or(0);
    let count: usize = a[..a.len().saturating_sub(2)].iter().product();
    count.saturating_mul(10 * n * n * n + 2_000)
}

/// The Schur forms of a stack: `T` to `t` and `Z` to `z`.
///
/// # Errors
///
/// [`Error::NotSquare`]; [`Error::NotFinite`]; [`Error::NotConverged`]; [`Error::Stopped`].
pub fn schur<T: Reducible>(
    a: ArrayViewD<'_, T>,
    (t, z): (&mut [T], &mut [T]),
    control: &Control,
) -> Result<(), Error> {
    let n = size_of_square(a.shape())?;
    if t.is_empty() {
        return Ok(());
    }
    finite(&a, n)?;
    let whole = a.as_standard_layout();
    let slices = whole.as_slice().unwrap_or_default().chunks(n * n);
    let out = t.chunks_mut(n * n).zip(z.chunks_mut(n * n));
    threads::for_each(control, slices.zip(out).collect(), |(a, out)| {
        write(n, &of(n, a, control)?, out);
        Ok(())
    })
}

/// Copies a form to where it goes.
fn write<T: Reducible>(n: usize, form: &Form<T>, (t, z): (&mut [T], &mut [T])) {
    t.copy_from_slice(&form.t);
    for (j, column) in form.columns.chunks_exact(n).enumerate() {
        column.iter().enumerate().for_each(|(i, &x)| z[i * n + j] = x);
    }
}

/// Schur forms `t` and `z` with the chosen eigenvalues brought to the top, written to `out`; of a
/// pair both come where one is chosen.
///
/// # Errors
///
/// [`Error::Shape`] if there are not as many choices as eigenvalues; [`Error::Inseparable`].
pub fn reorder<T: Reducible>(
    t: ArrayViewD<'_, T>,
    z: ArrayViewD<'_, T>,
    chosen: &[bool],
    out: (&mut [T], &mut [T]),
    control: &Control,
) -> Result<(), Error> {
    let n = size_of_square(t.shape())?;
    if z.shape() != t.shape() || chosen.len() * n != t.len() {
        let expected = format!("a choice for each of {} eigenvalues", t.len() / n.max(1));
        return Err(Error::Shape { argument: "sort", expected, got: vec![chosen.len()] });
    }
    if t.is_empty() {
        return Ok(());
    }
    let (t, z) = (t.as_standard_layout(), z.as_standard_layout());
    let forms =
        t.as_slice().unwrap_or_default().chunks(n * n).zip(z.as_slice().unwrap_or_default().chunks(n * n));
    let places = out.0.chunks_mut(n * n).zip(out.1.chunks_mut(n * n));
    threads::for_each(
        control,
        forms.zip(chosen.chunks(n)).zip(places).collect(),
        |(((t, z), chosen), out)| {
            let columns = (0..n).flat_map(|j| z.iter().skip(j).step_by(n).copied()).collect();
            let mut form = Form { t: t.to_vec(), columns };
            T::bring_up(n, &mut form, chosen)?;
            write(n, &form, out);
            Ok(())
        },
    )
}

/// The complex form that a real one becomes when its 2 x 2 blocks are made triangular, by rotations.
pub fn to_complex<R: Real>(n: usize, form: &Form<R>) -> Form<Complex<R>> {
    let complex = |x: &Vec<R>| x.iter().map(|&re| Complex { re, im: R::ZERO }).collect::<Vec<_>>();
    let (mut t, mut columns) = (complex(&form.t), complex(&form.columns));
    for k in (1..n).rev().filter(|&k| form.t[k * n + k - 1] != R::ZERO) {
        let at = |i: usize, j: usize| form.t[i * n + j];
        let half = R::from_f64(0.5);
        let p = (at(k - 1, k - 1) - at(k, k)) * half;
        let im = (-(p * p + at(k - 1, k) * at(k, k - 1))).sqrt();
        let (below, size) = (at(k, k - 1), hypot(hypot(p, im), at(k, k - 1)));
        let (c, s) = (Complex { re: p / size, im: im / size }, below / size);
        let (above, rest) = t.split_at_mut(k * n);
        for (x, y) in above[(k - 1) * n + k - 1..].iter_mut().zip(&mut rest[k - 1..n]) {
            (*x, *y) = (c.conj() * *x + *y * s, c * *y - *x * s);
        }
        for row in t.chunks_exact_mut(n).take(k + 1) {
            (row[k - 1], row[k]) = (c * row[k - 1] + row[k] * s, c.conj() * row[k] - row[k - 1] * s);
        }
        let (above, rest) = columns.split_at_mut(k * n);
        for (x, y) in above[(k - 1) * n..].iter_mut().zip(&mut rest[..n]) {
            (*x, *y) = (c * *x + *y * s, c.conj() * *y - *x * s);
        }
        t[k * n + k - 1] = Complex { re: R::ZERO, im: R::ZERO };
    }
    Form { t, columns }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    fn check<T: Reducible<Real = f64> + ndarray::LinalgScalar>(n: usize, form: &Form<T>, a: &Array2<T>) {
        let shaped = |x: &Vec<T>| Array2::from_shape_vec((n, n), x.clone()).unwrap();
        let (t, columns) = (shaped(&form.t), shaped(&form.columns));
        let back = columns.t().dot(&t).dot(&columns.map(|x| Field::conj(*x)));
        assert!((back - a).iter().all(|e| e.modulus() < 1e-13 * n as f64), "n = {n}");
        let gram = columns.dot(&columns.t().map(|x| Field::conj(*x)));
        assert!((gram - Array2::<T>::eye(n)).iter().all(|e| e.modulus() < 1e-13 * n as f64));
    }

    fn wave(n: usize) -> Array2<f64> {
        Array2::from_shape_fn((n, n), |(i, j)| ((7 * i + 11 * j * j + 2) as f64).sin())
    }

    #[test]
    fn forms_are_similar_by_unitary_matrices_and_in_standard_blocks() {
        for n in [1, 2, 3, 8, 30] {
            let a = wave(n);
            let form = of(n, a.as_slice().unwrap(), &Control::default()).unwrap();
            check(n, &form, &a);
            for k in 1..n {
                let at = |i: usize, j: usize| form.t[i * n + j];
                if at(k, k - 1) != 0.0 {
                    assert_eq!(at(k, k), at(k - 1, k - 1));
                    assert!(at(k, k - 1) * at(k - 1, k) < 0.0);
                }
            }
            let complex = a.map(|&x| Complex { re: x, im: 0.0 });
            let made = to_complex(n, &form);
            check(n, &made, &complex);
            assert!((1..n).all(|i| (0..i).all(|j| made.t[i * n + j].norm() < 1e-14 * n as f64)));
            let complex = a.map(|&x| Complex { re: x, im: x.cos() });
            check(n, &of(n, complex.as_slice().unwrap(), &Control::default()).unwrap(), &complex);
        }
    }

    #[test]
    fn the_chosen_eigenvalues_come_to_the_top() {
        for n in [2, 3, 8, 30] {
            let a = wave(n);
            let mut form = of(n, a.as_slice().unwrap(), &Control::default()).unwrap();
            let chosen: Vec<bool> = (0..n).map(|k| form.t[k * n + k] < 0.0).collect();
            let count = chosen.iter().filter(|&&x| x).count();
            f64::bring_up(n, &mut form, &chosen).unwrap();
            check(n, &form, &a);
            assert!((0..n).all(|k| (form.t[k * n + k] < 0.0) == (k < count)), "n = {n}");
            let complex = a.map(|&x| Complex { re: x, im: x.cos() });
            let mut form = of(n, complex.as_slice().unwrap(), &Control::default()).unwrap();
            let chosen: Vec<bool> = (0..n).map(|k| form.t[k * n + k].im < 0.0).collect();
            let count = chosen.iter().filter(|&&x| x).count();
            Complex::<f64>::bring_up(n, &mut form, &chosen).unwrap();
            check(n, &form, &complex);
            assert!((0..n).all(|k| (form.t[k * n + k].im < 0.0) == (k < count)), "n = {n}");
        }
    }
}
