//! Singular vectors of real bidiagonal matrices: divide and conquer.
//!
//! M. Gu and S. C. Eisenstat, "A divide-and-conquer algorithm for the bidiagonal SVD", SIAM J.
//! Matrix Anal. Appl. 16, 1995. A row in the middle is put apart; in the singular vectors of the
//! two blocks that are left, the matrix is a diagonal one with a full first row `z`, whose squared
//! singular values are the roots of `1 + sum z_i^2 / (d_i^2 - x)`. Vectors are made for the `z`
//! that belongs exactly to the roots found, and are orthogonal therefore. Nearly all work is in
//! products.

use super::columns::unit;
use super::divide::Weights;
use super::golub_kahan::{Bidiagonal, Vectors};
use super::matmul::{Update, product};
use super::secular::{MOST, Roots};
use super::tridiagonal::hypot;
use crate::scalar::Real;
use crate::simd::dispatch;
use crate::{Control, Error, threads};
use ndarray::{Array2, s};

/// Rows of a matrix for which implicit QR is faster.
const LEAF: usize = 32;

/// Singular values and vectors of a bidiagonal matrix.
#[derive(Debug)]
pub struct Singular<T> {
    /// The values.
    pub values: Vec<T>,
    /// Left vectors, one row each.
    pub left: Vec<T>,
    /// Right vectors, one row each; in the last row what is orthogonal to them, if the matrix has
    /// a column more than rows.
    pub right: Vec<T>,
    /// Sweeps of implicit QR.
    pub sweeps: usize,
}

/// Decomposes the matrix with `d` on its diagonal and `e` above it; the values descend.
///
/// # Errors
///
/// [`Error::NotConverged`]; [`Error::Stopped`].
pub fn decompose<T: Real>(d: &[T], e: &[T], control: &Control) -> Result<Singular<T>, Error> {
    let n = d.len();
    let largest = d.iter().chain(e).fold(T::ZERO, |m, x| if x.abs() > m { x.abs() } else { m });
    // Squares of values are computed with.
    let power = if largest > T::ZERO { largest.exponent() } else { 0 };
    let scaled = |x: &[T]| x.iter().map(|x| x.scale_by_power_of_two(-power)).collect::<Vec<T>>();
    let found = blocks(&scaled(d), &scaled(e), control)?;
    let mut order: Vec<usize> = (0..n).collect();
    let values = &found.values;
    order.sort_by(|&i, &j| values[j].partial_cmp(&values[i]).unwrap_or(std::cmp::Ordering::Equal));
    let sorted = |rows: &[T]| order.iter().flat_map(|&i| &rows[i * n..(i + 1) * n]).copied().collect();
    Ok(Singular {
        values: order.iter().map(|&i| values[i].scale_by_power_of_two(power)).collect(),
        left: sorted(&found.left),
        right: sorted(&found.right),
        sweeps: found.sweeps,
    })
}

/// The singular values, in any order, of a matrix with as many columns as rows, or one more where
/// `e` is as long as `d`.
fn blocks<T: Real>(d: &[T], e: &[T], control: &Control) -> Result<Singular<T>, Error> {
    if d.len() <= LEAF {
        return leaf(d, e, control);
    }
    let middle = d.len() / 2;
    let (first, second) = threads::join(
        || blocks(&d[..middle], &e[..middle], control),
        || blocks(&d[middle + 1..], &e[middle + 1..], control),
    );
    Merge::of(first?, second?, (d[middle], e[middle]), e.len() == d.len()).solve(control)
}

/// By implicit QR. A column more than rows is made up for by a row of zeros, which no rotation
/// from the left ever touches.
fn leaf<T: Real>(d: &[T], e: &[T], control: &Control) -> Result<Singular<T>, Error> {
    let (n, wide) = (d.len(), e.len() + 1);
    let mut matrix = Bidiagonal { d: d.to_vec(), e: e.to_vec() };
    matrix.d.resize(wide, T::ZERO);
    let square = || Vectors::new(wide, unit(wide, wide));
    let (mut left, mut right) = (square(), square());
    let sweeps = matrix.diagonalise(&mut left, &mut right, control)?;
    if wide == n {
        return Ok(Singular { values: matrix.d, left: left.rows, right: right.rows, sweeps });
    }
    let part = |row: usize| left.rows[row * wide + n].abs();
    let null = (0..wide).fold(0, |best, row| if part(row) > part(best) { row } else { best });
    let others = || (0..wide).filter(|&row| row != null);
    let row = |i: usize| i * wide..(i + 1) * wide;
    Ok(Singular {
        values: others().map(|i| matrix.d[i]).collect(),
        left: others().flat_map(|i| &left.rows[i * wide..i * wide + n]).copied().collect(),
        right: others().chain([null]).flat_map(|i| &right.rows[row(i)]).copied().collect(),
        sweeps,
    })
}

