//! The numbers of expressions: exact rationals of any size, floats with a precision, infinities.

use super::decimal::decimal;
use num_bigint::BigInt;
use num_integer::Integer as _;
use num_rational::BigRational;
use num_traits::{One as _, Signed as _, ToPrimitive as _, Zero as _};
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// Powers whose result would have more bits than this are left as they stand.
const LARGEST_POWER: u64 = 4_000_000;

/// A number of an expression.
///
/// A rational is in lowest terms with a positive denominator, and `Small` where it fits, so
/// that equal numbers are equal variants and common work allocates nothing.
#[derive(Clone, Debug)]
pub enum Number {
    /// A fraction of machine integers.
    Small(i64, i64),
    /// Any other fraction.
    Big(Arc<BigRational>),
    /// A float, and the digits that it is printed with.
    Float(f64, u8),
    /// Plus or minus infinity.
    Infinity {
        /// Whether it is the negative one.
        negative: bool,
    },
    /// The one infinity of the complex plane, which `1/0` is.
    ComplexInfinity,
    /// What `0*oo` is.
    Undefined,
}

use Number::{Big, ComplexInfinity, Float, Infinity, Small, Undefined};

impl Number {
    /// Zero.
    pub const ZERO: Self = Small(0, 1);
    /// One.
    pub const ONE: Self = Small(1, 1);
    /// Minus one.
    pub const MINUS_ONE: Self = Small(-1, 1);
    /// One half.
    pub const HALF: Self = Small(1, 2);

    /// An integer.
    pub const fn integer(value: i64) -> Self {
        Small(value, 1)
    }

    /// The fraction `numerator / denominator`; `n/0` is the complex infinity, `0/0` undefined.
    pub fn ratio(numerator: i128, denominator: i128) -> Self {
        if denominator == 0 {
            return if numerator == 0 { Undefined } else { ComplexInfinity };
        }
        let divisor = numerator.gcd(&denominator) * denominator.signum();
        let (n, d) = (numerator / divisor, denominator / divisor);
        match (i64::try_from(n), i64::try_from(d)) {
            (Ok(n), Ok(d)) => Small(n, d),
            _ => Big(Arc::new(BigRational::new_raw(n.into(), d.into()))),
        }
    }

    /// A fraction of any size.
    pub fn exact(value: BigRational) -> Self {
        match (value.numer().to_i64(), value.denom().to_i64()) {
            (Some(n), Some(d)) => Small(n, d),
            _ => Big(Arc::new(value)),
        }
    }

    /// A float; infinite and undefined ones become the symbols for it, as SymPy's.
    pub fn float(value: f64, digits: u8) -> Self {
        if value.is_nan() {
            Undefined
        } else if value.is_infinite() {
            Infinity { negative: value < 0.0 }
        } else {
            Float(value, digits)
        }
    }

    /// The value as a fraction, where it is one.
    pub fn to_exact(&self) -> Option<BigRational> {
        match self {
            Small(n, d) => Some(BigRational::new_raw((*n).into(), (*d).into())),
            Big(value) => Some((**value).clone()),
            _ => None,
        }
    }

    /// The nearest float.
    pub fn to_f64(&self) -> f64 {
        const EXACT: i64 = 1 << 53;
        match self {
            &Small(n, d) if n.unsigned_abs() <= EXACT.unsigned_abs() && d <= EXACT => n as f64 / d as f64,
            Small(n, d) => BigRational::new_raw((*n).into(), (*d).into()).to_f64().unwrap_or(f64::NAN),
            Big(value) => value.to_f64().unwrap_or(f64::NAN),
            Float(value, _) => *value,
            Infinity { negative } => {
                if *negative {
                    f64::NEG_INFINITY
                } else {
                    f64::INFINITY
                }
            }
            ComplexInfinity | Undefined => f64::NAN,
        }
    }

    /// The value as a machine integer, where it is one.
    pub fn to_i64(&self) -> Option<i64> {
        if let &Small(n, 1) = self { Some(n) } else { None }
    }

