"""The process and the Spark session that every job runs in."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from glue_jobs.job.errors import JobError

SETTINGS = {
    # As on Glue 6.0: a failed computation is an error, not a null.
    "spark.sql.ansi.enabled": "true",
    # Dates and timestamps are UTC; Athena reads nothing finer than milliseconds.
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MILLIS",
    # A run is marked by its load_manifest; a _SUCCESS file would fire another event per table.
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
    # A broadcast waits for all of its inputs, including the raw files: a week of hourly captures
    # takes longer than Spark's five minutes. The job's own timeout applies instead.
    "spark.sql.broadcastTimeout": "86400",
}


@contextmanager
def job_session(name: str, if_stopped: str) -> Iterator[SparkSession]:
    """Open the session of a job's process, and close it.

    A JobError exits with code 1 and its message, Ctrl-C with `if_stopped`, and a Spark failure,
    such as a full disk, with its cause and `if_stopped`.
    """
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("py4j").setLevel(logging.WARNING)
    spark = open_session(name)
    try:
        yield spark
    except JobError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(if_stopped)
    except Py4JJavaError as error:
        sys.exit(f"Spark failed: {_first_cause(error)}. {if_stopped}")
    finally:
        spark.stop()


def _first_cause(error: Py4JJavaError) -> str:
    cause = error.java_exception
    while cause.getCause() is not None:
        cause = cause.getCause()
    return str(cause.toString()).splitlines()[0].rstrip(".")


def open_session(name: str) -> SparkSession:
    """Return the session of this process, configured for our jobs."""
    builder = SparkSession.builder.appName(name)
    for setting, value in SETTINGS.items():
        builder = builder.config(setting, value)
    return builder.getOrCreate()
