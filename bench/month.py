"""A month of charts built by our job, and by a job written as public trackers write it."""

import shutil
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.compare import Candidate, Target, cost_lines, ratio_line, take_turns, walls
from bench.jobs import job_command
from bench.lakes import FOLDER, captured_days, day
from chartlake.contract.counts import counted

DAYS = 30
TURNS = 3
TARGET = Target(4, at_most=False)


def report(folder: Path = FOLDER, turns: int = TURNS, days: int = DAYS) -> Iterator[str]:
    """Build every table of a month from the same raw files, into an empty folder each time."""
    raw = captured_days(days, folder)
    ours, plain = folder / "month-ours", folder / "month-plain"
    program = [sys.executable, "-m", "bench.programs.month_plain", str(raw), str(plain)]
    candidates = [
        Candidate("our job", job_command(raw, ours, day(1), day(days)), partial(_empty, ours)),
        Candidate("plain job", program, partial(_empty, plain)),
    ]
    costs = take_turns(candidates, turns, folder)
    yield from heading(days)
    yield from cost_lines(costs)
    yield ratio_line(
        "plain job / our job", walls(costs["plain job"]), walls(costs["our job"]), TARGET
    )


def heading(days: int) -> Iterator[str]:
    """Describe both jobs."""
    yield f"{counted(days, 'day')}, 4 charts of 50. The plain job infers the schema, reads raw"
    yield "again and counts for each of its 10 tables, runs a Python function and keeps Spark's own"
    yield "settings; ours writes the same, with more columns, and what its quality gate and"
    yield "manifest say:"


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
