"""What each mart returns for a small lake."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chartlake.warehouse import Warehouse, open_warehouse
from tests.support.lake_files import write_run

DAY_1, DAY_2, DAY_3 = date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 3)
CHART = {"chart_id": "top", "chart_name": "Top 3", "market": "ph", "cadence": "daily"}


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 6, tzinfo=UTC)


def snapshot(day: date, **values: Any) -> dict[str, Any]:
    nothing_left_out = dict.fromkeys(
        ["null_entries", "local_entries", "episode_entries", "rejected_entries"], 0
    )
    return CHART | {"captured_at": at(day), "entries": 2, **nothing_left_out, **values}


def trend(song: str, rank: int, movement: str, **values: Any) -> dict[str, Any]:
    counts = {"peak_rank": rank, "days_on_chart": 1, "streak_days": 1, "first_charted_on": DAY_1}
    song_row = {"chart_id": "top", "song_id": f"song-{song}", "track_id": f"track-{song}"}
    return song_row | {"rank": rank, "movement": movement, **counts, **values}


def track(song: str, title: str) -> dict[str, Any]:
    return {
        "track_id": f"track-{song}",
        "song_id": f"song-{song}",
        "name": title,
        "url": f"https://open.spotify.com/track/{song}",
    }


def credit(song: str, artist: str, position: int) -> dict[str, Any]:
    return {"track_id": f"track-{song}", "artist_id": artist, "position": position}


ARTISTS = [{"artist_id": "z", "name": "Zsá"}, {"artist_id": "a", "name": "Ana, & Co"}]
FIRST_DAY = {
    "chart_snapshots": [snapshot(DAY_1)],
    "song_trends": [trend("x", 1, "debut", streams=900), trend("y", 2, "debut")],
    "tracks": [track("x", "X on day 1"), track("y", "Y on day 1")],
    "artists": ARTISTS,
    "track_artists": [credit("x", "a", 2), credit("x", "z", 1), credit("y", "a", 1)],
}
SECOND_DAY = {
    "chart_snapshots": [snapshot(DAY_2, null_entries=1, episode_entries=2, refreshed_at=at(DAY_1))],
    "song_trends": [
        trend("w", 1, "debut", first_charted_on=DAY_2),
        trend(
            "x",
            2,
            "down",
            previous_rank=1,
            rank_change=-1,
            peak_rank=1,
            days_on_chart=2,
            streak_days=2,
            streams=700,
            streams_change=-200,
        ),
    ],
    "chart_exits": [
        {
            "chart_id": "top",
            "song_id": "song-y",
            "track_id": "track-y",
            "last_rank": 2,
            "peak_rank": 2,
            "days_on_chart": 1,
            "streak_days": 1,
            "last_charted_on": DAY_1,
        }
    ],
    "tracks": [track("w", "W"), track("x", "X on day 2")],
    "artists": ARTISTS,
    "track_artists": [credit("w", "z", 1), credit("x", "z", 1), credit("x", "a", 2)],
    "artist_trends": [
        {
            "chart_id": "top",
            "artist_id": "z",
            "songs": 2,
            "best_rank": 1,
            "chart_points": 3,
            "points_share": 1.0,
            "streams": 700,
            "songs_change": 1,
            "points_share_change": 0.25,
        }
    ],
    "chart_summary": [
        {
            "chart_id": "top",
            "entries": 2,
            "debuts": 1,
            "re_entries": 0,
            "exits": 1,
            "turnover": 0.5,
            "artist_concentration": 0.625,
        }
    ],
}
THIRD_DAY = {"chart_snapshots": [snapshot(DAY_3, is_repeat=True, refreshed_at=at(DAY_1))]}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    root = tmp_path_factory.mktemp("marts")
    for day, tables in [(DAY_1, FIRST_DAY), (DAY_2, SECOND_DAY), (DAY_3, THIRD_DAY)]:
        write_run(root / "lake", day, f"{day:%Y%m%d}T060000Z", tables)
    with open_warehouse(root, {"s3://chartlake-curated/": root / "lake"}) as warehouse:
        warehouse.deploy()
        warehouse.load()
        yield warehouse


def test_song_moves_has_the_titles_of_that_day(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        "SELECT SNAPSHOT_DATE, RANK, TITLE, ARTISTS, IS_LATEST FROM CHARTLAKE.MARTS.SONG_MOVES"
        " ORDER BY SNAPSHOT_DATE, RANK"
    )
    assert [tuple(row.values()) for row in rows] == [
        (DAY_1, 1, "X on day 1", "Zsá, Ana, & Co", False),
        (DAY_1, 2, "Y on day 1", "Ana, & Co", False),
        (DAY_2, 1, "W", "Zsá", True),
        (DAY_2, 2, "X on day 2", "Zsá, Ana, & Co", True),
    ]


def test_song_moves_has_every_column_of_a_move(warehouse: Warehouse) -> None:
    assert warehouse.query(
        "SELECT * FROM CHARTLAKE.MARTS.SONG_MOVES WHERE IS_LATEST AND RANK = 2"
    ) == [
        {
            **CHART,
            "snapshot_date": DAY_2,
            "rank": 2,
            "title": "X on day 2",
            "artists": "Zsá, Ana, & Co",
            "previous_rank": 1,
            "rank_change": -1,
            "movement": "down",
            "climb_place": None,
            "fall_place": 1,
            "peak_rank": 1,
            "days_on_chart": 2,
            "streak_days": 2,
            "first_charted_on": DAY_1,
            "streams": 700,
            "streams_change": -200,
            "editions_ago": 0,
            "is_latest": True,
            "track_id": "track-x",
            "song_id": "song-x",
            "url": "https://open.spotify.com/track/x",
        }
    ]


def test_song_exits_has_the_last_seen_title(warehouse: Warehouse) -> None:
    assert warehouse.query("SELECT * FROM CHARTLAKE.MARTS.SONG_EXITS") == [
        {
            **CHART,
            "snapshot_date": DAY_2,
            "title": "Y on day 1",
            "artists": "Ana, & Co",
            "last_rank": 2,
            "peak_rank": 2,
            "days_on_chart": 1,
            "streak_days": 1,
            "last_charted_on": DAY_1,
            "editions_ago": 0,
            "is_latest": True,
            "track_id": "track-y",
            "song_id": "song-y",
            "url": "https://open.spotify.com/track/y",
        }
    ]


def test_artist_share_names_the_artist(warehouse: Warehouse) -> None:
    assert warehouse.query("SELECT * FROM CHARTLAKE.MARTS.ARTIST_SHARE") == [
        {
            **CHART,
            "snapshot_date": DAY_2,
            "artist": "Zsá",
            "songs": 2,
            "best_rank": 1,
            "chart_points": 3,
            "points_share": 1.0,
            "streams": 700,
            "songs_change": 1,
            "points_share_change": 0.25,
            "streams_change": None,
            "editions_ago": 0,
            "is_latest": True,
            "artist_id": "z",
            "url": None,
        }
    ]


def test_chart_pulse_names_the_chart(warehouse: Warehouse) -> None:
    assert warehouse.query("SELECT * FROM CHARTLAKE.MARTS.CHART_PULSE") == [
        {
            **CHART,
            "snapshot_date": DAY_2,
            "previous_edition_on": DAY_1,
            "entries": 2,
            "debuts": 1,
            "re_entries": 0,
            "exits": 1,
            "turnover": 0.5,
            "median_duration_ms": None,
            "explicit_share": None,
            "median_release_age_days": None,
            "artist_concentration": 0.625,
            "editions_ago": 0,
            "is_latest": True,
        }
    ]


def test_chart_freshness_has_the_newest_day_and_the_newest_edition(warehouse: Warehouse) -> None:
    assert warehouse.query("SELECT * FROM CHARTLAKE.MARTS.CHART_FRESHNESS") == [
        {
            **CHART,
            "captured_on": DAY_3,
            "spotify_date": DAY_3,
            "days_behind": 0,
            "edition_date": DAY_2,
            "captured_at": at(DAY_3),
            "refreshed_at": at(DAY_1),
            "entries": 2,
            "left_out": 0,
            "is_repeat": True,
            "expects_change": True,
        }
    ]
