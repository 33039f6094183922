//! The real Schur form `A = Z T Z^T`: balanced, to Hessenberg form, then double-shift QR.
//!
//! J. G. F. Francis, "The QR transformation", Computer J. 4, 1961–62; G. H. Golub and C. F. Van
//! Loan, "Matrix Computations", section 7.5.

use super::bulge::{Chase, SPACE};
use super::hessenberg::{balance, hessenberg};
use super::tridiagonal::hypot;
use crate::scalar::Real;
use crate::simd::dispatch;
use crate::{Control, Error};

/// Iterations for one eigenvalue after which something is wrong.
pub(super) const MOST: usize = 60;

/// So many iterations long, an entry must also be small beside its neighbours to be dropped: on
/// clusters of equal eigenvalues it may never be.
pub(super) const PATIENT: usize = 12;

/// The Schur form of a balanced matrix.
pub struct Schur<T> {
    /// Rows and columns.
    pub n: usize,
    /// Upper triangular, but for 2 x 2 blocks of complex pairs on its diagonal; row after row.
    pub t: Vec<T>,
    /// The transpose of the orthogonal `Z`: its columns, one after the other; empty where it was
    /// not wanted, and then `t` is right on its diagonal blocks only.
    pub columns: Vec<T>,
    /// The powers of two that rows were divided and columns multiplied by.
    pub balance: Vec<i32>,
}

impl<T: Real> Schur<T> {
    /// Decomposes the `n` x `n` matrix `a`, which holds finite numbers of moderate size; without
    /// `vectors` only the diagonal blocks are computed, at half the cost.
    ///
    /// # Errors
    ///
    /// [`Error::NotConverged`]; [`Error::Stopped`].
    pub fn of(n: usize, mut a: Vec<T>, vectors: bool, control: &Control) -> Result<Self, Error> {
        let balance = balance(n, &mut a);
        let columns = hessenberg(n, &mut a, vectors, control)?;
        let mut schur = Self { n, t: a, columns, balance };
        schur.iterate(control)?;
        Ok(schur)
    }

    /// As [`of`](Self::of), with vectors and without balancing, so that `Z` is orthogonal for `a`
    /// itself; 2 x 2 blocks are in standard form.
    ///
    /// # Errors
    ///
    /// [`Error::NotConverged`]; [`Error::Stopped`].
    pub fn orthogonal(n: usize, mut a: Vec<T>, control: &Control) -> Result<Self, Error> {
        let columns = hessenberg(n, &mut a, true, control)?;
        let mut schur = Self { n, t: a, columns, balance: vec![0; n] };
        schur.iterate(control)?;
        (1..n).for_each(|k| schur.standardise(k - 1));
        Ok(schur)
    }

