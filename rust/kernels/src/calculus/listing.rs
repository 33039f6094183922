//! Programs as text: to read, to keep, to send.
//!
//! ```text
//! inputs 2
//! input 0
//! mul 0 0
//! outputs 1
//! ```
//!
//! One instruction a line, which is named by its number from 0 on.

use super::function::Function;
use super::program::{Binary, Bits, Builder, Id, Operation, Program, Unary};
use crate::Error;
use std::fmt::Write;

impl Program {
    /// The instructions, one a line.
    pub fn listing(&self) -> String {
        let mut text = format!("inputs {}\n", self.inputs());
        for &operation in self.code() {
            // Writing to a string cannot fail.
            let _ = match operation {
                Operation::Constant(Bits(bits)) => writeln!(text, "constant {:?}", f64::from_bits(bits)),
                Operation::Input(index) => writeln!(text, "input {index}"),
                Operation::Call(function, a) => writeln!(text, "{function} {a}"),
                Operation::PowI(a, exponent) => writeln!(text, "powi {a} {exponent}"),
                Operation::Unary(unary, a) => writeln!(text, "{} {a}", unary.name()),
                Operation::Binary(binary, a, b) => writeln!(text, "{} {a} {b}", binary.name()),
                Operation::Select(a, b, c) => writeln!(text, "select {a} {b} {c}"),
            };
        }
        text.push_str("outputs");
        for output in self.outputs() {
            let _ = write!(text, " {output}");
        }
        text.push('\n');
        text
    }

    /// The program that a listing says.
    ///
    /// # Errors
    ///
    /// [`Error::Value`] naming the line that is no instruction.
    pub fn from_listing(text: &str) -> Result<Self, Error> {
        let mut builder = Builder::default();
        let mut names: Vec<Id> = Vec::new();
        let mut inputs = 0;
        let mut outputs = None;
        for line in text.lines() {
            let wrong = || Error::Value { argument: "listing", message: format!("no instruction: {line:?}") };
            let mut words = line.split(' ');
            let word = words.next().unwrap_or_default();
            let rest: Vec<&str> = words.collect();
            match word {
                "inputs" => inputs = rest.first().and_then(|word| word.parse().ok()).ok_or_else(wrong)?,
                "outputs" => outputs = Some(operands(&rest, &names).ok_or_else(wrong)?),
                _ => {
                    let operation = instruction(word, &rest, &names).ok_or_else(wrong)?;
                    names.push(builder.operation(operation));
                }
            }
        }
        let message = "expected a last line of outputs".to_string();
        let outputs = outputs.ok_or(Error::Value { argument: "listing", message })?;
        builder.program(inputs, &outputs)
    }
}

fn operands(words: &[&str], names: &[Id]) -> Option<Vec<Id>> {
    words.iter().map(|word| names.get(word.parse::<usize>().ok()?).copied()).collect()
}

fn instruction(word: &str, rest: &[&str], names: &[Id]) -> Option<Operation> {
    match (word, rest) {
        ("constant", &[value]) => {
            return Some(Operation::Constant(Bits(value.parse::<f64>().ok()?.to_bits())));
        }
        ("input", &[index]) => return Some(Operation::Input(index.parse().ok()?)),
        ("powi", &[a, exponent]) => {
            return Some(Operation::PowI(*operands(&[a], names)?.first()?, exponent.parse().ok()?));
        }
        _ => {}
    }
    match *operands(rest, names)? {
        [a] => match Unary::ALL.into_iter().find(|unary| unary.name() == word) {
            Some(unary) => Some(Operation::Unary(unary, a)),
            None => Function::from_name(word).map(|function| Operation::Call(function, a)),
        },
        [a, b] => {
            let binary = Binary::ALL.into_iter().find(|binary| binary.name() == word)?;
            Some(Operation::Binary(binary, a, b))
        }
        [a, b, c] if word == "select" => Some(Operation::Select(a, b, c)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_is_read_back() {
        let mut builder = Builder::default();
        let (x, y) = (builder.input(0), builder.input(1));
        let numbers = [0.1, -0.0, f64::INFINITY, 1e-300].map(|value| builder.constant(value));
        let mut value = builder.select(x, y, numbers[0]);
        for &function in Function::ALL {
            value = builder.call(function, value);
        }
        for binary in Binary::ALL {
            value = builder.binary(binary, value, y);
        }
        for unary in Unary::ALL {
            value = builder.unary(unary, value);
        }
        value = builder.powi(value, -7);
        let program = builder.program(2, &[value, x, numbers[1], numbers[2], numbers[3]]).unwrap();
        assert_eq!(Program::from_listing(&program.listing()), Ok(program));
    }

    #[test]
    fn what_is_no_listing_is_refused() {
        for text in
            ["", "inputs 1\ninput 0", "inputs 1\ninput 0\nsin 1\noutputs 0", "inputs 1\ninput 3\noutputs 0"]
        {
            assert!(matches!(Program::from_listing(text), Err(Error::Value { .. })), "{text:?}");
        }
    }
}
