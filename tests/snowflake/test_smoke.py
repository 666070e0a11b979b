"""The smoke test's own logic, on the embedded warehouse.

Only an account can show that it works on an account: here no pipe waits, no right is missing, and
SQL that Snowflake would reject may pass.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from chartlake.contract.tables import LOAD_MANIFEST, TABLES
from chartlake.snowflake import smoke, smoke_steps
from chartlake.warehouse import Warehouse, open_warehouse
from tests.support.command import chartlake
from tests.support.lake_files import write_part, write_run

RUN, LATER = "20261101T060000Z", "20261101T090000Z"
DAYS = [date(2026, 11, day) for day in (1, 2, 3, 4)]
CHART: dict[str, list[dict[str, Any]]] = {
    "chart_snapshots": [{"chart_id": "top"}],
    "chart_summary": [{"chart_id": "top", "entries": 1}],
}


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    return tmp_path / "lake"


@pytest.fixture
def warehouse(tmp_path: Path, lake: Path) -> Iterator[Warehouse]:
    with open_warehouse(tmp_path / "warehouse", {"s3://chartlake-curated/": lake}) as warehouse:
        yield warehouse


class Asked:
    """Queries the warehouse, records the statements, and ignores the drop of the database."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self.statements: list[str] = []

    def __call__(self, sql: str) -> list[dict[str, Any]]:
        self.statements.append(sql)
        return [] if sql.startswith("DROP DATABASE") else self.warehouse.query(sql)


def try_out(warehouse: Warehouse) -> tuple[int, Asked, list[float]]:
    ask = Asked(warehouse)
    pauses: list[float] = []
    code = smoke.try_out(ask, "CHARTLAKE", warehouse.deploy, pauses.append)
    assert ask.statements[-2:] == ["USE ROLE SYSADMIN", "DROP DATABASE IF EXISTS CHARTLAKE"]
    return code, ask, pauses


def test_the_smoke_test_loads_only_the_three_newest_days(warehouse, lake, capsys):
    for day in DAYS:
        write_run(lake, day, RUN, CHART)
    write_run(lake, DAYS[1], LATER, CHART)
    code, ask, pauses = try_out(warehouse)
    told = capsys.readouterr().out.splitlines()
    assert (code, pauses) == (0, [])
    assert told[:2] == ["Deploying CHARTLAKE", "3 days are complete"]
    assert "         3  CORE.CHART_SNAPSHOTS" in told
    assert told[-2:] == ["Dropped CHARTLAKE", "All checks passed."]
    folders = {sql.partition("PREFIX = ")[2] for sql in ask.statements if "PREFIX" in sql}
    assert folders == {
        f"'dt=2026-11-02/run={LATER}/'",
        f"'dt=2026-11-03/run={RUN}/'",
        f"'dt=2026-11-04/run={RUN}/'",
    }


def test_the_smoke_test_queries_every_view(warehouse, lake):
    for day in DAYS:
        write_run(lake, day, RUN, CHART)
    _, ask, _ = try_out(warehouse)
    views = warehouse.query(
        "SELECT TABLE_SCHEMA AS S, TABLE_NAME AS N FROM CHARTLAKE.INFORMATION_SCHEMA.VIEWS"
        " WHERE TABLE_SCHEMA IN ('LANDING', 'CORE', 'MARTS', 'OPS')"
    )
    names = {f"{view['s']}.{view['n']}" for view in views}
    assert {f"CORE.{table.name.upper()}" for table in TABLES if table is not LOAD_MANIFEST} < names
    counted = {sql.rpartition("CHARTLAKE.")[2] for sql in ask.statements if "COUNT(*)" in sql}
    assert names <= counted


def test_too_few_days_are_reported_and_the_database_is_dropped(warehouse, lake, capsys):
    write_run(lake, DAYS[0], RUN, CHART)
    code, _, _ = try_out(warehouse)
    assert code == 1
    assert "1 day arrived in the bucket in the last seven days, but 3 are needed" in (
        capsys.readouterr().out
    )


def test_days_that_never_complete_time_out_and_are_reported(warehouse, lake, capsys):
    for day in DAYS:
        write_run(lake, day, RUN, CHART)
    next((lake / "curated/chart_summary/dt=2026-11-03").rglob("*.parquet")).unlink()
    code, _, pauses = try_out(warehouse)
    assert (code, sum(pauses)) == (1, 600)
    assert "after ten minutes, only 2 of 3 days had arrived completely" in capsys.readouterr().out


