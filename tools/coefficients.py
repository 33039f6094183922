"""Fit the polynomials of `rust/kernels/src/special` and print `coefficients.rs`.

Each is the Chebyshev interpolant, computed with 50 digits, of a smooth function that is left of
an elementary one when its known part is taken out; that is within a small factor of the best
polynomial of its degree. `python tools/coefficients.py > rust/kernels/src/special/coefficients.rs`
"""

from mpmath import (
    asin,
    asinh,
    atan,
    binomial,
    cos,
    erf,
    erfc,
    erfinv,
    exp,
    fac2,
    log,
    mp,
    mpf,
    ncdf,
    pi,
    sin,
    sinh,
    sqrt,
)

mp.dps = 50


def interpolant(function, low, high, degree):
    """Return the coefficients, lowest first, of the Chebyshev interpolant on [low, high]."""
    low, high, count = mpf(low), mpf(high), degree + 1
    angles = [pi * (k + mpf(1) / 2) / count for k in range(count)]
    values = [function((low + high) / 2 + (high - low) / 2 * cos(angle)) for angle in angles]
    chebyshev = [2 * sum(v * cos(j * a) for v, a in zip(values, angles)) / count for j in range(count)]
    chebyshev[0] /= 2
    polynomials = [[mpf(1)], [mpf(0), mpf(1)]]
    for _ in range(2, count):
        following = [mpf(0)] + [2 * c for c in polynomials[-1]]
        for i, c in enumerate(polynomials[-2]):
            following[i] -= c
        polynomials.append(following)
    monomial = [mpf(0)] * count
    for c, polynomial in zip(chebyshev, polynomials):
        for i, p in enumerate(polynomial):
            monomial[i] += c * p
    # From the variable on [-1, 1] to the one on [low, high].
    scale, shift = 2 / (high - low), -(low + high) / (high - low)
    return [
        sum(monomial[i] * binomial(i, k) * scale**k * shift ** (i - k) for i in range(k, count))
        for k in range(count)
    ]


def without_terms(function, terms):
    """Return `function` less its first Taylor terms, over the next power, by its own series."""
    series = mp.taylor(function, 0, 30)
    return lambda x: sum(c * x**k for k, c in enumerate(series[terms:]))


def odd(function):
    """Return (function(x)/x - 1) / w in w = x^2, for an odd function of slope 1 at 0."""
    terms = mp.taylor(function, 0, 41)[3::2]

    def rest(w):
        if w < mpf("1e-3"):
            return sum(c * w**k for k, c in enumerate(terms))
        x = sqrt(w)
        return (function(x) / x - 1) / w

    return rest


def scaled_erfc(x):
    """Return exp(x^2) erfc(x)."""
    if x < 30:
        return exp(x * x) * erfc(x)
    return sum((-1) ** k * fac2(2 * k - 1) / (2 * x * x) ** k for k in range(25)) / (x * sqrt(pi))


def over_all(function, middle):
    """Return `function` of x in [0, inf) in terms of t = (x - middle) / (x + middle) in [-1, 1)."""
    return lambda t: function(middle * (1 + t) / (1 - t))


def normal_quantile(tail):
    """Return the x > 0 beyond which a standard normal variable lies with probability `tail`."""
    x = sqrt(-2 * log(tail))
    x -= (log(x) + mpf("0.919")) / x
    for _ in range(8):
        x += (ncdf(-x) - tail) / (exp(-x * x / 2) / sqrt(2 * pi))
    return x


def quantile_of_radius(r):
    """Return x / r where r = sqrt(-2 log(tail)) and x is the quantile."""
    return normal_quantile(exp(-r * r / 2)) / r


def centre(w):
    """Return (x / q - sqrt(2 pi)) / w where q = sqrt(w) is the probability over one half."""
    q = sqrt(w)
    return (sqrt(mpf(2)) * erfinv(2 * q) / q - sqrt(2 * pi)) / w


def show(name, text, coefficients, split=False):
    """Print a Rust constant; with `split`, the first coefficient apart and with twice the digits."""
    if split:
        first = coefficients.pop(0)
        print(f"\n/// `{name}` begins with this number.")
        print(f"pub const {name}_MIDDLE: f64 = {float(first)!r};")
        print("/// What it lacks.")
        print(f"pub const {name}_MIDDLE_LOW: f64 = {float(first - mpf(float(first)))!r};")
    print(f"\n/// {text}")
    print(f"pub const {name}: [f64; {len(coefficients)}] = [")
    for c in coefficients:
        print(f"    {float(c)!r},")
    print("];")


