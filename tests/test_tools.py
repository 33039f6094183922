"""The first minute on a strange machine: what is missing is said in one sentence, and nothing is made."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
USUAL = "bash cat cut dirname env find head printf rm sed sort touch mkdir".split()

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the Makefile's tools are shell programs")


def script(folder, name, text):
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def setup_with(folder, **programs):
    """Run a copy of `tools/setup` where only `programs` are installed; return what it says."""
    tree, path = folder / "tree", folder / "path"
    (tree / "tools").mkdir(parents=True)
    path.mkdir()
    for name in ("tools/setup", "Cargo.toml"):
        shutil.copy(ROOT / name, tree / name)
    for name in USUAL:
        (path / name).symlink_to(shutil.which(name))
    for name, text in programs.items():
        script(path, name, text)
    done = subprocess.run(
        [str(tree / "tools/setup"), "dev"], env={"PATH": str(path)}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert sorted(entry.name for entry in tree.iterdir()) == ["Cargo.toml", "tools"]
    (sentence,) = done.stderr.splitlines()
    return sentence


PYTHON = f'exec {sys.executable} "$@"'
OLD_PYTHON = '[ "$1" = --version ] && echo Python 3.9.1; [ "$1" != -c ]'


def test_no_python(tmp_path):
    assert setup_with(tmp_path).startswith("error: no python3 found: install Python 3.11 or newer")


def test_a_python_that_does_not_run(tmp_path):
    assert setup_with(tmp_path, python3="exit 127").startswith("error: python3 does not run: install Python")


def test_an_old_python(tmp_path):
    said = setup_with(tmp_path, python3=OLD_PYTHON)
    assert said.startswith("error: Python 3.9.1 is too old: install Python 3.11 or newer")


def test_no_rust(tmp_path):
    said = setup_with(tmp_path, python3=PYTHON)
    assert said.startswith("error: no Rust toolchain found: install Rust 1.")
    assert "rustup.rs" in said


def test_an_old_rust(tmp_path):
    said = setup_with(tmp_path, python3=PYTHON, cargo="true", rustc="echo rustc 1.72.1")
    assert said.startswith("error: Rust 1.72.1 is too old: install Rust 1.")


def test_no_linker(tmp_path):
    said = setup_with(tmp_path, python3=PYTHON, cargo="true", rustc="echo rustc 1.999.0")
    assert said.startswith("error: no C linker found")
