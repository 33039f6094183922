//! A program at one point after the other, as optimisers ask for it.
//!
//! Every sum, difference, product and negative is one fused multiply-add of three registers,
//! with 1, −1 or −0 for what it lacks: rounded once, they are the same to the bit. So most of
//! a program runs without a branch that the CPU could mispredict.

use super::function::Function;
use super::power::powi_with;
use super::program::{Binary, Bits, Id, Operation, Program, Unary};
use crate::Error;
use crate::simd::{Isa, Kernel, Level, dispatch};
use std::collections::HashMap;

/// The registers that a byte can name: an index then needs no check.
const REGISTERS: usize = 256;

/// The registers' indices are bytes.
type Place = u8;

/// Register `target` becomes register `a` times register `b` plus register `c`.
#[derive(Clone, Copy, Debug)]
struct Fused {
    target: Place,
    a: Place,
    b: Place,
    c: Place,
}

/// What is not a fused multiply-add.
#[derive(Clone, Copy, Debug)]
enum Other {
    Call(Function),
    PowI(i32),
    Unary(Unary),
    Binary(Binary),
    Select,
}

/// Some fused instructions, then one of the others.
#[derive(Clone, Debug)]
struct Run {
    fused: Vec<Fused>,
    /// What it does, its target and its operands.
    last: Option<(Other, Place, [Place; 3])>,
}

/// A program with its registers: variables first, then constants and values.
#[derive(Clone, Debug)]
struct Machine {
    runs: Vec<Run>,
    registers: Box<[f64; REGISTERS]>,
    outputs: Vec<Place>,
}

/// A program that is evaluated at many points, one after the other.
#[derive(Clone, Debug)]
pub struct Evaluator {
    program: Program,
    /// Where the program is short and the CPU fuses.
    machine: Option<Machine>,
}

impl Evaluator {
    /// An evaluator of `program`.
    pub fn new(program: Program) -> Self {
        let machine = if Level::current() == Level::Baseline { None } else { Machine::of(&program) };
        Self { program, machine }
    }

    /// The program.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The values at the point `x`, those of [`Program::evaluate`].
    ///
    /// # Errors
    ///
    /// Those of [`Program::evaluate`].
    #[inline]
    pub fn evaluate(&mut self, x: &[f64], values: &mut [f64]) -> Result<(), Error> {
        match &mut self.machine {
            Some(machine) if x.len() == self.program.inputs() && values.len() == machine.outputs.len() => {
                dispatch(Evaluation { machine, x, values });
                Ok(())
            }
            _ => self.program.evaluate(x, values),
        }
    }
}

impl Machine {
    /// None where the registers do not suffice.
    fn of(program: &Program) -> Option<Self> {
        let mut layout = Layout {
            registers: Box::new([0.0; REGISTERS]),
            taken: program.inputs(),
            constants: HashMap::new(),
            places: Vec::with_capacity(program.code().len()),
        };
        if layout.taken > REGISTERS {
            return None;
        }
        let mut runs = vec![Run { fused: Vec::new(), last: None }];
        for &operation in program.code() {
            let target = match operation {
                Operation::Input(index) => Place::try_from(index).ok()?,
                Operation::Constant(bits) => layout.constant(f64::from_bits(bits.0))?,
                _ => {
                    let target = layout.take()?;
                    let run = runs.last_mut()?;
                    if let Some([a, b, c]) = layout.fused(operation)? {
                        run.fused.push(Fused { target, a, b, c });
                    } else {
                        run.last = Some((Other::of(operation)?, target, layout.operands(operation)));
                        runs.push(Run { fused: Vec::new(), last: None });
                    }
                    target
                }
            };
            layout.places.push(target);
        }
        let outputs = program.outputs().iter().map(|&output| layout.places[output as usize]).collect();
        Some(Self { runs, registers: layout.registers, outputs })
    }
}

