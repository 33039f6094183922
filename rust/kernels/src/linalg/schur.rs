//! The real Schur form `A = Z T Z^T`: balanced, to Hessenberg form, then double-shift QR.
//!
//! B. N. Parlett and C. Reinsch, "Balancing a matrix for calculation of eigenvalues and
//! eigenvectors", Numer. Math. 13, 1969; J. G. F. Francis, "The QR transformation", Computer J. 4,
//! 1961–62; G. H. Golub and C. F. Van Loan, "Matrix Computations", section 7.5.

use super::tridiagonal::hypot;
use crate::scalar::Real;
use crate::{Control, Error};
use ndarray::{Array2, ArrayViewMut1, s};

/// Iterations for one eigenvalue after which something is wrong.
const MOST: usize = 60;

/// So many iterations long, an entry must also be small beside its neighbours to be dropped: on
/// clusters of equal eigenvalues it may never be.
const PATIENT: usize = 12;

/// The Schur form of a balanced matrix.
pub struct Schur<T> {
    /// Upper triangular, but for 2 x 2 blocks of complex pairs on its diagonal.
    pub t: Array2<T>,
    /// Orthogonal.
    pub z: Array2<T>,
    /// The powers of two that rows were divided and columns multiplied by.
    pub balance: Vec<i32>,
}

impl<T: Real> Schur<T> {
    /// Decomposes the square matrix `a`, which holds finite numbers of moderate size.
    ///
    /// # Errors
    ///
    /// [`Error::NotConverged`]; [`Error::Stopped`].
    pub fn of(mut a: Array2<T>, control: &Control) -> Result<Self, Error> {
        let balance = balance(&mut a);
        let z = hessenberg(&mut a, control)?;
        let mut schur = Self { t: a, z, balance };
        schur.iterate(control)?;
        Ok(schur)
    }

    /// Deflates from the bottom until nothing is left.
    fn iterate(&mut self, control: &Control) -> Result<(), Error> {
        let mut end = self.t.nrows();
        let mut iteration = 0;
        while end > 0 {
            control.go_on()?;
            let start = self.start_of_block(end, iteration < PATIENT);
            if end - start <= 2 {
                if end - start == 2 {
                    self.split(start);
                }
                end = start;
                iteration = 0;
                continue;
            }
            iteration += 1;
            if iteration > MOST {
                return Err(Error::NotConverged { what: "double-shift QR", iterations: MOST });
            }
            self.francis(start, end, iteration % 10 == 0);
        }
        Ok(())
    }

    /// The first row of the unreduced block that ends before `end`; what is negligible above it
    /// becomes zero.
    fn start_of_block(&mut self, end: usize, careful: bool) -> usize {
        let t = &mut self.t;
        for k in (1..end).rev() {
            let mut size = t[(k, k)].abs() + t[(k - 1, k - 1)].abs();
            if size == T::ZERO {
                size = t.iter().fold(T::ZERO, |m, x| if x.abs() > m { x.abs() } else { m });
            }
            if t[(k, k - 1)].abs() <= T::EPSILON * size && (!careful || self_consistent(t, k)) {
                t[(k, k - 1)] = T::ZERO;
                return k;
            }
        }
        0
    }

    /// One double step on the block `start..end`; an exceptional shift where the usual ones cycle.
    fn francis(&mut self, start: usize, end: usize, exceptional: bool) {
        let t = &self.t;
        let (m, n) = (end - 2, end - 1);
        let (mut last, mut before, mut product) = (t[(n, n)], t[(m, m)], t[(m, n)] * t[(n, m)]);
        if exceptional {
            let size = t[(n, m)].abs() + t[(m, m - 1)].abs();
            (last, before) = (t[(n, n)] + T::from_f64(0.75) * size, t[(n, n)] + T::from_f64(0.75) * size);
            product = -T::from_f64(0.4375) * size * size;
        }
        // The first column of (T - s I)(T - s' I), divided by its subdiagonal: only differences of
        // the diagonal enter, so that clusters do not cancel.
        let (a, b) = (t[(start, start)], t[(start + 1, start)]);
        let (r, s) = (last - a, before - a);
        let mut x = (r * s - product) / b + t[(start, start + 1)];
        let mut y = t[(start + 1, start + 1)] - a - r - s;
        let mut z = t[(start + 2, start + 1)];
        for k in start..end - 1 {
            let width = 3.min(end - k);
            let v = [x, y, if width == 3 { z } else { T::ZERO }];
            self.reflect(&v[..width], k, k.saturating_sub(1).max(start), (k + 4).min(end));
            if k + 2 < end {
                (x, y) = (self.t[(k + 1, k)], self.t[(k + 2, k)]);
                z = if k + 3 < end { self.t[(k + 3, k)] } else { T::ZERO };
            }
        }
        for i in start + 2..end {
            for j in start..i - 1 {
                self.t[(i, j)] = T::ZERO;
            }
        }
    }

