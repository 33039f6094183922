//! A program at a point, and a program at many points.
//!
//! One point goes through the tape once, with numbers for registers. Many points go through
//! in blocks that stay in the first-level cache, with a vector loop for each instruction;
//! chunks of blocks are shared among the threads. Both compute the same bits.

use super::points::{BLOCK, Points, Register, WIDEST, load, load_all, store, store_pair};
use super::power::{powi_lanes, powi_with};
use super::program::{Binary, Program, Unary};
use super::tape::{Code, Instruction, Tape};
use crate::scalar::Real;
use crate::simd::{Isa, Kernel, Lanes, dispatch};
use crate::{Control, Error, threads};
use std::slice::GetDisjointMutError;

/// Points that one thread takes at a time.
const CHUNK: usize = 4096;

impl Program {
    /// The values at the point `x`.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] unless `x` has as many elements as there are variables, and `values` as
    /// many as there are values.
    pub fn evaluate(&self, x: &[f64], values: &mut [f64]) -> Result<(), Error> {
        const FEW: usize = 64;
        if x.len() != self.inputs() {
            return Err(self.wrong_length(x.len()));
        }
        if values.len() != self.outputs().len() {
            let expected = format!("room for {} values", self.outputs().len());
            return Err(Error::Shape { argument: "values", expected, got: vec![values.len()] });
        }
        let tape = self.tape();
        if tape.registers <= FEW {
            dispatch(Point { tape, x, values, registers: &mut [0.0; FEW] });
        } else {
            f64::with_buffer(tape.registers, |registers| {
                dispatch(Point { tape, x, values, registers });
            });
        }
        Ok(())
    }

    /// The values at each of `points`, those of one point after those of the one before.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] if the points or the values do not fit; [`Error::Stopped`].
    pub fn evaluate_many(
        &self,
        points: Points<'_>,
        values: &mut [f64],
        control: &Control,
    ) -> Result<(), Error> {
        if !points.fit(self.inputs()) {
            return Err(self.wrong_length(points.data.len()));
        }
        let outputs = self.outputs().len();
        if values.len() != points.count * outputs {
            let expected = format!("room for {} times {outputs} values", points.count);
            return Err(Error::Shape { argument: "values", expected, got: vec![values.len()] });
        }
        let tape = self.tape();
        threads::for_chunks(control, values, CHUNK * outputs, |index, values| {
            f64::with_buffer(tape.registers * BLOCK, |registers| {
                let (registers, _) = registers.as_chunks_mut::<BLOCK>();
                let (start, inputs) = (index * CHUNK, self.inputs());
                dispatch(Chunk { tape, points, start, inputs, outputs, values, registers });
            });
            Ok(())
        })
    }

    /// About how many nanoseconds `count` points take on one thread.
    pub fn cost(&self, count: usize) -> usize {
        (self.tape().cost * count as f64) as usize
    }

    fn wrong_length(&self, got: usize) -> Error {
        Error::Shape { argument: "x", expected: format!("{} variables", self.inputs()), got: vec![got] }
    }
}

/// One point.
struct Point<'a> {
    tape: &'a Tape,
    x: &'a [f64],
    values: &'a mut [f64],
    registers: &'a mut [f64],
}

impl Kernel for Point<'_> {
    type Output = ();
    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let r = self.registers;
        if self.tape.pinned {
            r[..self.x.len()].copy_from_slice(self.x);
        }
        for &Instruction { code, target, a: first, b, c, k } in &self.tape.instructions {
            let (a, b, c) = (first as usize, b as usize, c as usize);
            let value = match code {
                Code::Load => self.x[a],
                Code::Constant => k,
                Code::Call(function) => function.value_with(isa, r[a]),
                Code::PowI(exponent) => powi_with(isa, r[a], exponent),
                Code::Unary(operation) => operation.value(r[a]),
                Code::Binary(operation) => operation.value(r[a], r[b]),
                Code::AddConstant => k + r[a],
                Code::SubFrom => k - r[a],
                Code::Scale => k * r[a],
                Code::DivInto => k / r[a],
                Code::Select => {
                    if r[a] == 0.0 {
                        r[c]
                    } else {
                        r[b]
                    }
                }
                Code::Store => {
                    self.values[b] = r[a];
                    continue;
                }
            };
            r[target as usize] = value;
        }
        if let Some(pair) = self.tape.pair {
            self.values.iter_mut().zip(pair).for_each(|(value, register)| *value = r[register as usize]);
        }
    }
}

