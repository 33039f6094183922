//! The order in which terms and factors are written: SymPy's.
//!
//! Factors are sorted by kind, then name, then exponent, then coefficient. The terms of a sum
//! are monomials in whatever is below their whole powers, sorted lexicographically, the
//! highest power of the first generator first.

use super::Function;
use super::expression::{Expression, Kind};
use super::number::Number;
use super::power::power;
use super::print::is_imaginary_unit;
use super::product::{base_and_exponent, scaled};
use std::cmp::Ordering;
use std::collections::HashMap;

/// The factors as they are written.
pub fn factors_in_order(factors: &[Expression]) -> Vec<Expression> {
    let mut ordered = factors.to_vec();
    ordered.sort_by(compare);
    ordered
}

/// The terms of `constant + terms[0] + …` as they are written.
pub fn terms_in_order(constant: &Number, terms: &[Expression]) -> Vec<Expression> {
    let mut all: Vec<Expression> = terms.to_vec();
    if !constant.is_zero() {
        all.push(Expression::number(constant.clone()));
    }
    if let Some(pair) = number_less_multiple(&all) {
        return pair;
    }
    let mut monomials: Vec<Monomial> = all.into_iter().map(Monomial::new).collect();
    let mut generators: Vec<Expression> = Vec::new();
    let mut index: HashMap<Expression, usize> = HashMap::new();
    for (base, _) in monomials.iter().flat_map(|monomial| &monomial.powers) {
        index.entry(base.clone()).or_insert_with(|| {
            generators.push(base.clone());
            0
        });
    }
    generators.sort_by(compare);
    for (i, generator) in generators.into_iter().enumerate() {
        index.insert(generator, i);
    }
    for monomial in &mut monomials {
        let found = monomial.powers.iter().map(|(base, exponent)| (index[base], *exponent));
        monomial.exponents = found.collect();
        monomial.exponents.sort_unstable();
    }
    monomials.sort_by(|a, b| a.compare(b));
    monomials.into_iter().map(|monomial| monomial.term).collect()
}

/// `1 - x`: a positive number and the negative multiple of one thing stand in this order.
fn number_less_multiple(terms: &[Expression]) -> Option<Vec<Expression>> {
    let named = |e: &Expression| matches!(e.kind(), Kind::Number(_) | Kind::Constant(_));
    let [a, b] = terms else { return None };
    let (number, multiple) = if named(a) { (a, b) } else { (b, a) };
    let positive = named(number) && number.as_number().is_none_or(|number| number.sign() > 0);
    match multiple.kind() {
        Kind::Product(coefficient, factors) if positive && factors.len() == 1 && coefficient.sign() < 0 => {
            Some(vec![number.clone(), multiple.clone()])
        }
        _ => None,
    }
}

/// A term: numeric coefficient and whole powers of generators.
struct Monomial {
    term: Expression,
    coefficient: f64,
    powers: Vec<(Expression, i64)>,
    /// The same, by the index of the generator.
    exponents: Vec<(usize, i64)>,
}

impl Monomial {
    fn new(term: Expression) -> Self {
        let (coefficient, factors) = term.split_coefficient();
        let mut coefficient = coefficient.to_f64();
        let mut powers = Vec::new();
        for factor in factors {
            match factor.to_f64().filter(|_| factor.is_number()) {
                Some(value) => coefficient *= value,
                None => powers.push(decompose(factor)),
            }
        }
        Self { term, coefficient, powers, exponents: Vec::new() }
    }

    fn compare(&self, other: &Self) -> Ordering {
        let (mut a, mut b) = (self.exponents.iter().peekable(), other.exponents.iter().peekable());
        loop {
            let next = match (a.peek(), b.peek()) {
                (Some(&&(i, _)), Some(&&(j, _))) => i.min(j),
                (Some(&&(i, _)), None) | (None, Some(&&(i, _))) => i,
                (None, None) => return self.coefficient.total_cmp(&other.coefficient),
            };
            let x = a.next_if(|&&(i, _)| i == next).map_or(0, |&(_, exponent)| exponent);
            let y = b.next_if(|&&(i, _)| i == next).map_or(0, |&(_, exponent)| exponent);
            match y.cmp(&x) {
                Ordering::Equal => {}
                different => return different,
            }
        }
    }
}

/// `factor` as a whole power of something: `exp(2*y/3)` is `exp(y/3)` to the power 2.
fn decompose(factor: &Expression) -> (Expression, i64) {
    let (base, exponent) = base_and_exponent(factor);
    let whole =
        |number: &Number| number.to_i64().unwrap_or(if number.sign() < 0 { i64::MIN } else { i64::MAX });
    let (coefficient, rest) = exponent.split_coefficient();
    match coefficient.parts() {
        Some((numerator, denominator)) if !coefficient.is_one() || rest.is_empty() => {
            let share = denominator.inverse();
            let rest = super::product::with_coefficient(share, rest);
            (power(&base, &rest), whole(&numerator))
        }
        _ => (factor.clone(), 1),
    }
}

