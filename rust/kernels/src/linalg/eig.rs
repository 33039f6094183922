//! Eigenvalues and eigenvectors of general square matrices.
//!
//! From the real Schur form the vectors come by our own back-substitution, whose pivots are
//! judged against the eigenvalue at hand and not against the norm of the matrix: small vectors
//! of graded matrices stay right.

use super::schur::Schur;
use crate::scalar::Real;
use crate::{Control, Error, threads};
use ndarray::{Array2, ArrayView2, ArrayViewD};
use num_complex::Complex;

/// Eigenvalues and, as columns, eigenvectors of norm 1.
#[derive(Debug)]
pub struct Eigen<T> {
    /// By descending real part, conjugate pairs together with the positive imaginary part first.
    pub values: Vec<Complex<T>>,
    /// The vector of each value, one after the other.
    pub vectors: Vec<Vec<Complex<T>>>,
}

impl<T: Real> Eigen<T> {
    /// Decomposes `a`, which holds finite numbers. `rule` makes the largest component of each
    /// vector positive (the last of those that are equal to 8 ulp).
    ///
    /// # Errors
    ///
    /// [`Error::NotConverged`]; [`Error::Stopped`].
    pub fn of(a: ArrayView2<'_, T>, rule: bool, control: &Control) -> Result<Self, Error> {
        let largest = a.iter().fold(T::ZERO, |m, x| if x.abs() > m { x.abs() } else { m });
        let power = if largest > T::ZERO { largest.exponent() } else { 0 };
        let schur = Schur::of(a.map(|x| x.scale_by_power_of_two(-power)), control)?;
        let values = values(&schur.t);
        let n = values.len();
        // The second of a pair is the conjugate of the first: equal pairs would else be torn apart.
        let mut order: Vec<usize> = (0..n).filter(|&k| !(values[k].im < T::ZERO)).collect();
        order.sort_by(|&i, &j| by_real_part(values[j], values[i]));
        let mut eigen = Self { values: Vec::with_capacity(n), vectors: Vec::with_capacity(n) };
        for k in order {
            control.go_on()?;
            let value = values[k];
            let mut vector = unbalanced(&schur, &back_substitute(&schur.t, k, value));
            normalise(&mut vector, rule);
            let scaled = |x: T| x.scale_by_power_of_two(power);
            let value = Complex { re: scaled(value.re), im: scaled(value.im) };
            eigen.values.push(value);
            if values[k].im > T::ZERO {
                eigen.values.push(value.conj());
                eigen.vectors.push(vector.clone());
                vector.iter_mut().for_each(|x| *x = x.conj());
            }
            eigen.vectors.push(vector);
        }
        Ok(eigen)
    }

    /// Whether all values, and so all vectors, are real.
    pub fn is_real(&self) -> bool {
        self.values.iter().all(|value| value.im == T::ZERO)
    }
}

/// Decomposes each matrix of a stack.
///
/// # Errors
///
/// [`Error::NotSquare`]; [`Error::NotFinite`]; [`Error::NotConverged`]; [`Error::Stopped`].
pub fn eig_stack<T: Real>(
    a: ArrayViewD<'_, T>,
    rule: bool,
    control: &Control,
) -> Result<Vec<Eigen<T>>, Error> {
    let n = super::solve::size_of_square(a.shape())?;
    super::eigh::finite(&a, n)?;
    let whole = a.as_standard_layout();
    let slices: Vec<&[T]> = whole.as_slice().unwrap_or_default().chunks((n * n).max(1)).collect();
    threads::map_chunks(control, slices.len(), 1, |range| {
        let shape = |_| Error::NotSquare { argument: "a", got: vec![n] };
        let matrix = ArrayView2::from_shape((n, n), slices[range.start]).map_err(shape)?;
        Eigen::of(matrix, rule, control)
    })
}

/// Descending by real part, then by imaginary part, so that pairs stay together.
fn by_real_part<T: Real>(x: Complex<T>, y: Complex<T>) -> std::cmp::Ordering {
    let order = |x: T, y: T| x.partial_cmp(&y).unwrap_or(std::cmp::Ordering::Equal);
    order(x.re, y.re).then(order(x.im.abs(), y.im.abs())).then(order(x.im, y.im))
}

/// The eigenvalues of the diagonal blocks.
fn values<T: Real>(t: &Array2<T>) -> Vec<Complex<T>> {
    let n = t.nrows();
    let mut values = Vec::with_capacity(n);
    while values.len() < n {
        let k = values.len();
        if k + 1 == n || t[(k + 1, k)] == T::ZERO {
            values.push(Complex { re: t[(k, k)], im: T::ZERO });
            continue;
        }
        let half = T::from_f64(0.5);
        let p = (t[(k, k)] - t[(k + 1, k + 1)]) * half;
        let re = (t[(k, k)] + t[(k + 1, k + 1)]) * half;
        let im = (-(p * p + t[(k, k + 1)] * t[(k + 1, k)])).sqrt();
        values.extend([Complex { re, im }, Complex { re, im: -im }]);
    }
    values
}

