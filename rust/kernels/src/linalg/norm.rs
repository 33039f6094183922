//! Norms of vectors, along any axes, without overflow or underflow on the way.
//!
//! Squares are summed as they are; only where the sum says that one of them overflowed or
//! vanished, it is taken again over numbers scaled by a power of two, which is exact. After
//! J. L. Blue, "A portable Fortran program to find the Euclidean norm of a vector", ACM Trans.
//! Math. Softw. 4, 1978.

use super::gauge::{
    Columns, Count, Gauge, Largest, Magnitudes, Powers, Rows, ScaledSquares, Smallest, Squares, Whole,
};
use super::normed::is_safe;
use super::products::{matrix, unravel};

use crate::scalar::Real;
use crate::simd::dispatch;
use crate::{Control, Error, threads};
use ndarray::{ArrayView1, ArrayView2, ArrayViewD, Axis, IxDyn, s};

pub use super::normed::Normed;

/// Elements that one thread measures at a time.
const CHUNK: usize = 1 << 15;

/// Which norm of a vector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Order {
    /// How many elements are not zero.
    Zero,
    /// The sum of the magnitudes.
    One,
    /// The root of the sum of the squares.
    Two,
    /// The largest magnitude.
    Infinity,
    /// The smallest magnitude.
    NegativeInfinity,
    /// The root of the sum of this power of the magnitudes.
    Power(f64),
}

impl Order {
    /// The norm of this order.
    pub fn of(p: f64) -> Self {
        match p {
            0.0 => Self::Zero,
            1.0 => Self::One,
            2.0 => Self::Two,
            f64::INFINITY => Self::Infinity,
            f64::NEG_INFINITY => Self::NegativeInfinity,
            p => Self::Power(p),
        }
    }

    /// About how many nanoseconds it takes for `length` elements.
    pub fn cost(self, length: usize) -> usize {
        if let Self::Power(_) = self { 12 * length } else { length / 3 }
    }
}

/// Numbers that can be measured, all of them at a time.
trait Source<R: Real> {
    fn total<G: Gauge<R>>(&self, gauge: G) -> Result<R, Error>;
    fn powers(&self, p: f64, unit: R) -> Result<f64, Error>;
}

/// Numbers that one thread sees to.
impl<R: Real> Source<R> for [R] {
    #[inline]
    fn total<G: Gauge<R>>(&self, gauge: G) -> Result<R, Error> {
        Ok(dispatch(Whole { x: self, gauge }))
    }

    fn powers(&self, p: f64, unit: R) -> Result<f64, Error> {
        Ok(dispatch(Powers { x: self, p, unit }))
    }
}

/// Numbers of any kind that threads share, chunk by chunk.
struct Shared<'a, T> {
    x: &'a [T],
    parts: bool,
    control: &'a Control,
}

impl<T: Normed> Shared<'_, T> {
    /// `work` on each chunk, and `both` of its results, neighbours first.
    fn fold<S: Copy + Send>(
        &self,
        work: impl Fn(&[T::Real]) -> S + Sync,
        both: impl Fn(S, S) -> S,
        nothing: S,
    ) -> Result<S, Error> {
        let one = |x: &[T]| match T::as_reals(x) {
            Some(x) => work(x),
            None => {
                let mut reals = Vec::new();
                T::spread(x, self.parts, &mut reals);
                work(&reals)
            }
        };
        if self.x.len() <= CHUNK {
            return Ok(one(self.x));
        }
        let found = threads::map_chunks(self.control, self.x.len(), CHUNK, |range| Ok(one(&self.x[range])))?;
        let mut found = found;
        while found.len() > 1 {
            found =
                found.chunks(2).map(|pair| pair.iter().copied().reduce(&both).unwrap_or(nothing)).collect();
        }
        Ok(found.first().copied().unwrap_or(nothing))
    }
}

impl<T: Normed> Source<T::Real> for Shared<'_, T> {
    #[inline]
    fn total<G: Gauge<T::Real>>(&self, gauge: G) -> Result<T::Real, Error> {
        self.fold(|x| dispatch(Whole { x, gauge }), |a, b| gauge.merge(a, b), G::NOTHING)
    }

    fn powers(&self, p: f64, unit: T::Real) -> Result<f64, Error> {
        self.fold(|x| dispatch(Powers { x, p, unit }), |a, b| a + b, 0.0)
    }
}

