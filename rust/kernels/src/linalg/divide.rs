//! Eigenvectors of symmetric tridiagonal matrices: divide and conquer.
//!
//! J. J. M. Cuppen, "A divide and conquer method for the symmetric tridiagonal eigenproblem",
//! Numer. Math. 36, 1981; M. Gu and S. C. Eisenstat, "A divide-and-conquer algorithm for the
//! symmetric tridiagonal eigenproblem", SIAM J. Matrix Anal. Appl. 16, 1995, from whom the vectors
//! are orthogonal without longer numbers. Nearly all work is in products.

use super::matmul::{Update, product};
use super::secular::Roots;
use super::tridiagonal::{hypot, implicit_ql, sorted};
use crate::scalar::Real;
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error, threads};
use ndarray::{Array2, s};

/// Rows of a matrix for which the QL algorithm is faster.
const LEAF: usize = 32;

/// Eigenvalues, ascending, and eigenvectors, one row each.
type Spectrum<T> = (Vec<T>, Vec<T>);

/// The spectrum of the matrix with diagonal `d` and `e` beside it.
///
/// # Errors
///
/// [`Error::NotConverged`]; [`Error::Stopped`].
pub fn spectrum<T: Real>(d: &[T], e: &[T], control: &Control) -> Result<Spectrum<T>, Error> {
    let n = d.len();
    let mut d = d.to_vec();
    if n <= LEAF {
        let (mut e, mut rows) = (e[..n].to_vec(), vec![T::ZERO; n * n]);
        rows.iter_mut().step_by(n + 1).for_each(|x| *x = T::ONE);
        implicit_ql(n, &mut d, &mut e, &mut rows, control)?;
        return Ok(sorted(n, &d, &rows));
    }
    let half = n / 2;
    let beside = e[half - 1];
    // Two blocks and a product of rank one.
    d[half - 1] -= beside.abs();
    d[half] -= beside.abs();
    let (d, rest) = d.split_at(half);
    let (first, second) =
        threads::join(|| spectrum(d, &e[..half], control), || spectrum(rest, &e[half..], control));
    Merge::of(first?, second?, beside).solve(control)
}

/// Which of the two blocks an eigenvector has components in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    First,
    Both,
    Second,
}

/// `D + rho z z^T`, in the basis of two blocks' eigenvectors.
struct Merge<T> {
    /// Rows of the first block, and of both.
    split: usize,
    n: usize,
    d: Vec<T>,
    z: Vec<T>,
    rho: T,
    /// The vectors of both blocks, one row each.
    rows: Vec<T>,
    parts: Vec<Part>,
}

impl<T: Real> Merge<T> {
    fn of((mut d, rows): Spectrum<T>, (more, other_rows): Spectrum<T>, beside: T) -> Self {
        let (split, n) = (d.len(), d.len() + more.len());
        d.extend(more);
        let mut all = vec![T::ZERO; n * n];
        let mut z = vec![T::ZERO; n];
        let scale = T::from_f64(std::f64::consts::FRAC_1_SQRT_2);
        let sign = if beside < T::ZERO { -scale } else { scale };
        for (i, row) in rows.chunks_exact(split).enumerate() {
            all[i * n..i * n + split].copy_from_slice(row);
            z[i] = scale * row[split - 1];
        }
        for (i, row) in (split..).zip(other_rows.chunks_exact(n - split)) {
            all[i * n + split..(i + 1) * n].copy_from_slice(row);
            z[i] = sign * row[0];
        }
        let parts = (0..n).map(|i| if i < split { Part::First } else { Part::Second }).collect();
        Self { split, n, d, z, rho: T::from_f64(2.0) * beside.abs(), rows: all, parts }
    }

    fn solve(mut self, control: &Control) -> Result<Spectrum<T>, Error> {
        let n = self.n;
        let (kept, dropped) = self.deflate();
        let (roots, turned) = self.roots(&kept, control)?;
        let mut order: Vec<(T, &[T])> = roots.iter().copied().zip(turned.chunks_exact(n)).collect();
        order.extend(dropped.iter().map(|&i| (self.d[i], &self.rows[i * n..(i + 1) * n])));
        order.sort_by(|x, y| x.0.partial_cmp(&y.0).unwrap_or(std::cmp::Ordering::Equal));
        let mut rows = Vec::with_capacity(n * n);
        order.iter().for_each(|(_, row)| rows.extend_from_slice(row));
        Ok((order.iter().map(|pair| pair.0).collect(), rows))
    }

