"""Compares the daily job with the cheapest possible Spark job, both from start to exit."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.compare import Candidate, Target, cost_lines, ratio_line, take_turns, walls
from bench.jobs import CURATED_BUCKET, forget, job_command, published, spark_command
from bench.lakes import FOLDER, captured_days, day, made_once
from chartlake.contract.counts import counted

PUBLISHED_DAYS = 7
TURNS = 5
TARGET = Target(2.5)


def report(folder: Path = FOLDER, turns: int = TURNS) -> Iterator[str]:
    """Build one day of every playlist chart after a published week, and run the floor in turn."""
    raw = captured_days(PUBLISHED_DAYS + 1, folder)
    curated = published("daily-curated", raw, day(1), day(PUBLISHED_DAYS), folder)
    today = day(PUBLISHED_DAYS + 1)
    small = made_once(folder / "floor", _write_small)
    job = Candidate(
        "daily job", job_command(raw, curated, today, today), partial(forget, curated, today)
    )
    floor_program = spark_command(raw, small, "bench.programs.floor", f"s3://{CURATED_BUCKET}")
    costs = take_turns([job, Candidate("floor", floor_program)], turns, folder)
    published_days = counted(PUBLISHED_DAYS, "published day")
    yield f"One day, 4 charts of 50, every table, after {published_days}; the floor"
    yield "is the same Spark session, which reads one small JSON and writes one small Parquet:"
    yield from cost_lines(costs)
    yield ratio_line("daily job / floor", walls(costs["daily job"]), walls(costs["floor"]), TARGET)


def _write_small(folder: Path) -> None:
    (folder / "small.json").write_text(json.dumps({"name": "song", "rank": 1}), encoding="utf-8")
