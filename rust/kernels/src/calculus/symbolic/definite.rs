//! Definite integrals: the antiderivative between its limits, where that is the integral.

use super::Function;
use super::compile::compile;
use super::expression::{Expression, Kind};
use super::integrate::antiderivative;
use super::limit::at_infinity;
use super::number::Number;
use super::power::power;
use crate::{Control, Error};

/// The integral of `f` over the symbol `x` from `from` to `to`.
///
/// Where the limits and the integrand are numbers the result is compared with a quadrature, so
/// that an antiderivative with a jump between the limits gives no wrong answer.
///
/// # Errors
///
/// [`Error::Unsupported`] where no closed form is known or the integral does not exist,
/// [`Error::Stopped`] if the caller gives up.
pub fn definite(
    f: &Expression,
    x: &Expression,
    from: &Expression,
    to: &Expression,
    control: &Control,
) -> Result<Expression, Error> {
    if from == to {
        return Ok(Expression::zero());
    }
    if let (Some(a), Some(b)) = (from.to_f64(), to.to_f64())
        && a > b
    {
        return Ok(-&definite(f, x, to, from, control)?);
    }
    let whole = antiderivative(f, x, control)?;
    let upper = at_limit(&whole, x, to, -1, control)?;
    let lower = at_limit(&whole, x, from, 1, control)?;
    let (Some(upper), Some(lower)) = (upper, lower) else {
        return Err(refused(f, "its antiderivative has no plain limit at the ends"));
    };
    let integral = &upper - &lower;
    if integral == Expression::number(Number::Undefined) {
        return Err(refused(f, "it does not exist"));
    }
    check(f, x, (from, to), &integral)?;
    Ok(integral)
}

fn refused(f: &Expression, why: &str) -> Error {
    Error::Unsupported { what: "integrate", got: format!("{f} between these limits: {why}") }
}

/// The value of the antiderivative at an end; from the right where `side` is 1, else the left.
fn at_limit(
    whole: &Expression,
    x: &Expression,
    end: &Expression,
    side: i64,
    control: &Control,
) -> Result<Option<Expression>, Error> {
    match end.as_number() {
        Some(Number::Infinity { negative: false }) => return at_infinity(whole, x, control),
        Some(Number::Infinity { negative: true }) => {
            let mirrored = whole.substitute(&[(x.clone(), -x)].into_iter().collect());
            return at_infinity(&mirrored, x, control);
        }
        _ => {}
    }
    let value = whole.substitute(&[(x.clone(), end.clone())].into_iter().collect());
    if is_plain(&value) {
        return Ok(Some(value));
    }
    // x = end + 1/t, and t to infinity; the logarithm of 1/t is minus that of t.
    let t = Expression::symbol_with(
        "\u{1D461}",
        super::Assumptions { positive: true, ..Default::default() }.closed(),
    );
    let near = end + &(&Expression::integer(side) * &power(&t, &Expression::integer(-1)));
    at_infinity(&whole.substitute(&[(x.clone(), near)].into_iter().collect()), &t, control)
}

/// Whether it holds no infinity.
fn is_plain(value: &Expression) -> bool {
    match value.kind() {
        Kind::Number(number) => number.is_finite(),
        Kind::Sum(number, _) | Kind::Product(number, _) if !number.is_finite() => false,
        Kind::Call(Function::Log, argument) if argument.is_integer(0) => false,
        _ => value.children().iter().all(is_plain),
    }
}

