//! What a norm adds up, or keeps the largest or the smallest of, in registers.

use crate::scalar::Real;
use crate::simd::{Isa, Kernel, Lanes};
use crate::special::{Elementwise as _, Exp, Log};
use ndarray::{ArrayView2, Axis};

/// Registers that are filled together, so that additions need not wait for each other.
const REGISTERS: usize = 4;
/// Elements that are taken into one set of registers: one long sum of float32 would lose digits.
const BLOCK: usize = 1 << 12;
/// Registers of columns that are seen to together: they stay in the level 1 cache.
const COLUMNS: usize = 16;
/// Rows of columns whose sums are kept before they are added to what came before.
const HEIGHT: usize = 512;

/// The registers of a gauge: what it keeps, and NaN in the second where one was seen.
type State<T, I> = [<T as Real>::Lanes<I>; 2];

/// One measure of many numbers, which does not depend on how they are grouped, to rounding.
pub trait Gauge<T: Real>: Copy + Send + Sync {
    /// The measure of no numbers; as a number it changes no measure.
    const NOTHING: T;

    /// The state after `x`.
    fn take<I: Isa>(self, isa: I, state: State<T, I>, x: T::Lanes<I>) -> State<T, I>;

    /// The measure of one number.
    fn one(self, x: T) -> T;

    /// The measure of two parts together.
    fn merge(self, a: T, b: T) -> T;
}

/// How many are not zero.
#[derive(Clone, Copy)]
pub struct Count;

/// The sum of the magnitudes.
#[derive(Clone, Copy)]
pub struct Magnitudes;

/// The sum of the squares.
#[derive(Clone, Copy)]
pub struct Squares;

/// The sum of the squares of the multiples by a factor.
#[derive(Clone, Copy)]
pub struct ScaledSquares<T>(pub T);

/// The largest magnitude.
#[derive(Clone, Copy)]
pub struct Largest;

/// The smallest magnitude.
#[derive(Clone, Copy)]
pub struct Smallest;

macro_rules! sums {
    ($($Gauge:ty: |$self:ident, $isa:ident, $sum:ident, $x:ident| $added:expr, |$y:ident| $one:expr;)+) => { $(
        impl<T: Real> Gauge<T> for $Gauge {
            const NOTHING: T = T::ZERO;
            #[inline(always)]
            fn take<I: Isa>($self, $isa: I, [$sum, nan]: State<T, I>, $x: T::Lanes<I>) -> State<T, I> {
                [$added, nan]
            }
            #[inline(always)]
            fn one($self, $y: T) -> T { $one }
            #[inline(always)]
            fn merge(self, a: T, b: T) -> T { a + b }
        }
    )+ };
}

sums! {
    Count: |self, isa, sum, x| {
        let zero = isa.splat(T::ZERO);
        sum + T::Lanes::<I>::select(x.eq(zero), zero, isa.splat(T::ONE))
    }, |x| if x == T::ZERO { T::ZERO } else { T::ONE };
    Magnitudes: |self, _isa, sum, x| sum + x.abs(), |x| x.abs();
    Squares: |self, _isa, sum, x| x.mul_add(x, sum), |x| x * x;
    ScaledSquares<T>: |self, isa, sum, x| {
        let x = x * isa.splat(self.0);
        x.mul_add(x, sum)
    }, |x| (x * self.0) * (x * self.0);
}

macro_rules! extremes {
    ($($Gauge:ty: $nothing:expr, $better:ident, $compare:ident;)+) => { $(
        impl<T: Real> Gauge<T> for $Gauge {
            const NOTHING: T = $nothing;
            #[inline(always)]
            fn take<I: Isa>(self, _: I, [best, nan]: State<T, I>, x: T::Lanes<I>) -> State<T, I> {
                [x.abs().$better(best), T::Lanes::<I>::select(x.eq(x), nan, x)]
            }
            #[inline(always)]
            fn one(self, x: T) -> T { x.abs() }
            #[inline(always)]
            fn merge(self, a: T, b: T) -> T { if a.$compare(&b) || a.is_nan() { a } else { b } }
        }
    )+ };
}

extremes! {
    Largest: T::ZERO, max, ge;
    Smallest: T::INFINITY, min, le;
}

/// The measure of a slice.
pub struct Whole<'a, T, G> {
    /// The numbers.
    pub x: &'a [T],
    /// What is measured.
    pub gauge: G,
}

impl<T: Real, G: Gauge<T>> Kernel for Whole<'_, T, G> {
    type Output = T;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> T {
        // No closures around what must be compiled for the instruction set.
        let mut total = G::NOTHING;
        for x in self.x.chunks(BLOCK) {
            total = self.gauge.merge(total, block(isa, x, self.gauge));
        }
        total
    }
}

/// The measure of each row of a matrix whose rows lie in memory one by one.
pub struct Rows<'a, T, G> {
    /// The matrix.
    pub a: ArrayView2<'a, T>,
    /// What is measured.
    pub gauge: G,
    /// One measure per row.
    pub out: &'a mut [T],
}

