//! Singular values and vectors of real bidiagonal matrices: implicit QR.
//!
//! J. Demmel and W. Kahan, "Accurate singular values of bidiagonal matrices", SIAM J. Sci. Stat.
//! Comput. 11, 1990. Rotations are gathered and applied many at a time to strips of the vectors
//! that stay in the level 1 cache (F. G. Van Zee, R. A. van de Geijn and G. Quintana-Ortí,
//! "Restructuring the tridiagonal and bidiagonal QR algorithms for performance", ACM Trans. Math.
//! Softw. 40, 2014).

use super::tridiagonal::hypot;
use crate::scalar::Real;
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error};

/// Sweeps for one value after which something is wrong; it takes two on average.
const MOST: usize = 30;
/// Elements of each vector that are rotated together.
const STRIP: usize = 16;
/// Rotations per row that are gathered before they are applied.
const GATHERED: usize = 16;

/// The vectors of one side, as rows, and the rotations that they still wait for.
#[derive(Default)]
pub struct Vectors<R> {
    /// Elements of each row.
    pub length: usize,
    /// The rows; none where only values are wanted.
    pub rows: Vec<R>,
    /// First row, whether upwards, and where its rotations begin, of each sweep.
    sweeps: Vec<(usize, bool, usize)>,
    rotations: Vec<(R, R)>,
}

impl<R: Real> Vectors<R> {
    /// These rows of `length` elements.
    pub fn new(length: usize, rows: Vec<R>) -> Self {
        Self { length, rows, sweeps: vec![], rotations: vec![] }
    }

    fn begin(&mut self, first: usize, upwards: bool) {
        self.sweeps.push((first, upwards, self.rotations.len()));
    }

    fn flush(&mut self) {
        if !self.rows.is_empty() {
            dispatch(ApplyRotations(self));
        }
        self.sweeps.clear();
        self.rotations.clear();
    }
}

struct ApplyRotations<'a, R>(&'a mut Vectors<R>);

impl<R: Real> Kernel for ApplyRotations<'_, R> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let length = self.0.length;
        let whole = length / STRIP * STRIP;
        for start in (0..whole).step_by(STRIP) {
            self.0.strip::<I, STRIP>(isa, start);
        }
        for start in whole..length {
            self.0.strip::<I, 1>(isa, start);
        }
    }
}

impl<R: Real> Vectors<R> {
    /// Applies all that was gathered to `W` elements of every row.
    #[inline(always)]
    fn strip<I: Isa, const W: usize>(&mut self, isa: I, start: usize) {
        let length = self.length;
        let ends = self.sweeps.iter().skip(1).map(|sweep| sweep.2).chain([self.rotations.len()]);
        for (&(first, upwards, begin), end) in self.sweeps.iter().zip(ends) {
            let mut place = first * length + start;
            let mut carried = [R::ZERO; W];
            carried.copy_from_slice(&self.rows[place..place + W]);
            for &(c, s) in &self.rotations[begin..end] {
                let next = if upwards { place - length } else { place + length };
                let mut other = [R::ZERO; W];
                other.copy_from_slice(&self.rows[next..next + W]);
                let done = &mut self.rows[place..place + W];
                for lane in 0..W {
                    let x = carried[lane];
                    done[lane] = isa.mul_add(s, other[lane], c * x);
                    carried[lane] = isa.mul_add(-s, x, c * other[lane]);
                }
                place = next;
            }
            self.rows[place..place + W].copy_from_slice(&carried);
        }
    }
}

/// The bidiagonal matrix with `d` on its diagonal and `e` above it.
pub struct Bidiagonal<R> {
    /// The diagonal; in the end the singular values.
    pub d: Vec<R>,
    /// What is above it.
    pub e: Vec<R>,
}

/// `(c, s, r)` with `c f + s g = r` and `c g - s f = 0`.
#[inline(always)]
fn rotation<R: Real>(f: R, g: R) -> (R, R, R) {
    if g == R::ZERO {
        return (R::ONE, R::ZERO, f);
    }
    let sum = f * f + g * g;
    let safe = sum > R::MIN_POSITIVE / (R::EPSILON * R::EPSILON) && sum < R::MAX;
    let r = if safe { sum.sqrt() } else { hypot(f, g) };
    if safe {
        let inverse = R::ONE / r;
        return (f * inverse, g * inverse, r);
    }
    (f / r, g / r, r)
}

