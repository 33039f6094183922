"""The cases of every area: one list, read by the parity test, the benchmark and the comparison."""

import importlib
import pkgutil

from mlmath_rs.bench.case import Case

__all__ = ["all_cases"]


def all_cases() -> list[Case]:
    """Return the cases of all areas, in the order of the areas' names.

    Examples
    --------
    >>> from mlmath_rs.bench.cases import all_cases
    >>> len({case.id for case in all_cases()}) == len(all_cases())
    True
    """
    cases: list[Case] = []
    for module in pkgutil.iter_modules(__path__):
        cases += importlib.import_module(f"{__name__}.{module.name}").CASES
    return cases
