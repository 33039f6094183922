//! Products of complex matrices as products of real ones, or plain loops where they are small.
//!
//! A row of complex numbers is a row of real ones, parts in turn. So one operand stays where it
//! lies, and the other, the smaller one, is written out:
//!
//! ```text
//! (re im)(  b.re  b.im )                    ( a.re )
//!        ( -b.im  b.re )  = (re im),   or   ( a.im ) (re im)   and then  row 1 + i row 2
//! ```
//!
//! Three real products in place of these four would do (A. A. Karatsuba), but lose the digits of
//! the smaller part; see N. J. Higham, "Stability of a method for multiplying complex matrices
//! with three real matrix multiplications", SIAM J. Matrix Anal. Appl. 13, 1992.

use super::gram::gram;
use super::matmul::{Update, product};
use super::microkernel_complex::{real_rows, real_rows_mut};
use crate::scalar::{Real, Scalar};
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error};
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Zip, s};
use num_complex::Complex;

/// Multiplications below which the real product does not pay.
const SMALL: usize = 16 * 16 * 16;
/// Columns whose sums are kept at a time.
const WIDTH: usize = 8;
/// Real numbers of b that are written out at a time, about: they stay in the level 3 cache.
const NEAR: usize = 1 << 18;
/// Rows of b that are written out at a time at least.
const DEPTH: usize = 128;

/// `c = a b`, `c += a b` or `c -= a b`, for shapes that fit and any strides.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn complex_product<R: Real>(
    a: ArrayView2<'_, Complex<R>>,
    b: ArrayView2<'_, Complex<R>>,
    mut c: ArrayViewMut2<'_, Complex<R>>,
    update: Update,
    control: &Control,
) -> Result<(), Error>
where
    Complex<R>: Scalar,
{
    let (m, k, n) = (a.nrows(), a.ncols(), b.ncols());
    if m.saturating_mul(k).saturating_mul(n) <= SMALL {
        dispatch(Small { a, b, c, update });
        return control.go_on();
    }
    if update == Update::Assign && gram(a, b, c.view_mut(), control, complex_product)? {
        return Ok(());
    }
    let by_rows = n == 1 || c.strides()[1] == 1;
    if !by_rows && (m == 1 || c.strides()[0] == 1) {
        return complex_product(b.reversed_axes(), a.reversed_axes(), c.reversed_axes(), update, control);
    }
    if 4 * m < k.min(n) {
        return match real_rows(&b) {
            Some(b) => few_rows(a, b, c, update, control),
            None => {
                let mut turned = Array2::from_elem((n, m), <Complex<R> as Scalar>::ZERO);
                let (a, b) = (a.reversed_axes(), b.reversed_axes());
                complex_product(b, a, turned.view_mut(), Update::Assign, control)?;
                Zip::from(&mut c).and(&turned.t()).for_each(|c, &sum| put(c, sum, update));
                Ok(())
            }
        };
    }
    let copy;
    let left = match real_rows(&a) {
        Some(left) => left,
        None => {
            copy = Array2::from_shape_fn((m, 2 * k), |(i, p)| {
                let z = a[(i, p / 2)];
                if p % 2 == 0 { z.re } else { z.im }
            });
            copy.view()
        }
    };
    if let Some(parts) = real_rows_mut(&mut c) {
        return many_rows(left, b, parts, update, control);
    }
    let mut sums = Array2::from_elem((m, n), <Complex<R> as Scalar>::ZERO);
    if let Some(parts) = real_rows_mut(&mut sums.view_mut()) {
        many_rows(left, b, parts, Update::Assign, control)?;
    }
    Zip::from(&mut c).and(&sums).for_each(|c, &sum| put(c, sum, update));
    Ok(())
}

/// Changes `c` by a finished sum.
#[inline(always)]
fn put<R: Real>(c: &mut Complex<R>, sum: Complex<R>, update: Update) {
    *c = match update {
        Update::Assign => sum,
        Update::Add => *c + sum,
        Update::Subtract => *c - sum,
    };
}

