"""A small fixed lake of three charts, written by hand, which the questions are run on.

Two daily charts of two markets, of which the one has streams and ends a day before the other, and a
weekly one. 4 November was never captured, some days repeat an edition, songs leave and come back,
two climb equally, and on the last day a chart is held back. The PH playlist shows a chart a day
after Spotify's date of it.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from chartlake.contract.tables import TABLES
from tests.support.lake_files import write_run

PH = {"chart_id": "ph", "chart_name": "Top PH", "market": "ph", "cadence": "daily"}
US = {"chart_id": "us", "chart_name": "Top US", "market": "us", "cadence": "daily"}
WORLD = {"chart_id": "world", "chart_name": "Top World", "market": "global", "cadence": "weekly"}

CHARTS = {
    "ph": {1: "abc", 2: "bad", 3: "bdc", 5: "dcb", 6: "dcb", 7: "dac"},
    "us": {2: "dec", 3: "dce", 5: "cde", 6: "cae"},
    "world": {1: "acd", 2: "acd", 4: "acd", 8: "cbd"},
}
"""Chart -> day of November 2026 -> its songs in order, a letter each."""

SETTINGS: dict[str, dict[str, Any]] = {
    "ph": {"source": "playlist", "expects_change": True, "days_behind": 1},
    "us": {"source": "charts_csv", "expects_change": False, "days_behind": None},
    "world": {"source": "playlist", "expects_change": None, "days_behind": None},
}
"""Chart -> its settings on every day; the rows of the world's chart are older than two of them."""

TITLES = {"a": "Amihan", "b": "Bagyo (feat. Ben)", "c": "Comet", "d": "Dawn", "e": "Ember"}
CREDITS = {"a": ["Ana"], "b": ["Ana", "Ben"], "c": ["Cleo"], "d": ["Dee"], "e": ["Ben"]}

SONG_TRENDS = """
snapshot_date chart_id song_id rank previous_rank rank_change \
peak_rank days_on_chart streak_days first_charted_on movement streams streams_change
1 ph a 1 - -  1 1 1 1 debut    - -
1 ph b 2 - -  2 1 1 1 debut    - -
1 ph c 3 - -  3 1 1 1 debut    - -
2 ph b 1 2 1  1 2 2 1 up       - -
2 ph a 2 1 -1 1 2 2 1 down     - -
2 ph d 3 - -  3 1 1 2 debut    - -
3 ph b 1 1 0  1 3 3 1 same     - -
3 ph d 2 3 1  2 2 2 2 up       - -
3 ph c 3 - -  3 2 1 1 re_entry - -
5 ph d 1 2 1  1 3 3 2 up       - -
5 ph c 2 3 1  2 3 2 1 up       - -
5 ph b 3 1 -2 1 4 4 1 down     - -
7 ph d 1 1 0  1 4 4 2 same     - -
7 ph a 2 - -  1 3 1 1 re_entry - -
7 ph c 3 2 -1 2 4 3 1 down     - -
2 us d 1 - -  1 1 1 2 debut  900 -
2 us e 2 - -  2 1 1 2 debut  500 -
2 us c 3 - -  3 1 1 2 debut  500 -
3 us d 1 1 0  1 2 2 2 same   950 50
3 us c 2 3 1  2 2 2 2 up     600 100
3 us e 3 2 -1 2 2 2 2 down   400 -100
5 us c 1 2 1  1 3 3 2 up    1000 400
5 us d 2 1 -1 1 3 3 2 down   800 -150
5 us e 3 3 0  2 3 3 2 same   400 0
6 us c 1 1 0  1 4 4 2 same  1100 100
6 us a 2 - -  2 1 1 6 debut  700 -
6 us e 3 3 0  2 4 4 2 same   400 0
1 world a 1 - - 1 1 1 1 debut - -
1 world c 2 - - 2 1 1 1 debut - -
1 world d 3 - - 3 1 1 1 debut - -
8 world c 1 2 1 1 2 2 1 up    - -
8 world b 2 - - 2 1 1 8 debut - -
8 world d 3 3 0 3 2 2 1 same  - -
"""

CHART_EXITS = """
snapshot_date chart_id song_id last_rank peak_rank days_on_chart streak_days last_charted_on
2 ph    c 3 3 1 1 1
3 ph    a 2 1 2 2 2
7 ph    b 3 1 4 4 5
6 us    d 2 1 3 3 5
8 world a 1 1 1 1 1
"""