    /// Text from which [`from_text`](Self::from_text) makes the same number.
    pub fn to_text(&self) -> String {
        match self {
            Small(n, d) => format!("{:x}/{d:x}", BigInt::from(*n)),
            Big(value) => format!("{:x}/{:x}", value.numer(), value.denom()),
            Float(value, digits) => format!("f{:x}/{digits:x}", value.to_bits()),
            Infinity { negative } => if *negative { "-oo" } else { "oo" }.into(),
            ComplexInfinity => "zoo".into(),
            Undefined => "nan".into(),
        }
    }

    /// The number that [`to_text`](Self::to_text) wrote.
    pub fn from_text(text: &str) -> Option<Self> {
        match text {
            "oo" | "-oo" => return Some(Infinity { negative: text == "-oo" }),
            "zoo" => return Some(ComplexInfinity),
            "nan" => return Some(Undefined),
            _ => {}
        }
        let (first, second) = text.split_once('/')?;
        if let Some(bits) = first.strip_prefix('f') {
            let value = f64::from_bits(u64::from_str_radix(bits, 16).ok()?);
            return Some(Self::float(value, u8::from_str_radix(second, 16).ok()?));
        }
        let denominator = BigInt::parse_bytes(second.as_bytes(), 16).filter(|d| !d.is_zero())?;
        Some(Self::exact(BigRational::new(BigInt::parse_bytes(first.as_bytes(), 16)?, denominator)))
    }

    /// Numerator and denominator, where it is a fraction.
    pub fn parts(&self) -> Option<(Self, Self)> {
        match self {
            &Small(n, d) => Some((Small(n, 1), Small(d, 1))),
            Big(value) => {
                Some((Self::exact(value.numer().clone().into()), Self::exact(value.denom().clone().into())))
            }
            _ => None,
        }
    }

    /// Whether it is a fraction, whole or not.
    pub fn is_rational(&self) -> bool {
        matches!(self, Small(..) | Big(_))
    }

    /// Whether it is a whole number.
    pub fn is_integer(&self) -> bool {
        match self {
            Small(_, d) => *d == 1,
            Big(value) => value.is_integer(),
            _ => false,
        }
    }

    /// Whether it is an even whole number.
    pub fn is_even(&self) -> bool {
        match self {
            Small(n, d) => *d == 1 && n % 2 == 0,
            Big(value) => value.is_integer() && value.numer().is_even(),
            _ => false,
        }
    }

    /// Whether it is a number proper: neither infinite nor undefined.
    pub fn is_finite(&self) -> bool {
        matches!(self, Small(..) | Big(_) | Float(..))
    }

    /// Whether it is zero, exactly or as a float.
    pub fn is_zero(&self) -> bool {
        match self {
            Small(n, _) => *n == 0,
            Float(value, _) => *value == 0.0,
            _ => false,
        }
    }

    /// Whether it is exactly one.
    pub fn is_one(&self) -> bool {
        matches!(self, Small(1, 1))
    }

    /// -1, 0 or 1; 0 for what has no sign.
    pub fn sign(&self) -> i32 {
        match self {
            Small(n, _) => n.signum() as i32,
            Big(value) => {
                if value.is_negative() {
                    -1
                } else {
                    1
                }
            }
            Float(value, _) => i32::from(*value > 0.0) - i32::from(*value < 0.0),
            Infinity { negative } => {
                if *negative {
                    -1
                } else {
                    1
                }
            }
            ComplexInfinity | Undefined => 0,
        }
    }

