"""Official columns beside computed ones: how far they agree, and which songs disagree."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from glue_jobs.official import COLUMNS, state_of
from glue_jobs.once import once
from glue_jobs.trends import SONG, build_editions, build_song_trends

EDITION = ["chart_id", "snapshot_date"]


def compare(entries: DataFrame, segments: DataFrame) -> DataFrame:
    """Set official beside computed: one row per segment, song and edition after the seed.

    `agrees` says so of each column, and is null where the column is not told or not comparable.
    """
    seeds, later = once(entries.where("is_seed")), entries.where("not is_seed")
    editions = build_editions(
        segments.where("not is_seed").withColumn("is_repeat", F.lit(False)),
        segments.where("is_seed"),
    )
    columns = [*EDITION, "rank", "track_id"]
    computed = build_song_trends(
        later.select(*columns, "song_id", "streams"), editions, state_of(seeds)
    ).select(*columns, F.struct(*COLUMNS).alias("computed"), "movement")
    beginnings = seeds.groupBy("chart_id").agg(
        (F.max("official.days_on_chart") == 1).alias("is_beginning")
    )
    both = later.join(computed, on=columns).join(F.broadcast(beginnings), on="chart_id")
    return both.withColumn("is_older", _is_older()).withColumn(
        "agrees", F.struct(*[_agrees(name).alias(name) for name in COLUMNS])
    )


def _is_older() -> Column:
    """Say whether a song was on the chart before these files, which cannot tell of that time.

    It is one that the seed lacks and whose first row does not say that the day is its first.
    """
    is_found = (F.col("movement") == "debut") & ~F.coalesce(
        F.col("official.days_on_chart") == 1, F.lit(False)
    )
    is_old_song = F.max(is_found).over(Window.partitionBy(*SONG))
    return ~F.coalesce("is_beginning", F.lit(False)) & is_old_song


def _agrees(name: str) -> Column:
    is_compared = F.col(f"is_told.{name}")
    if name != "previous_rank":
        is_compared &= ~F.col("is_older")
    return F.when(is_compared, F.col(f"official.{name}").eqNullSafe(F.col(f"computed.{name}")))


def count_agreement(compared: DataFrame) -> DataFrame:
    """Count: one row per chart, with the rows compared and those that disagree of each column."""
    counts = [
        count.alias(f"{name}_{kind}")
        for name in COLUMNS
        for kind, count in (
            ("compared", F.count(f"agrees.{name}")),
            ("disagree", F.count_if(~F.col(f"agrees.{name}"))),
        )
    ]
    left_out = F.count_if(F.col("is_older") & F.col("is_told.days_on_chart")).alias("left_out")
    return compared.groupBy("chart").agg(*counts, left_out).orderBy("chart")


def songs_that_disagree(compared: DataFrame) -> DataFrame:
    """Name the songs: one row per chart and song of which a row disagrees, most rows first.

    `example` is the first of them. The track id is the song's first in these files.
    """
    named = ("title", "artists", "track_id")
    return (
        compared.withColumn("found", _disagreement())
        .groupBy("chart", "song_id")
        .agg(
            F.count("found").alias("rows"),
            *[F.min_by(name, "snapshot_date").alias(name) for name in named],
            F.min("found").alias("example"),
        )
        .where("rows > 0")
        .orderBy(F.desc("rows"), "title", "artists", "chart")
    )


def _disagreement() -> Column:
    """Tell the first column of a row that disagrees; null where none does."""
    return F.coalesce(
        *[
            F.when(
                ~F.col(f"agrees.{name}"),
                F.struct(
                    F.col("snapshot_date").cast("string").alias("day"),
                    F.lit(name).alias("column"),
                    F.col(f"official.{name}").alias("official"),
                    F.col(f"computed.{name}").alias("computed"),
                ),
            )
            for name in COLUMNS
        ]
    )
