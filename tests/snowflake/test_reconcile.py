"""Missing files in the warehouse are found one by one, and a refresh loads only those."""

import os
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from chartlake.contract.paths import run_prefix
from chartlake.snowflake.gaps import Gap
from chartlake.snowflake.reconcile import heading, reconcile
from chartlake.warehouse import Warehouse, open_warehouse
from tests.support.command import chartlake
from tests.support.lake_files import write_manifest, write_part, write_run
from tests.support.snowflake_account import account, in_a_process

DAY, NEXT = date(2026, 11, 1), date(2026, 11, 2)
FIRST, SECOND = "20261101T060000Z", "20261101T090000Z"
GUIDE = (Path(__file__).parents[2] / "docs" / "snowflake.md").read_text(encoding="utf-8")
NOTHING = "Nothing is missing: every manifest in S3 is loaded, and so are the rows it promises.\n"
NEVER = "never loaded: Snowpipe was not notified, or has not reached it yet"


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    return tmp_path / "lake" / "chartlake-curated"


@pytest.fixture
def warehouse(tmp_path: Path, lake: Path) -> Iterator[Warehouse]:
    folder = tmp_path / "lake" / "warehouse"
    with open_warehouse(folder, {"s3://chartlake-curated/": lake}) as warehouse:
        warehouse.deploy()
        yield warehouse


def albums(*ids: str) -> dict[str, list[dict[str, str]]]:
    return {"albums": [{"album_id": album_id} for album_id in ids]}


def visible(warehouse: Warehouse) -> list[str]:
    rows = warehouse.query("SELECT ALBUM_ID FROM CHARTLAKE.CORE.ALBUMS ORDER BY ALBUM_ID")
    return [row["album_id"] for row in rows]


def look(warehouse: Warehouse) -> int:
    return reconcile(warehouse.query, "CHARTLAKE", refresh=False)


def refresh(warehouse: Warehouse) -> int:
    return reconcile(warehouse.query, "CHARTLAKE", refresh=True)


def test_nothing_is_missing_once_all_is_loaded(warehouse, lake, capsys):
    write_run(lake, DAY, FIRST, albums("a"))
    warehouse.load()
    assert look(warehouse) == 0
    assert capsys.readouterr().out == NOTHING


def test_an_empty_warehouse_of_an_empty_lake_misses_nothing(warehouse, lake, capsys):
    assert look(warehouse) == 0
    assert capsys.readouterr().out == NOTHING


def test_a_file_that_was_never_loaded_is_named(warehouse, lake, capsys):
    write_manifest(lake, DAY, FIRST, {"albums": 2})
    write_part(lake, "albums", DAY, FIRST, [{"album_id": "a"}])
    warehouse.load()
    write_part(lake, "albums", DAY, FIRST, [{"album_id": "b"}], part="part-00001-a")
    assert look(warehouse) == 1
    told = capsys.readouterr().out
    assert told in GUIDE
    assert told == (
        f"albums: 1 of 2 rows of 2026-11-01, run {FIRST}\n"
        f"  dt=2026-11-01/run={FIRST}/part-00001-a.snappy.parquet\n"
        f"    {NEVER}\n"
        "1 of 1 can be loaded now: run it with --refresh.\n"
    )
    assert visible(warehouse) == []


def test_a_refresh_loads_only_the_incomplete_folders(warehouse, lake, capsys):
    write_manifest(lake, DAY, FIRST, {"albums": 2})
    write_part(lake, "albums", DAY, FIRST, [{"album_id": "a"}])
    write_run(lake, NEXT, FIRST, albums("x"))
    warehouse.load()
    write_part(lake, "albums", DAY, FIRST, [{"album_id": "b"}], part="part-00001-a")
    write_part(lake, "albums", NEXT, FIRST, [{"album_id": "y"}], part="part-00001-a")
    write_part(lake, "tracks", DAY, FIRST, [{"track_id": "t"}])
    assert refresh(warehouse) == 0
    told = capsys.readouterr().out
    assert told.count("ALTER PIPE") == 1
    assert (
        "ALTER PIPE CHARTLAKE.LANDING.ALBUMS_PIPE"
        f" REFRESH PREFIX = 'dt=2026-11-01/run={FIRST}/'\n" in told
    )
    assert visible(warehouse) == ["a", "b", "x"]
    landed = "SELECT ALBUM_ID FROM CHARTLAKE.LANDING.ALBUMS ORDER BY 1"
    assert [row["album_id"] for row in warehouse.query(landed)] == ["a", "b", "x"]
    assert warehouse.query("SELECT TRACK_ID FROM CHARTLAKE.LANDING.TRACKS") == []
    assert look(warehouse) == 0


def test_a_failed_file_says_why_and_is_retried(warehouse, lake, capsys):
    write_run(lake, DAY, FIRST, albums("a"))
    (path,) = (lake / run_prefix("albums", DAY, FIRST)).iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    warehouse.load()
    assert look(warehouse) == 1
    (reason,) = [line for line in capsys.readouterr().out.splitlines() if "failed:" in line]
    assert "magic bytes" in reason.lower()
    path.write_bytes(whole)
    assert refresh(warehouse) == 0
    assert visible(warehouse) == ["a"]


def test_a_missing_manifest_is_named_and_its_run_is_loaded(warehouse, lake, capsys):
    write_manifest(lake, DAY, FIRST, {"albums": 1})
    write_part(lake, "albums", DAY, FIRST, [{"album_id": "a"}])
    assert look(warehouse) == 1
    assert capsys.readouterr().out == (
        f"load_manifest/dt=2026-11-01/run={FIRST}/part-00000-a.snappy.parquet\n"
        f"  {NEVER}\n"
        "1 of 1 can be loaded now: run it with --refresh.\n"
    )
    assert refresh(warehouse) == 0
    assert "Refreshed 2 of 2." in capsys.readouterr().out
    assert visible(warehouse) == ["a"]


