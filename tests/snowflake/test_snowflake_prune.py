"""A prune deletes rows of superseded runs from the landing tables; readers see no difference."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from chartlake.contract.tables import TABLES
from chartlake.snowflake.prune import NAMES, conclusion, prune
from chartlake.snowflake.reconcile import reconcile
from chartlake.warehouse import Warehouse, open_warehouse
from tests.support.chart_lake import nov, run_id, tables_of, write_lake
from tests.support.lake_files import write_part, write_run
from tests.support.snowflake_account import account, in_a_process
from tests.support.warehouse_reader import every_row

DAY, NEXT = date(2026, 11, 1), date(2026, 11, 2)
FIRST, SECOND, THIRD = "20261101T060000Z", "20261101T070000Z", "20261101T080000Z"
# The runs of write_run are published on 2026-11-01 at midnight.
AFTER_EIGHT_DAYS = datetime(2026, 11, 9, 0, 1, tzinfo=UTC)
ON_THE_EIGHTH_DAY = datetime(2026, 11, 8, 23, 59, tzinfo=UTC)
NOTHING = "No run was superseded more than 8 days ago.\n"


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with open_warehouse(tmp_path, {"s3://chartlake-curated/": tmp_path / "lake"}) as warehouse:
        warehouse.deploy()
        yield warehouse


def albums(*ids: str) -> dict[str, list[dict[str, str]]]:
    return {"albums": [{"album_id": album_id} for album_id in ids]}


def landed(warehouse: Warehouse, table: str = "ALBUMS") -> list[tuple[date, str]]:
    rows = warehouse.query(
        f"SELECT DISTINCT SNAPSHOT_DATE, RUN_ID FROM CHARTLAKE.LANDING.{table} ORDER BY 1, 2"
    )
    return [(row["snapshot_date"], row["run_id"]) for row in rows]


def cleared(warehouse: Warehouse, now: datetime = AFTER_EIGHT_DAYS, delete: bool = True) -> None:
    prune(warehouse.query, "CHARTLAKE", now, delete)


def test_only_superseded_runs_are_deleted(warehouse, tmp_path, capsys):
    for run in (FIRST, SECOND):
        write_run(tmp_path / "lake", DAY, run, albums("a", run))
    write_part(tmp_path / "lake", "albums", DAY, THIRD, [{"album_id": "c"}])
    write_run(tmp_path / "lake", NEXT, FIRST, albums("x"))
    warehouse.load()
    cleared(warehouse)
    assert capsys.readouterr().out == (
        "             2  albums\n            12  load_manifest\n"
        "Deleted 14 rows of superseded runs; readers see no change.\n"
    )
    assert landed(warehouse) == [(DAY, SECOND), (DAY, THIRD), (NEXT, FIRST)]
    assert landed(warehouse, "LOAD_MANIFEST") == [(DAY, SECOND), (NEXT, FIRST)]
    cleared(warehouse)
    assert capsys.readouterr().out == NOTHING


def test_rows_of_a_dead_run_are_deleted_once_a_newer_one_is_visible(warehouse, tmp_path):
    write_part(tmp_path / "lake", "albums", DAY, FIRST, [{"album_id": "a"}])
    write_run(tmp_path / "lake", DAY, SECOND, albums("b"))
    warehouse.load()
    cleared(warehouse)
    assert landed(warehouse) == [(DAY, SECOND)]


def test_a_run_is_kept_while_its_successor_is_incomplete_or_recent(warehouse, tmp_path, capsys):
    """A run stays while the newer one is incomplete or a refresh could load it again."""
    write_run(tmp_path / "lake", DAY, FIRST, albums("a"))
    warehouse.load()
    write_run(tmp_path / "lake", DAY, SECOND, albums("b"))
    cleared(warehouse)
    warehouse.load()
    cleared(warehouse, ON_THE_EIGHTH_DAY)
    assert capsys.readouterr().out == NOTHING * 2
    assert landed(warehouse) == [(DAY, FIRST), (DAY, SECOND)]


def test_nothing_is_deleted_by_default(warehouse, tmp_path, capsys):
    for run in (FIRST, SECOND):
        write_run(tmp_path / "lake", DAY, run, albums("a"))
    warehouse.load()
    cleared(warehouse, delete=False)
    assert capsys.readouterr().out.endswith(
        f"\n{len(TABLES)} rows of superseded runs can be deleted: run it with --delete.\n"
    )
    assert landed(warehouse) == [(DAY, FIRST), (DAY, SECOND)]


def test_a_prune_changes_nothing_for_readers_and_reloads_nothing(warehouse, tmp_path, capsys):
    lake = tmp_path / "lake"
    write_lake(lake)
    later = run_id(5).replace("T06", "T18")
    write_run(lake, nov(5), later, tables_of(5))
    warehouse.load()
    before = every_row(warehouse)
    assert before["MARTS.SONG_MOVES"]
    cleared(warehouse, datetime(2027, 1, 1, tzinfo=UTC))
    assert {run for day, run in landed(warehouse, "CHART_ENTRIES") if day == nov(5)} == {later}
    assert every_row(warehouse) == before
    assert sum(warehouse.load().values()) == 0
    capsys.readouterr()
    assert reconcile(warehouse.query, "CHARTLAKE", refresh=False) == 0
    assert capsys.readouterr().out.startswith("Nothing is missing: ")


def test_an_interrupted_prune_is_invisible_and_the_next_completes_it(warehouse, tmp_path):
    for run in (FIRST, SECOND):
        write_run(tmp_path / "lake", DAY, run, albums(run))
    warehouse.load()

    def ask(sql: str) -> Any:
        if sql.startswith("DELETE FROM CHARTLAKE.LANDING.LOAD_MANIFEST"):
            raise ConnectionError
        return warehouse.query(sql)

    with pytest.raises(ConnectionError):
        prune(ask, "CHARTLAKE", AFTER_EIGHT_DAYS, delete=True)
    assert landed(warehouse) == [(DAY, SECOND)]
    assert landed(warehouse, "LOAD_MANIFEST") == [(DAY, FIRST), (DAY, SECOND)]
    assert warehouse.query("SELECT ALBUM_ID FROM CHARTLAKE.CORE.ALBUMS") == [{"album_id": SECOND}]
    assert reconcile(warehouse.query, "CHARTLAKE", refresh=False) == 0
    cleared(warehouse)
    assert landed(warehouse, "LOAD_MANIFEST") == [(DAY, SECOND)]


def test_an_account_is_queried_as_its_admin(tmp_path):
    with account(tmp_path, lambda _: []) as snowflake:
        told = in_a_process(tmp_path, "snowflake", "prune", "local", "--delete")
    assert (told.returncode, told.stdout) == (0, NOTHING), told.stderr
    first, second, *asked = snowflake.sent
    assert (first, second) == ("USE ROLE SYSADMIN", "USE WAREHOUSE CHARTLAKE_WH")
    counted = [sql for sql in asked if sql != "COMMIT"]
    tables = [f"CHARTLAKE.LANDING.{name.upper()}" for name in NAMES]
    counts = re.compile(r"SELECT COUNT\(\*\) AS HELD FROM (\S+) ")
    assert [found[1] for sql in counted if (found := counts.match(sql))] == tables
    assert len(counted) == len(tables)


def test_a_missing_account_or_environment_is_reported_in_one_line(tmp_path):
    for environment, sentence in {
        "local": "Default connection with name 'default' cannot be found",
        "nowhere": "There is no environment 'nowhere'.",
    }.items():
        told = in_a_process(tmp_path, "snowflake", "prune", environment)
        assert (told.returncode, told.stdout, told.stderr.count("\n")) == (1, "", 1)
        assert sentence in told.stderr


@pytest.mark.parametrize(
    ("found", "could_go", "deleted"),
    [
        (
            1,
            "1 row of superseded runs can be deleted: run it with --delete.",
            "Deleted 1 row of superseded runs; readers see no change.",
        ),
        (
            2,
            "2 rows of superseded runs can be deleted: run it with --delete.",
            "Deleted 2 rows of superseded runs; readers see no change.",
        ),
    ],
)
def test_the_rows_of_superseded_runs_are_counted(found, could_go, deleted):
    assert conclusion(found, delete=False) == could_go
    assert conclusion(found, delete=True) == deleted


def test_without_rows_to_delete_the_minimum_age_is_shown():
    assert conclusion(0, delete=True) == "No run was superseded more than 8 days ago."
