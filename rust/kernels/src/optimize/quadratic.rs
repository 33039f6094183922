//! Small dense quadratic programs, strictly convex, by the dual active-set method.
//!
//! Goldfarb & Idnani (1983), A numerically stable dual method for solving strictly convex
//! quadratic programs, Mathematical Programming 27. It starts from the minimum without
//! constraints and adds violated ones, so it needs no feasible point, and tells where there is
//! none. The names are the paper's: J = L⁻ᵀ Q, R the triangle of the active constraints.

use crate::optimize::objective::{inner, largest};

/// minimise ½ dᵀ B d + gᵀ d, where aᵢᵀ d = bᵢ for the first rows and aᵢᵀ d ≥ bᵢ for the others.
#[derive(Clone, Copy, Debug)]
pub struct Program<'a> {
    /// B, n by n, positive definite.
    pub hessian: &'a [f64],
    /// g.
    pub gradient: &'a [f64],
    /// The aᵢ, one row each.
    pub rows: &'a [f64],
    /// The bᵢ.
    pub bounds: &'a [f64],
    /// How many of the rows are equalities.
    pub equalities: usize,
}

/// The answer of a quadratic program.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The minimum, and a multiplier for each row: B d + g = Σ uᵢ aᵢ.
    Minimum(Vec<f64>, Vec<f64>),
    /// No point meets all constraints.
    Infeasible,
    /// B is not positive definite, as far as its factorisation can see, or something is NaN.
    NotConvex,
}

/// A row is dependent on the active ones where so little of it is left beside them.
const DEPENDENT: f64 = 1e-11;
/// A constraint is violated where it misses its bound by more than this, relatively.
const VIOLATED: f64 = 1e-13;

/// Solves `program`.
pub fn solve(program: &Program<'_>) -> Answer {
    let n = program.gradient.len();
    let Some(lower) = cholesky(program.hessian, n) else { return Answer::NotConvex };
    let mut state = State::new(program, &lower);
    if !state.d.iter().all(|d| d.is_finite()) {
        return Answer::NotConvex;
    }
    // Each addition raises the dual objective, so a set of rows never comes twice; the limit
    // is for rounding.
    let limit = 50 * (n + program.bounds.len()) + 100;
    for row in 0..program.equalities {
        if !state.meet_equality(row) {
            return Answer::Infeasible;
        }
    }
    for _ in 0..limit {
        let Some(row) = state.most_violated() else { break };
        if !state.meet_inequality(row) {
            return Answer::Infeasible;
        }
    }
    let mut multipliers = vec![0.0; program.bounds.len()];
    state.active.iter().zip(&state.u).for_each(|(&row, &u)| multipliers[row] = u);
    Answer::Minimum(state.d, multipliers)
}

/// The lower triangle L with L Lᵀ = `a`; `None` where `a` is not positive definite.
pub fn cholesky(a: &[f64], n: usize) -> Option<Vec<f64>> {
    let mut l = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let rest = a[i * n + j] - inner(&l[i * n..i * n + j], &l[j * n..j * n + j]);
            if i != j {
                l[i * n + j] = rest / l[j * n + j];
            } else if rest > f64::EPSILON * a[i * n + i].abs() {
                l[i * n + i] = rest.sqrt();
            } else {
                return None;
            }
        }
    }
    Some(l)
}

struct State<'a> {
    program: &'a Program<'a>,
    n: usize,
    /// The point.
    d: Vec<f64>,
    /// Its largest component so far, on which its rounding depends.
    farthest: f64,
    /// J, n by n, kept by columns: column k is `j[k * n..]`.
    j: Vec<f64>,
    /// R, upper triangular, kept by columns as long as n.
    r: Vec<f64>,
    /// The active rows, in the order of R's columns, with their multipliers.
    active: Vec<usize>,
    u: Vec<f64>,
}

