//! `Program`: a function of several numbers as a list of instructions, shared parts once.
//!
//! A [`Builder`] appends instructions and answers with their [`Id`]; what was appended before
//! is found again (hash-consing), and what is constant is computed at once. No rewrite changes
//! a value: a program computes, bit for bit, what its instructions say in their order.

use super::function::{Algebra, Function};
use super::tape::Tape;
use crate::Error;
use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::{Add, Div, Mul, Neg, Sub};
use std::sync::OnceLock;

/// The index of an instruction, which is also the name of its value.
pub type Id = u32;

/// The bits of a constant: two constants are one instruction where their bits are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bits(pub u64);

/// One instruction: an operation and the earlier instructions that it takes its operands from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// A number.
    Constant(Bits),
    /// A variable, by its index.
    Input(u32),
    /// An elementary function.
    Call(Function, Id),
    /// An integer power, other than the square, which is a product.
    PowI(Id, i32),
    /// An operation on one value.
    Unary(Unary, Id),
    /// An operation on two values.
    Binary(Binary, Id, Id),
    /// The second where the first is not 0, else the third.
    Select(Id, Id, Id),
}

/// An operation on one value, other than an elementary function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unary {
    /// The negative.
    Neg,
    /// 1 where the value is 0, else 0.
    Not,
}

/// An operation on two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binary {
    /// The sum.
    Add,
    /// The difference.
    Sub,
    /// The product.
    Mul,
    /// The quotient.
    Div,
    /// The power, for any exponent.
    Pow,
    /// The larger; NaN where either is.
    Max,
    /// The smaller; NaN where either is.
    Min,
    /// 1 where the first is greater, else 0.
    Greater,
    /// 1 where the first is greater or equal, else 0.
    GreaterEqual,
    /// 1 where both are equal, else 0.
    Equal,
}

impl Unary {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Neg, Self::Not];

    /// The name in a listing.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Neg => "neg",
            Self::Not => "not",
        }
    }

    /// The value at `a`.
    #[inline(always)]
    pub fn value(self, a: f64) -> f64 {
        match self {
            Self::Neg => -a,
            Self::Not => f64::from(u8::from(a == 0.0)),
        }
    }
}

impl Binary {
    /// Every one.
    pub const ALL: [Self; 10] = [
        Self::Add,
        Self::Sub,
        Self::Mul,
        Self::Div,
        Self::Pow,
        Self::Max,
        Self::Min,
        Self::Greater,
        Self::GreaterEqual,
        Self::Equal,
    ];

    /// The name in a listing.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Sub => "sub",
            Self::Mul => "mul",
            Self::Div => "div",
            Self::Pow => "pow",
            Self::Max => "max",
            Self::Min => "min",
            Self::Greater => "gt",
            Self::GreaterEqual => "ge",
            Self::Equal => "eq",
        }
    }

    /// Whether the operands may change places.
    const fn commutes(self) -> bool {
        matches!(self, Self::Add | Self::Mul | Self::Equal)
    }

    /// The value at `a` and `b`.
    #[inline(always)]
    pub fn value(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Add => a + b,
            Self::Sub => a - b,
            Self::Mul => a * b,
            Self::Div => a / b,
            Self::Pow => a.powf(b),
            // As NumPy's: the second where equal, NaN where either is.
            Self::Max => {
                if a > b || a.is_nan() {
                    a
                } else {
                    b
                }
            }
            Self::Min => {
                if a < b || a.is_nan() {
                    a
                } else {
                    b
                }
            }
            Self::Greater => f64::from(u8::from(a > b)),
            Self::GreaterEqual => f64::from(u8::from(a >= b)),
            Self::Equal => f64::from(u8::from(a == b)),
        }
    }
}

impl Operation {
    /// The instructions that this one takes its operands from.
    pub fn operands(self) -> impl Iterator<Item = Id> {
        let (operands, count) = match self {
            Self::Constant(_) | Self::Input(_) => ([0; 3], 0),
            Self::Call(_, a) | Self::PowI(a, _) | Self::Unary(_, a) => ([a, 0, 0], 1),
            Self::Binary(_, a, b) => ([a, b, 0], 2),
            Self::Select(a, b, c) => ([a, b, c], 3),
        };
        operands.into_iter().take(count)
    }

    /// The same operation on `rename` of each operand.
    pub fn renamed(self, rename: impl Fn(Id) -> Id) -> Self {
        match self {
            Self::Constant(_) | Self::Input(_) => self,
            Self::Call(function, a) => Self::Call(function, rename(a)),
            Self::PowI(a, exponent) => Self::PowI(rename(a), exponent),
            Self::Unary(operation, a) => Self::Unary(operation, rename(a)),
            Self::Binary(operation, a, b) => Self::Binary(operation, rename(a), rename(b)),
            Self::Select(a, b, c) => Self::Select(rename(a), rename(b), rename(c)),
        }
    }
}

