"""Random streams by counter: a draw depends on its place only, so threads may share the work."""

import math
import operator
import reprlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.random import SeedSequence

from mlmath_rs import _core

__all__ = ["Stream", "streams"]

WORD = 1 << 64
Threads = int | None


def streams(seed: int | Sequence[int] | SeedSequence | None = None) -> "Stream":
    """Return a stream of random numbers that any number of threads draw alike.

    Parameters
    ----------
    seed : None, int, sequence of int or SeedSequence
        What the stream begins with; `None` for the system's entropy.

    Returns
    -------
    Stream
        Whose methods are draws, and `spawn` and `jumped` for streams of one's own.

    Raises
    ------
    ValueError
        If `seed` is, or has, a negative integer.
    TypeError
        If `seed` is none of the above.

    Examples
    --------
    >>> from mlmath_rs import random
    >>> stream = random.streams(1)
    >>> stream.normal(size=3).round(3)
    array([ 0.561, -0.962,  0.025])
    """
    try:
        if isinstance(seed, (bool, float, str)):
            raise TypeError
        return Stream(seed if isinstance(seed, SeedSequence) else SeedSequence(seed))
    except TypeError:
        raise TypeError(
            "seed: expected None, an integer, a sequence of them or a SeedSequence, "
            f"got {type(seed).__name__}"
        ) from None
    except ValueError:
        raise ValueError(f"seed: expected non-negative integers, got {reprlib.repr(seed)}") from None


