"""What a run starts from: the raw files of its days, and what is published of the days before.

Which runs exist is read from the names under load_manifest alone, and the newest run of a day is
the current one: a run that ended before its manifest does not exist.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from chartlake import paths
from chartlake.schema import Table
from chartlake.tables import ARTIST_TRENDS, CHART_SNAPSHOTS, LOAD_MANIFEST, SONG_TRENDS
from glue_jobs import lake
from glue_jobs.literal import literal_frame

MANIFEST_FILE = re.compile(r"/dt=([^/]+)/run=([^/]+)/part-[^/]+\.parquet$")


@dataclass(frozen=True)
class History:
    """The newest published row of every chart, song and artist before the days of a run."""

    snapshots: DataFrame
    songs: DataFrame
    artists: DataFrame


def days_with_raw(spark: SparkSession, raw_root: str, days: Sequence[date]) -> list[date]:
    """Return the days for which raw captures exist."""
    return [day for day in days if lake.exists(spark, f"{raw_root}/{paths.captures_prefix(day)}")]


def read_raw_files(spark: SparkSession, raw_root: str, days: Sequence[date]) -> DataFrame:
    """Read every raw file of these days whole: one row per file, its key `source_file`, `value`."""
    folders = [f"{raw_root}/{paths.captures_prefix(day)}" for day in days]
    found = spark.read.text(
        folders, wholetext=True, recursiveFileLookup=True, pathGlobFilter="*.json"
    )
    contents = found.select(_key(F.col("_metadata.file_path")), "value")
    # Spark lists an empty file but gives no row for it.
    listed = literal_frame(spark, [{"path": path} for path in found.inputFiles()], "path string")
    return (
        listed.select(_key(F.col("path")))
        .join(contents, on="source_file", how="left")
        .na.fill({"value": ""})
    )


def _key(address: Column) -> Column:
    """Cut an address down to its key: Spark spells one root as `file:/` and as `file:///`."""
    return F.regexp_extract(address, f"({paths.RAW_PLAYLISTS}/.*)$", 1).alias("source_file")


def read_published_runs(spark: SparkSession, curated_root: str) -> dict[date, str]:
    """Return the current run of every published day."""
    manifests = f"{curated_root}/{paths.table_prefix(LOAD_MANIFEST.name)}"
    found = (MANIFEST_FILE.search(name) for name in lake.list_files(spark, manifests))
    runs: dict[date, str] = {}
    for day_text, run_id in sorted(match.groups() for match in found if match):
        runs[date.fromisoformat(day_text)] = run_id
    return runs


def read_history(
    spark: SparkSession, curated_root: str, runs: Mapping[date, str], before: date
) -> History:
    """Read what is published of the days before a date, the newest row of each chart and song."""
    earlier = {day: run_id for day, run_id in runs.items() if day < before}

    def newest(table: Table, *key: str) -> DataFrame:
        rows = _read_table(spark, curated_root, table, earlier)
        last = F.max_by(F.struct(*rows.columns), "snapshot_date").alias("last")
        return rows.groupBy(*key).agg(last).select("last.*").drop("run_id")

    return History(
        snapshots=newest(CHART_SNAPSHOTS, "chart_id"),
        songs=newest(SONG_TRENDS, "chart_id", "song_id"),
        artists=newest(ARTIST_TRENDS, "chart_id", "artist_id"),
    )


def _read_table(
    spark: SparkSession, curated_root: str, table: Table, runs: Mapping[date, str]
) -> DataFrame:
    folders = [
        f"{curated_root}/{paths.run_prefix(table.name, day, run_id)}"
        for day, run_id in runs.items()
    ]
    # A day on which a table has no row has no folder.
    present = [folder for folder in folders if lake.exists(spark, folder)]
    if not present:
        return literal_frame(spark, [], table.ddl)
    return spark.read.schema(table.ddl).parquet(*present)