/// The norm of all numbers of a source.
#[inline]
fn measure<R: Real>(source: &(impl Source<R> + ?Sized), order: Order) -> Result<R, Error> {
    match order {
        Order::Zero => source.total(Count),
        Order::One => source.total(Magnitudes),
        Order::Two => {
            let sum = source.total(Squares)?;
            if is_safe(sum) { Ok(sum.sqrt()) } else { scaled_root(source, sum) }
        }
        Order::Infinity => source.total(Largest),
        Order::NegativeInfinity => source.total(Smallest),
        Order::Power(p) => {
            let unit = if p > 0.0 { source.total(Largest)? } else { source.total(Smallest)? };
            if !(unit > R::ZERO && unit.is_finite()) {
                return Ok(unit);
            }
            Ok(R::from_f64(source.powers(p, unit)?.powf(p.recip())) * unit)
        }
    }
}

/// The root of the sum of squares where `sum`, taken as it is, cannot be trusted.
#[cold]
fn scaled_root<R: Real>(source: &(impl Source<R> + ?Sized), sum: R) -> Result<R, Error> {
    if sum.is_nan() {
        return Ok(sum);
    }
    let largest = source.total(Largest)?;
    if largest == R::ZERO || !largest.is_finite() {
        return Ok(largest);
    }
    let e = largest.exponent();
    let sum = source.total(ScaledSquares(R::ONE.scale_by_power_of_two(-e)))?;
    Ok(sum.sqrt().scale_by_power_of_two(e))
}

/// The norm of all elements, in whatever order they lie.
///
/// # Errors
///
/// [`Error::Empty`] for the smallest magnitude of nothing; [`Error::Stopped`].
#[inline]
pub fn norm<T: Normed>(a: ArrayViewD<'_, T>, order: Order, control: &Control) -> Result<T::Real, Error> {
    if a.is_empty() {
        return of_nothing(order);
    }
    let parts = order == Order::Two;
    match a.as_slice_memory_order() {
        Some(x) => measure(&Shared { x, parts, control }, order),
        None => {
            let x: Vec<T> = a.iter().copied().collect();
            measure(&Shared { x: &x, parts, control }, order)
        }
    }
}

fn of_nothing<R: Real>(order: Order) -> Result<R, Error> {
    match order {
        Order::NegativeInfinity => Err(Error::Empty { argument: "x" }),
        Order::Power(p) if p < 0.0 => Ok(R::INFINITY),
        _ => Ok(R::ZERO),
    }
}

/// The norms over `axes`, written to `out` in C order of the other axes.
///
/// # Errors
///
/// [`Error::Empty`] for the smallest magnitude of nothing; [`Error::Stopped`].
pub fn norm_along<T: Normed>(
    a: ArrayViewD<'_, T>,
    axes: &[usize],
    order: Order,
    out: &mut [T::Real],
    control: &Control,
) -> Result<(), Error> {
    let kept: Vec<usize> = (0..a.ndim()).filter(|axis| !axes.contains(axis)).collect();
    if let [only] = out
        && (kept.is_empty() || a.len() < CHUNK)
    {
        *only = norm(a, order, control)?;
        return Ok(());
    }
    let length: usize = axes.iter().map(|&axis| a.shape()[axis]).product();
    if out.is_empty() {
        return Ok(());
    }
    if length == 0 {
        out.fill(of_nothing(order)?);
        return Ok(());
    }
    let shape: Vec<usize> = kept.iter().map(|&axis| a.shape()[axis]).chain([length]).collect();
    let places: Vec<usize> = kept.iter().chain(axes).copied().collect();
    let a = a.permuted_axes(IxDyn(&places));
    let expected = || format!("{} elements", out.len() * length);
    let misfit = |_| Error::Shape { argument: "x", expected: expected(), got: shape.clone() };
    let a = a.to_shape(shape.as_slice()).map_err(misfit)?;
    let height = (CHUNK / length).max(8);
    let mut tasks = Vec::with_capacity(out.len() / height + 1);
    let whole;
    if a.is_standard_layout() {
        whole = a.to_shape((out.len(), length)).map_err(misfit)?;
        tasks.extend(whole.axis_chunks_iter(Axis(0), height).zip(out.chunks_mut(height)));
    } else {
        // The matrices of the last axis that is kept, one after the other.
        let (stack, rows) = shape[..shape.len() - 1].split_at(shape.len() - 2);
        for (index, out) in out.chunks_mut(rows[0]).enumerate() {
            let slab = matrix(a.view(), &unravel(index, stack))?;
            for (first, out) in out.chunks_mut(height).enumerate() {
                let first = first * height;
                tasks.push((slab.slice_move(s![first..first + out.len(), ..]), out));
            }
        }
    }
    threads::for_each(control, tasks, |(a, out)| of_rows(a, order, out))
}

