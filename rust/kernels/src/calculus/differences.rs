//! Derivatives of what cannot be traced: differences of its values, extrapolated to step zero.
//!
//! Central differences err by a series in the square of the step, so those of several steps
//! extrapolate to step zero, and how far the last two extrapolations lie apart tells the error.
//!
//! C. J. F. Ridders, "Accurate computation of F'(x) and F'(x) F''(x)", Advances in Engineering
//! Software 4, 1982; L. F. Richardson, "The deferred approach to the limit", 1927.

/// A derivative, and how far off it may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The derivative; NaN where there is none to be found.
    pub value: f64,
    /// An estimate of its error; where the sides disagree, half of what they differ by.
    pub error: f64,
}

impl Difference {
    const NONE: Self = Self { value: f64::NAN, error: f64::INFINITY };
}

/// Steps that are tried, each half of the one before.
const STEPS: usize = 20;

/// The derivative of `f` at `x`. `epsilon` is the relative precision of the values of `f`.
///
/// # Errors
///
/// What `f` returns.
pub fn derivative<E>(
    mut f: impl FnMut(f64) -> Result<f64, E>,
    x: f64,
    epsilon: f64,
) -> Result<Difference, E> {
    let middle = f(x)?;
    let step = first_step(x, epsilon);
    // How far the two sides disagree at the step that the answer comes from, and at the first.
    let mut gaps: Vec<f64> = Vec::new();
    let central = extrapolate(step, 2, |h| {
        let (above, below) = (x + h, x - h);
        let (right, left) = (f(above)?, f(below)?);
        gaps.push(((right - middle) / (above - x) - (middle - left) / (x - below)).abs());
        Ok((right - left) / (above - below))
    })?;
    if central.value.is_finite() {
        return Ok(with_kink(central, &gaps));
    }
    // At the edge of the domain only one side has values.
    for side in [1.0, -1.0] {
        let one_sided = extrapolate(step, 1, |h| {
            let moved = x + side * h;
            Ok((f(moved)? - middle) / (moved - x))
        })?;
        if one_sided.value.is_finite() {
            return Ok(one_sided);
        }
    }
    Ok(Difference::NONE)
}

/// The derivatives of `f` by each coordinate of `x`.
///
/// # Errors
///
/// What `f` returns.
pub fn gradient<E>(
    mut f: impl FnMut(&[f64]) -> Result<f64, E>,
    x: &[f64],
    epsilon: f64,
) -> Result<Vec<Difference>, E> {
    let mut point = x.to_vec();
    let mut slopes = Vec::with_capacity(x.len());
    for i in 0..x.len() {
        slopes.push(derivative(
            |moved| {
                point[i] = moved;
                f(&point)
            },
            x[i],
            epsilon,
        )?);
        point[i] = x[i];
    }
    Ok(slopes)
}

/// The second derivatives of `f`, row after row; symmetric, as each pair is computed once.
///
/// # Errors
///
/// What `f` returns.
pub fn hessian<E>(
    mut f: impl FnMut(&[f64]) -> Result<f64, E>,
    x: &[f64],
    epsilon: f64,
) -> Result<Vec<Difference>, E> {
    let n = x.len();
    let middle = f(x)?;
    let mut point = x.to_vec();
    let mut entries = vec![Difference::NONE; n * n];
    for i in 0..n {
        for j in 0..=i {
            let (a, b) = (first_step(x[i], epsilon), first_step(x[j], epsilon));
            let mut at = |s: f64, t: f64| {
                point.copy_from_slice(x);
                point[i] += s * a;
                point[j] += t * b;
                f(&point)
            };
            // Steps in units of the first: 8 times larger, for second differences lose twice as
            // many digits.
            let entry = extrapolate(8.0, 2, |h| {
                let difference = if i == j {
                    at(h, 0.0)? - 2.0 * middle + at(-h, 0.0)?
                } else {
                    (at(h, h)? - at(h, -h)? - at(-h, h)? + at(-h, -h)?) / 4.0
                };
                Ok(difference / (h * h * a * b))
            })?;
            entries[i * n + j] = entry;
            entries[j * n + i] = entry;
        }
    }
    Ok(entries)
}

/// Large enough for rounding not to matter: extrapolation takes care of the rest.
fn first_step(x: f64, epsilon: f64) -> f64 {
    // A power of two, so that x + h and x - h are exact more often.
    let scale = if x.is_finite() { x.abs().max(1.0) } else { 1.0 };
    (scale * epsilon.powf(0.125)).log2().round().exp2()
}