    /// Applies the reflection that turns `x` onto the first axis to rows and columns `k…`.
    fn reflect(&mut self, x: &[T], k: usize, from: usize, below: usize) {
        let mut v = [T::ZERO; 3];
        let width = x.len();
        let scale = x.iter().fold(T::ZERO, |m, x| m + x.abs());
        if scale == T::ZERO {
            return;
        }
        for (v, &x) in v.iter_mut().zip(x) {
            *v = x / scale;
        }
        let norm = v.iter().fold(T::ZERO, |sum, &v| sum + v * v).sqrt();
        v[0] += if v[0] < T::ZERO { -norm } else { norm };
        let square = v.iter().fold(T::ZERO, |sum, &v| sum + v * v);
        let factor = T::from_f64(2.0) / square;
        let v = &v[..width];
        let n = self.t.ncols();
        for j in from..n {
            let column = self.t.slice_mut(s![k..k + width, j]);
            turn(column, v, factor);
        }
        for i in 0..below {
            turn(self.t.slice_mut(s![i, k..k + width]), v, factor);
        }
        for i in 0..n {
            turn(self.z.slice_mut(s![i, k..k + width]), v, factor);
        }
    }

    /// Makes the 2 x 2 block at `k` upper triangular where its eigenvalues are real.
    fn split(&mut self, k: usize) {
        let (a, b, c, d) = (self.t[(k, k)], self.t[(k, k + 1)], self.t[(k + 1, k)], self.t[(k + 1, k + 1)]);
        if c == T::ZERO {
            return;
        }
        let p = (a - d) * T::from_f64(0.5);
        let discriminant = p * p + b * c;
        if discriminant < T::ZERO {
            return;
        }
        // The eigenvalue farther from d has the eigenvector (root, c).
        let root = if p < T::ZERO { p - discriminant.sqrt() } else { p + discriminant.sqrt() };
        let norm = hypot(root, c);
        let (cosine, sine) = (root / norm, c / norm);
        let n = self.t.ncols();
        for j in k..n {
            let (x, y) = (self.t[(k, j)], self.t[(k + 1, j)]);
            (self.t[(k, j)], self.t[(k + 1, j)]) = (cosine * x + sine * y, cosine * y - sine * x);
        }
        for i in 0..k + 2 {
            let (x, y) = (self.t[(i, k)], self.t[(i, k + 1)]);
            (self.t[(i, k)], self.t[(i, k + 1)]) = (cosine * x + sine * y, cosine * y - sine * x);
        }
        for i in 0..n {
            let (x, y) = (self.z[(i, k)], self.z[(i, k + 1)]);
            (self.z[(i, k)], self.z[(i, k + 1)]) = (cosine * x + sine * y, cosine * y - sine * x);
        }
        self.t[(k + 1, k)] = T::ZERO;
    }
}

/// Ahues and Tisseur's test: an entry is negligible only if dropping it moves no eigenvalue of
/// its 2 x 2 block by more than a rounding.
fn self_consistent<T: Real>(t: &Array2<T>, k: usize) -> bool {
    let (low, high) = (t[(k, k - 1)].abs(), t[(k - 1, k)].abs());
    let (ab, ba) = if low > high { (low, high) } else { (high, low) };
    let (corner, gap) = (t[(k, k)].abs(), (t[(k - 1, k - 1)] - t[(k, k)]).abs());
    let (aa, bb) = if corner > gap { (corner, gap) } else { (gap, corner) };
    let size = aa + ab;
    let floor = T::MIN_POSITIVE / T::EPSILON;
    let bound = if size == T::ZERO { floor } else { T::EPSILON * (bb * (aa / size)) };
    size == T::ZERO || ba * (ab / size) <= if bound > floor { bound } else { floor }
}

