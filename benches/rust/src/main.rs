//! Times the kernels alone, without Python: `make bench-rust`.

use mlmath::Control;
use mlmath::linalg::lu::Lu;
use mlmath::linalg::matmul::{Update, product};
use ndarray::Array2;
use std::time::Instant;

/// The best of five runs, in seconds; each repeats `work` for a while.
fn best(estimate: f64, mut work: impl FnMut()) -> f64 {
    let repeats = (0.02 / estimate).ceil().max(1.0) as usize;
    let once = || {
        let start = Instant::now();
        (0..repeats).for_each(|_| work());
        start.elapsed().as_secs_f64() / repeats as f64
    };
    std::iter::repeat_with(once).take(5).fold(f64::INFINITY, f64::min)
}

fn main() {
    let control = Control::default();
    println!("| n | product GFLOP/s | LU GFLOP/s | inverse GFLOP/s |");
    println!("|---|---|---|---|");
    for n in [2, 3, 4, 7, 8, 16, 31, 32, 64, 100, 128, 255, 256, 512, 1000, 1024] {
        let cube = (n * n * n) as f64;
        let a = Array2::from_shape_fn((n, n), |(i, j)| ((7 * i + 3 * j * j) as f64).sin());
        let mut c = Array2::zeros((n, n));
        let multiply = best(cube / 2e10 + 1e-7, || {
            let _ = product(a.view(), a.view(), c.view_mut(), Update::Assign, &control);
        });
        let factor = best(cube / 4e10 + 1e-6, || {
            let _ = std::hint::black_box(Lu::factor(a.view(), &control));
        });
        let invert = best(cube / 1e10 + 1e-6, || {
            let _ = Lu::factor(a.view(), &control).and_then(|lu| lu.inv(c.view_mut(), &control));
        });
        let rate = |flops: f64, seconds: f64| flops * cube / seconds / 1e9;
        println!(
            "| {n} | {:.1} | {:.1} | {:.1} |",
            rate(2.0, multiply),
            rate(2.0 / 3.0, factor),
            rate(2.0, invert)
        );
    }
}
