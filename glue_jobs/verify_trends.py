"""Official chart files -> how far our trends agree with what the files themselves say of them.

Files of charts.spotify.com tell of each song its previous rank, its peak rank and its days on the
chart. This computes the same with the functions that build song_trends, from the files' ranks
alone, and prints per chart and column how many rows agree. It writes nothing.

    PYTHONPATH=. spark-submit glue_jobs/verify_trends.py --files "s3://bucket/regional-*.csv"
"""

import argparse
import logging
import sys
from collections.abc import Sequence

from pyspark.sql import DataFrame, SparkSession

from glue_jobs.agreement import compare, count_agreement, songs_that_disagree
from glue_jobs.agreement_report import describe
from glue_jobs.charts_csv import explode_rows, parse_chart_files
from glue_jobs.errors import JobError
from glue_jobs.official import COLUMNS, choose, cut_segments, read_entries
from glue_jobs.official_files import (
    address_of,
    charts_of,
    find_files,
    name_as_in_raw,
    read_files,
)
from glue_jobs.once import once
from glue_jobs.session import open_session

SONGS = 10
NOTHING = (
    "Nothing could be compared. That takes files of charts.spotify.com of one chart and of days, "
    "or weeks, that follow each other."
)
log = logging.getLogger(__name__)


def main(arguments: Sequence[str]) -> None:
    """Run the job as a process: code 0, or 1 with a sentence where nothing could be compared."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("py4j").setLevel(logging.WARNING)
    files = _parse_arguments(arguments)
    spark = open_session("verify_trends")
    try:
        sys.stdout.write(verify(spark, files))
    except JobError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped.")
    finally:
        spark.stop()


def _parse_arguments(arguments: Sequence[str]) -> list[str]:
    """Read the files' names; Glue adds arguments of its own, and always --JOB_NAME."""
    parser = argparse.ArgumentParser(prog="verify_trends", allow_abbrev=False)
    parser.add_argument(
        "--files", nargs="+", required=True, help="paths or patterns; s3://… or on this machine"
    )
    options, unknown = parser.parse_known_args(arguments)
    if unknown and "--JOB_NAME" not in unknown:
        parser.error(f"unknown arguments: {' '.join(unknown)}")
    return list(options.files)


def verify(spark: SparkSession, arguments: Sequence[str]) -> str:
    """Compare the files that the arguments name; return the report.

    Raises JobError where nothing could be compared.
    """
    found, lost = find_files(spark, arguments)
    for word in lost:
        log.warning("%s: there is no such file.", word)
    if not found:
        raise JobError("No file was found. Name chart files with FILES= or --files.")
    log.info("%s files found. Reading them.", f"{len(found):,}")
    files = name_as_in_raw(read_files(spark, found))
    captures = once(choose(parse_chart_files(files, charts_of(spark, found))))
    _tell_unusable(captures)
    usable = captures.where("reason is null")
    segments = once(cut_segments(usable))
    entries = once(read_entries(explode_rows(usable), segments))
    log.info("Computing the trends.")
    compared = once(compare(entries, segments))
    charts = count_agreement(compared).collect()
    if not any(chart[f"{name}_compared"] for chart in charts for name in COLUMNS):
        raise JobError(NOTHING)
    return describe(charts, songs_that_disagree(compared).limit(SONGS).collect())


def _tell_unusable(captures: DataFrame) -> None:
    unusable = captures.where("reason is not null").select("source_file", "reason")
    for row in unusable.orderBy("source_file").collect():
        log.warning("%s: %s", address_of(row["source_file"]), row["reason"])


if __name__ == "__main__":
    main(sys.argv[1:])
