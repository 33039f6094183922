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
        let mut tables = Tables::new(bins);
        let mut block = [0.0; BLOCK];
        let mut places = [0.0; BLOCK];
        for x in self.x.chunks(BLOCK) {
            let x = T::widened(x, &mut block);
            if guess(isa, x, self.edges, &mut places) {
                correct(x, self.edges, &mut places);
            }
            tables.count(&places[..x.len()]);
        }
        tables.sums(bins)
    }
}

/// Places that a byte can name need no check.
const BYTES: usize = 256;

/// Counts of places: 0 for what lies below, 1 for the first bin, one past the last for what lies
/// above.
enum Tables {
    Small(Box<[[u32; BYTES]; TABLES]>),
    Large(Vec<u32>),
}

impl Tables {
    fn new(bins: usize) -> Self {
        if bins + 2 <= BYTES {
            Self::Small(Box::new([[0; BYTES]; TABLES]))
        } else {
            let tables = if bins <= FEW { TABLES } else { 1 };
            Self::Large(vec![0; (bins + 2) * tables])
        }
    }

    #[inline(always)]
    fn count(&mut self, places: &[f64]) {
        let (fours, tail) = places.as_chunks::<TABLES>();
        match self {
            Self::Small(tables) => {
                let [first, second, third, fourth] = &mut **tables;
                for places in fours {
                    let [a, b, c, d] = places.map(|place| usize::from(place.to_bits() as u8));
                    first[a] += 1;
                    second[b] += 1;
                    third[c] += 1;
                    fourth[d] += 1;
                }
                tail.iter().for_each(|place| first[usize::from(place.to_bits() as u8)] += 1);
            }
            Self::Large(counts) if counts.len() <= TABLES * (FEW + 2) && counts.len() % TABLES == 0 => {
                let stride = counts.len() / TABLES;
                let (first, rest) = counts.split_at_mut(stride);
                let (second, rest) = rest.split_at_mut(stride);
                let (third, fourth) = rest.split_at_mut(stride);
                for places in fours {
                    let [a, b, c, d] = places.map(index);
                    first[a] += 1;
                    second[b] += 1;
                    third[c] += 1;
                    fourth[d] += 1;
                }
                tail.iter().for_each(|&place| first[index(place)] += 1);
            }
            Self::Large(counts) => places.iter().for_each(|&place| counts[index(place)] += 1),
        }
    }

    /// The counts of all tables together, without what lies outside.
    fn sums(&self, bins: usize) -> Vec<u64> {
        let mut sums = vec![0; bins];
        let mut add = |table: &[u32]| {
            sums.iter_mut().zip(&table[1..]).for_each(|(sum, &count)| *sum += u64::from(count));
        };
        match self {
            Self::Small(tables) => tables.iter().for_each(|table| add(table)),
            Self::Large(counts) => counts.chunks(bins + 2).for_each(add),
        }
        sums
    }
}

/// Added to a number below 2^51, it leaves the nearest integer in the low bits.
const MAGIC: f64 = 6_755_399_441_055_744.0;

/// The integer in the low bits.
#[inline(always)]
fn index(place: f64) -> usize {
    place.to_bits() as u32 as usize
}

/// Writes the place of each element, plus `MAGIC`; says whether any may be wrong by one.
#[inline(always)]
fn guess<I: Isa>(isa: I, x: &[f64], edges: &[f64], places: &mut [f64; BLOCK]) -> bool {
    /// Chains that do not wait for each other.
    const CHAINS: usize = 2;
    /// The lanes of all chains, of the widest instruction set.
    const MOST: usize = 16 * CHAINS;
    let bins = (edges.len() - 1) as f64;
    let (low, high) = (edges[0], edges[edges.len() - 1]);
    let scale = bins / (high - low);
    // Rounding of the scaling, of the edges and of the product of `low`, with a margin.
    let edge = 4.0 * f64::EPSILON * low.abs().max(high.abs()) * scale;
    let near = 0.5 - (bins * 1e-14 + 1e-11 + edge).min(0.5);
    // The middle of bin `i` becomes `i + 1`; what lies outside, and NaN, is brought to 0 or
    // to one past the last bin.
    let places_of = Places::<I> {
        scale: isa.splat(scale),
        offset: isa.splat(0.5 - low * scale),
        zero: isa.splat(0.0),
        last: isa.splat(bins + 1.0),
        magic: isa.splat(MAGIC),
    };
    let count = I::F64::COUNT;
    let mut furthest = [places_of.zero; CHAINS];
    let whole = x.len() / (CHAINS * count) * (CHAINS * count);
    let (x, tail) = x.split_at(whole);
    let (places, rest) = places.split_at_mut(whole);
    for (x, target) in x.chunks_exact(CHAINS * count).zip(places.chunks_exact_mut(CHAINS * count)) {
        for chain in 0..CHAINS {
            let (place, distance) = places_of.of(isa.load(&x[chain * count..]));
            furthest[chain] = distance.max(furthest[chain]);
            place.store(&mut target[chain * count..]);
        }
    }
    if !tail.is_empty() {
        let mut last = [f64::NAN; MOST];
        last[..tail.len()].copy_from_slice(tail);
        for (x, target) in last.chunks_exact(count).zip(rest.chunks_exact_mut(count)) {
            let (place, distance) = places_of.of(isa.load(x));
            furthest[0] = distance.max(furthest[0]);
            place.store(target);
        }
    }
    let furthest = furthest[0].max(furthest[1]);
    I::F64::any(furthest.ge(isa.splat(near))) || !scale.is_finite()
}

/// How lanes are scaled to places.
struct Places<I: Isa> {
    scale: I::F64,
    offset: I::F64,
    zero: I::F64,
    last: I::F64,
    magic: I::F64,
}

impl<I: Isa> Places<I> {
    /// The place of each lane plus `MAGIC`, and how far the lane is from the middle of its bin.
    #[inline(always)]
    fn of(&self, x: I::F64) -> (I::F64, I::F64) {
        let middle = x.mul_add(self.scale, self.offset).max(self.zero).min(self.last);
        let place = middle + self.magic;
        (place, (middle - (place - self.magic)).abs())
    }
}

/// Compares each place with the edges on both sides.
#[inline(always)]
fn correct(x: &[f64], edges: &[f64], places: &mut [f64; BLOCK]) {
    let bins = edges.len() - 1;
    let (low, high) = (edges[0], edges[bins]);
    let scale = bins as f64 / (high - low);
    if !scale.is_finite() {
        // Bins narrower than any normal number.
        let place = |x: f64| bin(x, edges).map_or(0.0, |bin| (bin + 1) as f64);
        x.iter().zip(places).for_each(|(&x, target)| *target = MAGIC + place(x));
        return;
    }
    for (&x, place) in x.iter().zip(places) {
        let inside = (x >= low) & (x <= high);
        let mut bin = (((x - low) * scale) as usize).min(bins - 1);
        bin -= usize::from(x < edges[bin]).min(bin);
        bin += usize::from(x >= edges[bin + 1] && bin + 1 < bins);
        *place = MAGIC + if inside { (bin + 1) as f64 } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::at_every_level;

    #[test]
    fn equal_bins_are_counted_by_their_edges_at_every_level() {
        at_every_level(|level| {
            for bins in [1, 2, 3, 7, 10, 64, 100, 254, 255, 5000] {
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