def test_rows_missing_from_core_are_reported(warehouse, lake, capsys):
    for day in DAYS:
        write_run(lake, day, RUN, CHART)
    warehouse.deploy()
    replaced = "CREATE OR REPLACE VIEW CHARTLAKE.CORE.CHART_SUMMARY COPY GRANTS AS SELECT 1 AS A"
    ask = Asked(warehouse)
    assert smoke.try_out(ask, "CHARTLAKE", lambda: warehouse.query(replaced)) == 1
    assert "CORE.CHART_SUMMARY has 1 row, the manifests promise 3" in capsys.readouterr().out


def test_days_without_a_chart_are_reported(warehouse, lake, capsys):
    for day in DAYS:
        write_run(lake, day, RUN, {})
    code, _, _ = try_out(warehouse)
    assert code == 1
    assert "MARTS.CHART_FRESHNESS has no row" in capsys.readouterr().out


def test_a_deploy_that_fails_leaves_no_database(warehouse):
    def fail() -> None:
        raise RuntimeError("refused")

    ask = Asked(warehouse)
    with pytest.raises(RuntimeError):
        smoke.try_out(ask, "CHARTLAKE", fail)
    assert ask.statements == ["USE ROLE SYSADMIN", "DROP DATABASE IF EXISTS CHARTLAKE"]


def test_files_older_than_a_week_cannot_be_refreshed(warehouse, lake):
    for day in DAYS:
        write_part(lake, "load_manifest", day, RUN, [{"table_name": "albums"}])
    warehouse.deploy()
    in_eight_days = datetime.now(UTC).replace(year=datetime.now(UTC).year + 1)
    with pytest.raises(smoke_steps.SmokeError, match="^0 days arrived"):
        smoke_steps.newest_days(warehouse.query, "CHARTLAKE", in_eight_days)


def test_the_example_account_is_rejected(capsys):
    assert chartlake("snowflake", "smoke", "dev") == 1
    assert capsys.readouterr().err == "Error: dev.toml still has the example account.\n"


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (0, "0 days arrived in the bucket in the last seven days, but 3 are needed: "),
        (1, "1 day arrived in the bucket in the last seven days, but 3 are needed: "),
        (2, "2 days arrived in the bucket in the last seven days, but 3 are needed: "),
    ],
)
def test_the_loaded_days_are_counted(days, sentence):
    listed = [
        {
            "name": f"s3://b/curated/load_manifest/dt={day}/run={RUN}/part-0.parquet",
            "last_modified": "Wed, 04 Nov 2026 06:00:00 GMT",
        }
        for day in DAYS[:days]
    ]
    with pytest.raises(smoke_steps.SmokeError, match=f"^{sentence}"):
        smoke_steps.newest_days(lambda _: listed, "CHARTLAKE", datetime(2026, 11, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("whole", "folders", "sentence"),
    [
        (0, 1, "after ten minutes, only 0 of 1 day had arrived completely"),
        (0, 2, "after ten minutes, only 0 of 2 days had arrived completely"),
        (1, 2, "after ten minutes, only 1 of 2 days had arrived completely"),
    ],
)
def test_the_awaited_days_are_counted(whole, folders, sentence):
    with pytest.raises(smoke_steps.SmokeError) as caught:
        answers: list[dict[str, object]] = [{}] * whole
        smoke_steps.load(lambda _: answers, "CHARTLAKE", ["dt=x/"] * folders, lambda _: None)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (0, "CORE.ALBUMS has 0 rows, the manifests promise 3"),
        (1, "CORE.ALBUMS has 1 row, the manifests promise 3"),
        (2, "CORE.ALBUMS has 2 rows, the manifests promise 3"),
    ],
)
def test_the_rows_in_core_are_counted(rows, sentence):
    def ask(sql: str) -> list[dict[str, Any]]:
        is_promise = "LOAD_MANIFEST" in sql
        return [{"table_name": "albums", "row_count": 3}] if is_promise else [{"n": rows}]

    with pytest.raises(smoke_steps.SmokeError) as caught:
        smoke_steps.check_core(ask, "CHARTLAKE")
    assert str(caught.value) == sentence


@pytest.mark.parametrize(("days", "told"), [(1, "1 day is complete"), (2, "2 days are complete")])
def test_the_complete_days_are_counted(monkeypatch, capsys, days, told):
    monkeypatch.setattr(smoke, "newest_days", lambda *_: DAYS[:days])
    for step in ("load", "check_core"):
        monkeypatch.setattr(smoke, step, lambda *_: None)
    monkeypatch.setattr(smoke, "count_views", lambda *_: {})
    assert smoke.try_out(lambda _: [], "CHARTLAKE", lambda: None) == 0
    assert told in capsys.readouterr().out.splitlines()
