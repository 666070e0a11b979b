"""Runs of the job for tests, and what readers see of them."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from glue_jobs.build import run as job
from glue_jobs.build.arguments import JobConfig
from tests.support.spark_builders import entry, write_capture

DAYS = [date(2026, 10, number) for number in range(1, 5)]


def config(root: Path, start: date, end: date, run_id: str, **options: Any) -> JobConfig:
    place = f"s3://lake/{root.name}"
    return JobConfig(place, place, start, end, run_id, datetime(2026, 10, 9, tzinfo=UTC), **options)


def run(
    spark: SparkSession, root: Path, start: date, end: date, run_id: str, **options: Any
) -> int:
    return len(job.run(spark, config(root, start, end, run_id, **options)))


def current(spark: SparkSession, root: Path, table: str) -> DataFrame:
    """Rows of a table as readers see them: of each day's newest published run, without run_id."""
    place = f"s3://lake/{root.name}/curated"
    manifest = spark.read.parquet(f"{place}/load_manifest/*/*")
    newest = manifest.groupBy("snapshot_date").agg(F.max("run_id").alias("run_id"))
    table_rows = spark.read.option("basePath", f"{place}/{table}").parquet(f"{place}/{table}/*/*")
    seen = table_rows.join(newest, on=["snapshot_date", "run_id"], how="left_semi")
    return seen.drop("run_id", "dt", "run")


def write_month(root: Path) -> None:
    """Two charts over four days: a gap, a repeat, a re-release, a late chart, a missing track."""
    charts: dict[int, list[Any]] = {
        1: [entry("a", "Ana", "Bo"), entry("b"), entry("c", "Cy")],
        2: [entry("b"), entry("a", "Ana", "Bo"), entry("c", "Cy")],
        3: [entry("b"), entry("a", "Ana", "Bo"), entry("c", "Cy")],
        4: [entry("a2", "Ana", "Bo", name="Song a"), None, entry("d"), entry("b")],
    }
    for number, entries in charts.items():
        write_capture(root, f"2026-10-0{number}T06:00:00Z", entries)
        if number >= 3:
            write_capture(
                root, f"2026-10-0{number}T06:00:00Z", [*entries[:2], *entries[3:]], chart_id="late"
            )
