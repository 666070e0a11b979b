"""Trends over a whole history: the job's Spark functions against pandas, DuckDB and Polars.

Every engine reads the same Parquet and must write the same rows; the benchmark stops if they
differ. 70 charts of 200 places are 1 million rows over 71 days, and 26 million over 1,860 days, the
size of the public archive of Spotify's daily charts.
"""

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from bench.chart_rows import write_chart_rows
from bench.chart_walk import Walk
from bench.compare import GIGABYTE, Candidate, Target, cost_lines, ratio_line, take_turns, walls
from bench.identical import rows_when_identical
from bench.jobs import CURATED_BUCKET, RAW_BUCKET, spark_command
from bench.lakes import FOLDER, made_once
from bench.measure import Cost
from chartlake.contract.counts import counted

WALK = Walk(charts=70)
DAYS, LARGE_DAYS = 71, 1860
TURNS, LARGE_TURNS = 5, 3
AGAINST_DUCKDB, AGAINST_PANDAS = Target(3), Target(5, at_most=False)
PEAK_GIGABYTES = Target(2.6)
BESIDE = ("DuckDB", "Polars", "pandas")


def report(folder: Path = FOLDER, turns: int = TURNS, days: int = DAYS) -> Iterator[str]:
    """Compute the trends of every song over some days, with each engine."""
    history = made_once(
        folder / f"history-{days}-days", lambda made: write_chart_rows(made, WALK, days)
    )
    out = folder / "trends"
    candidates = [_candidate(name, history, out) for name in ("Spark", *BESIDE)]
    costs = take_turns(candidates, turns, folder)
    outputs = {name: out / name for name in costs}
    rows = rows_when_identical(outputs)
    yield from heading(WALK, days, rows)
    yield from cost_lines(costs)
    yield from _shares(costs, rows)
    yield from _ratios(costs, judged=days >= LARGE_DAYS)


def heading(walk: Walk, days: int, rows: int) -> Iterator[str]:
    """Describe the input of every engine, and its output."""
    charts = counted(walk.charts, "chart")
    yield f"{charts} of {walk.places} over {counted(days, 'day')}, Parquet to Parquet:"
    yield f"  every engine gave the same: {counted(rows, 'row')} (hash over all rows and columns)"


def speed(rows: int, seconds: float) -> str:
    """Format the number of rows written per second."""
    return f"{counted(rows / seconds, 'row')} a second"


def large() -> Iterator[str]:
    """Run the same comparison over years."""
    return report(turns=LARGE_TURNS, days=LARGE_DAYS)


def _candidate(name: str, history: Path, out: Path) -> Candidate:
    written = out / name
    program = f"bench.programs.trends_{name.lower()}"
    if name == "Spark":
        places = (f"s3://{RAW_BUCKET}", f"s3://{CURATED_BUCKET}/{name}")
        command = spark_command(history, out, program, *places, large=True)
    else:
        command = [sys.executable, "-m", program, str(history), str(written)]
    return Candidate(name, command, partial(_remove, written))


def _remove(written: Path) -> None:
    if written.is_dir():
        shutil.rmtree(written)
    written.unlink(missing_ok=True)


def _shares(costs: Mapping[str, Sequence[Cost]], rows: int) -> Iterator[str]:
    """Yield each engine's speed, and its shares of startup, reading and writing if known."""
    for name, runs in costs.items():
        ready = median(run.marks["ready"] / run.wall_seconds for run in runs)
        line = f"  {name}: {speed(rows, median(walls(runs)))}; start {ready:.0%}"
        if "computed" in runs[0].marks:
            writing = [
                (run.wall_seconds - run.marks["computed"]) / run.wall_seconds for run in runs
            ]
            reading = [(run.marks["read"] - run.marks["ready"]) / run.wall_seconds for run in runs]
            line += f", reading {median(reading):.0%}, writing {median(writing):.0%}"
        yield line


def _ratios(costs: Mapping[str, Sequence[Cost]], judged: bool) -> Iterator[str]:
    """Compare the engines; targets apply to years, as starting Spark is most of a month's time."""
    spark = walls(costs["Spark"])
    for name, over, under, target in [
        ("Spark / DuckDB", spark, walls(costs["DuckDB"]), AGAINST_DUCKDB),
        ("Spark / Polars", spark, walls(costs["Polars"]), None),
        ("pandas / Spark", walls(costs["pandas"]), spark, AGAINST_PANDAS),
    ]:
        yield ratio_line(name, over, under, target if judged else None)
    peak = max(run.peak_bytes for run in costs["Spark"]) / GIGABYTE
    judgement = f"; {PEAK_GIGABYTES.judge(peak)}" if judged else ""
    yield f"  Spark's peak memory: {peak:.2f} GB{judgement}"
