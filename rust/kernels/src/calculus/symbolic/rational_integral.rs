//! Antiderivatives of quotients of polynomials with rational coefficients: partial fractions.

use super::expression::{Expression, Kind};
use super::integrate::{Found, Search, integrated_polynomial, log, scaled_over_terms, whole};
use super::number::Number;
use super::polynomial::{
    Exact, coefficients, common_divisor, derivative, divided, exact, expression_of, monic, multiplied,
    rational_roots,
};
use super::power::{power, sqrt};
use super::product::{product, scaled};
use super::sum::sum;
use super::{Function, call};

/// The antiderivative of `f`, where it is such a quotient and its denominator has factors that
/// are linear or quadratic.
pub(super) fn of(search: Search<'_>, f: &Expression) -> Found {
    let Some((above, below)) = quotient(search, f)? else { return Ok(None) };
    if below.len() < 2 {
        return Ok(None);
    }
    let (polynomial, rest) = divided(&above, &below);
    let Some(factors) = factored(&below) else { return Ok(None) };
    let Some(fractions) = partial_fractions(&rest, &below, &factors) else { return Ok(None) };
    let whole: Vec<Expression> = polynomial.into_iter().map(Expression::number).collect();
    let mut parts = vec![integrated_polynomial(&whole, search.x)];
    for fraction in fractions {
        match fraction.integrated(search.x) {
            Some(part) => parts.push(part),
            None => return Ok(None),
        }
    }
    Ok(Some(sum(parts)))
}

/// Numerator and denominator as polynomials.
fn quotient(search: Search<'_>, f: &Expression) -> Result<Option<(Exact, Exact)>, crate::Error> {
    if let Kind::Sum(constant, terms) = f.kind() {
        // Over the product of the denominators; only where one of them is a power of the variable.
        let mut total: (Exact, Exact) = (vec![constant.clone()], vec![Number::ONE]);
        for term in terms {
            let Some((above, below)) = quotient(search, term)? else { return Ok(None) };
            let divisor = common_divisor(&total.1, &below);
            let (left, right) = (divided(&below, &divisor).0, divided(&total.1, &divisor).0);
            total = (
                added(&multiplied(&total.0, &left), &multiplied(&above, &right)),
                multiplied(&total.1, &left),
            );
        }
        return Ok(Some(total));
    }
    let (coefficient, factors) = f.split_coefficient();
    let (mut above, mut below) = (vec![coefficient.clone()], vec![Number::ONE]);
    for factor in factors {
        let (base, exponent) = match factor.kind() {
            Kind::Power(base, exponent) => match whole(exponent).filter(|n| n.abs() <= 40) {
                Some(exponent) => (base, exponent),
                None => return Ok(None),
            },
            _ => (factor, 1),
        };
        let p = coefficients(base, search.x, search.control)?;
        let Some(p) = p.and_then(|p| exact(&p)) else { return Ok(None) };
        for _ in 0..exponent.abs() {
            if exponent > 0 {
                above = multiplied(&above, &p);
            } else {
                below = multiplied(&below, &p);
            }
        }
    }
    let divisor = common_divisor(&above, &below);
    Ok(Some((divided(&above, &divisor).0, divided(&below, &divisor).0)))
}

fn added(p: &Exact, q: &Exact) -> Exact {
    let at = |p: &Exact, i: usize| p.get(i).cloned().unwrap_or(Number::ZERO);
    let mut made: Exact = (0..p.len().max(q.len())).map(|i| at(p, i).plus(&at(q, i))).collect();
    while made.last().is_some_and(Number::is_zero) {
        made.pop();
    }
    made
}

/// Monic factors of degree one and two, with their multiplicities; `None` where others are left.
fn factored(p: &Exact) -> Option<Vec<(Exact, usize)>> {
    let mut found: Vec<(Exact, usize)> = Vec::new();
    let mut left = monic(p.clone());
    // Of each factor, one.
    let mut simple = divided(&left, &common_divisor(&left, &derivative(&left))).0;
    for root in rational_roots(&simple) {
        let factor = vec![root.negated(), Number::ONE];
        simple = divided(&simple, &factor).0;
        found.push((factor, 0));
    }
    match simple.len() {
        0 | 1 => {}
        3 => found.push((monic(simple), 0)),
        5 => found.extend(two_quadratics(&monic(simple))?.map(|factor| (factor, 0))),
        _ => return None,
    }
    for (factor, times) in &mut found {
        loop {
            let (quotient, rest) = divided(&left, factor);
            if !rest.is_empty() {
                break;
            }
            left = quotient;
            *times += 1;
        }
    }
    (left.len() == 1).then_some(found)
}

