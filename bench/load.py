"""Many large charts, captured hourly: the cost of each part of the pipeline.

A year of history comes from official files, one a day; the days after it are captured hourly. A
year of hourly captures would be half a terabyte of raw JSON, of which the job reads one day at a
time. Readers then query a warehouse with a run for every hour of as many days as `chartlake
snowflake prune` keeps.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from bench.chart_files import chart_files
from bench.chart_walk import Walk
from bench.compare import GIGABYTE
from bench.hourly_captures import HOURS, capture, write_charts_file
from bench.hourly_runs import hourly_runs
from bench.jobs import forget, job_command, published
from bench.lakes import FOLDER, day, made_once
from bench.measure import Cost, measure
from chartlake.contract.counts import counted
from chartlake.snowflake.prune import KEPT
from chartlake.warehouse import open_warehouse

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Load:
    """The size of the load: `days` of history, and `captured` days after it."""

    charts: int = 75
    places: int = 200
    days: int = 365
    captured: int = KEPT.days

    @property
    def name(self) -> str:
        """The name of this load's folders."""
        return f"load-{self.charts}x{self.places}x{self.days}"

    @property
    def captured_days(self) -> list[date]:
        """The days after the history."""
        return [day(self.days + number) for number in range(1, self.captured + 1)]


def report(folder: Path = FOLDER, load: Load | None = None) -> Iterator[str]:
    """Capture all charts, build a year in one run and days of hourly captures, and query it all."""
    load = load or Load()
    yield heading(load)
    make = partial(_capture_every_hour, load=load)
    raw = made_once(folder / f"raw-{load.name}-and-{load.captured}", make)
    yield _line("a capture of every chart", _capture_once(raw, load, folder))
    yield from _built(raw, load, folder)
    with tempfile.TemporaryDirectory(dir=folder) as hourly:
        hourly_runs(_lake(load, folder), load.captured_days, Path(hourly))
        yield runs_a_day(load, len(HOURS))
        yield from _questions(Path(hourly), folder)


def heading(load: Load) -> str:
    """Describe what is measured."""
    charts, days = counted(load.charts, "chart"), counted(load.days, "day")
    return f"{charts} of {load.places}, read every hour, after {days}:"


def runs_a_day(load: Load, runs: int) -> str:
    """Describe the runs in the warehouse that is queried."""
    return f"  with {counted(runs, 'run')} a day over the last {counted(load.captured, 'day')}:"


def history(load: Load) -> str:
    """Describe the size of the history."""
    return f"a history of {counted(load.charts * load.places * load.days, 'row')}"


def _lake(load: Load, folder: Path) -> Path:
    files = chart_files(f"raw-files-{load.name}", Walk(load.charts, load.places), load.days, folder)
    return published(load.name, files, day(1), day(load.days), folder)


def _capture_every_hour(root: Path, load: Load) -> None:
    write_charts_file(root / "charts.toml", load.charts, load.places)
    for one in load.captured_days:
        sys.stderr.write(f"  capturing {one} every hour …\n")
        capture(root, root / "charts.toml", one, root.parent / "logs" / "load-capture.log", HOURS)


def _capture_once(raw: Path, load: Load, folder: Path) -> Cost:
    fresh = folder / "raw-one-capture"
    shutil.rmtree(fresh, ignore_errors=True)
    first, log = load.captured_days[0], folder / "logs" / "load-capture.log"
    return capture(fresh, raw / "charts.toml", first, log, [0])


def _built(raw: Path, load: Load, folder: Path) -> Iterator[str]:
    """Build the history, the day after it from all of its captures, and then the captured days."""
    began = time.monotonic()
    lake = _lake(load, folder)
    yield f"  {history(load)}: {time.monotonic() - began:.0f} s if it was not there yet"
    first, last = load.captured_days[0], load.captured_days[-1]
    size = sum(path.stat().st_size for path in raw.rglob("*.json")) / GIGABYTE / load.captured
    for until, what in ((first, "a day"), (last, f"{counted(load.captured, 'day')} in one run")):
        for one in load.captured_days:
            forget(lake, one)
        cost = measure(job_command(raw, lake, first, until), folder / "logs" / "load-days.log")
        captures = counted(len(HOURS), "capture")
        yield _line(f"{what} of {captures}, {size:.2f} GB of raw files a day", cost)


def _questions(lake: Path, folder: Path) -> Iterator[str]:
    """Load the lake into a new warehouse, run every worksheet, and write the report."""
    with tempfile.TemporaryDirectory() as demo:
        yield from _answers(lake, Path(demo) / "warehouse")
        page = Path(demo) / "report.html"
        command = [sys.executable, "-m", "chartlake", "report", "--lake", demo, "--to", str(page)]
        cost = measure(command, folder / "logs" / "load-report.log")
        yield _line(f"the report, {page.stat().st_size / MEGABYTE:.1f} MB", cost)


def _answers(lake: Path, folder: Path) -> Iterator[str]:
    with open_warehouse(folder, {"s3://chartlake-curated/": lake}) as warehouse:
        warehouse.deploy()
        began = time.monotonic()
        rows = counted(sum(warehouse.load().values()), "row")
        yield f"  {rows} loaded into the embedded warehouse: {_since(began)}"
        warehouse.query("USE SCHEMA MARTS")
        for sheet in sorted(Path("snowflake/worksheets").glob("*.sql")):
            began = time.monotonic()
            warehouse.query(sheet.read_text(encoding="utf-8"))
            yield f"  {sheet.stem}: {_since(began)}"


def _since(began: float) -> str:
    return f"{time.monotonic() - began:.1f} s"


def _line(what: str, cost: Cost) -> str:
    return (
        f"  {what}: {cost.wall_seconds:.0f} s, CPU {cost.cpu_seconds:.0f} s, "
        f"peak memory {cost.peak_bytes / GIGABYTE:.2f} GB"
    )
