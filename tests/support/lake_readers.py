"""What readers see of a lake folder, without Spark: each day's newest run with a manifest."""

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from chartlake.contract.paths import run_prefix
from chartlake.contract.tables import LOAD_MANIFEST, TABLES

Seen = dict[str, list[dict[str, Any]]]
"""Table -> its rows of one day, in order, without what names the run."""

OF_A_RUN = {"run_id", "published_at"}


def current_runs(root: Path) -> dict[date, str]:
    """Find the run of each day that readers see."""
    runs: dict[date, str] = {}
    for part in sorted(root.glob("curated/load_manifest/dt=*/run=*/part-*.parquet")):
        runs[date.fromisoformat(part.parts[-3][3:])] = part.parts[-2][4:]
    return runs


def see(root: Path) -> dict[date, Seen]:
    """Read every day as readers do; each table has the rows that its manifest promises."""
    return {day: _see_run(root, day, run_id) for day, run_id in current_runs(root).items()}


def _see_run(root: Path, day: date, run_id: str) -> Seen:
    seen = {table.name: _rows(root / run_prefix(table.name, day, run_id)) for table in TABLES}
    promised: dict[str, int] = defaultdict(int)
    for row in _records(root / run_prefix(LOAD_MANIFEST.name, day, run_id)):
        promised[row["table_name"]] += row["row_count"]
    counted = {name: len(rows) for name, rows in seen.items() if name != LOAD_MANIFEST.name}
    assert counted == dict(promised), f"{day} of run {run_id} is not what its manifest promises"
    return seen


def _records(folder: Path) -> list[dict[str, Any]]:
    files = sorted(folder.glob("part-*.parquet"))
    return [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]


def _rows(folder: Path) -> list[dict[str, Any]]:
    rows = [
        {name: value for name, value in row.items() if name not in OF_A_RUN}
        for row in _records(folder)
    ]
    return sorted(rows, key=repr)
