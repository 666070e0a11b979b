"""The Spark session that every job runs in."""

from pyspark.sql import SparkSession

SETTINGS = {
    # As on Glue 6.0: what cannot be computed is an error, not a null.
    "spark.sql.ansi.enabled": "true",
    # Days and instants are UTC; milliseconds are the finest that Athena reads.
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MILLIS",
    # A run is marked by its load_manifest; a _SUCCESS file would fire one more event per table.
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
}


def open_session(name: str) -> SparkSession:
    """Return the session of this process, set as all our jobs need it."""
    builder = SparkSession.builder.appName(name)
    for setting, value in SETTINGS.items():
        builder = builder.config(setting, value)
    return builder.getOrCreate()
