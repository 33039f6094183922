//! Shorter forms: rewrite rules, each tried, the shortest result kept.

use super::Function;
use super::apply::call;
use super::expand::{expand, terms};
use super::expression::{Constant, Expression, Kind};
use super::number::Number;
use super::polynomial::{coefficients, common_divisor, divided, exact, expression_of};
use super::power::power;
use super::product::{base_and_exponent, product};
use super::sum::sum;
use crate::{Control, Error};
use std::collections::HashMap;

type Rule = fn(&Expression, &Control) -> Result<Expression, Error>;

/// The rules; a result that is not shorter is dropped.
const RULES: [Rule; 5] = [expand, pythagoras, powers_together, logarithms_together, over_one_line];

/// Expressions larger than this are only simplified part by part.
const LARGE: u64 = 20_000;

/// The shortest form of `expression` that the rules find.
///
/// # Errors
///
/// [`Error::Stopped`] if the caller gives up.
pub fn simplify(expression: &Expression, control: &Control) -> Result<Expression, Error> {
    simplified(expression, control, &mut HashMap::new())
}

fn simplified(
    expression: &Expression,
    control: &Control,
    known: &mut HashMap<usize, Expression>,
) -> Result<Expression, Error> {
    const ROUNDS: usize = 4;
    if let Some(found) = known.get(&expression.address()) {
        return Ok(found.clone());
    }
    control.go_on()?;
    let mut best = expression.rebuilt(|part| simplified(part, control, known))?;
    for _ in 0..ROUNDS {
        let before = best.clone();
        if best.size() > LARGE {
            break;
        }
        for rule in RULES {
            let found = match rule(&best, control) {
                Ok(found) => found,
                Err(Error::Stopped) => return Err(Error::Stopped),
                Err(_) => continue,
            };
            // The sum of squares may only show when all is multiplied out.
            for next in [pythagoras(&found, control)?, found] {
                if next.size() < best.size() {
                    best = next;
                }
            }
        }
        if best == before {
            break;
        }
    }
    known.insert(expression.address(), best.clone());
    Ok(best)
}

/// `c*sin(u)**2 + c*cos(u)**2` is `c`, and `c*cosh(u)**2 - c*sinh(u)**2` too.
fn pythagoras(f: &Expression, control: &Control) -> Result<Expression, Error> {
    let Kind::Sum(..) = f.kind() else { return Ok(f.clone()) };
    let mut left = terms(f);
    let mut changed = true;
    while changed {
        control.go_on()?;
        changed = false;
        'pairs: for i in 0..left.len() {
            for (first, second, sign) in
                [(Function::Sin, Function::Cos, 1), (Function::Sinh, Function::Cosh, -1)]
            {
                let Some((rest, argument)) = without_square(&left[i], first) else { continue };
                let partner = square_of(second, &argument);
                let other = product([Expression::integer(sign), rest.clone(), partner]);
                if let Some(j) = left.iter().position(|term| *term == other) {
                    left[i] = product([Expression::integer(sign), rest]);
                    left.remove(j);
                    changed = true;
                    break 'pairs;
                }
                // 1 - sin(u)**2 is cos(u)**2.
                let constant = product([Expression::integer(-sign), other.clone()]);
                let number = product([Expression::integer(-1), rest.clone()]);
                if sign == 1
                    && let Some(j) = left.iter().position(|term| *term == number)
                {
                    left[i] = constant;
                    left.remove(j);
                    changed = true;
                    break 'pairs;
                }
            }
            if let Some((rest, argument)) = without_square(&left[i], Function::Cos)
                && let Some(j) = left.iter().position(|term| *term == -&rest)
            {
                left[i] = product([Expression::integer(-1), rest, square_of(Function::Sin, &argument)]);
                left.remove(j);
                changed = true;
                break;
            }
        }
        left = terms(&sum(left));
    }
    Ok(sum(left))
}

