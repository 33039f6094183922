"""Times every case and its reference side by side: `make bench`."""

import pytest

from mlmath_rs.bench.cases import all_cases


@pytest.mark.parametrize("side", ["ours", "reference"])
@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.id)
def test_bench(benchmark, case, side):
    size, dtype = case.sizes[-1], case.dtypes[0]
    case.check(size, dtype)  # a fast wrong answer is no result
    benchmark.group = f"{case.id} n={size}"
    call = case.ours if side == "ours" else case.resolve()
    benchmark(call, *case.arguments(size, dtype))