    /// The sum.
    pub fn plus(&self, other: &Self) -> Self {
        match (self, other) {
            (&Small(a, 1), &Small(b, 1)) => match a.checked_add(b) {
                Some(sum) => Small(sum, 1),
                None => Self::ratio(i128::from(a) + i128::from(b), 1),
            },
            (&Small(a, b), &Small(c, d)) => {
                let (a, b, c, d) = (i128::from(a), i128::from(b), i128::from(c), i128::from(d));
                match (a * d).checked_add(c * b) {
                    Some(sum) => Self::ratio(sum, b * d),
                    None => self.exactly(other, |x, y| x + y),
                }
            }
            (Undefined, _) | (_, Undefined) => Undefined,
            (Float(_, p), Float(_, q)) => Self::float(self.to_f64() + other.to_f64(), *p.max(q)),
            (Float(_, p), b) | (b, Float(_, p)) if b.is_finite() => {
                Self::float(self.to_f64() + other.to_f64(), *p)
            }
            (ComplexInfinity, b) | (b, ComplexInfinity) => {
                if b.is_finite() {
                    ComplexInfinity
                } else {
                    Undefined
                }
            }
            (Infinity { negative: a }, Infinity { negative: b }) if a != b => Undefined,
            (Infinity { negative }, _) | (_, Infinity { negative }) => Infinity { negative: *negative },
            _ => self.exactly(other, |x, y| x + y),
        }
    }

    /// The product.
    pub fn times(&self, other: &Self) -> Self {
        match (self, other) {
            (&Small(a, b), &Small(c, d)) => {
                let (n, d) = (i128::from(a) * i128::from(c), i128::from(b) * i128::from(d));
                Self::ratio(n, d)
            }
            (Undefined, _) | (_, Undefined) => Undefined,
            (Float(_, p), Float(_, q)) => Self::float(self.to_f64() * other.to_f64(), *p.max(q)),
            // A zero that is exact stays exact.
            (Float(_, p), b) | (b, Float(_, p)) if b.is_finite() => {
                if self.is_exact_zero() || other.is_exact_zero() {
                    return Self::ZERO;
                }
                Self::float(self.to_f64() * other.to_f64(), *p)
            }
            (a, b) if a.is_finite() && b.is_finite() => self.exactly(other, |x, y| x * y),
            (a, b) if a.is_zero() || b.is_zero() => Undefined,
            (ComplexInfinity, _) | (_, ComplexInfinity) => ComplexInfinity,
            (a, b) => Infinity { negative: a.sign() * b.sign() < 0 },
        }
    }

    /// The number with its sign changed.
    pub fn negated(&self) -> Self {
        match self {
            &Small(n, d) => {
                n.checked_neg().map_or_else(|| Self::ratio(-i128::from(n), d.into()), |n| Small(n, d))
            }
            Big(value) => Self::exact(-&**value),
            Float(value, digits) => Float(-value, *digits),
            Infinity { negative } => Infinity { negative: !negative },
            ComplexInfinity | Undefined => self.clone(),
        }
    }

    /// One over the number.
    pub fn inverse(&self) -> Self {
        match self {
            &Small(n, d) => Self::ratio(d.into(), n.into()),
            Big(value) => Self::exact(value.recip()),
            Float(value, digits) => {
                if *value == 0.0 {
                    ComplexInfinity
                } else {
                    Self::float(1.0 / value, *digits)
                }
            }
            Infinity { .. } | ComplexInfinity => Self::ZERO,
            Undefined => Undefined,
        }
    }

    /// The number to a whole power, where the result is of a reasonable size.
    pub fn power(&self, exponent: i64) -> Option<Self> {
        if exponent == 0 {
            return Some(Self::ONE);
        }
        let size = match self {
            Float(value, digits) => {
                let power =
                    i32::try_from(exponent).map_or_else(|_| value.powf(exponent as f64), |n| value.powi(n));
                let zero_below = *value == 0.0 && exponent < 0;
                return Some(if zero_below { ComplexInfinity } else { Self::float(power, *digits) });
            }
            Infinity { negative } => {
                return Some(match (exponent < 0, *negative && exponent % 2 != 0) {
                    (true, _) => Self::ZERO,
                    (false, negative) => Infinity { negative },
                });
            }
            ComplexInfinity => return Some(if exponent < 0 { Self::ZERO } else { ComplexInfinity }),
            Undefined => return Some(Undefined),
            Small(n, d) => u64::from(64 - n.unsigned_abs().max(d.unsigned_abs()).leading_zeros()),
            Big(value) => value.numer().bits().max(value.denom().bits()),
        };
        if size.saturating_mul(exponent.unsigned_abs()) > LARGEST_POWER && !self.is_unit() {
            return None;
        }
        if self.is_zero() {
            return Some(if exponent < 0 { ComplexInfinity } else { Self::ZERO });
        }
        if self.is_unit() {
            return Some(if exponent % 2 == 0 { Self::ONE } else { self.clone() });
        }
        let base = if exponent < 0 { self.inverse() } else { self.clone() };
        let mut result = Self::ONE;
        let (mut square, mut left) = (base, exponent.unsigned_abs());
        loop {
            if left % 2 == 1 {
                result = result.times(&square);
            }
            left /= 2;
            if left == 0 {
                return Some(result);
            }
            square = square.times(&square);
        }
    }