/// b is written out, some rows at a time; a and c are given by their parts.
fn many_rows<R: Real>(
    a: ArrayView2<'_, R>,
    b: ArrayView2<'_, Complex<R>>,
    mut c: ArrayViewMut2<'_, R>,
    update: Update,
    control: &Control,
) -> Result<(), Error> {
    let (k, n) = b.dim();
    let depth = (NEAR / (4 * n)).max(DEPTH).min(k);
    R::with_buffer(4 * depth * n, |buffer| {
        for top in (0..k).step_by(depth) {
            let bottom = (top + depth).min(k);
            let update = if top == 0 || update == Update::Subtract { update } else { Update::Add };
            let places = buffer.chunks_exact_mut(4 * n);
            for (row, place) in b.slice(s![top..bottom, ..]).rows().into_iter().zip(places) {
                let (first, second) = place.split_at_mut(2 * n);
                let pairs = first.chunks_exact_mut(2).zip(second.chunks_exact_mut(2));
                for (z, (first, second)) in row.iter().zip(pairs) {
                    (first[0], first[1]) = (z.re, z.im);
                    (second[0], second[1]) = (-z.im, z.re);
                }
            }
            let shape = (2 * (bottom - top), 2 * n);
            let Ok(written) = ArrayView2::from_shape(shape, &buffer[..shape.0 * shape.1]) else { continue };
            product(a.slice(s![.., 2 * top..2 * bottom]), written, c.view_mut(), update, control)?;
        }
        Ok(())
    })
}

/// a's parts are written one above the other, and the products with them are put together; b is
/// given by its parts.
fn few_rows<R: Real>(
    a: ArrayView2<'_, Complex<R>>,
    b: ArrayView2<'_, R>,
    mut c: ArrayViewMut2<'_, Complex<R>>,
    update: Update,
    control: &Control,
) -> Result<(), Error> {
    let ((m, k), n) = (a.dim(), b.ncols());
    let parts =
        Array2::from_shape_fn((2 * m, k), |(i, p)| if i < m { a[(i, p)].re } else { a[(i - m, p)].im });
    R::with_buffer(2 * m * n, |buffer| {
        let Ok(mut sums) = ArrayViewMut2::from_shape((2 * m, n), buffer) else { return Ok(()) };
        product(parts.view(), b, sums.view_mut(), Update::Assign, control)?;
        for (i, mut c) in c.rows_mut().into_iter().enumerate() {
            let (first, second) = (sums.row(i), sums.row(m + i));
            for (j, c) in c.iter_mut().enumerate() {
                let (re, im) = (first[2 * j] - second[2 * j + 1], first[2 * j + 1] + second[2 * j]);
                put(c, Complex { re, im }, update);
            }
        }
        Ok(())
    })
}

/// A small product, column blocks of a row of the result at a time.
struct Small<'a, R> {
    a: ArrayView2<'a, Complex<R>>,
    b: ArrayView2<'a, Complex<R>>,
    c: ArrayViewMut2<'a, Complex<R>>,
    update: Update,
}

impl<R: Real> Kernel for Small<'_, R>
where
    Complex<R>: Scalar,
{
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(mut self, isa: I) {
        let (k, n) = self.b.dim();
        let whole = self.b.as_standard_layout();
        let Some(b) = whole.as_slice() else { return };
        for (a, mut c) in self.a.rows().into_iter().zip(self.c.rows_mut()) {
            for first in (0..n).step_by(WIDTH) {
                let width = WIDTH.min(n - first);
                let (mut re, mut im) = ([R::ZERO; WIDTH], [R::ZERO; WIDTH]);
                for (p, a) in a.iter().enumerate().take(k) {
                    let line = &b[p * n + first..][..width];
                    add_multiple(isa, *a, line, &mut re, &mut im);
                }
                for (j, (&re, &im)) in re.iter().zip(&im).enumerate().take(width) {
                    put(&mut c[first + j], Complex { re, im }, self.update);
                }
            }
        }
    }
}

/// `sums += a * line`, parts apart.
#[inline(always)]
fn add_multiple<R: Real, I: Isa>(isa: I, a: Complex<R>, line: &[Complex<R>], re: &mut [R], im: &mut [R]) {
    for ((b, re), im) in line.iter().zip(re).zip(im) {
        *re = isa.mul_add(-a.im, b.im, isa.mul_add(a.re, b.re, *re));
        *im = isa.mul_add(a.im, b.re, isa.mul_add(a.re, b.im, *im));
    }
}

