//! Singular values and vectors by way of a bidiagonal matrix.
//!
//! G. H. Golub and W. Kahan, "Calculating the singular values and pseudo-inverse of a matrix",
//! J. SIAM Numer. Anal. 2, 1965; tall matrices by their triangular factor (T. F. Chan, "An
//! improved algorithm for computing the singular value decomposition", ACM Trans. Math. Softw. 8,
//! 1982). Two reflections are applied in one pass over the matrix, which decides the time. Vectors
//! are those of the bidiagonal matrix, found by divide and conquer, reflected back by products; of
//! few columns, implicit QR turns the reflections' product.

use super::bidiagonal_divide::{self, Singular};
use super::columns::{Column, TOGETHER, inner, phase, reflection, unit};
use super::decomposition::Found;
use super::golub_kahan::{Bidiagonal, Vectors};
use super::pivoted::Triangular;
use super::qr::Qr;
use super::reflections::Reflections;
use super::svd::Side;
use crate::scalar::{Field, Scalar};
use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error};
use ndarray::{Array2, ArrayViewMut2};

/// Columns up to which a triangular factor is made without products.
const NARROW: usize = 24;
/// Columns up to which implicit QR is faster than divide and conquer.
const FEW: usize = 64;

/// Decomposes the matrix whose `n` columns of length `m >= n` are given; returns the number of
/// sweeps as well.
///
/// # Errors
///
/// [`Error::NotConverged`]; [`Error::Stopped`].
pub fn decompose<T: Column>(
    m: usize,
    n: usize,
    columns: Vec<T>,
    side: Side,
    control: &Control,
) -> Result<(Found<T>, usize), Error> {
    if 2 * m < 3 * n || n == 0 {
        return direct(m, n, columns, side, control);
    }
    let factors = if n <= NARROW {
        Factors::Passes(Triangular::factor(m, columns, false, <T::Real as Scalar>::ZERO, control)?)
    } else {
        let turned = Array2::from_shape_vec((n, m), columns).unwrap_or_default();
        Factors::Products(Qr::factor(turned.t(), control)?)
    };
    let inner = if side == Side::None { side } else { Side::Thin };
    let upper = match &factors {
        Factors::Passes(qr) => qr.upper(),
        Factors::Products(qr) => qr.upper(),
    };
    let (found, sweeps) = direct(n, n, upper, inner, control)?;
    if side == Side::None {
        return Ok((found, sweeps));
    }
    let count = side.left(m, n);
    let mut left = unit::<T>(count, m);
    for (column, source) in left.chunks_exact_mut(m).zip(found.left.chunks_exact(n)) {
        column[..n].copy_from_slice(source);
    }
    match &factors {
        Factors::Passes(qr) => qr.times(&mut left, false),
        Factors::Products(qr) => {
            if let Ok(columns) = ArrayViewMut2::from_shape((count, m), &mut left[..]) {
                qr.turn(false, &mut columns.reversed_axes(), control)?;
            }
        }
    }
    Ok((Found { left, ..found }, sweeps))
}

/// A triangular factor, made by passes over few columns or by products of many.
enum Factors<T: Column> {
    Passes(Triangular<T>),
    Products(Qr<T>),
}

/// As [`decompose`], without the triangular factor.
fn direct<T: Column>(
    m: usize,
    n: usize,
    columns: Vec<T>,
    side: Side,
    control: &Control,
) -> Result<(Found<T>, usize), Error> {
    let form = Form::of(m, n, columns, control)?;
    let (d, e, phases) = form.real();
    let mut bidiagonal = Bidiagonal { d, e };
    if side == Side::None {
        let (mut left, mut right) = (Vectors::default(), Vectors::default());
        let sweeps = bidiagonal.diagonalise(&mut left, &mut right, control)?;
        return Ok((Found { values: bidiagonal.d, left: vec![], right: vec![] }, sweeps));
    }
    if n > FEW {
        match bidiagonal_divide::decompose(&bidiagonal.d, &bidiagonal.e, control) {
            // Implicit QR is slower, and never at a loss.
            Err(Error::NotConverged { .. }) => {}
            found => return form.turn_back(m, side.left(m, n), &phases, found?, control),
        }
    }
    let mut left = unit::<T>(side.left(m, n), m);
    let (rows, factors) = (&form.columns[..], &form.left[..]);
    Reflections { rows, length: m, offset: 0, factors }.apply(&mut left, true);
    control.go_on()?;
    let mut right = unit::<T>(n, n);
    let (rows, factors) = (&form.rows[..], &form.right[..]);
    Reflections { rows, length: n, offset: 1, factors }.apply(&mut right, true);
    for (k, &(of_left, of_right)) in phases.iter().enumerate() {
        left[k * m..(k + 1) * m].iter_mut().for_each(|x| *x *= of_left);
        right[k * n..(k + 1) * n].iter_mut().for_each(|x| *x *= of_right);
    }
    let (mut left, mut right) = (taken_apart(m, left), taken_apart(n, right));
    let sweeps = bidiagonal.diagonalise(&mut left, &mut right, control)?;
    let found = Found { values: bidiagonal.d, left: put_together(left), right: put_together(right) };
    Ok((found, sweeps))
}

