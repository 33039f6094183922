"""The commands: ``python -m mlmath_rs tour | compare | info``."""

import argparse
import platform

import numpy as np

from mlmath_rs import _core


def main(arguments: list[str] | None = None) -> int:
    """Run the command that `arguments` name and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m mlmath_rs", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    tour = commands.add_parser("tour", help="six sections on real data, each step beside its reference")
    tour.add_argument("--out", metavar="FILE", default="tour.html", help="where the report goes (tour.html)")
    commands.add_parser("info", help="version, instruction set, threads, NumPy")
    compare = commands.add_parser("compare", help="time every function beside its reference, losses first")
    compare.add_argument("areas", nargs="*", help="e.g. linalg stats; all where none is named")
    compare.add_argument("--quick", action="store_true", help="the smallest sizes, a short time each")
    compare.add_argument("--threads", type=int, default=1, help="for both sides (default 1)")
    compare.add_argument("--json", metavar="FILE", help="write the rows there as well")
    options = parser.parse_args(arguments)
    if options.command == "info":
        print(describe())
        return 0
    if options.command == "tour":
        from mlmath_rs.tour.run import run as take_the_tour

        return take_the_tour(options.out)
    from mlmath_rs.bench.report import run

    return run(options.areas, options.quick, options.threads, options.json)


def describe() -> str:
    """Return what this build is and what it found, a line each."""
    info = _core.info()
    lines = {
        "mlmath_rs": info["version"],
        "instruction set": f"{info['simd']} (this CPU has {', '.join(info['simd_supported'])})",
        "threads": info["threads"],
        "NumPy": np.__version__,
        "Python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
    }
    return "\n".join(f"{name:16} {value}" for name, value in lines.items())


if __name__ == "__main__":
    raise SystemExit(main())
