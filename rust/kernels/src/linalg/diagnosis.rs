//! What can be said of a matrix before anything is asked of it: condition, rank, symmetry,
//! definiteness, scaling, and what to do.
//!
//! Scaling that makes the largest elements of all rows and columns alike: D. Ruiz, "A scaling
//! algorithm to equilibrate both rows and columns norms in matrices", RAL-TR-2001-034, 2001, which
//! leaves symmetric matrices symmetric.

use super::columns::Column;
use super::definite::is_definite;
use super::options::NanPolicy;
use super::svd::{Driver, Options, Side, each};
use super::symmetric::Symmetric;
use crate::scalar::{Real, Scalar};
use crate::{Control, Error};
use ndarray::{Array2, ArrayView2, ArrayViewD};
use std::sync::Mutex;

/// Rounds of scaling; each takes the square root of what differs.
const ROUNDS: usize = 12;

/// What is known of a matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnosis {
    /// Singular values that are not negligible.
    pub rank: usize,
    /// The condition number: the largest singular value over the smallest; infinite where that is
    /// zero.
    pub condition: f64,
    /// The condition number after rows and columns were scaled.
    pub scaled_condition: f64,
    /// The largest row over the smallest that is not zero, by their largest elements.
    pub row_spread: f64,
    /// The same of the columns.
    pub column_spread: f64,
    /// How large `a - a^H` is beside `a`; infinite where the matrix is not square.
    pub asymmetry: f64,
    /// What the signs of the eigenvalues are, of symmetric matrices.
    pub definiteness: Option<&'static str>,
    /// What to do.
    pub advice: Vec<String>,
}

/// Looks at a matrix.
///
/// # Errors
///
/// [`Error::NotMatrix`] for stacks, and where there are no elements; [`Error::NotFinite`];
/// [`Error::NotConverged`]; [`Error::Stopped`].
pub fn diagnose<T: Symmetric>(a: ArrayViewD<'_, T>, control: &Control) -> Result<Diagnosis, Error> {
    let refused = |expected: &str| Error::NotMatrix {
        argument: "a",
        expected: expected.into(),
        got: a.shape().to_vec(),
    };
    let (m, n) = match *a.shape() {
        [m, n] if m * n > 0 => (m, n),
        [_, _] => return Err(refused("a matrix that has elements")),
        _ => return Err(refused("one matrix (of a stack report each)")),
    };
    NanPolicy::Raise.unfit(&a, m * n)?;
    let Ok(a) = a.view().into_dimensionality() else { return Err(refused("one matrix")) };
    let (scaled, spreads) = equilibrated(a);
    let values = singular_values(a, control)?;
    let largest = values.first().copied().unwrap_or_default();
    let negligible = largest * T::Real::EPSILON * T::Real::from_f64(m.max(n) as f64);
    let asymmetry = asymmetry(a);
    let mut told = Diagnosis {
        rank: values.iter().filter(|&&value| value > negligible).count(),
        condition: condition(&values),
        scaled_condition: condition(&singular_values(scaled.view(), control)?),
        row_spread: spreads[0],
        column_spread: spreads[1],
        asymmetry,
        definiteness: if asymmetry == 0.0 { Some(definiteness(a, control)?) } else { None },
        advice: vec![],
    };
    told.advice = advice(&told, (m, n), T::Real::EPSILON.to_f64());
    Ok(told)
}

/// Singular values, descending.
fn singular_values<T: Column>(a: ArrayView2<'_, T>, control: &Control) -> Result<Vec<T::Real>, Error> {
    let options = Options { driver: Driver::Auto, side: Side::None, hermitian: false, rule: false };
    let values = Mutex::new(vec![]);
    each(&a.into_dyn(), options, control, |_, found| {
        *values.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = found.values;
        Ok(())
    })?;
    Ok(values.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
}

fn condition<R: Real>(values: &[R]) -> f64 {
    let (first, last) = (values.first().copied(), values.last().copied());
    let (Some(first), Some(last)) = (first, last) else { return f64::INFINITY };
    if last > <R as Scalar>::ZERO { (first / last).to_f64() } else { f64::INFINITY }
}

/// The matrix with rows and columns scaled by powers of two until their largest elements are alike,
/// and how much those of the rows and of the columns differed.
fn equilibrated<T: Column>(a: ArrayView2<'_, T>) -> (Array2<T>, [f64; 2]) {
    let zero = <T::Real as Scalar>::ZERO;
    let mut scaled = a.to_owned();
    let sizes = |a: &Array2<T>, axis: usize| -> Vec<T::Real> {
        let lines = a.lanes(ndarray::Axis(1 - axis));
        let size = |line: ndarray::ArrayView1<'_, T>| {
            line.iter().map(|x| x.magnitude()).fold(zero, |m, x| if x > m { x } else { m })
        };
        lines.into_iter().map(size).collect()
    };
    let spread = |sizes: &[T::Real]| {
        let some = || sizes.iter().filter(|&&size| size > zero).map(|size| size.to_f64());
        some().fold(0.0, f64::max) / some().fold(f64::INFINITY, f64::min)
    };
    let spreads = [0, 1].map(|axis| spread(&sizes(&scaled, axis)));
    for _ in 0..ROUNDS {
        let powers = [0, 1].map(|axis| {
            let power = |size: &T::Real| if *size > zero { -size.exponent().div_euclid(2) } else { 0 };
            sizes(&scaled, axis).iter().map(power).collect::<Vec<i32>>()
        });
        if powers.iter().flatten().all(|&power| power == 0) {
            break;
        }
        for ((i, j), x) in scaled.indexed_iter_mut() {
            *x = x.times_power_of_two(powers[0][i] + powers[1][j]);
        }
    }
    (scaled, spreads)
}

