"""Our functions in the place of NumPy's and SciPy's, while one of their tests runs."""

import importlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import numpy as np

import mlmath_rs

# Where their functions are reached, and where ours of the same names are.
PLACES = {"numpy": "", "numpy.linalg": "linalg", "scipy.linalg": "linalg"}

# The linear algebra among the names that we share with NumPy's top level.
TOP_LEVEL = "cross dot einsum inner kron matmul matvec outer tensordot trace vdot vecdot vecmat".split()


class Ours:
    """Our function under their name; it remembers whether a test has reached it."""

    def __init__(self, name: str, function: Any) -> None:
        self.name = name
        self.function = function
        self.reached = False

    def __call__(self, *args: Any, **options: Any) -> Any:
        self.reached = True
        return self.function(*args, **options)

    def __getattr__(self, name: str) -> Any:
        if name not in {"__name__", "__qualname__", "__doc__", "__signature__", "__wrapped__"}:
            self.reached = True
        return getattr(self.function, name)

    def __repr__(self) -> str:
        return f"<our {self.name}>"


def all_swaps() -> dict[int, tuple[str, str, Any, Ours]]:
    """Return, by the identity of their function: its module, its name, the function, and ours."""
    swaps = {}
    for place, area in PLACES.items():
        theirs = importlib.import_module(place)
        module = getattr(mlmath_rs, area) if area else mlmath_rs
        for name in module.__all__ if area else TOP_LEVEL:
            original, ours = getattr(theirs, name, None), getattr(module, name)
            # Names that NumPy and SciPy share mean NumPy's function, with its arguments.
            if place == "scipy.linalg" and hasattr(np.linalg, name):
                continue
            if callable(original) and not isinstance(original, type) and original is not ours:
                swaps[id(original)] = (place, name, original, Ours(f"{place}.{name}", ours))
    return swaps


@contextmanager
def swapped(swaps: dict, module: Any, owner: Any, parameters: dict) -> Iterator[None]:
    """Replace their functions where a test of `module` and of its class `owner` reaches them."""

    def ours(value: Any) -> Any:
        found = swaps.get(id(value))
        return found[3] if found else None

    with ExitStack() as patches:
        for place, name, _, function in swaps.values():
            function.reached = False
            patches.enter_context(mock.patch(f"{place}.{name}", function))
        for holder in (module, *(owner.__mro__[:-1] if owner else ())):
            for name, value in list(vars(holder).items()):
                if found := ours(value.__func__ if isinstance(value, staticmethod) else value):
                    patches.enter_context(mock.patch.object(holder, name, found))
        given = {name: found for name, value in parameters.items() if (found := ours(value))}
        patches.enter_context(mock.patch.dict(parameters, given))
        yield
