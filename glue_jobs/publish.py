"""Tables -> Parquet, append-only: `curated/<table>/dt=<date>/run=<run>/part-….parquet`.

Nothing is overwritten or deleted. A run becomes the current one of its days when its load_manifest
is written, after every other table: a run that is cut before that is never seen.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from pyspark.sql import DataFrame, Observation, SparkSession
from pyspark.sql import functions as F

from chartlake import paths
from chartlake.schema import Table
from chartlake.tables import LOAD_MANIFEST
from glue_jobs.literal import literal_frame


def publish_table(
    frame: DataFrame, table: Table, days: Sequence[date], curated_root: str, run_id: str
) -> dict[date, int]:
    """Write a table, a folder per date, and return the number of rows written per date.

    The rows are counted on their way into the files: asking again would plan the table again.
    Raises TypeError where the frame is not what the contract declares.
    """
    whole = frame.withColumn("run_id", F.lit(run_id))
    _check_columns(whole, table)
    written = Observation()
    counts = [
        F.count_if(F.col("snapshot_date") == F.lit(day)).alias(day.isoformat()) for day in days
    ]
    (
        whole.withColumn("dt", F.date_format("snapshot_date", "yyyy-MM-dd"))
        .withColumn("run", F.lit(run_id))
        .repartition("dt")
        .sortWithinPartitions("dt", *table.key)
        .observe(written, *counts)
        .write.mode("append")
        .partitionBy("dt", "run")
        .parquet(f"{curated_root}/{paths.table_prefix(table.name)}", compression="snappy")
    )
    return {day: written.get[day.isoformat()] for day in days}


def _check_columns(frame: DataFrame, table: Table) -> None:
    built = ", ".join(f"{name} {kind}" for name, kind in frame.dtypes)
    if built != table.ddl:
        raise TypeError(f"{table.name} is built as ({built}) and declared as ({table.ddl})")


def publish_manifest(
    spark: SparkSession,
    counts: Mapping[str, Mapping[date, int]],
    days: list[date],
    curated_root: str,
    run_id: str,
    published_at: datetime,
) -> None:
    """Write load_manifest, which makes the run current: a row per table and day, 0 rows too."""
    rows = [
        {"snapshot_date": day, "table_name": table, "row_count": by_day.get(day, 0)}
        for day in days
        for table, by_day in counts.items()
    ]
    frame = literal_frame(spark, rows, "snapshot_date date, table_name string, row_count bigint")
    instant = F.lit(published_at.isoformat()).cast("timestamp").alias("published_at")
    publish_table(frame.select("*", instant), LOAD_MANIFEST, days, curated_root, run_id)