impl<R: Real> Bidiagonal<R> {
    /// Diagonalises: rotates the rows of `left` and `right` with it, and puts the values, made
    /// positive, in descending order. Returns the number of sweeps.
    ///
    /// # Errors
    ///
    /// [`Error::NotConverged`]; [`Error::Stopped`].
    pub fn diagonalise(
        &mut self,
        left: &mut Vectors<R>,
        right: &mut Vectors<R>,
        control: &Control,
    ) -> Result<usize, Error> {
        let n = self.d.len();
        let tolerance = R::EPSILON * R::from_f64(8.0);
        let negligible = self.negligible(tolerance);
        let (mut sweeps, mut last, mut block) = (0, n.saturating_sub(1), (n, n));
        let mut upwards = false;
        while last > 0 {
            let Some(first) = self.split(&mut last, negligible) else { continue };
            if first > block.1 || last < block.0 {
                // Rows that were not together before: from the larger to the smaller end.
                upwards = self.d[first].abs() < self.d[last].abs();
            }
            block = (first, last);
            let Some(least) = self.deflate(first, last, upwards, tolerance) else { continue };
            let shift = self.shift(first, last, upwards, least, tolerance);
            left.begin(if upwards { last } else { first }, upwards);
            right.begin(if upwards { last } else { first }, upwards);
            let (one, other) = if upwards { (&mut *left, &mut *right) } else { (&mut *right, &mut *left) };
            self.sweep((first, last), upwards, shift, &mut one.rotations, &mut other.rotations);
            sweeps += 1;
            if sweeps > MOST * n {
                return Err(Error::NotConverged { what: "implicit QR", iterations: sweeps });
            }
            if left.rotations.len() > GATHERED * n {
                control.go_on()?;
                left.flush();
                right.flush();
            }
        }
        left.flush();
        right.flush();
        self.order(left, right);
        Ok(sweeps)
    }

    /// What may be dropped from above the diagonal at any place.
    fn negligible(&self, tolerance: R) -> R {
        let n = R::from_f64(self.d.len() as f64);
        let (mut mu, mut least) = (R::INFINITY, R::INFINITY);
        for (i, d) in self.d.iter().enumerate() {
            mu = if i == 0 { d.abs() } else { d.abs() * (mu / (mu + self.e[i - 1].abs())) };
            if !(mu > R::ZERO) {
                least = R::ZERO;
                break;
            }
            least = if mu < least { mu } else { least };
        }
        // The reduction left errors of this size; to chase them costs many sweeps.
        let largest =
            self.d.iter().chain(&self.e).fold(R::ZERO, |m, x| if x.abs() > m { x.abs() } else { m });
        let floor = R::MIN_POSITIVE * n * n + R::EPSILON * R::from_f64(0.25) * largest;
        let relative = tolerance * least / n.sqrt();
        if relative > floor { relative } else { floor }
    }

    /// The first row of the block that ends at `last`; `None` where that is done.
    fn split(&mut self, last: &mut usize, negligible: R) -> Option<usize> {
        for first in (0..*last).rev() {
            if self.e[first].abs() <= negligible {
                self.e[first] = R::ZERO;
                if first + 1 == *last {
                    *last -= 1;
                    return None;
                }
                return Some(first + 1);
            }
        }
        Some(0)
    }

    /// Drops what the criteria of Demmel and Kahan allow (`None`), or bounds the least value from
    /// below.
    fn deflate(&mut self, first: usize, last: usize, upwards: bool, tolerance: R) -> Option<R> {
        let at = |i: usize| if upwards { last - i } else { first + i };
        let between = |i: usize| at(i).min(at(i + 1));
        let count = last - first;
        let end = between(count - 1);
        if self.e[end].abs() <= tolerance * self.d[at(count)].abs() {
            self.e[end] = R::ZERO;
            return None;
        }
        let mut mu = self.d[at(0)].abs();
        let mut least = mu;
        for i in 0..count {
            let e = &mut self.e[between(i)];
            if e.abs() <= tolerance * mu {
                *e = R::ZERO;
                return None;
            }
            mu = self.d[at(i + 1)].abs() * (mu / (mu + e.abs()));
            least = if mu < least { mu } else { least };
        }
        Some(least)
    }

