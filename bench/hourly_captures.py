"""Hourly raw captures of many large charts, as the Lambda writes them."""

import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

from bench.measure import Cost, measure
from chartlake.contract.chart_config import read_charts
from chartlake.spotify_stand_in.server import SpotifyServer
from chartlake.spotify_stand_in.simulated_charts import simulated_source

HOURS = range(24)

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


def write_charts_file(path: Path, charts: int, places: int) -> None:
    """Write a charts.toml with some playlists of one size."""
    named = (PLAYLIST.format(number=number, places=places) for number in range(charts))
    path.write_text("".join(named), encoding="utf-8")


def capture(root: Path, charts_file: Path, day: date, log: Path, hours: Iterable[int]) -> Cost:
    """Run the handler in its own process for each hour; return the cost of the last run."""
    midnight = datetime.combine(day, clock_time(), UTC)
    program = [sys.executable, "-m", "bench.programs.capture_charts"]
    cost = Cost(0, 0, 0, 0)
    with SpotifyServer(simulated_source(read_charts(charts_file)), day) as spotify:
        for hour in hours:
            instant = (midnight + timedelta(hours=hour)).isoformat()
            places = [spotify.api_url, spotify.token_url, str(charts_file), str(root), instant]
            cost = measure([*program, *places], log)
    return cost