/// Up to [`CHUNK`] points.
struct Chunk<'a> {
    tape: &'a Tape,
    points: Points<'a>,
    start: usize,
    inputs: usize,
    outputs: usize,
    values: &'a mut [f64],
    registers: &'a mut [Register],
}

impl Kernel for Chunk<'_> {
    type Output = ();
    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        for (index, values) in self.values.chunks_mut(BLOCK * self.outputs).enumerate() {
            let start = self.start + index * BLOCK;
            let count = values.len() / self.outputs;
            if self.tape.pinned {
                load_all(isa, self.points, self.inputs, start, count, self.registers);
            }
            for instruction in &self.tape.instructions {
                match instruction.code {
                    Code::Load => {
                        let register = &mut self.registers[instruction.target as usize];
                        load(self.points, start, count, instruction.a as usize, register);
                    }
                    Code::Store => {
                        store(&self.registers[instruction.a as usize], instruction.b, self.outputs, values);
                    }
                    _ => {
                        // Registers of one instruction never meet: `Tape` sees to it.
                        let done = step(isa, instruction, count.next_multiple_of(WIDEST), self.registers);
                        debug_assert!(done.is_ok());
                    }
                }
            }
            if let Some(pair) = self.tape.pair {
                store_pair(isa, pair.map(|register| &self.registers[register as usize]), values);
            }
        }
    }
}

/// The registers that an instruction reads and writes, up to the lane `count`.
struct Operands<'a> {
    registers: &'a mut [Register],
    target: usize,
    count: usize,
}

type Done = Result<(), GetDisjointMutError>;

impl Operands<'_> {
    /// The target becomes `f` of register `a`, in pieces of a known length: then no lane needs
    /// its bounds checked.
    #[inline(always)]
    fn unary<I: Isa>(self, isa: I, a: usize, f: impl Fn(I::F64) -> I::F64) -> Done {
        let [target, a] = self.registers.get_disjoint_mut([self.target, a])?;
        let (targets, _) = target[..self.count].as_chunks_mut::<WIDEST>();
        let (a, _) = a[..self.count].as_chunks::<WIDEST>();
        for (target, a) in targets.iter_mut().zip(a) {
            for lane in (0..WIDEST).step_by(I::F64::COUNT) {
                f(isa.load(&a[lane..])).store(&mut target[lane..]);
            }
        }
        Ok(())
    }

    /// The target becomes `f` of registers `a` and `b`.
    #[inline(always)]
    fn binary<I: Isa>(self, isa: I, a: usize, b: usize, f: impl Fn(I::F64, I::F64) -> I::F64) -> Done {
        if a == b {
            return self.unary(isa, a, |x| f(x, x));
        }
        let [target, a, b] = self.registers.get_disjoint_mut([self.target, a, b])?;
        let (targets, _) = target[..self.count].as_chunks_mut::<WIDEST>();
        let ((a, _), (b, _)) = (a[..self.count].as_chunks::<WIDEST>(), b[..self.count].as_chunks::<WIDEST>());
        for ((target, a), b) in targets.iter_mut().zip(a).zip(b) {
            for lane in (0..WIDEST).step_by(I::F64::COUNT) {
                f(isa.load(&a[lane..]), isa.load(&b[lane..])).store(&mut target[lane..]);
            }
        }
        Ok(())
    }

    /// The target becomes register `yes`, or register `no` where `condition` is zero.
    #[inline(always)]
    fn select<I: Isa>(self, isa: I, condition: usize, yes: usize, no: usize) -> Done {
        let zero = isa.splat(0.0);
        for lane in (0..self.count).step_by(I::F64::COUNT) {
            let [condition, yes, no] =
                [condition, yes, no].map(|register| isa.load(&self.registers[register][lane..]));
            I::F64::select(condition.eq(zero), no, yes).store(&mut self.registers[self.target][lane..]);
        }
        Ok(())
    }

    /// The target becomes a power whose exponent is a register too: lane by lane.
    #[inline(always)]
    fn power(self, a: usize, b: usize) -> Done {
        for lane in 0..self.count {
            self.registers[self.target][lane] =
                Binary::Pow.value(self.registers[a][lane], self.registers[b][lane]);
        }
        Ok(())
    }
}