/// Columns whose real and imaginary parts stand one behind the other: rotations are real.
fn taken_apart<T: Column>(length: usize, columns: Vec<T>) -> Vectors<T::Real> {
    let mut parts = vec![<T::Real as Scalar>::ZERO; T::PARTS * columns.len()];
    for (parts, column) in
        parts.chunks_exact_mut((T::PARTS * length).max(1)).zip(columns.chunks_exact(length.max(1)))
    {
        for (i, x) in column.iter().enumerate() {
            for part in 0..T::PARTS {
                parts[part * length + i] = x.parts()[part];
            }
        }
    }
    Vectors::new(T::PARTS * length, parts)
}

/// The inverse of [`taken_apart`].
fn put_together<T: Column>(vectors: Vectors<T::Real>) -> Vec<T> {
    let length = vectors.length / T::PARTS;
    let mut columns = Vec::with_capacity(vectors.rows.len() / T::PARTS);
    for parts in vectors.rows.chunks_exact(vectors.length.max(1)) {
        columns.extend((0..length).map(|i| T::from_parts([parts[i], parts[(T::PARTS - 1) * length + i]])));
    }
    columns
}

/// A matrix in bidiagonal form, and the reflections that made it so.
struct Form<T: Field> {
    d: Vec<T>,
    e: Vec<T>,
    /// The vectors of the reflections from the left, in the matrix's columns from the diagonal on.
    columns: Vec<T>,
    left: Vec<T::Real>,
    /// Those from the right, as rows, right of the diagonal.
    rows: Vec<T>,
    right: Vec<T::Real>,
}

impl<T: Column> Form<T> {
    fn of(m: usize, n: usize, columns: Vec<T>, control: &Control) -> Result<Self, Error> {
        let (d, e) = (vec![T::ZERO; n], vec![T::ZERO; n.saturating_sub(1)]);
        let (left, right) = (Vec::with_capacity(n), Vec::with_capacity(n));
        let mut form = Self { d, e, columns, left, rows: vec![T::ZERO; n * n], right };
        let mut pending = Pending { products: vec![T::ZERO; n], sums: vec![T::ZERO; m] };
        for k in 0..n {
            control.go_on()?;
            dispatch(Step { m, n, k, form: &mut form, pending: &mut pending });
        }
        Ok(form)
    }

    /// The vectors of the matrix itself, `count` of them from the left: those of its bidiagonal form
    /// reflected back.
    fn turn_back(
        &self,
        m: usize,
        count: usize,
        phases: &[(T, T)],
        found: Singular<T::Real>,
        control: &Control,
    ) -> Result<(Found<T>, usize), Error> {
        let n = self.d.len();
        let (mut left, mut right) = (unit::<T>(count, m), vec![T::ZERO; n * n]);
        for (to, row) in left.chunks_exact_mut(m).zip(found.left.chunks_exact(n)) {
            to.iter_mut().zip(row).zip(phases).for_each(|((to, &x), phase)| *to = phase.0.times(x));
        }
        for (to, row) in right.chunks_exact_mut(n).zip(found.right.chunks_exact(n)) {
            to.iter_mut().zip(row).zip(phases).for_each(|((to, &x), phase)| *to = phase.1.times(x));
        }
        let (rows, factors) = (&self.columns[..], &self.left[..]);
        Reflections { rows, length: m, offset: 0, factors }.apply_together(&mut left, control)?;
        let (rows, factors) = (&self.rows[..], &self.right[..]);
        Reflections { rows, length: n, offset: 1, factors }.apply_together(&mut right, control)?;
        Ok((Found { values: found.values, left, right }, found.sweeps))
    }

    /// The diagonals made real and not negative by factors of absolute value 1 for the left and
    /// the right vectors.
    fn real(&self) -> (Vec<T::Real>, Vec<T::Real>, Vec<(T, T)>) {
        let n = self.d.len();
        let (mut d, mut e) = (Vec::with_capacity(n), Vec::with_capacity(n));
        let mut phases = Vec::with_capacity(n);
        let mut right = T::ONE;
        for k in 0..n {
            // conj(left) d right and conj(left) e right' are to be real.
            let turned = self.d[k] * right;
            let left = phase(turned);
            phases.push((left, right));
            d.push(turned.absolute());
            if let Some(&beside) = self.e.get(k) {
                right = phase(beside.conj() * left);
                e.push(beside.absolute());
            }
        }
        (d, e, phases)
    }
}

/// What the last step has still to subtract: `v y^T + x conj(w)^T`.
struct Pending<T> {
    /// `y`: products of the columns with the last reflection's vector.
    products: Vec<T>,
    /// `x`: sums of the columns.
    sums: Vec<T>,
}

/// One column and one row made bidiagonal.
struct Step<'a, T: Field> {
    m: usize,
    n: usize,
    k: usize,
    form: &'a mut Form<T>,
    pending: &'a mut Pending<T>,
}

