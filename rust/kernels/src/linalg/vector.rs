//! A matrix times a vector: every element of the matrix is read once, along memory.

use super::microkernel::Update;
use crate::scalar::Real;
use crate::simd::{Isa, Kernel, Lanes, dispatch};
use crate::{Control, Error, threads};
use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, Axis};

/// Elements that are summed in registers before they are added to what came before: a single
/// long sum of float32 would lose half its digits.
const PIECE: usize = 2048;
/// Columns that are summed before the result is touched.
const DEPTH: usize = 256;
/// Rows of the result that are computed together, column by column: they stay in the level 1
/// cache.
const HEIGHT: usize = 1024;
/// Rows that are read together.
const ROWS: usize = 4;
/// Columns that are read together.
const COLUMNS: usize = 8;
/// Elements of the matrix that are one piece of work for a thread: some 20 microseconds.
const SHARE: usize = 1 << 16;

/// `y = a x`, `y += a x` or `y -= a x`, where the rows or the columns of `a` are slices of
/// memory; else nothing is done and the answer is `false`.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn times_vector<T: Real>(
    a: ArrayView2<'_, T>,
    x: ArrayView1<'_, T>,
    mut y: ArrayViewMut1<'_, T>,
    update: Update,
    control: &Control,
) -> Result<bool, Error> {
    let (m, k) = a.dim();
    let by_rows = k == 1 || a.strides()[1] == 1;
    if !by_rows && m > 1 && a.strides()[0] != 1 {
        return Ok(false);
    }
    let Some(x) = x.to_slice() else {
        return T::with_buffer(k, |buffer| {
            buffer.iter_mut().zip(x).for_each(|(place, &x)| *place = x);
            times_vector(a, ArrayView1::from(&*buffer), y, update, control)
        });
    };
    let Some(y) = y.as_slice_mut() else {
        return T::with_buffer(m, |buffer| {
            buffer.iter_mut().zip(&y).for_each(|(place, &y)| *place = y);
            times_vector(a, ArrayView1::from(x), ArrayViewMut1::from(&mut *buffer), update, control)?;
            y.iter_mut().zip(buffer).for_each(|(y, place)| *y = *place);
            Ok(true)
        });
    };
    let part = |a: ArrayView2<'_, T>, y: &mut [T]| {
        if by_rows {
            dispatch(ByRows { a, x, y, update, few: m < ROWS });
        } else {
            dispatch(ByColumns { a, x, y, update });
        }
    };
    // A multiple of what is computed together.
    let height = (SHARE / k).max(1).next_multiple_of(if by_rows { ROWS } else { HEIGHT / 2 });
    if m <= height {
        part(a, y);
        control.go_on()?;
    } else {
        let blocks = a.axis_chunks_iter(Axis(0), height).zip(y.chunks_mut(height)).collect();
        threads::for_each(control, blocks, |(a, y)| {
            part(a, y);
            Ok(())
        })?;
    }
    Ok(true)
}

/// Changes `y` by a finished sum.
#[inline(always)]
fn put<T: Real>(y: &mut T, sum: T, update: Update) {
    match update {
        Update::Assign => *y = sum,
        Update::Add => *y += sum,
        Update::Subtract => *y -= sum,
    }
}

/// Inner products with the rows, some at a time.
struct ByRows<'a, T> {
    a: ArrayView2<'a, T>,
    x: &'a [T],
    y: &'a mut [T],
    update: Update,
    /// Whether the whole matrix has few rows: then each is summed in more registers.
    few: bool,
}

impl<T: Real> Kernel for ByRows<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        if self.few { self.together::<I, 1, 8>(isa) } else { self.together::<I, ROWS, 2>(isa) }
    }
}

impl<T: Real> ByRows<'_, T> {
    #[inline(always)]
    fn together<I: Isa, const R: usize, const V: usize>(self, isa: I) {
        let last = self.y.len() - 1;
        for (group, y) in self.y.chunks_mut(R).enumerate() {
            // Past the last row the last is read again.
            let rows: [&[T]; R] = std::array::from_fn(|i| {
                self.a.index_axis(Axis(0), (group * R + i).min(last)).to_slice().unwrap_or_default()
            });
            let mut totals = [T::ZERO; R];
            for start in (0..self.x.len()).step_by(PIECE) {
                let end = (start + PIECE).min(self.x.len());
                let sums =
                    inner_products::<T, I, R, V>(isa, rows.map(|row| &row[start..end]), &self.x[start..end]);
                for (total, sum) in totals.iter_mut().zip(sums) {
                    *total += sum;
                }
            }
            for (y, total) in y.iter_mut().zip(totals) {
                put(y, total, self.update);
            }
        }
    }
}

/// The inner products of `R` rows with `x`, each summed in `V` registers.
#[inline(always)]
fn inner_products<T: Real, I: Isa, const R: usize, const V: usize>(
    isa: I,
    rows: [&[T]; R],
    x: &[T],
) -> [T; R] {
    let count = T::Lanes::<I>::COUNT;
    let width = V * count;
    let whole = x.len() / width * width;
    let mut sums = [[isa.splat(T::ZERO); V]; R];
    let rows = rows.map(|row| &row[..x.len()]);
    for start in (0..whole).step_by(width) {
        for v in 0..V {
            let place = start + v * count;
            let x = isa.load(&x[place..place + count]);
            for i in 0..R {
                sums[i][v] = isa.load(&rows[i][place..place + count]).mul_add(x, sums[i][v]);
            }
        }
    }
    std::array::from_fn(|i| {
        let rest = rows[i][whole..].iter().zip(&x[whole..]);
        let rest = rest.fold(T::ZERO, |sum, (&a, &x)| isa.mul_add(a, x, sum));
        let mut sum = sums[i][0];
        for v in 1..V {
            sum = sum + sums[i][v];
        }
        sum.sum() + rest
    })
}

