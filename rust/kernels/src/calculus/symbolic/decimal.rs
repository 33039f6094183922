//! Floats in decimal, as SymPy prints them.

/// The decimal digits that a 64-bit float is printed with, as SymPy's `Float`.
pub const DIGITS: u8 = 15;

/// A float with so many significant digits, as SymPy prints it: `0.5` alone is
/// `0.500000000000000`, and `strip` leaves out the zeros at its end.
pub fn decimal(value: f64, digits: u8, strip: bool) -> String {
    if value == 0.0 {
        return "0".into();
    }
    let places = usize::from(digits.max(1)) - 1;
    let text = format!("{:.*e}", places, value.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let figures: String = mantissa.chars().filter(|c| *c != '.').collect();
    let fixed = exponent > (-(i32::from(digits) / 3)).min(-5) && exponent < i32::from(digits);
    let (whole, fraction) = match exponent {
        e if fixed && e < 0 => ("0".into(), "0".repeat(e.unsigned_abs() as usize - 1) + &figures),
        e if fixed => {
            let cut = figures.len().min(e as usize + 1);
            (figures[..cut].to_string(), figures[cut..].to_string())
        }
        _ => (figures[..1].to_string(), figures[1..].to_string()),
    };
    let fraction = if strip { fraction.trim_end_matches('0').to_string() } else { fraction };
    let fraction = if strip && fraction.is_empty() { "0".into() } else { fraction };
    let sign = if value < 0.0 { "-" } else { "" };
    let direction = if exponent < 0 { '-' } else { '+' };
    let tail = if fixed { String::new() } else { format!("e{direction}{}", exponent.abs()) };
    format!("{sign}{whole}.{fraction}{tail}")
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn floats_print_as_sympys() {
        for (value, alone, inside, short) in [
            (0.5, "0.500000000000000", "0.5", "0.50000"),
            (100.0, "100.000000000000", "100.0", "100.00"),
            (123_456_789.0, "123456789.000000", "123456789.0", "1.2346e+8"),
            (1e14, "100000000000000.", "100000000000000.0", "1.0000e+14"),
            (1e15, "1.00000000000000e+15", "1.0e+15", "1.0000e+15"),
            (1e-4, "0.000100000000000000", "0.0001", "0.00010000"),
            (-1.5e-7, "-1.50000000000000e-7", "-1.5e-7", "-1.5000e-7"),
        ] {
            assert_eq!(decimal(value, 15, false), alone);
            assert_eq!(decimal(value, 15, true), inside);
            assert_eq!(decimal(value, 5, false), short);
        }
        assert_eq!(decimal(2.0, 1, false), "2.");
    }
}
