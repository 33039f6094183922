//! The exponential of a matrix, by scaling and squaring of Padé approximants.
//!
//! N. J. Higham, "The scaling and squaring method for the matrix exponential revisited", SIAM J.
//! Matrix Anal. Appl. 26, 2005; the scaling by the norms of powers, which are smaller than the
//! powers of the norm where the matrix is far from normal, is that of A. H. Al-Mohy and N. J.
//! Higham, "A new scaling and squaring algorithm for the matrix exponential", SIAM J. Matrix Anal.
//! Appl. 31, 2009.

use super::lu::Lu;
use super::matmul::Update;
use super::products::Blas;
use super::solve::size_of_square;
use crate::scalar::{Field, Real};
use crate::{Control, Error, threads};
use ndarray::{Array2, ArrayView2, ArrayViewD, Zip};

/// An approximant: its degree, the largest norm for which it is right to double precision, the
/// largest one for single precision, and the coefficients of its numerator.
struct Pade {
    degree: i32,
    double: f64,
    single: f64,
    numerator: &'static [f64],
}

const APPROXIMANTS: [Pade; 5] = [
    Pade {
        degree: 3,
        double: 1.495_585_217_958_292e-2,
        single: 4.258_730_016_922_831e-1,
        numerator: &[120.0, 60.0, 12.0, 1.0],
    },
    Pade {
        degree: 5,
        double: 2.539_398_330_063_23e-1,
        single: 1.880_152_677_804_762,
        numerator: &[30_240.0, 15_120.0, 3_360.0, 420.0, 30.0, 1.0],
    },
    Pade {
        degree: 7,
        double: 9.504_178_996_162_932e-1,
        single: 3.925_724_783_138_66,
        numerator: &[17_297_280.0, 8_648_640.0, 1_995_840.0, 277_200.0, 25_200.0, 1_512.0, 56.0, 1.0],
    },
    Pade {
        degree: 9,
        double: 2.097_847_961_257_068,
        single: 0.0,
        numerator: &[
            17_643_225_600.0,
            8_821_612_800.0,
            2_075_673_600.0,
            302_702_400.0,
            30_270_240.0,
            2_162_160.0,
            110_880.0,
            3_960.0,
            90.0,
            1.0,
        ],
    },
    Pade {
        degree: 13,
        // 5.37 by the paper of 2005; less by that of 2009, so that it never scales too little.
        double: 4.25,
        single: 0.0,
        numerator: &[
            64_764_752_532_480_000.0,
            32_382_376_266_240_000.0,
            7_771_770_303_897_600.0,
            1_187_353_796_428_800.0,
            129_060_195_264_000.0,
            10_559_470_521_600.0,
            670_442_572_800.0,
            33_522_128_640.0,
            1_323_241_920.0,
            40_840_800.0,
            960_960.0,
            16_380.0,
            182.0,
            1.0,
        ],
    },
];

/// About how many nanoseconds the exponentials of a stack of this shape take.
pub fn cost(a: &[usize]) -> usize {
    let n = a.last().copied().unwrap_or(0);
    let count: usize = a[..a.len().saturating_sub(2)].iter().product();
    count.saturating_mul(n * n * n + 2_000)
}

/// The exponential of each matrix of a stack, to `out`.
///
/// # Errors
///
/// [`Error::NotSquare`]; [`Error::NotFinite`] for matrices that hold NaN or infinity;
/// [`Error::Stopped`].
pub fn expm<T: Blas>(a: ArrayViewD<'_, T>, out: &mut [T], control: &Control) -> Result<(), Error> {
    let n = size_of_square(a.shape())?;
    if out.is_empty() {
        return Ok(());
    }
    super::eigh::finite(&a, n)?;
    let whole = a.as_standard_layout();
    let slices = whole.as_slice().unwrap_or_default().chunks(n * n);
    threads::for_each(control, slices.zip(out.chunks_mut(n * n)).collect(), |(a, out)| {
        if let Ok(a) = ArrayView2::from_shape((n, n), a) {
            let exponential = one(a, control)?;
            out.iter_mut().zip(&exponential).for_each(|(out, &x)| *out = x);
        }
        Ok(())
    })
}

fn multiply<T: Blas>(a: &Array2<T>, b: &Array2<T>, control: &Control) -> Result<Array2<T>, Error> {
    let mut c = Array2::from_elem(a.dim(), T::ZERO);
    T::product(a.view(), b.view(), c.view_mut(), Update::Assign, control)?;
    Ok(c)
}

