use mlmath::linalg::matmul::{Update, product};
use ndarray::Array2;
use std::time::Instant;
fn main() {
    for n in [4usize, 8, 16, 32, 64, 128, 256, 512, 1024] {
        let a = Array2::from_shape_fn((n, n), |(i, j)| ((i * 7 + j) as f64).sin());
        let mut c = Array2::zeros((n, n));
        let reps = (200_000_000 / (n * n * n + 5000)).max(1);
        let mut best = f64::MAX;
        for _ in 0..5 {
            let t = Instant::now();
            for _ in 0..reps {
                product(a.view(), a.view(), c.view_mut(), Update::Assign, &mlmath::Control::default()).ok();
            }
            best = best.min(t.elapsed().as_secs_f64() / reps as f64);
        }
        println!("{n} {:.3} us {:.1} GFLOP/s", best * 1e6, 2.0 * (n * n * n) as f64 / best / 1e9);
    }
}
