"""Python rows -> a frame, without the Python workers that createDataFrame starts.

Starting them takes seconds, which is most of a small job's time.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F


def literal_frame(spark: SparkSession, rows: Iterable[Mapping[str, Any]], schema: str) -> DataFrame:
    """Create a frame from rows; `schema` lists its columns and types, as in DDL.

    Dates and timestamps may be Python objects. Missing columns are null.
    """
    text = json.dumps(list(rows), default=lambda moment: moment.isoformat())
    parsed = F.from_json(F.lit(text), f"array<struct<{schema}>>", {"mode": "FAILFAST"})
    return spark.range(1).select(F.inline(parsed))


def empty_frame(spark: SparkSession, schema: str) -> DataFrame:
    """Create a frame that Spark knows to be empty, so it drops whatever is joined with it."""
    return literal_frame(spark, [], schema).where("false")