/// The largest sum of magnitudes of a column.
fn norm<T: Blas>(a: &Array2<T>) -> f64 {
    let mut sums = vec![0.0; a.ncols()];
    for row in a.rows() {
        sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += x.magnitude().to_f64());
    }
    sums.into_iter().fold(0.0, f64::max)
}

fn one<T: Blas>(a: ArrayView2<'_, T>, control: &Control) -> Result<Array2<T>, Error> {
    let single = <T as Field>::Real::EPSILON.to_f64() > 1e-10;
    let bound = |pade: &Pade| if single { pade.single } else { pade.double };
    let mut a = a.to_owned();
    // First out of the way of overflow: the sixth power of what follows is finite.
    let (size, most) = (norm(&a), 2.0_f64.powi(if single { 20 } else { 160 }));
    let beforehand = if size > most { exponent(size / most) } else { 0 };
    scale(&mut a, beforehand);
    let square = multiply(&a, &a, control)?;
    let mut powers = vec![square];
    let root = |a: &Array2<T>, degree: i32| norm(a).powf(1.0 / f64::from(degree));
    let mut squarings = beforehand;
    let largest = if single { &APPROXIMANTS[2] } else { &APPROXIMANTS[4] };
    let fourth = multiply(&powers[0], &powers[0], control)?;
    let sixth = multiply(&fourth, &powers[0], control)?;
    let (d4, d6) = (root(&fourth, 4), root(&sixth, 6));
    powers.extend([fourth, sixth]);
    // No power beyond the sixth grows faster than these two together.
    let growth = d4.max(d6);
    let mut chosen = largest;
    if beforehand == 0 {
        let fits = |pade: &&Pade| growth <= bound(pade) && extra(&a, pade.degree, single) == 0;
        chosen = APPROXIMANTS.iter().filter(|pade| bound(pade) > 0.0).find(fits).unwrap_or(largest);
    }
    let mut again = if growth > bound(chosen) { exponent(growth / bound(chosen)) } else { 0 };
    let mut scaled = a.clone();
    scale(&mut scaled, again);
    again += extra(&scaled, chosen.degree, single);
    scale(&mut a, again);
    for (power, exponent) in powers.iter_mut().zip([2, 4, 6]) {
        scale(power, again * exponent);
    }
    squarings += again;
    if chosen.degree == 9 {
        powers.push(multiply(&powers[2], &powers[0], control)?);
    }
    let mut result = approximate(&a, &powers, chosen.numerator, control)?;
    for _ in 0..squarings {
        result = multiply(&result, &result, control)?;
    }
    Ok(result)
}

/// The least power of two that is at least `x`, as its exponent; `x` is positive.
fn exponent(x: f64) -> i32 {
    x.log2().ceil().max(0.0) as i32
}

/// `a` divided by a power of two.
fn scale<T: Blas>(a: &mut Array2<T>, power: i32) {
    if power != 0 {
        a.iter_mut().for_each(|x| *x = x.times_power_of_two(-power));
    }
}

/// How often more the matrix must be halved, since rounding grows with `|A|` and not with `A`
/// (Al-Mohy and Higham, equation 3.8).
fn extra<T: Blas>(a: &Array2<T>, degree: i32, single: bool) -> i32 {
    let size = norm(a);
    if size == 0.0 {
        return 0;
    }
    let mut sums = vec![1.0; a.nrows()];
    let mut log = 0.0;
    for _ in 0..2 * degree + 1 {
        let mut next = vec![0.0; a.ncols()];
        for (row, &sum) in a.rows().into_iter().zip(&sums) {
            next.iter_mut().zip(row).for_each(|(next, x)| *next += sum * x.magnitude().to_f64());
        }
        let most = next.iter().copied().fold(0.0, f64::max);
        if most == 0.0 {
            return 0;
        }
        next.iter_mut().for_each(|x| *x /= most);
        log += most.log2();
        sums = next;
    }
    // 1 / |c| = binomial(2m, m) (2m + 1)!
    let m = f64::from(degree);
    let factorial = (2..=2 * degree + 1).map(|k| f64::from(k).log2()).sum::<f64>();
    let binomial = (1..=degree).map(|k| ((m + f64::from(k)) / f64::from(k)).log2()).sum::<f64>();
    let unit = if single { -24.0 } else { -53.0 };
    let alpha = log - size.log2() - factorial - binomial;
    ((alpha - unit) / (2.0 * m)).ceil().max(0.0) as i32
}

