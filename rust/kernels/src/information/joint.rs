//! The joint counts of two labellings, from which every measure of dependence is asked.

use crate::{Control, Error, threads};

/// Elements that one thread counts at a time.
const CHUNK: usize = 1 << 18;
/// The most cells of a table; labellings of more levels are coded first.
pub const MOST_CELLS: usize = 1 << 24;
/// Tables of at most this many cells are counted four times over, in turn.
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
        let ((x_low, rows), (y_low, columns)) = (levels(x, control)?, levels(y, control)?);
        let Some(cells) = rows.checked_mul(columns).filter(|&cells| cells <= MOST_CELLS) else {
            return Ok(None);
        };
        let tables = if cells <= FEW_CELLS { 4 } else { 1 };
        let parts = threads::map_chunks(control, x.len(), CHUNK.max(cells), |range| {
            let mut counts = vec![0_u32; cells * tables];
            let place =
                |x: i64, y: i64| x.wrapping_sub(x_low) as usize * columns + y.wrapping_sub(y_low) as usize;
            for (index, (&x, &y)) in x[range.clone()].iter().zip(&y[range]).enumerate() {
                counts[index % tables * cells + place(x, y)] += 1;
            }
            Ok(counts)
        })?;
        let mut weights = vec![0.0; cells];
        for part in parts {
            for (index, count) in part.into_iter().enumerate() {
                weights[index % cells] += f64::from(count);
            }
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

/// The smallest label, and how many there may be up to the largest.
fn levels(x: &[i64], control: &Control) -> Result<(i64, usize), Error> {
    let parts = threads::map_chunks(control, x.len(), CHUNK, |range| {
        let fold = |(low, high): (i64, i64), &x: &i64| (low.min(x), high.max(x));
        Ok(x[range].iter().fold((i64::MAX, i64::MIN), fold))
    })?;
    let (low, high) = parts.into_iter().fold((i64::MAX, i64::MIN), |a, b| (a.0.min(b.0), a.1.max(b.1)));
    if low > high {
        return Ok((0, 0));
    }
    Ok((low, usize::try_from(high.abs_diff(low)).unwrap_or(usize::MAX).saturating_add(1)))
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