/// A stack of products of contiguous matrices `m` x `k` and `k` x `n`; an operand with one matrix
/// only is multiplied with each of the other's.
pub fn small_products<R: Real>(
    a: &[Complex<R>],
    b: &[Complex<R>],
    c: &mut [Complex<R>],
    (m, k, n): (usize, usize, usize),
) -> bool
where
    Complex<R>: Scalar,
{
    if m * k * n == 0 || m * k * n > SMALL {
        return false;
    }
    let one = |operand: usize, size: usize, index: usize| if operand == size { 0 } else { index * size };
    for (index, c) in c.chunks_exact_mut(m * n).enumerate() {
        let a = ArrayView2::from_shape((m, k), &a[one(a.len(), m * k, index)..][..m * k]);
        let b = ArrayView2::from_shape((k, n), &b[one(b.len(), k * n, index)..][..k * n]);
        let (Ok(a), Ok(b), Ok(c)) = (a, b, ArrayViewMut2::from_shape((m, n), c)) else { return false };
        dispatch(Small { a, b, c, update: Update::Assign });
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;
    use ndarray::s;

    fn wave<R: Real>(m: usize, n: usize) -> Array2<Complex<R>> {
        Array2::from_shape_fn((m, n), |(i, j)| {
            let x = (3 * i + 7 * j) as f64;
            Complex { re: R::from_f64(x.sin()), im: R::from_f64((x + 1.0).cos()) }
        })
    }

    fn check<R: Real>(m: usize, k: usize, n: usize, update: Update)
    where
        Complex<R>: Scalar,
    {
        let (a, b) = (wave::<R>(2 * m, k), wave::<R>(k, n));
        let (a, before) = (a.slice(s![..;2, ..]), wave::<R>(m, n));
        let mut c = before.clone();
        complex_product(a, b.view(), c.view_mut(), update, &Control::default()).unwrap();
        check_close(&before, a, b.view(), &c, update);
        // Operands and results by columns, and a result that is neither.
        let (left, right) =
            (a.t().as_standard_layout().into_owned(), b.t().as_standard_layout().into_owned());
        let mut wide = Array2::from_elem((m, 2 * n), <Complex<R> as Scalar>::ZERO);
        let mut sparse = wide.slice_mut(s![.., ..;2]);
        sparse.assign(&before);
        complex_product(left.t(), right.t(), sparse.view_mut(), update, &Control::default()).unwrap();
        check_close(&before, a, b.view(), &sparse.to_owned(), update);
        let mut turned = before.t().as_standard_layout().into_owned();
        let c = turned.view_mut().reversed_axes();
        complex_product(left.t(), b.view(), c, update, &Control::default()).unwrap();
        check_close(&before, a, b.view(), &turned.t().to_owned(), update);
    }

    fn check_close<R: Real>(
        before: &Array2<Complex<R>>,
        a: ArrayView2<'_, Complex<R>>,
        b: ArrayView2<'_, Complex<R>>,
        c: &Array2<Complex<R>>,
        update: Update,
    ) where
        Complex<R>: Scalar,
    {
        let ((m, k), n) = (a.dim(), b.ncols());
        let wide = |z: Complex<R>| Complex { re: z.re.to_f64(), im: z.im.to_f64() };
        for ((i, j), &got) in c.indexed_iter() {
            let sum: Complex<f64> = (0..k).map(|p| wide(a[(i, p)]) * wide(b[(p, j)])).sum();
            let expected = match update {
                Update::Assign => sum,
                Update::Add => wide(before[(i, j)]) + sum,
                Update::Subtract => wide(before[(i, j)]) - sum,
            };
            let tolerance = 8.0 * R::EPSILON.to_f64() * (k as f64 + 1.0);
            assert!((wide(got) - expected).norm() <= tolerance, "{m} x {k} x {n}, {update:?}");
        }
    }

    #[test]
    fn complex_products_match_the_definition_at_every_level() {
        at_every_level(|_| {
            for (m, k, n) in [
                (0, 2, 3),
                (2, 0, 3),
                (1, 1, 1),
                (3, 4, 5),
                (9, 7, 17),
                (20, 30, 40),
                (65, 70, 33),
                (2, 300, 80),
                (90, 300, 1),
            ] {
                for update in [Update::Assign, Update::Add, Update::Subtract] {
                    check::<f64>(m, k, n, update);
                    check::<f32>(m, k, n, update);
                }
            }
        });
    }

    #[test]
    fn stacks_are_multiplied_one_by_one() {
        let (a, b) = (wave::<f64>(6, 3), wave::<f64>(3, 2));
        let mut c = Array2::from_elem((6, 2), Complex { re: f64::NAN, im: 0.0 });
        let (Some(left), Some(right)) = (a.as_slice(), b.as_slice()) else { panic!("contiguous") };
        assert!(small_products(left, right, c.as_slice_mut().unwrap(), (2, 3, 2)));
        assert!((&c - &a.dot(&b)).iter().all(|z| z.norm() < 1e-14));
    }
}
