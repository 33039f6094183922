//! Expressions: immutable nodes, shared between all the expressions that contain them.
//!
//! A node is built in canonical form (see [`sum`](super::sum), [`product`](super::product),
//! [`power`](super::power), [`apply`](super::apply)), so that equal expressions have equal
//! structure. It keeps its hash, and a small filter of the symbols it may contain: a derivative
//! skips what is free of its variable after one look.

use super::Function;
use super::condition::Condition;
use super::number::Number;
use std::cell::RefCell;
use std::collections::HashSet;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, LazyLock};

/// A symbolic expression of real variables.
#[derive(Clone, Debug)]
pub struct Expression(Arc<Node>);

#[derive(Debug)]
struct Node {
    kind: Kind,
    /// Hash of the whole.
    hash: u64,
    /// Hash without the numeric coefficient: like terms of a sum have the same.
    key: u64,
    /// The union of the symbols' bits: a bit that is not set is a symbol that is not there.
    filter: u128,
    /// Nodes below, counted as often as they are reached; saturates.
    size: u64,
    /// The longest way down.
    depth: u32,
    /// Whether it is known to be real.
    real: bool,
    /// Whether it is known to be real and not negative.
    nonnegative: bool,
}

/// What an expression is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A number.
    Number(Number),
    /// A number with a name.
    Constant(Constant),
    /// A variable.
    Symbol(Symbol),
    /// `constant + terms[0] + …`: no term is a number or a sum, no two are alike.
    Sum(Number, Box<[Expression]>),
    /// `coefficient * factors[0] * …`: no factor is a number or a product, no two have one base
    /// and exponents that differ by a number.
    Product(Number, Box<[Expression]>),
    /// Base and exponent.
    Power(Expression, Expression),
    /// An elementary function of its argument.
    Call(Function, Expression),
    /// The largest or the smallest of its arguments.
    Extremum(Extremum, Box<[Expression]>),
    /// The first expression whose condition holds.
    Piecewise(Box<[(Expression, Condition)]>),
}

/// The numbers with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Constant {
    /// The base of the natural logarithm.
    E,
    /// The circle's constant.
    Pi,
}

impl Constant {
    /// The nearest float.
    pub const fn value(self) -> f64 {
        match self {
            Self::E => std::f64::consts::E,
            Self::Pi => std::f64::consts::PI,
        }
    }

    /// The name, as SymPy prints it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::E => "E",
            Self::Pi => "pi",
        }
    }
}

/// The largest or the smallest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extremum {
    /// The largest.
    Max,
    /// The smallest.
    Min,
}

impl Extremum {
    /// The name, as SymPy spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Max => "Max",
            Self::Min => "Min",
        }
    }
}

/// What is known of a symbol's value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Assumptions {
    /// It is real.
    pub real: bool,
    /// It is real and not negative.
    pub nonnegative: bool,
    /// It is real and positive.
    pub positive: bool,
    /// It is a whole number.
    pub integer: bool,
}

/// A variable: equal to those of the same name and assumptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// The name.
    pub name: Arc<str>,
    /// What is known of its value.
    pub assumptions: Assumptions,
}

/// The key of every number, and of the factor that is not there.
const UNIT: u64 = 0x51_7C_C1_B7_27_22_0A_95;

/// Stirs `value` into `hash`; the order matters.
pub(super) const fn mix(hash: u64, value: u64) -> u64 {
    let stirred = (hash.rotate_left(5) ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    stirred ^ (stirred >> 29)
}

fn hash_of_bytes(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, &byte| mix(hash, u64::from(byte)))
}

