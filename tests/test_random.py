"""Random numbers: NumPy's bits for NumPy's seeds, one hidden generator, and what `rng=` may be."""

import pickle
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mlmath_rs import random

SEEDS = st.integers(0, 2**64)
SHAPES = st.one_of(st.none(), st.integers(0, 20), st.tuples(st.integers(0, 4), st.integers(0, 4)))

# Function of the module, the generator's method, and its arguments before `size`.
DRAWS = [
    ("random", "random", ()),
    ("uniform", "uniform", (-2, 3)),
    ("uniform", "uniform", ([0, 1], [[1], [5]])),
    ("normal", "normal", (3, 0.5)),
    ("normal", "normal", (0, [1.0, 0.0])),
    ("standard_normal", "standard_normal", ()),
    ("exponential", "exponential", (2,)),
    ("binomial", "binomial", (1, 0.3)),
    ("binomial", "binomial", (1000, 0.7)),
    ("binomial", "binomial", ([1, 50], 0.5)),
    ("randint", "integers", (5, 70)),
    ("randint", "integers", (0, 2**62)),
]


@given(SEEDS, SHAPES)
def test_a_seed_gives_numpys_bits(seed, size):
    for ours, numpys, arguments in DRAWS:
        if size is not None and any(np.ndim(a) for a in arguments):
            continue
        random.seed(seed)
        more = {} if any(np.ndim(a) for a in arguments) else {"size": size}
        got = getattr(random, ours)(*arguments, **more)
        expected = getattr(np.random.default_rng(seed), numpys)(*arguments, **more)
        np.testing.assert_array_equal(got, expected)
        assert np.shape(got) == np.shape(expected) and np.asarray(got).dtype == np.asarray(expected).dtype


@given(SEEDS, st.integers(1, 30))
def test_a_seed_gives_numpys_order(seed, n):
    for method in ("permutation", "choice"):
        random.seed(seed)
        got = getattr(random, method)(n)
        assert np.array_equal(got, getattr(np.random.default_rng(seed), method)(n))
    random.seed(seed)
    ours, numpys = list(range(n)), list(range(n))
    random.shuffle(ours)
    np.random.default_rng(seed).shuffle(numpys)
    assert ours == numpys


def test_shapes_may_be_spelt_as_arguments():
    random.seed(3)
    got = random.rand(2, 3), random.randn(2), random.rand(), random.randn()
    rng = np.random.default_rng(3)
    expected = rng.random((2, 3)), rng.standard_normal(2), rng.random(), rng.standard_normal()
    for a, b in zip(got, expected):
        np.testing.assert_array_equal(a, b)
    assert isinstance(got[2], float)


def test_seeds_may_be_anything_that_numpy_takes():
    sequence = np.random.SeedSequence(7)
    for seed in (7, [1, 2, 3], sequence, np.int64(7)):
        random.seed(seed)
        assert random.random() == np.random.default_rng(seed).random()
    random.seed(None)
    first = random.random(4)
    random.seed()
    assert not np.array_equal(first, random.random(4))
    with pytest.raises(ValueError):
        random.seed(-1)
    with pytest.raises(TypeError):
        random.seed("seven")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: random.normal(0, -1), ValueError, "scale < 0"),
        (lambda: random.exponential(-1), ValueError, "scale < 0"),
        (lambda: random.uniform(0, np.inf), OverflowError, "range exceeds valid bounds"),
        (lambda: random.binomial(-1, 0.5), ValueError, "n < 0"),
        (lambda: random.binomial(2, 1.5), ValueError, "p < 0, p > 1 or p is NaN"),
        (lambda: random.randint(5, 5), ValueError, "low >= high"),
        (lambda: random.choice(0), ValueError, "a must be"),
        (lambda: random.normal(size=-1), ValueError, "negative"),
    ],
)
def test_what_is_impossible_is_refused_in_numpys_words(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_an_argument_rng_may_be_a_seed_or_a_generator():
    assert random.as_generator(5).random() == np.random.default_rng(5).random()
    assert random.as_generator([5, 6]).random() == np.random.default_rng([5, 6]).random()
    for rng in (random.default_rng(1), np.random.default_rng(1)):
        assert random.as_generator(rng) is rng
    bits = np.random.PCG64(1)
    assert random.as_generator(bits).bit_generator is bits
    random.seed(9)
    drawn = random.as_generator(None).random(), random.random()
    assert drawn == tuple(np.random.default_rng(9).random(2))


@pytest.mark.parametrize("wrong", ["seed", 1.5, True, np.random.RandomState(0)])
def test_an_argument_rng_that_is_neither_is_refused(wrong):
    with pytest.raises(TypeError, match="rng: expected"):
        random.as_generator(wrong)


def test_a_generator_is_pickled_with_its_state():
    rng = random.default_rng(11)
    rng.normal(size=5)
    copy = pickle.loads(pickle.dumps(rng))
    np.testing.assert_array_equal(copy.normal(size=5), rng.normal(size=5))


def test_threads_share_the_hidden_generator_without_drawing_twice():
    random.seed(21)
    parts = [None] * 4

    def draw(index):
        parts[index] = [random.random() for _ in range(500)]

    threads = [threading.Thread(target=draw, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = np.random.default_rng(21).random(2000)
    assert sorted(number for part in parts for number in part) == sorted(expected.tolist())


@pytest.mark.parametrize(
    ("draw", "cdf"),
    [
        (lambda: random.uniform(-1, 3, 20_000), stats.uniform(-1, 4).cdf),
        (lambda: random.normal(2, 3, 20_000), stats.norm(2, 3).cdf),
        (lambda: random.exponential(2, 20_000), stats.expon(scale=2).cdf),
    ],
)
def test_draws_follow_their_distribution(draw, cdf):
    random.seed(4)
    assert stats.kstest(draw(), cdf).pvalue > 1e-3
