"""Many large charts, read every hour: what each part of the pipeline then takes.

A year of history comes as official files, one a day; the day after it is captured every hour. A
year of hourly captures would be half a terabyte of raw JSON, of which the job reads a day at a
time.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from functools import partial
from pathlib import Path

from bench.chart_files import chart_files
from bench.chart_walk import Walk
from bench.compare import GIGABYTE
from bench.jobs import forget, job_command, published
from bench.lakes import FOLDER, day, made_once
from bench.measure import Cost, measure
from chartlake.charts import read_charts
from local.spotify.server import SpotifyServer
from local.spotify.simulated_charts import simulated_source
from local.warehouse import open_warehouse

MEGABYTE = 1_000_000

PLAYLIST = """
[charts.hourly_{number}]
name = "Hourly {number}"
market = "global"
source = "playlist"
cadence = "daily"
expected_size = {places}
tolerance = 10
playlist_id = "{number:022}"
"""


@dataclass(frozen=True)
class Load:
    """How much there is: `days` of history, and `captures` of the day after it."""

    charts: int = 75
    places: int = 200
    days: int = 365
    captures: int = 24


def report(folder: Path = FOLDER, load: Load | None = None) -> Iterator[str]:
    """Capture all charts, build a year in one run and a day of hours, ask and show all of it."""
    load = load or Load()
    yield f"{load.charts} charts of {load.places}, read every hour, after {load.days} days:"
    raw = made_once(folder / f"raw-{_name(load)}", partial(_capture_hours, load=load))
    anew = folder / "raw-one-capture"
    shutil.rmtree(anew, ignore_errors=True)
    yield _line("a capture of every chart", _capture(anew, raw / "charts.toml", load, [0]))
    yield from _built(raw, load, folder)
    yield from _questions(_lake(load, folder), folder)


def _name(load: Load) -> str:
    return f"load-{load.charts}x{load.places}x{load.days}"


def _lake(load: Load, folder: Path) -> Path:
    files = chart_files(
        f"raw-files-{_name(load)}", Walk(load.charts, load.places), load.days, folder
    )
    return published(_name(load), files, day(1), day(load.days), folder)


def _built(raw: Path, load: Load, folder: Path) -> Iterator[str]:
    """Build the history, and then the day after it from all of its captures."""
    began = time.monotonic()
    lake = _lake(load, folder)
    rows = load.charts * load.places * load.days
    yield f"  a history of {rows:,} rows: {time.monotonic() - began:.0f} s if it was not there yet"
    last = day(load.days + 1)
    forget(lake, last)
    size = sum(path.stat().st_size for path in raw.rglob("*.json")) / GIGABYTE
    cost = measure(job_command(raw, lake, last, last), folder / "logs" / "load-day.log")
    yield _line(f"a day of {load.captures} captures, {size:.2f} GB of raw files", cost)


def _capture_hours(root: Path, load: Load) -> None:
    charts = "".join(
        PLAYLIST.format(number=number, places=load.places) for number in range(load.charts)
    )
    (root / "charts.toml").write_text(charts, encoding="utf-8")
    _capture(root, root / "charts.toml", load, range(load.captures))


def _capture(root: Path, charts_file: Path, load: Load, hours: Iterable[int]) -> Cost:
    """Run the handler in a process of its own at each hour; return what the last one cost."""
    midnight = datetime.combine(day(load.days + 1), clock_time(), UTC)
    program = [sys.executable, "-m", "bench.programs.capture_charts"]
    cost = Cost(0, 0, 0, 0)
    source = simulated_source(read_charts(charts_file))
    with SpotifyServer(source, midnight.date()) as spotify:
        for hour in hours:
            instant = (midnight + timedelta(hours=hour)).isoformat()
            places = [spotify.api_url, spotify.token_url, str(charts_file), str(root), instant]
            cost = measure([*program, *places], root.parent / "logs" / "load-capture.log")
    return cost


def _questions(lake: Path, folder: Path) -> Iterator[str]:
    """Load the lake into a warehouse of its own, ask it every worksheet, and write the report."""
    with tempfile.TemporaryDirectory() as demo:
        yield from _answers(lake, Path(demo) / "warehouse")
        page = Path(demo) / "report.html"
        command = [sys.executable, "-m", "report", "warehouse", demo, "--to", str(page)]
        cost = measure(command, folder / "logs" / "load-report.log")
        yield _line(f"the report, {page.stat().st_size / MEGABYTE:.1f} MB", cost)


def _answers(lake: Path, folder: Path) -> Iterator[str]:
    with open_warehouse(folder, {"s3://chartlake-curated/": lake}) as warehouse:
        warehouse.deploy()
        began = time.monotonic()
        rows = sum(warehouse.load().values())
        yield f"  {rows:,} rows loaded into the embedded warehouse: {_since(began)}"
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
