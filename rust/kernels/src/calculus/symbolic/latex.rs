//! Expressions as LaTeX, as SymPy's `latex` writes them.

use super::condition::{Condition, Relation};
use super::decimal::decimal;
use super::expression::{Constant, Expression, Kind};
use super::number::Number;
use super::power::power;
use super::print::{fraction, is_imaginary_unit};
use super::print_order::{compare, has_leading_minus, terms_in_order};
use super::{Extremum, Function};

/// The names that LaTeX has a letter for.
const GREEK: &str = " alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma \
                     tau upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ";

impl Expression {
    /// The expression as LaTeX, without dollar signs.
    pub fn latex(&self) -> String {
        match self.kind() {
            Kind::Number(number) => of_number(number),
            Kind::Constant(Constant::E) => "e".into(),
            Kind::Constant(Constant::Pi) => r"\pi".into(),
            Kind::Symbol(symbol) => of_symbol(&symbol.name),
            Kind::Sum(constant, terms) => of_sum(&terms_in_order(constant, terms)),
            Kind::Product(coefficient, factors) => of_product(coefficient, factors),
            Kind::Power(..) if is_imaginary_unit(self) => "i".into(),
            Kind::Power(base, exponent) => of_power(base, exponent),
            Kind::Call(function, argument) => of_call(*function, argument, ""),
            Kind::Extremum(which, arguments) => {
                let mut ordered = arguments.to_vec();
                ordered.sort_by(compare);
                let texts: Vec<String> = ordered.iter().map(Self::latex).collect();
                let name = if *which == Extremum::Max { r"\max" } else { r"\min" };
                format!(r"{name}\left({}\right)", texts.join(", "))
            }
            Kind::Piecewise(pieces) => {
                let texts: Vec<String> = pieces
                    .iter()
                    .map(|(value, condition)| match condition {
                        Condition::Known(true) => format!(r"{} & \text{{otherwise}}", value.latex()),
                        _ => format!(r"{} & \text{{for}}\: {}", value.latex(), of_condition(condition)),
                    })
                    .collect();
                format!(r"\begin{{cases}} {} \end{{cases}}", texts.join(r" \\"))
            }
        }
    }
}

fn of_condition(condition: &Condition) -> String {
    match condition {
        Condition::Known(truth) => format!(r"\text{{{}}}", if *truth { "True" } else { "False" }),
        Condition::Compare(relation, left, right) => {
            let sign = match relation {
                Relation::Less => "<",
                Relation::AtMost => r"\leq",
                Relation::Greater => ">",
                Relation::AtLeast => r"\geq",
                Relation::Equal => "=",
                Relation::Unequal => r"\neq",
            };
            format!("{} {sign} {}", left.latex(), right.latex())
        }
    }
}

fn of_number(number: &Number) -> String {
    match number {
        Number::Float(value, digits) => {
            let text = decimal(*value, *digits, true);
            match text.split_once('e') {
                Some((mantissa, exponent)) => {
                    format!(r"{mantissa} \cdot 10^{{{}}}", exponent.trim_start_matches('+'))
                }
                None => text,
            }
        }
        Number::Infinity { negative } => if *negative { r"-\infty" } else { r"\infty" }.into(),
        Number::ComplexInfinity => r"\tilde{\infty}".into(),
        Number::Undefined => r"\text{NaN}".into(),
        _ if number.is_integer() => number.to_string(),
        _ => {
            let sign = if number.sign() < 0 { "- " } else { "" };
            match number.magnitude().parts() {
                Some((above, below)) => format!(r"{sign}\frac{{{above}}}{{{below}}}"),
                None => number.to_string(),
            }
        }
    }
}

/// A name with its subscript: `x0` and `x_0` are written alike.
fn of_symbol(name: &str) -> String {
    let letter = |name: &str| {
        if GREEK.contains(&format!(" {name} ")) { format!(r"\{name}") } else { name.to_string() }
    };
    let (stem, subscript) = match name.split_once('_') {
        Some((stem, subscript)) => (stem, subscript.replace('_', " ")),
        None => {
            let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
            (stem, name[stem.len()..].to_string())
        }
    };
    match (stem.is_empty(), subscript.is_empty()) {
        (true, _) | (_, true) => letter(name),
        _ => {
            let parts: Vec<String> = subscript.split(' ').map(letter).collect();
            format!("{}_{{{}}}", letter(stem), parts.join(" "))
        }
    }
}

fn of_sum(terms: &[Expression]) -> String {
    let mut out = String::new();
    for (i, term) in terms.iter().enumerate() {
        let minus = has_leading_minus(term);
        match (i, minus) {
            (0, _) => {}
            (_, true) => out += " - ",
            (_, false) => out += " + ",
        }
        out += &if minus && i > 0 { (-term).latex() } else { term.latex() };
    }
    out
}

