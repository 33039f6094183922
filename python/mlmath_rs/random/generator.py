"""Where random numbers come from: generators with NumPy's own bits, and the hidden one.

Draws go through NumPy's `Generator` and `PCG64`, so that a seed gives what it gives there, and
threads wait for each other as there. Not NumPy's are the bits of the functions of the module:
they are those of ``default_rng``, not of NumPy's legacy ``RandomState``.

M. E. O'Neill, "PCG: a family of simple fast space-efficient statistically good algorithms for
random number generation", 2014; G. Marsaglia and W. W. Tsang, "The ziggurat method for generating
random variables", J. Stat. Softw. 5, 2000.
"""

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.random import BitGenerator, Generator, SeedSequence

__all__ = ["Generator", "as_generator", "default_rng", "hidden", "seed"]

# What may say where random numbers come from.
RandomSource = None | int | Sequence[int] | SeedSequence | BitGenerator | Generator


class _Hidden:
    """The generator that the functions of the module share, made when it is first used."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.generator: Generator | None = None

    def renew(self, seed: Any) -> Generator:
        """Let it begin anew from `seed`."""
        self.generator = default_rng(seed)
        return self.generator

    def __call__(self) -> Generator:
        """Return it."""
        if self.generator is not None:
            return self.generator
        with self.lock:
            # Another thread may have made it meanwhile.
            return self.generator or self.renew(None)


hidden = _Hidden()


def default_rng(seed: RandomSource = None) -> Generator:
    """Return a generator with the bits of ``numpy.random.default_rng``.

    Parameters
    ----------
    seed : None, int, sequence of int, SeedSequence, BitGenerator or Generator
        What the stream begins with: `None` for the system's entropy. A generator is returned as
        it is, a bit generator is shared.

    Returns
    -------
    numpy.random.Generator
        With `random integers uniform normal standard_normal exponential binomial choice
        permutation shuffle` and the rest of NumPy's methods.

    Raises
    ------
    ValueError
        If `seed` is a negative integer.
    TypeError
        If `seed` is none of the above.

    Notes
    -----
    PCG64 (O'Neill 2014) and the ziggurat method (Marsaglia and Tsang 2000), in NumPy's code.

    Examples
    --------
    >>> from mlmath_rs import random
    >>> rng = random.default_rng(1)
    >>> rng.normal(size=3).round(3)
    array([0.346, 0.822, 0.33 ])
    """
    return np.random.default_rng(seed)


def as_generator(rng: RandomSource = None) -> Generator:
    """Return the generator that an argument ``rng=`` means.

    Parameters
    ----------
    rng : None, int, sequence of int, SeedSequence, BitGenerator or Generator
        `None` for the hidden generator of this module; a generator for itself; a bit generator
        for one that shares it; anything else seeds a new one.

    Returns
    -------
    numpy.random.Generator
        Which the caller draws from, and so moves on.

    Raises
    ------
    ValueError
        If `rng` is a negative integer.
    TypeError
        If `rng` is none of the above.

    Examples
    --------
    >>> from mlmath_rs import random
    >>> rng = random.default_rng(1)
    >>> random.as_generator(rng) is rng
    True
    """
    if rng is None:
        return hidden()
    if isinstance(rng, (bool, float, str, np.random.RandomState)):
        raise TypeError(
            "rng: expected None, an integer, a SeedSequence, a BitGenerator or a Generator, "
            f"got {type(rng).__name__}"
        )
    return default_rng(rng)


def seed(seed: RandomSource = None) -> None:
    """Let the hidden generator begin anew.

    Parameters
    ----------
    seed : None, int, sequence of int, SeedSequence, BitGenerator or Generator
        As :func:`default_rng` takes it; `None` for the system's entropy.

    Raises
    ------
    ValueError
        If `seed` is a negative integer.
    TypeError
        If `seed` is none of the above.

    Examples
    --------
    >>> from mlmath_rs import random
    >>> random.seed(1)
    >>> float(random.random()) == float(random.default_rng(1).random())
    True
    """
    hidden.renew(seed)
