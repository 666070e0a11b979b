"""What is published: the days, the current run of each, and its tables.

Which runs exist is read from the names under load_manifest alone, and the newest run of a day is
the current one: a run that ended before its manifest does not exist.
"""

import logging
import re
from collections.abc import Iterable, Mapping
from datetime import date

from pyspark.sql import DataFrame, SparkSession

from chartlake.contract import paths
from chartlake.contract.schema import Table
from chartlake.contract.tables import LOAD_MANIFEST
from glue_jobs.frames import empty_frame
from glue_jobs.lake import files

logger = logging.getLogger("build_tables")
DAY_FOLDER = re.compile(r"/dt=(\d{4}-\d{2}-\d{2})$")
RUN = re.compile(r"/dt=([^/]+)/run=([^/]+)(?:/part-[^/]+\.parquet)?$")

Runs = Mapping[date, str]
"""The current run of each day."""


def days_under(spark: SparkSession, folder: str) -> list[date]:
    """Return the days that have a folder of their own in a folder, in order."""
    found = (DAY_FOLDER.search(name) for name in files.glob(spark, f"{folder}/dt=*"))
    days = [_day(match[1]) for match in found if match]
    return sorted(day for day in days if day)


def _day(text: str) -> date | None:
    """Read a folder's day; a name such as 2026-02-30, which only a hand can have made, is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        logger.warning("dt=%s is no day of the calendar; what is in it is passed over.", text)
        return None


def read_published_days(spark: SparkSession, curated_root: str) -> list[date]:
    """Return the days of which some run is published, in order."""
    return days_under(spark, f"{curated_root}/{paths.table_prefix(LOAD_MANIFEST.name)}")


def read_published_runs(spark: SparkSession, curated_root: str, days: Iterable[date]) -> Runs:
    """Return the current run of those of the days that are published."""
    days = list(days)
    if not days:
        return {}
    manifests = f"{curated_root}/{paths.table_prefix(LOAD_MANIFEST.name)}"
    names = files.glob(spark, f"{manifests}/{files.any_of(days)}/run=*/part-*.parquet")
    found = (RUN.search(name) for name in names)
    return {
        date.fromisoformat(day): run_id
        for day, run_id in sorted(match.groups() for match in found if match)
    }


def read_table(spark: SparkSession, curated_root: str, table: Table, runs: Runs) -> DataFrame:
    """Read what runs published of a table: its rows, less run_id."""
    folder = f"{curated_root}/{paths.table_prefix(table.name)}"
    current = {f"/dt={day.isoformat()}/run={run_id}" for day, run_id in runs.items()}
    # A day on which a table has no row has no folder.
    found = files.glob(spark, f"{folder}/{files.any_of(runs)}/run=*") if runs else {}
    names = [name for name in found if name[name.index("/dt=") :] in current]
    return read_parquet(spark, table, names)


def read_parquet(spark: SparkSession, table: Table, folders: list[str]) -> DataFrame:
    """Read folders of a table's files, less run_id; no folders give no rows."""
    if not folders:
        return empty_frame(spark, table.ddl).drop("run_id")
    return spark.read.schema(table.ddl).parquet(*folders).drop("run_id")