    /// Leaves out the values that the product does not move: those with a negligible component of
    /// `z`, and one of each two that are so close that a rotation makes its component zero.
    fn deflate(&mut self) -> (Vec<usize>, Vec<usize>) {
        let mut order: Vec<usize> = (0..self.n).collect();
        let d = &self.d;
        order.sort_by(|&i, &j| d[i].partial_cmp(&d[j]).unwrap_or(std::cmp::Ordering::Equal));
        let largest =
            self.d.iter().chain(&self.z).fold(T::ZERO, |m, x| if x.abs() > m { x.abs() } else { m });
        let negligible = T::from_f64(8.0) * T::EPSILON * largest;
        let (mut kept, mut dropped) = (Vec::with_capacity(self.n), Vec::new());
        let mut last: Option<usize> = None;
        for j in order {
            if self.rho * self.z[j].abs() <= negligible {
                dropped.push(j);
                continue;
            }
            if let Some(i) = last {
                let size = hypot(self.z[i], self.z[j]);
                let (c, s) = (self.z[j] / size, self.z[i] / size);
                if ((self.d[j] - self.d[i]) * c * s).abs() <= negligible {
                    self.rotate((i, j), c, s, size);
                    dropped.push(i);
                } else {
                    kept.push(i);
                }
            }
            last = Some(j);
        }
        kept.extend(last);
        (kept, dropped)
    }

    /// Turns the vectors of two nearly equal values, so that the first has no part in `z`.
    fn rotate(&mut self, (i, j): (usize, usize), c: T, s: T, size: T) {
        let n = self.n;
        (self.z[i], self.z[j]) = (T::ZERO, size);
        let (d, more) = (self.d[i], self.d[j]);
        (self.d[i], self.d[j]) = (d * c * c + more * s * s, d * s * s + more * c * c);
        let (low, high) = (i.min(j), i.max(j));
        let (above, below) = self.rows.split_at_mut(high * n);
        let (low, high) = (&mut above[low * n..][..n], &mut below[..n]);
        let (x, y) = if i < j { (low, high) } else { (high, low) };
        for (x, y) in x.iter_mut().zip(y) {
            (*x, *y) = (c * *x - s * *y, c * *y + s * *x);
        }
        if self.parts[i] != self.parts[j] {
            self.parts[j] = Part::Both;
        }
    }

    /// The values that moved, and their vectors.
    fn roots(&self, kept: &[usize], control: &Control) -> Result<(Vec<T>, Vec<T>), Error> {
        let (n, split, count) = (self.n, self.split, kept.len());
        let d: Vec<T> = kept.iter().map(|&i| self.d[i]).collect();
        let squares: Vec<T> = kept.iter().map(|&i| self.z[i] * self.z[i]).collect();
        let (mut roots, mut differences) = (vec![T::ZERO; count], vec![T::ZERO; count * count]);
        if count == 0 {
            return Ok((roots, vec![]));
        }
        control.go_on()?;
        let (values, rows) = (&mut roots[..], &mut differences[..]);
        dispatch(Roots { d: &d, squares: &squares, rho: self.rho, roots: values, differences: rows });
        let mut z: Vec<T> = kept.iter().map(|&i| self.z[i]).collect();
        dispatch(Weights { d: &d, z: &mut z, differences: &differences });
        // Vectors of one block first, then those of both, then of the other: so much is zero.
        let of = |part: Part| (0..count).filter(move |&k| self.parts[kept[k]] == part);
        let order: Vec<usize> = of(Part::First).chain(of(Part::Both)).chain(of(Part::Second)).collect();
        let (left, right) = (of(Part::First).count(), count - of(Part::Second).count());
        let mut u = Array2::from_elem((count, count), T::ZERO);
        for (mut row, differences) in u.rows_mut().into_iter().zip(differences.chunks_exact(count)) {
            row.iter_mut().zip(&order).for_each(|(x, &k)| *x = z[k] / differences[k]);
            let norm = row.iter().fold(T::ZERO, |sum, &x| sum + x * x).sqrt();
            row.iter_mut().for_each(|x| *x /= norm);
        }
        let gather = |which: &[usize], from: usize, to: usize| {
            Array2::from_shape_fn((which.len(), to - from), |(i, j)| self.rows[kept[which[i]] * n + from + j])
        };
        let (first, second) = (gather(&order[..right], 0, split), gather(&order[left..], split, n));
        let mut turned = Array2::from_elem((count, n), T::ZERO);
        let halves =
            [(u.slice(s![.., ..right]), first, 0..split), (u.slice(s![.., left..]), second, split..n)];
        for (u, vectors, columns) in halves {
            product(u, vectors.view(), turned.slice_mut(s![.., columns]), Update::Assign, control)?;
        }
        Ok((roots, turned.into_raw_vec_and_offset().0))
    }
}

