//! The libraries that the kernels are measured against, called with the same memory and threads.

use faer::linalg::solvers::DenseSolveCore;
use faer::{Accum, MatMut, MatRef, Par};
use mlmath::scalar::Real;
use ndarray::Array2;

/// An element type that every library has kernels for.
pub trait Element: Real + mlmath::linalg::products::Blas + faer::traits::ComplexField {}
impl Element for f32 {}
impl Element for f64 {}

fn threads(count: usize) -> Par {
    if count < 2 { Par::Seq } else { Par::rayon(count) }
}

fn view<T>(a: &Array2<T>) -> MatRef<'_, T> {
    MatRef::from_row_major_slice(a.as_slice().unwrap_or_default(), a.nrows(), a.ncols())
}

/// `c = a b` by faer.
pub fn faer_product<T: Element>(a: &Array2<T>, b: &Array2<T>, c: &mut Array2<T>, count: usize) {
    let (m, n) = c.dim();
    let target = MatMut::from_row_major_slice_mut(c.as_slice_mut().unwrap_or_default(), m, n);
    faer::linalg::matmul::matmul(target, Accum::Replace, view(a), view(b), T::ONE, threads(count));
}

/// `c = a b` by the crate gemm.
#[allow(unsafe_code, reason = "gemm's only interface; the arrays are contiguous and have these shapes")]
pub fn gemm_product<T: Element>(a: &Array2<T>, b: &Array2<T>, c: &mut Array2<T>, count: usize) {
    let ((m, k), n) = (a.dim(), b.ncols());
    let [k_, n_] = [k as isize, n as isize];
    let parallelism = if count < 2 { gemm::Parallelism::None } else { gemm::Parallelism::Rayon(count) };
    // SAFETY: three distinct contiguous arrays of these shapes.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            c.as_mut_ptr(),
            1,
            n_,
            false,
            a.as_ptr(),
            1,
            k_,
            b.as_ptr(),
            1,
            n_,
            <T as mlmath::scalar::Scalar>::ZERO,
            <T as mlmath::scalar::Scalar>::ONE,
            false,
            false,
            false,
            parallelism,
        );
    }
}

/// The LU factors by faer; gives an element of them, so that they are computed.
pub fn faer_factor<T: Element>(a: &Array2<T>) -> T {
    view(a).partial_piv_lu().U()[(0, 0)]
}

/// The inverse by faer; gives an element of it.
pub fn faer_inverse<T: Element>(a: &Array2<T>) -> T {
    view(a).partial_piv_lu().inverse()[(0, 0)]
}
