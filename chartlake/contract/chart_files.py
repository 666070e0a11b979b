"""The names and headers of chart files from charts.spotify.com, and of spotifycharts.com before it.

Import, job and verification ignore columns after Spotify's own.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from chartlake.contract.counts import counted
from chartlake.contract.printable import printable

CHART = "regional-(global|[a-z]{2})-(daily|weekly)"
"""Regular expression of a file's market and cadence; `-` and the day follow."""
DOWNLOADED = rf"{CHART}-(\d{{4}}-\d{{2}}-\d{{2}})(?: ?\(\d+\)|[ -][1-9]\d?)?\.csv"
"""Regular expression of a whole name; browsers number repeated downloads, `… (1).csv`."""
HEADER = "rank,uri,artist_names,track_name,source,peak_rank,previous_rank,%s_on_chart,streams"
DAILY_HEADER, WEEKLY_HEADER = HEADER % "days", HEADER % "weeks"
OLD_HEADER = "Position,Track Name,Artist,Streams,URL"
"""The header of spotifycharts.com, the same for days and weeks."""

MOST_NAMES = 10
LONGEST_NAME = 40


def file_name(market: str, cadence: str, day: date) -> str:
    """Return the official name of a chart's file."""
    return f"regional-{market}-{cadence}-{day}.csv"


def describe_extra_columns(files: Mapping[str, int]) -> str:
    """Describe in one sentence which columns are ignored; `files` has the file count of each."""
    named = [
        f"{printable(name[:LONGEST_NAME])} in {counted(count, 'file')}"
        for name, count in _most_files_first(files.items())[:MOST_NAMES]
    ]
    others = len(files) - len(named)
    named += [counted(others, "other column")] if others else []
    return f"Extra columns are ignored: {', '.join(named)}."


def _most_files_first(files: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(files, key=lambda named: (-named[1], named[0]))