/// Solves `(T - value I) x = 0` with `x[k] = 1` (and its partner in a pair), from row `k` up.
fn back_substitute<T: Real>(t: &Array2<T>, k: usize, value: Complex<T>) -> Vec<Complex<T>> {
    let n = t.nrows();
    let zero = Complex { re: T::ZERO, im: T::ZERO };
    let mut x = vec![zero; n];
    let mut top = k;
    if value.im == T::ZERO {
        x[k].re = T::ONE;
    } else {
        // (a - value) x + b y = 0 within the block.
        let y = (value - Complex::from_real_part(t[(k, k)])) / Complex::from_real_part(t[(k, k + 1)]);
        (x[k], x[k + 1]) = (Complex { re: T::ONE, im: T::ZERO }, y);
    }
    let last = if value.im == T::ZERO { k } else { k + 1 };
    let size = value.re.abs() + value.im.abs();
    let floor = T::MIN_POSITIVE / T::EPSILON;
    let smallest = if T::EPSILON * size > floor { T::EPSILON * size } else { floor };
    while top > 0 {
        let sum = |i: usize, x: &[Complex<T>], from: usize| {
            (from..=last)
                .fold(zero, |sum, j| sum - Complex { re: t[(i, j)] * x[j].re, im: t[(i, j)] * x[j].im })
        };
        if top == 1 || t[(top - 1, top - 2)] == T::ZERO {
            let i = top - 1;
            let rest = sum(i, &x, top);
            x[i] = quotient(rest, Complex { re: t[(i, i)] - value.re, im: -value.im }, smallest);
            top -= 1;
        } else {
            let (i, j) = (top - 2, top - 1);
            let diagonal = |i| Complex { re: t[(i, i)] - value.re, im: -value.im };
            let real = |i, j| Complex::from_real_part(t[(i, j)]);
            let m = [[diagonal(i), real(i, j)], [real(j, i), diagonal(j)]];
            (x[i], x[j]) = solve_pair(m, sum(i, &x, top), sum(j, &x, top), smallest);
            top -= 2;
        }
        rescale(&mut x);
    }
    x
}

/// A complex number without imaginary part.
trait FromReal<T> {
    fn from_real_part(re: T) -> Self;
}

impl<T: Real> FromReal<T> for Complex<T> {
    fn from_real_part(re: T) -> Self {
        Complex { re, im: T::ZERO }
    }
}

/// `x / y`, where a `y` below `smallest` counts as that; by Smith's method, free of overflow.
fn quotient<T: Real>(x: Complex<T>, y: Complex<T>, smallest: T) -> Complex<T> {
    let y = if y.re.abs() + y.im.abs() < smallest { Complex::from_real_part(smallest) } else { y };
    if y.im == T::ZERO {
        return Complex { re: x.re / y.re, im: x.im / y.re };
    }
    if y.re.abs() >= y.im.abs() {
        let r = y.im / y.re;
        let d = y.re + y.im * r;
        Complex { re: (x.re + x.im * r) / d, im: (x.im - x.re * r) / d }
    } else {
        let r = y.re / y.im;
        let d = y.re * r + y.im;
        Complex { re: (x.re * r + x.im) / d, im: (x.im * r - x.re) / d }
    }
}

/// Solves a 2 x 2 system by elimination with row pivoting.
fn solve_pair<T: Real>(
    m: [[Complex<T>; 2]; 2],
    p: Complex<T>,
    q: Complex<T>,
    smallest: T,
) -> (Complex<T>, Complex<T>) {
    let size = |z: Complex<T>| z.re.abs() + z.im.abs();
    let ([[a, b], [c, d]], p, q) =
        if size(m[0][0]) >= size(m[1][0]) { (m, p, q) } else { ([m[1], m[0]], q, p) };
    let factor = quotient(c, a, smallest);
    let y = quotient(q - factor * p, d - factor * b, smallest);
    (quotient(p - b * y, a, smallest), y)
}

/// Keeps the vector from overflowing as it grows.
fn rescale<T: Real>(x: &mut [Complex<T>]) {
    let largest =
        x.iter().fold(T::ZERO, |m, x| if x.re.abs() + x.im.abs() > m { x.re.abs() + x.im.abs() } else { m });
    if largest.exponent() > T::MAX.exponent() / 2 {
        let power = -largest.exponent();
        for x in x {
            *x = Complex { re: x.re.scale_by_power_of_two(power), im: x.im.scale_by_power_of_two(power) };
        }
    }
}

/// `Z x`, with the balancing undone.
fn unbalanced<T: Real>(schur: &Schur<T>, x: &[Complex<T>]) -> Vec<Complex<T>> {
    let least = schur.balance.iter().copied().max().unwrap_or(0);
    let row = |(row, &power): (ndarray::ArrayView1<'_, T>, &i32)| {
        let sum = row.iter().zip(x).fold(Complex { re: T::ZERO, im: T::ZERO }, |sum, (&z, x)| {
            sum + Complex { re: z * x.re, im: z * x.im }
        });
        let power = power - least;
        Complex { re: sum.re.scale_by_power_of_two(power), im: sum.im.scale_by_power_of_two(power) }
    };
    schur.z.rows().into_iter().zip(&schur.balance).map(row).collect()
}