    /// Deflates from the bottom until nothing is left.
    fn iterate(&mut self, control: &Control) -> Result<(), Error> {
        let mut end = self.n;
        let mut iteration = 0;
        let mut space = vec![T::ZERO; SPACE * self.n];
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
            self.francis(start, end, iteration % 10 == 0, &mut space);
        }
        Ok(())
    }

    /// The element in row `i` and column `j`.
    pub(super) fn at(&self, i: usize, j: usize) -> T {
        self.t[i * self.n + j]
    }

    /// The first row of the unreduced block that ends before `end`; what is negligible above it
    /// becomes zero.
    fn start_of_block(&mut self, end: usize, careful: bool) -> usize {
        for k in (1..end).rev() {
            let mut size = self.at(k, k).abs() + self.at(k - 1, k - 1).abs();
            if size == T::ZERO {
                size = self.t.iter().fold(T::ZERO, |m, x| if x.abs() > m { x.abs() } else { m });
            }
            let below = self.at(k, k - 1).abs();
            if below <= T::EPSILON * size && (!careful || self.stands_apart(k)) {
                self.t[k * self.n + k - 1] = T::ZERO;
                return k;
            }
        }
        0
    }

    /// Whether the entry before the diagonal of row `k` is negligible.
    fn stands_apart(&self, k: usize) -> bool {
        let (low, high) = (self.at(k, k - 1).abs(), self.at(k - 1, k).abs());
        is_negligible(low, high, self.at(k, k).abs(), (self.at(k - 1, k - 1) - self.at(k, k)).abs())
    }

    /// One double step on the block `start..end`; an exceptional shift where the usual ones cycle.
    fn francis(&mut self, start: usize, end: usize, exceptional: bool, space: &mut [T]) {
        let (m, n) = (end - 2, end - 1);
        let (mut last, mut before) = (self.at(n, n), self.at(m, m));
        let mut product = self.at(m, n) * self.at(n, m);
        if exceptional {
            let size = self.at(n, m).abs() + self.at(m, m - 1).abs();
            last += T::from_f64(0.75) * size;
            before = last;
            product = -T::from_f64(0.4375) * size * size;
        }
        // The first column of (T - s I)(T - s' I), divided by its subdiagonal: only differences of
        // the diagonal enter, so that clusters do not cancel.
        let (a, b) = (self.at(start, start), self.at(start + 1, start));
        let (r, s) = (last - a, before - a);
        let x = (r * s - product) / b + self.at(start, start + 1);
        let y = self.at(start + 1, start + 1) - a - r - s;
        let z = self.at(start + 2, start + 1);
        let (t, columns) = (&mut self.t, &mut self.columns);
        dispatch(Chase { n: self.n, t, columns, start, end, first: [x, y, z], space });
    }

    /// Makes the 2 x 2 block at `k` upper triangular where its eigenvalues are real.
    fn split(&mut self, k: usize) {
        let (a, b, c, d) = (self.at(k, k), self.at(k, k + 1), self.at(k + 1, k), self.at(k + 1, k + 1));
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
        self.turn(k, root / norm, c / norm);
        self.t[(k + 1) * self.n + k] = T::ZERO;
    }

    /// Turns the plane of the axes `k` and `k + 1`.
    fn turn(&mut self, k: usize, cosine: T, sine: T) {
        let n = self.n;
        let turn = |x: T, y: T| (cosine * x + sine * y, cosine * y - sine * x);
        for (matrix, from) in [(&mut self.t, k), (&mut self.columns, 0)] {
            if matrix.is_empty() {
                continue;
            }
            let (above, below) = matrix.split_at_mut((k + 1) * n);
            for (x, y) in above[k * n + from..].iter_mut().zip(&mut below[from..n]) {
                (*x, *y) = turn(*x, *y);
            }
        }
        for row in self.t.chunks_exact_mut(n).take(k + 2) {
            (row[k], row[k + 1]) = turn(row[k], row[k + 1]);
        }
    }

    /// Makes the 2 x 2 block at `k` upper triangular where its eigenvalues are real, else gives it
    /// equal elements on the diagonal and opposite signs beside it, as LAPACK does.
    pub(super) fn standardise(&mut self, k: usize) {
        self.split(k);
        let (a, b, c, d) = (self.at(k, k), self.at(k, k + 1), self.at(k + 1, k), self.at(k + 1, k + 1));
        let (sum, difference) = (b + c, a - d);
        let size = hypot(sum, difference);
        if c == T::ZERO || difference == T::ZERO {
            return;
        }
        let half = T::from_f64(0.5);
        let cosine = (half * (T::ONE + sum.abs() / size)).sqrt();
        let sine = half * difference / (size * cosine);
        self.turn(k, cosine, if sum < T::ZERO { sine } else { -sine });
        let mean = half * (self.at(k, k) + self.at(k + 1, k + 1));
        self.t[k * self.n + k] = mean;
        self.t[(k + 1) * self.n + k + 1] = mean;
        // Rounding may have made a pair of nearly equal ones real.
        self.split(k);
    }
}

/// Ahues and Tisseur's test: an entry is negligible only if dropping it moves no eigenvalue of its
/// 2 x 2 block by more than a rounding. Sizes of the entries `low` and `high` beside the diagonal,
/// of the last on it and of the difference on it.
pub(super) fn is_negligible<T: Real>(low: T, high: T, corner: T, gap: T) -> bool {
    let (ab, ba) = if low > high { (low, high) } else { (high, low) };
    let (aa, bb) = if corner > gap { (corner, gap) } else { (gap, corner) };
    let size = aa + ab;
    let floor = T::MIN_POSITIVE / T::EPSILON;
    let bound = if size == T::ZERO { floor } else { T::EPSILON * (bb * (aa / size)) };
    size == T::ZERO || ba * (ab / size) <= if bound > floor { bound } else { floor }
}
