//! What an expression is made of, and how to make it again.

use super::Function;
use super::apply::{call, extremum};
use super::condition::{Condition, Relation};
use super::expression::{Assumptions, Constant, Expression, Extremum, Kind};
use super::number::Number;
use super::piecewise::piecewise;
use super::power::power;
use super::print_order::{compare, factors_in_order, terms_in_order};
use super::product::product;
use super::sum::sum;
use crate::Error;
use std::collections::{HashMap, HashSet};

impl Expression {
    /// The symbols in it, each once, sorted by name.
    pub fn free_symbols(&self) -> Vec<Self> {
        let (mut symbols, mut seen) = (HashSet::new(), HashSet::new());
        let mut left = vec![self.clone()];
        while let Some(part) = left.pop() {
            if part.is_number() || !seen.insert(part.address()) {
                continue;
            }
            match part.kind() {
                Kind::Symbol(_) => {
                    symbols.insert(part);
                }
                _ => left.extend(part.children()),
            }
        }
        let mut symbols: Vec<Self> = symbols.into_iter().collect();
        symbols.sort_by(compare);
        symbols
    }

    /// Whether `part` is it, or is in it.
    pub fn has(&self, part: &Self) -> bool {
        fn search(whole: &Expression, part: &Expression, seen: &mut HashSet<usize>) -> bool {
            let possible = part.is_number() || whole.may_share_symbols(part);
            whole == part
                || (possible
                    && seen.insert(whole.address())
                    && whole.children().iter().any(|child| search(child, part, seen)))
        }
        search(self, part, &mut HashSet::new())
    }

    /// The constant of that name, infinite and undefined ones too.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "E" => Some(Self::constant(Constant::E)),
            "pi" => Some(Self::constant(Constant::Pi)),
            _ => Number::from_text(name).filter(|number| !number.is_finite()).map(Self::number),
        }
    }

    /// The parts it is made of, in the order that they are written in.
    pub fn arguments(&self) -> Vec<Self> {
        match self.kind() {
            Kind::Sum(constant, terms) => terms_in_order(constant, terms),
            Kind::Product(..) => factors_in_order(&self.children()),
            _ => self.children(),
        }
    }

    /// The public name of what makes it of its arguments.
    pub fn constructor(&self) -> &'static str {
        match self.kind() {
            Kind::Number(Number::Float(..)) => "Float",
            Kind::Number(number) if number.is_integer() => "Integer",
            Kind::Number(_) => "Rational",
            Kind::Constant(_) => "Expression",
            Kind::Symbol(_) => "Symbol",
            Kind::Sum(..) => "Add",
            Kind::Product(..) => "Mul",
            Kind::Power(..) => "Pow",
            Kind::Call(function, _) => function.name(),
            Kind::Extremum(which, _) => which.name(),
            Kind::Piecewise(_) => "Piecewise",
        }
    }

    /// The nodes of the expression, each once and after those that it is made of.
    pub fn nodes(&self) -> Vec<Record> {
        let mut records = Vec::new();
        self.record(&mut records, &mut HashMap::new());
        records
    }

    fn record(&self, records: &mut Vec<Record>, known: &mut HashMap<Self, usize>) -> usize {
        if let Some(&index) = known.get(self) {
            return index;
        }
        let children = self.children();
        let parts: Vec<usize> = children.iter().map(|child| child.record(records, known)).collect();
        let (name, detail) = match self.kind() {
            Kind::Number(number) => ("Number", number.to_text()),
            Kind::Constant(constant) => ("Constant", constant.name().into()),
            Kind::Symbol(symbol) => ("Symbol", format!("{} {}", symbol.assumptions.bits(), symbol.name)),
            Kind::Call(function, _) => ("Call", function.name().into()),
            Kind::Piecewise(pieces) => {
                ("Piecewise", pieces.iter().map(|(_, condition)| letter(condition)).collect())
            }
            _ => (self.constructor(), String::new()),
        };
        records.push(Record { name: name.into(), detail, parts });
        known.insert(self.clone(), records.len() - 1);
        records.len() - 1
    }

    /// The expression that [`nodes`](Self::nodes) made the records of.
    ///
    /// # Errors
    ///
    /// [`Error::Value`] where they are not what it makes.
    pub fn from_nodes(records: &[Record]) -> Result<Self, Error> {
        let mut made: Vec<Self> = Vec::new();
        for record in records {
            let parts = record.parts.iter().map(|&i| made.get(i).cloned()).collect::<Option<Vec<Self>>>();
            let node = parts.and_then(|parts| record.rebuilt(&parts));
            made.push(node.ok_or_else(|| Error::Value {
                argument: "nodes",
                message: format!("expected what pickle kept of an expression, got {record:?}"),
            })?);
        }
        made.pop().ok_or(Error::Empty { argument: "nodes" })
    }
}

/// A node of an expression, as it is pickled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The kind of node.
    pub name: String,
    /// Number, name, function or relations.
    pub detail: String,
    /// The records before this one that it is made of.
    pub parts: Vec<usize>,
}

impl Record {
    fn rebuilt(&self, parts: &[Expression]) -> Option<Expression> {
        Some(match (self.name.as_str(), parts) {
            ("Number", _) => Expression::number(Number::from_text(&self.detail)?),
            ("Constant", _) => {
                let constants = [Constant::E, Constant::Pi];
                Expression::constant(constants.into_iter().find(|c| c.name() == self.detail)?)
            }
            ("Symbol", _) => {
                let (bits, name) = self.detail.split_once(' ')?;
                Expression::symbol_with(name, Assumptions::from_bits(bits.parse().ok()?))
            }
            ("Add", parts) => sum(parts.iter().cloned()),
            ("Mul", parts) => product(parts.iter().cloned()),
            ("Pow", [base, exponent]) => power(base, exponent),
            ("Call", [argument]) => call(Function::from_name(&self.detail)?, argument),
            ("Max", parts) => extremum(Extremum::Max, parts.iter().cloned()),
            ("Min", parts) => extremum(Extremum::Min, parts.iter().cloned()),
            ("Piecewise", parts) => {
                let mut parts = parts.iter();
                let mut pieces = Vec::new();
                for letter in self.detail.chars() {
                    pieces.push((parts.next()?.clone(), condition(letter, &mut parts)?));
                }
                piecewise(pieces)
            }
            _ => return None,
        })
    }
}

const RELATIONS: [(char, Relation); 6] = [
    ('<', Relation::Less),
    ('l', Relation::AtMost),
    ('>', Relation::Greater),
    ('g', Relation::AtLeast),
    ('=', Relation::Equal),
    ('!', Relation::Unequal),
];

fn letter(condition: &Condition) -> char {
    match condition {
        Condition::Known(true) => 'T',
        Condition::Known(false) => 'F',
        Condition::Compare(relation, ..) => {
            RELATIONS.iter().find(|(_, other)| other == relation).map_or('F', |(letter, _)| *letter)
        }
    }
}

fn condition<'a>(letter: char, sides: &mut impl Iterator<Item = &'a Expression>) -> Option<Condition> {
    match letter {
        'T' => Some(Condition::Known(true)),
        'F' => Some(Condition::Known(false)),
        _ => {
            let (_, relation) = RELATIONS.iter().find(|(other, _)| *other == letter)?;
            Some(Condition::new(*relation, sides.next()?, sides.next()?))
        }
    }
}
