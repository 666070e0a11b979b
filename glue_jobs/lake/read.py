"""What is published: the days, the current run of each, and its tables.

Only the names under load_manifest show which runs exist, and the newest run of a day is the current
one: a run that stopped before its manifest does not exist.
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
    """Return the days that have their own subfolder, in order."""
    found = (DAY_FOLDER.search(name) for name in files.glob(spark, f"{folder}/dt=*"))
    days = [_day(match[1]) for match in found if match]
    return sorted(day for day in days if day)


def _day(text: str) -> date | None:
    """Parse a folder's day; None for an invalid date, such as a manually created 2026-02-30."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        logger.warning("dt=%s is not a valid date; ignored.", text)
        return None


def read_published_days(spark: SparkSession, curated_root: str) -> list[date]:
    """Return the days that have a published run, in order."""
    return days_under(spark, f"{curated_root}/{paths.table_prefix(LOAD_MANIFEST.name)}")


def read_published_runs(spark: SparkSession, curated_root: str, days: Iterable[date]) -> Runs:
    """Return the current run of each of these days that is published."""
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
    """Read the rows of a table that these runs published, without run_id."""
    folder = f"{curated_root}/{paths.table_prefix(table.name)}"
    current = {f"/dt={day.isoformat()}/run={run_id}" for day, run_id in runs.items()}
    # A table without rows on a day has no folder for it.
    found = files.glob(spark, f"{folder}/{files.any_of(runs)}/run=*") if runs else {}
    names = [name for name in found if name[name.index("/dt=") :] in current]
    return read_parquet(spark, table, names)


def read_parquet(spark: SparkSession, table: Table, folders: list[str]) -> DataFrame:
    """Read folders of a table's files, without run_id; no folders return no rows."""
    if not folders:
        return empty_frame(spark, table.ddl).drop("run_id")
    return spark.read.schema(table.ddl).parquet(*folders).drop("run_id")
