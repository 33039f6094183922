//! What all solvers must agree on, at every level of the CPU.

use super::*;
use crate::Control;
use crate::simd::at_every_level;
use crate::threads;
use ndarray::{Array2, ArrayView2};

/// Rows that vary much along a few directions, far from zero.
fn wave<T: Real>(n: usize, p: usize) -> Array2<T> {
    Array2::from_shape_fn((n, p), |(i, j)| {
        let (i, j) = (i as f64, j as f64);
        let strong = 5.0 * (0.7 * i).sin() * (0.3 * j + 1.0).cos() + 2.0 * (1.9 * i).cos() * (j + 0.5).sin();
        T::from_f64(3.0 + strong + 0.1 * (7.0 * i + 11.0 * j * j + i * j).sin())
    })
}

/// The largest element of `V V^T - 1`, and of the centred Gram matrix less `V^T S^2 V`, relative to it.
fn worst<T: Data>(x: ArrayView2<'_, T>, found: &Components<T>) -> f64 {
    let (n, p) = x.dim();
    let v = |k: usize, j: usize| found.vectors[k * p + j].to_f64();
    let mut worst = 0.0_f64;
    let k = found.values.len();
    for (a, b) in (0..k * k).map(|place| (place / k, place % k)) {
        let dot: f64 = (0..p).map(|j| v(a, j) * v(b, j)).sum();
        worst = worst.max((dot - f64::from(u8::from(a == b))).abs());
    }
    let means: Vec<f64> =
        (0..p).map(|j| x.column(j).iter().map(|x| x.to_f64()).sum::<f64>() / n as f64).collect();
    for (i, j) in (0..p * p).map(|place| (place / p, place % p)) {
        let exact: f64 =
            (0..n).map(|r| (x[(r, i)].to_f64() - means[i]) * (x[(r, j)].to_f64() - means[j])).sum();
        let ours: f64 = (0..k).map(|a| v(a, i) * v(a, j) * found.values[a].to_f64().powi(2)).sum();
        worst = worst.max((exact - ours).abs() / found.norm.powi(2));
    }
    worst / T::EPSILON.to_f64()
}

fn every_solver<T: Data>(n: usize, p: usize) {
    let (x, control) = (wave::<T>(n, p), Control::default());
    let whole = full(x.view(), None, &control).unwrap();
    let bound = 40.0 * (n.max(p) as f64).sqrt();
    assert!(worst(x.view(), &whole) < bound, "full {n} x {p}: {}", worst(x.view(), &whole));
    assert!(whole.values.is_sorted_by(|a, b| a >= b));
    if n > p {
        let gram = covariance(x.view(), None, &control).unwrap();
        assert!(worst(x.view(), &gram) < bound, "covariance {n} x {p}");
    }
    let test = Array2::from_shape_fn((p, n.min(p)), |(i, j)| T::from_f64(((3 * i + 5 * j * j) as f64).sin()));
    for normalizer in [Normalizer::Auto, Normalizer::Qr, Normalizer::Lu] {
        let few = randomized(x.view(), None, test.view(), (3, normalizer), &control).unwrap();
        for (a, b) in few.values.iter().zip(&whole.values).take(2) {
            assert!((a.to_f64() / b.to_f64() - 1.0).abs() < 100.0 * T::EPSILON.to_f64(), "{normalizer:?}");
        }
    }
}

#[test]
fn every_solver_gives_orthonormal_vectors_and_the_covariance_back_at_every_level() {
    at_every_level(|_| {
        for (n, p) in [(3, 2), (9, 4), (40, 17), (300, 9), (7, 20)] {
            every_solver::<f64>(n, p);
            every_solver::<f32>(n, p);
        }
    });
}

#[test]
fn bits_do_not_depend_on_the_number_of_threads() {
    let (x, control) = (wave::<f64>(5000, 20), Control::default());
    let with = |count| threads::with_threads(count, || covariance(x.view(), None, &control)).unwrap();
    at_every_level(|_| {
        let once = with(1);
        for count in [2, 3, 8] {
            assert!(once == with(count), "{count} threads");
        }
    });
}

