//! Eigenvalues and eigenvectors of complex square matrices.

use super::complex_schur::{ComplexSchur, quotient};
use super::eig::{Eigen, by_real_part, normalise};
use super::hessenberg::balance;
use super::matmul::Update;
use super::products::Blas;
use crate::scalar::{Field, Real};
use crate::{Control, Error};
use ndarray::{Array2, ArrayView2};
use num_complex::Complex;

/// As [`Eigen::of`], for a complex matrix of finite numbers; without `wanted` the values alone.
///
/// # Errors
///
/// [`Error::NotConverged`]; [`Error::Stopped`].
pub fn eigen<R: Real>(
    a: ArrayView2<'_, Complex<R>>,
    rule: bool,
    wanted: bool,
    control: &Control,
) -> Result<Eigen<R>, Error>
where
    Complex<R>: Blas<Real = R>,
{
    let n = a.nrows();
    let largest =
        a.iter().flat_map(|z| [z.re.abs(), z.im.abs()]).fold(R::ZERO, |m, x| if x > m { x } else { m });
    let power = if largest > R::ZERO { largest.exponent() } else { 0 };
    let mut scaled: Vec<Complex<R>> = a.iter().map(|z| z.times_power_of_two(-power)).collect();
    let powers = balance(n, &mut scaled);
    let schur = ComplexSchur::of(n, scaled, wanted, control)?;
    let values: Vec<Complex<R>> = (0..n).map(|k| schur.t[k * n + k]).collect();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| by_real_part(values[j], values[i]));
    let mut vectors = Vec::new();
    if wanted {
        let turned = turned(&schur, &values, control)?;
        let least = powers.iter().copied().max().unwrap_or(0);
        for &k in &order {
            let unbalanced = turned.row(k).into_iter().zip(&powers);
            let mut vector: Vec<_> = unbalanced.map(|(z, &p)| z.times_power_of_two(p - least)).collect();
            normalise(&mut vector, rule);
            vectors.push(vector);
        }
    }
    let values = order.iter().map(|&k| values[k].times_power_of_two(power)).collect();
    Ok(Eigen { values, vectors })
}

/// The vectors of the balanced matrix, one row each.
fn turned<R: Real>(
    schur: &ComplexSchur<R>,
    values: &[Complex<R>],
    control: &Control,
) -> Result<Array2<Complex<R>>, Error>
where
    Complex<R>: Blas<Real = R>,
{
    let n = schur.n;
    let zero = Complex { re: R::ZERO, im: R::ZERO };
    let (mut x, mut turned) = (vec![zero; n * n], Array2::from_elem((n, n), zero));
    for (k, row) in x.chunks_exact_mut(n.max(1)).enumerate() {
        control.go_on()?;
        back_substitute(schur, k, values[k], row);
    }
    if let (Ok(x), Ok(columns)) =
        (ArrayView2::from_shape((n, n), &x), ArrayView2::from_shape((n, n), &schur.columns))
    {
        Blas::product(x, columns, turned.view_mut(), Update::Assign, control)?;
    }
    Ok(turned)
}

/// Solves `(T - value I) x = 0` with `x[k] = 1`; pivots are judged against the value at hand.
fn back_substitute<R: Real>(schur: &ComplexSchur<R>, k: usize, value: Complex<R>, x: &mut [Complex<R>])
where
    Complex<R>: Field<Real = R>,
{
    let n = schur.n;
    let floor = R::MIN_POSITIVE / R::EPSILON;
    let size = R::EPSILON * value.magnitude();
    let smallest = if size > floor { size } else { floor };
    let zero = Complex { re: R::ZERO, im: R::ZERO };
    x[k].re = R::ONE;
    for i in (0..k).rev() {
        let row = &schur.t[i * n..(i + 1) * n];
        let rest = row[i + 1..=k].iter().zip(&x[i + 1..=k]).fold(zero, |sum, (&t, &x)| sum - t * x);
        let pivot = row[i] - value;
        let pivot = if pivot.magnitude() < smallest { Complex { re: smallest, im: R::ZERO } } else { pivot };
        x[i] = quotient(rest, pivot);
        let grown = x[i].magnitude();
        if grown.exponent() > R::MAX.exponent() / 2 {
            let power = -grown.exponent();
            x[i..=k].iter_mut().for_each(|x| *x = x.times_power_of_two(power));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &Array2<Complex<f64>>, tolerance: f64) {
        let both = eigen(a.view(), true, true, &Control::default()).unwrap();
        let alone = eigen(a.view(), true, false, &Control::default()).unwrap();
        assert_eq!(alone.values, both.values);
        let n = a.nrows();
        let size = a.iter().fold(0.0_f64, |m, z| m.max(z.re.abs()).max(z.im.abs())) * n as f64;
        for (value, vector) in both.values.iter().zip(&both.vectors) {
            assert!((vector.iter().map(Complex::norm_sqr).sum::<f64>() - 1.0).abs() < 1e-12);
            for i in 0..n {
                let av: Complex<f64> = (0..n).map(|j| a[(i, j)] * vector[j]).sum();
                assert!((av - value * vector[i]).norm() <= tolerance * size, "n = {n}");
            }
        }
    }

    #[test]
    fn pairs_satisfy_their_equation() {
        for n in [1, 2, 3, 5, 10, 40] {
            for seed in 0..4 {
                let part = |i: usize, j: usize| ((7 * i + 11 * j * j + 13 * seed) as f64).sin();
                let a =
                    Array2::from_shape_fn((n, n), |(i, j)| Complex { re: part(i, j), im: part(j + 3, i) });
                check(&a, 1e-14);
                check(&a.map(|z| z * 1e-300), 1e-14);
                check(&a.map(|z| z * 1e290), 1e-14);
            }
        }
    }

    #[test]
    fn triangular_defective_and_zero_matrices_are_right() {
        let i = Complex { re: 0.0, im: 1.0 };
        let mut jordan = Array2::from_diag_elem(6, i * 2.0);
        (0..5).for_each(|k| jordan[(k, k + 1)] = i);
        check(&jordan, 1e-14);
        check(&jordan.t().to_owned(), 1e-14);
        check(&Array2::from_elem((4, 4), i * 0.0), 1e-14);
        check(&Array2::from_elem((4, 4), i), 1e-14);
    }
}