/// Which of the two blocks a vector has components in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    First,
    Both,
    Second,
}

/// A diagonal matrix with a full first row, in the basis of two blocks' vectors; number 0 belongs
/// to the row in the middle.
struct Merge<T> {
    /// The row in the middle.
    split: usize,
    /// Rows, and columns.
    n: usize,
    wide: usize,
    d: Vec<T>,
    z: Vec<T>,
    /// What deflation measures by: the largest element, unless all are small.
    largest: T,
    left: Vec<T>,
    /// With what is orthogonal to all, if there is a column more than rows.
    right: Vec<T>,
    parts: Vec<Part>,
    sweeps: usize,
}

impl<T: Real> Merge<T> {
    /// Of two blocks and the two elements of the row between them.
    fn of(first: Singular<T>, second: Singular<T>, (alpha, beta): (T, T), more: bool) -> Self {
        let (split, rest) = (first.values.len(), second.values.len());
        let n = split + 1 + rest;
        let wide = n + usize::from(more);
        let mut left = vec![T::ZERO; n * n];
        let mut right = vec![T::ZERO; wide * wide];
        let (mut d, mut z) = (vec![T::ZERO], vec![T::ZERO]);
        d.extend(first.values.iter().chain(&second.values));
        left[split] = T::ONE;
        for (i, row) in first.left.chunks_exact(split).enumerate() {
            left[(1 + i) * n..][..split].copy_from_slice(row);
        }
        for (i, row) in second.left.chunks_exact(rest).enumerate() {
            left[(1 + split + i) * n + split + 1..][..rest].copy_from_slice(row);
        }
        let (narrow, other) = (split + 1, wide - split - 1);
        let (ours, null) = first.right.split_at(split * narrow);
        let (theirs, other_null) = second.right.split_at(rest * other);
        for (i, row) in ours.chunks_exact(narrow).enumerate() {
            right[(1 + i) * wide..][..narrow].copy_from_slice(row);
            z.push(alpha * row[split]);
        }
        for (i, row) in theirs.chunks_exact(other).enumerate() {
            right[(1 + split + i) * wide + narrow..][..other].copy_from_slice(row);
            z.push(beta * row[0]);
        }
        // What is orthogonal to one block's vectors, or to the other's: one of two combinations
        // is orthogonal to the row in the middle as well.
        let here = alpha * null[split];
        let there = other_null.first().map_or(T::ZERO, |&x| beta * x);
        let size = hypot(here, there);
        let (c, s) = if size > T::ZERO { (here / size, there / size) } else { (T::ONE, T::ZERO) };
        z[0] = size;
        let mut put = |row: usize, c: T, s: T| {
            let row = &mut right[row * wide..(row + 1) * wide];
            row.iter_mut().zip(null).for_each(|(to, &x)| *to = c * x);
            row[narrow..].iter_mut().zip(other_null).for_each(|(to, &x)| *to = s * x);
        };
        put(0, c, s);
        if more {
            put(n, -s, c);
        }
        let mut parts = vec![Part::Both];
        parts.extend((0..split).map(|_| Part::First).chain((0..rest).map(|_| Part::Second)));
        let larger = |m: T, x: &T| if x.abs() > m { x.abs() } else { m };
        let here = d.iter().chain(&[alpha, beta]).fold(T::ZERO, larger);
        // The whole matrix is about 1: what is noise beside that need not keep its digits, whose
        // squares would vanish.
        let floor = T::from_f64(0.125);
        let largest = if here > T::ZERO && here < floor { floor } else { here };
        let sweeps = first.sweeps + second.sweeps;
        Self { split, n, wide, d, z, largest, left, right, parts, sweeps }
    }

    fn solve(mut self, control: &Control) -> Result<Singular<T>, Error> {
        let (n, wide) = (self.n, self.wide);
        let (kept, dropped) = self.deflate();
        let (mut values, mut left, mut right) = self.roots(&kept, control)?;
        for &i in &dropped {
            values.push(self.d[i]);
            left.extend_from_slice(&self.left[i * n..(i + 1) * n]);
            right.extend_from_slice(&self.right[i * wide..(i + 1) * wide]);
        }
        right.extend_from_slice(&self.right[n * wide..]);
        Ok(Singular { values, left, right, sweeps: self.sweeps })
    }