class Stream:
    """A counter-based stream of random numbers: Philox 4x64 with ten rounds.

    What is drawn depends on the seed, on `position` and on the call, not on the number of threads.
    From `random`, `uniform`, `standard_normal`, `normal`, `exponential` and `integers` each number
    has a word of its own, at `position` and the following: a sample is the same at once or in
    parts. Not so from `bernoulli` and `binomial`, where eight draws share a word and each call begins
    with a new one: their samples are the same in parts only if every part but the last has a
    multiple of eight draws. (With an array of probabilities each draw has a word of its own.) `random`
    has the bits of NumPy's ``Generator`` with the bit generator ``Philox`` of the same seed; the other
    methods have bits of their own, which do not change within a minor version of this package.

    Without `size` a draw is a number, else an array, of float64 or int64. Every method raises
    `TypeError` for an argument of the wrong type, such as a complex parameter, and `ValueError` for
    one out of its range, or if shapes do not broadcast; both name it.

    Parameters
    ----------
    sequence : SeedSequence
        Where the key comes from. Use :func:`streams`.
    position : int
        The number of the word that comes next, from 0 to ``2**64 - 1``. There are no more words: a
        draw past the last raises `ValueError`.

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
    >>> parts = [stream.normal(size=400), stream.normal(size=600, threads=2)]
    >>> bool((np.concatenate(parts) == random.streams(7).normal(size=1000)).all())
    True
    """

    __slots__ = ("_key", "_position", "_sequence")

    def __init__(self, sequence: SeedSequence, position: int = 0) -> None:
        first, second = sequence.generate_state(2, np.uint64)
        self._key = int(first), int(second)
        self._sequence, self.position = sequence, position

    @property
    def position(self) -> int:
        """The number of the word that comes next: an integer from 0 to ``2**64 - 1``, which may be set."""
        return self._position

    @position.setter
    def position(self, position: int) -> None:
        self._position = _whole("position", position, 0, WORD - 1)

    def __repr__(self) -> str:
        return f"Stream({self._sequence!r}, position={self.position})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Stream):
            return NotImplemented
        return self._key == other._key and self.position == other.position

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> Any:
        return Stream, (self._sequence, self.position)

    def spawn(self, count: int) -> list["Stream"]:
        """Return `count` streams that have nothing to do with this one, nor with each other.

        Parameters
        ----------
        count : int, at least 0

        Examples
        --------
        >>> first, second = streams(1).spawn(2)
        >>> first == second
        False
        """
        return [Stream(child) for child in self._sequence.spawn(_whole("count", count, 0, 2**32 - 1))]

    def jumped(self, numbers: int) -> "Stream":
        """Return this stream as it will be after as many further words.

        Parameters
        ----------
        numbers : int
            How many words, which are as many numbers except from `bernoulli` and `binomial`, where eight
            draws share a word. At least 0; the new position has to stay below ``2**64``.

        Examples
        --------
        >>> streams(1).jumped(2).normal() == streams(1).normal(size=3)[2]
        np.True_
        """
        return Stream(self._sequence, self.position + _whole("numbers", numbers, 0, WORD - 1 - self.position))

    def random(self, size: Any = None, *, threads: Threads = None) -> Any:
        """Return numbers from 0 up to, but not including, 1.

        Parameters
        ----------
        size : int or tuple of int, optional
            The shape of the result; without it a number, or an array as the parameters broadcast.
        threads : int, optional
            How many threads at most, at least 1. The numbers are the same.

        Examples
        --------
        >>> streams(1).random(2).round(3)
        array([0.067, 0.079])
        """
        return self._draw(_core.stream_random, (), size, threads)

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Any = None, *, threads: Threads = None) -> Any:
        """Return numbers between `low` and `high`, all equally likely.

        Parameters
        ----------
        low, high : float or array_like of float, `low` at most `high`
        size, threads : as in :meth:`random`

        Examples
        --------
        >>> streams(1).uniform(-1, 1, 2).round(3)
        array([-0.866, -0.842])
        """
        low, high = _real("low", low), _real("high", high)
        numbers = isinstance(low, float) and isinstance(high, float)
        shape = size if numbers else _shape(size, low=low, high=high)
        if high < low if numbers else np.any(high < low):
            raise ValueError(f"high: expected at least low, got low={low!r} and high={high!r}")
        with np.errstate(over="ignore", invalid="ignore"):
            width = high - low
        if not (math.isfinite(width) if numbers else np.all(np.isfinite(width))):
            raise OverflowError(f"uniform: expected ends a finite distance apart, got {low} and {high}")
        if not numbers:
            return low + width * self.random(shape, threads=threads)
        return self._draw(_core.stream_uniform, (low, width), size, threads)

    def standard_normal(self, size: Any = None, *, threads: Threads = None) -> Any:
        """Return normal numbers with mean 0 and standard deviation 1.

        Parameters
        ----------
        size, threads : as in :meth:`random`

        Examples
        --------
        >>> streams(1).standard_normal(2).round(3)
        array([ 0.561, -0.962])
        """
        return self._draw(_core.stream_normal, (0.0, 1.0), size, threads)

    def normal(self, loc: Any = 0.0, scale: Any = 1.0, size: Any = None, *, threads: Threads = None) -> Any:
        """Return normal numbers with mean `loc` and standard deviation `scale`.

        Parameters
        ----------
        loc, scale : float or array_like of float, `scale` at least 0
        size, threads : as in :meth:`random`

        Examples
        --------
        >>> streams(1).normal([0, 100]).round(1)
        array([ 0.6, 99. ])
        """
        loc, scale = (
            _real("loc", loc),
            _within("scale", scale, math.inf, "normal expects it to be at least 0"),
        )
        if isinstance(loc, np.ndarray) or isinstance(scale, np.ndarray):
            shape = _shape(size, loc=loc, scale=scale)
            return loc + scale * self.standard_normal(shape, threads=threads)
        return self._draw(_core.stream_normal, (loc, scale), size, threads)

    def exponential(self, scale: Any = 1.0, size: Any = None, *, threads: Threads = None) -> Any:
        """Return exponential numbers with the mean `scale`.

        Parameters
        ----------
        scale : float or array_like of float, at least 0
        size, threads : as in :meth:`random`

        Examples
        --------
        >>> streams(1).exponential(2.0, 2).round(3)
        array([0.138, 0.165])
        """
        scale = _within("scale", scale, math.inf, "exponential expects it to be at least 0")
        if isinstance(scale, np.ndarray):
            return scale * self.exponential(1.0, _shape(size, scale=scale), threads=threads)
        return self._draw(_core.stream_exponential, (scale,), size, threads)

    def integers(
        self, low: int, high: Any = None, size: Any = None, *, endpoint: bool = False, threads: Threads = None
    ) -> Any:
        """Return whole numbers from `low` up to, but not including, `high`.

        Parameters
        ----------
        low, high : int
            Without `high` they go from 0 up to `low`. There must be a number between them.
        endpoint : bool, whether the upper end is included
        size, threads : as in :meth:`random`

        Examples
        --------
        >>> streams(1).integers(1, 6, 4, endpoint=True)
        array([1, 1, 1, 5])
        """
        first, end = (0, low) if high is None else (_whole("low", low), high)
        end = _whole("low" if high is None else "high", end) + bool(endpoint)
        if not -(2**63) <= first < end <= 2**63:
            raise ValueError(f"integers: expected low < high within 64 bits, got {first} and {end}")
        return self._draw(_core.stream_integers, (first, (end - first) % WORD), size, threads)

    def bernoulli(self, p: Any, size: Any = None, *, threads: Threads = None) -> Any:
        """Return 1 with the probability `p`, else 0.

        Parameters
        ----------
        p : float or array_like of float, from 0 to 1
            Eight draws share a word, but with an array each takes one.
        size, threads : as in :meth:`random`

        Examples
        --------
        >>> streams(1).bernoulli(0.5, 6)
        array([1, 0, 0, 1, 0, 0])
        """
        p = _within("p", p, 1, "expected a probability")
        if isinstance(p, np.ndarray):
            return (self.random(_shape(size, p=p), threads=threads) < p).astype(np.int64)
        place = self._key, self._position
        array, words = _core.stream_bernoulli(place, p, _lengths(size), _threads(threads))
        self.position += words
        return array[()] if size is None else array

    def binomial(self, n: int, p: Any, size: Any = None, *, threads: Threads = None) -> Any:
        """Return how many of `n` trials succeed, each with the probability `p`.

        Parameters
        ----------
        n : int, at least 0
        p : float or array_like of float, from 0 to 1
            Eight trials share a word, but with an array each takes one.
        size, threads : as in :meth:`random`

        Examples
        --------
        >>> streams(1).binomial(10, 0.5, 4)
        array([5, 7, 4, 5])
        """
        n, p = _whole("n", n), _within("p", p, 1, "expected a probability")
        if n < 0:
            raise ValueError(f"n: expected a number of trials, got {n}")
        if n == 1:
            return self.bernoulli(p, size, threads=threads)
        each = p[..., None] if isinstance(p, np.ndarray) else p
        trials = self.bernoulli(each, (*_shape(size, p=p), n), threads=threads)
        return np.count_nonzero(trials, axis=-1)[()]

    def permutation(self, x: Any) -> Any:
        """Return the items of `x`, or the numbers below it, in an order of which all are equally likely.

        Parameters
        ----------
        x : int or array_like

        Examples
        --------
        >>> streams(1).permutation(5)
        array([4, 2, 0, 3, 1])
        """
        if isinstance(x, (int, np.integer)):
            return self._order(_whole("x", x, 0, 2**63))
        x = _items("x", x)
        return x[self._order(len(x))]

    def shuffle(self, x: Any) -> None:
        """Put the items of `x` into such an order as `permutation` does, in place.

        Parameters
        ----------
        x : list, ndarray or other mutable sequence

        Examples
        --------
        >>> items = list("abc")
        >>> streams(1).shuffle(items)
        >>> items
        ['b', 'c', 'a']
        """
        mutable = hasattr(x, "__setitem__") and hasattr(x, "__len__") and not isinstance(x, Mapping)
        if not mutable or getattr(x, "ndim", 1) == 0:
            raise TypeError(f"x: expected a mutable sequence, got {reprlib.repr(x)}")
        order = self._order(len(x))
        x[:] = x[order] if isinstance(x, np.ndarray) else [x[place] for place in order]

    def choice(self, a: Any, size: Any = None, replace: bool = True) -> Any:
        """Return items of `a`, or numbers below it, all equally likely.

        Parameters
        ----------
        a : int or array_like
        size : as in :meth:`random`
        replace : bool
            If not, each at most once: a sixteenth of them or fewer by drawing until they differ, more
            from a permutation. The bits, and how many words it takes, are this version's.

        Examples
        --------
        >>> streams(1).choice(10**12, 3, replace=False)
        array([66802009339, 79012982354,  5777118030])
        """
        if not isinstance(replace, (bool, np.bool_)):
            raise TypeError(f"replace: expected True or False, got {replace!r}")
        items = None if isinstance(a, (int, np.integer)) else _items("a", a)
        count = int(a) if items is None else len(items)
        if not 0 < count <= 2**63:
            raise ValueError(f"a: expected items to choose from, got {'none' if count == 0 else count}")
        lengths = _lengths(size)
        if replace:
            places = self.integers(count, size=lengths)
        elif (taken := math.prod(lengths)) > count:
            raise ValueError(f"size: expected at most {count} without replacement, got {lengths}")
        else:
            drawn = self._distinct(count, taken) if taken <= count // 16 else self._order(count)[:taken]
            places = drawn.reshape(lengths)
        return places[()] if items is None else items[places[()]]

    def _draw(self, kernel: Any, parameters: tuple[Any, ...], size: Any, threads: int | None) -> Any:
        array = kernel((self._key, self._position), *parameters, _lengths(size), _threads(threads))
        self.position += array.size
        return array[()] if size is None else array

    def _order(self, count: int) -> Any:
        order = _core.stream_permutation((self._key, self._position), count)
        self.position += count
        return order

    def _distinct(self, count: int, taken: int) -> Any:
        drawn = np.empty(0, dtype=np.int64)  # the first that differ, of as many as it takes
        while len(drawn) < taken:
            drawn = np.concatenate([drawn, self.integers(count, size=taken - len(drawn))])
            drawn = drawn[np.sort(np.unique(drawn, return_index=True)[1])]
        return drawn


