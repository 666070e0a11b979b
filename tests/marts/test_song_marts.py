"""What the marts of songs and runs return for the fixed lake, beyond the worksheets."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chartlake.warehouse import Warehouse, open_warehouse
from tests.support.chart_lake import PH, Tables, captured_at, nov, rows_of, run_id, write_lake
from tests.support.lake_files import write_run
from tests.support.worksheet_answers import PUBLISHED_AT

MARKET = {"market": "ph", "cadence": "daily"}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    root: Path = tmp_path_factory.mktemp("song_marts")
    write_lake(root / "lake")
    with open_warehouse(root, {"s3://chartlake-curated/": root / "lake"}) as warehouse:
        warehouse.deploy()
        warehouse.load()
        warehouse.query("USE SCHEMA MARTS")
        yield warehouse


def rows(warehouse: Warehouse, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in warehouse.query(sql)]


def test_editions_count_new_songs_and_gaps(warehouse: Warehouse) -> None:
    assert rows(
        warehouse,
        "SELECT SNAPSHOT_DATE, PREVIOUS_EDITION_ON, FIRST_EDITION_ON, EDITIONS_AGO, IS_LATEST"
        " FROM CHARTLAKE.CORE.EDITIONS WHERE CHART_ID = 'ph' ORDER BY SNAPSHOT_DATE",
    ) == [
        (nov(1), None, nov(1), 4, False),
        (nov(2), nov(1), nov(1), 3, False),
        (nov(3), nov(2), nov(1), 2, False),
        (nov(5), nov(3), nov(1), 1, False),
        (nov(7), nov(5), nov(1), 0, True),
    ]


def test_equal_climbs_share_a_place_and_the_next_place_is_skipped(warehouse: Warehouse) -> None:
    assert rows(
        warehouse,
        "SELECT SNAPSHOT_DATE, RANK, RANK_CHANGE, CLIMB_PLACE, FALL_PLACE FROM SONG_MOVES"
        " WHERE CHART_ID = 'ph' AND SNAPSHOT_DATE IN ('2026-11-03', '2026-11-05')"
        " ORDER BY SNAPSHOT_DATE, RANK",
    ) == [
        (nov(3), 1, 0, None, None),
        (nov(3), 2, 1, 1, None),
        (nov(3), 3, None, None, None),
        (nov(5), 1, 1, 1, None),
        (nov(5), 2, 1, 1, None),
        (nov(5), 3, -2, None, 1),
    ]


def test_a_life_line_shows_exits_and_counts_stays(warehouse: Warehouse) -> None:
    assert rows(
        warehouse,
        "SELECT SNAPSHOT_DATE, STAY, MOVEMENT, RANK, PREVIOUS_RANK, PEAK_RANK, DAYS_ON_CHART,"
        " STREAK_DAYS, TITLE, EDITIONS_AGO FROM SONG_LIFE_LINE"
        " WHERE CHART_ID = 'ph' AND SONG_ID = 'a' ORDER BY SNAPSHOT_DATE",
    ) == [
        (nov(1), 1, "debut", 1, None, 1, 1, 1, "Amihan", 4),
        (nov(2), 1, "down", 2, 1, 1, 2, 2, "Amihan", 3),
        (nov(3), 1, "exit", None, 2, 1, 2, 2, "Amihan", 2),
        (nov(7), 2, "re_entry", 2, None, 1, 3, 1, "Amihan", 0),
    ]


def test_a_life_line_has_only_moves_and_exits(warehouse: Warehouse) -> None:
    assert rows(
        warehouse,
        "SELECT CHART_ID, COUNT(RANK), COUNT(*) - COUNT(RANK) FROM SONG_LIFE_LINE"
        " GROUP BY CHART_ID ORDER BY CHART_ID",
    ) == [("ph", 15, 3), ("us", 12, 1), ("world", 6, 1)]


def test_records_have_every_achievement_of_a_song(warehouse: Warehouse) -> None:
    assert warehouse.query(
        "SELECT * FROM SONG_RECORDS WHERE CHART_ID = 'ph' AND SONG_ID IN ('a', 'b')"
        " ORDER BY SONG_ID"
    ) == [
        {
            **PH,
            "title": "Amihan",
            "artists": "Ana",
            "rank_now": 2,
            "peak_rank": 1,
            "days_at_number_one": 1,
            "days_on_chart": 3,
            "longest_streak_days": 2,
            "stays": 2,
            "first_charted_on": nov(1),
            "last_charted_on": nov(7),
            "is_from_the_start": True,
            "edition_date": nov(7),
            "first_spotify_date": date(2026, 10, 31),
            "last_spotify_date": nov(6),
            "edition_spotify_date": nov(6),
            "track_id": "a",
            "song_id": "a",
            "url": None,
        },
        {
            **PH,
            "title": "Bagyo (feat. Ben)",
            "artists": "Ana, Ben",
            "rank_now": None,
            "peak_rank": 1,
            "days_at_number_one": 2,
            "days_on_chart": 4,
            "longest_streak_days": 4,
            "stays": 1,
            "first_charted_on": nov(1),
            "last_charted_on": nov(5),
            "is_from_the_start": True,
            "edition_date": nov(7),
            "first_spotify_date": date(2026, 10, 31),
            "last_spotify_date": nov(4),
            "edition_spotify_date": nov(6),
            "track_id": "b",
            "song_id": "b",
            "url": None,
        },
    ]


def test_markets_of_a_song_are_compared_by_spotifys_dates(warehouse: Warehouse) -> None:
    oct_31 = date(2026, 10, 31)
    assert rows(
        warehouse,
        "SELECT TITLE, CADENCE, MARKET, RANK_NOW, PEAK_RANK, DAYS_ON_CHART, FIRST_CHARTED_ON,"
        " LAST_CHARTED_ON, IS_FROM_THE_START, EDITION_DATE, ARRIVAL, DAYS_AFTER_FIRST,"
        " MARKETS_NOW, MARKETS_SO_FAR FROM SONG_MARKETS WHERE SONG_ID IN ('a', 'd')"
        " ORDER BY SONG_ID, CADENCE, MARKET",
    ) == [
        ("Amihan", "daily", "ph", 2, 1, 3, oct_31, nov(6), True, nov(6), 1, 0, 2, 2),
        ("Amihan", "daily", "us", 2, 2, 1, nov(6), nov(6), False, nov(6), 2, 6, 2, 2),
        ("Amihan", "weekly", "global", None, 1, 1, nov(1), nov(1), True, nov(8), 1, 0, 0, 1),
        ("Dawn", "daily", "ph", 1, 1, 4, nov(1), nov(6), False, nov(6), 1, 0, 1, 2),
        ("Dawn", "daily", "us", None, 1, 3, nov(2), nov(5), True, nov(6), 2, 1, 1, 2),
        ("Dawn", "weekly", "global", 3, 3, 2, nov(1), nov(8), True, nov(8), 1, 0, 1, 1),
    ]


def test_a_market_with_two_charts_counts_once_at_the_better_rank(tmp_path: Path) -> None:
    """Song x leaves the chart that had it from the start, and comes to the other one."""
    one, two = {"chart_id": "one", **MARKET}, {"chart_id": "two", **MARKET}
    standing = {"song_id": "x", "track_id": "x", "chart_id": "one", "rank": 3, "peak_rank": 3}
    since = {"first_charted_on": nov(1), "days_on_chart": 1}
    come = {"chart_id": "two", "rank": 2, "peak_rank": 2, "first_charted_on": nov(3)}
    for day, charts, trend in [
        (1, [one, two], standing | since),
        (2, [one, two], standing | since | {"days_on_chart": 2}),
        (3, [two], standing | since | come),
    ]:
        tables: Tables = {
            "chart_snapshots": charts,
            "song_trends": [trend],
            "tracks": [{"track_id": "x", "name": f"X on day {day}"}],
        }
        write_run(tmp_path / "lake", nov(day), run_id(day), tables)
    mounts = {"s3://chartlake-curated/": tmp_path / "lake"}
    with open_warehouse(tmp_path / "warehouse", mounts) as warehouse:
        warehouse.deploy()
        warehouse.load()
        assert rows(
            warehouse,
            "SELECT TITLE, MARKET, RANK_NOW, PEAK_RANK, DAYS_ON_CHART, FIRST_CHARTED_ON,"
            " LAST_CHARTED_ON, IS_FROM_THE_START, EDITION_DATE, MARKETS_NOW, MARKETS_SO_FAR"
            " FROM CHARTLAKE.MARTS.SONG_MARKETS",
        ) == [("X on day 3", "ph", 2, 2, 2, nov(1), nov(3), True, nov(3), 1, 1)]


def test_the_ledger_shows_every_stage_of_every_chart(warehouse: Warehouse) -> None:
    ledger = warehouse.query("SELECT * FROM RUN_LEDGER WHERE IS_LATEST ORDER BY CHART_ID")
    loaded_at = {row.pop("loaded_at") for row in ledger}
    assert len(loaded_at) == 1
    assert None not in loaded_at
    run = {
        "snapshot_date": nov(8),
        "run_id": run_id(8),
        "published_at": PUBLISHED_AT,
        "rows_expected": rows_of(8),
        "rows_loaded": rows_of(8),
        "status": "visible",
        "is_latest": True,
    }
    assert ledger == [
        {
            **run,
            "chart_id": "ph",
            "chart_name": "Top PH",
            "captured_at": None,
            "entries": None,
            "gate": "held back",
            "failed_rules": "entries_at_least",
            "quarantined": 1,
        },
        {
            **run,
            "chart_id": "world",
            "chart_name": "Top World",
            "captured_at": captured_at(8),
            "entries": 3,
            "gate": "passed",
            "failed_rules": None,
            "quarantined": 0,
        },
    ]


def test_the_ledger_has_a_row_per_date_run_and_chart(warehouse: Warehouse) -> None:
    assert rows(
        warehouse,
        "SELECT SNAPSHOT_DATE, LISTAGG(CHART_ID, ' ') WITHIN GROUP (ORDER BY CHART_ID)"
        " FROM RUN_LEDGER GROUP BY SNAPSHOT_DATE ORDER BY SNAPSHOT_DATE",
    ) == [
        (nov(1), "ph world"),
        (nov(2), "ph us world"),
        (nov(3), "ph us"),
        (nov(4), "world"),
        (nov(5), "ph us"),
        (nov(6), "ph us"),
        (nov(7), "ph"),
        (nov(8), "ph world"),
    ]
