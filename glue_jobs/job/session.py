"""The process and the Spark session that every job runs in."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from glue_jobs.job.errors import JobError

SETTINGS = {
    # As on Glue 6.0: what cannot be computed is an error, not a null.
    "spark.sql.ansi.enabled": "true",
    # Days and instants are UTC; milliseconds are the finest that Athena reads.
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MILLIS",
    # A run is marked by its load_manifest; a _SUCCESS file would fire one more event per table.
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
    # A broadcast waits for all that it is made from, the raw files too: a week of hourly captures
    # takes longer than Spark's five minutes. What ends a job is its own time limit.
    "spark.sql.broadcastTimeout": "86400",
}


@contextmanager
def job_session(name: str, if_stopped: str) -> Iterator[SparkSession]:
    """Open the session of a job's process, and close it.

    A JobError ends the process with code 1 and its sentence, Ctrl-C with that of `if_stopped`, and
    what Spark could not do, such as write to a full disk, with its cause and that.
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
        sys.exit(f"Spark could not go on: {_first_cause(error)}. {if_stopped}")
    finally:
        spark.stop()


def _first_cause(error: Py4JJavaError) -> str:
    cause = error.java_exception
    while cause.getCause() is not None:
        cause = cause.getCause()
    return str(cause.toString()).splitlines()[0].rstrip(".")


def open_session(name: str) -> SparkSession:
    """Return the session of this process, set as all our jobs need it."""
    builder = SparkSession.builder.appName(name)
    for setting, value in SETTINGS.items():
        builder = builder.config(setting, value)
    return builder.getOrCreate()
