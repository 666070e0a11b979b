"""The whole pipeline on one machine: `make demo`, or `make demo REPLAY=folder`.

A Spotify stand-in -> the real Lambda handler -> raw JSON -> the real Spark job -> Parquet -> the
real Snowflake SQL on an embedded engine -> what a person wants to see. A second run captures
nothing anew, publishes a new run of every day, and shows the same.
"""

import argparse
import logging
import sys
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
from chartlake.report.digest import Digest, build_digest
from chartlake.report.page import write_page
from chartlake.report.sources import SourceError, demo_warehouse
from chartlake.spark.java import JavaNotFoundError
from chartlake.spark.submit import run_job
from chartlake.spotify_stand_in.recorded_days import recorded_days, recorded_playlist
from chartlake.spotify_stand_in.server import Source, SpotifyServer
from chartlake.spotify_stand_in.simulated_charts import simulated_source
from chartlake.warehouse import WarehouseError, open_warehouse
from chartlake.warehouse.warehouse import warehouse_file
from extract_lambda.handler import extract
from extract_lambda.settings import read_settings
from extract_lambda.timing import Timing, read_timing

CHARTS_FILE = Path("charts.toml")
FIRST_DAY = date(2026, 10, 1)
RAW, CURATED = "chartlake-raw", "chartlake-curated"
SHAPES = ("track", "item", "both")


@dataclass(frozen=True)
class Programme:
    """What a demo plays: charts, the days of them, and where the stand-in has them from."""

    charts: tuple[Chart, ...]
    days: list[date]
    source: Source


def simulated(days: int) -> Programme:
    """Play every chart of charts.toml, simulated, for a number of days."""
    charts = read_charts(CHARTS_FILE)
    calendar = [FIRST_DAY + timedelta(days=n) for n in range(days)]
    return Programme(charts, calendar, simulated_source(charts))


def replayed(folder: Path) -> Programme:
    """Play the recorded days of a folder; charts.toml says which chart their playlist is.

    Raises ValueError where the folder cannot be replayed or its playlist is not in charts.toml.
    """
    days = recorded_days(folder)
    playlist_id = (recorded_playlist(folder, days[0]) or {}).get("id")
    charts = tuple(c for c in read_charts(CHARTS_FILE) if c.playlist_id == playlist_id)
    if not charts:
        raise ValueError(f"{folder} holds playlist {playlist_id!r}: add its chart to charts.toml.")
    return Programme(charts, days, lambda _, day: recorded_playlist(folder, day))


def play(programme: Programme, lake: Path, console: Console) -> int:
    """Run the pipeline into a folder, showing each stage; return the job's exit code."""
    days, charts = programme.days, programme.charts
    mounts = {RAW: lake / RAW, CURATED: lake / CURATED}
    for folder in mounts.values():
        folder.mkdir(parents=True, exist_ok=True)
    names = escape(", ".join(chart.name for chart in charts))
    console.print(f"[bold]Chartlake[/]: {days_of(len(days), names)}\n")
    with _stage(console, "Capture: Spotify (a stand-in on this machine) -> raw JSON"):
        _capture(programme, lake / RAW, console)
    with _stage(console, "Transform: raw JSON -> Parquet, one Spark job over all days"):
        span = ["--start-date", days[0].isoformat(), "--end-date", days[-1].isoformat()]
        roots = ["--raw-root", f"s3://{RAW}", "--curated-root", f"s3://{CURATED}"]
        code = run_job(mounts, "glue_jobs.build_tables", [*roots, *span])
    with _stage(console, "Load: Parquet -> Snowflake's SQL on an embedded warehouse"):
        _load(lake, console)
    with _stage(console, "Report: MARTS -> one page"), demo_warehouse(lake) as ask:
        write_page(ask, report_file(lake))
        digest = build_digest(ask)
    if digest:
        show_digest(digest, console)
    _show_places(lake, console)
    return code


def days_of(days: int, charts: str) -> str:
    """Say what is played."""
    return f"{counted(days, 'day')} of {charts}"


def captures_under(captures: int, folder: str) -> str:
    """Say what was captured, and where it is."""
    return f"{counted(captures, 'capture')} under {folder}"


def rows_through(rows: int, pipes: int) -> str:
    """Say what was loaded."""
    return f"{counted(rows, 'row')} through {counted(pipes, 'pipe')}"


def report_file(lake: Path) -> Path:
    """Name the page that a demo leaves in its folder."""
    return lake / "report.html"


def _capture(programme: Programme, raw: Path, console: Console) -> None:
    """Call the handler once a day, as its schedule does, at six in the morning of that day."""
    shapes = {
        chart.playlist_id: SHAPES[place % len(SHAPES)]
        for place, chart in enumerate(programme.charts)
        if chart.playlist_id
    }
    credentials = {"SPOTIFY_CLIENT_ID": "stand-in", "SPOTIFY_CLIENT_SECRET": "stand-in"}
    settings = read_settings(credentials | {"CHARTLAKE_RAW_ROOT": str(raw)})
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


def _load(lake: Path, console: Console) -> None:
    with open_warehouse(lake / "warehouse", {f"s3://{CURATED}/": lake / CURATED}) as warehouse:
        warehouse.deploy()
        loaded = warehouse.load()
    console.print(f"  {rows_through(sum(loaded.values()), len(loaded))}")


def show_digest(digest: Digest, console: Console) -> None:
    """Print it: as Text, so that a title in [brackets] is not taken for a colour."""
    console.print(f"[bold]{escape(digest.subject)}[/]\n", Text(digest.text), sep="\n")


@contextmanager
def _stage(console: Console, title: str) -> Iterator[None]:
    console.print(f"[bold cyan]{title}[/]")
    began = time.monotonic()
    yield
    console.print(f"  [green]done in {time.monotonic() - began:.1f} s[/]\n")


def _show_places(lake: Path, console: Console) -> None:
    console.print("[bold]Yours to look at[/]")
    console.print(f"  the report  {report_file(lake)}")
    console.print(f"  raw files   {lake / RAW / 'raw'}")
    console.print(f"  lake        {lake / CURATED / 'curated'}")
    console.print(f"  warehouse   {warehouse_file(lake / 'warehouse')}")
    console.print(f"  a prompt    make sql LAKE={lake}")


def main(arguments: list[str]) -> int:
    """Run the demo that the command line asks for; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m chartlake.demo.run", allow_abbrev=False)
    parser.add_argument("--lake", type=Path, required=True, help="folder to leave everything in")
    parser.add_argument("--replay", type=Path, help="folder of recorded days, one JSON a day")
    parser.add_argument("--days", type=int, default=30, help="days to simulate")
    options = parser.parse_args(arguments)
    # The demo says itself what was captured and what failed.
    logging.getLogger("extract_lambda").addHandler(logging.NullHandler())
    try:
        programme = replayed(options.replay) if options.replay else simulated(options.days)
        return play(programme, options.lake, Console(highlight=False))
    except (ValueError, JavaNotFoundError, WarehouseError, SourceError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped. Nothing is lost: run it again.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