/// Refuses a closed form that a quadrature contradicts.
fn check(
    f: &Expression,
    x: &Expression,
    (from, to): (&Expression, &Expression),
    integral: &Expression,
) -> Result<(), Error> {
    let numeric = integral.is_number() && f.free_symbols().iter().all(|symbol| symbol == x);
    let (true, Some(a), Some(b)) = (numeric, from.to_f64(), to.to_f64()) else { return Ok(()) };
    let Ok(program) = compile(std::slice::from_ref(f), std::slice::from_ref(x)) else { return Ok(()) };
    let value = |at: f64| {
        let mut out = [0.0];
        program.evaluate(&[at], &mut out).map_or(f64::NAN, |()| out[0])
    };
    let found = integral.to_f64();
    let (estimate, again) = (quadrature(value, a, b, 0.02), quadrature(value, a, b, 0.01));
    let settled = (estimate - again).abs() <= 1e-4 * (1.0 + again.abs());
    match found {
        Some(found) if found.is_infinite() && !settled => Ok(()),
        Some(found) if settled && (found - again).abs() <= 1e-3 * (1.0 + again.abs()) => Ok(()),
        // Oscillating to infinity, a quadrature settles on nothing and says nothing.
        Some(found) if found.is_finite() && !settled && (a.is_infinite() || b.is_infinite()) => Ok(()),
        _ => Err(refused(f, "the antiderivative jumps between them, or the integral does not exist")),
    }
}

/// The double-exponential rule with this step.
///
/// H. Takahasi and M. Mori, "Double exponential formulas for numerical integration", 1974.
fn quadrature(f: impl Fn(f64) -> f64, a: f64, b: f64, step: f64) -> f64 {
    use std::f64::consts::FRAC_PI_2;
    let count = (4.0 / step) as i64;
    let mut total = 0.0;
    for k in -count..=count {
        let s = k as f64 * step;
        let (inner, slope) = (FRAC_PI_2 * s.sinh(), FRAC_PI_2 * s.cosh());
        let (x, weight) = match (a.is_finite(), b.is_finite()) {
            (true, true) => {
                let half = (b - a) / 2.0;
                let weight = half * slope / inner.cosh().powi(2);
                // Distances from the nearer end keep their digits.
                let gap = (b - a) / (1.0 + (2.0 * inner.abs()).exp());
                (if inner < 0.0 { a + gap } else { b - gap }, weight)
            }
            (true, false) => (a + inner.exp(), inner.exp() * slope),
            (false, true) => (b - inner.exp(), inner.exp() * slope),
            (false, false) => (inner.sinh(), inner.cosh() * slope),
        };
        let value = f(x) * weight;
        if value.is_finite() && x > a && x < b {
            total += value;
        }
    }
    total * step
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calculus::symbolic::call;

    fn integral(f: &Expression, from: i64, to: Option<i64>) -> Result<String, Error> {
        let infinity = Expression::number(Number::Infinity { negative: false });
        let to = to.map_or(infinity, Expression::integer);
        let found =
            definite(f, &Expression::symbol("x"), &Expression::integer(from), &to, &Control::default());
        found.map(|found| found.to_string())
    }

    #[test]
    fn integrals_of_powers_are_exact() {
        let x = Expression::symbol("x");
        assert_eq!(integral(&power(&x, &Expression::integer(2)), 0, Some(1)).unwrap(), "1/3");
        assert_eq!(integral(&power(&x, &Expression::ratio(-1, 2)), 0, Some(1)).unwrap(), "2");
        assert_eq!(integral(&power(&x, &Expression::integer(-2)), 1, None).unwrap(), "1");
        assert_eq!(integral(&call(Function::Log, &x), 0, Some(1)).unwrap(), "-1");
    }

    #[test]
    fn exponentials_decay_faster_than_powers_grow() {
        let x = Expression::symbol("x");
        let f = &power(&x, &Expression::integer(3)) * &call(Function::Exp, &-&x);
        assert_eq!(integral(&f, 0, None).unwrap(), "6");
    }

    #[test]
    fn poles_between_the_limits_are_refused() {
        let x = Expression::symbol("x");
        assert!(integral(&power(&x, &Expression::integer(-1)), -1, Some(1)).is_err());
        assert!(integral(&power(&x, &Expression::integer(-2)), -1, Some(1)).is_err());
    }
}