impl Expression {
    /// Wraps what is already in canonical form.
    pub(super) fn of(kind: Kind) -> Self {
        let mut node =
            Node { hash: 0, key: 0, filter: 0, size: 1, depth: 0, real: false, nonnegative: false, kind };
        let below: &mut dyn FnMut(&Self) = &mut |child: &Self| {
            node.filter |= child.0.filter;
            node.size = node.size.saturating_add(child.0.size);
            node.depth = node.depth.max(child.0.depth + 1);
        };
        let fold = |seed: u64, list: &[Self]| list.iter().fold(seed, |h, e| mix(h, e.0.hash));
        let (hash, key) = match &node.kind {
            Kind::Number(number) => (mix(1, number.fingerprint()), UNIT),
            Kind::Constant(constant) => whole(mix(2, *constant as u64)),
            Kind::Symbol(symbol) => {
                let hash = mix(hash_of_bytes(symbol.name.as_bytes()), symbol.assumptions.bits());
                node.filter = 1 << (hash >> 57);
                whole(hash)
            }
            Kind::Sum(constant, terms) => {
                terms.iter().for_each(below);
                whole(mix(fold(3, terms), constant.fingerprint()))
            }
            Kind::Product(coefficient, factors) => {
                factors.iter().for_each(below);
                let key = match &**factors {
                    [factor] => factor.0.hash,
                    factors => fold(4, factors),
                };
                let one = coefficient.is_one();
                (if one { key } else { mix(key, coefficient.fingerprint()) }, key)
            }
            Kind::Power(base, exponent) => {
                [base, exponent].into_iter().for_each(below);
                whole(mix(mix(5, base.0.hash), exponent.0.hash))
            }
            Kind::Call(function, argument) => {
                below(argument);
                whole(mix(mix(6, *function as u64), argument.0.hash))
            }
            Kind::Extremum(which, arguments) => {
                arguments.iter().for_each(below);
                whole(fold(mix(7, *which as u64), arguments))
            }
            Kind::Piecewise(pieces) => {
                let mut hash = 8;
                for (value, condition) in pieces {
                    below(value);
                    condition.sides().into_iter().flatten().for_each(&mut *below);
                    hash = mix(mix(hash, value.0.hash), condition.fingerprint());
                }
                whole(hash)
            }
        };
        (node.hash, node.key) = (hash, key);
        node.real = super::assumptions::is_real(&node.kind);
        node.nonnegative = super::assumptions::is_nonnegative(&node.kind);
        Self(Arc::new(node))
    }

    /// A number.
    pub fn number(number: Number) -> Self {
        match number.to_i64() {
            Some(value) => Self::integer(value),
            None => Self::of(Kind::Number(number)),
        }
    }

    /// A whole number.
    pub fn integer(value: i64) -> Self {
        const SMALLEST: i64 = -16;
        const LARGEST: i64 = 64;
        static SMALL: LazyLock<Vec<Expression>> = LazyLock::new(|| {
            (SMALLEST..=LARGEST).map(|i| Expression::of(Kind::Number(Number::integer(i)))).collect()
        });
        match usize::try_from(value - SMALLEST.min(value)).ok().and_then(|i| SMALL.get(i)) {
            Some(shared) if value >= SMALLEST => shared.clone(),
            _ => Self::of(Kind::Number(Number::integer(value))),
        }
    }

    /// Zero.
    pub fn zero() -> Self {
        Self::integer(0)
    }

    /// One.
    pub fn one() -> Self {
        Self::integer(1)
    }

    /// A fraction in any terms.
    pub fn ratio(numerator: i64, denominator: i64) -> Self {
        Self::number(Number::ratio(numerator.into(), denominator.into()))
    }

    /// A constant.
    pub fn constant(constant: Constant) -> Self {
        Self::of(Kind::Constant(constant))
    }

    /// A variable of that name.
    pub fn symbol(name: &str) -> Self {
        Self::symbol_with(name, Assumptions::default())
    }

    /// A variable of that name of which something is known.
    pub fn symbol_with(name: &str, assumptions: Assumptions) -> Self {
        Self::of(Kind::Symbol(Symbol { name: name.into(), assumptions }))
    }

    /// What it is.
    pub fn kind(&self) -> &Kind {
        &self.0.kind
    }

    /// The hash of the structure.
    pub fn fingerprint(&self) -> u64 {
        self.0.hash
    }

    pub(super) fn key(&self) -> u64 {
        self.0.key
    }

    /// The number of nodes, those that are shared counted as often as they are reached.
    pub fn size(&self) -> u64 {
        self.0.size
    }

    /// The length of the longest way from it to a leaf.
    pub fn depth(&self) -> u32 {
        self.0.depth
    }

    /// Whether both are the same node, not only equal.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Where the node is, as long as it lives.
    pub(super) fn address(&self) -> usize {
        Arc::as_ptr(&self.0) as usize
    }

    /// Whether it is known to be real, from its form and what is assumed of its symbols.
    pub fn is_real(&self) -> bool {
        self.0.real
    }

    /// Whether it is known to be real and not negative.
    pub(super) fn is_nonnegative(&self) -> bool {
        self.0.nonnegative
    }

    /// The number, where it is one.
    pub fn as_number(&self) -> Option<&Number> {
        if let Kind::Number(number) = self.kind() { Some(number) } else { None }
    }

    /// The symbol, where it is one.
    pub fn as_symbol(&self) -> Option<&Symbol> {
        if let Kind::Symbol(symbol) = self.kind() { Some(symbol) } else { None }
    }

    /// Whether it is this number.
    pub fn is_integer(&self, value: i64) -> bool {
        matches!(self.kind(), Kind::Number(Number::Small(n, 1)) if *n == value)
    }

