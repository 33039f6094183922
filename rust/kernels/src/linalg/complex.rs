//! Products of complex matrices: four products of real ones, or plain loops where they are small.
//!
//! Three real products would do (A. A. Karatsuba), but lose the digits of the smaller part; see
//! N. J. Higham, "Stability of a method for multiplying complex matrices with three real matrix
//! multiplications", SIAM J. Matrix Anal. Appl. 13, 1992.

use super::matmul::{Update, product};
use crate::scalar::{Real, Scalar};
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error};
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Zip};
use num_complex::Complex;

/// Multiplications below which taking the parts apart does not pay.
const SMALL: usize = 16 * 16 * 16;
/// Columns whose sums are kept at a time.
const WIDTH: usize = 8;

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
    let (a_re, a_im) = parts(a);
    let (b_re, b_im) = parts(b);
    let (mut re, mut im) = (Array2::from_elem((m, n), R::ZERO), Array2::from_elem((m, n), R::ZERO));
    product(a_re.view(), b_re.view(), re.view_mut(), Update::Assign, control)?;
    product(a_im.view(), b_im.view(), re.view_mut(), Update::Subtract, control)?;
    product(a_re.view(), b_im.view(), im.view_mut(), Update::Assign, control)?;
    product(a_im.view(), b_re.view(), im.view_mut(), Update::Add, control)?;
    Zip::from(&mut c).and(&re).and(&im).for_each(|c, &re, &im| {
        let sum = Complex { re, im };
        *c = match update {
            Update::Assign => sum,
            Update::Add => *c + sum,
            Update::Subtract => *c - sum,
        };
    });
    Ok(())
}

fn parts<R: Real>(a: ArrayView2<'_, Complex<R>>) -> (Array2<R>, Array2<R>) {
    (a.map(|z| z.re), a.map(|z| z.im))
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
                    let (sum, c) = (Complex { re, im }, &mut c[first + j]);
                    *c = match self.update {
                        Update::Assign => sum,
                        Update::Add => *c + sum,
                        Update::Subtract => *c - sum,
                    };
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
        let (a, mut c) = (a.slice(s![..;2, ..]), wave::<R>(m, n));
        let before = c.clone();
        complex_product(a, b.view(), c.view_mut(), update, &Control::default()).unwrap();
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
            for (m, k, n) in
                [(0, 2, 3), (2, 0, 3), (1, 1, 1), (3, 4, 5), (9, 7, 17), (20, 30, 40), (65, 70, 33)]
            {
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
