"""A lake as an hourly schedule leaves it: its newest days have one run per hour."""

import os
import shutil
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from chartlake.contract.paths import CURATED, instant_of, run_id_at


def hourly_runs(lake: Path, days: Iterable[date], into: Path, runs: int = 24) -> None:
    """Link a lake's curated files into a new folder, and add older runs to some days.

    An older run holds the same rows under another run_id, so that readers see no difference.
    """
    shutil.copytree(lake / CURATED, into / CURATED, copy_function=os.link)
    for day in days:
        for folder in list((into / CURATED).glob(f"*/dt={day.isoformat()}/run=*")):
            for hours in range(1, runs):
                _lay_beside(folder, hours)


def _lay_beside(folder: Path, hours: int) -> None:
    """Copy a run's files of one table and day, as if by a run some hours earlier."""
    published_at = instant_of(folder.name.removeprefix("run="))
    if published_at is None:
        raise ValueError(f"{folder} is not named after a run.")
    run_id = run_id_at(published_at - timedelta(hours=hours), "hourly")
    older = folder.with_name(f"run={run_id}")
    older.mkdir()
    for file in folder.glob("*.parquet"):
        rows = pq.ParquetFile(file).read()
        column = rows.schema.get_field_index("run_id")
        named = pa.array([run_id] * len(rows), pa.string())
        pq.write_table(rows.set_column(column, "run_id", named), older / file.name)
