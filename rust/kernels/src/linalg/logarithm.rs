//! The principal logarithm of an upper triangular matrix, by inverse scaling and squaring.
//!
//! A. H. Al-Mohy and N. J. Higham, "Improved inverse scaling and squaring algorithms for the matrix
//! logarithm", SIAM J. Sci. Comput. 34, 2012, algorithms 4.1 and 5.1; what is next to the diagonal
//! by N. J. Higham and L. Lin, "A Schur-Padé algorithm for fractional powers of a matrix", SIAM J.
//! Matrix Anal. Appl. 32, 2011. The approximants are summed as partial fractions, whose poles and
//! weights are those of Gauss and Legendre (N. J. Higham, "Evaluating Padé approximants of the
//! matrix logarithm", SIAM J. Matrix Anal. Appl. 22, 2001).

use super::triangular::solve_upper;
use super::triangular_root::{Principal, multiply, norm, root};
use crate::{Control, Error};
use ndarray::Array2;

/// The largest norm for which an approximant of each degree is right to double precision.
const BOUNDS: [f64; 7] = [1.59e-5, 2.31e-3, 1.94e-2, 6.21e-2, 1.28e-1, 2.06e-1, 2.88e-1];
/// Roots after which something is wrong: the smallest number needs some eleven.
const MOST: usize = 100;

/// The logarithm; NaN for singular matrices.
///
/// # Errors
///
/// [`Error::NotConverged`]; [`Error::Stopped`].
pub fn logarithm<T: Principal>(t: &Array2<T>, control: &Control) -> Result<Array2<T>, Error> {
    let n = t.nrows();
    if t.diag().iter().any(|&x| x == T::ZERO) {
        return Ok(Array2::from_elem(t.dim(), T::from_real(f64::NAN)));
    }
    let (mut r, roots, degree) = near_zero(t, control)?;
    // Differences from 1 cancel; these do not.
    let principal = t.diag().iter().all(|x| x.re() > 0.0 || *x != T::from_real(x.re()));
    if principal && roots > 0 {
        let power = (-(roots as f64)).exp2();
        for i in 0..n {
            r[(i, i)] = root_minus_one(t[(i, i)], roots);
            if i + 1 < n {
                r[(i, i + 1)] = t[(i, i + 1)] * difference_of_powers(t[(i, i)], t[(i + 1, i + 1)], power);
            }
        }
    }
    let mut log = Array2::from_elem((n, n), T::ZERO);
    for (node, weight) in gauss_legendre(degree) {
        let mut left = r.map(|&x| x * T::from_real(node));
        left.diag_mut().iter_mut().for_each(|x| *x += T::ONE);
        let mut right = r.map(|&x| x * T::from_real(weight));
        solve_upper(left.view(), false, right.view_mut(), control)?;
        log.zip_mut_with(&right, |sum, &x| *sum += x);
    }
    log.iter_mut().for_each(|x| *x = x.times_power_of_two(roots as i32));
    if principal {
        for i in 0..n {
            log[(i, i)] = t[(i, i)].log();
            if i + 1 < n {
                log[(i, i + 1)] = t[(i, i + 1)] * difference_of_logs(t[(i, i)], t[(i + 1, i + 1)]);
            }
        }
    }
    Ok(log)
}

/// A root of `t` so near to the identity that an approximant is right: their difference, how many
/// square roots were taken, and the degree.
fn near_zero<T: Principal>(t: &Array2<T>, control: &Control) -> Result<(Array2<T>, usize, usize), Error> {
    let (mut t, mut roots) = (t.clone(), 0);
    let mut diagonal: Vec<T> = t.diag().to_vec();
    while diagonal.iter().any(|&x| !((x - T::ONE).modulus() <= BOUNDS[6])) {
        diagonal.iter_mut().for_each(|x| *x = x.root());
        root(t.view_mut(), control)?;
        roots += 1;
        if roots > MOST {
            return Err(Error::NotConverged { what: "square roots of the logarithm", iterations: MOST });
        }
    }
    let degree = |size: f64, from: usize| (from..=7).find(|&m| size <= BOUNDS[m - 1]);
    let mut saved = 0;
    loop {
        let mut r = t.clone();
        r.diag_mut().iter_mut().for_each(|x| *x += -T::ONE);
        let square = multiply(&r, &r, control)?;
        let cube = multiply(&square, &r, control)?;
        let (d2, d3) = (norm(&square).sqrt(), norm(&cube).cbrt());
        if let Some(m) = degree(d2.max(d3), 1).filter(|&m| m <= 2) {
            return Ok((r, roots, m));
        }
        let d4 = norm(&multiply(&square, &square, control)?).sqrt().sqrt();
        let size = d3.max(d4);
        let found = degree(size, 3);
        if let Some(m) = found.filter(|&m| m <= 6) {
            return Ok((r, roots, m));
        }
        // One root more may save two degrees.
        let again = found.is_some() && size / 2.0 <= BOUNDS[4] && saved < 2;
        if again {
            saved += 1;
        } else {
            let d5 = norm(&multiply(&square, &cube, control)?).powf(0.2);
            if let Some(m) = degree(size.min(d4.max(d5)), 6) {
                return Ok((r, roots, m));
            }
        }
        root(t.view_mut(), control)?;
        roots += 1;
        if roots > MOST {
            return Err(Error::NotConverged { what: "square roots of the logarithm", iterations: MOST });
        }
    }
}