    /// The largest whole number that is not above, and what is left.
    pub fn floor(&self) -> Option<(Self, Self)> {
        let floor = match self {
            &Small(n, d) => Small(n.div_euclid(d), 1),
            Big(value) => Self::exact(value.floor()),
            _ => return None,
        };
        let rest = self.plus(&floor.negated());
        Some((floor, rest))
    }

    /// The absolute value.
    pub fn magnitude(&self) -> Self {
        match self {
            ComplexInfinity => Infinity { negative: false },
            _ if self.sign() < 0 => self.negated(),
            _ => self.clone(),
        }
    }

    /// The order by value, where both have one.
    pub fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (&Small(a, b), &Small(c, d)) => {
                (i128::from(a) * i128::from(d)).cmp(&(i128::from(c) * i128::from(b)))
            }
            _ => match (self.to_exact(), other.to_exact()) {
                (Some(a), Some(b)) => a.cmp(&b),
                _ => self.to_f64().total_cmp(&other.to_f64()),
            },
        }
    }

    /// The parts of the whole numerator and denominator as big integers.
    pub(super) fn big_parts(&self) -> Option<(BigInt, BigInt)> {
        self.to_exact().map(Into::into)
    }

    fn is_exact_zero(&self) -> bool {
        matches!(self, Small(0, _))
    }

    fn is_unit(&self) -> bool {
        matches!(self, Small(1 | -1, 1))
    }

    fn exactly(&self, other: &Self, operation: impl Fn(BigRational, BigRational) -> BigRational) -> Self {
        match (self.to_exact(), other.to_exact()) {
            (Some(a), Some(b)) => Self::exact(operation(a, b)),
            _ => Undefined,
        }
    }

    /// Bits that are equal for equal numbers.
    pub(super) fn fingerprint(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash as _, Hasher as _};
        match self {
            &Small(n, d) => (n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (d as u64).rotate_left(32),
            Big(value) => {
                let mut hasher = DefaultHasher::new();
                value.hash(&mut hasher);
                hasher.finish()
            }
            Float(value, digits) => value.to_bits().rotate_left(7) ^ u64::from(*digits) ^ (1 << 63),
            Infinity { negative } => 0xA5A5_0001 + u64::from(*negative),
            ComplexInfinity => 0xA5A5_0003,
            Undefined => 0xA5A5_0004,
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Small(a, b), Small(c, d)) => a == c && b == d,
            (Big(a), Big(b)) => a == b,
            (Float(a, p), Float(b, q)) => a.to_bits() == b.to_bits() && p == q,
            (Infinity { negative: a }, Infinity { negative: b }) => a == b,
            (ComplexInfinity, ComplexInfinity) | (Undefined, Undefined) => true,
            _ => false,
        }
    }
}

impl Eq for Number {}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Small(n, 1) => write!(f, "{n}"),
            Small(n, d) => write!(f, "{n}/{d}"),
            Big(value) if value.denom().is_one() => write!(f, "{}", value.numer()),
            Big(value) => write!(f, "{}/{}", value.numer(), value.denom()),
            Float(value, digits) => f.write_str(&decimal(*value, *digits, false)),
            Infinity { negative } => f.write_str(if *negative { "-oo" } else { "oo" }),
            ComplexInfinity => f.write_str("zoo"),
            Undefined => f.write_str("nan"),
        }
    }
}