impl<T: Column> Kernel for Step<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { m, n, k, form, pending } = self;
        let (done, rest) = form.columns.split_at_mut(k * m);
        let (column, rest) = rest.split_at_mut(m);
        // The last step's vectors, from row k on.
        let (before, w): (&[T], &[T]) =
            if k == 0 { (&[], &[]) } else { (&done[(k - 1) * m + k..], &form.rows[(k - 1) * n + k..k * n]) };
        let column = &mut column[k..];
        if k > 0 {
            let factors = (-pending.products[k], -w[0].conj());
            subtract(isa, before, &pending.sums[k..], [factors], [column]);
        }
        let made = reflection(isa, column);
        (form.d[k], _) = (made.left, form.left.push(made.factor));
        let Some(beside) = form.e.get_mut(k) else { return };
        let v = &*column;
        // First pass: what is pending, and the products with the new vector.
        for (group, block) in rest.chunks_mut(TOGETHER * m).enumerate() {
            let first = k + 1 + group * TOGETHER;
            if block.len() == TOGETHER * m {
                let mut all = block.chunks_exact_mut(m);
                let columns: [&mut [T]; TOGETHER] =
                    std::array::from_fn(|_| &mut all.next().unwrap_or_default()[k..]);
                first_pass(isa, v, before, w, pending, (first, k), made.factor, columns);
            } else {
                for (c, column) in block.chunks_exact_mut(m).enumerate() {
                    first_pass(isa, v, before, w, pending, (first + c, k), made.factor, [&mut column[k..]]);
                }
            }
        }
        // Row k as it now is, conjugated, becomes the vector from the right.
        let row = &mut form.rows[k * n + k + 1..(k + 1) * n];
        for (j, x) in row.iter_mut().enumerate() {
            *x = (rest[j * m + k] - v[0] * pending.products[k + 1 + j]).conj();
        }
        let made = reflection(isa, row);
        (*beside, _) = (made.left.conj(), form.right.push(made.factor));
        // Second pass: the sums of the columns, without the part that the left reflection takes.
        let sums = &mut pending.sums[k + 1..];
        sums.fill(T::ZERO);
        let mut shared = T::ZERO;
        for (group, (block, w)) in rest.chunks(TOGETHER * m).zip(row.chunks(TOGETHER)).enumerate() {
            for (c, &w) in w.iter().enumerate() {
                shared = T::multiply_add(isa, pending.products[k + 1 + group * TOGETHER + c], w, shared);
            }
            second_pass(isa, m, k, block, w, sums);
        }
        for (sum, &v) in sums.iter_mut().zip(&v[1..]) {
            *sum = T::multiply_add(isa, -shared, v, *sum).times(made.factor);
        }
    }
}

/// `column += before factor.0 + sums factor.1` for some columns at a time.
#[inline(always)]
fn subtract<T: Column, I: Isa, const C: usize>(
    isa: I,
    before: &[T],
    sums: &[T],
    factors: [(T, T); C],
    columns: [&mut [T]; C],
) {
    let length = before.len();
    let sums = &sums[..length];
    let columns = columns.map(|column| &mut column[..length]);
    for i in 0..length {
        for c in 0..C {
            let x = T::multiply_add(isa, factors[c].0, before[i], columns[c][i]);
            columns[c][i] = T::multiply_add(isa, factors[c].1, sums[i], x);
        }
    }
}

/// Subtracts what is pending from columns `first..` and multiplies them with `v`.
#[inline(always)]
fn first_pass<T: Column, I: Isa, const C: usize>(
    isa: I,
    v: &[T],
    before: &[T],
    w: &[T],
    pending: &mut Pending<T>,
    (first, k): (usize, usize),
    factor: T::Real,
    mut columns: [&mut [T]; C],
) {
    if k > 0 {
        let factors = std::array::from_fn(|c| (-pending.products[first + c], -w[first + c - k].conj()));
        subtract(isa, before, &pending.sums[k..], factors, columns.each_mut().map(|column| &mut **column));
    }
    let products = inner::<T, I, C>(isa, v, columns.each_ref().map(|column| &**column));
    for (c, product) in products.into_iter().enumerate() {
        pending.products[first + c] = product.times(factor);
    }
}

/// `sums += columns w`, below row `k`.
#[inline(always)]
fn second_pass<T: Column, I: Isa>(isa: I, m: usize, k: usize, block: &[T], w: &[T], sums: &mut [T]) {
    let length = sums.len();
    let column = |c: usize| &block[c * m + k + 1..][..length];
    if let &[a, b, c, d] = w {
        let columns: [&[T]; 4] = std::array::from_fn(column);
        for (i, sum) in sums.iter_mut().enumerate() {
            let x = T::multiply_add(isa, columns[0][i], a, *sum);
            let x = T::multiply_add(isa, columns[1][i], b, x);
            let x = T::multiply_add(isa, columns[2][i], c, x);
            *sum = T::multiply_add(isa, columns[3][i], d, x);
        }
        return;
    }
    for (j, &w) in w.iter().enumerate() {
        for (sum, &x) in sums.iter_mut().zip(column(j)) {
            *sum = T::multiply_add(isa, x, w, *sum);
        }
    }
}
