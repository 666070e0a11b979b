"""Tables -> Parquet, append-only: `curated/<table>/dt=<date>/run=<run>/part-….parquet`.

Nothing is overwritten or deleted. A run becomes current for its days when its load_manifest is
written, after every other table: a run interrupted before that is never seen.

Hadoop keeps unfinished files below `_temporary`, and after a write removes everything there, from
any job. Two jobs on one lake would silently delete each other's rows, and the leftovers of a killed
write would be published with the next one. So each write has its own folder there.
"""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from functools import reduce

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from chartlake.contract import paths
from chartlake.contract.schema import Table
from glue_jobs.frames import literal_frame
from glue_jobs.lake import files


def publish_table(frame: DataFrame, table: Table, curated_root: str, run_id: str) -> None:
    """Write a table, one folder per date. Empty strings are written as nulls.

    Raises TypeError if the frame does not match the contract.
    """
    whole = _empty_text_to_null(frame).withColumn("run_id", F.lit(run_id))
    _check_columns(whole, table)
    folder = f"{curated_root}/{paths.table_prefix(table.name)}"
    on_their_way = secrets.randbits(31)  # Hadoop's attempt number
    (
        whole.withColumn("dt", F.date_format("snapshot_date", "yyyy-MM-dd"))
        .withColumn("run", F.lit(run_id))
        .repartition("dt")
        .sortWithinPartitions("dt", *table.key)
        .write.mode("append")
        .option("mapreduce.job.application.attempt.id", on_their_way)
        .option("mapreduce.fileoutputcommitter.cleanup.skipped", "true")
        .partitionBy("dt", "run")
        .parquet(folder, compression="snappy")
    )
    files.delete(frame.sparkSession, f"{folder}/_temporary/{on_their_way}")


def _empty_text_to_null(frame: DataFrame) -> DataFrame:
    """Replace empty strings, which Snowflake rejects when it loads Parquet files."""
    return frame.select(
        *[
            F.nullif(name, F.lit("")).alias(name) if kind == "string" else F.col(name)
            for name, kind in frame.dtypes
        ]
    )


def count_rows(tables: Mapping[str, DataFrame]) -> dict[str, dict[date, int]]:
    """Count the rows of each table per date, all in one query."""
    dates = [
        frame.select(F.lit(name).alias("table_name"), "snapshot_date")
        for name, frame in tables.items()
    ]
    found = reduce(DataFrame.union, dates).groupBy("table_name", "snapshot_date").count()
    counts: dict[str, dict[date, int]] = {name: {} for name in tables}
    for row in found.collect():
        counts[row["table_name"]][row["snapshot_date"]] = row["count"]
    return counts


def _check_columns(frame: DataFrame, table: Table) -> None:
    built = ", ".join(f"{name} {kind}" for name, kind in frame.dtypes)
    if built != table.ddl:
        raise TypeError(f"{table.name} is built as ({built}) but declared as ({table.ddl})")


def build_load_manifest(
    spark: SparkSession,
    counts: Mapping[str, Mapping[str, int]],
    published_at: datetime,
    identity_version: int,
) -> DataFrame:
    """Build load_manifest without run_id: one row per day and table, from their row counts."""
    rows = [
        {"snapshot_date": day, "table_name": table, "row_count": count}
        for day, by_table in counts.items()
        for table, count in by_table.items()
    ]
    frame = literal_frame(spark, rows, "snapshot_date date, table_name string, row_count bigint")
    instant = F.lit(published_at.isoformat()).cast("timestamp").alias("published_at")
    return frame.select("*", instant, F.lit(identity_version).alias("identity_version"))
