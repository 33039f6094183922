//! What the evaluators run: a program's instructions with registers in place of names.

use super::function::Function;
use super::program::{Binary, Bits, Id, Operation, Program, Unary};

/// What an instruction of the tape does. `a`, `b` and `c` are registers, `k` its constant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Code {
    /// The variable `a`; not where variables are [`pinned`](Tape::pinned).
    Load,
    /// `k`.
    Constant,
    /// An elementary function of `a`.
    Call(Function),
    /// `a` to an integer power.
    PowI(i32),
    /// An operation on `a`.
    Unary(Unary),
    /// An operation on `a` and `b`.
    Binary(Binary),
    /// `k + a`.
    AddConstant,
    /// `k - a`.
    SubFrom,
    /// `k a`.
    Scale,
    /// `k / a`.
    DivInto,
    /// `b` where `a` is not 0, else `c`.
    Select,
    /// Register `a` is the value of index `b`; not where the tape has a [`pair`](Tape::pair).
    Store,
}

/// One instruction of a tape.
#[derive(Clone, Copy, Debug)]
pub struct Instruction {
    /// What it does.
    pub code: Code,
    /// The register that takes the result; never one of its operands.
    pub target: u32,
    /// First operand.
    pub a: u32,
    /// Second operand.
    pub b: u32,
    /// Third operand.
    pub c: u32,
    /// The constant.
    pub k: f64,
}

/// Instructions on as few registers as their order needs.
#[derive(Clone, Debug)]
pub struct Tape {
    /// The instructions, in order.
    pub instructions: Vec<Instruction>,
    /// The number of registers.
    pub registers: usize,
    /// Whether all variables stand in the first registers from beginning to end, because they
    /// are few.
    pub pinned: bool,
    /// The registers that hold both values at the end, where there are two.
    pub pair: Option<[u32; 2]>,
    /// About how many nanoseconds one point takes among many.
    pub cost: f64,
}

/// So few variables stand in registers of their own.
const FEW: usize = 4;

/// Assigns registers: one is free again after the last use of its value.
struct Lowering<'a> {
    code: &'a [Operation],
    /// How many uses of each value are still to come.
    uses: Vec<u32>,
    register: Vec<Option<u32>>,
    free: Vec<u32>,
    tape: Tape,
}

impl Tape {
    /// The tape of `program`.
    pub fn of(program: &Program) -> Self {
        let code = program.code();
        let mut uses = vec![0; code.len()];
        let mut stores: Vec<Vec<u32>> = vec![Vec::new(); code.len()];
        code.iter().flat_map(|operation| operation.operands()).for_each(|id| uses[id as usize] += 1);
        let pair = <[Id; 2]>::try_from(program.outputs()).ok();
        for (index, &id) in program.outputs().iter().enumerate() {
            // For a pair this use is never over.
            uses[id as usize] += 1;
            if pair.is_none() {
                stores[id as usize].push(index as u32);
            }
        }
        let pinned = program.inputs() <= FEW;
        let registers = if pinned { program.inputs() } else { 0 };
        let instructions = Vec::with_capacity(2 * code.len());
        let mut lowering = Lowering {
            code,
            uses,
            register: vec![None; code.len()],
            free: Vec::new(),
            tape: Self { instructions, registers, pinned, pair: None, cost: 2.0 },
        };
        for (id, operation) in code.iter().enumerate() {
            if let (Operation::Input(index), true) = (operation, pinned) {
                lowering.register[id] = Some(*index);
                lowering.uses[id] += 1;
            }
        }
        for (id, &operation) in code.iter().enumerate() {
            // Variables and constants take a register when they are first needed.
            if !matches!(operation, Operation::Input(_) | Operation::Constant(_)) {
                lowering.lower(id as Id, operation);
            }
            for &output in &stores[id] {
                let a = lowering.read(id as Id);
                lowering.emit(Instruction { code: Code::Store, target: 0, a, b: output, c: 0, k: 0.0 });
                lowering.used(id as Id);
            }
        }
        lowering.tape.pair = pair.map(|pair| pair.map(|id| lowering.read(id)));
        lowering.tape
    }
}

impl Lowering<'_> {
    fn lower(&mut self, id: Id, operation: Operation) {
        let constant = |id: Id| match self.code[id as usize] {
            Operation::Constant(Bits(bits)) => Some(f64::from_bits(bits)),
            _ => None,
        };
        // With a constant on one side: code, the other operand, the constant.
        let short = match operation {
            Operation::Binary(binary, a, b) => match (binary, constant(a), constant(b)) {
                (Binary::Add, Some(k), _) => Some((Code::AddConstant, b, k)),
                (Binary::Add, _, Some(k)) => Some((Code::AddConstant, a, k)),
                (Binary::Sub, Some(k), _) => Some((Code::SubFrom, b, k)),
                (Binary::Sub, _, Some(k)) => Some((Code::AddConstant, a, -k)),
                (Binary::Mul, Some(k), _) => Some((Code::Scale, b, k)),
                (Binary::Mul, _, Some(k)) => Some((Code::Scale, a, k)),
                (Binary::Div, Some(k), _) => Some((Code::DivInto, b, k)),
                _ => None,
            },
            _ => None,
        };
        let mut operands = [0; 3];
        let (code, k) = if let Some((code, operand, k)) = short {
            operands[0] = self.read(operand);
            (code, k)
        } else {
            for (register, operand) in operands.iter_mut().zip(operation.operands()) {
                *register = self.read(operand);
            }
            let code = match operation {
                Operation::Call(function, _) => Code::Call(function),
                Operation::PowI(_, exponent) => Code::PowI(exponent),
                Operation::Unary(unary, _) => Code::Unary(unary),
                Operation::Binary(binary, ..) => Code::Binary(binary),
                Operation::Select(..) => Code::Select,
                Operation::Input(_) => Code::Load,
                Operation::Constant(_) => Code::Constant,
            };
            (code, 0.0)
        };
        // Taken before the operands' registers are free, so that it is none of them.
        let target = self.take(id);
        let [a, b, c] = operands;
        self.emit(Instruction { code, target, a, b, c, k });
        operation.operands().for_each(|operand| self.used(operand));
    }

    /// The register that holds `id`.
    fn read(&mut self, id: Id) -> u32 {
        if let Some(register) = self.register[id as usize] {
            return register;
        }
        let target = self.take(id);
        let (code, a, k) = match self.code[id as usize] {
            Operation::Constant(Bits(bits)) => (Code::Constant, 0, f64::from_bits(bits)),
            Operation::Input(index) => (Code::Load, index, 0.0),
            _ => (Code::Load, 0, 0.0),
        };
        self.emit(Instruction { code, target, a, b: 0, c: 0, k });
        target
    }

    fn take(&mut self, id: Id) -> u32 {
        let register = self.free.pop().unwrap_or_else(|| {
            self.tape.registers += 1;
            self.tape.registers as u32 - 1
        });
        self.register[id as usize] = Some(register);
        register
    }

    /// One use of `id` is over.
    fn used(&mut self, id: Id) {
        self.uses[id as usize] -= 1;
        if self.uses[id as usize] == 0
            && let Some(register) = self.register[id as usize].take()
        {
            self.free.push(register);
        }
    }

    fn emit(&mut self, instruction: Instruction) {
        self.tape.cost += match instruction.code {
            Code::Call(function) => function.cost() as f64,
            Code::Binary(Binary::Pow) => 30.0,
            Code::PowI(_) => 4.0,
            Code::Binary(Binary::Div) | Code::DivInto => 1.0,
            _ => 0.4,
        };
        self.tape.instructions.push(instruction);
    }
}
