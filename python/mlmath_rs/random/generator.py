"""Where random numbers come from: generators with NumPy's own bits, and the hidden one.

A generator is NumPy's, with its `PCG64`, so that a seed gives what it gives there, and threads
wait for each other as there; large samples are drawn by our own kernels, from the same state to
the same bits. Not NumPy's are the bits of the functions of the module: they are those of
``default_rng``, not of NumPy's legacy ``RandomState``.

M. E. O'Neill, "PCG: a family of simple fast space-efficient statistically good algorithms for
random number generation", 2014; G. Marsaglia and W. W. Tsang, "The ziggurat method for generating
random variables", J. Stat. Softw. 5, 2000.
"""

import math
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.random import PCG64, BitGenerator, SeedSequence

from mlmath_rs import _core

__all__ = ["Generator", "as_generator", "default_rng", "hidden", "seed"]

# As many numbers as it takes to make up for fetching the state and putting it back.
LARGE = 4096


class Generator(np.random.Generator):
    """NumPy's ``Generator``, whose large samples take less time.

    All methods are NumPy's. `random`, `standard_normal` and `normal` draw float64 samples of some
    thousands and more from PCG64 by kernels of our own: the bits are the same, and so is the
    state afterwards.

    Parameters
    ----------
    bit_generator : numpy.random.BitGenerator
        Where the words come from. Use :func:`default_rng`.

    Examples
    --------
    >>> import numpy
    >>> from mlmath_rs import random
    >>> ours, numpys = random.default_rng(5), numpy.random.default_rng(5)
    >>> bool((ours.normal(size=10_000) == numpys.normal(size=10_000)).all())
    True
    >>> ours.bit_generator.state == numpys.bit_generator.state
    True
    """

    def __reduce__(self) -> Any:
        """Pickle as this class."""
        return Generator, (self.bit_generator,)

    def random(self, size: Any = None, dtype: Any = np.float64, out: Any = None) -> Any:
        """Return numbers from 0 up to, but not including, 1: NumPy's."""
        if out is None and dtype is np.float64 and self._is_large(size):
            return self._draw(_core.numpy_random, (), size)
        return super().random(size, dtype, out)

    def standard_normal(self, size: Any = None, dtype: Any = np.float64, out: Any = None) -> Any:
        """Return normal numbers with mean 0 and standard deviation 1: NumPy's."""
        if out is None and dtype is np.float64 and self._is_large(size):
            return self._draw(_core.numpy_normal, (0.0, 1.0), size)
        return super().standard_normal(size, dtype, out)

    def normal(self, loc: Any = 0.0, scale: Any = 1.0, size: Any = None) -> Any:
        """Return normal numbers with mean `loc` and standard deviation `scale`: NumPy's."""
        if (
            isinstance(loc, (int, float))
            and isinstance(scale, (int, float))
            and self._is_large(size)
            and scale >= 0
        ):
            return self._draw(_core.numpy_normal, (loc, scale), size)
        return super().normal(loc, scale, size)

    def _is_large(self, size: Any) -> bool:
        """Whether our kernels draw a sample of this size from this bit generator."""
        if type(size) is tuple:
            count = math.prod(size) if all(type(length) is int and length >= 0 for length in size) else 0
        else:
            count = size if type(size) is int else 0
        return count >= LARGE and type(self.bit_generator) is PCG64

    def _draw(self, kernel: Any, parameters: tuple[float, ...], size: int | tuple[int, ...]) -> Any:
        """Return a sample, and move the bit generator's state on."""
        source = self.bit_generator
        with source.lock:
            state: Any = source.state
            words = state["state"]
            shape = size if isinstance(size, tuple) else (size,)
            array, words["state"] = kernel(words["state"], words["inc"], *parameters, shape)
            source.state = state
        return array


# What may say where random numbers come from.
RandomSource = None | int | Sequence[int] | SeedSequence | BitGenerator | np.random.Generator


class _Hidden:
    """The generator that the functions of the module share, made when it is first used."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.generator: np.random.Generator | None = None

    def renew(self, seed: Any) -> np.random.Generator:
        """Let it begin anew from `seed`."""
        self.generator = default_rng(seed)
        return self.generator

    def __call__(self) -> np.random.Generator:
        """Return it."""
        if self.generator is not None:
            return self.generator
        with self.lock:
            # Another thread may have made it meanwhile.
            return self.generator or self.renew(None)


hidden = _Hidden()


def default_rng(seed: RandomSource = None) -> np.random.Generator:
    """Return a generator with the bits of ``numpy.random.default_rng``.

    Parameters
    ----------
    seed : None, int, sequence of int, SeedSequence, BitGenerator or Generator
        What the stream begins with: `None` for the system's entropy. A generator is returned as
        it is, a bit generator is shared.

    Returns
    -------
    Generator
        With `random integers uniform normal standard_normal exponential binomial choice
        permutation shuffle` and the rest of NumPy's methods, and the same bits from all.

    Raises
    ------
    ValueError
        If `seed` is a negative integer.
    TypeError
        If `seed` is none of the above.

    Notes
    -----
    PCG64 (O'Neill 2014) and the ziggurat method (Marsaglia and Tsang 2000).

    Examples
    --------
    >>> from mlmath_rs import random
    >>> rng = random.default_rng(1)
    >>> rng.normal(size=3).round(3)
    array([0.346, 0.822, 0.33 ])
    """
    if isinstance(seed, np.random.Generator):
        return seed
    try:
        return Generator(np.random.default_rng(seed).bit_generator)
    except TypeError:
        raise TypeError(
            "seed: expected None, an integer, a sequence of them, a SeedSequence, a BitGenerator or a "
            f"Generator, got {type(seed).__name__}"
        ) from None


def as_generator(rng: RandomSource = None) -> np.random.Generator:
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
