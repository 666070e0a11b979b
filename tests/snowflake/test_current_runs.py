"""Readers see the newest complete run of each date, in whatever order files arrive."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from chartlake.contract.tables import TABLES
from chartlake.warehouse import Warehouse, open_warehouse
from tests.support.lake_files import write_manifest, write_part, write_run

pytestmark = pytest.mark.faults

DAY = date(2026, 11, 1)
FIRST, SECOND = "20261101T060000Z", "20261101T090000Z"
PROMISED = len(TABLES) - 1
"""A manifest names every table except its own."""


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    return tmp_path / "lake"


@pytest.fixture
def warehouse(tmp_path: Path, lake: Path) -> Iterator[Warehouse]:
    with open_warehouse(tmp_path / "warehouse", {"s3://chartlake-curated/": lake}) as warehouse:
        warehouse.deploy()
        yield warehouse


def albums(*ids: str) -> dict[str, list[dict[str, str]]]:
    return {"albums": [{"album_id": album_id} for album_id in ids]}


def visible(warehouse: Warehouse) -> list[str]:
    warehouse.load()
    rows = warehouse.query("SELECT ALBUM_ID FROM CHARTLAKE.CORE.ALBUMS ORDER BY ALBUM_ID")
    return [row["album_id"] for row in rows]


def test_a_half_loaded_run_is_hidden_and_the_previous_one_stays(
    warehouse: Warehouse, lake: Path
) -> None:
    write_run(lake, DAY, FIRST, albums("a", "b"))
    write_manifest(lake, DAY, SECOND, {"albums": 2})
    write_part(lake, "albums", DAY, SECOND, [{"album_id": "c"}])
    assert visible(warehouse) == ["a", "b"]
    assert warehouse.query(
        "SELECT RUN_ID, TABLES, ROWS_EXPECTED, ROWS_LOADED, IS_COMPLETE"
        " FROM CHARTLAKE.LANDING.RUNS ORDER BY RUN_ID"
    ) == [
        dict(run_id=FIRST, tables=PROMISED, rows_expected=2, rows_loaded=2, is_complete=True),
        dict(run_id=SECOND, tables=PROMISED, rows_expected=2, rows_loaded=1, is_complete=False),
    ]


def test_a_run_becomes_visible_with_its_last_row(warehouse: Warehouse, lake: Path) -> None:
    write_run(lake, DAY, FIRST, albums("a", "b"))
    write_manifest(lake, DAY, SECOND, {"albums": 2})
    write_part(lake, "albums", DAY, SECOND, [{"album_id": "c"}])
    assert visible(warehouse) == ["a", "b"]
    write_part(lake, "albums", DAY, SECOND, [{"album_id": "d"}], part="part-00001-a")
    assert visible(warehouse) == ["c", "d"]


def test_a_missing_table_holds_the_whole_run_back(warehouse: Warehouse, lake: Path) -> None:
    write_part(lake, "albums", DAY, FIRST, [{"album_id": "a"}])
    write_manifest(lake, DAY, FIRST, {"albums": 1, "tracks": 1})
    assert visible(warehouse) == []
    write_part(lake, "tracks", DAY, FIRST, [{"track_id": "t"}])
    assert visible(warehouse) == ["a"]


def test_rows_without_a_manifest_are_hidden(warehouse: Warehouse, lake: Path) -> None:
    write_part(lake, "albums", DAY, FIRST, [{"album_id": "a"}])
    assert visible(warehouse) == []
    write_manifest(lake, DAY, FIRST, {"albums": 1})
    assert visible(warehouse) == ["a"]


def test_a_day_emptied_by_a_run_is_empty(warehouse: Warehouse, lake: Path) -> None:
    write_run(lake, DAY, FIRST, albums("a"))
    assert visible(warehouse) == ["a"]
    write_run(lake, DAY, SECOND, {})
    assert visible(warehouse) == []


def test_an_older_run_that_arrives_late_changes_nothing(warehouse: Warehouse, lake: Path) -> None:
    write_run(lake, DAY, SECOND, albums("b"))
    assert visible(warehouse) == ["b"]
    write_run(lake, DAY, FIRST, albums("a"))
    assert visible(warehouse) == ["b"]


def test_each_date_has_its_own_current_run(warehouse: Warehouse, lake: Path) -> None:
    write_run(lake, DAY, FIRST, albums("a"))
    write_run(lake, DAY, SECOND, albums("b"))
    write_run(lake, date(2026, 11, 2), FIRST, albums("c"))
    assert visible(warehouse) == ["b", "c"]


def test_loading_and_deploying_again_change_nothing(warehouse: Warehouse, lake: Path) -> None:
    write_run(lake, DAY, FIRST, albums("a", "b"))
    assert warehouse.load()["albums"] == 2
    warehouse.deploy()
    assert set(warehouse.load().values()) == {0}
    assert visible(warehouse) == ["a", "b"]


def test_a_replaced_pipe_reloads_without_duplicates(warehouse: Warehouse, lake: Path) -> None:
    write_run(lake, DAY, FIRST, albums("a", "b"))
    assert visible(warehouse) == ["a", "b"]
    warehouse.query(
        "CREATE OR REPLACE PIPE CHARTLAKE.LANDING.ALBUMS_PIPE AUTO_INGEST = TRUE AS"
        " COPY INTO CHARTLAKE.LANDING.ALBUMS FROM @CHARTLAKE.LANDING.CURATED/albums/"
        " PATTERN = '.*/part-[^/]+[.]parquet'"
        " FILE_FORMAT = (FORMAT_NAME = 'CHARTLAKE.LANDING.PARQUET_FILES')"
        " MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE INCLUDE_METADATA ="
        " (SRC_FILE = METADATA$FILENAME, SRC_ROW = METADATA$FILE_ROW_NUMBER,"
        " LOADED_AT = METADATA$START_SCAN_TIME)"
    )
    assert warehouse.load()["albums"] == 2
    landed = warehouse.query("SELECT COUNT(*) AS N FROM CHARTLAKE.LANDING.ALBUMS")
    assert landed == [{"n": 4}]
    assert visible(warehouse) == ["a", "b"]