/// The step that a row asks for.
struct Step {
    /// Jᵀ a.
    image: Vec<f64>,
    /// The direction in the space of d.
    z: Vec<f64>,
    /// How the multipliers of the active rows fall.
    fall: Vec<f64>,
    /// aᵀ z; zero where the row depends on the active ones.
    along: f64,
}

impl<'a> State<'a> {
    fn new(program: &'a Program<'a>, lower: &[f64]) -> Self {
        let n = program.gradient.len();
        // L⁻ᵀ by columns: column k is row k of L⁻¹.
        let mut j = vec![0.0; n * n];
        for k in 0..n {
            for i in 0..=k {
                let unit = if i == k { 1.0 } else { 0.0 };
                let rest: f64 = unit - (i..k).map(|m| lower[k * n + m] * j[m * n + i]).sum::<f64>();
                j[k * n + i] = rest / lower[k * n + k];
            }
        }
        // d = −J Jᵀ g.
        let mut d = vec![0.0; n];
        for column in j.chunks_exact(n.max(1)) {
            let share = inner(column, program.gradient);
            d.iter_mut().zip(column).for_each(|(d, c)| *d -= share * c);
        }
        Self {
            program,
            n,
            farthest: largest(&d),
            d,
            j,
            r: vec![0.0; n * n],
            active: Vec::new(),
            u: Vec::new(),
        }
    }