    /// Whether it holds no symbol.
    pub fn is_number(&self) -> bool {
        self.0.filter == 0
    }

    /// Whether it may hold some symbol of `other`; "no" is certain.
    pub(super) fn may_share_symbols(&self, other: &Self) -> bool {
        self.0.filter & other.0.filter != 0
    }

    /// The parts it is made of, numbers included, in no particular order.
    pub fn children(&self) -> Vec<Self> {
        match self.kind() {
            Kind::Number(_) | Kind::Constant(_) | Kind::Symbol(_) => Vec::new(),
            Kind::Sum(number, parts) if number.is_zero() => parts.to_vec(),
            Kind::Product(number, parts) if number.is_one() => parts.to_vec(),
            Kind::Sum(number, parts) | Kind::Product(number, parts) => {
                std::iter::once(Self::number(number.clone())).chain(parts.iter().cloned()).collect()
            }
            Kind::Power(base, exponent) => vec![base.clone(), exponent.clone()],
            Kind::Call(_, argument) => vec![argument.clone()],
            Kind::Extremum(_, arguments) => arguments.to_vec(),
            Kind::Piecewise(pieces) => pieces
                .iter()
                .flat_map(|(value, condition)| {
                    std::iter::once(value.clone()).chain(condition.sides().into_iter().flatten().cloned())
                })
                .collect(),
        }
    }

    /// The numeric coefficient, and the factors that it multiplies.
    pub(super) fn split_coefficient(&self) -> (&Number, &[Self]) {
        match self.kind() {
            Kind::Product(coefficient, factors) => (coefficient, factors),
            Kind::Number(number) => (number, &[]),
            _ => (&Number::ONE, std::slice::from_ref(self)),
        }
    }
}

/// Hash and key of what has no coefficient.
const fn whole(hash: u64) -> (u64, u64) {
    (hash, hash)
}

impl Assumptions {
    /// With all that follows from what is said.
    pub fn closed(self) -> Self {
        let nonnegative = self.nonnegative || self.positive;
        Self { nonnegative, real: self.real || nonnegative || self.integer, ..self }
    }

    /// What [`bits`](Self::bits) says.
    pub const fn from_bits(bits: u64) -> Self {
        Self {
            real: bits & 1 != 0,
            nonnegative: bits & 2 != 0,
            positive: bits & 4 != 0,
            integer: bits & 8 != 0,
        }
    }

    /// One bit for each.
    pub fn bits(self) -> u64 {
        u64::from(self.real)
            | u64::from(self.nonnegative) << 1
            | u64::from(self.positive) << 2
            | u64::from(self.integer) << 3
    }
}

thread_local! {
    /// The pairs of large nodes that the comparison going on has found equal.
    static EQUAL: RefCell<Option<HashSet<(usize, usize)>>> = const { RefCell::new(None) };
}

impl Expression {
    /// Whether two large nodes are equal: what they share is compared once, or else the time
    /// would double with each level.
    fn equals_large(&self, other: &Self) -> bool {
        let pair = (self.address(), other.address());
        let outermost = EQUAL.with_borrow_mut(|known| {
            let outermost = known.is_none();
            known.get_or_insert_default();
            outermost
        });
        let known = EQUAL.with_borrow(|known| known.as_ref().is_some_and(|known| known.contains(&pair)));
        let equal = known || self.0.kind == other.0.kind;
        EQUAL.with_borrow_mut(|known| {
            if outermost {
                *known = None;
            } else if let Some(known) = known.as_mut().filter(|_| equal) {
                known.insert(pair);
            }
        });
        equal
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        const LARGE: u64 = 100;
        if self.is_same(other) {
            return true;
        }
        if self.0.hash != other.0.hash || self.0.size != other.0.size {
            return false;
        }
        if self.0.size > LARGE { self.equals_large(other) } else { self.0.kind == other.0.kind }
    }
}

impl Eq for Expression {}

impl Hash for Expression {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.hash);
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::Constant(a), Self::Constant(b)) => a == b,
            (Self::Symbol(a), Self::Symbol(b)) => a == b,
            (Self::Sum(a, x), Self::Sum(b, y)) | (Self::Product(a, x), Self::Product(b, y)) => {
                a == b && x == y
            }
            (Self::Power(a, x), Self::Power(b, y)) => a == b && x == y,
            (Self::Call(a, x), Self::Call(b, y)) => a == b && x == y,
            (Self::Extremum(a, x), Self::Extremum(b, y)) => a == b && x == y,
            (Self::Piecewise(x), Self::Piecewise(y)) => x == y,
            _ => false,
        }
    }
}