/// The largest element of `a - a^H`, beside that of `a`.
fn asymmetry<T: Column>(a: ArrayView2<'_, T>) -> f64 {
    if a.nrows() != a.ncols() {
        return f64::INFINITY;
    }
    let zero = <T::Real as Scalar>::ZERO;
    let larger = |m: T::Real, x: T::Real| if x > m { x } else { m };
    let largest = a.iter().map(|x| x.magnitude()).fold(zero, larger);
    // Halves, so that no difference overflows.
    let half = |x: T| x.times_power_of_two(-1);
    let worst = a.indexed_iter().map(|((i, j), &x)| (half(x) - half(a[(j, i)].conj())).magnitude());
    let worst = worst.fold(zero, larger);
    if worst > zero { 2.0 * (worst / largest).to_f64() } else { 0.0 }
}

/// What the signs of the eigenvalues are; rounding errors count as zero.
fn definiteness<T: Symmetric>(a: ArrayView2<'_, T>, control: &Control) -> Result<&'static str, Error> {
    let n = a.nrows();
    let mut elements: Vec<T> = a.iter().copied().collect();
    if is_definite(n, &elements, control)? {
        return Ok("positive definite");
    }
    elements.iter_mut().for_each(|x| *x = -*x);
    if is_definite(n, &elements, control)? {
        return Ok("negative definite");
    }
    let values = T::values(n, &mut elements, control)?;
    let (zero, noise) = (<T::Real as Scalar>::ZERO, T::Real::EPSILON * T::Real::from_f64(n as f64));
    let largest = values.iter().fold(zero, |m, x| if x.abs() > m { x.abs() } else { m });
    let any =
        |sign: bool| values.iter().any(|&x| if sign { x > noise * largest } else { -x > noise * largest });
    // Of the negated matrix.
    Ok(match (any(false), any(true)) {
        (true, true) => "indefinite",
        (true, false) => "positive semidefinite",
        (false, true) => "negative semidefinite",
        (false, false) => "zero",
    })
}

/// Two digits and the exponent, as Python prints them.
fn short(x: f64) -> String {
    let text = format!("{x:.1e}");
    match text.split_once('e').map(|(digits, power)| (digits, power.parse::<i32>())) {
        Some((digits, Ok(power))) => format!("{digits}e{power:+03}"),
        _ => text,
    }
}

/// What to do, the most pressing first.
fn advice(told: &Diagnosis, (m, n): (usize, usize), epsilon: f64) -> Vec<String> {
    let mut advice = Vec::new();
    let k = m.min(n);
    let digits = -epsilon.log10();
    let lost = told.condition.log10();
    if told.condition > 1e3 && told.scaled_condition * 100.0 < told.condition {
        advice.push(format!(
            "badly scaled: the rows differ by {}, the columns by {}",
            short(told.row_spread),
            short(told.column_spread)
        ));
        let keeper = if told.definiteness == Some("positive definite") { "eigh" } else { "svd" };
        advice.push(format!(
            "scale them: the condition is then {}; or keep small values by {keeper}(driver=\"jacobi\")",
            short(told.scaled_condition)
        ));
    } else if told.rank < k {
        advice.push(format!(
            "rank {} of {k}: solutions are not unique; use lstsq or pinv, and null_space for what is lost",
            told.rank
        ));
    } else if lost > digits / 2.0 {
        advice.push(format!(
            "ill-conditioned: some {lost:.0} of {digits:.0} digits of a solution are lost; more precise data, \
             fewer unknowns or a regularised problem help"
        ));
    }
    match told.definiteness {
        Some("positive definite") => {
            advice.push("use cholesky and cho_solve, and eigh for the spectrum".into())
        }
        Some(_) => advice.push("use eigh for the spectrum, not eig".into()),
        None if told.asymmetry <= epsilon * (10 * n) as f64 => advice.push(format!(
            "symmetric but for rounding ({}): with (a + a.conj().T) / 2 eigh and cholesky are right",
            short(told.asymmetry)
        )),
        None if m != n => advice.push("not square: use lstsq for systems, svd for the spectrum".into()),
        None => {}
    }
    if advice.is_empty() {
        advice.push("nothing stands against solve".into());
    }
    advice
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_complex::Complex;

    fn told(rows: &[&[f64]]) -> Diagnosis {
        let a = Array2::from_shape_fn((rows.len(), rows[0].len()), |(i, j)| rows[i][j]);
        diagnose(a.view().into_dyn(), &Control::default()).unwrap()
    }

    #[test]
    fn known_matrices_are_known() {
        let a = told(&[&[2.0, 1.0], &[1.0, 2.0]]);
        assert_eq!((a.rank, a.definiteness, a.asymmetry), (2, Some("positive definite"), 0.0));
        assert!((a.condition - 3.0).abs() < 1e-14);
        assert!(a.advice[0].contains("cholesky"));
        assert_eq!(told(&[&[-2.0, 1.0], &[1.0, -2.0]]).definiteness, Some("negative definite"));
        assert_eq!(told(&[&[0.0, 1.0], &[1.0, 0.0]]).definiteness, Some("indefinite"));
        assert_eq!(told(&[&[1.0, 1.0], &[1.0, 1.0]]).definiteness, Some("positive semidefinite"));
        assert_eq!(told(&[&[-1.0, 1.0], &[1.0, -1.0]]).definiteness, Some("negative semidefinite"));
        assert_eq!(told(&[&[0.0, 0.0], &[0.0, 0.0]]).definiteness, Some("zero"));
        let flat = told(&[&[1.0, 2.0], &[2.0, 4.0], &[3.0, 6.0]]);
        assert_eq!((flat.rank, flat.asymmetry), (1, f64::INFINITY));
        assert!(flat.advice[0].contains("rank 1 of 2") && flat.advice[1].contains("lstsq"));
    }

    #[test]
    fn bad_scaling_is_told_from_bad_condition() {
        let scaled = told(&[&[1.0, 2e-9], &[3e9, 4.0]]);
        assert!(scaled.condition > 1e15 && scaled.scaled_condition < 100.0);
        assert!(scaled.advice[0].contains("the rows differ by 3.0e+09"), "{:?}", scaled.advice);
        assert_eq!(
            (short(1.04), short(2e-100), short(f64::INFINITY)),
            ("1.0e+00".into(), "2.0e-100".into(), "inf".into())
        );
        let bad = told(&[&[1.0, 1.0], &[1.0, 1.0 + 1e-12]]);
        assert!(bad.scaled_condition > 1e11 && bad.advice[0].contains("ill-conditioned"));
        assert_eq!((scaled.row_spread, scaled.column_spread), (3e9, 7.5e8));
    }

    #[test]
    fn hermitian_matrices_and_those_that_almost_are() {
        let i = Complex { re: 0.0, im: 1.0 };
        let one = Complex { re: 1.0, im: 0.0 };
        let a = Array2::from_shape_vec((2, 2), vec![one * 2.0, i, -i, one * 2.0]).unwrap();
        let of = |a: &Array2<Complex<f64>>| diagnose(a.view().into_dyn(), &Control::default()).unwrap();
        assert_eq!(of(&a).definiteness, Some("positive definite"));
        let mut almost = a;
        almost[(0, 1)] = i * (1.0 + 1e-15);
        assert!(of(&almost).definiteness.is_none() && of(&almost).advice[0].contains("but for rounding"));
    }

    #[test]
    fn tiny_and_huge_matrices_are_judged_as_others() {
        for factor in [1e-300, 1e300] {
            let a = told(&[&[3.0 * factor, factor], &[-factor, 2.0 * factor]]);
            assert!(a.condition < 3.0 && a.scaled_condition < 3.0 && a.rank == 2);
            assert_eq!(a.advice, ["nothing stands against solve"]);
        }
    }

    #[test]
    fn what_cannot_be_judged_is_refused() {
        let refused = |a: Array2<f64>| diagnose(a.view().into_dyn(), &Control::default());
        let stack = ndarray::ArrayD::<f64>::zeros(vec![2, 2, 2]);
        assert!(matches!(diagnose(stack.view(), &Control::default()), Err(Error::NotMatrix { .. })));
        assert!(matches!(refused(Array2::zeros((0, 3))), Err(Error::NotMatrix { .. })));
        assert!(matches!(refused(Array2::from_elem((2, 2), f64::NAN)), Err(Error::NotFinite { .. })));
    }
}
