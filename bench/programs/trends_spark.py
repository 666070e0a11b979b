"""Song trends over a whole history with the job's own functions, from an empty state.

python -m chartlake.spark.submit --mount BUCKET=FOLDER bench.programs.trends_spark \
        s3://BUCKET/HISTORY s3://…
"""

import sys

from pyspark.sql import SparkSession

from bench.programs.marks import mark
from chartlake.contract.tables import SONG_TRENDS
from glue_jobs.frames import literal_frame
from glue_jobs.job.session import open_session
from glue_jobs.tables.song_trends import build_editions, build_song_trends


def build(spark: SparkSession, history: str, out: str) -> None:
    """Write the trends of a history as Parquet."""
    nothing = literal_frame(spark, [], SONG_TRENDS.ddl).drop("run_id")
    entries = spark.read.parquet(f"{history}/chart_entries.parquet")
    snapshots = spark.read.parquet(f"{history}/chart_snapshots.parquet")
    editions = build_editions(snapshots, nothing)
    trends = build_song_trends(entries, editions, nothing)
    trends.write.mode("overwrite").parquet(out, compression="snappy")


def main(history: str, out: str) -> None:
    """Open the session and build."""
    spark = open_session("trends")
    mark("ready")
    build(spark, history, out)
    mark("written")
    spark.stop()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