/// One instruction on the first `count` lanes.
#[inline(always)]
fn step<I: Isa>(isa: I, instruction: &Instruction, count: usize, registers: &mut [Register]) -> Done {
    let &Instruction { code, target, a, b, c, k } = instruction;
    let (target, a, b, c) = (target as usize, a as usize, b as usize, c as usize);
    let (zero, one) = (isa.splat(0.0), isa.splat(1.0));
    let k = isa.splat(k);
    let of = Operands { registers, target, count: count.min(BLOCK) };
    let yes = |mask| I::F64::select(mask, one, zero);
    match code {
        Code::Constant => of.registers[target][..of.count].fill(instruction.k),
        Code::Call(function) => {
            let [target, a] = of.registers.get_disjoint_mut([target, a])?;
            function.map_with(isa, &a[..of.count], &mut target[..of.count]);
        }
        // The exponent is looked at once, not once per lane.
        Code::PowI(2) => return of.unary(isa, a, |x| x * x),
        Code::PowI(exponent) => return of.unary(isa, a, |x| powi_lanes(isa, x, exponent)),
        Code::Unary(Unary::Neg) => return of.unary(isa, a, |x| -x),
        Code::Unary(Unary::Not) => return of.unary(isa, a, |x| yes(x.eq(zero))),
        Code::AddConstant => return of.unary(isa, a, |x| k + x),
        Code::SubFrom => return of.unary(isa, a, |x| k - x),
        Code::Scale => return of.unary(isa, a, |x| k * x),
        Code::DivInto => return of.unary(isa, a, |x| k / x),
        Code::Binary(Binary::Add) => return of.binary(isa, a, b, |x, y| x + y),
        Code::Binary(Binary::Sub) => return of.binary(isa, a, b, |x, y| x - y),
        Code::Binary(Binary::Mul) => return of.binary(isa, a, b, |x, y| x * y),
        Code::Binary(Binary::Div) => return of.binary(isa, a, b, |x, y| x / y),
        Code::Binary(Binary::Max) => return of.binary(isa, a, b, |x, y| larger::<I>(x, y)),
        Code::Binary(Binary::Min) => return of.binary(isa, a, b, |x, y| -larger::<I>(-x, -y)),
        Code::Binary(Binary::Greater) => return of.binary(isa, a, b, |x, y| yes(x.gt(y))),
        Code::Binary(Binary::GreaterEqual) => return of.binary(isa, a, b, |x, y| yes(x.ge(y))),
        Code::Binary(Binary::Equal) => return of.binary(isa, a, b, |x, y| yes(x.eq(y))),
        Code::Binary(Binary::Pow) => return of.power(a, b),
        Code::Select => return of.select(isa, a, b, c),
        Code::Load | Code::Store => {}
    }
    Ok(())
}

