//! The joint counts of two labellings, from which every measure of dependence is asked.

use crate::simd::{Isa, Kernel, dispatch};
use crate::{Control, Error, threads};

/// Elements that one thread counts at a time.
const CHUNK: usize = 1 << 18;
/// Pairs whose places are computed at a time.
const BLOCK: usize = 1024;
/// The most cells of a table; labellings of more levels are coded first.
pub const MOST_CELLS: usize = 1 << 24;
/// Tables that are counted into in turn, so that equal neighbours need not wait for each other.
const TABLES: usize = 4;
/// So many labels tell how far the others are likely to range.
const FIRST: usize = 1024;
/// A place of so many bits needs no check.
const BYTE: u32 = 8;
/// Larger tables are counted once.
const FEW_CELLS: usize = 1 << 12;

/// How often each pair of labels occurs: `rows` x `columns`, row after row.
#[derive(Clone, Debug, PartialEq)]
pub struct Joint {
    rows: usize,
    columns: usize,
    weights: Vec<f64>,
}

impl Joint {
    /// Counts pairs of integer labels; `None` where they range too widely for a table.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] if the lengths differ; [`Error::Stopped`].
    pub fn of(x: &[i64], y: &[i64], control: &Control) -> Result<Option<Self>, Error> {
        if x.len() != y.len() {
            let expected = format!("{} labels, as many as `labels_true` has", x.len());
            return Err(Error::Shape { argument: "labels_pred", expected, got: vec![y.len()] });
        }
        if let Some(joint) = Self::of_few_levels(x, y, control)? {
            return Ok(Some(joint));
        }
        let ((x_low, rows), (y_low, columns)) = (levels(x, control)?, levels(y, control)?);
        let Some(cells) = rows.checked_mul(columns).filter(|&cells| cells <= MOST_CELLS) else {
            return Ok(None);
        };
        let tables = if cells <= FEW_CELLS { TABLES } else { 1 };
        let parts = threads::map_chunks(control, x.len(), CHUNK.max(cells), |range| {
            let (x, y) = (&x[range.clone()], &y[range]);
            Ok(dispatch(Pairs { x, y, low: (x_low, y_low), columns, cells, tables }))
        })?;
        let mut weights = vec![0.0; cells];
        for part in parts {
            for (index, count) in part.into_iter().enumerate() {
                weights[index % cells] += f64::from(count);
            }
        }
        Ok(Some(Self { rows, columns, weights }))
    }

    /// Counts pairs in one pass over memory, where the first labels tell how far all range and
    /// that is not far: `None` where another label shows that they do not.
    fn of_few_levels(x: &[i64], y: &[i64], control: &Control) -> Result<Option<Self>, Error> {
        let first = x.len().min(FIRST);
        let bits = |ends: (i64, i64)| u64::BITS - ends.1.abs_diff(ends.0).leading_zeros();
        let (of_x, of_y) = (dispatch(Ends(&x[..first])), dispatch(Ends(&y[..first])));
        let (x_bits, y_bits) = (bits(of_x), bits(of_y));
        if x_bits + y_bits > BYTE {
            return Ok(None);
        }
        let low = (of_x.0, of_y.0);
        let parts = threads::map_chunks(control, x.len(), CHUNK, |range| {
            let (x, y) = (&x[range.clone()], &y[range]);
            Ok(dispatch(FewPairs { x, y, low, x_bits, y_bits }))
        })?;
        let (rows, columns) = (1 << x_bits, 1 << y_bits);
        let mut weights = vec![0.0; rows * columns];
        for part in parts {
            let Some(counts) = part else { return Ok(None) };
            weights.iter_mut().zip(counts).for_each(|(weight, count)| *weight += f64::from(count));
        }
        Ok(Some(Self { rows, columns, weights }))
    }

    /// A table of counts or probabilities.
    pub fn from_table(rows: usize, columns: usize, weights: Vec<f64>) -> Self {
        Self { rows, columns, weights }
    }