/// `x^(1 / 2^roots) - 1` without cancellation (A. H. Al-Mohy, "A more accurate Briggs method for the
/// logarithm", Numer. Algorithms 59, 2012).
fn root_minus_one<T: Principal>(mut x: T, roots: usize) -> T {
    let mut left = roots;
    if x.argument().abs() >= std::f64::consts::FRAC_PI_2 {
        x = x.root();
        left -= 1;
    }
    let difference = x - T::ONE;
    let mut product = T::ONE;
    for _ in 0..left {
        x = x.root();
        product *= T::ONE + x;
    }
    difference.over(product)
}

/// `(y^p - x^p) / (y - x)`, the divided difference.
fn difference_of_powers<T: Principal>(x: T, y: T, p: f64) -> T {
    let (scaled, power) = (|z: T| z * T::from_real(p), |z: T| (z.log() * T::from_real(p)).exponential());
    if x == y {
        return scaled(power(x)).over(x);
    }
    if (y - x).modulus() > (x + y).modulus() / 2.0 {
        return (power(y) - power(x)).over(y - x);
    }
    let middle = ((x.log() + y.log()) * T::from_real(p / 2.0)).exponential();
    let half = (y - x).over(y + x).artanh() + (y.log() - x.log()).unwinding();
    middle * T::from_real(2.0) * scaled(half).hyperbolic_sine().over(y - x)
}

/// `(log(y) - log(x)) / (y - x)`, the divided difference.
fn difference_of_logs<T: Principal>(x: T, y: T) -> T {
    if x == y {
        return T::ONE.over(x);
    }
    let difference = y.log() - x.log();
    if (y - x).modulus() > (x + y).modulus() / 2.0 {
        return difference.over(y - x);
    }
    let half = (y - x).over(y + x).artanh() + difference.unwinding();
    (half * T::from_real(2.0)).over(y - x)
}

/// Nodes in `[0, 1]` and weights of the rule with this many nodes, by Newton's iteration.
fn gauss_legendre(count: usize) -> impl Iterator<Item = (f64, f64)> {
    (0..count).map(move |k| {
        let mut x = (std::f64::consts::PI * (k as f64 + 0.75) / (count as f64 + 0.5)).cos();
        let mut slope = 1.0;
        for _ in 0..8 {
            let (mut before, mut value) = (1.0, x);
            for degree in 1..count {
                let j = degree as f64;
                (before, value) = (value, ((2.0 * j + 1.0) * x * value - j * before) / (j + 1.0));
            }
            slope = count as f64 * (x * value - before) / (x * x - 1.0);
            x -= value / slope;
        }
        (0.5 * (1.0 - x), 1.0 / ((1.0 - x * x) * slope * slope))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_complex::Complex;

    #[test]
    fn the_rule_integrates_polynomials() {
        for count in 1..=7 {
            for degree in 0..2 * count as i32 {
                let sum: f64 = gauss_legendre(count).map(|(x, w)| w * x.powi(degree)).sum();
                assert!((sum - 1.0 / f64::from(degree + 1)).abs() < 1e-15, "{count}, {degree}");
            }
        }
    }

    #[test]
    fn divided_differences_are_right_far_and_near() {
        let c = |re: f64, im: f64| Complex { re, im };
        for (x, y) in [(c(2.0, 0.0), c(5.0, 1.0)), (c(-1.0, 0.3), c(-1.0, -0.2)), (c(1.0, 1.0), c(1.1, 1.0))]
        {
            let expected = (y.ln() - x.ln()) / (y - x);
            assert!((difference_of_logs(x, y) - expected).norm() < 1e-13);
            let expected = (y.powf(0.25) - x.powf(0.25)) / (y - x);
            assert!((difference_of_powers(x, y, 0.25) - expected).norm() < 1e-13);
            assert!((root_minus_one(x, 5) - (x.powf(1.0 / 32.0) - 1.0)).norm() < 1e-15);
        }
        let near = difference_of_logs(3.0, 3.0 * (1.0 + 1e-9));
        assert!((near - (1.0 - 0.5e-9) / 3.0).abs() < 1e-16);
        assert_eq!(difference_of_logs(4.0, 4.0), 0.25);
        assert!((difference_of_powers(4.0, 4.0, 0.5) - 0.25).abs() < 1e-16);
    }

    #[test]
    fn logarithms_of_triangles_of_two_rows_are_known() {
        for (a, b) in [(1.0, 1.0), (2.0, 1e-8), (1e-300, 1e300), (3.0, 3.0 + 1e-12)] {
            let t = ndarray::array![[a, 7.0], [0.0, b]];
            let log = logarithm(&t, &Control::default()).unwrap();
            assert_eq!((log[(0, 0)], log[(1, 1)]), (a.ln(), b.ln()));
            let expected = 7.0 * difference_of_logs(a, b);
            assert!((log[(0, 1)] - expected).abs() <= 1e-14 * expected.abs());
        }
        let singular = ndarray::array![[1.0, 2.0], [0.0, 0.0]];
        assert!(logarithm(&singular, &Control::default()).unwrap().iter().all(|x| x.is_nan()));
    }

    #[test]
    fn the_logarithm_of_a_jordan_block_is_its_series() {
        let n = 6;
        let t = Array2::from_shape_fn((n, n), |(i, j)| f64::from(u8::from(j == i || j == i + 1)));
        let log = logarithm(&t, &Control::default()).unwrap();
        for ((i, j), &x) in log.indexed_iter() {
            let k = j as f64 - i as f64;
            let expected = if k < 1.0 { 0.0 } else { (-1.0_f64).powi(k as i32 + 1) / k };
            assert!((x - expected).abs() < 1e-15, "{i} {j}: {x}");
        }
    }
}