/// The larger of two, NaN where either is: the second where the comparison is false.
#[inline(always)]
fn larger<I: Isa>(x: I::F64, y: I::F64) -> I::F64 {
    I::F64::select(x.eq(x), I::F64::select(x.gt(y), x, y), x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calculus::program::{Builder, Id, Operation};
    use crate::calculus::{Evaluator, Function};
    use crate::simd::at_every_level;

    /// Pseudo-random integers, the same in every run: a linear congruential generator.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, bound: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as usize % bound
        }
    }

    /// A program of `inputs` variables, of all operations, that hangs together at random.
    fn random_program(dice: &mut Dice, inputs: usize, length: usize, outputs: usize) -> Program {
        let mut builder = Builder::default();
        let mut values: Vec<Id> = (0..inputs).map(|index| builder.input(index as u32)).collect();
        values.extend([0.5, -1.0, 2.0, 3.0].map(|value| builder.constant(value)));
        for _ in 0..length {
            let mut pick = || values[dice.below(values.len())];
            let (a, b, c) = (pick(), pick(), pick());
            let id = match dice.below(6) {
                0 => builder.call(Function::ALL[dice.below(Function::ALL.len())], a),
                1 => builder.powi(a, dice.below(12) as i32 - 5),
                2 => builder.unary(Unary::ALL[dice.below(Unary::ALL.len())], a),
                3 => builder.select(a, b, c),
                _ => builder.binary(Binary::ALL[dice.below(Binary::ALL.len())], a, b),
            };
            values.push(id);
        }
        let outputs: Vec<Id> = values.iter().rev().take(outputs).copied().collect();
        builder.program(inputs, &outputs).unwrap()
    }

    /// The definition: every instruction in order, each with a value of its own.
    fn definition(program: &Program, x: &[f64]) -> Vec<f64> {
        let mut v: Vec<f64> = Vec::new();
        for &operation in program.code() {
            let at = |id: Id| v[id as usize];
            v.push(match operation {
                Operation::Constant(bits) => f64::from_bits(bits.0),
                Operation::Input(index) => x[index as usize],
                Operation::Call(function, a) => function.value(at(a)),
                Operation::PowI(a, exponent) => crate::calculus::power::powi(at(a), exponent),
                Operation::Unary(unary, a) => unary.value(at(a)),
                Operation::Binary(binary, a, b) => binary.value(at(a), at(b)),
                Operation::Select(c, a, b) => at(if at(c) == 0.0 { b } else { a }),
            });
        }
        program.outputs().iter().map(|&output| v[output as usize]).collect()
    }

    fn same(a: &[f64], b: &[f64]) -> bool {
        a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan())
    }

    #[test]
    fn one_point_many_points_and_the_definition_agree_to_the_bit() {
        at_every_level(|level| {
            let mut dice = Dice(7);
            for round in 0..200 {
                let (inputs, outputs) = (1 + dice.below(6), 1 + dice.below(3));
                let length = 1 + dice.below(if round % 20 == 0 { 600 } else { 60 });
                let program = random_program(&mut dice, inputs, length, outputs);
                let count = [0, 1, 15, 16, 17, 127, 255, 256, 257, 600][round % 10];
                let x: Vec<f64> =
                    (0..count * inputs).map(|_| dice.below(4000) as f64 / 500.0 - 4.0).collect();
                let mut many = vec![0.0; count * outputs];
                let control = Control::default();
                program.evaluate_many(Points::rows(&x, count, inputs), &mut many, &control).unwrap();
                let mut evaluator = Evaluator::new(program.clone());
                for (x, many) in x.chunks(inputs).zip(many.chunks(outputs)) {
                    let (mut one, mut again) = (vec![0.0; outputs], vec![0.0; outputs]);
                    evaluator.evaluate(x, &mut again).unwrap();
                    program.evaluate(x, &mut one).unwrap();
                    assert!(same(&one, &definition(&program, x)), "{program:?} at {x:?}, {level:?}");
                    assert!(same(&one, many), "{program:?} at {x:?}, {level:?}");
                    assert!(same(&one, &again), "{program:?} at {x:?}, {level:?}");
                }
            }
        });
    }

    #[test]
    fn neither_threads_nor_the_layout_change_a_bit() {
        at_every_level(|_| {
            for outputs in [2, 3] {
                let program = random_program(&mut Dice(3), 2, 30, outputs);
                let count = 3 * CHUNK + 77;
                let x: Vec<f64> = (0..2 * count).map(|i| (i as f64).sin()).collect();
                let columns: Vec<f64> = (0..2 * count).map(|i| x[2 * (i % count) + i / count]).collect();
                let evaluate = |points: Points<'_>, threads: usize| {
                    let mut values = vec![0.0; count * outputs];
                    threads::with_threads(threads, || {
                        program.evaluate_many(points, &mut values, &Control::default())
                    })
                    .unwrap();
                    values
                };
                let once = evaluate(Points::rows(&x, count, 2), 1);
                assert!(same(&once, &evaluate(Points::rows(&x, count, 2), 2)));
                assert!(same(&once, &evaluate(Points::rows(&x, count, 2), 8)));
                assert!(same(&once, &evaluate(Points { data: &columns, count, step: 1, stride: count }, 2)));
            }
        });
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let program = random_program(&mut Dice(1), 2, 5, 3);
        assert!(program.evaluate(&[1.0], &mut [0.0; 3]).is_err());
        assert!(program.evaluate(&[1.0, 2.0], &mut [0.0; 2]).is_err());
        let points = Points { data: &[0.0; 5], count: 3, step: 2, stride: 1 };
        assert!(program.evaluate_many(points, &mut [0.0; 9], &Control::default()).is_err());
        assert!(
            program.evaluate_many(Points::rows(&[0.0; 4], 2, 2), &mut [0.0; 5], &Control::default()).is_err()
        );
    }
}
