"""What holds for every function of linear algebra: bits, layouts, inputs, NaN and infinity."""

import numpy as np
import pytest

from linalg_calls import CALLS, PUBLIC
from mlmath_rs.threads import thread_limit

# Of one matrix and of stacks: large enough that the work is shared among threads.
SHAPES = [(150, ()), (40, (24,)), (4, (3000,))]


def named(names):
    return pytest.mark.parametrize("name", names)


def test_every_function_has_its_call():
    assert set(PUBLIC) <= set(CALLS), "a function without an entry in linalg_calls.CALLS"


def bits(arrays):
    return [(array.shape, array.dtype, array.tobytes()) for array in arrays]


@pytest.mark.parametrize("dtype", ["d", "F"])
@named(PUBLIC)
def test_the_number_of_threads_changes_no_bit(name, dtype):
    call = CALLS[name]
    dtype = dtype if dtype in call.dtypes else "f"
    for n, stack in SHAPES if call.stacks else SHAPES[:1]:
        arguments = call.arguments(n, dtype, stack)
        with thread_limit(1):
            alone = bits(call(*arguments))
        for count in (2, 3, 8):
            with thread_limit(count):
                assert bits(call(*arguments)) == alone, (n, stack, count)


def strided(array):
    """The same numbers, every second one in memory, from the last to the first."""
    wide = np.zeros([2 * length for length in array.shape], array.dtype)
    view = wide[tuple(slice(None, None, -2) for _ in array.shape)]
    view[...] = array
    return view


def read_only(array):
    array = array.copy()
    array.flags.writeable = False
    return array


def unaligned(array):
    buffer = np.zeros(array.nbytes + 1, np.uint8)
    view = buffer[1:].view(array.dtype).reshape(array.shape)
    view[...] = array
    return view


LAYOUTS = {
    "strided": strided,
    "read-only": read_only,
    "Fortran order": lambda array: np.asarray(array, order="F"),
    "other byte order": lambda array: array.astype(array.dtype.newbyteorder()),
    "unaligned": unaligned,
}


@pytest.mark.parametrize("layout", LAYOUTS)
@named(PUBLIC)
def test_the_layout_changes_no_answer_and_no_input_is_written(name, layout):
    call = CALLS[name]
    for dtype in call.dtypes:
        for n, stack in ((5, ()), (20, ()), (5, (3,))) if call.stacks else ((5, ()), (20, ())):
            plain = call.arguments(n, dtype, stack)
            expected = call(*plain)
            assert bits(plain) == bits(call.arguments(n, dtype, stack))
            arguments = [LAYOUTS[layout](array) for array in plain]
            before = bits(arguments)
            got = call(*arguments)
            assert bits(arguments) == before
            for ours, contiguous in zip(got, expected, strict=True):
                assert ours.dtype.newbyteorder("=") == contiguous.dtype  # views keep their order
                np.testing.assert_allclose(ours, contiguous, rtol=0, atol=200 * eps(ours) * size(contiguous))


def eps(array):
    return np.finfo(array.dtype).eps if array.dtype.kind in "fc" else 0


def size(array):
    return np.abs(array).max(initial=0) if array.dtype.kind in "fc" else 0


# The condition of a matrix that holds infinity is infinite, as NumPy's.
FINITE = {("linalg.rcond", np.inf)}


@pytest.mark.parametrize(
    ("name", "bad"), [(name, bad) for name in PUBLIC for bad in (np.nan, np.inf) if (name, bad) not in FINITE]
)
def test_nan_and_infinity_never_give_finite_numbers(name, bad):
    call = CALLS[name]
    for dtype in call.dtypes:
        for n in (2, 4, 20):
            for place in range(len(call.kinds)):
                arguments = call.arguments(n, dtype)
                arguments[place][(0,) * arguments[place].ndim] = bad
                try:
                    with np.errstate(all="ignore"):
                        found = call(*arguments)
                except ValueError:  # of which LinAlgError is one
                    continue
                assert not all(np.isfinite(array).all() for array in found), (n, dtype, place)