    /// The smaller singular value of the last two rows, or zero where a shift would cost digits.
    fn shift(&self, first: usize, last: usize, upwards: bool, least: R, tolerance: R) -> R {
        let within = first..=last;
        let mut largest = R::ZERO;
        for i in within {
            let d = self.d[i].abs();
            let e = if i < last { self.e[i].abs() } else { R::ZERO };
            let both = if d > e { d } else { e };
            largest = if both > largest { both } else { largest };
        }
        let n = R::from_f64(self.d.len() as f64);
        let hundredth = R::from_f64(0.01) * tolerance;
        let bound = if R::EPSILON > hundredth { R::EPSILON } else { hundredth };
        if n * tolerance * (least / largest) <= bound {
            return R::ZERO;
        }
        let (start, shift) = if upwards {
            (self.d[last].abs(), smaller(self.d[first], self.e[first], self.d[first + 1]))
        } else {
            (self.d[first].abs(), smaller(self.d[last - 1], self.e[last - 1], self.d[last]))
        };
        let ratio = if start > R::ZERO { shift / start } else { R::ZERO };
        if ratio * ratio < R::EPSILON { R::ZERO } else { shift }
    }

    /// Chases one bulge from one end of the block to the other; `one` are the rotations of the
    /// side that it begins with.
    fn sweep(
        &mut self,
        (first, last): (usize, usize),
        upwards: bool,
        shift: R,
        one: &mut Vec<(R, R)>,
        other: &mut Vec<(R, R)>,
    ) {
        let count = last - first;
        let at = |i: usize| if upwards { last - i } else { first + i };
        let between = |i: usize| at(i).min(at(i + 1));
        let (d, e) = (&mut self.d, &mut self.e);
        if shift == R::ZERO {
            let (mut c, mut c_before, mut s_before) = (R::ONE, R::ONE, R::ZERO);
            for i in 0..count {
                let (c_new, s, r) = rotation(d[at(i)] * c, e[between(i)]);
                if i > 0 {
                    e[between(i - 1)] = s_before * r;
                }
                one.push((c_new, s));
                c = c_new;
                let r = rotation(c_before * r, d[at(i + 1)] * s);
                (c_before, s_before, d[at(i)]) = r;
                other.push((c_before, s_before));
            }
            let h = d[at(count)] * c;
            d[at(count)] = h * c_before;
            e[between(count - 1)] = h * s_before;
            return;
        }
        let start = d[at(0)];
        let sign = if start < R::ZERO { -R::ONE } else { R::ONE };
        let mut f = (start.abs() - shift) * (sign + shift / start);
        let mut g = e[between(0)];
        for i in 0..count {
            let (here, next, beside) = (at(i), at(i + 1), between(i));
            let (c, s, r) = rotation(f, g);
            if i > 0 {
                e[between(i - 1)] = r;
            }
            one.push((c, s));
            f = c * d[here] + s * e[beside];
            e[beside] = c * e[beside] - s * d[here];
            g = s * d[next];
            d[next] = c * d[next];
            let (c, s, r) = rotation(f, g);
            other.push((c, s));
            d[here] = r;
            f = c * e[beside] + s * d[next];
            d[next] = c * d[next] - s * e[beside];
            if i + 1 < count {
                g = s * e[between(i + 1)];
                e[between(i + 1)] = c * e[between(i + 1)];
            }
        }
        e[between(count - 1)] = f;
    }

    /// Positive values in descending order, with their vectors.
    fn order(&mut self, left: &mut Vectors<R>, right: &mut Vectors<R>) {
        let n = self.d.len();
        for (i, d) in self.d.iter_mut().enumerate() {
            if *d < R::ZERO {
                *d = -*d;
                if !right.rows.is_empty() {
                    let row = &mut right.rows[i * right.length..(i + 1) * right.length];
                    row.iter_mut().for_each(|x| *x = -*x);
                }
            }
        }
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&i, &j| self.d[j].partial_cmp(&self.d[i]).unwrap_or(std::cmp::Ordering::Equal));
        if order.is_sorted() {
            return;
        }
        self.d = order.iter().map(|&i| self.d[i]).collect();
        for side in [left, right] {
            if !side.rows.is_empty() {
                let length = side.length;
                let rest = &side.rows[n * length..];
                let sorted = order.iter().flat_map(|&i| &side.rows[i * length..(i + 1) * length]);
                side.rows = sorted.chain(rest).copied().collect();
            }
        }
    }
}

