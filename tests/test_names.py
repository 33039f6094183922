"""The names at the top level: NumPy's where a learner expects them, ours where we have them."""

import subprocess
import sys

import numpy
import pytest

import mlmath_rs
from mlmath_rs import _numpy, _standing_in, linalg

REEXPORTED = [*_numpy.__all__, *_standing_in.__all__]
OURS = [name for name in mlmath_rs.__all__ if name not in REEXPORTED]


@pytest.mark.parametrize("name", REEXPORTED)
def test_a_name_of_numpys_is_numpys_own_object(name):
    assert getattr(mlmath_rs, name) is getattr(numpy, name)
    assert name in mlmath_rs.__all__


def test_no_name_is_listed_twice():
    assert len(mlmath_rs.__all__) == len(set(mlmath_rs.__all__))


def test_what_is_ours_hides_what_is_numpys():
    for name in "matmul dot transpose mean std var median histogram linalg".split():
        assert name in OURS
        assert getattr(mlmath_rs, name) is not getattr(numpy, name)


def test_every_name_of_the_tutorial_is_there():
    names = "array dot matmul transpose linalg.inv linalg.eig mean std".split()
    for name in names:
        assert callable(eval(f"mlmath_rs.{name}"))


def test_a_name_that_only_numpy_has_is_refused_with_a_hint():
    with pytest.raises(AttributeError, match=r"^mlmath_rs has no 'fft'; use numpy\.fft$"):
        mlmath_rs.fft
    with pytest.raises(AttributeError, match=r"^mlmath_rs\.linalg has no 'tensorsolve'; use numpy\.linalg\."):
        linalg.tensorsolve


@pytest.mark.parametrize("module", [mlmath_rs, linalg], ids=lambda module: module.__name__)
def test_a_name_that_nobody_has_is_the_ordinary_error(module):
    with pytest.raises(AttributeError, match=rf"^module '{module.__name__}' has no attribute 'nonsense'$"):
        module.nonsense
    assert not hasattr(module, "__wrapped__")


def test_a_star_import_brings_the_public_names_and_no_others():
    names = {}
    exec("from mlmath_rs import *", names)
    names.pop("__builtins__")
    assert set(names) == set(mlmath_rs.__all__)


def test_import_loads_nothing_heavy():
    program = (
        "import sys, numpy; before = set(sys.modules); import mlmath_rs;"
        "print(*{name.split('.')[0] for name in set(sys.modules) - before})"
    )
    loaded = set(
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout.split()
    )
    assert not loaded & set(
        "scipy sympy sklearn matplotlib rich mpmath argparse subprocess json dask".split()
    )
