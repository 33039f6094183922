//! Histograms with NumPy's exact counts.
//!
//! An element belongs to the bin whose edges it lies between, the right edge left out but for the
//! last. The bin is guessed by scaling, which is right unless the element is very near to an
//! edge: blocks that hold such an element are compared with the edges.

use super::sample::{BLOCK, Sample};
use crate::simd::{Isa, Kernel, Lanes, dispatch};
use crate::{Control, Error, threads};

/// Elements that one thread counts at a time.
const CHUNK: usize = 1 << 20;
/// Tables that are counted into in turn, so that equal neighbours need not wait for each other.
const TABLES: usize = 4;
/// More bins than this are counted in one table.
const FEW: usize = 4096;

/// How often each of the bins between `edges`, which are equally wide, is hit.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn uniform<T: Sample>(x: &[T], edges: &[f64], control: &Control) -> Result<Vec<u64>, Error> {
    merged(
        edges,
        threads::map_chunks(control, x.len(), CHUNK, |range| Ok(dispatch(Uniform { x: &x[range], edges })))?,
    )
}

/// The same for any ascending `edges`.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn between<T: Sample>(x: &[T], edges: &[f64], control: &Control) -> Result<Vec<u64>, Error> {
    merged(
        edges,
        threads::map_chunks(control, x.len(), CHUNK, |range| {
            let mut counts = vec![0; edges.len() - 1];
            for x in &x[range] {
                if let Some(bin) = bin(x.to_f64(), edges) {
                    counts[bin] += 1;
                }
            }
            Ok(counts)
        })?,
    )
}

/// The sums of weights in each bin between any ascending `edges`, in the order of the elements.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn weighted<T: Sample>(
    x: &[T],
    weights: &[f64],
    edges: &[f64],
    control: &Control,
) -> Result<Vec<f64>, Error> {
    let mut sums = vec![0.0; edges.len() - 1];
    for (x, weights) in x.chunks(CHUNK).zip(weights.chunks(CHUNK)) {
        control.go_on()?;
        for (x, weight) in x.iter().zip(weights) {
            if let Some(bin) = bin(x.to_f64(), edges) {
                sums[bin] += weight;
            }
        }
    }
    Ok(sums)
}

/// The bin of `x`, by the definition.
fn bin(x: f64, edges: &[f64]) -> Option<usize> {
    let last = edges.len() - 1;
    if !(x >= edges[0] && x <= edges[last]) {
        return None;
    }
    let above = edges.partition_point(|&edge| edge <= x);
    Some(above.saturating_sub(1).min(last - 1))
}

fn merged(edges: &[f64], parts: Vec<Vec<u64>>) -> Result<Vec<u64>, Error> {
    let mut counts = vec![0; edges.len() - 1];
    for part in parts {
        counts.iter_mut().zip(part).for_each(|(sum, count)| *sum += count);
    }
    Ok(counts)
}

struct Uniform<'a, T> {
    x: &'a [T],
    edges: &'a [f64],
}

impl<T: Sample> Kernel for Uniform<'_, T> {
    type Output = Vec<u64>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Vec<u64> {
        let bins = self.edges.len() - 1;
        // The last place of a table is for what lies outside.
        let stride = bins + 1;
        let tables = if bins <= FEW { TABLES } else { 1 };
        let mut counts = vec![0_u32; stride * tables];
        let mut places = [0.0; BLOCK];
        T::in_blocks(self.x, |x| {
            if guess(isa, x, self.edges, &mut places) {
                correct(x, self.edges, &mut places);
            }
            count(&places[..x.len()], &mut counts, stride, tables);
        });
        (0..bins).map(|bin| (0..tables).map(|table| u64::from(counts[table * stride + bin])).sum()).collect()
    }
}

/// Added to a number below 2^51, it leaves the nearest integer in the low bits.
const MAGIC: f64 = 6_755_399_441_055_744.0;

/// The integer in the low bits.
#[inline(always)]
fn index(place: f64) -> usize {
    place.to_bits() as u32 as usize
}