fn square_of(function: Function, argument: &Expression) -> Expression {
    power(&call(function, argument), &Expression::integer(2))
}

/// The term without the square of this function, and the function's argument.
fn without_square(term: &Expression, function: Function) -> Option<(Expression, Expression)> {
    let (coefficient, factors) = term.split_coefficient();
    for (i, factor) in factors.iter().enumerate() {
        if let Kind::Power(base, exponent) = factor.kind()
            && exponent.is_integer(2)
            && let Kind::Call(found, argument) = base.kind()
            && *found == function
        {
            let others = factors.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, other)| other.clone());
            let rest = product(others.chain([Expression::number(coefficient.clone())]));
            return Some((rest, argument.clone()));
        }
    }
    None
}

/// `exp(a)*exp(b)` is `exp(a + b)`, and so for any base.
fn powers_together(f: &Expression, _: &Control) -> Result<Expression, Error> {
    let Kind::Product(coefficient, factors) = f.kind() else {
        return Ok(match f.kind() {
            Kind::Sum(..) => {
                let parts = terms(f).into_iter().map(|term| powers_together(&term, &Control::default()));
                sum(parts.collect::<Result<Vec<_>, Error>>()?)
            }
            _ => f.clone(),
        });
    };
    let mut gathered: Vec<(Expression, Vec<Expression>)> = Vec::new();
    for factor in factors {
        let (base, exponent) = base_and_exponent(factor);
        match gathered.iter_mut().find(|(other, _)| *other == base) {
            Some((_, exponents)) => exponents.push(exponent),
            None => gathered.push((base, vec![exponent])),
        }
    }
    let together = gathered.into_iter().map(|(base, exponents)| {
        let exponent = sum(exponents);
        match base.kind() {
            Kind::Constant(Constant::E) => call(Function::Exp, &exponent),
            _ => power(&base, &exponent),
        }
    });
    Ok(product(together.chain([Expression::number(coefficient.clone())])))
}

/// `log(a) + log(b)` of what is known to be positive is `log(a*b)`.
fn logarithms_together(f: &Expression, _: &Control) -> Result<Expression, Error> {
    let Kind::Sum(..) = f.kind() else { return Ok(f.clone()) };
    let positive = |term: &Expression| match term.kind() {
        Kind::Call(Function::Log, argument) => argument.is_nonnegative(),
        _ => false,
    };
    let (logarithms, rest): (Vec<_>, Vec<_>) = terms(f).into_iter().partition(positive);
    let arguments = logarithms.iter().flat_map(Expression::children);
    Ok(sum(rest.into_iter().chain([call(Function::Log, &product(arguments))])))
}

/// Everything over one denominator, what both have in common cancelled.
fn over_one_line(f: &Expression, control: &Control) -> Result<Expression, Error> {
    let (above, below) = quotient(f);
    if below.is_integer(1) {
        return Ok(f.clone());
    }
    let (above, below) = (expand(&above, control)?, expand(&below, control)?);
    for x in below.free_symbols() {
        let (Some(p), Some(q)) = (coefficients(&above, &x, control)?, coefficients(&below, &x, control)?)
        else {
            continue;
        };
        if q.len() < 2 {
            continue;
        }
        if let (Some(p), Some(q)) = (exact(&p), exact(&q)) {
            let divisor = common_divisor(&p, &q);
            let numbers = |p: Vec<Number>| p.into_iter().map(Expression::number).collect::<Vec<_>>();
            let above = expression_of(&numbers(divided(&p, &divisor).0), &x);
            return Ok(&above / &expression_of(&numbers(divided(&q, &divisor).0), &x));
        }
        if let Some(quotient) = exact_quotient(&p, &q, control)? {
            return Ok(expression_of(&quotient, &x));
        }
    }
    Ok(&above / &below)
}

