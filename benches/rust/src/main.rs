use mlmath::linalg::lu::Lu;
use ndarray::Array2;
use std::time::Instant;
fn main() {
    for n in [64usize] {
        let a = Array2::from_shape_fn((n, n), |(i, j)| ((i * 7 + j * j) as f64).sin());
        let mut c = Array2::zeros((n, n));
        let reps = (200_000_000 / (n * n * n + 5000)).max(1);
        let (mut best, mut bf) = (f64::MAX, f64::MAX);
        let k = mlmath::Control::default();
        for _ in 0..5 {
            let t = Instant::now();
            for _ in 0..reps {
                std::hint::black_box(Lu::factor(a.view(), &k)).ok();
            }
            bf = bf.min(t.elapsed().as_secs_f64() / reps as f64);
            let t = Instant::now();
            for _ in 0..reps {
                Lu::factor(a.view(), &k).and_then(|l| l.inv(c.view_mut(), &k)).ok();
            }
            best = best.min(t.elapsed().as_secs_f64() / reps as f64);
        }
        println!("{n} lu {:.3} us inv {:.3} us", bf * 1e6, best * 1e6);
    }
}
