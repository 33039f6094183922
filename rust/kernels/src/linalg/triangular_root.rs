//! The principal square root of an upper triangular matrix.
//!
//! Å. Björck and S. Hammarling, "A Schur method for the square root of a matrix", Linear Algebra
//! Appl. 52/53, 1983; by halves, so that most of it is products: E. Deadman, N. J. Higham and
//! R. Ralha, "Blocked Schur algorithms for computing the matrix square root", PARA 2012; the
//! Sylvester equations likewise: I. Jonsson and B. Kågström, "Recursive blocked algorithms for
//! solving triangular systems", ACM Trans. Math. Softw. 28, 2002.

use super::complex_schur::square_root;
use super::matmul::Update;
use super::products::Blas;
use crate::{Control, Error};
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis, s};
use num_complex::Complex;
use std::f64::consts::PI;

/// Blocks up to this size are done element by element.
const LEAF: usize = 24;

/// Numbers whose elementary functions take principal values. Real ones are never negative here.
pub trait Principal: Blas<Real = f64> {
    /// The square root.
    fn root(self) -> Self;
    /// The logarithm.
    fn log(self) -> Self;
    /// The exponential.
    fn exponential(self) -> Self;
    /// The hyperbolic sine.
    fn hyperbolic_sine(self) -> Self;
    /// The inverse of the hyperbolic tangent.
    fn artanh(self) -> Self;
    /// The argument.
    fn argument(self) -> f64;
    /// Half of what must be added to a difference of logarithms, a multiple of `2 pi i`, that its
    /// imaginary part lies within pi of zero.
    fn unwinding(self) -> Self;
}

impl Principal for f64 {
    fn root(self) -> Self {
        self.sqrt()
    }
    fn log(self) -> Self {
        self.ln()
    }
    fn exponential(self) -> Self {
        self.exp()
    }
    fn hyperbolic_sine(self) -> Self {
        self.sinh()
    }
    fn artanh(self) -> Self {
        self.atanh()
    }
    fn argument(self) -> f64 {
        0.0
    }
    fn unwinding(self) -> Self {
        0.0
    }
}

impl Principal for Complex<f64> {
    fn root(self) -> Self {
        square_root(self)
    }
    fn log(self) -> Self {
        // Minus zero is no other side of the cut.
        Self { re: self.re, im: self.im + 0.0 }.ln()
    }
    fn exponential(self) -> Self {
        self.exp()
    }
    fn hyperbolic_sine(self) -> Self {
        self.sinh()
    }
    fn artanh(self) -> Self {
        // Small numbers keep their digits, other than in the difference of two logarithms.
        let Self { re: x, im: y } = self;
        let re = 0.25 * (4.0 * x / ((1.0 - x) * (1.0 - x) + y * y)).ln_1p();
        Self { re, im: 0.5 * (2.0 * y).atan2((1.0 - x) * (1.0 + x) - y * y) }
    }
    fn argument(self) -> f64 {
        self.im.atan2(self.re)
    }
    fn unwinding(self) -> Self {
        Self { re: 0.0, im: PI * ((self.im - PI) / (2.0 * PI)).ceil() }
    }
}

/// Replaces the upper triangular `t` by its square root; NaN or infinity where there is none. Between
/// two eigenvalues zero, elements up to `least` count as zeros.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn root<T: Principal>(mut t: ArrayViewMut2<'_, T>, least: f64, control: &Control) -> Result<(), Error> {
    let n = t.nrows();
    if n <= LEAF {
        root_of_leaf(&mut t, least);
        return control.go_on();
    }
    let half = n / 2;
    let (top, bottom) = t.split_at(Axis(0), half);
    let (mut first, mut beside) = top.split_at(Axis(1), half);
    let (_, mut last) = bottom.split_at(Axis(1), half);
    root(first.view_mut(), least, control)?;
    root(last.view_mut(), least, control)?;
    sylvester(first.view(), last.view(), beside.view_mut(), least, control)
}

/// The definition, column by column.
fn root_of_leaf<T: Principal>(t: &mut ArrayViewMut2<'_, T>, least: f64) {
    for j in 0..t.nrows() {
        t[(j, j)] = t[(j, j)].root();
        for i in (0..j).rev() {
            let sum = (i + 1..j).fold(t[(i, j)], |sum, k| sum - t[(i, k)] * t[(k, j)]);
            t[(i, j)] = quotient(sum, t[(i, i)] + t[(j, j)], least);
        }
    }
}

/// `x / y`, and 0 for 0 / 0, where any number will do.
fn quotient<T: Principal>(x: T, y: T, least: f64) -> T {
    if y != T::ZERO {
        return x.over(y);
    }
    if x.magnitude() <= least { T::ZERO } else { T::from_real(x.magnitude() / 0.0) }
}

