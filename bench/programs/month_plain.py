"""Raw captures -> tables as public trackers write it: the baseline for our job.

Each habit is common, and each is costly: the schema is inferred from the data, the raw files are
read again for every table, every table is counted before it is written, a Python function cleans
the release dates, and the session is the default one. It has the ten tables of the charts, with
fewer columns than ours; no quality gate, quarantine or manifest; and follows songs by track id.

    python -m bench.programs.month_plain RAW OUT
"""

import os
import sys
from collections.abc import Callable
from datetime import date

from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql.types import DateType

from bench.programs.marks import mark


def clean_release_date(text: str | None) -> date | None:
    """Parse 1981, 1981-05 and 1981-05-13 alike."""
    if not text or text.startswith("0000"):
        return None
    year, month, day = (*map(int, text.split("-")), 1, 1)[:3]
    return date(year, month, day)


def read_entries(spark: SparkSession, raw: str) -> DataFrame:
    """Return one row per chart, date and place that holds a track."""
    captures = spark.read.json(f"{raw}/raw/playlists/*/*/*.json")
    return (
        captures.select(
            F.to_date("snapshot_date").alias("snapshot_date"),
            F.col("chart.chart_id"),
            F.posexplode("payload.items").alias("position", "entry"),
        )
        .where("entry.track.id is not null and entry.track.type = 'track'")
        .select("snapshot_date", "chart_id", (F.col("position") + 1).alias("rank"), "entry.track.*")
    )


def chart_entries(entries: DataFrame) -> DataFrame:
    """One row per chart, date and rank."""
    return entries.select("snapshot_date", "chart_id", "rank", "id", "popularity")


def tracks(entries: DataFrame) -> DataFrame:
    """One row per track and date."""
    columns = ["name", "duration_ms", "explicit", "external_ids.isrc", "popularity"]
    urls = [F.col("external_urls.spotify").alias("url"), F.col("album.id").alias("album_id")]
    return entries.select("snapshot_date", "id", *columns, *urls).dropDuplicates(
        ["snapshot_date", "id"]
    )


def albums(entries: DataFrame) -> DataFrame:
    """One row per album and date."""
    released: Callable[[str], Column] = F.udf(clean_release_date, DateType())
    columns = [f"album.{name}" for name in ("id", "name", "album_type", "total_tracks")]
    return entries.select(
        "snapshot_date", *columns, released("album.release_date").alias("release_date")
    ).dropDuplicates(["snapshot_date", "id"])


def artists(entries: DataFrame) -> DataFrame:
    """One row per artist and date."""
    credited = entries.select("snapshot_date", F.explode("artists").alias("artist"))
    return credited.select("snapshot_date", "artist.id", "artist.name").dropDuplicates(
        ["snapshot_date", "id"]
    )


def track_artists(entries: DataFrame) -> DataFrame:
    """One row per track, artist and date."""
    credited = entries.select("snapshot_date", "id", F.posexplode("artists"))
    return credited.select(
        "snapshot_date", "id", F.col("col.id").alias("artist_id"), "pos"
    ).dropDuplicates(["snapshot_date", "id", "artist_id"])


def song_trends(entries: DataFrame) -> DataFrame:
    """One row per chart, track and date, with windows over everything."""
    so_far = Window.partitionBy("chart_id", "id").orderBy("snapshot_date")
    before = F.lag("rank").over(so_far)
    return entries.select(
        *("snapshot_date", "chart_id", "id", "rank"),
        before.alias("previous_rank"),
        (before - F.col("rank")).alias("rank_change"),
        F.min("rank").over(so_far).alias("peak_rank"),
        F.row_number().over(so_far).alias("days_on_chart"),
        F.min("snapshot_date").over(so_far).alias("first_charted_on"),
    )


def chart_snapshots(entries: DataFrame) -> DataFrame:
    """One row per chart and date."""
    return entries.groupBy("snapshot_date", "chart_id").agg(F.count("*").alias("entries"))


def chart_exits(entries: DataFrame) -> DataFrame:
    """One row per chart and date, for each track that has left the chart."""
    by_date = Window.partitionBy("chart_id").orderBy("snapshot_date")
    next_day = F.lead("snapshot_date").over(by_date).alias("left_on")
    days = chart_snapshots(entries).select("chart_id", "snapshot_date", next_day)
    stayed = entries.select("chart_id", "id", F.col("snapshot_date").alias("left_on"))
    return (
        song_trends(entries)
        .join(days, ["chart_id", "snapshot_date"])
        .where("left_on is not null")
        .join(stayed, ["chart_id", "id", "left_on"], "left_anti")
        .withColumnRenamed("snapshot_date", "last_charted_on")
        .withColumnRenamed("left_on", "snapshot_date")
    )


def artist_trends(entries: DataFrame) -> DataFrame:
    """One row per chart, artist and date."""
    credited = entries.withColumn("artist", F.explode("artists"))
    counted = credited.groupBy("snapshot_date", "chart_id", F.col("artist.id").alias("id")).agg(
        F.count("*").alias("songs"),
        F.min("rank").alias("best_rank"),
        F.sum(51 - F.col("rank")).alias("chart_points"),
    )
    before = Window.partitionBy("chart_id", "id").orderBy("snapshot_date")
    change = F.col("songs") - F.lag("songs").over(before)
    return counted.withColumn("songs_change", change)


def chart_summary(entries: DataFrame) -> DataFrame:
    """One row per chart and date."""
    key = ["snapshot_date", "chart_id"]
    moved = (
        song_trends(entries)
        .groupBy(key)
        .agg(
            F.count_if(F.col("days_on_chart") == 1).alias("debuts"),
            F.count_if(F.col("previous_rank").isNull()).alias("entered"),
        )
    )
    left = chart_exits(entries).groupBy(key).agg(F.count("*").alias("exits"))
    made_of = entries.groupBy(key).agg(
        F.count("*").alias("entries"),
        F.avg(F.col("explicit").cast("int")).alias("explicit_share"),
        F.percentile("duration_ms", 0.5).alias("median_duration_ms"),
    )
    return made_of.join(moved, key).join(left, key, "left").fillna(0, ["exits"])


TABLES = (
    *(chart_snapshots, chart_entries, tracks, albums, artists, track_artists),
    *(song_trends, chart_exits, artist_trends, chart_summary),
)


def main(raw: str, out: str) -> None:
    """Build and write the tables one after the other."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.appName("spotify_charts").getOrCreate()
    mark("ready")
    for build in TABLES:
        table = build(read_entries(spark, raw))
        sys.stdout.write(f"{build.__name__}, rows: {table.count()}\n")
        table.write.mode("overwrite").partitionBy("snapshot_date").parquet(
            f"{out}/{build.__name__}"
        )
    spark.stop()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