/// Sums of multiples of the columns.
struct ByColumns<'a, T> {
    a: ArrayView2<'a, T>,
    x: &'a [T],
    y: &'a mut [T],
    update: Update,
}

impl<T: Real> Kernel for ByColumns<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let depth = self.x.len();
        for (block, y) in self.y.chunks_mut(HEIGHT).enumerate() {
            let (first, height) = (block * HEIGHT, y.len());
            let mut sums = [T::ZERO; HEIGHT];
            let sums = &mut sums[..height];
            for top in (0..depth).step_by(DEPTH) {
                let bottom = (top + DEPTH).min(depth);
                sums.fill(T::ZERO);
                for start in (top..bottom).step_by(COLUMNS) {
                    // Columns past the last count nothing.
                    let factors: [T; COLUMNS] =
                        std::array::from_fn(|j| if start + j < bottom { self.x[start + j] } else { T::ZERO });
                    let columns: [&[T]; COLUMNS] = std::array::from_fn(|j| {
                        let column = self.a.index_axis(Axis(1), (start + j).min(bottom - 1));
                        &column.to_slice().unwrap_or_default()[first..first + height]
                    });
                    let used = (bottom - start).min(COLUMNS);
                    add_multiples::<T, I>(isa, (&columns, used), &factors, sums);
                }
                let update =
                    if top == 0 || self.update == Update::Subtract { self.update } else { Update::Add };
                y.iter_mut().zip(&*sums).for_each(|(y, &sum)| put(y, sum, update));
            }
        }
    }
}

/// `sums += columns factors`, the first `used` of them.
#[inline(always)]
fn add_multiples<T: Real, I: Isa>(
    isa: I,
    (columns, used): (&[&[T]; COLUMNS], usize),
    factors: &[T; COLUMNS],
    sums: &mut [T],
) {
    let count = T::Lanes::<I>::COUNT;
    let height = sums.len();
    if used < COLUMNS {
        for (column, &factor) in columns.iter().zip(factors).take(used) {
            sums.iter_mut().zip(*column).for_each(|(sum, &a)| *sum = isa.mul_add(a, factor, *sum));
        }
        return;
    }
    let columns = columns.map(|column| &column[..height]);
    let whole = height / count * count;
    let spread = factors.map(|factor| isa.splat(factor));
    for place in (0..whole).step_by(count) {
        let mut sum = isa.load(&sums[place..place + count]);
        for j in 0..COLUMNS {
            sum = isa.load(&columns[j][place..place + count]).mul_add(spread[j], sum);
        }
        sum.store(&mut sums[place..place + count]);
    }
    for place in whole..height {
        for j in 0..COLUMNS {
            sums[place] = isa.mul_add(columns[j][place], factors[j], sums[place]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::matmul::product;
    use super::*;
    use crate::simd::at_every_level;
    use ndarray::{Array1, Array2, s};

    fn check<T: Real>(m: usize, k: usize) {
        let matrix = Array2::from_shape_fn((m, k), |(i, j)| T::from_f64(((3 * i + 7 * j) as f64).sin()));
        let x = Array1::from_shape_fn(2 * k, |j| T::from_f64((j as f64).cos()));
        let turned = matrix.t().as_standard_layout().into_owned();
        for update in [Update::Assign, Update::Add, Update::Subtract] {
            for (a, x) in [(matrix.view(), x.slice(s![..k])), (turned.t(), x.slice(s![..;2]))] {
                let mut y = Array2::from_shape_fn((m, 2), |(i, j)| T::from_f64((i + j) as f64));
                let before = y.clone();
                assert!(times_vector(a, x, y.column_mut(1), update, &Control::default()).unwrap());
                for i in 0..m {
                    let sum: f64 = (0..k).map(|j| a[(i, j)].to_f64() * x[j].to_f64()).sum();
                    let expected = match update {
                        Update::Assign => sum,
                        Update::Add => before[(i, 1)].to_f64() + sum,
                        Update::Subtract => before[(i, 1)].to_f64() - sum,
                    };
                    let tolerance = T::EPSILON.to_f64() * (k as f64 + m as f64 + 8.0);
                    assert!((y[(i, 1)].to_f64() - expected).abs() <= tolerance, "{m} x {k}, {update:?}");
                    assert_eq!(y[(i, 0)], before[(i, 0)]);
                }
            }
        }
    }

    #[test]
    fn sums_match_the_definition_at_every_level() {
        at_every_level(|_| {
            for (m, k) in [(1, 1), (1, 300), (3, 50), (4, 33), (7, 2100), (40, 9), (101, 70), (1030, 300)] {
                check::<f64>(m, k);
                check::<f32>(m, k);
            }
        });
    }

    #[test]
    fn bits_do_not_depend_on_the_number_of_threads() {
        let a = Array2::from_shape_fn((1203, 301), |(i, j)| ((3 * i + 7 * j) as f64).sin());
        let x = Array2::from_shape_fn((301, 1), |(j, _)| (j as f64).cos());
        let left = Array2::from_shape_fn((1, 1203), |(_, j)| (j as f64).cos());
        let with = |count| {
            let (mut y, mut z) = (Array2::zeros((1203, 1)), Array2::zeros((1, 301)));
            threads::with_threads(count, || {
                let control = Control::default();
                product(a.view(), x.view(), y.view_mut(), Update::Assign, &control)?;
                product(left.view(), a.view(), z.view_mut(), Update::Assign, &control)
            })
            .unwrap();
            (y, z)
        };
        at_every_level(|_| {
            let once = with(1);
            for count in [2, 8] {
                assert_eq!(once, with(count));
            }
        });
    }
}
