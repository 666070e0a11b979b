"""A second deploy leaves rows, load history, columns and pipes as they are."""

from datetime import date
from pathlib import Path
from typing import Any

from chartlake.contract.tables import TABLES
from chartlake.warehouse import Warehouse, open_warehouse
from tests.support.lake_files import write_run

DAY = date(2026, 11, 1)
RUN = "20261101T060000Z"
NEWER_COLUMNS = {
    "CHART_SNAPSHOTS": ("EXPECTS_CHANGE", "DAYS_BEHIND"),
    "CHART_ENTRIES": ("SONG_KEY",),
    "LOAD_MANIFEST": ("IDENTITY_VERSION",),
}
"""Columns that were added to a table of warehouses that exist already."""
ALBUMS = {"albums": [{"album_id": "a"}, {"album_id": "b"}]}


def everything(warehouse: Warehouse) -> dict[str, Any]:
    """All that a deploy could touch, the rows of every table and view included."""
    kinds = ("TABLES", "VIEWS")
    objects = [
        found
        for kind in kinds
        for found in warehouse.query(
            f"SELECT TABLE_SCHEMA, TABLE_NAME FROM CHARTLAKE.INFORMATION_SCHEMA.{kind}"
            " WHERE TABLE_SCHEMA IN ('LANDING', 'CORE', 'MARTS', 'OPS')"
        )
    ]
    names = [f"{found['table_schema']}.{found['table_name']}" for found in objects]
    rows = {
        name: sorted(map(str, warehouse.query(f"SELECT * FROM CHARTLAKE.{name}"))) for name in names
    }
    columns = warehouse.query(
        "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, DATA_TYPE"
        " FROM CHARTLAKE.INFORMATION_SCHEMA.COLUMNS ORDER BY 1, 2, ORDINAL_POSITION"
    )
    history = warehouse.query("SELECT * FROM CHARTLAKE.INFORMATION_SCHEMA.LOAD_HISTORY")
    return {"rows": rows, "columns": columns, "history": sorted(map(str, history))}


def test_a_second_deploy_changes_loads_and_drops_nothing(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    write_run(lake, DAY, RUN, ALBUMS)
    with open_warehouse(tmp_path / "warehouse", {"s3://chartlake-curated/": lake}) as warehouse:
        warehouse.deploy()
        loaded = {name: rows for name, rows in warehouse.load().items() if rows}
        assert loaded == {"albums": 2, "load_manifest": len(TABLES) - 1}
        noted = list(warehouse.not_emulated)
        before = everything(warehouse)
        assert len(before["rows"]["LANDING.ALBUMS"]) == 2
        assert len(before["rows"]["CORE.ALBUMS"]) == 2
        assert len(before["history"]) == len(loaded)
        warehouse.deploy()
        assert everything(warehouse) == before
        assert sum(warehouse.load().values()) == 0
        assert everything(warehouse) == before
        assert warehouse.not_emulated == noted + noted


def newer_columns(warehouse: Warehouse) -> dict[str, tuple[str, ...]]:
    """Those of NEWER_COLUMNS that the landing tables have."""
    found = {
        (row["table_name"], row["column_name"])
        for row in warehouse.query(
            "SELECT TABLE_NAME, COLUMN_NAME FROM CHARTLAKE.INFORMATION_SCHEMA.COLUMNS"
            " WHERE TABLE_SCHEMA = 'LANDING'"
        )
    }
    return {
        table: tuple(column for column in columns if (table, column) in found)
        for table, columns in NEWER_COLUMNS.items()
    }


def test_a_deploy_adds_new_columns_to_existing_tables(
    tmp_path: Path,
) -> None:
    """A deploy adds newer columns to tables that exist; older rows have null."""
    lake = tmp_path / "lake"
    settings = {"expects_change": True, "days_behind": 2}
    write_run(lake, DAY, RUN, {"chart_snapshots": [{"chart_id": "old"}]})
    with open_warehouse(tmp_path / "warehouse", {"s3://chartlake-curated/": lake}) as warehouse:
        warehouse.deploy()
        for table, columns in NEWER_COLUMNS.items():
            for column in columns:
                warehouse.query(f"ALTER TABLE CHARTLAKE.LANDING.{table} DROP COLUMN {column}")
        warehouse.load()
        warehouse.deploy()
        assert newer_columns(warehouse) == NEWER_COLUMNS
        write_run(
            lake, date(2026, 11, 2), RUN, {"chart_snapshots": [{"chart_id": "new"} | settings]}
        )
        warehouse.load()
        assert warehouse.query(
            "SELECT CHART_ID, EXPECTS_CHANGE, DAYS_BEHIND FROM CHARTLAKE.CORE.CHART_SNAPSHOTS"
            " ORDER BY CHART_ID"
        ) == [
            {"chart_id": "new"} | settings,
            {"chart_id": "old", "expects_change": None, "days_behind": None},
        ]
