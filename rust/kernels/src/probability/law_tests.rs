//! What holds for every distribution, as tests that every family must pass at every level.

use super::distribution::{Continuous, Discrete, Distribution};
use super::evaluate::{Density, Question, ask, ask_each};
use crate::Control;
use crate::simd::at_every_level;

/// Probabilities from one tail to the other.
const PROBABILITIES: [f64; 13] =
    [1e-300, 1e-100, 1e-20, 1e-8, 1e-3, 0.1, 0.4, 0.5, 0.75, 0.9, 0.999, 1.0 - 1e-8, 1.0 - 1e-14];

/// The answers of `d` about `x`.
fn all<D: Density>(d: D, question: Question, x: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; x.len()];
    ask(d, question, x, &mut out, &Control::default()).unwrap();
    out
}

fn one<D: Density>(d: D, question: Question, x: f64) -> f64 {
    all(d, question, &[x])[0]
}

/// Every law of a continuous family, for its examples.
pub fn continuous<D: Continuous + Density + std::fmt::Debug>() {
    at_every_level(|_| {
        for d in D::examples() {
            shared(d);
            inverses_undo(d);
            integrals(d);
        }
    });
}

/// Every law of a discrete family, for its examples.
pub fn discrete<D: Discrete + Density + std::fmt::Debug>() {
    at_every_level(|_| {
        for d in D::examples() {
            shared(d);
            quantiles_are_the_smallest(d);
            sums(d);
        }
    });
}

/// Laws of densities and probabilities alike.
fn shared<D: Density + std::fmt::Debug>(d: D) {
    assert_eq!(d.check(), Ok(()));
    let mut x = all(d, Question::Ppf, &PROBABILITIES);
    x.extend([f64::NEG_INFINITY, -3.0, -1.0, -0.5, 0.0, 0.25, 0.5, 1.0, 2.0, 3.5, 1e3, f64::INFINITY]);
    x.sort_by(f64::total_cmp);
    let ask = |question| all(d, question, &x);
    let (cdf, sf, density) = (ask(Question::Cdf), ask(Question::Sf), ask(Question::Density));
    assert!(cdf.is_sorted() && sf.iter().rev().is_sorted(), "{d:?}");
    assert!(cdf.iter().chain(&sf).all(|p| (0.0..=1.0).contains(p)), "{d:?}");
    assert!(cdf.iter().zip(&sf).all(|(p, q)| (p + q - 1.0).abs() < 1e-14), "{d:?}");
    assert!(density.iter().all(|&p| p >= 0.0), "{d:?}");
    for (logarithm, plain) in
        [(Question::LogDensity, density), (Question::Logcdf, cdf.clone()), (Question::Logsf, sf.clone())]
    {
        for (x, (log, value)) in x.iter().zip(ask(logarithm).into_iter().zip(plain)) {
            // exp turns the rounding of a large logarithm into a relative error of that size.
            let allowed = 1e-13 + 4e-16 * log.abs().min(800.0);
            assert!(
                (log.exp() - value).abs() <= allowed * value + 1e-307,
                "{d:?} at {x}: {logarithm:?} {log}, {value}"
            );
        }
    }
    assert_eq!((cdf[0], sf[0]), (0.0, 1.0), "{d:?}");
    assert_eq!((cdf[cdf.len() - 1], sf[sf.len() - 1]), (1.0, 0.0), "{d:?}");
    let questions = [
        Question::Density,
        Question::LogDensity,
        Question::Cdf,
        Question::Logcdf,
        Question::Sf,
        Question::Logsf,
        Question::Ppf,
        Question::Isf,
    ];
    for question in questions {
        assert!(one(d, question, f64::NAN).is_nan(), "{d:?} {question:?}");
        same_for_each(d, question, &x);
    }
    for question in [Question::Ppf, Question::Isf] {
        assert!(all(d, question, &[-0.1, 1.1, f64::INFINITY]).iter().all(|x| x.is_nan()), "{d:?}");
    }
    assert!(d.kl(d).abs() < 1e-15, "{d:?}");
    assert!(D::examples().into_iter().all(|other| d.kl(other) >= 0.0), "{d:?}");
}

/// One distribution for all elements, and the same one for each, in f64 and in f32.
fn same_for_each<D: Density>(d: D, question: Question, x: &[f64]) {
    let mut out = vec![0.0; x.len()];
    ask_each(|_| d, question, x, &mut out, &Control::default()).unwrap();
    for (each, one) in out.iter().zip(all(d, question, x)) {
        let same = each.to_bits() == one.to_bits() || (each.is_nan() && one.is_nan());
        assert!(same || (each - one).abs() <= 1e-15 * one.abs(), "{question:?}: {each}, {one}");
    }
    let narrow: Vec<f32> = x.iter().map(|&x| x as f32).collect();
    let wide: Vec<f64> = narrow.iter().map(|&x| f64::from(x)).collect();
    let mut out = vec![0.0_f32; x.len()];
    ask(d, question, &narrow, &mut out, &Control::default()).unwrap();
    for (narrow, wide) in out.iter().zip(all(d, question, &wide)) {
        assert!(*narrow == wide as f32 || (narrow.is_nan() && wide.is_nan()));
    }
}

