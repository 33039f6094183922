//! Times the kernels alone, without Python, beside faer and gemm: `make bench-rust`.
//!
//! `cargo run --release -p mlmath-bench [f64|f32] [threads] [largest n]`

mod opponents;

use mlmath::linalg::inverse::inv;
use mlmath::linalg::lu::Lu;
use mlmath::linalg::matmul::{Update, product};
use mlmath::{Control, threads};
use ndarray::Array2;
use opponents::{Element, faer_factor, faer_inverse, faer_product, gemm_product};
use std::time::Instant;

/// Powers of two, and sizes that fit no tile.
const SIZES: [usize; 20] =
    [2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 100, 128, 255, 256, 511, 512, 1000, 1024, 2048];
/// Rows, depth and columns of products of which one side is thin.
const THIN: [(usize, usize, usize); 9] = [
    (1000, 10, 1000),
    (4096, 64, 64),
    (10_000, 50, 50),
    (8, 2048, 2048),
    (2048, 2048, 8),
    (1, 2048, 2048),
    (2048, 2048, 1),
    (16, 4096, 16),
    (3, 3, 10_000),
];

/// The best of several runs of each, taken in turn, in seconds.
fn best<const N: usize>(estimate: f64, mut works: [&mut dyn FnMut(); N]) -> [f64; N] {
    let repeats = (0.01 / estimate).ceil().max(1.0) as usize;
    let mut least = [f64::INFINITY; N];
    for _ in 0..5 {
        for (work, least) in works.iter_mut().zip(&mut least) {
            let start = Instant::now();
            (0..repeats).for_each(|_| work());
            *least = least.min(start.elapsed().as_secs_f64() / repeats as f64);
        }
    }
    least
}

fn wave<T: Element>(m: usize, n: usize) -> Array2<T> {
    Array2::from_shape_fn((m, n), |(i, j)| T::from_f64(((7 * i + 3 * j * j) as f64).sin()))
}

/// GFLOP/s of one product by ours, faer and gemm, once their results are seen to agree.
fn products<T: Element>((m, k, n): (usize, usize, usize), count: usize) -> [f64; 3] {
    let (a, b, flops) = (wave::<T>(m, k), wave::<T>(k, n), (2 * m * k * n) as f64);
    let mut c = [(); 3].map(|()| Array2::<T>::from_elem((m, n), <T as mlmath::scalar::Scalar>::ZERO));
    let [ours, theirs, third] = &mut c;
    let mut mine = || {
        let _ = product(a.view(), b.view(), ours.view_mut(), Update::Assign, &Control::default());
    };
    let (mut faer, mut gemm) =
        (|| faer_product(&a, &b, theirs, count), || gemm_product(&a, &b, third, count));
    let times = best(flops / 2e10 + 1e-7, [&mut mine, &mut faer, &mut gemm]);
    let far = |other: &Array2<T>| {
        c[0].iter().zip(other).any(|(x, y)| (x.to_f64() - y.to_f64()).abs() > 1e-3 * k as f64)
    };
    assert!(!far(&c[1]) && !far(&c[2]), "a fast wrong answer is no result");
    times.map(|seconds| flops / seconds / 1e9)
}

/// GFLOP/s of the factors and of the inverse, by ours and by faer.
fn factorisations<T: Element>(n: usize) -> [f64; 4] {
    let (a, control, cube) = (wave::<T>(n, n), Control::default(), (n * n * n) as f64);
    let mut out = a.clone();
    let mut factor = || drop(std::hint::black_box(Lu::factor(a.view(), &control)));
    let mut invert = || {
        let _ = inv(a.view(), out.as_slice_mut().unwrap_or_default(), &control);
    };
    let mut factor_faer = || {
        std::hint::black_box(faer_factor(&a));
    };
    let mut invert_faer = || {
        std::hint::black_box(faer_inverse(&a));
    };
    let works: [&mut dyn FnMut(); 4] = [&mut factor, &mut factor_faer, &mut invert, &mut invert_faer];
    let times = best(cube / 1e10 + 1e-6, works);
    let flops = [2.0 / 3.0, 2.0 / 3.0, 2.0, 2.0];
    std::array::from_fn(|i| flops[i] * cube / times[i] / 1e9)
}

fn report<T: Element>(count: usize, largest: usize) {
    let row = |cells: &[f64]| cells.iter().map(|x| format!(" {x:.1} |")).collect::<String>();
    println!("{}, {count} thread(s), GFLOP/s\n", T::NAME);
    println!("| n | product | faer | gemm | LU | faer | inverse | faer |\n|---|---|---|---|---|---|---|---|");
    for n in SIZES.into_iter().filter(|&n| n <= largest) {
        let mut cells = products::<T>((n, n, n), count).to_vec();
        cells.extend(factorisations::<T>(n));
        println!("| {n} |{}", row(&cells));
    }
    println!("\n| rows, depth, columns | product | faer | gemm |\n|---|---|---|---|");
    for (m, k, n) in THIN {
        println!("| {m}, {k}, {n} |{}", row(&products::<T>((m, k, n), count)));
    }
    println!();
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    let (count, largest) = (numbers.first().copied().unwrap_or(1), numbers.get(1).copied().unwrap_or(2048));
    faer::set_global_parallelism(if count < 2 { faer::Par::Seq } else { faer::Par::rayon(count) });
    threads::with_threads(count, || {
        if !words.contains(&"f32".to_owned()) {
            report::<f64>(count, largest);
        }
        if !words.contains(&"f64".to_owned()) {
            report::<f32>(count, largest);
        }
    });
}
