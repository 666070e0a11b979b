"""The whole pipeline on one machine: `chartlake demo`.

A Spotify stand-in -> the real Lambda handler -> raw JSON -> the real Spark job -> Parquet -> the
real Snowflake SQL on an embedded engine -> the results. A second run captures nothing new,
publishes a new run of every day, and shows the same results.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.text import Text

from chartlake.contract.chart_config import Chart, read_charts
from chartlake.contract.counts import counted
from chartlake.contract.errors import UserError
from chartlake.lake_folder import LakeFolder
from chartlake.report.digest import Digest, build_digest
from chartlake.report.page import write_page
from chartlake.report.sources import demo_warehouse
from chartlake.resources import EXAMPLE_CHARTS
from chartlake.spark.jobs import build_tables
from chartlake.spotify_stand_in.recorded_days import recorded_days, recorded_playlist
from chartlake.spotify_stand_in.server import Source, SpotifyServer
from chartlake.spotify_stand_in.simulated_charts import simulated_source
from chartlake.warehouse import open_warehouse
from chartlake.warehouse.warehouse import warehouse_file
from extract_lambda.handler import extract
from extract_lambda.settings import read_settings
from extract_lambda.timing import Timing, read_timing

FIRST_DAY = date(2026, 10, 1)
SHAPES = ("track", "item", "both")


@dataclass(frozen=True)
class Programme:
    """What a demo plays: charts, their days, and the source for the stand-in."""

    charts: tuple[Chart, ...]
    days: list[date]
    source: Source


def simulated(days: int) -> Programme:
    """Play every chart of charts.toml, simulated, for a number of days."""
    charts = read_charts(charts_file())
    calendar = [FIRST_DAY + timedelta(days=n) for n in range(days)]
    return Programme(charts, calendar, simulated_source(charts))


def replayed(folder: Path) -> Programme:
    """Play the recorded days of a folder; charts.toml says which chart their playlist is.

    Raises ValueError if the folder cannot be replayed or its playlist is not in charts.toml.
    """
    days = recorded_days(folder)
    playlist_id = (recorded_playlist(folder, days[0]) or {}).get("id")
    charts = tuple(c for c in read_charts(charts_file()) if c.playlist_id == playlist_id)
    if not charts:
        raise ValueError(f"{folder} has playlist {playlist_id!r}: add its chart to charts.toml.")
    return Programme(charts, days, lambda _, day: recorded_playlist(folder, day))


def charts_file() -> Path:
    """Return the charts file: the current folder's, else the example of the package."""
    own = Path("charts.toml")
    return own if own.exists() else EXAMPLE_CHARTS


def play(programme: Programme, lake: Path, console: Console) -> int:
    """Run the pipeline into a folder, showing each stage; return the job's exit code."""
    days, charts = programme.days, programme.charts
    folder = LakeFolder(lake)
    folder.raw.mkdir(parents=True, exist_ok=True)
    names = escape(", ".join(chart.name for chart in charts))
    console.print(f"[bold]Chartlake[/]: {days_of(len(days), names)}\n")
    with _stage(console, "Capture: Spotify (a stand-in on this machine) -> raw JSON"):
        _capture(programme, folder.raw, console)
    with _stage(console, "Transform: raw JSON -> Parquet, one Spark job over all days"):
        code = build_tables(lake, None, days[0], days[-1])
    with _stage(console, "Load: Parquet -> Snowflake's SQL on an embedded warehouse"):
        _load(folder, console)
    with _stage(console, "Report: MARTS -> one page"), demo_warehouse(lake) as ask:
        write_page(ask, folder.report)
        digest = build_digest(ask)
    if digest:
        show_digest(digest, console)
    _show_places(folder, console)
    return code


def days_of(days: int, charts: str) -> str:
    """Describe what is played."""
    return f"{counted(days, 'day')} of {charts}"


def captures_under(captures: int, folder: str) -> str:
    """Describe what was captured, and where it is."""
    return f"{counted(captures, 'capture')} under {folder}"


def rows_through(rows: int, pipes: int) -> str:
    """Describe what was loaded."""
    return f"{counted(rows, 'row')} through {counted(pipes, 'pipe')}"


def _capture(programme: Programme, raw: Path, console: Console) -> None:
    """Call the handler once a day, as its schedule does, at 06:00 UTC of that day."""
    shapes = {
        chart.playlist_id: SHAPES[place % len(SHAPES)]
        for place, chart in enumerate(programme.charts)
        if chart.playlist_id
    }
    credentials = {"SPOTIFY_CLIENT_ID": "stand-in", "SPOTIFY_CLIENT_SECRET": "stand-in"}
    places = {"CHARTLAKE_RAW_ROOT": str(raw), "CHARTLAKE_CHARTS_FILE": str(charts_file())}
    settings = read_settings(credentials | places)
    with SpotifyServer(programme.source, programme.days[0], shapes) as spotify:
        settings = replace(settings, api_url=spotify.api_url, token_url=spotify.token_url)
        captured = 0
        for day in track(programme.days, "  capturing", console=console, transient=True):
            spotify.today = day
            scheduled_at = datetime.combine(day, clock_time(6), UTC)
            event = {
                "scheduled_at": scheduled_at.isoformat(),
                "charts": [chart.chart_id for chart in programme.charts],
            }
            result = extract(event, settings, _at(scheduled_at))
            captured += len(result["captured"])
            for chart_id, reason in result["failed"].items():
                console.print(f"  [red]{day} {chart_id}: {escape(reason)}[/]")
    console.print(f"  {captures_under(captured, escape(str(raw)))}")


def _at(instant: datetime) -> Timing:
    return replace(read_timing(None), now=lambda: instant)


def _load(folder: LakeFolder, console: Console) -> None:
    with open_warehouse(folder.warehouse, folder.stage) as warehouse:
        warehouse.deploy()
        loaded = warehouse.load()
    console.print(f"  {rows_through(sum(loaded.values()), len(loaded))}")


def show_digest(digest: Digest, console: Console) -> None:
    """Print a digest as Text, so that [brackets] in a title are not parsed as markup."""
    console.print(f"[bold]{escape(digest.subject)}[/]\n", Text(digest.text), sep="\n")


@contextmanager
def _stage(console: Console, title: str) -> Iterator[None]:
    console.print(f"[bold cyan]{title}[/]")
    began = time.monotonic()
    yield
    console.print(f"  [green]done in {time.monotonic() - began:.1f} s[/]\n")


def _show_places(folder: LakeFolder, console: Console) -> None:
    console.print("[bold]Explore[/]")
    console.print(f"  the report  {folder.report}")
    console.print(f"  raw files   {folder.raw / 'raw'}")
    console.print(f"  lake        {folder.curated / 'curated'}")
    console.print(f"  warehouse   {warehouse_file(folder.warehouse)}")
    console.print(f"  a prompt    chartlake sql --lake {folder.root}")


def run_demo(lake: Path, days: int, replay: Path | None) -> int:
    """Run the demo into a folder; return 0, or 1 if something was held back.

    Raises UserError if the recorded days of `replay` cannot be used, or there is no Java.
    """
    # The demo itself reports what was captured and what failed.
    logging.getLogger("extract_lambda").addHandler(logging.NullHandler())
    try:
        programme = replayed(replay) if replay else simulated(days)
    except ValueError as error:
        raise UserError(str(error)) from error
    return play(programme, lake, Console(highlight=False))