/// The norms of the rows of a matrix.
fn of_rows<T: Normed>(a: ArrayView2<'_, T>, order: Order, out: &mut [T::Real]) -> Result<(), Error> {
    let Some(reals) = T::as_real_matrix(&a) else {
        let parts = order == Order::Two;
        let mut row = Vec::new();
        for (out, x) in out.iter_mut().zip(a.axis_iter(Axis(0))) {
            match x.to_slice() {
                Some(x) => T::spread(x, parts, &mut row),
                None => T::spread(&x.to_vec(), parts, &mut row),
            }
            *out = measure(row.as_slice(), order)?;
        }
        return Ok(());
    };
    match order {
        Order::Zero if take_rows(reals, Count, out) => Ok(()),
        Order::One if take_rows(reals, Magnitudes, out) => Ok(()),
        Order::Infinity if take_rows(reals, Largest, out) => Ok(()),
        Order::NegativeInfinity if take_rows(reals, Smallest, out) => Ok(()),
        Order::Two if take_rows(reals, Squares, out) => {
            for (out, row) in out.iter_mut().zip(reals.axis_iter(Axis(0))) {
                let sum = *out;
                *out = if is_safe(sum) { sum.sqrt() } else { with_row(row, |x| scaled_root(x, sum))? };
            }
            Ok(())
        }
        _ => out.iter_mut().zip(reals.axis_iter(Axis(0))).try_for_each(|(out, row)| {
            *out = with_row(row, |x| measure(x, order))?;
            Ok(())
        }),
    }
}

/// Measures the rows where they, or the columns, are slices of memory; else it does nothing.
fn take_rows<R: Real>(a: ArrayView2<'_, R>, gauge: impl Gauge<R>, out: &mut [R]) -> bool {
    let (by_rows, by_columns) =
        (a.ncols() == 1 || a.strides()[1] == 1, a.nrows() == 1 || a.strides()[0] == 1);
    if by_rows {
        dispatch(Rows { a, gauge, out });
    } else if by_columns {
        dispatch(Columns { a: a.reversed_axes(), gauge, out });
    }
    by_rows || by_columns
}

