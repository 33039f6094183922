//! Points as they lie in memory, and how blocks of them come into registers and out again.

use crate::simd::{Isa, Lanes};

/// Points that are evaluated in step. A register of so many f64 is 2 kB.
pub(super) const BLOCK: usize = 256;
/// Lanes are computed in multiples of this, which every instruction set divides.
pub(super) const WIDEST: usize = 16;

/// One value of each point of a block.
pub(super) type Register = [f64; BLOCK];

/// Points as they lie in memory: coordinate `j` of point `i` is `data[i * step + j * stride]`.
#[derive(Clone, Copy, Debug)]
pub struct Points<'a> {
    /// The coordinates.
    pub data: &'a [f64],
    /// The number of points.
    pub count: usize,
    /// From one point to the next.
    pub step: usize,
    /// From one coordinate to the next.
    pub stride: usize,
}

impl<'a> Points<'a> {
    /// Points of `inputs` coordinates, one after the other.
    pub fn rows(data: &'a [f64], count: usize, inputs: usize) -> Self {
        Self { data, count, step: inputs, stride: 1 }
    }

    /// Whether a program of `inputs` variables finds all it reads.
    pub(super) fn fit(&self, inputs: usize) -> bool {
        let last = (self.count.max(1) - 1) * self.step + (inputs.max(1) - 1) * self.stride;
        self.count == 0 || inputs == 0 || last < self.data.len()
    }
}

/// Fills the first registers with all coordinates of `count` points.
#[inline(always)]
pub(super) fn load_all<I: Isa>(
    isa: I,
    points: Points<'_>,
    inputs: usize,
    start: usize,
    count: usize,
    registers: &mut [Register],
) {
    if (inputs, points.step, points.stride) != (2, 2, 1) {
        for (coordinate, register) in registers[..inputs].iter_mut().enumerate() {
            load(points, start, count, coordinate, register);
        }
        return;
    }
    // Points of the plane are so common that they get shuffles.
    let source = &points.data[2 * start..2 * (start + count)];
    let lanes = I::F64::COUNT;
    let [first, second, ..] = registers else { return };
    let whole = count / lanes * lanes;
    let targets = first.chunks_exact_mut(lanes).zip(second.chunks_exact_mut(lanes));
    for (source, (first, second)) in source.chunks_exact(2 * lanes).zip(targets) {
        let [x, y] = I::F64::load_pairs(isa, source);
        x.store(first);
        y.store(second);
    }
    for lane in whole..BLOCK.min(count.next_multiple_of(WIDEST)) {
        let point = lane.min(count - 1);
        (first[lane], second[lane]) = (source[2 * point], source[2 * point + 1]);
    }
}

/// Fills a register with one coordinate of `count` points; lanes beyond repeat the last.
#[inline(always)]
pub(super) fn load(
    points: Points<'_>,
    start: usize,
    count: usize,
    coordinate: usize,
    register: &mut Register,
) {
    let source = &points.data[start * points.step + coordinate * points.stride..];
    if points.step == 1 {
        register[..count].copy_from_slice(&source[..count]);
    } else {
        let values = source.chunks(points.step.max(1));
        register[..count].iter_mut().zip(values).for_each(|(target, values)| *target = values[0]);
    }
    let last = register[count - 1];
    register[count..].fill(last);
}

/// Writes a register to the value of this index of each point.
#[inline(always)]
pub(super) fn store(source: &Register, index: u32, outputs: usize, values: &mut [f64]) {
    if outputs == 1 {
        let count = values.len();
        values.copy_from_slice(&source[..count]);
    } else {
        let targets = values[index as usize..].chunks_mut(outputs);
        targets.zip(source).for_each(|(targets, &value)| targets[0] = value);
    }
}

/// Writes two registers to the two values of each point.
#[inline(always)]
pub(super) fn store_pair<I: Isa>(isa: I, [first, second]: [&Register; 2], values: &mut [f64]) {
    let lanes = I::F64::COUNT;
    let whole = values.len() / (2 * lanes);
    let sources = first.chunks_exact(lanes).zip(second.chunks_exact(lanes));
    for (target, (x, y)) in values.chunks_exact_mut(2 * lanes).zip(sources) {
        I::F64::store_pairs([isa.load(x), isa.load(y)], target);
    }
    let rest = first.iter().zip(second).skip(whole * lanes);
    for (pair, (&x, &y)) in values[whole * 2 * lanes..].chunks_mut(2).zip(rest) {
        pair.copy_from_slice(&[x, y]);
    }
}
