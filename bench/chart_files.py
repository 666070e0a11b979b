"""Chart files in the format of charts.spotify.com, in raw, and the charts.toml that names them.

A benchmark chooses the number of charts and days. Spotify's own trend columns say `new` in every
row: the job computes trends itself.
"""

from collections.abc import Iterable
from functools import partial
from itertools import islice
from pathlib import Path
from string import ascii_lowercase

from rich.console import Console
from rich.progress import track

from bench.chart_walk import Walk, chart_days, song_of, streams
from bench.lakes import FOLDER, day, made_once
from chartlake.contract.chart_files import DAILY_HEADER, file_name
from chartlake.contract.paths import charts_csv_key

MARKETS = [first + second for first in ascii_lowercase for second in ascii_lowercase]
CHART = """
[charts.top_{market}]
name = "Top Songs - {market}"
market = "{market}"
source = "charts_csv"
cadence = "daily"
expected_size = {places}
tolerance = 0
"""


def chart_files(name: str, walk: Walk, days: int, folder: Path = FOLDER) -> Path:
    """Return a raw root with one file per chart and day."""
    return made_once(folder / name, partial(write_chart_files, walk=walk, days=days))


def write_chart_files(root: Path, walk: Walk, days: int) -> None:
    """Write charts.toml and the files of `days` days, from the first day of every lake on."""
    markets = list(islice(MARKETS, walk.charts))
    charts = "".join(CHART.format(market=market, places=walk.places) for market in markets)
    (root / "charts.toml").write_text(charts, encoding="utf-8")
    played = streams(walk).tolist()
    walked = enumerate(chart_days(walk, days), start=1)
    console = Console(stderr=True)
    for number, tracks in track(walked, f"  writing {root.name}", total=days, console=console):
        songs = song_of(tracks).tolist()
        for market, *columns in zip(markets, tracks.tolist(), songs, played, strict=True):
            name = file_name(market, "daily", day(number))
            path = root / charts_csv_key(day(number), name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_content(zip(*columns, strict=True)), encoding="utf-8")


def _content(rows: Iterable[tuple[int, int, int]]) -> str:
    """Write a chart: every song has an artist, shared by a dozen songs, and some have a guest."""
    lines = [
        f'{rank},"spotify:track:{track_id:022}","{_artists(song)}","Song {song}","Label",'
        f'{rank},-1,1,"{played}"\n'
        for rank, (track_id, song, played) in enumerate(rows, start=1)
    ]
    return f"\ufeff{DAILY_HEADER}\n{''.join(lines)}"


def _artists(song: int) -> str:
    artist = f"Artist {song // 12}"
    return artist if song % 4 else f"{artist}, Guest {song // 48}"
