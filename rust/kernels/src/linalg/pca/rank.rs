//! How many components there are: Minka's choice.

use crate::{Control, Error};
use std::f64::consts::{LN_2, PI};

/// The number of components under which the data are most probable, of `spectrum`, the variances
/// of all components, descending, of `samples` samples.
///
/// T. P. Minka, "Automatic choice of dimensionality for PCA", NIPS 13, 2000.
///
/// # Errors
///
/// [`Error::Stopped`] only.
pub fn minka(spectrum: &[f64], samples: f64, control: &Control) -> Result<usize, Error> {
    let p = spectrum.len();
    let largest = spectrum.first().copied().unwrap_or(0.0);
    if p < 2 || !(largest > 0.0) {
        return Ok(p.min(1));
    }
    // Evidence does not depend on the unit of length; what is lost in rounding has no logarithm.
    let spectrum: Vec<f64> = spectrum.iter().map(|x| x / largest).collect();
    let mut best = (f64::NEG_INFINITY, 1);
    for rank in 1..p {
        control.go_on()?;
        let evidence = log_evidence(&spectrum, rank, samples);
        if evidence > best.0 {
            best = (evidence, rank);
        }
    }
    Ok(best.1)
}

/// Laplace's approximation of the logarithm of the evidence for `rank` components, equation 30.
fn log_evidence(spectrum: &[f64], rank: usize, samples: f64) -> f64 {
    const LEAST: f64 = 1e-15;
    let p = spectrum.len();
    if spectrum[rank - 1] < LEAST {
        return f64::NEG_INFINITY;
    }
    let (dimension, order) = (p as f64, rank as f64);
    let of_frame: f64 =
        (0..rank).map(|i| ln_gamma_of_half(p - i) - PI.ln() * (p - i) as f64 / 2.0).sum::<f64>()
            - order * LN_2;
    let of_kept = -spectrum[..rank].iter().map(|x| x.ln()).sum::<f64>() * samples / 2.0;
    let noise = (spectrum[rank..].iter().sum::<f64>() / (dimension - order)).max(LEAST);
    let of_noise = -noise.ln() * samples * (dimension - order) / 2.0;
    let free = dimension * order - order * (order + 1.0) / 2.0;
    let of_volume = (2.0 * PI).ln() * (free + order) / 2.0;
    let mut of_curvature = 0.0;
    for i in 0..rank {
        for j in i + 1..p {
            let model = if j < rank { spectrum[j] } else { noise };
            let apart = (spectrum[i] - spectrum[j]).max(LEAST * spectrum[i]);
            let inverse = (1.0 / model - 1.0 / spectrum[i]).max(LEAST / spectrum[i]);
            of_curvature += (apart * inverse).ln() + samples.ln();
        }
    }
    of_frame + of_kept + of_noise + of_volume - of_curvature / 2.0 - order * samples.ln() / 2.0
}

/// The logarithm of the gamma function of `m / 2`, by its recurrence.
fn ln_gamma_of_half(m: usize) -> f64 {
    let (first, start) = if m.is_multiple_of(2) { (2, 0.0) } else { (1, PI.ln() / 2.0) };
    (first..m).step_by(2).map(|k| (k as f64 / 2.0).ln()).sum::<f64>() + start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gamma_of_halves_is_factorials_and_roots_of_pi() {
        for (m, expected) in [(1, PI.sqrt()), (2, 1.0), (3, PI.sqrt() / 2.0), (4, 1.0), (10, 24.0)] {
            assert!((ln_gamma_of_half(m).exp() - expected).abs() < 1e-12 * expected, "{m}");
        }
    }

    #[test]
    fn two_directions_above_the_noise_are_two_components_in_any_unit() {
        for unit in [1.0, 1e-30, 1e30] {
            let spectrum = [9.0, 4.0, 0.115, 0.105, 0.095, 0.085].map(|x| x * unit);
            assert_eq!(minka(&spectrum, 200.0, &Control::default()), Ok(2));
        }
        assert_eq!(minka(&[0.0, 0.0], 9.0, &Control::default()), Ok(1));
        assert_eq!(minka(&[], 9.0, &Control::default()), Ok(0));
    }
}
