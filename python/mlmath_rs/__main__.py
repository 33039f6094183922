"""The commands: ``python -m mlmath_rs tour | compare | info``."""

import argparse

from mlmath_rs.bench import compare, machine, table
from mlmath_rs.threads import get_thread_limit


def main(arguments: list[str] | None = None) -> int:
    """Run the command that `arguments` name and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m mlmath_rs", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    tour = commands.add_parser("tour", help="six sections on real data, each step beside its reference")
    tour.add_argument("--out", metavar="FILE", default="tour.html", help="where the report goes (tour.html)")
    commands.add_parser("info", help="version, instruction set, threads, NumPy")
    compare.add_arguments(
        commands.add_parser("compare", help="time every function beside its reference, losses first")
    )
    options = parser.parse_args(arguments)
    if options.command == "info":
        table.show_pairs(describe())
        return 0
    if options.command == "tour":
        from mlmath_rs.tour.run import run as take_the_tour

        return take_the_tour(options.out)
    return compare.run(options)


def describe() -> list[tuple[str, str]]:
    """Return what this build is and what it found, as (what, in words) pairs."""
    found = machine.describe()
    return [
        ("mlmath_rs", found["mlmath_rs"]),
        ("Instruction set", f"{found['simd']} (this CPU has {', '.join(found['simd_supported'])})"),
        ("Threads", f"{get_thread_limit()} on {found['cpus']} CPUs"),
        *(pair for pair in machine.lines(found) if pair[0] not in {"mlmath_rs", "CPUs in use"}),
    ]


if __name__ == "__main__":
    raise SystemExit(main())
