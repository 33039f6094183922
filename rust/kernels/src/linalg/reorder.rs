//! Neighbours on the diagonal of a Schur form change places.
//!
//! Z. Bai and J. W. Demmel, "On swapping diagonal blocks in real Schur form", Linear Algebra Appl.
//! 186, 1993: the invariant subspace of the lower block, from a Sylvester equation, becomes the first
//! axes by reflections; what should vanish then is checked.

use super::complex_schur::rotation;
use super::schur::Schur;
use super::schur_form::Form;
use super::tridiagonal::hypot;
use crate::Error;
use crate::scalar::Real;
use num_complex::Complex;

/// The most rows and columns that two blocks have.
const MOST: usize = 4;
/// A small matrix, row after row; only its first rows and columns count.
type Small<T> = [[T; MOST]; MOST];

/// Brings the chosen eigenvalues to the top.
pub fn complex<R: Real>(n: usize, form: &mut Form<Complex<R>>, chosen: &[bool]) {
    let places = (0..chosen.len()).filter(|&from| chosen[from]);
    for (place, from) in places.enumerate() {
        (place..from).rev().for_each(|k| exchange_values(n, form, k));
    }
}

/// Exchanges the eigenvalues in rows `k` and `k + 1`.
fn exchange_values<R: Real>(n: usize, form: &mut Form<Complex<R>>, k: usize) {
    let Form { t, columns } = form;
    let (first, second) = (t[k * n + k], t[(k + 1) * n + k + 1]);
    let (c, s) = rotation(t[k * n + k + 1], second - first);
    let turn = |x: &mut Complex<R>, y: &mut Complex<R>, s: Complex<R>| {
        (*x, *y) = (*x * c + s * *y, *y * c - s.conj() * *x);
    };
    let (above, below) = t.split_at_mut((k + 1) * n);
    for (x, y) in above[k * n + k..].iter_mut().zip(&mut below[k..n]) {
        turn(x, y, s);
    }
    for row in t.chunks_exact_mut(n).take(k + 2) {
        if let [x, y] = &mut row[k..k + 2] {
            turn(x, y, s.conj());
        }
    }
    let (above, below) = columns.split_at_mut((k + 1) * n);
    above[k * n..].iter_mut().zip(&mut below[..n]).for_each(|(x, y)| turn(x, y, s.conj()));
    t[k * n + k] = second;
    t[(k + 1) * n + k + 1] = first;
    t[(k + 1) * n + k] = Complex { re: R::ZERO, im: R::ZERO };
}

/// Brings the chosen eigenvalues to the top, both of a pair where one is chosen.
///
/// # Errors
///
/// [`Error::Inseparable`].
pub fn real<R: Real>(n: usize, form: &mut Form<R>, chosen: &[bool]) -> Result<(), Error> {
    let (t, columns) = (std::mem::take(&mut form.t), std::mem::take(&mut form.columns));
    let mut schur = Schur { n, t, columns, balance: vec![] };
    let (mut place, mut from) = (0, 0);
    while from < n {
        let size = 1 + usize::from(from + 1 < n && schur.at(from + 1, from) != R::ZERO);
        if chosen[from..from + size].contains(&true) {
            schur.move_up(from, size, place)?;
            place += size;
        }
        from += size;
    }
    (form.t, form.columns) = (schur.t, schur.columns);
    Ok(())
}

impl<R: Real> Schur<R> {
    /// Moves the block of this size from row `from` up to row `to`.
    fn move_up(&mut self, mut from: usize, size: usize, to: usize) -> Result<(), Error> {
        while from > to {
            let above = 1 + usize::from(from > to + 1 && self.at(from - 1, from - 2) != R::ZERO);
            let first = from - above;
            if size == 2 && self.at(from + 1, from) == R::ZERO {
                // Rounding has parted the pair on its way.
                self.exchange(first, above, 1)?;
                self.exchange(first + 1, above, 1)?;
            } else {
                self.exchange(first, above, size)?;
            }
            from = first;
        }
        Ok(())
    }

    /// Exchanges the blocks of `p` and `q` rows that begin in row `k`.
    fn exchange(&mut self, k: usize, p: usize, q: usize) -> Result<(), Error> {
        let (n, size) = (self.n, p + q);
        let mut block = [[R::ZERO; MOST]; MOST];
        for (i, row) in block.iter_mut().enumerate().take(size) {
            row[..size].copy_from_slice(&self.t[(k + i) * n + k..(k + i) * n + k + size]);
        }
        let norm = block.iter().flatten().fold(R::ZERO, |m, x| if x.abs() > m { x.abs() } else { m });
        for (v, factor, first) in reflections(subspace(&block, p, q, norm), p, q) {
            self.reflect(k + first, &v, factor, k);
        }
        let bound = R::from_f64(100.0) * R::EPSILON * norm;
        for i in k + q..k + size {
            for j in k..k + q {
                if !(self.at(i, j).abs() <= bound) {
                    return Err(Error::Inseparable { row: k });
                }
                self.t[i * n + j] = R::ZERO;
            }
        }
        if q == 2 {
            self.standardise(k);
        }
        if p == 2 {
            self.standardise(k + q);
        }
        Ok(())
    }

    /// Reflects the axes from `first` on from both sides; rows are zero left of column `from`.
    fn reflect(&mut self, first: usize, v: &[R], factor: R, from: usize) {
        let n = self.n;
        for (matrix, from) in [(&mut self.t, from), (&mut self.columns, 0)] {
            for j in from..n {
                let sum =
                    v.iter().enumerate().fold(R::ZERO, |sum, (i, &v)| sum + v * matrix[(first + i) * n + j]);
                v.iter().enumerate().for_each(|(i, &v)| matrix[(first + i) * n + j] -= factor * sum * v);
            }
        }
        for row in self.t.chunks_exact_mut(n) {
            let row = &mut row[first..first + v.len()];
            let sum = row.iter().zip(v).fold(R::ZERO, |sum, (&x, &v)| sum + x * v);
            row.iter_mut().zip(v).for_each(|(x, &v)| *x -= factor * sum * v);
        }
    }
}

