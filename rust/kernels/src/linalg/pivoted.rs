//! Triangular factors by reflections, with or without exchanges of columns.
//!
//! P. A. Businger and G. H. Golub, "Linear least squares solutions by Householder
//! transformations", Numer. Math. 7, 1965. The columns' lengths are computed anew in each step:
//! to downdate them loses digits, and costs hardly less.

use super::columns::{Column, TOGETHER, reflect, reflection, squared_length};
use super::reflections::Reflections;
use crate::scalar::{Field, Scalar};
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error};

/// `A P = Q R`, of which the columns of `A` were given.
pub struct Triangular<T: Field> {
    /// Rows of `A`.
    pub m: usize,
    /// Columns of `A`, at most `m`.
    pub n: usize,
    /// Column `k` holds column `k` of `R` above the diagonal, and the reflection's vector from it on.
    pub columns: Vec<T>,
    /// The diagonal of `R`.
    pub diagonal: Vec<T>,
    /// Factor of each reflection; as many as there are rows of `R` that are not zero.
    pub factors: Vec<T::Real>,
    /// Which column of `A` became column `k`.
    pub order: Vec<usize>,
}

impl<T: Column> Triangular<T> {
    /// Factors the matrix of these columns of length `m`. With `pivot` the longest of the remaining
    /// columns comes next, and what is no longer than `negligible` is zero.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] only.
    pub fn factor(
        m: usize,
        columns: Vec<T>,
        pivot: bool,
        negligible: T::Real,
        control: &Control,
    ) -> Result<Self, Error> {
        let n = columns.len().checked_div(m).unwrap_or(0);
        let order = (0..n).collect();
        let mut qr =
            Self { m, n, columns, diagonal: vec![T::ZERO; n], factors: Vec::with_capacity(n), order };
        for k in 0..n {
            control.go_on()?;
            if pivot {
                qr.exchange(k);
            }
            if !dispatch(Step { qr: &mut qr, k, negligible }) {
                break;
            }
        }
        Ok(qr)
    }

    /// Brings the longest of the columns from `k` on to place `k`.
    fn exchange(&mut self, k: usize) {
        let lengths = dispatch(Lengths { qr: self, k });
        let longest = (0..lengths.len()).fold(0, |best, j| if lengths[j] > lengths[best] { j } else { best });
        if longest > 0 {
            let (m, other) = (self.m, k + longest);
            let (head, tail) = self.columns.split_at_mut(other * m);
            head[k * m..(k + 1) * m].swap_with_slice(&mut tail[..m]);
            self.order.swap(k, other);
        }
    }

    /// Rows of `R` that are not zero.
    pub fn rank(&self) -> usize {
        self.factors.len()
    }

    /// The conjugated rows of `R` that are not zero, one after the other: the columns of `R^H`.
    pub fn rows(&self) -> Vec<T> {
        let (n, rank) = (self.n, self.rank());
        let mut rows = vec![T::ZERO; rank * n];
        for (i, row) in rows.chunks_exact_mut(n.max(1)).enumerate() {
            row[i] = self.diagonal[i].conj();
            for j in i + 1..n {
                row[j] = self.columns[j * self.m + i].conj();
            }
        }
        rows
    }

    /// The columns of `R`, of `n` elements each.
    pub fn upper(&self) -> Vec<T> {
        let mut upper = vec![T::ZERO; self.n * self.n];
        for (j, column) in upper.chunks_exact_mut(self.n.max(1)).enumerate() {
            column[..j].copy_from_slice(&self.columns[j * self.m..j * self.m + j]);
            column[j] = self.diagonal[j];
        }
        upper
    }

    /// `Q x` for each of the columns `x`, of length `m`.
    pub fn times(&self, columns: &mut [T], unit: bool) {
        let (rows, factors) = (&self.columns[..], &self.factors[..]);
        Reflections { rows, length: self.m, offset: 0, factors }.apply(columns, unit);
    }
}

struct Lengths<'a, T: Field> {
    qr: &'a Triangular<T>,
    k: usize,
}

impl<T: Column> Kernel for Lengths<'_, T> {
    type Output = Vec<T::Real>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let (m, k) = (self.qr.m, self.k);
        self.qr.columns[k * m..].chunks_exact(m).map(|column| squared_length(isa, &column[k..])).collect()
    }
}

/// One reflection; `false` where nothing is left.
struct Step<'a, T: Field> {
    qr: &'a mut Triangular<T>,
    k: usize,
    negligible: T::Real,
}

impl<T: Column> Kernel for Step<'_, T> {
    type Output = bool;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> bool {
        let Self { qr, k, negligible } = self;
        let m = qr.m;
        let (head, tail) = qr.columns.split_at_mut((k + 1) * m);
        let v = &mut head[k * m + k..];
        let made = reflection(isa, v);
        qr.diagonal[k] = made.left;
        if made.left.absolute() <= negligible && negligible > <T::Real as Scalar>::ZERO {
            qr.diagonal[k] = T::ZERO;
            return false;
        }
        qr.factors.push(made.factor);
        if made.factor > <T::Real as Scalar>::ZERO {
            for block in tail.chunks_mut(TOGETHER * m) {
                reflect(isa, v, made.factor, block, (m, k));
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;

    fn check(m: usize, n: usize, pivot: bool) {
        let a: Vec<f64> = (0..m * n).map(|i| ((i * i % 1009 + 1) as f64).sin()).collect();
        let qr = Triangular::factor(m, a.clone(), pivot, 0.0, &Control::default()).unwrap();
        assert_eq!(qr.rank(), n);
        let diagonal: Vec<f64> = qr.diagonal.iter().map(|r| r.abs()).collect();
        assert!(!pivot || diagonal.windows(2).all(|pair| pair[0] >= pair[1] * (1.0 - 1e-14)));
        let mut columns = vec![0.0; m * n];
        for (column, r) in columns.chunks_exact_mut(m).zip(qr.upper().chunks_exact(n)) {
            column[..n].copy_from_slice(r);
        }
        qr.times(&mut columns, false);
        for (column, &place) in columns.chunks_exact(m).zip(&qr.order) {
            for (x, y) in column.iter().zip(&a[place * m..]) {
                assert!((x - y).abs() < 1e-14 * m as f64, "{m} x {n}");
            }
        }
    }

    #[test]
    fn factors_give_the_matrix_back_at_every_level() {
        at_every_level(|_| {
            for (m, n) in [(1, 1), (3, 2), (9, 9), (30, 5), (21, 20)] {
                check(m, n, true);
                check(m, n, false);
            }
        });
    }

    #[test]
    fn what_is_negligible_ends_the_factors() {
        let a = vec![1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 1.0, 0.0, 0.0];
        let qr = Triangular::factor(3, a, true, 1e-10, &Control::default()).unwrap();
        assert_eq!((qr.rank(), qr.order[0]), (2, 1));
    }
}
