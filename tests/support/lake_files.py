"""Writes curated Parquet files from literal rows: a lake as build_tables leaves it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from chartlake.contract.paths import run_prefix
from chartlake.contract.schema import Table
from chartlake.contract.tables import LOAD_MANIFEST, TABLES

ARROW = {
    "int": pa.int32(),
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
    "string": pa.string(),
    "double": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("ms", tz="UTC"),
    "array<string>": pa.list_(pa.string()),
}

MIDNIGHT = datetime(2026, 11, 1, tzinfo=UTC)
ANY_VALUE: dict[str, Any] = {
    "int": 1,
    "bigint": 1,
    "boolean": False,
    "string": "x",
    "double": 1.0,
    "date": date(2026, 11, 1),
    "timestamp": MIDNIGHT,
    "array<string>": ["x"],
}
"""What a required column holds in a row that does not name it."""

Rows = Sequence[Mapping[str, Any]]


def write_run(root: Path, day: date, run_id: str, tables: Mapping[str, Rows]) -> None:
    """Write one complete run of one date: a file per table with rows, and the manifest."""
    for name, rows in tables.items():
        write_part(root, name, day, run_id, rows)
    write_manifest(root, day, run_id, {name: len(rows) for name, rows in tables.items()})


def write_manifest(root: Path, day: date, run_id: str, counts: Mapping[str, int]) -> Path:
    """Promise rows per table; other tables have none."""
    rows = [
        {"table_name": table.name, "row_count": counts.get(table.name, 0), "published_at": MIDNIGHT}
        for table in TABLES
        if table is not LOAD_MANIFEST
    ]
    return write_part(root, "load_manifest", day, run_id, rows)


def write_part(
    root: Path, name: str, day: date, run_id: str, rows: Rows, part: str = "part-00000-a"
) -> Path:
    """Write one file of a table: missing optional columns are null, required ones any value."""
    table = next(table for table in TABLES if table.name == name)
    path = root / run_prefix(name, day, run_id) / f"{part}.snappy.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = [{"snapshot_date": day, "run_id": run_id, **row} for row in rows]
    pq.write_table(_arrow_table(table, whole), path, coerce_timestamps="ms")
    return path


def _arrow_table(table: Table, rows: Rows) -> pa.Table:
    columns = {
        column.name: pa.array(
            [
                row.get(column.name, None if column.nullable else ANY_VALUE[column.type])
                for row in rows
            ],
            ARROW[column.type],
        )
        for column in table.columns
    }
    return pa.table(columns)