ARTIST_TRENDS = """
snapshot_date chart_id artist_id songs best_rank chart_points points_share \
streams songs_change points_share_change streams_change
1 ph Ana  2 1 5 5/6 -  -       - -
1 ph Ben  1 2 2 2/6 -  -       - -
1 ph Cleo 1 3 1 1/6 -  -       - -
2 ph Ana  2 1 5 5/6 -  0 5/6-5/6 -
2 ph Ben  1 1 3 3/6 -  0 3/6-2/6 -
2 ph Dee  1 3 1 1/6 -  -       - -
3 ph Ana  1 1 3 3/6 - -1 3/6-5/6 -
3 ph Ben  1 1 3 3/6 -  0 3/6-3/6 -
3 ph Dee  1 2 2 2/6 -  0 2/6-1/6 -
3 ph Cleo 1 3 1 1/6 -  -       - -
5 ph Dee  1 1 3 3/6 -  0 3/6-2/6 -
5 ph Cleo 1 2 2 2/6 -  0 2/6-1/6 -
5 ph Ana  1 3 1 1/6 -  0 1/6-3/6 -
5 ph Ben  1 3 1 1/6 -  0 1/6-3/6 -
7 ph Dee  1 1 3 3/6 -  0 3/6-3/6 -
7 ph Ana  1 2 2 2/6 -  0 2/6-1/6 -
7 ph Cleo 1 3 1 1/6 -  0 1/6-2/6 -
2 us Dee  1 1 3 3/6  900 -       -    -
2 us Ben  1 2 2 2/6  500 -       -    -
2 us Cleo 1 3 1 1/6  500 -       -    -
3 us Dee  1 1 3 3/6  950 0 3/6-3/6   50
3 us Cleo 1 2 2 2/6  600 0 2/6-1/6  100
3 us Ben  1 3 1 1/6  400 0 1/6-2/6 -100
5 us Cleo 1 1 3 3/6 1000 0 3/6-2/6  400
5 us Dee  1 2 2 2/6  800 0 2/6-3/6 -150
5 us Ben  1 3 1 1/6  400 0 1/6-1/6    0
6 us Cleo 1 1 3 3/6 1100 0 3/6-3/6  100
6 us Ana  1 2 2 2/6  700 -       -    -
6 us Ben  1 3 1 1/6  400 0 1/6-1/6    0
1 world Ana  1 1 3 3/6 - -       - -
1 world Cleo 1 2 2 2/6 - -       - -
1 world Dee  1 3 1 1/6 - -       - -
8 world Cleo 1 1 3 3/6 - 0 3/6-2/6 -
8 world Ana  1 2 2 2/6 - 0 2/6-3/6 -
8 world Ben  1 2 2 2/6 - -       - -
8 world Dee  1 3 1 1/6 - 0 1/6-1/6 -
"""

CHART_SUMMARY = """
snapshot_date chart_id entries debuts re_entries exits turnover artist_concentration
1 ph    3 3 0 0 -   30/64
2 ph    3 1 0 1 1/3 35/81
3 ph    3 0 1 1 1/3 23/81
5 ph    3 0 0 0 0/3 15/49
7 ph    3 0 1 1 1/3 14/36
2 us    3 3 0 0 -   14/36
3 us    3 0 0 0 0/3 14/36
5 us    3 0 0 0 0/3 14/36
6 us    3 1 0 1 1/3 14/36
1 world 3 3 0 0 -   14/36
8 world 3 1 0 1 1/3 18/64
"""

HELD_BACK = {
    "quality_results": {
        "chart_id": "ph",
        "rule": "entries_at_least",
        "observed": 1.0,
        "limit_value": 3.0,
        "passed": False,
    },
    "quarantine": {
        "chart_id": "ph",
        "source_file": "raw/playlists/dt=2026-11-08/chart=ph/20261108T060000000000Z.json",
        "position": 0,
        "reason": "The capture is held back: it has 1 entry and needs 3.",
    },
}
"""What is left of the PH chart on 8 November."""

Tables = dict[str, list[dict[str, Any]]]


def nov(day: int) -> date:
    return date(2026, 11, day)


def captured_at(day: int) -> datetime:
    return datetime(2026, 11, day, 6, tzinfo=UTC)


