"""Print what an extra of `pyproject.toml` needs, the build tool and NumPy included, a line each."""

import sys
import tomllib
from pathlib import Path

SELF = "mlmath-rs["


def requirements(extra: str) -> list[str]:
    """Return the requirements of `extra`, those of extras that it includes in their place."""
    project = tomllib.loads(Path("pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"]
    found = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    pending = [extra]
    while pending:
        for line in extras[pending.pop()]:
            if line.startswith(SELF):
                pending += line.removeprefix(SELF).removesuffix("]").split(",")
            else:
                found.append(line)
    return sorted(set(found))


if __name__ == "__main__":
    print("\n".join(requirements(sys.argv[1])))