/// Replaces `z` by the one whose roots are exactly those found (Gu and Eisenstat, section 3).
pub(super) struct Weights<'a, T> {
    pub d: &'a [T],
    pub z: &'a mut [T],
    pub differences: &'a [T],
}

impl<T: Real> Kernel for Weights<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { d, z, differences } = self;
        let mut squares = vec![T::ONE; d.len()];
        for (j, row) in differences.chunks_exact(d.len()).enumerate() {
            for range in [0..j, j + 1..d.len()] {
                let all = squares[range.clone()].iter_mut().zip(&row[range.clone()]).zip(&d[range]);
                all.for_each(|((square, &difference), &d_i)| *square *= difference / (d_i - d[j]));
            }
            squares[j] *= -row[j];
        }
        for (z, square) in z.iter_mut().zip(squares) {
            *z = if *z < T::ZERO { -square.sqrt() } else { square.sqrt() };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(d: &[f64], e: &[f64]) {
        let n = d.len();
        let (w, rows) = spectrum(d, e, &Control::default()).unwrap();
        let size = d.iter().chain(e).fold(1e-300_f64, |m, x| m.max(x.abs()));
        assert!(w.is_sorted());
        for (value, x) in w.iter().zip(rows.chunks(n)) {
            for i in 0..n {
                let above = if i > 0 { e[i - 1] * x[i - 1] } else { 0.0 };
                let below = if i + 1 < n { e[i] * x[i + 1] } else { 0.0 };
                assert!((above + d[i] * x[i] + below - value * x[i]).abs() < 1e-14 * size * n as f64);
            }
        }
        for i in 0..n {
            for j in 0..=i {
                let dot: f64 = (0..n).map(|k| rows[i * n + k] * rows[j * n + k]).sum();
                assert!((dot - f64::from(u8::from(i == j))).abs() < 2e-15 * n as f64, "{i} {j}: {dot}");
            }
        }
    }

    #[test]
    fn rows_are_eigenvectors() {
        for n in [1, 32, 33, 70, 150] {
            let sine = |k: usize| ((k * k + 3) as f64).sin();
            let random = |shift| (0..n).map(|k| sine(k + shift)).collect::<Vec<f64>>();
            check(&random(0), &random(1000));
            check(&vec![2.0; n], &vec![-1.0; n]);
            check(&vec![0.0; n], &vec![1.0; n]);
            check(&vec![0.0; n], &vec![0.0; n]);
            check(&vec![1.0; n], &vec![1e-14; n]);
        }
    }

    #[test]
    fn clustered_glued_and_graded_matrices_have_orthogonal_vectors() {
        let n = 105;
        let wilkinson: Vec<f64> = (0..n).map(|k| (k % 21) as f64 - 10.0).map(f64::abs).collect();
        let glue: Vec<f64> = (0..n).map(|k| if k % 21 == 20 { 1e-8 } else { 1.0 }).collect();
        check(&wilkinson, &glue);
        let graded: Vec<f64> = (0..n).map(|k| 10f64.powi(-k / 4)).collect();
        check(&graded, &graded);
        check(&graded.iter().rev().copied().collect::<Vec<_>>(), &glue);
    }
}
