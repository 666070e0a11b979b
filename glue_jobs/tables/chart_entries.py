"""Chosen captures -> the charts themselves: chart_snapshots and chart_entries."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from chartlake.contract.tables import CHART_ENTRIES, CHART_SNAPSHOTS
from glue_jobs.tables.song_identity import song_key


def describe_snapshots(chosen: DataFrame) -> DataFrame:
    """One row per chart and date: the columns of chart_snapshots that the capture itself has."""
    return chosen.select(
        "snapshot_date",
        "chart_id",
        F.col("chart.name").alias("chart_name"),
        "chart.market",
        "chart.cadence",
        "chart.source",
        "expects_change",
        "days_behind",
        "captured_at",
        "refreshed_at",
        "spotify_snapshot_id",
        F.col("track_positions").alias("entries"),
        F.col("null_positions").alias("null_entries"),
        F.col("local_positions").alias("local_entries"),
        F.col("episode_positions").alias("episode_entries"),
        F.col("rejected_positions").alias("rejected_entries"),
        "edition_hash",
        "source_file",
    )


def build_chart_snapshots(described: DataFrame, previous: DataFrame) -> DataFrame:
    """One row per chart and date.

    `previous` has the last published snapshot of each chart before these dates. A snapshot is a
    repeat if it shows the same entries as the one before it and nothing shows that Spotify
    refreshed the chart in between: on 6 of 23 days a daily chart had not been refreshed when it was
    read. Two files from charts.spotify.com are two editions, whatever they contain.
    """
    known = ["chart_id", "snapshot_date", "edition_hash", "refreshed_at"]
    timeline = described.withColumn("is_known", F.lit(False)).unionByName(
        previous.select(*known, F.lit(True).alias("is_known")), allowMissingColumns=True
    )
    by_date = Window.partitionBy("chart_id").orderBy("snapshot_date")
    same_entries = F.col("edition_hash") == F.lag("edition_hash").over(by_date)
    refreshed = F.col("refreshed_at") != F.lag("refreshed_at").over(by_date)
    repeats = (F.col("source") == "playlist") & same_entries & ~F.coalesce(refreshed, F.lit(False))
    return (
        timeline.withColumn("is_repeat", F.coalesce(repeats, F.lit(False)))
        .where(~F.col("is_known"))
        .select([name for name in CHART_SNAPSHOTS.column_names if name != "run_id"])
    )


def select_charted(chosen: DataFrame, positions: DataFrame) -> DataFrame:
    """Keep the chosen captures' positions that hold a track, with `track_id` and `song_key`."""
    title, artists = F.col("track.name"), F.col("track.artists.name")
    return (
        positions.where("kind = 'track'")
        .join(chosen.select("source_file"), on="source_file", how="left_semi")
        .withColumn("track_id", F.col("track.id"))
        .withColumn("song_key", song_key(title, artists))
    )


def describe_entries(charted: DataFrame) -> DataFrame:
    """One row per chart, date and rank: all columns of chart_entries except the song."""
    return charted.select(
        "snapshot_date",
        "chart_id",
        "rank",
        "track_id",
        "song_key",
        "streams",
        F.col("track.popularity").alias("popularity"),
        "added_at",
    )


def build_chart_entries(described: DataFrame, songs: DataFrame) -> DataFrame:
    """One row per chart, date and rank; `songs` has one row per track, with its song_id."""
    return described.join(F.broadcast(songs), on="track_id").select(
        [name for name in CHART_ENTRIES.column_names if name != "run_id"]
    )