fn inverses_undo<D: Continuous + Density + std::fmt::Debug>(d: D) {
    for (inverse, question) in [(Question::Ppf, Question::Cdf), (Question::Isf, Question::Sf)] {
        for p in PROBABILITIES {
            let x = one(d, inverse, p);
            let back = one(d, question, x);
            // A rounded x moves the probability by density times its last digit.
            let step = 4.0 * f64::EPSILON * x.abs() * one(d, Question::Density, x);
            assert!((back - p).abs() <= 4e-14 * p + step, "{d:?} {inverse:?} of {p}: {x}, back {back}");
        }
    }
    let median = one(d, Question::Ppf, 0.5);
    assert!((one(d, Question::Cdf, median) - 0.5).abs() < 1e-14, "{d:?}");
}

fn quantiles_are_the_smallest<D: Discrete + Density + std::fmt::Debug>(d: D) {
    for p in PROBABILITIES {
        let x = one(d, Question::Ppf, p);
        assert!(one(d, Question::Cdf, x) >= p && one(d, Question::Cdf, x - 1.0) < p, "{d:?} {p}");
        let x = one(d, Question::Isf, p);
        assert!(one(d, Question::Sf, x) <= p && one(d, Question::Sf, x - 1.0) > p, "{d:?} {p}");
    }
}

/// Total, moments and entropy, by quadrature of the density between quantiles.
fn integrals<D: Continuous + Density + std::fmt::Debug>(d: D) {
    let mut borders = vec![one(d, Question::Ppf, 1e-18)];
    borders.extend((1..100).map(|i| one(d, Question::Ppf, f64::from(i) / 100.0)));
    borders.extend([1e-3, 1e-5, 1e-8, 1e-12, 1e-18].map(|q| one(d, Question::Isf, q)));
    borders.extend([1e-3, 1e-5, 1e-8, 1e-12].map(|p| one(d, Question::Ppf, p)));
    borders.sort_by(f64::total_cmp);
    let expect = |f: &dyn Fn(f64) -> f64| -> f64 {
        borders
            .windows(2)
            .map(|border| gauss(border[0], border[1], |x| f(x) * one(d, Question::Density, x)))
            .sum()
    };
    assert!((expect(&|_| 1.0) - 1.0).abs() < 1e-12, "{d:?}: the density integrates to {}", expect(&|_| 1.0));
    let (mean, std) = (d.mean(), d.var().sqrt());
    let standard = |power| expect(&|x| ((x - mean) / std).powi(power));
    moments_agree(d, [1, 2, 3, 4].map(standard), expect(&|x| -one(d, Question::LogDensity, x)));
    let top = one(d, Question::Density, d.mode());
    assert!(borders.iter().all(|&x| one(d, Question::Density, x) <= top * (1.0 + 1e-15)), "{d:?}");
}

fn moments_agree<D: Distribution + std::fmt::Debug>(d: D, standard: [f64; 4], entropy: f64) {
    let [first, second, third, fourth] = standard;
    assert!(first.abs() < 1e-10, "{d:?}: mean {first}");
    assert!((second - 1.0).abs() < 1e-10, "{d:?}: variance {second}");
    assert!((third - d.skewness()).abs() < 1e-8, "{d:?}: skewness {third}");
    assert!((fourth - 3.0 - d.kurtosis()).abs() < 1e-7, "{d:?}: kurtosis {fourth}");
    assert!((entropy - d.entropy()).abs() < 1e-10 * (1.0 + entropy.abs()), "{d:?}: entropy {entropy}");
}

/// The integral of `f` from `a` to `b`, by five nodes of Gauss and Legendre in each quarter.
fn gauss(a: f64, b: f64, f: impl Fn(f64) -> f64) -> f64 {
    const NODES: [(f64, f64); 5] = [
        (0.0, 0.568_888_888_888_888_9),
        (0.538_469_310_105_683, 0.478_628_670_499_366_5),
        (-0.538_469_310_105_683, 0.478_628_670_499_366_5),
        (0.906_179_845_938_664, 0.236_926_885_056_189_1),
        (-0.906_179_845_938_664, 0.236_926_885_056_189_1),
    ];
    let quarter = |i: i32| {
        let (low, high) = (a + (b - a) * f64::from(i) / 4.0, a + (b - a) * f64::from(i + 1) / 4.0);
        let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
        NODES.iter().map(|(node, weight)| weight * half * f(middle + half * node)).sum::<f64>()
    };
    (0..4).map(quarter).sum()
}

/// Total and moments, as sums over the values that have a probability.
fn sums<D: Discrete + Density + std::fmt::Debug>(d: D) {
    let (low, high) = (one(d, Question::Ppf, 1e-300) - 1.0, one(d, Question::Isf, 1e-300) + 1.0);
    let mut values = vec![low];
    while values[values.len() - 1] < high {
        values.push(values[values.len() - 1] + 1.0);
    }
    let expect =
        |f: &dyn Fn(f64) -> f64| -> f64 { values.iter().map(|&x| f(x) * one(d, Question::Density, x)).sum() };
    assert!((expect(&|_| 1.0) - 1.0).abs() < 1e-14, "{d:?}");
    assert!(values.iter().all(|x| one(d, Question::Density, x + 0.5) == 0.0), "{d:?}");
    assert!((expect(&|x| x) - d.mean()).abs() < 1e-13, "{d:?}");
    if d.var() > 1e-200 {
        let standard = |power| expect(&|x| ((x - d.mean()) / d.var().sqrt()).powi(power));
        let surprise = |x| match one(d, Question::LogDensity, x) {
            f64::NEG_INFINITY => 0.0,
            log => -log,
        };
        moments_agree(d, [1, 2, 3, 4].map(standard), expect(&surprise));
    }
    let top = one(d, Question::Density, d.mode());
    assert!(values.iter().all(|&x| one(d, Question::Density, x) <= top), "{d:?}");
}