    /// Leaves out the values that the first row does not move: those with a negligible component
    /// of `z`, and one of each two that are so close that rotations make its component zero.
    /// Those that are kept ascend, number 0 before all.
    fn deflate(&mut self) -> (Vec<usize>, Vec<usize>) {
        if self.largest == T::ZERO {
            return (vec![], (0..self.n).collect());
        }
        let negligible = T::from_f64(8.0) * T::EPSILON * self.largest;
        if self.z[0] <= negligible {
            self.z[0] = negligible;
        }
        let mut order: Vec<usize> = (1..self.n).collect();
        let d = &self.d;
        order.sort_by(|&i, &j| d[i].partial_cmp(&d[j]).unwrap_or(std::cmp::Ordering::Equal));
        let (mut kept, mut dropped) = (vec![0], Vec::new());
        let mut last: Option<usize> = None;
        for j in order {
            if self.z[j].abs() <= negligible {
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
        // Number 0 is a value of zero: no other may be one.
        if let Some(&next) = kept.get(1)
            && self.d[next] < negligible
        {
            self.d[next] = negligible;
        }
        (kept, dropped)
    }

    /// Turns the vectors of two nearly equal values, so that the first has no part in `z`.
    fn rotate(&mut self, (i, j): (usize, usize), c: T, s: T, size: T) {
        (self.z[i], self.z[j]) = (T::ZERO, size);
        let (d, more) = (self.d[i], self.d[j]);
        (self.d[i], self.d[j]) = (d * c * c + more * s * s, d * s * s + more * c * c);
        for (rows, length) in [(&mut self.left, self.n), (&mut self.right, self.wide)] {
            let (low, high) = (i.min(j), i.max(j));
            let (above, below) = rows.split_at_mut(high * length);
            let (low, high) = (&mut above[low * length..][..length], &mut below[..length]);
            let (x, y) = if i < j { (low, high) } else { (high, low) };
            for (x, y) in x.iter_mut().zip(y) {
                (*x, *y) = (c * *x - s * *y, c * *y + s * *x);
            }
        }
        if self.parts[i] != self.parts[j] {
            self.parts[j] = Part::Both;
        }
    }

    /// The values that moved, and their vectors from the left and from the right.
    fn roots(&self, kept: &[usize], control: &Control) -> Result<(Vec<T>, Vec<T>, Vec<T>), Error> {
        let count = kept.len();
        let (mut roots, mut differences) = (vec![T::ZERO; count], vec![T::ZERO; count * count]);
        if count == 0 {
            return Ok((roots, vec![], vec![]));
        }
        control.go_on()?;
        let poles: Vec<T> = kept.iter().map(|&i| self.d[i] * self.d[i]).collect();
        let mut z: Vec<T> = kept.iter().map(|&i| self.z[i]).collect();
        let rho = z.iter().fold(T::ZERO, |sum, &z| sum + z * z);
        let squares: Vec<T> = z.iter().map(|&z| z * z / rho).collect();
        let (values, rows) = (&mut roots[..], &mut differences[..]);
        dispatch(Roots { d: &poles, squares: &squares, rho, roots: values, differences: rows });
        dispatch(Weights { d: &poles, z: &mut z, differences: &differences });
        // Vectors of one block first, then those of both, then of the other: so much is zero.
        let of = |part: Part| (0..count).filter(move |&k| self.parts[kept[k]] == part);
        let order: Vec<usize> = of(Part::First).chain(of(Part::Both)).chain(of(Part::Second)).collect();
        let borders = (of(Part::First).count(), count - of(Part::Second).count());
        let zeros = || Array2::from_elem((count, count), T::ZERO);
        let (mut u, mut v) = (zeros(), zeros());
        let mut sound = roots.iter().all(|&root| root >= T::ZERO);
        for (k, differences) in differences.chunks_exact(count).enumerate() {
            let (mut u, mut v) = (u.row_mut(k), v.row_mut(k));
            for (place, &i) in order.iter().enumerate() {
                let ratio = z[i] / differences[i];
                v[place] = ratio;
                u[place] = if i == 0 { -T::ONE } else { self.d[kept[i]] * ratio };
            }
            for row in [&mut u, &mut v] {
                let norm = row.iter().fold(T::ZERO, |sum, &x| sum + x * x).sqrt();
                sound = sound && norm > T::ZERO && norm.is_finite();
                row.iter_mut().for_each(|x| *x /= norm);
            }
        }
        if !sound {
            return Err(Error::NotConverged { what: "divide and conquer", iterations: MOST });
        }
        let places: Vec<usize> = order.iter().map(|&k| kept[k]).collect();
        let left = turned(&u, (&self.left, self.n), (self.split, self.split + 1), &places, borders, control)?;
        let middle = (self.split + 1, self.split + 1);
        let right = turned(&v, (&self.right, self.wide), middle, &places, borders, control)?;
        let mut left = left;
        if let Some(place) = places.iter().position(|&i| i == 0) {
            for (row, u) in left.chunks_exact_mut(self.n).zip(u.rows()) {
                row[self.split] = u[place];
            }
        }
        Ok((roots.into_iter().map(T::sqrt).collect(), left, right))
    }
}

/// `small` times the rows of `rows` in these `places`, of which the first block's, up to the second
/// of `borders`, have their columns up to the first of `middle`, the others, from the first of
/// `borders` on, those from the second on.
fn turned<T: Real>(
    small: &Array2<T>,
    (rows, length): (&[T], usize),
    middle: (usize, usize),
    places: &[usize],
    borders: (usize, usize),
    control: &Control,
) -> Result<Vec<T>, Error> {
    let count = places.len();
    let mut result = Array2::from_elem((count, length), T::ZERO);
    for (which, columns) in [(0..borders.1, 0..middle.0), (borders.0..count, middle.1..length)] {
        let of = |i: usize| &rows[places[which.start + i] * length..][columns.clone()];
        let mut gathered = Array2::from_elem((which.len(), columns.len()), T::ZERO);
        for (i, mut row) in gathered.rows_mut().into_iter().enumerate() {
            row.iter_mut().zip(of(i)).for_each(|(to, &x)| *to = x);
        }
        let target = result.slice_mut(s![.., columns]);
        product(small.slice(s![.., which]), gathered.view(), target, Update::Assign, control)?;
    }
    Ok(result.into_raw_vec_and_offset().0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(d: &[f64], e: &[f64]) {
        let n = d.len();
        let found = decompose(d, e, &Control::default()).unwrap();
        let size = d.iter().chain(e).fold(1e-300_f64, |m, x| m.max(x.abs()));
        let (left, right, values) = (&found.left, &found.right, &found.values);
        assert!(values.windows(2).all(|pair| pair[0] >= pair[1]) && values[n - 1] >= 0.0);
        for k in 0..n {
            let (u, v) = (&left[k * n..(k + 1) * n], &right[k * n..(k + 1) * n]);
            for i in 0..n {
                let beside = if i + 1 < n { e[i] * v[i + 1] } else { 0.0 };
                let residual = d[i] * v[i] + beside - values[k] * u[i];
                assert!(residual.abs() < 1e-14 * size * n as f64, "{n} {k} {i}: {residual}");
            }
        }
        for rows in [left, right] {
            for i in 0..n {
                for j in 0..=i {
                    let dot: f64 = (0..n).map(|k| rows[i * n + k] * rows[j * n + k]).sum();
                    assert!((dot - f64::from(u8::from(i == j))).abs() < 2e-15 * n as f64, "{i} {j}: {dot}");
                }
            }
        }
    }

    #[test]
    fn rows_are_singular_vectors() {
        for n in [1, 32, 33, 34, 70, 150] {
            let sine = |k: usize| ((k * k + 3) as f64).sin();
            let random = |count: usize, shift| (0..count).map(|k| sine(k + shift)).collect::<Vec<f64>>();
            check(&random(n, 0), &random(n - 1, 1000));
            check(&vec![2.0; n], &vec![-1.0; n - 1]);
            check(&vec![0.0; n], &vec![1.0; n - 1]);
            check(&vec![1.0; n], &vec![0.0; n - 1]);
            check(&vec![0.0; n], &vec![0.0; n - 1]);
            check(&vec![1.0; n], &vec![1e-14; n - 1]);
        }
    }

    #[test]
    fn singular_clustered_and_graded_matrices_have_orthogonal_vectors() {
        let n = 105;
        let graded: Vec<f64> = (0..n).map(|k| 10f64.powi(-k / 4)).collect();
        let size = graded.len();
        check(&graded, &graded[1..]);
        let rising: Vec<f64> = graded.iter().rev().copied().collect();
        check(&rising, &rising[1..]);
        let holes: Vec<f64> =
            (0..size).map(|k| if k % 5 == 2 { 0.0 } else { 1.0 + (k % 3) as f64 }).collect();
        check(&holes, &vec![1.0; size - 1]);
        let glue: Vec<f64> = (1..size).map(|k| if k % 21 == 20 { 1e-8 } else { 1.0 }).collect();
        check(&(0..size).map(|k| (k % 21) as f64).collect::<Vec<_>>(), &glue);
        let noise: Vec<f64> = (0..size).map(|k| if k < 20 { 1.0 } else { 1e-17 }).collect();
        check(&noise, &noise[1..]);
        let vanishing: Vec<f64> = (0..size).map(|k| if k < 3 { 1.0 } else { 1e-200 }).collect();
        check(&vanishing, &vanishing[1..]);
    }
}
