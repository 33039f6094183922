"""Random streams by counter: a draw depends on its place only, so threads may share the work."""

import math
import operator
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.random import SeedSequence

from mlmath_rs import _core

__all__ = ["Stream", "streams"]

WORD = 1 << 64


def streams(seed: int | Sequence[int] | SeedSequence | None = None) -> "Stream":
    """Return a stream of random numbers that any number of threads draw alike.

    Parameters
    ----------
    seed : None, int, sequence of int or SeedSequence
        What the stream begins with; `None` for the system's entropy.

    Returns
    -------
    Stream
        With `random uniform standard_normal normal exponential integers bernoulli binomial
        permutation shuffle choice`, and `spawn` and `jumped` for streams of one's own.

    Raises
    ------
    ValueError
        If `seed` is a negative integer.
    TypeError
        If `seed` is none of the above.

    See Also
    --------
    default_rng : NumPy's bits instead, on one thread.

    Examples
    --------
    >>> from mlmath_rs import random
    >>> stream = random.streams(1)
    >>> stream.normal(size=3).round(3)
    array([ 0.561, -0.962,  0.025])
    """
    if isinstance(seed, (bool, float, str)):
        raise TypeError(
            "seed: expected None, an integer, a sequence of them or a SeedSequence, "
            f"got {type(seed).__name__}"
        )
    sequence = seed if isinstance(seed, SeedSequence) else SeedSequence(seed)
    return Stream(sequence)