def test_deleted_rows_are_not_refreshed(warehouse, lake, capsys):
    write_run(lake, DAY, FIRST, albums("a"))
    warehouse.load()
    warehouse.query("DELETE FROM CHARTLAKE.LANDING.ALBUMS")
    assert refresh(warehouse) == 1
    told = capsys.readouterr().out
    assert "    was loaded, but its rows are missing from the table\n" in told
    assert told.endswith("Refreshed 0 of 1. Snowpipe needs about a minute: run it again then.\n")


@pytest.mark.parametrize(
    ("loaded", "reason"),
    [
        (0, "  S3 has no file of it: was it removed, or is the stage on another bucket?\n"),
        (1, "  every file in S3 is loaded: files were removed; run the day again\n"),
    ],
)
def test_files_missing_from_s3_are_reported(warehouse, lake, capsys, loaded, reason):
    write_manifest(lake, DAY, FIRST, {"albums": 2})
    if loaded:
        write_part(lake, "albums", DAY, FIRST, [{"album_id": "a"}])
    warehouse.load()
    assert look(warehouse) == 1
    told = capsys.readouterr().out
    assert told.startswith(f"albums: {loaded} of 2 rows of 2026-11-01, run {FIRST}\n{reason}")
    assert told.endswith("0 of 1 can be loaded now: run it with --refresh.\n")


def test_more_rows_than_promised_are_reported(warehouse, lake, capsys):
    write_manifest(lake, DAY, FIRST, {"albums": 1})
    write_part(lake, "albums", DAY, FIRST, [{"album_id": "a"}, {"album_id": "b"}])
    warehouse.load()
    assert look(warehouse) == 1
    assert "  more rows than promised: two jobs wrote one run" in capsys.readouterr().out


def test_an_empty_file_is_not_reported(warehouse, lake, capsys):
    write_manifest(lake, DAY, FIRST, {"albums": 1})
    write_part(lake, "albums", DAY, FIRST, [])
    warehouse.load()
    assert look(warehouse) == 1
    told = capsys.readouterr().out
    assert "  every file in S3 is loaded: files were removed; run the day again\n" in told


def test_a_file_older_than_a_week_cannot_be_refreshed(warehouse, lake, capsys):
    write_manifest(lake, DAY, FIRST, {"albums": 1})
    warehouse.load()
    path = write_part(lake, "albums", DAY, FIRST, [{"album_id": "a"}])
    eight_days_ago = time.time() - 8 * 86_400
    os.utime(path, (eight_days_ago, eight_days_ago))
    assert refresh(warehouse) == 1
    told = capsys.readouterr().out
    assert f"    {NEVER}; too old for a refresh\n" in told
    assert "ALTER PIPE" not in told


def test_a_superseded_run_is_ignored(warehouse, lake, capsys):
    write_manifest(lake, DAY, FIRST, {"albums": 5})
    write_run(lake, DAY, SECOND, albums("b"))
    warehouse.load()
    assert look(warehouse) == 0


def test_unfinished_spark_files_are_ignored(warehouse, lake, capsys):
    write_run(lake, DAY, FIRST, albums("a"))
    warehouse.load()
    unfinished = lake / "curated/load_manifest/_temporary/0" / f"dt=2026-11-02/run={FIRST}"
    unfinished.mkdir(parents=True)
    (unfinished / "part-00000-a.snappy.parquet").touch()
    (lake / "curated/load_manifest/_SUCCESS").touch()
    assert look(warehouse) == 0


def test_a_demo_is_reconciled_in_its_folder(warehouse, lake, tmp_path, capsys):
    write_run(lake, DAY, FIRST, albums("a"))
    warehouse.load()
    warehouse.account.duck_conn.close()
    assert chartlake("reconcile", "--lake", tmp_path / "lake") == 0
    assert capsys.readouterr().out == NOTHING


def test_without_a_demo_it_says_what_to_run(tmp_path, capsys):
    assert chartlake("reconcile", "--lake", tmp_path) == 1
    assert capsys.readouterr().err.endswith("yet. Run `chartlake demo` first.\n")


def test_an_account_is_queried_as_the_operator(tmp_path):
    with account(tmp_path, lambda _: []) as snowflake:
        told = in_a_process(tmp_path, "reconcile", "--env", "local")
    assert (told.returncode, told.stdout) == (0, NOTHING), told.stderr
    first, second, *asked = snowflake.sent
    assert (first, second) == ("USE ROLE CHARTLAKE_OPERATOR", "USE WAREHOUSE CHARTLAKE_WH")
    assert "LIST @CHARTLAKE.LANDING.CURATED/load_manifest/" in asked


def test_a_missing_account_configuration_is_reported_in_one_line(tmp_path):
    told = in_a_process(tmp_path, "reconcile", "--env", "local")
    assert told.returncode == 1
    assert told.stderr.count("\n") == 1
    assert "Default connection with name 'default' cannot be found" in told.stderr


@pytest.mark.parametrize(
    ("loaded", "expected", "told"),
    [
        (0, 1, "albums: 0 of 1 row of 2026-11-01, run r"),
        (0, 2, "albums: 0 of 2 rows of 2026-11-01, run r"),
        (1, 0, "albums: 1 of 0 rows of 2026-11-01, run r"),
        (1203, 1204, "albums: 1,203 of 1,204 rows of 2026-11-01, run r"),
    ],
)
def test_the_loaded_rows_are_counted(loaded, expected, told):
    gap = Gap("albums", date(2026, 11, 1), "r", expected, loaded, "", (), "")
    assert heading(gap) == told