    fn row(&self, row: usize) -> &'a [f64] {
        &self.program.rows[row * self.n..(row + 1) * self.n]
    }

    /// By how much row `row` misses its bound; negative where it is violated.
    fn slack(&self, row: usize) -> f64 {
        let (a, bound) = (self.row(row), self.program.bounds[row]);
        let size = bound.abs() + largest(a) * self.farthest;
        let slack = inner(a, &self.d) - bound;
        if slack.abs() <= VIOLATED * size { 0.0 } else { slack }
    }

    /// The inequality that is violated most, for the size of its row.
    fn most_violated(&self) -> Option<usize> {
        let mut worst = (0.0, None);
        for row in self.program.equalities..self.program.bounds.len() {
            let slack = self.slack(row);
            if slack < 0.0 && !self.active.contains(&row) {
                let a = self.row(row);
                let distance = slack / inner(a, a).sqrt().max(f64::MIN_POSITIVE);
                if distance < worst.0 {
                    worst = (distance, Some(row));
                }
            }
        }
        worst.1
    }

    fn towards(&self, row: usize) -> Step {
        let (n, q) = (self.n, self.active.len());
        let a = self.row(row);
        let image: Vec<f64> = self.j.chunks_exact(n.max(1)).map(|column| inner(column, a)).collect();
        let free = inner(&image[q..], &image[q..]);
        let along = if free > DEPENDENT * DEPENDENT * inner(&image, &image) { free } else { 0.0 };
        let mut z = vec![0.0; n];
        for (share, column) in image[q..].iter().zip(self.j[q * n..].chunks_exact(n.max(1))) {
            z.iter_mut().zip(column).for_each(|(z, c)| *z += share * c);
        }
        let mut fall = image[..q].to_vec();
        for k in (0..q).rev() {
            fall[k] /= self.r[k * n + k];
            let (head, last) = fall.split_at_mut(k);
            head.iter_mut().zip(&self.r[k * n..]).for_each(|(f, r)| *f -= r * last[0]);
        }
        Step { image, z, fall, along }
    }

    fn go(&mut self, step: &Step, length: f64) {
        if step.along > 0.0 {
            self.d.iter_mut().zip(&step.z).for_each(|(d, z)| *d += length * z);
            self.farthest = self.farthest.max(largest(&self.d));
        }
        self.u.iter_mut().zip(&step.fall).for_each(|(u, f)| *u -= length * f);
    }

    /// Makes an equality true; false where the ones before contradict it.
    fn meet_equality(&mut self, row: usize) -> bool {
        let step = self.towards(row);
        let slack = self.slack(row);
        if step.along == 0.0 {
            // Dependent: redundant, or contradicted. Errors of the others are in its slack.
            return slack.abs() <= 1e3 * DEPENDENT * (self.program.bounds[row].abs() + 1.0);
        }
        let length = -slack / step.along;
        self.go(&step, length);
        self.add(row, length, step.image);
        true
    }

    /// Makes an inequality true, dropping others that it makes inactive; false where none of
    /// them can give way.
    fn meet_inequality(&mut self, row: usize) -> bool {
        let mut multiplier = 0.0;
        loop {
            let step = self.towards(row);
            let blocking = self.first_to_vanish(&step.fall);
            let partial = blocking.map_or(f64::INFINITY, |k| self.u[k] / step.fall[k]);
            let full = if step.along > 0.0 { -self.slack(row).min(0.0) / step.along } else { f64::INFINITY };
            let length = partial.min(full);
            if length.is_infinite() || length.is_nan() {
                return false;
            }
            self.go(&step, length);
            multiplier += length;
            match blocking {
                Some(k) if partial < full => self.drop(k),
                _ => {
                    self.add(row, multiplier, step.image);
                    return true;
                }
            }
        }
    }

    /// Which active inequality's multiplier falls to zero first.
    fn first_to_vanish(&self, fall: &[f64]) -> Option<usize> {
        let mut first = (f64::INFINITY, None);
        for (k, &row) in self.active.iter().enumerate() {
            if row >= self.program.equalities && fall[k] > 0.0 && self.u[k] / fall[k] < first.0 {
                first = (self.u[k] / fall[k], Some(k));
            }
        }
        first.1
    }

    /// Adds a row to the active ones: `image` is turned into a column of R.
    fn add(&mut self, row: usize, multiplier: f64, mut image: Vec<f64>) {
        let (n, q) = (self.n, self.active.len());
        for k in (q + 1..n).rev() {
            let (c, s, length) = rotation(image[k - 1], image[k]);
            (image[k - 1], image[k]) = (length, 0.0);
            self.rotate(k, c, s);
        }
        self.r[q * n..q * n + q + 1].copy_from_slice(&image[..=q]);
        self.active.push(row);
        self.u.push(multiplier);
    }

    /// Drops the k-th active row: R loses a column and is made triangular again.
    fn drop(&mut self, k: usize) {
        let n = self.n;
        self.active.remove(k);
        self.u.remove(k);
        let q = self.active.len();
        self.r.copy_within((k + 1) * n..(q + 1) * n, k * n);
        for i in k..q {
            let (c, s, _) = rotation(self.r[i * n + i], self.r[i * n + i + 1]);
            for column in self.r[i * n..q * n].chunks_exact_mut(n) {
                let (a, b) = (column[i], column[i + 1]);
                (column[i], column[i + 1]) = (c * a + s * b, c * b - s * a);
            }
            self.rotate(i + 1, c, s);
        }
    }

    /// Rotates columns k − 1 and k of J.
    fn rotate(&mut self, k: usize, c: f64, s: f64) {
        let (head, tail) = self.j.split_at_mut(k * self.n);
        for (a, b) in head[(k - 1) * self.n..].iter_mut().zip(tail) {
            (*a, *b) = (c * *a + s * *b, c * *b - s * *a);
        }
    }
}