impl Other {
    const fn of(operation: Operation) -> Option<Self> {
        match operation {
            Operation::Call(function, _) => Some(Self::Call(function)),
            Operation::PowI(_, exponent) => Some(Self::PowI(exponent)),
            Operation::Unary(unary, _) => Some(Self::Unary(unary)),
            Operation::Binary(binary, ..) => Some(Self::Binary(binary)),
            Operation::Select(..) => Some(Self::Select),
            Operation::Input(_) | Operation::Constant(_) => None,
        }
    }

    /// The value at the operands `a`, `b` and `c`.
    #[inline(always)]
    fn value<I: Isa>(self, isa: I, [a, b, c]: [f64; 3]) -> f64 {
        match self {
            Self::Call(function) => function.value_with(isa, a),
            Self::PowI(exponent) => powi_with(isa, a, exponent),
            Self::Unary(unary) => unary.value(a),
            Self::Binary(binary) => binary.value(a, b),
            Self::Select => {
                if a == 0.0 {
                    c
                } else {
                    b
                }
            }
        }
    }
}

/// Which register is whose, while a [`Machine`] is made.
struct Layout {
    registers: Box<[f64; REGISTERS]>,
    taken: usize,
    constants: HashMap<Bits, Place>,
    /// The register of each instruction so far.
    places: Vec<Place>,
}

impl Layout {
    fn take(&mut self) -> Option<Place> {
        let place = Place::try_from(self.taken).ok()?;
        self.taken += 1;
        Some(place)
    }

    fn constant(&mut self, value: f64) -> Option<Place> {
        let bits = Bits(value.to_bits());
        if let Some(&place) = self.constants.get(&bits) {
            return Some(place);
        }
        let place = self.take()?;
        self.registers[usize::from(place)] = value;
        self.constants.insert(bits, place);
        Some(place)
    }

    fn place(&self, id: Id) -> Place {
        self.places[id as usize]
    }

    fn operands(&self, operation: Operation) -> [Place; 3] {
        let mut operands = [0; 3];
        operands.iter_mut().zip(operation.operands()).for_each(|(place, id)| *place = self.place(id));
        operands
    }

    /// The operands of `operation` as a fused multiply-add, if it is one; None outside where
    /// the registers do not suffice.
    fn fused(&mut self, operation: Operation) -> Option<Option<[Place; 3]>> {
        Some(Some(match operation {
            Operation::Binary(Binary::Add, a, b) => [self.place(a), self.constant(1.0)?, self.place(b)],
            Operation::Binary(Binary::Sub, a, b) => [self.place(b), self.constant(-1.0)?, self.place(a)],
            // What is added to a product must leave the sign of zero alone.
            Operation::Binary(Binary::Mul, a, b) => [self.place(a), self.place(b), self.constant(-0.0)?],
            Operation::Unary(Unary::Neg, a) => [self.place(a), self.constant(-1.0)?, self.constant(-0.0)?],
            _ => return Some(None),
        }))
    }
}

/// One point.
struct Evaluation<'a> {
    machine: &'a mut Machine,
    x: &'a [f64],
    values: &'a mut [f64],
}

impl Kernel for Evaluation<'_> {
    type Output = ();
    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Machine { runs, registers, outputs } = self.machine;
        let r = &mut **registers;
        for (register, &x) in r.iter_mut().zip(self.x) {
            *register = x;
        }
        for run in &*runs {
            for &Fused { target, a, b, c } in &run.fused {
                let [a, b, c] = [a, b, c].map(|place| r[usize::from(place)]);
                r[usize::from(target)] = a.mul_add(b, c);
            }
            if let Some((other, target, operands)) = run.last {
                let operands = operands.map(|place| r[usize::from(place)]);
                r[usize::from(target)] = other.value(isa, operands);
            }
        }
        for (value, &place) in self.values.iter_mut().zip(&*outputs) {
            *value = r[usize::from(place)];
        }
    }
}
