"""Raw files of some days, both playlists and chart files -> captures and positions."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from chartlake.contract import paths
from chartlake.contract.chart_config import Chart
from glue_jobs.build.arguments import JobConfig
from glue_jobs.build.days import Days
from glue_jobs.frames import checkpointed, empty_frame, literal_frame
from glue_jobs.job.errors import JobError
from glue_jobs.raw.chart_files import explode_rows, parse_chart_files
from glue_jobs.raw.chart_settings import charts_of_files, with_settings
from glue_jobs.raw.playlists import explode_positions, parse_files

CAPTURE = (
    *("source_file", "snapshot_date", "chart_id", "chart", "expects_change", "days_behind"),
    *("captured_at", "spotify_snapshot_id", "extra_columns", "reason", "record"),
)
POSITION = (
    *("source_file", "snapshot_date", "chart_id", "captured_at", "position", "rank"),
    *("streams", "added_at", "track", "kind", "reason", "record"),
)

Opened = tuple[DataFrame, DataFrame]
"""Captures, one row per file, and positions, one row per file and place."""


def open_raw_files(
    spark: SparkSession,
    config: JobConfig,
    charts: Sequence[Chart],
    days: Days,
    part: Sequence[date],
) -> Opened:
    """Read the raw files of some of a run's days, of both kinds.

    `charts` come from the charts file. Raises JobError if there are chart files but no charts file
    to identify them.
    """
    playlists = [day for day in part if day in days.playlists]
    chart_files = [day for day in part if day in days.chart_files]
    opened = []
    if playlists or not chart_files:
        folders = [f"{config.raw_root}/{paths.captures_prefix(day)}" for day in playlists]
        opened.append(_open_playlists(read_raw_files(spark, folders, "*.json"), charts))
    if chart_files:
        if not charts:
            raise JobError(
                f"There are chart files to read, but no {config.charts_file} to identify their "
                "charts. Name your charts.toml with --charts-file."
            )
        folders = [f"{config.raw_root}/{paths.charts_csv_prefix(day)}" for day in chart_files]
        files = read_raw_files(spark, folders, "*.csv")
        opened.append(_open_chart_files(files, charts_of_files(spark, charts)))
    (captures, positions), *others = opened
    for more_captures, more_positions in others:
        captures, positions = captures.union(more_captures), positions.union(more_positions)
    return captures, positions


def count_raw_files(spark: SparkSession, config: JobConfig, days: Days) -> Counter[date]:
    """Count the raw files of each requested day; a single day is not counted."""
    if len(days.asked) == 1:
        return Counter()
    prefixes = [paths.captures_prefix(day) for day in days.asked if day in days.playlists]
    prefixes += [paths.charts_csv_prefix(day) for day in days.asked if day in days.chart_files]
    folders = [f"{config.raw_root}/{prefix}" for prefix in prefixes]
    found = spark.read.text(folders, recursiveFileLookup=True).inputFiles() if folders else []
    return Counter(date.fromisoformat(path.split("/dt=")[1].split("/")[0]) for path in found)


def _open_playlists(files: DataFrame, charts: Sequence[Chart]) -> Opened:
    parsed = parse_files(files).withColumn("source", F.col("chart.source"))
    captures = checkpointed(with_settings(parsed, charts))
    positions = explode_positions(captures.where("reason is null"))
    no_columns = F.lit(None).cast("array<string>").alias("extra_columns")
    return captures.select("*", no_columns).select(*CAPTURE), positions.select(*POSITION)


def _open_chart_files(files: DataFrame, charts: DataFrame) -> Opened:
    captures = checkpointed(parse_chart_files(files, charts))
    positions = explode_rows(captures.where("reason is null"))
    captures = captures.withColumns(
        {
            "spotify_snapshot_id": F.lit(None).cast("string"),
            # A chart file has no refresh date, and carries Spotify's own date.
            "expects_change": F.lit(False),
            "days_behind": F.lit(None).cast("int"),
        }
    )
    return captures.select(*CAPTURE), positions.select(*POSITION)


def read_raw_files(spark: SparkSession, folders: Sequence[str], pattern: str) -> DataFrame:
    """Read whole raw files: one row per file, its key `source_file`, `modified_at` and `value`."""
    if not folders:
        return empty_frame(spark, "source_file string, modified_at timestamp, value string")
    found = spark.read.text(
        list(folders), wholetext=True, recursiveFileLookup=True, pathGlobFilter=pattern
    )
    contents = found.select(
        _key(F.col("_metadata.file_path")),
        F.col("_metadata.file_modification_time").alias("modified_at"),
        "value",
    )
    # Spark lists an empty file but returns no row for it.
    listed = literal_frame(spark, [{"path": path} for path in found.inputFiles()], "path string")
    return (
        listed.select(_key(F.col("path")))
        .join(contents, on="source_file", how="left")
        .na.fill({"value": ""})
    )


def _key(address: Column) -> Column:
    """Reduce an address to its key: Spark spells the same root as `file:/` and as `file:///`."""
    roots = f"{paths.RAW_PLAYLISTS}|{paths.RAW_CHARTS_CSV}"
    return F.regexp_extract(address, f"((?:{roots})/.*)$", 1).alias("source_file")
