"""song_trends and track_artists -> artist_trends: each artist's share of a chart over time.

A song at rank r of a chart of size n scores n + 1 - r points for each of its credited artists.
Chart files may lack ranks: the size is the larger of the last rank and the number of places.
"""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

EDITION = ["chart_id", "snapshot_date"]


def build_artist_trends(
    trends: DataFrame,
    entries: DataFrame,
    track_artists: DataFrame,
    snapshots: DataFrame,
    editions: DataFrame,
    previous: DataFrame,
) -> DataFrame:
    """One row per chart, credited artist and edition with a song of theirs.

    `previous` has the newest published row of each artist of a chart before these dates.
    """
    standing = _standing(_scored(trends, _sizes(snapshots, entries)), track_artists)
    timeline = (
        standing.join(editions, on=EDITION, how="inner")
        .withColumn("is_known", F.lit(False))
        .unionByName(previous.withColumn("is_known", F.lit(True)), allowMissingColumns=True)
    )
    by_date = Window.partitionBy("chart_id", "artist_id").orderBy("snapshot_date")
    on_edition_before = F.lag("snapshot_date").over(by_date) == F.col("previous_edition")

    def change(column: str) -> Column:
        difference = F.col(column) - F.lag(column).over(by_date)
        return F.when(on_edition_before, difference).alias(f"{column}_change")

    return (
        timeline.select(
            "snapshot_date",
            "chart_id",
            "artist_id",
            "songs",
            "best_rank",
            "chart_points",
            "points_share",
            "streams",
            change("songs"),
            change("points_share"),
            change("streams"),
            "is_known",
        )
        .where("not is_known")
        .drop("is_known")
    )


def _sizes(snapshots: DataFrame, entries: DataFrame) -> DataFrame:
    places = F.expr("entries + null_entries + local_entries + episode_entries + rejected_entries")
    last_ranks = entries.groupBy(*EDITION).agg(F.max("rank").alias("last_rank"))
    return snapshots.join(last_ranks, on=EDITION, how="inner").select(
        *EDITION, F.greatest(places, "last_rank").alias("size")
    )


def _scored(trends: DataFrame, sizes: DataFrame) -> DataFrame:
    sized = trends.join(sizes, on=EDITION, how="inner")
    return sized.withColumn("points", F.expr("size + 1 - rank"))


def _standing(scored: DataFrame, track_artists: DataFrame) -> DataFrame:
    totals = scored.groupBy(*EDITION).agg(F.sum("points").alias("all_points"))
    credited = scored.join(track_artists, on=["snapshot_date", "track_id"], how="inner")
    return (
        credited.groupBy(*EDITION, "artist_id")
        .agg(
            F.count("*").cast("int").alias("songs"),
            F.min("rank").alias("best_rank"),
            F.sum("points").cast("int").alias("chart_points"),
            F.sum("streams").alias("streams"),
        )
        .join(totals, on=EDITION, how="inner")
        .withColumn("points_share", F.expr("cast(chart_points as double) / all_points"))
    )
