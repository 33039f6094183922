"""NumPy's functions that stand in until we have our own under the same name.

Whoever adds one of these takes it off this list: a test sees that no name is on both sides. What
is neither here nor ours raises `AttributeError` and names NumPy.
"""

# ruff: noqa: I001, RUF022
# fmt: off
# Arithmetic
from numpy import (
    abs, absolute, add, angle, cbrt, ceil, conj, conjugate, copysign, divide, divmod, fabs, floor,
    floor_divide, fmax, fmin, fmod, gcd, heaviside, hypot, imag, lcm, maximum, minimum, mod, modf,
    multiply, nan_to_num, negative, positive, pow, power, real, reciprocal, remainder, rint, round,
    sign, signbit, square, subtract, true_divide, trunc,
)
# Elementary functions
from numpy import (
    acos, acosh, arctan2, asin, asinh, atan, atan2, atanh, deg2rad, degrees, exp2, log10, log2,
    logaddexp, logaddexp2, rad2deg, radians, sinc,
)
# Sums, and what is like them
from numpy import (
    amax, amin, cumprod, cumsum, max, min, prod, ptp, sum,
)
# Sampled data
from numpy import (
    convolve, diff, gradient, interp, trapezoid, unwrap,
)
# Polynomials
from numpy import (
    polyfit, polyval, roots,
)

__all__ = [
    # Arithmetic
    "abs", "absolute", "add", "angle", "cbrt", "ceil", "conj", "conjugate", "copysign", "divide",
    "divmod", "fabs", "floor", "floor_divide", "fmax", "fmin", "fmod", "gcd", "heaviside", "hypot",
    "imag", "lcm", "maximum", "minimum", "mod", "modf", "multiply", "nan_to_num", "negative",
    "positive", "pow", "power", "real", "reciprocal", "remainder", "rint", "round", "sign", "signbit",
    "square", "subtract", "true_divide", "trunc",
    # Elementary functions
    "acos", "acosh", "arctan2", "asin", "asinh", "atan", "atan2", "atanh", "deg2rad", "degrees", "exp2",
    "log10", "log2", "logaddexp", "logaddexp2", "rad2deg", "radians", "sinc",
    # Sums, and what is like them
    "amax", "amin", "cumprod", "cumsum", "max", "min", "prod", "ptp", "sum",
    # Sampled data
    "convolve", "diff", "gradient", "interp", "trapezoid", "unwrap",
    # Polynomials
    "polyfit", "polyval", "roots",
]
# fmt: on
