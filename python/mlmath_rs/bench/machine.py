"""What the comparison ran on: processor, caches, system, libraries, environment."""

import contextlib
import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from mlmath_rs import _core

__all__ = ["describe", "lines"]

# Packages whose functions are references, or that decide how fast they are.
PACKAGES = "numpy scipy scikit-learn sympy mpmath matplotlib".split()

# What in the environment changes the speed of either side and would surprise a reader.
VARIABLES = (
    "OPENBLAS_CORETYPE MKL_ENABLE_INSTRUCTIONS MKL_CBWR MKL_DEBUG_CPU_TYPE NPY_DISABLE_CPU_FEATURES "
    "NPY_ENABLE_CPU_FEATURES MLMATH_SIMD OMP_PROC_BIND OMP_PLACES KMP_AFFINITY LD_PRELOAD MALLOC_ARENA_MAX"
).split()


def describe() -> dict[str, Any]:
    """Return the machine, the libraries and what in the environment matters, for JSON.

    Examples
    --------
    >>> from mlmath_rs.bench.machine import describe
    >>> describe()["cpus"] >= 1
    True
    """
    info = _core.info()
    return {
        "cpu": processor(),
        "cpus": usable_cpus(),
        "caches": caches(),
        "memory_bytes": memory(),
        "system": platform.platform(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "mlmath_rs": info["version"],
        "simd": info["simd"],
        "simd_supported": info["simd_supported"],
        "packages": versions(),
        "blas": blas(),
        "environment": {name: os.environ[name] for name in VARIABLES if name in os.environ},
    }


def lines(machine: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the description as (what, in words) pairs; what is not known is left out."""
    caches = ", ".join(f"{name} {size}" for name, size in machine["caches"].items())
    memory = machine["memory_bytes"]
    packages = machine["packages"]
    found = [
        ("Processor", machine["cpu"]),
        ("CPUs in use", str(machine["cpus"])),
        ("Caches", caches),
        ("Memory", f"{memory / 2**30:.1f} GiB" if memory else ""),
        ("System", machine["system"]),
        ("Python", machine["python"]),
        ("mlmath_rs", f"{machine['mlmath_rs']}, instruction set {machine['simd']}"),
        ("NumPy's BLAS", "; ".join(machine["blas"])),
        ("Packages", ", ".join(f"{name} {version}" for name, version in packages.items())),
        ("Environment", ", ".join(f"{name}={value}" for name, value in machine["environment"].items())),
    ]
    return [(what, words) for what, words in found if words]


def processor() -> str:
    """Return the model of the processor, as the system names it."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    if platform.system() == "Darwin":
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            command = ["sysctl", "-n", "machdep.cpu.brand_string"]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    return platform.processor() or platform.machine()


def usable_cpus() -> int:
    """Return how many CPUs this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def caches() -> dict[str, str]:
    """Return the caches that the first CPU sees, e.g. ``{"L1d": "32K"}``; Linux only."""
    found = {}
    for folder in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        with contextlib.suppress(OSError):
            kind = (folder / "type").read_text().strip()
            if kind != "Instruction":
                level = (folder / "level").read_text().strip()
                suffix = "d" if kind == "Data" else ""
                found[f"L{level}{suffix}"] = (folder / "size").read_text().strip()
    return found


def memory() -> int:
    """Return the bytes of memory, or 0 where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return 0


def versions() -> dict[str, str]:
    """Return the versions of the reference packages that are installed."""
    found = {}
    for name in PACKAGES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    return found


def blas() -> list[str]:
    """Return the BLAS libraries NumPy has loaded, with kernel and threads where that can be seen."""
    try:
        from threadpoolctl import threadpool_info
    except ModuleNotFoundError:
        built = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
        return [f"{built.get('name', 'unknown')} {built.get('version', '')} (as built; kernel unknown)"]
    return [
        f"{pool['internal_api']} {pool.get('version')}, kernel {pool.get('architecture', 'unknown')}, "
        f"threads {pool['num_threads']}"
        for pool in threadpool_info()
        if pool.get("user_api") == "blas"
    ]