/// Makes the norm 1 and, by the rule, the largest component real and positive.
fn normalise<T: Real>(x: &mut [Complex<T>], rule: bool) {
    let largest = x.iter().fold(T::ZERO, |m, x| if x.magnitude_max() > m { x.magnitude_max() } else { m });
    if largest == T::ZERO {
        return;
    }
    x.iter_mut().for_each(|x| *x = Complex { re: x.re / largest, im: x.im / largest });
    let norm = x.iter().fold(T::ZERO, |sum, x| sum + x.re * x.re + x.im * x.im).sqrt();
    x.iter_mut().for_each(|x| *x = Complex { re: x.re / norm, im: x.im / norm });
    let length = |x: &Complex<T>| (x.re * x.re + x.im * x.im).sqrt();
    let most = x.iter().map(length).fold(T::ZERO, |m, x| if x > m { x } else { m });
    let tie = T::from_f64(8.0) * T::EPSILON * most;
    let Some(place) = x.iter().rposition(|x| length(x) >= most - tie) else { return };
    let pivot = x[place];
    if !rule {
        return;
    }
    if pivot.im == T::ZERO {
        if pivot.re < T::ZERO {
            x.iter_mut().for_each(|x| *x = -*x);
        }
    } else {
        let size = length(&pivot);
        let phase = Complex { re: pivot.re / size, im: -pivot.im / size };
        x.iter_mut().for_each(|x| *x = *x * phase);
        x[place].im = T::ZERO;
    }
}

trait MaxPart<T> {
    fn magnitude_max(&self) -> T;
}

impl<T: Real> MaxPart<T> for Complex<T> {
    fn magnitude_max(&self) -> T {
        if self.re.abs() > self.im.abs() { self.re.abs() } else { self.im.abs() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &Array2<f64>, tolerance: f64) -> Eigen<f64> {
        let eigen = Eigen::of(a.view(), true, &Control::default()).unwrap();
        let n = a.nrows();
        let size = a.iter().fold(0.0_f64, |m, x| m.max(x.abs())) * n as f64;
        for (value, vector) in eigen.values.iter().zip(&eigen.vectors) {
            let norm: f64 = vector.iter().map(Complex::norm_sqr).sum();
            assert!((norm - 1.0).abs() < 1e-12);
            for i in 0..n {
                let av: Complex<f64> = (0..n).map(|j| vector[j] * a[(i, j)]).sum();
                assert!((av - vector[i] * value).norm() <= tolerance * size, "{a} {value}");
            }
        }
        eigen
    }

    #[test]
    fn pairs_satisfy_their_equation() {
        for n in [1, 2, 3, 5, 10, 30, 70] {
            for seed in 0..6 {
                let a =
                    Array2::from_shape_fn((n, n), |(i, j)| ((7 * i + 11 * j * j + 13 * seed) as f64).sin());
                check(&a, 1e-14);
                check(&a.map(|x| x * 1e-300), 1e-14);
                check(&a.map(|x| x * 1e290), 1e-14);
            }
        }
    }

    #[test]
    fn small_integers_and_defective_matrices_are_right() {
        let hard = [1.0, 0.0, 0.0, 0.0, 1.0, -1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, -1.0, 0.0, 0.0, 1.0];
        check(&Array2::from_shape_vec((4, 4), hard.to_vec()).unwrap(), 1e-14);
        let mut jordan = Array2::<f64>::eye(5) * 2.0;
        (0..4).for_each(|i| jordan[(i, i + 1)] = 1.0);
        check(&jordan, 1e-14);
        check(&jordan.t().to_owned(), 1e-14);
        check(&Array2::zeros((4, 4)), 1e-14);
    }

    #[test]
    fn graded_matrices_keep_their_small_vectors() {
        let n = 16;
        let a = Array2::from_shape_fn((n, n), |(i, j)| {
            ((3 * i + 5 * j * j + 1) as f64).sin() * 10f64.powi(-((i + j) as i32))
        });
        check(&a, 1e-15);
    }

    #[test]
    fn order_and_sign_follow_the_rule() {
        let eigen = check(&Array2::from_shape_vec((2, 2), vec![2.0, 1.0, 1.0, 2.0]).unwrap(), 1e-15);
        assert!(eigen.is_real());
        assert!((eigen.values[0].re - 3.0).abs() < 1e-15 && (eigen.values[1].re - 1.0).abs() < 1e-15);
        assert!(eigen.vectors[1][0].re < 0.0 && eigen.vectors[1][1].re > 0.0);
        let turn = check(&Array2::from_shape_vec((2, 2), vec![0.0, -1.0, 1.0, 0.0]).unwrap(), 1e-15);
        assert_eq!((turn.values[0].im, turn.values[1].im), (1.0, -1.0));
    }
}
