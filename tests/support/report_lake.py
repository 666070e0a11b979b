"""A lake of charts that are hard to show: odd titles, a single edition, an emptied chart."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.support.chart_lake import nov, run_id
from tests.support.lake_files import write_run

SCRIPT = "<script>document.title = 'broken into'</script>"
END = "</script><img src=x onerror=\"document.title = 'broken into'\">"
LINE_END = "before\u2028after & 'quoted' \"twice\""
ARABIC, JAPANESE = "حكاية البحر", "雨上がりの約束"
LONG = "Wherethewordneverends" * 20
TITLES = [SCRIPT, END, LINE_END, ARABIC, JAPANESE, LONG]
FORMULA = "{{ 7 * 7 }}"

ODD = {"chart_id": "odd", "chart_name": "Odd & <b>bold</b>", "market": "ph", "cadence": "daily"}
ONCE = {"chart_id": "once", "chart_name": "Once", "market": "ph", "cadence": "daily"}
GONE = {"chart_id": "gone", "chart_name": "Gone", "market": "ph", "cadence": "daily"}

Row = dict[str, Any]


def write_odd_lake(root: Path) -> None:
    """Write two days: odd titles, a new chart, and a chart that becomes empty."""
    songs = [str(number) for number in range(len(TITLES))]
    first = {
        "chart_snapshots": [_snapshot(ODD, 1, 6), _snapshot(GONE, 1, 1)],
        "song_trends": [
            *[_trend("odd", song, rank, 1) for rank, song in enumerate(songs, start=1)],
            _trend("gone", "0", 1, 1),
        ],
        "chart_summary": [_summary("odd", 6, None), _summary("gone", 1, None)],
        **_named(),
    }
    second = {
        "chart_snapshots": [
            _snapshot(ODD, 2, 7) | {"local_entries": 2},
            _snapshot(ONCE, 2, 1),
            _snapshot(GONE, 2, 0),
        ],
        "song_trends": [
            *[_trend("odd", song, rank, 2) for rank, song in enumerate(songs, start=1)],
            _trend("odd", "nameless", 9, 2) | {"movement": "debut", "previous_rank": None},
            _trend("once", "0", 1, 1) | {"movement": "debut", "previous_rank": None},
        ],
        "chart_exits": [
            {"chart_id": "gone", "song_id": "0", "track_id": "0", "last_charted_on": nov(1)}
        ],
        "chart_summary": [_summary("odd", 7, 1 / 7), _summary("once", 1, None)],
        "artist_trends": [
            {"chart_id": "odd", "artist_id": artist, "points_share": 0.5} for artist in ("x", "y")
        ],
        **_named(),
    }
    write_run(root, nov(1), run_id(1), first)
    write_run(root, nov(2), run_id(2), second)


def _snapshot(chart: Row, day: int, entries: int) -> Row:
    left_out = ("null_entries", "local_entries", "episode_entries", "rejected_entries")
    return {
        **chart,
        "captured_at": datetime(2026, 11, day, 6, tzinfo=UTC),
        "entries": entries,
        **dict.fromkeys(left_out, 0),
    }


def _trend(chart: str, song: str, rank: int, days: int) -> Row:
    moved = {"movement": "same", "previous_rank": rank, "rank_change": 0, "days_on_chart": days}
    return {"chart_id": chart, "song_id": song, "track_id": song, "rank": rank, **moved}


def _summary(chart: str, entries: int, turnover: float | None) -> Row:
    counts = {"debuts": 0, "re_entries": 0, "exits": 0}
    return {"chart_id": chart, "entries": entries, "turnover": turnover, **counts}


def _named() -> dict[str, list[Row]]:
    tracks = [{"track_id": str(n), "name": title} for n, title in enumerate(TITLES)]
    tracks[0]["url"] = "javascript:alert(1)"
    tracks[1]["url"] = "https://open.spotify.com/track/1"
    return {
        "tracks": tracks,
        "artists": [{"artist_id": artist, "name": FORMULA} for artist in ("x", "y")],
        "track_artists": [{"track_id": str(n), "artist_id": "x"} for n in range(len(TITLES))],
    }