def run_id(day: int) -> str:
    return f"202611{day:02}T061500Z"


def write_lake(root: Path) -> None:
    """Write the complete lake, one run per day."""
    for day in (1, 2, 3, 4, 5, 6, 7, 8):
        write_run(root, nov(day), run_id(day), tables_of(day))


def tables_of(day: int) -> Tables:
    """Every table's rows of one day, as the job publishes them."""
    shown = {chart: charted[day] for chart, charted in CHARTS.items() if day in charted}
    tables: Tables = {
        "chart_snapshots": [_snapshot(chart, day) for chart in shown],
        "chart_entries": [row for chart, songs in shown.items() for row in _entries(chart, songs)],
        **{name: list(_rows_of(name, day)) for name in LITERAL},
        "quality_results": [_passed(chart) for chart in shown],
    }
    tracks = {_track(chart, song): song for chart, songs in shown.items() for song in songs}
    tables |= _described(tracks)
    if day == 8:
        for name, row in HELD_BACK.items():
            tables[name] = [*tables.get(name, []), row]
    return tables


def rows_of(day: int) -> int:
    """Count the rows of a day in all tables, as its manifest does."""
    return sum(map(len, tables_of(day).values()))


LITERAL = {
    "song_trends": SONG_TRENDS,
    "chart_exits": CHART_EXITS,
    "artist_trends": ARTIST_TRENDS,
    "chart_summary": CHART_SUMMARY,
}


def literal_rows(name: str) -> Iterator[dict[str, Any]]:
    """Read a literal table above: - is null, a date is a day of November."""
    types = {c.name: c.type for table in TABLES if table.name == name for c in table.columns}
    header, *lines = LITERAL[name].strip().splitlines()
    for line in lines:
        cells = zip(header.split(), line.split(), strict=True)
        yield {column: _value(types[column], cell) for column, cell in cells}


def _value(kind: str, cell: str) -> Any:
    if cell == "-":
        return None
    if kind == "double":
        first, *rest = [_quotient(part) for part in cell.split("-")]
        return first - sum(rest)
    if kind == "date":
        return nov(int(cell))
    return cell if kind == "string" else int(cell)


def _quotient(cell: str) -> float:
    above, below = cell.split("/")
    return int(above) / int(below)


def _rows_of(name: str, day: int) -> Iterator[dict[str, Any]]:
    for row in literal_rows(name):
        if row["snapshot_date"] == nov(day):
            if "song_id" in row:
                row |= {"track_id": _track(row["chart_id"], row["song_id"])}
            yield row


def _track(chart: str, song: str) -> str:
    """A release of its own in the US, the same one elsewhere."""
    return f"us-{song}" if chart == "us" else song


def _snapshot(chart: str, day: int) -> dict[str, Any]:
    days = [earlier for earlier in CHARTS[chart] if earlier < day]
    left_out = ("null_entries", "local_entries", "episode_entries", "rejected_entries")
    named = {row["chart_id"]: row for row in (PH, US, WORLD)}[chart]
    return {
        **named,
        **SETTINGS[chart],
        "captured_at": captured_at(day),
        "entries": 3,
        **dict.fromkeys(left_out, 0),
        "edition_hash": CHARTS[chart][day],
        "is_repeat": bool(days) and CHARTS[chart][days[-1]] == CHARTS[chart][day],
    }


def _entries(chart: str, songs: str) -> Iterator[dict[str, Any]]:
    for rank, song in enumerate(songs, start=1):
        yield {"chart_id": chart, "rank": rank, "track_id": _track(chart, song), "song_id": song}


def _passed(chart: str) -> dict[str, Any]:
    rule = {"rule": "entries_at_least", "observed": 3.0, "limit_value": 3.0, "passed": True}
    return {"chart_id": chart, **rule}


def _described(tracks: dict[str, str]) -> Tables:
    credits = [
        {"track_id": track, "artist_id": artist, "position": position}
        for track, song in tracks.items()
        for position, artist in enumerate(CREDITS[song], start=1)
    ]
    artists = sorted({artist for song in tracks.values() for artist in CREDITS[song]})
    return {
        "tracks": [
            {"track_id": track, "song_id": song, "name": TITLES[song]}
            for track, song in tracks.items()
        ],
        "artists": [{"artist_id": artist, "name": artist} for artist in artists],
        "track_artists": credits,
    }