def _whole(name: str, value: Any, low: int | None = None, high: int | None = None) -> int:
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name}: expected an integer, got {reprlib.repr(value)}") from None
    if low is not None and high is not None and not low <= number <= high:
        raise ValueError(f"{name}: expected an integer from {low} to {high}, got {number}")
    return number


def _real(name: str, value: Any) -> Any:
    if type(value) is float:
        return value
    try:
        array = np.asarray(value)
        if array.dtype.kind in "biuf" or isinstance(value, int):
            return array.astype(float) if array.ndim else float(array)
    except (ValueError, OverflowError):  # a ragged list, an integer beyond all floats
        pass
    raise TypeError(f"{name}: expected a real number or an array of them, got {reprlib.repr(value)}")


def _within(name: str, value: Any, high: float, expected: str) -> Any:
    number = _real(name, value)
    fits = (number >= 0) & (number <= high)
    if fits is not True and not np.all(fits):
        raise ValueError(f"{name}: {expected}, got {reprlib.repr(value)}")
    return number


def _items(name: str, value: Any) -> Any:
    array = np.asarray(value)
    if array.ndim == 0:
        raise TypeError(f"{name}: expected an integer or a sequence of items, got {reprlib.repr(value)}")
    return array


def _threads(threads: Any) -> int | None:
    return None if threads is None else _whole("threads", threads, 1, 2**63 - 1)


def _lengths(size: Any) -> tuple[int, ...]:
    if size is None:
        return ()
    try:
        lengths = (size,) if isinstance(size, (int, np.integer)) else tuple(size)
        lengths = tuple(operator.index(length) for length in lengths)
    except TypeError:
        raise TypeError(f"size: expected an integer or a tuple of them, got {reprlib.repr(size)}") from None
    if any(length < 0 for length in lengths):
        raise ValueError(f"size: expected lengths of at least 0, got {size!r}")
    return lengths


def _shape(size: Any, **parameters: Any) -> tuple[int, ...]:
    shapes = {name: np.shape(value) for name, value in parameters.items()}
    shapes |= {} if size is None else {"size": _lengths(size)}
    try:
        shape = np.broadcast_shapes(*shapes.values())
    except ValueError:
        shape = None
    if shape is None or shape != shapes.get("size", shape):
        said = ", ".join(f"{name} {each}" for name, each in shapes.items())
        raise ValueError(f"{', '.join(shapes)}: expected shapes that broadcast, got {said}")
    return shape