/// The quotient of polynomials with symbolic coefficients, where it leaves nothing.
fn exact_quotient(
    p: &[Expression],
    q: &[Expression],
    control: &Control,
) -> Result<Option<Vec<Expression>>, Error> {
    let mut rest = p.to_vec();
    let Some(leading) = q.last().filter(|leading| leading.is_number()) else { return Ok(None) };
    let mut quotient = vec![Expression::zero(); (rest.len() + 1).saturating_sub(q.len())];
    while rest.len() >= q.len() {
        control.go_on()?;
        let shift = rest.len() - q.len();
        let factor = expand(&(&rest[rest.len() - 1] / leading), control)?;
        for (i, c) in q.iter().enumerate() {
            rest[shift + i] = expand(&(&rest[shift + i] - &(c * &factor)), control)?;
        }
        quotient[shift] = factor;
        rest.pop();
    }
    Ok(rest.iter().all(|c| c.is_integer(0)).then_some(quotient))
}

/// Numerator and denominator.
fn quotient(f: &Expression) -> (Expression, Expression) {
    match f.kind() {
        Kind::Sum(..) => {
            let parts: Vec<(Expression, Expression)> = terms(f).iter().map(quotient).collect();
            let mut denominators: Vec<Expression> = Vec::new();
            for (_, below) in &parts {
                if !denominators.contains(below) {
                    denominators.push(below.clone());
                }
            }
            // Powers of one base: the highest is enough; the cancelling finds what is too much.
            let common = product(denominators.iter().cloned());
            let above = sum(parts.iter().map(|(above, below)| &(above * &common) / below));
            (above, common)
        }
        Kind::Product(coefficient, factors) => {
            let (top, bottom) = coefficient
                .parts()
                .map_or((Expression::number(coefficient.clone()), Expression::one()), |(top, bottom)| {
                    (Expression::number(top), Expression::number(bottom))
                });
            let parts: Vec<(Expression, Expression)> = factors.iter().map(quotient).collect();
            let above = product(parts.iter().map(|(above, _)| above.clone()).chain([top]));
            (above, product(parts.into_iter().map(|(_, below)| below).chain([bottom])))
        }
        Kind::Power(base, exponent) if exponent.as_number().is_some_and(|n| n.is_integer()) => {
            let (above, below) = quotient(base);
            let times = exponent.as_number().map_or(0, Number::sign);
            let size = &Expression::integer(times.into()) * exponent;
            let (above, below) = (power(&above, &size), power(&below, &size));
            if times < 0 { (below, above) } else { (above, below) }
        }
        _ => (f.clone(), Expression::one()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(f: &Expression) -> String {
        simplify(f, &Control::default()).unwrap().to_string()
    }

    #[test]
    fn squares_of_sine_and_cosine_add_to_one() {
        let (x, y) = (Expression::symbol("x"), Expression::symbol("y"));
        let (s, c) = (square_of(Function::Sin, &x), square_of(Function::Cos, &x));
        assert_eq!(text(&(&s + &c)), "1");
        assert_eq!(text(&(&(&s * &y) + &(&c * &y))), "y");
        assert_eq!(text(&(&Expression::one() - &s)), "cos(x)**2");
        assert_eq!(text(&(&Expression::one() - &c)), "sin(x)**2");
    }

    #[test]
    fn common_factors_cancel() {
        let (x, y) = (Expression::symbol("x"), Expression::symbol("y"));
        let two = Expression::integer(2);
        let one = Expression::one();
        assert_eq!(text(&(&(&power(&x, &two) - &one) / &(&x - &one))), "x + 1");
        assert_eq!(text(&(&(&power(&x, &two) - &power(&y, &two)) / &(&x - &y))), "x + y");
        assert_eq!(text(&(&(&x * &(&x + &one)) - &power(&x, &two))), "x");
    }

    #[test]
    fn exponentials_are_merged() {
        let (x, y) = (Expression::symbol("x"), Expression::symbol("y"));
        let f = &call(Function::Exp, &x) * &call(Function::Exp, &(&y - &x));
        assert_eq!(text(&f), "exp(y)");
    }
}