/// `work` on the elements of a row, copied where they do not lie together.
fn with_row<R: Real, S>(row: ArrayView1<'_, R>, work: impl FnOnce(&[R]) -> S) -> S {
    match row.to_slice() {
        Some(row) => work(row),
        None => work(&row.to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;
    use ndarray::{ArrayD, ShapeBuilder};
    use num_complex::Complex;

    const ORDERS: [Order; 8] = [
        Order::Zero,
        Order::One,
        Order::Two,
        Order::Infinity,
        Order::NegativeInfinity,
        Order::Power(3.0),
        Order::Power(0.5),
        Order::Power(-1.5),
    ];

    fn by_definition(x: impl Iterator<Item = f64>, order: Order) -> f64 {
        let x = x.map(f64::abs);
        match order {
            Order::Zero => x.filter(|&x| x != 0.0).count() as f64,
            Order::One => x.sum(),
            Order::Two => x.map(|x| x * x).sum::<f64>().sqrt(),
            Order::Infinity => x.fold(0.0, f64::max),
            Order::NegativeInfinity => x.fold(f64::INFINITY, f64::min),
            Order::Power(p) => x.map(|x| x.powf(p)).sum::<f64>().powf(1.0 / p),
        }
    }

    fn wave(i: usize) -> f64 {
        (i as f64 * 1.7).sin() + if i.is_multiple_of(7) { 0.0 } else { 0.1 }
    }

    #[test]
    fn every_order_and_length_matches_the_definition_at_every_level() {
        at_every_level(|_| {
            for n in [1, 3, 4, 5, 8, 16, 17, 31, 4096, 4099, 70_001] {
                let x = ArrayD::from_shape_fn(IxDyn(&[n]), |i| wave(i[0]));
                let z = x.map(|&x| Complex { re: 0.6 * x, im: -0.8 * x });
                for order in ORDERS {
                    let expected = by_definition(x.iter().copied(), order);
                    let control = Control::default();
                    let close = |got: f64, eps: f64| (got - expected).abs() <= eps * 100.0 * expected;
                    assert!(close(norm(x.view(), order, &control).unwrap(), f64::EPSILON), "{order:?} {n}");
                    assert!(close(norm(z.view(), order, &control).unwrap(), f64::EPSILON), "{order:?} {n}");
                    let narrow = norm(x.map(|&x| x as f32).view(), order, &control).unwrap();
                    assert!(close(narrow.into(), f32::EPSILON.into()), "{order:?} {n}");
                }
            }
        });
    }

    #[test]
    fn every_set_of_axes_and_layout_matches_the_definition() {
        let shape = IxDyn(&[3, 70, 5]);
        let rows = ArrayD::from_shape_fn(shape.clone(), |i| wave(i[0] * 350 + i[1] * 5 + i[2]));
        let mut columns = ArrayD::zeros(shape.f());
        columns.assign(&rows);
        at_every_level(|_| {
            for a in [rows.view(), columns.view()] {
                for axes in [&[0][..], &[1], &[2], &[0, 1], &[2, 0], &[1, 2], &[0, 1, 2]] {
                    for order in ORDERS {
                        check_axes(a.view(), axes, order);
                    }
                }
            }
        });
    }

    fn check_axes(a: ArrayViewD<'_, f64>, axes: &[usize], order: Order) {
        let kept: Vec<usize> = (0..3).filter(|axis| !axes.contains(axis)).collect();
        let shape: Vec<usize> = kept.iter().map(|&axis| a.shape()[axis]).collect();
        let mut out = vec![f64::NAN; shape.iter().product()];
        norm_along(a.view(), axes, order, &mut out, &Control::default()).unwrap();
        for (index, got) in out.into_iter().enumerate() {
            let place = unravel(index, &shape);
            let part =
                a.indexed_iter().filter(|(i, _)| kept.iter().zip(&place).all(|(&axis, &at)| i[axis] == at));
            let expected = by_definition(part.map(|(_, &x)| x), order);
            assert!(
                (got - expected).abs() <= 1e-13 * expected.abs(),
                "{axes:?}, {order:?}: {got} {expected}"
            );
        }
    }

    #[test]
    fn no_square_overflows_or_vanishes_on_the_way() {
        for size in [1e-320, 1e-300, 1e-160, 1e150, 1e300] {
            let x = ArrayD::from_elem(IxDyn(&[3, 4]), size);
            let close = |got: f64, expected: f64| {
                (got / expected - 1.0).abs() < 1e-3 * f64::from(size < 1e-310) + 1e-15
            };
            assert!(close(norm(x.view(), Order::Two, &Control::default()).unwrap(), 12.0_f64.sqrt() * size));
            assert!(close(
                norm(x.view(), Order::Power(3.0), &Control::default()).unwrap(),
                12.0_f64.cbrt() * size
            ));
            let z = x.map(|&x| Complex { re: x, im: x });
            assert!(close(
                norm(z.view(), Order::One, &Control::default()).unwrap(),
                12.0 * 2.0_f64.sqrt() * size
            ));
            for (axis, expected) in [(0, 3.0_f64.sqrt()), (1, 2.0)] {
                let mut out = vec![0.0; 4 - axis];
                norm_along(x.view(), &[axis], Order::Two, &mut out, &Control::default()).unwrap();
                assert!(out.iter().all(|&got| close(got, expected * size)), "{size}: {out:?}");
            }
        }
    }

    #[test]
    fn nan_goes_through_and_infinity_is_larger_than_all() {
        for order in ORDERS {
            for n in [3, 40] {
                let mut x = vec![1.0; n];
                x[n - 2] = f64::INFINITY;
                let of = |x: &[f64]| {
                    norm(ArrayViewD::from_shape(IxDyn(&[x.len()]), x).unwrap(), order, &Control::default())
                        .unwrap()
                };
                let expected = by_definition(x.iter().copied(), order);
                assert!((of(&x) - expected).abs() < 1e-14 || of(&x) == expected, "{order:?}");
                x[1] = f64::NAN;
                assert_eq!(of(&x).is_nan(), order != Order::Zero, "{order:?}");
            }
        }
    }

    #[test]
    fn bits_do_not_depend_on_the_number_of_threads() {
        let x = ArrayD::from_shape_fn(IxDyn(&[301_001]), |i| wave(i[0]));
        for order in ORDERS {
            let with = |count| threads::with_threads(count, || norm(x.view(), order, &Control::default()));
            assert_eq!(with(1), with(2));
            assert_eq!(with(1), with(8));
        }
    }
}