/// The smaller singular value of `[[f, g], [0, h]]`.
fn smaller<R: Real>(f: R, g: R, h: R) -> R {
    let (f, g, h) = (f.abs(), g.abs(), h.abs());
    let (least, most) = if f < h { (f, h) } else { (h, f) };
    if least == R::ZERO {
        return R::ZERO;
    }
    let (ratio, two) = (least / most, R::ONE + R::ONE);
    let (sum, difference) = (R::ONE + ratio, (most - least) / most);
    if g < most {
        let square = (g / most) * (g / most);
        return least * (two / ((sum * sum + square).sqrt() + (difference * difference + square).sqrt()));
    }
    let over = most / g;
    if over == R::ZERO {
        return least * most / g;
    }
    let (sum, difference) = (sum * over, difference * over);
    let roots = (R::ONE + sum * sum).sqrt() + (R::ONE + difference * difference).sqrt();
    least * (two / roots) * over
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;

    fn unit(n: usize) -> Vectors<f64> {
        Vectors::new(n, super::super::columns::unit(n, n))
    }

    fn check(d: &[f64], e: &[f64]) {
        let n = d.len();
        let (mut left, mut right) = (unit(n), unit(n));
        let mut bidiagonal = Bidiagonal { d: d.to_vec(), e: e.to_vec() };
        bidiagonal.diagonalise(&mut left, &mut right, &Control::default()).unwrap();
        let s = bidiagonal.d;
        assert!(s.windows(2).all(|pair| pair[0] >= pair[1]) && s.iter().all(|&s| s >= 0.0), "{s:?}");
        for i in 0..n {
            for j in 0..n {
                let back: f64 = (0..n).map(|k| left.rows[k * n + i] * s[k] * right.rows[k * n + j]).sum();
                let expected = if i == j {
                    d[i]
                } else if i + 1 == j {
                    e[i]
                } else {
                    0.0
                };
                assert!((back - expected).abs() < 1e-14 * n as f64, "n = {n}: {back} {expected}");
            }
        }
    }

    #[test]
    fn rotations_diagonalise_at_every_level_in_both_directions() {
        at_every_level(|_| {
            for n in [1, 2, 3, 17, 40] {
                let wave = |k: usize| ((k * k + 1) as f64).sin();
                let (d, e): (Vec<f64>, Vec<f64>) = ((0..n).map(wave).collect(), (1..n).map(wave).collect());
                check(&d, &e);
                let graded = |k: usize| wave(k) * 10_f64.powi(-(k as i32) / 2);
                let (d, e): (Vec<f64>, Vec<f64>) =
                    ((0..n).map(graded).collect(), (1..n).map(graded).collect());
                check(&d, &e);
                let turned: Vec<f64> = d.iter().rev().copied().collect();
                check(&turned, &e.iter().rev().copied().collect::<Vec<_>>());
            }
            check(&[0.0; 4], &[1.0; 3]);
            check(&[1.0, 0.0, 2.0, 0.0, 1.0], &[1.0, 1.0, 1.0, 1.0]);
            check(&[1.0, 1.0, 1.0], &[0.0, 0.0]);
        });
    }

    #[test]
    fn noise_beside_large_values_is_not_chased() {
        let noise =
            |k: usize| ((k * k + 1) as f64).sin() * if k < 5 { 1.0 } else { 1e-17_f64.powi(k as i32 / 5) };
        let (d, e): (Vec<f64>, Vec<f64>) = ((0..64).map(noise).collect(), (1..64).map(noise).collect());
        check(&d, &e);
    }

    #[test]
    fn small_values_keep_their_digits() {
        // B = [[1, 1], [0, 1e-20]]: the product of its values is the determinant, the larger is sqrt(2).
        let mut bidiagonal = Bidiagonal { d: vec![1.0, 1e-20], e: vec![1.0] };
        bidiagonal
            .diagonalise(&mut Vectors::default(), &mut Vectors::default(), &Control::default())
            .unwrap();
        let expected = 1e-20 / 2_f64.sqrt();
        assert!((bidiagonal.d[1] / expected - 1.0).abs() < 1e-14, "{:?}", bidiagonal.d);
    }

    #[test]
    fn the_smaller_value_of_two_rows_is_right() {
        for (f, g, h) in [(3.0, 4.0, 5.0), (1e-200, 1.0, 1e-200), (1.0, 1e200, 1.0), (2.0, 0.0, 1.0)] {
            // Values s <= S have s S = |f h| and s^2 + S^2 = f^2 + g^2 + h^2.
            let found: f64 = smaller(f, g, h);
            let largest = f64::hypot(f64::hypot(f, g), h);
            assert!(found <= f * h / (largest / 2_f64.sqrt()) * 1.01 && found >= f * h / largest * 0.99);
        }
        assert_eq!(smaller(0.0, 1.0, 1.0), 0.0);
    }
}
