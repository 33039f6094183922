//! BFGS: an estimate of the inverse Hessian, learnt from the changes of the gradient.
//!
//! Broyden, Fletcher, Goldfarb and Shanno (all 1970), in the form of Nocedal & Wright, Numerical
//! Optimization, 2nd ed., section 6.1.

use crate::optimize::minimize::{Direction, Point};
use crate::optimize::objective::inner;

/// The estimate, a symmetric positive definite matrix; empty before the first step.
#[derive(Clone, Debug, Default)]
pub struct Bfgs {
    inverse: Vec<f64>,
    moved: Vec<f64>,
    bent: Vec<f64>,
    image: Vec<f64>,
}

impl Bfgs {
    /// Nothing learnt yet.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Direction for Bfgs {
    fn direction(&mut self, here: &Point, away: &mut [f64]) {
        let gradient = &here.gradient;
        if self.inverse.is_empty() {
            // Nothing is known of the scale: the first trial goes a distance of at most one.
            let size = inner(gradient, gradient).sqrt().max(1.0);
            away.iter_mut().zip(gradient).for_each(|(away, slope)| *away = -slope / size);
            return;
        }
        for (away, row) in away.iter_mut().zip(self.inverse.chunks_exact(gradient.len())) {
            *away = -inner(row, gradient);
        }
    }

    /// H ← (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ, with ρ = 1 / yᵀs: equation 6.17.
    fn learn(&mut self, before: &Point, here: &Point) {
        let n = here.x.len();
        difference(&here.x, &before.x, &mut self.moved);
        difference(&here.gradient, &before.gradient, &mut self.bent);
        let (s, y) = (&self.moved, &self.bent);
        let curvature = inner(s, y);
        let bend = inner(y, y);
        // Without positive curvature the matrix would not stay positive definite.
        if !(curvature > f64::EPSILON * (inner(s, s) * bend).sqrt()) {
            return;
        }
        if self.inverse.is_empty() {
            self.inverse.resize(n * n, 0.0);
            (0..n).for_each(|i| self.inverse[i * n + i] = curvature / bend);
        }
        self.image.clear();
        self.image.extend(self.inverse.chunks_exact(n).map(|row| inner(row, y)));
        let hy = &self.image;
        let own = (1.0 + inner(y, hy) / curvature) / curvature;
        for (i, row) in self.inverse.chunks_exact_mut(n).enumerate() {
            let (along_s, along_hy) = (own * s[i] - hy[i] / curvature, s[i] / curvature);
            for (j, entry) in row.iter_mut().enumerate() {
                *entry += along_s * s[j] - along_hy * hy[j];
            }
        }
    }

    fn restart(&mut self) -> bool {
        let learnt = !self.inverse.is_empty();
        self.inverse.clear();
        learnt
    }

    fn inverse_hessian(&self) -> Option<&[f64]> {
        (!self.inverse.is_empty()).then_some(&self.inverse)
    }
}

fn difference(x: &[f64], y: &[f64], out: &mut Vec<f64>) {
    out.clear();
    out.extend(x.iter().zip(y).map(|(x, y)| x - y));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quadratic(x: &[f64]) -> Point {
        // ½ xᵀ A x with A = [[3, 1], [1, 2]].
        let gradient = vec![3.0 * x[0] + x[1], x[0] + 2.0 * x[1]];
        Point { value: inner(x, &gradient) / 2.0, x: x.to_vec(), gradient }
    }

    #[test]
    fn the_estimate_maps_the_last_change_of_the_gradient_to_the_last_step() {
        let mut bfgs = Bfgs::default();
        let points = [[0.0, 1.0], [0.5, 0.3], [0.1, -0.2], [0.3, 0.4]].map(|x| quadratic(&x));
        for pair in points.windows(2) {
            bfgs.learn(&pair[0], &pair[1]);
            let rows = bfgs.inverse_hessian().unwrap();
            for i in 0..2 {
                let step = pair[1].x[i] - pair[0].x[i];
                assert!((inner(&rows[2 * i..2 * i + 2], &bfgs.bent) - step).abs() < 1e-14);
            }
            assert!((rows[1] - rows[2]).abs() < 1e-15);
            assert!(rows[0] > 0.0 && rows[0] * rows[3] > rows[1] * rows[2]);
        }
    }

    #[test]
    fn negative_curvature_teaches_nothing() {
        let mut bfgs = Bfgs::default();
        let at = |x: f64| Point { x: vec![x], value: -x * x, gradient: vec![-2.0 * x] };
        bfgs.learn(&at(1.0), &at(2.0));
        assert!(bfgs.inverse_hessian().is_none() && !bfgs.restart());
    }
}
