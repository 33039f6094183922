"""Streams by counter, and NumPy's bits from our own kernels."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mlmath_rs import random

LARGE = 5000


@pytest.mark.parametrize("seed", [0, 1, 2**100, [3, 4]])
def test_uniform_numbers_are_those_of_numpys_philox(seed):
    stream, numpys = random.streams(seed), np.random.Generator(np.random.Philox(seed))
    for size in (1, 3, (2, 5), 1001):
        np.testing.assert_array_equal(stream.random(size), numpys.random(size))


DRAWS = {
    "random": lambda s, n, **k: s.random(n, **k),
    "uniform": lambda s, n, **k: s.uniform(-1.0, 3.0, n, **k),
    "standard_normal": lambda s, n, **k: s.standard_normal(n, **k),
    "normal": lambda s, n, **k: s.normal(2.0, 0.5, n, **k),
    "exponential": lambda s, n, **k: s.exponential(2.0, n, **k),
    "integers": lambda s, n, **k: s.integers(-5, 9, n, **k),
    "bernoulli": lambda s, n, **k: s.bernoulli(0.3, n, **k),
}


@pytest.mark.parametrize("name", DRAWS)
def test_draws_do_not_depend_on_the_number_of_threads(name):
    draws = [DRAWS[name](random.streams(5), 300_000, threads=threads) for threads in (1, 2, 3, 8)]
    assert all(np.array_equal(draws[0], each) for each in draws[1:])


@given(st.integers(0, 2**64), st.lists(st.integers(0, 50), max_size=6))
@settings(max_examples=50, deadline=None)
def test_a_sample_in_parts_is_the_sample(seed, lengths):
    for name in set(DRAWS) - {"bernoulli"}:  # whose draws share words
        stream, again = random.streams(seed), random.streams(seed)
        parts = [DRAWS[name](stream, length) for length in lengths]
        whole = DRAWS[name](again, sum(lengths))
        np.testing.assert_array_equal(np.concatenate([*parts, whole[:0]]), whole)
        assert stream == again


LAWS = {
    "random": stats.uniform().cdf,
    "uniform": stats.uniform(-1.0, 4.0).cdf,
    "standard_normal": stats.norm().cdf,
    "normal": stats.norm(2.0, 0.5).cdf,
    "exponential": stats.expon(scale=2.0).cdf,
}


@pytest.mark.parametrize("name", LAWS)
def test_samples_follow_their_law(name):
    assert stats.kstest(DRAWS[name](random.streams(11), 200_000), LAWS[name]).pvalue > 1e-4


@pytest.mark.parametrize(("n", "p"), [(1, 0.3), (1, 0.001), (1, 0.0), (1, 1.0), (10, 0.7), (0, 0.5)])
def test_successes_are_as_many_as_they_should_be(n, p):
    drawn = random.streams(3).binomial(n, p, 100_000)
    assert drawn.dtype == np.int64
    counts = np.bincount(drawn, minlength=n + 1)
    expected = stats.binom(n, p).pmf(np.arange(n + 1)) * len(drawn)
    seen = expected > 0
    assert counts[~seen].sum() == 0
    assert seen.sum() == 1 or stats.chisquare(counts[seen], expected[seen]).pvalue > 1e-4


def test_whole_numbers_and_orders_are_equally_likely():
    stream = random.streams(4)
    assert stats.chisquare(np.bincount(stream.integers(7, size=70_000))).pvalue > 1e-4
    assert set(stream.integers(1, 6, 1000, endpoint=True)) == {1, 2, 3, 4, 5, 6}
    orders = [tuple(stream.permutation(3)) for _ in range(6000)]
    assert stats.chisquare([orders.count(each) for each in sorted(set(orders))]).pvalue > 1e-4
    items = list("abcdef")
    stream.shuffle(items)
    assert sorted(items) == list("abcdef")
    chosen = stream.choice(10, (2, 5), replace=False)
    assert chosen.shape == (2, 5) and sorted(chosen.ravel()) == list(range(10))
    assert stream.choice(["a", "b"]) in {"a", "b"}


def test_streams_are_apart_and_can_be_set():
    stream = random.streams(1)
    first, second = stream.spawn(2)
    assert not np.isin(first.random(100), second.random(100)).any()
    ahead = stream.jumped(10)
    assert np.array_equal(stream.random(15)[10:], ahead.random(5))
    assert stream == ahead != first
    for clone in (pickle.loads(pickle.dumps(stream)), copy.deepcopy(stream)):
        assert clone == stream and np.array_equal(clone.random(3), stream.jumped(0).random(3))
    assert "position=15" in repr(stream)


def test_parameters_broadcast():
    stream = random.streams(1)
    assert stream.normal([0.0, 1e6], [[1.0], [0.0]]).shape == (2, 2)
    assert (abs(stream.normal([0.0, 1e6], 1.0, (50, 2)).mean(axis=0) - [0, 1e6]) < 1).all()
    assert stream.uniform([0, 10], [1, 11], (100, 2)).max() < 11
    assert stream.exponential([1.0, 2.0]).shape == (2,)
    assert isinstance(stream.normal(), np.float64) and isinstance(stream.integers(3), np.int64)
    assert stream.random(()).shape == () and stream.random((2, 0)).size == 0


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: random.streams(-1), ValueError, "seed: expected non-negative integers, got -1"),
        (lambda: random.streams(1.5), TypeError, "seed: expected None, an integer"),
        (
            lambda: random.streams(1).normal(0, -1),
            ValueError,
            "scale: normal expects it to be at least 0, got -1",
        ),
        (lambda: random.streams(1).normal(0, np.nan), ValueError, "scale"),
        (lambda: random.streams(1).bernoulli(1.5), ValueError, "p: expected a probability, got 1.5"),
        (lambda: random.streams(1).binomial(-1, 0.5), ValueError, "n: expected a number of trials"),
        (lambda: random.streams(1).integers(3, 3), ValueError, "low < high"),
        (lambda: random.streams(1).random(-1), ValueError, "size: expected lengths of at least 0, got -1"),
        (lambda: random.streams(1).uniform(-1e308, 1e308), OverflowError, "finite distance"),
        (lambda: random.streams(1).choice([]), ValueError, "items to choose from"),
        (lambda: random.streams(1).choice(3, 4, replace=False), ValueError, "at most 3"),
        (
            lambda: random.streams(1).random(3, threads=0),
            ValueError,
            "threads: expected an integer from 1 to",
        ),
        (lambda: random.streams(random.default_rng(1)), TypeError, "seed: expected .* got Generator"),
        (lambda: random.streams(random.streams(1)), TypeError, "seed: expected .* got Stream"),
        (lambda: random.streams([1, -1]), ValueError, "seed: expected non-negative"),
        (lambda: random.default_rng("a"), TypeError, "seed: expected None, an integer, .* got str"),
    ],
)
def test_bad_arguments_are_named(call, error, words):
    with pytest.raises(error, match=words):
        call()


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda s: s.normal(size=2.5), TypeError, "size: expected an integer or a tuple of them, got 2.5"),
        (lambda s: s.normal(size="a"), TypeError, "size: expected an integer or a tuple of them, got 'a'"),
        (lambda s: s.normal(size=(2, 1.5)), TypeError, "size: expected"),
        (lambda s: s.normal("a"), TypeError, "loc: expected a real number or an array of them, got 'a'"),
        (lambda s: s.normal(0, "1"), TypeError, "scale: expected a real number"),
        (lambda s: s.normal([[1], [2, 3]]), TypeError, "loc: expected a real number"),
        (lambda s: s.exponential("a"), TypeError, "scale: expected a real number"),
        (lambda s: s.normal(1j), TypeError, "loc: expected a real number"),
        (lambda s: s.normal(0, [1j]), TypeError, "scale: expected a real number"),
        (lambda s: s.exponential(np.complex128(1)), TypeError, "scale: expected a real number"),
        (lambda s: s.uniform(0, 1j), TypeError, "high: expected a real number"),
        (lambda s: s.bernoulli(0.5j), TypeError, "p: expected a real number"),
        (lambda s: s.integers("a"), TypeError, "low: expected an integer, got 'a'"),
        (lambda s: s.integers(1.5), TypeError, "low: expected an integer, got 1.5"),
        (lambda s: s.integers(1, [3]), TypeError, r"high: expected an integer, got \[3\]"),
        (lambda s: s.random(3, threads="a"), TypeError, "threads: expected an integer, got 'a'"),
        (lambda s: s.bernoulli(0.5, 3, threads=-1), ValueError, "threads: .* got -1"),
        (lambda s: s.choice(2.5), TypeError, "a: expected an integer or a sequence of items, got 2.5"),
        (lambda s: s.choice("abc"), TypeError, "a: expected an integer or a sequence"),
        (lambda s: s.choice(None), TypeError, "a: expected an integer or a sequence"),
        (lambda s: s.choice(-1), ValueError, "a: expected items to choose from, got -1"),
        (lambda s: s.choice(3, 2, replace="no"), TypeError, "replace: expected True or False, got 'no'"),
        (lambda s: s.permutation(2.5), TypeError, "x: expected an integer or a sequence"),
        (lambda s: s.permutation(-1), ValueError, "x: expected an integer from 0 .* got -1"),
        (lambda s: s.spawn(-1), ValueError, "count: expected an integer from 0 .* got -1"),
        (lambda s: s.spawn("a"), TypeError, "count: expected an integer, got 'a'"),
        (lambda s: s.shuffle(5), TypeError, "x: expected a mutable sequence, got 5"),
        (lambda s: s.shuffle((1, 2)), TypeError, "x: expected a mutable sequence"),
        (lambda s: s.shuffle({0: 1}), TypeError, "x: expected a mutable sequence"),
        (lambda s: s.shuffle(np.array(1)), TypeError, "x: expected a mutable sequence"),
        (
            lambda s: s.normal([0, 100], size=3),
            ValueError,
            r"loc, scale, size: expected shapes that broadcast, got loc \(2,\), scale \(\), size \(3,\)",
        ),
        (lambda s: s.normal([0, 100], size=1), ValueError, "loc, scale, size"),
        (lambda s: s.uniform([0, 1], [2, 3, 4]), ValueError, "low, high: expected shapes"),
        (lambda s: s.uniform(3, 1), ValueError, "high: expected at least low, got low=3.0 and high=1.0"),
        (lambda s: s.uniform([0, 3], 1), ValueError, "high: expected at least low"),
        (lambda s: s.uniform([0, np.inf], np.inf), OverflowError, "finite distance"),
        (lambda s: s.bernoulli([0.5, 2]), ValueError, "p: expected a probability"),
        (lambda s: s.bernoulli([0.5, 0.5], 3), ValueError, "p, size: expected shapes"),
        (lambda s: s.binomial([3, 4], 0.5), TypeError, r"n: expected an integer, got \[3, 4\]"),
        (lambda s: s.jumped(-1), ValueError, "numbers: expected an integer from 0 .* got -1"),
        (lambda s: s.jumped(2**64), ValueError, "numbers: expected"),
        (
            lambda s: s.jumped(2**64 - 1).jumped(1),
            ValueError,
            "numbers: expected an integer from 0 to 0, got 1",
        ),
        (lambda s: s.jumped(1.5), TypeError, "numbers: expected an integer, got 1.5"),
        (lambda s: setattr(s, "position", -1), ValueError, "position: expected an integer from 0 to"),
        (lambda s: setattr(s, "position", 2**64), ValueError, "position: expected"),
        (lambda s: setattr(s, "position", "a"), TypeError, "position: expected an integer, got 'a'"),
    ],
)
def test_a_stream_names_bad_arguments_and_stays_where_it_is(call, error, words):
    stream = random.streams(1)
    with pytest.raises(error, match=words):
        call(stream)
    assert stream.position in {0, 2**64 - 1}


def test_the_position_is_checked_and_ends():
    stream, ahead = random.streams(1), random.streams(1)
    stream.position = np.uint64(10)
    assert type(stream.position) is int and stream == ahead.jumped(np.int64(10))
    stream.position = 2**64 - 3
    for draw in (stream.random, stream.permutation, lambda n: stream.bernoulli(0.5, 8 * n)):
        with pytest.raises(ValueError, match="position: expected an integer from 0 to"):
            draw(3)
    assert stream.position == 2**64 - 3
    stream.random(2)
    assert stream.position == 2**64 - 1


def test_eight_draws_of_zero_or_one_share_a_word():
    stream, again = random.streams(2), random.streams(2)
    whole = stream.bernoulli(0.3, 40)
    assert stream.position == 5
    assert np.array_equal(np.concatenate([again.bernoulli(0.3, n) for n in (8, 24, 8)]), whole)
    stream.bernoulli(0.5)
    assert stream.position == 6  # a call begins with a new word
    stream.binomial(3, 0.5, 5)
    assert stream.position == 8


def test_an_array_of_probabilities_takes_a_word_each():
    stream = random.streams(3)
    assert np.array_equal(stream.bernoulli([0, 1, 0.0, 1.0]), [0, 1, 0, 1]) and stream.position == 4
    means = stream.bernoulli([[0.1], [0.9]], (2, 20_000)).mean(axis=1)
    np.testing.assert_allclose(means, [0.1, 0.9], atol=0.02)
    drawn = stream.binomial(10, [0.2, 1.0, 0.0], (20_000, 3))
    assert drawn.dtype == np.int64 and (drawn[:, 1:] == [10, 0]).all()
    counts, expected = np.bincount(drawn[:, 0], minlength=11)[:7], stats.binom(10, 0.2).pmf(np.arange(7))
    np.testing.assert_allclose(counts / 20_000, expected, atol=0.02)
    assert stream.binomial(1, [0.0, 1.0]).tolist() == [0, 1]


def test_a_few_of_many_are_chosen_without_room_for_all():
    stream = random.streams(5)
    chosen = stream.choice(10**12, 3, replace=False)
    assert len(set(chosen.tolist())) == 3 and chosen.max() < 10**12
    assert 0 <= stream.choice(2**63) < 2**63
    pairs = [tuple(stream.choice(32, 2, replace=False)) for _ in range(20_000)]
    assert all(a != b for a, b in pairs)
    cells = np.bincount([a * 32 + b for a, b in pairs], minlength=1024).reshape(32, 32)
    assert stats.chisquare(cells[~np.eye(32, dtype=bool)]).pvalue > 1e-4
    assert len(set(stream.choice(1600, 100, replace=False))) == 100
    assert stream.choice(100, 0, replace=False).shape == (0,)
    assert stream.choice(["a", "b"], replace=False) in {"a", "b"}
    nested = [[1], [2, 3]]
    stream.shuffle(nested)
    assert sorted(nested) == [[1], [2, 3]]


NUMPYS = [
    ("random", ()),
    ("standard_normal", ()),
    ("normal", (3.0, 0.5)),
    ("normal", (0, 2)),
    ("uniform", (-1, 2)),
    ("exponential", (2.0,)),
]


@given(st.integers(0, 2**64), st.integers(LARGE, 3 * LARGE), st.sampled_from(NUMPYS))
@settings(max_examples=60, deadline=None)
def test_large_samples_are_numpys_and_so_is_the_state(seed, n, draw):
    method, arguments = draw
    ours, numpys = random.default_rng(seed), np.random.default_rng(seed)
    for size in (n, 3, (2, n // 2 + 1)):
        got, expected = (getattr(each, method)(*arguments, size=size) for each in (ours, numpys))
        np.testing.assert_array_equal(got, expected)
    assert ours.bit_generator.state == numpys.bit_generator.state


def test_tails_of_the_normal_distribution_are_numpys():
    got, expected = random.default_rng(1).normal(size=10**6), np.random.default_rng(1).normal(size=10**6)
    assert (abs(expected) > 3.6541528853610088).sum() > 100
    np.testing.assert_array_equal(got, expected)


def test_a_generator_stays_one():
    ours = random.default_rng(3)
    assert isinstance(ours, np.random.Generator)
    for clone in (pickle.loads(pickle.dumps(ours)), copy.deepcopy(ours)):
        assert type(clone) is random.Generator
        np.testing.assert_array_equal(clone.normal(size=LARGE), copy.deepcopy(ours).normal(size=LARGE))
    assert all(type(each) is random.Generator for each in ours.spawn(2))
    assert random.default_rng(ours) is ours
    philox = random.Generator(np.random.Philox(1))
    expected = np.random.Generator(np.random.Philox(1)).normal(size=LARGE)
    np.testing.assert_array_equal(philox.normal(size=LARGE), expected)
    for bad in (-1, (LARGE, -1), 1.5):
        with pytest.raises((ValueError, TypeError)):
            ours.random(bad)
    with pytest.raises(ValueError, match="scale"):
        ours.normal(0.0, -1.0, LARGE)
    assert ours.random(LARGE, dtype=np.float32).dtype == np.float32
    out = np.empty(LARGE)
    assert ours.standard_normal(out=out) is out
