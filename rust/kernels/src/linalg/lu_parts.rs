//! `A = P L U` as its parts, for matrices of any shape, singular ones as well.

use super::lu::factor_in_place;
use super::solve::Solvable;
use crate::{Control, Error, threads};
use ndarray::ArrayViewD;

/// Writes the packed factors of each matrix of `a` to `out`, `U` on and above the diagonal and `L`
/// below it, and to `pivots` the row that was exchanged with each. With `check`, what is not
/// finite is refused.
///
/// Returns the first column without a pivot of each singular matrix, by its index.
///
/// # Errors
///
/// [`Error::NotFinite`]; [`Error::Stopped`].
pub fn lu_factor<T: Solvable>(
    a: ArrayViewD<'_, T>,
    (out, pivots): (&mut [T], &mut [i32]),
    check: bool,
    control: &Control,
) -> Result<Vec<(usize, usize)>, Error> {
    let (m, n) = last_two(a.shape());
    let whole = standard(&a, check)?;
    let source = whole.as_slice().unwrap_or_default();
    if source.is_empty() {
        return Ok(vec![]);
    }
    let found = threads::Found::default();
    let items = source.chunks(m * n).zip(out.chunks_mut(m * n)).zip(pivots.chunks_mut(m.min(n))).enumerate();
    threads::for_each(control, items.collect(), |(slice, ((a, out), pivots))| {
        out.copy_from_slice(a);
        let mut rows = vec![0; m.min(n)];
        found.add(factor_in_place(out, n, &mut rows, control)?.map(|column| (slice, column)));
        // No matrix that fits into memory has more rows than an i32 counts.
        pivots.iter_mut().zip(rows).for_each(|(pivot, row)| *pivot = row as i32);
        Ok(())
    })?;
    Ok(found.in_order())
}

/// Writes `L` (m by k), `U` (k by n), and `order` (m), with row `i` of a matrix equal to row
/// `order[i]` of `L U`, for each matrix of `a`; or `L` with its rows in that order.
///
/// # Errors
///
/// [`Error::NotFinite`]; [`Error::Stopped`].
pub fn lu<T: Solvable>(
    a: ArrayViewD<'_, T>,
    permuted: bool,
    (l, u, order): (&mut [T], &mut [T], &mut [i32]),
    check: bool,
    control: &Control,
) -> Result<(), Error> {
    let (m, n) = last_two(a.shape());
    let k = m.min(n);
    let whole = standard(&a, check)?;
    let source = whole.as_slice().unwrap_or_default();
    if source.is_empty() {
        if m > 0 {
            order.iter_mut().enumerate().for_each(|(i, place)| *place = (i % m) as i32);
        }
        return Ok(());
    }
    let outputs = l.chunks_mut(m * k).zip(u.chunks_mut(k * n)).zip(order.chunks_mut(m));
    threads::for_each(control, source.chunks(m * n).zip(outputs).collect(), |(a, ((l, u), order))| {
        let (mut packed, mut pivots) = (a.to_vec(), vec![0; k]);
        factor_in_place(&mut packed, n, &mut pivots, control)?;
        let mut rows: Vec<usize> = (0..m).collect();
        pivots.iter().enumerate().for_each(|(k, &p)| rows.swap(k, p));
        for (place, &row) in rows.iter().enumerate() {
            order[row] = place as i32;
            let line = &mut l[if permuted { row } else { place } * k..][..k];
            let below = place.min(k);
            line.fill(T::ZERO);
            line[..below].copy_from_slice(&packed[place * n..][..below]);
            if place < k {
                line[place] = T::ONE;
            }
        }
        for (i, line) in u.chunks_exact_mut(n).enumerate() {
            line[..i].fill(T::ZERO);
            line[i..].copy_from_slice(&packed[i * n + i..(i + 1) * n]);
        }
        Ok(())
    })
}

/// Rows and columns.
fn last_two(shape: &[usize]) -> (usize, usize) {
    match shape {
        [.., m, n] => (*m, *n),
        _ => (0, 0),
    }
}

/// In C order, and finite if that is checked.
fn standard<'a, T: Solvable>(
    a: &'a ArrayViewD<'_, T>,
    check: bool,
) -> Result<ndarray::CowArray<'a, T, ndarray::IxDyn>, Error> {
    let whole = a.as_standard_layout();
    if check && !whole.as_slice().unwrap_or_default().iter().all(|x| x.is_finite()) {
        return Err(Error::NotFinite { argument: "a", slices: vec![] });
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;
    use ndarray::Array2;

    const SHAPES: [(usize, usize); 9] =
        [(1, 1), (1, 5), (5, 1), (4, 9), (9, 4), (40, 30), (30, 40), (17, 17), (100, 60)];

    fn check(a: &Array2<f64>) {
        let (m, n) = a.dim();
        let k = m.min(n);
        let (mut l, mut u, mut order) = (Array2::zeros((m, k)), Array2::zeros((k, n)), vec![0; m]);
        for permuted in [false, true] {
            let parts = (l.as_slice_mut().unwrap(), u.as_slice_mut().unwrap(), &mut order[..]);
            lu(a.view().into_dyn(), permuted, parts, true, &Control::default()).unwrap();
            let product: Array2<f64> = l.dot(&u);
            for i in 0..m {
                let row = if permuted { i } else { order[i] as usize };
                let difference = &a.row(i) - &product.row(row);
                assert!(difference.iter().all(|e| e.abs() < 1e-13 * m as f64), "{m} x {n}");
            }
        }
        let (mut packed, mut pivots) = (vec![0.0; m * n], vec![0; k]);
        lu_factor(a.view().into_dyn(), (&mut packed, &mut pivots), true, &Control::default()).unwrap();
        for (i, j) in (0..k * n).map(|place| (place / n, place % n)).filter(|(i, j)| i <= j) {
            assert_eq!(packed[i * n + j], u[(i, j)]);
        }
    }

    #[test]
    fn the_parts_multiply_to_the_matrix_of_any_shape_at_every_level() {
        at_every_level(|_| {
            for (m, n) in SHAPES {
                check(&Array2::from_shape_fn((m, n), |(i, j)| ((3 * i + 5 * j * j) as f64).sin()));
            }
        });
    }

    #[test]
    fn a_singular_matrix_has_parts_as_well() {
        for n in [3, 10, 40] {
            let mut a = Array2::from_shape_fn((n, n), |(i, j)| ((3 * i + 5 * j * j) as f64).sin());
            a.column_mut(1).fill(0.0);
            check(&a);
            let (mut packed, mut pivots) = (vec![0.0; n * n], vec![0; n]);
            let found = lu_factor(a.view().into_dyn(), (&mut packed, &mut pivots), true, &Control::default());
            assert_eq!(found, Ok(vec![(0, 1)]));
            check(&Array2::zeros((n, n)));
        }
    }
}
