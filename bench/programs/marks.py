"""Reports moments of a program to the process that measures it; without one, does nothing."""

import os
import time
from pathlib import Path

from bench.measure import MARKS


def mark(name: str) -> None:
    """Record that the program has reached this point."""
    if MARKS in os.environ:
        with Path(os.environ[MARKS]).open("a", encoding="utf-8") as marks:
            marks.write(f"{name} {time.monotonic()}\n")
