"""A folder of raw captures as the Lambda writes it.

The real handler captures from a stand-in for Spotify on this machine. A folder is created once: it
gets its name only when it is complete, and later runs reuse it. Delete build/bench to create
everything again.
"""

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

from rich.console import Console
from rich.progress import track

from chartlake.contract.chart_config import read_charts
from chartlake.contract.counts import counted
from chartlake.spotify_stand_in.server import SpotifyServer
from chartlake.spotify_stand_in.simulated_charts import simulated_source
from extract_lambda.handler import extract
from extract_lambda.settings import read_settings
from extract_lambda.timing import Timing, read_timing

FOLDER = Path("build/bench")
CHARTS = 4
FIRST_DAY = date(2023, 10, 1)
CREDENTIALS = {"SPOTIFY_CLIENT_ID": "stand-in", "SPOTIFY_CLIENT_SECRET": "stand-in"}


def day(number: int) -> date:
    """Return the n-th day of every lake; the first is number 1."""
    return FIRST_DAY + timedelta(days=number - 1)


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Return the folder, created if it is missing; an unfinished one is created again."""
    if not folder.exists():
        unfinished = folder.with_name(f"{folder.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        make(unfinished)
        unfinished.rename(folder)
    return folder


def captured_days(days: int, folder: Path = FOLDER) -> Path:
    """Return a raw root with this many days of the first playlist charts in charts.toml."""
    return made_once(folder / f"raw-{days}-days", lambda root: _capture(root, days))


@contextmanager
def _quiet(logger: logging.Logger) -> Iterator[None]:
    """Silence a logger that reports each captured chart of each day."""
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _capture(root: Path, days: int) -> None:
    """Call the handler once a day, at 06:00 UTC of that day."""
    charts = [chart for chart in read_charts(Path("charts.toml")) if chart.playlist_id][:CHARTS]
    settings = read_settings(CREDENTIALS | {"CHARTLAKE_RAW_ROOT": str(root)})
    server = SpotifyServer(simulated_source(charts), day(1), {})
    with _quiet(logging.getLogger("extract_lambda")), server as spotify:
        settings = replace(settings, api_url=spotify.api_url, token_url=spotify.token_url)
        for number in track(range(1, days + 1), capturing(days), console=Console(stderr=True)):
            spotify.today = day(number)
            at = datetime.combine(day(number), clock_time(6), UTC)
            event = {"scheduled_at": at.isoformat(), "charts": [c.chart_id for c in charts]}
            result = extract(event, settings, _at(at))
            if result["failed"]:
                raise RuntimeError(f"The stand-in for Spotify failed: {result['failed']}")


def capturing(days: int) -> str:
    """Return the label of the progress bar."""
    return f"  capturing {counted(days, 'day')}"


def _at(instant: datetime) -> Timing:
    return replace(read_timing(None), now=lambda: instant)