/// Writes the scaled place of each element, plus `MAGIC`; says whether any may be wrong by one.
#[inline(always)]
fn guess<I: Isa>(isa: I, x: &[f64], edges: &[f64], places: &mut [f64; BLOCK]) -> bool {
    let bins = (edges.len() - 1) as f64;
    let (low, high) = (edges[0], edges[edges.len() - 1]);
    let scale = bins / (high - low);
    // Rounding of the scaling and of the edges, with a margin.
    let edge = 4.0 * f64::EPSILON * low.abs().max(high.abs()) * scale;
    let near = 0.5 - (bins * 1e-14 + 1e-11 + edge).min(0.5);
    let [low, high, scale_, outside, half, magic] =
        [low, high, scale, bins, 0.5, MAGIC].map(|x| isa.splat(x));
    let place = |x: I::F64| {
        let middle = (x - low) * scale_ - half;
        let middle = I::F64::select(x.ge(low), I::F64::select(high.ge(x), middle, outside), outside);
        let rounded = middle + magic;
        (rounded, (middle - (rounded - magic)).abs())
    };
    let mut furthest = isa.splat(0.0);
    let count = I::F64::COUNT;
    for (x, target) in x.chunks(count).zip(places.chunks_mut(count)) {
        let lanes = if x.len() == count {
            isa.load(x)
        } else {
            I::F64::from_fn(isa, |lane| x.get(lane).copied().unwrap_or(f64::NAN))
        };
        let (rounded, distance) = place(lanes);
        furthest = distance.max(furthest);
        rounded.store(target);
    }
    I::F64::any(furthest.ge(isa.splat(near))) || !scale.is_finite()
}

/// Compares each place with the edges on both sides.
#[inline(always)]
fn correct(x: &[f64], edges: &[f64], places: &mut [f64; BLOCK]) {
    let bins = edges.len() - 1;
    let (low, high) = (edges[0], edges[bins]);
    let scale = bins as f64 / (high - low);
    if !scale.is_finite() {
        // Bins narrower than any normal number.
        x.iter().zip(places).for_each(|(&x, place)| *place = MAGIC + bin(x, edges).unwrap_or(bins) as f64);
        return;
    }
    for (&x, place) in x.iter().zip(places) {
        let inside = (x >= low) & (x <= high);
        let mut bin = (((x - low) * scale) as usize).min(bins - 1);
        bin -= usize::from(x < edges[bin]).min(bin);
        bin += usize::from(x >= edges[bin + 1] && bin + 1 < bins);
        *place = MAGIC + if inside { bin as f64 } else { bins as f64 };
    }
}

#[inline(always)]
fn count(places: &[f64], counts: &mut [u32], stride: usize, tables: usize) {
    if tables < TABLES {
        places.iter().for_each(|&place| counts[index(place)] += 1);
        return;
    }
    let (first, rest) = counts.split_at_mut(stride);
    let (second, rest) = rest.split_at_mut(stride);
    let (third, fourth) = rest.split_at_mut(stride);
    let (fours, tail) = places.as_chunks::<TABLES>();
    for &[a, b, c, d] in fours {
        first[index(a)] += 1;
        second[index(b)] += 1;
        third[index(c)] += 1;
        fourth[index(d)] += 1;
    }
    tail.iter().for_each(|&place| first[index(place)] += 1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;

    #[test]
    fn equal_bins_are_counted_by_their_edges_at_every_level() {
        at_every_level(|level| {
            for bins in [1, 2, 3, 7, 10, 64, 100, 5000] {
                for (low, high) in [(0.0, 1.0), (-0.3, 0.7), (1e8, 1e8 + 1.0), (0.0, 1e-300), (0.0, 1e-310)] {
                    let edges: Vec<f64> =
                        (0..=bins).map(|i| low + (high - low) * (i as f64 / bins as f64)).collect();
                    // Edges themselves, their neighbours, points between, points outside, NaN.
                    let mut x: Vec<f64> = edges
                        .iter()
                        .flat_map(|&e| [e, e.next_up(), e.next_down(), e + (high - low) / bins as f64 / 3.0])
                        .collect();
                    x.extend([f64::NAN, f64::INFINITY, f64::NEG_INFINITY, low - 1.0]);
                    let expected = between(&x, &edges, &Control::default()).unwrap();
                    let got = uniform(&x, &edges, &Control::default()).unwrap();
                    assert!(got == expected, "{level:?}, {bins} bins in {low}..{high}");
                }
            }
        });
    }

    #[test]
    fn the_last_bin_is_closed_and_the_others_are_not() {
        let counts = between(&[0.0, 1.0, 1.0, 2.0], &[0.0, 1.0, 2.0], &Control::default()).unwrap();
        assert_eq!(counts, [1, 3]);
        let sums = weighted(&[0, 1, 2], &[0.5, 2.0, 4.0], &[0.0, 1.0, 2.0], &Control::default()).unwrap();
        assert_eq!(sums, [0.5, 6.0]);
    }
}
