"""The views that alerts read: empty if all is well, otherwise one sentence per problem."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from chartlake.contract.tables import LOAD_MANIFEST, TABLES
from chartlake.warehouse import Warehouse, open_warehouse
from chartlake.warehouse.deploy import SQL_FOLDER, statements
from tests.support.lake_files import write_part, write_run

NOW = datetime.now(UTC)
TODAY = NOW.date()
FIRST, SECOND, THIRD = "20260101T060000Z", "20260101T090000Z", "20260101T120000Z"
HOUR = timedelta(hours=1)


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    return tmp_path / "lake"


@pytest.fixture
def warehouse(tmp_path: Path, lake: Path) -> Iterator[Warehouse]:
    with open_warehouse(tmp_path / "warehouse", {"s3://chartlake-curated/": lake}) as warehouse:
        warehouse.deploy()
        yield warehouse


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def capture(
    lake: Path, day: date, run: str, *charts: tuple[str, str, bool], **settings: bool
) -> None:
    """Write a day of charts: id, cadence, and whether it only repeats the edition before."""
    names = ("chart_id", "cadence", "is_repeat")
    rows = [dict(zip(names, chart, strict=True)) | settings for chart in charts]
    write_run(lake, day, run, {"chart_snapshots": rows})


def promise(lake: Path, day: date, run: str, at: datetime, **counts: int) -> None:
    rows = [
        {"table_name": table.name, "row_count": counts.get(table.name, 0), "published_at": at}
        for table in TABLES
        if table is not LOAD_MANIFEST
    ]
    write_part(lake, "load_manifest", day, run, rows)


def late(warehouse: Warehouse) -> list[str]:
    warehouse.load()
    rows = warehouse.query("SELECT REASON FROM CHARTLAKE.OPS.LATE_CHARTS ORDER BY REASON")
    return [row["reason"] for row in rows]


def stuck(warehouse: Warehouse) -> list[str]:
    warehouse.load()
    rows = warehouse.query("SELECT REASON FROM CHARTLAKE.OPS.STUCK_RUNS ORDER BY REASON")
    return [row["reason"] for row in rows]


def test_a_chart_is_late_if_its_newest_day_exceeds_its_cadence(warehouse, lake):
    """A chart is late if its newest day is older than its cadence allows."""
    for age in (0, 1, 2, 8, 9, 30, 31):
        daily, weekly = (f"daily{age:02}", "daily", False), (f"weekly{age:02}", "weekly", False)
        capture(lake, days_ago(age), FIRST, daily, weekly)
    assert late(warehouse) == [
        f"daily02: no day since {days_ago(2)}",
        f"daily08: no day since {days_ago(8)}",
        f"daily09: no day since {days_ago(9)}",
        f"daily30: no day since {days_ago(30)}",
        f"weekly09: no day since {days_ago(9)}",
        f"weekly30: no day since {days_ago(30)}",
    ]


def test_a_captured_chart_that_never_changes_is_late_too(warehouse, lake):
    ages = {"daily03": 3, "daily04": 4, "weekly08": 8, "weekly09": 9}
    for chart, age in ages.items():
        capture(lake, days_ago(age), FIRST, (chart, chart[:-2], False))
    capture(lake, TODAY, FIRST, *[(chart, chart[:-2], True) for chart in ages])
    assert late(warehouse) == [
        f"daily04: captured, but still shows the edition of {days_ago(4)}",
        f"weekly09: captured, but still shows the edition of {days_ago(9)}",
    ]


def test_a_chart_that_may_stay_the_same_is_late_without_captures(warehouse, lake):
    """A chart that is not expected to change is late only without a capture."""

    def captured(age: int, run: str, *charts: str, expects_change: bool) -> None:
        shown = [(chart, "daily", age < 9) for chart in charts]
        capture(lake, days_ago(age), run, *shown, expects_change=expects_change)

    captured(9, FIRST, "still", "gone", expects_change=False)
    captured(2, FIRST, "still", "gone", expects_change=False)
    captured(10, FIRST, "moves", expects_change=True)
    captured(1, FIRST, "moves", expects_change=True)
    captured(0, FIRST, "still", expects_change=False)
    assert late(warehouse) == [
        f"gone: no day since {days_ago(2)}",
        f"moves: captured, but still shows the edition of {days_ago(10)}",
    ]


def test_a_run_is_stuck_an_hour_after_publication(warehouse, lake):
    promise(lake, TODAY, FIRST, NOW - 2 * HOUR, albums=3, tracks=1)
    write_part(lake, "albums", TODAY, FIRST, [{"album_id": "a"}])
    promise(lake, days_ago(1), FIRST, NOW, albums=1)
    assert stuck(warehouse) == [f"{TODAY} run {FIRST}: albums 1 of 3, tracks 0 of 1"]


def test_a_complete_run_is_not_stuck_and_clears_older_ones(warehouse, lake):
    promise(lake, TODAY, FIRST, NOW - 3 * HOUR, albums=1)
    assert stuck(warehouse) == [f"{TODAY} run {FIRST}: albums 0 of 1"]
    promise(lake, TODAY, SECOND, NOW - 2 * HOUR, albums=1)
    write_part(lake, "albums", TODAY, SECOND, [{"album_id": "a"}])
    assert stuck(warehouse) == []
    promise(lake, TODAY, THIRD, NOW - 2 * HOUR, albums=1)
    assert stuck(warehouse) == [f"{TODAY} run {THIRD}: albums 0 of 1"]


def test_a_gap_names_the_folder_to_refresh(warehouse, lake):
    promise(lake, date(2026, 11, 1), FIRST, NOW, albums=1)
    warehouse.load()
    rows = warehouse.query("SELECT REFRESH_STATEMENT AS IT FROM CHARTLAKE.OPS.LOAD_GAPS")
    assert [row["it"] for row in rows] == [
        f"ALTER PIPE CHARTLAKE.LANDING.ALBUMS_PIPE REFRESH PREFIX = 'dt=2026-11-01/run={FIRST}/'"
    ]


def test_an_invalid_run_id_never_becomes_part_of_a_statement(warehouse, lake):
    promise(lake, TODAY, FIRST, NOW, albums=1)
    warehouse.load()
    warehouse.query("UPDATE CHARTLAKE.LANDING.LOAD_MANIFEST SET RUN_ID = 'x''; DROP TABLE T; --'")
    assert warehouse.query("SELECT REFRESH_STATEMENT FROM CHARTLAKE.OPS.LOAD_GAPS") == []


def test_every_alert_goes_to_the_one_topic():
    sql = list(statements())
    made = {
        name[1]: statement
        for statement in sql
        if (
            name := re.match(
                r"CREATE .*?(?:PIPE|TASK|ALERT|PROCEDURE)\s+(?:IF NOT EXISTS\s+)?([\w.]+)",
                statement,
            )
        )
    }
    assert sum("AWS_SNS_TOPIC_ARN" in statement for statement in sql) == 1
    pipes = {f"CHARTLAKE.LANDING.{table.name.upper()}_PIPE" for table in TABLES}
    speaking = {name for name, text in made.items() if "ERROR_INTEGRATION = " in text}
    assert speaking == pipes | {"CHARTLAKE.OPS.RECONCILE_HOURLY"}
    assert [n for n in speaking if "ERROR_INTEGRATION = CHARTLAKE_ALARMS" not in made[n]] == []
    alerts = {name for name, text in made.items() if text.startswith("CREATE OR REPLACE ALERT")}
    assert alerts == {"CHARTLAKE.OPS.CHARTS_ARE_LATE", "CHARTLAKE.OPS.RUNS_ARE_STUCK"}
    assert [name for name in alerts if "CALL CHARTLAKE.OPS.TELL(" not in made[name]] == []
    assert "SNOWFLAKE.NOTIFICATION.INTEGRATION('CHARTLAKE_ALARMS')" in made["CHARTLAKE.OPS.TELL"]


@pytest.mark.parametrize(
    ("refreshed", "told"),
    [(0, "0 folders refreshed"), (1, "1 folder refreshed"), (2, "2 folders refreshed")],
)
def test_the_folders_refreshed_by_the_task_are_counted(
    warehouse: Warehouse, refreshed: int, told: str
) -> None:
    text = (SQL_FOLDER / "91_reconcile.sql").read_text(encoding="utf-8")
    [answer] = re.findall(r"RETURN (refreshed .*);", text)
    assert warehouse.query(f"SELECT {answer} AS TOLD FROM (SELECT {refreshed} AS refreshed)") == [
        {"told": told}
    ]