#[test]
fn an_offset_and_extreme_sizes_cost_no_digits() {
    let (x, control) = (wave::<f64>(500, 6), Control::default());
    let plain = covariance(x.view(), None, &control).unwrap();
    let far = covariance(x.mapv(|x| x + 1e8).view(), None, &control).unwrap();
    assert!((far.values[0] / plain.values[0] - 1.0).abs() < 1e-8);
    for size in [1e-250, 1e250] {
        let sized = covariance(x.mapv(|x| x * size).view(), None, &control).unwrap();
        for (a, b) in sized.values.iter().zip(&plain.values) {
            assert!((a / size / b - 1.0).abs() < 1e-12, "{size}");
        }
    }
}

#[test]
fn batches_give_what_the_whole_gives() {
    let (x, control) = (wave::<f64>(60, 7), Control::default());
    let whole = full(x.view(), None, &control).unwrap();
    let mut so_far = full(x.slice(ndarray::s![..2, ..]), None, &control).unwrap();
    let mut rows = 2;
    for end in [3, 10, 31, 60] {
        let before = Before {
            rows,
            weight: so_far.weight,
            mean: &so_far.mean,
            values: &so_far.values,
            vectors: &so_far.vectors,
        };
        so_far = merge(before, x.slice(ndarray::s![rows..end, ..]), None, &control).unwrap();
        rows = end;
    }
    assert_eq!(so_far.weight, 60.0);
    for (a, b) in so_far.values.iter().zip(&whole.values) {
        assert!((a - b).abs() < 1e-12 * whole.values[0]);
    }
    assert!(worst(x.view(), &so_far) < 500.0);
}

#[test]
fn what_is_missing_from_a_plane_is_found_again() {
    let control = Control::default();
    let exact = Array2::from_shape_fn((60, 8), |(i, j)| {
        let (i, j) = (i as f64, j as f64);
        1.0 + (0.7 * i).sin() * (0.3 * j + 1.0).cos() + 2.0 * (1.9 * i).cos() * (j + 0.5).sin()
    });
    let hole = |i: usize, j: usize| (7 * i + 3 * j * j + i * j).is_multiple_of(5);
    let x = Array2::from_shape_fn(exact.dim(), |(i, j)| if hole(i, j) { f64::NAN } else { exact[(i, j)] });
    let stop = Stop { tolerance: 1e-10, most: 2000 };
    let found = expectation_maximisation(x.view(), None, 2, stop, &control).unwrap();
    assert!(found.converged);
    let parts = &found.components;
    let variances: Vec<f64> = parts.values.iter().map(|s| s * s / 60.0).collect();
    let vectors = ArrayView2::from_shape((2, 8), &parts.vectors).unwrap();
    let model = Model { mean: &parts.mean, vectors, variances: &variances, noise: found.noise / 60.0 };
    let mut out = vec![0.0; 480];
    complete(x.view(), &model, &mut out, &control).unwrap();
    let worst = out.iter().zip(&exact).fold(0.0_f64, |m, (a, b)| m.max((a - b).abs()));
    assert!(worst < 1e-5, "{worst}");
}

#[test]
fn bad_data_and_weights_are_refused() {
    let control = Control::default();
    let x = wave::<f64>(4, 2);
    let of = |weights: &[f64]| full(x.view(), Some(weights), &control);
    assert!(matches!(of(&[1.0; 3]), Err(crate::Error::Shape { .. })));
    assert!(matches!(of(&[1.0, -1.0, 1.0, 1.0]), Err(crate::Error::Value { .. })));
    assert!(matches!(of(&[0.0; 4]), Err(crate::Error::Value { .. })));
    let bad = x.mapv(|x| if x == 3.0 { x } else { f64::INFINITY });
    assert!(matches!(covariance(bad.view(), None, &control), Err(crate::Error::NotFinite { .. })));
    let empty = Array2::<f64>::zeros((0, 2));
    assert!(matches!(full(empty.view(), None, &control), Err(crate::Error::Empty { .. })));
}