/// `x -= factor (v . x) v`.
fn turn<T: Real>(mut x: ArrayViewMut1<'_, T>, v: &[T], factor: T) {
    let dot = x.iter().zip(v).fold(T::ZERO, |sum, (&x, &v)| sum + x * v) * factor;
    for (x, &v) in x.iter_mut().zip(v) {
        *x -= dot * v;
    }
}

/// Scales rows and columns by powers of two until their sums are alike.
fn balance<T: Real>(a: &mut Array2<T>) -> Vec<i32> {
    let n = a.nrows();
    let mut powers = vec![0; n];
    let mut changed = true;
    while changed {
        changed = false;
        for i in 0..n {
            let (mut row, mut column) = (T::ZERO, T::ZERO);
            for j in (0..n).filter(|&j| j != i) {
                row += a[(i, j)].abs();
                column += a[(j, i)].abs();
            }
            if row == T::ZERO || column == T::ZERO {
                continue;
            }
            let power = (row.exponent() - column.exponent()) / 2;
            let after = column.scale_by_power_of_two(power) + row.scale_by_power_of_two(-power);
            if power != 0 && after < T::from_f64(0.95) * (row + column) {
                changed = true;
                powers[i] += power;
                a.row_mut(i).iter_mut().for_each(|x| *x = x.scale_by_power_of_two(-power));
                a.column_mut(i).iter_mut().for_each(|x| *x = x.scale_by_power_of_two(power));
            }
        }
    }
    powers
}

/// Reduces `a` to Hessenberg form by reflections, and returns their product.
fn hessenberg<T: Real>(a: &mut Array2<T>, control: &Control) -> Result<Array2<T>, Error> {
    let n = a.nrows();
    let mut z = Array2::from_shape_fn((n, n), |(i, j)| if i == j { T::ONE } else { T::ZERO });
    for k in 0..n.saturating_sub(2) {
        control.go_on()?;
        let mut v: Vec<T> = a.slice(s![k + 1.., k]).to_vec();
        let scale = v.iter().fold(T::ZERO, |m, x| m + x.abs());
        if v[1..].iter().all(|&x| x == T::ZERO) {
            continue;
        }
        v.iter_mut().for_each(|v| *v /= scale);
        let norm = v.iter().fold(T::ZERO, |sum, &v| sum + v * v).sqrt();
        let alpha = if v[0] < T::ZERO { norm } else { -norm };
        v[0] -= alpha;
        let factor = T::from_f64(2.0) / v.iter().fold(T::ZERO, |sum, &v| sum + v * v);
        reflect_rows(&mut a.slice_mut(s![k + 1.., k..]), &v, factor);
        for mut row in a.slice_mut(s![.., k + 1..]).rows_mut() {
            turn(row.view_mut(), &v, factor);
        }
        for mut row in z.slice_mut(s![.., k + 1..]).rows_mut() {
            turn(row.view_mut(), &v, factor);
        }
        a[(k + 1, k)] = alpha * scale;
        a.slice_mut(s![k + 2.., k]).fill(T::ZERO);
    }
    Ok(z)
}

/// `a -= factor v (v^T a)`, along the rows.
fn reflect_rows<T: Real>(a: &mut ndarray::ArrayViewMut2<'_, T>, v: &[T], factor: T) {
    let mut sums = vec![T::ZERO; a.ncols()];
    for (row, &v) in a.rows().into_iter().zip(v) {
        sums.iter_mut().zip(row).for_each(|(sum, &x)| *sum += v * x);
    }
    for (mut row, &v) in a.rows_mut().into_iter().zip(v) {
        row.iter_mut().zip(&sums).for_each(|(x, &sum)| *x -= factor * v * sum);
    }
}