    /// Mutual information in nats, not below zero; 0 of nothing.
    pub fn mutual_information(&self) -> f64 {
        let total: f64 = self.weights.iter().sum();
        if total == 0.0 || self.columns == 0 {
            return 0.0;
        }
        let (mut rows, mut columns) = (vec![0.0; self.rows], vec![0.0; self.columns]);
        for (row, weights) in rows.iter_mut().zip(self.weights.chunks_exact(self.columns)) {
            for (column, &weight) in columns.iter_mut().zip(weights) {
                *row += weight;
                *column += weight;
            }
        }
        // One logarithm a cell and one a margin.
        let log = |weights: Vec<f64>| weights.into_iter().map(f64::ln).collect::<Vec<f64>>();
        let (rows, columns) = (log(rows), log(columns));
        let mut sum = 0.0;
        for (&row, weights) in rows.iter().zip(self.weights.chunks_exact(self.columns)) {
            for (&column, &weight) in columns.iter().zip(weights) {
                if weight > 0.0 {
                    sum += weight * (weight.ln() + total.ln() - row - column);
                }
            }
        }
        (sum / total).max(0.0)
    }
}

/// Some pairs of labels, counted in one table or in several.
struct Pairs<'a> {
    x: &'a [i64],
    y: &'a [i64],
    low: (i64, i64),
    columns: usize,
    cells: usize,
    tables: usize,
}

impl Kernel for Pairs<'_> {
    type Output = Vec<u32>;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) -> Vec<u32> {
        let mut counts = vec![0_u32; self.cells * self.tables];
        let mut places = [0_u32; BLOCK];
        // No label is further than the most cells from the lowest: 32 bits hold the place.
        let ((x_low, y_low), columns) = (self.low, self.columns as u32);
        for (x, y) in self.x.chunks(BLOCK).zip(self.y.chunks(BLOCK)) {
            for ((place, &x), &y) in places.iter_mut().zip(x).zip(y) {
                *place = (x.wrapping_sub(x_low) as u32)
                    .wrapping_mul(columns)
                    .wrapping_add(y.wrapping_sub(y_low) as u32);
            }
            count(&places[..x.len()], &mut counts, self.cells, self.tables);
        }
        counts
    }
}

/// Some pairs of labels that are thought to fit in so many bits together, as few as a byte has.
struct FewPairs<'a> {
    x: &'a [i64],
    y: &'a [i64],
    low: (i64, i64),
    x_bits: u32,
    y_bits: u32,
}

impl Kernel for FewPairs<'_> {
    type Output = Option<[u32; 1 << BYTE]>;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) -> Self::Output {
        let mut counts = [[0_u32; 1 << BYTE]; TABLES];
        let mut places = [0_u64; BLOCK];
        let (x_low, y_low) = self.low;
        for (x, y) in self.x.chunks(BLOCK).zip(self.y.chunks(BLOCK)) {
            // A label below the lowest has high bits too.
            let (mut x_seen, mut y_seen) = (0, 0);
            for ((place, &x), &y) in places.iter_mut().zip(x).zip(y) {
                let (x, y) = (x.wrapping_sub(x_low) as u64, y.wrapping_sub(y_low) as u64);
                (x_seen, y_seen) = (x_seen | x, y_seen | y);
                *place = (x << (self.y_bits & 63)) | y;
            }
            if x_seen >> self.x_bits != 0 || y_seen >> self.y_bits != 0 {
                return None;
            }
            let [first, second, third, fourth] = &mut counts;
            let (fours, tail) = places[..x.len()].as_chunks::<TABLES>();
            for places in fours {
                let [a, b, c, d] = places.map(|place| usize::from(place as u8));
                first[a] += 1;
                second[b] += 1;
                third[c] += 1;
                fourth[d] += 1;
            }
            tail.iter().for_each(|&place| first[usize::from(place as u8)] += 1);
        }
        let [mut sums, second, third, fourth] = counts;
        for place in 0..sums.len() {
            sums[place] += second[place] + third[place] + fourth[place];
        }
        Some(sums)
    }
}

#[inline(always)]
fn count(places: &[u32], counts: &mut [u32], cells: usize, tables: usize) {
    if tables < TABLES {
        return places.iter().for_each(|&place| counts[place as usize] += 1);
    }
    let (first, rest) = counts.split_at_mut(cells);
    let (second, rest) = rest.split_at_mut(cells);
    let (third, fourth) = rest.split_at_mut(cells);
    let (fours, tail) = places.as_chunks::<TABLES>();
    for &[a, b, c, d] in fours {
        first[a as usize] += 1;
        second[b as usize] += 1;
        third[c as usize] += 1;
        fourth[d as usize] += 1;
    }
    tail.iter().for_each(|&place| first[place as usize] += 1);
}

