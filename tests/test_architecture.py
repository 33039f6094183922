"""The rules of the tree, as tests."""

import ast
import inspect
import re
from pathlib import Path

import pytest

import mlmath_rs
from mlmath_rs import _array, _core
from mlmath_rs.bench.cases import all_cases

ROOT = Path(__file__).parents[1]
KERNELS = ROOT / "rust/kernels/src"
BINDING = ROOT / "rust/python/src"
FACE = ROOT / "python/mlmath_rs"

# A module of the kernels may use those of its own and of earlier lines only.
LAYERS = [
    {"error", "control"},
    {"scalar", "simd"},
    {"threads"},
    {"reduce", "special"},
    {"linalg", "random"},
    {"calculus", "stats"},
    {"probability"},
    {"information", "optimize"},
]

# The only files that may hold `unsafe`, and why each needs it is said in `design.md`.
MAY_BE_UNSAFE = [
    "rust/kernels/src/simd/",
    "rust/kernels/src/linalg/microkernel",
    "rust/kernels/src/calculus/emit.rs",
    "rust/kernels/src/calculus/arena.rs",
    "rust/python/src/array.rs",
]

# What stands on the face; nothing of the face may import it.
ON_TOP = {"bench", "distributed", "plots", "tour", "__main__"}

SOURCES = sorted(
    path
    for folder in ("rust", "python", "tests", "benches", "tools")
    for pattern in ("*.rs", "*.py", "*.pyi")
    for path in (ROOT / folder).rglob(pattern)
)


def name(path):
    return path.relative_to(ROOT).as_posix()


def code(path):
    """Return a Rust file without its tests and its comments."""
    text = path.read_text().split("#[cfg(test)]\nmod ")[0]
    return re.sub(r"//.*", "", text)


def below(module):
    allowed = set()
    for layer in LAYERS:
        allowed |= layer
        if module in layer:
            return allowed
    raise AssertionError(f"{module} has no layer")


@pytest.mark.parametrize("path", sorted(KERNELS.rglob("*.rs")), ids=name)
def test_kernels_use_only_what_is_below_them(path):
    module = path.relative_to(KERNELS).with_suffix("").parts[0]
    text = code(path)
    assert not re.search(r"\b(pyo3|numpy)::", text)
    assert not re.search(r"\bstd::(env|fs|net)\b|\bprintln!|\beprintln!", text)
    if module == "lib":
        return
    used = set(re.findall(r"\bcrate::([a-z_]+)", text))
    for group in re.findall(r"\buse crate::\{([^;]*)\};", text):
        used |= set(re.findall(r"(?:^|,)\s*([a-z_]+)\b", re.sub(r"\{[^{}]*\}", "", group)))
    assert used - {"self"} <= below(module)


@pytest.mark.parametrize("path", sorted((ROOT / "rust").rglob("*.rs")), ids=name)
def test_unsafe_stands_only_where_it_may(path):
    if not name(path).startswith(tuple(MAY_BE_UNSAFE)):
        assert not re.search(r"\bunsafe\b", code(path))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_file_is_too_long(path):
    assert len(path.read_text().splitlines()) <= 500


@pytest.mark.parametrize("path", sorted((ROOT / "python").rglob("*.py")), ids=name)
def test_no_function_is_too_long(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body = [
                n for n in node.body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))
            ]
            lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            assert lines <= 60, node.name


@pytest.mark.parametrize("path", sorted(FACE.rglob("*.py")), ids=name)
def test_nothing_stands_on_what_is_on_top(path):
    inside = path.relative_to(FACE).with_suffix("").parts[0]
    if inside in ON_TOP:
        return
    used = set(re.findall(r"^\s*(?:from|import) mlmath_rs\.([a-z_]+)", path.read_text(), flags=re.MULTILINE))
    assert not used & ON_TOP


@pytest.mark.parametrize("path", sorted(BINDING.rglob("*.rs")), ids=name)
def test_the_binding_asks_the_interpreter_only_through_its_gateway(path):
    if path.name not in {"threads.rs", "array.rs"}:
        assert (
            not re.search(r"\.detach\(|catch_unwind|std::thread|std::env", code(path))
            or path.name == "info.rs"
        )


def test_the_three_lists_of_element_types_are_one():
    scalar = re.findall(r'^    [\w<>]+: "(\w+)"', (KERNELS / "scalar.rs").read_text(), flags=re.MULTILINE)
    assert scalar == _core.info()["dtypes"] == [str(dtype) for dtype in _array.DTYPES]


def public_objects():
    """Every public name that is ours, not re-exported from NumPy: (dotted name, object)."""
    for module in AREAS:
        area = getattr(mlmath_rs, module)
        for attribute in area.__all__:
            value = getattr(area, attribute)
            if not (getattr(value, "__module__", None) or "").startswith("numpy"):
                yield f"{module}.{attribute}", value
    for attribute in mlmath_rs.__all__:
        value = getattr(mlmath_rs, attribute)
        if not inspect.ismodule(value) and (getattr(value, "__module__", None) or "").startswith("mlmath_rs"):
            yield attribute, value


AREAS = "calculus information linalg optimize probability random special stats threads".split()
PUBLIC = sorted(
    {id(value): (dotted, value) for dotted, value in public_objects() if callable(value)}.values(),
    key=lambda item: item[0],
)


@pytest.mark.parametrize(("dotted", "value"), PUBLIC, ids=[dotted for dotted, _ in PUBLIC])
def test_every_public_name_has_an_example(dotted, value):
    documented = inspect.getdoc(value) or ""
    assert ">>>" in documented, f"{dotted} has no runnable example"
    assert len(documented.splitlines()[0]) <= 110


def test_every_public_function_has_a_case():
    covered = {case.name.split(".")[-1] for case in all_cases()}
    missing = [
        dotted
        for dotted, value in PUBLIC
        if not inspect.isclass(value) and dotted.split(".")[-1] not in covered | WITHOUT_REFERENCE
    ]
    assert not missing


def test_ids_of_cases_are_unique():
    ids = [case.id for case in all_cases()]
    assert len(ids) == len(set(ids))


# Public functions that no library has a counterpart of, so that there is nothing to compare with.
WITHOUT_REFERENCE = {"get_thread_limit", "as_generator", "seed", "report"}