/// The limit of `estimate` as its step goes to zero, where its error is a series in the powers
/// `order`, `2 order`, … of the step.
fn extrapolate<E>(
    first: f64,
    order: i32,
    mut estimate: impl FnMut(f64) -> Result<f64, E>,
) -> Result<Difference, E> {
    let mut best = Difference::NONE;
    let mut row: Vec<f64> = Vec::new();
    let mut step = first;
    for _ in 0..STEPS {
        let raw = estimate(step)?;
        step /= 2.0;
        if !raw.is_finite() {
            // Outside of the domain: begin anew with smaller steps.
            row.clear();
            continue;
        }
        let mut next = vec![raw];
        let before = best.error;
        for (k, &coarse) in row.iter().enumerate() {
            let factor = 2.0_f64.powi(order * (k as i32 + 1));
            let finer = next[k] + (next[k] - coarse) / (factor - 1.0);
            next.push(finer);
            let error = (finer - next[k]).abs().max((finer - coarse).abs());
            if error <= best.error {
                best = Difference { value: finer, error };
            }
        }
        // Nothing got better, and the newest diagonal is worse by far: rounding has taken over.
        let diverges = best.error == before
            && matches!((next.last(), row.last()),
                (Some(new), Some(old)) if row.len() > 2 && (new - old).abs() > 4.0 * best.error);
        row = next;
        if diverges || best.error == 0.0 && row.len() > 3 {
            break;
        }
    }
    Ok(best)
}

/// Where the slopes of the two sides do not approach each other as the step shrinks, there is a
/// kink, and no derivative: the error says so.
fn with_kink(central: Difference, gaps: &[f64]) -> Difference {
    let finite: Vec<f64> = gaps.iter().copied().filter(|gap| gap.is_finite()).collect();
    match (finite.first(), finite.last()) {
        (Some(&first), Some(&last)) if finite.len() > 2 && last > 0.75 * first && last > 1e-3 => {
            Difference { value: central.value, error: central.error.max(last / 2.0) }
        }
        _ => central,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    fn slope(f: impl Fn(f64) -> f64, x: f64) -> Difference {
        derivative(|x| Ok::<_, Infallible>(f(x)), x, f64::EPSILON).unwrap()
    }

    #[test]
    fn smooth_functions_are_differentiated_to_many_digits_and_the_error_is_not_understated() {
        let cases: [(&str, fn(f64) -> f64, fn(f64) -> f64); 4] = [
            ("exp", f64::exp, f64::exp),
            ("sin", f64::sin, f64::cos),
            ("log", f64::ln, |x| 1.0 / x),
            ("cube", |x| x * x * x, |x| 3.0 * x * x),
        ];
        for (name, f, exact) in cases {
            for x in [1e-3, 0.3, 1.0, 7.5] {
                let Difference { value, error } = slope(f, x);
                let off = (value - exact(x)).abs();
                assert!(off < 1e-9 * exact(x).abs().max(1.0), "{name} at {x}: off by {off}");
                assert!(
                    off <= 100.0 * error + 1e-12 * exact(x).abs().max(1.0),
                    "{name} at {x}: {off} > {error}"
                );
            }
        }
    }

    #[test]
    fn at_the_edge_of_a_domain_one_side_answers() {
        let found = slope(|x| x.powf(3.0) * if x < 0.0 { f64::NAN } else { 1.0 } + 2.0 * x, 0.0);
        assert!((found.value - 2.0).abs() < 1e-8, "{found:?}");
        assert!(slope(|_| f64::NAN, 1.0).value.is_nan());
    }

    #[test]
    fn a_kink_shows_in_the_error() {
        let found = slope(f64::abs, 0.0);
        assert!(found.error >= 0.9, "{found:?}");
    }

    #[test]
    fn gradients_and_hessians_are_those_of_the_formula() {
        let f = |x: &[f64]| Ok::<_, Infallible>(x[0].powi(2) * x[1] + x[1].exp());
        let x = [1.5, -0.5];
        let found = gradient(f, &x, f64::EPSILON).unwrap();
        for (found, exact) in found.iter().zip([2.0 * x[0] * x[1], x[0] * x[0] + x[1].exp()]) {
            assert!((found.value - exact).abs() < 1e-9, "{found:?}");
        }
        let found = hessian(f, &x, f64::EPSILON).unwrap();
        for (found, exact) in found.iter().zip([2.0 * x[1], 2.0 * x[0], 2.0 * x[0], x[1].exp()]) {
            assert!((found.value - exact).abs() < 1e-6, "{found:?}, {exact}");
        }
    }
}
