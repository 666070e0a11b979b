"""Finds chart files in any folder, local or s3://, and reads them like those in raw."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from py4j.protocol import Py4JJavaError
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from chartlake.contract.chart_files import DOWNLOADED
from glue_jobs.frames import literal_frame
from glue_jobs.job.errors import JobError
from glue_jobs.lake import files

NAME = rf"^(.*/{DOWNLOADED})$"
CHARTS = "market string, cadence string, chart struct<chart_id: string, cadence: string>"
SPECIAL = r"([\\{}\[\]*?])"


def find_files(spark: SparkSession, words: Iterable[str]) -> tuple[dict[str, int], list[str]]:
    """Return the size in bytes of each file found, and the words that matched no file.

    A word is a path or a pattern. Raises JobError if a place cannot be accessed.
    """
    found: dict[str, int] = {}
    lost = []
    for word in words:
        matched = _look_up(spark, word)
        found |= matched
        lost += [] if matched else [word]
    return found, lost


def _look_up(spark: SparkSession, word: str) -> dict[str, int]:
    """Treat a word as a pattern only if no file has that exact name."""
    # Path would collapse the two slashes of s3://.
    path = str(Path(word).expanduser()) if word.startswith("~") else word
    try:
        return files.files(spark, escape(path)) or files.files(spark, path)
    except Py4JJavaError as error:
        if error.java_exception.getClass().getName() == "java.lang.IllegalArgumentException":
            return {}  # not a valid path
        message = error.java_exception.getMessage()
        raise JobError(f"{word} cannot be looked up: {message}") from None


def escape(path: str) -> str:
    """Escape a path, so that as a pattern it matches only itself."""
    return re.sub(SPECIAL, r"\\\1", path)


def read_files(spark: SparkSession, found: Mapping[str, int]) -> DataFrame:
    """Read whole files: one row per file, its key `source_file`, `modified_at` and `value`."""
    # Spark returns no row for an empty file.
    empty = [{"source_file": address, "value": ""} for address, size in found.items() if not size]
    nothing = literal_frame(spark, empty, "source_file string, modified_at timestamp, value string")
    full = [escape(address) for address, size in found.items() if size]
    if not full:
        return nothing
    # Otherwise Spark looks up thousands of files in just as many tasks.
    spark.conf.set("spark.sql.sources.parallelPartitionDiscovery.parallelism", "16")
    address = F.replace(F.col("_metadata.file_path"), F.lit("+"), F.lit("%2B"))
    return (
        spark.read.text(full, wholetext=True)
        .select(
            F.url_decode(address).alias("source_file"),
            F.col("_metadata.file_modification_time").alias("modified_at"),
            "value",
        )
        .union(nothing)
    )


def name_as_in_raw(files: DataFrame) -> DataFrame:
    """Add to each address the key that its name has in raw; one row per file, as before.

    An address with an unknown name or an invalid date is unchanged.
    """
    key = F.regexp_replace("source_file", NAME, "$1/dt=$4/regional-$2-$3-$4.csv")
    day = F.regexp_extract("source_file", NAME, 4)
    is_day = F.try_to_timestamp(day, F.lit("yyyy-MM-dd")).isNotNull()
    return files.withColumn("source_file", F.when(is_day, key).otherwise(F.col("source_file")))


def address_of(source_file: str) -> str:
    """Remove what name_as_in_raw added."""
    return re.sub(r"\.csv/dt=[^/]+/[^/]+$", ".csv", source_file)


def charts_of(spark: SparkSession, addresses: Iterable[str]) -> DataFrame:
    """Derive the charts from the file names: one row per market and cadence."""
    names = [match.group(2, 3) for address in addresses if (match := re.search(NAME, address))]
    rows = [
        {
            "market": market,
            "cadence": cadence,
            "chart": {"chart_id": f"{market}_{cadence}", "cadence": cadence},
        }
        for market, cadence in sorted(set(names))
    ]
    return literal_frame(spark, rows, CHARTS)