/// The smallest label, and how many there may be up to the largest.
fn levels(x: &[i64], control: &Control) -> Result<(i64, usize), Error> {
    let parts = threads::map_chunks(control, x.len(), CHUNK, |range| Ok(dispatch(Ends(&x[range]))))?;
    let (low, high) = parts.into_iter().fold((i64::MAX, i64::MIN), |a, b| (a.0.min(b.0), a.1.max(b.1)));
    if low > high {
        return Ok((0, 0));
    }
    Ok((low, usize::try_from(high.abs_diff(low)).unwrap_or(usize::MAX).saturating_add(1)))
}

/// The smallest and the largest label.
struct Ends<'a>(&'a [i64]);

impl Kernel for Ends<'_> {
    type Output = (i64, i64);

    #[inline(always)]
    fn run<I: Isa>(self, _: I) -> (i64, i64) {
        const LANES: usize = 16;
        let (mut low, mut high) = ([i64::MAX; LANES], [i64::MIN; LANES]);
        let (whole, rest) = self.0.as_chunks::<LANES>();
        for x in whole {
            for lane in 0..LANES {
                low[lane] = low[lane].min(x[lane]);
                high[lane] = high[lane].max(x[lane]);
            }
        }
        let least = low.iter().chain(rest).fold(i64::MAX, |m, &x| m.min(x));
        (least, high.iter().chain(rest).fold(i64::MIN, |m, &x| m.max(x)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn information(x: &[i64], y: &[i64]) -> f64 {
        Joint::of(x, y, &Control::default()).unwrap().unwrap().mutual_information()
    }

    #[test]
    fn equal_labels_tell_their_entropy_and_independent_ones_nothing() {
        assert!((information(&[5, 5, -3, -3], &[1, 1, 0, 0]) - std::f64::consts::LN_2).abs() < 1e-15);
        assert!(information(&[0, 0, 1, 1], &[0, 1, 0, 1]).abs() < 1e-15);
        assert_eq!(information(&[], &[]), 0.0);
    }

    #[test]
    fn labels_that_range_too_widely_are_left_to_the_caller() {
        let wide = Joint::of(&[i64::MIN, i64::MAX], &[0, 1], &Control::default());
        assert_eq!(wide, Ok(None));
        assert!(Joint::of(&[1], &[1, 2], &Control::default()).is_err());
    }

    #[test]
    fn labels_that_come_late_are_counted_too() {
        // The first labels are few; then others come, above, below, and far away.
        let y: Vec<i64> = (0..9000).map(|i| i * 7 % 13 % 3).collect();
        let with = |late: [i64; 3]| -> Vec<i64> {
            (0..9000).map(|i| if i < 5000 { i % 2 } else { late[i as usize % 3] }).collect()
        };
        for late in [[1, 0, 1], [2, 3, 5], [-1, 0, 7], [40, -40, 12_345]] {
            let x = with(late);
            let codes: Vec<i64> =
                x.iter().map(|x| late.iter().position(|y| x == y).map_or(*x + 3, |at| at as i64)).collect();
            let (found, expected) = (information(&x, &y), information(&codes, &y));
            assert!((found - expected).abs() < 1e-14, "{late:?}: {found}, not {expected}");
            assert!((information(&y, &x) - expected).abs() < 1e-14, "{late:?}");
        }
        assert_eq!(Joint::of(&with([i64::MAX, 0, i64::MIN + 4]), &y, &Control::default()), Ok(None));
    }

    #[test]
    fn a_table_of_probabilities_serves_as_counts() {
        let table = Joint::from_table(2, 2, vec![0.3, 0.1, 0.2, 0.4]);
        assert!((table.mutual_information() - 0.086_304_6).abs() < 1e-6);
    }

    #[test]
    fn counts_do_not_depend_on_the_number_of_threads() {
        let x: Vec<i64> = (0..700_001).map(|i| i * i % 10).collect();
        let y: Vec<i64> = (0..700_001).map(|i| i * 7 % 13).collect();
        let with = |n| threads::with_threads(n, || Joint::of(&x, &y, &Control::default()));
        let once = with(1);
        assert!([2, 8].into_iter().all(|n| with(n) == once));
    }
}
