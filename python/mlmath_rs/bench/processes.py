"""A fresh process per number of threads; what they send becomes one stream of events."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

from mlmath_rs.bench.measure import Plan
from mlmath_rs.bench.results import Note, Row

__all__ = ["events"]

# What the libraries of both sides read their number of threads from, when they are loaded.
THREAD_VARIABLES = [
    *(f"{name}_NUM_THREADS" for name in "MLMATH RAYON OMP OPENBLAS MKL BLIS NUMEXPR".split()),
    "VECLIB_MAXIMUM_THREADS",
]


def events(plan: Plan, threads: Sequence[int]) -> Iterator[tuple[str, Any]]:
    """Yield the events of a process for each of `threads`; closing the stream ends the process."""
    for count in threads:
        request = json.dumps(asdict(replace(plan, threads=count)))
        command = [sys.executable, "-m", "mlmath_rs.bench.measure", request]
        environment = os.environ | dict.fromkeys(THREAD_VARIABLES, str(count))
        # In a session of its own, so that Ctrl-C reaches only us, who then end it.
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
        ) as child:
            try:
                yield from _received(child, count)
            finally:
                child.kill()


def _received(child: subprocess.Popen[str], threads: int) -> Iterator[tuple[str, Any]]:
    """Yield what `child` sends; if it dies before its end, a note that says where."""
    doing = "its start"
    for line in child.stdout or ():
        kind, content = json.loads(line)
        if kind == "end":
            return
        if kind == "start":
            doing = content
        if kind == "row":
            content = Row.from_dict(content)
        elif kind == "note":
            content = Note(**content)
        yield kind, content
    status = child.wait()
    how = f"signal {-status}" if status < 0 else f"exit status {status}"
    yield "note", Note("failed", f"the process for {threads} thread(s)", f"it ended with {how} at {doing}")