impl<T: Real, G: Gauge<T>> Kernel for Rows<'_, T, G> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        for (out, row) in self.out.iter_mut().zip(self.a.axis_iter(Axis(0))) {
            *out = Whole { x: row.to_slice().unwrap_or_default(), gauge: self.gauge }.run(isa);
        }
    }
}

/// The measure of each column of a matrix whose rows lie in memory one by one.
pub struct Columns<'a, T, G> {
    /// The matrix.
    pub a: ArrayView2<'a, T>,
    /// What is measured.
    pub gauge: G,
    /// One measure per column.
    pub out: &'a mut [T],
}

impl<T: Real, G: Gauge<T>> Kernel for Columns<'_, T, G> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let count = T::Lanes::<I>::COUNT;
        self.out.fill(G::NOTHING);
        for part in self.a.axis_chunks_iter(Axis(0), HEIGHT) {
            for (place, out) in self.out.chunks_mut(COLUMNS * count).enumerate() {
                let (first, width) = (place * COLUMNS * count, out.len());
                let mut states = [nothing::<T, I, G>(isa); COLUMNS];
                for row in part.axis_iter(Axis(0)) {
                    let row = &row.to_slice().unwrap_or_default()[first..first + width];
                    let mut lanes = row.chunks_exact(count);
                    for (state, x) in states.iter_mut().zip(&mut lanes) {
                        *state = self.gauge.take(isa, *state, isa.load(x));
                    }
                    if let Some(state) = states.get_mut(width / count) {
                        let rest = padded::<T, I, G>(isa, lanes.remainder());
                        *state = self.gauge.take(isa, *state, rest);
                    }
                }
                for (state, out) in states.into_iter().zip(out.chunks_mut(count)) {
                    let measures = settled::<T, I>(state).to_array();
                    for (out, x) in out.iter_mut().zip(measures) {
                        *out = self.gauge.merge(*out, x);
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn nothing<T: Real, I: Isa, G: Gauge<T>>(isa: I) -> State<T, I> {
    [isa.splat(G::NOTHING), isa.splat(T::ZERO)]
}

/// Fewer elements than there are lanes, and what changes nothing.
#[inline(always)]
fn padded<T: Real, I: Isa, G: Gauge<T>>(isa: I, rest: &[T]) -> T::Lanes<I> {
    T::Lanes::<I>::from_fn(isa, |lane| rest.get(lane).copied().unwrap_or(G::NOTHING))
}

/// What was kept, or NaN where one was seen.
#[inline(always)]
fn settled<T: Real, I: Isa>([kept, nan]: State<T, I>) -> T::Lanes<I> {
    T::Lanes::<I>::select(nan.eq(nan), kept, nan)
}

#[inline(always)]
fn block<T: Real, I: Isa, G: Gauge<T>>(isa: I, x: &[T], gauge: G) -> T {
    let count = T::Lanes::<I>::COUNT;
    if x.len() < count {
        let mut total = G::NOTHING;
        for &x in x {
            total = gauge.merge(total, gauge.one(x));
        }
        return total;
    }
    let mut states = [nothing::<T, I, G>(isa); REGISTERS];
    let mut wide = x.chunks_exact(REGISTERS * count);
    for x in &mut wide {
        for (register, state) in states.iter_mut().enumerate() {
            *state = gauge.take(isa, *state, isa.load(&x[register * count..]));
        }
    }
    let mut lanes = wide.remainder().chunks_exact(count);
    for (state, x) in states.iter_mut().zip(&mut lanes) {
        *state = gauge.take(isa, *state, isa.load(x));
    }
    let rest = lanes.remainder();
    if !rest.is_empty() {
        states[REGISTERS - 1] = gauge.take(isa, states[REGISTERS - 1], padded::<T, I, G>(isa, rest));
    }
    let mut total = G::NOTHING;
    for [a, b] in [[states[0], states[2]], [states[1], states[3]]] {
        let (a, b) = (settled::<T, I>(a).to_array(), settled::<T, I>(b).to_array());
        for lane in 0..count {
            total = gauge.merge(total, gauge.merge(a[lane], b[lane]));
        }
    }
    total
}

/// The sum of the magnitudes over `unit`, to the power `p`; in f64 for every type.
pub struct Powers<'a, T> {
    /// The numbers.
    pub x: &'a [T],
    /// The exponent.
    pub p: f64,
    /// What the magnitudes are divided by.
    pub unit: T,
}

impl<T: Real> Kernel for Powers<'_, T> {
    type Output = f64;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> f64 {
        const PIECE: usize = 256;
        let unit = self.unit.to_f64();
        let (mut ratios, mut powers) = ([0.0; PIECE], [0.0; PIECE]);
        let mut total = 0.0;
        for x in self.x.chunks(PIECE) {
            let (ratios, powers) = (&mut ratios[..x.len()], &mut powers[..x.len()]);
            for (ratio, x) in ratios.iter_mut().zip(x) {
                *ratio = x.to_f64().abs() / unit;
            }
            Log.fill(isa, ratios, powers);
            for (ratio, power) in ratios.iter_mut().zip(&*powers) {
                *ratio = self.p * power;
            }
            Exp.fill(isa, ratios, powers);
            total += block(isa, powers, Magnitudes);
        }
        total
    }
}
