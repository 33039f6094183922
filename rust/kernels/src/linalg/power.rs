//! The eigenvalue of largest magnitude, by products with a vector alone.
//!
//! R. von Mises and H. Pollaczek-Geiringer, "Praktische Verfahren der Gleichungsauflösung", Z.
//! Angew. Math. Mech. 9, 1929.

use super::eigh::finite;
use super::matmul::Update;
use super::products::Blas;
use super::solve::size_of_square;
use crate::scalar::{Field, Real};
use crate::{Control, Error};
use ndarray::{ArrayView2, ArrayViewMut2};

/// What was found.
#[derive(Debug)]
pub struct Dominant<T: Field> {
    /// The Rayleigh quotient of the vector.
    pub value: T,
    /// Of norm 1, its largest component real and positive.
    pub vector: Vec<T>,
    /// Products that were computed.
    pub iterations: usize,
    /// The norm of `A x - value x`.
    pub residual: T::Real,
}

/// Multiplies by `a` until the residual is at most `tolerance` times the value.
///
/// `start` is where to begin; it should not be orthogonal to the vector that is sought.
///
/// # Errors
///
/// [`Error::NotSquare`]; [`Error::NotFinite`]; [`Error::Empty`]; [`Error::Shape`] or [`Error::Value`]
/// for a start that does not fit or is zero; [`Error::NotConverged`] after `most` products, which is
/// so where two values have the same largest magnitude; [`Error::Stopped`].
pub fn power_iteration<T: Blas>(
    a: ArrayView2<'_, T>,
    start: Option<&[T]>,
    tolerance: f64,
    most: usize,
    control: &Control,
) -> Result<Dominant<T>, Error> {
    let n = size_of_square(a.shape())?;
    finite(&a.into_dyn(), n)?;
    if n == 0 {
        return Err(Error::Empty { argument: "a" });
    }
    let tolerance = T::Real::from_f64(tolerance);
    // No pattern that a matrix is likely to have a vector of.
    let golden = |i: usize| T::from_real(T::Real::from_f64(0.5 + (i as f64 * 0.618_033_988_749_894_9) % 1.0));
    let mut x = start.map_or_else(|| (0..n).map(golden).collect(), <[T]>::to_vec);
    if x.len() != n {
        return Err(Error::Shape { argument: "x0", expected: format!("({n},)"), got: vec![x.len()] });
    }
    if !x.iter().all(|x| x.is_finite()) || x.iter().all(|&x| x == T::ZERO) {
        let message = "expected finite numbers that are not all zero".into();
        return Err(Error::Value { argument: "x0", message });
    }
    normalise(&mut x);
    let mut image = vec![T::ZERO; n];
    for iterations in 1..=most {
        control.go_on()?;
        if let (Ok(x), Ok(image)) =
            (ArrayView2::from_shape((n, 1), &x), ArrayViewMut2::from_shape((n, 1), &mut image))
        {
            T::product(a, x, image, Update::Assign, control)?;
        }
        let value: T = x.iter().zip(&image).map(|(x, &y)| x.conj() * y).sum();
        let difference: Vec<T> = x.iter().zip(&image).map(|(&x, &y)| y - value * x).collect();
        let residual = norm(&difference);
        if residual <= tolerance * norm(&image) {
            normalise(&mut x);
            return Ok(Dominant { value, vector: x, iterations, residual });
        }
        std::mem::swap(&mut x, &mut image);
        normalise(&mut x);
    }
    Err(Error::NotConverged { what: "the power iteration", iterations: most })
}

/// The Euclidean norm, scaled by the largest part so that no square overflows.
fn norm<T: Blas>(x: &[T]) -> T::Real {
    let zero = T::Real::default();
    let largest = x.iter().fold(zero, |m, x| if x.magnitude() > m { x.magnitude() } else { m });
    if largest == zero {
        return zero;
    }
    // |x|^2 as x* x, whose imaginary part is zero.
    let power = largest.exponent();
    let square = |x: &T| {
        let x = x.times_power_of_two(-power);
        (x.conj() * x).magnitude()
    };
    x.iter().fold(zero, |sum, x| sum + square(x)).sqrt().scale_by_power_of_two(power)
}

/// Makes the norm 1 and the largest component real and positive; leaves zero as it is.
fn normalise<T: Blas>(x: &mut [T]) {
    let size = norm(x);
    if size == T::Real::default() {
        return;
    }
    let power = size.exponent();
    let scale = T::from_real(size.scale_by_power_of_two(-power));
    x.iter_mut().for_each(|x| *x = x.times_power_of_two(-power) / scale);
    let mut pivot = x[0];
    for &x in &*x {
        if x.magnitude() > pivot.magnitude() {
            pivot = x;
        }
    }
    let phase = pivot.conj() / T::from_real((pivot.conj() * pivot).magnitude().sqrt());
    x.iter_mut().for_each(|x| *x *= phase);
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use num_complex::Complex;

    #[test]
    fn the_largest_pair_is_found_at_every_scale() {
        for size in [1.0, 1e-200, 1e200] {
            let a = array![[2.0, 1.0], [1.0, 2.0]] * size;
            let found =
                power_iteration(a.view(), Some(&[1.0, 0.25]), 1e-13, 200, &Control::default()).unwrap();
            assert!((found.value / size - 3.0).abs() < 1e-12);
            assert!((found.vector[0] - 0.5_f64.sqrt()).abs() < 1e-6 && found.residual <= 1e-12 * size);
        }
    }

    #[test]
    fn complex_values_and_negative_ones_are_found() {
        let i = Complex { re: 0.0, im: 1.0 };
        let a = array![[i * 3.0, i * 0.0 + 1.0], [i * 0.0, i * 0.0 - 1.0]];
        let start = [i * 0.0 + 1.0, i * 0.0 + 1.0];
        let found = power_iteration(a.view(), Some(&start), 1e-12, 200, &Control::default()).unwrap();
        assert!((found.value - i * 3.0).norm() < 1e-11);
        let b = array![[-5.0, 0.0], [1.0, 1.0]];
        let found = power_iteration(b.view(), None, 1e-12, 200, &Control::default()).unwrap();
        assert!((found.value + 5.0).abs() < 1e-11);
    }

    #[test]
    fn values_of_equal_magnitude_do_not_converge_and_zero_has_an_answer() {
        let turn = array![[0.0, -1.0], [1.0, 0.0]];
        let error =
            power_iteration(turn.view(), Some(&[1.0, 0.0]), 1e-12, 50, &Control::default()).unwrap_err();
        assert_eq!(error, Error::NotConverged { what: "the power iteration", iterations: 50 });
        let zero = array![[0.0, 0.0], [0.0, 0.0]];
        let found = power_iteration(zero.view(), Some(&[1.0, 0.0]), 1e-12, 50, &Control::default()).unwrap();
        assert_eq!((found.value, found.residual, found.iterations), (0.0, 0.0, 1));
    }
}