/// Appends instructions, each only once.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    code: Vec<Operation>,
    known: HashMap<Operation, Id, BuildHasherDefault<Mix>>,
}

impl Builder {
    /// A builder that starts from the instructions of `program`, whose ids stay as they are.
    pub fn of(program: &Program) -> Self {
        let mut builder = Self::default();
        for (id, &operation) in program.code.iter().enumerate() {
            builder.code.push(operation);
            builder.known.insert(operation, id as Id);
        }
        builder
    }

    /// The instruction of this id.
    pub fn get(&self, id: Id) -> Operation {
        self.code[id as usize]
    }

    /// The number of instructions so far.
    pub fn len(&self) -> usize {
        self.code.len()
    }

    /// Whether there are no instructions yet.
    pub fn is_empty(&self) -> bool {
        self.code.is_empty()
    }

    /// The value of `id`, if it is constant.
    pub fn constant_value(&self, id: Id) -> Option<f64> {
        match self.get(id) {
            Operation::Constant(Bits(bits)) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    fn append(&mut self, operation: Operation) -> Id {
        let next = self.code.len() as Id;
        let id = *self.known.entry(operation).or_insert(next);
        if id == next {
            self.code.push(operation);
        }
        id
    }

    /// A number.
    pub fn constant(&mut self, value: f64) -> Id {
        self.append(Operation::Constant(Bits(value.to_bits())))
    }

    /// The variable of this index.
    pub fn input(&mut self, index: u32) -> Id {
        self.append(Operation::Input(index))
    }

    /// An elementary function of `a`.
    pub fn call(&mut self, function: Function, a: Id) -> Id {
        match self.constant_value(a) {
            Some(a) => self.constant(function.value(a)),
            None => self.append(Operation::Call(function, a)),
        }
    }

    /// `a` to an integer power.
    pub fn powi(&mut self, a: Id, exponent: i32) -> Id {
        match (exponent, self.constant_value(a)) {
            (0, _) => self.constant(1.0),
            (1, _) => a,
            (2, _) => self.binary(Binary::Mul, a, a),
            (-1, _) => {
                let one = self.constant(1.0);
                self.binary(Binary::Div, one, a)
            }
            (_, Some(a)) => self.constant(super::power::powi(a, exponent)),
            _ => self.append(Operation::PowI(a, exponent)),
        }
    }

    /// An operation on `a`.
    pub fn unary(&mut self, operation: Unary, a: Id) -> Id {
        if let Some(a) = self.constant_value(a) {
            return self.constant(operation.value(a));
        }
        match (operation, self.get(a)) {
            (Unary::Neg, Operation::Unary(Unary::Neg, inner)) => inner,
            // -(c x) is (-c) x to the last bit, and saves an instruction.
            (Unary::Neg, Operation::Binary(Binary::Mul, c, x)) => match self.constant_value(c) {
                Some(c) => {
                    let c = self.constant(-c);
                    self.binary(Binary::Mul, c, x)
                }
                None => self.append(Operation::Unary(operation, a)),
            },
            _ => self.append(Operation::Unary(operation, a)),
        }
    }

    /// An operation on `a` and `b`.
    pub fn binary(&mut self, operation: Binary, a: Id, b: Id) -> Id {
        let (left, right) = (self.constant_value(a), self.constant_value(b));
        if let (Some(left), Some(right)) = (left, right) {
            return self.constant(operation.value(left, right));
        }
        // What leaves every bit of the other operand as it is.
        let one = 1.0_f64.to_bits();
        let (left, right) = (left.map(f64::to_bits), right.map(f64::to_bits));
        match operation {
            Binary::Mul if left == Some(one) => return b,
            Binary::Mul | Binary::Div if right == Some(one) => return a,
            Binary::Sub if right == Some(0) => return a,
            Binary::Add if left == Some(1 << 63) => return b,
            Binary::Add if right == Some(1 << 63) => return a,
            _ => {}
        }
        // Constants first, then by age: a + b and b + a are one instruction.
        let swap = operation.commutes() && left.is_none() && (right.is_some() || a > b);
        let (a, b) = if swap { (b, a) } else { (a, b) };
        self.append(Operation::Binary(operation, a, b))
    }

    /// `yes` where `condition` is not 0, else `no`.
    pub fn select(&mut self, condition: Id, yes: Id, no: Id) -> Id {
        match self.constant_value(condition) {
            Some(condition) => {
                if condition == 0.0 {
                    no
                } else {
                    yes
                }
            }
            None if yes == no => yes,
            None => self.append(Operation::Select(condition, yes, no)),
        }
    }

    /// An operation as it stands, its operands being instructions of this builder.
    pub fn operation(&mut self, operation: Operation) -> Id {
        match operation {
            Operation::Constant(_) | Operation::Input(_) => self.append(operation),
            Operation::Call(function, a) => self.call(function, a),
            Operation::PowI(a, exponent) => self.powi(a, exponent),
            Operation::Unary(operation, a) => self.unary(operation, a),
            Operation::Binary(operation, a, b) => self.binary(operation, a, b),
            Operation::Select(a, b, c) => self.select(a, b, c),
        }
    }

    /// The program of `inputs` variables that computes `outputs`, and nothing else.
    ///
    /// # Errors
    ///
    /// [`Error::Value`] if an instruction reads a variable that does not exist, or an output is
    /// no instruction.
    pub fn program(&self, inputs: usize, outputs: &[Id]) -> Result<Program, Error> {
        let refuse = |message: String| Err(Error::Value { argument: "program", message });
        if let Some(output) = outputs.iter().find(|&&output| output as usize >= self.code.len()) {
            return refuse(format!("expected outputs among {} instructions, got {output}", self.code.len()));
        }
        let mut needed = vec![false; self.code.len()];
        outputs.iter().for_each(|&output| needed[output as usize] = true);
        for (id, operation) in self.code.iter().enumerate().rev() {
            if needed[id] {
                operation.operands().for_each(|operand| needed[operand as usize] = true);
            }
        }
        let mut names = vec![0; self.code.len()];
        let mut code = Vec::with_capacity(self.code.len());
        for (id, &operation) in self.code.iter().enumerate().filter(|&(id, _)| needed[id]) {
            if let Operation::Input(index) = operation
                && index as usize >= inputs
            {
                return refuse(format!("expected variables below {inputs}, got {index}"));
            }
            names[id] = code.len() as Id;
            code.push(operation.renamed(|operand| names[operand as usize]));
        }
        let outputs = outputs.iter().map(|&output| names[output as usize]).collect();
        Ok(Program { inputs, code, outputs, tape: OnceLock::new() })
    }
}

/// A function of several real variables with one or several values.
#[derive(Clone, Debug)]
pub struct Program {
    inputs: usize,
    code: Vec<Operation>,
    outputs: Vec<Id>,
    /// What the evaluators run, made when it is first needed.
    tape: OnceLock<Tape>,
}

impl PartialEq for Program {
    fn eq(&self, other: &Self) -> bool {
        (self.inputs, &self.code, &self.outputs) == (other.inputs, &other.code, &other.outputs)
    }
}

impl Program {
    /// The number of variables.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// The instructions of the values, in order.
    pub fn outputs(&self) -> &[Id] {
        &self.outputs
    }

    /// The instructions.
    pub fn code(&self) -> &[Operation] {
        &self.code
    }

    /// What the evaluators run.
    pub(super) fn tape(&self) -> &Tape {
        self.tape.get_or_init(|| Tape::of(self))
    }
}

/// An instruction together with its builder: what slopes are written in.
#[derive(Clone, Copy, Debug)]
pub struct Term<'a, 'b> {
    builder: &'a RefCell<&'b mut Builder>,
    /// The instruction.
    pub id: Id,
}

impl<'a, 'b> Term<'a, 'b> {
    /// The instruction `id` of `builder`.
    pub fn new(builder: &'a RefCell<&'b mut Builder>, id: Id) -> Self {
        Self { builder, id }
    }

    /// What `append` appends, as a term.
    pub fn with(self, append: impl FnOnce(&mut Builder) -> Id) -> Self {
        Self { builder: self.builder, id: append(&mut self.builder.borrow_mut()) }
    }
}

macro_rules! operators {
    ($($Trait:ident $method:ident),+) => { $(
        impl $Trait for Term<'_, '_> {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                self.with(|builder| builder.binary(Binary::$Trait, self.id, other.id))
            }
        }
    )+ };
}

operators!(Add add, Sub sub, Mul mul, Div div);

impl Neg for Term<'_, '_> {
    type Output = Self;
    fn neg(self) -> Self {
        self.with(|builder| builder.unary(Unary::Neg, self.id))
    }
}

impl Algebra for Term<'_, '_> {
    fn number(&self, value: i64) -> Self {
        self.with(|builder| builder.constant(value as f64))
    }
    fn pi(&self) -> Self {
        self.with(|builder| builder.constant(std::f64::consts::PI))
    }
    fn call(&self, function: Function) -> Self {
        self.with(|builder| builder.call(function, self.id))
    }
    fn powi(&self, exponent: i32) -> Self {
        self.with(|builder| builder.powi(self.id, exponent))
    }
}

/// A hash of a few words: instructions are small, and no one chooses them to collide.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(byte.into()));
    }
    fn write_u32(&mut self, word: u32) {
        self.write_u64(word.into());
    }
    fn write_i32(&mut self, word: i32) {
        self.write_u64(word as u64);
    }
    fn write_isize(&mut self, word: isize) {
        self.write_u64(word as u64);
    }
    fn write_u64(&mut self, word: u64) {
        // An odd constant from the golden ratio, as in Knuth's multiplicative hashing.
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}