/// The rotation that turns (a, b) into (length, 0).
fn rotation(a: f64, b: f64) -> (f64, f64, f64) {
    let length = a.hypot(b);
    if length == 0.0 { (1.0, 0.0, 0.0) } else { (a / length, b / length, length) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program<'a>(
        hessian: &'a [f64],
        gradient: &'a [f64],
        rows: &'a [f64],
        bounds: &'a [f64],
    ) -> Program<'a> {
        Program { hessian, gradient, rows, bounds, equalities: 0 }
    }

    const IDENTITY: [f64; 4] = [1.0, 0.0, 0.0, 1.0];

    #[test]
    fn an_equality_has_a_multiplier_of_either_sign() {
        for (bound, multiplier) in [(1.0, 0.5), (-1.0, -0.5)] {
            let rows = [1.0, 1.0];
            let bounds = [bound];
            let program = Program { equalities: 1, ..program(&IDENTITY, &[0.0, 0.0], &rows, &bounds) };
            assert_eq!(solve(&program), Answer::Minimum(vec![bound / 2.0; 2], vec![multiplier]));
        }
    }

    #[test]
    fn redundant_rows_are_passed_over_and_contradictions_found() {
        let rows = [1.0, 1.0, 2.0, 2.0];
        let meets = Program { equalities: 2, ..program(&IDENTITY, &[0.0, 0.0], &rows, &[1.0, 2.0]) };
        assert_eq!(solve(&meets), Answer::Minimum(vec![0.5, 0.5], vec![0.5, 0.0]));
        let contradicts = Program { bounds: &[1.0, 3.0], ..meets };
        assert_eq!(solve(&contradicts), Answer::Infeasible);
        let rows = [1.0, 0.0, -1.0, 0.0];
        assert_eq!(solve(&program(&IDENTITY, &[0.0, 0.0], &rows, &[1.0, 0.0])), Answer::Infeasible);
    }

    #[test]
    fn what_is_not_convex_is_refused() {
        assert_eq!(solve(&program(&[1.0, 2.0, 2.0, 1.0], &[0.0; 2], &[], &[])), Answer::NotConvex);
        assert_eq!(solve(&program(&IDENTITY, &[f64::NAN, 0.0], &[], &[])), Answer::NotConvex);
    }

    /// A pseudo-random number between −1 and 1.
    fn random(seed: &mut u64) -> f64 {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }

    #[test]
    fn answers_meet_the_conditions_of_karush_kuhn_and_tucker() {
        let mut seed = 7;
        for round in 0..2000 {
            let n = 1 + round % 6;
            let (m, equalities) = (round % 11, (round % 3).min(n).min(round % 11));
            let roots: Vec<f64> = (0..n * n).map(|_| random(&mut seed)).collect();
            let mut hessian = vec![0.0; n * n];
            for (i, j) in (0..n * n).map(|k| (k / n, k % n)) {
                hessian[i * n + j] = inner(&roots[i * n..(i + 1) * n], &roots[j * n..(j + 1) * n]);
                hessian[i * n + j] += if i == j { 0.1 } else { 0.0 };
            }
            let gradient: Vec<f64> = (0..n).map(|_| random(&mut seed)).collect();
            let rows: Vec<f64> = (0..n * m).map(|_| random(&mut seed)).collect();
            // Feasible by construction.
            let inside: Vec<f64> = (0..n).map(|_| random(&mut seed)).collect();
            let bounds: Vec<f64> = (0..m)
                .map(|i| {
                    let room = if i < equalities { 0.0 } else { random(&mut seed).max(0.0) };
                    inner(&rows[i * n..(i + 1) * n], &inside) - room
                })
                .collect();
            let program =
                Program { hessian: &hessian, gradient: &gradient, rows: &rows, bounds: &bounds, equalities };
            let Answer::Minimum(d, u) = solve(&program) else { panic!("round {round}") };
            for j in 0..n {
                let pull: f64 = (0..m).map(|i| u[i] * rows[i * n + j]).sum();
                let slope = inner(&hessian[j * n..(j + 1) * n], &d) + gradient[j];
                assert!((slope - pull).abs() < 1e-8, "round {round}");
            }
            for i in 0..m {
                let slack = inner(&rows[i * n..(i + 1) * n], &d) - bounds[i];
                assert!(
                    (if i < equalities { -slack.abs() } else { slack }) > -1e-9,
                    "round {round}: {slack}"
                );
                assert!(i < equalities || (u[i] >= 0.0 && (u[i] * slack).abs() < 1e-8), "round {round}");
            }
        }
    }
}