/// Vectors, as columns, that span the invariant subspace of the lower block of `[A, C; 0, B]`:
/// `[-X; 1]` with `A X - X B = C`.
fn subspace<R: Real>(block: &Small<R>, p: usize, q: usize, norm: R) -> Small<R> {
    let mut columns = [[R::ZERO; MOST]; MOST];
    if p == 1 && q == 1 {
        // Without a quotient, which may be infinite.
        (columns[0][0], columns[1][0]) = (block[0][1], block[1][1] - block[0][0]);
        return columns;
    }
    let mut system = [[R::ZERO; MOST]; MOST];
    let mut right = [R::ZERO; MOST];
    for i in 0..p {
        for j in 0..q {
            let row = i * q + j;
            (0..p).for_each(|l| system[row][l * q + j] += block[i][l]);
            (0..q).for_each(|l| system[row][i * q + l] -= block[p + l][p + j]);
            right[row] = block[i][p + j];
        }
    }
    let x = solve(system, right, p * q, norm * R::EPSILON);
    for j in 0..q {
        (0..p).for_each(|i| columns[i][j] = -x[i * q + j]);
        columns[p + j][j] = R::ONE;
    }
    columns
}

/// Elimination with complete pivoting; pivots below `least` are taken for it.
fn solve<R: Real>(mut a: Small<R>, mut b: [R; MOST], n: usize, least: R) -> [R; MOST] {
    let mut order: [usize; MOST] = std::array::from_fn(|i| i);
    for k in 0..n {
        let places = (k..n).flat_map(|i| (k..n).map(move |j| (i, j)));
        let (row, column) =
            places.fold((k, k), |m, (i, j)| if a[i][j].abs() > a[m.0][m.1].abs() { (i, j) } else { m });
        a.swap(k, row);
        b.swap(k, row);
        a.iter_mut().for_each(|row| row.swap(k, column));
        order.swap(k, column);
        if !(a[k][k].abs() > least) {
            a[k][k] = least;
        }
        for i in k + 1..n {
            let factor = a[i][k] / a[k][k];
            for j in k..n {
                let above = a[k][j];
                a[i][j] -= factor * above;
            }
            let above = b[k];
            b[i] -= factor * above;
        }
    }
    let mut x = [R::ZERO; MOST];
    for k in (0..n).rev() {
        let sum = (k + 1..n).fold(b[k], |sum, j| sum - a[k][j] * x[order[j]]);
        x[order[k]] = sum / a[k][k];
    }
    x
}

/// The reflections `I - factor v v^T` that make the first `q` columns triangular: vectors, factors and
/// the rows where they begin.
fn reflections<R: Real>(mut columns: Small<R>, p: usize, q: usize) -> Vec<(Vec<R>, R, usize)> {
    let size = p + q;
    let mut found = Vec::with_capacity(q);
    for k in 0..q {
        let mut v: Vec<R> = (k..size).map(|i| columns[i][k]).collect();
        let norm = v.iter().fold(R::ZERO, |norm, &x| hypot(norm, x));
        if norm == R::ZERO {
            continue;
        }
        v.iter_mut().for_each(|x| *x /= norm);
        let sign = if v[0] < R::ZERO { -R::ONE } else { R::ONE };
        v[0] += sign;
        let factor = R::from_f64(2.0) / v.iter().fold(R::ZERO, |sum, &x| sum + x * x);
        for j in k..q {
            let sum = v.iter().enumerate().fold(R::ZERO, |sum, (i, &v)| sum + v * columns[k + i][j]);
            v.iter().enumerate().for_each(|(i, &v)| columns[k + i][j] -= factor * sum * v);
        }
        found.push((v, factor, k));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_systems_are_solved_and_singular_ones_are_not_divided_by_zero() {
        let a = [[0.0, 2.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 4.0, 1.0], [0.0; 4]];
        let x = solve(a, [4.0, 5.0, 8.0, 0.0], 3, 1e-16);
        assert!((x[0] - 3.0_f64).abs() < 1e-15 && (x[1] - 2.0).abs() < 1e-15 && (x[2] - 2.0).abs() < 1e-15);
        assert!(solve([[0.0_f64; 4]; 4], [1.0; 4], 2, 1e-16).iter().all(|x| x.is_finite()));
    }

    #[test]
    fn blocks_of_every_size_change_places() {
        let pair = |t: &mut Vec<f64>, n: usize, k: usize, im: f64| {
            (t[k * n + k + 1], t[(k + 1) * n + k]) = (im, -im);
        };
        for (p, q) in [(1, 1), (1, 2), (2, 1), (2, 2)] {
            let n = p + q;
            let mut t: Vec<f64> =
                (0..n * n).map(|i| if i % n >= i / n { (i as f64).sin() } else { 0.0 }).collect();
            (0..n).for_each(|i| t[i * n + i] = if i < p { 1.0 } else { -2.0 });
            if p == 2 {
                pair(&mut t, n, 0, 3.0);
            }
            if q == 2 {
                pair(&mut t, n, p, 0.5);
            }
            let mut schur = Schur { n, t, columns: super::super::columns::unit(n, n), balance: vec![] };
            schur.exchange(0, p, q).unwrap();
            for i in 0..n {
                let expected = if i < q { -2.0 } else { 1.0 };
                assert!((schur.at(i, i) - expected).abs() < 1e-14, "{p} {q}: {}", schur.at(i, i));
            }
        }
    }
}
