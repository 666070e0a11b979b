"""Official chart files -> how far our trends agree with the files' own columns.

Files of charts.spotify.com contain each song's previous rank, peak rank and days on the chart. This
job computes the same values with the functions that build song_trends, from the files' ranks alone,
and prints how many rows agree per chart and column. It writes nothing.

    PYTHONPATH=. spark-submit glue_jobs/verify/verify_trends.py --files "s3://bucket/regional-*.csv"
"""

import argparse
import logging
import sys
from collections.abc import Sequence

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from chartlake.contract.chart_files import describe_extra_columns
from chartlake.contract.counts import counted
from glue_jobs.build.arguments import parse_own
from glue_jobs.frames import checkpointed
from glue_jobs.job.errors import JobError
from glue_jobs.job.session import job_session
from glue_jobs.raw.chart_files import count_extra_columns, explode_rows, parse_chart_files
from glue_jobs.verify.agreement import compare, count_agreement, songs_that_disagree
from glue_jobs.verify.files import (
    address_of,
    charts_of,
    find_files,
    name_as_in_raw,
    read_files,
)
from glue_jobs.verify.official import (
    COLUMNS,
    REJECTED,
    choose,
    cut_segments,
    identify,
    read_entries,
)
from glue_jobs.verify.report import describe

SONGS = 10
NOTHING = (
    "Nothing could be compared. A comparison needs files from charts.spotify.com of one chart, for "
    "consecutive days or weeks."
)
logger = logging.getLogger("verify_trends")


def main(arguments: Sequence[str]) -> None:
    """Run the job as a process: exit code 0, or 1 with a message if nothing could be compared."""
    files = _parse_arguments(arguments)
    with job_session("verify_trends", if_stopped="Stopped.") as spark:
        sys.stdout.write(verify(spark, files))


def _parse_arguments(arguments: Sequence[str]) -> list[str]:
    parser = argparse.ArgumentParser(prog="verify_trends", allow_abbrev=False)
    parser.add_argument(
        "--files", nargs="+", required=True, help="paths or patterns; s3://… or local"
    )
    return list(parse_own(parser, arguments).files)


def verify(spark: SparkSession, arguments: Sequence[str]) -> str:
    """Compare the files that the arguments name; return the report.

    Raises JobError if nothing could be compared.
    """
    found, lost = find_files(spark, arguments)
    for word in lost:
        logger.warning("%s: no such file.", word)
    if not found:
        raise JobError("No file was found. Check the paths or patterns of the chart files.")
    logger.info("Reading %s.", counted(len(found), "file"))
    files = name_as_in_raw(read_files(spark, found))
    captures = checkpointed(choose(parse_chart_files(files, charts_of(spark, found))))
    _log_unusable(captures)
    if extra_columns := count_extra_columns(captures):
        logger.info(describe_extra_columns(extra_columns))
    usable = captures.where("reason is null")
    segments = checkpointed(cut_segments(usable))
    rows = checkpointed(read_entries(identify(explode_rows(usable)), segments))
    _log_rejected(rows.where("kind = 'rejected'"))
    logger.info("Computing the trends.")
    compared = checkpointed(compare(rows.where("kind = 'track'").drop(*REJECTED), segments))
    charts = count_agreement(compared).collect()
    if not any(chart[f"{name}_compared"] for chart in charts for name in COLUMNS):
        raise JobError(NOTHING)
    return describe(charts, songs_that_disagree(compared).limit(SONGS).collect())


def _log_unusable(captures: DataFrame) -> None:
    unusable = captures.where("reason is not null").select("source_file", "reason")
    for row in unusable.orderBy("source_file").collect():
        logger.warning("%s: %s", address_of(row["source_file"]), row["reason"])


def _log_rejected(rows: DataFrame) -> None:
    of_a_file = rows.groupBy("source_file").agg(
        F.count("*").alias("rows"), F.min_by("record", "position").alias("first")
    )
    for row in of_a_file.orderBy("source_file").collect():
        address = address_of(row["source_file"])
        unread = counted(row["rows"], "row")
        logger.warning("%s: %s cannot be read; first: %s", address, unread, row["first"])


if __name__ == "__main__":
    main(sys.argv[1:])