fn of_product(coefficient: &Number, factors: &[Expression]) -> String {
    let sign = if coefficient.sign() < 0 { "- " } else { "" };
    let (above, below) = fraction(coefficient, factors);
    if below.is_empty() {
        return format!("{sign}{}", beside(&above));
    }
    let above = if above.is_empty() { "1".into() } else { beside(&above) };
    format!(r"{sign}\frac{{{above}}}{{{}}}", beside(&below))
}

/// Factors beside each other, with a dot between digits.
fn beside(factors: &[Expression]) -> String {
    if let [factor] = factors {
        return factor.latex();
    }
    let mut out = String::new();
    for (i, factor) in factors.iter().enumerate() {
        let last = i + 1 == factors.len();
        let brackets = match factor.kind() {
            Kind::Sum(..) => true,
            Kind::Piecewise(_) => !last,
            _ => false,
        };
        let text = if brackets { bracketed(&factor.latex()) } else { factor.latex() };
        if i > 0 {
            let digits = out.ends_with(|c: char| c.is_ascii_digit() || c == '}')
                && text.starts_with(|c: char| c.is_ascii_digit());
            out += if digits { r" \cdot " } else { " " };
        }
        out += &text;
    }
    out
}

fn bracketed(text: &str) -> String {
    format!(r"\left({text}\right)")
}

fn of_power(base: &Expression, exponent: &Expression) -> String {
    if let Some(Number::Small(n, d)) = exponent.as_number() {
        if (*n, *d) == (1, 2) {
            return format!(r"\sqrt{{{}}}", base.latex());
        }
        if n.abs() == 1 && *d > 1 {
            let root = match d {
                2 => format!(r"\sqrt{{{}}}", base.latex()),
                _ => format!(r"\sqrt[{d}]{{{}}}", base.latex()),
            };
            return if *n > 0 { root } else { format!(r"\frac{{1}}{{{root}}}") };
        }
        if *n < 0 {
            let inverse = power(base, &Expression::number(Number::ratio(-i128::from(*n), (*d).into())));
            return format!(r"\frac{{1}}{{{}}}", inverse.latex());
        }
    }
    if let Kind::Call(function, argument) = base.kind()
        && !matches!(function, Function::Exp)
    {
        return of_call(*function, argument, &exponent.latex());
    }
    let simple = match base.kind() {
        Kind::Symbol(_) | Kind::Constant(_) => true,
        Kind::Number(number) => number.sign() >= 0 && number.is_integer(),
        _ => false,
    };
    let base = if simple { base.latex() } else { bracketed(&base.latex()) };
    format!("{base}^{{{}}}", exponent.latex())
}

/// A function, its power over the name.
fn of_call(function: Function, argument: &Expression, exponent: &str) -> String {
    let inside = argument.latex();
    let around = |left: &str, right: &str| {
        let whole = format!(r"\left{left}{{{inside}}}\right{right}");
        if exponent.is_empty() { whole } else { format!("{whole}^{{{exponent}}}") }
    };
    let name = match function {
        Function::Exp => return format!("e^{{{inside}}}"),
        Function::Abs => return around("|", "|"),
        Function::Floor => return around(r"\lfloor", r"\rfloor"),
        Function::Ceiling => return around(r"\lceil", r"\rceil"),
        Function::Log | Function::Sin | Function::Cos | Function::Tan => format!(r"\{}", function.name()),
        Function::Sinh | Function::Cosh | Function::Tanh => format!(r"\{}", function.name()),
        _ => format!(r"\operatorname{{{}}}", function.name()),
    };
    let raised = if exponent.is_empty() { String::new() } else { format!("^{{{exponent}}}") };
    if matches!(function, Function::Log) && !exponent.is_empty() {
        return format!(r"{name}{{\left({inside} \right)}}{raised}");
    }
    format!(r"{name}{raised}{{\left({inside} \right)}}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calculus::symbolic::call;

    #[test]
    fn common_forms_are_written_as_sympy_writes_them() {
        let x = Expression::symbol("x");
        let sine = call(Function::Sin, &x);
        let two = Expression::integer(2);
        assert_eq!(power(&sine, &two).latex(), r"\sin^{2}{\left(x \right)}");
        assert_eq!((&x / &two).latex(), r"\frac{x}{2}");
        assert_eq!((-&(&x / &two)).latex(), r"- \frac{x}{2}");
        assert_eq!(power(&(&x + &two), &Expression::ratio(1, 3)).latex(), r"\sqrt[3]{x + 2}");
        assert_eq!(Expression::symbol("alpha_10").latex(), r"\alpha_{10}");
    }
}