class Stream:
    """A counter-based stream of random numbers: Philox 4x64 with ten rounds.

    Each number has a word of its own, at `position` and the following: what is drawn depends on
    the seed and on that position only, not on the number of threads, nor on whether a sample is
    drawn at once or in parts. `random` has the bits of ``numpy.random.Generator`` with the bit
    generator ``Philox`` of the same seed; the other methods have bits of their own, which do not
    change within a minor version of this package.

    Parameters
    ----------
    sequence : SeedSequence
        Where the key comes from. Use :func:`streams`.
    position : int
        The number of the word that comes next.

    Notes
    -----
    J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2,
    3", SC 2011. Normal numbers by the ziggurat method (G. Marsaglia, W. W. Tsang, J. Stat. Softw.
    5, 2000), whole numbers after D. Lemire (ACM TOMACS 29, 2019), exponential ones by the inverse
    of the distribution function. What is not decided by the number's own word, one normal draw in
    a hundred for instance, takes further words that belong to no other number.

    A stream has no lock: give each thread of your own a `spawn`.

    Examples
    --------
    >>> from mlmath_rs import random
    >>> stream = random.streams(7)
    >>> whole = stream.normal(size=1000)
    >>> again = random.streams(7)
    >>> parts = [again.normal(size=400), again.normal(size=600, threads=2)]
    >>> bool((whole[:400] == parts[0]).all() and (whole[400:] == parts[1]).all())
    True
    """

    __slots__ = ("_key", "_sequence", "position")

    def __init__(self, sequence: SeedSequence, position: int = 0) -> None:
        first, second = sequence.generate_state(2, np.uint64)
        self._sequence = sequence
        self._key = int(first), int(second)
        self.position = operator.index(position) % WORD

    def __repr__(self) -> str:
        """Say what makes it this stream."""
        return f"Stream({self._sequence!r}, position={self.position})"

    def __eq__(self, other: object) -> bool:
        """Return whether `other` is about to draw the same."""
        if not isinstance(other, Stream):
            return NotImplemented
        return self._key == other._key and self.position == other.position

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> Any:
        """Pickle by the seed."""
        return Stream, (self._sequence, self.position)

    def spawn(self, count: int) -> list["Stream"]:
        """Return `count` streams that have nothing to do with this one, nor with each other."""
        return [Stream(child) for child in self._sequence.spawn(count)]

    def jumped(self, numbers: int) -> "Stream":
        """Return this stream as it will be after as many further numbers."""
        return Stream(self._sequence, self.position + operator.index(numbers))

    def random(self, size: Any = None, *, threads: int | None = None) -> Any:
        """Return numbers from 0 up to, but not including, 1."""
        return self._draw(_core.stream_random, (), size, threads)

    def uniform(
        self, low: Any = 0.0, high: Any = 1.0, size: Any = None, *, threads: int | None = None
    ) -> Any:
        """Return numbers between `low` and `high`, all equally likely."""
        if not (_is_number(low) and _is_number(high)):
            low, high = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
            return low + (high - low) * self.random(_shape(size, low, high), threads=threads)
        if not math.isfinite(high - low):
            raise OverflowError(f"uniform: expected ends a finite distance apart, got {low} and {high}")
        return self._draw(_core.stream_uniform, (low, high - low), size, threads)

    def standard_normal(self, size: Any = None, *, threads: int | None = None) -> Any:
        """Return normal numbers with mean 0 and standard deviation 1."""
        return self._draw(_core.stream_normal, (0.0, 1.0), size, threads)

    def normal(
        self, loc: Any = 0.0, scale: Any = 1.0, size: Any = None, *, threads: int | None = None
    ) -> Any:
        """Return normal numbers with mean `loc` and standard deviation `scale`."""
        _check_scale("normal", scale)
        if not (_is_number(loc) and _is_number(scale)):
            return loc + scale * self.standard_normal(_shape(size, loc, scale), threads=threads)
        return self._draw(_core.stream_normal, (loc, scale), size, threads)

    def exponential(self, scale: Any = 1.0, size: Any = None, *, threads: int | None = None) -> Any:
        """Return exponential numbers with the mean `scale`."""
        _check_scale("exponential", scale)
        if not _is_number(scale):
            return scale * self.exponential(1.0, _shape(size, scale), threads=threads)
        return self._draw(_core.stream_exponential, (scale,), size, threads)

    def integers(
        self,
        low: int,
        high: int | None = None,
        size: Any = None,
        *,
        endpoint: bool = False,
        threads: int | None = None,
    ) -> Any:
        """Return whole numbers from `low` up to, but not including, `high`, or including it.

        Without `high` they go from 0 up to `low`.
        """
        first, end = (0, operator.index(low)) if high is None else (operator.index(low), operator.index(high))
        end += bool(endpoint)
        if not -(2**63) <= first < end <= 2**63:
            raise ValueError(f"integers: expected low < high within 64 bits, got {first} and {end}")
        return self._draw(_core.stream_integers, (first, (end - first) % WORD), size, threads)

    def bernoulli(self, p: float, size: Any = None, *, threads: int | None = None) -> Any:
        """Return 1 with the probability `p`, else 0; eight of them share a word."""
        if not (_is_number(p) and 0 <= p <= 1):
            raise ValueError(f"p: expected a probability, got {p!r}")
        array, words = _core.stream_bernoulli(self._place(), float(p), _lengths(size), threads)
        self.position = (self.position + words) % WORD
        return array[()] if size is None else array

    def binomial(self, n: int, p: float, size: Any = None, *, threads: int | None = None) -> Any:
        """Return how many of `n` trials succeed, each with the probability `p`."""
        n = operator.index(n)
        if n < 0:
            raise ValueError(f"n: expected a number of trials, got {n}")
        if n == 1:
            return self.bernoulli(p, size, threads=threads)
        trials = self.bernoulli(p, (*_lengths(size), n), threads=threads)
        return np.count_nonzero(trials, axis=-1)[()]

    def permutation(self, x: Any) -> Any:
        """Return the items of `x`, or the numbers below it, in an order of which all are equally likely."""
        if isinstance(x, (int, np.integer)):
            return self._order(int(x))
        x = np.asarray(x)
        return x[self._order(len(x))]

    def shuffle(self, x: Any) -> None:
        """Put the items of `x` into such an order, in place."""
        order = self._order(len(x))
        x[:] = x[order] if isinstance(x, np.ndarray) else [x[place] for place in order]

    def choice(self, a: Any, size: Any = None, replace: bool = True) -> Any:
        """Return items of `a`, or numbers below it, all equally likely; each once without `replace`."""
        items = np.arange(a) if isinstance(a, (int, np.integer)) else np.asarray(a)
        if len(items) == 0:
            raise ValueError("a: expected items to choose from, got none")
        if replace:
            return items[self.integers(len(items), size=size)]
        lengths = _lengths(size)
        if math.prod(lengths) > len(items):
            raise ValueError(f"size: expected at most {len(items)} without replacement, got {lengths}")
        chosen = self._order(len(items))[: math.prod(lengths)]
        return items[chosen.reshape(lengths)][()]

    def _place(self) -> tuple[tuple[int, int], int]:
        return self._key, self.position

    def _draw(self, kernel: Any, parameters: tuple[Any, ...], size: Any, threads: int | None) -> Any:
        array = kernel(self._place(), *parameters, _lengths(size), threads)
        self.position = (self.position + array.size) % WORD
        return array[()] if size is None else array

    def _order(self, count: int) -> Any:
        if count < 0:
            raise ValueError(f"x: expected a number of items, got {count}")
        order = _core.stream_permutation(self._place(), count)
        self.position = (self.position + count) % WORD
        return order


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating))


def _check_scale(method: str, scale: Any) -> None:
    """Refuse what is no scale, as NumPy does."""
    if not (scale >= 0 if _is_number(scale) else np.all(np.asarray(scale) >= 0)):
        raise ValueError(f"scale: {method} expects it to be at least 0, got {scale!r}")


def _lengths(size: Any) -> tuple[int, ...]:
    """Return the shape that `size` says, as NumPy reads it."""
    if size is None:
        return ()
    lengths = (size,) if isinstance(size, (int, np.integer)) else tuple(size)
    if any(length < 0 for length in lengths):
        raise ValueError(f"size: expected lengths of at least 0, got {size!r}")
    return tuple(operator.index(length) for length in lengths)


def _shape(size: Any, *parameters: Any) -> Any:
    """Return `size`, or the shape that the parameters broadcast to."""
    return np.broadcast_shapes(*(np.shape(each) for each in parameters)) if size is None else size
