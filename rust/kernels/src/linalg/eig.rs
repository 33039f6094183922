//! Eigenvalues and eigenvectors of general square matrices.
//!
//! From the real Schur form the vectors come by back-substitution, all turned together by one
//! product.

use super::columns::Column;
use super::eigenvectors::BackSubstitution;
use super::matmul::{Update, product};
use super::options::{NanPolicy, Order};
use super::schur::Schur;
use crate::scalar::{Field, Real};
use crate::simd::dispatch;
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
        let n = a.nrows();
        let (scaled, power) = scaled(a);
        let schur = Schur::of(n, scaled, true, control)?;
        let values = values(n, &schur.t);
        let turned = vectors(&schur, &values, control)?;
        let part = |k: usize| turned[k * n..(k + 1) * n].iter().copied();
        // The second of a pair is the conjugate of the first: equal pairs would else be torn apart.
        let mut order: Vec<usize> = (0..n).filter(|&k| !(values[k].im < T::ZERO)).collect();
        order.sort_by(|&i, &j| by_real_part(values[j], values[i]));
        let mut eigen = Self { values: Vec::with_capacity(n), vectors: Vec::with_capacity(n) };
        for k in order {
            control.go_on()?;
            let value = values[k];
            let mut vector: Vec<Complex<T>> = if value.im == T::ZERO {
                part(k).map(|re| Complex { re, im: T::ZERO }).collect()
            } else {
                part(k).zip(part(k + 1)).map(|(re, im)| Complex { re, im }).collect()
            };
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

    /// As [`of`](Self::of), with the values alone.
    ///
    /// # Errors
    ///
    /// [`Error::NotConverged`]; [`Error::Stopped`].
    pub fn values_of(a: ArrayView2<'_, T>, control: &Control) -> Result<Self, Error> {
        let n = a.nrows();
        let (scaled, power) = scaled(a);
        let schur = Schur::of(n, scaled, false, control)?;
        let mut values = values(n, &schur.t);
        // The order of `of`: a pair stays together, behind an equal one that came before it.
        let mut pairs: Vec<Complex<T>> = values.iter().copied().filter(|z| !(z.im < T::ZERO)).collect();
        pairs.sort_by(|&x, &y| by_real_part(y, x));
        values.clear();
        for z in pairs {
            let back = |x: T| x.scale_by_power_of_two(power);
            let value = Complex { re: back(z.re), im: back(z.im) };
            values.push(value);
            // A pair stays two values where its imaginary part vanishes among the denormal numbers.
            if z.im > T::ZERO {
                values.push(value.conj());
            }
        }
        Ok(Self { values, vectors: vec![] })
    }

    /// Of a matrix of which nothing is known.
    fn unknown(n: usize, vectors: bool) -> Self {
        let nan = Complex { re: T::from_f64(f64::NAN), im: T::ZERO };
        Self { values: vec![nan; n], vectors: vec![vec![nan; n]; if vectors { n } else { 0 }] }
    }

    /// Brings values and vectors into this order, pairs together.
    fn arrange(&mut self, order: Order)
    where
        Complex<T>: Field<Real = T>,
    {
        let places = order.places(&self.values);
        self.values = places.iter().map(|&place| self.values[place]).collect();
        if !self.vectors.is_empty() {
            self.vectors = places.iter().map(|&place| std::mem::take(&mut self.vectors[place])).collect();
        }
    }

    /// Whether all values, and so all vectors, are real.
    pub fn is_real(&self) -> bool {
        // Imaginary parts of denormal values may vanish, and those of their vectors not.
        self.values.iter().chain(self.vectors.iter().flatten()).all(|value| value.im == T::ZERO)
    }
}

/// The matrix divided by a power of two, so that its largest element is about 1, and the power.
fn scaled<T: Real>(a: ArrayView2<'_, T>) -> (Vec<T>, i32) {
    let largest = a.iter().fold(T::ZERO, |m, x| if x.abs() > m { x.abs() } else { m });
    let power = if largest > T::ZERO { largest.exponent() } else { 0 };
    (a.iter().map(|x| x.scale_by_power_of_two(-power)).collect(), power)
}

/// An element type whose matrices have eigenvalues.
pub trait Spectral: Column {
    /// Decomposes a matrix of finite numbers; see [`Eigen::of`].
    ///
    /// # Errors
    ///
    /// [`Error::NotConverged`]; [`Error::Stopped`].
    fn eigen(
        a: ArrayView2<'_, Self>,
        rule: bool,
        vectors: bool,
        control: &Control,
    ) -> Result<Eigen<Self::Real>, Error>;

    /// Whether the values and vectors are real: never those of complex matrices.
    fn are_real(found: &[Eigen<Self::Real>]) -> bool;
}

macro_rules! spectral {
    ($($T:ty)+) => { $(
        impl Spectral for $T {
            fn eigen(
                a: ArrayView2<'_, Self>, rule: bool, vectors: bool, control: &Control,
            ) -> Result<Eigen<Self>, Error> {
                if vectors { Eigen::of(a, rule, control) } else { Eigen::values_of(a, control) }
            }
            fn are_real(found: &[Eigen<Self>]) -> bool { found.iter().all(Eigen::is_real) }
        }
        impl Spectral for Complex<$T> {
            fn eigen(
                a: ArrayView2<'_, Self>, rule: bool, vectors: bool, control: &Control,
            ) -> Result<Eigen<$T>, Error> {
                super::eig_complex::eigen(a, rule, vectors, control)
            }
            fn are_real(_: &[Eigen<$T>]) -> bool { false }
        }
    )+ };
}

