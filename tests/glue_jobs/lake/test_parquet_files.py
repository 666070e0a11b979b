"""The Parquet files, as any engine reads them."""

import re

import pyarrow.parquet as pq
import pytest

from chartlake.contract import paths
from chartlake.contract.tables import TABLES

PARQUET_TYPES = {
    "int": ("INT32", "None"),
    "bigint": ("INT64", "None"),
    "boolean": ("BOOLEAN", "None"),
    "string": ("BYTE_ARRAY", "String"),
    "double": ("DOUBLE", "None"),
    "date": ("INT32", "Date"),
    "timestamp": ("INT64", "Timestamp(isAdjustedToUTC=true, timeUnit=milliseconds"),
    "array<string>": ("BYTE_ARRAY", "String"),
}
NEVER_EMPTY = [table for table in TABLES if table.name != "quarantine"]


def files_of(month, table):
    return sorted((month / paths.table_prefix(table.name)).rglob("*.parquet"))


@pytest.mark.parametrize("table", NEVER_EMPTY, ids=lambda table: table.name)
def test_column_order_and_types_match_the_contract(month, table):
    schema = pq.ParquetFile(files_of(month, table)[0]).schema
    found = [
        (column.path.split(".")[0], column.physical_type, str(column.logical_type))
        for column in (schema.column(place) for place in range(len(schema)))
    ]
    assert [name for name, _, _ in found] == list(table.column_names)
    for (name, physical, logical), column in zip(found, table.columns, strict=True):
        expected_physical, expected_logical = PARQUET_TYPES[column.type]
        assert (name, physical) == (column.name, expected_physical)
        assert logical.startswith(expected_logical), name


@pytest.mark.parametrize("table", NEVER_EMPTY, ids=lambda table: table.name)
def test_a_folder_names_its_date_and_run_and_has_only_parquet(month, table):
    found = [path.relative_to(month) for path in (month / "curated" / table.name).rglob("*.*")]
    assert found
    for path in found:
        day, run = path.parts[2].removeprefix("dt="), path.parts[3].removeprefix("run=")
        assert str(path.parent) == f"curated/{table.name}/dt={day}/run={run}"
        assert re.fullmatch(r"part-[^/]+\.snappy\.parquet", path.name)


@pytest.mark.parametrize("table", NEVER_EMPTY, ids=lambda table: table.name)
def test_keys_are_unique_and_required_columns_are_never_null(month, table):
    required = [column.name for column in table.columns if not column.nullable]
    keys = []
    for path in files_of(month, table):
        for row in pq.ParquetFile(path).read().to_pylist():
            keys.append(tuple(row[column] for column in (*table.key, "run_id")))
            assert [name for name in required if row[name] is None] == []
    assert len(set(keys)) == len(keys)