/// Replaces `c` by the solution of `a x + x b = c`, for upper triangular `a` and `b`.
fn sylvester<T: Principal>(
    a: ArrayView2<'_, T>,
    b: ArrayView2<'_, T>,
    mut c: ArrayViewMut2<'_, T>,
    least: f64,
    control: &Control,
) -> Result<(), Error> {
    let (m, n) = c.dim();
    if m <= LEAF && n <= LEAF {
        for j in 0..n {
            for i in (0..m).rev() {
                let below = (i + 1..m).fold(c[(i, j)], |sum, k| sum - a[(i, k)] * c[(k, j)]);
                let sum = (0..j).fold(below, |sum, k| sum - c[(i, k)] * b[(k, j)]);
                c[(i, j)] = quotient(sum, a[(i, i)] + b[(j, j)], least);
            }
        }
        return control.go_on();
    }
    if m >= n {
        let half = m / 2;
        let (mut top, mut bottom) = c.view_mut().split_at(Axis(0), half);
        sylvester(a.slice(s![half.., half..]), b, bottom.view_mut(), least, control)?;
        T::product(a.slice(s![..half, half..]), bottom.view(), top.view_mut(), Update::Subtract, control)?;
        return sylvester(a.slice(s![..half, ..half]), b, top, least, control);
    }
    let half = n / 2;
    let (mut left, mut right) = c.view_mut().split_at(Axis(1), half);
    sylvester(a, b.slice(s![..half, ..half]), left.view_mut(), least, control)?;
    T::product(left.view(), b.slice(s![..half, half..]), right.view_mut(), Update::Subtract, control)?;
    sylvester(a, b.slice(s![half.., half..]), right, least, control)
}

/// `a b`.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn multiply<T: Blas>(a: &Array2<T>, b: &Array2<T>, control: &Control) -> Result<Array2<T>, Error> {
    let mut c = Array2::from_elem((a.nrows(), b.ncols()), T::ZERO);
    T::product(a.view(), b.view(), c.view_mut(), Update::Assign, control)?;
    Ok(c)
}

/// The largest sum of magnitudes of a column.
pub fn norm<T: Blas<Real = f64>>(a: &Array2<T>) -> f64 {
    let mut sums = vec![0.0; a.ncols()];
    for row in a.rows() {
        sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += x.modulus());
    }
    sums.into_iter().fold(0.0, |m, x| if x > m || x.is_nan() { x } else { m })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_of_roots_are_the_matrices() {
        for n in [1, 2, 5, 24, 25, 60, 130] {
            let element = |i: usize, j: usize| match i.cmp(&j) {
                std::cmp::Ordering::Less => ((7 * i + 11 * j * j) as f64).sin(),
                std::cmp::Ordering::Equal => 1.0 + i as f64,
                std::cmp::Ordering::Greater => 0.0,
            };
            let a = Array2::from_shape_fn((n, n), |(i, j)| element(i, j));
            let mut r = a.clone();
            root(r.view_mut(), 0.0, &Control::default()).unwrap();
            assert!((r.dot(&r) - &a).iter().all(|e| e.abs() < 1e-13 * n as f64), "n = {n}");
            let a = a.map(|&x| Complex { re: -x, im: x * x });
            let mut r = a.clone();
            root(r.view_mut(), 0.0, &Control::default()).unwrap();
            assert!((r.dot(&r) - &a).iter().all(|e| e.norm() < 1e-11 * n as f64), "n = {n}");
            assert!(r.diag().iter().all(|z| z.re > 0.0));
        }
    }

    #[test]
    fn the_inverse_hyperbolic_tangent_keeps_the_digits_of_small_numbers() {
        for (re, im) in [(1e-9, 2e-9), (-3e-5, 1e-7), (0.3, -0.2), (-0.1, 0.45), (0.0, 0.5)] {
            let z = Complex { re, im };
            let back = z.artanh().tanh();
            assert!((back - z).norm() < 1e-15 * z.norm(), "{z}");
        }
    }

    #[test]
    fn what_has_no_root_is_not_finite() {
        let mut nilpotent = ndarray::array![[0.0, 1.0], [0.0, 0.0]];
        root(nilpotent.view_mut(), 1e-16, &Control::default()).unwrap();
        assert!(!nilpotent[(0, 1)].is_finite());
        let mut zero = Array2::from_elem((3, 3), 0.0);
        root(zero.view_mut(), 0.0, &Control::default()).unwrap();
        assert!(zero.iter().all(|&x| x == 0.0));
    }
}