/// `x**4 + b*x**2 + c` as two quadratics with rational coefficients.
fn two_quadratics(p: &Exact) -> Option<[Exact; 2]> {
    let [c, zero, b, other, _] = &p[..] else { return None };
    if !zero.is_zero() || !other.is_zero() {
        return None;
    }
    let root = |n: &Number| match sqrt(&Expression::number(n.clone())).as_number() {
        Some(root) if root.is_rational() => Some(root.clone()),
        _ => None,
    };
    // In x**2, or as (x**2 + r)**2 - s**2 x**2.
    if let Some(r) = root(&b.times(b).plus(&c.times(&Number::integer(-4)))) {
        let half = |sign: i64| b.plus(&r.times(&Number::integer(sign))).times(&Number::HALF);
        return Some([1, -1].map(|sign| vec![half(sign), Number::ZERO, Number::ONE]));
    }
    let r = root(c)?;
    let s = root(&r.plus(&r).plus(&b.negated()))?;
    Some([vec![r.clone(), s.clone(), Number::ONE], vec![r, s.negated(), Number::ONE]])
}

/// `above / factor**power`, where `above` has a lower degree than `factor`.
struct Fraction {
    above: Exact,
    factor: Exact,
    power: usize,
}

/// The fractions whose sum is `above / below`, by solving for their numerators.
fn partial_fractions(above: &Exact, below: &Exact, factors: &[(Exact, usize)]) -> Option<Vec<Fraction>> {
    let n = below.len() - 1;
    let leading = below.last()?.inverse();
    let below = monic(below.clone());
    let mut fractions = Vec::new();
    let mut columns: Vec<Exact> = Vec::new();
    for (factor, times) in factors {
        let mut cofactor = below.clone();
        for power in 1..=*times {
            cofactor = divided(&cofactor, factor).0;
            for shift in 0..factor.len() - 1 {
                let mut column = vec![Number::ZERO; shift];
                column.extend(cofactor.iter().cloned());
                columns.push(column);
            }
            fractions.push(Fraction { above: Vec::new(), factor: factor.clone(), power });
        }
    }
    let right: Exact = (0..n).map(|i| above.get(i).map_or(Number::ZERO, |c| c.times(&leading))).collect();
    let mut solution = solved(n, &columns, right)?.into_iter();
    for fraction in &mut fractions {
        fraction.above = solution.by_ref().take(fraction.factor.len() - 1).collect();
    }
    Some(fractions)
}

/// The exact solution of a square system, its columns given.
fn solved(n: usize, columns: &[Exact], mut right: Exact) -> Option<Exact> {
    let entry = |column: &Exact, i: usize| column.get(i).cloned().unwrap_or(Number::ZERO);
    let mut rows: Vec<Exact> = (0..n).map(|i| columns.iter().map(|c| entry(c, i)).collect()).collect();
    for k in 0..n {
        let pivot = (k..n).find(|&i| !rows[i][k].is_zero())?;
        rows.swap(k, pivot);
        right.swap(k, pivot);
        let inverse = rows[k][k].inverse();
        for i in (0..n).filter(|&i| i != k) {
            let factor = rows[i][k].times(&inverse).negated();
            if factor.is_zero() {
                continue;
            }
            for j in k..n {
                let change = rows[k][j].times(&factor);
                rows[i][j] = rows[i][j].plus(&change);
            }
            right[i] = right[i].plus(&right[k].times(&factor));
        }
    }
    Some((0..n).map(|k| right[k].times(&rows[k][k].inverse())).collect())
}

impl Fraction {
    fn integrated(&self, x: &Expression) -> Option<Expression> {
        let expressions = |p: &Exact| p.iter().cloned().map(Expression::number).collect::<Vec<_>>();
        let base = expression_of(&expressions(&self.factor), x);
        if let [c] = &self.above[..] {
            let power_of = i64::try_from(self.power).ok()?;
            return Some(if power_of == 1 {
                scaled(c, &log(&base))
            } else {
                let exponent = Expression::integer(1 - power_of);
                scaled(&c.times(&Number::ratio(1, i128::from(1 - power_of))), &power(&base, &exponent))
            });
        }
        let ([q, p, _], [b, a], 1) = (&self.factor[..], &self.above[..], self.power) else { return None };
        // a*x + b = a/2 * (2x + p) + (b - a*p/2)
        let half_a = a.times(&Number::HALF);
        let rest = b.plus(&half_a.times(p).negated());
        let discriminant = p.times(p).plus(&q.times(&Number::integer(-4)));
        let root = sqrt(&Expression::number(discriminant.magnitude()));
        let slope = &scaled(&Number::integer(2), x) + &Expression::number(p.clone());
        let curve = if discriminant.sign() < 0 {
            product([
                Expression::number(rest.times(&Number::integer(2))),
                power(&root, &Expression::integer(-1)),
                call(
                    Function::Atan,
                    &super::expand::terms(&slope)
                        .iter()
                        .fold(Expression::zero(), |t, term| &t + &(term / &root)),
                ),
            ])
        } else {
            let shift = |sign: i64| {
                let other = scaled(&Number::ratio(i128::from(sign), 2), &root);
                sum([x.clone(), Expression::number(p.times(&Number::HALF)), other])
            };
            let difference = &log(&shift(-1)) - &log(&shift(1));
            scaled_over_terms(&scaled(&rest, &power(&root, &Expression::integer(-1))), &difference)
        };
        Some(&scaled(&half_a, &log(&base)) + &curve)
    }
}