/// What the order of factors looks at first: kind, place among the functions, name.
fn class(base: &Expression) -> (u8, u32, &'static str) {
    match base.kind() {
        Kind::Number(_) => (1, 0, "Number"),
        Kind::Constant(super::Constant::E) => (2, 0, "Exp1"),
        Kind::Constant(super::Constant::Pi) => (2, 0, "Pi"),
        Kind::Symbol(_) => (2, 0, "Symbol"),
        Kind::Product(..) => (3, 0, "Mul"),
        Kind::Sum(..) => (3, 1, "Add"),
        Kind::Power(..) if is_imaginary_unit(base) => (2, 0, "ImaginaryUnit"),
        Kind::Power(..) => (3, 2, "Pow"),
        Kind::Call(function, _) => (4, place(*function), function.name()),
        Kind::Piecewise(_) => (4, 0, "Piecewise"),
        Kind::Extremum(which, _) => (5, 0, which.name()),
    }
}

const fn place(function: Function) -> u32 {
    match function {
        Function::Exp => 10,
        Function::Log => 11,
        Function::Sin => 20,
        Function::Cos => 21,
        Function::Tan => 22,
        Function::Sinh => 30,
        Function::Cosh => 31,
        Function::Tanh => 32,
        _ => 10_000,
    }
}

/// The order of factors, and of whatever else is sorted by SymPy's key.
pub fn compare(a: &Expression, b: &Expression) -> Ordering {
    if a.is_same(b) {
        return Ordering::Equal;
    }
    let ((x, left), (y, right)) = (a.split_coefficient(), b.split_coefficient());
    compare_factors(left, right).then_with(|| x.compare(y))
}

/// The order of products of `left` and of `right`, each without a coefficient.
fn compare_factors(left: &[Expression], right: &[Expression]) -> Ordering {
    match (left, right) {
        ([a], [b]) => compare_powers(a, b),
        ([], []) => Ordering::Equal,
        ([], [_]) => (1, 0, "Number").cmp(&class(&split_power(&right[0]).0)).then(Ordering::Less),
        ([_], []) => compare_factors(right, left).reverse(),
        ([], _) => Ordering::Less,
        (_, []) => Ordering::Greater,
        ([a], _) => class(&split_power(a).0).cmp(&(3, 0, "Mul")),
        (_, [b]) => (3, 0, "Mul").cmp(&class(&split_power(b).0)),
        _ => lists(&factors_in_order(left), &factors_in_order(right)),
    }
}

fn split_power(factor: &Expression) -> (Expression, Expression) {
    match factor.kind() {
        Kind::Power(base, exponent) if !is_imaginary_unit(factor) => (base.clone(), exponent.clone()),
        _ => (factor.clone(), Expression::one()),
    }
}

fn compare_powers(a: &Expression, b: &Expression) -> Ordering {
    let ((a, x), (b, y)) = (split_power(a), split_power(b));
    class(&a).cmp(&class(&b)).then_with(|| arguments(&a, &b)).then_with(|| compare(&x, &y))
}

/// The order by what is inside, for two of one class.
fn arguments(a: &Expression, b: &Expression) -> Ordering {
    match (a.kind(), b.kind()) {
        (Kind::Symbol(x), Kind::Symbol(y)) => x.name.cmp(&y.name),
        (Kind::Number(x), Kind::Number(y)) => x.to_string().cmp(&y.to_string()),
        (Kind::Sum(c, x), Kind::Sum(d, y)) => {
            let terms = |number: &Number, terms: &[Expression]| terms.len() + usize::from(!number.is_zero());
            (terms(c, x).cmp(&terms(d, y))).then_with(|| lists(&terms_in_order(c, x), &terms_in_order(d, y)))
        }
        _ => lists(&a.children(), &b.children()),
    }
}

fn lists(a: &[Expression], b: &[Expression]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| {
        a.iter().zip(b).map(|(a, b)| compare(a, b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    })
}

/// Whether a minus sign is better taken out of it: `y - x` is written `-(x - y)` inside a sine.
pub(super) fn has_leading_minus(expression: &Expression) -> bool {
    match expression.kind() {
        Kind::Number(number) => number.sign() < 0,
        Kind::Product(coefficient, _) => coefficient.sign() < 0,
        Kind::Sum(constant, terms) => {
            let negative = terms.iter().filter(|term| has_leading_minus(term)).count()
                + usize::from(constant.sign() < 0);
            let all = terms.len() + usize::from(!constant.is_zero());
            match (2 * negative).cmp(&all) {
                Ordering::Equal => compare(expression, &scaled(&Number::MINUS_ONE, expression)).is_lt(),
                more => more.is_gt(),
            }
        }
        _ => false,
    }
}
