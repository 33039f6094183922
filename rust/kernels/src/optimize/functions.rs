//! Functions to try optimisers on: Rosenbrock's, with its derivatives.

use crate::Error;

/// Rosenbrock's banana: Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)².
pub fn rosen(x: &[f64]) -> f64 {
    x.windows(2).map(|x| 100.0 * (x[1] - x[0] * x[0]).powi(2) + (1.0 - x[0]).powi(2)).sum()
}

/// Its gradient.
pub fn rosen_der(x: &[f64], gradient: &mut [f64]) {
    gradient.fill(0.0);
    for (i, x) in x.windows(2).enumerate() {
        let off = x[1] - x[0] * x[0];
        gradient[i] += -400.0 * off * x[0] - 2.0 * (1.0 - x[0]);
        gradient[i + 1] = 200.0 * off;
    }
}

/// Its Hessian, n by n.
pub fn rosen_hess(x: &[f64], hessian: &mut [f64]) {
    let n = x.len();
    hessian.fill(0.0);
    for (i, x) in x.windows(2).enumerate() {
        hessian[i * n + i] += 1200.0 * x[0] * x[0] - 400.0 * x[1] + 2.0;
        hessian[i * n + i + 1] = -400.0 * x[0];
        hessian[(i + 1) * n + i] = -400.0 * x[0];
        hessian[(i + 1) * n + i + 1] = 200.0;
    }
}

/// The product of its Hessian with `p`.
///
/// # Errors
///
/// [`Error::Shape`] unless `p` is as long as `x`.
pub fn rosen_hess_prod(x: &[f64], p: &[f64], product: &mut [f64]) -> Result<(), Error> {
    if p.len() != x.len() {
        let expected = format!("{} elements, as many as `x` has", x.len());
        return Err(Error::Shape { argument: "p", expected, got: vec![p.len()] });
    }
    product.fill(0.0);
    for (i, x) in x.windows(2).enumerate() {
        let across = -400.0 * x[0];
        product[i] += (1200.0 * x[0] * x[0] - 400.0 * x[1] + 2.0) * p[i] + across * p[i + 1];
        product[i + 1] = across * p[i] + 200.0 * p[i + 1];
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minimum_is_at_ones() {
        let mut gradient = [1.0; 4];
        rosen_der(&[1.0; 4], &mut gradient);
        assert_eq!((rosen(&[1.0; 4]), gradient), (0.0, [0.0; 4]));
        assert_eq!(rosen(&[3.0]), 0.0);
    }

    #[test]
    fn derivatives_are_those_of_the_value() {
        let (x, n, h) = ([0.3, -1.2, 0.8, 1.9], 4, 1e-5);
        let (mut gradient, mut hessian) = ([0.0; 4], [0.0; 16]);
        rosen_der(&x, &mut gradient);
        rosen_hess(&x, &mut hessian);
        for j in 0..n {
            let (mut above, mut below) = (x, x);
            above[j] += h;
            below[j] -= h;
            assert!((gradient[j] - (rosen(&above) - rosen(&below)) / (2.0 * h)).abs() < 1e-6);
            let (mut one, mut two, mut product) = ([0.0; 4], [0.0; 4], [0.0; 4]);
            rosen_der(&above, &mut one);
            rosen_der(&below, &mut two);
            let mut unit = [0.0; 4];
            unit[j] = 1.0;
            rosen_hess_prod(&x, &unit, &mut product).unwrap();
            for i in 0..n {
                assert!((hessian[i * n + j] - (one[i] - two[i]) / (2.0 * h)).abs() < 1e-6);
                assert_eq!(hessian[i * n + j], product[i]);
            }
        }
    }
}