spectral!(f32 f64);

/// What is asked of each matrix.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether vectors are wanted.
    pub vectors: bool,
    /// Whether the largest component of each is made positive, the last of those that are equal to
    /// 8 ulp.
    pub rule: bool,
    /// The order of the values.
    pub order: Order,
    /// What becomes of matrices that are not finite.
    pub policy: NanPolicy,
}

/// Decomposes each matrix of a stack.
///
/// # Errors
///
/// [`Error::NotSquare`]; [`Error::NotFinite`]; [`Error::NotConverged`]; [`Error::Stopped`].
pub fn eig_stack<T: Spectral>(
    a: ArrayViewD<'_, T>,
    options: Options,
    control: &Control,
) -> Result<Vec<Eigen<T::Real>>, Error>
where
    Complex<T::Real>: Field<Real = T::Real>,
{
    let n = super::solve::size_of_square(a.shape())?;
    let unfit = options.policy.unfit(&a, n * n)?;
    let whole = a.as_standard_layout();
    let slices: Vec<&[T]> = whole.as_slice().unwrap_or_default().chunks((n * n).max(1)).collect();
    threads::map_chunks(control, slices.len(), 1, |range| {
        if unfit.binary_search(&range.start).is_ok() {
            return Ok(Eigen::unknown(n, options.vectors));
        }
        let shape = |_| Error::NotSquare { argument: "a", got: vec![n] };
        let matrix = ArrayView2::from_shape((n, n), slices[range.start]).map_err(shape)?;
        let mut eigen = T::eigen(matrix, options.rule, options.vectors, control)?;
        if options.order != Order::Descending {
            eigen.arrange(options.order);
        }
        Ok(eigen)
    })
}

/// Descending by real part, then by imaginary part, so that pairs stay together.
pub(super) fn by_real_part<T: Real>(x: Complex<T>, y: Complex<T>) -> std::cmp::Ordering {
    let order = |x: T, y: T| x.partial_cmp(&y).unwrap_or(std::cmp::Ordering::Equal);
    order(x.re, y.re).then(order(x.im.abs(), y.im.abs())).then(order(x.im, y.im))
}

/// The eigenvalues of the diagonal blocks.
fn values<T: Real>(n: usize, t: &[T]) -> Vec<Complex<T>> {
    let t = |i: usize, j: usize| t[i * n + j];
    let mut values = Vec::with_capacity(n);
    while values.len() < n {
        let k = values.len();
        if k + 1 == n || t(k + 1, k) == T::ZERO {
            values.push(Complex { re: t(k, k), im: T::ZERO });
            continue;
        }
        let half = T::from_f64(0.5);
        let p = (t(k, k) - t(k + 1, k + 1)) * half;
        let re = (t(k, k) + t(k + 1, k + 1)) * half;
        let im = (-(p * p + t(k, k + 1) * t(k + 1, k))).sqrt();
        values.extend([Complex { re, im }, Complex { re, im: -im }]);
    }
    values
}

/// Rows that hold the vectors: of a real value one, of a pair the real and the imaginary part.
fn vectors<T: Real>(schur: &Schur<T>, values: &[Complex<T>], control: &Control) -> Result<Vec<T>, Error> {
    let n = schur.n;
    let (mut x, mut turned) = (vec![T::ZERO; n * n], Array2::from_elem((n, n), T::ZERO));
    for (k, &value) in values.iter().enumerate().filter(|(_, value)| !(value.im < T::ZERO)) {
        control.go_on()?;
        let (re, im) = x[k * n..].split_at_mut(n);
        let within = n.min(im.len());
        dispatch(BackSubstitution { n, t: &schur.t, k, value, re, im: &mut im[..within] });
    }
    if let (Ok(x), Ok(z)) =
        (ArrayView2::from_shape((n, n), &x), ArrayView2::from_shape((n, n), &schur.columns))
    {
        product(x, z, turned.view_mut(), Update::Assign, control)?;
    }
    // Balancing is undone.
    let least = schur.balance.iter().copied().max().unwrap_or(0);
    for (j, &power) in schur.balance.iter().enumerate().filter(|&(_, &power)| power != least) {
        turned.column_mut(j).iter_mut().for_each(|x| *x = x.scale_by_power_of_two(power - least));
    }
    Ok(turned.into_raw_vec_and_offset().0)
}

/// Makes the norm 1 and, by the rule, the largest component real and positive.
pub(super) fn normalise<T: Real>(x: &mut [Complex<T>], rule: bool) {
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
    fn values_alone_are_those_of_the_pairs() {
        for n in [1, 2, 3, 9, 10, 40, 70] {
            let a = Array2::from_shape_fn((n, n), |(i, j)| ((7 * i + 11 * j * j) as f64).sin());
            let both = Eigen::of(a.view(), true, &Control::default()).unwrap();
            let alone = Eigen::values_of(a.view(), &Control::default()).unwrap();
            assert_eq!(alone.values, both.values, "n = {n}");
        }
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
