"""Compares official columns with computed ones: how far they agree, and which songs disagree."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from glue_jobs.frames import checkpointed
from glue_jobs.tables.song_trends import SONG, build_editions, build_song_trends
from glue_jobs.verify.official import COLUMNS, state_of

EDITION = ["chart_id", "snapshot_date"]


def compare(entries: DataFrame, segments: DataFrame) -> DataFrame:
    """Compare official and computed: one row per segment, song and edition after the seed.

    `agrees` has the result per column, and is null if the column is missing or unknowable;
    `is_unknowable` separates the two.
    """
    seeds, later = checkpointed(entries.where("is_seed")), entries.where("not is_seed")
    editions = build_editions(
        segments.where("not is_seed").withColumn("is_repeat", F.lit(False)),
        segments.where("is_seed"),
    )
    columns = [*EDITION, "rank", "track_id"]
    computed = build_song_trends(
        later.select(*columns, "song_id", "streams"), editions, state_of(seeds)
    ).select(*columns, F.struct(*COLUMNS).alias("computed"), "movement")
    both = later.join(computed, on=columns).join(F.broadcast(_before(segments, seeds)), "chart_id")
    return both.withColumn("is_unknowable", _is_unknowable()).withColumn(
        "agrees", F.struct(*[_agrees(name).alias(name) for name in COLUMNS])
    )


def _before(segments: DataFrame, seeds: DataFrame) -> DataFrame:
    """Count the possible editions before each segment: one row per segment, key chart_id.

    There are none if the seed is the first day on the chart for all of its songs.
    """
    most_days = F.max("official.days_on_chart").alias("most_days")
    return (
        segments.where("is_seed")
        .join(seeds.groupBy("chart_id").agg(most_days), on="chart_id", how="left")
        .selectExpr("chart_id", "if(most_days = 1, 0, editions_before) as editions_before")
    )


def _is_unknowable() -> Column:
    """Return whether a song may have charted before its segment, which the files cannot show.

    Such a song is not in the seed, and its first row with a count of days counts more of them than
    the files show. Two things prove that the files show the song under another identity: that row
    has a rank in the previous edition, or the missing days outnumber the editions before the
    segment. Then the song's rows are compared, and disagree.
    """
    of_song = Window.partitionBy(*SONG)
    is_absent_from_seed = F.max(F.col("movement") == "debut").over(of_song)
    not_shown = F.col("official.days_on_chart") - F.col("computed.days_on_chart")
    is_split = (
        F.col("official.previous_rank").isNotNull() & F.col("computed.previous_rank").isNull()
    ) | (not_shown > F.col("editions_before"))
    may_be_older = (not_shown > 0) & ~is_split
    first_told = F.when(F.col("is_told.days_on_chart"), F.col("snapshot_date"))
    return is_absent_from_seed & F.coalesce(
        F.min_by(may_be_older, first_told).over(of_song), F.lit(True)
    )


def _agrees(name: str) -> Column:
    is_compared = F.col(f"is_told.{name}") & ~_is_left_out(name)
    return F.when(is_compared, F.col(f"official.{name}").eqNullSafe(F.col(f"computed.{name}")))


def _is_left_out(name: str) -> Column:
    """Skip unknowable rows, except for previous_rank: the edition before is always there."""
    return F.lit(False) if name == "previous_rank" else F.col("is_unknowable")


def count_agreement(compared: DataFrame) -> DataFrame:
    """Count rows per chart and column: compared, disagreeing and unknowable; one row per chart."""
    counts = [
        count.alias(f"{name}_{kind}")
        for name in COLUMNS
        for kind, count in (
            ("compared", F.count(f"agrees.{name}")),
            ("disagree", F.count_if(~F.col(f"agrees.{name}"))),
            ("unknowable", F.count_if(F.col(f"is_told.{name}") & _is_left_out(name))),
        )
    ]
    return compared.groupBy("chart").agg(*counts).orderBy("chart")


def songs_that_disagree(compared: DataFrame) -> DataFrame:
    """List the songs: one row per chart and song with a row that disagrees, most rows first.

    `example` is the first such row. The track id is the song's first in these files.
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
    """Return the first column of a row that disagrees; null if none does."""
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