def main():
    """Print the whole file."""
    print(
        "//! Polynomials of the special functions: printed by `tools/coefficients.py`, not written by hand."
    )
    half_log_2 = log(mpf(2)) / 2 * mpf("1.002")
    rest = without_terms(exp, 3)
    show(
        "EXP",
        "`(e^r - 1 - r - r²/2) / r³` for `|r| <= ln 2 / 2`.",
        interpolant(rest, -half_log_2, half_log_2, 9),
    )

    def logarithm(w):
        s = sqrt(w)
        return (log((1 + s) / (1 - s)) / s - 2) / w

    show(
        "LOG",
        "`(ln((1 + s)/(1 - s))/s - 2) / s²` in `s²`, for arguments between √½ and √2.",
        interpolant(logarithm, 0, mpf("0.02945"), 6),
    )
    show(
        "ERF",
        "`(erf(x)/x - 2/√π) / x²` in `x²`, for `|x| <= 1/2`.",
        interpolant(lambda w: (erf(sqrt(w)) / sqrt(w) - 2 / sqrt(pi)) / w, 0, mpf("0.2501"), 8),
    )
    show(
        "ERFC",
        "The rest of `(1 + x) e^(x²) erfc(x)`, over `t`, in `t = (x - 3)/(x + 3)`, for `x >= 0`.",
        interpolant(over_all(lambda x: (1 + x) * scaled_erfc(x), 3), -1, 1, 24),
        split=True,
    )
    show(
        "NORMAL_TAIL",
        "The rest of `(1 + x) e^(x²/2) Φ(-x)`, over `t`, in `t = (x - 5)/(x + 5)`, for `x >= 0`.",
        interpolant(over_all(lambda x: (1 + x) * scaled_erfc(x / sqrt(mpf(2))) / 2, 5), -1, 1, 26),
        split=True,
    )
    show(
        "QUANTILE_CENTRE",
        "`(x/q - √(2π)) / q²` in `q²`, where `Φ(x) = 1/2 + q`, for `|q| <= 1/4`.",
        interpolant(centre, 0, mpf("0.0626"), 13),
    )
    low, high = sqrt(2 * log(mpf(4))) * mpf("0.999"), mpf("38.7")
    show(
        "QUANTILE_TAIL",
        "`x/r` in `t = (r - 2)/(r + 2)`, where `r = √(-2 ln Φ(-x))`, for `Φ(-x) <= 1/4`.",
        interpolant(over_all(quantile_of_radius, 2), (low - 2) / (low + 2), (high - 2) / (high + 2), 11),
    )
    quarter = (pi / 4 * mpf("1.001")) ** 2
    show("SIN", "`(sin(x)/x - 1) / x²` in `x²`, for `|x| <= π/4`.", interpolant(odd(sin), 0, quarter, 6))
    cosine = mp.taylor(cos, 0, 41)[4::2]
    show(
        "COS",
        "`(cos(x) - 1 + x²/2) / x⁴` in `x²`, for `|x| <= π/4`.",
        interpolant(lambda w: sum(c * w**k for k, c in enumerate(cosine)), 0, quarter, 6),
    )
    show(
        "SINH", "`(sinh(x)/x - 1) / x²` in `x²`, for `|x| <= 1`.", interpolant(odd(sinh), 0, mpf("1.001"), 7)
    )
    show(
        "ATAN",
        "`(atan(x)/x - 1) / x²` in `x²`, for `|x| <= 7/16`.",
        interpolant(odd(atan), 0, mpf("0.1915"), 11),
    )
    show(
        "ASIN",
        "`(asin(x)/x - 1) / x²` in `x²`, for `|x| <= 1/2`.",
        interpolant(odd(asin), 0, mpf("0.2501"), 12),
    )
    show(
        "ASINH",
        "`(asinh(x)/x - 1) / x²` in `x²`, for `|x| <= 1/2`.",
        interpolant(odd(asinh), 0, mpf("0.2501"), 12),
    )


if __name__ == "__main__":
    main()
