"""Small helpers for frames: checkpoints, rows from Python, numbers with their noun."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F


def checkpointed(frame: DataFrame) -> DataFrame:
    """Checkpoint a frame locally on first use, and cut its lineage there.

    Otherwise each table would be planned from the raw files on, which costs more than computing it.
    If an executor is lost, so are its rows: the run fails, publishes nothing, and runs again.
    """
    return frame.localCheckpoint(eager=False)


def literal_frame(spark: SparkSession, rows: Iterable[Mapping[str, Any]], schema: str) -> DataFrame:
    """Create a frame from rows; `schema` lists its columns and types, as in DDL.

    Unlike createDataFrame it starts no Python workers, which takes seconds. Dates and timestamps
    may be Python objects. Missing columns are null.
    """
    text = json.dumps(list(rows), default=lambda moment: moment.isoformat())
    parsed = F.from_json(F.lit(text), f"array<struct<{schema}>>", {"mode": "FAILFAST"})
    return spark.range(1).select(F.inline(parsed))


def empty_frame(spark: SparkSession, schema: str) -> DataFrame:
    """Create a frame that Spark knows to be empty, so it drops whatever is joined with it."""
    return literal_frame(spark, [], schema).where("false")


def counted_column(number: Column, singular: str, plural: str | None = None) -> Column:
    """Format each whole number with its noun, as `chartlake.contract.counts.counted` does."""
    words = F.when(number == 1, singular).otherwise(plural or singular + "s")
    return F.format_string("%,d %s", number.cast("bigint"), words)
