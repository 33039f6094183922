//! Edges, and that one number, a slice, float32 and threads agree. Accuracy is tested against
//! mpmath in `tests/test_special_accuracy.py`.

use super::*;
use crate::simd::at_every_level;
use std::f64::consts::{FRAC_PI_2, PI};

const EDGES: [f64; 24] = [
    0.0,
    -0.0,
    5e-324,
    -5e-324,
    2.2e-308,
    1e-20,
    0.1,
    0.25,
    0.5,
    0.75,
    1.0,
    -1.0,
    3.0,
    -37.5,
    700.0,
    709.9,
    -745.2,
    1e6,
    -1e7,
    1e154,
    -1e300,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
];

fn same_bits(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

fn a_slice_has_the_bits_of_its_elements<F: Elementwise>(function: F) {
    let x: Vec<f64> = EDGES.into_iter().chain((0..40_001).map(|i| f64::from(i) / 1e3 - 20.0)).collect();
    at_every_level(|level| {
        let mut out = vec![0.0; x.len()];
        threads::with_threads(2, || function.map(&x, &mut out, &Control::default())).unwrap();
        for (&x, &y) in x.iter().zip(&out) {
            assert!(same_bits(function.at(x), y), "{} at {x}, {level:?}", F::NAME);
        }
        let narrow: Vec<f32> = x.iter().map(|&x| x as f32).collect();
        let mut rounded = vec![0.0_f32; x.len()];
        function.map(&narrow, &mut rounded, &Control::default()).unwrap();
        for (&x, &y) in narrow.iter().zip(&rounded) {
            assert!(same_bits(f64::from(function.at(x.into()) as f32), y.into()), "{} at {x}", F::NAME);
        }
    });
}

macro_rules! slices {
    ($($name:ident $Function:ident;)+) => { $(
        #[test]
        fn $name() {
            a_slice_has_the_bits_of_its_elements($Function);
        }
    )+ };
}

slices! {
    slices_of_exp_are_its_values Exp;
    slices_of_log_are_its_values Log;
    slices_of_expm1_are_its_values Expm1;
    slices_of_log1p_are_its_values Log1p;
    slices_of_sqrt_are_its_values Sqrt;
    slices_of_sin_are_its_values Sin;
    slices_of_cos_are_its_values Cos;
    slices_of_tan_are_its_values Tan;
    slices_of_arcsin_are_its_values Arcsin;
    slices_of_arccos_are_its_values Arccos;
    slices_of_arctan_are_its_values Arctan;
    slices_of_sinh_are_its_values Sinh;
    slices_of_cosh_are_its_values Cosh;
    slices_of_tanh_are_its_values Tanh;
    slices_of_arcsinh_are_its_values Arcsinh;
    slices_of_arccosh_are_its_values Arccosh;
    slices_of_arctanh_are_its_values Arctanh;
    slices_of_erf_are_its_values Erf;
    slices_of_erfc_are_its_values Erfc;
    slices_of_ndtr_are_its_values Ndtr;
    slices_of_ndtri_are_its_values Ndtri;
    slices_of_log_ndtr_are_its_values LogNdtr;
}

/// Checks pairs of a value and what it must be, to the bit, at every level.
fn at_the_edge<const N: usize>(cases: impl Fn() -> [(f64, f64); N]) {
    at_every_level(|level| {
        for (which, (got, expected)) in cases().into_iter().enumerate() {
            assert!(same_bits(got, expected), "case {which}: {got} is not {expected}, {level:?}");
        }
    });
}

#[test]
fn edges_of_exponentials_and_circular_functions_are_their_limits() {
    let inf = f64::INFINITY;
    at_the_edge(|| {
        [
            (Exp.at(0.0), 1.0),
            (Exp.at(inf), inf),
            (Exp.at(-inf), 0.0),
            (Exp.at(709.782_712_893_384), 1.797_693_134_862_273_2e308),
            (Exp.at(709.782_712_893_385), inf),
            (Exp.at(-745.133_219_101_941_1), 5e-324),
            (Exp.at(-745.133_219_101_941_2), 0.0),
            (Log.at(1.0), 0.0),
            (Log.at(0.0), -inf),
            (Log.at(-0.0), -inf),
            (Log.at(inf), inf),
            (Log.at(5e-324), -744.440_071_921_381_2),
            (Log.at(-1.0), f64::NAN),
            (Log.at(-inf), f64::NAN),
            (Expm1.at(-inf), -1.0),
            (Expm1.at(-0.0), -0.0),
            (Expm1.at(inf), inf),
            (Log1p.at(-1.0), -inf),
            (Log1p.at(-0.0), -0.0),
            (Log1p.at(inf), inf),
            (Log1p.at(-1.5), f64::NAN),
            (Sqrt.at(-0.0), -0.0),
            (Sqrt.at(-1.0), f64::NAN),
            (Sin.at(-0.0), -0.0),
            (Sin.at(inf), f64::NAN),
            (Cos.at(-0.0), 1.0),
            (Tan.at(-0.0), -0.0),
            (Arcsin.at(1.0), FRAC_PI_2),
            (Arcsin.at(-0.0), -0.0),
            (Arcsin.at(1.1), f64::NAN),
            (Arccos.at(1.0), 0.0),
            (Arccos.at(-1.0), PI),
            (Arccos.at(-inf), f64::NAN),
            (Arctan.at(-inf), -FRAC_PI_2),
            (Arctan.at(-0.0), -0.0),
        ]
    });
}

#[test]
fn edges_of_hyperbolic_and_error_functions_are_their_limits() {
    let inf = f64::INFINITY;
    at_the_edge(|| {
        [
            (Sinh.at(-inf), -inf),
            (Sinh.at(-0.0), -0.0),
            (Cosh.at(-inf), inf),
            (Tanh.at(-inf), -1.0),
            (Tanh.at(-0.0), -0.0),
            (Arcsinh.at(-inf), -inf),
            (Arcsinh.at(-0.0), -0.0),
            (Arccosh.at(1.0), 0.0),
            (Arccosh.at(inf), inf),
            (Arccosh.at(0.9), f64::NAN),
            (Arctanh.at(-1.0), -inf),
            (Arctanh.at(-0.0), -0.0),
            (Arctanh.at(1.1), f64::NAN),
            (Erf.at(-0.0), -0.0),
            (Erf.at(inf), 1.0),
            (Erf.at(-inf), -1.0),
            (Erf.at(5e-324), 5e-324),
            (Erfc.at(0.0), 1.0),
            (Erfc.at(inf), 0.0),
            (Erfc.at(-inf), 2.0),
            (Ndtr.at(0.0), 0.5),
            (Ndtr.at(inf), 1.0),
            (Ndtr.at(-inf), 0.0),
            (LogNdtr.at(inf), 0.0),
            (LogNdtr.at(-inf), -inf),
            (LogNdtr.at(-1e200), -inf),
            (Ndtri.at(0.5), 0.0),
            (Ndtri.at(0.0), -inf),
            (Ndtri.at(1.0), inf),
            (Ndtri.at(-0.1), f64::NAN),
            (Ndtri.at(1.1), f64::NAN),
        ]
    });
}

#[test]
fn of_nan_all_are_nan() {
    at_every_level(|_| {
        let nan = f64::NAN;
        let values = [
            Exp.at(nan),
            Log.at(nan),
            Expm1.at(nan),
            Log1p.at(nan),
            Sqrt.at(nan),
            Sin.at(nan),
            Cos.at(nan),
            Tan.at(nan),
            Arcsin.at(nan),
            Arccos.at(nan),
            Arctan.at(nan),
            Sinh.at(nan),
            Cosh.at(nan),
            Tanh.at(nan),
            Arcsinh.at(nan),
            Arccosh.at(nan),
            Arctanh.at(nan),
            Erf.at(nan),
            Erfc.at(nan),
            Ndtr.at(nan),
            Ndtri.at(nan),
            LogNdtr.at(nan),
        ];
        assert!(values.iter().all(|value| value.is_nan()), "{values:?}");
    });
}

#[test]
fn lengths_that_differ_are_refused() {
    let error = Exp.map(&[1.0, 2.0], &mut [0.0], &Control::default()).unwrap_err();
    assert_eq!(error.to_string(), "out: expected 2 elements, as many as `x` has, got shape (1,)");
}