/// `(V - U)^-1 (V + U)`, where `U` holds the odd and `V` the even powers of the numerator.
fn approximate<T: Blas>(
    a: &Array2<T>,
    powers: &[Array2<T>],
    numerator: &[f64],
    control: &Control,
) -> Result<Array2<T>, Error> {
    let sum = |from: usize, start: usize| {
        let mut sum = Array2::from_elem(a.dim(), T::ZERO);
        let coefficients = numerator.iter().skip(from).step_by(2);
        for (power, &b) in powers.iter().zip(coefficients.skip(start)) {
            let b = T::from_real(<T as Field>::Real::from_f64(b));
            Zip::from(&mut sum).and(power).for_each(|sum, &x| *sum += b * x);
        }
        sum
    };
    let with_identity = |mut matrix: Array2<T>, b: f64| {
        matrix.diag_mut().iter_mut().for_each(|x| *x += T::from_real(<T as Field>::Real::from_f64(b)));
        matrix
    };
    let (mut odd, mut even) =
        (with_identity(sum(1, 1), numerator[1]), with_identity(sum(0, 1), numerator[0]));
    if numerator.len() == 14 {
        // The high powers are the sixth times low ones.
        T::product(powers[2].view(), sum(1, 4).view(), odd.view_mut(), Update::Add, control)?;
        T::product(powers[2].view(), sum(0, 4).view(), even.view_mut(), Update::Add, control)?;
    }
    let odd = multiply(a, &odd, control)?;
    let (mut right, mut left) = (even.clone(), even);
    Zip::from(&mut right).and(&odd).for_each(|x, &u| *x += u);
    Zip::from(&mut left).and(&odd).for_each(|x, &u| *x -= u);
    Lu::factor(left.view(), control)?.solve(right.view_mut(), control)?;
    Ok(right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_complex::Complex;

    fn exponential<T: Blas>(n: usize, a: Vec<T>) -> Vec<T> {
        let mut out = vec![T::ZERO; n * n];
        let a = ndarray::ArrayD::from_shape_vec(vec![n, n], a).unwrap();
        expm(a.view(), &mut out, &Control::default()).unwrap();
        out
    }

    #[test]
    fn diagonals_nilpotents_and_turns_have_known_exponentials() {
        for x in [0.0, 1e-9, 1e-3, 0.1, 0.9, 2.0, 5.0, 40.0, -30.0_f64] {
            let e = exponential(2, vec![x, 0.0, 0.0, -x]);
            assert!((e[0] / x.exp() - 1.0).abs() < 1e-14 * x.abs().max(1.0), "{x}");
            let turn = exponential(2, vec![0.0, -x, x, 0.0]);
            assert!((turn[0] - x.cos()).abs() < 1e-14 * x.abs().max(1.0), "{x}");
            assert!((turn[2] - x.sin()).abs() < 1e-14 * x.abs().max(1.0), "{x}");
            let jordan = exponential(3, vec![0.0, x, 0.0, 0.0, 0.0, x, 0.0, 0.0, 0.0]);
            let (first, second) = ((jordan[1] - x).abs(), (jordan[2] - x * x / 2.0).abs());
            assert!(first <= 1e-14 * x.abs() && second <= 1e-14 * x * x, "{x}: {jordan:?}");
        }
    }

    #[test]
    fn a_matrix_far_from_normal_is_not_scaled_too_much() {
        // The example of Al-Mohy and Higham: exp = [e, b (e - 1/e) / 2; 0, 1/e].
        let b = 1e7;
        let e = exponential(2, vec![1.0, b, 0.0, -1.0]);
        let exact = b * 1.0_f64.sinh();
        assert!((e[1] / exact - 1.0).abs() < 1e-14, "{}", e[1] / exact - 1.0);
        assert!((e[0] / 1.0_f64.exp() - 1.0).abs() < 1e-14);
    }

    #[test]
    fn complex_and_single_precision_agree_with_the_series() {
        let z = Complex { re: 0.3, im: 2.0 };
        let e = exponential(1, vec![z]);
        assert!((e[0] - z.exp()).norm() < 1e-14);
        let small = exponential(2, vec![0.1_f32, 0.2, 0.3, 0.4]);
        let large = exponential(2, vec![0.1_f64, 0.2, 0.3, 0.4]);
        assert!(small.iter().zip(&large).all(|(&x, y)| (f64::from(x) - y).abs() < 5e-7));
    }
}
