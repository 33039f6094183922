"""Every case agrees with its reference, for every dtype and size."""

import pytest

from mlmath_rs.bench.cases import all_cases


@pytest.mark.parametrize(
    ("case", "size", "dtype"),
    [
        pytest.param(case, size, dtype, id=f"{case.id}-{size}-{dtype}")
        for case in all_cases()
        for size in case.sizes
        for dtype in case.dtypes
    ],
)
def test_agrees_with_reference(case, size, dtype):
    case.check(size, dtype)
