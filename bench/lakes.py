"""A folder of raw captures as the Lambda leaves it, and the commands that build tables from one.

The captures are those of the real handler, which asks a stand-in for Spotify on this machine. A
folder is made once: it has its name only when it is whole, and is used again by the next run.
"""

import logging
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

from rich.console import Console
from rich.progress import track

from bench.measure import measure
from chartlake.charts import read_charts
from extract_lambda.config import read_settings
from extract_lambda.handler import extract
from extract_lambda.timing import Timing, read_timing
from local import spark
from local.spotify.server import SpotifyServer
from local.spotify.simulated_charts import simulated_source

FOLDER = Path("build/bench")
CHARTS = 4
FIRST_DAY = date(2023, 10, 1)
RAW_BUCKET, CURATED_BUCKET = "bench-raw", "bench-curated"
LARGE = ["--large"] if hasattr(spark, "LARGE") else []
"""Settings for large jobs, once local.spark has them."""
CREDENTIALS = {"SPOTIFY_CLIENT_ID": "stand-in", "SPOTIFY_CLIENT_SECRET": "stand-in"}


def day(number: int) -> date:
    """Return the n-th day of every lake; the first is number 1."""
    return FIRST_DAY + timedelta(days=number - 1)


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Return the folder, made where it is not there yet; one cut half-way is made anew."""
    if not folder.exists():
        unfinished = folder.with_name(f"{folder.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        make(unfinished)
        unfinished.rename(folder)
    return folder


def captured_days(days: int, folder: Path = FOLDER) -> Path:
    """Return a raw root with this many days of the first playlist charts of charts.toml."""
    return made_once(folder / f"raw-{days}-days", lambda root: _capture(root, days))


def _capture(root: Path, days: int) -> None:
    """Call the handler once a day, at six in the morning of that day."""
    logging.getLogger("extract_lambda").setLevel(logging.CRITICAL)
    charts = [chart for chart in read_charts(Path("charts.toml")) if chart.playlist_id][:CHARTS]
    settings = read_settings(CREDENTIALS | {"CHARTLAKE_RAW_ROOT": str(root)})
    with SpotifyServer(simulated_source(charts), day(1), {}) as spotify:
        settings = replace(settings, api_url=spotify.api_url, token_url=spotify.token_url)
        for number in track(
            range(1, days + 1), f"  capturing {days} days", console=Console(stderr=True)
        ):
            spotify.today = day(number)
            at = datetime.combine(day(number), clock_time(6), UTC)
            event = {"scheduled_at": at.isoformat(), "charts": [c.chart_id for c in charts]}
            result = extract(event, settings, _at(at))
            if result["failed"]:
                raise RuntimeError(f"The stand-in for Spotify failed: {result['failed']}")


def _at(instant: datetime) -> Timing:
    return replace(read_timing(None), now=lambda: instant)


def spark_command(
    raw: Path, curated: Path, module: str, *arguments: str, large: bool = False
) -> list[str]:
    """Name the command that runs a module under local Spark, on these roots."""
    curated.mkdir(parents=True, exist_ok=True)
    mounts = [f"{RAW_BUCKET}={raw}", f"{CURATED_BUCKET}={curated}"]
    options = [word for mount in mounts for word in ("--mount", mount)]
    options += LARGE if large else []
    return [sys.executable, "-m", "local.spark", *options, module, *arguments]


def job_command(raw: Path, curated: Path, start: date, end: date, large: bool = False) -> list[str]:
    """Name the command that builds the tables of a range of days."""
    arguments = job_arguments(raw, start, end)
    return spark_command(raw, curated, "glue_jobs.build_tables", *arguments, large=large)


def job_arguments(raw: Path, start: date, end: date) -> list[str]:
    """Name the job's arguments; chart files bring a charts.toml of their own."""
    span = ["--start-date", start.isoformat(), "--end-date", end.isoformat()]
    roots = ["--raw-root", f"s3://{RAW_BUCKET}", "--curated-root", f"s3://{CURATED_BUCKET}"]
    charts = ["--charts-file", f"s3://{RAW_BUCKET}/charts.toml"]
    return [*roots, *span, *(charts if (raw / "charts.toml").exists() else ())]


def published(name: str, raw: Path, start: date, end: date, folder: Path = FOLDER) -> Path:
    """Return a curated root on which the job has published a range of days, in one run."""

    def publish(root: Path) -> None:
        sys.stderr.write(f"  publishing {start} to {end} as {name} …\n")
        measure(
            job_command(raw, root, start, end, large=(end - start).days > 30),
            folder / "logs" / f"{name}.log",
        )

    return made_once(folder / name, publish)


def forget(curated: Path, one: date) -> None:
    """Remove what was published of a day, the state after it included, so that it is new again."""
    for folder in list(curated.glob(f"**/dt={one.isoformat()}")):
        shutil.rmtree(folder)
